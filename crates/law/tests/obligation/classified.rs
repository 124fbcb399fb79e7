//! From answers to obligations, over the worked examples of the classification, against a plain re-computation.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use serde::Deserialize;
use surety_catalog::{Catalogs, Obligation};
use surety_law::{
    classification::{Answers, Procedure, classify},
    obligation::{Facts, Reading, Standing, Subject},
};

use crate::given::{TODAY, ai_act};

#[derive(Deserialize)]
struct File {
    scenario: Vec<Scenario>,
}

#[derive(Deserialize)]
struct Scenario {
    id: String,
    on: Date,
    answers: BTreeMap<String, toml::Value>,
}

/// The examples as subjects, each classified on its day.
fn examples() -> Vec<Subject> {
    let file: File = toml::from_str(include_str!("../classification/scenarios.toml")).unwrap();
    let subject = |scenario: &Scenario| {
        let json = serde_json::to_value(&scenario.answers).unwrap();
        let answers: Answers = serde_json::from_value(json).unwrap();
        let result = classify(Procedure::ai_act(), &answers, scenario.on, scenario.on).unwrap();
        Subject {
            id: scenario.id.clone(),
            facts: Facts::from(answers.dates()),
            ..Subject::from(&result)
        }
    };
    file.scenario.iter().map(subject).collect()
}

/// The join as the fact base words it, for one version: who applies, and the earliest day.
fn plainly(subject: &Subject, obligation: &Obligation, version: &str) -> Option<Option<Date>> {
    let law = ai_act();
    let has = |one: &String| subject.findings.contains(one);
    let selected = !law.outcomes_without_duties.contains(&subject.outcome)
        && obligation.applies_to.iter().any(|role| subject.roles.contains(role))
        && (obligation.requires_any.is_empty() || obligation.requires_any.iter().any(has))
        && !obligation.requires_none.iter().any(has);
    if !selected {
        return None;
    }
    let tiers =
        law.tiers_in(obligation, version).iter().filter(|tier| subject.tiers.contains(*tier));
    let days: Vec<Option<Date>> = tiers
        .filter_map(|tier| {
            let transition =
                law.transitions.iter().find(|one| has(&one.finding) && one.tiers.contains(tier));
            if let Some(day) = transition.and_then(|one| one.fixed_operative_from)
                && !transition.is_some_and(|one| obligation.requires_any.contains(&one.finding))
            {
                return Some(Some(day));
            }
            let scope = transition.and_then(|one| one.scope.clone()).filter(|one| one != "tier");
            // A tier without rows of its own has those of the tier that it includes.
            let tier = if tier == "gpai_systemic" { "gpai" } else { tier.as_str() };
            let wanted = [scope.as_deref().unwrap_or(tier), tier, "all"];
            let row = |scope: &&str| {
                law.applications(obligation, version).find(|row| row.scope == **scope)
            };
            let row = wanted.iter().find_map(row)?;
            let change = subject.facts.significant_change_on;
            Some(
                row.operative_from
                    .or_else(|| change.filter(|day| Some(*day) >= row.reference_date)),
            )
        })
        .collect();
    (!days.is_empty()).then(|| days.into_iter().flatten().min())
}

#[test]
fn every_example_has_the_obligations_that_a_plain_join_gives() {
    let days = [date(2025, 8, 2), date(2026, 7, 23), TODAY, date(2026, 12, 2), date(2029, 1, 1)];
    let mut applied = 0;
    for subject in examples() {
        for day in days {
            let reading = Reading::new(ai_act(), day, day).unwrap();
            for entry in &reading.obligations(&subject).entries {
                let id = format!("{} {} {day}", subject.id, entry.obligation.id);
                match plainly(&subject, entry.obligation, &reading.version.id) {
                    None => assert_eq!(entry.standing, Standing::NotApplicable, "{id}"),
                    Some(from) => {
                        assert_eq!(entry.start().unwrap().operative_from, from, "{id}");
                        let released = !ai_act().held_back.iter().any(|held| {
                            subject.findings.contains(&held.finding)
                                && !entry.obligation.requires_any.contains(&held.finding)
                        });
                        let binds = released && from.is_some_and(|from| from <= day);
                        assert_eq!(entry.standing == Standing::Binds, binds, "{id}");
                        applied += 1;
                    }
                }
            }
        }
    }
    assert!(applied > 2000, "{applied}");
}

