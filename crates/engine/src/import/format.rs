//! What files that are taken in were read as.

use serde::Serialize;
use surety_formats::inventory;

/// What a file was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "&'static str")]
pub enum FileFormat {
    /// Something for the inventory.
    Inventory(inventory::Format),
    /// Decisions on controls that come back from the workbook of a Statement of Applicability.
    Decisions,
}

impl From<FileFormat> for &'static str {
    fn from(format: FileFormat) -> &'static str {
        match format {
            FileFormat::Inventory(format) => format.name(),
            FileFormat::Decisions => "soa",
        }
    }
}

impl std::fmt::Display for FileFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FileFormat::Inventory(format) => format.fmt(f),
            FileFormat::Decisions => f.write_str("decisions of a Statement of Applicability"),
        }
    }
}
