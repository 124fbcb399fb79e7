//! What docs/cli.md says about the JSON of `classify`, `obligations` and `law`: each field that it shows is there, and each
//! field that is there is named.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use crate::{
    classify::{answers, classified},
    desk::Desk,
};

/// A section of the page, from its heading to the next one.
fn section(heading: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, text) = page.split_once(&format!("\n### {heading}\n")).unwrap();
    let end = text.find("\n### ").into_iter().chain(text.find("\n## ")).min();
    text[..end.unwrap_or(text.len())].to_owned()
}

/// The examples of a section.
fn examples(section: &str) -> Vec<Value> {
    let blocks = section.split("```json\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    blocks.map(|block| serde_json::from_str(block).unwrap()).collect()
}

/// The names of all fields. What has a dot is the id of a provision.
fn names<'v>(value: &'v Value, into: &mut BTreeSet<&'v str>) {
    match value {
        Value::Array(list) => list.iter().for_each(|one| names(one, into)),
        Value::Object(fields) => fields.iter().for_each(|(name, one)| {
            into.extend(Some(name.as_str()).filter(|name| !name.contains('.')));
            names(one, into);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn all_names(values: &[Value]) -> BTreeSet<&str> {
    let mut all = BTreeSet::new();
    values.iter().for_each(|value| names(value, &mut all));
    all
}

/// Compares a section with answers to what it is about.
fn agree(heading: &str, said: &[Value]) {
    let section = section(heading);
    let (examples, there) = (examples(&section), all_names(said));
    let gone: Vec<_> = all_names(&examples).difference(&there).copied().collect();
    assert!(gone.is_empty(), "{heading}: shown and not there: {gone:?}");
    let named = |name: &&&str| {
        [format!("`{name}`"), format!("\"{name}\":")].iter().any(|one| section.contains(one))
    };
    let unnamed: Vec<_> = there.iter().filter(|name| !named(name)).collect();
    assert!(unnamed.is_empty(), "{heading}: there and not named: {unnamed:?}");
}

fn asked(desk: &Desk, questions: &[&[&str]]) -> Vec<Value> {
    let json = |question: &&[&str]| desk.json(&[question, &["--format", "json"][..]].concat());
    questions.iter().map(json).collect()
}

#[test]
fn the_fields_of_classify_are_documented() {
    let (recruiting, model) = (answers("recruiting"), answers("frontier-model"));
    let desk = classified();
    desk.done(&["record", "update", "SYS-1", "--set", "purpose=Rank applicants"]);
    let questions: [&[&str]; 6] = [
        &["classify", "--answers", &recruiting, "--set", "fr.who=public"],
        &["classify", "--answers", &recruiting, "--set", "excl.military="],
        &["classify", "--answers", &model, "--set", "model_placed_on=2025-01-01"],
        &["classify", "--answers", &answers("face-swap"), "--on", "2026-12-01"],
        &["classify", "--all"],
        &["classify", "--kept"],
    ];
    agree("classify", &asked(&desk, &questions));
}

#[test]
fn the_fields_of_obligations_are_documented() {
    let questions: [&[&str]; 3] = [
        &["obligations", "SYS-1"],
        &["obligations", "SYS-2"],
        &["obligations", "SYS-1", "--law-as-of", "2026-07-23"],
    ];
    agree("obligations", &asked(&classified(), &questions));
}

#[test]
fn the_fields_of_law_are_documented() {
    let questions: [&[&str]; 3] = [
        &["law", "binding", "--scope", "all"],
        &["law", "calendar"],
        &["law", "impact", "--from", "v2024", "--to", "v2026"],
    ];
    agree("law", &asked(&classified(), &questions));
}
