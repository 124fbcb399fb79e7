//! One change for many cells: what is to be set, and what that would make of each.

use serde_json::{Value, json};
use surety_aims::{Kind, Record, RecordId, Ref, derive::soa::Cell, records::Person};
use surety_engine::{View, sheets::People};

use super::{ask::Place, change::at};
use crate::{call::Call, html::Choice, problem::Problem};

/// A cell that is to be set.
pub(super) struct Target<'v> {
    pub(super) place: Place,
    pub(super) cell: &'v Cell<'v>,
    pub(super) own: Option<&'v Record>,
}

impl Target<'_> {
    /// The cell and the version of the decision that stands there, for the form.
    pub(super) fn written(&self) -> String {
        let own = self.own.map(|own| format!("{}.{}", own.id, own.version));
        format!("{}@{}", self.place, own.unwrap_or_default())
    }
}

/// What is to be set; nothing is said about the rest.
pub(super) struct Change<'c> {
    /// The outer nothing: leave it; the inner: take it over from above.
    applicable: Option<Option<bool>>,
    justification: &'c str,
    owner: Option<Ref<Person>>,
}

impl<'c> Change<'c> {
    pub(super) fn of(call: &'c Call) -> Result<Change<'c>, Problem> {
        let applicable = match call.field("applicable") {
            "" => None,
            "true" => Some(Some(true)),
            "false" => Some(Some(false)),
            "above" => Some(None),
            other => return Err(Problem::bad(format!("`applicable={other}` can't be read"))),
        };
        let owner = match call.field("owner") {
            "" => None,
            text => {
                let read =
                    text.parse().map_err(|_| Problem::bad(format!("`owner={text}` is nobody")));
                Some(read?)
            }
        };
        Ok(Change { applicable, justification: call.field("justification").trim(), owner })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.applicable.is_none() && self.justification.is_empty() && self.owner.is_none()
    }

    /// The decision as it would be.
    pub(super) fn body(&self, framework: &str, target: &Target<'_>) -> Value {
        let mut body = match target.own {
            Some(own) => own.body.to_json(),
            None => at(framework, &target.place),
        };
        if let Value::Object(fields) = &mut body {
            if let Some(applicable) = self.applicable {
                fields.insert("applicable".to_owned(), json!(applicable));
            }
            if !self.justification.is_empty() {
                fields.insert("justification".to_owned(), self.justification.into());
            }
            if let Some(owner) = self.owner {
                fields.insert("owner".to_owned(), owner.to_string().into());
            }
        }
        body
    }
}

/// What would differ: what a cell says now, wherever that comes from, and what would stand there.
pub(super) fn changes(
    view: &View,
    people: &People,
    target: &Target<'_>,
    change: &Change<'_>,
) -> Vec<(&'static str, String, String)> {
    let cell = target.cell;
    let person = |owner: Ref<Person>| people.name(view.book(), owner);
    let yes = |applies: Option<bool>| match applies {
        Some(true) => "applies".to_owned(),
        Some(false) => "does not apply".to_owned(),
        None => "undecided".to_owned(),
    };
    let from = match cell.level() {
        Some("organisation") if target.place.system.is_some() => " (by the organisation)",
        Some("group") => " (by its group)",
        Some(_) | None => "",
    };
    let mut all = Vec::new();
    if let Some(applicable) = change.applicable {
        let after = applicable.map_or_else(|| "as decided above".to_owned(), |is| yes(Some(is)));
        all.push(("Applies", format!("{}{from}", yes(cell.applicable)), after));
    }
    if !change.justification.is_empty() {
        all.push(("Justification", cell.justification.to_owned(), change.justification.to_owned()));
    }
    if let Some(owner) = change.owner {
        all.push(("Owner", cell.owner.map(person).unwrap_or_default(), person(owner)));
    }
    all.retain(|(_, before, after)| before != after);
    all
}

pub(super) fn applies(chosen: &str) -> Vec<Choice> {
    let choice = |(value, name): (&str, &str)| Choice {
        name: name.to_owned(),
        value: value.to_owned(),
        chosen: value == chosen,
    };
    [
        ("", "Leave as it is"),
        ("true", "It applies"),
        ("false", "It does not apply"),
        ("above", "Take over what the group or the organisation decides"),
    ]
    .map(choice)
    .to_vec()
}

pub(super) fn owners(view: &View, people: &People, chosen: &str) -> Vec<Choice> {
    let choice = |record: &Record| {
        let value = record.id.to_string();
        let name = people.name(view.book(), Ref::new(record.id.number));
        Choice { chosen: value == chosen, name, value }
    };
    view.book().of_kind(Kind::Person).filter(|record| record.is_live()).map(choice).collect()
}

/// What a cell is called beside its control.
pub(super) fn named(system: Option<RecordId>) -> String {
    system.map_or_else(|| "the organisation".to_owned(), |id| id.to_string())
}
