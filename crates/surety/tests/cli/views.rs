//! Derived views: formats, shapes, explanations.

use std::{collections::BTreeSet, io::Cursor};

use serde_json::Value;

use crate::{
    desk::{Desk, NOW, fixture},
    examples::company,
};

/// Every derived view, with the arguments that it needs.
const VIEWS: &[&[&str]] = &[
    &["soa"],
    &["gap"],
    &["plan"],
    &["due"],
    &["readiness"],
    &["risks"],
    &["dossier", "SYS-1"],
    &["coverage", "--from", "iso42001", "--to", "iso27001"],
    &["inventory"],
    &["activity", "--from", "2026-01-01"],
    &["diff", "inventory", "--from", "2026-01-01"],
    &["framework", "list"],
    &["record", "kinds"],
    &["record", "list", "ai_system"],
    &["record", "history", "ai_system"],
];

#[test]
fn every_view_comes_in_every_format() {
    let desk = Desk::with_systems();
    for view in VIEWS {
        for format in ["table", "json", "csv", "md", "xlsx", "pdf", "docx"] {
            let ran = desk.run(&[view, &["--format", format][..]].concat());
            assert_eq!(ran.status, 0, "{view:?} as {format}: {}", ran.err);
            assert!(!ran.bytes.is_empty(), "{view:?} as {format}");
            match format {
                "json" => drop(serde_json::from_str::<Value>(&ran.out).unwrap()),
                "csv" => {
                    assert!(ran.out.lines().next().unwrap().contains(','), "{view:?}: {}", ran.out)
                }
                "md" => assert!(
                    ran.out.contains("| ---") || ran.out.contains("|---"),
                    "{view:?}: {}",
                    ran.out
                ),
                "xlsx" => {
                    let mut book = zip::ZipArchive::new(Cursor::new(ran.bytes)).unwrap();
                    assert!(book.by_name("xl/workbook.xml").is_ok(), "{view:?}");
                }
                "docx" => {
                    let mut document = zip::ZipArchive::new(Cursor::new(ran.bytes)).unwrap();
                    assert!(document.by_name("word/document.xml").is_ok(), "{view:?}");
                }
                "pdf" => assert!(ran.bytes.starts_with(b"%PDF-1.7"), "{view:?}"),
                _ => assert!(ran.out.lines().count() > 2, "{view:?}: {}", ran.out),
            }
        }
    }
}

#[test]
fn a_view_is_written_to_a_file_on_demand() {
    let desk = Desk::with_systems();
    assert_eq!(desk.done(&["soa", "--format", "xlsx", "-o", &desk.text_path("SoA.xlsx")]), "");
    assert!(std::fs::read(desk.path("SoA.xlsx")).unwrap().starts_with(b"PK"));
    let said = desk.refused(1, &["soa", "-o", &desk.text_path("no/such/folder/SoA.csv")]);
    assert!(said.contains("SoA.csv"), "{said}");
}

