//! The worked examples of the fact base.

use std::collections::BTreeSet;

use surety_law::classification::{Answers, How, Procedure, classify};

use super::reference::{Walk, answers, catalog, scenarios};

#[test]
fn every_example_comes_to_its_outcome_with_exactly_its_findings() {
    for scenario in scenarios() {
        let id = format!("{} ({})", scenario.id, scenario.title);
        let given = answers(&scenario.answers);
        let result = classify(Procedure::ai_act(), &given, scenario.on, scenario.on).unwrap();
        let findings: BTreeSet<String> =
            result.findings.iter().map(|one| one.id.to_string()).collect();
        assert_eq!(result.outcome.as_deref(), Some(scenario.outcome.as_str()), "{id}");
        assert_eq!(findings, scenario.findings, "{id}");
        assert_eq!(result.will_be_prohibited_from, scenario.will_be_prohibited_from, "{id}");
        assert_eq!(result.pre_release, scenario.pre_release, "{id}");
        assert!(result.still_open.is_empty() && result.open_points.is_empty(), "{id}");
        assert!(result.possible_findings.is_empty() && result.unused.is_empty(), "{id}");
    }
}

#[test]
fn every_example_answers_just_the_questions_that_are_asked() {
    for scenario in scenarios() {
        let given = answers(&scenario.answers);
        let result = classify(Procedure::ai_act(), &given, scenario.on, scenario.on).unwrap();
        let asked = result.why.path.iter().filter(|step| step.how == How::Given);
        let asked: BTreeSet<_> = asked.map(|step| step.node.to_string()).collect();
        assert_eq!(asked, scenario.answers.keys().cloned().collect(), "{}", scenario.id);
    }
}

#[test]
fn the_naive_walk_agrees_on_every_example() {
    for scenario in scenarios() {
        let mut walk = Walk::start(scenario.on);
        while let Some(question) = walk.question() {
            walk = walk.answer(&scenario.answers[&question.id]).unwrap();
        }
        let walked = walk.end();
        assert_eq!(walked.outcome, scenario.outcome, "{}", scenario.id);
        assert_eq!(walked.findings, scenario.findings, "{}", scenario.id);
    }
}

#[test]
fn every_finding_comes_with_text_citations_and_the_dates_of_the_law() {
    for scenario in scenarios() {
        let given = answers(&scenario.answers);
        let result = classify(Procedure::ai_act(), &given, scenario.on, scenario.on).unwrap();
        for one in &result.findings {
            let known = catalog().finding(&one.id).unwrap();
            assert_eq!(&*one.text, known.text);
            assert!(!one.citations.is_empty(), "{}", one.id);
            assert_eq!(one.operative.is_some(), !known.regime.is_empty(), "{}", one.id);
            assert!(one.operative.is_none() || one.applies.is_some(), "{}", one.id);
        }
    }
}

#[test]
fn every_reason_leads_back_to_an_answer() {
    for scenario in scenarios() {
        let given = answers(&scenario.answers);
        let result = classify(Procedure::ai_act(), &given, scenario.on, scenario.on).unwrap();
        for reason in &result.why.because {
            let step = reason.step.as_ref().unwrap();
            let led =
                step.how == How::Given || step.how == How::Skipped || !step.because.is_empty();
            assert!(led, "{}: {}", scenario.id, reason.finding);
        }
        assert_eq!(result.why.because.is_empty(), result.why.rule == "v.minimal".into());
    }
}

#[test]
fn whoever_represents_the_provider_of_a_model_has_that_role_and_no_other() {
    let answers = Answers::default().with("start", ["model"]).with("gpai.origin", ["mandate"]);
    let today = jiff::civil::date(2026, 11, 20);
    let found = classify(Procedure::ai_act(), &answers, today, today).unwrap();
    assert!(
        found.roles.iter().any(|role| &**role == "gpai_authorised_representative"),
        "{found:?}"
    );
    assert!(!found.possible_roles.iter().any(|role| &**role == "gpai_provider"));
}
