//! Proposals from what an inventory says.

use surety_law::classification::{Facts, Procedure, classify, prefill};

use super::reference::{ON, catalog};

fn hiring_tool() -> Facts {
    Facts::default()
        .with("record", ["ai_system"])
        .with("state", ["in_operation"])
        .with("kind", ["predictive"])
        .with("ai_act_roles", ["deployer", "provider"])
        .with("jurisdictions", ["US", "DE"])
        .with("decision_effect", ["recommends"])
}

#[test]
fn a_proposal_says_from_which_field_it_comes() {
    let prefilled = prefill(Procedure::ai_act(), &hiring_tool());
    let proposed: Vec<String> = prefilled
        .suggestions
        .iter()
        .map(|one| format!("{}={} ({})", one.node, one.values.join(","), one.fields.join(",")))
        .collect();
    insta::assert_snapshot!(proposed.join("\n"), @"
    start=system (record)
    def.machine=yes (record)
    role.personal=no (record)
    def.autonomy=yes (kind)
    def.infer=yes (kind)
    def.output=yes (kind)
    def.output=yes (decision_effect)
    scope.link=a (ai_act_roles,jurisdictions)
    scope.link=b (ai_act_roles,jurisdictions)
    excl.premarket=no (state)
    role.select=provider (ai_act_roles)
    role.select=deployer (ai_act_roles)
    d.sig=yes (decision_effect)
    ");
}

#[test]
fn several_roles_add_up() {
    let prefilled = prefill(Procedure::ai_act(), &hiring_tool());
    assert_eq!(prefilled.answers.get("role.select").unwrap(), ["provider", "deployer"]);
    assert_eq!(prefilled.answers.get("scope.link").unwrap(), ["a", "b"]);
}

#[test]
fn an_unknown_role_proposes_none() {
    let facts = hiring_tool().with("ai_act_roles", ["unknown"]);
    assert_eq!(prefill(Procedure::ai_act(), &facts).answers.get("role.select"), None);
}

#[test]
fn what_works_on_no_data_about_people_does_not_profile() {
    let facts = Facts::default().with("personal_data", ["false"]);
    let prefilled = prefill(Procedure::ai_act(), &facts);
    assert_eq!(prefilled.answers.get("d.profiling").unwrap(), ["no"]);
    let facts = Facts::default().with("personal_data", ["true"]);
    assert!(prefill(Procedure::ai_act(), &facts).suggestions.is_empty());
}

#[test]
fn the_first_day_of_operation_of_what_somebody_built_is_a_date() {
    let facts = hiring_tool().with("origin", ["built"]).with("go_live", ["2026-05-01"]);
    let dates = prefill(Procedure::ai_act(), &facts).answers.dates().clone();
    assert_eq!(dates["system_placed_on"], jiff::civil::date(2026, 5, 1));
}

#[test]
fn proposals_can_be_classified() {
    let prefilled = prefill(Procedure::ai_act(), &hiring_tool());
    let result = classify(Procedure::ai_act(), &prefilled.answers, ON, ON).unwrap();
    assert!(result.outcome.is_none() && result.possible_outcomes.len() > 3);
}

#[test]
fn no_proposal_alone_takes_a_system_out_of_the_act() {
    // Everything that any rule could propose leaves every outcome of a system in the Act possible.
    for rule in catalog().prefills.iter().filter(|one| !one.node.is_empty()) {
        let given = surety_law::classification::Answers::default().with(&rule.node, &rule.answer);
        let result = classify(Procedure::ai_act(), &given, ON, ON).unwrap();
        assert!(result.possible_outcomes.len() > 5, "{}", rule.node);
    }
}
