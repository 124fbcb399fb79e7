//! Frameworks: standards, laws and other sets of requirements, built in or imported.

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Condition;

/// A standard, a law or any other ordered set of requirements.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Framework {
    /// Short id, unique in one organisation, without colon: `iso42001`, `nist-ai-rmf`.
    pub id: String,
    /// The identifier of the publisher, verbatim (a URN, a UUID); empty for built-in frameworks.
    pub urn: String,
    /// Other names under which files refer to it: URNs and ids of other publishers, names of earlier files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Full name: `ISO/IEC 42001:2023`.
    pub name: String,
    /// Version or edition as the publisher writes it.
    pub version: String,
    pub description: String,
    pub provider: String,
    /// Language of the text (BCP 47).
    pub locale: String,
    pub published: Option<Date>,
    /// Whose words these are and under which terms.
    pub copyright: String,
    /// What the content was made from and checked against.
    pub sources: Vec<String>,
    pub min_score: Option<i64>,
    pub max_score: Option<i64>,
    pub scores: Vec<Score>,
    pub groups: Vec<ImplementationGroup>,
    /// In the order of the publisher; parents precede their children.
    pub requirements: Vec<Requirement>,
    /// What the source said beyond this model, kept so that nothing is lost.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// One clause, control, subcategory, obligation or heading of a framework.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Requirement {
    /// Unique in its framework: `A.6.2.4`, `GOVERN 1.1`, `aia.art26.1`.
    pub id: String,
    /// The identifier of the publisher where it differs from `id`, verbatim.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub urn: String,
    /// Other spellings of the same element, for look-up: `B.6.2.4`, `iso-iec-42001_B-6-2-4`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// What the publisher prints: for an item that we numbered ourselves, the printed clause above it.
    pub label: String,
    pub parent: Option<String>,
    pub kind: RequirementKind,
    pub title: String,
    /// The requirement in our own words, or in those of the imported source.
    pub text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub guidance: String,
    /// Whether a result is given for it; headings are not assessable.
    pub assessable: bool,
    /// Ids of the implementation groups that it belongs to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Whether documented information is demanded.
    pub documented: Documented,
    /// How often proof is wanted. A suggestion of ours unless the source fixes it.
    pub cadence: Option<Cadence>,
    pub scope: Scope,
    /// The role that usually owns it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner_role: String,
    /// Artefacts that usually show it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub artefacts: Vec<String>,
    /// What must hold in the records for it to be met; empty: judged by decision, implementation and evidence alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Importance for planning, 1 to 5; 0: not stated, read as 3.
    pub weight: u8,
    pub confidence: Confidence,
    /// How the content was checked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub basis: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub threats: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reference_controls: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

impl Framework {
    /// The requirements that ask for records of a kind, in the order of the publisher.
    pub fn asking_for(&self, kind: &str) -> impl Iterator<Item = &Requirement> {
        let asks = move |requirement: &&Requirement| {
            requirement.conditions.iter().any(|condition| condition.test.looks_for(kind))
        };
        self.requirements.iter().filter(asks)
    }
}

/// What sort of element a requirement is.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RequirementKind {
    /// Structure only.
    #[default]
    Heading,
    /// A clause, or an item of one, of a management-system standard.
    Clause,
    /// A control that a Statement of Applicability decides on.
    Control,
    /// An outcome to reach, as the subcategories of the NIST AI RMF.
    Outcome,
    /// A legal duty.
    Obligation,
    /// Anything else that can be assessed (imported frameworks).
    Other,
}

/// Whether a requirement asks for something written (ISO/IEC 42001 7.5.1).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Documented {
    #[default]
    None,
    /// Kept available and current.
    Document,
    /// Retained as evidence.
    Record,
}

/// Where a requirement is met: once, for each AI system, or both.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    #[default]
    Organisation,
    AiSystem,
    Both,
}

/// How sure we are of a catalog statement.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    High,
    Medium,
    Low,
    #[default]
    Unstated,
}

/// How often a control runs or proof of it is renewed.
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
#[schemars(rename = "ControlCadence")]
pub enum Cadence {
    /// All the time: proof covers only the days of its own period.
    Continuous,
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    HalfYearly,
    Annual,
    Biennial,
    /// At each release, dataset version or change: proof holds until it expires.
    OnEvent,
}

impl Cadence {
    pub const ALL: [Cadence; 9] = [
        Cadence::Continuous,
        Cadence::Daily,
        Cadence::Weekly,
        Cadence::Monthly,
        Cadence::Quarterly,
        Cadence::HalfYearly,
        Cadence::Annual,
        Cadence::Biennial,
        Cadence::OnEvent,
    ];

    /// Days after the end of its period for which one proof still holds; `None`: until it expires.
    pub fn days(self) -> Option<u32> {
        match self {
            Cadence::Continuous => Some(0),
            Cadence::Daily => Some(1),
            Cadence::Weekly => Some(7),
            Cadence::Monthly => Some(31),
            Cadence::Quarterly => Some(92),
            Cadence::HalfYearly => Some(184),
            Cadence::Annual => Some(366),
            Cadence::Biennial => Some(731),
            Cadence::OnEvent => None,
        }
    }

    /// The name used in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Cadence::Continuous => "continuous",
            Cadence::Daily => "daily",
            Cadence::Weekly => "weekly",
            Cadence::Monthly => "monthly",
            Cadence::Quarterly => "quarterly",
            Cadence::HalfYearly => "half_yearly",
            Cadence::Annual => "annual",
            Cadence::Biennial => "biennial",
            Cadence::OnEvent => "on_event",
        }
    }
}

/// One step of a maturity scale.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Score {
    pub score: i64,
    pub name: String,
    pub description: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// A named selection of requirements (CISO Assistant implementation group, OSCAL profile).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct ImplementationGroup {
    pub id: String,
    pub name: String,
    pub description: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// A question by which a requirement is assessed; choices and dependencies stay as the source wrote them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
#[schemars(rename = "RequirementQuestion")]
pub struct Question {
    pub urn: String,
    /// `unique_choice`, `multiple_choice`, `text`, `number`, `boolean` or `date`.
    pub kind: String,
    pub text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

/// The address of a requirement across frameworks, written `framework:requirement`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequirementRef {
    text: std::sync::Arc<str>,
    colon: usize,
}

impl RequirementRef {
    pub fn new(framework: &str, requirement: &str) -> RequirementRef {
        RequirementRef { text: format!("{framework}:{requirement}").into(), colon: framework.len() }
    }

    pub fn framework(&self) -> &str {
        self.text.get(..self.colon).unwrap_or_default()
    }

    pub fn requirement(&self) -> &str {
        self.text.get(self.colon.saturating_add(1)..).unwrap_or_default()
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The shared text, for indexes that keep many of them.
    pub fn text(&self) -> std::sync::Arc<str> {
        self.text.clone()
    }
}

impl FromStr for RequirementRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.find(':') {
            Some(colon) if colon > 0 && colon + 1 < text.len() => {
                Ok(RequirementRef { text: text.into(), colon })
            }
            _ => Err(format!(
                "`{text}` is not a requirement; write it as framework:requirement, for example iso42001:A.6.2.4"
            )),
        }
    }
}

impl fmt::Display for RequirementRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for RequirementRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for RequirementRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for RequirementRef {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for RequirementRef {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RequirementRef".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[^:]+:.+$" })
    }
}
