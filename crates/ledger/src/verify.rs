//! Verification of entries and of whole ledgers.

use crate::header::EntryError;

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
}
