//! `obligations`: what the law asks of one AI system, from when, and what it does not ask.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    classify::{answers, classified, each, texts},
    desk::Desk,
};

fn obligations(desk: &Desk, more: &[&str]) -> Value {
    desk.json(&[&["obligations", "SYS-1", "--format", "json"][..], more].concat())
}

fn rows<'v>(answer: &'v Value, list: &str) -> &'v [Value] {
    answer[list].as_array().unwrap()
}

/// The obligation with this id among those that apply.
fn one<'v>(answer: &'v Value, id: &str) -> &'v Value {
    rows(answer, "obligations").iter().find(|row| row["id"] == id).unwrap()
}

#[test]
fn a_system_that_is_not_classified_is_refused_with_what_to_do() {
    let desk = Desk::with_systems();
    let said = desk.refused(1, &["obligations", "SYS-1"]);
    assert_eq!(
        said,
        "error: SYS-1 is not classified yet; `surety classify SYS-1 --save` does it\n"
    );
    assert!(desk.refused(2, &["obligations", "first"]).contains("`first` is not the id"));
    assert!(desk.refused(1, &["obligations", "SYS-99"]).contains("SYS-99"));
}

#[test]
fn every_provision_is_told_once_whether_it_applies_or_not() {
    let desk = classified();
    let answer = obligations(&desk, &[]);
    let law = desk.json(&["law", "binding", "--scope", "all", "--format", "json"]);
    let applying = each(&answer["obligations"], "id");
    let told = [applying.clone(), each(&answer["not_applying"], "id")].concat();
    assert_eq!(told.len(), each(&law["obligations"], "id").len());
    assert_eq!(
        told.into_iter().collect::<BTreeSet<_>>(),
        each(&law["obligations"], "id").into_iter().collect()
    );
    assert!(applying.contains(&"aia.art9.1") && !applying.contains(&"aia.art26.1"));
}

#[test]
fn each_standing_has_its_reason() {
    let answer = obligations(&classified(), &[]);
    for row in rows(&answer, "obligations") {
        let binds = row["standing"] == "binds";
        assert_eq!(row.get("why_not").is_none(), binds, "{row}");
        assert!(!texts(&row["roles"]).is_empty() && !texts(&row["tiers"]).is_empty(), "{row}");
        assert!(row["why"].as_str().unwrap().starts_with("as provider of "), "{row}");
        let from = row["binds_from"].as_str().unwrap();
        assert_eq!(binds, from <= "2026-11-20", "{row}");
    }
    for row in rows(&answer, "not_applying") {
        assert_eq!(row["standing"], "not_applicable", "{row}");
        let (sentences, data) =
            (texts(&row["why_not"]).len(), each(&row["reasons"], "reason").len());
        assert!(sentences > 0 && sentences == data, "{row}");
    }
}

#[test]
fn an_obligation_binds_from_its_day_on() {
    let desk = classified();
    let on = |day| {
        let answer = obligations(&desk, &["--on", day]);
        assert_eq!(answer["on"], day);
        let row = one(&answer, "aia.art9.1");
        (row["standing"].clone(), row["binds_from"].clone())
    };
    assert_eq!(on("2027-12-01"), ("upcoming".into(), "2027-12-02".into()));
    assert_eq!(on("2027-12-02"), ("binds".into(), "2027-12-02".into()));
}

#[test]
fn obligations_are_those_of_the_law_as_published_by_a_day() {
    let desk = classified();
    let known = |day| {
        let answer = obligations(&desk, &["--on", "2026-08-02", "--law-as-of", day]);
        let row = one(&answer, "aia.art9.1");
        (answer["version"].clone(), row["standing"].clone(), row["operative_from"].clone())
    };
    assert_eq!(known("2026-07-23"), ("v2024".into(), "binds".into(), "2026-08-02".into()));
    assert_eq!(known("2026-07-24"), ("v2026".into(), "upcoming".into(), "2027-12-02".into()));
}

