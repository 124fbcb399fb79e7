//! Open questions: what the engine says is what trying every completion says.

use std::collections::BTreeSet;

use proptest::prelude::*;
use surety_law::classification::{Answers, Classification, Procedure, classify};

use super::reference::{
    Numbers, ON, Values, Walked, answers, catalog, completions, scenarios, some_completion, sound,
};

fn classified(values: &Values) -> Classification {
    classify(Procedure::ai_act(), &answers(values), ON, ON).unwrap()
}

fn texts<T: ToString>(items: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    items.into_iter().map(|one| one.to_string()).collect()
}

/// Everything that a classification says about open questions, against all completions.
fn agrees_with(result: &Classification, all: &[Walked], place: &str) {
    let outcomes: BTreeSet<String> = all.iter().map(|one| one.outcome.clone()).collect();
    assert_eq!(texts(&result.possible_outcomes), outcomes, "{place}");
    assert_eq!(result.outcome.is_some(), outcomes.len() == 1, "{place}");
    assert!(outcomes.contains(&*result.provisional_outcome), "{place}");
    let mut findings = all.iter().map(|one| one.findings.clone());
    let first = findings.next().unwrap();
    let (must, may) = findings.fold((first.clone(), first), |(must, may), one| {
        (must.intersection(&one).cloned().collect(), may.union(&one).cloned().collect())
    });
    assert_eq!(texts(result.findings.iter().map(|one| &one.id)), must, "{place}");
    let derived: BTreeSet<_> = catalog().derived.iter().map(|one| one.finding.clone()).collect();
    let open: BTreeSet<_> = may.difference(&must).cloned().collect();
    let said = texts(&result.possible_findings);
    assert!(said.is_superset(&open), "{place}");
    assert!(said.difference(&open).all(|one| derived.contains(one)), "{place}");
}

/// Whether two completions can be told apart by these questions: one that a walk doesn't ask may have any answer.
fn told_apart(a: &Walked, b: &Walked, questions: &BTreeSet<String>) -> bool {
    a.asked.iter().filter(|(node, _)| questions.contains(node)).any(|(node, values)| {
        b.asked.iter().any(|(other, others)| other == node && others != values)
    })
}

/// Answering just the open questions settles the outcome whatever the answers are, and without any one of them some
/// answers don't.
fn open_questions_settle(result: &Classification, all: &[Walked], place: &str) {
    let open = texts(result.still_open.iter().map(|one| &one.node));
    let settles = |questions: &BTreeSet<String>| {
        all.iter().enumerate().all(|(number, a)| {
            let mut others = all.iter().take(number);
            others.all(|b| a.outcome == b.outcome || told_apart(a, b, questions))
        })
    };
    assert!(settles(&open), "{place}: {open:?} does not settle it");
    for one in &open {
        let mut fewer = open.clone();
        fewer.remove(one);
        assert!(!settles(&fewer), "{place}: {one} is not needed");
    }
}

#[test]
fn each_stage_left_open_gives_the_union_over_all_completions() {
    let stages: BTreeSet<&str> = catalog().questions.iter().map(|one| one.stage.as_str()).collect();
    let mut compared = 0;
    for scenario in scenarios() {
        for stage in &stages {
            let mut values = scenario.answers.clone();
            values.retain(|node, _| catalog().question(node).unwrap().stage != *stage);
            let Some(all) = completions(&values, ON, 200) else { continue };
            let place = format!("{} without {stage}", scenario.id);
            let result = classified(&values);
            agrees_with(&result, &all, &place);
            if all.len() <= 100 {
                open_questions_settle(&result, &all, &place);
            }
            compared += 1;
        }
    }
    assert!(compared > 200, "only {compared} stages were small enough to try every completion");
}

#[test]
fn neighbouring_questions_left_open_give_the_union_over_all_completions() {
    let ids: Vec<&str> = catalog().questions.iter().map(|one| one.id.as_str()).collect();
    let mut compared: BTreeSet<&str> = BTreeSet::new();
    for (number, scenario) in scenarios().iter().enumerate() {
        for window in ids.windows(3).skip(number % 7).step_by(7) {
            let mut values = scenario.answers.clone();
            values.retain(|node, _| !window.contains(&node.as_str()));
            if values.len() == scenario.answers.len() {
                continue;
            }
            let Some(all) = completions(&values, ON, 100) else { continue };
            let place = format!("{} without {window:?}", scenario.id);
            let result = classified(&values);
            agrees_with(&result, &all, &place);
            open_questions_settle(&result, &all, &place);
            compared.extend(window.iter().copied());
        }
    }
    let stages: BTreeSet<_> =
        compared.iter().map(|one| catalog().question(one).unwrap().stage.as_str()).collect();
    assert!(stages.len() >= 12, "{stages:?}");
}

#[test]
fn with_nothing_answered_everything_is_possible() {
    let result = classified(&Values::new());
    let outcomes: BTreeSet<_> = catalog().outcomes.iter().map(|one| one.id.clone()).collect();
    assert_eq!(texts(&result.possible_outcomes), outcomes);
    assert!(result.findings.is_empty());
    let findings: BTreeSet<_> = catalog().findings.iter().map(|one| one.id.clone()).collect();
    assert_eq!(texts(&result.possible_findings), findings, "some finding can never be made");
    assert_eq!(&*result.provisional_outcome, "prohibited", "nobody knows: the cautious answers");
}

