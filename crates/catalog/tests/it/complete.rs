//! All that the standards hold is there.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use surety_catalog::{Catalogs, Documented, Framework, Requirement, RequirementKind};

fn framework(id: &str) -> &'static Framework {
    static CATALOGS: LazyLock<Arc<Catalogs>> = LazyLock::new(Catalogs::builtin);
    CATALOGS.framework(id).unwrap()
}

fn of_kind(framework: &'static Framework, kind: RequirementKind) -> Vec<&'static Requirement> {
    framework.requirements.iter().filter(|one| one.kind == kind).collect()
}

#[test]
fn iso_42001_has_203_clause_entries_of_which_162_are_judged() {
    let clauses = of_kind(framework("iso42001"), RequirementKind::Clause);
    assert_eq!(clauses.len(), 203);
    assert_eq!(clauses.iter().filter(|one| one.parent.is_none()).count(), 7);
    assert_eq!(clauses.iter().filter(|one| one.assessable).count(), 162);
}

#[test]
fn iso_42001_has_38_controls_in_9_domains_with_11_headings() {
    let framework = framework("iso42001");
    let controls = of_kind(framework, RequirementKind::Control);
    assert_eq!(controls.len(), 38);
    assert!(controls.iter().all(|one| one.assessable));
    assert_eq!(of_kind(framework, RequirementKind::Heading).len(), 11);
    let mut domains = BTreeMap::new();
    for control in controls {
        let domain: Vec<&str> = control.id.split('.').take(2).collect();
        *domains.entry(domain[1].parse::<u32>().unwrap()).or_insert(0) += 1;
    }
    let counts: Vec<u32> = domains.into_values().collect();
    assert_eq!(counts, [3, 2, 5, 4, 9, 5, 4, 3, 3]);
}

#[test]
fn iso_27001_has_41_clauses_and_93_controls_in_4_themes() {
    let framework = framework("iso27001");
    assert_eq!(of_kind(framework, RequirementKind::Clause).len(), 41);
    assert_eq!(of_kind(framework, RequirementKind::Heading).len(), 4);
    let controls = of_kind(framework, RequirementKind::Control);
    let count =
        |theme: &str| controls.iter().filter(|one| one.parent.as_deref() == Some(theme)).count();
    assert_eq!(["A.5", "A.6", "A.7", "A.8"].map(count), [37, 8, 14, 34]);
}

#[test]
fn nist_ai_rmf_has_4_functions_19_categories_and_72_subcategories() {
    let framework = framework("nist-ai-rmf");
    let outcomes = of_kind(framework, RequirementKind::Outcome);
    assert_eq!(outcomes.len(), 72);
    let count = |function: &str| outcomes.iter().filter(|one| one.id.starts_with(function)).count();
    assert_eq!(["GOVERN", "MAP", "MEASURE", "MANAGE"].map(count), [19, 18, 22, 13]);
    assert_eq!(of_kind(framework, RequirementKind::Heading).len(), 4 + 19);
}

#[test]
fn eu_ai_act_has_269_provisions_of_which_221_bind() {
    let framework = framework("eu-ai-act");
    let provisions = of_kind(framework, RequirementKind::Obligation);
    assert_eq!(provisions.len(), 269);
    assert_eq!(provisions.iter().filter(|one| one.assessable).count(), 221);
    let law = Catalogs::builtin().law("eu-ai-act").unwrap();
    assert_eq!(law.obligations().count(), 269);
    assert_eq!((law.versions.len(), law.regimes.len(), law.as_of_checks.len()), (2, 23, 9));
}

#[test]
fn annex_c_has_11_objectives_and_7_risk_sources() {
    let annex = Catalogs::builtin().annex_c();
    assert_eq!((annex.objectives.len(), annex.risk_sources.len()), (11, 7));
    assert_eq!(annex.get("iso42001:C.3.2").unwrap().id, "C.3.2");
    assert_eq!(annex.get("c.2.5").unwrap().title, "Fairness");
    assert!(annex.get("C.9.9").is_none());
}

#[test]
fn documented_information_has_25_mandatory_and_26_conditional_entries() {
    let catalogs = Catalogs::builtin();
    let documents = catalogs.documented_information();
    assert_eq!((documents.mandatory.len(), documents.conditional.len()), (25, 26));
    let demanding: Vec<&str> = catalogs
        .controls("iso42001")
        .iter()
        .filter(|one| one.documented != Documented::None)
        .map(|one| one.id.as_str())
        .collect();
    let listed: Vec<&str> = documents.conditional.iter().map(|one| one.control.as_str()).collect();
    assert_eq!(listed, demanding, "a control demands documentation exactly when it is listed");
    for one in &documents.mandatory {
        let requirement = catalogs.resolve("iso42001", &one.requirement).unwrap();
        assert!(
            requirement.weight >= 4,
            "{} is mandatory, so it weighs at least 4",
            requirement.id
        );
    }
}

#[test]
fn certification_facts_are_all_there() {
    let facts = Catalogs::builtin().certification();
    assert_eq!((facts.facts.len(), facts.stage1.len(), facts.stage2.len()), (44, 13, 19));
    assert_eq!((facts.nonconformity_grades.len(), facts.common_findings.len()), (4, 16));
    assert_eq!((facts.audit_time.len(), facts.audit_time_adjustments.len()), (3, 5));
    assert_eq!((facts.surveillance.len(), facts.auditor_competence.len()), (10, 3));
    assert_eq!(facts.timeline.len(), 11);
}

#[test]
fn mappings_are_all_there_and_their_gaps_are_kept() {
    let catalogs = Catalogs::builtin();
    let sets = catalogs.mapping_sets();
    let counts: Vec<(&str, usize)> =
        sets.iter().map(|set| (set.id.as_str(), set.mappings.len())).collect();
    assert_eq!(
        counts,
        [("iso42001-iso27001", 129), ("iso42001-nist-ai-rmf", 206), ("iso42001-eu-ai-act", 266)]
    );
    let list = |set: usize, name: &str| sets[set].extra[name].as_array().unwrap().len();
    assert_eq!(list(0, "without_counterpart"), 6);
    assert_eq!(list(2, "not_covered"), 28);
}

#[test]
fn provisions_that_have_no_entry_are_a_known_list() {
    let catalogs = Catalogs::builtin();
    let sets = catalogs.mapping_sets();
    let unresolved: Vec<String> = sets[2].extra["unresolved"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["source"].as_str().unwrap(), one["ref"].as_str().unwrap()))
        .collect();
    assert_eq!(
        unresolved,
        [
            "4.1 Art 2",
            "4.1 Art 3(3)-(8)",
            "4.3 Art 2",
            "9.2.1 Annex VI point 2",
            "9.2.2 Annex VII point 5",
            "A.4.2 Annex IV point 2",
            "A.4.3 Annex IV point 2(d)",
            "A.4.4 Annex IV point 2(a)",
            "A.4.5 Annex IV point 2(c)",
            "A.6.2.2 Annex IV point 2(b)",
            "A.6.2.3 Annex IV point 2(a)",
            "A.6.2.3 Annex IV point 2(b)",
            "A.6.2.4 Annex IV point 2(g)",
            "A.6.2.7 Annex IV",
            "A.7.5 Annex IV point 2(d)",
            "A.9.4 Art 3(12)",
        ]
    );
}

#[test]
fn every_statement_says_how_sure_it_is() {
    for framework in Catalogs::builtin().frameworks() {
        for one in framework.requirements.iter().filter(|one| one.assessable) {
            let known = one.confidence != surety_catalog::Confidence::Unstated;
            assert!(known, "{}:{} states no confidence", framework.id, one.id);
            let weighed =
                framework.id == "iso27001" || framework.id == "nist-ai-rmf" || one.weight > 0;
            assert!(weighed, "{}:{} has no weight", framework.id, one.id);
        }
    }
}
