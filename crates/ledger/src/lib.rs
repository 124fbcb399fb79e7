//! Append-only entries, the Merkle tree over them, signed checkpoints, proofs and their verifier.
//!
//! Pure: bytes in, bytes and verdicts out, without clock, randomness or files. It knows nothing of AI
//! management systems, so an auditor can build and read the verifier alone.

pub mod checkpoint;
pub mod entry;
pub mod hash;
mod header;
pub mod json;
pub mod key;
pub mod merkle;
pub mod note;
pub mod proof;
mod scan;
pub mod verify;

pub use checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
pub use entry::{Entry, EntryError, Fields, Header, HeaderRef};
pub use hash::{Hash, Hasher, Salt};
pub use json::canonical_json;
pub use key::{KeyError, KeyRing, SigningKey, VerifierKey};
pub use merkle::{Frontier, ProofError, Tree};
pub use note::{Note, NoteError};
pub use proof::{LogProof, LogProofError};
pub use verify::{EntryFault, Report, Verifier, VerifyError, verify};
