//! AI system impact assessments (ISO/IEC 42001 6.1.4, 8.4, A.5.2 to A.5.5; structure after ISO/IEC 42005).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Availability, DatasetCard, Person, Risk, given, in_order, is_rating};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::ASSESSMENT};

choice! {
    /// What an impact assessment was started by.
    ImpactAssessmentReason { Initial, Planned, Change, Incident }
}

choice! {
    /// How deep the screening said to look.
    Screening { Light, Full }
}

choice! {
    /// What an impact touches.
    ImpactKind {
        Fairness, Privacy, Safety, Health, Financial, Accessibility, Rights, Labour, Environment, Culture,
        Democracy, Other,
    }
}

choice! {
    /// Whether an impact does good or ill.
    Effect { Benefit, Harm }
}

/// One effect on one party.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Impact {
    /// Whom it touches: a group of people, society, the environment.
    pub party: String,
    /// What it touches.
    pub kind: Option<ImpactKind>,
    /// Benefit or harm.
    pub effect: Option<Effect>,
    /// How strong it is, 1 (least) to 5 (most).
    #[schemars(range(min = 1, max = 5))]
    pub severity: Option<u8>,
    /// How likely it is, 1 (least) to 5 (most).
    #[schemars(range(min = 1, max = 5))]
    pub likelihood: Option<u8>,
    /// Whether it can be undone.
    pub reversible: Option<bool>,
    /// What happens, and on what this judgement rests.
    pub note: String,
}

/// Effects of one AI system on individuals, groups and society. A new run is a new record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImpactAssessment {
    /// The AI system that is assessed.
    pub ai_system: Option<Ref<AiSystem>>,
    /// Why it is done now.
    pub reason: Option<ImpactAssessmentReason>,
    /// Version of the procedure that was followed (A.5.2).
    pub process_version: String,
    /// How deep the screening said to look.
    pub screening_result: Option<Screening>,
    /// What is and what is not assessed.
    pub scope: String,
    /// What the system is and how it works.
    pub system_description: String,
    /// What it can do, also beyond what it is used for.
    pub capabilities: String,
    /// What it is meant to do.
    pub purpose: String,
    /// Who uses it for what, in which situations.
    pub intended_uses: String,
    /// Uses that are not intended but can be foreseen.
    pub unintended_uses: Vec<String>,
    /// Data that it was made with and works on.
    pub datasets: Vec<Ref<DatasetCard>>,
    /// How good that data is, and what is missing.
    pub data_quality: String,
    /// Algorithms that were used and why.
    pub algorithm_information: String,
    /// Models that were used, where they come from and how they were tested.
    pub model_information: String,
    /// Where it runs: place, language, constraints.
    pub deployment_environment: String,
    /// Whom it touches directly and indirectly, vulnerable groups named.
    pub interested_parties: Vec<String>,
    /// Benefits and harms, party by party (A.5.4, A.5.5).
    pub impacts: Vec<Impact>,
    /// How it can fail or be misused, and what happens then.
    pub failures_and_misuse: Vec<String>,
    /// What is done about harms.
    pub measures: Vec<String>,
    /// What remains after that.
    pub residual_effect: String,
    /// Who was heard, and what they said.
    pub consultation: String,
    /// Who outside can get the results (6.1.4).
    pub sharing_decision: Option<Availability>,
    /// Risks that follow from it (6.1.2 d).
    pub risks: Vec<Ref<Risk>>,
    /// Who led it.
    pub assessor: Option<Ref<Person>>,
    /// Who approved the results; not the assessor.
    pub approved_by: Option<Ref<Person>>,
    /// When it was done.
    pub performed_on: Option<Date>,
    /// When the next one is due.
    pub next_due: Option<Date>,
    /// Until when the results are kept (A.5.3).
    pub retain_until: Option<Date>,
}

impl RecordKind for ImpactAssessment {
    kind! { ImpactAssessment, "impact_assessment", "IMP", "an impact assessment", ASSESSMENT, [
        "reason", "process_version", "scope", "purpose", "interested_parties", "impacts",
        "assessor", "performed_on", "next_due",
    ] }

    fn title(&self) -> &str {
        let texts = [self.scope.trim(), self.purpose.trim()];
        texts.into_iter().find(|text| !text.is_empty()).unwrap_or("Impact assessment")
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.assessor
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_due", self.next_due)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(
            self.ai_system.is_some(),
            "ai_system",
            "name the AI system that is assessed",
        );
        in_order(problems, ("performed_on", self.performed_on), ("next_due", self.next_due));
        for (number, impact) in (1_usize..).zip(&self.impacts) {
            is_rating(
                problems,
                "impacts",
                &format!("severity of impact {number}"),
                impact.severity,
            );
            is_rating(
                problems,
                "impacts",
                &format!("likelihood of impact {number}"),
                impact.likelihood,
            );
        }
    }
}
