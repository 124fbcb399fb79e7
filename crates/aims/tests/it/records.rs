//! Every kind of record keeps the promises of the record layer.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use surety_aims::{Body, Kind, RecordId, records::Rating};

use crate::{
    desk::{Desk, changed},
    samples::{sample, samples},
};

#[test]
fn there_is_a_sample_of_every_kind() {
    let kinds: Vec<Kind> = samples().into_iter().map(|(kind, _)| kind).collect();
    let all: BTreeSet<Kind> = Kind::ALL.iter().copied().collect();
    assert_eq!(kinds.iter().copied().collect::<BTreeSet<_>>(), all);
    assert_eq!(kinds.len(), all.len());
}

#[test]
fn names_and_prefixes_are_told_apart() {
    for kind in Kind::ALL {
        assert_eq!(Kind::from_name(kind.name()), Some(*kind));
        assert_eq!(Kind::from_prefix(kind.prefix()), Some(*kind));
        assert!(kind.prefix().len() == 3 && kind.prefix().chars().all(|c| c.is_ascii_uppercase()));
    }
}

#[test]
fn a_sample_reads_back_as_it_was_written() {
    for (kind, json) in samples() {
        let body = kind.body(json.clone()).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(body.to_json(), json, "{kind}");
        assert_eq!(kind.body(body.to_json()).unwrap(), body, "{kind}");
    }
}

#[test]
fn an_empty_body_reads_back_and_says_nothing() {
    for kind in Kind::ALL {
        let body = kind.body(json!({})).unwrap();
        assert_eq!(kind.body(body.to_json()).unwrap(), body, "{kind}");
        assert!(body.dates().is_empty() && body.references().is_empty() && body.owner().is_none());
    }
}

#[test]
fn an_unknown_field_is_refused_by_its_name() {
    for kind in Kind::ALL {
        let error = kind.body(json!({"colour": "blue"})).unwrap_err().to_string();
        assert!(error.contains("unknown field `colour`"), "{kind}: {error}");
    }
}

#[test]
fn a_sample_is_complete_and_can_be_stated() {
    let desk = Desk::with_samples();
    assert_eq!(desk.book.len(), Kind::ALL.len());
    for record in desk.book.records() {
        assert_eq!(surety_aims::missing(record), Vec::<&str>::new(), "{}", record.id);
        assert!(!record.title().is_empty(), "{}", record.id);
    }
}

#[test]
fn each_required_field_is_missed_when_it_is_empty_and_filled_by_the_sample() {
    for (kind, json) in samples() {
        for field in kind.required() {
            assert!(!json[*field].is_null(), "{kind}: the sample lacks {field}");
            let body = changed(json.clone(), json!({*field: null}));
            let mut desk = Desk::empty();
            desk.state(kind, body).unwrap_or_else(|rejection| panic!("{kind}: {rejection}"));
            let record = desk.book.get(RecordId::new(kind, 1)).unwrap();
            assert_eq!(surety_aims::missing(record), [*field], "{kind}");
        }
    }
}

fn schema(kind: Kind) -> Value {
    serde_json::to_value(kind.schema()).unwrap()
}

#[test]
fn each_required_field_and_each_date_is_in_the_schema() {
    for (kind, json) in samples() {
        let schema = schema(kind);
        let body = kind.body(json).unwrap();
        let dates = body.dates().into_iter().map(|(field, _)| field);
        for field in kind.required().iter().copied().chain(dates) {
            assert!(!schema["properties"][field].is_null(), "{kind}: {field}");
        }
    }
}

#[test]
fn a_kind_with_a_field_for_a_file_tells_the_file() {
    let mut told = 0;
    for kind in Kind::ALL {
        let has_field = !schema(*kind)["properties"][kind.file_field()].is_null();
        let sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let Ok(body) = kind.body(json!({ kind.file_field(): { "sha256": sha256 } })) else {
            assert!(!has_field, "{kind}");
            continue;
        };
        assert_eq!(body.file().map(|file| file.sha256.as_str()), Some(sha256), "{kind}");
        told += 1;
    }
    assert!(told >= 5, "{told} kinds have a file");
}

#[test]
fn each_kind_and_each_field_has_a_help_text() {
    for kind in Kind::ALL {
        let schema = schema(*kind);
        assert!(schema["description"].is_string(), "{kind}");
        let parts = schema["$defs"].as_object().into_iter().flat_map(Map::values);
        for object in parts.chain([&schema]) {
            for (field, described) in object["properties"].as_object().into_iter().flatten() {
                let help = described["description"].as_str().unwrap_or_default();
                assert!(help.ends_with(['.', '…']), "{kind}: {field}: {help:?}");
            }
        }
    }
}

