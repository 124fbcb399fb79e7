//! What of a CISO Assistant library becomes what.

use insta::{assert_json_snapshot, assert_snapshot};
use surety_catalog::{Relationship, RequirementKind};
use surety_formats::library::{Format, ReferenceKind};

use crate::{HARBOUR, framework, import, requirement, said};

#[test]
fn the_library_keeps_its_own_description() {
    let imported = import("harbour.yaml", HARBOUR);
    assert_eq!(imported.format, Format::CisoAssistant);
    let library = surety_catalog::Library {
        frameworks: Vec::new(),
        mapping_sets: Vec::new(),
        threats: Vec::new(),
        reference_controls: Vec::new(),
        risk_matrices: Vec::new(),
        metrics: Vec::new(),
        techniques: Vec::new(),
        ..imported.library
    };
    assert_json_snapshot!(said(&library));
}

#[test]
fn the_report_counts_and_names_what_leads_out_of_the_file() {
    assert_json_snapshot!(said(&import("harbour.yaml", HARBOUR).report));
}

#[test]
fn requirements_keep_every_field_of_their_node() {
    let library = import("harbour.yaml", HARBOUR).library;
    assert_json_snapshot!(said(framework(&library)));
}

#[test]
fn controls_threats_matrices_metrics_and_techniques_are_read() {
    let library = import("harbour.yaml", HARBOUR).library;
    assert_json_snapshot!(said(&(
        &library.threats,
        &library.reference_controls,
        &library.risk_matrices,
        &library.metrics,
        &library.techniques,
    )));
}

#[test]
fn groups_named_controls_and_clauses_say_what_a_requirement_is() {
    let library = import("harbour.yaml", HARBOUR).library;
    let kind = |id| requirement(&library, id).kind;
    assert_eq!(kind("4"), RequirementKind::Heading);
    assert_eq!(kind("4.1"), RequirementKind::Clause);
    assert_eq!(kind("A.1"), RequirementKind::Control);
}

#[test]
fn a_node_without_a_number_gets_the_end_of_its_urn_and_the_label_above_it() {
    let library = import("harbour.yaml", HARBOUR).library;
    let note = requirement(&library, "4.1-note");
    assert_eq!(note.label, "4.1");
    assert_eq!(note.parent.as_deref(), Some("4.1"));
}

#[test]
fn mapping_ends_are_ids_where_the_file_holds_them_and_urns_where_not() {
    let library = import("harbour.yaml", HARBOUR).library;
    let set = &library.mapping_sets[0];
    assert_eq!(set.source, "harbour-2031");
    assert_eq!(set.target, "urn:lighthouse:safety:framework:river");
    let lines: Vec<String> = set
        .mappings
        .iter()
        .map(|one| {
            format!("{} {} {} {}", one.source, one.relationship.name(), one.target, one.rationale)
        })
        .collect();
    assert_snapshot!(lines.join("\n"), @r"
    A.1 intersects urn:lighthouse:safety:req_node:river:7 semantic
    urn:lighthouse:safety:req_node:harbour-2031:4.9 superset urn:lighthouse:safety:req_node:river:8 
    urn:lighthouse:safety:req_node:harbour-2031:4.9 equal urn:lighthouse:safety:req_node:river:8 
    ");
    assert_eq!(set.mappings[0].extra["strength_of_relationship"], 50);
    assert_eq!(set.mappings[0].extra["annotation"], "Both need light");
    assert_eq!(set.mappings[0].strength, None, "its scale is not stated");
}

#[test]
fn a_set_that_repeats_another_from_the_other_side_says_so() {
    let library = import("harbour.yaml", HARBOUR).library;
    assert_eq!(
        library.mapping_sets[1].extra["mirror_of"],
        "urn:lighthouse:safety:req_mapping_set:harbour-to-river"
    );
    assert!(!library.mapping_sets[0].extra.contains_key("mirror_of"));
}

#[test]
fn a_single_legacy_mapping_set_is_read_like_a_list() {
    let text = "urn: urn:acme:risk:library:m\nversion: 1\nobjects:\n  requirement_mapping_set:\n    urn: urn:acme:risk:req_mapping_set:m\n    \
        source_framework_urn: urn:a:b:framework:x\n    target_framework_urn: urn:a:b:framework:y\n    requirement_mappings:\n    \
        - {source_requirement_urn: 'urn:a:b:req_node:x:1', target_requirement_urn: 'urn:a:b:req_node:y:2', relationship: not_related}\n";
    let imported = import("m.yaml", text);
    assert_eq!(imported.library.mapping_sets[0].mappings[0].relationship, Relationship::NotRelated);
    let kinds: Vec<_> = imported.report.unresolved.iter().map(|one| one.kind).collect();
    assert_eq!(
        kinds,
        [
            ReferenceKind::Framework,
            ReferenceKind::Framework,
            ReferenceKind::MappingSource,
            ReferenceKind::MappingTarget
        ]
    );
}

#[test]
fn a_matrix_is_read_as_map_or_list_and_under_both_names() {
    let matrix = "{urn: 'urn:a:b:matrix:m', name: M, probability: [{name: p}], impact: [{name: i}], risk: [{name: r}], grid: [[0]]}";
    for key in [
        format!("risk_matrix: {matrix}"),
        format!("risk_matrix: [{matrix}]"),
        format!("risk_matrices: [{matrix}]"),
    ] {
        let text = format!("urn: urn:a:b:library:m\nversion: 1\nobjects:\n  {key}\n");
        let imported = import("m.yaml", &text);
        assert_eq!(imported.library.risk_matrices[0].grid, [[0]], "{key}");
        assert_eq!(imported.library.risk_matrices[0].id, "m");
        assert_eq!(imported.report.counts.matrices, 1);
    }
}

#[test]
fn a_list_of_frameworks_is_read_and_each_gets_its_own_id() {
    let framework = "{urn: 'urn:a:b:framework:twin', requirement_nodes: []}";
    let text = format!(
        "urn: urn:a:b:library:m\nversion: 1\nobjects:\n  frameworks: [{framework}, {framework}]\n"
    );
    let library = import("m.yaml", &text).library;
    let ids: Vec<_> = library.frameworks.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["twin", "twin-2"]);
}

#[test]
fn a_json_library_is_the_same_as_its_yaml() {
    let yaml = "urn: urn:a:b:library:m\nversion: 1\nname: M\nobjects:\n  threats:\n  - {urn: 'urn:a:b:threat:t', name: T}\n";
    let json = r#"{"urn": "urn:a:b:library:m", "version": 1, "name": "M", "objects": {"threats": [{"urn": "urn:a:b:threat:t", "name": "T"}]}}"#;
    assert_eq!(import("m.yaml", yaml).library, import("m.json", json).library);
}
