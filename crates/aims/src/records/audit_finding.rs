//! Findings of internal and external audits (ISO/IEC 42001 9.2, 10.2).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, ImprovementAction, Person, Requirement, given, in_order, require};
use crate::{Book, Lifecycle, Problems, Record, RecordId, RecordKind, Ref, Transition, of};

choice! {
    /// How grave a finding is: major or minor nonconformity, observation, opportunity for improvement (ofi), positive.
    Grade { Major, Minor, Observation, Ofi, Positive }
}

/// One finding of one audit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuditFinding {
    /// The audit: its number, date and auditing body.
    pub audit: String,
    /// How grave it is.
    pub grade: Option<Grade>,
    /// The requirement or control that it is about.
    pub requirement: Option<Requirement>,
    /// The AI system that it is about; empty for the whole organisation.
    pub ai_system: Option<Ref<AiSystem>>,
    /// What was found, against what should be.
    pub statement: String,
    /// What the auditor saw.
    pub evidence: String,
    /// Who answers for what was audited.
    pub auditee: Option<Ref<Person>>,
    /// Who found it.
    pub auditor: Option<Ref<Person>>,
    /// Why it came about (10.2 b).
    pub cause: String,
    /// What was done at once (10.2 a).
    pub correction: String,
    /// The action that removes the cause.
    pub action: Option<Ref<ImprovementAction>>,
    /// When it was raised.
    pub raised_on: Option<Date>,
    /// By when it is to be dealt with.
    pub due: Option<Date>,
    /// Who verified that it was.
    pub verified_by: Option<Ref<Person>>,
}

impl AuditFinding {
    /// Whether it is a nonconformity, which needs an action.
    pub fn is_nonconformity(&self) -> bool {
        matches!(self.grade, Some(Grade::Major | Grade::Minor))
    }
}

impl RecordKind for AuditFinding {
    kind! { AuditFinding, "audit_finding", "FND", "an audit finding", LIFE, [
        "audit", "grade", "requirement", "evidence",
    ] }

    fn title(&self) -> &str {
        &self.statement
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.auditee
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("due", self.due)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.statement.trim().is_empty(), "statement", "state what was found");
        in_order(problems, ("raised_on", self.raised_on), ("due", self.due));
    }
}

/// The life of a finding.
static LIFE: Lifecycle = Lifecycle {
    name: "finding",
    purpose: "A finding of an audit: accepted or disputed, dealt with by an action, verified, closed.",
    states: &[
        "raised",
        "accepted",
        "disputed",
        "action_planned",
        "action_done",
        "verified",
        "closed",
    ],
    finals: &["closed"],
    in_force: &["verified", "closed"],
    reopens_to: None,
    transitions: &[
        Transition::step("raised", "accept", "accepted").complete(),
        Transition::step("raised", "dispute", "disputed").complete().noted(),
        Transition::step("disputed", "uphold", "accepted").noted().approver(),
        Transition::step("disputed", "withdraw", "closed").noted().approver(),
        Transition::step("accepted", "plan", "action_planned").guarded(has_action),
        Transition::step("action_planned", "report_done", "action_done").guarded(is_action_done),
        Transition::step("action_done", "verify", "verified").second_person(),
        Transition::step("action_done", "reject", "action_planned").noted().approver(),
        Transition::step("accepted", "close_ofi", "closed").noted().guarded(needs_no_action),
        Transition::step("verified", "close", "closed").approver(),
    ],
};

fn has_action(record: &Record, _: &Book) -> Result<(), String> {
    let holds = of::<AuditFinding>(record)
        .is_some_and(|finding| finding.action.is_some() || !finding.is_nonconformity());
    require(holds, "a nonconformity needs an action: link it in `action` first")
}

/// The linked action, if there is one, is at least implemented.
fn is_action_done(record: &Record, book: &Book) -> Result<(), String> {
    let action = of::<AuditFinding>(record).and_then(|finding| finding.action);
    match action.and_then(|action| book.get(action.id())) {
        Some(open) if !matches!(open.state, "implemented" | "verified" | "closed") => {
            Err(format!("action {} is {}: finish it first", open.id, open.state))
        }
        Some(_) | None => Ok(()),
    }
}

fn needs_no_action(record: &Record, _: &Book) -> Result<(), String> {
    let holds = of::<AuditFinding>(record).is_some_and(|finding| !finding.is_nonconformity());
    require(holds, "a nonconformity can't be closed without an action: plan one")
}
