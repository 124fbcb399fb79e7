//! Sheets as tables for a terminal.
//!
//! The caller says how wide the terminal is and whether colours are wanted; nothing is read from the environment.
//! Control characters of foreign text never reach the terminal. Where the width does not suffice for every column,
//! those of the highest rank give way, and the table says which. Reasons are not written.

use std::fmt::Write as _;

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width,
};

use crate::plain::{is_tag, without_controls};
use crate::print::{Block, blocks};
use crate::sheet::{Align, Cell, Column, Kind, Meta, Row, Sheet, Tone, Workbook};

/// How a terminal table is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextOptions {
    /// Width of the terminal in characters; `None` keeps every column and wraps nothing, as suits a pipe.
    pub width: Option<u16>,
    /// Whether ANSI colours are wanted.
    pub colour: Colour,
}

/// Whether a terminal table has colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Shapes and words only.
    #[default]
    Never,
    /// The shapes coloured and the headings bold, by ANSI escape codes.
    Always,
}

/// Stands in for a line that is put in after the table is drawn. A tag character: it has no width, belongs to the
/// character before it, and foreign text cannot hold one ([`without_controls`]).
const LATER: char = '\u{E0001}';
/// Between columns: the padding and the line's junction.
const GAP: u16 = PADDING + 1;
const PADDING: u16 = 1;
/// The thinnest table that is tried.
const THINNEST: u16 = 20;

/// The workbook: a line saying what it is, then every sheet under its title.
pub fn write_workbook(workbook: &Workbook, options: TextOptions) -> String {
    let Meta { organisation, title, as_of, ledger_size, .. } = &workbook.meta;
    let entries = match ledger_size {
        0 => String::new(),
        size => format!(", from {size} ledger entries"),
    };
    let mut out = format!(
        "{}\n{}, as it stood on {as_of}{entries}\n",
        bold(&one_line(title), options.colour),
        one_line(organisation),
    );
    for sheet in &workbook.sheets {
        let title = one_line(&sheet.title);
        let _ = write!(out, "\n{}\n{}", bold(&title, options.colour), write(sheet, options));
    }
    out
}

/// `sheet` as a table or as text, followed by what was left out, its notes and its legend.
pub fn write(sheet: &Sheet, options: TextOptions) -> String {
    if sheet.is_prose() {
        return prose(sheet, options);
    }
    let shown = columns_that_fit(sheet, options.width);
    let mut out = drawn(sheet, &shown, options);
    let rows = sheet.data().count();
    let _ = writeln!(out, "{rows} {}", if rows == 1 { "row" } else { "rows" });
    if shown.len() < sheet.columns.len() {
        out.push_str(&wrapped(&left_out(sheet, &shown), options.width));
    }
    for note in &sheet.notes {
        out.push_str(&wrapped(&one_line(note), options.width));
    }
    if !sheet.legend.is_empty() {
        let entries = sheet.legend.iter().map(|entry| {
            let symbol = tagged(entry.mark.symbol, entry.mark.tone, options.colour);
            // The spaces within an entry do not break.
            format!("{symbol} {}  ", one_line(&entry.label)).replace(' ', "\u{a0}")
        });
        let lines = wrapped(&entries.collect::<Vec<_>>().join(" "), options.width);
        out.push_str(&painted(&lines.replace('\u{a0}', " ")));
    }
    out
}

/// Running text, its headings set off.
fn prose(sheet: &Sheet, options: TextOptions) -> String {
    let mut out = String::new();
    for block in blocks(sheet) {
        match block {
            Block::Heading(_, text) => {
                let _ = writeln!(out, "\n{}", bold(&one_line(&text), options.colour));
            }
            Block::Paragraph(text) => out.push_str(&wrapped(&one_line(&text), options.width)),
            Block::Items(items) => {
                for item in items {
                    out.push_str(&wrapped(&format!("- {}", one_line(&item)), options.width));
                }
            }
            Block::Steps(items) => {
                for (number, item) in (1..).zip(items) {
                    out.push_str(&wrapped(
                        &format!("{number}. {}", one_line(&item)),
                        options.width,
                    ));
                }
            }
        }
    }
    out.push_str(
        &sheet.notes.iter().map(|note| wrapped(&one_line(note), options.width)).collect::<String>(),
    );
    out
}

/// The indices of the columns that are shown, in order.
fn columns_that_fit(sheet: &Sheet, width: Option<u16>) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..sheet.columns.len()).collect();
    let Some(width) = width else { return shown };
    let needs: Vec<usize> = sheet
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| usize::from(least_width(sheet, index, column) + GAP))
        .collect();
    let mut total: usize = needs.iter().sum();
    let mut by_rank: Vec<usize> = shown.clone();
    // The highest rank goes first, and of equal ranks the one farthest right.
    by_rank.sort_by_key(|index| {
        std::cmp::Reverse((sheet.columns.get(*index).map_or(0, |column| column.rank), *index))
    });
    for index in by_rank {
        let rank = sheet.columns.get(index).map_or(0, |column| column.rank);
        if total <= usize::from(width.max(THINNEST)) || rank == 0 {
            break;
        }
        total = total.saturating_sub(needs.get(index).copied().unwrap_or(0));
        shown.retain(|kept| *kept != index);
    }
    shown
}

