//! AI incidents and the reporting clocks that they start (ISO/IEC 42001 A.8.4; EU AI Act Art. 55, 73; GDPR Art. 33, 34; NIS2; DORA).

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Criticality, FileRef, Person, given, require};
use crate::{Book, Lifecycle, Problems, Record, RecordId, RecordKind, Ref, Transition, of};

/// A report that was sent to an authority or a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IncidentReport {
    /// The clock that it answers, by its id.
    pub clock: String,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// To whom.
    pub recipient: String,
    /// Whether a completing report is to follow.
    pub incomplete: bool,
    /// The report as it was sent.
    pub file: Option<FileRef>,
}

/// A clock that was stopped because the duty does not apply after all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StoppedClock {
    /// The clock, by its id.
    pub clock: String,
    /// Since when it no longer runs.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: String,
}

/// Something that went wrong with an AI system, and who has to be told by when.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Incident {
    /// What happened, in a few words.
    pub title: String,
    /// What happened, to whom, and what was done.
    pub description: String,
    /// The AI systems concerned.
    pub ai_systems: Vec<Ref<AiSystem>>,
    /// How bad it is.
    pub severity: Option<Criticality>,
    /// Instants that start clocks, by the name of the event: awareness, a causal link, a classification.
    pub events: BTreeMap<String, Timestamp>,
    /// Answers to the questions that trigger clocks, by question.
    pub answers: BTreeMap<String, Vec<String>>,
    /// Where the deadlines are counted (IANA time zone).
    pub timezone: String,
    /// Member states concerned (ISO 3166-1 alpha-2); their public holidays count.
    pub member_states: Vec<String>,
    /// People affected.
    pub affected_people: String,
    /// What caused it, as far as it is known.
    pub cause: String,
    /// What is learned from it.
    pub lesson: String,
    /// Reports that were sent.
    pub reports: Vec<IncidentReport>,
    /// Clocks that were stopped.
    pub stopped: Vec<StoppedClock>,
    /// An exercise; nobody is told.
    pub drill: bool,
    /// Who handles it.
    pub manager: Option<Ref<Person>>,
}

impl RecordKind for Incident {
    kind! { Incident, "incident", "INC", "an incident", LIFE, [
        "description", "severity", "events", "timezone", "manager",
    ] }

    fn title(&self) -> &str {
        &self.title
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.manager
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        // Deadlines follow from the clocks, which are derived.
        given([])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.title.trim().is_empty(), "title", "say in a few words what happened");
        for stopped in &self.stopped {
            problems.unless(!stopped.reason.trim().is_empty(), "stopped", "say why each clock was stopped");
        }
    }
}

/// From the report of an incident to its lesson.
static LIFE: Lifecycle = Lifecycle {
    name: "incident",
    purpose: "From the first report of an incident to its lesson.",
    states: &["reported", "triaged", "contained", "investigating", "resolved", "reviewed", "closed", "rejected"],
    finals: &["closed", "rejected"],
    in_force: &["triaged", "contained", "investigating", "resolved", "reviewed", "closed"],
    reopens_to: None,
    transitions: &[
        Transition::step("reported", "triage", "triaged").complete(),
        Transition::step("reported", "reject", "rejected").noted(),
        Transition::step("triaged", "contain", "contained"),
        Transition::step("triaged", "investigate", "investigating"),
        Transition::step("contained", "investigate", "investigating"),
        Transition::step("investigating", "resolve", "resolved").guarded(has_cause),
        Transition::step("resolved", "review", "reviewed").guarded(has_lesson),
        Transition::step("reviewed", "close", "closed").noted().approver(),
    ],
};

fn has_cause(record: &Record, _: &Book) -> Result<(), String> {
    let cause = of::<Incident>(record).is_none_or(|incident| !incident.cause.is_empty());
    require(cause, "say what caused it first")
}

fn has_lesson(record: &Record, _: &Book) -> Result<(), String> {
    let lesson = of::<Incident>(record).is_none_or(|incident| !incident.lesson.is_empty());
    require(lesson, "say what is learned from it first")
}
