//! What others script against: the JSON of answers and results.

use jiff::civil::date;
use surety_law::classification::{Answers, Classification, Procedure, classify};

use super::reference::{answers, scenarios};

#[test]
fn answers_are_one_object_of_lists_and_dates() {
    let text = r#"{"start":["system"],"def.machine":"yes","d.profiling":[],"system_placed_on":"2026-05-01"}"#;
    let given: Answers = serde_json::from_str(text).unwrap();
    assert_eq!(given.get("start").unwrap(), ["system"]);
    assert_eq!(given.get("def.machine").unwrap(), ["yes"]);
    assert_eq!(given.get("d.profiling").unwrap(), <[String; 0]>::default());
    assert_eq!(given.dates()["system_placed_on"], date(2026, 5, 1));
    let again: Answers = serde_json::from_str(&serde_json::to_string(&given).unwrap()).unwrap();
    assert_eq!(again, given);
    let listed: Answers = serde_json::from_str(r#"{"system_placed_on":["2026-05-01"]}"#).unwrap();
    assert_eq!(listed.dates().len(), 1);
}

#[test]
fn a_result_keeps_its_names() {
    let scenario = scenarios().into_iter().find(|one| one.id == "sc.05").unwrap();
    let given = answers(&scenario.answers);
    let result = classify(Procedure::ai_act(), &given, scenario.on, scenario.on).unwrap();
    insta::assert_json_snapshot!(result);
}

#[test]
fn an_open_result_keeps_its_names() {
    let scenario = scenarios().into_iter().find(|one| one.id == "sc.01").unwrap();
    let mut given = answers(&scenario.answers);
    given.remove("d.profiling");
    let mut result = classify(Procedure::ai_act(), &given, scenario.on, scenario.on).unwrap();
    result.why.path.retain(|step| step.node.starts_with("d."));
    result.findings.retain(|one| one.id.starts_with("a3."));
    insta::assert_json_snapshot!(result);
}

#[test]
fn every_result_can_be_read_back() {
    for scenario in scenarios() {
        let given = answers(&scenario.answers);
        let result = classify(Procedure::ai_act(), &given, scenario.on, scenario.on).unwrap();
        let text = serde_json::to_string(&result).unwrap();
        assert_eq!(serde_json::from_str::<Classification>(&text).unwrap(), result);
    }
}
