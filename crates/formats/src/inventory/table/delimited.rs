//! CSV: encoding and separator are recognised, quotes may hold line breaks, rows may be ragged.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::grid::{Cell, Grid, MAX_COLUMNS, Row};
use crate::limits::{Budget, LimitError};

/// What was recognised on the way.
#[derive(Debug)]
pub(crate) struct Delimited {
    pub(crate) grid: Grid,
    pub(crate) notices: Vec<String>,
}

/// The text of a file: UTF-8 or UTF-16 with byte order mark, UTF-8 without, else Windows-1252 as spreadsheet programs
/// still write it.
pub(crate) fn decoded(bytes: &[u8]) -> (Cow<'_, str>, &'static Encoding) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return (text, encoding);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), UTF_8),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0, WINDOWS_1252),
    }
}

/// Reads the table. Total: whatever the bytes, there are cells.
pub(crate) fn read(bytes: &[u8]) -> Result<Delimited, LimitError> {
    let (text, encoding) = decoded(bytes);
    let (text, separator) = separator(&text);
    let mut notices = Vec::new();
    if encoding == WINDOWS_1252 {
        notices.push("is not UTF-8 and was read as Windows-1252".to_owned());
    }
    let mut budget = Budget::new();
    let mut grid = Grid::default();
    let mut too_wide = false;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut lines = Lines::new(text);
    // The text is valid UTF-8 and rows may be ragged, so a record can't fail; if one did, the table would end there.
    while let Ok(true) = reader.read_record(&mut record) {
        let line = lines.of(&record);
        too_wide |= record.len() > MAX_COLUMNS;
        let cells: Vec<Cell> = record.iter().take(MAX_COLUMNS).map(Cell::of_text).collect();
        budget.spend(record.len(), record.as_slice().len())?;
        if cells.iter().any(|cell| !cell.is_empty()) {
            grid.rows.push(Row { line, cells, banner: false });
        }
    }
    if too_wide {
        notices.push(format!("has more than {MAX_COLUMNS} columns: those beyond were left out"));
    }
    Ok(Delimited { grid, notices })
}

/// Numbers records as a spreadsheet numbers rows: blank lines count, line breaks inside quotes do not.
struct Lines<'a> {
    text: &'a str,
    /// Up to here lines are counted.
    at: usize,
    line: usize,
    inside: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Lines<'a> {
        Lines { text, at: 0, line: 1, inside: 0 }
    }

    /// The 1-based row of the next record.
    fn of(&mut self, record: &csv::StringRecord) -> u32 {
        // The reader's own position lies before the blank lines that it then passes over.
        let start = record
            .position()
            .and_then(|position| usize::try_from(position.byte()).ok())
            .unwrap_or(self.at);
        let rest = self.text.get(start..).unwrap_or_default();
        let blank = rest.len().saturating_sub(rest.trim_start_matches(['\r', '\n']).len());
        let begin = start.saturating_add(blank);
        self.line =
            self.line.saturating_add(breaks(self.text.get(self.at..begin).unwrap_or_default()));
        self.at = begin;
        let row = self.line.saturating_sub(self.inside);
        self.inside = self.inside.saturating_add(record.iter().map(breaks).sum());
        u32::try_from(row).unwrap_or(u32::MAX)
    }
}

/// Line breaks of any of the three kinds.
fn breaks(text: &str) -> usize {
    let pairs = text.matches("\r\n").count();
    text.bytes().filter(|byte| matches!(byte, b'\r' | b'\n')).count().saturating_sub(pairs)
}

/// The separator, and the text without the `sep=;` line that spreadsheet programs understand.
fn separator(text: &str) -> (&str, u8) {
    let first = text.lines().next().unwrap_or_default();
    if let Some(&[separator]) = first.strip_prefix("sep=").map(str::as_bytes) {
        // The line stays: it becomes a row that no header row precedes, and the row numbers stay right.
        return (text, separator);
    }
    let separator =
        SEPARATORS.into_iter().max_by_key(|separator| evenness(text, *separator)).unwrap_or(b',');
    (text, separator)
}

/// Preferred last where equally good.
const SEPARATORS: [u8; 4] = [b'|', b'\t', b';', b','];

/// How well a separator cuts the first rows into equally many cells: (rows agreeing on a number above one, that number).
fn evenness(text: &str, separator: u8) -> (usize, usize) {
    let widths: Vec<usize> =
        widths(text, separator).into_iter().filter(|width| *width > 1).collect();
    widths
        .iter()
        .map(|width| (widths.iter().filter(|other| *other == width).count(), *width))
        .max()
        .unwrap_or_default()
}

fn widths(text: &str, separator: u8) -> Vec<usize> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    reader.records().take(20).map_while(Result::ok).map(|record| record.len()).collect()
}

/// Whether the text is a table: two rows at least, and nearly all agree on two cells or more.
pub(crate) fn is_tabular(text: &str) -> bool {
    SEPARATORS.into_iter().any(|separator| {
        let agreeing = evenness(text, separator).0;
        let rows = widths(text, separator).len();
        agreeing >= 2 && agreeing.saturating_mul(10) >= rows.saturating_mul(7)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let grid = read(bytes).unwrap().grid;
        grid.rows
            .iter()
            .map(|row| (row.line, row.cells.iter().map(|cell| cell.text().into_owned()).collect()))
            .collect()
    }

    fn row(line: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn the_separator_is_recognised() {
        for text in ["a,b\n1,2\n", "a;b\n1;2\n", "a\tb\n1\t2\n", "a|b\n1|2\n"] {
            assert_eq!(rows(text.as_bytes()), [row(1, &["a", "b"]), row(2, &["1", "2"])], "{text}");
        }
        assert_eq!(
            rows("name;text\nx;a, b, c\ny;d, e, f".as_bytes())[1],
            row(2, &["x", "a, b, c"])
        );
    }

    #[test]
    fn byte_order_marks_and_windows_1252_are_understood() {
        assert_eq!(rows("\u{feff}Größe,b\n1,2".as_bytes())[0], row(1, &["Größe", "b"]));
        assert_eq!(rows(b"Gr\xf6\xdfe,b\n1,2")[0], row(1, &["Größe", "b"]));
        let wide: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("a,b\n1,2".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(rows(&wide), [row(1, &["a", "b"]), row(2, &["1", "2"])]);
    }

    #[test]
    fn lines_are_numbered_as_a_spreadsheet_shows_them() {
        let text = "a,b\n\"two\nlines\",2\n\n3,4\n";
        assert_eq!(
            rows(text.as_bytes()),
            [row(1, &["a", "b"]), row(2, &["two\nlines", "2"]), row(4, &["3", "4"])]
        );
        assert_eq!(rows(b"a,b\r\n\"x\r\ny\",2\r\n3,4\r\n")[2].0, 3);
    }

    #[test]
    fn ragged_rows_and_broken_quotes_are_still_rows() {
        assert_eq!(rows(b"a,b,c\n1\n1,2,3,4\n").len(), 3);
        assert!(!rows(b"a,b\n\"never closed,2\n3,4").is_empty());
    }
}
