//! What a store of ledgers promises, whichever database keeps it.
//!
//! Knows entries as bytes with a header; nothing of Merkle trees or of what a payload says.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use surety_ledger::Entry;

use crate::error::StoreError;

/// Whose ledger it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Names the organisation in every entry header.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// First line of its checkpoints (C2SP tlog-checkpoint), unique in the world.
    pub origin: String,
    /// When the ledger was made; kept to the microsecond.
    pub created_at: Timestamp,
}

/// An entry to append, and what is kept beside it: neither is hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// The entry, whose header gives organisation, number, instant and idempotency key.
    pub entry: Entry,
    /// Id of the record that the entry is about, as `SYS-12`, for [`LedgerStore::history`].
    pub subject: Option<String>,
    /// Number of an earlier entry whose salt and payload this one erases.
    pub redacts: Option<u64>,
}

impl From<Entry> for NewEntry {
    /// An entry about no record, which erases nothing.
    fn from(entry: Entry) -> Self {
        Self { entry, subject: None, redacts: None }
    }
}

/// One entry that another has redacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Redaction {
    /// Number of the entry without salt and payload.
    pub seq: u64,
    /// Number of the entry that erased them.
    pub redacted_by: u64,
}

/// Who a person id on the ledger stands for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalData {
    /// Name to show.
    pub name: String,
    /// Address for messages.
    pub email: Option<String>,
}

impl std::fmt::Debug for PersonalData {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // `Debug` ends up in logs, which nobody can erase a person from.
        f.write_str("PersonalData(..)")
    }
}

/// Keeps the ledgers of organisations. Entries are numbered from 0 without gaps; once appended they
/// never change, except that a redaction erases salt and payload.
///
/// A write is done when the method returns: it is on disk, and every other handle sees it. If a
/// method fails with [`StoreError::Database`], or its future is dropped, the write has happened whole
/// or not at all. Reading from an organisation that is not there finds nothing, unless the method
/// says otherwise.
///
/// Both implementations must pass `tests/conformance`; its cases are the specification.
#[async_trait]
pub trait LedgerStore: Send + Sync {
    /// All organisations, by id.
    async fn organisations(&self) -> Result<Vec<Organisation>, StoreError>;

    /// Starts an empty ledger.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] if the id is taken.
    async fn create_organisation(&self, organisation: &Organisation) -> Result<(), StoreError>;

    /// How many entries the ledger has: one look-up in an index, cheap enough to ask before each read.
    ///
    /// # Errors
    /// [`StoreError::UnknownOrganisation`].
    async fn size(&self, organisation: &str) -> Result<u64, StoreError>;

    /// Appends `entries` as numbers `expected_size` and following, all or none, in one durable
    /// transaction. Where an entry redacts an earlier one, that one's salt and payload are erased in
    /// the same transaction, together with every snapshot that may contain them. No entries: nothing
    /// happens.
    ///
    /// # Errors
    /// - [`StoreError::DuplicateKey`] if an idempotency key is on the ledger already, or twice among
    ///   `entries`. It goes before the next two, so that a repeated command is recognised as such.
    /// - [`StoreError::Conflict`] if the ledger has another size than `expected_size`.
    /// - [`StoreError::ClockBackwards`] if an instant is before that of the entry before it.
    /// - [`StoreError::Misfit`] if a header is not canonical or names another place.
    /// - [`StoreError::NotBefore`], [`StoreError::AlreadyRedacted`] if it cannot redact what it says.
    /// - [`StoreError::UnknownOrganisation`].
    async fn append(
        &self,
        organisation: &str,
        expected_size: u64,
        entries: &[NewEntry],
    ) -> Result<(), StoreError>;

