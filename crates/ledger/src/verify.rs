//! Verification of whole ledgers, in one pass and little memory.
//!
//! What is checked: sequence numbers are dense from 0; one organisation; instants never run backwards;
//! idempotency keys are unique; each digest is that of its salt and payload, unless both are erased;
//! each checkpoint is signed with a known key and states the root that the entries give at its size. So
//! a ledger that was rewritten and hashed anew is found out by any checkpoint made before.

use std::collections::HashMap;
use std::collections::hash_map;

use jiff::Timestamp;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::entry::Entry;
use crate::hash::Hash;
use crate::header::EntryError;
use crate::key::KeyRing;
use crate::merkle::Frontier;

/// Verifies all `entries` of the ledger of `organisation` against signed checkpoints of it.
///
/// # Errors
/// [`VerifyError`] for the first entry or checkpoint that is wrong, and what is.
pub fn verify<'e>(
    entries: impl IntoIterator<Item = &'e Entry>,
    organisation: &str,
    checkpoints: &[impl AsRef<str>],
    keys: &KeyRing,
) -> Result<Report, VerifyError> {
    let mut verifier = Verifier::new(organisation, checkpoints, keys)?;
    for entry in entries {
        verifier.push(entry)?;
    }
    verifier.finish()
}

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Entries on the ledger.
    pub size: u64,
    /// Root of the tree over all entries.
    pub root: Hash,
    /// Sequence numbers of the redacted entries, whose payloads nobody can check any more.
    pub redacted: Vec<u64>,
    /// Checkpoints that the entries agree with.
    pub checkpoints: usize,
    /// Size in the newest checkpoint. From that entry on nothing is signed yet, so nothing of it is
    /// proved; zero without checkpoints.
    pub signed: u64,
}

/// Verifies a ledger entry by entry. Its memory grows with the idempotency keys, about 40 bytes each,
/// and the redacted entries, not with the payloads. Stop at the first error.
#[derive(Debug)]
pub struct Verifier {
    organisation: String,
    /// Checkpoints still to come, the smallest last.
    pending: Vec<Pending>,
    /// First use of each idempotency key by the first half of its hash: to find two with the same
    /// half takes 2^64 hashes, and would only refuse the ledger of whoever did.
    idempotency_keys: HashMap<[u8; 16], u64>,
    frontier: Frontier,
    latest: Option<Timestamp>,
    redacted: Vec<u64>,
    checkpoints: usize,
    signed: u64,
}

#[derive(Debug)]
struct Pending {
    number: usize,
    size: u64,
    root: Hash,
}

