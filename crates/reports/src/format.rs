//! The names of the output formats and the one place that chooses a writer.

use std::fmt;
use std::str::FromStr;

use crate::sheet::{Sheet, Workbook};
use crate::text::TextOptions;
use crate::{ReportError, csv, docx, json, markdown, pdf, text, xlsx};

/// An output format, named on the command line by [`Format::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A table for a terminal.
    Table,
    /// JSON: the rows of the first sheet.
    Json,
    /// CSV: the rows of the first sheet.
    Csv,
    /// A spreadsheet with every sheet and a legend.
    Xlsx,
    /// Markdown with every sheet.
    Markdown,
    /// A document for print, tagged for screen readers.
    Pdf,
    /// A document for word processors.
    Docx,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 7] =
        [Self::Table, Self::Json, Self::Csv, Self::Xlsx, Self::Markdown, Self::Pdf, Self::Docx];

    /// Whether a document in it has a place for a logo.
    pub const fn shows_pictures(self) -> bool {
        match self {
            Self::Pdf | Self::Docx => true,
            Self::Table | Self::Json | Self::Csv | Self::Xlsx | Self::Markdown => false,
        }
    }

    /// Whether it is nothing that a terminal can show.
    pub const fn is_binary(self) -> bool {
        match self {
            Self::Xlsx | Self::Pdf | Self::Docx => true,
            Self::Table | Self::Json | Self::Csv | Self::Markdown => false,
        }
    }

    /// The name: `table`, `json`, `csv`, `xlsx`, `md`, `pdf`, `docx`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Markdown => "md",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let found = Self::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| UnknownFormat { name: name.to_owned() })
    }
}

/// A name that is no output format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is no output format: use table, json, csv, xlsx, md, pdf or docx")]
pub struct UnknownFormat {
    /// The name that was given.
    pub name: String,
}

/// `workbook` in `format`: CSV and JSON hold the first sheet, the others every sheet. `options` is for tables only.
///
/// # Errors
/// [`ReportError`] if there is no sheet or the format cannot hold it.
pub fn render(
    workbook: &Workbook,
    format: Format,
    options: TextOptions,
) -> Result<Vec<u8>, ReportError> {
    let first =
        || -> Result<&Sheet, ReportError> { workbook.sheets.first().ok_or(ReportError::NoSheet) };
    match format {
        Format::Table => Ok(text::write_workbook(workbook, options).into_bytes()),
        Format::Json => json::write(first()?).map(String::into_bytes),
        Format::Csv => csv::write(first()?),
        Format::Xlsx => xlsx::write(workbook),
        Format::Markdown => Ok(markdown::write_workbook(workbook).into_bytes()),
        Format::Pdf => pdf::write(workbook),
        Format::Docx => docx::write(workbook),
    }
}
