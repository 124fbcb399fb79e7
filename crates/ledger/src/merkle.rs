//! The Merkle tree of RFC 6962 section 2.1.
//!
//! Knows hashes only, not what is hashed.

use crate::hash::Hash;

/// The hash of a leaf: SHA-256(0x00 || data).
pub fn leaf_hash(data: &[u8]) -> Hash {
    Hash::of_parts(&[&[0], data])
}
