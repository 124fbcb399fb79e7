//! A table as cells, before anybody knows what it means.

use jiff::civil::Date;

/// One sheet, or the whole of a CSV file.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    pub(crate) sheet: Option<String>,
    /// Rows with at least one filled cell, in order.
    pub(crate) rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// 1-based, as a spreadsheet program numbers it.
    pub(crate) line: u32,
    /// By column, from the first of the sheet on.
    pub(crate) cells: Vec<Cell>,
    /// One cell merged over most of the row: a heading inside the table, not a record.
    pub(crate) banner: bool,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cell {
    #[default]
    Empty,
    /// Text and numbers; whole numbers without a fraction.
    Text(String),
    Bool(bool),
    Date(Date),
    /// What a formula that failed shows: `#REF!`.
    Fault(String),
}

impl Cell {
    pub(crate) fn of_text(text: &str) -> Cell {
        let text = text.trim();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }

    /// As a person reads it.
    pub(crate) fn text(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Cell::Empty => "".into(),
            Cell::Text(text) | Cell::Fault(text) => text.into(),
            Cell::Bool(true) => "yes".into(),
            Cell::Bool(false) => "no".into(),
            Cell::Date(date) => date.to_string().into(),
        }
    }
}

impl Row {
    pub(crate) fn cell(&self, column: usize) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.cells.get(column).unwrap_or(EMPTY)
    }

    pub(crate) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }
}

/// Columns beyond this one are ignored with a notice: no register has so many, a hostile file may.
pub(crate) const MAX_COLUMNS: usize = 1_000;
