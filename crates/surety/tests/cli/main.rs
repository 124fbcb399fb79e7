//! The command line from outside: what people and scripts rely on. Each test has a data folder of its own, and the clock
//! stands still.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy knows only plain #[test] functions as tests"
)]

mod answers;
mod backup;
mod calendar;
mod classify;
mod clock;
mod demo;
mod desk;
mod door;
mod evidence;
mod examples;
mod folder;
mod frameworks;
mod help;
mod import;
mod kept_classes;
mod law;
mod law_documented;
mod ledger;
mod nodes;
mod obligations;
mod pack;
mod postgres;
mod records;
mod remote;
mod stale;
mod views;
