//! Frameworks that come in at run time.

use crate::desk::{Desk, fixture};

#[test]
fn an_imported_framework_takes_part_like_a_built_in_one() {
    let desk = Desk::with_systems();
    let report = desk.json(&["framework", "import", &fixture("harbour.yaml"), "--format", "json"]);
    let one = &report[0];
    assert_eq!(one["id"], "harbour", "{one}");
    assert_eq!(
        (one["requirements"].as_u64(), one["assessable"].as_u64()),
        (Some(3), Some(2)),
        "{one}"
    );
    for field in [
        "version",
        "mappings",
        "threats",
        "reference_controls",
        "matrices",
        "unresolved",
        "unknown_keys",
        "problems",
    ] {
        assert!(one.get(field).is_some(), "the report lacks {field}: {one}");
    }
    assert!(desk.done(&["framework", "list"]).contains("Harbour rules for AI"));
    assert!(desk.done(&["framework", "show", "harbour", "H.1"]).contains("Pilots stay in command"));
    desk.done(&[
        "record",
        "create",
        "requirement_assessment",
        "--set",
        "requirement=harbour:H.2",
        "--set",
        "result=met",
        "--set",
        "reason=Seen",
        "--set",
        "assessed_on=2026-11-01",
    ]);
    desk.done(&["record", "move", "ASM-1", "confirm"]);
    let gap = desk.json(&["gap", "harbour", "--format", "json"]);
    assert_eq!(gap["frameworks"][0]["totals"]["met"], 1, "{gap}");
}

#[test]
fn importing_a_framework_twice_changes_nothing() {
    let desk = Desk::new();
    desk.done(&["framework", "import", &fixture("harbour.yaml")]);
    let before = desk.entries();
    desk.done(&["framework", "import", &fixture("harbour.yaml")]);
    assert_eq!(desk.entries(), before);
}

#[test]
fn a_broken_library_names_line_and_field_and_others_still_go_in() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(fixture("harbour.yaml")).unwrap();
    let broken =
        desk.write("broken.yaml", &text.replace("assessable: false", "assessable: perhaps"));
    let ran =
        desk.run(&["framework", "import", &broken, &fixture("harbour.yaml"), "--format", "json"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.out.contains("\"line\": 17"), "{}", ran.out);
    assert!(desk.done(&["framework", "list"]).contains("Harbour rules for AI"));
}

#[test]
fn an_unknown_key_is_reported() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(fixture("harbour.yaml")).unwrap();
    let odd = desk.write(
        "odd.yaml",
        &text.replace("packager: fictional", "packager: fictional\ncolour: blue"),
    );
    let report = desk.json(&["framework", "import", &odd, "--format", "json"]);
    assert!(report[0]["unknown_keys"].to_string().contains("colour"), "{report}");
}

#[test]
fn requirements_are_shown_with_their_own_words_only() {
    let desk = Desk::new();
    let shown = desk.done(&["framework", "show", "iso42001", "A.6.2.4"]);
    assert!(shown.contains("verification and validation"), "{shown}");
    assert!(desk.refused(1, &["framework", "show", "iso42001", "A.99"]).contains("A.99"));
}

#[test]
fn what_another_file_of_the_same_import_brings_is_not_reported_as_missing() {
    let desk = Desk::new();
    let mapping = desk.write(
        "mapping.yaml",
        "urn: urn:fictional:risk:library:harbour-to-iso\nlocale: en\nref_id: harbour-to-iso\nname: Harbour rules and ISO/IEC 42001\n\
         version: 1\ndependencies:\n- urn:fictional:risk:library:harbour\n- urn:fictional:risk:library:elsewhere\nobjects:\n  \
         requirement_mapping_set:\n    urn: urn:fictional:risk:req_mapping_set:harbour-to-iso\n    ref_id: harbour-to-iso\n    \
         name: Harbour to ISO\n    source_framework_urn: urn:fictional:risk:framework:harbour\n    target_framework_urn: iso42001\n    \
         requirement_mappings:\n    - source_requirement_urn: urn:fictional:risk:req_node:harbour:h.2\n      \
         target_requirement_urn: A.6.2.8\n      relationship: subset\n    - source_requirement_urn: \
         urn:fictional:risk:req_node:harbour:h.1\n      target_requirement_urn: A.99\n      relationship: equal\n",
    );
    let report =
        desk.json(&["framework", "import", &mapping, &fixture("harbour.yaml"), "--format", "json"]);
    let open: Vec<_> = report[0]["unresolved"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["reference"].clone())
        .collect();
    assert_eq!(open, ["A.99", "urn:fictional:risk:library:elsewhere"], "{report}");
    let coverage =
        desk.json(&["coverage", "--from", "harbour", "--to", "iso42001", "--format", "json"]);
    assert!(coverage.to_string().contains("harbour-to-iso"), "{coverage}");
}
