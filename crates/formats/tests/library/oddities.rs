//! Oddities of published libraries, each of which was met in a real one.

use surety_formats::library::{ReferenceKind, Severity, read};

use crate::{framework, import, requirement, with_nodes};

fn messages(text: &str) -> Vec<String> {
    import("odd.yaml", text).report.problems.into_iter().map(|problem| problem.message).collect()
}

#[test]
fn unquoted_identifiers_are_never_read_as_numbers_or_truth_values() {
    let cases = [
        "08",
        "1.10",
        "1e3",
        "0x1F",
        "010",
        "1_000",
        "12:30:45",
        "N",
        "no",
        "NO",
        "on",
        "y",
        "True",
        "2031-04-05",
        "1.0",
    ];
    for id in cases {
        let node = format!(
            "{{urn: 'urn:a:b:req_node:small:x', assessable: true, ref_id: {id}, name: {id}, implementation_groups: [{id}]}}"
        );
        let library = import("odd.yaml", &with_nodes(&[&node])).library;
        let one = requirement(&library, id);
        assert_eq!((one.title.as_str(), one.groups.as_slice()), (id, &[id.to_owned()][..]));
    }
}

#[test]
fn every_yaml_1_1_spelling_of_true_makes_a_node_assessable() {
    for (spelling, assessable) in
        [("yes", true), ("On", true), ("TRUE", true), ("no", false), ("off", false)]
    {
        let node = format!("{{urn: 'urn:a:b:req_node:small:x', assessable: {spelling}}}");
        let imported = import("odd.yaml", &with_nodes(&[&node]));
        assert_eq!(imported.report.counts.assessable, usize::from(assessable), "{spelling}");
    }
}

#[test]
fn names_versions_and_abbreviations_of_other_scalar_types_are_text() {
    let text = "urn: urn:a:b:library:m\nversion: 1.10\npublication_date: '2031-04-05'\nname: 2031\nobjects:\n  framework:\n    \
        urn: urn:a:b:framework:m\n    implementation_groups_definition:\n    - {ref_id: 1, name: 2}\n    requirement_nodes: []\n  \
        risk_matrix:\n  - {urn: 'urn:a:b:matrix:m', name: M, probability: [{abbreviation: 1, name: p}], impact: [{abbreviation: i, name: i}], risk: [{name: r}], grid: [[0]]}\n";
    let library = import("odd.yaml", text).library;
    assert_eq!((library.version.as_str(), library.name.as_str()), ("1.10", "2031"));
    assert_eq!(library.published.unwrap().to_string(), "2031-04-05");
    assert_eq!(framework(&library).groups[0].id, "1");
    assert_eq!(framework(&library).groups[0].name, "2");
    assert_eq!(library.risk_matrices[0].likelihood[0]["abbreviation"], "1");
}

#[test]
fn null_dates_descriptions_and_translations_count_as_absent() {
    let text = "urn: urn:a:b:library:m\nversion: 1\npublication_date: null\nname: ~\ndescription:\ntranslations:\n  fr: {name: null}\nobjects: {}\n";
    let imported = import("odd.yaml", text);
    assert_eq!(imported.library.published, None);
    assert_eq!(imported.library.name, "");
    assert_eq!(imported.library.translations["fr"]["name"], serde_json::Value::Null);
    assert!(imported.report.problems.is_empty());
}

#[test]
fn a_date_that_is_none_is_kept_and_reported_with_its_line() {
    let text = "urn: urn:a:b:library:m\nversion: 1\npublication_date: spring 2031\nobjects: {}\n";
    let imported = import("odd.yaml", text);
    assert_eq!(imported.library.extra["publication_date"], "spring 2031");
    let problem = &imported.report.problems[0];
    assert_eq!((problem.severity, problem.line), (Severity::Error, Some(3)));
    assert_eq!(problem.path.as_deref(), Some("publication_date"));
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    let unix = with_nodes(&[
        "{urn: 'urn:a:b:req_node:small:1', assessable: true, ref_id: '1',",
        "  x: y}",
    ])
    .replace("    -   x", "       x");
    let windows = format!("\u{feff}{}", unix.replace('\n', "\r\n"));
    assert_eq!(import("odd.yaml", &unix), import("odd.yaml", &windows));
    let block = "urn: urn:a:b:library:m\r\nversion: 1\r\ndescription: |\r\n  one\r\n  two\r\nobjects: {}\r\n";
    assert_eq!(import("odd.yaml", block).library.description, "one\ntwo\n");
}

