//! The Book: all records of one organisation at one moment, folded from its events.
//!
//! Maps are persistent, so a copy costs nothing and as-of views share what did not change. The indexes are caches,
//! kept up to date as events are folded in; a test rebuilds and compares them.

use std::{ops::Bound, sync::Arc};

use imbl::{OrdMap, OrdSet};
use jiff::{Timestamp, civil::Date};

use crate::{
    Body, Event, ExternalId, InForce, Kind, Mark, Record, RecordId, RecordKind, Ref, Stated,
    event::Happened,
    of,
    records::{EvidenceItem, EvidenceKind, Typed},
    walk::Leaf,
};

/// All records of one organisation at one moment.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// How many ledger entries it has seen.
    size: u64,
    /// The instant of the last of them.
    at: Option<Timestamp>,
    /// By position of the kind, then number.
    tables: OrdMap<(Kind, u32), Arc<Record>>,
    /// The highest number ever given out, by kind.
    last: OrdMap<Kind, u32>,
    pub(crate) indexes: Indexes,
}

/// What derivations look up. Derived from the records alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Indexes {
    /// (target, source): who refers to whom.
    referrers: OrdSet<(RecordId, RecordId)>,
    /// Requirement to the records that name it.
    requirements: OrdMap<Arc<str>, OrdSet<RecordId>>,
    /// Requirement to (AI system number, 0 for the whole organisation; evidence number) to what that evidence covers.
    coverage: OrdMap<Arc<str>, OrdMap<(u32, u32), Span>>,
    /// Dates by which somebody must act on a live record.
    due: OrdSet<(Date, RecordId, &'static str)>,
    external: OrdMap<ExternalId, RecordId>,
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

/// Days since 1970-01-01.
pub fn day(date: Date) -> i32 {
    let hours = date.duration_since(jiff::civil::date(1970, 1, 1)).as_hours();
    i32::try_from(hours / 24).unwrap_or(i32::MAX)
}

/// The date of a day number.
pub fn date(day: i32) -> Date {
    jiff::civil::date(1970, 1, 1)
        .checked_add(jiff::Span::new().try_days(day).unwrap_or_default())
        .unwrap_or(Date::MAX)
}

impl Book {
    /// How many ledger entries it has seen: the sequence number of the next.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The instant of the last entry.
    pub fn at(&self) -> Option<Timestamp> {
        self.at
    }

    pub fn get(&self, id: RecordId) -> Option<&Record> {
        self.tables.get(&(id.kind, id.number)).map(Arc::as_ref)
    }

    /// The record that `reference` names, with its body.
    pub fn find<T: RecordKind + Typed>(&self, reference: Ref<T>) -> Option<(&Record, &T)> {
        let record = self.get(reference.id())?;
        Some((record, of(record)?))
    }

    /// All records of a kind, by number.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        self.tables.range((kind, 0)..=(kind, u32::MAX)).map(|(_, record)| record.as_ref())
    }

    /// All records of a kind with their bodies, by number.
    pub fn all<T: RecordKind + Typed>(&self) -> impl Iterator<Item = (&Record, &T)> {
        self.of_kind(T::KIND).filter_map(|record| Some((record, of(record)?)))
    }

    /// Every record, by kind and number.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.tables.values().map(Arc::as_ref)
    }

    pub(crate) fn shared(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.tables.values()
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.tables.len()
    }

    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// The number for the next new record of a kind. Numbers are never given out twice.
    pub fn next_number(&self, kind: Kind) -> u32 {
        self.last.get(&kind).copied().unwrap_or(0).saturating_add(1)
    }

    /// Whether the id was given out and its record withdrawn since.
    pub fn is_withdrawn(&self, id: RecordId) -> bool {
        id.number < self.next_number(id.kind) && self.get(id).is_none()
    }

    /// The records that refer to `id`.
    pub fn referrers(&self, id: RecordId) -> impl Iterator<Item = &Record> {
        let first = RecordId::new(Kind::Organisation, 0);
        self.indexes
            .referrers
            .range((Bound::Included((id, first)), Bound::Unbounded))
            .take_while(move |(target, _)| *target == id)
            .filter_map(|(_, source)| self.get(*source))
    }

    /// Every reference to a record of `kind`, as (target, source), in order.
    pub(crate) fn references_to_kind(&self, kind: Kind) -> impl Iterator<Item = (RecordId, RecordId)> {
        let first = (RecordId::new(kind, 0), RecordId::new(Kind::Organisation, 0));
        self.indexes
            .referrers
            .range((Bound::Included(first), Bound::Unbounded))
            .take_while(move |(target, _)| target.kind == kind)
            .copied()
    }

    /// The records that name a requirement (`framework:requirement`), by kind and number.
    pub fn naming(&self, requirement: &str) -> impl Iterator<Item = &Record> {
        self.indexes
            .requirements
            .get(requirement)
            .into_iter()
            .flat_map(|ids| ids.iter())
            .filter_map(|id| self.get(*id))
    }

    /// Accepted evidence for a requirement: (AI system number, 0 for the whole organisation; evidence number), span.
    pub fn coverage(&self, requirement: &str) -> impl Iterator<Item = ((u32, u32), Span)> {
        self.indexes
            .coverage
            .get(requirement)
            .into_iter()
            .flat_map(|spans| spans.iter().map(|(key, span)| (*key, *span)))
    }

    /// The same for one AI system, or for the whole organisation under number 0: evidence number, span.
    pub(crate) fn coverage_of(
        &self,
        requirement: &str,
        system: u32,
    ) -> impl Iterator<Item = (u32, Span)> {
        self.indexes
            .coverage
            .get(requirement)
            .into_iter()
            .flat_map(move |spans| spans.range((system, 0)..=(system, u32::MAX)))
            .map(|((_, item), span)| (*item, *span))
    }

    /// Dates by which somebody must act on a live record, earliest first, with the field that holds each.
    pub fn due(&self) -> impl Iterator<Item = (Date, &Record, &'static str)> {
        self.indexes
            .due
            .iter()
            .filter_map(|(date, id, field)| Some((*date, self.get(*id)?, *field)))
    }

    /// The record that was imported from there.
    pub fn imported(&self, external: &ExternalId) -> Option<&Record> {
        self.get(*self.indexes.external.get(external)?)
    }

    /// Folds one event in. Total: a fact is never refused.
    pub fn apply(&mut self, happened: Happened) {
        let Happened { seq, at, by, event } = happened;
        let mark = Mark { by, at, seq };
        self.size = seq.saturating_add(1);
        self.at = Some(at);
        match event {
            Event::Stated(stated) => self.state(*stated, mark),
            Event::Moved { id, to, .. } => self.move_to(id, to, mark),
            Event::Withdrawn { id, .. } => {
                if let Some(record) = self.tables.remove(&(id.kind, id.number)) {
                    self.indexes.change(&record, false);
                }
            }
            // The residue took the place of the erased payload when entry `seq` was read.
            Event::Redacted { .. } => {}
        }
    }

    /// Notes an entry that no longer says anything: its payload was erased and nothing of it remains.
    pub fn skip(&mut self, seq: u64, at: Timestamp) {
        self.size = seq.saturating_add(1);
        self.at = Some(at);
    }

    fn state(&mut self, stated: Stated, mark: Mark) {
        let Stated { id, version, body, custom, external } = stated;
        let record = match self.tables.get(&(id.kind, id.number)) {
            Some(old) => {
                self.indexes.change(old, false);
                restated(old, version, body, custom, external, mark)
            }
            None => Record {
                id,
                version,
                state: id.kind.lifecycle().initial(),
                body,
                custom,
                external,
                created: mark.clone(),
                stated: mark,
                moved: None,
                in_force: None,
            },
        };
        self.put(Arc::new(record));
    }

    fn move_to(&mut self, id: RecordId, to: &'static str, mark: Mark) {
        let Some(old) = self.tables.get(&(id.kind, id.number)) else { return };
        self.indexes.change(old, false);
        let mut record = Record { state: to, moved: Some(mark.clone()), ..old.as_ref().clone() };
        let lifecycle = id.kind.lifecycle();
        if lifecycle.reopens_to.is_some() && lifecycle.is_in_force(to) {
            let (version, body) = (record.version, record.body.clone());
            record.in_force = Some(Arc::new(InForce { version, body, since: mark }));
        } else if is_taken_back(old, to) {
            record.in_force = None;
        }
        self.put(Arc::new(record));
    }

    /// Puts a record in, which must not be indexed yet under this id.
    pub(crate) fn put(&mut self, record: Arc<Record>) {
        let id = record.id;
        if self.next_number(id.kind) <= id.number {
            self.last.insert(id.kind, id.number);
        }
        self.indexes.change(&record, true);
        self.tables.insert((id.kind, id.number), record);
    }

    pub(crate) fn set_position(&mut self, size: u64, at: Option<Timestamp>) {
        self.size = size;
        self.at = at;
    }

    pub(crate) fn set_last(&mut self, kind: Kind, number: u32) {
        self.last.insert(kind, number);
    }

    pub(crate) fn last_numbers(&self) -> impl Iterator<Item = (Kind, u32)> {
        self.last.iter().map(|(kind, number)| (*kind, *number))
    }
}

