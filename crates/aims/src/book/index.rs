//! The indexes of a Book: what records contribute to look-ups. Derived from the records alone.
//!
//! A record contributes its links (references, requirements, origins), its dates while it is live, and what it covers
//! while it is accepted evidence. Each is kept up to date as events are folded in, or built whole from many records.

use std::{ops::Bound, sync::Arc};

use imbl::{OrdMap, OrdSet};
use jiff::civil::Date;

use super::day;
use crate::{
    ExternalId, Kind, Record, RecordId, of,
    records::{EvidenceItem, EvidenceKind},
    walk::Leaf,
};

/// What derivations look up.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Indexes {
    /// (target, source): who refers to whom.
    pub(super) referrers: OrdSet<(RecordId, RecordId)>,
    /// Requirement to the records that name it.
    pub(super) requirements: OrdMap<Arc<str>, OrdSet<RecordId>>,
    /// Requirement to (AI system number, 0 for the whole organisation; evidence number) to what that evidence covers.
    pub(super) coverage: OrdMap<Arc<str>, OrdMap<(u32, u32), Span>>,
    /// Dates by which somebody must act on a live record.
    pub(super) due: OrdSet<(Date, RecordId, &'static str)>,
    /// Where records were imported from. After redactions several may have the same origin.
    pub(super) external: OrdSet<(ExternalId, RecordId)>,
}

/// The days that one piece of accepted evidence speaks for, as day numbers (days since 1970-01-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: i32,
    /// Last day of the period, inclusive.
    pub to: i32,
    /// Last day on which it still counts; `i32::MAX` if it does not expire.
    pub until: i32,
    /// False for policies and templates, which say what should be done and not that it is done.
    pub operating: bool,
}

impl Span {
    /// What an item of evidence speaks for; `None` if it says no day at all.
    fn of(evidence: &EvidenceItem) -> Option<Span> {
        let from = evidence.period_from.or(evidence.period_to).or(evidence.collected_on)?;
        let to = evidence.period_to.or(evidence.collected_on).unwrap_or(from).max(from);
        Some(Span {
            from: day(from),
            to: day(to),
            until: evidence.fresh_until.map_or(i32::MAX, day),
            operating: !matches!(
                evidence.kind,
                Some(EvidenceKind::Policy | EvidenceKind::Template)
            ),
        })
    }
}

/// The part of a record's state that decides what it contributes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    live: bool,
    accepted: bool,
}

impl Standing {
    pub(super) fn of(record: &Record) -> Standing {
        Standing { live: record.is_live(), accepted: is_accepted_evidence(record) }
    }
}

pub(super) fn is_accepted_evidence(record: &Record) -> bool {
    record.id.kind == Kind::EvidenceItem && record.state == "accepted"
}

/// Whether a contribution comes or goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Add,
    Remove,
}

impl Change {
    fn to(holds: bool) -> Change {
        if holds { Change::Add } else { Change::Remove }
    }
}

impl Indexes {
    /// Adds what `record` contributes.
    pub(super) fn add(&mut self, record: &Record) {
        self.change(record, Change::Add);
    }

    /// Takes away what `record` contributes.
    pub(super) fn remove(&mut self, record: &Record) {
        self.change(record, Change::Remove);
    }

    /// The same record after a step that left its text alone.
    pub(super) fn step(&mut self, before: Standing, record: &Record) {
        let after = Standing::of(record);
        if before.live != after.live {
            self.change_dates(record, Change::to(after.live));
        }
        if before.accepted != after.accepted {
            self.change_coverage(record, Change::to(after.accepted));
        }
    }

    fn change(&mut self, record: &Record, change: Change) {
        self.change_links(record, change);
        if record.is_live() {
            self.change_dates(record, change);
        }
        if is_accepted_evidence(record) {
            self.change_coverage(record, change);
        }
    }

    /// What the current version refers to, and the version in force while another is prepared.
    pub(super) fn change_links(&mut self, record: &Record, change: Change) {
        let id = record.id;
        links(record, &mut |link| match (link, change) {
            (Link::Record(target), Change::Add) => {
                self.referrers.insert((target, id));
            }
            (Link::Record(target), Change::Remove) => {
                self.referrers.remove(&(target, id));
            }
            (Link::Requirement(text), change) => self.change_requirement(text, id, change),
        });
        for external in &record.external {
            let entry = (external.clone(), id);
            match change {
                Change::Add => self.external.insert(entry),
                Change::Remove => self.external.remove(&entry),
            };
        }
    }

