//! What the law threatens for a breach: fines with their ceilings, and other measures.
//!
//! Knows no organisation: whose turnover and size meet a ceiling is worked out by others.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Confidence;

/// The table of consequences and how provisions refer to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Penalties {
    #[serde(rename = "fine")]
    pub fines: Vec<Fine>,
    #[serde(rename = "reading")]
    pub readings: Vec<PenaltyReading>,
    #[serde(rename = "via")]
    pub vias: Vec<PenaltyVia>,
}

/// A fine, or a measure without one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Fine {
    pub id: String,
    /// As lawyers cite it: `Art 99(4)`.
    #[serde(rename = "ref")]
    pub reference: String,
    /// What it is for.
    pub breach: String,
    /// The ceiling in euros; absent: the law names none here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_eur: Option<u64>,
    /// The ceiling in per cent of worldwide annual turnover; the higher of both ceilings holds unless a field below says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turnover_percent: Option<u8>,
    /// The lower of both ceilings holds for small and medium-sized enterprises.
    pub lower_for_sme: bool,
    /// The version of the law since which the lower of both holds for small mid-caps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower_for_small_mid_cap_since: Option<String>,
    /// The first version that holds it; absent: all do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The first day on which it can be imposed, if the duty itself applies by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    pub imposed_by: String,
    pub citations: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    pub confidence: Confidence,
}

/// What the `penalty` of a provision means.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PenaltyReading {
    /// The text, as provisions carry it.
    pub penalty: String,
    /// Ids of [`Fine`].
    pub fines: Vec<String>,
    /// The first version in which it is so; absent: in all.
    pub since: Option<String>,
    pub note: String,
}

/// Articles without a fine of their own that a fined provision refers to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PenaltyVia {
    /// Numbers of articles.
    pub articles: Vec<String>,
    /// The provision through which a fine reaches them.
    pub by: String,
}
