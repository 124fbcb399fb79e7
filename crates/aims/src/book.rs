//! The Book: all records of one organisation at one moment, folded from its events.
//!
//! Maps are persistent, so a copy costs nothing and as-of views share what did not change. The indexes are caches,
//! kept up to date as events are folded in; a test rebuilds and compares them.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    Event, ExternalId, InForce, Kind, Mark, Record, RecordId, RecordKind, Ref, Stated,
    event::Happened, of, records::Typed,
};

mod gather;
mod index;
mod table;

pub(crate) use gather::Gathered;
pub use index::Span;
use index::{Indexes, Standing};
use table::Tables;

/// All records of one organisation at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    /// How many ledger entries it has seen.
    size: u64,
    /// The instant of the last of them.
    at: Option<Timestamp>,
    /// By kind, then number.
    records: Tables,
    /// The highest number ever given out, by kind.
    last: OrdMap<Kind, u32>,
    /// Ids whose records were withdrawn. They are not given out again.
    withdrawn: OrdSet<RecordId>,
    indexes: Indexes,
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
        self.records.get(id).map(Arc::as_ref)
    }

    /// The record that `reference` names, with its body.
    pub fn find<T: RecordKind + Typed>(&self, reference: Ref<T>) -> Option<(&Record, &T)> {
        let record = self.get(reference.id())?;
        Some((record, of(record)?))
    }

    /// All records of a kind, by number.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        self.records.of_kind(kind).map(Arc::as_ref)
    }

    /// All records of a kind with their bodies, by number.
    pub fn all<T: RecordKind + Typed>(&self) -> impl Iterator<Item = (&Record, &T)> {
        self.of_kind(T::KIND).filter_map(|record| Some((record, of(record)?)))
    }

    /// Every record, by kind and number.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().map(Arc::as_ref)
    }

    /// The same, to be kept beyond the Book.
    pub fn shared(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.records.iter()
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.len() == 0
    }

    /// The number for the next new record of a kind. Numbers are never given out twice.
    pub fn next_number(&self, kind: Kind) -> u32 {
        self.last.get(&kind).copied().unwrap_or(0).saturating_add(1)
    }

    /// Whether the record of that id was withdrawn.
    pub fn is_withdrawn(&self, id: RecordId) -> bool {
        self.withdrawn.contains(&id)
    }

    /// The records that refer to `id`, in their current version or in the one in force.
    pub fn referrers(&self, id: RecordId) -> impl Iterator<Item = &Record> {
        self.indexes.referrers(id).filter_map(|source| self.get(source))
    }

    /// Their ids.
    pub(crate) fn referring(&self, id: RecordId) -> impl Iterator<Item = RecordId> {
        self.indexes.referrers(id)
    }

    /// Whether `source` refers to `target`.
    pub(crate) fn refers(&self, source: RecordId, target: RecordId) -> bool {
        self.indexes.refers(source, target)
    }

    /// The records that name a requirement (`framework:requirement`), by kind and number.
    pub fn naming(&self, requirement: &str) -> impl Iterator<Item = &Record> {
        self.indexes.naming(requirement, None).filter_map(|id| self.get(id))
    }

    /// Those of one kind, by number.
    pub(crate) fn naming_of_kind(
        &self,
        requirement: &str,
        kind: Kind,
    ) -> impl Iterator<Item = &Record> {
        self.indexes.naming(requirement, Some(kind)).filter_map(|id| self.get(id))
    }

    /// Those of one kind with their bodies, by number.
    pub(crate) fn all_naming<T: RecordKind + Typed>(
        &self,
        requirement: &str,
    ) -> impl Iterator<Item = (&Record, &T)> {
        let records = self.naming_of_kind(requirement, T::KIND);
        records.filter_map(|record| Some((record, of(record)?)))
    }

    /// Accepted evidence for a requirement: (AI system number, 0 for the whole organisation; evidence number), span.
    pub fn coverage(&self, requirement: &str) -> impl Iterator<Item = ((u32, u32), Span)> {
        let spans = self.indexes.coverage(requirement).into_iter().flatten();
        spans.map(|(place, span)| (*place, *span))
    }

    /// The same for one AI system (0: the whole organisation): evidence number, span.
    pub(crate) fn coverage_of(
        &self,
        requirement: &str,
        system: u32,
    ) -> impl Iterator<Item = (u32, Span)> {
        let spans = self.indexes.coverage(requirement).into_iter();
        spans
            .flat_map(move |spans| spans.range((system, 0)..=(system, u32::MAX)))
            .map(|((_, item), span)| (*item, *span))
    }

    /// Dates by which somebody must act on a live record, earliest first, with the field that holds each.
    pub fn due(&self) -> impl Iterator<Item = (Date, &Record, &'static str)> {
        let due = self.indexes.due().iter();
        due.filter_map(|(date, id, field)| Some((*date, self.get(*id)?, *field)))
    }

    /// The record that was imported from there.
    pub fn imported(&self, external: &ExternalId) -> Option<&Record> {
        self.get(self.indexes.imported(external)?)
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
                if let Some(record) = self.records.remove(id) {
                    self.indexes.remove(&record);
                    self.withdrawn.insert(id);
                }
            }
            // The residue took the place of the erased payload when entry `seq` was read. What happens at the door changes
            // no record.
            Event::Redacted { .. } | Event::Security(_) => {}
        }
    }

    /// Notes an entry that no longer says anything: its payload was erased and nothing of it remains.
    pub fn skip(&mut self, seq: u64, at: Timestamp) {
        self.size = seq.saturating_add(1);
        self.at = Some(at);
    }

    fn state(&mut self, stated: Stated, mark: Mark) {
        let id = stated.id;
        match self.records.get_mut(id) {
            Some(shared) => {
                // Copied only if another copy of the Book holds the same record.
                let record = Arc::make_mut(shared);
                self.indexes.remove(record);
                restate(record, stated, mark);
                self.indexes.add(record);
            }
            None => {
                let record = first_version(stated, mark);
                self.indexes.add(&record);
                self.records.insert(Arc::new(record));
                self.withdrawn.remove(&id);
                if self.next_number(id.kind) <= id.number {
                    self.last.insert(id.kind, id.number);
                }
            }
        }
    }

    fn move_to(&mut self, id: RecordId, to: &'static str, mark: Mark) {
        let Some(shared) = self.records.get_mut(id) else { return };
        let record = Arc::make_mut(shared);
        let before = Standing::of(record);
        if record.in_force.is_some() && settles(record, to) {
            self.indexes.remove(record);
            record.in_force = None;
            self.indexes.add(record);
        }
        record.state = to;
        record.moved = Some(mark);
        self.indexes.step(before, record);
    }

    /// A Book of these records, quickest if they come in the order of their ids.
    pub(crate) fn of_records(
        records: impl Iterator<Item = Arc<Record>>,
        indexes: Vec<Gathered>,
    ) -> Book {
        let mut book = Book::default();
        let insert = || records.for_each(|record| book.records.insert(record));
        book.indexes = Gathered::indexes(indexes, insert);
        book
    }

    pub(crate) fn set_position(&mut self, position: Position) {
        let Position { size, at, last, withdrawn } = position;
        self.size = size;
        self.at = at;
        self.last = last.into_iter().collect();
        self.withdrawn = withdrawn.into_iter().collect();
    }

    pub(crate) fn position(&self) -> Position {
        Position {
            size: self.size,
            at: self.at,
            last: self.last.iter().map(|(kind, number)| (*kind, *number)).collect(),
            withdrawn: self.withdrawn.iter().copied().collect(),
        }
    }

    /// The same Book with its indexes made anew, for the test that they are kept up to date.
    #[doc(hidden)]
    pub fn rebuilt(&self) -> Book {
        let mut book = self.keeping(|_| true);
        book.set_position(self.position());
        book
    }

    /// The same moment with the records that are to be kept. Knows no other: neither what was withdrawn, nor how many
    /// numbers were given out.
    pub(crate) fn keeping(&self, keep: impl Fn(&Record) -> bool) -> Book {
        let kept: Vec<_> = self.records.iter().filter(|record| keep(record)).collect();
        let mut gathered = Gathered::default();
        kept.iter().for_each(|record| gathered.add(record));
        let book = Book::of_records(kept.into_iter().cloned(), vec![gathered]);
        Book { size: self.size, at: self.at, ..book }
    }
}

