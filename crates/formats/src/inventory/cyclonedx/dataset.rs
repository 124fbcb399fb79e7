//! Data components and the data sets of model cards as data set cards.

use serde_json::{Map, Value};

use super::component::{Component, Facts, licence};
use crate::inventory::{
    fold::fold_name,
    json::{items, text, texts},
    mention::Mentions,
    proposal::{Place, Problem, Proposal, Severity},
    terms::{self, Sensitivity},
    values::PersonText,
};

/// The data sets that a model card names, inline or by reference.
pub(super) fn of_model(
    file: &str,
    model: &Component<'_>,
    facts: &Facts,
    data: &[Component<'_>],
    mentions: &mut Mentions,
    problems: &mut Vec<Problem>,
) -> Vec<Proposal> {
    let nothing = Value::Null;
    let parameters = model.value.pointer("/modelCard/modelParameters").unwrap_or(&nothing);
    let mut cards = Vec::new();
    for (index, entry) in items(parameters, "datasets").iter().enumerate() {
        let path = format!("{}.modelCard.modelParameters.datasets[{index}]", model.path);
        if let Some(reference) = text(entry, "ref") {
            let found = referenced(file, &reference, data, mentions, problems);
            if found.is_empty() {
                problems.push(Problem {
                    place: Place::path(file, path),
                    severity: Severity::Warning,
                    value: Some(reference.clone()),
                    message: format!("refers to the data \"{reference}\", which the file does not hold: add it or state it inline"),
                });
            }
            cards.extend(found);
            continue;
        }
        let name = text(entry, "name")
            .unwrap_or_else(|| format!("Data set {} of {}", index.saturating_add(1), facts.name));
        // "Training Data" is a name only within its model.
        let id = format!("{}#{}", model.identity().1, fold_name(&name).replace(' ', "-"));
        let mut card = Proposal {
            name: name.clone(),
            source: model.identity().0,
            external_id: id,
            ..Proposal::new("dataset_card", Place::path(file, path))
        };
        card.set(
            "name",
            if is_generic(&name) { format!("{name} of {}", facts.full_name) } else { name },
        );
        card.name = card.body.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        describe(&mut card, entry, mentions);
        cards.push(card);
    }
    cards
}

/// The data sets of a data component; none if it holds configuration, code or a mere volume.
pub(super) fn of_component(
    file: &str,
    component: &Component<'_>,
    mentions: &mut Mentions,
    problems: &mut Vec<Problem>,
) -> Vec<Proposal> {
    let entries = items(component.value, "data");
    let sets: Vec<(usize, &Value)> = entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| text(entry, "type").as_deref() == Some("dataset"))
        .collect();
    if sets.is_empty() {
        // Weights mounted from a volume are data to a scanner, but nothing was learnt from them.
        let is_volume = component.property("volume.name").is_some()
            || component.property("volume.source").is_some();
        if !entries.is_empty() || is_volume {
            return Vec::new();
        }
        return vec![card(file, component, None, mentions)];
    }
    if component.name().is_empty() {
        problems.push(Problem {
            place: Place::path(file, component.path.as_str()),
            severity: Severity::Warning,
            value: None,
            message: "has no name: give the data component a name".to_owned(),
        });
    }
    let several = sets.len() > 1;
    sets.into_iter()
        .map(|(index, entry)| card(file, component, Some((index, entry, several)), mentions))
        .collect()
}

