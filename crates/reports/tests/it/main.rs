//! What documents promise: every format shows the same table, keeps hostile text harmless and is equal for equal input.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy knows only plain #[test] functions as tests"
)]

mod csv;
mod docx;
mod fixture;
mod hostile;
mod json;
mod markdown;
mod pdf;
mod reader;
mod sheet;
mod text;
mod xlsx;
