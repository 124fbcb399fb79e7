//! A sheet as an HTML table.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::sheet::{Cell, CellValue, Column, Kind, Mark, Row, Sheet, Tone};

use super::html::Html;

/// Columns from which a table gets a scrolling box of its own instead of the page's width.
const WIDE: usize = 14;

/// The ids of the records on the page, which become links.
pub(super) type Ids<'a> = BTreeSet<&'a str>;

/// Writes `sheet` with its caption, notes and legend. `anchor` names its elements; row anchors are made of the
/// first column if `rows` says so.
pub(super) fn write(out: &mut Html, sheet: &Sheet, anchor: &str, ids: &Ids<'_>, rows: RowAnchors) {
    let scope = Scope { sheet, ids, rows };
    out.raw("<div class=\"box");
    if sheet.columns.len() >= WIDE {
        out.raw(" wide");
    }
    out.raw("\" role=\"region\" tabindex=\"0\" aria-labelledby=\"").text(anchor);
    out.raw("-caption\"><table id=\"").text(anchor).raw("-table\"><caption id=\"").text(anchor);
    out.raw("-caption\">").text(&sheet.title).raw(" <span class=\"count\">");
    let count = u64::try_from(sheet.data().count()).unwrap_or(u64::MAX);
    out.number(count).raw(if count == 1 { " row" } else { " rows" }).raw("</span></caption>");
    head(out, sheet);
    body(out, &scope);
    out.raw("</table></div>\n");
    remarks(out, sheet);
}

/// Whether rows can be linked to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RowAnchors {
    /// They cannot.
    None,
    /// By the text of their first cell.
    FirstCell,
}

struct Scope<'a> {
    sheet: &'a Sheet,
    ids: &'a Ids<'a>,
    rows: RowAnchors,
}

fn head(out: &mut Html, sheet: &Sheet) {
    out.raw("<thead><tr>");
    for column in &sheet.columns {
        out.raw("<th scope=\"col\"").raw(class(column)).raw("><span>");
        out.text(&column.heading).raw("</span></th>");
    }
    out.raw("</tr></thead>\n");
}

/// One `tbody` for each group, so that its heading is the heading of its rows to a screen reader too.
fn body(out: &mut Html, scope: &Scope<'_>) {
    if !matches!(scope.sheet.rows.first(), Some(Row::Group(_) | Row::Total(_))) {
        out.raw("<tbody>");
    }
    let mut close = "";
    for row in &scope.sheet.rows {
        match row {
            Row::Group(heading) => {
                let span = u64::try_from(scope.sheet.columns.len()).unwrap_or(1);
                out.raw(close).raw("<tbody><tr class=\"g\"><th scope=\"rowgroup\" colspan=\"");
                out.number(span).raw("\"><span>").text(heading).raw("</span></th></tr>\n");
            }
            Row::Cells(cells) => line(out, scope, cells),
            Row::Total(cells) => {
                out.raw(close).raw("<tbody class=\"t\">");
                line(out, scope, cells);
            }
        }
        close = "</tbody>\n";
    }
    out.raw("</tbody>");
}

fn line(out: &mut Html, scope: &Scope<'_>, cells: &[Cell]) {
    out.raw("<tr");
    let anchor = cells.first().map(Cell::words).filter(|_| scope.rows == RowAnchors::FirstCell);
    if let Some(anchor) = anchor.filter(|anchor| is_id(anchor)) {
        out.raw(" id=\"").text(&anchor).raw("\"");
    }
    out.raw(">");
    for (index, column) in scope.sheet.columns.iter().enumerate() {
        let cell = cells.get(index).unwrap_or(&Cell::EMPTY);
        let heading = index == 0 && cell.value != CellValue::Empty;
        out.raw(if heading { "<th scope=\"row\"" } else { "<td" }).raw(class(column)).raw(">");
        value(out, scope, cell, column);
        out.raw(if heading { "</th>" } else { "</td>" });
    }
    out.raw("</tr>\n");
}

fn class(column: &Column) -> &'static str {
    match column.kind {
        Kind::Text | Kind::Bool => "",
        Kind::LongText => " class=\"l\"",
        Kind::Id => " class=\"i\"",
        Kind::Number => " class=\"n\"",
        Kind::Date => " class=\"d\"",
        Kind::Status => " class=\"s\"",
        Kind::Mark => " class=\"m\"",
    }
}

