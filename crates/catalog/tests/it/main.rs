//! What the catalogs promise: complete, sound, the same as their files, and findable under any spelling.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

/// The reader of the build script, which takes its types from the crate root.
#[expect(unreachable_pub, reason = "the build script uses what the tests do not")]
#[path = "../../build/source/mod.rs"]
mod source;

/// The check of the build script, likewise.
#[expect(unreachable_pub, reason = "the build script uses what the tests do not")]
#[path = "../../build/validate.rs"]
mod validate;

/// The check of the reporting clocks, likewise.
#[expect(unreachable_pub, reason = "the build script uses what the tests do not")]
#[path = "../../build/validate_clocks.rs"]
mod validate_clocks;

pub use surety_catalog::{
    AnnexC, AnnexIii, Article, Cadence, Certification, Clock, ClockReading, Condition, Confidence,
    DateRegime, Documented, DocumentedInformation, Framework, HolidayCalendar, HolidayRule,
    ImplementationGroup, IncidentClocks, Law, Library, Mapping, MappingSet, Obligation, PeriodUnit,
    Place, PublicHolidays, Relationship, Requirement, RequirementKind, Scope, Test, procedure,
};

mod complete;
mod conditions;
mod crosswalk;
mod files;
mod imported;
mod law;
mod lookup;
mod sound;
mod sound_clocks;
mod sound_procedure;
