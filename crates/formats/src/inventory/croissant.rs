//! `MLCommons` Croissant 1.0 and 1.1, with the Responsible AI extension: JSON-LD read as plain JSON after the prefixes of
//! keys are folded. No RDF engine, and no context is ever fetched.

use serde_json::{Map, Value, json};

use super::{
    fold::{fold_name, shortened},
    json::{items, said, text, texts},
    proposal::{Format, InventoryError, Place, Problem, Proposal, Reading, Severity, Unmapped},
    terms::{self, Sensitivity},
};

/// Whether a JSON tree describes a data set the Croissant way, or as schema.org does.
pub(crate) fn is_croissant(value: &Value) -> bool {
    let value = &plain(value);
    let is_set = texts(value, "@type").iter().any(|kind| local(kind) == "Dataset");
    let conforms =
        conforms_to(value).iter().any(|version| version.contains("mlcommons.org/croissant"));
    conforms
        || (is_set && (value.get("recordSet").is_some() || value.get("distribution").is_some()))
}

pub(crate) fn read(file: &str, document: &Value) -> Result<Reading, InventoryError> {
    let set = plain(document);
    let versions = conforms_to(&set);
    let known = versions.iter().any(|version| {
        let number = version.rsplit('/').next().unwrap_or_default();
        version.contains("mlcommons.org/croissant") && number.starts_with("1.")
    });
    if !known {
        return Err(InventoryError::Version {
            file: file.to_owned(),
            format: Format::Croissant,
            version: if versions.is_empty() { "unstated (0.8 or plain schema.org)".to_owned() } else { versions.join(", ") },
            hint: "versions 1.0 and 1.1 are read: convert it with the mlcroissant tool (`mlcroissant migrate`)".to_owned(),
        });
    }
    let mut reading = Reading {
        format: Format::Croissant,
        proposals: Vec::new(),
        problems: Vec::new(),
        notices: Vec::new(),
        unmapped: Vec::new(),
    };
    let card = card(file, &set, &mut reading);
    let evidence = evidence(file, &card, &set);
    reading.proposals.push(card);
    reading.proposals.push(evidence);
    Ok(reading)
}

fn card(file: &str, set: &Value, reading: &mut Reading) -> Proposal {
    let place = Place::file(file);
    let name = text(set, "name").or_else(|| texts(set, "alternateName").into_iter().next());
    let name = name.unwrap_or_else(|| {
        reading.problems.push(Problem {
            place: place.clone(),
            severity: Severity::Error,
            value: None,
            message: "has no name, which Croissant requires: give the data set a name".to_owned(),
        });
        "unnamed data set".to_owned()
    });
    // A web address outlives names; without one the name has to do.
    let external_id = text(set, "@id")
        .filter(|id| id.contains(':'))
        .or_else(|| text(set, "url"))
        .unwrap_or_else(|| fold_name(&name));
    let mut card = Proposal {
        name: name.clone(),
        source: "croissant".to_owned(),
        external_id,
        ..Proposal::new("dataset_card", place)
    };
    card.set("name", name);
    card.set("version", text(set, "version").unwrap_or_default());
    card.set(
        "categories",
        terms::capped(&tidy(&text(set, "description").unwrap_or_default()), 4_000),
    );
    let licences = parties(set, "license");
    if !licences.is_empty() {
        card.set("rights_basis", format!("Licence: {}", licences.join("; ")));
        card.set("source", "open");
    }
    let creators = [parties(set, "creator"), parties(set, "publisher")].concat();
    card.set("provider", distinct(creators).join("; "));
    card.set("languages", texts(set, "inLanguage"));
    card.set("urls", distinct([texts(set, "url"), texts(set, "sameAs")].concat()));
    card.set("quantity", quantity(set));
    card.set("integrity_hash", hashes(file, set, reading));
    card.set("limits", limits(set));
    responsible_ai(file, set, &mut card, reading);
    provenance(set, &mut card);
    for key in [
        "citeAs",
        "keywords",
        "alternateName",
        "datePublished",
        "dateModified",
        "dateCreated",
        "isLiveDataset",
        "conformsTo",
    ] {
        if let Some(value) = set.get(key) {
            card.keep(key, value.clone());
        }
    }
    rest(file, set, &mut card, reading);
    card
}