/// Whether this step takes the version in force back, instead of preparing the next one.
fn is_taken_back(old: &Record, to: &str) -> bool {
    let lifecycle = old.lifecycle();
    lifecycle.is_final(to) || (lifecycle.is_in_force(old.state) && !lifecycle.is_in_force(to))
}

/// The next version of `old`.
fn restated(
    old: &Record,
    version: u32,
    body: Body,
    custom: serde_json::Map<String, serde_json::Value>,
    external: Vec<ExternalId>,
    mark: Mark,
) -> Record {
    let lifecycle = old.lifecycle();
    let state = match lifecycle.reopens_to {
        Some(reopened) if lifecycle.is_in_force(old.state) => reopened,
        _ => old.state,
    };
    Record {
        id: old.id,
        version,
        state,
        body,
        custom,
        external,
        created: old.created.clone(),
        stated: mark,
        moved: old.moved.clone(),
        in_force: old.in_force.clone(),
    }
}

impl Indexes {
    /// Adds what `record` contributes, or takes it away.
    fn change(&mut self, record: &Record, add: bool) {
        let id = record.id;
        let mut requirements: Vec<Arc<str>> = Vec::new();
        record.body.walk(&mut |_, leaf| match leaf {
            Leaf::Reference(target) => {
                if add {
                    self.referrers.insert((target, id));
                } else {
                    self.referrers.remove(&(target, id));
                }
            }
            Leaf::Requirement(text) => requirements.push(text.into()),
            Leaf::Empty | Leaf::Bool(_) | Leaf::Number(_) | Leaf::Text(_) => {}
        });
        for requirement in &requirements {
            self.change_requirement(requirement, id, add);
        }
        if record.is_live() {
            for (field, date) in record.body.dates() {
                if add {
                    self.due.insert((date, id, field));
                } else {
                    self.due.remove(&(date, id, field));
                }
            }
        }
        for external in &record.external {
            if add {
                self.external.insert(external.clone(), id);
            } else {
                self.external.remove(external);
            }
        }
        if let Some(evidence) = of::<EvidenceItem>(record)
            && record.state == "accepted"
        {
            self.change_coverage(evidence, id.number, &requirements, add);
        }
    }

