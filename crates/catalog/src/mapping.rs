//! Mappings between frameworks in the vocabulary of NIST IR 8477 (set theory relationship mapping).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Confidence;

/// How the source element relates to the target element (NIST IR 8477, section 4.3).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Relationship {
    /// Both ask the same.
    Equal,
    /// The source asks part of what the target asks.
    Subset,
    /// The source asks all that the target asks, and more.
    Superset,
    /// They overlap in part.
    Intersects,
    /// Compared, and found to share nothing.
    NotRelated,
}

impl Relationship {
    /// The relationship read from the other side.
    pub fn reversed(self) -> Relationship {
        match self {
            Relationship::Subset => Relationship::Superset,
            Relationship::Superset => Relationship::Subset,
            Relationship::Equal => Relationship::Equal,
            Relationship::Intersects => Relationship::Intersects,
            Relationship::NotRelated => Relationship::NotRelated,
        }
    }

    /// Whether meeting the source meets the target whole: equal or superset.
    pub fn covers_fully(self) -> bool {
        matches!(self, Relationship::Equal | Relationship::Superset)
    }

    /// The name used in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Relationship::Equal => "equal",
            Relationship::Subset => "subset",
            Relationship::Superset => "superset",
            Relationship::Intersects => "intersects",
            Relationship::NotRelated => "not_related",
        }
    }
}

/// All mappings from one framework to another, as one author made them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct MappingSet {
    pub id: String,
    /// The publisher's identifier, verbatim.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub urn: String,
    pub name: String,
    pub description: String,
    /// Framework id, or as published when that framework is not (yet) known.
    pub source: String,
    pub target: String,
    /// Who made it, by which method, what to beware of.
    pub sources: Vec<String>,
    pub mappings: Vec<Mapping>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// One pair. Many-to-many maps of a source are exploded into pairs that share a `group`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Mapping {
    /// Requirement id in the source framework.
    pub source: String,
    pub target: String,
    pub relationship: Relationship,
    /// 1 (faint) to 10 (same); `None`: not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<u8>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rationale: String,
    /// What stays open on the target side.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gap: String,
    #[serde(default)]
    pub confidence: Confidence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}
