//! Reporting clocks: one by itself as scripts ask for it, those of an incident, reports drafted, drills scored.

use serde_json::{Value, json};

use crate::desk::Desk;

/// A breach of personal data that became known in Berlin two days before the clock of the tests.
fn breach() -> Value {
    json!({
        "title": "Export to the wrong clinic", "description": "Records of 40 people went to another clinic.",
        "ai_systems": ["SYS-1"], "severity": "high", "timezone": "Europe/Berlin",
        "occurred_in": ["DE"], "established_in": "DE", "roles": ["controller"],
        "events": [
            { "event": "aware", "at": "2026-11-18T09:30:00+01:00" },
            { "event": "aware.breach", "at": "2026-11-18T09:30:00+01:00" },
        ],
        "answers": { "data.breach": "yes", "data.risk_unlikely": "no", "data.high_risk": "no" },
        "particulars": { "breach.nature": "disclosure", "dpo": "dpo@ferries.example" },
        "manager": "PER-1",
    })
}

fn with(incident: &Value) -> Desk {
    let desk = Desk::with_systems();
    let file = desk.write("incident.json", &incident.to_string());
    assert_eq!(desk.done(&["record", "create", "incident", "--json", &file]), "INC-1\n");
    desk
}

/// A record of some kind, confirmed.
fn confirmed(desk: &Desk, kind: &str, fields: &[&str]) -> String {
    let set = fields.iter().flat_map(|field| ["--set", field]);
    let arguments: Vec<_> = ["record", "create", kind].into_iter().chain(set).collect();
    let id = desk.done(&arguments).trim().to_owned();
    desk.done(&["record", "move", &id, "confirm"]);
    id
}

fn clock<'a>(all: &'a Value, id: &str) -> &'a Value {
    all["clocks"].as_array().unwrap().iter().find(|one| one["clock"] == id).unwrap()
}

#[test]
fn one_clock_is_counted_without_any_organisation() {
    let desk = Desk::bare();
    let ask = |more: &[&str]| {
        let base =
            ["clock", "--clock", "gdpr.33.1", "--timezone", "Europe/Berlin", "--format", "json"];
        desk.json(&base.iter().chain(more).copied().collect::<Vec<_>>())
    };
    let answer = ask(&["--start", "2026-11-16T10:20:00+01:00"]);
    assert_eq!(answer["conservative_deadline"], "2026-11-19T10:20:00+01:00");
    assert_eq!(answer["legal_latest"], "2026-11-19T11:00:00+01:00");
    assert!(answer["rules"].as_array().unwrap().iter().all(|rule| rule["citation"].is_string()));
    // 25 December ends the period on a holiday, the 26th and 27th follow.
    let christmas = ask(&["--start", "2026-12-22T10:00:00+01:00", "--country", "DE"]);
    let given =
        ask(&["--start", "2026-12-22T10:00:00+01:00", "--holidays", "2026-12-25,2026-12-26"]);
    assert_eq!(christmas["legal_latest"], given["legal_latest"]);
    assert!(!desk.path("data").exists(), "asking leaves nothing behind");
}

#[test]
fn events_and_answers_settle_what_a_single_instant_leaves_open() {
    let desk = Desk::bare();
    let base = [
        "clock",
        "--clock",
        "dora.initial",
        "--start",
        "2026-11-20T10:00:00+01:00",
        "--timezone",
        "Europe/Paris",
        "--format",
        "json",
    ];
    let ask = |more: &[&str]| desk.json(&base.iter().chain(more).copied().collect::<Vec<_>>());
    let later = ask(&[
        "--event",
        "classified.major=2026-11-20T15:00:00+01:00",
        "--answer",
        "dora.relief_excluded=yes",
    ]);
    assert_eq!(later["legal_latest"], "2026-11-20T19:00:00+01:00");
    let relieved = ask(&[
        "--event",
        "classified.major=2026-11-20T22:00:00+01:00",
        "--answer",
        "dora.relief_excluded=no",
    ]);
    assert_eq!(
        relieved["legal_latest"], "2026-11-23T12:00:00+01:00",
        "noon of the next working day"
    );
}

