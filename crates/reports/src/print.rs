//! What documents on paper share: which paper a table wants, in which parts it comes, and the words that people print.
//!
//! Knows sheets of paper and widths of letters, but no file format.

mod paper;
mod parts;
mod prose;
mod words;

pub(crate) use paper::{Paper, Shares};
pub(crate) use parts::{Part, parts};
pub(crate) use prose::{Block, blocks};
pub(crate) use words::{breakable, facts, footer, printed};
