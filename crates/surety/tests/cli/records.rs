//! Records: stating, moving, four eyes, stale versions, history.

use serde_json::json;

use crate::desk::{Desk, NOW};

const POLICY: &str = r#"{"kind":"ai_policy","title":"AI policy","version":"1.0","body":"With care.",
    "commitments":["requirements","improvement"],"owner":"PER-1","effective_from":"2026-01-01","next_review":"2027-01-01"}"#;

fn with_policy() -> Desk {
    let desk = Desk::with_systems();
    let file = desk.write("policy.json", POLICY);
    assert_eq!(
        desk.done(&["--actor", "PER-1", "record", "create", "policy", "--json", &file]),
        "POL-1\n"
    );
    desk
}

#[test]
fn whoever_stated_a_policy_does_not_approve_it() {
    let desk = with_policy();
    desk.done(&["--actor", "PER-1", "record", "move", "POL-1", "submit"]);
    let said = desk.refused(1, &["--actor", "PER-1", "record", "move", "POL-1", "approve"]);
    assert!(said.contains("another person must approve (four eyes)"), "{said}");
    assert_eq!(
        desk.done(&["--actor", "PER-2", "record", "move", "POL-1", "approve"]),
        "POL-1 is approved\n"
    );
}

#[test]
fn a_step_that_is_not_possible_names_those_that_are() {
    let desk = with_policy();
    let said = desk.refused(1, &["record", "move", "POL-1", "approve"]);
    assert!(said.contains("POL-1 is draft") && said.contains("submit (in_review)"), "{said}");
    desk.done(&["record", "create", "policy", "--set", "title=Short"]);
    let said = desk.refused(1, &["record", "move", "POL-2", "submit"]);
    assert!(said.contains("POL-2 lacks kind, version, body, commitments"), "{said}");
}

#[test]
fn a_stale_version_is_refused_and_both_are_shown() {
    let desk = with_policy();
    desk.done(&["record", "update", "POL-1", "--set", "body=With great care."]);
    let said = desk.refused(
        1,
        &["record", "update", "POL-1", "--base", "1", "--set", "body=With little care."],
    );
    assert!(said.contains("you started from version 1, and version 2 is current"), "{said}");
    assert!(said.contains("With great care.") && said.contains("With little care."), "{said}");
    assert_eq!(
        desk.done(&["record", "update", "POL-1", "--base", "2", "--set", "body=With less."]),
        "POL-1 version 3\n"
    );
    assert_eq!(
        desk.done(&["record", "update", "POL-1", "--set", "body=With less."]),
        "POL-1 unchanged\n"
    );
}

#[test]
fn fields_are_checked_and_named() {
    let desk = Desk::with_systems();
    for (setting, says) in [
        ("owner=PER-77", "owner: there is no PER-77"),
        ("owner=SUP-1", "owner"),
        ("criticality=enormous", "criticality"),
        ("next_review=soon", "next_review"),
    ] {
        let said = desk.refused(1, &["record", "update", "SYS-1", "--set", setting]);
        assert!(said.contains(says), "{setting}: {said}");
    }
    let said = desk.refused(
        1,
        &[
            "record",
            "create",
            "evidence_item",
            "--set",
            "title=A",
            "--set",
            "supports=iso42001:A.99",
        ],
    );
    assert!(said.contains("supports: `iso42001:A.99` is in no framework in use"), "{said}");
}

#[test]
fn lists_dates_and_files_are_set_from_the_command_line() {
    let desk = Desk::with_systems();
    let report = desk.write("report.txt", "all well\n");
    desk.done(&[
        "record",
        "create",
        "evidence_item",
        "--set",
        "title=Check of gauges",
        "--set",
        "kind=test_result",
        "--set",
        "source=Harbour office",
        "--set",
        "collected_on=2026-11-19",
        "--set",
        "supports=iso42001:A.6.2.4,iso42001:A.6.2.6",
        "--set",
        "ai_systems=SYS-1",
        "--file",
        &report,
    ]);
    let shown = desk.json(&["record", "show", "EVD-1"]);
    assert_eq!(shown["body"]["supports"], json!(["iso42001:A.6.2.4", "iso42001:A.6.2.6"]));
    assert_eq!(shown["body"]["file"]["bytes"], 9);
    assert_eq!(shown["body"]["file"]["name"], "report.txt");
    assert_eq!(shown["next_steps"][0]["action"], "accept");
    desk.done(&["record", "move", "EVD-1", "accepted"]);
    assert_eq!(desk.json(&["record", "show", "SYS-1"])["referred_to_by"], json!(["EVD-1"]));
}

