//! The life cycles are sound tables, and their guards hold.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use surety_aims::{Command, Kind, Lifecycle, RecordId, Rejection};

use crate::desk::Desk;

fn lifecycles() -> Vec<&'static Lifecycle> {
    let mut seen = BTreeSet::new();
    Kind::ALL.iter().map(|kind| kind.lifecycle()).filter(|cycle| seen.insert(cycle.name)).collect()
}

#[test]
fn every_life_cycle_names_only_its_own_states() {
    for cycle in lifecycles() {
        let states: BTreeSet<_> = cycle.states.iter().copied().collect();
        assert_eq!(states.len(), cycle.states.len(), "{}", cycle.name);
        let steps = cycle.transitions.iter().flat_map(|step| [step.from, step.to]);
        let named = steps.chain(cycle.finals.iter().copied()).chain(cycle.in_force.iter().copied());
        for state in named.chain(cycle.reopens_to) {
            assert!(states.contains(state), "{}: {state}", cycle.name);
        }
        assert!(cycle.purpose.ends_with('.'), "{}", cycle.name);
    }
}

#[test]
fn every_state_is_reached_from_the_initial_one_and_leads_to_force_or_an_end() {
    for cycle in lifecycles() {
        for state in cycle.states.iter().copied() {
            let reached =
                state == cycle.initial() || !cycle.path(cycle.initial(), state).is_empty();
            assert!(reached, "{}: {state} is never reached", cycle.name);
            let goals = || cycle.finals.iter().chain(cycle.in_force).copied();
            let settles = goals().any(|goal| goal == state || !cycle.path(state, goal).is_empty());
            assert!(settles, "{}: {state} leads nowhere", cycle.name);
        }
    }
}

#[test]
fn no_step_leaves_a_final_state_and_no_two_steps_of_a_state_share_a_name_or_goal() {
    for cycle in lifecycles() {
        let (mut actions, mut goals) = (BTreeSet::new(), BTreeSet::new());
        for step in cycle.transitions {
            let name = format!("{}: {} {}", cycle.name, step.from, step.action);
            assert!(!cycle.is_final(step.from), "{name} leaves a final state");
            assert!(actions.insert((step.from, step.action)), "{name} is there twice");
            assert!(goals.insert((step.from, step.to)), "{name} has a twin with the same goal");
        }
    }
}

/// Steps that take a sample into force; PER-2 takes them, and PER-1 stated the record.
const WAYS: &[(Kind, &[&str], &str)] = &[
    (Kind::Organisation, &["confirm"], "active"),
    (Kind::ScopeStatement, &["submit", "approve"], "approved"),
    (Kind::DatasetCard, &["submit", "approve"], "approved"),
    (Kind::Supplier, &["start", "approve"], "approved"),
    (Kind::Policy, &["submit", "approve"], "approved"),
    (Kind::EvidenceItem, &["accept"], "accepted"),
    (
        Kind::ControlImplementation,
        &["plan", "start", "report_implemented", "test_pass"],
        "effective",
    ),
    (Kind::Risk, &["analyse", "evaluate", "treat", "accept_residual"], "accepted"),
    (Kind::RiskAssessment, &["start", "submit", "approve"], "approved"),
    (Kind::ImpactAssessment, &["start", "submit", "approve"], "approved"),
    (Kind::ImprovementAction, &["start", "report_done", "verify", "close"], "closed"),
    (Kind::AuditFinding, &["accept", "plan", "report_done", "verify", "close"], "closed"),
    (
        Kind::AiSystem,
        &[
            "accept_intake",
            "pass_inception_gate",
            "pass_build_gate",
            "pass_evaluation_gate",
            "go_live",
        ],
        "in_operation",
    ),
];

#[test]
fn a_complete_record_comes_into_force_step_by_step() {
    let mut desk = Desk::with_samples();
    for (kind, steps, end) in WAYS {
        for step in *steps {
            desk.step(*kind, step).unwrap_or_else(|rejection| panic!("{kind}: {rejection}"));
        }
        assert_eq!(desk.state_of(*kind), *end);
        assert!(kind.lifecycle().is_in_force(end), "{kind}");
    }
}

#[test]
fn a_restated_record_goes_back_where_its_content_must_be_looked_at_again() {
    let cases = [
        (Kind::EvidenceItem, json!({"source": "by hand"}), "collected"),
        (Kind::DatasetCard, json!({"version": "2026-01"}), "draft"),
        (Kind::Policy, json!({"version": "1.1"}), "draft"),
        (Kind::ControlImplementation, json!({"artefact": "signed report"}), "effective"),
        (Kind::Supplier, json!({"contract": "C-2026-2"}), "approved"),
    ];
    let mut desk = Desk::with_samples();
    for (kind, steps, _) in WAYS {
        steps.iter().for_each(|step| desk.step(*kind, step).unwrap());
    }
    for (kind, changes, state) in cases {
        desk.restate(kind, changes).unwrap();
        assert_eq!(desk.state_of(kind), state, "{kind}");
    }
}

