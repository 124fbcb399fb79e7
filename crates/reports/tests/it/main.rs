//! What documents promise: every format shows the same table, keeps hostile text harmless and is equal for equal input.

mod csv;
mod fixture;
mod hostile;
mod json;
mod markdown;
mod reader;
mod sheet;
mod text;
mod xlsx;
