//! Differences between one view on two days.
//!
//! Works on the JSON of any view, so that there is one way of comparing: rows are matched by their key fields, and every
//! other field that differs is shown with its old and new value.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

/// What changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Diff {
    pub added: Vec<Value>,
    pub removed: Vec<Value>,
    pub changed: Vec<Changed>,
}

/// One row that is in both, with what differs.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Changed {
    pub key: Vec<Value>,
    pub fields: Vec<Field>,
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Field {
    pub field: String,
    pub old: Value,
    pub new: Value,
}

/// Compares two lists of rows. `key` names the fields that identify a row; fields in `ignored` are not compared.
pub fn diff(old: &[Value], new: &[Value], key: &[&str], ignored: &[&str]) -> Diff {
    let index = |rows: &[Value]| -> BTreeMap<String, Value> {
        rows.iter().map(|row| (Value::Array(key_of(row, key)).to_string(), row.clone())).collect()
    };
    let (before, after) = (index(old), index(new));
    let mut result = Diff::default();
    for (id, row) in &after {
        match before.get(id) {
            None => result.added.push(row.clone()),
            Some(earlier) => {
                let fields = fields(earlier, row, key, ignored);
                if !fields.is_empty() {
                    result.changed.push(Changed { key: key_of(row, key), fields });
                }
            }
        }
    }
    let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
    result.removed = gone.map(|(_, row)| row.clone()).collect();
    result
}

fn key_of(row: &Value, key: &[&str]) -> Vec<Value> {
    key.iter().map(|field| row.get(field).cloned().unwrap_or_default()).collect()
}

fn fields(old: &Value, new: &Value, key: &[&str], ignored: &[&str]) -> Vec<Field> {
    let empty = Map::new();
    let (old, new) = (old.as_object().unwrap_or(&empty), new.as_object().unwrap_or(&empty));
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let value = |row: &Map<String, Value>, name: &str| row.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .filter(|name| !key.contains(&name.as_str()) && !ignored.contains(&name.as_str()))
        .map(|name| Field { field: name.clone(), old: value(old, name), new: value(new, name) })
        .filter(|field| field.old != field.new)
        .collect()
}
