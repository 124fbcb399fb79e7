//! Trying commands without letting them happen, to show what each would change.

use std::collections::HashSet;

use serde_json::{Map, Value};
use surety_aims::{
    Book, Command, Principal, Record, RecordId, Rejection,
    derive::diff::{Field, diff},
};

use crate::{Aims, View, trial::Trial};

/// What a command would do to its record.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// What would differ; nothing if it is fulfilled already, or refused.
    pub changes: Vec<Field>,
    /// Why it would be refused.
    pub refused: Option<Rejection>,
}

impl Aims {
    /// Tries commands one after the other on a copy of what a view shows, each as if those before it had happened.
    pub fn try_out<'c>(
        &self,
        view: &View,
        principal: &Principal,
        commands: impl IntoIterator<Item = (RecordId, &'c Command)>,
    ) -> Vec<Tried> {
        let mut trial = Trial::new(view.book(), view.catalogs.clone(), self.now());
        let promised = HashSet::new();
        let mut all = Vec::new();
        for (id, command) in commands {
            let before = shown(&trial.book, id);
            let asked = trial.ask(principal, command, &promised);
            all.push(match asked {
                Ok(_) => Tried { changes: changes(before, shown(&trial.book, id)), refused: None },
                Err(rejection) => Tried { changes: Vec::new(), refused: Some(rejection) },
            });
        }
        all
    }
}

/// What a person sees of a record: the fields of its body, its state, and the rest that is stated.
fn shown(book: &Book, id: RecordId) -> Value {
    let Some(record) = book.get(id) else { return row(id, "withdrawn", Map::new()) };
    let mut fields = match record.body.to_json() {
        Value::Object(body) => body,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    };
    fields.extend(beside(record));
    row(id, record.state, fields)
}

/// Custom fields and foreign ids, as `custom.NAME` and `external`.
fn beside(record: &Record) -> impl Iterator<Item = (String, Value)> {
    let custom =
        record.custom.iter().map(|(name, value)| (format!("custom.{name}"), value.clone()));
    let external = (!record.external.is_empty())
        .then(|| ("external".to_owned(), serde_json::json!(record.external)));
    custom.chain(external)
}

/// Under names that no field of a body has.
fn row(id: RecordId, state: &str, mut fields: Map<String, Value>) -> Value {
    fields.insert("$id".to_owned(), id.to_string().into());
    fields.insert("$state".to_owned(), state.into());
    Value::Object(fields)
}

fn changes(before: Value, after: Value) -> Vec<Field> {
    let changed = diff(&[before], &[after], &["$id"], &[]).changed.into_iter();
    let mut fields: Vec<Field> = changed.flat_map(|row| row.fields).collect();
    for field in &mut fields {
        if field.field == "$state" {
            "state".clone_into(&mut field.field);
        }
    }
    fields
}
