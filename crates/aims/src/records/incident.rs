//! AI incidents and the reporting clocks that they start (ISO/IEC 42001 A.8.4; EU AI Act Art. 55, 73; GDPR Art. 33, 34; NIS2; DORA).

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Criticality, Person, given, require};
use crate::{Book, Lifecycle, Problems, Record, RecordId, RecordKind, Ref, Transition, of};

choice! {
    /// What is known about a question.
    IncidentAnswer { Yes, No, Unknown }
}

/// Something that happened: awareness, a finding, a report that was sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IncidentEvent {
    /// Which event, by the vocabulary of the clocks, or `submitted.CLOCK` for a report that was sent.
    pub event: String,
    /// When it happened.
    pub at: Option<Timestamp>,
    /// Who became aware or acted.
    pub by: String,
    /// Where that is known from.
    pub source: String,
}

/// A decision that a clock need not run on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StoppedClock {
    /// The clock, by its id.
    pub clock: String,
    /// Since when it no longer runs.
    pub at: Option<Timestamp>,
    /// Why, by the vocabulary of the clocks.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// What else there is to say.
    pub note: String,
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
    /// What happened when; some of it starts clocks.
    pub events: Vec<IncidentEvent>,
    /// Answers to the questions that trigger clocks, by question.
    pub answers: BTreeMap<String, IncidentAnswer>,
    /// Time zone of the organisation (IANA), for whatever is not due in a Member State.
    pub timezone: String,
    /// Member States where it occurred (ISO 3166-1 alpha-2).
    pub occurred_in: Vec<String>,
    /// The Member State where the organisation is established.
    pub established_in: Option<String>,
    /// Regions whose holidays count as well (ISO 3166-2).
    pub regions: Vec<String>,
    /// Further public holidays.
    pub holidays: Vec<Date>,
    /// Roles of the organisation under the law; empty: not settled yet.
    pub roles: Vec<String>,
    /// Clocks that need not run on.
    pub stops: Vec<StoppedClock>,
    /// People affected.
    pub affected_people: String,
    /// What caused it, as far as it is known.
    pub cause: String,
    /// What is learned from it.
    pub lesson: String,
    /// What reports ask for besides, by the field of the report: `dpo`, `breach.records`, `measures`.
    pub particulars: BTreeMap<String, String>,
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
        let timed = self.events.iter().all(|event| event.at.is_some());
        problems.unless(timed, "events", "say when each event happened");
        let explained = self.stops.iter().all(|stop| stop.at.is_some() && !stop.reason.is_empty());
        problems.unless(explained, "stops", "say when and why each clock was stopped");
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