#[test]
fn utf_16_with_a_byte_order_mark_is_read() {
    let text = "urn: urn:a:b:library:m\nversion: 1\nname: Santé\nobjects: {}\n";
    let bytes: Vec<u8> =
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(read("odd.yaml", &bytes).unwrap().library.name, "Santé");
}

#[test]
fn urns_are_compared_without_case_and_stored_as_they_were() {
    let library = import(
        "odd.yaml",
        &with_nodes(&[
            "{urn: 'urn:a:b:req_node:small:É§,1', assessable: false, ref_id: A}",
            "{urn: 'urn:a:b:library:small:x', assessable: true, ref_id: B, parent_urn: 'URN:a:b:req_node:small:é§,1'}",
        ]),
    )
    .library;
    assert_eq!(requirement(&library, "A").urn, "urn:a:b:req_node:small:É§,1");
    assert_eq!(requirement(&library, "B").parent.as_deref(), Some("A"));
}

#[test]
fn a_missing_depth_follows_from_the_parents_and_a_contradicting_one_is_kept() {
    let library = import(
        "odd.yaml",
        &with_nodes(&[
            "{urn: 'urn:a:b:req_node:small:1', assessable: false, ref_id: '1'}",
            "{urn: 'urn:a:b:req_node:small:2', assessable: true, depth: 5, ref_id: '2', parent_urn: 'urn:a:b:req_node:small:1'}",
        ]),
    )
    .library;
    assert!(requirement(&library, "1").extra.is_empty());
    assert_eq!(requirement(&library, "2").extra["depth"], 5);
}

#[test]
fn a_printed_number_that_stands_twice_is_no_id_but_stays_the_label() {
    let library = import(
        "odd.yaml",
        &with_nodes(&[
            "{urn: 'urn:a:b:req_node:small:x', assessable: true, ref_id: '1'}",
            "{urn: 'urn:a:b:req_node:small:y', assessable: true, ref_id: '1'}",
            "{urn: 'urn:a:b:req_node:small:z', assessable: true, ref_id: X}",
        ]),
    )
    .library;
    let ids: Vec<_> = framework(&library).requirements.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["urn:a:b:req_node:small:x", "y", "X"], "`X` is taken by what is printed");
    assert_eq!(requirement(&library, "y").label, "1");
}

#[test]
fn children_before_parents_are_put_behind_them_and_circles_are_broken() {
    let imported = import(
        "odd.yaml",
        &with_nodes(&[
            "{urn: 'urn:a:b:req_node:small:c', ref_id: C, assessable: true, parent_urn: 'urn:a:b:req_node:small:p'}",
            "{urn: 'urn:a:b:req_node:small:p', ref_id: P, assessable: false}",
            "{urn: 'urn:a:b:req_node:small:x', ref_id: X, assessable: true, parent_urn: 'urn:a:b:req_node:small:y'}",
            "{urn: 'urn:a:b:req_node:small:y', ref_id: Y, assessable: true, parent_urn: 'urn:a:b:req_node:small:x'}",
            "{urn: 'urn:a:b:req_node:small:z', ref_id: Z, assessable: true, parent_urn: 'urn:a:b:req_node:small:gone'}",
        ]),
    );
    let order: Vec<_> = framework(&imported.library)
        .requirements
        .iter()
        .map(|one| format!("{}<{}", one.id, one.parent.as_deref().unwrap_or("-")))
        .collect();
    assert_eq!(order, ["P<-", "C<P", "Y<-", "X<Y", "Z<-"]);
    assert_eq!(
        imported.report.problems[0].message,
        "the parents run in a circle; it is broken here"
    );
    assert_eq!(imported.report.unresolved[0].kind, ReferenceKind::Parent);
    assert_eq!(
        requirement(&imported.library, "Z").extra["parent_urn"],
        "urn:a:b:req_node:small:gone"
    );
}

