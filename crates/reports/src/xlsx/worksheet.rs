//! One sheet as a worksheet: header, rows, notes, what stays in view, and how it prints.

use std::borrow::Cow;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{ExcelDateTime, Note, Worksheet, XlsxError};

use crate::csv::starts_formula;
use crate::plain::xml_characters;
use crate::sheet::{Cell, CellValue, Column, Decimal, Kind, Meta, Row, Sheet, Tone};

use super::Limits;
use super::formats::{Content, Formats, Look, Weight};
use super::names::cut;

/// Characters of a cell, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;
/// Stands at the end of text that was cut.
const CUT: &str = surety_aims::decisions::CUT;
/// Longest reason that is shown as a note.
const LONGEST_NOTE: usize = 1_000;
/// Longest text in a document property or a page header.
const LONGEST_PROPERTY: usize = 200;
/// A3, on which a matrix is printed (ECMA-376 part 1, 18.3.1.63).
const A3: u8 = 8;
/// A4.
const A4: u8 = 9;
/// Columns from which a sheet prints on A3.
const WIDE: usize = 12;
/// Characters that stay readable side by side on a landscape page; a wider sheet prints on several pages across.
const CHARACTERS_A_PAGE: u32 = 260;
/// Height of a header with turned headings, in points.
const TURNED_HEIGHT: u32 = 130;
/// The largest whole number that a spreadsheet, which has floating point only, keeps exactly: 2 to the power of 53.
const LARGEST_EXACT: u64 = 1 << 53;

/// The rows of a sheet that go to one worksheet.
pub(super) struct Part<'a> {
    /// 1 for the first worksheet, 2 for the first continuation.
    pub(super) number: usize,
    rows: &'a [Row],
    notes: Notes,
}

/// Which reasons of a worksheet are shown as notes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Notes {
    /// All.
    Every,
    /// There are too many: only those of cells that are slipping or wrong.
    OnTrouble,
}

/// `sheet` in worksheets of at most `limits.rows` rows, header included; at least one.
pub(super) fn parts(sheet: &Sheet, limits: Limits) -> Vec<Part<'_>> {
    let notes = notes(&sheet.rows, limits);
    let size = limits.rows.saturating_sub(1).max(1);
    if sheet.rows.is_empty() {
        return vec![Part { number: 1, rows: &[], notes }];
    }
    let chunks = sheet.rows.chunks(size).enumerate();
    chunks.map(|(index, rows)| Part { number: index + 1, rows, notes }).collect()
}

/// Whether all reasons of `rows` can be shown.
pub(super) fn notes(rows: &[Row], limits: Limits) -> Notes {
    let reasons = rows.iter().flat_map(cells_of).filter(|cell| cell.why.is_some()).count();
    if reasons > limits.notes { Notes::OnTrouble } else { Notes::Every }
}

/// `text` short enough for a document property.
pub(super) fn short(text: &str) -> String {
    cut(&xml_characters(text), LONGEST_PROPERTY).to_owned()
}

/// `text` as Excel can hold it: allowed characters, cut with a mark where it is too long.
pub(super) fn fitting<'a>(text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
    let text = match text.into() {
        Cow::Borrowed(text) => xml_characters(text),
        Cow::Owned(text) => Cow::Owned(xml_characters(&text).into_owned()),
    };
    if cut(&text, LONGEST_TEXT).len() == text.len() {
        return text;
    }
    let kept = cut(&text, LONGEST_TEXT - CUT.chars().count());
    Cow::Owned(format!("{kept}{CUT}"))
}

/// Writes `part` of `sheet`.
pub(super) fn write(
    target: &mut Worksheet,
    sheet: &Sheet,
    part: &Part<'_>,
    meta: &Meta,
    formats: &mut Formats,
    limits: Limits,
) -> Result<(), XlsxError> {
    write_header(target, sheet, formats)?;
    let mut notes_left = limits.notes;
    for (row, number) in part.rows.iter().zip(1_u32..) {
        write_row(target, sheet, row, number, formats)?;
        for (cell, column) in cells_of(row).iter().zip(0_u16..).take(sheet.columns.len()) {
            if notes_left > 0 && write_note(target, cell, number, column, part.notes)? {
                notes_left -= 1;
            }
        }
    }
    let last_row = u32::try_from(part.rows.len()).unwrap_or(u32::MAX);
    arrange(target, sheet, last_row)?;
    print_setup(target, sheet, meta)
}

