//! `classify`: the class under the law from answers, what is still open, and what is kept.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use crate::desk::{Desk, fixture};

/// The day on which most of the worked examples are set.
const ON: &str = "2026-12-02";

/// A file of answers: `recruiting` (a provider of a CV screening tool), `chatbot`, `spreadsheet` (no AI at all),
/// `face-swap` (a practice that a later version of the law bans), `frontier-model`.
pub(crate) fn answers(name: &str) -> String {
    fixture(&format!("answers/{name}.json"))
}

/// With SYS-1, the CV screening tool, and SYS-2, the chatbot, classified on the ledger; SYS-3 is not.
pub(crate) fn classified() -> Desk {
    let desk = Desk::with_systems();
    for (system, name) in [("SYS-1", "recruiting"), ("SYS-2", "chatbot")] {
        desk.done(&["classify", system, "--answers", &answers(name), "--save"]);
    }
    desk
}

/// The text of each element.
pub(crate) fn texts(list: &Value) -> BTreeSet<&str> {
    list.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

/// One field of each element.
pub(crate) fn each<'v>(list: &'v Value, field: &str) -> Vec<&'v str> {
    list.as_array().unwrap().iter().map(|one| one[field].as_str().unwrap()).collect()
}

/// Classifies a file of answers and nothing on record.
fn class(desk: &Desk, file: &str, more: &[&str]) -> Value {
    desk.json(&[&["classify", "--answers", file, "--format", "json"][..], more].concat())
}

#[test]
fn answers_alone_are_classified_without_an_organisation() {
    let desk = Desk::bare();
    for (name, outcome, roles, tiers) in [
        ("recruiting", "high_risk_annex_iii", &["provider"][..], "high_risk_annex_iii"),
        ("chatbot", "transparency", &["provider"], "transparency"),
        ("spreadsheet", "out_of_scope", &[], ""),
        ("face-swap", "prohibited", &["provider"], "prohibited"),
        ("frontier-model", "gpai_systemic", &["gpai_provider"], "gpai_systemic"),
    ] {
        let found = class(&desk, &answers(name), &["--on", ON]);
        assert_eq!(found["outcome"], outcome, "{name}");
        assert_eq!(found["provisional_outcome"], outcome, "{name}");
        assert_eq!(texts(&found["possible_outcomes"]), [outcome].into(), "{name}");
        assert!(roles.iter().all(|role| texts(&found["roles"]).contains(role)), "{name}: {found}");
        assert!(tiers.is_empty() || texts(&found["tiers"]).contains(tiers), "{name}: {found}");
        assert_eq!(found["still_open"], Value::Array(Vec::new()), "{name}");
    }
    assert!(!desk.path("data").exists());
}

#[test]
fn every_worked_example_comes_to_its_outcome_and_findings() {
    let (desk, scenarios) = (Desk::bare(), scenarios());
    assert!(scenarios.len() > 20);
    let check = |one: &Scenario| {
        let file = desk.write(&format!("{}.json", one.id), &one.answers);
        let found = class(&desk, &file, &["--on", &one.on, "--law-as-of", &one.on]);
        assert_eq!(found["outcome"], one.outcome, "{}", one.id);
        let findings: BTreeSet<_> = each(&found["findings"], "id").into_iter().collect();
        assert_eq!(findings, one.findings.iter().map(String::as_str).collect(), "{}", one.id);
    };
    std::thread::scope(|scope| {
        for some in scenarios.chunks(7) {
            scope.spawn(move || some.iter().for_each(check));
        }
    });
}

/// A worked example of the procedure.
struct Scenario {
    id: String,
    on: String,
    outcome: String,
    findings: Vec<String>,
    /// As a file of answers.
    answers: String,
}

/// The worked examples that the engine is tested with. Their file is TOML; its strings and lists look the same in JSON.
fn scenarios() -> Vec<Scenario> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../law/tests/classification/scenarios.toml");
    let text = std::fs::read_to_string(path).unwrap();
    text.split("[[scenario]]\n").skip(1).map(scenario).collect()
}

