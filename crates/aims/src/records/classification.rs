//! The legal class of an AI system, with the answers from which it follows (EU AI Act Art. 3, 5, 6, 25, 50, 51).

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Person, given, in_order};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::ASSESSMENT};

/// The class of one AI system under a law: the answers given, and what followed from them on that day under that version.
///
/// The result is kept as it was shown to the person who signed it. Whether it would be the same today is derived.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Classification {
    /// The AI system that is classified.
    pub ai_system: Option<Ref<AiSystem>>,
    /// The version of its record that the answers describe.
    pub system_version: Option<u32>,
    /// The law, such as eu-ai-act.
    pub law: String,
    /// The version of the law that was applied.
    pub law_version: String,
    /// The day for which the class holds.
    pub on: Option<Date>,
    /// The day up to which publications of the law were taken into account.
    pub law_as_of: Option<Date>,
    /// Answers by question of the procedure; a question that is not there is unknown.
    pub answers: BTreeMap<String, Vec<String>>,
    /// Dates that answer questions: when it was placed on the market, when it was last changed significantly.
    pub dates: BTreeMap<String, Date>,
    /// What the inventory said about the AI system then, by field; where it says something else later, the class is stale.
    pub facts: BTreeMap<String, Vec<String>>,
    /// The outcome; empty while questions are open that decide it.
    pub outcome: String,
    /// The outcomes that are still possible while questions are open.
    pub possible_outcomes: Vec<String>,
    /// Roles under the law that follow.
    pub roles: Vec<String>,
    /// Tiers that follow; they accumulate.
    pub tiers: Vec<String>,
    /// Everything that was found, by the names of the procedure.
    pub findings: Vec<String>,
    /// Questions whose answer could still change the outcome.
    pub still_open: Vec<String>,
    /// What the person who answered wants to add.
    pub remarks: String,
    /// Who answered.
    pub assessor: Option<Ref<Person>>,
    /// Who approved.
    pub approved_by: Option<Ref<Person>>,
    /// When the questions were answered.
    pub performed_on: Option<Date>,
    /// When to look at it again.
    pub next_due: Option<Date>,
}

impl RecordKind for Classification {
    kind! { Classification, "classification", "CLS", "a classification", ASSESSMENT, [
        "law", "law_version", "on", "answers", "outcome", "performed_on",
    ] }

    fn title(&self) -> &str {
        if self.outcome.is_empty() { "not settled yet" } else { &self.outcome }
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.assessor
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_due", self.next_due)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(self.ai_system.is_some(), "ai_system", "name the AI system");
        in_order(problems, ("performed_on", self.performed_on), ("next_due", self.next_due));
    }
}
