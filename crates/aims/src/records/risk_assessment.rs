//! Risk assessments: one run of the method (ISO/IEC 42001 6.1.2, 8.2).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, ImpactAssessment, Person, Risk, given, in_order};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::ASSESSMENT};

choice! {
    /// What a risk assessment was started by.
    RiskAssessmentReason { Initial, Planned, Change, Incident, Audit }
}

/// One run of the risk method over an AI system or the organisation. A new run is a new record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RiskAssessment {
    /// The AI system it looks at; empty for the whole organisation.
    pub ai_system: Option<Ref<AiSystem>>,
    /// Why it is done now.
    pub reason: Option<RiskAssessmentReason>,
    /// Version of the method that was followed.
    pub method_version: String,
    /// Version of the risk criteria that were used.
    pub criteria_version: String,
    /// Who took part.
    pub participants: Vec<Ref<Person>>,
    /// The impact assessment whose results went in (6.1.2 d).
    pub impact_assessment: Option<Ref<ImpactAssessment>>,
    /// Risks that were assessed, in order of priority.
    pub risks: Vec<Ref<Risk>>,
    /// What it covers and what came out, in a few sentences.
    pub summary: String,
    /// Who led it.
    pub assessor: Option<Ref<Person>>,
    /// Who approved the results; not the assessor.
    pub approved_by: Option<Ref<Person>>,
    /// When it was done.
    pub performed_on: Option<Date>,
    /// When the next one is due.
    pub next_due: Option<Date>,
}

impl RecordKind for RiskAssessment {
    kind! { RiskAssessment, "risk_assessment", "RAS", "a risk assessment", ASSESSMENT, [
        "reason", "method_version", "criteria_version", "risks", "assessor", "performed_on",
        "next_due",
    ] }

    fn title(&self) -> &str {
        &self.summary
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.assessor
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_due", self.next_due)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(
            !self.summary.trim().is_empty(),
            "summary",
            "say what the assessment covers",
        );
        in_order(problems, ("performed_on", self.performed_on), ("next_due", self.next_due));
    }
}
