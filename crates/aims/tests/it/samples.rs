//! One record of each kind, realistic and fictional.

use serde_json::{Value, json};
use surety_aims::Kind;

/// One record of each kind, as the fictional Havnbank states them.
pub(crate) fn samples() -> Vec<(Kind, Value)> {
    [
        governance(),
        inventory(),
        documents_and_controls(),
        assessments(),
        duties(),
        incidents(),
        own_definitions(),
        remarks(),
    ]
    .concat()
}

/// The sample of that kind.
pub(crate) fn sample(kind: Kind) -> Value {
    samples().into_iter().find(|(other, _)| *other == kind).unwrap().1
}

fn governance() -> Vec<(Kind, Value)> {
    vec![
        (
            Kind::Organisation,
            json!({
                "name": "Havnbank ASA", "legal_form": "ASA", "jurisdictions": ["NO", "EU"],
                "sector": "retail banking", "activities": "Savings, cards and consumer credit.",
                "ai_roles": ["provider", "user"], "single_person": false, "next_review": "2027-01-15",
            }),
        ),
        (
            Kind::ScopeStatement,
            json!({
                "version": "1.0", "text": "AI in consumer credit and fraud control of Havnbank.",
                "legal_entities": ["Havnbank ASA"], "units": ["Credit", "Fraud control"], "sites": ["Bergen"],
                "ai_systems_in": ["SYS-1"], "exclusions": ["Spam filter: no effect on customers"],
                "roles_covered": ["provider", "user"], "inputs": ["AI Act, high-risk duties"],
                "approved_by": "PER-1", "effective_from": "2026-06-01", "next_review": "2027-06-01",
            }),
        ),
        (
            Kind::Person,
            json!({
                "position": "Head of credit models", "unit": "Credit", "skills": ["model validation"],
            }),
        ),
        (
            Kind::RoleAssignment,
            json!({
                "role": "system owner", "person": "PER-1", "activity": "operation of the credit score",
                "ai_system": "SYS-1", "raci": "A", "authority": "risks up to level 9", "from": "2026-02-01",
                "to": "2028-01-31", "accepted_on": "2026-02-01",
            }),
        ),
        (
            Kind::SystemGroup,
            json!({
                "name": "Credit decisions", "description": "Systems that weigh on a loan.", "owner": "PER-1",
            }),
        ),
    ]
}

fn inventory() -> Vec<(Kind, Value)> {
    vec![
        (
            Kind::AiSystem,
            json!({
                "name": "Credit score", "purpose": "Rates applications for consumer credit.",
                "description": "Gradient-boosted trees over account and bureau data.", "kind": "predictive",
                "origin": "hybrid", "owner": "PER-1", "group": "GRP-1", "roles": ["provider", "user"],
                "suppliers": ["SUP-1"], "datasets": ["DST-1"], "decision_effect": "recommends",
                "automation_level": "human_in_loop", "personal_data": true, "ai_act_class": "high",
                "criticality": "high", "in_scope": true, "next_review": "2027-02-01",
                "metrics": [{"name": "AUC", "value": "0.81", "dataset": "holdout 2025"}],
            }),
        ),
        (
            Kind::Resource,
            json!({
                "ai_system": "SYS-1", "kind": "compute", "name": "Scoring cluster",
                "lifecycle_stage": ["operation"], "owner": "PER-1", "location": "NO",
                "details": {"cpus": 16, "energy": {"kwh_per_month": 410}},
                "last_verified": "2026-09-01", "next_review": "2026-12-01",
            }),
        ),
        (
            Kind::DatasetCard,
            json!({
                "name": "Loan history", "version": "2025-12", "ai_systems": ["SYS-1"], "use": "training",
                "source": "internal", "rights_basis": "credit agreements", "personal_data": "personal",
                "quality_requirements": ["under 2 % missing income"], "quality_results": ["1.1 % missing"],
                "purposes": ["training of the credit score"], "languages": ["nb"], "steward": "PER-1",
                "next_review": "2026-12-31",
            }),
        ),
        (
            Kind::Supplier,
            json!({
                "name": "Fjord Bureau AS", "supplies": ["data", "service"], "ai_systems": ["SYS-1"],
                "criticality": "medium", "contract": "C-2025-17", "ai_clauses": ["notice of changes"],
                "assurance_until": "2027-03-31", "owner": "PER-1", "next_review": "2027-01-31",
            }),
        ),
    ]
}

