//! What amendments of a law changed, point by point.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Confidence;

/// The changes from version to version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Changes {
    #[serde(rename = "amendment")]
    pub amendments: Vec<Amendment>,
    /// In the order of the amending acts.
    #[serde(rename = "change")]
    pub changes: Vec<LawChange>,
    /// What was proposed and did not become law.
    #[serde(rename = "not_adopted")]
    pub not_adopted: Vec<NotAdopted>,
    /// How the amendments came about.
    #[serde(rename = "event")]
    pub events: Vec<LegislativeEvent>,
}

/// An act that made a new version of the law.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Amendment {
    /// The version that it made.
    pub version: String,
    pub title: String,
    pub act: String,
    /// What one might expect to have changed and has not.
    pub unchanged: Vec<String>,
    pub source: String,
}

/// One point of an amending act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LawChange {
    pub id: String,
    /// The version that it is part of.
    pub version: String,
    /// Where the amending act makes it.
    pub point: String,
    /// What it changes in the law.
    pub provision: String,
    /// `inserted`, `replaced`, `added`, `deleted`.
    pub operation: String,
    pub subject: String,
    /// Empty: there was nothing.
    #[serde(default)]
    pub before: String,
    #[serde(default)]
    pub after: String,
    pub effective_from: Date,
    /// Provisions that it touches; none of a change to authorities, definitions or annexes.
    #[serde(default)]
    pub obligations: Vec<String>,
    /// Date regimes that it touches.
    #[serde(default)]
    pub regimes: Vec<String>,
    /// Fines that it touches.
    #[serde(default)]
    pub fines: Vec<String>,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub confidence: Confidence,
}

/// A proposal that the legislator did not follow, for those who have read about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NotAdopted {
    pub version: String,
    pub topic: String,
    pub proposed: String,
    pub adopted: String,
    pub confidence: Confidence,
}

/// A step on the way to an amendment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LegislativeEvent {
    pub version: String,
    pub date: Date,
    pub event: String,
    #[serde(default)]
    pub confidence: Confidence,
}
