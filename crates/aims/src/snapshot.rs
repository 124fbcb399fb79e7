//! Snapshots of a Book, for opening quickly. A cache: whoever can't read one folds the ledger instead.
//!
//! The first line holds what the records share. Blocks of lines follow, each compressed (LZ4); a line is one record: its
//! head, its body and, if another version is in force, the body of that, each as JSON with tabs between. Marks are short
//! and bodies are read typed, in as many threads as the caller allows; so a million entries open within a second.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Body, Book, ExternalId, InForce, Mark, Record, RecordId,
    book::{Gathered, Position},
};

/// Names the layout and the record schemas; a snapshot of another format is ignored.
pub const FORMAT: &str = concat!("book-3-", env!("CARGO_PKG_VERSION"));

/// Why a snapshot can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error("the snapshot can't be read")]
    Json(#[from] serde_json::Error),
    #[error("the snapshot is not UTF-8")]
    Text(#[from] std::str::Utf8Error),
    #[error("a block of the snapshot can't be decompressed")]
    Block(#[from] lz4_flex::block::DecompressError),
    #[error("the snapshot is cut off or damaged: {0}")]
    Damaged(&'static str),
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Header {
    position: Position,
    records: usize,
    names: Names,
    blocks: Vec<Extent>,
}

/// How long a block is, compressed and not.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Extent {
    packed: usize,
    plain: usize,
}

/// A block is closed once it is that long, so it is longer by less than a record.
const BLOCK: usize = 1 << 20;

/// LZ4 makes nothing smaller than by this; so a damaged length can't ask for more memory than that.
const MOST_PACKED: usize = 255;

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
        writer.close_block();
        let Writer { blocks, extents, names, .. } = writer;
        let header =
            Header { position: self.position(), records: self.len(), names, blocks: extents };
        let mut bytes = serde_json::to_vec(&header)?;
        bytes.push(b'\n');
        bytes.extend(blocks);
        Ok(bytes)
    }

    /// Reads a snapshot in `threads` threads.
    pub fn from_snapshot(bytes: &[u8], threads: usize) -> Result<Book, SnapshotError> {
        let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
        let (first, rest) = bytes.split_at(end);
        let header: Header = serde_json::from_slice(first)?;
        let blocks = blocks(rest.get(1..).unwrap_or_default(), &header.blocks)?;
        let parts = read_parts(&blocks, &header.names, threads.max(1))?;
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
    /// Of the block that is being written.
    lines: Vec<u8>,
    blocks: Vec<u8>,
    extents: Vec<Extent>,
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
        serde_json::to_writer(&mut self.lines, &head)?;
        self.body(&record.body)?;
        if let Some(force) = in_force {
            self.body(&force.body)?;
        }
        self.lines.push(b'\n');
        if self.lines.len() >= BLOCK {
            self.close_block();
        }
        Ok(())
    }

    fn close_block(&mut self) {
        if !self.lines.is_empty() {
            let packed = lz4_flex::block::compress(&self.lines);
            self.extents.push(Extent { packed: packed.len(), plain: self.lines.len() });
            self.blocks.extend(packed);
            self.lines.clear();
        }
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

/// The blocks that lie in `bytes` one after the other, each with its length once decompressed.
fn blocks<'a>(
    mut bytes: &'a [u8],
    extents: &[Extent],
) -> Result<Vec<(&'a [u8], usize)>, SnapshotError> {
    let mut blocks = Vec::with_capacity(extents.len());
    for &Extent { packed, plain } in extents {
        let (block, rest) =
            bytes.split_at_checked(packed).ok_or(SnapshotError::Damaged("blocks are missing"))?;
        if plain > packed.saturating_mul(MOST_PACKED) {
            return Err(SnapshotError::Damaged("a block is longer than it can be"));
        }
        blocks.push((block, plain));
        bytes = rest;
    }
    Ok(blocks)
}

/// Reads the blocks in so many threads, each a run of them.
fn read_parts(
    blocks: &[(&[u8], usize)],
    names: &Names,
    threads: usize,
) -> Result<Vec<Part>, SnapshotError> {
    let run = blocks.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let read = |blocks| scope.spawn(move || Part::read(blocks, names));
        let running: Vec<_> = blocks.chunks(run).map(read).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)))
            .collect()
    })
}

impl Part {
    fn read(blocks: &[(&[u8], usize)], names: &Names) -> Result<Part, SnapshotError> {
        let mut part = Part { records: Vec::new(), gathered: Gathered::default() };
        for (block, length) in blocks {
            let plain = lz4_flex::block::decompress(block, *length)?;
            for line in std::str::from_utf8(&plain)?.lines() {
                let record = names.record(line)?;
                part.gathered.add(&record);
                part.records.push(Arc::new(record));
            }
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
