//! Classification: worked examples, exactness over completions, dates, refusals, questions and proposals.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can't go on fails")]

mod completions;
mod counterfactuals;
mod dates;
mod examples;
mod monotone;
mod prefill;
mod reference;
mod refusals;
mod shape;
mod wizard;
