//! Imported libraries take their place beside the built-in catalogs.

use surety_catalog::{
    Catalogs, Certainty, End, Framework, Library, Mapping, MappingSet, Relationship, Requirement,
};

fn requirement(id: &str, urn: &str, groups: &[&str]) -> Requirement {
    Requirement {
        id: id.to_owned(),
        urn: urn.to_owned(),
        title: id.to_owned(),
        assessable: true,
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        ..Requirement::default()
    }
}

fn library(id: &str, frameworks: Vec<Framework>, mapping_sets: Vec<MappingSet>) -> Library {
    Library {
        id: id.to_owned(),
        urn: format!("urn:acme:risk:library:{id}"),
        frameworks,
        mapping_sets,
        ..Library::default()
    }
}

fn framework(id: &str, urn: &str, requirements: Vec<Requirement>) -> Framework {
    Framework { id: id.to_owned(), urn: urn.to_owned(), requirements, ..Framework::default() }
}

fn mapping(source: &str, target: &str, relationship: Relationship) -> Mapping {
    Mapping {
        source: source.to_owned(),
        target: target.to_owned(),
        relationship,
        strength: None,
        rationale: String::new(),
        gap: String::new(),
        confidence: surety_catalog::Confidence::Unstated,
        group: None,
        extra: serde_json::Map::new(),
    }
}

/// A house standard of two rules.
fn house() -> Framework {
    let rules = ["H-1", "H-2"].map(|id| {
        requirement(id, &format!("urn:acme:risk:req_node:house:{}", id.to_lowercase()), &[])
    });
    framework("house", "urn:acme:risk:framework:house", rules.to_vec())
}

/// From the house standard to ISO/IEC 42001, with the URNs of another publisher.
fn house_to_iso() -> MappingSet {
    MappingSet {
        id: "house-to-iso42001".to_owned(),
        source: "urn:acme:risk:framework:house".to_owned(),
        target: "urn:intuitem:risk:framework:iso42001-2023".to_owned(),
        mappings: vec![
            mapping(
                "urn:acme:risk:req_node:house:h-1",
                "urn:intuitem:risk:req_node:iso42001-2023:a.6.2.4",
                Relationship::Superset,
            ),
            mapping(
                "urn:acme:risk:req_node:house:h-2",
                "urn:intuitem:risk:req_node:iso42001-2023:3.0",
                Relationship::Intersects,
            ),
        ],
        ..MappingSet::default()
    }
}

/// The standard as another publisher writes it down, in part.
fn their_iso() -> Framework {
    let urn = |id: &str| format!("urn:intuitem:risk:req_node:iso42001-2023:{}", id.to_lowercase());
    framework(
        "iso42001-2023",
        "urn:intuitem:risk:framework:iso42001-2023",
        vec![
            requirement("4.1", &urn("4.1"), &["clauses"]),
            requirement("A.6.2.4", &urn("A.6.2.4"), &["controls"]),
        ],
    )
}

#[test]
fn urns_of_others_lead_to_the_built_in_standard_while_theirs_is_absent() {
    let catalogs =
        Catalogs::builtin().with_library(library("house", vec![house()], vec![house_to_iso()]));
    let links = catalogs.crosswalk("house", "iso42001");
    assert_eq!(links.len(), 1);
    assert_eq!((links[0].source.id.as_str(), links[0].target.id.as_str()), ("H-1", "A.6.2.4"));
    let unresolved = catalogs.unresolved();
    assert_eq!(unresolved.len(), 1);
    assert_eq!(unresolved[0].requirement, "urn:intuitem:risk:req_node:iso42001-2023:3.0");
    assert_eq!((unresolved[0].end, unresolved[0].framework_known), (End::Target, true));
}

#[test]
fn an_imported_file_of_a_built_in_standard_stands_in_for_it_and_the_other_way_round() {
    let catalogs = Catalogs::builtin()
        .with_library(library("house", vec![house()], vec![house_to_iso()]))
        .with_library(library("theirs", vec![their_iso()], vec![]));
    assert_eq!(catalogs.framework("iso42001-2023").unwrap().id, "iso42001-2023");
    let same = catalogs.crosswalk("iso42001-2023", "iso42001");
    assert_eq!(same.len(), 2);
    assert!(same.iter().all(|link| link.relationship == Relationship::Equal));
    for to in ["iso42001", "iso42001-2023"] {
        let links = catalogs.crosswalk("house", to);
        assert_eq!(links.len(), 1, "{to}");
        assert_eq!(links[0].relationship, Relationship::Superset);
        assert_eq!(links[0].certainty, Certainty::Stated);
    }
    let onwards = catalogs.chains("house", "nist-ai-rmf");
    assert!(!onwards.is_empty());
    let from_theirs = catalogs.crosswalk("iso42001-2023", "nist-ai-rmf");
    assert!(from_theirs.iter().any(|link| link.source.id == "A.6.2.4"));
}

