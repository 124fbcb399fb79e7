//! A library: what one catalog file, built in or imported, brings in.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Framework, MappingSet};

/// Everything that one file declares.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Library {
    /// Short id, unique in one organisation.
    pub id: String,
    /// The publisher's identifier, verbatim; compared without regard to case.
    pub urn: String,
    pub name: String,
    pub description: String,
    pub version: String,
    pub locale: String,
    pub provider: String,
    pub packager: String,
    pub copyright: String,
    pub published: Option<Date>,
    /// URNs of libraries that this one refers to.
    pub dependencies: Vec<String>,
    pub frameworks: Vec<Framework>,
    pub mapping_sets: Vec<MappingSet>,
    pub threats: Vec<Threat>,
    pub reference_controls: Vec<ReferenceControl>,
    pub risk_matrices: Vec<RiskMatrix>,
    pub metrics: Vec<MetricDefinition>,
    /// Tactics and techniques of adversaries (MITRE ATLAS and the like).
    pub techniques: Vec<Technique>,
    /// Selections of requirements of frameworks (OSCAL profiles).
    pub profiles: Vec<Profile>,
    /// Translations by language, as published.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub translations: Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// A threat that requirements or risks can name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Threat {
    pub urn: String,
    pub id: String,
    pub name: String,
    pub description: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// A control that others suggest for meeting requirements.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct ReferenceControl {
    pub urn: String,
    pub id: String,
    pub name: String,
    /// `policy`, `process`, `procedure`, `technical` or `physical`.
    pub category: String,
    /// `govern`, `identify`, `protect`, `detect`, `respond` or `recover`.
    pub csf_function: String,
    pub description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub typical_evidence: Vec<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// A risk matrix: `grid[likelihood][consequence]` is an index into `levels`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct RiskMatrix {
    pub urn: String,
    pub id: String,
    pub name: String,
    pub description: String,
    pub likelihood: Vec<Map<String, Value>>,
    pub consequence: Vec<Map<String, Value>>,
    pub levels: Vec<Map<String, Value>>,
    pub grid: Vec<Vec<u32>>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// An indicator (clause 9.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct MetricDefinition {
    pub urn: String,
    pub id: String,
    pub name: String,
    pub description: String,
    pub category: String,
    pub unit: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// A tactic or technique.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Technique {
    pub urn: String,
    pub id: String,
    /// `catalog`, `tactic` or `technique`.
    pub kind: String,
    pub name: String,
    pub description: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub parent: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tactics: Vec<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// A selection of requirements, with the rest of the source's instructions kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Profile {
    pub urn: String,
    pub name: String,
    /// The catalog or profile that it selects from, as published.
    pub source: String,
    /// Ids of the selected requirements; empty with `all`: everything.
    pub included: Vec<String>,
    pub excluded: Vec<String>,
    pub all: bool,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}
