//! Formats are known by content.

use surety_formats::library::{Format, recognise};

use crate::{HARBOUR, OSCAL_CATALOG, OSCAL_MAPPING, OSCAL_PROFILE};

#[test]
fn the_name_of_a_file_does_not_decide() {
    for name in ["x.yaml", "x.txt", "x"] {
        assert_eq!(recognise(name, HARBOUR.as_bytes()), Some(Format::CisoAssistant), "{name}");
        assert_eq!(recognise(name, OSCAL_CATALOG.as_bytes()), Some(Format::OscalCatalog), "{name}");
    }
    assert_eq!(recognise("x.json", OSCAL_PROFILE.as_bytes()), Some(Format::OscalProfile));
    assert_eq!(recognise("x.json", OSCAL_MAPPING.as_bytes()), Some(Format::OscalMappingCollection));
}

#[test]
fn a_schema_line_before_the_document_is_no_hindrance() {
    let text = r#"{"$schema": "https://example.org/s.json", "assessment-results": {}}"#;
    assert_eq!(recognise("x.json", text.as_bytes()), Some(Format::OscalAssessmentResults));
}

#[test]
fn a_broken_file_is_recognised_so_that_its_fault_can_be_named() {
    assert_eq!(recognise("x.json", b"{\"catalog\": {\"uuid\": "), Some(Format::OscalCatalog));
    assert_eq!(recognise("x.yaml", b"urn: a\nobjects:\n  - [\n"), Some(Format::CisoAssistant));
    assert_eq!(recognise("x.yaml", b"objects:\n  threats: []\n"), Some(Format::CisoAssistant));
}

#[test]
fn other_files_are_not_taken() {
    for text in [
        "",
        "name,owner\nBot,Ada\n",
        r#"{"bomFormat": "CycloneDX", "components": []}"#,
        r#"{"type": "bundle", "objects": []}"#,
        "---\nlicense: mit\n---\n# Card\n",
        "objects:\n- one\n",
        "[1, 2]",
    ] {
        assert_eq!(recognise("x", text.as_bytes()), None, "{text}");
    }
    assert_eq!(recognise("x", b"\xff\xfe\x00\xd8"), None);
}
