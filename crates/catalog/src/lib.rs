//! Standards and law as data: the types, and queries over them. Pure.
//!
//! Knows frameworks, their requirements and controls, mappings between them, the conditions by which records
//! are judged, and certification facts. Knows nothing of records: it must not depend on any other crate of ours.

mod condition;
mod framework;
mod library;
mod mapping;

pub use condition::{Condition, Effort, Per, Test};
pub use framework::{
    Cadence, Confidence, Documented, Framework, ImplementationGroup, Question, Requirement,
    RequirementKind, RequirementRef, Scope, Score,
};
pub use library::{
    Library, MetricDefinition, Profile, ReferenceControl, RiskMatrix, Technique, Threat,
};
pub use mapping::{Mapping, MappingSet, Relationship};
