//! Model cards: an open model as an AI system of the inventory.

use serde_json::{Map, Value, json};

use super::{
    super::{
        fold::fold_name,
        json::{items, said, text, texts},
        proposal::{Link, Place, Proposal},
        terms,
    },
    Card,
};

/// Front matter that only model cards have.
pub(super) const OWN_KEYS: &[&str] = &[
    "pipeline_tag",
    "library_name",
    "base_model",
    "base_model_relation",
    "model-index",
    "datasets",
    "metrics",
    "inference",
    "widget",
    "co2_eq_emissions",
    "model_name",
    "model_type",
    "quantized_by",
    "adapter_of",
    "finetuned_from",
];

/// Read into fields; everything else is kept.
const READ: &[&str] = &[
    "license",
    "licence",
    "licenses",
    "license_name",
    "license_link",
    "model-index",
    "co2_eq_emissions",
    "datasets",
];

const KNOWN: &[&str] = &[
    "language",
    "languages",
    "tags",
    "metrics",
    "library_name",
    "base_model",
    "base_model_relation",
    "pipeline_tag",
    "widget",
    "inference",
    "thumbnail",
    "model_name",
    "model_type",
    "extra_gated_prompt",
    "extra_gated_fields",
    "extra_gated_heading",
    "extra_gated_description",
    "extra_gated_button_content",
    "buckets",
    "new_version",
    "quantized_by",
];

pub(super) fn read(card: &mut Card<'_>) {
    let front = card.front();
    let mut system = card.subject("ai_system", text(&front, "model_name"));
    // Published for anybody to use; the card of a model kept inside is corrected by whoever takes it in.
    system.set("origin", "open_model");
    let task = text(&front, "pipeline_tag").or_else(|| first_task(&front));
    let tags = texts(&front, "tags");
    let model_type = card.body.bullet(&["model type", "type of model"]);
    let kind =
        task.iter().chain(&tags).chain(&model_type).find_map(|told| terms::kind_of_task(told));
    system.set("kind", kind.unwrap_or_default());
    system.set("licence", card.licence().unwrap_or_default());
    system.set("version", card.body.bullet(&["version", "model version"]).unwrap_or_default());
    let description = card
        .body
        .text_of(&["model description", "model summary"])
        .or_else(|| card.body.introduction())
        .or(model_type);
    system.set("description", description.unwrap_or_default());
    let misuse = ["misuse", "out of scope use", "out of scope uses", "limitations", "bias"];
    let uses = card.body.text_without(&["intended use", "intended uses", "direct use"], &misuse);
    let uses = uses.or_else(|| card.body.text_without(&["uses", "use cases"], &misuse));
    system.set("purpose", uses.or_else(|| task.clone()).unwrap_or_default());
    system.set("users", card.body.text_of(&["intended users", "direct users"]).unwrap_or_default());
    system.set(
        "affected_people",
        card.body.text_of(&["others affected", "affected people"]).unwrap_or_default(),
    );
    system.set("limitations", limitations(card).unwrap_or_default());
    system.set("metrics", metrics(&front));
    if let Some(training) = card.body.text_of(&["training data", "training dataset"]) {
        system.keep("Training data", training);
    }
    if let Some(evaluation) =
        card.body.text_of(&["evaluation", "evaluation results", "testing data"])
    {
        system.keep("Evaluation", terms::capped(&evaluation, 2_000));
    }
    models(card, &mut system, &front);
    datasets(card, &mut system);
    card.keep_rest(&mut system, READ, KNOWN);
    let emissions = emissions(card, &system, &front);
    let title = format!("Model card of {}", system.name);
    card.reading.proposals.push(system.clone());
    card.reading.proposals.extend(emissions);
    card.evidence(&system, &title, &["iso42001:A.6.2.7", "iso42001:A.4.2"]);
}

/// Everything that warns: limits, risks, bias, misuse; each under its heading.
fn limitations(card: &Card<'_>) -> Option<String> {
    let words = [
        "limitations",
        "limitation",
        "bias",
        "biases",
        "risks",
        "out of scope use",
        "out of scope uses",
        "misuse",
        "known issues",
        "honest status",
        "ethical considerations",
        "caveats",
        "recommendations",
    ];
    card.body.text_of(&words)
}

