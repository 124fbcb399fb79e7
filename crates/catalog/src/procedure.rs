//! A decision procedure as data: questions in walking order, what their answers find, and how findings make an outcome.
//!
//! Knows the shape alone. Whoever walks it (the law engine) reads conditions, dates and maps from here.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Confidence;

/// How a law classifies, as a graph of questions.
///
/// Lists of findings in conditions hold ids, or `kind:K` for any finding of kind `K`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionProcedure {
    /// The framework, and so the law, whose terms it uses.
    pub framework: String,
    /// The first question.
    pub start: String,
    /// The name of the end in [`Question::next`]; no question has it.
    pub end: String,
    /// Findings that make the result one of what will apply on release.
    #[serde(default)]
    pub pre_release: Vec<String>,
    /// The finding that is added where a suggested answer is not kept.
    #[serde(default)]
    pub declined_suggestion: String,
    /// Kinds of findings that readers are shown.
    #[serde(default)]
    pub reported_kinds: Vec<String>,
    /// The same for [`crate::Law::outcomes_without_duties`].
    #[serde(default)]
    pub reported_kinds_without_duties: Vec<String>,
    /// What else it follows.
    #[serde(default)]
    pub guidelines: Vec<String>,
    /// By name: values that `@name` stands for in [`Prefill::fields`].
    #[serde(default)]
    pub value_groups: BTreeMap<String, Vec<String>>,
    #[serde(rename = "date_fact", default)]
    pub date_facts: Vec<DateFact>,
    /// Strictest first.
    #[serde(rename = "outcome", default)]
    pub outcomes: Vec<Outcome>,
    #[serde(rename = "finding", default)]
    pub findings: Vec<Finding>,
    /// In walking order.
    #[serde(rename = "node", default)]
    pub questions: Vec<Question>,
    /// The first that holds gives the outcome.
    #[serde(rename = "verdict", default)]
    pub verdicts: Vec<Verdict>,
    #[serde(rename = "derived", default)]
    pub derived: Vec<DerivedFinding>,
    #[serde(rename = "role", default)]
    pub roles: Vec<RoleRule>,
    #[serde(rename = "tier", default)]
    pub tiers: Vec<TierRule>,
    #[serde(rename = "combination", default)]
    pub combinations: Vec<CombinationRule>,
    #[serde(rename = "role_change", default)]
    pub role_changes: Vec<RoleChange>,
    #[serde(rename = "prefill", default)]
    pub prefills: Vec<Prefill>,
}

/// A date that, once known, can answer questions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DateFact {
    pub id: String,
    pub question: String,
    #[serde(default)]
    pub help: String,
}

/// What the whole comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    pub id: String,
    pub title: String,
    pub says: String,
    /// Higher is stricter.
    #[serde(default)]
    pub strictness: u8,
}

/// Something that an answer, or the procedure itself, establishes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    pub id: String,
    pub kind: String,
    pub text: String,
    pub citations: Vec<String>,
    #[serde(default)]
    pub confidence: Confidence,
    /// The date regime of the law that says from when it counts; empty: it has no date of its own.
    #[serde(default)]
    pub regime: String,
    /// The row of the regime, unless a [`crate::Transition`] moves it.
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub note: String,
}

/// A step of the walk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: String,
    pub stage: String,
    pub question: String,
    #[serde(default)]
    pub help: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub citations: Vec<String>,
    /// Whether it takes several answers at once.
    #[serde(default)]
    pub several: bool,
    /// When it is passed over.
    #[serde(default)]
    pub gate: Option<Gate>,
    /// Tried in order before anybody is asked.
    #[serde(default)]
    pub auto: Vec<AutoRule>,
    /// Answers that follow from findings and are added to what was chosen.
    #[serde(default)]
    pub implied: Vec<ValueRule>,
    /// Answers that are preselected.
    #[serde(default)]
    pub suggest: Vec<ValueRule>,
    #[serde(default)]
    pub date_fact: Option<DateRule>,
    /// The cautious answer of who doesn't know.
    pub on_unknown: Vec<String>,
    /// Where answers lead that name nothing else.
    pub next: String,
    pub answers: Vec<AnswerOption>,
}

/// Asked only if one of `any_of` is found, where given, and none of `none_of`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    #[serde(default)]
    pub any_of: Vec<String>,
    #[serde(default)]
    pub none_of: Vec<String>,
    pub skip_to: String,
    /// Found when it is passed over.
    #[serde(default)]
    pub emit: Vec<String>,
}

