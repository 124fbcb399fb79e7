//! Dataset cards.

use serde_json::{Value, json};

use super::{
    super::{
        json::{items, text, texts},
        proposal::{Place, Problem, Proposal, Severity},
        terms::{self, Sensitivity},
    },
    Card,
};

/// Front matter that only dataset cards have.
pub(super) const OWN_KEYS: &[&str] = &[
    "task_categories",
    "task_ids",
    "annotations_creators",
    "language_creators",
    "multilinguality",
    "size_categories",
    "source_datasets",
    "dataset_info",
    "configs",
    "pretty_name",
    "paperswithcode_id",
    "train-eval-index",
    "license_details",
    "viewer",
];

const READ: &[&str] = &[
    "pretty_name",
    "license",
    "licence",
    "licenses",
    "license_name",
    "license_link",
    "language",
    "languages",
    "size_categories",
    "source_datasets",
    "task_categories",
    "dataset_info",
];

const KNOWN: &[&str] = &[
    "annotations_creators",
    "language_creators",
    "multilinguality",
    "task_ids",
    "configs",
    "paperswithcode_id",
    "train-eval-index",
    "tags",
    "viewer",
    "license_details",
    "language_details",
    "config_names",
    "language_bcp47",
    "dataset_type",
    "homepage",
    "repository",
    "extra_gated_prompt",
    "extra_gated_fields",
];

pub(super) fn read(card: &mut Card<'_>) {
    let front = card.front();
    let mut set = card.subject("dataset_card", text(&front, "pretty_name"));
    let licence = card.licence();
    if let Some(licence) = &licence {
        set.set("rights_basis", format!("Licence: {licence}"));
    }
    // Whoever names a public licence publishes the data.
    if licence.as_deref().is_some_and(|licence| !licence.starts_with("other")) {
        set.set("source", "open");
    }
    let text_of = |words: &[&str]| card.body.text_of(words).unwrap_or_default();
    set.set(
        "categories",
        card.body
            .text_of(&["dataset summary", "dataset description summary"])
            .or_else(|| card.body.introduction())
            .unwrap_or_default(),
    );
    set.set("provider", provider(card).unwrap_or_default());
    set.set("quantity", quantity(&front));
    set.set("languages", card.languages());
    set.set("purposes", card.texts(&["task_categories"]));
    set.set(
        "known_bias",
        text_of(&["discussion of biases", "bias", "biases", "bias risks and limitations"]),
    );
    set.set(
        "known_gaps",
        text_of(&["other known limitations", "known limitations", "limitations"]),
    );
    set.set(
        "limits",
        text_of(&["out of scope use", "social impact of dataset", "usage restrictions"]),
    );
    let annotation = text_of(&["annotation process", "annotations", "who are the annotators"]);
    let creators = card.texts(&["annotations_creators"]);
    set.set(
        "labelling",
        if annotation.is_empty() && !creators.is_empty() {
            format!("Annotations: {}", creators.join(", "))
        } else {
            annotation
        },
    );
    let preparation =
        text_of(&["initial data collection and normalization", "data collection and processing"]);
    set.set("preparation", if preparation.is_empty() { json!([]) } else { json!([preparation]) });
    set.set("lineage", lineage(card));
    set.set("urls", urls(card));
    if let Some(reason) = card.body.text_of(&["curation rationale"]) {
        set.keep("Curation rationale", reason);
    }
    if let Some(citation) = card.body.text_of(&["citation"]) {
        set.keep("Citation", citation);
    }
    let problem = personal(card, &mut set);
    card.reading.problems.extend(problem);
    card.keep_rest(&mut set, READ, KNOWN);
    let title = format!("Dataset card of {}", set.name);
    card.reading.proposals.push(set.clone());
    card.evidence(&set, &title, &["iso42001:A.7.5", "iso42001:A.4.3"]);
}

/// The section on personal information, weighed; its words are kept, and a person is asked to check.
fn personal(card: &Card<'_>, set: &mut Proposal) -> Option<Problem> {
    let words = [
        "personal and sensitive information",
        "personal sensitive information",
        "personal information",
        "privacy",
    ];
    let statement = card.body.text_of(&words)?;
    set.keep("Personal and sensitive information", statement.as_str());
    let found = match terms::sensitivity(&statement) {
        Sensitivity::None => "none",
        Sensitivity::Personal => "personal",
        Sensitivity::Special => "special",
        Sensitivity::Unclear => "unknown",
    };
    set.set("personal_data", found);
    Some(Problem {
        place: card
            .body
            .line_of(&words)
            .map_or_else(|| Place::file(card.file), |line| Place::line(card.file, line)),
        severity: Severity::Warning,
        value: Some(super::super::fold::shortened(&statement, 80)),
        message: format!("the statement on personal information was read as \"{found}\": check it"),
    })
}

fn provider(card: &Card<'_>) -> Option<String> {
    let stated = card.body.bullet(&["curated by", "curator", "publisher", "creator"]);
    let stated = stated
        .or_else(|| card.body.text_of(&["dataset curators"]))
        .filter(|curators| curators.chars().count() <= 300);
    stated.or_else(|| card.body.bullet(&["point of contact"]))
}

/// `10K<n<100K`, and rows and bytes where the metadata counts them.
fn quantity(front: &Value) -> String {
    let mut parts = texts(front, "size_categories");
    for info in items(front, "dataset_info") {
        let config = text(info, "config_name").map(|name| format!("{name}: ")).unwrap_or_default();
        let splits: Vec<String> = items(info, "splits")
            .iter()
            .filter_map(|split| {
                Some(format!("{} {} rows", text(split, "name")?, text(split, "num_examples")?))
            })
            .collect();
        let size = text(info, "dataset_size").map(|bytes| format!("{bytes} bytes"));
        let whole = splits.into_iter().chain(size).collect::<Vec<_>>().join(", ");
        if !whole.is_empty() {
            parts.push(format!("{config}{whole}"));
        }
    }
    terms::capped(&parts.join("; "), 1_000)
}

fn lineage(card: &Card<'_>) -> Vec<String> {
    let stated = card.texts(&["source_datasets"]).into_iter().map(|source| {
        match source.strip_prefix("extended|") {
            Some(parent) => format!("extends {parent}"),
            None => source,
        }
    });
    stated
        .chain(
            card.body
                .text_of(&[
                    "who are the source language producers",
                    "who are the source data producers",
                ])
                .map(|text| terms::capped(&text, 1_000)),
        )
        .collect()
}

fn urls(card: &Card<'_>) -> Vec<String> {
    [&["homepage"][..], &["repository"], &["paper"], &["paper optional"]]
        .iter()
        .filter_map(|labels| card.body.bullet(labels))
        .flat_map(|value| {
            value
                .split_whitespace()
                .map(|word| word.trim_matches(['<', '>', ',']).to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|word| word.starts_with("http"))
        .collect()
}