#[test]
fn asking_twice_with_one_key_creates_one_record() {
    let desk = Desk::new();
    let ask = || {
        desk.done(&[
            "record",
            "create",
            "supplier",
            "--set",
            "name=Twice Ltd",
            "--idempotency-key",
            "k-1",
        ])
    };
    assert_eq!(ask(), "SUP-1\n");
    assert!(ask().starts_with("done before"), "the key was used");
    assert_eq!(
        desk.json(&["record", "list", "supplier", "--format", "json"]).as_array().unwrap().len(),
        1
    );
}

#[test]
fn an_organisation_defines_fields_of_its_own() {
    let desk = Desk::with_systems();
    desk.done(&[
        "record",
        "create",
        "custom_field",
        "--set",
        "record_kind=ai_system",
        "--set",
        "name=cost_centre",
        "--set",
        "label=Cost centre",
        "--set",
        "type=text",
    ]);
    desk.done(&["record", "update", "SYS-1", "--set", "custom.cost_centre=4100x"]);
    assert_eq!(desk.json(&["record", "show", "SYS-1"])["custom"]["cost_centre"], "4100x");
    let said = desk.refused(1, &["record", "update", "SYS-1", "--set", "custom.colour=red"]);
    assert!(said.contains("colour"), "{said}");
}

#[test]
fn history_names_every_version_and_step() {
    let desk = with_policy();
    desk.done(&["--actor", "PER-1", "record", "move", "POL-1", "submit"]);
    let history = desk.json(&["record", "history", "POL-1", "--format", "json"]);
    let what: Vec<_> = history.as_array().unwrap().iter().map(|row| row["what"].clone()).collect();
    assert_eq!(what.len(), 2);
    assert!(history[0]["what"].as_str().unwrap().contains("in_review"), "newest first: {what:?}");
    assert_eq!(history[0]["by"], "PER-1");
    assert_eq!(history[0]["at"], NOW);
    assert!(desk.done(&["record", "history", "policy"]).contains("POL-1"));
}

#[test]
fn what_others_refer_to_is_not_withdrawn_and_numbers_are_not_given_out_again() {
    let desk = Desk::with_systems();
    let said = desk.refused(1, &["record", "withdraw", "PER-2", "--reason", "left"]);
    assert!(said.contains("SYS-3"), "{said}");
    desk.done(&["record", "create", "supplier", "--set", "name=Wrong Ltd"]);
    desk.done(&["record", "withdraw", "SUP-3", "--reason", "entered twice"]);
    assert!(desk.refused(1, &["record", "show", "SUP-3"]).contains("SUP-3"));
    assert_eq!(desk.done(&["record", "create", "supplier", "--set", "name=Right Ltd"]), "SUP-4\n");
}

#[test]
fn a_person_is_erased_and_the_ledger_still_verifies() {
    let desk = Desk::with_systems();
    desk.done(&["record", "erase", "PER-2"]);
    let shown = desk.json(&["record", "show", "PER-2"]);
    assert!(shown.get("personal").is_none(), "{shown}");
    assert!(!desk.done(&["inventory"]).contains("Bo Hansen"));
    desk.done(&["ledger", "verify", "--rebuild"]);
}

#[test]
fn kinds_and_schemas_are_listed() {
    let desk = Desk::new();
    let kinds = desk.json(&["record", "kinds", "--format", "json"]);
    let system = kinds.as_array().unwrap().iter().find(|kind| kind["kind"] == "ai_system").unwrap();
    assert_eq!(system["prefix"], "SYS");
    let schema = desk.json(&["record", "schema", "ai_system"]);
    assert!(schema["properties"]["purpose"]["description"].is_string());
}
