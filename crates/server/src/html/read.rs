//! What a form says, as the body of a record.

use std::collections::{BTreeSet, HashMap};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value;
use surety_aims::Kind;

use super::shape::{Part, Shape, parts};

/// Rows of a list in a form; more than a page has.
const MOST_ROWS: usize = 1_000;

/// What a form says: all of it, so that it can be shown once more as it was written.
#[derive(Default)]
pub(crate) struct Read {
    /// The body or value. What can't be read as what it should be stands in it as its text.
    pub(crate) value: Value,
    /// What can't be read, and why, by field.
    pub(crate) wrong: HashMap<String, String>,
}

/// The body that a form states. What it can't say stays as it was in `before`.
pub(crate) fn body(kind: Kind, form: &[(String, String)], before: &Value) -> Read {
    let mut form = Form { form, wrong: HashMap::new() };
    let mut body = before.as_object().cloned().unwrap_or_default();
    for part in parts(kind) {
        // What is not there has the value that its kind gives it.
        let value = form.value(&part.shape, &part.name);
        if value.is_null() {
            body.remove(&part.name);
        } else {
            body.insert(part.name, value);
        }
    }
    Read { value: Value::Object(body), wrong: form.wrong }
}

/// What a form says in one field.
pub(crate) fn field(part: &Part, form: &[(String, String)]) -> Read {
    let mut form = Form { form, wrong: HashMap::new() };
    let value = form.value(&part.shape, &part.name);
    Read { value, wrong: form.wrong }
}

/// An instant as forms give it: date and time without a zone, which are in UTC, or with one.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let at: DateTime = text.parse().ok().filter(|_| text.contains(':'))?;
        Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

struct Form<'f> {
    form: &'f [(String, String)],
    wrong: HashMap<String, String>,
}