fn referenced(
    file: &str,
    reference: &str,
    data: &[Component<'_>],
    mentions: &mut Mentions,
    problems: &mut Vec<Problem>,
) -> Vec<Proposal> {
    let component = data.iter().find(|component| {
        component.value.get("bom-ref").and_then(Value::as_str) == Some(reference)
            || items(component.value, "data")
                .iter()
                .any(|entry| entry.get("bom-ref").and_then(Value::as_str) == Some(reference))
    });
    component.map(|component| of_component(file, component, mentions, problems)).unwrap_or_default()
}

fn card(
    file: &str,
    component: &Component<'_>,
    entry: Option<(usize, &Value, bool)>,
    mentions: &mut Mentions,
) -> Proposal {
    let (source, mut external_id) = component.identity();
    let mut name = component.name();
    let mut path = component.path.clone();
    if let Some((index, entry, several)) = entry {
        path = format!("{path}.data[{index}]");
        let own =
            text(entry, "name").unwrap_or_else(|| format!("part {}", index.saturating_add(1)));
        if several {
            external_id = format!("{external_id}#{}", fold_name(&own).replace(' ', "-"));
            name = if name.is_empty() { own } else { format!("{name}: {own}") };
        } else if name.is_empty() {
            name = own;
        }
    }
    let mut card = Proposal {
        name: name.clone(),
        source,
        external_id,
        ..Proposal::new("dataset_card", Place::path(file, path))
    };
    card.set("name", name);
    card.set("version", text(component.value, "version").unwrap_or_default());
    card.set("categories", text(component.value, "description").unwrap_or_default());
    if let Some(licence) = licence(component.value) {
        card.set("rights_basis", format!("Licence: {licence}"));
    }
    card.set("integrity_hash", hash(component.value).unwrap_or_default());
    let party = ["supplier", "manufacturer"]
        .iter()
        .find_map(|key| component.value.get(*key).and_then(|party| text(party, "name")));
    card.set("provider", party.or_else(|| text(component.value, "publisher")).unwrap_or_default());
    for (key, value) in component.facts_beside() {
        card.keep(&key, value);
    }
    if let Some((_, entry, _)) = entry {
        describe(&mut card, entry, mentions);
    }
    card
}

/// What a `componentData` states.
fn describe(card: &mut Proposal, entry: &Value, mentions: &mut Mentions) {
    let name = card.name.clone();
    card.set("use", use_of(&name).unwrap_or_default());
    if let Some(description) = text(entry, "description") {
        card.set("categories", description);
    }
    card.set(
        "urls",
        entry.get("contents").map(|contents| texts(contents, "url")).unwrap_or_default(),
    );
    let sensitive = texts(entry, "sensitiveData");
    let classification = text(entry, "classification");
    let statement = sensitive.iter().chain(&classification).cloned().collect::<Vec<_>>().join("; ");
    match terms::sensitivity(&statement) {
        Sensitivity::None => card.set("personal_data", "none"),
        Sensitivity::Personal => card.set("personal_data", "personal"),
        Sensitivity::Special => card.set("personal_data", "special"),
        Sensitivity::Unclear => {}
    }
    if !sensitive.is_empty() {
        card.keep("sensitiveData", sensitive);
    }
    if let Some(classification) = classification {
        card.keep("classification", classification);
    }
    if let Some(properties) =
        entry.get("contents").map(properties).filter(|found| !found.is_empty())
    {
        card.keep("contents properties", properties);
    }
    governance(card, entry, mentions);
}

/// Owners first: an organisation provides, a person looks after.
fn governance(card: &mut Proposal, entry: &Value, mentions: &mut Mentions) {
    let Some(governance) = entry.get("governance") else { return };
    for role in ["owners", "stewards", "custodians"] {
        let mut organisations = Vec::new();
        for party in items(governance, role) {
            if let Some(name) =
                party.get("organization").and_then(|organisation| text(organisation, "name"))
            {
                organisations.push(name);
            }
            let contact = party.get("contact").and_then(|contact| {
                let email = text(contact, "email").map(|email| email.to_lowercase());
                Some(PersonText { name: text(contact, "name").or_else(|| email.clone())?, email })
            });
            if let Some(person) = contact
                && !card.links.iter().any(|link| link.field == "steward")
            {
                let place = card.place.clone();
                card.links.push(mentions.person("steward", false, &person, &place));
            }
        }
        if organisations.is_empty() {
            continue;
        }
        if role == "owners" && !card.body.contains_key("provider") {
            card.set("provider", organisations.join("; "));
        }
        card.keep(&format!("governance {role}"), organisations);
    }
}

fn properties(contents: &Value) -> Map<String, Value> {
    items(contents, "properties")
        .iter()
        .filter_map(|property| Some((text(property, "name")?, text(property, "value")?.into())))
        .collect()
}

fn hash(component: &Value) -> Option<String> {
    let hash = items(component, "hashes")
        .iter()
        .find(|hash| text(hash, "alg").as_deref() == Some("SHA-256"))?;
    Some(format!("sha256:{}", text(hash, "content")?.to_lowercase()))
}

fn use_of(name: &str) -> Option<&'static str> {
    let folded = fold_name(name);
    let has = |word: &str| folded.split(' ').any(|part| part.starts_with(word));
    if has("train") {
        Some("training")
    } else if has("validation") {
        Some("validation")
    } else if has("test") || has("eval") || has("benchmark") {
        Some("test")
    } else {
        None
    }
}

/// A name that tells nothing outside its model.
fn is_generic(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "training",
        "train",
        "test",
        "testing",
        "validation",
        "evaluation",
        "data",
        "dataset",
        "set",
        "datasets",
        "eval",
    ];
    fold_name(name).split(' ').all(|word| WORDS.contains(&word))
}
