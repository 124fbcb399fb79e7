//! SPDX 3.0 JSON-LD with the AI and Dataset profiles, read as plain JSON over `@graph`: the key prefixes of the
//! official context are part of the names, and no context is ever fetched.

mod dataset;
mod graph;

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{
    fold::fold_name,
    json::{items, text, texts},
    mention::Mentions,
    proposal::{Format, InventoryError, Link, Place, Problem, Proposal, Reading, Severity},
    terms,
};

/// Whether a JSON tree is SPDX 3.
pub(crate) fn is_spdx3(value: &Value) -> bool {
    contexts(value).iter().any(|context| context.starts_with("https://spdx.org/rdf/3."))
        || value
            .get("@graph")
            .and_then(Value::as_array)
            .is_some_and(|graph| graph.iter().any(is_spdx_type))
}

fn is_spdx_type(node: &Value) -> bool {
    matches!(
        node.get("type").and_then(Value::as_str),
        Some("SpdxDocument" | "ai_AIPackage" | "dataset_DatasetPackage")
    )
}

fn contexts(value: &Value) -> Vec<String> {
    texts(value, "@context")
}

pub(crate) fn read(file: &str, document: &Value) -> Result<Reading, InventoryError> {
    let known =
        contexts(document).iter().any(|context| context.starts_with("https://spdx.org/rdf/3.0"));
    if !known {
        return Err(InventoryError::Version {
            file: file.to_owned(),
            format: Format::Spdx3,
            version: contexts(document).join(", "),
            hint:
                "the context https://spdx.org/rdf/3.0.1/spdx-context.jsonld is read: export with it"
                    .to_owned(),
        });
    }
    let mut reader = Document::new(file, document);
    reader.read();
    reader.mentions.join(&mut reader.reading.proposals);
    Ok(reader.reading)
}

struct Document<'a> {
    file: &'a str,
    nodes: Vec<&'a Value>,
    by_id: HashMap<&'a str, &'a Value>,
    /// (relationship type, from) to the ids it points at.
    relations: HashMap<(&'a str, &'a str), Vec<&'a str>>,
    mentions: Mentions,
    reading: Reading,
}