    /// The first `limit` entries from number `from`, oldest first.
    async fn entries(
        &self,
        organisation: &str,
        from: u64,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError>;

    /// All redactions, by number of the redacted entry.
    async fn redactions(&self, organisation: &str) -> Result<Vec<Redaction>, StoreError>;

    /// The last `limit` entries about `subject` with their numbers, newest first.
    async fn history(
        &self,
        organisation: &str,
        subject: &str,
        limit: u32,
    ) -> Result<Vec<(u64, Entry)>, StoreError>;

    /// Number of the entry with this idempotency key.
    async fn by_idempotency_key(
        &self,
        organisation: &str,
        key: &str,
    ) -> Result<Option<u64>, StoreError>;

    /// The size that the ledger had at `instant`: how many entries are dated then or earlier.
    async fn seq_at(&self, organisation: &str, instant: Timestamp) -> Result<u64, StoreError>;

    /// Keeps the signed checkpoint for the tree of `size` entries. A later one for the same size, which
    /// may have more signatures, takes its place.
    ///
    /// # Errors
    /// [`StoreError::UnknownOrganisation`].
    async fn put_checkpoint(
        &self,
        organisation: &str,
        size: u64,
        note: &str,
    ) -> Result<(), StoreError>;

    /// All checkpoints as size and note, smallest first.
    async fn checkpoints(&self, organisation: &str) -> Result<Vec<(u64, String)>, StoreError>;

    /// The checkpoint of the greatest size.
    async fn latest_checkpoint(
        &self,
        organisation: &str,
    ) -> Result<Option<(u64, String)>, StoreError>;

    /// Adds a verifier key (C2SP signed-note) whose signatures count from `since` on. Old ones stay, so
    /// that old checkpoints can be verified; a key that is there keeps its first instant.
    ///
    /// # Errors
    /// [`StoreError::UnknownOrganisation`].
    async fn put_key(
        &self,
        organisation: &str,
        vkey: &str,
        since: Timestamp,
    ) -> Result<(), StoreError>;

    /// All verifier keys and since when they count, oldest first.
    async fn keys(&self, organisation: &str) -> Result<Vec<(String, Timestamp)>, StoreError>;

    /// Keeps what the first `size` entries fold to, in a format of the caller's, and forgets all but the
    /// newest [`SNAPSHOTS_KEPT`] in that format. One of the same size that is there already stays.
    /// Snapshots are caches: one that would bring back what has since been redacted is not kept, and the
    /// caller need not know.
    ///
    /// # Errors
    /// [`StoreError::UnknownOrganisation`].
    async fn put_snapshot(
        &self,
        organisation: &str,
        size: u64,
        format: &str,
        bytes: &[u8],
    ) -> Result<(), StoreError>;

    /// The newest snapshot in this format of at most `at_most` entries, with its size.
    async fn snapshot(
        &self,
        organisation: &str,
        at_most: u64,
        format: &str,
    ) -> Result<Option<(u64, Vec<u8>)>, StoreError>;

    /// Forgets every snapshot of the organisation.
    async fn drop_snapshots(&self, organisation: &str) -> Result<(), StoreError>;

    /// Says who `person` is, or corrects it.
    ///
    /// # Errors
    /// [`StoreError::UnknownOrganisation`].
    async fn put_person(
        &self,
        organisation: &str,
        person: &str,
        data: &PersonalData,
    ) -> Result<(), StoreError>;

    /// Everybody of the organisation who has not been erased, by person id.
    async fn people(
        &self,
        organisation: &str,
    ) -> Result<BTreeMap<String, PersonalData>, StoreError>;

    /// Erases who `person` is; entries go on naming the id. Nothing happens if there is nobody.
    async fn erase_person(&self, organisation: &str, person: &str) -> Result<(), StoreError>;

    /// Ends the connections and waits for it. Every later call on this handle fails.
    async fn close(&self);
}

/// Snapshots that are kept of each organisation in each format.
pub const SNAPSHOTS_KEPT: i64 = 3;

/// Bytes of a snapshot that lie in one row.
pub(crate) const CHUNK_BYTES: usize = 8 << 20;
