//! How a control is decided, done and tested (ISO/IEC 42001 6.1.3, 8.1; rows and cells of the statement of applicability).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Cadence, Person, Requirement, Risk, SystemGroup, given, require};
use crate::{Book, Kind, Lifecycle, Problems, Record, RecordId, RecordKind, Ref, Transition, of};

choice! {
    /// Why a control is applied.
    Basis { Risk, Law, Contract, GoodPractice, Objective }
}

choice! {
    /// What the last test found.
    TestResult { Effective, Ineffective, NotTested }
}

/// The decision on one control and how it is done: for the organisation, a group of AI systems or one AI system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ControlImplementation {
    /// The control, such as iso42001:A.6.2.4.
    pub control: Option<Requirement>,
    /// The group it is for; with neither group nor AI system it is for the organisation.
    pub group: Option<Ref<SystemGroup>>,
    /// The AI system it is for.
    pub ai_system: Option<Ref<AiSystem>>,
    /// Whether the control applies; empty takes over what the group or the organisation decided.
    pub applicable: Option<bool>,
    /// Why it applies, or why not (6.1.3 f).
    pub justification: String,
    /// Where the need comes from.
    pub basis: Vec<Basis>,
    /// How it is done here.
    pub description: String,
    /// Points of the guidance in Annex B that were weighed, and where you do otherwise.
    pub guidance_considered: String,
    /// Who answers for it.
    pub owner: Option<Ref<Person>>,
    /// What it leaves behind that can be shown: a document, log, setting.
    pub artefact: String,
    /// How often it runs.
    pub cadence: Option<Cadence>,
    /// Policies and documents that describe it.
    pub documents: Vec<RecordId>,
    /// By when it is to be in place.
    pub due: Option<Date>,
    /// How it is tested whether it works.
    pub test_method: String,
    /// When it was last tested.
    pub last_tested: Option<Date>,
    /// What that test found.
    pub test_result: Option<TestResult>,
    /// Risks that it treats.
    pub linked_risks: Vec<Ref<Risk>>,
    /// When it is looked at next.
    pub next_review: Option<Date>,
}

impl RecordKind for ControlImplementation {
    kind! { ControlImplementation, "control_implementation", "CTL", "a control implementation", LIFE, [
        "justification", "description", "owner",
    ] }

    fn title(&self) -> &str {
        self.control.as_ref().map_or("", |control| control.0.as_str())
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.owner
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("due", self.due), ("next_review", self.next_review)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(
            self.control.is_some(),
            "control",
            "name the control, such as iso42001:A.6.2.4",
        );
        problems.unless(
            self.group.is_none() || self.ai_system.is_none(),
            "group",
            "names a group beside an AI system; keep one, or none for the whole organisation",
        );
        for other in &self.documents {
            if !matches!(other.kind, Kind::Policy | Kind::ControlledDocument) {
                problems.add(
                    "documents",
                    format!("{other} is neither a policy nor a controlled document"),
                );
            }
        }
    }
}

impl ControlImplementation {
    /// Whether evidence about that AI system (number; 0 for the whole organisation) shows this implementation at work.
    fn is_shown_by(&self, system: u32, book: &Book) -> bool {
        let in_group = |group| {
            let found = book.find(Ref::<AiSystem>::new(system));
            found.is_some_and(|(_, system)| system.group == Some(group))
        };
        match (self.ai_system, self.group) {
            (Some(own), _) => system == 0 || system == own.number,
            (None, Some(group)) => system == 0 || in_group(group),
            (None, None) => true,
        }
    }
}

/// The life of a control in one place.
static LIFE: Lifecycle = Lifecycle {
    name: "control",
    purpose: "The implementation of one control: planned, put in place, tested, reworked, retired.",
    states: &[
        "not_started",
        "planned",
        "in_progress",
        "implemented",
        "effective",
        "ineffective",
        "retired",
    ],
    finals: &["retired"],
    in_force: &["implemented", "effective"],
    reopens_to: None,
    transitions: &[
        Transition::step("not_started", "plan", "planned").complete().guarded(is_planned),
        Transition::step("planned", "start", "in_progress"),
        Transition::step("in_progress", "report_implemented", "implemented")
            .complete()
            .guarded(has_evidence),
        Transition::step("implemented", "test_pass", "effective").second_person(),
        Transition::step("implemented", "test_fail", "ineffective").noted().second_person(),
        Transition::step("effective", "test_fail", "ineffective").noted().second_person(),
        Transition::step("ineffective", "rework", "in_progress"),
        // The control no longer applies: its row in the statement of applicability changed.
        Transition::step("implemented", "retire", "retired").noted().approver(),
        Transition::step("effective", "retire", "retired").noted().approver(),
        Transition::step("ineffective", "retire", "retired").noted().approver(),
    ],
};

/// A plan says by when, what will show it, and how often it runs.
fn is_planned(record: &Record, _: &Book) -> Result<(), String> {
    let Some(control) = of::<ControlImplementation>(record) else { return Ok(()) };
    require(
        control.applicable != Some(false),
        "`applicable` says no, so there is nothing to plan",
    )?;
    let planned =
        control.due.is_some() && !control.artefact.trim().is_empty() && control.cadence.is_some();
    require(planned, "give `due`, `artefact` and `cadence` first")
}

/// At least one item of accepted evidence speaks for the control where it is implemented.
fn has_evidence(record: &Record, book: &Book) -> Result<(), String> {
    let Some(control) = of::<ControlImplementation>(record) else { return Ok(()) };
    let requirement = control.title();
    let shown =
        book.coverage(requirement).any(|((system, _), _)| control.is_shown_by(system, book));
    require(shown, &format!("accept at least one item of evidence for {requirement} first"))
}
