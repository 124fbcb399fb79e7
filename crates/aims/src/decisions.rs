//! Decisions on controls as text, so that people can edit them in a table and give them back.
//!
//! One [`Row`] for each decision on record, and an empty one for each control that the organisation has not decided.
//! [`Field::text`] writes a field and [`Field::read`] reads it; what is read from a text that nobody touched is what was
//! written.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{
    Book, Kind, Record, RecordId, RecordKind, of,
    records::{ControlImplementation, Person},
};

/// A field of a decision that can be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Applicable,
    Justification,
    Basis,
    Description,
    GuidanceConsidered,
    Owner,
    Artefact,
    Cadence,
    Due,
    TestMethod,
    /// Where the life cycle stands; it is changed by steps, not by a statement.
    State,
}

impl Field {
    /// Every field, in the order of a table.
    pub const ALL: [Field; 11] = [
        Field::Applicable,
        Field::Justification,
        Field::Basis,
        Field::Description,
        Field::GuidanceConsidered,
        Field::Owner,
        Field::Artefact,
        Field::Cadence,
        Field::Due,
        Field::TestMethod,
        Field::State,
    ];

    /// As the record names it.
    pub fn name(self) -> &'static str {
        match self {
            Field::Applicable => "applicable",
            Field::Justification => "justification",
            Field::Basis => "basis",
            Field::Description => "description",
            Field::GuidanceConsidered => "guidance_considered",
            Field::Owner => "owner",
            Field::Artefact => "artefact",
            Field::Cadence => "cadence",
            Field::Due => "due",
            Field::TestMethod => "test_method",
            Field::State => "state",
        }
    }

    /// As the head of a column.
    pub fn heading(self) -> &'static str {
        match self {
            Field::Applicable => "Applies",
            Field::Justification => "Justification",
            Field::Basis => "Basis",
            Field::Description => "How it is done",
            Field::GuidanceConsidered => "Guidance considered",
            Field::Owner => "Owner",
            Field::Artefact => "Artefact",
            Field::Cadence => "Cadence",
            Field::Due => "Due",
            Field::TestMethod => "Test method",
            Field::State => "State",
        }
    }

    /// The field of a decision as text; empty: it says nothing. People are ids.
    pub fn text(self, record: &Record) -> String {
        if self == Field::State {
            return spaced(record.state);
        }
        let body = record.body.to_json();
        match body.get(self.name()) {
            None | Some(Value::Null | Value::Number(_) | Value::Object(_)) => String::new(),
            Some(Value::Bool(true)) => "yes".to_owned(),
            Some(Value::Bool(false)) => "no".to_owned(),
            Some(Value::String(text)) if self == Field::Cadence => spaced(text),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(items)) => {
                let items = items.iter().filter_map(Value::as_str).map(spaced);
                items.collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// What a text says: the value of the field. `person` finds somebody by name.
    ///
    /// # Errors
    /// What the text should be.
    pub fn read(
        self,
        text: &str,
        person: &dyn Fn(&str) -> Option<RecordId>,
    ) -> Result<Value, String> {
        let text = text.trim();
        match self {
            Field::Applicable => {
                match text.to_lowercase().as_str() {
                    "" => Ok(Value::Null),
                    "yes" | "true" => Ok(json!(true)),
                    "no" | "false" => Ok(json!(false)),
                    _ => Err("write yes or no, or nothing to take over what was decided above"
                        .to_owned()),
                }
            }
            Field::Basis => {
                let items = text.split([',', ';']).map(named).filter(|item| !item.is_empty());
                chosen(self, json!(items.collect::<Vec<_>>()))
            }
            Field::Cadence if text.is_empty() => Ok(Value::Null),
            Field::Cadence => chosen(self, json!(named(text))),
            Field::Owner => owner(text, person),
            Field::Due if text.is_empty() => Ok(Value::Null),
            Field::Due => match text.parse::<jiff::civil::Date>() {
                Ok(date) => Ok(json!(date)),
                Err(_) => Err("write a date, such as 2026-12-31".to_owned()),
            },
            Field::State => {
                let state = named(text);
                let states = Kind::ControlImplementation.lifecycle().states;
                match states.iter().find(|known| **known == state) {
                    Some(known) => Ok(json!(known)),
                    None => Err(format!("write one of {}", spaced(&states.join(", ")))),
                }
            }
            Field::Justification
            | Field::Description
            | Field::GuidanceConsidered
            | Field::Artefact
            | Field::TestMethod => Ok(json!(text)),
        }
    }

    /// Whether a cell still says what was written into it. An owner is who the id names, whatever stands behind it; and
    /// what a workbook can't hold was replaced or cut when it was written.
    pub fn same(self, written: &str, cell: &str) -> bool {
        match self {
            Field::Owner => id_of(written) == id_of(cell),
            Field::Basis | Field::Cadence | Field::State | Field::Applicable => {
                written.trim().eq_ignore_ascii_case(cell.trim())
            }
            Field::Justification
            | Field::Description
            | Field::GuidanceConsidered
            | Field::Artefact
            | Field::Due
            | Field::TestMethod => {
                let (written, cell) = (plain(written), plain(cell));
                let cut = cell.strip_suffix(CUT).map(str::trim_end);
                written == cell || cut.is_some_and(|start| written.starts_with(start))
            }
        }
    }
}

/// Stands at the end of a text that was too long for a cell.
pub const CUT: &str = " … [cut]";

/// A text as it comes back from a workbook.
fn plain(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let allowed = |character: char| match character {
        '\n' | '\t' => character,
        '\u{FFFE}' | '\u{FFFF}' => char::REPLACEMENT_CHARACTER,
        _ if character.is_control() => char::REPLACEMENT_CHARACTER,
        _ => character,
    };
    unified.trim().chars().map(allowed).collect::<String>().trim().to_owned()
}

/// The id that a text begins with, or the text.
fn id_of(text: &str) -> &str {
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.parse::<RecordId>().is_ok() { first } else { text.trim() }
}

fn owner(text: &str, person: &dyn Fn(&str) -> Option<RecordId>) -> Result<Value, String> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let id = id_of(text).parse::<RecordId>().ok().or_else(|| person(text));
    match id.filter(|id| id.kind == Person::KIND) {
        Some(id) => Ok(json!(id.to_string())),
        None => {
            Err("name a person by id, such as PER-3, or by a name that only one has".to_owned())
        }
    }
}

