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
