//! `law binding` and `law impact`: what binds on a day, and what a new version of the law changes.

use std::{collections::BTreeMap, io::Cursor};

use serde_json::{Value, json};

use crate::{
    classify::{classified, each},
    desk::Desk,
};

const BINDING: [&str; 4] = ["law", "binding", "--format", "json"];
const IMPACT: [&str; 6] = ["law", "impact", "--from", "v2024", "--to", "v2026"];

/// Whether and from when each provision binds in a scope.
fn binding(scope: &str, more: &[&str]) -> Value {
    Desk::bare().json(&[&BINDING[..], &["--scope", scope], more].concat())
}

fn by_id(answer: &Value) -> BTreeMap<&str, &Value> {
    let rows = answer["obligations"].as_array().unwrap();
    rows.iter().map(|row| (row["id"].as_str().unwrap(), row)).collect()
}

/// Of one provision: whether it binds, from when formally, from when operatively.
fn of(answer: &Value, id: &str) -> Value {
    let row = by_id(answer)[id];
    json!([row["binds"], row["formal_from"], row["operative_from"]])
}

#[test]
fn every_provision_says_whether_it_binds_in_every_scope() {
    let law = ["framework", "show", "eu-ai-act", "--format", "json"];
    let law = Desk::new().json(&law).to_string();
    for scope in ["all", "high_risk_annex_iii", "high_risk_annex_i", "transparency", "gpai"] {
        let answer = binding(scope, &["--on", "2026-12-02"]);
        assert_eq!((&answer["on"], &answer["scope"]), (&"2026-12-02".into(), &scope.into()));
        let rows = by_id(&answer);
        assert_eq!(rows.len(), answer["obligations"].as_array().unwrap().len(), "each once");
        assert!(rows.len() > 200);
        for (id, row) in rows {
            assert!(law.contains(&format!("\"{id}\"")), "{id} is no provision of the framework");
            let operative = row["operative_from"].as_str();
            let reached = operative.is_some_and(|day| day <= "2026-12-02");
            assert_eq!(row["binds"], reached, "{row}");
            assert!(row.get("formal_from").is_some(), "{row}");
            assert!(!row["why"].as_str().unwrap().is_empty(), "{row}");
        }
    }
}

#[test]
fn the_amendment_moves_what_binds_once_it_is_published_and_in_force() {
    let of_day = |on: &str, known: &str| {
        let answer = binding("high_risk_annex_iii", &["--on", on, "--law-as-of", known]);
        (answer["obligations"][0]["version"].clone(), of(&answer, "aia.art9.1"))
    };
    let adopted = |binds: bool| ("v2024".into(), json!([binds, "2026-08-02", "2026-08-02"]));
    let amended = |binds: bool| ("v2026".into(), json!([binds, "2027-12-02", "2027-12-02"]));
    assert_eq!(of_day("2026-07-26", "2026-07-26"), adopted(false), "published, not in force");
    assert_eq!(of_day("2026-07-27", "2026-07-27"), amended(false));
    assert_eq!(of_day("2026-08-02", "2026-07-23"), adopted(true), "as it was known");
    assert_eq!(of_day("2026-08-02", "2026-07-24"), amended(false));
    assert_eq!(of_day("2027-12-01", "2026-11-20"), amended(false));
    assert_eq!(of_day("2027-12-02", "2026-11-20"), amended(true));
}

#[test]
fn what_applies_on_its_face_may_not_bite_yet() {
    let answer = binding("high_risk_annex_iii", &["--on", "2026-11-20"]);
    assert_eq!(of(&answer, "aia.art83.1"), json!([false, "2026-08-02", "2027-12-02"]));
}

#[test]
fn what_is_not_in_a_version_does_not_bind() {
    let known = ["--on", "2026-12-02", "--law-as-of", "2026-07-23"];
    let answer = binding("high_risk_annex_i_b", &known);
    assert_eq!(of(&answer, "aia.art60a"), json!([false, null, null]));
    let why = &by_id(&answer)["aia.art60a"]["why"];
    assert_eq!(why, "it does not stand in version v2024");
}

