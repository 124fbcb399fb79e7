//! Foreign JSON and YAML as trees: limits while parsing, lenient access afterwards.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::limits::{Budget, MAX_DEPTH};

/// Parses JSON; a byte order mark is passed over. The error is a sentence with line and column.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut budget = Budget::new();
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = Tree { budget: &mut budget, depth: 0 }
        .deserialize(&mut deserializer)
        .map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// Parses YAML into the same tree; keys and odd scalars become text.
pub(crate) fn parse_yaml(text: &str) -> Result<Value, String> {
    let mut budget = Budget::new();
    Tree { budget: &mut budget, depth: 0 }
        .deserialize(yaml_serde::Deserializer::from_str(text))
        .map_err(|error| error.to_string())
}

/// Builds a value within a budget.
struct Tree<'a> {
    budget: &'a mut Budget,
    depth: usize,
}

impl Tree<'_> {
    fn spend<E: Error>(&mut self, text_bytes: usize) -> Result<(), E> {
        self.budget.spend(1, text_bytes).map_err(E::custom)
    }

    fn inner<E: Error>(&mut self) -> Result<Tree<'_>, E> {
        crate::limits::check_depth(self.depth.saturating_add(1)).map_err(E::custom)?;
        Ok(Tree { budget: self.budget, depth: self.depth.saturating_add(1) })
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value nested at most {MAX_DEPTH} deep")
    }

    fn visit_unit<E: Error>(mut self) -> Result<Value, E> {
        self.spend(0)?;
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(mut self, value: bool) -> Result<Value, E> {
        self.spend(0)?;
        Ok(value.into())
    }

    fn visit_i64<E: Error>(mut self, value: i64) -> Result<Value, E> {
        self.spend(0)?;
        Ok(value.into())
    }

    fn visit_u64<E: Error>(mut self, value: u64) -> Result<Value, E> {
        self.spend(0)?;
        Ok(value.into())
    }

    fn visit_f64<E: Error>(mut self, value: f64) -> Result<Value, E> {
        self.spend(0)?;
        // JSON has no infinity and no NaN; YAML writes them, and they stay as text.
        Ok(serde_json::Number::from_f64(value)
            .map_or_else(|| value.to_string().into(), Value::Number))
    }

    fn visit_str<E: Error>(mut self, value: &str) -> Result<Value, E> {
        self.spend(value.len())?;
        Ok(value.into())
    }

    fn visit_string<E: Error>(mut self, value: String) -> Result<Value, E> {
        self.spend(value.len())?;
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut access: A) -> Result<Value, A::Error> {
        self.spend(0)?;
        let mut items = Vec::new();
        loop {
            let inner = self.inner()?;
            match access.next_element_seed(inner)? {
                Some(item) => items.push(item),
                None => return Ok(items.into()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<Value, A::Error> {
        self.spend(0)?;
        let mut members = Map::new();
        loop {
            let key = {
                let inner = self.inner()?;
                access.next_key_seed(inner)?
            };
            let Some(key) = key else { return Ok(members.into()) };
            let inner = self.inner()?;
            let value = access.next_value_seed(inner)?;
            members.insert(scalar(&key).unwrap_or_default(), value);
        }
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        // A YAML tag: what it marks counts, the tag does not.
        let (_, content) = access.variant_seed(Skip)?;
        serde::de::VariantAccess::newtype_variant_seed(content, self)
    }
}

/// Passes over a YAML tag.
struct Skip;

impl<'de> DeserializeSeed<'de> for Skip {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_ignored_any(serde::de::IgnoredAny).map(|_| ())
    }
}

/// A scalar as text; `None` for lists, maps and null.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The text at `key`, unless it says nothing ("NOASSERTION", "[More Information Needed]").
pub(crate) fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(said)
}

/// A scalar that says something, trimmed.
pub(crate) fn said(value: &Value) -> Option<String> {
    scalar(value).map(|text| text.trim().to_owned()).filter(|text| !says_nothing(text))
}

/// One or many: the items of a list, or the value itself as the only one.
pub(crate) fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    match value.get(key) {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The texts of a scalar or of a list of scalars.
pub(crate) fn texts(value: &Value, key: &str) -> Vec<String> {
    items(value, key).iter().filter_map(said).collect()
}

/// What generators write where they know nothing.
pub(crate) fn says_nothing(text: &str) -> bool {
    const NOTHING: &[&str] = &[
        "no description available",
        "more information needed",
        "needs more information",
        "no information",
    ];
    let folded = super::fold::fold_word(text);
    super::values::is_blank(text)
        || NOTHING.contains(&folded.as_str())
        || (folded.starts_with("more information needed") && text.starts_with('['))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn trees_have_limits() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert!(parse(deep.as_bytes()).is_err());
        let wide = format!("[{}0]", "0,".repeat(1_000_001));
        assert!(parse(wide.as_bytes()).unwrap_err().contains("more than"));
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n\
                    d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";
        assert!(parse_yaml(bomb).is_err());
    }

    #[test]
    fn yaml_scalars_keep_their_meaning_and_keys_become_text() {
        assert_eq!(
            parse_yaml("1: a\nb: [1, 0.5, true, null, .inf]\n").unwrap(),
            json!({"1": "a", "b": [1, 0.5, true, null, "inf"]})
        );
        assert_eq!(parse_yaml("a: !tag {b: 1}").unwrap(), json!({"a": {"b": 1}}));
    }

    #[test]
    fn placeholders_say_nothing() {
        let value = json!({"a": "NOASSERTION", "b": "[More Information Needed](https://x)", "c": "  text ", "d": ["x", "n/a", 1]});
        assert_eq!(text(&value, "a"), None);
        assert_eq!(text(&value, "b"), None);
        assert_eq!(text(&value, "c"), Some("text".to_owned()));
        assert_eq!(texts(&value, "d"), ["x", "1"]);
    }
}
