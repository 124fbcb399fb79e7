//! Two times: the day for which a class holds, and the day up to which publications are known.

use jiff::civil::{Date, date};
use surety_law::classification::{AnswerError, Answers, Classification, How, Procedure, classify};

use super::reference::{Scenario, answers, scenarios};

fn example(id: &str) -> Scenario {
    scenarios().into_iter().find(|one| one.id == id).unwrap()
}

fn on(given: &Answers, day: Date, known: Date) -> Classification {
    classify(Procedure::ai_act(), given, day, known).unwrap()
}

#[test]
fn the_prohibitions_of_2026_count_from_their_day() {
    let given = answers(&example("sc.35").answers);
    for (day, outcome, upcoming) in [
        (date(2026, 11, 20), "transparency", Some(date(2026, 12, 2))),
        (date(2026, 12, 1), "transparency", Some(date(2026, 12, 2))),
        (date(2026, 12, 2), "prohibited", None),
        (date(2030, 1, 1), "prohibited", None),
    ] {
        let result = on(&given, day, date(2026, 11, 21));
        assert_eq!(result.outcome.as_deref(), Some(outcome), "{day}");
        assert_eq!(result.will_be_prohibited_from, upcoming, "{day}");
    }
}

#[test]
fn who_asks_with_the_knowledge_of_before_the_amendment_does_not_see_it() {
    let given = answers(&example("sc.35").answers);
    let result = on(&given, date(2026, 12, 2), date(2026, 7, 1));
    assert_eq!(&*result.law_version, "v2024");
    assert_eq!(result.outcome.as_deref(), Some("transparency"));
    assert_eq!(result.will_be_prohibited_from, None, "nobody knew");
    let one = result.findings.iter().find(|one| one.id.starts_with("prohibited.ba")).unwrap();
    assert_eq!((one.operative, &one.applies), (Some(false), &None), "not in that version");
}

#[test]
fn a_published_version_announces_what_is_to_come_before_it_is_in_force() {
    let given = answers(&example("sc.35").answers);
    let result = on(&given, date(2026, 7, 25), date(2026, 7, 25));
    assert_eq!(&*result.law_version, "v2024", "published, but not in force on that day");
    assert_eq!(result.will_be_prohibited_from, Some(date(2026, 12, 2)));
}

#[test]
fn the_older_prohibitions_count_from_february_2025() {
    let given = answers(&example("sc.45").answers);
    let known = date(2026, 11, 21);
    let early = on(&given, date(2025, 2, 1), known);
    assert_eq!(early.outcome.as_deref(), Some("minimal"));
    assert_eq!(early.will_be_prohibited_from, Some(date(2025, 2, 2)));
    assert_eq!(on(&given, date(2025, 2, 2), known).outcome.as_deref(), Some("prohibited"));
}

#[test]
fn the_day_of_high_risk_moved_with_the_amendment() {
    let given = answers(&example("sc.01").answers);
    let operative = |day, known| {
        let result = on(&given, day, known);
        let finding = result.findings.iter().find(|one| &*one.id == "a3.4(a)").unwrap().clone();
        (finding.operative.unwrap(), finding.applies.unwrap().operative_from.unwrap())
    };
    let (before, after) = (date(2026, 7, 1), date(2026, 11, 21));
    assert_eq!(operative(date(2026, 8, 2), before), (true, date(2026, 8, 2)));
    assert_eq!(operative(date(2026, 8, 2), after), (false, date(2027, 12, 2)));
    assert_eq!(operative(date(2027, 12, 2), after), (true, date(2027, 12, 2)));
}

#[test]
fn before_anything_was_published_there_is_no_law() {
    let known = date(2024, 7, 11);
    let result = classify(Procedure::ai_act(), &Answers::default(), known, known);
    assert_eq!(result, Err(AnswerError::NoLaw { law_as_of: known }));
}

#[test]
fn a_known_date_answers_in_place_of_a_person() {
    let mut given = answers(&example("sc.03").answers);
    given.remove("t.2d");
    given.set_date("system_placed_on", date(2026, 8, 1));
    let today = date(2026, 11, 21);
    let result = on(&given, today, today);
    assert!(result.open_points.is_empty() && result.found("t.50_2_legacy"));
    let step = result.why.path.iter().find(|step| &*step.node == "t.2d").unwrap();
    assert_eq!((step.how, step.fact.as_deref()), (How::DateFact, Some("system_placed_on")));
    let marking = result.findings.iter().find(|one| &*one.id == "t.50_2").unwrap();
    let applies = marking.applies.as_ref().unwrap();
    assert_eq!(applies.operative_from, Some(date(2026, 12, 2)), "the period of grace");
    given.set_date("system_placed_on", date(2026, 8, 2));
    assert!(!on(&given, today, today).found("t.50_2_legacy"));
}

#[test]
fn a_date_before_the_day_of_the_tier_still_asks() {
    let mut given = answers(&example("sc.01").answers);
    given.remove("tr.1");
    let today = date(2026, 11, 21);
    for (placed, known, open) in [
        (date(2027, 12, 1), today, true),
        (date(2027, 12, 2), today, false),
        (date(2026, 8, 1), date(2026, 7, 1), true),
        // As adopted the day was 2 August 2026.
        (date(2026, 8, 2), date(2026, 7, 1), false),
    ] {
        given.set_date("system_placed_on", placed);
        let result = on(&given, today, known);
        assert_eq!(!result.open_points.is_empty(), open, "{placed} known {known}");
        assert_eq!(result.found("tr.new"), !open, "{placed}");
        assert_eq!(result.outcome.as_deref(), Some("high_risk_annex_iii"), "the class is settled");
    }
}

#[test]
fn an_older_system_is_caught_by_its_change() {
    let mut given = answers(&example("sc.01").answers);
    given.set("tr.1", ["changed"]);
    let day = date(2028, 6, 1);
    let applies = |given: &Answers| {
        let result = on(given, day, date(2026, 11, 21));
        let finding = result.findings.iter().find(|one| &*one.id == "a3.4(a)").unwrap().clone();
        (finding.operative, finding.applies.unwrap().operative_from)
    };
    assert_eq!(applies(&given), (Some(false), None), "the day of the change is not known");
    given.set_date("significant_change_on", date(2028, 3, 1));
    assert_eq!(applies(&given), (Some(true), Some(date(2028, 3, 1))));
}

#[test]
fn the_same_answers_give_the_same_result() {
    for scenario in scenarios() {
        let given = answers(&scenario.answers);
        let once = on(&given, scenario.on, scenario.on);
        assert_eq!(once, on(&given, scenario.on, scenario.on));
    }
}
