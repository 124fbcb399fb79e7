//! A workbook as XLSX: one worksheet for each sheet and a last one with the legend and the origin of the figures.
//!
//! Nothing is ever a formula: text is written as string cells, and text that looks like a formula also carries
//! Excel's quote prefix, so that it stays text when somebody edits the cell. Equal input gives equal bytes. Limits are
//! those of Microsoft's "Excel specifications and limits".

mod formats;
mod legend;
mod names;
mod worksheet;

use jiff::tz::TimeZone;
use rust_xlsxwriter::DocProperties;

use crate::ReportError;
use crate::sheet::{Meta, Workbook};

use formats::Formats;
use names::Names;

/// What a worksheet can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows of a worksheet, header included; further rows go to a continuation sheet.
    pub rows: usize,
    /// Columns of a worksheet; more are refused.
    pub columns: usize,
    /// Reasons shown as notes on a worksheet. Notes are drawings: thousands make a file slow to open. Beyond this
    /// number only cells that call for action keep theirs.
    pub notes: usize,
}

impl Limits {
    /// The limits of Excel 2007 and later.
    pub const EXCEL: Self = Self { rows: 1_048_576, columns: 16_384, notes: 2_000 };
}

/// `workbook` as the bytes of an XLSX file.
///
/// # Errors
/// [`ReportError::TooManyColumns`] if a sheet is too wide, [`ReportError::Xlsx`] if the file cannot be packed.
pub fn write(workbook: &Workbook) -> Result<Vec<u8>, ReportError> {
    write_within(workbook, Limits::EXCEL)
}

/// As [`write`], with other limits.
///
/// # Errors
/// As [`write`].
pub fn write_within(workbook: &Workbook, limits: Limits) -> Result<Vec<u8>, ReportError> {
    let mut file = rust_xlsxwriter::Workbook::new();
    file.set_properties(&properties(&workbook.meta));
    let mut formats = Formats::new();
    let mut names = Names::default();
    for sheet in &workbook.sheets {
        if sheet.columns.len() > limits.columns {
            return Err(ReportError::TooManyColumns {
                sheet: sheet.name.clone(),
                columns: sheet.columns.len(),
                limit: limits.columns,
            });
        }
        for part in worksheet::parts(sheet, limits) {
            let name = names.unique(&sheet.name, part.number);
            let target = file.add_worksheet().set_name(name)?;
            worksheet::write(target, sheet, &part, &workbook.meta, &mut formats, limits)?;
        }
    }
    let name = names.unique("Legend", 1);
    legend::write(file.add_worksheet().set_name(name)?, workbook, &formats, limits)?;
    Ok(file.save_to_buffer()?)
}

fn properties(meta: &Meta) -> DocProperties {
    // Without a date of its own the writer would take the clock's.
    let made = meta.made_at.to_zoned(TimeZone::UTC).datetime();
    let made = worksheet::date(made).unwrap_or_default();
    DocProperties::new()
        .set_title(worksheet::short(&meta.title))
        .set_company(worksheet::short(&meta.organisation))
        .set_subject(format!("As it stood on {}", meta.as_of))
        .set_comment(match meta.ledger_size {
            0 => String::new(),
            size => format!("{size} ledger entries, root {}", worksheet::short(&meta.ledger_root)),
        })
        .set_creation_datetime(&made)
}
