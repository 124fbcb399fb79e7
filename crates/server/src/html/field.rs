//! Fields of a form, drawn from what a record holds.

use std::collections::HashMap;

use askama::Template;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;
use surety_aims::{Book, Kind, RecordId};
use surety_engine::sheets::People;
use surety_reports::views::words;

use super::{
    conflict::{Conflict, Versions},
    listing::Choice,
    shape::{Part, Shape, parts},
    text::capitalised,
};

/// A field of a form.
#[derive(Template)]
#[template(path = "parts/field.html")]
pub(crate) struct Field {
    /// Where it stands in the record: `inherent.likelihood`, `metrics.0.name`.
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) help: String,
    pub(crate) is_required: bool,
    pub(crate) error: Option<String>,
    /// What it says in two versions, if somebody else changed it since the form was opened.
    pub(crate) versions: Option<Versions>,
    pub(crate) input: Input,
}

/// How a field is filled.
pub(crate) enum Input {
    Text(String),
    Number {
        value: String,
        min: Option<i64>,
        max: Option<i64>,
    },
    Date(String),
    /// As [`instant_of`].
    Moment(String),
    /// One of several.
    One(Vec<Choice>),
    /// Any of several.
    Many(Vec<Choice>),
    /// One a line.
    Lines(String),
    Flag(bool),
    File {
        name: String,
        json: String,
    },
    Group(Vec<Field>),
    /// Objects in a row; the last one is empty, to be filled.
    Rows(Vec<Vec<Field>>),
    Json(String),
}

impl Field {
    /// The id of its input in the page.
    pub(crate) fn id(&self) -> String {
        place(&self.name)
    }

    /// What describes it, for who can't see where it stands.
    pub(crate) fn described(&self) -> String {
        let id = self.id();
        match (self.help.is_empty(), self.error.is_some()) {
            (true, false) => String::new(),
            (true, true) => format!("{id}-error"),
            (false, false) => format!("{id}-help"),
            (false, true) => format!("{id}-error {id}-help"),
        }
    }
}

/// The id of a field in the page.
fn place(name: &str) -> String {
    format!("field-{}", name.replace('.', "-"))
}

/// Records above which a reference is written and not chosen.
const MOST_CHOICES: usize = 300;

/// What forms need to know beside the record.
pub(crate) struct Fields<'a> {
    pub(crate) book: &'a Book,
    pub(crate) people: &'a People,
    /// What is wrong, by field.
    pub(crate) errors: &'a HashMap<String, String>,
    /// The two versions that there are, if the record changed since the form was opened.
    pub(crate) conflict: Option<&'a Conflict>,
}

/// The fields of a kind, filled with a body.
pub(crate) fn fields(kind: Kind, body: &Value, with: &Fields<'_>) -> Vec<Field> {
    let required = kind.required();
    parts(kind)
        .iter()
        .map(|part| {
            let mut field = with.field(part, "", body);
            field.is_required = required.contains(&part.name.as_str());
            field.versions = with.conflict.and_then(|both| with.versions(both, part, body));
            field
        })
        .collect()
}

/// A value in words.
pub(crate) fn said(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(is) => if *is { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(said).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let said =
                fields.iter().map(|(name, value)| format!("{}: {}", words(name), said(value)));
            said.collect::<Vec<_>>().join("; ")
        }
    }
}