/// Values that fit a schema: one of each enum value, one of everything else.
fn examples(root: &Value, schema: &Value) -> Vec<Value> {
    if let Some(name) = schema["$ref"].as_str().and_then(|at| at.strip_prefix("#/$defs/")) {
        return examples(root, &root["$defs"][name]);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        return choices.iter().flat_map(|choice| examples(root, choice)).collect();
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().filter(|value| !value.is_null()).cloned().collect();
    }
    let types = &schema["type"];
    match types.as_str().or(types[0].as_str()).unwrap_or_default() {
        "boolean" => vec![json!(true)],
        "integer" => vec![json!(3)],
        "array" => examples(root, &schema["items"]).into_iter().map(|one| json!([one])).collect(),
        "object" => match schema["properties"].as_object() {
            Some(fields) => fields
                .iter()
                .flat_map(|(field, part)| {
                    examples(root, part).into_iter().map(move |one| (field, one))
                })
                .map(|(field, one)| json!({field: one}))
                .collect(),
            None if schema["additionalProperties"].is_object() => {
                let values = examples(root, &schema["additionalProperties"]);
                values.into_iter().map(|one| json!({"name": one})).collect()
            }
            None => vec![json!({"note": {"deep": "text"}})],
        },
        "string" => {
            vec![match (&schema["format"], &schema["x-reference"], &schema["x-requirement"]) {
                (Value::String(format), _, _) if format == "date-time" => {
                    json!("2026-11-21T10:00:00Z")
                }
                (Value::String(_), _, _) => json!("2026-11-21"),
                (_, Value::String(kind), _) => {
                    json!(
                        RecordId::new(Kind::from_name(kind).unwrap_or(Kind::Policy), 7).to_string()
                    )
                }
                (_, _, Value::Bool(_)) => json!("iso42001:A.6.2.4"),
                _ => json!("some text"),
            }]
        }
        "null" => Vec::new(),
        other => panic!("no example of {other}: {schema}"),
    }
}

/// Whether `whole` says all that `part` says.
fn says(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, part)| whole.get(key).is_some_and(|whole| says(whole, part)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len()
                && whole.iter().zip(part).all(|(whole, part)| says(whole, part))
        }
        _ => whole == part,
    }
}

#[test]
fn every_field_with_every_value_that_its_schema_names_reads_back() {
    let mut tried = 0;
    for kind in Kind::ALL {
        let schema = schema(*kind);
        for example in examples(&schema, &schema) {
            let body =
                kind.body(example.clone()).unwrap_or_else(|e| panic!("{kind}: {example}: {e}"));
            let json = body.to_json();
            assert!(says(&json, &example), "{kind}: {example} became {json}");
            assert_eq!(kind.body(json).unwrap(), body);
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried} values tried");
}

#[test]
fn the_level_of_a_rating_is_its_worst_consequence_times_its_likelihood() {
    let cases = [
        (json!({}), None),
        (json!({"likelihood": 3}), None),
        (json!({"organisation": 2, "individuals": 4, "society": 1, "likelihood": 3}), Some(12)),
        (json!({"individuals": 4}), Some(20)),
        (json!({"society": 5, "likelihood": 5}), Some(25)),
        (json!({"society": 200, "likelihood": 200}), Some(255)),
    ];
    for (json, level) in cases {
        let rating: Rating = serde_json::from_value(json).unwrap();
        assert_eq!(rating.level(), level, "{rating:?}");
    }
}

#[test]
fn every_date_by_which_somebody_must_act_is_told() {
    let told = |kind: Kind, changes: Value| -> Vec<&'static str> {
        let body: Body = kind.body(changed(sample(kind), changes)).unwrap();
        body.dates().into_iter().map(|(field, _)| field).collect()
    };
    let cases: [(Kind, Value, &[&str]); 8] = [
        (Kind::AiSystem, json!({"retire_by": "2030-01-01"}), &["next_review", "retire_by"]),
        (Kind::RoleAssignment, json!({"next_review": "2027-01-01"}), &["to", "next_review"]),
        (Kind::Supplier, json!({}), &["next_review", "assurance_until"]),
        (Kind::EvidenceItem, json!({}), &["fresh_until"]),
        (Kind::Risk, json!({"due": "2027-01-01"}), &["due", "next_review", "accepted_until"]),
        (Kind::RiskAssessment, json!({}), &["next_due"]),
        (Kind::ImprovementAction, json!({}), &["due"]),
        (Kind::RequirementAssessment, json!({}), &["valid_until"]),
    ];
    for (kind, changes, fields) in cases {
        assert_eq!(told(kind, changes), fields, "{kind}");
    }
}
