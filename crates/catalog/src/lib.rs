//! Standards and law as data: the types, and queries over them. Pure.
//!
//! Knows frameworks, their requirements and controls, mappings between them, the conditions by which records
//! are judged, laws with their versions, and certification facts. Knows nothing of records: it must not depend on any
//! other crate of ours. [`Catalogs`] is what others ask; the files of `catalogs/` are embedded by the build script.

mod amendment;
mod annex_iii;
mod builtin;
mod catalogs;
mod certification;
mod clock;
mod condition;
mod crosswalk;
mod ends;
mod framework;
mod holiday;
mod law;
mod library;
mod loaded;
mod mapping;
mod penalty;
pub mod procedure;

pub use amendment::{Amendment, Changes, LawChange, LegislativeEvent, NotAdopted};
pub use annex_iii::{AnnexIii, AnnexIiiArea, AnnexIiiPoint};
pub use catalogs::Catalogs;
pub use certification::{
    AnnexC, AnnexCMeta, AuditCheck, AuditTime, AuditTimeAdjustment, Certification,
    CertificationMeta, CommonFinding, ConditionalDocument, DocumentedInformation, DocumentedMeta,
    Fact, MandatoryDocument, NonconformityGrade, Prompt, SourcedItem, TimelineStep,
};
pub use clock::{
    Authority, Clock, ClockAct, ClockCap, ClockExample, ClockFollowUp, ClockQuestion, ClockReading,
    ClockRecipient, ClockRole, ClockStop, ClockTrigger, Counting, CountingRule, ExampleCandidate,
    IncidentClocks, Needed, PeriodUnit, Place, Relief, ReportField, ReportForm, Term,
};
pub use condition::{Condition, Effort, Per, Test};
pub use crosswalk::{Certainty, Link, Spot, Step};
pub use ends::{End, Unresolved};
pub use framework::{
    Cadence, Confidence, Documented, Framework, ImplementationGroup, Question, Requirement,
    RequirementKind, RequirementRef, Scope, Score,
};
pub use holiday::{
    HolidayCalendar, HolidayRule, MonthDay, PublicHolidays, Shift, Weekday, WeekdayFrom,
};
pub use law::{
    Application, Article, AsOfCheck, DateRegime, Deadline, HeldBack, Inclusion, Law, LawVersion,
    Limited, Obligation, ObligationKind, ScopeOf, Transition,
};
pub use library::{
    Library, MetricDefinition, Profile, ReferenceControl, RiskMatrix, Technique, Threat,
};
pub use mapping::{Mapping, MappingSet, Relationship};
pub use penalty::{Fine, Penalties, PenaltyReading, PenaltyVia};
