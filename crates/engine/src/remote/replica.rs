//! What a server tells those who fold its ledger themselves.

use jiff::Timestamp;
use surety_aims::{Principal, RecordId};
use surety_ledger::Entry;

use super::wire::{Head, KeptCheckpoint, Key, Place, Redacted, Signatures, You};
use crate::{Aims, Error, accounts::name_of, entries::snapshot_format};

/// The most bytes of entries in one answer, but for one entry that has more.
const PAGE_BYTES: usize = 8 << 20;
/// Entries that are read from the store at once.
const STEP: u32 = 1_000;

impl Aims {
    /// What a client has to know before it can name this organisation.
    pub fn place(&self) -> Place {
        let organisation = self.organisation();
        Place {
            id: organisation.id.clone(),
            name: organisation.name.clone(),
            origin: organisation.origin.clone(),
            created_at: organisation.created_at,
        }
    }

    /// How far the ledger goes now, told to `you`.
    pub async fn head(&self, you: &Principal) -> Result<Head, Error> {
        let position = self.current().await?;
        let you = You { name: you.name.to_string(), role: name_of(you.role) };
        let root = position.frontier.root().to_base64();
        Ok(Head { organisation: self.place(), size: position.frontier.size(), root, you })
    }

    /// Entries from a number on, at most `limit`, and no more than an answer holds. None: there are no more.
    pub async fn page(&self, from: u64, limit: u32) -> Result<Vec<Entry>, Error> {
        let mut page = Vec::new();
        let (mut bytes, mut next, mut left) = (0, from, limit);
        while left > 0 && bytes < PAGE_BYTES {
            let entries = self.entries(next, left.min(STEP)).await?;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                bytes += entry.header.len() + entry.payload.as_ref().map_or(0, Vec::len);
                (next, left) = (next + 1, left.saturating_sub(1));
                page.push(entry);
                if bytes >= PAGE_BYTES {
                    break;
                }
            }
        }
        Ok(page)
    }

    /// How many entries are dated at an instant or before.
    pub async fn size_at(&self, instant: Timestamp) -> Result<u64, Error> {
        Ok(self.shared.store.seq_at(self.id(), instant).await?)
    }

    /// The entries about a record, newest first, as they are stored.
    pub async fn entries_about(&self, record: RecordId, limit: u32) -> Result<Vec<Entry>, Error> {
        let numbered = self.history(record, limit).await?;
        Ok(numbered.into_iter().map(|(_, entry)| entry).collect())
    }

    /// Which entries are redacted, and by which.
    pub async fn redactions(&self) -> Result<Vec<Redacted>, Error> {
        let all = self.shared.store.redactions(self.id()).await?;
        let all =
            all.into_iter().map(|one| Redacted { seq: one.seq, redacted_by: one.redacted_by });
        Ok(all.collect())
    }

    /// All keys and kept checkpoints.
    pub async fn signatures(&self) -> Result<Signatures, Error> {
        let store = &self.shared.store;
        let keys = store.keys(self.id()).await?;
        let checkpoints = store.checkpoints(self.id()).await?;
        Ok(Signatures {
            keys: keys.into_iter().map(|(vkey, since)| Key { vkey, since }).collect(),
            checkpoints: checkpoints
                .into_iter()
                .map(|(size, note)| KeptCheckpoint { size, note })
                .collect(),
        })
    }

    /// The newest kept snapshot of at most so many entries; `None` if there is none, or the caller reads another layout.
    pub async fn snapshot(&self, at_most: u64, layout: &str) -> Result<Option<Vec<u8>>, Error> {
        if layout != snapshot_format() {
            return Ok(None);
        }
        let kept = self.shared.store.snapshot(self.id(), at_most, layout).await?;
        Ok(kept.map(|(_, bytes)| bytes))
    }
}