impl<'a> Document<'a> {
    fn new(file: &'a str, document: &'a Value) -> Document<'a> {
        let nodes: Vec<&Value> = match document.get("@graph").and_then(Value::as_array) {
            Some(graph) => graph.iter().collect(),
            None => vec![document],
        };
        let by_id = nodes.iter().filter_map(|node| Some((id(node)?, *node))).collect();
        let mut relations: HashMap<_, Vec<&str>> = HashMap::new();
        for node in nodes.iter().filter(|node| kind(node).ends_with("elationship")) {
            let (Some(how), Some(from)) = (
                node.get("relationshipType").and_then(Value::as_str),
                node.get("from").and_then(Value::as_str),
            ) else {
                continue;
            };
            relations
                .entry((how, from))
                .or_default()
                .extend(items(node, "to").iter().filter_map(Value::as_str));
        }
        let reading = Reading {
            format: Format::Spdx3,
            proposals: Vec::new(),
            problems: Vec::new(),
            notices: Vec::new(),
            unmapped: Vec::new(),
        };
        Document { file, nodes, by_id, relations, mentions: Mentions::default(), reading }
    }

    fn read(&mut self) {
        let nodes = self.nodes.clone();
        for (index, node) in nodes.iter().enumerate() {
            match kind(node) {
                "ai_AIPackage" => self.system(node, index),
                "dataset_DatasetPackage" => self.dataset(node, index),
                _ => {}
            }
        }
        let others = nodes
            .iter()
            .filter(|node| {
                matches!(kind(node), "software_Package" | "software_File" | "software_Snippet")
            })
            .count();
        if self.reading.proposals.is_empty() {
            self.reading.notices.push(format!("holds no AI package and no data set package; {others} software packages and files were left out"));
            return;
        }
        if others > 0 {
            self.reading
                .notices
                .push(format!("{others} ordinary software packages and files were left out"));
        }
        self.document();
    }

    fn base(&mut self, kind: &'static str, node: &Value, index: usize) -> Proposal {
        let place = Place::path(self.file, format!("@graph[{index}]"));
        let spdx_id = id(node).unwrap_or_default().to_owned();
        let name = text(node, "name").unwrap_or_else(|| last_part(&spdx_id).to_owned());
        if text(node, "name").is_none() {
            self.reading.problems.push(Problem {
                place: place.clone(),
                severity: Severity::Warning,
                value: None,
                message: format!("has no name and was called \"{name}\": give the package a name"),
            });
        }
        let external_id =
            match text(node, "software_packageUrl").as_deref().and_then(terms::purl_identity) {
                Some(purl) => purl.to_owned(),
                None if spdx_id.is_empty() => fold_name(&name),
                None => spdx_id,
            };
        let mut proposal = Proposal {
            name: name.clone(),
            source: "spdx".to_owned(),
            external_id,
            ..Proposal::new(kind, place)
        };
        proposal.set("name", name);
        proposal.set("version", text(node, "software_packageVersion").unwrap_or_default());
        proposal
    }

    fn system(&mut self, node: &'a Value, index: usize) {
        let mut system = self.base("ai_system", node, index);
        let description = ["description", "summary", "comment"]
            .iter()
            .filter_map(|key| text(node, key))
            .collect::<Vec<_>>();
        system.set("description", terms::capped(&description.join("\n"), 4_000));
        system.set(
            "purpose",
            terms::capped(&text(node, "ai_informationAboutApplication").unwrap_or_default(), 4_000),
        );
        system.set("limitations", texts(node, "ai_limitation").join("\n"));
        system.set("licence", self.licence(node).unwrap_or_default());
        let domains = texts(node, "ai_domain");
        let kind = domains
            .iter()
            .chain(&texts(node, "ai_typeOfModel"))
            .find_map(|domain| terms::kind_of_task(domain));
        system.set("kind", kind.unwrap_or_default());
        // "Whether the system can decide or act without a human being" (SPDX 3.0, autonomyType).
        match text(node, "ai_autonomyType").as_deref() {
            Some("yes") => system.set("automation_level", "human_out_of_loop"),
            Some("no") => system.set("automation_level", "human_in_loop"),
            Some(_) | None => {}
        }
        match text(node, "ai_useSensitivePersonalInformation").as_deref() {
            Some("yes") => {
                system.set("personal_data", true);
                system.set("special_category_data", true);
            }
            Some("no") => system.set("special_category_data", false),
            Some(_) | None => {}
        }
        system.set("metrics", metrics(node));
        self.suppliers(&mut system, node);
        self.trained(&mut system, node);
        let read = [
            "ai_informationAboutApplication",
            "ai_limitation",
            "ai_autonomyType",
            "ai_useSensitivePersonalInformation",
            "ai_metric",
        ];
        keep_rest(&mut system, node, "ai_", &read);
        let risk = self.safety_risk(&system, node);
        self.reading.proposals.push(system);
        self.reading.proposals.extend(risk);
    }

    /// The producer's own grade of the safety risk: a risk to judge, not a judgement.
    fn safety_risk(&self, system: &Proposal, node: &Value) -> Option<Proposal> {
        let grade = text(node, "ai_safetyRiskAssessment")?;
        let title = format!("Safety risk of {}", system.name);
        let mut risk = Proposal {
            name: title.clone(),
            source: system.source.clone(),
            external_id: format!("{}#safety-risk", system.external_id),
            ..Proposal::new("risk", system.place.clone())
        };
        risk.set("title", title);
        risk.set("kind", "threat");
        risk.set(
            "description",
            format!(
                "The producer grades the safety risk of {} as {grade} (SPDX safetyRiskAssessment).",
                system.name
            ),
        );
        risk.set("objectives_affected", json!(["iso42001:C.2.9"]));
        risk.keep("ai_safetyRiskAssessment", grade);
        risk.links.push(Link { field: "ai_system", many: false, target: system.as_target() });
        Some(risk)
    }

    fn suppliers(&mut self, system: &mut Proposal, node: &Value) {
        let place = system.place.clone();
        for agent in texts(node, "suppliedBy") {
            let Some(name) = self.agent(&agent) else { continue };
            system.links.push(self.mentions.supplier(
                "suppliers",
                true,
                &name,
                "model",
                None,
                &place,
            ));
        }
    }

    /// The file itself as evidence (A.4.2, A.4.3).
    fn document(&mut self) {
        let systems: Vec<&Proposal> =
            self.reading.proposals.iter().filter(|proposal| proposal.kind == "ai_system").collect();
        let subject = match systems.as_slice() {
            [one] => one.name.clone(),
            _ => self
                .root_name()
                .unwrap_or_else(|| format!("{} packages", self.reading.proposals.len())),
        };
        let document =
            self.nodes.iter().find(|node| kind(node) == "SpdxDocument").and_then(|node| id(node));
        let title = format!("AI bill of materials of {subject}");
        let mut evidence = Proposal {
            name: title.clone(),
            source: "spdx".to_owned(),
            external_id: document
                .map_or_else(|| format!("document of {}", fold_name(&subject)), str::to_owned),
            attach_file: true,
            ..Proposal::new("evidence_item", Place::file(self.file))
        };
        evidence.set("title", title);
        evidence.set("kind", "file");
        evidence.set("source", format!("SPDX file {}", self.file));
        evidence.set("supports", json!(["iso42001:A.4.2", "iso42001:A.4.3", "iso42001:A.4.4"]));
        evidence.set("collected_on", self.created().unwrap_or_default());
        evidence.links = systems
            .iter()
            .map(|system| Link { field: "ai_systems", many: true, target: system.as_target() })
            .collect();
        self.reading.proposals.push(evidence);
    }
}

