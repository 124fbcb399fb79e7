//! Every change: what it says, and what it leaves.

use super::Twins;
use crate::{
    classify::answers,
    desk::{Desk, fixture},
};

#[test]
fn records_are_stated_moved_and_withdrawn_the_same() {
    let twins = Twins::of(Desk::with_systems());
    let supplier = ["record", "create", "supplier", "--set", "name=Rope Ltd"];
    assert_eq!(twins.done(&supplier), "SUP-3\n");
    twins.done(&["record", "update", "SUP-3", "--set", "criticality=high"]);
    twins.done(&["record", "update", "SUP-3", "--set", "criticality=high"]);
    twins.done(&["record", "withdraw", "SUP-3", "--reason", "entered twice"]);
    twins.refused(1, &["record", "show", "SUP-3"]);
    let risk = ["record", "create", "risk", "--set", "title=Fog", "--idempotency-key", "fog-1"];
    assert_eq!(twins.done(&risk), "RSK-1\n");
    assert!(twins.done(&risk).starts_with("done before, by entry "));
    let person = ["record", "create", "person", "--set", "position=Pilot", "--name", "P. Lot"];
    let person = [&person[..], &["--email", "p@ferries.example"]].concat();
    assert_eq!(twins.done(&person), "PER-3\n");
    twins.done(&["record", "update", "PER-3", "--name", "P. Lott"]);
    assert!(twins.done(&["record", "show", "PER-3"]).contains("P. Lott"));
    twins.done(&["record", "erase", "PER-3"]);
    assert!(!twins.done(&["record", "show", "PER-3"]).contains("P. Lott"));
    twins.done(&["record", "history", "RSK-1", "--format", "json"]);
    twins.export_the_same();
}

#[test]
fn a_stale_change_is_refused_with_both_versions() {
    let twins = Twins::of(Desk::with_systems());
    twins.done(&["record", "update", "SYS-1", "--set", "description=First"]);
    let stale = ["record", "update", "SYS-1", "--base", "1", "--set", "description=Second"];
    let said = twins.refused(1, &stale);
    assert!(said.contains("you started from version 1, and version 2 is current"), "{said}");
    assert!(said.contains("\"description\": \"First\""), "{said}");
    assert!(said.contains("\"description\": \"Second\""), "{said}");
    twins.refused(1, &["record", "move", "SYS-1", "retire", "--base", "1"]);
}

#[test]
fn whoever_stated_it_does_not_approve_it() {
    let twins = Twins::with(Desk::with_systems(), &[("approver", "PER-2")]);
    let policy = r#"{ "kind": "ai_policy", "title": "AI policy", "version": "1.0", "body": "We care.",
        "commitments": ["requirements"], "owner": "PER-1", "effective_from": "2026-01-01", "next_review": "2027-01-01" }"#;
    twins.write("policy.json", policy);
    twins.done(&["record", "create", "policy", "--json", "policy.json"]);
    twins.done(&["record", "move", "POL-1", "submit"]);
    let said = twins.refused(1, &["record", "move", "POL-1", "approve"]);
    assert!(said.contains("four eyes"), "{said}");
    assert_eq!(
        twins.others[0].done(&["record", "move", "POL-1", "approve"]),
        "POL-1 is approved\n"
    );
    assert!(twins.away.done(&["record", "history", "POL-1"]).contains("PER-2"));
}

#[test]
fn what_is_wrong_is_said_in_the_same_words() {
    let twins = Twins::of(Desk::with_systems());
    for wrong in [
        &["record", "create", "risk", "--set", "title="][..],
        &["record", "create", "risk", "--set", "title=Fog", "--id", "RSK-9000000"],
        &["record", "create", "ai_system", "--set", "name=X", "--set", "owner=PER-99"],
        &["record", "update", "SYS-99", "--set", "name=X"],
        &["record", "move", "SYS-1", "fly"],
        &["record", "withdraw", "PER-1", "--reason", "x"],
        &["record", "erase", "SYS-1"],
        &["ledger", "redact", "3", "--reason", " "],
    ] {
        twins.refused(1, wrong);
    }
    twins.refused(2, &["record", "create", "ai_system", "--set", "colour=red"]);
}

