//! Conditions speak of record kinds that exist. Their states and fields are checked where the records are.

use std::collections::BTreeSet;

use surety_catalog::{Catalogs, Requirement, Test};

/// The record kinds that conditions may name.
const KINDS: [&str; 20] = [
    "organisation",
    "scope_statement",
    "person",
    "role_assignment",
    "system_group",
    "ai_system",
    "resource",
    "dataset_card",
    "supplier",
    "policy",
    "controlled_document",
    "control_implementation",
    "evidence_item",
    "risk",
    "risk_assessment",
    "impact_assessment",
    "audit_finding",
    "improvement_action",
    "legal_obligation",
    "requirement_assessment",
];

/// Natural record types that are kept as controlled documents of that type.
const DOCUMENT_TYPES: [&str; 34] = [
    "adverse_impact_report",
    "aims_metric",
    "audit_programme",
    "awareness_campaign",
    "change_plan",
    "change_request",
    "communication_log",
    "communication_plan",
    "competence_profile",
    "context_issue",
    "customer_obligation",
    "deployment_plan",
    "design_record",
    "evaluation_report",
    "event_log_profile",
    "impact_assessment_process",
    "intended_use",
    "interested_party",
    "internal_audit",
    "lifecycle_gate",
    "management_review",
    "monitoring_plan",
    "monitoring_result",
    "objective",
    "operational_procedure",
    "policy_acknowledgement",
    "requirements_specification",
    "responsibility_allocation",
    "risk_criteria",
    "risk_method",
    "risk_treatment_plan",
    "technical_documentation",
    "training_record",
    "transparency_notice",
];

fn visit<'t>(test: &'t Test, kinds: &mut BTreeSet<&'t str>, documents: &mut BTreeSet<&'t str>) {
    match test {
        Test::Record { kind, with, .. } | Test::Every { kind, with, .. } => {
            kinds.insert(kind);
            if let ("controlled_document", Some(types)) = (kind.as_str(), with.get("document_type"))
            {
                documents.extend(types.iter().map(String::as_str));
            }
        }
        Test::Document { document: Some(document), .. } => {
            documents.insert(document);
        }
        Test::AnyOf { of } => of.iter().for_each(|test| visit(test, kinds, documents)),
        Test::Document { document: None, .. }
        | Test::Evidence { .. }
        | Test::SoaComplete
        | Test::ControlDesigned
        | Test::ControlDocumented
        | Test::ControlOperating => {}
    }
}

#[test]
fn conditions_name_known_record_kinds_and_document_types() {
    let catalogs = Catalogs::builtin();
    let (mut kinds, mut documents) = (BTreeSet::new(), BTreeSet::new());
    for one in catalogs.frameworks().flat_map(|framework| &framework.requirements) {
        one.conditions.iter().for_each(|one| visit(&one.test, &mut kinds, &mut documents));
    }
    let unknown: Vec<_> = kinds.iter().filter(|kind| !KINDS.contains(kind)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let unknown: Vec<_> = documents.iter().filter(|one| !DOCUMENT_TYPES.contains(one)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn every_judged_element_of_iso_42001_has_conditions() {
    let catalogs = Catalogs::builtin();
    let framework = catalogs.framework("iso42001").unwrap();
    let bare: Vec<&str> = framework
        .requirements
        .iter()
        .filter(|one| one.assessable && one.conditions.is_empty())
        .map(|one| one.id.as_str())
        .collect();
    assert!(bare.is_empty(), "{bare:?}");
}

#[test]
fn every_control_asks_for_design_and_operation_and_for_documents_where_demanded() {
    let asks =
        |control: &Requirement, test: &Test| control.conditions.iter().any(|one| one.test == *test);
    for control in Catalogs::builtin().controls("iso42001") {
        assert!(asks(control, &Test::ControlDesigned), "{}", control.id);
        assert!(asks(control, &Test::ControlOperating), "{}", control.id);
        let demanded = control.documented != surety_catalog::Documented::None;
        assert_eq!(asks(control, &Test::ControlDocumented), demanded, "{}", control.id);
    }
}

#[test]
fn the_statement_of_applicability_is_asked_for_where_the_standard_asks_for_it() {
    let catalogs = Catalogs::builtin();
    let clause = catalogs.resolve("iso42001", "6.1.3.f").unwrap();
    assert_eq!(clause.conditions[0].test, Test::SoaComplete);
    assert_eq!(clause.weight, 5);
}
