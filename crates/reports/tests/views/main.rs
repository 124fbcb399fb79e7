//! What the views promise: every derivation laid out as sheets, in words for people.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only plain #[test] functions as tests"
)]

mod catalog;
mod fixture;
mod layouts;
mod promises;
