//! The promises of the obligation module.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

mod binding;
mod calendar;
mod change;
mod classified;
mod derivation;
mod given;
mod impact;
mod overlap;
mod penalty;
mod properties;
mod state;
