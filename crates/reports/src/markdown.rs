//! Sheets as Markdown tables (GitHub Flavored Markdown), aligned so that the source reads as a table too.
//!
//! Every character that Markdown or HTML could take for markup is escaped; reasons are not written.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::plain::without_controls;
use crate::print::{Block, blocks};
use crate::sheet::{Align, Cell, Kind, Meta, Row, Sheet, Workbook};

/// Cells wider than this do not widen their column in the source; the rendered table is the same.
const PAD_AT_MOST: usize = 48;

/// The workbook: a title, where the figures come from, and every sheet under a heading of its own.
pub fn write_workbook(workbook: &Workbook) -> String {
    let Meta { organisation, title, as_of, made_at, ledger_size, ledger_root, logo: _, front: _ } =
        &workbook.meta;
    let mut out = format!("# {}\n\n", escaped(title));
    let made = made_at.strftime("%Y-%m-%d %H:%M UTC");
    let _ =
        write!(out, "Organisation: {}, as it stood on {as_of}. Made {made}", escaped(organisation));
    if *ledger_size > 0 {
        let root = without_controls(ledger_root).replace(['`', '\n'], " ");
        let _ = write!(out, " from {ledger_size} ledger entries, root `{root}`");
    }
    out.push_str(".\n");
    for sheet in &workbook.sheets {
        let _ = write!(out, "\n## {}\n\n{}", escaped(&sheet.title), write(sheet));
    }
    out
}

/// `sheet` as one table or as text, followed by its notes and its legend.
pub fn write(sheet: &Sheet) -> String {
    let mut out = if sheet.is_prose() { prose(sheet) } else { table(sheet) };
    for note in &sheet.notes {
        // The word in front keeps the text from opening a list or a heading.
        let _ = write!(out, "\nNote: {}\n", escaped(note));
    }
    if !sheet.legend.is_empty() {
        out.push('\n');
    }
    for entry in &sheet.legend {
        let (label, meaning) = (escaped(&entry.label), escaped(&entry.meaning));
        let _ = writeln!(out, "- {} {label}: {meaning}", entry.mark.symbol);
    }
    out
}

fn table(sheet: &Sheet) -> String {
    let table = lines(sheet);
    let widths = widths(&table, sheet.columns.len());
    let mut out = String::new();
    for (index, cells) in table.iter().enumerate() {
        push_line(&mut out, sheet, cells, &widths);
        if index == 0 {
            push_rule(&mut out, sheet, &widths);
        }
    }
    out
}

fn prose(sheet: &Sheet) -> String {
    let mut out = String::new();
    for (index, block) in blocks(sheet).into_iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "\n" });
        let _ = match block {
            // The title of the sheet stands on the second level.
            Block::Heading(level, text) => {
                writeln!(out, "{} {}", "#".repeat(usize::from(level) + 2), escaped(&text))
            }
            Block::Paragraph(text) => writeln!(out, "{}", unstarted(&escaped(&text))),
            Block::Items(items) => {
                items.iter().try_for_each(|item| writeln!(out, "- {}", escaped(item)))
            }
            Block::Steps(items) => (1..)
                .zip(&items)
                .try_for_each(|(number, item)| writeln!(out, "{number}. {}", escaped(item))),
        };
    }
    out
}

/// A paragraph that opens no list, heading or rule, whatever it begins with.
fn unstarted(text: &str) -> Cow<'_, str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    if rest.starts_with(['.', ')']) && digits > 0 {
        return Cow::Owned(format!("{number}\\{rest}"));
    }
    if rest.starts_with(['-', '+', '=', ':']) && digits == 0 {
        return Cow::Owned(format!("\\{rest}"));
    }
    Cow::Borrowed(text)
}

/// The header and every row, escaped; a group is a bold first cell.
fn lines(sheet: &Sheet) -> Vec<Vec<String>> {
    let heading = sheet.columns.iter().map(|column| escaped(&column.heading)).collect();
    let rows = sheet.rows.iter().map(|row| match row {
        Row::Group(heading) => vec![format!("**{}**", escaped(heading))],
        Row::Cells(cells) | Row::Total(cells) => sheet
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| body(cells.get(index).unwrap_or(&Cell::EMPTY), column.kind))
            .collect(),
    });
    std::iter::once(heading).chain(rows).collect()
}

fn body(cell: &Cell, kind: Kind) -> String {
    match (kind, cell.mark) {
        (Kind::Mark, Some(mark)) => mark.symbol.to_string(),
        _ => escaped(&cell.shown()),
    }
}

fn widths(table: &[Vec<String>], columns: usize) -> Vec<usize> {
    let width = |index: usize| {
        let cells = table.iter().filter(|cells| cells.len() > 1 || columns == 1);
        let longest = cells.filter_map(|cells| cells.get(index)).map(|cell| cell.chars().count());
        longest.filter(|width| *width <= PAD_AT_MOST).max().unwrap_or(0).max(3)
    };
    (0..columns).map(width).collect()
}

fn push_line(out: &mut String, sheet: &Sheet, cells: &[String], widths: &[usize]) {
    for (index, (column, width)) in sheet.columns.iter().zip(widths).enumerate() {
        let text = cells.get(index).map_or("", String::as_str);
        let _ = match column.align {
            Align::Right => write!(out, "| {text:>width$} "),
            Align::Left | Align::Centre => write!(out, "| {text:<width$} "),
        };
    }
    out.push_str("|\n");
}

fn push_rule(out: &mut String, sheet: &Sheet, widths: &[usize]) {
    for (column, width) in sheet.columns.iter().zip(widths) {
        let dashes = "-".repeat(*width);
        let _ = match column.align {
            Align::Left => write!(out, "| {dashes} "),
            Align::Centre => write!(out, "|:{dashes}:"),
            Align::Right => write!(out, "| {dashes}:"),
        };
    }
    out.push_str("|\n");
}

/// `text` as Markdown that shows exactly `text`, on one line.
fn escaped(text: &str) -> String {
    let text = without_controls(text);
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut characters = text.trim().chars().peekable();
    while let Some(character) = characters.next() {
        let inside = before.is_alphanumeric()
            && characters.peek().is_some_and(|after| after.is_alphanumeric());
        match character {
            '\n' => out.push_str("<br>"),
            '\\' | '|' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '~' | '#' => {
                out.push('\\');
                out.push(character);
            }
            // Within a word an underscore is only itself, and names of fields stay readable.
            '_' if !inside => out.push_str("\\_"),
            _ => out.push(character),
        }
        before = character;
    }
    out
}
