//! What the management system promises, seen from outside the crate.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only plain #[test] functions as tests"
)]

mod desk;
mod lifecycles;
mod records;
mod rules;
mod samples;
