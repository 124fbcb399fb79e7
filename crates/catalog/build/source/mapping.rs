//! Files of mappings.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{kept, texts};
use crate::{Confidence, Library, Mapping, MappingSet, Relationship};

/// A file of mappings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingFile {
    id: String,
    name: String,
    source: String,
    target: String,
    description: String,
    sources: Vec<String>,
    mapping: Vec<SourceMapping>,
    /// Requirements of the source that the target does not know.
    #[serde(default)]
    without_counterpart: Vec<Map<String, Value>>,
    /// What the target asks and the source leaves open.
    #[serde(default)]
    not_covered: Vec<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceMapping {
    group: Option<String>,
    source: String,
    target: Option<String>,
    /// Several targets of one judgement; they share the `group`.
    #[serde(default)]
    targets: Vec<String>,
    /// The provisions meant, as lawyers cite them.
    #[serde(default)]
    refs: Vec<String>,
    /// Those of `refs` that have no entry in the catalog.
    #[serde(default)]
    unresolved: Vec<String>,
    relationship: Relationship,
    strength: Option<u8>,
    #[serde(default)]
    reuse: String,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    rationale: String,
    #[serde(default)]
    gap: String,
    #[serde(default)]
    confidence: Confidence,
}

impl MappingFile {
    pub(super) fn library(self) -> Result<Library, String> {
        let mut mappings = Vec::new();
        let mut unresolved = Vec::new();
        for one in self.mapping {
            unresolved.extend(one.unresolved.iter().map(|reference| {
                Value::Object(kept([
                    ("group", one.group.clone().map_or(Value::Null, Value::String)),
                    ("source", Value::String(one.source.clone())),
                    ("ref", Value::String(reference.clone())),
                ]))
            }));
            if one.target.is_none() && one.targets.is_empty() && one.unresolved.is_empty() {
                return Err(format!("{}: {} has no target", self.id, one.source));
            }
            for target in one.target.iter().chain(&one.targets) {
                mappings.push(one.mapping(target));
            }
        }
        let objects =
            |items: Vec<Map<String, Value>>| items.into_iter().map(Value::Object).collect();
        Ok(Library {
            id: self.id.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            locale: "en".to_owned(),
            dependencies: vec![self.source.clone(), self.target.clone()],
            mapping_sets: vec![MappingSet {
                id: self.id,
                name: self.name,
                description: self.description,
                source: self.source,
                target: self.target,
                sources: self.sources,
                mappings,
                extra: kept([
                    ("unresolved", Value::Array(unresolved)),
                    ("without_counterpart", objects(self.without_counterpart)),
                    ("not_covered", objects(self.not_covered)),
                ]),
                ..MappingSet::default()
            }],
            ..Library::default()
        })
    }
}

impl SourceMapping {
    fn mapping(&self, target: &str) -> Mapping {
        Mapping {
            source: self.source.clone(),
            target: target.to_owned(),
            relationship: self.relationship,
            strength: self.strength,
            rationale: self.rationale.clone(),
            gap: self.gap.clone(),
            confidence: self.confidence,
            group: self.group.clone(),
            extra: kept([
                ("reuse", Value::String(self.reuse.clone())),
                ("basis", Value::String(self.basis.clone())),
                ("refs", texts(&self.refs)),
            ]),
        }
    }
}
