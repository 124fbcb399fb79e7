//! Elements are found under every spelling that files use, and nothing that a stranger writes is a fault.

use proptest::prelude::*;
use surety_catalog::{Catalogs, RequirementRef};

fn id(framework: &str, text: &str) -> Option<String> {
    Catalogs::builtin().resolve(framework, text).map(|one| one.id.clone())
}

#[test]
fn a_control_is_found_under_the_spellings_of_others() {
    let spellings = [
        "A.6.2.4",
        "a.6.2.4",
        " A.6.2.4 ",
        "B.6.2.4",
        "iso-iec-42001_B-6-2-4",
        "iso-iec-42001_A-6-2-4",
        "urn:intuitem:risk:req_node:iso42001-2023:a.6.2.4",
        "URN:INTUITEM:RISK:REQ_NODE:ISO42001-2023:A.6.2.4",
    ];
    for spelling in spellings {
        assert_eq!(id("iso42001", spelling).as_deref(), Some("A.6.2.4"), "{spelling}");
    }
    assert_eq!(id("iso42001", "iso-iec-42001_B-2-2").as_deref(), Some("A.2.2"));
    assert_eq!(id("iso42001", "iso-iec-42001_6-1-2").as_deref(), Some("6.1.2"));
}

#[test]
fn a_urn_of_another_framework_is_not_mistaken() {
    assert_eq!(id("iso42001", "urn:intuitem:risk:req_node:iso27001-2022:a.6.2"), None);
    assert_eq!(id("iso27001", "iso42001:A.6.2"), None);
    assert_eq!(id("iso42001", "iso-iec-42001_7--2"), None);
}

#[test]
fn outcomes_and_provisions_have_their_usual_short_names() {
    assert_eq!(id("nist-ai-rmf", "GV-1.1").as_deref(), Some("GOVERN 1.1"));
    assert_eq!(id("nist-ai-rmf", "ms-2.11").as_deref(), Some("MEASURE 2.11"));
    assert_eq!(id("nist-ai-rmf", "map-1.1").as_deref(), Some("MAP 1.1"));
    assert_eq!(id("eu-ai-act", "Art 26(7)").as_deref(), Some("aia.art26.7"));
    assert_eq!(id("eu-ai-act", "art26.7").as_deref(), Some("aia.art26.7"));
    assert_eq!(id("eu-ai-act", "Art 26").as_deref(), Some("aia.art26"));
}

#[test]
fn frameworks_are_found_under_the_names_of_others() {
    let catalogs = Catalogs::builtin();
    let found = |name: &str| catalogs.framework(name).map(|one| one.id.as_str());
    assert_eq!(found("ISO42001"), Some("iso42001"));
    assert_eq!(found("ISO/IEC 42001:2023"), Some("iso42001"));
    assert_eq!(found("urn:intuitem:risk:framework:nist-ai-rmf-1.0"), Some("nist-ai-rmf"));
    assert_eq!(found("catalogs/iso_iec_42001_1.0.0/catalog.json"), Some("iso42001"));
    assert_eq!(found("AI Act"), Some("eu-ai-act"));
    assert_eq!(found("iso9001"), None);
}

#[test]
fn an_address_stands_by_itself() {
    let catalogs = Catalogs::builtin();
    let found = |text: &str| catalogs.find(text).map(|one| one.to_string());
    assert_eq!(found("iso42001:b.6.2.4").as_deref(), Some("iso42001:A.6.2.4"));
    assert_eq!(
        found("urn:intuitem:risk:req_node:nist-ai-rmf-1.0:govern-1.1").as_deref(),
        Some("nist-ai-rmf:GOVERN 1.1")
    );
    assert_eq!(found("A.6.2.4"), None);
}

#[test]
fn the_tree_can_be_walked() {
    let catalogs = Catalogs::builtin();
    let address: RequirementRef = "iso42001:6.1".parse().unwrap();
    let ids = |found: Vec<&surety_catalog::Requirement>| -> Vec<String> {
        found.into_iter().map(|one| one.id.clone()).collect()
    };
    assert_eq!(ids(catalogs.children(&address)), ["6.1.1", "6.1.2", "6.1.3", "6.1.4"]);
    let within = catalogs.assessable_within(&"iso42001:4.3".parse().unwrap());
    assert_eq!(ids(within), ["4.3-1", "4.3-2", "4.3-3", "4.3-4"]);
    let leaf = catalogs.assessable_within(&"iso42001:A.2.2".parse().unwrap());
    assert_eq!(ids(leaf), ["A.2.2"]);
    assert_eq!(catalogs.index_of(&"iso42001:4.1".parse().unwrap()), Some(1));
    assert!(catalogs.children(&"iso9001:4".parse().unwrap()).is_empty());
}

#[test]
fn the_rows_of_a_statement_of_applicability_are_the_controls() {
    let catalogs = Catalogs::builtin();
    assert_eq!(catalogs.controls("iso42001").len(), 38);
    assert_eq!(catalogs.controls("iso27001").len(), 93);
    assert_eq!(catalogs.controls("nist-ai-rmf").len(), 72);
    assert_eq!(catalogs.controls("nothing").len(), 0);
}

proptest! {
    #[test]
    fn no_text_is_a_fault(framework in ".{0,40}", text in ".{0,80}") {
        let catalogs = Catalogs::builtin();
        catalogs.resolve(&framework, &text);
        catalogs.resolve("iso42001", &text);
        catalogs.find(&text);
        catalogs.find(&format!("urn:{text}"));
        catalogs.crosswalk(&framework, &text);
    }

    #[test]
    fn every_element_is_found_in_any_case(position in 0_usize..1000, upper in any::<bool>()) {
        let catalogs = Catalogs::builtin();
        for framework in catalogs.frameworks() {
            let one = &framework.requirements[position % framework.requirements.len()];
            let spelling = if upper { one.id.to_uppercase() } else { one.id.to_lowercase() };
            prop_assert_eq!(&catalogs.resolve(&framework.id, &spelling).unwrap().id, &one.id);
            for alias in &one.aliases {
                prop_assert_eq!(&catalogs.resolve(&framework.id, alias).unwrap().id, &one.id);
            }
        }
    }
}
