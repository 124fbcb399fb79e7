//! A bad file names line and field.

use insta::assert_snapshot;
use surety_formats::library::{FormatError, read};

use crate::with_nodes;

fn refusal(name: &str, text: &str) -> String {
    read(name, text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_missing_field_names_its_line_and_path() {
    let text = with_nodes(&[
        "{urn: 'urn:a:b:req_node:small:1', assessable: true}",
        "{ref_id: '2', assessable: true}",
    ]);
    assert_snapshot!(refusal("small.yaml", &text), @"small.yaml:13: objects.framework.requirement_nodes[1].urn: missing field `urn`");
}

#[test]
fn a_missing_field_of_a_json_file_names_its_line_too() {
    let text = "{\n \"urn\": \"urn:a:b:library:m\",\n \"objects\": {\n  \"threats\": [\n   {\"urn\": \"urn:a:b:threat:1\"},\n   {\"name\": \"t\"\n   }\n  ]\n }\n}";
    assert_snapshot!(refusal("small.json", text), @"small.json:7: objects.threats[1].urn: missing field `urn`");
}

#[test]
fn an_empty_field_a_wrong_sort_and_a_wrong_word_are_named() {
    let cases = [
        ("urn: ''\nobjects: {}\n", "bad.yaml:1: urn: the field `urn` is empty"),
        ("urn: [a]\nobjects: {}\n", "bad.yaml:1: urn: expected text, found a list"),
        (
            "urn: urn:a:b:library:m\nobjects: []\n",
            "bad.yaml:2: objects: expected a map, found a list",
        ),
        ("urn: urn:a:b:library:m\n", "bad.yaml:1: objects: missing field `objects`"),
        ("objects: {}\n", "bad.yaml:1: urn: missing field `urn`"),
        (
            "urn: urn:a:b:library:m\nobjects:\n  threats: fog\n",
            "bad.yaml:3: objects.threats: expected a list, found text",
        ),
        (
            "urn: urn:a:b:library:m\nobjects:\n  framework:\n    urn: urn:a:b:framework:m\n",
            "bad.yaml:4: objects.framework.requirement_nodes: missing field `requirement_nodes`",
        ),
        (
            "urn: urn:a:b:library:m\nobjects:\n  risk_matrix:\n    urn: urn:a:b:matrix:m\n    grid:\n    - [0,\n       minus]\n",
            "bad.yaml:7: objects.risk_matrix.grid[0][1]: expected the index of a level: a whole number from 0",
        ),
        (
            "urn: urn:a:b:library:m\nobjects:\n  requirement_mapping_set:\n    urn: urn:s\n    source_framework_urn: urn:x\n    target_framework_urn: urn:y\n    requirement_mappings:\n    - source_requirement_urn: urn:1\n      target_requirement_urn: urn:2\n      relationship: similar\n",
            "bad.yaml:8: objects.requirement_mapping_set.requirement_mappings[0].relationship: `similar` is not a relationship; expected equal, subset, superset, intersect or not_related",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(refusal("bad.yaml", text), message);
    }
}

#[test]
fn broken_yaml_and_json_name_line_and_column() {
    let yaml = "urn: urn:a:b:library:m\nobjects:\n  threats:\n  - name: 'open\n";
    assert!(refusal("bad.yaml", yaml).starts_with("bad.yaml:"), "{}", refusal("bad.yaml", yaml));
    assert!(matches!(
        read("bad.yaml", yaml.as_bytes()),
        Err(FormatError::Syntax { line: Some(_), .. })
    ));
    let json = "{\"catalog\": {\n  \"uuid\": \"x\",\n}}";
    assert_snapshot!(refusal("bad.json", json), @"bad.json:3: trailing comma (column 1)");
}

#[test]
fn text_that_is_not_utf_8_names_the_line() {
    let error = read("bad.yaml", b"urn: urn:a:b:library:m\nname: caf\xe9\n").unwrap_err();
    assert_eq!(error.to_string(), "bad.yaml:2: the text is not UTF-8; save the file as UTF-8");
    assert_eq!(error.line(), Some(2));
}

#[test]
fn a_file_of_another_kind_says_what_was_expected() {
    for text in ["", "just words", "a: 1\nb: 2\n", "- a\n- b\n", "{}", "[]"] {
        assert!(
            matches!(read("other.yaml", text.as_bytes()), Err(FormatError::NotRecognised { .. })),
            "{text}"
        );
    }
    assert_snapshot!(refusal("other.yaml", "a: 1"), @"other.yaml: not a framework library that is read here; expected the keys `urn` and `objects` (CISO Assistant) or an OSCAL document (`catalog`, `profile`, `mapping-collection`, ...)");
}

#[test]
fn a_second_document_is_refused_rather_than_dropped() {
    let text = "urn: urn:a:b:library:m\nobjects: {}\n---\nurn: urn:a:b:library:n\n";
    assert_snapshot!(refusal("two.yaml", text), @"two.yaml:3: a second document starts here; only one is read (column 1)");
}

#[test]
fn an_oscal_document_without_what_its_model_demands_is_refused() {
    let document = |body: &str| {
        format!(
            "{{\"catalog\": {{\"uuid\": \"u\",\n\"metadata\": {{\"title\": \"T\", \"oscal-version\": \"1.1.2\"}},\n{body}}}}}"
        )
    };
    assert_snapshot!(refusal("c.json", "{\"catalog\": {}}"), @"c.json:1: catalog.uuid: missing field `uuid`");
    assert_snapshot!(refusal("c.json", "{\"catalog\": {\"uuid\": \"u\",\n\"metadata\": {}}}"), @"c.json:2: catalog.metadata.title: missing field `title`");
    assert_snapshot!(refusal("c.json", &document("\"controls\": [{\"title\": \"A\"}]")), @"c.json:3: catalog.controls[0].id: missing field `id`");
    assert_snapshot!(refusal("c.json", &document("\"groups\": {}")), @"c.json:3: catalog.groups: expected a list, found a map");
}
