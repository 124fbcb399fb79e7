//! A file as a tree of values that borrow from its text, the same for YAML and JSON.
//!
//! Knows how YAML and JSON write values; must not know what any library means by them.

mod json;
mod load;
mod scalar;
mod yaml;

use std::borrow::Cow;

use serde_json::{Map, Value};

pub(crate) use json::locate as locate_json;
pub(crate) use load::{Decoded, LoadError, Syntax, decode, load, top_level_keys};
pub(crate) use scalar::Scalar;

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
    Scalar(Scalar<'a>),
    List(Vec<Node<'a>>),
    /// Without duplicates, in the order of the file.
    Map(Vec<Entry<'a>>),
}

impl<'a> Tree<'a> {
    /// What a person would call it: "text", "a list".
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Tree::Scalar(scalar) => scalar.kind(),
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
            Tree::Scalar(_) | Tree::Map(_) => &[],
        };
        items.iter().map(|item| &item.value)
    }

    /// The text of a key, if this is a map in which it stands as text.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Tree::Scalar(scalar) => scalar.as_text(),
            Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// A scalar as the text that was written; `None` for null, lists and maps.
    pub(crate) fn into_text(self) -> Option<String> {
        match self {
            Tree::Scalar(scalar) => scalar.into_text(),
            Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// A whole number, also one in quotes.
    pub(crate) fn as_integer(&self) -> Option<i64> {
        match self {
            Tree::Scalar(scalar) => scalar.as_integer(),
            Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// A truth value.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Tree::Scalar(scalar) => scalar.as_bool(),
            Tree::List(_) | Tree::Map(_) => None,
        }
    }

    /// The value as JSON, for what is kept as it was published.
    pub(crate) fn into_json(self) -> Value {
        self.into_json_with(Scalar::into_json)
    }

    /// As [`Tree::into_json`], with every scalar but null as the text that was written: for translations and other text.
    pub(crate) fn into_json_texts(self) -> Value {
        self.into_json_with(|scalar| scalar.into_text().map_or(Value::Null, Value::String))
    }

    fn into_json_with(self, leaf: fn(Scalar<'a>) -> Value) -> Value {
        match self {
            Tree::Scalar(scalar) => leaf(scalar),
            Tree::List(items) => Value::Array(
                items.into_iter().map(|item| item.value.into_json_with(leaf)).collect(),
            ),
            Tree::Map(entries) => {
                let entries = entries.into_iter();
                let fields: Map<String, Value> = entries
                    .map(|(key, node)| (key.into_owned(), node.value.into_json_with(leaf)))
                    .collect();
                Value::Object(fields)
            }
        }
    }
}
