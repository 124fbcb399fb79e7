//! What changed in a view between two days.

use jiff::civil::Date;
use serde_json::Value;
use surety_aims::derive::diff::{Changed, Diff};

use super::{words, words::capitalised};
use crate::sheet::{Cell, Column, Frozen, Kind, LegendEntry, Row, Sheet, Tone};

/// Longest text of a value; the JSON output has all of it.
const LONGEST: usize = 400;

/// Fields that hold people's own words, in which an underscore is an underscore.
const OWN_WORDS: [&str; 7] =
    ["id", "name", "title", "justification", "note", "reason", "requirement"];

/// What was compared.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The view, as in a title: "Gap analysis".
    pub view: &'a str,
    /// The fields that identify a row, as they were given to [`surety_aims::derive::diff::diff`].
    pub key: &'a [&'a str],
    /// The earlier day.
    pub from: Date,
    /// The later day.
    pub to: Date,
}

/// The one sheet of this view, "Changes": a row for each added and removed row, and for each field that changed.
pub fn sheets(diff: &Diff, compared: &Compared<'_>) -> Vec<Sheet> {
    let Compared { view, from, to, .. } = compared;
    let mut sheet = Sheet::new(
        "Changes",
        format!("{view}: changes from {from} to {to}"),
        columns(compared.key),
    );
    let frozen = u16::try_from(compared.key.len().saturating_add(1)).unwrap_or(1);
    sheet.frozen = Frozen { rows: 0, columns: frozen };
    sheet.legend = vec![
        LegendEntry::new(Tone::Good, "added", "Not there on the earlier day."),
        LegendEntry::new(Tone::Info, "changed", "There on both days, and not the same."),
        LegendEntry::new(Tone::Warn, "removed", "No longer there on the later day."),
    ];
    sheet.notes = vec![format!(
        "{view} on {from} and on {to}: {} added, {} changed, {} removed.",
        diff.added.len(),
        diff.changed.len(),
        diff.removed.len(),
    )];
    for row in &diff.added {
        sheet.push(whole(Cell::status("added", Tone::Good), row, compared.key, Side::New));
    }
    for changed in &diff.changed {
        sheet.rows.extend(fields(changed).map(Row::Cells));
    }
    for row in &diff.removed {
        sheet.push(whole(Cell::status("removed", Tone::Warn), row, compared.key, Side::Old));
    }
    vec![sheet]
}

fn columns(key: &[&str]) -> Vec<Column> {
    let mut columns = vec![Column::new("change", "Change", Kind::Status).wide(12)];
    columns.extend(key.iter().map(|field| {
        Column::new((*field).to_owned(), capitalised(&words(field)), Kind::Text).wide(18)
    }));
    columns.push(Column::new("field", "Field", Kind::Text).wide(18));
    columns.push(Column::new("old", "Before", Kind::LongText));
    columns.push(Column::new("new", "After", Kind::LongText));
    columns
}

/// On which day a row was there.
enum Side {
    Old,
    New,
}

/// A row that is there on one of the days only.
fn whole(change: Cell, row: &Value, key: &[&str], side: Side) -> Vec<Cell> {
    let mut line = vec![change];
    line.extend(key.iter().map(|field| Cell::from(row.get(field).map(|value| said(field, value)))));
    line.push(Cell::EMPTY);
    let rest =
        row.as_object().into_iter().flatten().filter(|(field, _)| !key.contains(&field.as_str()));
    let rest = cut(facts(rest));
    match side {
        Side::Old => line.extend([rest.into(), Cell::EMPTY]),
        Side::New => line.extend([Cell::EMPTY, rest.into()]),
    }
    line
}

fn fields(changed: &Changed) -> impl Iterator<Item = Vec<Cell>> {
    changed.fields.iter().map(|field| {
        let mut line = vec![Cell::status("changed", Tone::Info)];
        line.extend(changed.key.iter().map(|value| Cell::from(said("id", value))));
        line.push(words(&field.field).into_owned().into());
        line.push(cut(said(&field.field, &field.old)).into());
        line.push(cut(said(&field.field, &field.new)).into());
        line
    })
}

/// A value in words.
fn said(field: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if is_ours(field, text) => words(text).into_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| said(field, item)).collect();
            items.join("; ")
        }
        Value::Object(fields) => facts(fields.iter()),
    }
}

/// `state: planned, owner: PER-1`, without what is empty.
fn facts<'v>(fields: impl Iterator<Item = (&'v String, &'v Value)>) -> String {
    let facts = fields.filter_map(|(field, value)| {
        let text = said(field, value);
        if text.is_empty() {
            None
        } else if value.is_object() {
            Some(format!("{} ({text})", words(field)))
        } else {
            Some(format!("{}: {text}", words(field)))
        }
    });
    facts.collect::<Vec<_>>().join(", ")
}

/// Whether the text is a name of ours, such as `not_met`, and not somebody's own words.
fn is_ours(field: &str, text: &str) -> bool {
    !OWN_WORDS.contains(&field)
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