#[test]
fn what_cannot_be_asked_is_refused_with_the_way_to_ask_it() {
    let desk = with(
        &json!({ "title": "x", "timezone": "Europe/Berlin", "events": [{ "event": "woke.up", "at": "2026-11-18T09:30:00Z" }] }),
    );
    let refused = |arguments: &[&str], wanted: &str| {
        let ran = desk.run(arguments);
        assert!(ran.status > 0 && ran.err.contains(wanted), "{arguments:?}: {ran:?}");
    };
    refused(&["clock"], "give an incident, or --clock");
    refused(
        &["clock", "INC-1"],
        "no event `woke.up` in the vocabulary of incidents; `surety clock --words` shows it",
    );
    refused(&["clock", "INC-7"], "INC-7");
    refused(&["clock", "SYS-1"], "SYS-1 is not an incident");
    let one =
        ["clock", "--clock", "gdpr.33.1", "--start", "2026-11-16T10:20:00+01:00", "--timezone"];
    let zone = |zone, more: &[&'static str]| {
        one.iter().copied().chain([zone]).chain(more.iter().copied()).collect::<Vec<_>>()
    };
    refused(&zone("Europe/Atlantis", &[]), "no time zone `Europe/Atlantis`");
    refused(
        &zone("Europe/Berlin", &["--event", "aware.breach"]),
        "--event aware.breach: write NAME=VALUE",
    );
    refused(&zone("Europe/Berlin", &["--answer", "data.breach=perhaps"]), "say yes, no or unknown");
    refused(&zone("Europe/Berlin", &["--country", "XX"]), "its holidays are not known");
    refused(&["clock", "--clock", "gdpr.33.1"], "--start");
}

#[test]
fn every_clock_of_an_incident_runs_beside_the_others() {
    let desk = with(&breach());
    let all = desk.json(&["clock", "INC-1", "--format", "json"]);
    let authority = clock(&all, "gdpr.33.1");
    assert_eq!(authority["state"], "running");
    assert_eq!(authority["conservative_deadline"], "2026-11-21T09:30:00+01:00");
    assert_eq!(authority["legal_latest"], "2026-11-21T10:00:00+01:00");
    assert_eq!(clock(&all, "gdpr.34")["state"], "not_triggered");
    assert_eq!(all["earliest"]["clock"], "gdpr.33.1");
    let shown = desk.done(&["clock", "INC-1"]);
    assert!(shown.contains("gdpr.33.1") && shown.contains("hours_start"), "{shown}");
    assert!(!shown.contains("gdpr.34"), "only what runs: {shown}");
    let why_not = desk.done(&["clock", "INC-1", "--all", "--format", "md"]);
    assert!(
        why_not.contains("against: Is the breach likely to result in a high risk"),
        "{why_not}"
    );
}

#[test]
fn a_stopped_clock_says_when_and_why() {
    let mut incident = breach();
    incident["stops"] = json!([{
        "clock": "gdpr.33.1", "at": "2026-11-19T12:00:00+01:00", "reason": "duplicate", "by": "PER-1", "note": "see INC-0",
    }]);
    let desk = with(&incident);
    let all = desk.json(&["clock", "INC-1", "--format", "json"]);
    let stopped = clock(&all, "gdpr.33.1");
    assert_eq!(
        (stopped["state"].as_str(), stopped["stopped"]["by"].as_str()),
        (Some("stopped"), Some("PER-1"))
    );
    assert!(stopped["stopped"]["evidence"].as_str().unwrap().contains("other record"));
}

#[test]
fn clocks_and_authorities_of_the_organisation_take_part_once_they_are_confirmed() {
    let desk = with(&breach());
    desk.done(&[
        "record",
        "create",
        "reporting_clock",
        "--set",
        "title=Draft",
        "--set",
        "starts_with=aware",
    ]);
    let clk = confirmed(
        &desk,
        "reporting_clock",
        &[
            "title=Tell the hospital group",
            "source=Contract 9",
            "recipient=Security desk",
            "starts_with=aware",
            "limit=2",
            "unit=working_days",
            "owner=PER-1",
            "ai_systems=SYS-1",
        ],
    );
    confirmed(
        &desk,
        "reporting_clock",
        &[
            "title=Other customer",
            "source=Contract 10",
            "recipient=x",
            "starts_with=aware",
            "unit=immediately",
            "owner=PER-1",
            "ai_systems=SYS-2",
        ],
    );
    confirmed(
        &desk,
        "authority",
        &[
            "name=Data protection office",
            "recipient=supervisory_authority",
            "member_state=DE",
            "channel=portal",
            "owner=PER-1",
        ],
    );
    let all = desk.json(&["clock", "INC-1", "--format", "json"]);
    let ids: Vec<_> =
        all["clocks"].as_array().unwrap().iter().filter_map(|one| one["clock"].as_str()).collect();
    assert_eq!(ids.iter().filter(|id| id.starts_with("CLK")).collect::<Vec<_>>(), [&clk]);
    assert_eq!(clock(&all, &clk)["legal_latest"], "2026-11-21T00:00:00+01:00");
    assert_eq!(clock(&all, "gdpr.33.1")["due"][0]["authority"], "Data protection office");
}

