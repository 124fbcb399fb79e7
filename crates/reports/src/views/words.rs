//! The words that people read in place of the names that files use.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use serde::Serialize;
use serde_json::Value;
use surety_aims::{
    Kind, RecordId, RecordKind,
    derive::{Lack, Missing},
    records::ControlImplementation,
};
use surety_catalog::Effort;

use crate::sheet::Cell;

/// A name of ours as people read it: `not_met` is "not met", `ai_system` "AI system".
pub fn words(name: &str) -> Cow<'_, str> {
    match name {
        "gpai" => Cow::Borrowed("general-purpose AI"),
        "ofi" => Cow::Borrowed("opportunity for improvement"),
        "human_in_loop" => Cow::Borrowed("human in the loop"),
        "human_on_loop" => Cow::Borrowed("human on the loop"),
        "human_out_of_loop" => Cow::Borrowed("human out of the loop"),
        _ if name.starts_with("ai_act_") => {
            Cow::Owned(name.replacen("ai_act_", "AI Act ", 1).replace('_', " "))
        }
        _ => match name.strip_prefix("ai_") {
            Some(rest) => Cow::Owned(format!("AI {}", rest.replace('_', " "))),
            None if name.contains('_') => Cow::Owned(name.replace('_', " ")),
            None => Cow::Borrowed(name),
        },
    }
}

/// [`words`] as a cell, without a copy where the name is one word.
pub(super) fn said(name: &'static str) -> Cell {
    Cell::text(words(name))
}

/// The words of a chosen value; empty if nothing was chosen.
pub fn choice(value: Option<impl Serialize>) -> Cell {
    value.and_then(chosen).map(Cell::from).unwrap_or_default()
}

/// The words of several chosen values.
pub(super) fn choices(values: &[impl Serialize]) -> Cell {
    let words: Vec<String> = values.iter().filter_map(chosen).collect();
    if words.is_empty() { Cell::EMPTY } else { words.into() }
}

/// The words of a value; `None` if it is not one of a closed list.
pub(super) fn chosen(value: impl Serialize) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => Some(words(&name).into_owned()),
        Ok(_) | Err(_) => None,
    }
}

/// How much work a condition usually is.
pub(super) fn effort(effort: Effort) -> &'static str {
    match effort {
        Effort::Small => "small",
        Effort::Medium => "medium",
        Effort::Large => "large",
    }
}

/// `text` with a capital letter.
pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

/// A kind of record without its article: "AI system".
pub(super) fn kind(kind: Kind) -> &'static str {
    let label = kind.label();
    label.split_once(' ').map_or(label, |(_, noun)| noun)
}

/// What is missing, in a sentence without a full stop.
fn missing(missing: &Missing<'_>) -> String {
    let wanted = Kind::from_name(missing.wanted)
        .map_or_else(|| words(missing.wanted), |of| Cow::Borrowed(kind(of)));
    let mut text = match (missing.record, missing.lack) {
        (Some(record), Lack::State(state)) => format!("{wanted} {record} is {}", words(state)),
        (Some(record), Lack::Field(field)) => {
            let field = field.replace('.', ", ");
            format!("{wanted} {record} does not say what is asked under \"{}\"", words(&field))
        }
        (Some(record), Lack::Stale) => format!("{wanted} {record} is past its review date"),
        (_, Lack::Score(score)) => format!("the control is not {score}"),
        (_, Lack::None) if missing.wanted == ControlImplementation::NAME => {
            "a decision is missing".to_owned()
        }
        // How often it is wanted stands beside what must hold.
        (_, Lack::None | Lack::State(_) | Lack::Field(_) | Lack::Stale | Lack::Cadence(_)) => {
            format!("no {wanted}")
        }
    };
    if let Some(system) = missing.system.filter(|system| missing.record != Some(*system)) {
        text.push_str(&format!(" for {system}"));
    }
    if let (Some(record), Lack::Score(_)) = (missing.record, missing.lack) {
        text.push_str(&format!(" ({record})"));
    }
    text
}

/// Everything that is missing, each sentence once, with how often it holds.
pub(super) fn all_missing<'m>(
    missing_records: impl Iterator<Item = &'m Missing<'m>>,
) -> Vec<String> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<(String, u32)> = Vec::new();
    for text in missing_records.map(missing) {
        match places.get(&text).and_then(|place| all.get_mut(*place)) {
            Some((_, times)) => *times = times.saturating_add(1),
            None => {
                places.insert(text.clone(), all.len());
                all.push((text, 1));
            }
        }
    }
    all.into_iter()
        .map(|(text, times)| if times > 1 { format!("{text} ({times} times)") } else { text })
        .collect()
}

/// Ids as a list, each once.
pub(super) fn ids(records: impl Iterator<Item = RecordId>) -> Cell {
    let mut seen = HashSet::new();
    let ids: Vec<String> = records.filter(|id| seen.insert(*id)).map(|id| id.to_string()).collect();
    if ids.is_empty() { Cell::EMPTY } else { ids.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_ours_become_words() {
        let cases = [
            ("not_met", "not met"),
            ("operating", "operating"),
            ("ai_system", "AI system"),
            ("ai_act_class", "AI Act class"),
            ("gpai", "general-purpose AI"),
            ("human_on_loop", "human on the loop"),
        ];
        for (name, read) in cases {
            assert_eq!(words(name), read);
        }
    }

    #[test]
    fn no_kind_of_record_shows_an_underscore_or_an_article() {
        for of in Kind::ALL {
            let noun = kind(*of);
            assert!(
                !noun.contains('_') && !noun.starts_with("a ") && !noun.starts_with("an "),
                "{noun}"
            );
        }
    }
}
