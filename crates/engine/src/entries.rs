//! From entries to the Book.

use std::{borrow::Cow, collections::HashMap};

use serde_json::Value;
use surety_aims::{Book, Event, Happened, SNAPSHOT_FORMAT};
use surety_ledger::{Entry, Frontier, HeaderRef, Salt, hash::HashError};
use surety_store::LedgerStore;

use crate::Error;

/// Entries that are read from the store at once.
const PAGE: u32 = 10_000;

/// A Book and the edge of the tree that its entries are the leaves of.
#[derive(Clone, Debug, Default)]
pub struct Position {
    pub book: Book,
    pub frontier: Frontier,
}

/// What remains of redacted entries, by number.
pub(crate) type Residues = HashMap<u64, Value>;

impl Position {
    /// Folds one entry in. A redacted entry is read from its residue.
    pub(crate) fn push(&mut self, entry: &Entry, residues: &Residues) -> Result<(), Error> {
        let header = HeaderRef::parse(&entry.header)?;
        match happened(&header, entry, residues)? {
            Some(happened) => self.book.apply(happened),
            None => self.book.skip(header.seq, header.instant),
        }
        self.frontier.append(entry.leaf());
        Ok(())
    }

    /// Folds the entries of the store up to number `size`, exclusive; says whether one of them erased an earlier one.
    pub(crate) async fn advance(
        &mut self,
        store: &dyn LedgerStore,
        organisation: &str,
        size: u64,
    ) -> Result<bool, Error> {
        let mut residues = Residues::new();
        let mut erases = false;
        while self.book.size() < size {
            let first = self.book.size();
            let left = u32::try_from(size - first).unwrap_or(u32::MAX);
            let entries = store.entries(organisation, first, left.min(PAGE)).await?;
            if entries.is_empty() {
                break;
            }
            let unknown =
                |(seq, entry): (u64, &Entry)| entry.is_redacted() && !residues.contains_key(&seq);
            if (first..).zip(&entries).any(unknown) {
                residues = self::residues(store, organisation).await?;
            }
            for entry in &entries {
                erases |= HeaderRef::parse(&entry.header)?.kind == REDACTED;
                self.push(entry, &residues)?;
            }
        }
        Ok(erases)
    }

    /// The state after `size` entries: from the nearest snapshot, whose size is given too, then entry by entry.
    pub(crate) async fn at(
        store: &dyn LedgerStore,
        organisation: &str,
        size: u64,
    ) -> Result<(Position, u64), Error> {
        let kept = store.snapshot(organisation, size, &snapshot_format()).await?;
        // A snapshot that can't be read is as good as none: the ledger has everything.
        let mut position =
            kept.and_then(|(_, bytes)| Position::from_snapshot(&bytes)).unwrap_or_default();
        let kept = position.book.size();
        position.advance(store, organisation, size).await?;
        Ok((position, kept))
    }

    /// The bytes to keep, so that the next opening is quick: the Book, a line feed, the edge of the tree.
    pub(crate) fn snapshot(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = self.book.snapshot()?;
        bytes.push(b'\n');
        serde_json::to_writer(&mut bytes, &self.frontier)?;
        Ok(bytes)
    }

    fn from_snapshot(bytes: &[u8]) -> Option<Position> {
        // JSON on one line has no line feed.
        let end = bytes.iter().rposition(|byte| *byte == b'\n')?;
        let (book, edge) = bytes.split_at(end);
        let frontier: Frontier = serde_json::from_slice(edge).ok()?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let book = Book::from_snapshot(book, threads).ok()?;
        (book.size() == frontier.size()).then_some(Position { book, frontier })
    }
}

/// The kind of entries that erase another.
const REDACTED: &str = "redacted";

/// Names the layout of [`Position::snapshot`]; a snapshot of another is ignored.
pub(crate) fn snapshot_format() -> String {
    format!("position-1/{SNAPSHOT_FORMAT}")
}

/// The Book that a whole ledger folds to; what remains of redacted entries is found in the ledger itself.
pub fn fold(entries: &[Entry]) -> Result<Position, Error> {
    let mut residues = Residues::new();
    for entry in entries {
        let header = HeaderRef::parse(&entry.header)?;
        if header.kind == REDACTED
            && let Some(Happened { event: Event::Redacted { seq, residue, .. }, .. }) =
                happened(&header, entry, &Residues::new())?
        {
            residues.insert(seq, residue);
        }
    }
    let mut position = Position::default();
    for entry in entries {
        position.push(entry, &residues)?;
    }
    Ok(position)
}

/// What an entry says; `None` if it was erased and nothing remains.
pub(crate) fn happened(
    header: &HeaderRef<'_>,
    entry: &Entry,
    residues: &Residues,
) -> Result<Option<Happened>, Error> {
    let seq = header.seq;
    let unreadable = |source| Error::Entry { seq, source };
    let event = match (&entry.payload, residues.get(&seq)) {
        (Some(payload), _) => Event::parse(header.schema, payload).map_err(unreadable)?,
        (None, Some(Value::Null) | None) => return Ok(None),
        (None, Some(residue)) => Event::from_json(residue.clone()).map_err(unreadable)?,
    };
    Ok(Some(Happened { seq, at: header.instant, by: header.actor.as_ref().into(), event }))
}

/// The residues of all redacted entries of a stored ledger.
pub(crate) async fn residues(
    store: &dyn LedgerStore,
    organisation: &str,
) -> Result<Residues, Error> {
    let mut residues = Residues::new();
    for redaction in store.redactions(organisation).await? {
        let entries = store.entries(organisation, redaction.redacted_by, 1).await?;
        for entry in &entries {
            let header = HeaderRef::parse(&entry.header)?;
            if let Some(Happened { event: Event::Redacted { seq, residue, .. }, .. }) =
                happened(&header, entry, &Residues::new())?
            {
                residues.insert(seq, residue);
            }
        }
    }
    Ok(residues)
}

/// An entry as it is stored, for whoever checks its hash: header and payload as texts, the salt in base64.
#[derive(
    Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct StoredEntry<'e> {
    pub header: Cow<'e, str>,
    /// Null: it was erased.
    pub payload: Option<Cow<'e, str>>,
    /// Null: it was erased.
    pub salt: Option<String>,
}

/// An entry as it is stored.
pub fn stored(entry: &Entry) -> StoredEntry<'_> {
    StoredEntry {
        header: String::from_utf8_lossy(&entry.header),
        payload: entry.payload.as_deref().map(String::from_utf8_lossy),
        salt: entry.salt.as_ref().map(|salt| salt.to_base64()),
    }
}

impl StoredEntry<'_> {
    /// The entry, unchecked.
    pub(crate) fn into_entry(self) -> Result<Entry, HashError> {
        let salt = self.salt.as_deref().map(Salt::from_base64).transpose()?;
        let bytes = |text: Cow<'_, str>| text.into_owned().into_bytes();
        Ok(Entry { header: bytes(self.header), salt, payload: self.payload.map(bytes) })
    }
}
