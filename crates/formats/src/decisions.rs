//! Decisions on controls that were exported in a workbook, edited there, and come back.
//!
//! Knows the sheet "Decisions" and where the workbook says which ledger it was made of. Which cells were edited, and what
//! follows, is for whoever has the records. Nothing is computed: a cell with a formula is reported and not read.

use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx};
use surety_aims::decisions::Field;

use crate::inventory::{self, Place, Problem, Severity, converted, is_workbook};
use crate::limits::{Budget, check_size};

/// The sheet that holds the decisions.
const SHEET: &str = "Decisions";
/// The sheet that says where the figures come from.
const LEGEND: &str = "Legend";
/// Columns that are looked at.
const MOST_COLUMNS: usize = 200;

/// What a workbook says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Entries of the ledger that it was made of; `None`: it no longer says.
    pub ledger_size: Option<u64>,
    /// The root of the ledger at that size.
    pub ledger_root: String,
    /// In the order of the sheet.
    pub rows: Vec<Row>,
    /// What could not be read, each with its place.
    pub problems: Vec<Problem>,
}

/// One decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub place: Place,
    pub control: String,
    /// The id of the record; empty: there was none.
    pub record: String,
    pub version: String,
    /// The organisation, a group or an AI system.
    pub scope: String,
    /// What the cells of the fields say that the sheet has columns for.
    pub fields: Vec<(Field, Place, String)>,
}

/// Whether a file is such a workbook.
pub fn is_decisions(bytes: &[u8]) -> bool {
    check_size(bytes).is_ok()
        && is_workbook(bytes)
        && inventory::measure(bytes).is_ok()
        && guarded(|| {
            let book = open(bytes)?;
            let names = book.sheet_names();
            Ok(names.iter().any(|name| name == SHEET) && names.iter().any(|name| name == LEGEND))
        })
        .unwrap_or(false)
}

/// Reads such a workbook.
///
/// # Errors
/// Why it can't be read as a whole.
pub fn read(name: &str, bytes: &[u8]) -> Result<Decisions, String> {
    check_size(bytes).map_err(|error| error.to_string())?;
    inventory::measure(bytes)?;
    guarded(|| {
        let mut book = open(bytes)?;
        let mut budget = Budget::new();
        let mut found = Decisions::default();
        origin(&cells(&mut book, LEGEND, &mut budget)?, &mut found);
        table(name, &cells(&mut book, SHEET, &mut budget)?, &mut found);
        Ok(found)
    })
}

/// With overflow checks, the reader panics on impossible cell references. Nothing of it outlives the call.
fn guarded<T>(
    read: impl FnOnce() -> Result<T, String> + std::panic::UnwindSafe,
) -> Result<T, String> {
    let impossible = "a sheet has impossible cell references";
    std::panic::catch_unwind(read).unwrap_or_else(|_| Err(impossible.to_owned()))
}

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

fn open(bytes: &[u8]) -> Result<Book<'_>, String> {
    Xlsx::new(Cursor::new(bytes)).map_err(|error: calamine::XlsxError| error.to_string())
}

/// A cell of a sheet.
struct Cell {
    row: u32,
    column: usize,
    text: String,
    /// Why it is not read.
    unread: Option<&'static str>,
}

/// The filled cells of a sheet, in the order of the file.
fn cells(book: &mut Book<'_>, sheet: &str, budget: &mut Budget) -> Result<Vec<Cell>, String> {
    let wrong = |error: calamine::XlsxError| error.to_string();
    let mut reader = book.worksheet_cells_reader(sheet).map_err(wrong)?;
    let mut cells = Vec::new();
    while let Some(found) = reader.next_cell_with_formula_metadata().map_err(wrong)? {
        let (row, column) = found.pos;
        let text = if matches!(found.value, DataRef::Empty) {
            String::new()
        } else {
            converted(&found.value).text().replace("\r\n", "\n")
        };
        budget.spend(1, text.len()).map_err(|error| error.to_string())?;
        let Some(column) = usize::try_from(column).ok().filter(|at| *at < MOST_COLUMNS) else {
            continue;
        };
        let unread = match (&found.formula, &found.value) {
            (Some(_), _) => Some("is a formula; write the value itself"),
            (None, DataRef::Error(_)) => Some("is an error; write the value itself"),
            (None, _) => None,
        };
        if unread.is_some() || !text.is_empty() {
            cells.push(Cell { row, column, text, unread });
        }
    }
    cells.sort_by_key(|cell| (cell.row, cell.column));
    Ok(cells)
}

