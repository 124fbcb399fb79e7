//! What the reporting clocks promise: the worked examples, the counting rules, public holidays, incidents, drills.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't go on fails")]

mod examples;
mod holidays;
mod hostile;
mod incidents;
mod laws_of_counting;
mod reports;
