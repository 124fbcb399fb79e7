//! The conditions of the built-in catalogs ask about kinds, states and fields that records have.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use surety_aims::Kind;
use surety_catalog::{Catalogs, Per, Test};

/// Every test of the built-in catalogs, with where it stands.
fn tests() -> Vec<(String, Test)> {
    let catalogs = Catalogs::builtin();
    let mut tests = Vec::new();
    for framework in catalogs.frameworks() {
        for requirement in &framework.requirements {
            for condition in &requirement.conditions {
                let place = format!("{}:{} {}", framework.id, requirement.id, condition.id);
                unfold(&place, &condition.test, &mut tests);
            }
        }
    }
    tests
}

fn unfold(place: &str, test: &Test, tests: &mut Vec<(String, Test)>) {
    tests.push((place.to_owned(), test.clone()));
    if let Test::AnyOf { of } = test {
        of.iter().for_each(|inner| unfold(place, inner, tests));
    }
}

/// The schemas of everything that may stand at a field path: through references, choices, lists and objects.
fn at<'s>(root: &'s Value, schema: &'s Value, path: &[&str]) -> Vec<&'s Value> {
    let inner = |schema: &'s Value| at(root, schema, path);
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/$defs/")) {
        return inner(&root["$defs"][name]);
    }
    let choices = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| schema[key].as_array());
    let mut found: Vec<_> = choices.flatten().flat_map(inner).collect();
    if schema["items"].is_object() {
        found.extend(inner(&schema["items"]));
    }
    match path {
        [] => found.push(schema),
        [first, rest @ ..] => {
            let property = &schema["properties"][*first];
            if !property.is_null() {
                found.extend(at(root, property, rest));
            }
        }
    }
    found
}

/// The values of a closed list, if these are such schemas.
fn listed(schemas: &[&Value]) -> BTreeSet<String> {
    let lists = schemas.iter().filter_map(|schema| schema["enum"].as_array()).flatten();
    let values = lists.chain(schemas.iter().map(|schema| &schema["const"]));
    values.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What is wrong with a field of a condition and the values that it asks for.
fn problems(kind: Kind, fields: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let schema = serde_json::to_value(kind.schema()).unwrap();
    let mut problems = Vec::new();
    for (field, values) in fields {
        let found = at(&schema, &schema, &field.split('.').collect::<Vec<_>>());
        if found.is_empty() {
            problems.push(format!("{kind} has no field `{field}`"));
            continue;
        }
        let is = |name: &str| {
            found.iter().any(|schema| {
                let types = &schema["type"];
                types == name
                    || types.as_array().is_some_and(|types| types.iter().any(|t| t == name))
            })
        };
        let listed = listed(&found);
        for value in values.iter().filter(|value| *value != "*") {
            let fits = listed.contains(value)
                || (is("boolean") && ["true", "false"].contains(&value.as_str()))
                || (is("integer") && value.parse::<i64>().is_ok())
                || (is("string") && listed.is_empty());
            if !fits {
                problems.push(format!("`{field}` of {kind} is never `{value}`"));
            }
        }
    }
    problems
}

/// Whether records of the kind refer to AI systems or AI systems to them.
fn concerns_systems(kind: Kind) -> bool {
    let names = |kind: Kind, target: &str| {
        let schema = serde_json::to_string(&kind.schema()).unwrap();
        schema.contains(&format!(r#""x-reference":"{target}""#))
    };
    kind == Kind::AiSystem || names(kind, "ai_system") || names(Kind::AiSystem, kind.name())
}

/// What is wrong with a test on records of a kind.
fn wrong(
    kind: &str,
    states: &[String],
    fields: &[&BTreeMap<String, Vec<String>>],
    per: Per,
) -> Vec<String> {
    let Some(kind) = Kind::from_name(kind) else {
        return vec![format!("`{kind}` is no kind of record")];
    };
    let mut wrong: Vec<_> = states
        .iter()
        .filter(|state| kind.lifecycle().state(state).is_none())
        .map(|state| format!("{kind} is never `{state}`"))
        .collect();
    if per != Per::Organisation && !concerns_systems(kind) {
        wrong.push(format!("{kind} has nothing to do with AI systems"));
    }
    wrong.extend(fields.iter().flat_map(|fields| problems(kind, fields)));
    wrong
}

#[test]
fn conditions_name_kinds_states_and_fields_that_exist() {
    let tests = tests();
    assert!(tests.len() > 100, "the catalogs hold {} tests", tests.len());
    let mut all = Vec::new();
    for (place, test) in &tests {
        let found = match test {
            Test::Record { kind, states, with, per, .. } => wrong(kind, states, &[with], *per),
            Test::Every { kind, only, states, with, per, .. } => {
                wrong(kind, states, &[only, with], *per)
            }
            Test::Document { .. }
            | Test::Evidence { .. }
            | Test::SoaComplete
            | Test::ControlDesigned
            | Test::ControlDocumented
            | Test::ControlOperating
            | Test::AnyOf { .. } => Vec::new(),
        };
        all.extend(found.into_iter().map(|what| format!("{place}: {what}")));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn this_check_itself_sees_what_does_not_exist() {
    let fields =
        |field: &str, value: &str| BTreeMap::from([(field.to_owned(), vec![value.to_owned()])]);
    let table = [
        (Kind::Risk, "inherent.individuals", "4", true),
        (Kind::Risk, "inherent.individuals", "high", false),
        (Kind::Risk, "inherent.robots", "*", false),
        (Kind::Risk, "treatment", "modify", true),
        (Kind::Risk, "treatment", "forget", false),
        (Kind::Risk, "owner", "*", true),
        (Kind::ImpactAssessment, "impacts.kind", "fairness", true),
        (Kind::ImpactAssessment, "impacts.kind", "colour", false),
        (Kind::AiSystem, "personal_data", "true", true),
        (Kind::AiSystem, "personal_data", "maybe", false),
        (Kind::Policy, "commitments", "improvement", true),
        (Kind::ControlledDocument, "document_type", "anything", true),
    ];
    for (kind, field, value, sound) in table {
        assert_eq!(
            problems(kind, &fields(field, value)).is_empty(),
            sound,
            "{kind} {field} {value}"
        );
    }
    assert!(!wrong("robot", &[], &[], Per::Organisation).is_empty());
    assert!(!wrong("policy", &["sleeping".to_owned()], &[], Per::Organisation).is_empty());
    assert!(!wrong("custom_field", &[], &[], Per::AiSystem).is_empty());
}
