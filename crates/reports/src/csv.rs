//! A sheet as CSV (RFC 4180): a header of column keys, one line for each data row, CRLF line ends, UTF-8 without mark.
//!
//! Text that a spreadsheet would take for a formula gets a leading apostrophe, as OWASP's "CSV Injection" advises;
//! numbers, dates and yes/no stay themselves. Group headings, totals, marks and reasons are not written.

use std::borrow::Cow;

use crate::ReportError;
use crate::sheet::{Cell, CellValue, Sheet};

/// `sheet` as CSV. Lists are joined by `; `, dates and instants are ISO 8601, yes/no is `true`/`false`.
///
/// # Errors
/// [`ReportError::Csv`] if the table cannot be written, which memory alone could cause.
pub fn write(sheet: &Sheet) -> Result<Vec<u8>, ReportError> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer
        .write_record(sheet.columns.iter().map(|column| neutralised(&column.key).into_owned()))?;
    for cells in sheet.data() {
        for (index, _) in sheet.columns.iter().enumerate() {
            let cell = cells.get(index).unwrap_or(&Cell::EMPTY);
            writer.write_field(field(cell).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.into_inner().map_err(|error| ReportError::Csv(error.into_error().into()))
}

fn field(cell: &Cell) -> Cow<'_, str> {
    match &cell.value {
        CellValue::Empty => Cow::Borrowed(""),
        CellValue::Text(text) => neutralised(text),
        CellValue::List(items) => Cow::Owned(neutralised(&items.join("; ")).into_owned()),
        CellValue::Int(number) => Cow::Owned(number.to_string()),
        CellValue::Decimal(number) => Cow::Owned(number.to_string()),
        CellValue::Date(date) => Cow::Owned(date.to_string()),
        CellValue::Instant(instant) => Cow::Owned(instant.to_string()),
        CellValue::Bool(answer) => Cow::Borrowed(if *answer { "true" } else { "false" }),
    }
}

/// `text`, or `'text` where a spreadsheet might compute it.
fn neutralised(text: &str) -> Cow<'_, str> {
    if starts_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Whether a spreadsheet might read `text` as a formula: it begins with `=`, `+`, `-`, `@`, a tab or a line end, in
/// plain or full-width form, after any spaces and apostrophes. The apostrophes count so that taking one away from a
/// written cell always gives back what went in.
pub(crate) fn starts_formula(text: &str) -> bool {
    text.trim_start_matches([' ', '\''])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}
