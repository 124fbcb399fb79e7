//! Snapshots of a Book, for opening quickly. A cache: whoever can't read one folds the ledger instead.
//!
//! The first line holds what the records share, each further line one record: its head, its body and, if another
//! version is in force, the body of that, each as JSON with tabs between. Marks are short and bodies are read typed, in
//! as many threads as the caller allows; so a million entries open within a second.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Body, Book, ExternalId, InForce, Mark, Record, RecordId,
    book::{Gathered, Position},
};

/// Names the layout and the record schemas; a snapshot of another format is ignored.
pub const FORMAT: &str = concat!("book-2-", env!("CARGO_PKG_VERSION"));

/// Why a snapshot can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error("the snapshot can't be read")]
    Json(#[from] serde_json::Error),
    #[error("the snapshot is not UTF-8")]
    Text(#[from] std::str::Utf8Error),
    #[error("the snapshot is cut off or damaged: {0}")]
    Damaged(&'static str),
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Header {
    position: Position,
    records: usize,
    names: Names,
}

/// Texts that many records repeat, written once.
#[derive(Default, Serialize, Deserialize)]
struct Names {
    people: Vec<Arc<str>>,
    states: Vec<String>,
}

/// [`Mark`]: position in [`Names::people`], seconds and nanoseconds since 1970, entry.
type Stamp = (usize, i64, i32, u64);

/// What a record holds beside its body. A tuple, because field names would outweigh the values.
type Head = (RecordId, u32, usize, Stamp, Stamp, Option<Stamp>, Option<(u32, Stamp)>, Extra);

/// Custom fields and origins, which most records lack.
type Extra = Option<(Map<String, Value>, Vec<ExternalId>)>;

impl Book {
    /// The bytes of a snapshot in [`FORMAT`].
    pub fn snapshot(&self) -> Result<Vec<u8>, SnapshotError> {
        let mut writer = Writer::default();
        for record in self.records() {
            writer.record(record)?;
        }
        let header = Header { position: self.position(), records: self.len(), names: writer.names };
        let mut bytes = serde_json::to_vec(&header)?;
        bytes.append(&mut writer.lines);
        Ok(bytes)
    }

    /// Reads a snapshot in `threads` threads.
    pub fn from_snapshot(bytes: &[u8], threads: usize) -> Result<Book, SnapshotError> {
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
        let (first, rest) = bytes.split_at(end);
        let header: Header = serde_json::from_slice(first)?;
        let parts = read_parts(rest, &header.names, threads.max(1))?;
        if parts.iter().map(|part| part.records.len()).sum::<usize>() != header.records {
            return Err(SnapshotError::Damaged("records are missing"));
        }
        let (records, gathered): (Vec<_>, Vec<_>) =
            parts.into_iter().map(|part| (part.records, part.gathered)).unzip();
        let mut book = Book::of_records(records.into_iter().flatten(), gathered);
        book.set_position(header.position);
        Ok(book)
    }
}

/// Writes records line by line, and collects the texts that they share.
#[derive(Default)]
struct Writer {
    lines: Vec<u8>,
    names: Names,
    people: HashMap<Arc<str>, usize>,
    states: HashMap<&'static str, usize>,
}

impl Writer {
    fn record(&mut self, record: &Record) -> Result<(), SnapshotError> {
        let state = match self.states.get(record.state) {
            Some(known) => *known,
            None => {
                let next = self.names.states.len();
                self.names.states.push(record.state.to_owned());
                self.states.insert(record.state, next);
                next
            }
        };
        let (created, stated) = (self.stamp(&record.created), self.stamp(&record.stated));
        let moved = record.moved.as_ref().map(|mark| self.stamp(mark));
        let in_force = record.in_force.as_deref();
        let force = in_force.map(|force| (force.version, self.stamp(&force.since)));
        let extra = (!record.custom.is_empty() || !record.external.is_empty())
            .then(|| (record.custom.clone(), record.external.clone()));
        let head: Head = (record.id, record.version, state, created, stated, moved, force, extra);
        self.lines.push(b'\n');
        serde_json::to_writer(&mut self.lines, &head)?;
        self.body(&record.body)?;
        in_force.map_or(Ok(()), |force| self.body(&force.body))
    }

    fn body(&mut self, body: &Body) -> Result<(), SnapshotError> {
        self.lines.push(b'\t');
        Ok(serde_json::to_writer(&mut self.lines, &body.to_json())?)
    }

    fn stamp(&mut self, mark: &Mark) -> Stamp {
        let person = match self.people.get(&mark.by) {
            Some(known) => *known,
            None => {
                let next = self.names.people.len();
                self.names.people.push(mark.by.clone());
                self.people.insert(mark.by.clone(), next);
                next
            }
        };
        (person, mark.at.as_second(), mark.at.subsec_nanosecond(), mark.seq)
    }
}

/// The records of some lines, and what they contribute to the indexes.
struct Part {
    records: Vec<Arc<Record>>,
    gathered: Gathered,
}

/// Reads `bytes`, cut at line ends, in so many threads.
fn read_parts(bytes: &[u8], names: &Names, threads: usize) -> Result<Vec<Part>, SnapshotError> {
    let mut cuts = Vec::new();
    let mut rest = bytes;
    for left in (1..=threads).rev() {
        let target = rest.len().div_ceil(left);
        let line_end = rest.iter().skip(target).position(|byte| *byte == b'\n');
        let (part, after) = rest.split_at(line_end.map_or(rest.len(), |end| target + end));
        cuts.push(part);
        rest = after;
    }
    std::thread::scope(|scope| {
        let running: Vec<_> =
            cuts.into_iter().map(|cut| scope.spawn(move || Part::read(cut, names))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)))
            .collect()
    })
}

impl Part {
    fn read(bytes: &[u8], names: &Names) -> Result<Part, SnapshotError> {
        let lines = std::str::from_utf8(bytes)?;
        let mut part = Part { records: Vec::new(), gathered: Gathered::default() };
        for line in lines.split('\n').skip(1) {
            let record = names.record(line)?;
            part.gathered.add(&record);
            part.records.push(Arc::new(record));
        }
        part.gathered.sort();
        Ok(part)
    }
}

impl Names {
    fn record(&self, line: &str) -> Result<Record, SnapshotError> {
        let mut fields = line.split('\t');
        let mut next = || fields.next().ok_or(SnapshotError::Damaged("a record lacks its body"));
        let head: Head = serde_json::from_str(next()?)?;
        let (id, version, state, created, stated, moved, force, extra) = head;
        let body = id.kind.body_from_str(next()?)?;
        let in_force = match force {
            Some((version, since)) => {
                let body = id.kind.body_from_str(next()?)?;
                Some(Arc::new(InForce { version, body, since: self.mark(since)? }))
            }
            None => None,
        };
        let state = self.states.get(state).and_then(|state| id.kind.lifecycle().state(state));
        let (custom, external) = extra.unwrap_or_default();
        Ok(Record {
            id,
            version,
            state: state.ok_or(SnapshotError::Damaged("a state is not one of its life cycle"))?,
            body,
            custom,
            external,
            created: self.mark(created)?,
            stated: self.mark(stated)?,
            moved: moved.map(|moved| self.mark(moved)).transpose()?,
            in_force,
        })
    }

    fn mark(&self, (person, second, nanosecond, seq): Stamp) -> Result<Mark, SnapshotError> {
        let by = self.people.get(person).ok_or(SnapshotError::Damaged("a person is not listed"))?;
        let at = Timestamp::new(second, nanosecond)
            .map_err(|_| SnapshotError::Damaged("an instant is out of range"))?;
        Ok(Mark { by: by.clone(), at, seq })
    }
}
