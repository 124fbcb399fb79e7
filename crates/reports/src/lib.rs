//! Documents out: tables as terminal text, CSV, Markdown, JSON, XLSX, PDF and DOCX, and the HTML reader of an audit
//! pack.
//!
//! Everything is drawn from one neutral model, [`sheet::Workbook`]: whoever has a view turns it into sheets once and
//! can then hand it out in every form. This crate knows how a table looks in each form and how hostile text is kept
//! harmless there (formulas, markup, terminal controls). It must not know where a figure comes from, must not read a
//! clock, the environment or a file, and returns bytes and strings only.

pub mod csv;
pub mod docx;
mod error;
mod format;
pub mod json;
pub mod logo;
pub mod markdown;
pub mod pdf;
mod plain;
mod print;
pub mod reader;
pub mod sheet;
pub mod text;
pub mod views;
pub mod xlsx;

pub use error::ReportError;
pub use format::{Format, UnknownFormat, render};
pub use logo::{Logo, LogoError};
pub use sheet::{Cell, Column, Kind, LegendEntry, Meta, Sheet, Tone, Workbook};
pub use text::{Colour, TextOptions};
