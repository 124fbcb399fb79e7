//! What is proposed fits the record layer: every kind, field, choice and state is one of its own.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use surety_aims::Kind;
use surety_formats::inventory::{Options, Proposal, read, table_kinds};

/// The body with its links filled in as the record layer writes references.
fn body(proposal: &Proposal) -> Value {
    let mut body: Map<String, Value> = proposal.body.clone();
    for link in &proposal.links {
        let id = match &link.target {
            surety_formats::inventory::Target::External { kind, .. }
            | surety_formats::inventory::Target::Named { kind, .. }
            | surety_formats::inventory::Target::Record { kind, .. } => {
                format!("{}-1", Kind::from_name(kind).unwrap().prefix())
            }
        };
        if link.many {
            let list = body.entry(link.field).or_insert_with(|| json!([]));
            list.as_array_mut().unwrap().push(id.into());
        } else {
            body.insert(link.field.to_owned(), id.into());
        }
    }
    Value::Object(body)
}

fn fits(name: &str, bytes: &[u8]) {
    let reading = read(name, bytes, &Options::default()).unwrap_or_else(|error| panic!("{error}"));
    for proposal in &reading.proposals {
        let kind = Kind::from_name(proposal.kind).unwrap();
        let body = body(proposal);
        if let Err(error) = kind.body(body.clone()) {
            panic!("{name}: {} {:?}: {error}\n{body:#}", proposal.kind, proposal.name);
        }
        if let Some(state) = &proposal.state {
            assert!(
                kind.lifecycle().states.contains(&state.as_str()),
                "{} has no state {state}",
                proposal.kind
            );
        }
    }
}

#[test]
fn every_proposal_is_a_body_of_its_kind() {
    for (name, bytes) in [
        ("ai-inventory.csv", &include_bytes!("fixtures/ai-inventory.csv")[..]),
        ("risk-register.csv", include_bytes!("fixtures/risk-register.csv")),
        ("model-bom.cdx.json", include_bytes!("fixtures/model-bom.cdx.json")),
        ("ai.spdx3.json", include_bytes!("fixtures/ai.spdx3.json")),
        ("model-card.md", include_bytes!("fixtures/model-card.md")),
        ("dataset-card.md", include_bytes!("fixtures/dataset-card.md")),
        ("croissant.json", include_bytes!("fixtures/croissant.json")),
    ] {
        fits(name, bytes);
    }
}

#[test]
fn every_field_of_a_table_is_a_field_of_its_record() {
    // Fields that the record layer keeps elsewhere: identifiers, states, people, and ratings in parts.
    let elsewhere = ["external_id", "state", "name", "email"];
    for (kind, fields) in table_kinds() {
        let record = Kind::from_name(kind).unwrap();
        let schema = serde_json::to_value(record.schema()).unwrap();
        let known: BTreeSet<&str> =
            schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        for field in fields {
            let rated = kind == "risk"
                && ["inherent_", "current_", "residual_"]
                    .iter()
                    .any(|rating| field.starts_with(rating));
            assert!(
                known.contains(field) || elsewhere.contains(&field) || rated,
                "{kind} has no field {field}"
            );
        }
    }
}

/// Every choice of every column, as its own value: the record layer must take it.
#[test]
fn every_choice_that_a_cell_can_mean_is_one_of_the_record() {
    for (kind, fields) in table_kinds() {
        let record = Kind::from_name(kind).unwrap();
        let schema = serde_json::to_value(record.schema()).unwrap();
        for field in fields {
            let Some(values) = choices(&schema, field) else { continue };
            for value in values {
                let title = match kind {
                    "control_implementation" => "A.2.2",
                    "person" => "Anna Weber",
                    _ => "x",
                };
                let name = match kind {
                    "control_implementation" => "control",
                    "audit_finding" => "statement",
                    "ai_system" | "supplier" | "dataset_card" | "resource" | "person" => "name",
                    _ => "title",
                };
                let table = format!("{name},{field}\n{title},{value}\n");
                let options = Options { kind: Some(kind.to_owned()), ..Options::default() };
                let reading = read("t.csv", table.as_bytes(), &options)
                    .unwrap_or_else(|error| panic!("{kind}.{field}: {error}"));
                assert_eq!(reading.problems, [], "{kind}.{field} = {value}");
                assert_eq!(
                    reading.proposals.len(),
                    1,
                    "{kind}.{field} = {value}: {:?}",
                    reading.notices
                );
                let found = &reading.proposals[0].body[field];
                assert!(
                    found == &json!(value) || found == &json!([value]),
                    "{kind}.{field}: {value} became {found}"
                );
            }
        }
    }
}

/// The values of an enumerated field, whether it holds one or a list of them.
fn choices(schema: &Value, field: &str) -> Option<Vec<String>> {
    fn listed(schema: &Value, part: &Value) -> Option<Vec<String>> {
        if let Some(reference) = part.get("$ref").and_then(Value::as_str) {
            return listed(schema, schema.pointer(reference.strip_prefix('#')?)?);
        }
        if let Some(values) = part.get("enum").and_then(Value::as_array) {
            return Some(values.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(options) = part.get(key).and_then(Value::as_array) {
                let consts: Vec<String> = options
                    .iter()
                    .filter_map(|option| option.get("const")?.as_str())
                    .map(str::to_owned)
                    .collect();
                if !consts.is_empty() {
                    return Some(consts);
                }
                return options.iter().find_map(|option| listed(schema, option));
            }
        }
        part.get("items").and_then(|items| listed(schema, items))
    }
    listed(schema, schema.get("properties")?.get(field)?)
}