fn write_header(target: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<(), XlsxError> {
    for (column, index) in sheet.columns.iter().zip(0_u16..) {
        let turned = column.kind == Kind::Mark;
        let format = if turned { &formats.turned_heading } else { &formats.heading };
        target.write_string_with_format(0, index, fitting(column.heading.as_ref()), format)?;
        target.set_column_width(index, f64::from(column.width))?;
    }
    let turned = sheet.columns.iter().any(|column| column.kind == Kind::Mark);
    let lines = sheet.columns.iter().map(|column| lines(&column.heading, column.width)).max();
    target.set_row_height(0, if turned { TURNED_HEIGHT } else { height(lines.unwrap_or(1)) })?;
    Ok(())
}

fn write_row(
    target: &mut Worksheet,
    sheet: &Sheet,
    row: &Row,
    number: u32,
    formats: &mut Formats,
) -> Result<(), XlsxError> {
    let (cells, weight) = match row {
        Row::Group(heading) => {
            target.write_string_with_format(
                number,
                0,
                fitting(heading.as_ref()),
                &formats.group,
            )?;
            for (_, index) in sheet.columns.iter().zip(0_u16..).skip(1) {
                target.write_blank(number, index, &formats.group)?;
            }
            return Ok(());
        }
        Row::Cells(cells) => (cells, Weight::Body),
        Row::Total(cells) => (cells, Weight::Total),
    };
    for ((column, index), position) in sheet.columns.iter().zip(0_u16..).zip(0_usize..) {
        let cell = cells.get(position).unwrap_or(&Cell::EMPTY);
        write_cell(target, (number, index), cell, column, weight, formats)?;
    }
    let tallest = sheet.columns.iter().zip(cells).filter(|(column, _)| wraps(column.kind));
    let lines = tallest.map(|(column, cell)| lines(&cell.shown(), column.width)).max();
    if let Some(lines) = lines.filter(|lines| *lines > 1) {
        target.set_row_height(number, height(lines))?;
    }
    Ok(())
}

fn wraps(kind: Kind) -> bool {
    matches!(kind, Kind::Text | Kind::LongText | Kind::Status)
}

/// Lines that `text` needs in a column of `width` characters. Not every program fits rows to wrapped text by itself.
fn lines(text: &str, width: u16) -> u32 {
    // A column's width counts digits; letters are narrower on average.
    let width = usize::from(width.max(1) + width / 8);
    let lines: usize = text.lines().map(|line| line.chars().count().div_ceil(width).max(1)).sum();
    u32::try_from(lines).unwrap_or(u32::MAX).max(1)
}

/// The height of a row of so many lines of text, in points; 409 is the most that Excel shows.
fn height(lines: u32) -> u32 {
    lines.saturating_mul(13).saturating_add(2).min(409)
}

fn write_cell(
    target: &mut Worksheet,
    (row, at): (u32, u16),
    cell: &Cell,
    column: &Column,
    weight: Weight,
    formats: &mut Formats,
) -> Result<(), XlsxError> {
    let content = Written::of(cell, column.kind);
    let Column { kind, align, .. } = *column;
    let look = Look { kind, align, mark: cell.mark, content: content.look(), weight };
    let format = formats.of(look);
    match content {
        Written::Blank => target.write_blank(row, at, format)?,
        Written::Text(text) => target.write_string_with_format(row, at, text, format)?,
        Written::Number(value, _) => target.write_number_with_format(row, at, value, format)?,
        Written::Date(date) | Written::Instant(date) => {
            target.write_datetime_with_format(row, at, &date, format)?
        }
        Written::Bool(answer) => target.write_boolean_with_format(row, at, answer, format)?,
    };
    Ok(())
}

/// What goes into a cell.
enum Written<'a> {
    Blank,
    Text(Cow<'a, str>),
    /// The value and the digits after the point.
    Number(f64, u8),
    Date(ExcelDateTime),
    Instant(ExcelDateTime),
    Bool(bool),
}

impl<'a> Written<'a> {
    /// Numbers and dates that Excel would round or does not know are written in words.
    fn of(cell: &'a Cell, kind: Kind) -> Self {
        if let (Kind::Mark, Some(mark)) = (kind, cell.mark) {
            return Self::Text(Cow::Owned(mark.symbol.to_string()));
        }
        let exact = match &cell.value {
            CellValue::Empty if cell.mark.is_none() => Some(Self::Blank),
            CellValue::Int(units) => number(Decimal { units: *units, scale: 0 }),
            CellValue::Decimal(decimal) => number(*decimal),
            CellValue::Date(day) => date(day.at(0, 0, 0, 0)).map(Self::Date),
            CellValue::Instant(instant) => {
                date(instant.to_zoned(TimeZone::UTC).datetime()).map(Self::Instant)
            }
            // A marked yes or no is written in words: it needs its shape.
            CellValue::Bool(answer) if cell.mark.is_none() => Some(Self::Bool(*answer)),
            CellValue::Empty | CellValue::Bool(_) | CellValue::Text(_) | CellValue::List(_) => None,
        };
        exact.unwrap_or_else(|| Self::Text(fitting(cell.shown())))
    }

    fn look(&self) -> Content {
        match self {
            Self::Text(text) if starts_formula(text) => Content::Quoted,
            Self::Blank | Self::Bool(_) | Self::Text(_) => Content::Text,
            Self::Number(_, places) => Content::Places(*places),
            Self::Date(_) => Content::Date,
            Self::Instant(_) => Content::Instant,
        }
    }
}

fn number(decimal: Decimal) -> Option<Written<'static>> {
    if decimal.units.unsigned_abs() > LARGEST_EXACT {
        return None;
    }
    decimal.to_string().parse().ok().map(|value| Written::Number(value, decimal.scale))
}

