//! From a decision to an operating control, and back when its evidence lapses.

use serde_json::Value;

use crate::desk::Desk;

/// One control decided, put in place, documented and proved for October.
fn operating() -> Desk {
    let mut desk = Desk::bare();
    desk.at("2026-10-01T09:00:00Z").done(&["init", "--org", "Harbour Ferries"]);
    desk.done(&["import", &crate::desk::fixture("systems.csv")]);
    desk.done(&[
        "record",
        "create",
        "control_implementation",
        "--set",
        "control=iso42001:A.6.2.6",
        "--set",
        "applicable=true",
        "--set",
        "justification=Forecasts drift",
        "--set",
        "description=Alarms on the error of the forecast",
        "--set",
        "owner=PER-1",
        "--set",
        "cadence=monthly",
        "--set",
        "artefact=Alarm log",
        "--set",
        "due=2026-10-31",
    ]);
    desk
}

fn prove(desk: &Desk, id: &str, kind: &str, from: &str, to: &str) {
    desk.done(&[
        "record",
        "create",
        "evidence_item",
        "--set",
        "title=Alarms",
        "--set",
        &format!("kind={kind}"),
        "--set",
        "source=Monitoring",
        "--set",
        &format!("collected_on={to}"),
        "--set",
        &format!("period_from={from}"),
        "--set",
        &format!("period_to={to}"),
        "--set",
        "supports=iso42001:A.6.2.6",
    ]);
    desk.done(&["record", "move", id, "accept"]);
}

fn cell(desk: &Desk, extra: &[&str]) -> Value {
    desk.json(&[&["soa", "--why", "A.6.2.6:SYS-1", "--format", "json"][..], extra].concat())
}

#[test]
fn a_policy_alone_never_makes_a_control_operate() {
    let mut desk = operating();
    prove(&desk, "EVD-1", "policy", "2026-10-01", "2026-10-01");
    for step in ["plan", "start", "report_implemented"] {
        let ran = desk.run(&["record", "move", "CTL-1", step]);
        assert!(ran.status == 0 || step == "report_implemented", "{ran:?}");
    }
    desk.at("2026-10-02T09:00:00Z");
    let before = cell(&desk, &[]);
    assert_eq!(
        (&before["designed"], &before["operating"]),
        (&Value::Bool(true), &Value::Bool(false)),
        "{before}"
    );
}

#[test]
fn a_control_operates_while_its_evidence_lasts_and_says_why_when_it_lapses() {
    let mut desk = operating();
    prove(&desk, "EVD-1", "log", "2026-09-01", "2026-09-30");
    for step in ["plan", "start", "report_implemented"] {
        desk.done(&["record", "move", "CTL-1", step]);
    }
    let now = cell(&desk, &[]);
    assert_eq!(now["operating"], true, "{now}");
    assert_eq!(now["level"], "organisation");
    assert_eq!(now["source"], "CTL-1");
    desk.at("2026-12-15T09:00:00Z");
    let later = cell(&desk, &[]);
    assert_eq!(later["operating"], false, "{later}");
    let said = desk.done(&["soa", "--why", "A.6.2.6:SYS-1"]);
    assert!(said.contains("the evidence has lapsed (EVD-1"), "{said}");
    assert!(said.contains("decided for the whole organisation (CTL-1; 6.1.3 f)"), "{said}");
    let open = later["uncovered"].as_array().unwrap().last().unwrap();
    assert_eq!(open["to"], "2026-12-15", "{later}");
}

#[test]
fn a_view_of_a_past_day_knows_only_what_was_known_then() {
    let mut desk = operating();
    desk.at("2026-11-10T09:00:00Z");
    prove(&desk, "EVD-1", "log", "2026-10-01", "2026-10-31");
    for step in ["plan", "start", "report_implemented"] {
        desk.done(&["record", "move", "CTL-1", step]);
    }
    assert_eq!(cell(&desk, &[])["operating"], true);
    let then = cell(&desk, &["--as-of", "2026-11-09"]);
    assert_eq!(
        (&then["operating"], &then["state"]),
        (&Value::Bool(false), &Value::from("not_started")),
        "{then}"
    );
    let diff = desk.json(&["diff", "soa", "--from", "2026-11-09", "--format", "json"]);
    assert!(diff.to_string().contains("A.6.2.6"), "{diff}");
    let none = desk.json(&[
        "diff",
        "soa",
        "--from",
        "2026-11-10",
        "--to",
        "2026-11-10",
        "--format",
        "json",
    ]);
    assert!(!none.to_string().contains("A.6.2.6"), "{none}");
    let before =
        desk.done(&["record", "list", "ai_system", "--as-of", "2026-09-01", "--format", "json"]);
    assert_eq!(before.trim(), "[]");
}

#[test]
fn a_decision_for_one_system_overrides_that_of_the_organisation() {
    let desk = operating();
    desk.done(&[
        "record",
        "create",
        "control_implementation",
        "--set",
        "control=iso42001:A.6.2.6",
        "--set",
        "ai_system=SYS-2",
        "--set",
        "applicable=false",
        "--set",
        "justification=Counts only, and keeps nothing",
    ]);
    let soa = desk.json(&["soa", "--format", "json"]);
    let cells: Vec<_> = soa["cells"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|cell| cell["control"] == "A.6.2.6")
        .collect();
    let applicable: Vec<_> = cells.iter().map(|cell| cell["applicable"].as_bool()).collect();
    assert_eq!(applicable, [Some(true), Some(false), Some(true)]);
    assert_eq!(cells[1]["level"], "ai_system");
    assert!(cells[1]["why"].to_string().contains("6.1.3 f"));
}

#[test]
fn instants_never_run_backwards() {
    let mut desk = operating();
    let before = desk.entries();
    desk.at("2020-01-01T00:00:00Z");
    desk.done(&["record", "create", "supplier", "--set", "name=Early Ltd"]);
    let log = desk.json(&["ledger", "log", "--from", &before.to_string(), "--format", "json"]);
    let instant = log[0]["header"]["instant"].as_str().unwrap();
    assert!(instant.starts_with("2026-10-01"), "{instant}");
}
