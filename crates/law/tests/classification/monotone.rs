//! Nothing that is banned makes a system milder.

use proptest::prelude::*;
use surety_law::classification::{Procedure, classify};

use super::reference::{Numbers, ON, Values, answers, catalog, some_completion, sound};

fn strictness(outcome: &str) -> u8 {
    catalog().outcome(outcome).unwrap().strictness
}

fn prohibited<'a>(findings: impl Iterator<Item = &'a String>) -> Vec<&'a String> {
    findings.filter(|id| catalog().finding(id).unwrap().kind == "prohibited").collect()
}

#[test]
fn the_order_of_tiers_is_that_of_the_verdicts() {
    let order: Vec<&str> = catalog().outcomes.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(order[0], "prohibited");
    let rank = |outcome: &str| order.iter().position(|one| *one == outcome).unwrap();
    let duties = catalog()
        .verdicts
        .iter()
        .map(|one| one.outcome.as_str())
        .filter(|one| strictness(one) > strictness("model_out_of_scope"));
    let mut ranks: Vec<usize> = duties.map(rank).collect();
    ranks.dedup();
    assert!(ranks.is_sorted(), "{ranks:?}");
}

#[test]
fn an_excepted_practice_stays_high_risk_whatever_is_claimed() {
    let mut values = super::reference::scenarios()[0].answers.clone();
    for (node, value) in [
        ("scope.link", "b"),
        ("role.select", "deployer"),
        ("p.h1", "yes"),
        ("p.h2", "yes"),
        ("p.h3", "yes"),
        ("a3.1", "1(a)"),
        ("a3.1.legal", "yes"),
        ("a3.4", "none"),
        ("d.profiling", "no"),
        ("d.cond", "a"),
        ("d.sig", "no"),
        ("d.harm", "no"),
    ] {
        values.insert(node.to_owned(), vec![value.to_owned()]);
    }
    let result = classify(Procedure::ai_act(), &answers(&values), ON, ON).unwrap();
    assert_eq!(result.outcome.as_deref(), Some("high_risk_annex_iii"));
    assert!(result.found("derog.granted") && result.tiers.contains(&"high_risk_annex_iii".into()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn an_outcome_that_is_a_tier_is_among_the_tiers(seed: u64) {
        for number in 0..16 {
            let mut numbers = Numbers(seed.wrapping_add(number));
            let walked = some_completion(&Values::new(), ON, &mut numbers).unwrap();
            let full: Values = walked.asked.into_iter().collect();
            let result = classify(Procedure::ai_act(), &answers(&full), ON, ON).unwrap();
            let outcome = result.outcome.unwrap();
            let is_tier = catalog().tiers.iter().any(|one| *one.tier == *outcome);
            prop_assert!(!is_tier || result.tiers.contains(&outcome), "{}", outcome);
        }
    }

    #[test]
    fn adding_a_prohibited_practice_never_lowers_the_tier(seed: u64, early: bool) {
        // Before all prohibitions apply, and after.
        let on = if early { ON.yesterday().unwrap() } else { ON };
        let mut numbers = Numbers(seed);
        let walked = some_completion(&Values::new(), on, &mut numbers).unwrap();
        let before = prohibited(walked.findings.iter());
        let full: Values = walked.asked.iter().cloned().collect();
        for question in catalog().questions.iter().filter(|one| one.stage == "prohibited") {
            for choice in sound(question) {
                let mut changed = full.clone();
                changed.insert(question.id.clone(), choice);
                let Ok(result) = classify(Procedure::ai_act(), &answers(&changed), on, on) else {
                    continue;
                };
                let after: Vec<String> =
                    result.findings.iter().map(|one| one.id.to_string()).collect();
                let more = before.iter().all(|one| after.contains(one))
                    && walked.findings.iter().filter(|one| one.starts_with("prohibited.h_c")).all(|one| after.contains(one))
                    && prohibited(after.iter()).len() > before.len();
                if more {
                    for outcome in &result.possible_outcomes {
                        prop_assert!(
                            strictness(outcome) >= strictness(&walked.outcome),
                            "{} -> {} by {}", walked.outcome, outcome, question.id
                        );
                    }
                }
            }
        }
    }
}
