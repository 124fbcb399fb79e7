//! XLSX: visible sheets as cells. The archive is measured before anything is built from it.

use std::io::{Cursor, Read};

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx};
use jiff::civil::Date;

use super::grid::{Cell, Grid, MAX_COLUMNS, Row};
use crate::limits::{Budget, LimitError, MAX_TEXT_BYTES};

/// Why a workbook is not read.
#[derive(Debug)]
pub(crate) enum WorkbookError {
    Limit(String),
    Unreadable(String),
}

/// The visible sheets, and what was left out.
#[derive(Debug)]
pub(crate) struct Workbook {
    pub(crate) grids: Vec<Grid>,
    pub(crate) notices: Vec<String>,
}

/// Parts that one workbook may have.
const MAX_ENTRIES: usize = 10_000;

/// Whether the bytes are a ZIP archive that holds a workbook.
pub(crate) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
        && zip::ZipArchive::new(Cursor::new(bytes)).is_ok_and(|archive| {
            archive.file_names_raw().any(|name| name.eq_ignore_ascii_case(b"xl/workbook.xml"))
        })
}

/// Reads every visible worksheet, or only `wanted`.
pub(crate) fn read(bytes: &[u8], wanted: Option<&str>) -> Result<Workbook, WorkbookError> {
    measured(bytes)?;
    // With overflow checks, the reader panics on cell references beyond any sheet. Nothing of it outlives the call.
    std::panic::catch_unwind(|| sheets(bytes, wanted)).unwrap_or_else(|_| {
        Err(WorkbookError::Unreadable("a sheet has impossible cell references".to_owned()))
    })
}

fn sheets(bytes: &[u8], wanted: Option<&str>) -> Result<Workbook, WorkbookError> {
    let mut xlsx: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut book = Workbook { grids: Vec::new(), notices: Vec::new() };
    let mut budget = Budget::new();
    for sheet in xlsx.sheets_metadata().to_vec() {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        if sheet.visible != SheetVisible::Visible {
            book.notices.push(format!("sheet \"{}\" is hidden and was left out", sheet.name));
            continue;
        }
        if wanted.is_some_and(|wanted| !wanted.trim().eq_ignore_ascii_case(sheet.name.trim())) {
            book.grids.push(Grid { sheet: Some(sheet.name), rows: Vec::new() });
            continue;
        }
        let grid = grid(&mut xlsx, &sheet.name, &mut budget, &mut book.notices)?;
        book.grids.push(grid);
    }
    Ok(book)
}

/// Inflates every part into nothing and counts: what the archive says of its sizes need not be true.
fn measured(bytes: &[u8]) -> Result<(), WorkbookError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > MAX_ENTRIES {
        return Err(WorkbookError::Limit(format!(
            "the archive has {} parts, more than {MAX_ENTRIES}",
            archive.len()
        )));
    }
    let most = u64::try_from(MAX_TEXT_BYTES).unwrap_or(u64::MAX);
    let mut left = most;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(unreadable)?;
        // One byte more than allowed tells "exactly full" from "too much".
        let inflated = std::io::copy(&mut part.take(left.saturating_add(1)), &mut std::io::sink())
            .map_err(unreadable)?;
        left = left.checked_sub(inflated).ok_or_else(|| {
            WorkbookError::Limit(format!("the archive unpacks to more than {most} bytes"))
        })?;
    }
    Ok(())
}

/// The same, for who only wants to say what is wrong.
pub(crate) fn measure(bytes: &[u8]) -> Result<(), String> {
    measured(bytes).map_err(|error| match error {
        WorkbookError::Limit(why) | WorkbookError::Unreadable(why) => why,
    })
}

fn unreadable(error: impl std::fmt::Display) -> WorkbookError {
    WorkbookError::Unreadable(error.to_string())
}

