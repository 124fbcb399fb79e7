//! Classes that are kept: whether they still hold, and why not.

use serde_json::Value;

use crate::{classify::answers, desk::Desk};

/// SYS-1 with a class on record.
fn kept_by(desk: &Desk, more: &[&str]) {
    let file = answers("chatbot");
    let base = ["classify", "SYS-1", "--answers", &file, "--save"];
    desk.done(&base.iter().chain(more).copied().collect::<Vec<_>>());
}

/// The reasons for which the class of SYS-1 is stale.
fn stale(desk: &Desk, more: &[&str]) -> Vec<Value> {
    let base = ["classify", "SYS-1", "--kept", "--format", "json"];
    let kept = desk.json(&base.iter().chain(more).copied().collect::<Vec<_>>());
    assert_eq!(kept[0]["record"], "CLS-1");
    kept[0]["stale"].as_array().unwrap().clone()
}

#[test]
fn a_class_holds_until_a_fact_changes_and_says_which() {
    let desk = Desk::with_systems();
    kept_by(&desk, &[]);
    assert_eq!(stale(&desk, &[]), Vec::<Value>::new());
    desk.done(&["record", "update", "SYS-1", "--set", "next_review=2027-05-01"]);
    assert_eq!(stale(&desk, &[]), Vec::<Value>::new(), "a date of a review bears on nothing");
    desk.done(&["record", "update", "SYS-1", "--set", "affected_people=Children"]);
    let reasons = stale(&desk, &[]);
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert_eq!(
        (&reasons[0]["reason"], &reasons[0]["field"]),
        (&"fact_changed".into(), &"affected_people".into())
    );
    assert_eq!(reasons[0]["is"], serde_json::json!(["Children"]));
    let shown = desk.run(&["classify", "SYS-1", "--kept"]);
    assert_eq!(shown.status, 1, "wanting");
    assert!(
        shown.out.contains("■ stale") && shown.out.contains("affected people was"),
        "{}",
        shown.out
    );
    kept_by(&desk, &[]);
    assert_eq!(stale(&desk, &[]), Vec::<Value>::new(), "classified again, it holds again");
}

/// A system that was proposed, SYS-4, with a class that rests on this answer to whether it is in use, and then in operation.
fn went_live(in_use: &str) -> Desk {
    let desk = Desk::with_systems();
    desk.done(&["record", "create", "ai_system", "--set", "name=Berth planner"]);
    let text = std::fs::read_to_string(answers("chatbot")).unwrap();
    let mut said: Value = serde_json::from_str(&text).unwrap();
    said["excl.premarket"] = serde_json::json!([in_use]);
    let file = desk.write("answers.json", &said.to_string());
    desk.done(&["classify", "SYS-4", "--answers", &file, "--save"]);
    desk.done(&["record", "move", "SYS-4", "take_over", "--note", "it runs already"]);
    desk
}

/// The reasons for which the class of SYS-4 is stale.
fn of_the_fourth(desk: &Desk) -> Value {
    desk.json(&["classify", "SYS-4", "--kept", "--format", "json"])[0]["stale"].clone()
}

#[test]
fn a_step_of_the_life_cycle_that_changes_no_answer_leaves_the_class_as_it_is() {
    let desk = went_live("no");
    assert_eq!(of_the_fourth(&desk), serde_json::json!([]), "it was classified as it is used");
    desk.done(&["record", "move", "SYS-4", "suspend", "--note", "odd answers"]);
    assert_eq!(of_the_fourth(&desk), serde_json::json!([]), "a pause bears on nothing");
}

#[test]
fn a_step_of_the_life_cycle_that_changes_an_answer_makes_the_class_stale() {
    let desk = went_live("yes_lab");
    let reasons = of_the_fourth(&desk);
    assert_eq!(reasons[0]["field"], "state", "{reasons}");
    assert_eq!(
        (&reasons[0]["was"], &reasons[0]["is"]),
        (&serde_json::json!(["proposed"]), &serde_json::json!(["in_operation"]))
    );
    // What followed from its being in operation follows no longer.
    let desk = Desk::with_systems();
    kept_by(&desk, &[]);
    desk.done(&["record", "move", "SYS-1", "major_change", "--note", "another model"]);
    let reasons = stale(&desk, &[]);
    assert_eq!(reasons[0]["is"], serde_json::json!(["in_evaluation"]), "{reasons:?}");
}

#[test]
fn a_newer_law_makes_a_class_stale() {
    let desk = Desk::with_systems();
    kept_by(&desk, &["--on", "2026-03-01", "--law-as-of", "2026-03-01"]);
    let reasons = stale(&desk, &[]);
    let law = reasons.iter().find(|one| one["reason"] == "law_changed").unwrap();
    assert_eq!((&law["was"], &law["is"]), (&"v2024".into(), &"v2026".into()));
    assert_eq!(
        stale(&desk, &["--on", "2026-03-01", "--law-as-of", "2026-03-01"]),
        Vec::<Value>::new()
    );
}

#[test]
fn what_is_due_again_is_stale() {
    let desk = Desk::with_systems();
    kept_by(&desk, &[]);
    desk.done(&["record", "update", "CLS-1", "--set", "next_due=2027-01-01"]);
    assert_eq!(stale(&desk, &[]), Vec::<Value>::new());
    let later = stale(&desk, &["--on", "2027-02-01"]);
    assert!(later.iter().any(|one| one["reason"] == "review_due"), "{later:?}");
}

#[test]
fn what_is_not_classified_is_wanting_and_obligations_say_what_they_rest_on() {
    let desk = Desk::with_systems();
    let all = desk.run(&["classify", "--kept"]);
    assert!(all.status == 1 && all.out.contains("■ not classified"), "{all:?}");
    kept_by(&desk, &[]);
    desk.done(&["record", "update", "SYS-1", "--set", "purpose=Something else"]);
    let obligations = desk.json(&["obligations", "SYS-1", "--format", "json"]);
    assert_eq!(obligations["stale"][0]["field"], "purpose");
    let shown = desk.done(&["obligations", "SYS-1"]);
    assert!(shown.contains("CLS-1 has to be looked at again: purpose was"), "{shown}");
}

#[test]
fn a_class_can_be_seen_as_it_was() {
    let mut desk = Desk::with_systems();
    kept_by(&desk, &[]);
    desk.at("2026-11-25T09:00:00Z");
    desk.done(&["record", "update", "SYS-1", "--set", "purpose=Something else"]);
    assert_eq!(stale(&desk, &[]).len(), 1);
    assert_eq!(stale(&desk, &["--as-of", "2026-11-20"]), Vec::<Value>::new());
}
