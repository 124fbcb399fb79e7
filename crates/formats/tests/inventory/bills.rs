//! CycloneDX, SPDX 3 and Croissant.

use surety_formats::inventory::{Format, InventoryError, Options, read, recognise};

use crate::{fixture, shown, with};

const MODEL_BOM: &[u8] = include_bytes!("fixtures/model-bom.cdx.json");
const SBOM: &[u8] = include_bytes!("fixtures/ordinary-sbom.cdx.json");

#[test]
fn an_ml_bom_yields_system_models_data_risks_and_evidence() {
    insta::assert_snapshot!(shown(&fixture("model-bom.cdx.json", MODEL_BOM, Format::CycloneDx)));
}

#[test]
fn an_ordinary_bill_of_materials_holds_nothing_and_is_no_error() {
    let reading = fixture("sbom.json", SBOM, Format::CycloneDx);
    assert!(reading.proposals.is_empty() && reading.problems.is_empty());
    assert_eq!(
        reading.notices,
        [
            "is an ordinary software bill of materials of web-shop: 2 components, no model and no data set"
        ]
    );
}

#[test]
fn ordinary_components_become_resources_on_request() {
    let reading = read("bom.json", MODEL_BOM, &with(|options| options.components = true)).unwrap();
    assert!(
        reading
            .proposals
            .iter()
            .any(|proposal| proposal.kind == "resource" && proposal.name == "numpy")
    );
    let reading = read("sbom.json", SBOM, &with(|options| options.components = true)).unwrap();
    assert_eq!(reading.proposals.len(), 2);
}

#[test]
fn a_model_without_an_application_is_a_system_of_its_own() {
    let bom = br#"{"bomFormat":"CycloneDX","specVersion":"1.7","components":[
        {"type":"machine-learning-model","name":"one"},{"type":"machine-learning-model","name":"two","publisher":"Acme"}]}"#;
    let reading = read("bom.json", bom, &Options::default()).unwrap();
    let systems: Vec<&str> = reading
        .proposals
        .iter()
        .filter(|proposal| proposal.kind == "ai_system")
        .map(|proposal| proposal.name.as_str())
        .collect();
    assert_eq!(systems, ["one", "two"]);
}

#[test]
fn a_new_issue_of_a_bill_means_the_same_records() {
    let later = String::from_utf8(MODEL_BOM.to_vec())
        .unwrap()
        .replace("2.0.1", "2.1.0")
        .replace("4.2", "4.3");
    let ids = |bytes: &[u8]| -> Vec<(String, String)> {
        let reading = read("bom.json", bytes, &Options::default()).unwrap();
        reading
            .proposals
            .into_iter()
            .map(|proposal| (proposal.source, proposal.external_id))
            .collect()
    };
    assert_eq!(ids(MODEL_BOM), ids(later.as_bytes()));
}

#[test]
fn xml_is_refused_with_what_to_do() {
    let xml = br#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"></bom>"#;
    let error = read("bom.xml", xml, &Options::default()).unwrap_err().to_string();
    assert!(error.contains("only its JSON form is read"), "{error}");
}

#[test]
fn other_versions_and_other_documents_are_refused_with_a_hint() {
    let cases: [(&[u8], &str); 6] = [
        (br#"{"bomFormat":"CycloneDX","specVersion":"2.0"}"#, "versions 1.5 to 1.7"),
        (br#"{"spdxVersion":"SPDX-2.3"}"#, "SPDX 2"),
        (br#"{"@context":"https://spdx.org/rdf/3.1/x.jsonld","@graph":[]}"#, "3.0.1"),
        (br#"{"@type":"sc:Dataset","name":"x","distribution":[]}"#, "1.0 and 1.1"),
        (br#"{"catalog":{}}"#, "framework import"),
        (br#"{"hello":1}"#, "neither CycloneDX"),
    ];
    for (bytes, hint) in cases {
        let error = read("file.json", bytes, &Options::default()).unwrap_err().to_string();
        assert!(error.starts_with("file.json: ") && error.contains(hint), "{error}");
    }
}

#[test]
fn a_broken_document_says_where() {
    let error =
        read("bom.json", b"{\"bomFormat\": \n \"CycloneDX\", }", &Options::default()).unwrap_err();
    assert!(error.to_string().contains("line 2"), "{error}");
    let forced =
        read("x", b"nonsense", &with(|options| options.format = Some(Format::Spdx3))).unwrap_err();
    assert!(matches!(forced, InventoryError::Unreadable { .. }));
}

#[test]
fn spdx_packages_become_systems_and_data_sets_with_their_relations() {
    insta::assert_snapshot!(shown(&fixture(
        "ai.spdx3.json",
        include_bytes!("fixtures/ai.spdx3.json"),
        Format::Spdx3
    )));
}

#[test]
fn croissant_becomes_a_data_set_card() {
    insta::assert_snapshot!(shown(&fixture(
        "croissant.json",
        include_bytes!("fixtures/croissant.json"),
        Format::Croissant
    )));
}

#[test]
fn an_empty_document_of_each_kind_is_read() {
    for bytes in [
        &br#"{"bomFormat":"CycloneDX","specVersion":"1.6"}"#[..],
        br#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}"#,
        br#"{"conformsTo":"http://mlcommons.org/croissant/1.0"}"#,
    ] {
        assert!(recognise("file.json", bytes).is_some());
        assert!(read("file.json", bytes, &Options::default()).is_ok());
    }
}
