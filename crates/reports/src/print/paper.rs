//! Which paper a table wants, and how wide its columns are on it.

use crate::sheet::{Cell, Column, Kind, Row, Sheet, Workbook};

/// Paper, with what is left between its margins, in points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Paper {
    /// A4.
    Portrait,
    /// A4 on its side.
    Landscape,
    /// A3 on its side.
    Wide,
}

/// A letter of running text in a table, on the average, in tenths of a point.
const LETTER: u32 = 43;
/// The same of one word, which may have capitals or be bold.
const LETTER_OF_WORD: u32 = 52;
/// What stands left and right of the text in a cell, in points.
const PADDING: u32 = 9;
/// A column of shapes, in points: two lines of a turned heading.
const SHAPE: u32 = 23;
/// Letters after which even one word is broken.
const WORD: usize = 24;
/// Hundredths of the width of the paper that a table may want: its sentences then run over more lines.
const SQUEEZED: u32 = 135;

impl Paper {
    /// The smallest on which every table of the document can be read.
    pub(crate) fn of(workbook: &Workbook) -> Paper {
        let wanted = workbook.sheets.iter().map(Paper::of_sheet).max();
        wanted.unwrap_or(Paper::Portrait)
    }

    fn of_sheet(sheet: &Sheet) -> Paper {
        if sheet.is_prose() {
            return Paper::Portrait;
        }
        let needs: Vec<Need> = sheet
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| Need::of(sheet, at, column))
            .collect();
        let least: u32 = needs.iter().map(|need| need.least).sum();
        let wanted: u32 = needs.iter().map(|need| need.wanted).sum();
        let fits =
            |paper: &Paper| least <= paper.width() && wanted <= paper.width() * SQUEEZED / 100;
        [Paper::Portrait, Paper::Landscape].into_iter().find(fits).unwrap_or(Paper::Wide)
    }

    /// Points between the margins, across.
    pub(crate) const fn width(self) -> u32 {
        match self {
            Paper::Portrait => 510,
            Paper::Landscape => 757,
            Paper::Wide => 1_105,
        }
    }

    /// The columns of shapes that fit beside others which want so many points.
    pub(super) fn shapes_beside(self, others: u32) -> usize {
        let left = self.width().saturating_sub(others);
        usize::try_from(left / SHAPE).unwrap_or(usize::MAX).max(4)
    }
}

/// Points that a column wants in order to be read with ease, and those that keep its words whole.
#[derive(Clone, Copy)]
struct Need {
    least: u32,
    wanted: u32,
}

impl Need {
    fn of(sheet: &Sheet, index: usize, column: &Column) -> Need {
        if column.kind == Kind::Mark {
            return Need { least: SHAPE, wanted: SHAPE };
        }
        let heading = longest_word(&column.heading);
        let (mut word, mut line) = (heading, heading);
        for cell in cells(sheet, index) {
            let text = cell.shown();
            // The shape of a marked word stands on its line.
            let shape = if cell.mark.is_some() { 2 } else { 0 };
            word = word.max(longest_word(&text) + shape);
            line = line.max(text.lines().map(|line| line.chars().count()).max().unwrap_or(0));
        }
        let comfortable = usize::from(column.width) * wrapping(column.kind) / 10;
        let least = points(word.min(WORD), LETTER_OF_WORD);
        Need { least, wanted: least.max(points(line.min(comfortable), LETTER)) }
    }
}

/// How the width of the paper is divided among columns.
pub(crate) struct Shares {
    /// Points of each column.
    pub(crate) points: Vec<u32>,
}

impl Shares {
    /// The shares of these columns of a sheet on that paper, which they fill.
    pub(crate) fn of(sheet: &Sheet, columns: &[usize], paper: Paper) -> Shares {
        let need = |index: &usize| Some(Need::of(sheet, *index, sheet.columns.get(*index)?));
        let needs: Vec<Need> = columns.iter().filter_map(need).collect();
        let least: u32 = needs.iter().map(|need| need.least).sum();
        let wanted: u32 = needs.iter().map(|need| need.wanted).sum();
        let width = paper.width();
        let share = |need: &Need| {
            if least < width && width < wanted {
                // Words stay whole, and what is left goes to those that want more.
                need.least + (need.wanted - need.least) * (width - least) / (wanted - least)
            } else {
                need.wanted * width / wanted.max(1)
            }
        };
        Shares { points: needs.iter().map(share).collect() }
    }

    /// How many letters of one word fit into the column at `place`.
    pub(crate) fn letters(&self, place: usize) -> usize {
        let points = self.points.get(place).copied().unwrap_or(0).saturating_sub(PADDING);
        // A point was lost where widths were rounded down.
        usize::try_from((points + 1) * 10 / LETTER_OF_WORD).unwrap_or(1).max(3)
    }
}

/// Points that these columns of a sheet want.
pub(super) fn wanted(sheet: &Sheet, columns: &[usize]) -> u32 {
    let need = |index: &usize| Some(Need::of(sheet, *index, sheet.columns.get(*index)?).wanted);
    columns.iter().filter_map(need).sum()
}

/// How much of its width a column keeps on paper, in tenths: sentences can run over more lines.
fn wrapping(kind: Kind) -> usize {
    match kind {
        Kind::LongText => 6,
        Kind::Text => 8,
        Kind::Id | Kind::Number | Kind::Date | Kind::Bool | Kind::Status | Kind::Mark => 10,
    }
}

fn cells(sheet: &Sheet, index: usize) -> impl Iterator<Item = &Cell> {
    sheet.rows.iter().filter_map(move |row| match row {
        Row::Cells(cells) | Row::Total(cells) => cells.get(index),
        Row::Group(_) => None,
    })
}

fn longest_word(text: &str) -> usize {
    text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0)
}

fn points(letters: usize, letter: u32) -> u32 {
    u32::try_from(letters).unwrap_or(u32::MAX).saturating_mul(letter).div_ceil(10) + PADDING
}