    fn change_requirement(&mut self, requirement: &Arc<str>, id: RecordId, add: bool) {
        if add {
            self.requirements.entry(requirement.clone()).or_default().insert(id);
        } else if let Some(ids) = self.requirements.get_mut(requirement) {
            ids.remove(&id);
            if ids.is_empty() {
                self.requirements.remove(requirement);
            }
        }
    }

    fn change_coverage(
        &mut self,
        evidence: &EvidenceItem,
        number: u32,
        requirements: &[Arc<str>],
        add: bool,
    ) {
        let span = Span::of(evidence);
        let systems = evidence.ai_systems.iter().map(|system| system.number);
        let whole = evidence.ai_systems.is_empty().then_some(0);
        for system in systems.chain(whole) {
            for requirement in requirements {
                if add {
                    let Some(span) = span else { continue };
                    self.coverage.entry(requirement.clone()).or_default().insert((system, number), span);
                } else if let Some(spans) = self.coverage.get_mut(requirement) {
                    spans.remove(&(system, number));
                    if spans.is_empty() {
                        self.coverage.remove(requirement);
                    }
                }
            }
        }
    }
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

#[cfg(test)]
impl Book {
    /// The same records with indexes made anew.
    pub(crate) fn rebuilt(&self) -> Book {
        let mut book = Book::default();
        for record in self.shared() {
            book.put(record.clone());
        }
        for (kind, number) in self.last_numbers() {
            book.set_last(kind, number);
        }
        book.set_position(self.size, self.at);
        book
    }
}