/// The width below which a column is no longer pleasant to read.
fn least_width(sheet: &Sheet, index: usize, column: &Column) -> u16 {
    let widest = || {
        let cells = sheet.data().filter_map(|cells| cells.get(index));
        let longest = cells.map(|cell| cell.shown().chars().count()).max().unwrap_or(0);
        u16::try_from(longest).unwrap_or(u16::MAX).max(longest_word(&column.heading))
    };
    match column.kind {
        Kind::Text => widest().min(16),
        Kind::LongText => widest().min(24),
        Kind::Id | Kind::Number | Kind::Date | Kind::Bool | Kind::Status => widest().min(24),
        Kind::Mark => longest_word(&column.heading).min(10),
    }
}

fn longest_word(text: &str) -> u16 {
    let longest = text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
    u16::try_from(longest).unwrap_or(u16::MAX)
}

fn drawn(sheet: &Sheet, shown: &[usize], options: TextOptions) -> String {
    let mut table = empty_table(sheet, shown, options);
    let mut later = Vec::new();
    for row in &sheet.rows {
        match row {
            Row::Group(heading) => {
                table.add_row(vec![format!(" {LATER}")]);
                later.push(bold(&one_line(heading), options.colour));
            }
            Row::Cells(cells) => {
                table.add_row(line(sheet, shown, cells, options));
            }
            Row::Total(cells) => {
                table.add_row(vec![format!(" {LATER}")]);
                later.push(String::new());
                table.add_row(line(sheet, shown, cells, options));
            }
        }
    }
    let mut later = later.into_iter();
    let mut out = String::new();
    for line in table.lines() {
        let line = if line.contains(LATER) {
            later.next().unwrap_or_default()
        } else {
            painted(line.trim_end())
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

fn empty_table(sheet: &Sheet, shown: &[usize], options: TextOptions) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    let columns: Vec<(usize, &Column)> =
        shown.iter().filter_map(|index| Some((*index, sheet.columns.get(*index)?))).collect();
    table.set_header(columns.iter().map(|(_, column)| without_controls(&column.heading)));
    if let Some(width) = options.width {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width.max(THINNEST));
    } else {
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    for (drawn, (index, column)) in table.column_iter_mut().zip(&columns) {
        drawn.set_padding((0, PADDING));
        drawn.set_cell_alignment(match column.align {
            Align::Left => CellAlignment::Left,
            Align::Centre => CellAlignment::Center,
            Align::Right => CellAlignment::Right,
        });
        if options.width.is_some() {
            let least = Width::Fixed(least_width(sheet, *index, column) + PADDING);
            drawn.set_constraint(if column.kind == Kind::Mark {
                ColumnConstraint::Absolute(least)
            } else {
                ColumnConstraint::LowerBoundary(least)
            });
        }
    }
    table
}

fn line(sheet: &Sheet, shown: &[usize], cells: &[Cell], options: TextOptions) -> Vec<String> {
    let text = |index: &usize| {
        let cell = cells.get(*index).unwrap_or(&Cell::EMPTY);
        let words = cell.words();
        let words = without_controls(&words);
        let narrow = sheet.columns.get(*index).is_some_and(|column| column.kind == Kind::Mark);
        match cell.mark {
            None => words.into_owned(),
            Some(mark) => {
                let symbol = tagged(mark.symbol, mark.tone, options.colour);
                if narrow { symbol } else { format!("{symbol} {words}") }
            }
        }
    };
    shown.iter().map(text).collect()
}

fn left_out(sheet: &Sheet, shown: &[usize]) -> String {
    let hidden: Vec<String> = sheet
        .columns
        .iter()
        .enumerate()
        .filter(|(index, _)| !shown.contains(index))
        .map(|(_, column)| one_line(&column.heading))
        .collect();
    let named = hidden.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
    let more = hidden.len().saturating_sub(8);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("not shown at this width: {named}{more}")
}

/// `symbol` followed by the tag of its tone, which [`painted`] turns into a colour.
fn tagged(symbol: char, tone: Tone, colour: Colour) -> String {
    match colour {
        Colour::Never => symbol.to_string(),
        Colour::Always => format!("{symbol}{}", tag(tone)),
    }
}

fn tag(tone: Tone) -> char {
    match tone {
        Tone::Good => '\u{E0061}',
        Tone::Info => '\u{E0062}',
        Tone::Warn => '\u{E0063}',
        Tone::Bad => '\u{E0064}',
        Tone::Neutral => '\u{E0065}',
        Tone::NotApplicable => '\u{E0066}',
    }
}

/// `text` with every tagged shape in its colour. The codes come in after the table is drawn, so that they count for
/// nothing in its widths.
fn painted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let tone = Tone::ALL.into_iter().find(|tone| characters.peek() == Some(&tag(*tone)));
        let Some(tone) = tone else {
            out.push(character);
            continue;
        };
        characters.next();
        let code = match tone {
            Tone::Good => "32",
            Tone::Info => "34",
            Tone::Warn => "33",
            Tone::Bad => "31",
            Tone::Neutral | Tone::NotApplicable => "90",
        };
        let _ = write!(out, "\u{1b}[{code}m{character}\u{1b}[0m");
    }
    out
}

/// `text` in lines of at most `width` characters, broken at spaces.
fn wrapped(text: &str, width: Option<u16>) -> String {
    let width = width.map_or(usize::MAX, |width| usize::from(width.max(THINNEST)));
    let length = |word: &str| word.chars().filter(|character| !is_tag(*character)).count();
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if length(line) + 1 + length(word.trim_end()) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let lines = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

fn bold(text: &str, colour: Colour) -> String {
    match colour {
        Colour::Never => text.to_owned(),
        Colour::Always => format!("\u{1b}[1m{text}\u{1b}[0m"),
    }
}

fn one_line(text: &str) -> String {
    without_controls(text).replace('\n', " ")
}
