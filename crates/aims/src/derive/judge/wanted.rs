//! What a record test wants, and what a record lacks of it.

use std::collections::BTreeMap;

use super::{
    census::{Census, Questions, Seen},
    finding::Lack,
};
use crate::Kind;

/// What a record test wants.
pub(super) struct Wanted<'b> {
    pub(super) kind: &'b str,
    pub(super) states: &'b [String],
    pub(super) with: Vec<Field<'b>>,
    pub(super) fresh: bool,
}

/// A field by its name, and the question that is asked about it.
pub(super) struct Field<'b> {
    name: &'b str,
    pub(super) question: Option<usize>,
}

/// The fields of a test as questions about a kind.
pub(super) fn fields<'b>(
    questions: &Questions<'_>,
    kind: Kind,
    fields: &'b BTreeMap<String, Vec<String>>,
) -> Vec<Field<'b>> {
    let field = |(name, values): (&'b String, &'b Vec<String>)| Field {
        name,
        question: questions.position(kind, name, values),
    };
    fields.iter().map(field).collect()
}

impl<'b> Wanted<'b> {
    /// Whether a state is wanted, or named if the test names any.
    pub(super) fn names(&self, state: &str) -> bool {
        self.states.iter().any(|wanted| wanted == state)
    }

    /// What is wrong with the record at a position of the census, if anything.
    pub(super) fn lack(&self, census: &Census, position: usize, seen: &Seen) -> Option<Lack<'b>> {
        let wants = |state: &str| self.states.is_empty() || self.names(state);
        // The current version counts if its state is wanted, else the one in force if that state is.
        if wants(seen.state) {
            return self.lack_of(seen.stale, |question| census.says(position, question));
        }
        match &seen.in_force {
            Some(old) if census.kind.lifecycle().in_force.iter().any(|state| wants(state)) => {
                self.lack_of(old.stale, |question| old.says(question))
            }
            Some(_) | None => Some(Lack::State(seen.state)),
        }
    }

    fn lack_of(&self, stale: bool, says: impl Fn(Option<usize>) -> bool) -> Option<Lack<'b>> {
        match self.with.iter().find(|field| !says(field.question)) {
            Some(field) => Some(Lack::Field(field.name)),
            None => (self.fresh && stale).then_some(Lack::Stale),
        }
    }
}
