//! What is due: every date by which somebody has to act, overdue first.

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    Book, Kind, Record, RecordId, Ref,
    book::day,
    of,
    records::{AiSystem, Classification, EvidenceItem, ImpactAssessment, Person, RiskAssessment},
};

/// Everything with a date up to a horizon, earliest first.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Due<'b> {
    pub on: Date,
    pub items: Vec<DueItem<'b>>,
}

/// One date of one record.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct DueItem<'b> {
    pub date: Date,
    /// Days from the day asked about; negative: overdue.
    pub days: i32,
    pub record: RecordId,
    pub title: &'b str,
    pub state: &'static str,
    /// The field that holds the date.
    pub field: &'static str,
    /// What has to happen by then.
    pub what: &'static str,
    pub owner: Option<Ref<Person>>,
}

/// All dates of live records up to `horizon` days after `on`, overdue first. What a newer record has taken over is left out,
/// and what would be done again for AI systems that have been retired.
pub fn due(book: &Book, on: Date, horizon: Option<i32>) -> Due<'_> {
    let today = day(on);
    let items = book
        .due()
        .map(|(date, record, field)| (date, day(date).saturating_sub(today), record, field))
        .take_while(|(_, days, _, _)| horizon.is_none_or(|horizon| *days <= horizon))
        .filter(|(_, _, record, field)| {
            !is_settled(record, field)
                && !is_superseded(book, record)
                && !is_of_the_past(book, record)
        })
        .map(|(date, days, record, field)| DueItem {
            date,
            days,
            record: record.id,
            title: record.title(),
            state: record.state,
            field,
            what: what(record.kind(), field),
            owner: record.body.owner(),
        })
        .collect();
    Due { on, items }
}

fn what(kind: Kind, field: &str) -> &'static str {
    match (kind, field) {
        (Kind::EvidenceItem, _) => "collect newer evidence",
        (Kind::RiskAssessment | Kind::ImpactAssessment, _) => "assess again",
        (Kind::Classification, _) => "classify again",
        (Kind::ImprovementAction, _) => "finish the action",
        (Kind::AuditFinding, _) => "close the finding",
        (Kind::ControlImplementation, "due") => "have the control in place",
        (Kind::Risk, "due") => "finish the treatment",
        (Kind::Risk, "accepted_until") => "decide on the acceptance again",
        (Kind::Supplier, "assurance_until") => "ask for newer assurance",
        (Kind::AiSystem, "retire_by") => "retire the AI system",
        (Kind::RoleAssignment, "to") => "assign the role again",
        (Kind::RequirementAssessment, "valid_until") => "judge the requirement again",
        _ => "review",
    }
}

/// Whether what was to be done by the date is done: a control in place waits for its review only, a verified action for
/// nothing more than being closed.
pub(super) fn is_settled(record: &Record, field: &str) -> bool {
    match (record.kind(), field) {
        (Kind::ControlImplementation, "due") => record.lifecycle().is_in_force(record.state),
        (Kind::Risk, "due") => record.state == "accepted",
        (Kind::ImprovementAction | Kind::AuditFinding, _) => record.state == "verified",
        (Kind::EvidenceItem, _) => record.state == "rejected",
        _ => false,
    }
}

/// An assessment that is done again and again: what it is about, and when it was done.
struct Assessed {
    /// `None`: the organisation as a whole.
    system: Option<Ref<AiSystem>>,
    /// `None`: it is only planned.
    performed_on: Option<Date>,
}

fn assessed(record: &Record) -> Option<Assessed> {
    let risk = of::<RiskAssessment>(record).map(|it| (it.ai_system, it.performed_on));
    let impact = || of::<ImpactAssessment>(record).map(|it| (it.ai_system, it.performed_on));
    let class = || of::<Classification>(record).map(|it| (it.ai_system, it.performed_on));
    let (system, performed_on) = risk.or_else(impact).or_else(class)?;
    Some(Assessed { system, performed_on })
}

/// Whether a newer record of the same kind says the same for longer.
fn is_superseded(book: &Book, record: &Record) -> bool {
    if let Some(evidence) = of::<EvidenceItem>(record) {
        return evidence_is_superseded(book, record.id, evidence);
    }
    let Some(mine) = assessed(record) else { return false };
    let is_newer = |other: &Record| {
        let Some(theirs) = assessed(other).filter(|theirs| theirs.system == mine.system) else {
            return false;
        };
        match (theirs.performed_on, mine.performed_on) {
            (Some(theirs), Some(mine)) => (theirs, other.id) > (mine, record.id),
            // What is planned is done by what was begun after it.
            (Some(_), None) => other.id > record.id,
            (None, _) => false,
        }
    };
    let mut others: Box<dyn Iterator<Item = &Record>> = match mine.system {
        Some(system) => Box::new(book.referrers(system.id())),
        None => Box::new(book.of_kind(record.kind())),
    };
    others.any(|other| {
        other.kind() == record.kind() && other.effective().is_some() && is_newer(other)
    })
}

/// Whether all that it is about are AI systems that have been retired or rejected: nobody assesses those again, or collects
/// evidence about them.
fn is_of_the_past(book: &Book, record: &Record) -> bool {
    let is_over =
        |system: &Ref<AiSystem>| book.find(*system).is_some_and(|(system, _)| !system.is_live());
    if let Some(evidence) = of::<EvidenceItem>(record) {
        return !evidence.ai_systems.is_empty() && evidence.ai_systems.iter().all(is_over);
    }
    assessed(record).and_then(|it| it.system).is_some_and(|system| is_over(&system))
}

/// Whether for everything that the item supports, accepted evidence holds longer.
pub(super) fn evidence_is_superseded(book: &Book, id: RecordId, evidence: &EvidenceItem) -> bool {
    let until = evidence.fresh_until.map_or(i32::MAX, day);
    let systems: Vec<u32> = if evidence.ai_systems.is_empty() {
        vec![0]
    } else {
        evidence.ai_systems.iter().map(|system| system.number).collect()
    };
    !evidence.supports.is_empty()
        && evidence.supports.iter().all(|requirement| {
            systems.iter().all(|system| {
                book.coverage_of(requirement.0.as_str(), *system)
                    .any(|(item, span)| item != id.number && span.until > until)
            })
        })
}
