//! What the management system promises, seen from outside the crate.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only plain #[test] functions as tests"
)]

mod assessed;
mod book;
mod cadence;
mod catalogs;
mod cover;
mod decide;
mod desk;
mod due;
mod events;
mod gap;
mod given;
mod inbox;
mod large;
mod lifecycles;
mod random;
mod records;
mod redact;
mod risks;
mod rules;
mod samples;
mod sight;
mod soa;
