//! Verification of whole ledgers, in one pass and little memory.
//!
//! What is checked: sequence numbers are dense from 0; one organisation; instants never run backwards;
//! idempotency keys are unique; each digest is that of its salt and payload, unless both are erased;
//! each checkpoint is signed with a known key and states the root that the entries give at its size. So
//! a ledger that was rewritten and hashed anew is found out by any checkpoint made before.

use std::collections::HashMap;
use std::collections::hash_map;
use std::thread;

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
pub fn verify(
    entries: &[Entry],
    organisation: &str,
    checkpoints: &[impl AsRef<str>],
    keys: &KeyRing,
) -> Result<Report, VerifyError> {
    let mut verifier = Verifier::new(organisation, checkpoints, keys)?;
    verifier.push_all(entries)?;
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
        let checked = Checked::of(entry, self.frontier.size(), &self.organisation);
        self.accept(checked)
    }

    /// Verifies the next entries as [`Verifier::push`] does each of them, hashing on several threads.
    ///
    /// # Errors
    /// As [`Verifier::push`], for the first entry or checkpoint that is wrong.
    pub fn push_all(&mut self, entries: &[Entry]) -> Result<(), VerifyError> {
        for runs in entries.chunks(THREADS * RUN) {
            for checked in check_runs(runs, self.frontier.size(), &self.organisation) {
                self.accept(checked)?;
            }
        }
        Ok(())
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

    /// Takes in the next entry, checked by itself, if it fits those before it.
    fn accept(&mut self, checked: Result<Checked, EntryFault>) -> Result<(), VerifyError> {
        let seq = self.frontier.size();
        let checked = (checked.and_then(|checked| self.check_order(seq, checked)))
            .map_err(|fault| VerifyError::Entry { seq, fault })?;
        self.latest = Some(checked.instant);
        self.frontier.append(checked.leaf);
        if checked.redacted {
            self.redacted.push(seq);
        }
        self.compare_roots()
    }

    fn check_order(&mut self, seq: u64, checked: Checked) -> Result<Checked, EntryFault> {
        let Checked { instant, idempotency_key, .. } = checked;
        if let Some(latest) = self.latest.filter(|latest| instant < *latest) {
            return Err(EntryFault::Backwards { instant, latest });
        }
        let Some(key) = idempotency_key else { return Ok(checked) };
        match self.idempotency_keys.entry(key) {
            hash_map::Entry::Vacant(unused) => {
                unused.insert(seq);
                Ok(checked)
            }
            hash_map::Entry::Occupied(first) => {
                Err(EntryFault::IdempotencyKey { first: *first.get() })
            }
        }
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

/// Threads that check entries at once, and how many entries each checks before they meet: enough
/// that starting them costs nothing beside, few enough that what they find takes no memory.
const THREADS: usize = 4;
const RUN: usize = 1024;

/// What the order of a ledger needs of an entry that is right in itself.
#[derive(Debug)]
struct Checked {
    leaf: Hash,
    instant: Timestamp,
    /// The first half of the key's hash.
    idempotency_key: Option<[u8; 16]>,
    redacted: bool,
}

impl Checked {
    fn of(entry: &Entry, seq: u64, organisation: &str) -> Result<Self, EntryFault> {
        let header = entry.checked(seq, organisation)?;
        let idempotency_key = header.idempotency_key.map(|key| {
            let hash = Hash::of(key.as_ref());
            let (halves, _) = hash.as_bytes().as_chunks::<16>();
            halves.first().copied().unwrap_or_default()
        });
        let (leaf, redacted) = (entry.leaf(), entry.is_redacted());
        Ok(Self { leaf, instant: header.instant, idempotency_key, redacted })
    }
}

/// Checks each of `entries`, the first of which should be number `first`, by itself.
fn check_runs(
    entries: &[Entry],
    first: u64,
    organisation: &str,
) -> Vec<Result<Checked, EntryFault>> {
    let check = |seq: u64, run: &[Entry]| -> Vec<_> {
        (seq..).zip(run).map(|(seq, entry)| Checked::of(entry, seq, organisation)).collect()
    };
    if entries.len() <= RUN {
        return check(first, entries);
    }
    let check = &check;
    thread::scope(|scope| {
        let runs: Vec<_> = ((first..).step_by(RUN).zip(entries.chunks(RUN)))
            .map(|(seq, run)| {
                let thread = thread::Builder::new().spawn_scoped(scope, move || check(seq, run));
                (seq, run, thread.ok())
            })
            .collect();
        let joined = runs.into_iter().flat_map(|(seq, run, thread)| {
            // A system that gives no thread is no fault of the ledger: the run is checked here.
            thread.and_then(|thread| thread.join().ok()).unwrap_or_else(|| check(seq, run))
        });
        joined.collect()
    })
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