impl Form<'_> {
    fn text(&self, name: &str) -> String {
        let found = self.form.iter().find(|(known, _)| known == name);
        // Browsers send line breaks as two characters (HTML, "normalize newlines").
        found.map(|(_, text)| text.replace("\r\n", "\n").trim().to_owned()).unwrap_or_default()
    }

    fn texts(&self, name: &str) -> Vec<Value> {
        let found = self.form.iter().filter(|(known, text)| known == name && !text.is_empty());
        found.map(|(_, text)| Value::String(text.clone())).collect()
    }

    /// A text that is not what it should be.
    fn unread(&mut self, name: &str, text: String, why: String) -> Value {
        self.wrong.insert(name.to_owned(), why);
        Value::String(text)
    }

    fn value(&mut self, shape: &Shape, name: &str) -> Value {
        let text = self.text(name);
        let or_null = |value: Value| if text.is_empty() { Value::Null } else { value };
        match shape {
            Shape::Text => Value::String(text),
            Shape::Requirement | Shape::Date | Shape::Choice(_) | Shape::Reference(_) => {
                or_null(Value::String(text.clone()))
            }
            Shape::Number { .. } => match text.parse::<i64>() {
                Ok(number) => number.into(),
                Err(_) if text.is_empty() => Value::Null,
                Err(_) => {
                    let why = format!("`{text}` is no whole number");
                    self.unread(name, text, why)
                }
            },
            Shape::Moment => match instant(&text) {
                Some(at) => Value::String(at.to_string()),
                None if text.is_empty() => Value::Null,
                None => {
                    let why = format!("`{text}` is no date and time; write 2026-11-20T14:05 (UTC)");
                    self.unread(name, text, why)
                }
            },
            Shape::Flag => Value::Bool(text == "true"),
            Shape::Answer => or_null(Value::Bool(text == "true")),
            Shape::File | Shape::Json => self.json(name, text),
            Shape::List(of) => self.list(of, name, text),
            Shape::Object(parts) => self.object(parts, name),
        }
    }

    fn json(&mut self, name: &str, text: String) -> Value {
        match serde_json::from_str(&text) {
            Ok(value) => value,
            Err(_) if text.is_empty() => Value::Null,
            Err(error) => self.unread(name, text, format!("no JSON: {error}")),
        }
    }

    fn object(&mut self, parts: &[Part], name: &str) -> Value {
        let field = |part: &Part| {
            (part.name.clone(), self.value(&part.shape, &format!("{name}.{}", part.name)))
        };
        Value::Object(parts.iter().map(field).collect())
    }

    fn list(&mut self, of: &Shape, name: &str, text: String) -> Value {
        Value::Array(match of {
            Shape::Choice(_) => self.texts(name),
            // Checked in a list, or written one a line.
            Shape::Reference(_)
            | Shape::Text
            | Shape::Requirement
            | Shape::Date
            | Shape::Moment => {
                let texts = self.texts(name);
                let lines = texts.iter().filter_map(Value::as_str).flat_map(str::lines);
                let lines = lines.map(str::trim).filter(|line| !line.is_empty());
                lines.map(|line| Value::String(line.to_owned())).collect()
            }
            Shape::Object(parts) => self.rows(parts, name),
            Shape::Number { .. }
            | Shape::Flag
            | Shape::Answer
            | Shape::File
            | Shape::List(_)
            | Shape::Json => {
                let value = self.json(name, text);
                return if value.is_null() { Value::Array(Vec::new()) } else { value };
            }
        })
    }

    /// The objects of a list, without those in which nothing is filled.
    fn rows(&mut self, parts: &[Part], name: &str) -> Vec<Value> {
        let prefix = format!("{name}.");
        let numbers = self.form.iter().filter_map(|(known, _)| {
            let rest = known.strip_prefix(&prefix)?;
            rest.split('.').next()?.parse::<usize>().ok()
        });
        let numbers: BTreeSet<usize> = numbers.take(MOST_ROWS * parts.len().max(1)).collect();
        let rows =
            numbers.into_iter().map(|number| self.object(parts, &format!("{name}.{number}")));
        rows.filter(|row| !is_empty(row)).collect()
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) | Value::Number(_) => false,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(fields) => fields.values().all(is_empty),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_form_says_what_was_filled() {
        let form = form(&[
            ("title", " Wrong berth "),
            ("kind", "threat"),
            ("description", "Two ships,\r\none berth"),
            ("inherent.likelihood", "3"),
            ("controls", "iso42001:A.6.2.4\r\n\r\n iso42001:A.2.2 "),
            ("due", "2026-12-02"),
            ("treatment", ""),
        ]);
        let body = body(Kind::Risk, &form, &json!({})).value;
        for (field, expected) in [
            ("/title", json!("Wrong berth")),
            ("/kind", json!("threat")),
            ("/description", json!("Two ships,\none berth")),
            ("/inherent/likelihood", json!(3)),
            ("/inherent/society", Value::Null),
            ("/controls", json!(["iso42001:A.6.2.4", "iso42001:A.2.2"])),
            ("/due", json!("2026-12-02")),
            ("/treatment", Value::Null),
        ] {
            assert_eq!(body.pointer(field).unwrap_or(&Value::Null), &expected, "{field}");
        }
        assert!(Kind::Risk.body(body).is_ok());
    }

    #[test]
    fn rows_are_read_in_their_order_and_empty_ones_are_none() {
        let form = form(&[
            ("name", "Planner"),
            ("metrics.10.name", "recall"),
            ("metrics.2.name", "precision"),
            ("metrics.2.value", "0.9"),
            ("metrics.3.name", " "),
            ("roles", "provider"),
            ("roles", "user"),
            ("in_scope", "true"),
        ]);
        let body = body(Kind::AiSystem, &form, &json!({})).value;
        let names: Vec<_> =
            body["metrics"].as_array().unwrap().iter().map(|row| &row["name"]).collect();
        assert_eq!(names, ["precision", "recall"]);
        assert_eq!(body["roles"], json!(["provider", "user"]));
        assert_eq!(body["in_scope"], json!(true));
    }

    #[test]
    fn an_instant_is_read_with_a_zone_or_in_utc_and_shown_as_it_was_read() {
        for (text, expected) in [
            ("2026-11-20T14:05", Some("2026-11-20T14:05:00Z")),
            ("2026-11-20T14:05:09.5", Some("2026-11-20T14:05:09.5Z")),
            ("2026-11-20T14:05:00+01:00", Some("2026-11-20T13:05:00Z")),
            ("2026-11-20", None),
            ("yesterday", None),
        ] {
            assert_eq!(instant(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
        }
        let form = form(&[("events.0.event", "aware"), ("events.0.at", "soon")]);
        let Read { value, wrong } = body(Kind::Incident, &form, &json!({}));
        assert!(wrong["events.0.at"].contains("no date and time"));
        assert_eq!(value["events"][0]["at"], "soon");
    }

    #[test]
    fn a_form_of_nothing_states_a_body_of_every_kind() {
        for kind in Kind::ALL {
            let body = body(*kind, &[], &json!({})).value;
            assert!(kind.body(body.clone()).is_ok(), "{kind}: {body}");
        }
    }

    #[test]
    fn what_can_not_be_read_names_each_field_and_nothing_that_was_written_is_lost() {
        let form = form(&[
            ("title", "Wrong berth"),
            ("inherent.likelihood", "often"),
            ("inherent.society", "3x"),
        ]);
        let Read { value, wrong } = body(Kind::Risk, &form, &json!({}));
        assert_eq!(wrong.len(), 2);
        assert_eq!(wrong["inherent.likelihood"], "`often` is no whole number");
        assert_eq!(value["title"], "Wrong berth");
        assert_eq!(value["inherent"]["likelihood"], "often");
        assert_eq!(value["inherent"]["society"], "3x");
    }

    #[test]
    fn no_form_panics() {
        proptest::proptest!(|(pairs in proptest::collection::vec(("[a-z_.0-9]{0,20}", ".{0,20}"), 0..20), kind in 0..Kind::ALL.len())| {
            drop(body(Kind::ALL[kind], &pairs, &json!({})));
        });
    }
}
