//! Erasing text from an event, so that what remains still folds.
//!
//! The original payload goes; its place, header and salted digest stay, so every proof still verifies. What remains
//! (the residue) is written with the redaction itself and takes the place of the payload from then on.

use serde_json::Value;

use crate::Event;

/// What stands where text was erased.
pub const ERASED: &str = "[redacted]";

/// Why an event can't be redacted that way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedactError {
    #[error("field `{0}` is not in the entry; name it as a JSON pointer such as /body/description")]
    NoSuchField(String),
    #[error("field `{0}` holds no free text that can go without breaking the record")]
    NotText(String),
    #[error("the entry holds no free text")]
    NothingToErase,
    #[error("entry is itself a redaction")]
    IsRedaction,
    #[error("the entry is already redacted")]
    AlreadyRedacted,
    #[error("the entry can't be read")]
    Unreadable,
}

/// The residue of a payload after the free text in `fields` (JSON pointers) is erased; every free text when none is named.
///
/// Free text is any text whose replacement leaves the event readable: not ids, dates, states or closed lists.
pub fn erase(payload: &Value, fields: &[String]) -> Result<Value, RedactError> {
    if payload.get("type").and_then(Value::as_str) == Some("redacted") {
        return Err(RedactError::IsRedaction);
    }
    Event::from_json(payload.clone()).map_err(|_| RedactError::Unreadable)?;
    let mut residue = payload.clone();
    if fields.is_empty() {
        let erased = texts(payload).into_iter().filter(|field| blank(&mut residue, field)).count();
        return if erased > 0 { Ok(residue) } else { Err(RedactError::NothingToErase) };
    }
    for field in fields {
        let found =
            payload.pointer(field).ok_or_else(|| RedactError::NoSuchField(field.clone()))?;
        let inner = texts(found).into_iter().map(|inner| format!("{field}{inner}"));
        let erased = inner.filter(|text| blank(&mut residue, text)).count();
        if erased == 0 {
            return Err(RedactError::NotText(field.clone()));
        }
    }
    Ok(residue)
}

/// Replaces the text at `field`, if the event can still be read without it.
fn blank(residue: &mut Value, field: &str) -> bool {
    if ["/type", "/id", "/kind", "/from", "/to"].contains(&field) {
        return false;
    }
    let Some(place) = residue.pointer_mut(field) else { return false };
    let old = std::mem::replace(place, Value::String(ERASED.to_owned()));
    if Event::from_json(residue.clone()).is_ok() {
        return true;
    }
    if let Some(place) = residue.pointer_mut(field) {
        *place = old;
    }
    false
}

/// JSON pointers of every text in `value`.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(_) => vec![String::new()],
        Value::Array(list) => list
            .iter()
            .enumerate()
            .flat_map(|(position, item)| {
                texts(item).into_iter().map(move |rest| format!("/{position}{rest}"))
            })
            .collect(),
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, item)| {
                let key = key.replace('~', "~0").replace('/', "~1");
                texts(item).into_iter().map(move |rest| format!("/{key}{rest}"))
            })
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}
