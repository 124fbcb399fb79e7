//! What a classification says. Names are stable: others script against them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use surety_catalog::Confidence;

use super::procedure::{Text, Texts};

/// The class of an AI system or a model, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "ClassificationResult")]
pub struct Classification {
    /// The day for which it holds.
    pub on: Date,
    /// The day up to which publications of the law are taken into account.
    pub law_as_of: Date,
    /// The version of the law that governs `on` as known on `law_as_of`.
    pub law_version: Text,
    /// The outcome; absent while open questions decide it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Text>,
    /// Every outcome that some completion of the answers has, strictest first.
    pub possible_outcomes: Vec<Text>,
    /// The outcome if each open question gets its cautious answer.
    pub provisional_outcome: Text,
    /// What is found in every completion, in the order of the procedure.
    pub findings: Vec<FoundFinding>,
    /// What only some completions find.
    #[serde(default)]
    pub possible_findings: Vec<Text>,
    /// Roles under the law in every completion; they add up.
    pub roles: Vec<Text>,
    #[serde(default)]
    pub possible_roles: Vec<Text>,
    /// Tiers in every completion; they add up.
    pub tiers: Vec<Text>,
    #[serde(default)]
    pub possible_tiers: Vec<Text>,
    /// A finding ends the role of whoever was provider before.
    pub ends_former_provider: bool,
    /// Not yet released: the outcome is what will apply on release.
    pub pre_release: bool,
    /// The first day on which a practice that was found becomes banned, if none is banned on `on`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub will_be_prohibited_from: Option<Date>,
    /// The smallest set of questions whose answers settle the outcome, in walking order; empty once it is settled.
    pub still_open: Vec<OpenQuestion>,
    /// The questions for which the cautious answer stands in, in walking order: the answers may still add findings.
    pub open_points: Vec<Text>,
    pub why: Why,
    /// Single changes of answers that would change the outcome; none while it is open.
    pub counterfactuals: Vec<Counterfactual>,
    /// Answers that nothing asked for. While questions are open, they may still be.
    #[serde(default)]
    pub unused: Vec<UnusedAnswer>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FoundFinding {
    pub id: Text,
    pub kind: Text,
    pub text: Text,
    pub citations: Texts,
    pub confidence: Confidence,
    /// Whether it counts on the day; absent if it has no date of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operative: Option<bool>,
    /// The dates that say so; absent as well if this version of the law does not hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies: Option<Applies>,
    /// Whether readers are shown it; the rest are steps on the way.
    pub reported: bool,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub note: Text,
}

/// From when something applies, in one version of the law and one scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Applies {
    pub scope: String,
    /// When it applies on its face.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formal_from: Option<Date>,
    /// The first day on which it can bite; absent: only once what `binds_if` says has happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operative_from: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binds_if: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_date: Option<Date>,
    pub basis: String,
    pub confidence: Confidence,
}

/// A question whose answer helps to settle the outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpenQuestion {
    pub node: Text,
    pub stage: Text,
    pub question: Text,
    pub help: Text,
    pub citations: Texts,
    /// Whether several answers can be given at once.
    pub several: bool,
    pub answers: Vec<AnswerText>,
}

/// One answer, as readers see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AnswerText {
    pub value: Text,
    pub label: Text,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub explain: Text,
}

/// The tree of reasons: the rule of the outcome, the findings that decided it, the steps that made those.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "ClassWhy")]
pub struct Why {
    /// The outcome that is explained: while questions are open, the provisional one.
    pub outcome: Text,
    pub provisional: bool,
    /// The rule of the procedure that gave it.
    pub rule: Text,
    pub explain: Text,
    pub confidence: Confidence,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub note: Text,
    /// The findings that the rule looked for; none for the rule that is left when no other holds.
    pub because: Vec<Reason>,
    /// Every step from the first question to the end.
    pub path: Vec<PathStep>,
}

/// A finding, and the step that made it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "ClassReason")]
pub struct Reason {
    pub finding: Text,
    pub text: Text,
    pub citations: Texts,
    pub confidence: Confidence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Box<ReasonStep>>,
}

/// The step that made a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReasonStep {
    pub node: Text,
    pub question: Text,
    pub how: How,
    pub answers: Vec<AnswerText>,
    pub citations: Texts,
    /// The earlier findings from which the answer followed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Reason>,
}

/// How a step got its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Somebody answered.
    Given,
    /// It follows from earlier findings.
    Automatic,
    /// It follows from a known date.
    DateFact,
    /// Nobody knows: the cautious answer stands in.
    Assumed,
    /// Passed over, as it doesn't matter here.
    Skipped,
}

/// A step of the walk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PathStep {
    pub node: Text,
    pub stage: Text,
    pub question: Text,
    pub citations: Texts,
    pub how: How,
    pub answers: Vec<AnswerText>,
    /// Those of the answers that were added because they follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub implied: Vec<Text>,
    /// What it found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<Text>,
    /// The earlier findings that answered it, added to it or barred it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Text>,
    /// The date that answered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<Text>,
}

/// One change of one answer that would change the outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Counterfactual {
    pub node: Text,
    pub question: Text,
    pub citations: Texts,
    /// The answer as it is.
    pub from: Vec<AnswerText>,
    /// The answer that would change the outcome.
    pub to: Vec<AnswerText>,
    /// The outcomes that would then be possible.
    pub outcomes: Vec<Text>,
    /// The questions that would then decide between them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<Text>,
}

/// An answer that the walk did not ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct UnusedAnswer {
    pub node: Text,
    pub values: Vec<Text>,
    pub because: UnusedBecause,
    /// The answer that the walk took instead, if that is another one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<Text>,
}

/// Why an answer was not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnusedBecause {
    /// The walk did not come there.
    NotReached,
    /// The question was passed over.
    Skipped,
    /// The answer followed from findings.
    Automatic,
    /// The answer followed from a date.
    DateFact,
}

impl Classification {
    /// Whether a finding is there in every completion.
    pub fn found(&self, id: &str) -> bool {
        self.findings.iter().any(|one| &*one.id == id)
    }
}
