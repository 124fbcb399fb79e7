//! From the text of a cell to the value of a field, leniently: what a person would read, or a sentence on why not.

mod choice;
mod date;
mod level;
mod people;
mod places;
mod requirement;

use serde_json::{Map, Value};

use super::{
    fold::fold_word,
    vocabulary::{Choice, Kind, Shape},
};

pub(crate) use choice::chosen;
pub(crate) use date::{DayOrder, date};
pub(crate) use level::level;
pub(crate) use people::{PersonText, looks_like_unit, people};

/// A value, and what a person should check about it.
#[derive(Debug, PartialEq)]
pub(crate) struct Taken {
    pub(crate) value: Value,
    pub(crate) warning: Option<String>,
}

impl Taken {
    fn sure(value: impl Into<Value>) -> Taken {
        Taken { value: value.into(), warning: None }
    }
}

/// Whether a cell says nothing: empty, a dash, "n/a", "tbd", "keine Angabe".
pub(crate) fn is_blank(text: &str) -> bool {
    const NOTHING: &[&str] = &[
        "",
        "n a",
        "na",
        "n v",
        "tbd",
        "tbc",
        "tba",
        "not available",
        "null",
        "nil",
        "unknown",
        "unbekannt",
        "inconnu",
        "keine angabe",
        "k a",
        "not provided",
        "not stated",
        "not specified",
        "missing",
        "to be defined",
        "to be determined",
        "non renseigne",
        "nan",
        "noassertion",
        "no assertion",
        "noch offen",
        "xxx",
    ];
    NOTHING.contains(&fold_word(text).as_str())
}

/// The value of a cell for shapes that need nothing but the cell. `None`: the cell says nothing, or the shape is made
/// of more than one cell. An error is a sentence on what is wrong and what to write.
pub(crate) fn plain(shape: Shape, text: &str, order: DayOrder) -> Result<Option<Taken>, String> {
    match shape {
        Shape::Text | Shape::PersonName | Shape::Email | Shape::Identifier => Ok(words(text)),
        Shape::Bool(choices) => boolean(choices, text),
        Shape::One(choices) => one(choices, text),
        Shape::Many(choices) => many(choices, text),
        Shape::Date => {
            if is_blank(text) {
                Ok(None)
            } else {
                date(text, order).map(Some)
            }
        }
        Shape::List => Ok(texts(list(text))),
        Shape::Places => Ok(texts(places::places(text))),
        Shape::Requirement => requirement::one(text),
        Shape::Requirements => requirement::many(text),
        Shape::Metrics => Ok(metrics(text)),
        Shape::Person | Shape::Link(_) | Shape::Links(_) | Shape::Level(..) | Shape::State => {
            Ok(None)
        }
    }
}

/// The life-cycle state that a status cell means. `None`: the cell says nothing.
pub(crate) fn state(kind: &Kind, text: &str) -> Result<Option<&'static str>, String> {
    match chosen(kind.states, text) {
        Ok(state) => Ok(Some(state)),
        Err(_) if is_blank(text) => Ok(None),
        Err(miss) => Err(miss.sentence(kind.states, text)),
    }
}

/// The items of a cell: a line, `;`, `|` or a bullet each; a comma only where none of those is used, and never
/// before a legal form ("Acme, Inc.").
pub(crate) fn list(text: &str) -> Vec<String> {
    let strong = |c: char| matches!(c, '\n' | '\r' | ';' | '|' | '•' | '·' | '▪');
    let parts: Vec<&str> = if text.contains(strong) {
        text.split(strong).collect()
    } else {
        text.split(',').collect()
    };
    let mut items: Vec<String> = Vec::new();
    for part in parts.into_iter().map(clean_item).filter(|part| !is_blank(part)) {
        match items.last_mut() {
            Some(last) if is_legal_form(part) => {
                last.push_str(", ");
                last.push_str(part);
            }
            Some(_) | None => items.push(part.to_owned()),
        }
    }
    items
}

fn clean_item(part: &str) -> &str {
    part.trim().trim_start_matches(['-', '*', '–']).trim()
}

fn is_legal_form(text: &str) -> bool {
    const FORMS: &[&str] = &[
        "inc", "ltd", "llc", "gmbh", "corp", "co", "plc", "ag", "sa", "sas", "bv", "b v", "s a",
        "limited", "l p", "lp", "pbc", "kg", "se",
    ];
    FORMS.contains(&fold_word(text).as_str())
}

fn words(text: &str) -> Option<Taken> {
    (!is_blank(text)).then(|| Taken::sure(text.trim()))
}

fn texts(items: Vec<String>) -> Option<Taken> {
    (!items.is_empty()).then(|| Taken::sure(items))
}

