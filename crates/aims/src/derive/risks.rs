//! The register of risks: every risk with how bad it is today, the worst first.

use jiff::civil::Date;
use serde::Serialize;

use super::due::is_settled;
use crate::{
    Book, Record, RecordId, Ref,
    records::{AiSystem, Person, Requirement, Risk, RiskKind, Treatment},
};

/// Every risk and opportunity on record on a day.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Register<'b> {
    pub on: Date,
    /// What still has to be dealt with first, the highest level first; what is over last.
    pub risks: Vec<RegisteredRisk<'b>>,
}

/// One risk.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RegisteredRisk<'b> {
    pub record: RecordId,
    pub title: &'b str,
    pub kind: Option<RiskKind>,
    pub ai_system: Option<Ref<AiSystem>>,
    pub owner: Option<Ref<Person>>,
    pub state: &'static str,
    /// Not closed.
    pub open: bool,
    /// Worst consequence times likelihood, from 1 to 25, without any treatment.
    pub inherent: Option<u8>,
    /// The same with what is in place.
    pub current: Option<u8>,
    /// The same once what is planned is in place.
    pub residual: Option<u8>,
    /// What counts today: the current level, and where nobody rated it, the inherent one.
    pub level: Option<u8>,
    /// Likelihood and worst consequence of that level, each from 1 to 5.
    pub place: Option<(u8, u8)>,
    pub treatment: Option<Treatment>,
    pub controls: &'b [Requirement],
    pub due: Option<Date>,
    pub next_review: Option<Date>,
    pub accepted_until: Option<Date>,
    /// Fields of an open risk whose date has passed, unless what was to be done by then is done.
    pub overdue: Vec<&'static str>,
}

/// How bad a level is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    Low,
    Medium,
    High,
}

impl Band {
    /// The band of a level from 1 to 25: from 15 high, from 6 medium.
    pub fn of(level: u8) -> Band {
        match level {
            15.. => Band::High,
            6..15 => Band::Medium,
            0..6 => Band::Low,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Band::Low => "low",
            Band::Medium => "medium",
            Band::High => "high",
        }
    }
}

/// The register on a day.
pub fn register(book: &Book, on: Date) -> Register<'_> {
    let mut risks: Vec<_> =
        book.all::<Risk>().map(|(record, risk)| registered(record, risk, on)).collect();
    risks.sort_by_key(|risk| (!risk.open, std::cmp::Reverse(risk.level), risk.record));
    Register { on, risks }
}

fn registered<'b>(record: &'b Record, risk: &'b Risk, on: Date) -> RegisteredRisk<'b> {
    let open = record.is_live();
    let dates = record.body.dates().into_iter();
    let missed = |field: &str, date: Date| open && date < on && !is_settled(record, field);
    let passed = dates.filter(|(field, date)| missed(field, *date)).map(|(field, _)| field);
    RegisteredRisk {
        record: record.id,
        title: &risk.title,
        kind: risk.kind,
        ai_system: risk.ai_system,
        owner: risk.owner,
        state: record.state,
        open,
        inherent: risk.inherent.level(),
        current: risk.current.level(),
        residual: risk.residual.level(),
        level: risk.current.level().or(risk.inherent.level()),
        place: risk.current.place().or(risk.inherent.place()),
        treatment: risk.treatment,
        controls: &risk.controls,
        due: risk.due,
        next_review: risk.next_review,
        accepted_until: risk.accepted_until,
        overdue: passed.collect(),
    }
}