impl Verifier {
    /// A verifier of the ledger of `organisation`. The checkpoints, in any order, are opened here.
    ///
    /// # Errors
    /// [`VerifyError::Checkpoint`] for the first that [`Checkpoint::open`] refuses.
    pub fn new(
        organisation: &str,
        checkpoints: &[impl AsRef<str>],
        keys: &KeyRing,
    ) -> Result<Self, VerifyError> {
        let mut pending = Vec::with_capacity(checkpoints.len());
        for (number, note) in checkpoints.iter().enumerate() {
            let opened = Checkpoint::open(note.as_ref(), keys)
                .map_err(|fault| VerifyError::Checkpoint { number, fault })?;
            let Checkpoint { size, root, .. } = opened.checkpoint;
            pending.push(Pending { number, size, root });
        }
        pending.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.size));
        let mut verifier = Self {
            organisation: organisation.to_owned(),
            signed: pending.first().map_or(0, |largest| largest.size),
            checkpoints: pending.len(),
            pending,
            idempotency_keys: HashMap::new(),
            frontier: Frontier::new(),
            latest: None,
            redacted: Vec::new(),
        };
        verifier.compare_roots()?;
        Ok(verifier)
    }

    /// Verifies the next entry, and the checkpoints made right after it.
    ///
    /// # Errors
    /// [`VerifyError::Entry`], or [`VerifyError::Root`] if a checkpoint states another root.
    pub fn push(&mut self, entry: &Entry) -> Result<(), VerifyError> {
        let seq = self.frontier.size();
        self.check_entry(seq, entry).map_err(|fault| VerifyError::Entry { seq, fault })?;
        self.frontier.append(entry.leaf());
        if entry.is_redacted() {
            self.redacted.push(seq);
        }
        self.compare_roots()
    }

    /// Verifies that every checkpoint was met.
    ///
    /// # Errors
    /// [`VerifyError::Truncated`] if one is of a larger ledger.
    pub fn finish(self) -> Result<Report, VerifyError> {
        let size = self.frontier.size();
        if let Some(Pending { number, size: signed, .. }) = self.pending.last() {
            return Err(VerifyError::Truncated { number: *number, signed: *signed, size });
        }
        Ok(Report {
            size,
            root: self.frontier.root(),
            redacted: self.redacted,
            checkpoints: self.checkpoints,
            signed: self.signed,
        })
    }

    fn check_entry(&mut self, seq: u64, entry: &Entry) -> Result<(), EntryFault> {
        let header = entry.checked(seq, &self.organisation)?;
        if let Some(latest) = self.latest.filter(|latest| header.instant < *latest) {
            return Err(EntryFault::Backwards { instant: header.instant, latest });
        }
        self.latest = Some(header.instant);
        if let Some(key) = &header.idempotency_key {
            let hash = Hash::of(key.as_bytes());
            let (half, _) = hash.as_bytes().as_chunks::<16>();
            match self.idempotency_keys.entry(half.first().copied().unwrap_or_default()) {
                hash_map::Entry::Vacant(unused) => {
                    unused.insert(seq);
                }
                hash_map::Entry::Occupied(first) => {
                    return Err(EntryFault::IdempotencyKey { first: *first.get() });
                }
            }
        }
        Ok(())
    }

    /// Compares the root with the checkpoints of this size.
    fn compare_roots(&mut self) -> Result<(), VerifyError> {
        let size = self.frontier.size();
        while let Some(checkpoint) = self.pending.pop_if(|next| next.size == size) {
            if self.frontier.root() != checkpoint.root {
                return Err(VerifyError::Root { number: checkpoint.number, size });
            }
        }
        Ok(())
    }
}

/// Why a ledger is not what it claims to be.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// An entry is wrong in itself or in its place.
    #[error("entry {seq}: {fault}")]
    Entry {
        /// The place, from 0, at which the entry stands.
        seq: u64,
        /// What is wrong with it.
        fault: EntryFault,
    },
    /// A checkpoint is not to be believed.
    #[error("checkpoint {number} of those given: {fault}")]
    Checkpoint {
        /// Its place, from 0, among the checkpoints given.
        number: usize,
        /// What is wrong with it.
        fault: CheckpointError,
    },
    /// The entries are not those over which a checkpoint was signed.
    #[error(
        "checkpoint {number} of those given: the first {size} entries have another root than the one \
         signed; one of them was changed since"
    )]
    Root {
        /// Its place, from 0, among the checkpoints given.
        number: usize,
        /// The size in the checkpoint.
        size: u64,
    },
    /// Entries are missing at the end.
    #[error(
        "checkpoint {number} of those given is of {signed} entries but the ledger has only {size}; \
         entries were cut off"
    )]
    Truncated {
        /// Its place, from 0, among the checkpoints given.
        number: usize,
        /// The size in the checkpoint.
        signed: u64,
        /// Entries on the ledger.
        size: u64,
    },
}

/// What is wrong with an entry.
#[derive(Debug, thiserror::Error)]
pub enum EntryFault {
    /// Its header is not in canonical form.
    #[error(transparent)]
    Header(#[from] EntryError),
    /// It says that it stands elsewhere: an entry was deleted, inserted or moved.
    #[error("header says that it is entry {found}")]
    Seq {
        /// The sequence number in the header.
        found: u64,
    },
    /// It belongs to another ledger.
    #[error("header names the organisation {found:?}")]
    Organisation {
        /// The organisation in the header.
        found: String,
    },
    /// Salt or payload were changed.
    #[error("salt and payload do not have the digest that the header gives")]
    Digest,
    /// Only one of salt and payload is there.
    #[error("of salt and payload one is missing; a redacted entry has neither")]
    HalfRedacted,
    /// Instants on a ledger never run backwards.
    #[error("its instant {instant} is before {latest}, that of the entry before")]
    Backwards {
        /// Its instant.
        instant: Timestamp,
        /// The instant of the entry before.
        latest: Timestamp,
    },
    /// A command was carried out twice.
    #[error("its idempotency key is that of entry {first}")]
    IdempotencyKey {
        /// The entry that used the key first.
        first: u64,
    },
}