fn documents_and_controls() -> Vec<(Kind, Value)> {
    let file = json!({
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "name": "policy.pdf", "media_type": "application/pdf", "bytes": 48_211,
    });
    vec![
        (
            Kind::Policy,
            json!({
                "kind": "ai_policy", "title": "AI policy", "version": "1.0", "body": "We use AI with care.",
                "commitments": ["requirements", "improvement"], "external_availability": "public",
                "owner": "PER-1", "clause_refs": ["iso42001:5.2"], "effective_from": "2026-03-01",
                "next_review": "2027-03-01", "file": file,
                "review_log": [{"date": "2026-03-01", "reviewer": "PER-1", "outcome": "no change"}],
            }),
        ),
        (
            Kind::ControlledDocument,
            json!({
                "code": "PR-7", "title": "Method of risk assessment", "document_type": "risk_method",
                "kind": "document", "version": "1.1", "owner": "PER-1", "classification": "internal",
                "clause_refs": ["iso42001:6.1.2"], "disposition": "archive", "body": "Five steps.",
                "change_log": ["1.1: scale for society added"],
            }),
        ),
        (
            Kind::ControlImplementation,
            json!({
                "control": "iso42001:A.6.2.4", "ai_system": "SYS-1", "applicable": true,
                "justification": "A wrong score harms applicants.", "basis": ["risk", "law"],
                "description": "Every release is validated.", "owner": "PER-1", "artefact": "validation report",
                "cadence": "on_event", "documents": ["DOC-1"], "due": "2026-12-15",
                "test_result": "not_tested", "linked_risks": ["RSK-1"],
            }),
        ),
        (
            Kind::EvidenceItem,
            json!({
                "title": "Validation of release 4", "kind": "test_result", "source": "validation pipeline",
                "collected_by": "PER-1", "collected_on": "2026-10-02", "period_from": "2026-09-01",
                "period_to": "2026-09-30", "fresh_until": "2027-10-02", "supports": ["iso42001:A.6.2.4"],
                "ai_systems": ["SYS-1"], "url": "https://ci.example/4", "confidentiality": "internal",
                "automated": true,
            }),
        ),
    ]
}

fn assessments() -> Vec<(Kind, Value)> {
    vec![
        (
            Kind::Risk,
            json!({
                "title": "Score disfavours newcomers", "kind": "threat", "ai_system": "SYS-1",
                "sources": ["iso42001:C.3.4"], "description": "Short histories rate low, so loans are refused.",
                "owner": "PER-1", "inherent": {"organisation": 3, "individuals": 4, "society": 2, "likelihood": 3},
                "residual": {"organisation": 2, "individuals": 2, "society": 1}, "treatment": "modify",
                "controls": ["iso42001:A.7.4"], "next_review": "2027-01-01", "accepted_by": "PER-1",
                "accepted_until": "2027-06-30",
            }),
        ),
        (
            Kind::RiskAssessment,
            json!({
                "ai_system": "SYS-1", "reason": "initial", "method_version": "1.1", "criteria_version": "1.0",
                "participants": ["PER-1"], "risks": ["RSK-1"], "summary": "First run over the credit score",
                "assessor": "PER-1", "performed_on": "2026-04-10", "next_due": "2027-04-10",
            }),
        ),
        (
            Kind::ImpactAssessment,
            json!({
                "ai_system": "SYS-1", "reason": "initial", "process_version": "1.0", "screening_result": "full",
                "scope": "Consumer credit in Norway", "purpose": "Rates applications",
                "interested_parties": ["applicants", "newcomers"],
                "impacts": [{"party": "newcomers", "kind": "fairness", "effect": "harm", "severity": 3,
                    "likelihood": 2, "reversible": true, "note": "refused without cause"}],
                "sharing_decision": "on_request", "risks": ["RSK-1"], "assessor": "PER-1",
                "performed_on": "2026-04-20", "next_due": "2027-04-20",
            }),
        ),
    ]
}