#[test]
fn an_imported_file_that_is_less_fine_loses_no_end() {
    let mut set = house_to_iso();
    set.mappings[1].target = "urn:intuitem:risk:req_node:iso42001-2023:6.1.2".to_owned();
    let catalogs = Catalogs::builtin().with_libraries([
        library("house", vec![house()], vec![set]),
        library("theirs", vec![their_iso()], vec![]),
    ]);
    assert!(catalogs.unresolved().is_empty());
    let links = catalogs.crosswalk("house", "iso42001");
    let targets: Vec<&str> = links.iter().map(|link| link.target.id.as_str()).collect();
    assert_eq!(targets, ["A.6.2.4", "6.1.2"]);
}

#[test]
fn ends_are_found_when_the_missing_library_arrives() {
    let alone = Catalogs::builtin().with_library(library("maps", vec![], vec![house_to_iso()]));
    assert_eq!(alone.unresolved().len(), 3);
    assert!(alone.unresolved().iter().any(|one| !one.framework_known));
    let complete = alone.with_library(library("house", vec![house()], vec![]));
    assert_eq!(complete.unresolved().len(), 1);
    assert_eq!(complete.crosswalk("house", "iso42001").len(), 1);
}

#[test]
fn a_newer_file_takes_the_place_of_the_older_one() {
    let catalogs = Catalogs::builtin().with_library(library("house", vec![house()], vec![]));
    let mut newer = house();
    newer.requirements.push(requirement("H-3", "", &[]));
    let catalogs = catalogs.with_library(library("house", vec![newer], vec![]));
    assert_eq!(catalogs.libraries().count(), 1);
    assert_eq!(catalogs.framework("house").unwrap().requirements.len(), 3);
}

#[test]
fn a_framework_whose_id_is_taken_gets_the_next_free_one_in_its_mappings_too() {
    let own = MappingSet {
        id: "own".to_owned(),
        source: "iso42001".to_owned(),
        target: "nist-ai-rmf".to_owned(),
        mappings: vec![mapping("X", "GOVERN 1.1", Relationship::Equal)],
        ..MappingSet::default()
    };
    let taken = framework("iso42001", "urn:acme:risk:framework:x", vec![requirement("X", "", &[])]);
    let catalogs = Catalogs::builtin().with_library(library("x", vec![taken], vec![own]));
    assert_eq!(catalogs.framework("iso42001").unwrap().name, "ISO/IEC 42001:2023");
    assert_eq!(catalogs.framework("urn:acme:risk:framework:x").unwrap().id, "iso42001-2");
    assert_eq!(catalogs.crosswalk("iso42001-2", "nist-ai-rmf").len(), 1);
    assert!(catalogs.unresolved().is_empty());
}

#[test]
fn the_rows_of_an_imported_framework_are_its_group_of_controls_or_all_that_is_assessable() {
    let catalogs = Catalogs::builtin().with_libraries([
        library("house", vec![house()], vec![]),
        library("theirs", vec![their_iso()], vec![]),
    ]);
    let rows = |id: &str| catalogs.controls(id).len();
    assert_eq!((rows("house"), rows("iso42001-2023")), (2, 1));
}

#[test]
fn a_set_that_repeats_another_from_the_other_side_counts_once() {
    let mut mirror = MappingSet {
        id: "mirror".to_owned(),
        source: "iso42001".to_owned(),
        target: "house".to_owned(),
        mappings: vec![mapping("A.6.2.4", "H-1", Relationship::Subset)],
        ..MappingSet::default()
    };
    mirror.extra.insert("mirror_of".to_owned(), "house-to-iso42001".into());
    let catalogs = Catalogs::builtin().with_library(library(
        "house",
        vec![house()],
        vec![house_to_iso(), mirror],
    ));
    assert_eq!(catalogs.crosswalk("house", "iso42001").len(), 1);
    assert_eq!(catalogs.mapping_sets().len(), 5);
}

#[test]
fn the_built_in_catalogs_have_no_open_ends() {
    let catalogs = Catalogs::builtin();
    assert!(catalogs.unresolved().is_empty());
    for set in catalogs.mapping_sets() {
        let links = catalogs.crosswalk(&set.source, &set.target);
        assert_eq!(links.len(), set.mappings.len(), "{}", set.id);
    }
}
