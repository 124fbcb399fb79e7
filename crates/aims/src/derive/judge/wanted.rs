//! What a record test wants, and what a record lacks of it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::finding::Lack;
use crate::{Body, Record, of, records::AiSystem, walk::Leaf};

/// What a record test wants.
pub(super) struct Wanted<'b> {
    pub(super) kind: &'b str,
    pub(super) states: &'b [String],
    pub(super) with: Vec<Field<'b>>,
    pub(super) fresh: bool,
}

/// A field, as a path with dots, and the values of which it is to have one.
pub(super) struct Field<'b> {
    name: &'b str,
    path: Vec<&'b str>,
    values: &'b [String],
}

pub(super) fn fields(fields: &BTreeMap<String, Vec<String>>) -> Vec<Field<'_>> {
    fields
        .iter()
        .map(|(name, values)| Field { name, path: name.split('.').collect(), values })
        .collect()
}

impl Field<'_> {
    /// Whether the field has one of the values; `*` stands for any.
    pub(super) fn is_said_by(&self, body: &Body) -> bool {
        let is = |text: &str| self.values.iter().any(|value| value == text || value == "*");
        let mut said = false;
        body.walk_field(&self.path, &mut |leaf| {
            said = said
                || match leaf {
                    Leaf::Empty => false,
                    Leaf::Text(text) | Leaf::Requirement(text) => is(text),
                    Leaf::Bool(value) => is(if value { "true" } else { "false" }),
                    Leaf::Number(value) => is(&value.to_string()),
                    Leaf::Reference(id) => is(&id.to_string()),
                };
        });
        said
    }
}

impl<'b> Wanted<'b> {
    /// What is wrong with a record, if anything.
    pub(super) fn lack(&self, record: &Record, on: Date) -> Option<Lack<'b>> {
        let body = match self.speaking(record) {
            Ok(body) => body,
            Err(lack) => return Some(lack),
        };
        if let Some(field) = self.with.iter().find(|field| !field.is_said_by(body)) {
            return Some(Lack::Field(field.name));
        }
        (self.fresh && is_stale(body, on)).then_some(Lack::Stale)
    }

    /// The version that counts: the current one if its state is wanted, else the one in force if that state is.
    fn speaking<'r>(&self, record: &'r Record) -> Result<&'r Body, Lack<'b>> {
        let wants = |state: &str| self.states.is_empty() || self.states.iter().any(|s| s == state);
        let lifecycle = record.lifecycle();
        match &record.in_force {
            _ if wants(record.state) => Ok(&record.body),
            Some(in_force) if lifecycle.in_force.iter().any(|state| wants(state)) => {
                Ok(&in_force.body)
            }
            Some(_) | None => Err(Lack::State(record.state)),
        }
    }
}

/// Dates whose passing makes a record stale, by field name.
const REVIEW_DATES: [&str; 6] =
    ["next_review", "next_due", "fresh_until", "valid_until", "assurance_until", "to"];

pub(super) fn is_stale(body: &Body, on: Date) -> bool {
    body.dates().iter().any(|(field, date)| REVIEW_DATES.contains(field) && *date < on)
}

pub(super) fn is_out_of_scope(record: &Record) -> bool {
    of::<AiSystem>(record).is_some_and(|system| !system.in_scope)
}
