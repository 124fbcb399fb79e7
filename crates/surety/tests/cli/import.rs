//! Files in: what goes in, what is reported, what changes nothing.

use serde_json::Value;

use crate::desk::{Desk, fixture};

fn titles(desk: &Desk, kind: &str) -> Vec<String> {
    let records = desk.json(&["record", "list", kind, "--format", "json"]);
    let name = |record: &Value| record["body"]["name"].as_str().unwrap_or_default().to_owned();
    records.as_array().unwrap().iter().map(name).collect()
}

#[test]
fn an_inventory_becomes_systems_people_and_suppliers() {
    let desk = Desk::with_systems();
    assert_eq!(titles(&desk, "ai_system"), ["Tide forecast", "Queue counter", "Crew planner"]);
    assert_eq!(titles(&desk, "supplier"), ["Camworks Ltd", "Rostera AB"]);
    let counter = desk.json(&["record", "show", "SYS-2"]);
    assert_eq!(counter["state"], "in_operation");
    assert_eq!(counter["body"]["owner"], "PER-1");
    assert_eq!(counter["body"]["go_live"], "2025-06-01");
    assert_eq!(counter["body"]["ai_act_class"], "limited");
    assert_eq!(counter["body"]["suppliers"][0], "SUP-1");
    assert_eq!(desk.json(&["record", "show", "PER-2"])["personal"]["email"], "bo@ferries.example");
}

#[test]
fn names_and_addresses_of_people_stay_off_the_ledger() {
    let desk = Desk::with_systems();
    let log = desk.done(&["ledger", "log", "--limit", "1000", "--format", "json"]);
    assert!(log.contains("Tide forecast"));
    assert!(!log.contains("Ada Nissen") && !log.contains("ferries.example"), "{log}");
}

#[test]
fn importing_a_file_twice_changes_nothing() {
    let desk = Desk::with_systems();
    let before = desk.entries();
    let again = desk.done(&["import", &fixture("systems.csv")]);
    assert!(again.contains("0 created, 0 updated"), "{again}");
    assert_eq!(desk.entries(), before);
}

#[test]
fn a_changed_copy_of_the_same_register_updates_its_records() {
    let desk = Desk::with_systems();
    let text = std::fs::read_to_string(fixture("systems.csv")).unwrap();
    let copy = desk.write(
        "systems 2026-11-20.csv",
        &text.replace("Count waiting cars by camera", "Count waiting vehicles"),
    );
    let report = desk.json(&["import", &copy, "--format", "json"]);
    let changes = report["files"][0]["changes"].as_array().unwrap();
    let updated: Vec<_> = changes.iter().filter(|change| change["change"] == "update").collect();
    assert_eq!(updated.len(), 1, "{changes:?}");
    assert_eq!(updated[0]["record"], "SYS-2");
    assert_eq!(updated[0]["fields"], serde_json::json!(["purpose"]));
    assert_eq!(titles(&desk, "ai_system").len(), 3);
}

#[test]
fn a_dry_run_says_what_would_change_and_changes_nothing() {
    let desk = Desk::new();
    let before = desk.entries();
    let said = desk.done(&["import", "--dry-run", &fixture("systems.csv")]);
    assert!(said.contains("would create SYS-3 Crew planner"), "{said}");
    assert!(said.contains("dry run"), "{said}");
    assert_eq!(desk.entries(), before);
    assert!(titles(&desk, "person").is_empty());
}

#[test]
fn a_bad_row_names_file_line_and_column_and_the_rest_goes_in() {
    let desk = Desk::new();
    let ran = desk.run(&["import", &fixture("broken.csv")]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.err.contains("broken.csv, line 2, column 4 (Go-live): error"), "{}", ran.err);
    assert!(ran.err.contains("broken.csv, line 3"), "{}", ran.err);
    assert!(titles(&desk, "ai_system").contains(&"Berth plan".to_owned()));
}

#[test]
fn a_strict_import_takes_all_or_nothing() {
    let desk = Desk::new();
    let before = desk.entries();
    let ran = desk.run(&["import", "--strict", &fixture("systems.csv"), &fixture("broken.csv")]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.out.contains("nothing was imported"), "{}", ran.out);
    assert_eq!(desk.entries(), before);
    desk.done(&["import", "--strict", &fixture("systems.csv")]);
}

#[test]
fn columns_that_have_no_known_name_are_mapped_by_hand() {
    let desk = Desk::new();
    let file = desk.write("list.csv", "Thing,Steward,Colour\nGate control,Ada Nissen,red\n");
    desk.done(&[
        "import",
        &file,
        "--kind",
        "ai_system",
        "--map",
        "Thing=name",
        "--map",
        "Steward=owner",
        "--map",
        "Colour=-",
    ]);
    assert_eq!(desk.json(&["record", "show", "SYS-1"])["body"]["owner"], "PER-1");
    let said = desk.refused(1, &["import", &file, "--kind", "ai_system", "--map", "Shape=name"]);
    assert!(said.contains("line 1 has \"Thing\", \"Steward\""), "{said}");
}

#[test]
fn what_no_reader_knows_is_refused_by_name() {
    let desk = Desk::new();
    let file = desk.write("letter.bin", "\u{0}\u{1}\u{2}");
    let said = desk.refused(1, &["import", &file]);
    assert!(said.contains("letter.bin"), "{said}");
}

#[test]
fn cards_and_bills_of_materials_are_recognised_by_content() {
    let desk = Desk::new();
    let card = desk.write(
        "README.md",
        "---\npipeline_tag: image-classification\nlicense: mit\nmodel_name: Berth watch\n---\n\n# Berth watch\n\nSees which berth is free.\n",
    );
    let bom = desk.write(
        "bom.json",
        r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"machine-learning-model","bom-ref":"m","name":"Fog horn","version":"1"}]}"#,
    );
    let report = desk.json(&["import", &card, &bom, "--format", "json"]);
    assert_eq!(report["files"][0]["format"], "model_card");
    assert_eq!(report["files"][1]["format"], "cyclone_dx");
    assert_eq!(titles(&desk, "ai_system"), ["Berth watch", "Fog horn"]);
    // The file itself is kept as evidence, not yet accepted.
    let evidence =
        desk.json(&["record", "list", "evidence_item", "--state", "collected", "--format", "json"]);
    assert_eq!(evidence[0]["body"]["file"]["name"], "README.md");
}
