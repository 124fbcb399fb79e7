//! The promises of the obligation module.

mod binding;
mod calendar;
mod change;
mod derivation;
mod given;
mod impact;
mod overlap;
mod penalty;
mod properties;
mod state;
