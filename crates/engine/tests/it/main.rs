//! What the engine promises, on real databases: SQLite in a folder and PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only plain #[test] functions as tests"
)]

mod backup;
mod commit;
mod crash;
mod decisions;
mod edits;
mod faulty;
mod folder;
mod given;
mod import;
mod keys;
mod moments;
mod oidc;
mod permission;
mod provider;
mod redaction;
mod remote;
#[path = "../../../aims/tests/it/samples.rs"]
#[expect(dead_code, reason = "shared with the tests of the records, which use more of it")]
mod samples;
mod search;
mod uploads;
