//! A framework of 38 controls and some clauses whose conditions use every kind of test.

use std::collections::BTreeMap;

use serde_json::json;
use surety_catalog::{Framework, Requirement, RequirementKind};

use crate::big::CONTROL_IDS;

pub(crate) fn controls(framework: &Framework) -> Vec<&Requirement> {
    framework.requirements.iter().filter(|r| r.kind == RequirementKind::Control).collect()
}

pub(crate) fn framework() -> Framework {
    let clause = |id: &str, tests: Vec<serde_json::Value>| Requirement {
        id: id.to_owned(),
        assessable: true,
        kind: RequirementKind::Clause,
        conditions: tests
            .into_iter()
            .enumerate()
            .map(|(n, test)| {
                serde_json::from_value(
                    json!({ "id": format!("c{n}"), "says": "it holds", "test": test }),
                )
                .unwrap()
            })
            .collect(),
        ..Requirement::default()
    };
    let none: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let record = |kind: &str, states: &[&str], per: &str| json!({ "type": "record", "kind": kind, "states": states, "with": none, "fresh": true, "per": per });
    let every = |kind: &str, with: &[(&str, &str)], per: &str| {
        let with: BTreeMap<_, _> =
            with.iter().map(|(field, value)| (*field, vec![*value])).collect();
        json!({ "type": "every", "kind": kind, "with": with, "per": per })
    };
    let mut requirements = vec![
        clause("4.3", vec![record("scope_statement", &["approved"], "organisation")]),
        clause(
            "5.2",
            vec![record("policy", &["approved"], "organisation"), json!({ "type": "document" })],
        ),
        clause(
            "6.1.2",
            vec![
                record("risk_assessment", &["approved"], "ai_system"),
                every("risk", &[("inherent.individuals", "*"), ("owner", "*")], "organisation"),
            ],
        ),
        clause(
            "6.1.3",
            vec![
                json!({ "type": "soa_complete" }),
                every("risk", &[("treatment", "*")], "ai_system"),
            ],
        ),
        clause(
            "6.1.4",
            vec![
                record("impact_assessment", &["approved"], "ai_system"),
                every("impact_assessment", &[("impacts.kind", "*")], "ai_system"),
            ],
        ),
        clause(
            "8.1",
            vec![
                every(
                    "ai_system",
                    &[("owner", "*"), ("purpose", "*"), ("criticality", "*")],
                    "organisation",
                ),
                record("resource", &["active"], "ai_system"),
            ],
        ),
        clause(
            "9.1",
            vec![
                json!({ "type": "evidence", "per": "ai_system" }),
                every("resource", &[("owner", "*")], "organisation"),
            ],
        ),
        clause(
            "10.2",
            vec![
                json!({ "type": "any_of", "of": [every("improvement_action", &[("owner", "*")], "organisation"), record("audit_finding", &[], "organisation")] }),
            ],
        ),
    ];
    for id in CONTROL_IDS {
        let tests = ["control_designed", "control_documented", "control_operating"];
        let mut control = clause(id, tests.iter().map(|test| json!({ "type": test })).collect());
        control.kind = RequirementKind::Control;
        requirements.push(control);
    }
    Framework { id: "iso42001".to_owned(), requirements, ..Framework::default() }
}