/// Which ledger the workbook was made of.
fn origin(legend: &[Cell], found: &mut Decisions) {
    for line in legend.chunk_by(|one, other| one.row == other.row) {
        let [label, value, ..] = line else { continue };
        match label.text.as_str() {
            "Ledger entries" => found.ledger_size = value.text.parse().ok(),
            "Ledger root" => found.ledger_root.clone_from(&value.text),
            _ => {}
        }
    }
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Control,
    Record,
    Version,
    Scope,
    Title,
    Field(Field),
}

impl Column {
    fn of(heading: &str) -> Option<Column> {
        match heading {
            "Control" => Some(Column::Control),
            "Record" => Some(Column::Record),
            "Version" => Some(Column::Version),
            "For" => Some(Column::Scope),
            "Title" => Some(Column::Title),
            _ => Field::ALL.into_iter().find(|field| field.heading() == heading).map(Column::Field),
        }
    }
}

fn table(name: &str, cells: &[Cell], found: &mut Decisions) {
    let mut lines = cells.chunk_by(|one, other| one.row == other.row);
    let mut columns: Vec<(usize, Column)> = Vec::new();
    for head in lines.next().unwrap_or_default() {
        let why = match Column::of(head.text.trim()) {
            Some(column) if columns.iter().all(|(_, known)| *known != column) => {
                columns.push((head.column, column));
                continue;
            }
            Some(_) => "is a second column of that name and was left out",
            None => "is no column of this sheet and was left out",
        };
        found.complain(name, head, &format!("`{}` {why}", head.text));
    }
    for (needed, heading) in NEEDED {
        if columns.iter().all(|(_, column)| *column != needed) {
            found.problems.push(Problem {
                place: place(name, 0, None),
                severity: Severity::Error,
                value: Some(heading.to_owned()),
                message: format!("the column `{heading}` is missing; export anew and edit that"),
            });
            return;
        }
    }
    for line in lines {
        let row = row(name, line, &columns, found);
        found.rows.extend(row);
    }
}

/// Columns without which nobody knows what a row is about.
const NEEDED: [(Column, &str); 4] = [
    (Column::Control, "Control"),
    (Column::Record, "Record"),
    (Column::Version, "Version"),
    (Column::Scope, "For"),
];

/// One row; `None` if it can't be known what it is about.
fn row(
    name: &str,
    line: &[Cell],
    columns: &[(usize, Column)],
    found: &mut Decisions,
) -> Option<Row> {
    let first = line.first().map_or(0, |cell| cell.row);
    let mut row = Row { place: place(name, first, None), ..Row::default() };
    for (at, column) in columns {
        let cell = line.iter().find(|cell| cell.column == *at);
        if let Some((cell, why)) = cell.and_then(|cell| Some((cell, cell.unread?))) {
            found.complain(name, cell, why);
            if NEEDED.iter().any(|(needed, _)| needed == column) {
                return None;
            }
            continue;
        }
        let text = cell.map(|cell| cell.text.trim().to_owned()).unwrap_or_default();
        match column {
            Column::Control => row.control = text,
            Column::Record => row.record = text,
            Column::Version => row.version = text,
            Column::Scope => row.scope = text,
            Column::Title => {}
            Column::Field(field) => {
                let place = place(name, first, Some((*at, field.heading())));
                row.fields.push((*field, place, text));
            }
        }
    }
    Some(row)
}

fn place(name: &str, row: u32, column: Option<(usize, &str)>) -> Place {
    let column = column.map(|(at, heading)| inventory::Column {
        number: u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1),
        name: heading.to_owned(),
    });
    Place {
        file: name.to_owned(),
        sheet: Some(SHEET.to_owned()),
        line: Some(row.saturating_add(1)),
        column,
        path: None,
    }
}

impl Decisions {
    fn complain(&mut self, name: &str, cell: &Cell, message: &str) {
        self.problems.push(Problem {
            place: place(name, cell.row, Some((cell.column, ""))),
            severity: Severity::Error,
            value: (!cell.text.is_empty()).then(|| cell.text.clone()),
            message: message.to_owned(),
        });
    }
}
