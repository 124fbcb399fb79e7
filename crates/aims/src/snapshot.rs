//! Snapshots of a Book, for opening quickly. A cache: whoever can't read one folds the ledger instead.
//!
//! The first line of JSON holds the position, each further line one record. Bodies are read back typed, in as many
//! threads as the caller allows.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};

use crate::{Body, Book, ExternalId, InForce, Kind, Mark, Record, RecordId};

/// Names the layout and the record schemas; a snapshot of another format is ignored.
pub const FORMAT: &str = concat!("book-1-", env!("CARGO_PKG_VERSION"));

/// Why a snapshot can't be used.
#[derive(Debug, thiserror::Error)]
#[error("a line of the snapshot can't be read")]
pub struct SnapshotError(#[from] serde_json::Error);

#[derive(Serialize, Deserialize)]
struct Position {
    size: u64,
    at: Option<Timestamp>,
    last: Vec<(Kind, u32)>,
}

/// One record; `B` is JSON on the way out and raw text on the way in.
#[derive(Serialize, Deserialize)]
#[serde(bound(serialize = "B: Serialize", deserialize = "B: Deserialize<'de>"))]
struct Row<B> {
    id: RecordId,
    version: u32,
    state: String,
    body: B,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    custom: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    external: Vec<ExternalId>,
    created: Mark,
    stated: Mark,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved: Option<Mark>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    in_force: Option<Force<B>>,
}

#[derive(Serialize, Deserialize)]
#[serde(bound(serialize = "B: Serialize", deserialize = "B: Deserialize<'de>"))]
struct Force<B> {
    version: u32,
    /// `None`: the same as the current version's.
    body: Option<B>,
    since: Mark,
}

impl Book {
    /// The bytes of a snapshot in [`FORMAT`].
    pub fn snapshot(&self) -> Result<Vec<u8>, SnapshotError> {
        let last = self.last_numbers().collect();
        let position = Position { size: self.size(), at: self.at(), last };
        let mut bytes = serde_json::to_vec(&position)?;
        for record in self.records() {
            bytes.push(b'\n');
            serde_json::to_writer(&mut bytes, &row(record))?;
        }
        Ok(bytes)
    }

    /// Reads a snapshot in `threads` threads.
    pub fn from_snapshot(bytes: &[u8], threads: usize) -> Result<Book, SnapshotError> {
        let split = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
        let (first, rest) = bytes.split_at(split);
        let position: Position = serde_json::from_slice(first)?;
        let mut book = Book::default();
        for records in read_rows(rest, threads.max(1)) {
            for record in records? {
                book.put(record);
            }
        }
        for (kind, number) in position.last {
            book.set_last(kind, number);
        }
        book.set_position(position.size, position.at);
        Ok(book)
    }
}

fn row(record: &Record) -> Row<Value> {
    let in_force = record.in_force.as_deref().map(|in_force| Force {
        version: in_force.version,
        body: (in_force.version != record.version).then(|| in_force.body.to_json()),
        since: in_force.since.clone(),
    });
    Row {
        id: record.id,
        version: record.version,
        state: record.state.to_owned(),
        body: record.body.to_json(),
        custom: record.custom.clone(),
        external: record.external.clone(),
        created: record.created.clone(),
        stated: record.stated.clone(),
        moved: record.moved.clone(),
        in_force,
    }
}

type Rows = Result<Vec<Arc<Record>>, SnapshotError>;

/// The records of each part of `bytes`, cut at line ends.
fn read_rows(bytes: &[u8], threads: usize) -> Vec<Rows> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    for left in (1..=threads).rev() {
        let target = rest.len().div_ceil(left);
        let line_end = rest.iter().skip(target).position(|byte| *byte == b'\n');
        let (part, after) = rest.split_at(line_end.map_or(rest.len(), |end| target + end));
        parts.push(part);
        rest = after;
    }
    std::thread::scope(|scope| {
        let running: Vec<_> =
            parts.into_iter().map(|part| scope.spawn(move || read_part(part))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)))
            .collect()
    })
}

fn read_part(part: &[u8]) -> Rows {
    part.split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| read_row(serde_json::from_slice(line)?))
        .collect()
}

fn read_row(row: Row<&RawValue>) -> Result<Arc<Record>, SnapshotError> {
    let kind = row.id.kind;
    let body = kind.body_from_str(row.body.get())?;
    let in_force = match row.in_force {
        Some(force) => Some(Arc::new(read_force(kind, &body, force)?)),
        None => None,
    };
    let lifecycle = kind.lifecycle();
    Ok(Arc::new(Record {
        id: row.id,
        version: row.version,
        state: lifecycle.state(&row.state).unwrap_or_else(|| lifecycle.initial()),
        body,
        custom: row.custom,
        external: row.external,
        created: row.created,
        stated: row.stated,
        moved: row.moved,
        in_force,
    }))
}

fn read_force(kind: Kind, current: &Body, force: Force<&RawValue>) -> Result<InForce, SnapshotError> {
    let body = match force.body {
        Some(text) => kind.body_from_str(text.get())?,
        None => current.clone(),
    };
    Ok(InForce { version: force.version, body, since: force.since })
}