/// A kind, steps that it has taken, changes to its sample, the step that is refused, and the reason.
type Case = (Kind, &'static [&'static str], Value, &'static str, &'static str);

fn is_guarded((kind, before, changes, step, reason): &Case) {
    let mut desk = Desk::with_samples();
    before.iter().for_each(|step| desk.step(*kind, step).unwrap());
    desk.restate(*kind, changes.clone()).unwrap();
    let state = desk.state_of(*kind);
    let refusal = desk.step(*kind, step).unwrap_err().to_string();
    assert!(refusal.contains(reason), "{kind} {step}: {refusal}");
    assert_eq!(desk.state_of(*kind), state);
}

#[test]
fn a_guard_says_what_to_do_first() {
    let cases: [Case; 8] = [
        (Kind::Supplier, &[], json!({"criticality": null}), "start", "set `criticality` first"),
        (Kind::Supplier, &["start"], json!({}), "approve_with_conditions", "list the conditions"),
        (Kind::DatasetCard, &["submit"], json!({"purposes": null}), "approve", "list the purposes"),
        (Kind::DatasetCard, &["submit"], json!({}), "approve_with_limits", "state the limits"),
        (
            Kind::EvidenceItem,
            &[],
            json!({"url": null, "period_from": null, "period_to": null}),
            "accept",
            "add a file, a url",
        ),
        (Kind::ControlImplementation, &[], json!({"due": null}), "plan", "give `due`, `artefact`"),
        (Kind::ControlImplementation, &[], json!({"applicable": false}), "plan", "nothing to plan"),
        (
            Kind::ControlImplementation,
            &["plan", "start"],
            json!({}),
            "report_implemented",
            "accept at least one item of evidence for iso42001:A.6.2.4 first",
        ),
    ];
    cases.iter().for_each(is_guarded);
}

#[test]
fn a_risk_or_finding_moves_on_only_with_what_the_next_state_stands_for() {
    let cases: [Case; 8] = [
        (
            Kind::Risk,
            &[],
            json!({"inherent": {"individuals": 3}}),
            "analyse",
            "rate the consequences",
        ),
        (
            Kind::Risk,
            &["analyse", "evaluate"],
            json!({"controls": null}),
            "treat",
            "choose a `treatment`",
        ),
        (
            Kind::Risk,
            &["analyse", "evaluate"],
            json!({"residual": null}),
            "accept",
            "rate `current`",
        ),
        (
            Kind::Risk,
            &["analyse", "evaluate"],
            json!({"accepted_by": null}),
            "accept",
            "name who accepts",
        ),
        (
            Kind::Risk,
            &["analyse", "evaluate", "treat"],
            json!({"residual": null, "current": {"society": 1}}),
            "accept_residual",
            "rate `residual` first",
        ),
        (Kind::AuditFinding, &["accept"], json!({"action": null}), "plan", "a nonconformity needs"),
        (
            Kind::AuditFinding,
            &["accept"],
            json!({}),
            "close_ofi",
            "a nonconformity can't be closed",
        ),
        (Kind::AuditFinding, &["accept", "plan"], json!({}), "report_done", "action ACT-1 is open"),
    ];
    cases.iter().for_each(is_guarded);
}

#[test]
fn an_observation_is_closed_without_an_action() {
    let mut desk = Desk::with_samples();
    desk.restate(Kind::AuditFinding, json!({"grade": "observation", "action": null})).unwrap();
    desk.step(Kind::AuditFinding, "accept").unwrap();
    desk.step(Kind::AuditFinding, "close_ofi").unwrap();
    assert_eq!(desk.state_of(Kind::AuditFinding), "closed");
}

/// Evidence about one AI system shows a control at work for that system, for its group and for the organisation,
/// but not for another system or group.
#[test]
fn a_control_is_shown_by_evidence_about_its_own_place() {
    let places = [
        (json!({"ai_system": "SYS-1"}), true),
        (json!({"ai_system": null, "group": "GRP-1"}), true),
        (json!({"ai_system": null}), true),
        (json!({"ai_system": "SYS-2"}), false),
        (json!({"ai_system": null, "group": "GRP-2"}), false),
    ];
    for (place, shown) in places {
        let mut desk = Desk::with_samples();
        desk.step(Kind::EvidenceItem, "accept").unwrap();
        desk.restate(Kind::ControlImplementation, place.clone()).unwrap();
        desk.step(Kind::ControlImplementation, "plan").unwrap();
        desk.step(Kind::ControlImplementation, "start").unwrap();
        let reported = desk.step(Kind::ControlImplementation, "report_implemented");
        assert_eq!(reported.is_ok(), shown, "{place}");
    }
}

#[test]
fn nobody_approves_what_they_stated() {
    let mut desk = Desk::with_samples();
    desk.step(Kind::Supplier, "start").unwrap();
    let approve = Command::Move {
        id: RecordId::new(Kind::Supplier, 1),
        step: "approve".to_owned(),
        note: String::new(),
        base: None,
    };
    let refusal = desk.run("PER-1", approve).unwrap_err();
    assert!(matches!(refusal, Rejection::FourEyes { .. }), "{refusal}");
}
