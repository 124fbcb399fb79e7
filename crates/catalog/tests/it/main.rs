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

pub use surety_catalog::{
    AnnexC, Article, Cadence, Certification, Condition, Confidence, DateRegime, Documented,
    DocumentedInformation, Framework, ImplementationGroup, Law, Library, Mapping, MappingSet,
    Obligation, Relationship, Requirement, RequirementKind, Scope, Test,
};

mod complete;
mod conditions;
mod crosswalk;
mod files;
mod imported;
mod law;
mod lookup;
mod sound;