fn scenario(text: &str) -> Scenario {
    let (head, answers) = text.split_once("[scenario.answers]\n").unwrap();
    let string = |text: &str| serde_json::from_str::<String>(text).unwrap();
    let field = |name: &str| {
        let value = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
        string(value.unwrap())
    };
    let (_, listed) = head.split_once("findings = [").unwrap();
    let listed = listed.split_once(']').unwrap().0.split(',').map(str::trim);
    let pairs = answers.lines().filter_map(|line| line.split_once(" = "));
    let pairs: Vec<_> = pairs.map(|(node, values)| format!("{node}: {values}")).collect();
    Scenario {
        id: field("id"),
        on: field("on"),
        outcome: field("outcome"),
        findings: listed.filter(|one| !one.is_empty()).map(string).collect(),
        answers: format!("{{{}}}", pairs.join(",")),
    }
}

#[test]
fn every_finding_says_what_it_is_and_where_it_stands() {
    let found = class(&Desk::bare(), &answers("recruiting"), &["--on", ON]);
    let findings = found["findings"].as_array().unwrap();
    for one in findings {
        assert!(!texts(&one["citations"]).is_empty(), "{one}");
        assert!(!one["text"].as_str().unwrap().is_empty(), "{one}");
        assert!(["high", "medium", "low"].contains(&one["confidence"].as_str().unwrap()), "{one}");
        assert_eq!(one.get("operative").is_some(), one.get("applies").is_some(), "{one}");
    }
    let point = findings.iter().find(|one| one["id"] == "a3.4(a)").unwrap();
    assert_eq!(texts(&point["citations"]), ["Annex III, point 4(a)"].into());
    assert_eq!(point["operative"], false);
    assert_eq!(point["applies"]["operative_from"], "2027-12-02");
}

#[test]
fn why_leads_from_the_outcome_to_the_answers() {
    let found = class(&Desk::bare(), &answers("recruiting"), &["--on", ON]);
    let why = &found["why"];
    assert_eq!((&why["outcome"], &why["provisional"]), (&found["outcome"], &Value::from(false)));
    let given: BTreeSet<_> = each(&found["findings"], "id").into_iter().collect();
    for reason in why["because"].as_array().unwrap() {
        assert!(given.contains(reason["finding"].as_str().unwrap()), "{reason}");
        assert!(!reason["step"]["answers"].as_array().unwrap().is_empty(), "{reason}");
    }
    let asked = why["path"].as_array().unwrap().iter().filter(|step| step["how"] == "given");
    let asked: BTreeSet<_> = asked.map(|step| step["node"].as_str().unwrap()).collect();
    let file = std::fs::read_to_string(answers("recruiting")).unwrap();
    let file: Value = serde_json::from_str(&file).unwrap();
    assert_eq!(asked, file.as_object().unwrap().keys().map(String::as_str).collect());
}

#[test]
fn what_would_change_the_outcome_changes_it() {
    let desk = Desk::bare();
    let found = class(&desk, &answers("recruiting"), &["--on", ON]);
    let changes = found["counterfactuals"].as_array().unwrap();
    let change = changes.iter().find(|one| one["node"] == "def.infer").unwrap();
    let set = format!("def.infer={}", change["to"][0]["value"].as_str().unwrap());
    let other = class(&desk, &answers("recruiting"), &["--on", ON, "--set", &set]);
    assert_eq!(texts(&other["possible_outcomes"]), texts(&change["outcomes"]));
    assert_ne!(other["outcome"], found["outcome"]);
}

#[test]
fn a_practice_counts_from_the_day_on_which_its_ban_applies() {
    let desk = Desk::bare();
    let on = |day| class(&desk, &answers("face-swap"), &["--on", day]);
    let before = on("2026-12-01");
    assert_eq!(before["outcome"], "transparency");
    assert_eq!(before["will_be_prohibited_from"], "2026-12-02");
    let after = on("2026-12-02");
    assert_eq!(after["outcome"], "prohibited");
    assert!(after.get("will_be_prohibited_from").is_none(), "{after}");
}