/// A value of a closed list, if it is on it.
fn chosen(field: Field, value: Value) -> Result<Value, String> {
    let body = json!({ field.name(): value });
    match Kind::ControlImplementation.body(body) {
        Ok(_) => Ok(value),
        Err(error) => Err(spaced(&error.to_string())),
    }
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

fn named(text: &str) -> String {
    text.trim().to_lowercase().replace([' ', '-'], "_")
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'b> {
    /// The control, without its framework.
    pub control: &'b str,
    /// The decision; `None`: nobody has decided it for the organisation.
    pub record: Option<&'b Record>,
}

impl Row<'_> {
    /// For whom it is decided: the organisation, a group or an AI system.
    pub fn scope(&self) -> String {
        let Some(said) = self.record.and_then(of::<ControlImplementation>) else {
            return ORGANISATION.to_owned();
        };
        let group = said.group.map(|group| group.to_string());
        let system = said.ai_system.map(|system| system.to_string());
        system.or(group).unwrap_or_else(|| ORGANISATION.to_owned())
    }
}

/// For whom a decision is that names neither group nor AI system.
pub const ORGANISATION: &str = "organisation";

/// The live decisions on the controls of a framework, control by control, the organisation's first.
pub fn rows<'b>(book: &'b Book, framework: &str, controls: &[&'b str]) -> Vec<Row<'b>> {
    let mut rows = Vec::new();
    for control in controls {
        let named = format!("{framework}:{control}");
        let mut records: Vec<&Record> = book
            .naming(&named)
            .filter(|record| {
                let said = of::<ControlImplementation>(record);
                let own = said.and_then(|said| said.control.as_ref());
                record.is_live() && own.is_some_and(|own| own.0.as_str() == named)
            })
            .collect();
        let mut seen = HashSet::new();
        records.retain(|record| seen.insert(record.id));
        records.sort_by_key(|record| (place(record), record.id));
        if records.first().is_none_or(|record| place(record) != 0) {
            rows.push(Row { control, record: None });
        }
        rows.extend(records.into_iter().map(|record| Row { control, record: Some(record) }));
    }
    rows
}

/// Organisation, then groups, then AI systems.
fn place(record: &Record) -> u8 {
    match of::<ControlImplementation>(record) {
        Some(said) if said.ai_system.is_some() => 2,
        Some(said) if said.group.is_some() => 1,
        Some(_) | None => 0,
    }
}
