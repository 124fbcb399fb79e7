//! Append-only entries, the Merkle tree over them, signed checkpoints, proofs and their verifier.
//!
//! Pure: bytes in, bytes and verdicts out, without clock, randomness or files. It knows nothing of AI
//! management systems, so an auditor can build and read the verifier alone.

pub mod entry;
pub mod hash;
mod header;
pub mod json;
pub mod merkle;
pub mod verify;

pub use entry::{Entry, EntryError, Fields, Header, HeaderRef};
pub use hash::{Hash, Salt};
pub use json::canonical_json;
pub use verify::{EntryFault, VerifyError};
