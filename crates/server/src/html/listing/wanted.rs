//! What the address asks of a list: which rows, in which order, in which columns.

use std::{borrow::Cow, cmp::Ordering};

use surety_reports::sheet::{Cell, CellValue, Column, Row, Sheet};

use super::{super::table::Line, Shows};
use crate::{call::Asked, problem::Problem};

/// What the address asks of a list.
pub(super) struct Wanted<'a> {
    pub(super) q: &'a str,
    pub(super) sort: Option<(usize, bool)>,
    pub(super) page: usize,
    pub(super) shown: Vec<usize>,
    is_searched: bool,
}

impl<'a> Wanted<'a> {
    pub(super) fn of(
        asked: &'a Asked,
        sheet: &Sheet,
        shows: &Shows,
    ) -> Result<Wanted<'a>, Problem> {
        let place = |key: &str| sheet.columns.iter().position(|column| column.key == key);
        let unknown = |key: &str| {
            let known: Vec<_> = sheet.columns.iter().map(|column| column.key.as_ref()).collect();
            Problem::bad(format!("there is no column `{key}`; there are: {}", known.join(", ")))
        };
        let sort = asked.text("sort")?.filter(|sort| !sort.is_empty());
        let sort = sort.map(|sort| {
            let (key, down) = sort.strip_prefix('-').map_or((sort, false), |key| (key, true));
            place(key).map(|at| (at, down)).ok_or_else(|| unknown(key))
        });
        let asked_for = asked.texts("column");
        let mut shown = Vec::new();
        for key in &asked_for {
            shown.push(place(key).ok_or_else(|| unknown(key))?);
        }
        if shown.is_empty() {
            shown = shows.usual.iter().filter_map(|key| place(key)).collect();
        }
        if shown.is_empty() {
            // What gives way first on a narrow terminal is not missed at first on a page either.
            let is_usual = |(_, column): &(usize, &Column)| column.rank < 3;
            shown = sheet.columns.iter().enumerate().filter(is_usual).map(|(at, _)| at).collect();
        }
        shown.sort_unstable();
        let page = asked.number("page", 1..=100_000)?.unwrap_or(1);
        let (q, sort) = (asked.text("q")?.unwrap_or_default(), sort.transpose()?);
        Ok(Wanted { q, sort, page, shown, is_searched: shows.is_searched })
    }

    /// The rows that fit, in the order that is asked for. Headings stay over what they head, unless another order is asked for.
    pub(super) fn lines<'s>(&self, sheet: &'s Sheet) -> Vec<Line<'s>> {
        let q = if self.is_searched { String::new() } else { self.q.trim().to_lowercase() };
        let fits = |cells: &[Cell]| {
            q.is_empty() || cells.iter().any(|cell| cell.words().to_lowercase().contains(&q))
        };
        let mut lines = Vec::new();
        let mut heading = None;
        for row in &sheet.rows {
            match row {
                Row::Group(name) => heading = Some(name.as_ref()).filter(|_| self.sort.is_none()),
                Row::Cells(cells) if fits(cells) => {
                    lines.extend(heading.take().map(Line::Group));
                    lines.push(Line::Cells(cells));
                }
                Row::Total(cells) if q.is_empty() && self.sort.is_none() => {
                    lines.push(Line::Total(cells));
                }
                Row::Cells(_) | Row::Total(_) => {}
            }
        }
        if let Some((at, down)) = self.sort {
            lines.sort_by(|one, other| {
                let order = ordered(cell_of(one, at), cell_of(other, at));
                if down { order.reverse() } else { order }
            });
        }
        lines
    }
}

fn cell_of<'s>(line: &Line<'s>, at: usize) -> &'s Cell {
    match line {
        Line::Cells(cells) | Line::Total(cells) => cells.get(at).unwrap_or(&Cell::EMPTY),
        Line::Group(_) => &Cell::EMPTY,
    }
}

/// By value, with what is empty last; ids by their number.
fn ordered(one: &Cell, other: &Cell) -> Ordering {
    match (&one.value, &other.value) {
        (CellValue::Empty, CellValue::Empty) => Ordering::Equal,
        (CellValue::Empty, _) => Ordering::Greater,
        (_, CellValue::Empty) => Ordering::Less,
        (CellValue::Int(one), CellValue::Int(other)) => one.cmp(other),
        (CellValue::Date(one), CellValue::Date(other)) => one.cmp(other),
        (CellValue::Instant(one), CellValue::Instant(other)) => one.cmp(other),
        (CellValue::Bool(one), CellValue::Bool(other)) => one.cmp(other),
        _ => natural(&one.words()).cmp(&natural(&other.words())),
    }
}

/// A text whose last digits count as a number: `RSK-9` before `RSK-10`.
fn natural(text: &str) -> (Cow<'_, str>, u64) {
    let head = text.trim_end_matches(|last: char| last.is_ascii_digit());
    let number = text.get(head.len()..).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    (head.to_lowercase().into(), number)
}

#[cfg(test)]
mod tests {
    use surety_reports::sheet::Kind;

    use super::*;

    fn sheet() -> Sheet {
        let columns =
            vec![Column::new("id", "Id", Kind::Id), Column::new("level", "Level", Kind::Number)];
        let mut sheet = Sheet::new("Risks", "Risks", columns);
        sheet.group("Of the organisation");
        for (id, level) in [("RSK-10", Some(4)), ("RSK-9", None)] {
            sheet.push(vec![Cell::text(id), Cell::from(level)]);
        }
        sheet.group("Of systems");
        sheet.push(vec![Cell::text("RSK-2"), Cell::from(9)]);
        sheet
    }

    fn ids(q: &str, sort: Option<(usize, bool)>) -> Vec<String> {
        let sheet = sheet();
        let wanted = Wanted { q, sort, page: 1, shown: vec![0, 1], is_searched: false };
        let name = |line: Line<'_>| match line {
            Line::Group(name) => name.to_owned(),
            Line::Cells(cells) | Line::Total(cells) => cells[0].words().into_owned(),
        };
        wanted.lines(&sheet).into_iter().map(name).collect()
    }

    #[test]
    fn headings_stay_over_what_fits_and_go_when_the_order_changes() {
        assert_eq!(
            ids("", None),
            ["Of the organisation", "RSK-10", "RSK-9", "Of systems", "RSK-2"]
        );
        assert_eq!(ids("rsk-2", None), ["Of systems", "RSK-2"]);
        assert_eq!(ids("", Some((0, false))), ["RSK-2", "RSK-9", "RSK-10"]);
        assert_eq!(ids("", Some((0, true))), ["RSK-10", "RSK-9", "RSK-2"]);
        assert_eq!(ids("", Some((1, false))), ["RSK-10", "RSK-2", "RSK-9"]);
    }
}