fn limit(error: LimitError) -> WorkbookError {
    WorkbookError::Limit(error.to_string())
}

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The cells of one sheet, read one by one: a grid as wide and high as two far corners would not fit into memory.
fn grid(
    xlsx: &mut Book<'_>,
    name: &str,
    budget: &mut Budget,
    notices: &mut Vec<String>,
) -> Result<Grid, WorkbookError> {
    let merged = xlsx.merge_cells_by_sheet_name(name).unwrap_or_default();
    let mut rows: std::collections::BTreeMap<u32, Row> = std::collections::BTreeMap::new();
    let mut too_wide = false;
    let mut reader = xlsx.worksheet_cells_reader(name).map_err(unreadable)?;
    while let Some(cell) = reader.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let value = converted(cell.get_value());
        budget.spend(1, value.text().len()).map_err(limit)?;
        let Ok(column) = usize::try_from(column) else { continue };
        if value.is_empty() {
            continue;
        }
        if column >= MAX_COLUMNS {
            too_wide = true;
            continue;
        }
        let row = rows
            .entry(row)
            .or_insert_with(|| Row { line: row.saturating_add(1), ..Row::default() });
        place(row, column, value, budget)?;
    }
    if too_wide {
        notices.push(format!(
            "sheet \"{name}\" has more than {MAX_COLUMNS} columns: those beyond were left out"
        ));
    }
    spread_merged(&mut rows, &merged, budget)?;
    Ok(Grid { sheet: Some(name.to_owned()), rows: rows.into_values().collect() })
}

fn place(
    row: &mut Row,
    column: usize,
    value: Cell,
    budget: &mut Budget,
) -> Result<(), WorkbookError> {
    if row.cells.len() <= column {
        budget.spend(column.saturating_sub(row.cells.len()), 0).map_err(limit)?;
        row.cells.resize(column.saturating_add(1), Cell::Empty);
    }
    if let Some(cell) = row.cells.get_mut(column) {
        *cell = value;
    }
    Ok(())
}

/// A cell merged downwards speaks for every row that it covers; one merged over most of a row is a heading.
fn spread_merged(
    rows: &mut std::collections::BTreeMap<u32, Row>,
    merged: &[Dimensions],
    budget: &mut Budget,
) -> Result<(), WorkbookError> {
    let width = rows.values().map(|row| row.cells.len()).max().unwrap_or_default();
    for Dimensions { start: (top, left), end: (bottom, right) } in merged {
        let Ok(column) = usize::try_from(*left) else { continue };
        let Some(value) = rows.get(top).map(|row| row.cell(column).clone()) else { continue };
        if value.is_empty() {
            continue;
        }
        let across =
            usize::try_from(right.saturating_sub(*left)).unwrap_or_default().saturating_add(1);
        if across > 2 && across.saturating_mul(2) > width {
            if let Some(row) = rows.get_mut(top) {
                row.banner |= row.filled() <= 1;
            }
            continue;
        }
        for (line, row) in rows.range_mut(*top..=*bottom.max(top)) {
            // Many merged ranges over the same rows would take quadratic time.
            budget.spend(1, 0).map_err(limit)?;
            if line != top && row.cell(column).is_empty() {
                budget.spend(1, value.text().len()).map_err(limit)?;
                place(row, column, value.clone(), budget)?;
            }
        }
    }
    Ok(())
}

pub(crate) fn converted(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Text(number.to_string()),
        // Displayed without a fraction where there is none, and never in exponent form.
        DataRef::Float(number) => Cell::Text(number.to_string()),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::of_text(text),
        DataRef::SharedString(text) => Cell::of_text(text),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTimeIso(text) => text
            .get(..10)
            .and_then(|day| day.parse().ok())
            .map_or_else(|| Cell::of_text(text), Cell::Date),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let date = || {
                Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
            };
            // A time of day alone counts from the epoch.
            match date() {
                Some(date) if moment.is_datetime() && date.year() > 1904 => Cell::Date(date),
                Some(_) | None => Cell::Text(moment.as_f64().to_string()),
            }
        }
        DataRef::Error(error) => Cell::Fault(error.to_string()),
    }
}