/// Fields of the Responsible AI extension, under the headings that the record has for them.
fn responsible_ai(file: &str, set: &Value, card: &mut Proposal, reading: &mut Reading) {
    let said_of = |keys: &[&str]| -> String {
        let found: Vec<String> = keys
            .iter()
            .map(|key| texts(set, key).join("; "))
            .filter(|text| !text.is_empty())
            .collect();
        terms::capped(&found.join("\n"), 4_000)
    };
    card.set("known_bias", said_of(&["rai:dataBiases"]));
    card.set("known_gaps", said_of(&["rai:dataLimitations"]));
    card.set("purposes", texts(set, "rai:dataUseCases"));
    card.set(
        "time_span",
        [said_of(&["rai:dataCollectionTimeframe"]), said_of(&["temporalCoverage"])]
            .into_iter()
            .find(|it| !it.is_empty())
            .unwrap_or_default(),
    );
    card.set("demographics", said_of(&["rai:annotatorDemographics"]));
    card.set(
        "labelling",
        said_of(&[
            "rai:dataAnnotationProtocol",
            "rai:dataAnnotationPlatform",
            "rai:dataAnnotationAnalysis",
            "rai:annotationsPerItem",
            "rai:machineAnnotationTools",
        ]),
    );
    let prepared = [
        "rai:dataPreprocessingProtocol",
        "rai:dataManipulationProtocol",
        "rai:dataImputationProtocol",
    ];
    card.set("preparation", prepared.iter().flat_map(|key| texts(set, key)).collect::<Vec<_>>());
    let collected: Vec<String> = [
        "rai:dataCollection",
        "rai:dataCollectionType",
        "rai:dataCollectionRawData",
        "rai:dataCollectionMissingData",
    ]
    .iter()
    .flat_map(|key| texts(set, key))
    .map(|text| terms::capped(&text, 2_000))
    .collect();
    card.set("lineage", collected);
    let statement = said_of(&["rai:personalSensitiveInformation"]);
    if statement.is_empty() {
        return;
    }
    let found = match terms::sensitivity(&statement) {
        Sensitivity::None => "none",
        Sensitivity::Personal => "personal",
        Sensitivity::Special => "special",
        Sensitivity::Unclear => "unknown",
    };
    card.set("personal_data", found);
    card.keep("rai:personalSensitiveInformation", statement.as_str());
    reading.problems.push(Problem {
        place: Place::path(file, "rai:personalSensitiveInformation"),
        severity: Severity::Warning,
        value: Some(shortened(&statement, 80)),
        message: format!("the statement on personal information was read as \"{found}\": check it"),
    });
}

/// PROV-O: what the data was made from, how and by whom.
fn provenance(set: &Value, card: &mut Proposal) {
    let mut lineage: Vec<Value> =
        card.body.get("lineage").and_then(Value::as_array).cloned().unwrap_or_default();
    for (key, label) in [
        ("prov:wasDerivedFrom", "Derived from"),
        ("prov:wasGeneratedBy", "Made by"),
        ("prov:wasAttributedTo", "Attributed to"),
        ("isBasedOn", "Based on"),
    ] {
        for entity in items(set, key) {
            let told = said(entity).or_else(|| {
                ["description", "prov:label", "name", "prov:locatedAt", "url", "@id"]
                    .iter()
                    .find_map(|key| text(entity, key))
            });
            lineage.extend(
                told.map(|told| format!("{label}: {}", terms::capped(&told, 1_000)).into()),
            );
        }
    }
    card.set("lineage", lineage);
}

/// Usage conditions in words or codes (ODRL, DUO), and what the authors say of social impact.
fn limits(set: &Value) -> String {
    let mut lines: Vec<String> = Vec::new();
    for key in ["conditionsOfAccess", "usageInfo", "odrl:hasPolicy", "rai:dataSocialImpact"] {
        for item in items(set, key) {
            let told = said(item).or_else(|| {
                ["description", "name", "url", "@id"].iter().find_map(|key| text(item, key))
            });
            lines.extend(told);
        }
    }
    terms::capped(&lines.join("\n"), 4_000)
}

/// Files and record sets, with rows where they are listed.
fn quantity(set: &Value) -> String {
    let files = items(set, "distribution");
    let records = items(set, "recordSet");
    let fields: usize = records.iter().map(|record| items(record, "field").len()).sum();
    let sizes: Vec<String> = files
        .iter()
        .filter_map(|file| {
            Some(format!(
                "{} {}",
                text(file, "name").or_else(|| text(file, "@id"))?,
                text(file, "contentSize")?
            ))
        })
        .take(5)
        .collect();
    let mut parts = Vec::new();
    if !files.is_empty() {
        parts.push(format!(
            "{} files or file sets{}",
            files.len(),
            if sizes.is_empty() { String::new() } else { format!(" ({})", sizes.join(", ")) }
        ));
    }
    if !records.is_empty() {
        parts.push(format!("{} record sets with {fields} fields", records.len()));
    }
    parts.join("; ")
}

/// The checksums of the files. A link in place of a checksum is a placeholder that generators leave behind.
fn hashes(file: &str, set: &Value, reading: &mut Reading) -> String {
    let mut found: Vec<String> = Vec::new();
    for (index, object) in items(set, "distribution").iter().enumerate() {
        let name = text(object, "name")
            .or_else(|| text(object, "@id"))
            .unwrap_or_else(|| format!("file {}", index.saturating_add(1)));
        let Some(hash) = text(object, "sha256") else { continue };
        if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            found.push(format!("sha256:{} {name}", hash.to_lowercase()));
        } else {
            reading.problems.push(Problem {
                place: Place::path(file, format!("distribution[{index}].sha256")),
                severity: Severity::Warning,
                value: Some(shortened(&hash, 80)),
                message: format!("\"{}\" is no SHA-256 checksum of \"{name}\" (64 hexadecimal digits): ask the publisher for it", shortened(&hash, 60)),
            });
        }
    }
    if let [one] = found.as_slice() {
        return one.split(' ').next().unwrap_or_default().to_owned();
    }
    let more = found.len().saturating_sub(20);
    found.truncate(20);
    let tail = if more > 0 { format!("\nand {more} more") } else { String::new() };
    if found.is_empty() { String::new() } else { format!("{}{tail}", found.join("\n")) }
}

