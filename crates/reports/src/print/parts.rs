//! The parts in which a table comes: one, or for a matrix as many as pages need, each of which says which part it is.

use std::ops::Range;

use super::{Paper, paper::wanted};
use crate::sheet::{Column, Kind, Row, Sheet};

/// Lines of a matrix on one page, under its turned headings.
const LINES: usize = 38;
/// Lines that a part may be shorter or longer so that it ends where a group ends.
const SLACK: usize = 6;

/// Some rows and columns of a sheet, by their places.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Which part it is, if there are several.
    pub(crate) label: String,
    pub(crate) columns: Vec<usize>,
    pub(crate) rows: Range<usize>,
}

/// The parts of `sheet` on that paper.
pub(crate) fn parts(sheet: &Sheet, paper: Paper) -> Vec<Part> {
    let shapes = places(sheet, |column| column.kind == Kind::Mark);
    if shapes.is_empty() {
        let columns = (0..sheet.columns.len()).collect();
        return vec![Part { label: String::new(), columns, rows: 0..sheet.rows.len() }];
    }
    let others = places(sheet, |column| column.kind != Kind::Mark);
    let room = paper.shapes_beside(wanted(sheet, &others));
    let across = evenly(shapes.len(), room);
    let down = ranges(&sheet.rows);
    let several = down.len() * shapes.len().div_ceil(across) > 1;
    let mut parts = Vec::new();
    for rows in down {
        for shapes in shapes.chunks(across) {
            let columns = others.iter().chain(shapes).copied().collect();
            let label = if several { extent(sheet, &rows, shapes) } else { String::new() };
            parts.push(Part { label, columns, rows: rows.clone() });
        }
    }
    let whole = parts.len();
    for (index, part) in parts.iter_mut().enumerate().filter(|_| several) {
        part.label.push_str(&format!(": part {} of {whole}", index + 1));
    }
    parts
}

fn places(sheet: &Sheet, wanted: impl Fn(&Column) -> bool) -> Vec<usize> {
    let columns = sheet.columns.iter().enumerate();
    columns.filter(|(_, column)| wanted(column)).map(|(place, _)| place).collect()
}

/// The size of equal parts, none larger than `most`.
fn evenly(whole: usize, most: usize) -> usize {
    whole.div_ceil(whole.div_ceil(most).max(1)).max(1)
}

/// Rows in runs of about the same length that fit a page; a run ends before a group, where one is near.
fn ranges(rows: &[Row]) -> Vec<Range<usize>> {
    let each = evenly(rows.len(), LINES);
    let mut ranges = Vec::new();
    let mut start = 0;
    for cut in (1..).map(|part| part * each).take_while(|cut| *cut < rows.len()) {
        let is_group = |place: &usize| matches!(rows.get(*place), Some(Row::Group(_)));
        let near = (0..=SLACK).flat_map(|by| [cut.saturating_sub(by), cut + by]);
        let end = near.filter(|place| *place > start).find(is_group).unwrap_or(cut);
        ranges.push(start..end);
        start = end;
    }
    ranges.push(start..rows.len());
    ranges
}

/// `Control A.2.2 to A.5.5, SYS-1 to SYS-20`.
fn extent(sheet: &Sheet, rows: &Range<usize>, shapes: &[usize]) -> String {
    let heading = sheet.columns.first().map_or("", |column| column.heading.as_ref());
    let within = sheet.rows.get(rows.clone()).unwrap_or_default();
    let mut names = within.iter().filter_map(|row| match row {
        Row::Cells(cells) => cells.first(),
        Row::Group(_) | Row::Total(_) => None,
    });
    let first = names.next().map(|cell| cell.words().into_owned()).unwrap_or_default();
    let last = names.next_back().map_or_else(|| first.clone(), |cell| cell.words().into_owned());
    let key = |place: Option<&usize>| {
        place.and_then(|place| sheet.columns.get(*place)).map_or("", |column| column.key.as_ref())
    };
    let (from, to) = (key(shapes.first()), key(shapes.last()));
    format!("{heading} {}, {}", run(&first, &last), run(from, to))
}

fn run(first: &str, last: &str) -> String {
    if first == last { first.to_owned() } else { format!("{first} to {last}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Cell;

    fn matrix(controls: usize, systems: usize) -> Sheet {
        let mut columns = vec![Column::new("control", "Control", Kind::Id)];
        columns.extend((1..=systems).map(|system| {
            Column::new(format!("SYS-{system}"), format!("SYS-{system} A system"), Kind::Mark)
        }));
        let mut sheet = Sheet::new("Matrix", "Matrix", columns);
        for control in 0..controls {
            if control % 5 == 0 {
                sheet.group(format!("Group {control}"));
            }
            sheet.push(vec![Cell::text(format!("A.{control}"))]);
        }
        sheet
    }

    #[test]
    fn every_cell_is_in_exactly_one_part() {
        for (controls, systems) in [(1, 1), (38, 40), (38, 53), (7, 300), (200, 3)] {
            let sheet = matrix(controls, systems);
            let parts = parts(&sheet, Paper::Wide);
            let mut seen = vec![vec![0; systems + 1]; sheet.rows.len()];
            for part in &parts {
                for row in part.rows.clone() {
                    for column in part.columns.iter().filter(|column| **column > 0) {
                        seen[row][*column] += 1;
                    }
                }
            }
            let once = |row: &Vec<i32>| row.iter().skip(1).all(|times| *times == 1);
            assert!(seen.iter().all(once), "{controls} x {systems}");
        }
    }

    #[test]
    fn a_part_says_which_it_is() {
        let sheet = matrix(38, 60);
        let labels: Vec<_> =
            parts(&sheet, Paper::Wide).into_iter().map(|part| part.label).collect();
        assert_eq!(
            labels,
            [
                "Control A.0 to A.19, SYS-1 to SYS-30: part 1 of 4",
                "Control A.0 to A.19, SYS-31 to SYS-60: part 2 of 4",
                "Control A.20 to A.37, SYS-1 to SYS-30: part 3 of 4",
                "Control A.20 to A.37, SYS-31 to SYS-60: part 4 of 4",
            ]
        );
        assert_eq!(parts(&matrix(8, 20), Paper::Wide)[0].label, "");
    }
}
