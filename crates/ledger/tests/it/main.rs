//! What the ledger crate promises, against published vectors and random ledgers.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't go on fails")]

mod checkpoint;
mod header;
mod key;
mod ledger;
mod merkle;
mod note;
mod proof;
mod tampering;
mod vectors;
