//! Single changes that would change the outcome, against trying each of them.

use std::collections::{BTreeMap, BTreeSet};

use surety_law::classification::{Procedure, classify};

use super::reference::{Values, answers, catalog, completions, scenarios, sound};

#[test]
fn they_are_the_changes_that_change_the_outcome() {
    for scenario in scenarios() {
        let result =
            classify(Procedure::ai_act(), &answers(&scenario.answers), scenario.on, scenario.on);
        let result = result.unwrap();
        let mut said: BTreeMap<String, BTreeSet<BTreeSet<String>>> = BTreeMap::new();
        for one in &result.counterfactuals {
            let outcomes = one.outcomes.iter().map(ToString::to_string).collect();
            assert!(said.entry(one.node.to_string()).or_default().insert(outcomes));
            // The change is real: trying it leaves just these outcomes.
            let mut changed = scenario.answers.clone();
            let to: Vec<String> = one.to.iter().map(|answer| answer.value.to_string()).collect();
            changed.insert(one.node.to_string(), to);
            let tried = outcomes_of(&changed, scenario.on);
            assert_eq!(Some(texts(&one.outcomes)), tried, "{}: {}", scenario.id, one.node);
        }
        for (node, now) in &scenario.answers {
            let question = catalog().question(node).unwrap();
            let mut real = BTreeSet::new();
            for choice in sound(question).into_iter().filter(|choice| choice != now) {
                let mut changed = scenario.answers.clone();
                changed.insert(node.clone(), choice);
                real.extend(outcomes_of(&changed, scenario.on));
            }
            real.remove(&BTreeSet::from([scenario.outcome.clone()]));
            let said = said.remove(node).unwrap_or_default();
            assert_eq!(said, real, "{}: {node}", scenario.id);
        }
        assert!(said.is_empty(), "{}: {said:?} were not answered", scenario.id);
    }
}

/// What changed answers can come to; too many completions to try, or none: the engine is asked, which other tests check.
fn outcomes_of(values: &Values, on: jiff::civil::Date) -> Option<BTreeSet<String>> {
    match completions(values, on, 12) {
        Some(all) if all.is_empty() => None,
        Some(all) => Some(all.into_iter().map(|one| one.outcome).collect()),
        None => {
            let result = classify(Procedure::ai_act(), &answers(values), on, on).ok()?;
            Some(texts(&result.possible_outcomes))
        }
    }
}

fn texts<T: ToString>(items: &[T]) -> BTreeSet<String> {
    items.iter().map(ToString::to_string).collect()
}

#[test]
fn a_screening_tool_is_not_high_risk_if_it_does_not_profile_and_only_prepares() {
    let scenario = scenarios().into_iter().find(|one| one.id == "sc.01").unwrap();
    let given = answers(&scenario.answers);
    let result = classify(Procedure::ai_act(), &given, scenario.on, scenario.on).unwrap();
    let one = result.counterfactuals.iter().find(|one| &*one.node == "d.profiling").unwrap();
    assert_eq!(texts(&one.outcomes), texts(&["high_risk_annex_iii", "art6_3_derogated"]));
    assert_eq!(texts(&one.depends_on), texts(&["d.cond", "d.sig", "d.harm"]));
}

#[test]
fn the_nearest_of_equal_changes_is_said() {
    let scenario = scenarios().into_iter().find(|one| one.id == "sc.01").unwrap();
    let given = answers(&scenario.answers);
    let result = classify(Procedure::ai_act(), &given, scenario.on, scenario.on).unwrap();
    let one = result.counterfactuals.iter().find(|one| &*one.node == "a3.4").unwrap();
    assert_eq!(one.to.len(), 1);
    assert_eq!((&*one.to[0].value, &*one.outcomes[0]), ("none", "minimal"));
}

#[test]
fn an_open_outcome_has_none() {
    let mut values = scenarios()[0].answers.clone();
    values.remove("d.profiling");
    let given = answers(&values);
    let on = jiff::civil::date(2026, 12, 2);
    let result = classify(Procedure::ai_act(), &given, on, on).unwrap();
    assert!(result.outcome.is_none() && result.counterfactuals.is_empty());
}