    fn change_requirement(&mut self, requirement: &str, id: RecordId, change: Change) {
        match (self.requirements.get_mut(requirement), change) {
            (Some(ids), Change::Add) => {
                ids.insert(id);
            }
            (None, Change::Add) => {
                self.requirements.insert(requirement.into(), OrdSet::unit(id));
            }
            (Some(ids), Change::Remove) => {
                ids.remove(&id);
                if ids.is_empty() {
                    self.requirements.remove(requirement);
                }
            }
            (None, Change::Remove) => {}
        }
    }

    fn change_dates(&mut self, record: &Record, change: Change) {
        for (field, date) in record.body.dates() {
            let entry = (date, record.id, field);
            match change {
                Change::Add => self.due.insert(entry),
                Change::Remove => self.due.remove(&entry),
            };
        }
    }

    fn change_coverage(&mut self, record: &Record, change: Change) {
        covers(record, &mut |requirement, key, span| match (
            self.coverage.get_mut(requirement),
            change,
        ) {
            (Some(spans), Change::Add) => {
                spans.insert(key, span);
            }
            (None, Change::Add) => {
                self.coverage.insert(requirement.into(), OrdMap::unit(key, span));
            }
            (Some(spans), Change::Remove) => {
                spans.remove(&key);
                if spans.is_empty() {
                    self.coverage.remove(requirement);
                }
            }
            (None, Change::Remove) => {}
        });
    }

    /// The records that refer to `target`.
    pub(super) fn referrers(&self, target: RecordId) -> impl Iterator<Item = RecordId> {
        let (first, last) = ends(None);
        self.referrers.range((target, first)..=(target, last)).map(|(_, source)| *source)
    }

    pub(super) fn refers(&self, source: RecordId, target: RecordId) -> bool {
        self.referrers.contains(&(target, source))
    }

    /// The records that name a requirement: those of `kind`, or all.
    pub(super) fn naming(
        &self,
        requirement: &str,
        kind: Option<Kind>,
    ) -> impl Iterator<Item = RecordId> {
        let (first, last) = ends(kind);
        let ids = self.requirements.get(requirement);
        ids.into_iter().flat_map(move |ids| ids.range(first..=last)).copied()
    }

    /// What evidence covers of a requirement, by AI system (0: the whole organisation) and number.
    pub(super) fn coverage(&self, requirement: &str) -> Option<&OrdMap<(u32, u32), Span>> {
        self.coverage.get(requirement)
    }

    pub(super) fn due(&self) -> &OrdSet<(Date, RecordId, &'static str)> {
        &self.due
    }

    /// The first record of that origin.
    pub(super) fn imported(&self, external: &ExternalId) -> Option<RecordId> {
        let from = Bound::Included((external.clone(), ends(None).0));
        let (found, id) = self.external.range((from, Bound::Unbounded)).next()?;
        (found == external).then_some(*id)
    }
}

/// The least and greatest ids of a kind, or of all kinds.
fn ends(kind: Option<Kind>) -> (RecordId, RecordId) {
    let first = kind.or(Kind::ALL.first().copied()).unwrap_or(Kind::Organisation);
    let last = kind.or(Kind::ALL.last().copied()).unwrap_or(Kind::Organisation);
    (RecordId::new(first, 0), RecordId::new(last, u32::MAX))
}

/// One thing that a record refers to.
pub(super) enum Link<'a> {
    Record(RecordId),
    Requirement(&'a str),
}

pub(super) fn links(record: &Record, visit: &mut dyn FnMut(Link<'_>)) {
    let mut show = |leaf: Leaf<'_>| match leaf {
        Leaf::Reference(target) => visit(Link::Record(target)),
        Leaf::Requirement(text) => visit(Link::Requirement(text)),
        Leaf::Empty | Leaf::Bool(_) | Leaf::Number(_) | Leaf::Text(_) => {}
    };
    record.body.walk_links(&mut show);
    if let Some(in_force) = &record.in_force {
        in_force.body.walk_links(&mut show);
    }
}

/// Takes a requirement, the key (AI system, evidence) and the span of one piece of evidence.
type Visit<'v> = &'v mut dyn FnMut(&str, (u32, u32), Span);

/// Each requirement and place that accepted evidence speaks for.
pub(super) fn covers(record: &Record, visit: Visit<'_>) {
    let Some(evidence) = of::<EvidenceItem>(record) else { return };
    let Some(span) = Span::of(evidence) else { return };
    let whole = evidence.ai_systems.is_empty().then_some(0);
    for system in evidence.ai_systems.iter().map(|system| system.number).chain(whole) {
        for requirement in &evidence.supports {
            visit(requirement.0.as_str(), (system, record.id.number), span);
        }
    }
}
