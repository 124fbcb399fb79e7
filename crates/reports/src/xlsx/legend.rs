//! The last worksheet: where the figures come from, what the marks mean, and the notes of every sheet.

use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::sheet::{LegendEntry, Meta, Workbook};

use super::Limits;
use super::formats::{Formats, toned};
use super::worksheet::{Notes, fitting, notes};

/// Writes the legend of `workbook`.
pub(super) fn write(
    target: &mut Worksheet,
    workbook: &Workbook,
    formats: &Formats,
    limits: Limits,
) -> Result<(), XlsxError> {
    target.set_column_width(0, 26)?.set_column_width(1, 100)?;
    target.set_landscape().set_print_fit_to_pages(1, 0);
    let mut row = write_origin(target, &workbook.meta, formats)?;
    row = write_marks(target, row + 1, workbook, formats)?;
    row += 1;
    for sheet in &workbook.sheets {
        let crowded = (notes(&sheet.rows, limits) == Notes::OnTrouble).then(|| {
            "There are too many reasons to show each as a note: only cells that are slipping or wrong have one. \
             The JSON output holds all."
                .to_owned()
        });
        for (index, note) in sheet.notes.iter().cloned().chain(crowded).enumerate() {
            if index == 0 {
                let name = fitting(sheet.name.as_str());
                target.write_string_with_format(row, 0, name, &formats.label)?;
            }
            target.write_string_with_format(row, 1, fitting(note), &formats.text)?;
            row += 1;
        }
    }
    Ok(())
}

fn write_origin(target: &mut Worksheet, meta: &Meta, formats: &Formats) -> Result<u32, XlsxError> {
    target.write_string_with_format(0, 0, fitting(meta.title.as_str()), &formats.title)?;
    let lines = [
        ("Organisation", meta.organisation.clone()),
        ("As it stood on", meta.as_of.to_string()),
        ("Made at", meta.made_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()),
        ("Ledger entries", meta.ledger_size.to_string()),
        ("Ledger root", meta.ledger_root.clone()),
    ];
    let mut row = 1;
    for (label, value) in lines {
        target.write_string_with_format(row, 0, label, &formats.label)?;
        target.write_string_with_format(row, 1, fitting(value), &formats.text)?;
        row += 1;
    }
    Ok(row)
}

fn write_marks(
    target: &mut Worksheet,
    first: u32,
    workbook: &Workbook,
    formats: &Formats,
) -> Result<u32, XlsxError> {
    let mut seen: Vec<&LegendEntry> = Vec::new();
    let mut row = first;
    for entry in workbook.sheets.iter().flat_map(|sheet| &sheet.legend) {
        if seen.contains(&entry) {
            continue;
        }
        seen.push(entry);
        let format = toned(formats.label.clone(), entry.mark.tone);
        let label = fitting(format!("{} {}", entry.mark.symbol, entry.label));
        target.write_string_with_format(row, 0, label, &format)?;
        target.write_string_with_format(row, 1, fitting(entry.meaning.as_ref()), &formats.text)?;
        row += 1;
    }
    Ok(row)
}