#[test]
fn an_older_system_is_bound_by_a_significant_change_of_its_design() {
    let changed = |more: &[&str]| {
        let more = [&["--on", "2028-06-01"], more].concat();
        of(&binding("high_risk_annex_iii_legacy", &more), "aia.art9.1")
    };
    assert_eq!(changed(&[]), json!([false, null, null]));
    assert_eq!(changed(&["--changed-on", "2027-12-01"]), json!([false, null, null]));
    assert_eq!(changed(&["--changed-on", "2028-01-01"]), json!([true, null, "2028-01-01"]));
    assert_eq!(changed(&["--changed-on", "2028-06-02"]), json!([false, null, "2028-06-02"]));
}

#[test]
fn a_scope_that_is_not_known_is_refused_with_those_that_are() {
    let desk = Desk::bare();
    let said = desk.refused(2, &["law", "binding", "--scope", "high_risk"]);
    for wanted in ["no scope `high_risk`", "all, ", "high_risk_annex_iii_legacy", "transparency"] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    for (arguments, says) in [
        (&["law", "binding"][..], "--scope"),
        (&["law", "binding", "--scope", "all", "--on", "later"], "--on"),
        (&["law", "binding", "--scope", "all", "--law-as-of", "2020-01-01"], "2024-07-12"),
        (&["law", "calendar", "--law-as-of", "2020-01-01"], "2024-07-12"),
        (&["law", "calendar", "--with-systems"], "--ics"),
        (&["law", "impact", "--from", "v2024"], "--to"),
    ] {
        let said = desk.refused(2, arguments);
        assert!(said.contains(says), "{arguments:?} should say {says}: {said}");
    }
}

#[test]
fn every_answer_about_the_law_comes_in_every_format() {
    let desk = classified();
    let scope = ["law", "binding", "--scope", "all"];
    let questions: [&[&str]; 6] = [
        &["classify", "SYS-1"],
        &["classify", "--all"],
        &["obligations", "SYS-1"],
        &scope,
        &["law", "calendar"],
        &IMPACT,
    ];
    for question in questions {
        let run = |format| {
            let ran = desk.run(&[question, &["--format", format][..]].concat());
            assert_eq!(ran.status, 0, "{question:?} as {format}: {}", ran.err);
            ran
        };
        serde_json::from_str::<Value>(&run("json").out).unwrap();
        assert!(run("csv").out.lines().next().unwrap().contains(','), "{question:?}");
        assert!(run("md").out.contains("| ---"), "{question:?}");
        assert!(run("table").out.lines().count() > 4, "{question:?}");
        let mut book = zip::ZipArchive::new(Cursor::new(run("xlsx").bytes)).unwrap();
        assert!(book.by_name("xl/workbook.xml").is_ok(), "{question:?}");
    }
}

#[test]
fn the_impact_of_an_amendment_names_systems_obligations_and_dates() {
    let impact = classified().json(&[&IMPACT[..], &["--format", "json"]].concat());
    assert_eq!((&impact["from"], &impact["to"]), (&"v2024".into(), &"v2026".into()));
    assert_eq!(each(&impact["systems"], "subject"), ["SYS-1", "SYS-2"]);
    let recruiting = &impact["systems"][0];
    assert_eq!(recruiting["class"]["outcome_before"], recruiting["class"]["outcome_after"]);
    let moved = recruiting["moved"].as_array().unwrap();
    let risk = moved.iter().find(|one| one["id"] == "aia.art9.1").unwrap();
    assert_eq!(
        (&risk["operative_before"], &risk["operative_after"]),
        (&"2026-08-02".into(), &"2027-12-02".into())
    );
    assert!(!impact["changes"].as_array().unwrap().is_empty());
    assert_eq!(each(&impact["reassessments"], "subject"), ["SYS-1"], "a new wording alone is none");
    let reasons = impact["reassessments"][0]["reasons"].as_array().unwrap();
    assert!(reasons[0].as_str().unwrap().contains("obligations that move"), "{reasons:?}");
}