fn boolean(choices: &'static [Choice], text: &str) -> Result<Option<Taken>, String> {
    let folded = fold_word(text);
    // "Yes - customer names": the first word decides, the rest is kept by the caller.
    let first = folded.split(' ').next().unwrap_or_default();
    let answer = chosen(choices, text).or_else(|miss| {
        let leads = text.trim().chars().skip(first.chars().count()).find(|c| !c.is_whitespace());
        match leads {
            Some('-' | '–' | '—' | ',' | ':' | ';' | '(' | '.') => chosen(choices, first),
            Some(_) | None => Err(miss),
        }
    });
    match answer {
        Ok(value) => Ok(Some(Taken::sure(value == "true"))),
        Err(_) if is_blank(text) => Ok(None),
        Err(_) => Err("is neither yes nor no: write yes or no".to_owned()),
    }
}

fn one(choices: &'static [Choice], text: &str) -> Result<Option<Taken>, String> {
    match chosen(choices, text) {
        Ok(value) => Ok(Some(Taken::sure(value))),
        Err(_) if is_blank(text) => Ok(None),
        Err(miss) => Err(miss.sentence(choices, text)),
    }
}

fn many(choices: &'static [Choice], text: &str) -> Result<Option<Taken>, String> {
    if let Ok(value) = chosen(choices, text) {
        return Ok(Some(Taken::sure(vec![value])));
    }
    let separators = |c: char| matches!(c, '\n' | '\r' | ';' | '|' | ',' | '/' | '&' | '+' | '•');
    let mut values: Vec<&str> = Vec::new();
    let mut missed: Vec<String> = Vec::new();
    for part in text.split(separators).flat_map(|part| part.split(" and ")).map(str::trim) {
        match chosen(choices, part) {
            Ok(value) if values.contains(&value) => {}
            Ok(value) => values.push(value),
            Err(_) if is_blank(part) => {}
            Err(_) => missed.push(part.to_owned()),
        }
    }
    if missed.is_empty() {
        return Ok((!values.is_empty()).then(|| Taken::sure(values)));
    }
    let complaint = format!("{} is not one of {}", quoted(&missed), choice::known(choices));
    if values.is_empty() {
        return Err(complaint);
    }
    Ok(Some(Taken {
        value: values.into(),
        warning: Some(format!("{complaint}: only the rest was taken")),
    }))
}

/// `accuracy 0.93; F1: 88 %` as a list of results.
fn metrics(text: &str) -> Option<Taken> {
    let results: Vec<Value> = list(text).iter().map(|item| metric(item)).collect();
    (!results.is_empty()).then(|| Taken::sure(results))
}

fn metric(item: &str) -> Value {
    let (name, value) = match item.split_once([':', '=']) {
        Some((name, value)) => (name.trim(), value.trim()),
        None => match item.find(|c: char| c.is_ascii_digit()) {
            Some(at) => item.split_at(at),
            None => (item, ""),
        },
    };
    let mut result = Map::new();
    result.insert("name".to_owned(), name.trim().into());
    if !value.trim().is_empty() {
        result.insert("value".to_owned(), value.trim().into());
    }
    Value::Object(result)
}

fn quoted(items: &[String]) -> String {
    items.iter().map(|item| format!("\"{item}\"")).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::inventory::vocabulary::{BOOLEAN, SCOPE};

    #[test]
    fn cells_that_say_nothing_are_blank() {
        for text in
            ["", "  ", "-", "–", "n/a", "N.A.", "TBD", "k.A.", "keine Angabe", "unknown", "?"]
        {
            assert!(is_blank(text), "{text}");
        }
        assert!(!is_blank("none known"));
    }

    #[test]
    fn lists_split_at_the_strongest_separator() {
        assert_eq!(list("a, b; c"), ["a, b", "c"]);
        assert_eq!(list("a, b,, c"), ["a", "b", "c"]);
        assert_eq!(list("Acme, Inc., Beta, GmbH"), ["Acme, Inc.", "Beta, GmbH"]);
        assert_eq!(list("- one\n- two\n\n"), ["one", "two"]);
        assert!(list("n/a").is_empty());
    }

    #[test]
    fn yes_and_no_are_read_in_three_languages_and_with_a_remark() {
        for (text, expected) in [
            ("Yes", true),
            ("ja", true),
            ("Oui", true),
            ("x", true),
            ("1", true),
            ("TRUE", true),
            ("Yes - names of customers", true),
            ("no", false),
            ("Nein", false),
            ("non", false),
            ("0", false),
            ("No, only sensor data", false),
            ("none", false),
        ] {
            assert_eq!(boolean(BOOLEAN, text), Ok(Some(Taken::sure(expected))), "{text}");
        }
        assert_eq!(boolean(SCOPE, "Out of scope"), Ok(Some(Taken::sure(false))));
        assert_eq!(boolean(BOOLEAN, "n/a"), Ok(None));
        assert!(boolean(BOOLEAN, "maybe").is_err());
        assert!(boolean(BOOLEAN, "no idea").is_err());
    }

    #[test]
    fn metrics_are_name_and_value() {
        let taken = metrics("accuracy 0.93; F1: 88 %").map(|taken| taken.value);
        assert_eq!(
            taken,
            Some(json!([{"name": "accuracy", "value": "0.93"}, {"name": "F1", "value": "88 %"}]))
        );
    }
}