#[test]
fn the_law_is_taken_as_it_was_published_by_a_day() {
    let desk = Desk::bare();
    let known = |day| {
        let found = class(&desk, &answers("face-swap"), &["--on", ON, "--law-as-of", day]);
        (found["law_version"].clone(), found["outcome"].clone(), found["law_as_of"].clone())
    };
    assert_eq!(known("2026-07-23"), ("v2024".into(), "transparency".into(), "2026-07-23".into()));
    assert_eq!(known("2026-07-24"), ("v2026".into(), "prohibited".into(), "2026-07-24".into()));
    let file = answers("face-swap");
    let said = desk.refused(2, &["classify", "--answers", &file, "--law-as-of", "2020-01-01"]);
    assert!(said.contains("no version of the law was published by 2020-01-01"), "{said}");
}

#[test]
fn without_days_today_is_meant() {
    let found = class(Desk::bare().at("2026-12-02T00:30:00Z"), &answers("face-swap"), &[]);
    assert_eq!((&found["on"], &found["law_as_of"]), (&ON.into(), &ON.into()));
    assert_eq!(found["outcome"], "prohibited");
}

#[test]
fn open_questions_leave_every_outcome_that_some_answer_has() {
    let desk = Desk::bare();
    let file = answers("recruiting");
    let open = class(&desk, &file, &["--set", "excl.military="]);
    assert!(open.get("outcome").is_none(), "{open}");
    assert_eq!(each(&open["still_open"], "node"), ["excl.military"]);
    let mut outcomes = BTreeSet::new();
    for value in each(&open["still_open"][0]["answers"], "value") {
        let set = format!("excl.military={value}");
        let settled = class(&desk, &file, &["--set", &set]);
        outcomes.insert(settled["outcome"].as_str().unwrap().to_owned());
    }
    assert_eq!(outcomes.len(), 2);
    assert_eq!(texts(&open["possible_outcomes"]), outcomes.iter().map(String::as_str).collect());
}

#[test]
fn open_questions_name_what_settles_the_outcome() {
    let desk = Desk::bare();
    let open = class(&desk, &answers("recruiting"), &["--set", "d.profiling="]);
    assert_eq!(
        texts(&open["possible_outcomes"]),
        ["high_risk_annex_iii", "art6_3_derogated"].into()
    );
    assert_eq!(open["provisional_outcome"], "high_risk_annex_iii", "the cautious one");
    assert_eq!(open["why"]["provisional"], true);
    assert!(texts(&open["open_points"]).contains("d.profiling"), "{open}");
    for one in open["still_open"].as_array().unwrap() {
        assert!(!one["question"].as_str().unwrap().is_empty(), "{one}");
        assert!(!texts(&one["citations"]).is_empty() && one["several"].is_boolean(), "{one}");
    }
    assert_eq!(each(&open["still_open"], "node"), ["d.profiling", "d.cond", "d.sig", "d.harm"]);
}

#[test]
fn the_table_of_an_open_class_asks_what_would_settle_it() {
    let file = answers("recruiting");
    let table = Desk::bare().done(&["classify", "--answers", &file, "--set", "excl.military="]);
    assert!(table.contains("open: one of high risk annex iii, out of scope"), "{table}");
    assert!(table.contains("The fewest questions that would settle it"), "{table}");
}

#[test]
fn an_option_wins_over_the_file() {
    let found = class(
        &Desk::bare(),
        &answers("recruiting"),
        &[
            "--set",
            "d.profiling=no",
            "--set",
            "d.cond=none",
            "--set",
            "role.select=provider,deployer",
        ],
    );
    assert_eq!(found["outcome"], "high_risk_annex_iii");
    assert_eq!(texts(&found["roles"]), ["deployer", "provider"].into());
    let findings = each(&found["findings"], "id");
    assert!(findings.contains(&"derog.no_condition"), "{findings:?}");
    assert!(!findings.contains(&"derog.profiling"), "{findings:?}");
}

#[test]
fn a_date_answers_the_question_that_it_settles() {
    let set = "model_placed_on=2025-01-01";
    let found = class(&Desk::bare(), &answers("frontier-model"), &["--set", set]);
    let path = found["why"]["path"].as_array().unwrap();
    let step = path.iter().find(|step| step["node"] == "gpai.date").unwrap();
    assert_eq!((&step["how"], &step["fact"]), (&"date_fact".into(), &"model_placed_on".into()));
    let unused = &found["unused"][0];
    assert_eq!((&unused["node"], &unused["because"]), (&"gpai.date".into(), &"date_fact".into()));
}