/// An answer that follows from findings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AutoRule {
    #[serde(default)]
    pub any_of: Vec<String>,
    #[serde(default)]
    pub none_of: Vec<String>,
    pub answer: Vec<String>,
}

/// One value, if something is found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueRule {
    pub any_of: Vec<String>,
    pub value: String,
}

/// How a known date answers: before the day `if_before`, else `otherwise`. An empty list asks all the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DateRule {
    pub fact: String,
    #[serde(default)]
    pub before: Option<Date>,
    /// Days that depend on the tier reached and the version of the law.
    #[serde(default)]
    pub before_by_tier: Vec<TierDate>,
    #[serde(default)]
    pub if_before: Vec<String>,
    #[serde(default)]
    pub otherwise: Vec<String>,
}

/// A day for one tier in one version of the law.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierDate {
    pub version: String,
    pub tier: String,
    pub before: Date,
}

/// One possible answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerOption {
    pub value: String,
    pub label: String,
    #[serde(default)]
    pub explain: String,
    /// What it establishes.
    #[serde(default)]
    pub emit: Vec<String>,
    /// Where it leads; empty: to [`Question::next`].
    #[serde(default)]
    pub next: String,
    /// Stands alone.
    #[serde(default)]
    pub exclusive: bool,
    /// Values that must not be given with it.
    #[serde(default)]
    pub excludes: Vec<String>,
    /// The use case of [`crate::AnnexIii`] that it is about.
    #[serde(default)]
    pub point: String,
}

impl Question {
    /// Where an answer leads.
    pub fn next_after<'a>(&'a self, answer: &'a AnswerOption) -> &'a str {
        if answer.next.is_empty() { &self.next } else { &answer.next }
    }
}

/// A rule of the end: holds if one of `any_of` is found, where given, and none of `none_of`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    pub id: String,
    pub outcome: String,
    pub explain: String,
    #[serde(default)]
    pub any_of: Vec<String>,
    #[serde(default)]
    pub none_of: Vec<String>,
    /// `any_of` counts only what is operative on the day.
    #[serde(default)]
    pub operative_only: bool,
    #[serde(default)]
    pub confidence_if: Option<ConfidenceIf>,
    #[serde(default)]
    pub note: String,
}

/// The confidence of an outcome where a finding is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfidenceIf {
    pub finding: String,
    pub confidence: Confidence,
}

/// A finding that follows from others and the outcome, without changing it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DerivedFinding {
    pub finding: String,
    pub any_of: Vec<String>,
    #[serde(default)]
    pub none_of: Vec<String>,
    /// Not with these outcomes.
    #[serde(default)]
    pub unless_outcomes: Vec<String>,
    /// With these only, where given.
    #[serde(default)]
    pub only_outcomes: Vec<String>,
}

/// A role that a finding gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    pub finding: String,
    pub role: String,
    /// Only for who also has this role.
    #[serde(default)]
    pub needs_role: Option<String>,
    /// Whoever had the role before loses it for this system.
    #[serde(default)]
    pub ends_former_provider: bool,
}

/// A tier that findings or outcomes put the system into. Tiers add up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TierRule {
    pub tier: String,
    #[serde(default)]
    pub any_of: Vec<String>,
    #[serde(default)]
    pub outcomes: Vec<String>,
}

/// How results combine, in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CombinationRule {
    pub id: String,
    pub rule: String,
    #[serde(default)]
    pub citation: String,
}

/// An event after which somebody else is provider, and the answer that records it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    pub id: String,
    pub event: String,
    pub finding: String,
    pub citation: String,
    pub node: String,
    pub answer: Vec<String>,
}

/// An answer, or a date, that follows from what an inventory says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prefill {
    /// By field: each must hold one of the values, or any value for `*`.
    pub fields: BTreeMap<String, Vec<String>>,
    /// By field: none may hold one of the values.
    #[serde(default)]
    pub unless: BTreeMap<String, Vec<String>>,
    /// The question that it answers; empty with `date_fact`.
    #[serde(default)]
    pub node: String,
    #[serde(default)]
    pub answer: Vec<String>,
    /// The date fact that it gives.
    #[serde(default)]
    pub date_fact: String,
    /// The field that holds the date.
    #[serde(default)]
    pub from: String,
    pub because: String,
}

impl DecisionProcedure {
    /// The finding of this id.
    pub fn finding(&self, id: &str) -> Option<&Finding> {
        self.findings.iter().find(|one| one.id == id)
    }

    /// The question of this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|one| one.id == id)
    }

    /// The outcome of this id.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|one| one.id == id)
    }
}