fn kind(node: &Value) -> &str {
    node.get("type").or_else(|| node.get("@type")).and_then(Value::as_str).unwrap_or_default()
}

fn id(node: &Value) -> Option<&str> {
    node.get("spdxId").or_else(|| node.get("@id")).and_then(Value::as_str)
}

fn last_part(id: &str) -> &str {
    id.trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or(id)
}

/// Dictionary entries as results; long series are cut.
fn metrics(node: &Value) -> Vec<Value> {
    let thresholds: Map<String, Value> = items(node, "ai_metricDecisionThreshold")
        .iter()
        .filter_map(|entry| Some((text(entry, "key")?, text(entry, "value")?.into())))
        .collect();
    items(node, "ai_metric")
        .iter()
        .filter_map(|entry| {
            let name = text(entry, "key")?;
            let mut value = terms::capped(&text(entry, "value").unwrap_or_default(), 200);
            if let Some(threshold) = thresholds.get(&name).and_then(Value::as_str) {
                value = format!("{value} (decision threshold {threshold})");
            }
            Some(json!({"name": name, "value": value}))
        })
        .collect()
}

/// Keeps the profile's other properties under their own names.
fn keep_rest(proposal: &mut Proposal, node: &Value, prefix: &str, read: &[&str]) {
    for (key, value) in node.as_object().into_iter().flatten() {
        let own = key.starts_with(prefix)
            || [
                "releaseTime",
                "builtTime",
                "validUntilTime",
                "software_downloadLocation",
                "software_primaryPurpose",
            ]
            .contains(&key.as_str());
        if own && !read.contains(&key.as_str()) {
            proposal.keep(key, shortened_entries(value));
        }
    }
}

/// Dictionary entries as one object, long texts cut.
fn shortened_entries(value: &Value) -> Value {
    match value {
        Value::Array(entries)
            if entries.iter().all(|entry| entry.get("key").is_some()) && !entries.is_empty() =>
        {
            let object: Map<String, Value> = entries
                .iter()
                .filter_map(|entry| {
                    Some((text(entry, "key")?, terms::capped(&text(entry, "value")?, 400).into()))
                })
                .collect();
            object.into()
        }
        Value::Array(entries) => entries.iter().map(shortened_entries).collect::<Vec<_>>().into(),
        Value::String(text) => terms::capped(text, 2_000).into(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.clone(),
    }
}