/// What a Book knows beside its records.
#[derive(Serialize, Deserialize)]
pub(crate) struct Position {
    size: u64,
    at: Option<Timestamp>,
    last: Vec<(Kind, u32)>,
    withdrawn: Vec<RecordId>,
}

fn first_version(stated: Stated, mark: Mark) -> Record {
    let Stated { id, version, body, custom, external } = stated;
    Record {
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
    }
}

/// Makes `record` its next version. What was in force stays so until the next version is.
fn restate(record: &mut Record, stated: Stated, mark: Mark) {
    let Stated { id: _, version, body, custom, external } = stated;
    let old_version = std::mem::replace(&mut record.version, version);
    let old_body = std::mem::replace(&mut record.body, body);
    let lifecycle = record.lifecycle();
    if let Some(reopened) = lifecycle.reopens_to
        && lifecycle.is_in_force(record.state)
    {
        let since = record.moved.clone().unwrap_or_else(|| record.stated.clone());
        record.in_force = Some(Arc::new(InForce { version: old_version, body: old_body, since }));
        record.state = reopened;
    }
    record.custom = custom;
    record.external = external;
    record.stated = mark;
}

/// Whether the step to that state ends the time of the version that was in force: a newer one is, or it is taken back.
fn settles(record: &Record, to: &str) -> bool {
    let lifecycle = record.lifecycle();
    lifecycle.is_in_force(to) || lifecycle.is_final(to)
}
