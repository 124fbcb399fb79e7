//! What an unquoted YAML scalar means where nothing says what it should be.
//!
//! The core schema of YAML 1.2, with one rule more: a number is only a number if it writes itself back the same way.
//! Otherwise (`1.10`, `0123`, `1e3`) the text stays, since it is as likely an identifier and would not survive.

use std::borrow::Cow;

use serde_json::{Number, Value};

/// Whether an unquoted scalar stands for no value.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// The truth values of YAML 1.1 (without its one-letter forms, which no reader follows).
pub(super) fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// The JSON value of an unquoted scalar.
pub(super) fn resolve(text: Cow<'_, str>) -> Value {
    match &*text {
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match number(&text) {
            Some(number) => Value::Number(number),
            None => Value::String(text.into_owned()),
        },
    }
}

fn number(text: &str) -> Option<Number> {
    if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return None;
    }
    let number = match text.parse::<i64>() {
        Ok(whole) => Number::from(whole),
        Err(_) => Number::from_f64(text.parse().ok()?)?,
    };
    (number.to_string() == text).then_some(number)
}
