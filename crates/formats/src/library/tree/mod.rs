//! A file as a tree of values that borrow from its text, the same for YAML and JSON.
//!
//! Knows how YAML and JSON write values; must not know what any library means by them. Unquoted YAML scalars stay as
//! they were written until someone says what they should be, so that an identifier such as `08`, `1.10` or `NO` is never
//! turned into a number or a truth value on the way.

mod json;
mod load;
mod scalar;
mod yaml;

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

pub(crate) use json::locate as locate_json;
pub(crate) use load::{Decoded, LoadError, Loaded, Syntax, decode, load, top_level_keys};

/// A value and the line on which it starts (0: not known).
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) value: Tree<'a>,
    pub(crate) line: usize,
}

/// One key of a map and its value.
pub(crate) type Entry<'a> = (Cow<'a, str>, Node<'a>);

/// A value of YAML or JSON.
#[derive(Clone, Debug)]
pub(crate) enum Tree<'a> {
    Null,
    /// A truth value of JSON.
    Bool(bool),
    /// A number of JSON.
    Number(Number),
    /// An unquoted scalar of YAML that is not null.
    Plain(Cow<'a, str>),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    /// Without duplicates, in the order of the file.
    Map(Vec<Entry<'a>>),
}

impl<'a> Tree<'a> {
    /// What a person would call it: "text", "a list".
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Tree::Null => "nothing",
            Tree::Bool(_) => "a truth value",
            Tree::Number(_) => "a number",
            Tree::Plain(_) | Tree::Text(_) => "text",
            Tree::List(_) => "a list",
            Tree::Map(_) => "a map",
        }
    }

    /// The value of a key, if this is a map that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Tree<'a>> {
        let Tree::Map(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, node)| &node.value)
    }

    /// The items of a list; nothing for any other value.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Tree<'a>> {
        let items = match self {
            Tree::List(items) => items.as_slice(),
            Tree::Null
            | Tree::Bool(_)
            | Tree::Number(_)
            | Tree::Plain(_)
            | Tree::Text(_)
            | Tree::Map(_) => &[],
        };
        items.iter().map(|item| &item.value)
    }

    /// The text of a key, if this is a map in which it stands as text.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Tree::Plain(text) | Tree::Text(text) => Some(text),
            Tree::Null | Tree::Bool(_) | Tree::Number(_) | Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// A scalar as the text that was written, null as `None`; a list or map comes back untouched.
    pub(crate) fn into_text(self) -> Result<Option<String>, Tree<'a>> {
        match self {
            Tree::Null => Ok(None),
            Tree::Bool(value) => Ok(Some(value.to_string())),
            Tree::Number(value) => Ok(Some(value.to_string())),
            Tree::Plain(text) | Tree::Text(text) => Ok(Some(text.into_owned())),
            Tree::List(_) | Tree::Map(_) => Err(self),
        }
    }

    /// A whole number, also one in quotes.
    pub(crate) fn as_integer(&self) -> Option<i64> {
        match self {
            Tree::Number(value) => value.as_i64(),
            Tree::Plain(text) | Tree::Text(text) => text.trim().parse().ok(),
            Tree::Null | Tree::Bool(_) | Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// A truth value in any spelling of YAML 1.1, the version that the publishers' own reader follows.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Tree::Bool(value) => Some(*value),
            Tree::Plain(text) => scalar::truth(text),
            Tree::Null | Tree::Number(_) | Tree::Text(_) | Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// The value as JSON, for what is kept as it was published.
    pub(crate) fn into_json(self) -> Value {
        match self {
            Tree::Null => Value::Null,
            Tree::Bool(value) => Value::Bool(value),
            Tree::Number(value) => Value::Number(value),
            Tree::Plain(text) => scalar::resolve(text),
            Tree::Text(text) => Value::String(text.into_owned()),
            Tree::List(items) => {
                Value::Array(items.into_iter().map(|item| item.value.into_json()).collect())
            }
            Tree::Map(entries) => Value::Object(entries_into_json(entries)),
        }
    }

    /// As [`Tree::into_json`], with every scalar but null as the text that was written: for translations and other text.
    pub(crate) fn into_json_texts(self) -> Value {
        match self {
            Tree::List(items) => {
                Value::Array(items.into_iter().map(|item| item.value.into_json_texts()).collect())
            }
            Tree::Map(entries) => Value::Object(
                entries
                    .into_iter()
                    .map(|(key, node)| (key.into_owned(), node.value.into_json_texts()))
                    .collect(),
            ),
            scalar => scalar.into_text().ok().flatten().map_or(Value::Null, Value::String),
        }
    }
}

/// The entries of a map as a JSON object.
pub(crate) fn entries_into_json(entries: Vec<Entry<'_>>) -> Map<String, Value> {
    entries.into_iter().map(|(key, node)| (key.into_owned(), node.value.into_json())).collect()
}