fn duties() -> Vec<(Kind, Value)> {
    vec![
        (
            Kind::Classification,
            json!({
                "ai_system": "SYS-1", "system_version": 2, "law": "eu-ai-act", "law_version": "v2026",
                "on": "2026-10-01", "law_as_of": "2026-10-01", "answers": { "start": ["system"] },
                "dates": { "system_placed_on": "2025-03-01" }, "facts": { "origin": ["built"] },
                "outcome": "high_risk_annex_iii", "roles": ["provider"], "tiers": ["any_ai_system", "high_risk_annex_iii"],
                "findings": ["def.ai"], "remarks": "Answered with the credit team.", "assessor": "PER-1",
                "performed_on": "2026-10-01", "next_due": "2027-10-01",
            }),
        ),
        (
            Kind::AuditFinding,
            json!({
                "audit": "Internal audit 2026", "grade": "minor", "requirement": "iso42001:9.1",
                "statement": "Drift of the score is not measured", "evidence": "No report since June",
                "auditee": "PER-1", "action": "ACT-1", "raised_on": "2026-09-15", "due": "2026-12-15",
            }),
        ),
        (
            Kind::ImprovementAction,
            json!({
                "title": "Measure drift each month", "source": "audit", "requirement": "iso42001:9.1",
                "condition": "9.1-monitoring-plan", "ai_system": "SYS-1", "owner": "PER-1",
                "due": "2026-12-01", "evidence": ["EVD-1"],
            }),
        ),
        (
            Kind::LegalObligation,
            json!({
                "title": "Tell applicants that AI is used", "source": "Credit code, section 4",
                "jurisdiction": "NO", "applies_to": ["SYS-1"], "duty": "Tell them before the decision.",
                "how_met": "Notice on the form.", "owner": "PER-1", "evidence": ["EVD-1"],
                "status_of_law": "adopted_not_applicable_yet", "next_review": "2027-05-01",
            }),
        ),
        (
            Kind::RequirementAssessment,
            json!({
                "requirement": "iso42001:7.2", "result": "partly", "reason": "Two skills are not proven.",
                "assessed_by": "PER-1", "assessed_on": "2026-08-01", "valid_until": "2027-02-01", "score": 2,
                "answers": {"proof kept": "no"},
            }),
        ),
    ]
}

fn incidents() -> Vec<(Kind, Value)> {
    vec![
        (
            Kind::Incident,
            json!({
                "title": "Wrong refusals after a model update", "description": "312 people were refused by mistake.",
                "ai_systems": ["SYS-1"], "severity": "high",
                "events": [{ "event": "awareness", "at": "2026-11-16T09:20:00Z", "by": "PER-1", "source": "call of a branch" }],
                "answers": { "harm": "yes" }, "timezone": "Europe/Oslo", "occurred_in": ["DE"], "established_in": "NO",
                "regions": ["DE-HB"], "holidays": ["2026-11-18"], "roles": ["provider"], "affected_people": "312 applicants",
                "cause": "A threshold was read in percent", "lesson": "Compare refusal rates before release",
                "stops": [{ "clock": "gdpr.34", "at": "2026-11-18T10:00:00Z", "reason": "no_risk", "by": "PER-1", "note": "nothing left the bank" }],
                "particulars": { "dpo": "dpo@bank.example" }, "drill": false, "manager": "PER-1",
            }),
        ),
        (
            Kind::ReportingClock,
            json!({
                "title": "Tell the card scheme", "source": "Scheme rules 7.2", "recipient": "Fraud desk of the scheme",
                "who": "duty officer", "starts_with": ["aware"], "limit": 24, "unit": "hours", "ai_systems": ["SYS-1"],
                "first_report_may_be_incomplete": true, "owner": "PER-1", "next_review": "2027-06-01",
            }),
        ),
        (
            Kind::Authority,
            json!({
                "name": "Market supervision office", "recipient": "market_surveillance", "member_state": "DE",
                "channel": "Portal of the office", "remarks": "Registration takes a day", "owner": "PER-1",
                "next_review": "2027-06-01",
            }),
        ),
        (
            Kind::Attachment,
            json!({
                "record": "INC-1", "note": "As the customer sent it",
                "file": {
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "name": "complaint.eml", "media_type": "message/rfc822", "bytes": 2_048,
                },
            }),
        ),
    ]
}

fn own_definitions() -> Vec<(Kind, Value)> {
    vec![
        (
            Kind::Framework,
            json!({
                "framework_id": "house-rules", "urn": "urn:havnbank:house-rules", "name": "House rules",
                "version": "3", "format": "ciso_assistant", "locale": "en",
            }),
        ),
        (
            Kind::CustomField,
            json!({
                "record_kind": "ai_system", "name": "cost_centre", "label": "Cost centre", "type": "choice",
                "choices": ["4100", "4200"], "required": false, "help": "Where its cost is booked.",
            }),
        ),
    ]
}

fn remarks() -> Vec<(Kind, Value)> {
    vec![(
        Kind::Comment,
        json!({
            "about": "SYS-1", "text": "Which refusal rate counts here?\nThe one of the release, or of today?",
            "mentions": ["PER-1"],
        }),
    )]
}