#[test]
fn groups_that_are_used_but_not_defined_are_named() {
    let text = with_nodes(&[
        "{urn: 'urn:a:b:req_node:small:1', assessable: true, implementation_groups: [SIlver, '']}",
        "{urn: 'urn:a:b:req_node:small:2', assessable: true, implementation_groups: SIlver}",
    ])
    .replace(
        "    requirement_nodes:",
        "    implementation_groups_definition: [{ref_id: Silver, name: S}]\n    requirement_nodes:",
    );
    assert_eq!(
        messages(&text),
        [
            "the implementation group `` is used by 1 requirement but is not defined",
            "the implementation group `SIlver` is used by 2 requirements but is not defined; `Silver` is, and differs only in case or space",
        ]
    );
}

#[test]
fn scales_out_of_range_without_range_and_with_names_are_read() {
    let scale = |head: &str| {
        with_nodes(&[])
            .replace("    requirement_nodes:\n", &format!("{head}    requirement_nodes: []\n"))
    };
    let list = "    scores_definition: [{score: 0, name: none}, {score: 4, name: all}]\n";
    assert_eq!(
        messages(&scale(list)),
        ["scores are defined, but min_score and max_score are not both given"]
    );
    assert_eq!(
        messages(&scale(&format!("    min_score: 1\n    max_score: 4\n{list}"))),
        ["the score 0 lies outside of min_score and max_score"]
    );
    let named = "    min_score: 0\n    max_score: 9\n    scores_definition: {scale: [{score: 3, name: three}], other: [{score: 1, name: one}]}\n";
    let library = import("odd.yaml", &scale(named)).library;
    assert_eq!(framework(&library).scores[0].name, "three");
    assert_eq!(framework(&library).extra["scores_definition"]["other"][0]["name"], "one");
    assert!(messages(&scale("    min_score: 0\n    max_score: 661\n")).is_empty());
}

#[test]
fn pairs_that_stand_twice_are_kept_and_counted() {
    let pair = "{source_requirement_urn: 'urn:a:1', target_requirement_urn: 'urn:b:1', relationship: equal, rationale: Une phrase libre}";
    let text = format!(
        "urn: urn:a:b:library:m\nversion: 1\nobjects:\n  requirement_mapping_sets:\n  - urn: urn:a:b:req_mapping_set:m\n    \
         source_framework_urn: urn:x\n    target_framework_urn: urn:y\n    requirement_mappings: [{pair}, {pair}]\n"
    );
    let imported = import("odd.yaml", &text);
    assert_eq!(imported.report.counts.mappings, 2);
    assert_eq!(imported.library.mapping_sets[0].mappings[1].rationale, "Une phrase libre");
    assert_eq!(imported.report.problems[0].message, "1 of 2 pairs repeat an earlier pair");
    assert_eq!(
        imported.report.unresolved.iter().find(|one| one.reference == "urn:a:1").unwrap().count,
        2
    );
}

#[test]
fn evidence_is_a_text_on_nodes_and_a_list_on_controls() {
    let text = with_nodes(&[
        "{urn: 'urn:a:b:req_node:small:1', assessable: true, typical_evidence: A chart}",
    ]) + "  reference_controls:\n  - {urn: 'urn:a:b:reference_control:c', typical_evidence: [one, two]}\n";
    let library = import("odd.yaml", &text).library;
    assert_eq!(framework(&library).requirements[0].artefacts, ["A chart"]);
    assert_eq!(library.reference_controls[0].typical_evidence, ["one", "two"]);
}