/// The value, and its reason behind it: `details` needs no script and is at home on a keyboard.
fn value(out: &mut Html, scope: &Scope<'_>, cell: &Cell, column: &Column) {
    match &cell.why {
        None => shown(out, scope, cell, column),
        Some(why) => {
            // Of the reasons behind bare shapes one is open at a time: they lie over their neighbours.
            let mark = column.kind == Kind::Mark;
            out.raw(if mark { "<details name=\"why\"><summary>" } else { "<details><summary>" });
            shown(out, scope, cell, column);
            out.raw("</summary><p>");
            linked(out, why, scope.ids);
            out.raw("</p></details>");
        }
    }
}

fn shown(out: &mut Html, scope: &Scope<'_>, cell: &Cell, column: &Column) {
    match cell.mark {
        Some(mark) if column.kind == Kind::Mark => {
            named_mark(out, mark, &cell.words());
        }
        Some(mark) => {
            // The word takes the colour too where something is to be done.
            let loud = matches!(mark.tone, Tone::Warn | Tone::Bad);
            bare_mark(out, mark);
            out.raw(if loud { "<span class=\"w " } else { "<span class=\"" });
            out.raw(mark.tone.word()).raw("\">");
            words(out, scope, cell);
            out.raw("</span>");
        }
        None => words(out, scope, cell),
    }
}

fn words(out: &mut Html, scope: &Scope<'_>, cell: &Cell) {
    match &cell.value {
        CellValue::Date(date) => day(out, *date),
        CellValue::Instant(instant) => {
            out.raw("<time datetime=\"").text(&instant.to_string()).raw("\">");
            out.text(&instant.strftime("%-d %b %Y, %H:%M UTC").to_string()).raw("</time>");
        }
        CellValue::Empty
        | CellValue::Text(_)
        | CellValue::List(_)
        | CellValue::Int(_)
        | CellValue::Decimal(_)
        | CellValue::Bool(_) => linked(out, &cell.words(), scope.ids),
    }
}

/// A day as `2 Dec 2026`.
pub(super) fn day(out: &mut Html, date: Date) {
    out.raw("<time datetime=\"").text(&date.to_string()).raw("\">");
    out.text(&date.strftime("%-d %b %Y").to_string()).raw("</time>");
}

/// A mark beside its word.
pub(super) fn bare_mark(out: &mut Html, mark: Mark) {
    out.raw("<span class=\"k ").raw(mark.tone.word()).raw("\" aria-hidden=\"true\">");
    out.text(mark.symbol.encode_utf8(&mut [0; 4])).raw("</span> ");
}

/// A mark that stands alone, with its word as its name.
fn named_mark(out: &mut Html, mark: Mark, word: &str) {
    out.raw("<span class=\"k ").raw(mark.tone.word()).raw("\" role=\"img\" aria-label=\"");
    out.text(word).raw("\" title=\"").text(word).raw("\">");
    out.text(mark.symbol.encode_utf8(&mut [0; 4])).raw("</span>");
}

/// Whether `text` can be a readable id. Anchors of the page itself are lower case and never one.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(in_id)
}

fn in_id(character: char) -> bool {
    character.is_ascii_uppercase() || character.is_ascii_digit() || character == '-'
}

/// `text` with every id of a record that is on the page as a link to it.
pub(super) fn linked(out: &mut Html, text: &str, ids: &Ids<'_>) {
    let mut rest = text;
    while let Some(start) = rest.find(in_id) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !in_id(c)).unwrap_or(from.len()));
        out.text(before);
        // Part of a longer word, such as `SYS-1x` or `xSYS-1`, is not an id.
        let whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
            && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if whole && ids.contains(word) {
            out.raw("<a href=\"#").text(word).raw("\">").text(word).raw("</a>");
        } else {
            out.text(word);
        }
        rest = after;
    }
    out.text(rest);
}

fn remarks(out: &mut Html, sheet: &Sheet) {
    if !sheet.legend.is_empty() {
        out.raw("<ul class=\"legend\" aria-label=\"Legend\">");
        for entry in &sheet.legend {
            out.raw("<li>");
            bare_mark(out, entry.mark);
            out.raw("<b>").text(&entry.label).raw("</b> ").text(&entry.meaning).raw("</li>");
        }
        out.raw("</ul>\n");
    }
    for note in &sheet.notes {
        out.raw("<p class=\"note\">").text(note).raw("</p>\n");
    }
}