#[test]
fn totals_of_an_impact_are_the_sums_over_its_systems() {
    let impact = classified().json(&[&IMPACT[..], &["--format", "json"]].concat());
    let systems = impact["systems"].as_array().unwrap();
    let totals = &impact["totals"];
    assert_eq!((&totals["subjects"], &totals["touched"]), (&json!(2), &json!(systems.len())));
    for list in ["appear", "disappear", "moved", "reworded"] {
        let sum: usize = systems.iter().map(|one| one[list].as_array().unwrap().len()).sum();
        assert_eq!(totals[list], sum, "{list}");
    }
    for side in ["before", "after"] {
        let of = |one: &Value| one["binding"][0][side].as_u64().unwrap();
        assert_eq!(of(totals), systems.iter().map(of).sum::<u64>(), "{side}");
    }
}

#[test]
fn what_binds_in_an_impact_is_counted_on_the_day_asked_for() {
    let desk = classified();
    let on = |day| {
        let impact = desk.json(&[&IMPACT[..], &["--on", day, "--format", "json"]].concat());
        let counted = &impact["totals"]["binding"][0];
        assert_eq!(counted["on"], day);
        (counted["before"].as_u64().unwrap(), counted["after"].as_u64().unwrap())
    };
    let (before, after) = on("2026-11-20");
    assert!(before > after + 50, "high-risk duties of the law as adopted are postponed");
    let (before, after) = on("2027-12-02");
    assert!(after >= before);
}

#[test]
fn the_table_of_an_impact_says_what_changes_and_why_to_assess_again() {
    let table = classified().done(&IMPACT);
    assert!(table.contains("2 of 2 AI systems"), "{table}");
    let row = table.lines().find(|line| line.starts_with("SYS-1 ")).unwrap();
    assert!(row.contains("obligations that move to other dates"), "{row}");
}

#[test]
fn nothing_changes_between_a_version_and_itself() {
    let desk = classified();
    let arguments = ["law", "impact", "--from", "v2026", "--to", "v2026", "--format", "json"];
    let impact = desk.json(&arguments);
    for list in ["changes", "systems", "reassessments"] {
        assert_eq!(impact[list], json!([]), "{list}");
    }
    let before = desk.entries();
    desk.done(&[&arguments[..], &["--open"]].concat());
    assert_eq!(desk.entries(), before);
}

#[test]
fn a_version_that_the_law_does_not_have_is_refused_with_those_that_it_has() {
    let desk = classified();
    for (from, to) in [("v2024", "v2099"), ("v2099", "v2026")] {
        let said = desk.refused(1, &["law", "impact", "--from", from, "--to", to]);
        assert!(said.contains("no version `v2099`; use one of v2024, v2026"), "{said}");
    }
    let said = Desk::bare().refused(1, &IMPACT);
    assert!(said.contains("surety init --org NAME"), "{said}");
}

#[test]
fn an_impact_opens_what_is_to_be_assessed_again() {
    let desk = classified();
    let before = desk.entries();
    desk.done(&IMPACT);
    assert_eq!(desk.entries(), before, "without --open nothing is opened");
    let ran = desk.run(&[&IMPACT[..], &["--open"]].concat());
    assert_eq!((ran.status, ran.err.as_str()), (0, "kept as CLS-3\n"));
    assert_eq!(desk.entries(), before + 1, "one for SYS-1, and none for a new wording");
    let opened = desk.json(&["record", "show", "CLS-3"]);
    assert_eq!(opened["state"], "planned");
    let body = &opened["body"];
    assert_eq!((&body["ai_system"], &body["law_version"]), (&"SYS-1".into(), &"v2026".into()));
    assert_eq!(body["next_due"], "2026-11-20");
    assert!(body["remarks"].as_str().unwrap().contains("obligations that move"), "{body}");
    let due = desk.done(&["due"]);
    assert!(due.contains("CLS-3"), "{due}");
}

#[test]
fn the_class_on_record_counts_until_it_was_assessed_again() {
    let desk = classified();
    desk.done(&[&IMPACT[..], &["--open"]].concat());
    let answer = desk.json(&["obligations", "SYS-1", "--format", "json"]);
    assert_eq!(answer["classification"], "CLS-1");
    assert_eq!(answer["outcome"], "high_risk_annex_iii");
}
