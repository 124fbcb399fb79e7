//! Foreign files in and out: parsers and writers. No I/O: bytes come in, typed values and a report go out.
//!
//! Knows the file formats of others. Must not know ledgers, stores or the command line, and never trusts its input:
//! every reader keeps to [`limits`], names line and field of what is wrong, and keeps what it does not understand.

pub mod decisions;
pub mod inventory;
pub mod library;
pub mod limits;
