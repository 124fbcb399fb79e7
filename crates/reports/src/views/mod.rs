//! The derivations as sheets: one file for each view, each a pure function from what was derived to
//! [`Sheet`](crate::sheet::Sheet)s.
//!
//! Knows how a view is laid out, which words and marks it uses and what its notes say. Must not decide anything that a
//! derivation has not decided: no rule, no condition, no date stands here. People are called what [`Names`] says, since
//! their names are kept beside the ledger.
//!
//! A document is made of the sheets of one view or of several:
//! `Workbook { meta: Meta { title: soa::TITLE.to_owned(), .. }, sheets: soa::sheets(..) }`. The first sheet of each
//! view is the one that single-table formats write.

pub mod activity;
pub mod classification;
pub mod clocks;
pub mod coverage;
pub mod diff;
pub mod dossier;
pub mod due;
pub mod gap;
pub mod inventory;
pub mod law;
pub mod plan;
pub mod policy;
pub mod readiness;
pub mod risks;
pub mod soa;

mod facts;
mod names;
mod words;

pub use names::{Names, positions};
pub use words::{choice, words};

use surety_aims::RecordId;

use crate::sheet::Cell;

/// How many items of a long list a cell shows; the long form has them all.
const SHOWN: usize = 3;

/// The id of a record.
fn id(record: RecordId) -> Cell {
    record.to_string().into()
}

/// `part of whole`.
fn of(part: u32, whole: u32) -> String {
    format!("{part} of {whole}")
}

/// The first few of `items`, and how many more there are.
fn first_few(items: impl ExactSizeIterator<Item = String>, separator: &str) -> String {
    let more = items.len().saturating_sub(SHOWN);
    let mut text = items.take(SHOWN).collect::<Vec<_>>().join(separator);
    if more > 0 {
        text.push_str(separator);
        text.push_str(&format!("and {more} more"));
    }
    text
}
