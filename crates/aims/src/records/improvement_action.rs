//! Actions of any origin, the adopted steps of the action plan among them (ISO/IEC 42001 6.2, 10.1, 10.2).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, EvidenceItem, Person, Requirement, given};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::ACTION};

choice! {
    /// Where an action comes from.
    ActionSource { Gap, Review, Audit, Feedback, Incident, Risk, Idea }
}

/// Something that somebody undertakes to do by a date.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImprovementAction {
    /// What is to be done, in one line.
    pub title: String,
    /// Where it comes from.
    pub source: Option<ActionSource>,
    /// The requirement that it serves.
    pub requirement: Option<Requirement>,
    /// The catalog condition that it was adopted from, by id.
    pub condition: String,
    /// The AI system that it is about; empty for the whole organisation.
    pub ai_system: Option<Ref<AiSystem>>,
    /// What will be better for it.
    pub benefit: String,
    /// Who does it or has it done.
    pub owner: Option<Ref<Person>>,
    /// By when.
    pub due: Option<Date>,
    /// What came of it.
    pub result: String,
    /// Proof that it was done.
    pub evidence: Vec<Ref<EvidenceItem>>,
}

impl RecordKind for ImprovementAction {
    kind! { ImprovementAction, "improvement_action", "ACT", "an action", ACTION, [
        "source", "owner", "due",
    ] }

    fn title(&self) -> &str {
        &self.title
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.owner
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("due", self.due)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(
            !self.title.trim().is_empty(),
            "title",
            "say in one line what is to be done",
        );
    }
}
