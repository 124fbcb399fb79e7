//! Records beside their commands: people, history.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use surety_aims::{
    Event, Happened, Kind, RecordId,
    derive::{
        Window,
        activity::{Activity, activity},
    },
};
use surety_ledger::{Entry, HeaderRef};
use surety_store::PersonalData;

use crate::{
    Aims, Error, View,
    entries::{happened, residues},
    organisation::{end_of, start_of},
};

/// One version or step of a record.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct HistoryRow {
    pub seq: u64,
    pub at: Timestamp,
    pub by: String,
    pub record: RecordId,
    /// `stated version 2`, `moved from draft to in_review`, `withdrawn`.
    pub what: String,
    /// The fields that a new version changed, or the reason of a step.
    pub detail: String,
    /// The event as it stands in the payload.
    pub event: Value,
}

/// Entries that are read from the store at once.
const PAGE: u32 = 10_000;
/// How much history is shown of one record.
const MAX_HISTORY: u32 = 10_000;

impl Aims {
    /// Who people are, by id.
    pub async fn people(&self) -> Result<BTreeMap<String, PersonalData>, Error> {
        Ok(self.shared.store.people(self.id()).await?)
    }

    /// Says who a person is.
    pub async fn put_person(&self, person: RecordId, data: &PersonalData) -> Result<(), Error> {
        Ok(self.shared.store.put_person(self.id(), &person.to_string(), data).await?)
    }

    /// Erases name and address of a person.
    pub async fn erase_person(&self, person: RecordId) -> Result<(), Error> {
        let position = self.current().await?;
        if person.kind != Kind::Person || position.book.get(person).is_none() {
            return Err(Error::UnknownRecord(person));
        }
        Ok(self.shared.store.erase_person(self.id(), &person.to_string()).await?)
    }

    /// Entries from a number on, oldest first.
    pub async fn entries(&self, from: u64, limit: u32) -> Result<Vec<Entry>, Error> {
        Ok(self.shared.store.entries(self.id(), from, limit).await?)
    }

    /// Every version and step of one record, newest first.
    pub async fn history_of(&self, record: RecordId) -> Result<Vec<HistoryRow>, Error> {
        let mut entries: Vec<_> =
            self.history(record, MAX_HISTORY).await?.into_iter().map(|(_, entry)| entry).collect();
        if entries.is_empty() {
            return Err(Error::UnknownRecord(record));
        }
        entries.reverse();
        let mut rows = self.rows(&entries, |_, _| true).await?;
        rows.reverse();
        Ok(rows)
    }

    /// The same, as far as a view shows it.
    pub async fn history_in(
        &self,
        view: &View,
        record: RecordId,
    ) -> Result<Vec<HistoryRow>, Error> {
        let Some(sight) = &view.sight else { return self.history_of(record).await };
        view.book().get(record).ok_or(Error::UnknownRecord(record))?;
        let entries = self.history(record, MAX_HISTORY).await?.into_iter().map(|(_, entry)| entry);
        let entries: Vec<_> = entries.rev().collect();
        let mut shown = true;
        // Steps of a version that is hidden are hidden with it.
        let mut is_shown = |id: RecordId, event: &Event| {
            if let Event::Stated(stated) = event {
                shown = sight.shows(id, &stated.body);
            }
            shown
        };
        let mut rows = self.rows(&entries, &mut is_shown).await?;
        rows.reverse();
        Ok(rows)
    }

    /// Every version and step of all records of a kind, newest first.
    pub async fn history_of_kind(&self, kind: Kind) -> Result<Vec<HistoryRow>, Error> {
        let mut rows = Vec::new();
        let mut next = 0;
        loop {
            let entries = self.entries(next, PAGE).await?;
            if entries.is_empty() {
                break;
            }
            next += u64::try_from(entries.len()).unwrap_or(0);
            rows.extend(self.rows(&entries, |id, _| id.kind == kind).await?);
        }
        rows.reverse();
        Ok(rows)
    }

    /// What happened in a period, for which requirement, told with the records of a view.
    pub async fn activity(&self, view: &View, window: Window) -> Result<Activity, Error> {
        let store = self.shared.store.as_ref();
        let (from, to) = (start_of(window.from), end_of(window.to));
        let before =
            from.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(Timestamp::MIN);
        let mut next = store.seq_at(self.id(), before).await?;
        let last = store.seq_at(self.id(), to).await?;
        let residues = residues(store, self.id()).await?;
        let mut events: Vec<Happened> = Vec::new();
        while next < last {
            let left = u32::try_from(last - next).unwrap_or(u32::MAX).min(PAGE);
            let entries = self.entries(next, left).await?;
            if entries.is_empty() {
                break;
            }
            for entry in &entries {
                events.extend(happened(&HeaderRef::parse(&entry.header)?, entry, &residues)?);
            }
            next += u64::try_from(entries.len()).unwrap_or(0);
        }
        let book = view.book();
        let shown = |happened: &&Happened| {
            view.sight.as_ref().is_none_or(|sight| sight.shows_event(book, &happened.event))
        };
        Ok(activity(book, events.iter().filter(shown), from, to))
    }

    async fn rows(
        &self,
        entries: &[Entry],
        mut wanted: impl FnMut(RecordId, &Event) -> bool + Send,
    ) -> Result<Vec<HistoryRow>, Error> {
        let residues = residues(self.shared.store.as_ref(), self.id()).await?;
        let mut bodies: BTreeMap<RecordId, Value> = BTreeMap::new();
        let mut rows = Vec::new();
        for entry in entries {
            let header = HeaderRef::parse(&entry.header)?;
            let Some(happened) = happened(&header, entry, &residues)? else { continue };
            let subject = happened.event.subject();
            let Some(record) = subject.filter(|id| wanted(*id, &happened.event)) else { continue };
            let (what, detail) = words(&happened.event, record, &mut bodies);
            rows.push(HistoryRow {
                seq: happened.seq,
                at: happened.at,
                by: happened.by.to_string(),
                record,
                what,
                detail,
                event: happened.event.to_json(),
            });
        }
        Ok(rows)
    }
}

/// An event in words; remembers bodies, to say which fields a version changed.
fn words(
    event: &Event,
    record: RecordId,
    bodies: &mut BTreeMap<RecordId, Value>,
) -> (String, String) {
    let (what, mut detail) = said(event);
    if let Event::Stated(stated) = event {
        let body = stated.body.to_json();
        detail = bodies.get(&record).map(|old| changed(old, &body)).unwrap_or_default();
        bodies.insert(record, body);
    }
    (what, detail)
}

/// What an event is, and the reason or note that came with it.
pub(crate) fn said(event: &Event) -> (String, String) {
    match event {
        Event::Stated(stated) => (format!("stated version {}", stated.version), String::new()),
        Event::Moved { from, to, note, .. } => (format!("moved from {from} to {to}"), note.clone()),
        Event::Withdrawn { reason, .. } => ("withdrawn".to_owned(), reason.clone()),
        Event::Redacted { reason, .. } => ("redacted".to_owned(), reason.clone()),
        Event::Security(security) => (security.what.name().replace('_', " "), String::new()),
    }
}

/// The names of the fields in which two bodies differ.
pub(crate) fn changed(old: &Value, new: &Value) -> String {
    let empty = serde_json::Map::new();
    let (old, new) = (old.as_object().unwrap_or(&empty), new.as_object().unwrap_or(&empty));
    let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let names: Vec<_> = names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(String::as_str)
        .collect();
    names.join(", ")
}
