//! One component: identity, and what its model card says.

use serde_json::{Map, Value};

use crate::inventory::{
    fold::fold_name,
    json::{items, said, text, texts},
    terms,
};

/// A component and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Component<'a> {
    pub(super) value: &'a Value,
    pub(super) path: String,
}

/// Every component, nested ones after their parent.
pub(super) fn all(bom: &Value) -> Vec<Component<'_>> {
    let mut found = Vec::new();
    let mut open: Vec<Component<'_>> = children(bom, "");
    if let Some(main) = bom.pointer("/metadata/component") {
        open.extend(children(main, "metadata.component."));
    }
    open.reverse();
    while let Some(component) = open.pop() {
        let mut inner = children(component.value, &format!("{}.", component.path));
        inner.reverse();
        open.extend(inner);
        found.push(component);
    }
    found
}

fn children<'a>(parent: &'a Value, path: &str) -> Vec<Component<'a>> {
    items(parent, "components")
        .iter()
        .enumerate()
        .filter(|(_, value)| value.is_object())
        .map(|(index, value)| Component { value, path: format!("{path}components[{index}]") })
        .collect()
}

/// Names of the tools that made the file, in either form of `metadata.tools`.
pub(super) fn tools(bom: &Value) -> Vec<String> {
    let Some(tools) = bom.pointer("/metadata/tools") else { return Vec::new() };
    let list = if tools.is_array() {
        tools.as_array().map(Vec::as_slice).unwrap_or_default()
    } else {
        items(tools, "components")
    };
    list.iter()
        .filter_map(|tool| {
            let name = text(tool, "name")?;
            Some(text(tool, "version").map_or(name.clone(), |version| format!("{name} {version}")))
        })
        .collect()
}

/// Licences as one text: expression, SPDX id or name.
pub(super) fn licence(component: &Value) -> Option<String> {
    let names: Vec<String> = items(component, "licenses")
        .iter()
        .filter_map(|entry| {
            text(entry, "expression").or_else(|| {
                let licence = entry.get("license")?;
                text(licence, "id").or_else(|| text(licence, "name"))
            })
        })
        .collect();
    (!names.is_empty()).then(|| names.join("; "))
}

impl Component<'_> {
    pub(super) fn kind(&self) -> String {
        text(self.value, "type").unwrap_or_default()
    }

    pub(super) fn is_model(&self) -> bool {
        self.kind() == "machine-learning-model"
    }

    pub(super) fn is_data(&self) -> bool {
        self.kind() == "data"
    }

    pub(super) fn name(&self) -> String {
        text(self.value, "name").unwrap_or_default()
    }

    /// `group/name`, unless the name has the group in it.
    pub(super) fn full_name(&self) -> String {
        let name = self.name();
        match text(self.value, "group") {
            Some(group) if !name.contains('/') => format!("{group}/{name}"),
            Some(_) | None => name,
        }
    }

    /// Scheme and id, the same in the next issue of the file: the package URL without its version; else type, group and
    /// name. `bom-ref` means nothing outside its file.
    pub(super) fn identity(&self) -> (String, String) {
        let purl = text(self.value, "purl");
        match purl.as_deref().and_then(terms::purl_identity) {
            Some(purl) => ("purl".to_owned(), purl.to_owned()),
            None => (
                "cyclonedx".to_owned(),
                format!("{}:{}", self.kind(), fold_name(&self.full_name()).replace(' ', "-")),
            ),
        }
    }

    pub(super) fn property(&self, wanted: &str) -> Option<String> {
        items(self.value, "properties")
            .iter()
            .find(|property| property.get("name").and_then(Value::as_str) == Some(wanted))
            .and_then(|property| text(property, "value"))
    }

    /// Facts for which records have no field.
    pub(super) fn facts_beside(&self) -> Map<String, Value> {
        let mut facts = Map::new();
        for key in ["purl", "group", "publisher", "copyright", "cpe", "scope"] {
            if let Some(value) = text(self.value, key) {
                facts.insert(key.to_owned(), value.into());
            }
        }
        let hashes: Map<String, Value> = items(self.value, "hashes")
            .iter()
            .filter_map(|hash| Some((text(hash, "alg")?, text(hash, "content")?.into())))
            .collect();
        let references: Vec<String> = items(self.value, "externalReferences")
            .iter()
            .filter_map(|reference| {
                Some(format!("{}: {}", text(reference, "type")?, text(reference, "url")?))
            })
            .collect();
        let properties: Map<String, Value> = items(self.value, "properties")
            .iter()
            .chain(items(self.value.get("modelCard").unwrap_or(&Value::Null), "properties"))
            .filter_map(|property| Some((text(property, "name")?, text(property, "value")?.into())))
            .collect();
        let parts: Vec<String> = items(self.value, "data")
            .iter()
            .filter_map(|part| {
                let link = part
                    .pointer("/contents/url")
                    .and_then(said)
                    .map(|url| format!(" ({url})"))
                    .unwrap_or_default();
                Some(format!("{}: {}{link}", text(part, "type")?, text(part, "name")?))
            })
            .collect();
        for (key, value) in [
            ("data", parts.into()),
            ("hashes", Value::from(hashes)),
            ("references", references.into()),
            ("properties", properties.into()),
        ] {
            let empty = value.as_array().is_some_and(Vec::is_empty)
                || value.as_object().is_some_and(Map::is_empty);
            if !empty {
                facts.insert(key.to_owned(), value);
            }
        }
        facts
    }

    /// Keys that nothing here reads.
    pub(super) fn unknown(&self) -> Vec<(String, &Value)> {
        const KNOWN: &[&str] = &[
            "type",
            "bom-ref",
            "name",
            "version",
            "description",
            "group",
            "publisher",
            "supplier",
            "manufacturer",
            "authors",
            "author",
            "copyright",
            "licenses",
            "externalReferences",
            "purl",
            "cpe",
            "scope",
            "hashes",
            "properties",
            "modelCard",
            "data",
            "components",
            "mime-type",
            "tags",
        ];
        let members = self.value.as_object().into_iter().flatten();
        members
            .filter(|(key, _)| !KNOWN.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value))
            .collect()
    }
}