impl Fields<'_> {
    /// One field, within another or at the top.
    pub(crate) fn field(&self, part: &Part, within: &str, body: &Value) -> Field {
        let name = match within {
            "" => part.name.clone(),
            _ => format!("{within}.{}", part.name),
        };
        let value = body.get(&part.name).unwrap_or(&Value::Null);
        Field {
            label: capitalised(&words(&part.name)),
            help: part.help.clone(),
            is_required: false,
            error: self.errors.get(&name).cloned(),
            versions: None,
            input: self.input(&part.shape, &name, value),
            name,
        }
    }

    /// What a field says in both versions, if somebody else changed it.
    fn versions(&self, both: &Conflict, part: &Part, body: &Value) -> Option<Versions> {
        if !both.is_open(&part.name) {
            return None;
        }
        let (yours, theirs) = both.both(&part.name);
        Some(Versions {
            place: place(&part.name),
            label: capitalised(&words(&part.name)),
            yours: self.told(&part.shape, yours),
            theirs: self.told(&part.shape, theirs),
            held: both.held(body, &part.name),
            is_mine: both.is_mine(&part.name),
            name: part.name.clone(),
        })
    }

    /// A value in words, with records and people by what they are called.
    fn told(&self, shape: &Shape, value: &Value) -> String {
        match (shape, value) {
            (Shape::Reference(_), Value::String(text)) => match text.parse::<RecordId>() {
                Ok(id) => format!("{id} {}", self.people.called(self.book, id)),
                Err(_) => text.clone(),
            },
            (Shape::Choice(_), Value::String(text)) => capitalised(&words(text)),
            (Shape::List(of), Value::Array(items)) => {
                items.iter().map(|item| self.told(of, item)).collect::<Vec<_>>().join("\n")
            }
            (Shape::Object(parts), Value::Object(_)) => {
                let said = parts.iter().filter_map(|part| {
                    let text = self.told(&part.shape, value.get(&part.name)?);
                    (!text.is_empty()).then(|| format!("{}: {text}", words(&part.name)))
                });
                said.collect::<Vec<_>>().join("; ")
            }
            _ => said(value),
        }
    }

    fn input(&self, shape: &Shape, name: &str, value: &Value) -> Input {
        match shape {
            Shape::Text | Shape::Requirement => Input::Text(plain(value)),
            Shape::Number { min, max } => {
                Input::Number { value: plain(value), min: *min, max: *max }
            }
            Shape::Flag => Input::Flag(value.as_bool().unwrap_or(false)),
            Shape::Answer => Input::One(answers(value)),
            Shape::Date => Input::Date(plain(value)),
            Shape::Moment => {
                let text = plain(value);
                Input::Moment(text.parse().map(instant_of).unwrap_or(text))
            }
            Shape::Choice(values) => Input::One(options(values, &[plain(value)])),
            Shape::Reference(Some(kind)) => match self.records(*kind, &[plain(value)]) {
                Some(choices) => Input::One(choices),
                None => Input::Text(plain(value)),
            },
            Shape::Reference(None) => Input::Text(plain(value)),
            Shape::File => Input::File {
                name: value.get("name").map(plain).unwrap_or_default(),
                json: if value.is_null() { String::new() } else { value.to_string() },
            },
            Shape::List(of) => self.list(of, name, value),
            Shape::Object(parts) => {
                Input::Group(parts.iter().map(|part| self.field(part, name, value)).collect())
            }
            Shape::Json => Input::Json(pretty(value)),
        }
    }

    fn list(&self, of: &Shape, name: &str, value: &Value) -> Input {
        let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let chosen: Vec<String> = items.iter().map(plain).collect();
        match of {
            Shape::Choice(values) => Input::Many(options(values, &chosen)),
            Shape::Reference(Some(kind)) => match self.records(*kind, &chosen) {
                Some(choices) => Input::Many(choices),
                None => Input::Lines(chosen.join("\n")),
            },
            Shape::Text
            | Shape::Requirement
            | Shape::Date
            | Shape::Moment
            | Shape::Reference(None) => Input::Lines(chosen.join("\n")),
            Shape::Object(parts) => {
                let rows = items.iter().chain([&Value::Null]).enumerate().map(|(number, item)| {
                    let within = format!("{name}.{number}");
                    parts.iter().map(|part| self.field(part, &within, item)).collect()
                });
                Input::Rows(rows.collect())
            }
            Shape::Number { .. }
            | Shape::Flag
            | Shape::Answer
            | Shape::File
            | Shape::List(_)
            | Shape::Json => Input::Json(pretty(value)),
        }
    }

    /// The records that can be chosen; `None`: too many.
    fn records(&self, kind: Kind, chosen: &[String]) -> Option<Vec<Choice>> {
        if self.book.of_kind(kind).nth(MOST_CHOICES).is_some() {
            return None;
        }
        let choice = |record: &surety_aims::Record| {
            let value = record.id.to_string();
            let called = self.people.called(self.book, record.id);
            let name = if kind == Kind::Person { called } else { format!("{value} {called}") };
            Choice { chosen: chosen.contains(&value), name, value }
        };
        Some(self.book.of_kind(kind).map(choice).collect())
    }
}

/// An instant as forms give it (HTML, "local date and time"), in UTC.
pub(crate) fn instant_of(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.f").to_string()
}

/// A text or a number as it is written.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

fn pretty(value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn options(values: &[String], chosen: &[String]) -> Vec<Choice> {
    let choice = |value: &String| Choice {
        name: capitalised(&words(value)),
        value: value.clone(),
        chosen: chosen.contains(value),
    };
    values.iter().map(choice).collect()
}

fn answers(value: &Value) -> Vec<Choice> {
    let choice = |(name, text, is): (&str, &str, bool)| Choice {
        name: name.to_owned(),
        value: text.to_owned(),
        chosen: value.as_bool() == Some(is),
    };
    [("Yes", "true", true), ("No", "false", false)].map(choice).to_vec()
}
