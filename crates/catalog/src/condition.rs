//! Conditions: what must hold in the records for a requirement to be met.
//!
//! They are data, so that a standard's logic stands in its catalog file and not in the program. The record kinds,
//! states and fields that they name are checked against the record layer by a test of `aims`.

use serde::{Deserialize, Serialize};

/// One thing that must hold, and what it is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Condition {
    /// Unique within its requirement, stable: adopted actions refer to it.
    pub id: String,
    /// The condition as a sentence that a person reads: "an approved scope statement exists".
    pub says: String,
    pub test: Test,
    /// What doing it usually takes.
    #[serde(default)]
    pub effort: Effort,
}

/// A rough size of work, used by the plan.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
pub enum Effort {
    /// Within a day.
    Small,
    /// Within a week.
    #[default]
    Medium,
    /// Longer.
    Large,
}

/// Whether a condition is asked once or of each AI system in scope. A condition of a control is asked only of the AI
/// systems to which the Statement of Applicability applies that control.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
pub enum Per {
    #[default]
    Organisation,
    /// Each AI system in scope that is not retired or rejected.
    AiSystem,
    /// Each AI system in scope whose state is `in_operation`.
    OperatingAiSystem,
}

/// What is looked for in the records.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Test {
    /// At least `at_least` live records of `kind` exist (for the AI system, when asked per system: records that refer
    /// to it), in one of `states` (empty: any but a final one; a final state counts when it is named), with every field
    /// of `with` having one of the listed values (`"*"`: filled at all; booleans and numbers as their JSON text; of a
    /// list, one element is enough), and, when `fresh`, not overdue for review. A field can be a path with dots into
    /// objects and lists: `inherent.individuals`, `impacts.kind`.
    Record {
        kind: String,
        #[serde(default)]
        states: Vec<String>,
        #[serde(default)]
        with: std::collections::BTreeMap<String, Vec<String>>,
        #[serde(default)]
        fresh: bool,
        #[serde(default = "one")]
        at_least: u32,
        #[serde(default)]
        per: Per,
    },
    /// Every live record of `kind` (for the AI system, when asked per system), of those that match `only` in the manner
    /// of `with`, is in one of `states` and has the fields of `with`; and there are at least `at_least` of them (0: it
    /// holds when there is none). For "each system has an owner", "each major nonconformity has a cause".
    Every {
        kind: String,
        #[serde(default)]
        only: std::collections::BTreeMap<String, Vec<String>>,
        #[serde(default)]
        states: Vec<String>,
        #[serde(default)]
        with: std::collections::BTreeMap<String, Vec<String>>,
        #[serde(default)]
        fresh: bool,
        #[serde(default)]
        at_least: u32,
        #[serde(default)]
        per: Per,
    },
    /// A policy or controlled document in an approved state that names this requirement, or one above it, among its
    /// clause references (`document`: of this document type, such as `management_review` or `objective`, for
    /// requirements whose natural record is kept as a controlled document), not past its review date.
    Document {
        #[serde(default)]
        document: Option<String>,
        #[serde(default)]
        per: Per,
    },
    /// Accepted evidence that supports this requirement or one above it (or the one named) covers the day asked about.
    Evidence {
        #[serde(default)]
        requirement: Option<String>,
        #[serde(default)]
        per: Per,
    },
    /// The Statement of Applicability decides every control of this framework, each with a justification.
    SoaComplete,
    /// This control is decided, described and owned (per AI system: in every cell where it applies).
    ControlDesigned,
    /// This control rests on an approved document.
    ControlDocumented,
    /// This control is covered by operating evidence on the day asked about.
    ControlOperating,
    /// One of them is enough.
    AnyOf { of: Vec<Test> },
}

impl Test {
    /// Whether it looks for records of that kind.
    pub fn looks_for(&self, wanted: &str) -> bool {
        match self {
            Test::Record { kind, .. } | Test::Every { kind, .. } => kind == wanted,
            Test::AnyOf { of } => of.iter().any(|test| test.looks_for(wanted)),
            Test::Document { .. }
            | Test::Evidence { .. }
            | Test::SoaComplete
            | Test::ControlDesigned
            | Test::ControlDocumented
            | Test::ControlOperating => false,
        }
    }
}

fn one() -> u32 {
    1
}
