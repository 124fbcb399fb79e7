//! Documents as answers to document tests.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{super::soa::in_force, census::is_stale, finding::Lack};
use crate::{
    Book, Kind, Record, RecordId, Ref,
    records::{AiSystem, ControlledDocument, Policy, Requirement, Typed},
};

/// A live policy or document that may answer a document test, as the version that counts says.
pub(super) struct Document<'b> {
    pub(super) id: RecordId,
    /// Empty for a policy.
    document_type: &'b str,
    clauses: &'b [Requirement],
    /// The AI systems that it is about; none for all.
    systems: &'b [Ref<AiSystem>],
    pub(super) lack: Option<Lack<'b>>,
}

impl<'b> Document<'b> {
    fn of(record: &'b Record, on: Date) -> Option<Document<'b>> {
        if !record.is_live() {
            return None;
        }
        let body = record.effective().unwrap_or(&record.body);
        let lack = match in_force(record, on) {
            None => Some(Lack::State(record.state)),
            Some(body) => is_stale(body, on).then_some(Lack::Stale),
        };
        let id = record.id;
        if let Some(document) = ControlledDocument::of(body) {
            let (clauses, systems) = (&document.clause_refs, document.ai_systems.as_slice());
            Some(Document { id, document_type: &document.document_type, clauses, systems, lack })
        } else {
            let clauses = &Policy::of(body)?.clause_refs;
            Some(Document { id, document_type: "", clauses, systems: &[], lack })
        }
    }

    pub(super) fn speaks_for(&self, system: Option<RecordId>) -> bool {
        let is_listed = |system: RecordId| self.systems.iter().any(|listed| listed.id() == system);
        self.systems.is_empty() || system.is_none_or(is_listed)
    }
}

/// All of them, by what tests look for.
pub(super) struct Documents<'b> {
    all: Vec<Document<'b>>,
    by_type: HashMap<&'b str, Vec<usize>>,
    by_clause: HashMap<&'b str, Vec<usize>>,
}

impl<'b> Documents<'b> {
    pub(super) fn on(book: &'b Book, on: Date) -> Documents<'b> {
        let records = book.of_kind(Kind::Policy).chain(book.of_kind(Kind::ControlledDocument));
        let all: Vec<_> = records.filter_map(|record| Document::of(record, on)).collect();
        let mut by_type: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_clause: HashMap<&str, Vec<usize>> = HashMap::new();
        for (position, document) in all.iter().enumerate() {
            by_type.entry(document.document_type).or_default().push(position);
            for clause in document.clauses {
                by_clause.entry(clause.0.as_str()).or_default().push(position);
            }
        }
        Documents { all, by_type, by_clause }
    }

    /// Those of a type.
    pub(super) fn of_type<'s>(
        &'s self,
        wanted: &str,
    ) -> impl Iterator<Item = &'s Document<'b>> + use<'s, 'b> {
        self.at(self.by_type.get(wanted))
    }

    /// Those that name a requirement.
    pub(super) fn naming<'s>(
        &'s self,
        requirement: &str,
    ) -> impl Iterator<Item = &'s Document<'b>> + use<'s, 'b> {
        self.at(self.by_clause.get(requirement))
    }

    fn at<'s>(
        &'s self,
        positions: Option<&'s Vec<usize>>,
    ) -> impl Iterator<Item = &'s Document<'b>> + use<'s, 'b> {
        positions.into_iter().flatten().filter_map(|position| self.all.get(*position))
    }
}