#[test]
fn the_matrix_holds_every_control_and_every_system() {
    let desk = Desk::with_systems();
    let soa = desk.json(&["soa", "--format", "json"]);
    assert_eq!(soa["systems"].as_array().unwrap().len(), 3);
    assert_eq!(soa["controls"].as_array().unwrap().len(), 38);
    let cells = soa["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 38 * 3);
    for field in [
        "control",
        "system",
        "applicable",
        "justification",
        "source",
        "state",
        "designed",
        "documented",
        "operating",
        "uncovered_days",
        "why",
    ] {
        assert!(cells[0].get(field).is_some(), "cells lack {field}");
    }
    assert!(
        cells.iter().all(|cell| !cell["why"].as_array().unwrap().is_empty()),
        "each answers why"
    );
}

/// What scripts may rely on, as docs/cli.md says: the names and types of fields, whatever their values. Taken from the
/// example company, which fills nearly all of them.
#[test]
fn the_shape_of_each_answer_is_stable() {
    let desk = company();
    let answers: &[&[&str]] = &[
        &["soa"],
        &["gap", "iso42001"],
        &["plan"],
        &["due"],
        &["readiness"],
        &["coverage", "--from", "iso42001", "--to", "iso27001"],
        &["activity", "--from", "2026-01-01"],
        &["diff", "soa", "--from", "2026-06-30"],
        &["framework", "list"],
        &["record", "kinds"],
        &["ledger", "verify"],
        &["import", "--dry-run", &fixture("broken.csv")],
        &["framework", "import", &fixture("harbour.yaml")],
    ];
    let mut shapes = Vec::new();
    for answer in answers {
        let said = desk.json(&[answer, &["--format", "json"][..]].concat());
        let name: Vec<_> = answer.iter().take_while(|word| !word.starts_with('-')).collect();
        let name: Vec<_> = name.into_iter().filter(|word| !word.contains('/')).copied().collect();
        shapes.push(format!("{}: {}", name.join(" "), shape(&[&said])));
    }
    // The bodies of records are described by `surety record schema`.
    let mut shown = desk.json(&["record", "show", "SYS-7"]);
    shown["body"] = Value::Null;
    shapes.push(format!("record show: {}", shape(&[&shown])));
    desk.done(&["pack", "-o", &desk.text_path("pack.zip")]);
    let verified = desk.json(&["verify", &desk.text_path("pack.zip"), "--format", "json"]);
    shapes.push(format!("verify: {}", shape(&[&verified])));
    insta::assert_snapshot!(shapes.join("\n\n"));
}

/// What the values have in common: fields in the order of their names, `or` between types, `?` where a field may be left out.
fn shape(values: &[&Value]) -> String {
    let mut types = BTreeSet::new();
    let objects: Vec<_> = values.iter().filter_map(|value| value.as_object()).collect();
    if !objects.is_empty() {
        let names: BTreeSet<_> = objects.iter().flat_map(|object| object.keys()).collect();
        let field = |name: &String| {
            let inner: Vec<_> = objects.iter().filter_map(|object| object.get(name)).collect();
            let optional = if inner.len() < objects.len() { "?" } else { "" };
            format!("{name}{optional}: {}", shape(&inner))
        };
        let fields: Vec<_> = names.into_iter().map(field).collect();
        types.insert(format!("{{ {} }}", fields.join(", ")));
    }
    let lists: Vec<_> = values.iter().filter_map(|value| value.as_array()).collect();
    if !lists.is_empty() {
        let inner: Vec<_> = lists.into_iter().flatten().collect();
        types.insert(format!("[{}]", shape(&inner)));
    }
    for value in values {
        let name = match value {
            Value::String(_) => "text",
            Value::Number(_) => "number",
            Value::Bool(_) => "bool",
            Value::Null => "null",
            Value::Array(_) | Value::Object(_) => continue,
        };
        types.insert(name.to_owned());
    }
    types.into_iter().collect::<Vec<_>>().join(" or ")
}

#[test]
fn the_inventory_in_a_terminal_reads_well() {
    insta::assert_snapshot!(Desk::with_systems().done(&["inventory"]));
}

#[test]
fn the_plan_names_the_missing_records_and_its_formula() {
    let desk = Desk::with_systems();
    let plan = desk.json(&["plan", "--top", "5", "--format", "json"]);
    let items = plan["items"].as_array().unwrap();
    assert_eq!(items.len(), 5);
    let number = |value: &Value| value.as_i64().unwrap();
    for item in items {
        let parts = &item["parts"];
        let sum = 10 * number(&parts["weight"]) + number(&parts["risk"]) + number(&parts["law"])
            - number(&parts["effort"]);
        assert_eq!(number(&item["priority"]), sum, "{item}");
        assert!(!item["finding"]["missing"].as_array().unwrap().is_empty(), "{item}");
    }
    assert!(desk.done(&["plan"]).contains("Priority = 10 x weight + risk + law - effort"));
}

#[test]
fn an_item_of_the_plan_is_adopted_once() {
    let desk = Desk::with_systems();
    let adopt = ["plan", "--adopt", "1", "--owner", "PER-1", "--due", "2026-12-31"];
    assert_eq!(desk.done(&adopt), "adopted as ACT-1\n");
    let action = desk.json(&["record", "show", "ACT-1"]);
    assert_eq!(action["body"]["due"], "2026-12-31");
    assert!(action["body"]["condition"].is_string(), "{action}");
    assert!(desk.refused(2, &adopt).contains("ACT-1"));
    let due = desk.done(&["due", "--days", "60"]);
    assert!(due.contains("ACT-1") && due.contains("finish the action"), "{due}");
}

#[test]
fn what_a_person_judged_overrides_what_was_derived_with_reason() {
    let desk = Desk::with_systems();
    desk.done(&[
        "record",
        "create",
        "requirement_assessment",
        "--set",
        "requirement=iso42001:4.1-1",
        "--set",
        "result=met",
        "--set",
        "reason=Kept in the board papers",
        "--set",
        "assessed_on=2026-11-01",
        "--set",
        "assessed_by=PER-1",
    ]);
    desk.done(&["record", "move", "ASM-1", "confirm"]);
    let gap = desk.json(&["gap", "iso42001", "--format", "json"]);
    let results = gap["frameworks"][0]["results"].as_array().unwrap();
    let judged = results.iter().find(|row| row["requirement"] == "4.1-1").unwrap();
    assert_eq!(
        (&judged["result"], &judged["derived"]),
        (&Value::from("met"), &Value::from("not_met")),
        "{judged}"
    );
}

#[test]
fn formulas_in_names_are_harmless_in_tables() {
    let desk = Desk::new();
    desk.done(&[
        "record",
        "create",
        "ai_system",
        "--set",
        "name==HYPERLINK(\"http://evil.example\")",
    ]);
    let csv = desk.done(&["inventory", "--format", "csv"]);
    assert!(!csv.contains(",=HYPERLINK") && !csv.contains(",\"=HYPERLINK"), "{csv}");
}

#[test]
fn activity_is_filtered_by_requirement() {
    let desk = Desk::with_systems();
    desk.done(&[
        "record",
        "create",
        "control_implementation",
        "--set",
        "control=iso42001:A.2.2",
        "--set",
        "applicable=true",
        "--set",
        "justification=Asked by law",
    ]);
    let all = desk.json(&["activity", "--format", "json"]);
    let one = desk.json(&["activity", "--requirement", "iso42001:A.2.2", "--format", "json"]);
    assert!(all["events"].as_array().unwrap().len() > 1);
    assert_eq!(one["events"].as_array().unwrap().len(), 1, "{one}");
    assert_eq!(one["events"][0]["record"], "CTL-1");
    assert_eq!(one["events"][0]["at"], NOW);
}