#[test]
fn unknown_keys_are_kept_and_counted_by_place() {
    let text = with_nodes(&[
        "{urn: 'urn:a:b:req_node:small:1', assessable: true, colour: red, questions: {q1: {type: text, mood: 1.50}}}",
        "{urn: 'urn:a:b:req_node:small:2', assessable: true, colour: blue, name: [a, list]}",
    ]) + "  pirates: [one]\nship: true\n";
    let imported = import("odd.yaml", &text);
    let keys: Vec<_> = imported
        .report
        .unknown_keys
        .iter()
        .map(|key| format!("{} {}", key.path, key.count))
        .collect();
    assert_eq!(
        keys,
        [
            "objects.framework.requirement_nodes[].colour 2",
            "objects.framework.requirement_nodes[].questions.*.mood 1",
            "objects.pirates 1",
            "ship 1",
        ]
    );
    let nodes = &framework(&imported.library).requirements;
    assert_eq!(nodes[0].extra["colour"], "red");
    assert_eq!(
        nodes[0].questions[0].extra["mood"], "1.50",
        "a number that would lose its zero stays text"
    );
    assert_eq!(nodes[1].extra["name"], serde_json::json!(["a", "list"]));
    assert_eq!(imported.library.extra["objects"]["pirates"], serde_json::json!(["one"]));
    assert_eq!(imported.library.extra["ship"], true);
    assert_eq!(imported.report.problems[0].message, "expected text, found a list");
    assert_eq!(imported.report.problems[0].line, Some(13));
}

#[test]
fn a_key_that_stands_twice_is_reported_and_the_last_one_counts() {
    let text = "urn: urn:a:b:library:m\nversion: 1\nname: first\nname: second\nobjects: {}\n";
    let imported = import("odd.yaml", text);
    assert_eq!(imported.library.name, "second");
    assert_eq!(
        imported.report.problems[0].message,
        "the key `name` stands twice in one map; the last one counts"
    );
    assert_eq!(imported.report.problems[0].line, Some(3));
}

#[test]
fn anchors_aliases_merge_keys_and_tags_are_understood() {
    let text = with_nodes(&[
        "&first {urn: 'urn:a:b:req_node:small:1', assessable: true, name: One, ref_id: !!str 1.0}",
        "{<<: *first, urn: 'urn:a:b:req_node:small:2', ref_id: !mine 2}",
    ]);
    let imported = import("odd.yaml", &text);
    assert_eq!(requirement(&imported.library, "1.0").title, "One");
    let second = requirement(&imported.library, "2");
    assert_eq!((second.title.as_str(), second.urn.as_str()), ("One", "urn:a:b:req_node:small:2"));
    assert_eq!(imported.report.problems.len(), 1);
    assert_eq!(imported.report.problems[0].message, "the tag `!mine` is not kept");
}

#[test]
fn a_urn_on_two_nodes_keeps_both() {
    let node = "{urn: 'urn:a:b:req_node:small:1', assessable: true}";
    let imported = import("odd.yaml", &with_nodes(&[node, node, node]));
    let ids: Vec<_> =
        framework(&imported.library).requirements.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["1", "urn:a:b:req_node:small:1", "urn:a:b:req_node:small:1-2"]);
    assert_eq!(imported.report.problems[0].severity, Severity::Error);
}

#[test]
fn a_grid_that_does_not_fit_its_axes_is_reported() {
    let text = "urn: urn:a:b:library:m\nversion: 1\nobjects:\n  risk_matrix:\n  - {urn: 'urn:a:b:matrix:m', probability: [{name: p}], impact: [{name: i}, {name: j}], risk: [{name: r}], grid: [[0, 1], [0]]}\n";
    assert_eq!(
        messages(text),
        [
            "the grid does not have 1 rows (probability) of 2 cells (impact)",
            "the grid names level 1, but only 1 are defined",
        ]
    );
}