/// The model itself, what it is made from, and who published that.
fn models(card: &mut Card<'_>, system: &mut Proposal, front: &Value) {
    let mut names = vec![system.name.clone()];
    let place = Place::path(card.file, "base_model");
    for base in texts(front, "base_model") {
        if let Some((publisher, _)) = base
            .split_once('/')
            .filter(|(publisher, _)| !publisher.is_empty() && !publisher.contains([':', '.']))
        {
            let url = format!("https://huggingface.co/{publisher}");
            let link =
                card.mentions.supplier("suppliers", true, publisher, "model", Some(&url), &place);
            if !system.links.contains(&link) {
                system.links.push(link);
            }
        }
        if !names.iter().any(|known| fold_name(known) == fold_name(&base)) {
            names.push(base);
        }
    }
    system.set("model_names", names);
    let developer = card.body.bullet(&[
        "developed by",
        "model developers",
        "model developer",
        "developer",
        "developers",
        "organization",
    ]);
    if let Some(developer) = developer.filter(|developer| developer.chars().count() <= 80) {
        let developer = developer.split(['(', ',']).next().unwrap_or_default().trim().to_owned();
        let line = Place::file(card.file);
        let link = card.mentions.supplier("suppliers", true, &developer, "model", None, &line);
        if !system.links.iter().any(|known| known.target == link.target) {
            system.links.insert(0, link);
        }
    }
}

fn datasets(card: &mut Card<'_>, system: &mut Proposal) {
    let place = Place::path(card.file, "datasets");
    for name in card.texts(&["datasets"]) {
        let link = card.mentions.link("datasets", true, "dataset_card", &name, &place);
        if let Some(mention) = card.mentions.about("dataset_card", &name)
            && name.contains('/')
        {
            mention.set("urls", json!([format!("https://huggingface.co/datasets/{name}")]));
        }
        system.links.push(link);
    }
}

fn first_task(front: &Value) -> Option<String> {
    let results = items(items(front, "model-index").first()?, "results");
    results.iter().find_map(|result| text(result.get("task")?, "type"))
}

/// Results of the model index; self-reported unless the hub has verified them.
fn metrics(front: &Value) -> Vec<Value> {
    let mut metrics = Vec::new();
    for result in items(front, "model-index").iter().flat_map(|model| items(model, "results")) {
        let dataset = result.get("dataset").map(|dataset| {
            let name = text(dataset, "name").or_else(|| text(dataset, "type")).unwrap_or_default();
            let parts: Vec<String> =
                ["config", "split"].iter().filter_map(|key| text(dataset, key)).collect();
            (name, parts.join(" "))
        });
        for metric in items(result, "metrics") {
            let Some(name) = text(metric, "name").or_else(|| text(metric, "type")) else {
                continue;
            };
            let mut entry = Map::new();
            let reported = if metric
                .get("verifyToken")
                .or_else(|| metric.get("verified"))
                .is_some_and(|token| said(token).is_some_and(|it| it != "false"))
            {
                ""
            } else {
                " (self-reported)"
            };
            let value = match metric.get("value") {
                Some(value) => {
                    said(value).unwrap_or_else(|| terms::capped(&value.to_string(), 200))
                }
                None => String::new(),
            };
            entry.insert("name".to_owned(), name.into());
            entry.insert("value".to_owned(), format!("{value}{reported}").into());
            if let Some((dataset, slice)) = &dataset {
                entry.insert("dataset".to_owned(), dataset.as_str().into());
                if !slice.is_empty() {
                    entry.insert("slice".to_owned(), slice.as_str().into());
                }
            }
            metrics.push(Value::Object(entry));
        }
    }
    metrics
}

/// Emissions of training as a compute resource (A.4.5). The card states grams of CO2 equivalent.
fn emissions(card: &Card<'_>, system: &Proposal, front: &Value) -> Option<Proposal> {
    let stated = front.get("co2_eq_emissions")?;
    let grams = said(stated).or_else(|| text(stated, "emissions"))?;
    let kind = text(stated, "training_type").unwrap_or_else(|| "training".to_owned());
    let name = format!("Computing for {kind} of {}", system.name);
    let mut resource = Proposal {
        name: name.clone(),
        source: system.source.clone(),
        external_id: format!("{}#computing", system.external_id),
        ..Proposal::new("resource", Place::path(card.file, "co2_eq_emissions"))
    };
    resource.set("name", name);
    resource.set("kind", "compute");
    resource.set("location", text(stated, "geographical_location").unwrap_or_default());
    let measured = text(stated, "source")
        .map(|source| format!(", measured with {source}"))
        .unwrap_or_default();
    resource.set("environmental_note", format!("{grams} g CO2 equivalent{measured}"));
    if let Some(hardware) = text(stated, "hardware_used") {
        resource.set("details", json!({"hardware": hardware}));
    }
    resource.links.push(Link { field: "ai_system", many: false, target: system.as_target() });
    Some(resource)
}