#[test]
fn a_table_tells_what_does_not_apply_on_demand_only() {
    let desk = classified();
    let table = |more: &[&str]| desk.done(&[&["obligations", "SYS-1"][..], more].concat());
    let count = |table: &str| table.matches("does not apply").count();
    let (short, long) = (table(&[]), table(&["--why-not"]));
    assert!(short.contains("SYS-1: high risk annex iii under v2026"));
    let duty = short.lines().find(|line| line.starts_with("aia.art9.1 ")).unwrap();
    assert!(duty.contains("upcoming") && duty.contains("2027-12-02"), "{duty}");
    let duty = long.lines().find(|line| line.starts_with("aia.art26.1 ")).unwrap();
    assert!(duty.contains("it addresses the role deployer"), "{duty}");
    let answer = obligations(&desk, &[]);
    assert_eq!((count(&short), count(&long)), (0, rows(&answer, "not_applying").len()));
}

#[test]
fn an_outcome_without_duties_brings_none() {
    let desk = Desk::with_systems();
    desk.done(&["classify", "SYS-1", "--answers", &answers("spreadsheet"), "--save"]);
    let answer = obligations(&desk, &[]);
    assert_eq!(answer["outcome"], "out_of_scope");
    assert!(rows(&answer, "obligations").is_empty(), "{answer}");
    for row in rows(&answer, "not_applying") {
        assert!(each(&row["reasons"], "reason").contains(&"outcome"), "{row}");
    }
}

#[test]
fn an_open_class_brings_what_is_certain() {
    let desk = Desk::with_systems();
    let file = answers("recruiting");
    desk.done(&["classify", "SYS-1", "--answers", &file, "--set", "d.profiling=", "--save"]);
    let answer = obligations(&desk, &[]);
    assert_eq!(answer["outcome"], "");
    let applying = each(&answer["obligations"], "id");
    assert!(applying.contains(&"aia.art4.1") && !applying.contains(&"aia.art9.1"), "{applying:?}");
    assert!(desk.done(&["obligations", "SYS-1"]).contains("SYS-1: still open under v2026"));
}

#[test]
fn the_class_that_counts_is_named() {
    let desk = classified();
    assert_eq!(obligations(&desk, &[])["classification"], "CLS-1");
    desk.done(&["record", "withdraw", "CLS-1", "--reason", "Wrong system"]);
    assert!(desk.refused(1, &["obligations", "SYS-1"]).contains("not classified yet"));
}

#[test]
fn records_about_an_obligation_say_how_far_it_is_fulfilled() {
    let desk = classified();
    let literacy = || {
        let answer = obligations(&desk, &[]);
        let row = one(&answer, "aia.art4.1");
        (row["state"].clone(), row["records"].clone())
    };
    assert_eq!(literacy(), ("not_addressed".into(), Value::Array(Vec::new())));
    let fields = r#"{"requirement": "eu-ai-act:aia.art4.1", "result": "met", "reason": "Trained",
        "assessed_on": "2026-11-01", "assessed_by": "PER-1"}"#;
    let file = desk.write("assessment.json", fields);
    desk.done(&["record", "create", "requirement_assessment", "--json", &file]);
    assert_eq!(literacy(), ("open".into(), Value::from(vec!["ASM-1"])));
    desk.done(&["record", "move", "ASM-1", "confirm"]);
    assert_eq!(literacy(), ("met".into(), Value::from(vec!["ASM-1"])));
}

#[test]
fn what_the_standard_gives_stands_beside_each_obligation() {
    let answer = obligations(&classified(), &[]);
    let overlap = &one(&answer, "aia.art9.1")["overlap"];
    assert!(each(&overlap["given"], "requirement").contains(&"6.1.1"), "{overlap}");
    assert!(!overlap["open"].as_array().unwrap().is_empty(), "{overlap}");
}

#[test]
fn two_roles_stand_side_by_side() {
    let desk = classified();
    let rows =
        desk.json(&["obligations", "SYS-1", "--roles", "provider,deployer", "--format", "json"]);
    let oversight = rows.as_array().unwrap().iter().find(|row| row["article"] == "26").unwrap();
    assert_eq!(oversight["left"]["entries"], serde_json::json!([]), "Art 26 is the deployer's");
    assert!(!oversight["right"]["entries"].as_array().unwrap().is_empty());
    let shown = desk.done(&["obligations", "SYS-1", "--roles", "provider,deployer"]);
    assert!(shown.contains("provider and deployer side by side"), "{shown}");
    let said = desk.refused(1, &["obligations", "SYS-1", "--roles", "provider,king"]);
    assert!(said.contains("the law has no role `king`; its roles: provider"), "{said}");
    desk.refused(2, &["obligations", "SYS-1", "--roles", "provider"]);
}
