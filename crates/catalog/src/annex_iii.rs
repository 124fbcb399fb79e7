//! The list of high-risk use cases (Annex III of the AI Act) as data.

use serde::{Deserialize, Serialize};

use crate::Confidence;

/// The areas and use cases of Annex III.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnnexIii {
    pub framework: String,
    pub note: String,
    pub guidance: String,
    #[serde(rename = "area")]
    pub areas: Vec<AnnexIiiArea>,
    #[serde(rename = "point")]
    pub points: Vec<AnnexIiiPoint>,
}

/// A numbered area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnexIiiArea {
    pub number: u8,
    pub title: String,
}

/// A use case, with what it brings with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnexIiiPoint {
    /// Also the id of the finding that it makes.
    pub id: String,
    /// As cited: `1(a)`.
    pub point: String,
    pub area: u8,
    pub title: String,
    pub description: String,
    /// What it leaves out.
    #[serde(default)]
    pub exclusions: Vec<String>,
    /// Counts only in so far as the use is permitted by law.
    #[serde(default)]
    pub only_if_permitted: bool,
    pub typical_deployer: String,
    /// `annex_vi`: internal control; `annex_vi_or_vii`: internal control or a notified body.
    pub conformity_route: String,
    /// Where it is registered: `eu_public`, `eu_restricted`, `national` or, by deployer, one of the first two.
    pub registration: String,
    /// Whether a fundamental rights impact assessment is owed: `always`, `no`, or by deployer.
    pub fria: String,
    /// Deployers tell the people affected (Art 26(11)).
    #[serde(default)]
    pub notice_to_affected: bool,
    /// People affected can ask for an explanation (Art 86).
    #[serde(default)]
    pub right_to_explanation: bool,
    /// The national authority keeps its competence (Art 75(1)).
    #[serde(default)]
    pub ai_office_carve_out: bool,
    #[serde(default)]
    pub extra_requirements: Vec<String>,
    pub citation: String,
    #[serde(default)]
    pub confidence: Confidence,
    #[serde(default)]
    pub note: String,
}

impl AnnexIii {
    /// The use case of this id.
    pub fn point(&self, id: &str) -> Option<&AnnexIiiPoint> {
        self.points.iter().find(|one| one.id == id)
    }
}
