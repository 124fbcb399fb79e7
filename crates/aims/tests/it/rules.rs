//! What a kind refuses: the field, what is wrong, and what to do.

use serde_json::{Value, json};
use surety_aims::{Kind, Rejection};

use crate::{desk::Desk, samples::sample};

/// Stating the sample of that kind with `changes` is refused with `message`.
fn is_refused(kind: Kind, changes: Value, message: &str) {
    let refusal = Desk::with_samples().restate(kind, changes).unwrap_err();
    let Rejection::Invalid(problems) = refusal else { panic!("{kind}: {refusal}") };
    assert!(problems.to_string().contains(message), "{kind}: {problems}");
}

#[test]
fn dates_in_the_wrong_order_are_refused_and_both_are_named() {
    let cases = [
        (
            Kind::AiSystem,
            json!({"go_live": "2026-05-01", "retire_by": "2026-04-30"}),
            "retire_by: 2026-04-30 lies before go_live (2026-05-01); correct one of the two",
        ),
        (
            Kind::RoleAssignment,
            json!({"to": "2026-01-31"}),
            "to: 2026-01-31 lies before from (2026-02-01)",
        ),
        (
            Kind::EvidenceItem,
            json!({"period_to": "2026-08-31"}),
            "period_to: 2026-08-31 lies before period_from",
        ),
        (
            Kind::EvidenceItem,
            json!({"collected_on": "2026-08-31"}),
            "collected_on: 2026-08-31 lies before",
        ),
        (
            Kind::RiskAssessment,
            json!({"next_due": "2026-01-01"}),
            "next_due: 2026-01-01 lies before",
        ),
        (Kind::AuditFinding, json!({"due": "2026-09-14"}), "due: 2026-09-14 lies before raised_on"),
        (
            Kind::RequirementAssessment,
            json!({"valid_until": "2026-07-31"}),
            "valid_until: 2026-07-31 lies before",
        ),
    ];
    for (kind, changes, message) in cases {
        is_refused(kind, changes, message);
    }
}

#[test]
fn what_contradicts_itself_is_refused_with_the_field_and_what_to_do() {
    let cases = [
        (Kind::Organisation, json!({"name": " "}), "name: give the organisation its name"),
        (Kind::Person, json!({"position": null}), "position: give the person's position"),
        (
            Kind::ScopeStatement,
            json!({"ai_systems_out": ["SYS-1"]}),
            "ai_systems_out: SYS-1 is also in",
        ),
        (
            Kind::EvidenceItem,
            json!({"file": {"sha256": "9F86"}}),
            "file: `sha256` is not 64 lower-case hex",
        ),
        (
            Kind::Policy,
            json!({"file": {"name": "policy.pdf"}}),
            "file: `sha256` is not 64 lower-case hex",
        ),
        (
            Kind::ControlImplementation,
            json!({"group": "GRP-1"}),
            "group: names a group beside an AI system",
        ),
        (
            Kind::ControlImplementation,
            json!({"documents": ["RSK-1"]}),
            "documents: RSK-1 is neither a policy",
        ),
        (
            Kind::Risk,
            json!({"current": {"likelihood": 6}}),
            "current: likelihood is 6; rate from 1 to 5",
        ),
        (
            Kind::Risk,
            json!({"inherent": {"society": 0}}),
            "inherent: society is 0; rate from 1 to 5",
        ),
        (
            Kind::ImpactAssessment,
            json!({"impacts": [{"severity": 9}]}),
            "impacts: severity of impact 1 is 9",
        ),
        (Kind::ImpactAssessment, json!({"ai_system": null}), "ai_system: name the AI system"),
        (
            Kind::Framework,
            json!({"framework_id": "house:rules"}),
            "framework_id: give an id without a colon",
        ),
        (Kind::CustomField, json!({"record_kind": "robot"}), "record_kind: name a kind of record"),
        (Kind::CustomField, json!({"name": "Cost centre"}), "name: use small letters"),
        (
            Kind::CustomField,
            json!({"name": "purpose"}),
            "name: an AI system has a field `purpose` of its own",
        ),
        (Kind::CustomField, json!({"type": "text"}), "choices: are for type choice only"),
        (Kind::CustomField, json!({"choices": null}), "choices: list the values"),
    ];
    for (kind, changes, message) in cases {
        is_refused(kind, changes, message);
    }
}

#[test]
fn what_must_be_there_once_is_not_stated_twice() {
    let cases = [
        (Kind::Organisation, "there is one organisation, ORG-1"),
        (Kind::Framework, "framework_id: is the id of FWK-1 too"),
        (Kind::CustomField, "name: is defined by FLD-1 already"),
    ];
    for (kind, message) in cases {
        let refusal = Desk::with_samples().state(kind, sample(kind)).unwrap_err().to_string();
        assert!(refusal.contains(message), "{kind}: {refusal}");
    }
}
