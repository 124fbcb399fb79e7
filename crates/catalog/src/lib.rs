//! Standards and law as data: the types, and queries over them. Pure.
//!
//! Knows frameworks, their requirements and controls, mappings between them, the conditions by which records
//! are judged, laws with their versions, and certification facts. Knows nothing of records: it must not depend on any
//! other crate of ours. [`Catalogs`] is what others ask; the files of `catalogs/` are embedded by the build script.

mod amendment;
mod builtin;
mod catalogs;
mod certification;
mod condition;
mod crosswalk;
mod ends;
mod framework;
mod law;
mod library;
mod loaded;
mod mapping;
mod penalty;

pub use amendment::{Amendment, Changes, LawChange, LegislativeEvent, NotAdopted};
pub use catalogs::Catalogs;
pub use certification::{
    AnnexC, AnnexCMeta, AuditCheck, AuditTime, AuditTimeAdjustment, Certification,
    CertificationMeta, CommonFinding, ConditionalDocument, DocumentedInformation, DocumentedMeta,
    Fact, MandatoryDocument, NonconformityGrade, Prompt, SourcedItem, TimelineStep,
};
pub use condition::{Condition, Effort, Per, Test};
pub use crosswalk::{Certainty, Link, Spot, Step};
pub use ends::{End, Unresolved};
pub use framework::{
    Cadence, Confidence, Documented, Framework, ImplementationGroup, Question, Requirement,
    RequirementKind, RequirementRef, Scope, Score,
};
pub use law::{
    Application, Article, AsOfCheck, DateRegime, Deadline, Inclusion, Law, LawVersion, Limited,
    Obligation, ObligationKind, ScopeOf, Transition,
};
pub use library::{
    Library, MetricDefinition, Profile, ReferenceControl, RiskMatrix, Technique, Threat,
};
pub use mapping::{Mapping, MappingSet, Relationship};
pub use penalty::{Fine, Penalties, PenaltyReading, PenaltyVia};