#[test]
fn each_possible_outcome_has_a_completion_that_can_be_found_step_by_step() {
    for (number, outcome) in catalog().outcomes.iter().enumerate() {
        let mut numbers = Numbers(u64::try_from(number).unwrap());
        let mut values = Values::new();
        loop {
            let result = classified(&values);
            assert!(texts(&result.possible_outcomes).contains(&outcome.id));
            let Some(open) = result.open_points.first() else {
                assert_eq!(result.outcome.as_deref(), Some(outcome.id.as_str()));
                break;
            };
            let question = catalog().question(open).unwrap();
            let mut choices = sound(question);
            let turn = numbers.below(choices.len());
            choices.rotate_left(turn);
            let leads = choices.into_iter().find(|choice| {
                let mut with = values.clone();
                with.insert(question.id.clone(), choice.clone());
                let result = classify(Procedure::ai_act(), &answers(&with), ON, ON);
                result.is_ok_and(|one| texts(&one.possible_outcomes).contains(&outcome.id))
            });
            let choice = leads.expect("a possible outcome has an answer that leads to it");
            values.insert(question.id.clone(), choice);
        }
        let walked = some_completion(&values, ON, &mut numbers).unwrap();
        assert_eq!(walked.outcome, outcome.id);
    }
}

#[test]
fn what_contradicts_earlier_answers_is_no_completion() {
    // One-to-one verification excludes remote identification, which follows from what would be banned as such.
    let verification = Answers::default().with("a3.1", ["x1(a)"]).with("p.h1", ["yes"]);
    let result = classify(Procedure::ai_act(), &verification, ON, ON);
    let walks_to_an_end = result.unwrap();
    assert!(!texts(&walks_to_an_end.possible_outcomes).contains("high_risk_annex_i"));
    let values = scenarios()[0].answers.clone();
    let mut values: Values =
        values.into_iter().filter(|(node, _)| !node.starts_with("p.h")).collect();
    values.insert("a3.1".to_owned(), vec!["x1(a)".to_owned()]);
    let all = completions(&values, ON, 2_000).unwrap();
    agrees_with(&classified(&values), &all, "verification");
    let outcomes = texts(&classified(&values).possible_outcomes);
    assert_eq!(outcomes, texts(["high_risk_annex_iii"]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_completion_never_leaves_what_was_said_to_be_possible(seed: u64, kept in 0_usize..10) {
        let mut numbers = Numbers(seed);
        let walked = some_completion(&Values::new(), ON, &mut numbers).unwrap();
        let full: Values = walked.asked.iter().cloned().collect();
        let exact = classified(&full);
        prop_assert_eq!(exact.outcome.as_deref(), Some(walked.outcome.as_str()));
        prop_assert_eq!(texts(exact.findings.iter().map(|one| &one.id)), walked.findings.clone());
        let partial: Values =
            full.iter().filter(|_| numbers.below(10) < kept).map(|(k, v)| (k.clone(), v.clone())).collect();
        let result = classified(&partial);
        let possible = texts(&result.possible_outcomes);
        let must = texts(result.findings.iter().map(|one| &one.id));
        let may: BTreeSet<_> = must.union(&texts(&result.possible_findings)).cloned().collect();
        for _ in 0..8 {
            let Some(one) = some_completion(&partial, ON, &mut numbers) else { continue };
            prop_assert!(possible.contains(&one.outcome));
            prop_assert!(one.findings.is_superset(&must));
            prop_assert!(one.findings.is_subset(&may));
        }
        if let Some(all) = completions(&partial, ON, 100) {
            agrees_with(&result, &all, "some answers");
            open_questions_settle(&result, &all, "some answers");
        }
    }

    #[test]
    fn the_open_questions_are_enough(seed: u64, kept in 0_usize..10) {
        let mut numbers = Numbers(seed);
        let walked = some_completion(&Values::new(), ON, &mut numbers).unwrap();
        let full: Values = walked.asked.iter().cloned().collect();
        let mut partial: Values =
            full.iter().filter(|_| numbers.below(10) < kept).map(|(k, v)| (k.clone(), v.clone())).collect();
        let open = texts(classified(&partial).still_open.iter().map(|one| &one.node));
        for (node, values) in full.iter().filter(|(node, _)| open.contains(*node)) {
            partial.insert(node.clone(), values.clone());
        }
        let result = classified(&partial);
        prop_assert_eq!(result.outcome.as_deref(), Some(walked.outcome.as_str()));
        prop_assert!(result.still_open.is_empty());
    }

    #[test]
    fn the_order_of_answers_does_not_matter(seed: u64) {
        let mut numbers = Numbers(seed);
        let walked = some_completion(&Values::new(), ON, &mut numbers).unwrap();
        let mut forward = Answers::default();
        let mut backward = Answers::default();
        for (node, values) in &walked.asked {
            forward.set(node, values);
        }
        for (node, values) in walked.asked.iter().rev() {
            backward.set(node, values.iter().rev());
        }
        let results = [forward, backward].map(|one| classify(Procedure::ai_act(), &one, ON, ON));
        prop_assert_eq!(&results[0], &results[1]);
    }
}