/// What a model component says.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) name: String,
    pub(super) full_name: String,
    /// Name and web address.
    pub(super) suppliers: Vec<(String, Option<String>)>,
    /// Published on a model hub.
    pub(super) open: bool,
    pub(super) location: Option<String>,
    pub(super) task: Option<String>,
    /// Architecture, approach, inputs and outputs.
    pub(super) parameters: Map<String, Value>,
    pub(super) metrics: Vec<Value>,
    pub(super) users: Vec<String>,
    pub(super) use_cases: Vec<String>,
    pub(super) limitations: Vec<String>,
}

impl Facts {
    pub(super) fn of(component: &Component<'_>) -> Facts {
        let nothing = Value::Null;
        let card = component.value.get("modelCard").unwrap_or(&nothing);
        let parameters = card.get("modelParameters").unwrap_or(&nothing);
        let considerations = card.get("considerations").unwrap_or(&nothing);
        let references: Vec<String> = items(component.value, "externalReferences")
            .iter()
            .filter_map(|reference| text(reference, "url"))
            .collect();
        let purl = text(component.value, "purl").unwrap_or_default();
        let mut limitations = texts(considerations, "technicalLimitations");
        limitations.extend(
            texts(considerations, "performanceTradeoffs")
                .into_iter()
                .map(|text| format!("Trade-off: {text}")),
        );
        Facts {
            name: component.name(),
            full_name: component.full_name(),
            suppliers: suppliers(component.value),
            open: terms::is_open_model(&purl)
                || references.iter().any(|url| url.starts_with("https://huggingface.co/")),
            location: references.into_iter().next(),
            task: text(parameters, "task").or_else(|| component.property("primaryPurpose")),
            parameters: described(parameters),
            metrics: metrics(card),
            users: texts(considerations, "users"),
            use_cases: texts(considerations, "useCases"),
            limitations,
        }
    }
}

fn suppliers(component: &Value) -> Vec<(String, Option<String>)> {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    let organisations = ["supplier", "manufacturer"]
        .iter()
        .filter_map(|key| component.get(*key))
        .filter_map(|party| Some((text(party, "name")?, texts(party, "url").into_iter().next())));
    for (name, url) in organisations.chain(text(component, "publisher").map(|name| (name, None))) {
        if !found.iter().any(|(known, _)| fold_name(known) == fold_name(&name)) {
            found.push((name, url));
        }
    }
    found
}

fn described(parameters: &Value) -> Map<String, Value> {
    let mut facts = Map::new();
    if let Some(approach) = parameters.pointer("/approach/type").and_then(said) {
        facts.insert("approach".to_owned(), approach.into());
    }
    for key in ["task", "architectureFamily", "modelArchitecture"] {
        if let Some(value) = text(parameters, key) {
            facts.insert(key.to_owned(), value.into());
        }
    }
    for key in ["inputs", "outputs"] {
        let formats: Vec<String> =
            items(parameters, key).iter().filter_map(|item| text(item, "format")).collect();
        if !formats.is_empty() {
            facts.insert(key.to_owned(), formats.into());
        }
    }
    facts
}

fn metrics(card: &Value) -> Vec<Value> {
    let nothing = Value::Null;
    items(card.get("quantitativeAnalysis").unwrap_or(&nothing), "performanceMetrics")
        .iter()
        .filter_map(|metric| {
            let mut result = Map::new();
            result.insert("name".to_owned(), text(metric, "type")?.into());
            let interval = metric.get("confidenceInterval").and_then(|interval| {
                Some(format!(
                    " ({} to {})",
                    text(interval, "lowerBound")?,
                    text(interval, "upperBound")?
                ))
            });
            let value = text(metric, "value").unwrap_or_default();
            result.insert(
                "value".to_owned(),
                format!("{value}{}", interval.unwrap_or_default()).into(),
            );
            if let Some(slice) = text(metric, "slice") {
                result.insert("slice".to_owned(), slice.into());
            }
            Some(Value::Object(result))
        })
        .collect()
}