#[test]
fn how_many_duties_each_example_has() {
    let mut table = String::new();
    for subject in examples() {
        let reading = Reading::new(ai_act(), date(2026, 12, 2), TODAY).unwrap();
        let derived = reading.obligations(&subject);
        let count = |standing| derived.duties().filter(|one| one.standing == standing).count();
        table.push_str(&format!(
            "{} {} as {}: {} bind, {} later, {} wait; {} others\n",
            subject.id,
            subject.outcome,
            subject.roles.iter().cloned().collect::<Vec<_>>().join("+"),
            count(Standing::Binds),
            count(Standing::Upcoming),
            count(Standing::Waits),
            derived.others().count()
        ));
    }
    insta::assert_snapshot!(table, @"
    sc.01 high_risk_annex_iii as provider: 3 bind, 102 later, 0 wait; 22 others
    sc.03 transparency as provider: 6 bind, 0 later, 0 wait; 2 others
    sc.05 out_of_scope as : 0 bind, 0 later, 0 wait; 0 others
    sc.07 minimal as provider: 3 bind, 0 later, 0 wait; 3 others
    sc.09 minimal as provider: 3 bind, 0 later, 0 wait; 3 others
    sc.11 high_risk_annex_iii as deployer: 3 bind, 23 later, 0 wait; 4 others
    sc.13 prohibited as deployer: 4 bind, 32 later, 0 wait; 5 others
    sc.15 minimal as provider: 3 bind, 0 later, 0 wait; 3 others
    sc.17 high_risk_annex_i_b as provider: 3 bind, 0 later, 0 wait; 6 others
    sc.19 out_of_scope_open_source as provider: 0 bind, 0 later, 0 wait; 0 others
    sc.21 transparency as provider: 5 bind, 0 later, 0 wait; 3 others
    sc.23 gpai_systemic as gpai_provider+gpai_systemic_provider: 13 bind, 0 later, 0 wait; 4 others
    sc.25 transparency as gpai_provider+provider: 15 bind, 0 later, 0 wait; 6 others
    sc.27 high_risk_annex_iii as provider: 3 bind, 104 later, 0 wait; 22 others
    sc.29 high_risk_annex_iii as deployer: 3 bind, 17 later, 0 wait; 4 others
    sc.31 minimal as deployer: 3 bind, 0 later, 0 wait; 3 others
    sc.33 high_risk_annex_iii as deployer: 5 bind, 18 later, 0 wait; 4 others
    sc.35 transparency as provider: 6 bind, 0 later, 0 wait; 4 others
    sc.37 minimal as deployer: 3 bind, 0 later, 0 wait; 3 others
    sc.39 high_risk_annex_iii as provider: 3 bind, 105 later, 0 wait; 22 others
    sc.41 high_risk_annex_iii as deployer: 3 bind, 27 later, 0 wait; 5 others
    sc.43 high_risk_annex_iii as deployer: 3 bind, 26 later, 0 wait; 5 others
    sc.45 prohibited as provider: 4 bind, 0 later, 0 wait; 2 others
    sc.47 high_risk_annex_iii as provider: 3 bind, 103 later, 0 wait; 22 others
    sc.49 high_risk_annex_iii as prospective_provider+provider: 0 bind, 0 later, 105 wait; 23 others
    sc.51 prohibited as provider: 7 bind, 0 later, 0 wait; 2 others
    sc.53 transparency as deployer: 5 bind, 0 later, 0 wait; 2 others
    sc.55 high_risk_annex_i as product_manufacturer+provider: 3 bind, 101 later, 0 wait; 27 others
    ");
}

#[test]
fn what_provisions_ask_for_can_be_found() {
    let catalogs = Catalogs::builtin();
    let procedure = catalogs.procedure("eu-ai-act").unwrap();
    let known: BTreeSet<&str> = procedure.findings.iter().map(|one| one.id.as_str()).collect();
    let asked =
        ai_act().obligations().flat_map(|one| one.requires_any.iter().chain(&one.requires_none));
    let transitions = ai_act().transitions.iter().map(|one| &one.finding);
    for finding in asked.chain(transitions) {
        assert!(known.contains(finding.as_str()), "{finding}");
    }
    for role in procedure.roles.iter().map(|one| &one.role) {
        assert!(ai_act().roles.contains(role), "{role}");
    }
    for tier in procedure.tiers.iter().map(|one| &one.tier) {
        assert!(ai_act().tiers.contains(tier), "{tier}");
    }
}

#[test]
fn an_open_classification_gives_what_is_certain() {
    let answers = Answers::default().with("start", ["system"]);
    let result = classify(Procedure::ai_act(), &answers, TODAY, TODAY).unwrap();
    let subject = Subject::from(&result);
    assert_eq!(subject.outcome, &*result.provisional_outcome);
    assert!(subject.roles.is_empty());
}
