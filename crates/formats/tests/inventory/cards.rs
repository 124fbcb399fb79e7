//! Hugging Face cards.

use surety_formats::inventory::{Format, Options, Severity, read, recognise};

use crate::{fixture, shown, with};

const MODEL: &str = include_str!("fixtures/model-card.md");
const DATASET: &str = include_str!("fixtures/dataset-card.md");

#[test]
fn a_model_card_becomes_an_open_model_with_its_supply_chain() {
    insta::assert_snapshot!(shown(&fixture("model-card.md", MODEL.as_bytes(), Format::ModelCard)));
}

#[test]
fn a_dataset_card_becomes_a_data_set() {
    insta::assert_snapshot!(shown(&fixture("README.md", DATASET.as_bytes(), Format::DatasetCard)));
}

#[test]
fn windows_line_breaks_and_byte_order_marks_change_nothing() {
    for (name, text, format) in
        [("model.md", MODEL, Format::ModelCard), ("data.md", DATASET, Format::DatasetCard)]
    {
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let plain = fixture(name, text.as_bytes(), format);
        let found = fixture(name, windows.as_bytes(), format);
        assert_eq!(shown(&found), shown(&plain));
    }
}

#[test]
fn a_card_without_front_matter_is_read_from_its_text() {
    let reading = fixture("README.md", b"# MyCoolModel\n\nDoes cool things.\n", Format::ModelCard);
    assert_eq!(reading.proposals[0].name, "MyCoolModel");
    assert_eq!(reading.proposals[0].body["description"], "Does cool things.");
    assert_eq!(reading.notices, ["has no front matter: only its text was read"]);
}

#[test]
fn broken_front_matter_is_reported_and_the_text_still_read() {
    let text = "---\nlicense: [mit\n---\n# Model card\n\n## Limitations\nMany.\n";
    let reading = read(
        "scorer.md",
        text.as_bytes(),
        &with(|options| options.format = Some(Format::ModelCard)),
    )
    .unwrap();
    assert_eq!(reading.problems[0].severity, Severity::Error);
    assert_eq!(reading.proposals[0].name, "scorer");
    assert_eq!(reading.proposals[0].body["limitations"], "Many.");
}

#[test]
fn odd_values_are_taken_leniently() {
    let text = "---\nlicense: []\nlanguages: en\nmodel-index: nonsense\nco2_eq_emissions: 0.5\nbase_model: [a/b, c]\ndatasets: one\n---\n# Odd model\n";
    let reading = fixture("odd.md", text.as_bytes(), Format::ModelCard);
    let resource = reading.proposals.iter().find(|proposal| proposal.kind == "resource").unwrap();
    assert_eq!(resource.body["environmental_note"], "0.5 g CO2 equivalent");
    assert_eq!(
        reading.proposals[0].body["model_names"],
        serde_json::json!(["Odd model", "a/b", "c"])
    );
    assert!(reading.problems.is_empty());
}

#[test]
fn other_markdown_and_yaml_are_no_cards() {
    assert_eq!(recognise("policy.md", b"# Acceptable use\n\nBe kind.\n"), None);
    assert_eq!(
        recognise("library.yaml", b"urn: urn:x:y:library:z\nlocale: en\nobjects: {}\n"),
        None
    );
    let error =
        read("policy.md", b"# Acceptable use\n", &Options::default()).unwrap_err().to_string();
    assert!(error.contains("neither a model card nor a dataset card"), "{error}");
}

#[test]
fn the_format_can_be_forced() {
    let reading = read(
        "README.md",
        DATASET.as_bytes(),
        &with(|options| options.format = Some(Format::ModelCard)),
    )
    .unwrap();
    assert_eq!(reading.proposals[0].kind, "ai_system");
    assert_eq!(Format::named("Model-Card"), Some(Format::ModelCard));
    assert_eq!(Format::named("CycloneDX"), Some(Format::CycloneDx));
    assert_eq!(Format::named("pdf"), None);
}