#[test]
fn files_come_in_the_same() {
    let desk = Desk::new();
    desk.done(&["record", "create", "person", "--set", "position=Master", "--name", "M. Aster"]);
    let twins = Twins::of(desk);
    twins.same(&["import", &fixture("systems.csv"), "--dry-run", "--format", "json"]);
    twins.same(&["import", &fixture("broken.csv"), "--strict"]);
    twins.same(&["import", &fixture("systems.csv"), &fixture("broken.csv")]);
    twins.done(&["import", &fixture("systems.csv")]);
    assert!(twins.done(&["import", &fixture("systems.csv")]).contains("0 created, 0 updated"));
    twins.done(&["framework", "import", &fixture("harbour.yaml"), "--format", "json"]);
    twins.done(&["framework", "show", "harbour", "H.1"]);
    twins.done(&["gap", "harbour"]);
    twins.write("log.txt", "alarm at noon\n");
    let fields = ["title=Log", "kind=log", "source=Monitoring", "collected_on=2026-11-01"];
    let set = fields.iter().flat_map(|field| ["--set", field]);
    let create = ["record", "create", "evidence_item", "--file", "log.txt"];
    twins.done(&create.into_iter().chain(set).collect::<Vec<_>>());
    twins.done(&["plan", "--adopt", "1", "--owner", "PER-1", "--due", "2027-01-01"]);
    twins.done(&["pack", "-o", "pack.zip"]);
    // Each entry has a salt of its own, so the roots differ.
    for desk in [&twins.here, &twins.away] {
        assert!(desk.done(&["verify", "pack.zip"]).contains(" entries, 0 redacted"));
    }
    twins.export_the_same();
}

#[test]
fn a_folder_is_applied_the_same() {
    let twins = Twins::of(Desk::with_systems());
    twins.done(&["export", "aims"]);
    for desk in [&twins.here, &twins.away] {
        let file = desk.path("aims/ai_system/SYS-1.yaml");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, text.replace("Tide", "High tide")).unwrap();
        std::fs::remove_file(desk.path("aims/supplier/SUP-2.yaml")).unwrap();
    }
    twins.same(&["apply", "aims", "--dry-run", "--prune", "--format", "json"]);
    let said = twins.refused(1, &["apply", "aims", "--prune"]);
    assert!(said.contains("SUP-2 is referred to by SYS-3"), "{said}");
    assert!(twins.done(&["apply", "aims"]).contains("1 to change"));
    assert!(twins.done(&["apply", "aims"]).contains("0 to change"));
}

#[test]
fn classes_and_clocks_are_kept_the_same() {
    let twins = Twins::of(Desk::with_systems());
    let recruiting = answers("recruiting");
    let classify = ["classify", "SYS-1", "--answers", &recruiting, "--on", "2026-12-02", "--save"];
    twins.done(&classify);
    // It does not hold, which both say with their exit status.
    assert_eq!(twins.same(&["classify", "--kept", "--format", "json"]).status, 1);
    twins.done(&["obligations", "SYS-1", "--format", "json"]);
    twins.done(&["law", "calendar", "--format", "json"]);
    let incident = r#"{ "title": "Export to the wrong pier", "description": "40 people", "ai_systems": ["SYS-2"],
        "severity": "high", "timezone": "Europe/Berlin", "occurred_in": ["DE"], "established_in": "DE",
        "roles": ["controller"], "events": [{ "event": "aware.breach", "at": "2026-11-18T09:30:00+01:00" }],
        "answers": { "data.breach": "yes", "data.risk_unlikely": "no" }, "manager": "PER-1" }"#;
    twins.write("incident.json", incident);
    twins.done(&["record", "create", "incident", "--json", "incident.json"]);
    twins.done(&["clock", "INC-1", "--format", "json"]);
    twins.same(&["clock", "INC-1", "--all"]);
}

#[test]
fn text_is_redacted_and_keys_change_at_the_server() {
    let twins = Twins::of(Desk::with_systems());
    let kept = twins.done(&["ledger", "checkpoint"]);
    twins.write("kept.txt", &kept);
    twins.done(&["record", "update", "SYS-1", "--set", "description=Ask Karla Secret"]);
    twins.done(&["record", "update", "SYS-1", "--set", "description=Gauge data"]);
    let history = twins.away.json(&["record", "history", "SYS-1", "--format", "json"]);
    let seq = history[1]["seq"].to_string();
    let field = "/body/description";
    let redact = ["ledger", "redact", &seq, "--reason", "erasure request", "--field", field];
    twins.done(&redact);
    assert!(twins.refused(1, &redact).contains("already redacted"));
    let log = twins.away.done(&["ledger", "log", "--limit", "1000", "--format", "json"]);
    assert!(!log.contains("Karla Secret"), "{log}");
    twins.done(&["record", "history", "SYS-1", "--format", "json"]);
    let rotated = twins.away.done(&["ledger", "rotate-key"]);
    assert!(rotated.starts_with("new key: surety/harbour-ferries/"), "{rotated}");
    assert_eq!(twins.away.done(&["ledger", "keys"]).lines().count(), 2);
    let verified = ["ledger", "verify", "--checkpoint", "kept.txt", "--rebuild"];
    let said = twins.away.done(&verified);
    assert!(said.contains("1 entries are redacted") && said.contains(": the same"), "{said}");
    for (name, bytes) in super::files(&twins.there.path("data")) {
        assert!(!bytes.windows(12).any(|text| text == b"Karla Secret"), "{name} still holds it");
    }
}
