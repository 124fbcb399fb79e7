//! Scalars, and what an unquoted one of YAML means where nothing says what it should be.
//!
//! Unquoted scalars stay as they were written until someone says what they should be, so that an identifier such as
//! `08`, `1.10` or `NO` is never turned into a number or a truth value on the way. Where nobody says, the core schema of
//! YAML 1.2 holds, with one rule more: a number is only a number if it writes itself back the same way. Otherwise
//! (`1.10`, `0123`, `1e3`) the text stays, since it is as likely an identifier and would not survive.

use std::borrow::Cow;

use serde_json::{Number, Value};

/// A value that is neither list nor map.
#[derive(Clone, Debug)]
pub(crate) enum Scalar<'a> {
    Null,
    /// A truth value of JSON.
    Bool(bool),
    /// A number of JSON.
    Number(Number),
    /// An unquoted scalar of YAML that is not null.
    Plain(Cow<'a, str>),
    Text(Cow<'a, str>),
}

impl<'a> Scalar<'a> {
    /// An unquoted scalar of YAML.
    pub(super) fn unquoted(text: Cow<'a, str>) -> Scalar<'a> {
        match &*text {
            "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
            _ => Scalar::Plain(text),
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Scalar::Null => "nothing",
            Scalar::Bool(_) => "a truth value",
            Scalar::Number(_) => "a number",
            Scalar::Plain(_) | Scalar::Text(_) => "text",
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Scalar::Plain(text) | Scalar::Text(text) => Some(text),
            Scalar::Null | Scalar::Bool(_) | Scalar::Number(_) => None,
        }
    }

    /// The text that was written; `None` for null.
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Scalar::Null => None,
            Scalar::Bool(value) => Some(value.to_string()),
            Scalar::Number(value) => Some(value.to_string()),
            Scalar::Plain(text) | Scalar::Text(text) => Some(text.into_owned()),
        }
    }

    pub(super) fn as_integer(&self) -> Option<i64> {
        match self {
            Scalar::Number(value) => value.as_i64(),
            Scalar::Plain(text) | Scalar::Text(text) => text.trim().parse().ok(),
            Scalar::Null | Scalar::Bool(_) => None,
        }
    }

    /// A truth value in any spelling of YAML 1.1, the version that the publishers' own reader follows (without its
    /// one-letter forms, which no reader follows).
    pub(super) fn as_bool(&self) -> Option<bool> {
        match self {
            Scalar::Bool(value) => Some(*value),
            Scalar::Plain(text) => match &**text {
                "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
                "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
                    Some(false)
                }
                _ => None,
            },
            Scalar::Null | Scalar::Number(_) | Scalar::Text(_) => None,
        }
    }

    pub(super) fn into_json(self) -> Value {
        match self {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => Value::Bool(value),
            Scalar::Number(value) => Value::Number(value),
            Scalar::Plain(text) => resolved(text),
            Scalar::Text(text) => Value::String(text.into_owned()),
        }
    }
}

fn resolved(text: Cow<'_, str>) -> Value {
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
