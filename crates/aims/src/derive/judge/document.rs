//! A document as an answer to a document test.

use surety_catalog::RequirementRef;

use super::finding::Lack;
use crate::{
    RecordId, Ref,
    records::{self, AiSystem},
};

/// A policy or document that may answer a document test.
pub(super) struct Document<'b> {
    pub(super) id: RecordId,
    pub(super) document_type: &'b str,
    pub(super) clauses: &'b [records::Requirement],
    /// The AI systems that it is about; none for all.
    pub(super) systems: &'b [Ref<AiSystem>],
    pub(super) lack: Option<Lack<'b>>,
}

impl Document<'_> {
    pub(super) fn names(&self, requirement: &RequirementRef) -> bool {
        self.clauses.iter().any(|clause| clause.0 == *requirement)
    }

    pub(super) fn speaks_for(&self, system: Option<RecordId>) -> bool {
        let is_listed = |system: RecordId| self.systems.iter().any(|listed| listed.id() == system);
        self.systems.is_empty() || system.is_none_or(is_listed)
    }
}
