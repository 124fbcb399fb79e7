//! What can go wrong while a document is written.

/// Why a document could not be written. The text of a cell is never a reason: hostile text is made harmless instead.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// More columns than a worksheet can hold.
    #[error(
        "sheet `{sheet}` has {columns} columns, a worksheet holds {limit}: export fewer systems or use CSV"
    )]
    TooManyColumns {
        /// Name of the sheet.
        sheet: String,
        /// Columns that it has.
        columns: usize,
        /// Columns that the format allows.
        limit: usize,
    },
    /// More cells than a document for print can reasonably hold.
    #[error(
        "this comes to {cells} cells, a printed document holds {limit}: ask for less, or use XLSX"
    )]
    TooLong {
        /// Cells of all sheets together.
        cells: usize,
        /// Cells that the format allows.
        limit: usize,
    },
    /// The document could not be set. That is a fault of ours: nothing in a record can bring it about.
    #[error("the document could not be set as PDF: {0}")]
    Pdf(String),
    /// The document could not be packed.
    #[error("the document could not be written as DOCX")]
    Docx(#[from] std::io::Error),
    /// A table format was asked of a workbook without sheets.
    #[error("the workbook has no sheet to write")]
    NoSheet,
    /// The workbook could not be packed.
    #[error("the workbook could not be written as XLSX")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The table could not be written as CSV.
    #[error("the table could not be written as CSV")]
    Csv(#[from] ::csv::Error),
    /// A value could not be written as JSON.
    #[error("a value could not be written as JSON")]
    Json(#[from] serde_json::Error),
}
