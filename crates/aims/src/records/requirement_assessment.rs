//! People's judgements on requirements, which override the derived results (ISO/IEC 42001 9.1, 9.2).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{AiSystem, Person, Requirement, given, in_order};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::REGISTER};

choice! {
    /// How far a requirement is met.
    AssessedResult { Met, Partly, NotMet, NotApplicable }
}

/// A person's judgement on one requirement. While it is valid, it stands in place of the derived result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RequirementAssessment {
    /// The requirement that is judged.
    pub requirement: Option<Requirement>,
    /// For which AI system; empty for the whole organisation.
    pub ai_system: Option<Ref<AiSystem>>,
    /// How far it is met.
    pub result: Option<AssessedResult>,
    /// On what this judgement rests.
    pub reason: String,
    /// Who judged.
    pub assessed_by: Option<Ref<Person>>,
    /// When.
    pub assessed_on: Option<Date>,
    /// Last day on which the judgement stands.
    pub valid_until: Option<Date>,
    /// Points on the scale of the framework, if it has one.
    pub score: Option<i64>,
    /// Answers to the questions of the framework, by question.
    pub answers: Map<String, Value>,
}

impl RecordKind for RequirementAssessment {
    kind! { RequirementAssessment, "requirement_assessment", "ASM", "a requirement assessment", REGISTER, [
        "result", "reason", "assessed_on",
    ] }

    fn title(&self) -> &str {
        self.requirement.as_ref().map_or("", |requirement| requirement.0.as_str())
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.assessed_by
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("valid_until", self.valid_until)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(
            self.requirement.is_some(),
            "requirement",
            "name the requirement, such as iso42001:6.1.2",
        );
        in_order(problems, ("assessed_on", self.assessed_on), ("valid_until", self.valid_until));
    }
}