/// `moment` for Excel, which knows the years 1900 to 9999.
pub(super) fn date(moment: DateTime) -> Option<ExcelDateTime> {
    let year = u16::try_from(moment.year()).ok().filter(|year| *year >= 1900)?;
    let field = |value: i8| u8::try_from(value).ok();
    let day = ExcelDateTime::from_ymd(year, field(moment.month())?, field(moment.day())?).ok()?;
    let hour = u16::from(field(moment.hour())?);
    day.and_hms(hour, field(moment.minute())?, f64::from(moment.second())).ok()
}

/// Shows the reason of `cell` as a note if it is one of those that `notes` lets through; says whether it did.
fn write_note(
    target: &mut Worksheet,
    cell: &Cell,
    row: u32,
    column: u16,
    notes: Notes,
) -> Result<bool, XlsxError> {
    let trouble = cell.mark.is_some_and(|mark| matches!(mark.tone, Tone::Warn | Tone::Bad));
    let Some(why) = cell.why.as_deref().filter(|_| notes == Notes::Every || trouble) else {
        return Ok(false);
    };
    let why = xml_characters(why);
    let kept = cut(&why, LONGEST_NOTE);
    let text = if kept.len() == why.len() { why.into_owned() } else { format!("{kept}{CUT}") };
    let lines = text.lines().map(|line| line.chars().count() / 46 + 1).sum::<usize>().min(24);
    let height = u32::try_from(lines).unwrap_or(24) * 17 + 12;
    let note = Note::new(text).set_author("Surety").add_author_prefix(false);
    target.insert_note(row, column, &note.set_width(320).set_height(height))?;
    Ok(true)
}

fn arrange(target: &mut Worksheet, sheet: &Sheet, last_row: u32) -> Result<(), XlsxError> {
    target.set_freeze_panes(1 + u32::from(sheet.frozen.rows), sheet.frozen.columns)?;
    let last_column = last_column(sheet);
    if last_row > 0 && !sheet.columns.is_empty() {
        target.autofilter(0, 0, last_row, last_column)?;
    }
    Ok(())
}

fn print_setup(target: &mut Worksheet, sheet: &Sheet, meta: &Meta) -> Result<(), XlsxError> {
    let characters: u32 = sheet.columns.iter().map(|column| u32::from(column.width)).sum();
    let pages = u16::try_from(characters.div_ceil(CHARACTERS_A_PAGE)).unwrap_or(u16::MAX);
    target
        .set_landscape()
        .set_paper_size(if sheet.columns.len() >= WIDE { A3 } else { A4 })
        .set_print_fit_to_pages(pages.max(1), 0)
        .set_margins(0.4, 0.4, 0.7, 0.6, 0.3, 0.3)
        .set_header(format!(
            "&L&\"Calibri,Bold\"{}&R{}, as it stood on {}",
            for_header(&sheet.title),
            for_header(&meta.organisation),
            meta.as_of
        ))
        .set_footer("&L&A&RPage &P of &N");
    target.set_repeat_rows(0, 0)?;
    if let Some(last) = sheet.frozen.columns.checked_sub(1).filter(|_| pages > 1) {
        target.set_repeat_columns(0, last.min(last_column(sheet)))?;
    }
    Ok(())
}

/// `text` in a page header, where `&` begins a code and 255 characters are all.
fn for_header(text: &str) -> String {
    let text = xml_characters(text).replace('\n', " ");
    cut(&text, 90).replace('&', "&&")
}

fn last_column(sheet: &Sheet) -> u16 {
    u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX)
}

fn cells_of(row: &Row) -> &[Cell] {
    match row {
        Row::Group(_) => &[],
        Row::Cells(cells) | Row::Total(cells) => cells,
    }
}
