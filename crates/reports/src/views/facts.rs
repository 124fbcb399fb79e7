//! What a record states, as a table of fields and values.

use serde_json::{Map, Value};
use surety_aims::{Record, RecordId, RecordKind, records::Person};

use super::{
    Names,
    words::{capitalised, words},
};
use crate::sheet::{Cell, Column, Kind, Sheet};

/// An empty table of facts.
pub(super) fn sheet(name: &str, title: impl Into<String>) -> Sheet {
    let columns = vec![
        Column::new("fact", "What", Kind::Text).wide(30),
        Column::new("value", "As stated", Kind::LongText).wide(90),
    ];
    Sheet::new(name, title, columns)
}

/// The filled fields of a record: first those that are named, in that order, then the others.
pub(super) fn of(record: &Record, first: &[&str], names: &Names<'_>) -> Vec<(String, Cell)> {
    let Value::Object(fields) = record.body.to_json() else { return Vec::new() };
    let named = first.iter().filter_map(|name| fields.get_key_value(*name));
    let others = fields.iter().filter(|(name, _)| !first.contains(&name.as_str()));
    let own = named.chain(others).map(|(name, value)| (name, value, capitalised(&words(name))));
    let custom = record.custom.iter().map(|(name, value)| (name, value, capitalised(&words(name))));
    own.chain(custom)
        .filter_map(|(_, value, label)| {
            let text = said(value, names);
            (!text.is_empty()).then(|| (label, Cell::from(text)))
        })
        .collect()
}

/// A value in words: ids with what they stand for, chosen values as people read them.
fn said(value: &Value, names: &Names<'_>) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => worded(text, names),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| said(item, names)).collect();
            let separator = if items.iter().any(|item| item.contains(',')) { "\n" } else { ", " };
            items.join(separator)
        }
        Value::Object(fields) => object(fields, names),
    }
}

fn worded(text: &str, names: &Names<'_>) -> String {
    if let Ok(id) = text.parse::<RecordId>()
        && names.book.get(id).is_some()
    {
        return if id.kind == Person::KIND {
            names.actor(text).words().into_owned()
        } else {
            names.record(id)
        };
    }
    // What is written like a name of ours is one: a chosen value. A text of the organisation has a space or a capital.
    let chosen =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if chosen { words(text).into_owned() } else { text.to_owned() }
}

fn object(fields: &Map<String, Value>, names: &Names<'_>) -> String {
    let parts = fields.iter().filter_map(|(name, value)| {
        let text = said(value, names);
        (!text.is_empty()).then(|| format!("{}: {text}", words(name)))
    });
    parts.collect::<Vec<_>>().join("; ")
}