fn evidence(file: &str, card: &Proposal, set: &Value) -> Proposal {
    let title = format!("Croissant description of {}", card.name);
    let mut evidence = Proposal {
        name: title.clone(),
        source: "croissant".to_owned(),
        external_id: format!(
            "description of {}/{}",
            card.external_id,
            text(set, "version").unwrap_or_default()
        ),
        attach_file: true,
        ..Proposal::new("evidence_item", Place::file(file))
    };
    evidence.set("title", title);
    evidence.set("kind", "file");
    evidence.set("source", format!("Croissant file {file}"));
    evidence.set("supports", json!(["iso42001:A.7.5", "iso42001:A.4.3"]));
    evidence
}

/// Keys that no field takes in: `rai:` and the rest.
fn rest(file: &str, set: &Value, card: &mut Proposal, reading: &mut Reading) {
    const READ: &[&str] = &[
        "@context",
        "@type",
        "@id",
        "name",
        "version",
        "description",
        "license",
        "creator",
        "publisher",
        "inLanguage",
        "url",
        "sameAs",
        "distribution",
        "recordSet",
        "conditionsOfAccess",
        "usageInfo",
        "odrl:hasPolicy",
        "rai:dataSocialImpact",
        "rai:dataBiases",
        "rai:dataLimitations",
        "rai:dataUseCases",
        "rai:dataCollectionTimeframe",
        "temporalCoverage",
        "rai:annotatorDemographics",
        "rai:dataAnnotationProtocol",
        "rai:dataAnnotationPlatform",
        "rai:dataAnnotationAnalysis",
        "rai:annotationsPerItem",
        "rai:machineAnnotationTools",
        "rai:dataPreprocessingProtocol",
        "rai:dataManipulationProtocol",
        "rai:dataImputationProtocol",
        "rai:dataCollection",
        "rai:dataCollectionType",
        "rai:dataCollectionRawData",
        "rai:dataCollectionMissingData",
        "prov:wasDerivedFrom",
        "prov:wasGeneratedBy",
        "prov:wasAttributedTo",
        "isBasedOn",
    ];
    for (key, value) in set.as_object().into_iter().flatten() {
        if READ.contains(&key.as_str()) || card.original.contains_key(key) {
            continue;
        }
        card.keep(key, value.clone());
        reading.unmapped.push(Unmapped {
            place: Place::path(file, key.as_str()),
            name: key.clone(),
            filled: 1,
            example: shortened(&value.to_string(), 60),
        });
    }
}

/// Names of people, organisations or licences: a text, an object, or a list of either.
fn parties(set: &Value, key: &str) -> Vec<String> {
    items(set, key)
        .iter()
        .filter_map(|party| {
            said(party)
                .or_else(|| text(party, "name"))
                .or_else(|| text(party, "url"))
                .or_else(|| text(party, "@id"))
        })
        .collect()
}

fn distinct(names: Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn conforms_to(set: &Value) -> Vec<String> {
    items(set, "conformsTo")
        .iter()
        .filter_map(|item| said(item).or_else(|| text(item, "@id")))
        .collect()
}

/// Lines without the indentation that hubs leave in descriptions.
fn tidy(description: &str) -> String {
    let lines: Vec<&str> =
        description.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// The tree with the keys of schema.org and Croissant unprefixed, and those of the extensions in their short form.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().into(),
        Value::Object(members) => {
            let members: Map<String, Value> = members
                .iter()
                .map(|(key, value)| {
                    (short_key(key), if key == "@context" { value.clone() } else { plain(value) })
                })
                .collect();
            members.into()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn short_key(key: &str) -> String {
    const WHOLE: &[&str] = &[
        "sc:",
        "schema:",
        "cr:",
        "dct:",
        "dcterms:",
        "https://schema.org/",
        "http://schema.org/",
        "http://mlcommons.org/croissant/",
        "https://mlcommons.org/croissant/",
        "http://purl.org/dc/terms/",
    ];
    const SHORT: &[(&str, &str)] = &[
        ("http://mlcommons.org/croissant/RAI/", "rai:"),
        ("https://mlcommons.org/croissant/RAI/", "rai:"),
        ("http://www.w3.org/ns/prov#", "prov:"),
        ("http://www.w3.org/ns/odrl/2/", "odrl:"),
    ];
    for (long, prefix) in SHORT {
        if let Some(rest) = key.strip_prefix(long) {
            return format!("{prefix}{rest}");
        }
    }
    WHOLE.iter().find_map(|prefix| key.strip_prefix(prefix)).unwrap_or(key).to_owned()
}

fn local(name: &str) -> &str {
    name.rsplit(['/', ':', '#']).next().unwrap_or(name)
}