#[test]
fn a_limit_is_a_number_or_a_word() {
    let desk = Desk::with_systems();
    for (unit, limit) in [("hours", "0"), ("immediately", "3"), ("days", "5000")] {
        let (unit, limit) = (format!("unit={unit}"), format!("limit={limit}"));
        let said = desk.refused(
            1,
            &[
                "record",
                "create",
                "reporting_clock",
                "--set",
                "title=x",
                "--set",
                &unit,
                "--set",
                &limit,
            ],
        );
        assert!(said.contains("limit"), "{said}");
    }
}

#[test]
fn a_report_is_drafted_from_records_and_says_what_is_missing() {
    let desk = with(&breach());
    let first = desk.run(&["clock", "INC-1", "--draft", "gdpr.33.1", "--format", "json"]);
    let draft: Value = serde_json::from_str(&first.out).unwrap();
    assert_eq!(
        (first.status, draft["missing"].clone()),
        (0, json!([])),
        "a first report may leave gaps"
    );
    let value = |id: &str| {
        let fields = draft["fields"].as_array().unwrap();
        fields.iter().find(|one| one["field"] == id).unwrap()["value"].clone()
    };
    assert_eq!(value("organisation"), "Harbour Ferries");
    assert_eq!(value("reference"), "INC-1");
    assert_eq!(value("dpo"), "dpo@ferries.example");
    assert_eq!(value("aware_at"), "2026-11-18T09:30:00+01:00");
    let complete = desk.run(&["clock", "INC-1", "--draft", "gdpr.33.1", "--complete"]);
    assert_eq!(complete.status, 1, "wanting");
    assert!(complete.out.contains("■ missing"), "{}", complete.out);
    let said = desk.refused(1, &["clock", "INC-1", "--draft", "aia.nowhere"]);
    assert!(said.contains("there is no clock `aia.nowhere`"), "{said}");
}

#[test]
fn a_drill_is_told_apart_and_scored() {
    let mut incident = breach();
    incident["drill"] = json!(true);
    incident["events"].as_array_mut().unwrap().push(
        json!({ "event": "submitted.gdpr.33.1", "at": "2026-11-20T12:00:00+01:00", "by": "PER-1" }),
    );
    let desk = with(&incident);
    let score = desk.json(&["clock", "INC-1", "--drill", "--format", "json"]);
    assert_eq!((score["in_time"].as_u64(), score["met_percent"].as_u64()), (Some(1), Some(100)));
    let shown = desk.done(&["clock", "INC-1", "--drill"]);
    assert!(shown.contains("DRILL, nobody is told") && shown.contains("● in time"), "{shown}");
    assert!(desk.done(&["clock", "INC-1"]).contains("DRILL, nobody is told"));
}

#[test]
fn an_incident_is_seen_as_it_was_recorded_and_under_the_law_of_a_day() {
    let mut desk = with(&breach());
    desk.at("2026-11-25T09:00:00Z");
    desk.done(&["record", "update", "INC-1", "--set", "roles=processor"]);
    let now = desk.json(&["clock", "INC-1", "--format", "json"]);
    assert_eq!(clock(&now, "gdpr.33.1")["state"], "not_triggered");
    let then = desk.json(&["clock", "INC-1", "--as-of", "2026-11-20", "--format", "json"]);
    assert_eq!(clock(&then, "gdpr.33.1")["state"], "overdue");
}

#[test]
fn the_words_and_the_clocks_can_be_listed() {
    let desk = Desk::bare();
    let words = desk.json(&["clock", "--words", "--format", "json"]);
    for list in ["events", "questions", "roles", "recipients", "stops"] {
        assert!(words[list].as_array().unwrap().len() > 5, "{list}");
    }
    assert_eq!(desk.json(&["clock", "--list", "--format", "json"]).as_array().unwrap().len(), 43);
    assert!(
        !desk.done(&["clock", "--list"]).contains("ledger entries"),
        "nothing rests on a ledger"
    );
}

/// A class brings tiers that no clock knows anything of.
#[test]
fn the_clocks_of_a_system_with_a_class_run_whatever_the_class() {
    let desk = with(&breach());
    let file = crate::classify::answers("chatbot");
    desk.done(&["classify", "SYS-1", "--answers", &file, "--save"]);
    let tiers = desk.json(&["record", "show", "CLS-1"])["body"]["tiers"].clone();
    assert!(tiers.to_string().contains("any_ai_system"), "{tiers}");
    let all = desk.json(&["clock", "INC-1", "--format", "json"]);
    assert!(clock(&all, "gdpr.33.1")["legal_latest"].is_string(), "{all}");
    let serious = clock(&all, "aia.art73.2");
    let says = "no date for this kind of system: the provision does not reach it";
    assert!(serious.to_string().contains(says), "its class is settled: {serious}");
}
