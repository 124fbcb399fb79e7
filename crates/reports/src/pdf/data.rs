//! A workbook as the data that `document.typ` draws.

use serde::Serialize;

use super::LOGO;
use crate::logo::{Logo, Picture};
use crate::print::{Block, Paper, Part, Shares, blocks, breakable, facts, footer, parts, printed};
use crate::sheet::{self, Align, Column, Kind, LegendEntry, Row, Sheet, Workbook};

/// Letters of a turned heading; it is cut after them, as the table of AI systems has the whole name.
const TURNED: usize = 52;
/// Letters after which a word of running text is broken.
const ON_A_LINE: usize = 60;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Document {
    title: String,
    organisation: String,
    logo: Option<&'static str>,
    logo_format: &'static str,
    logo_says: String,
    paper: Sized,
    /// Whether it has a front page.
    front: bool,
    facts: Vec<(String, String, bool)>,
    footer: String,
    sheets: Vec<Drawn>,
}

#[derive(Serialize)]
struct Sized {
    name: &'static str,
    flipped: bool,
    /// Columns of a legend.
    legend: u8,
}

#[derive(Serialize)]
struct Drawn {
    title: String,
    /// Whether it begins on a new page.
    apart: bool,
    prose: Vec<Text>,
    parts: Vec<Table>,
    legend: Vec<Entry>,
    notes: Vec<String>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Text {
    Heading { level: u8, text: String },
    Paragraph { text: String },
    Items { items: Vec<String> },
    Steps { items: Vec<String> },
}

#[derive(Serialize)]
struct Table {
    label: String,
    columns: Vec<Head>,
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Head {
    heading: String,
    share: u32,
    align: &'static str,
    /// Whether its values are ids.
    mono: bool,
    /// Whether it shows shapes alone.
    shape: bool,
    /// Whether tones fill its cells.
    tinted: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Line {
    Group { group: String },
    Cells { total: bool, cells: Vec<Value> },
}

#[derive(Serialize)]
#[serde(untagged)]
enum Value {
    Words(String),
    Marked { symbol: String, tone: &'static str, words: String },
}

#[derive(Serialize)]
struct Entry {
    symbol: String,
    tone: &'static str,
    label: String,
    meaning: String,
}

impl Document {
    pub(super) fn of(workbook: &Workbook, logo: Option<&Logo>) -> Document {
        let meta = &workbook.meta;
        let paper = Paper::of(workbook);
        let text = |text: &str| breakable(text, ON_A_LINE);
        let draw = |sheet| Drawn::of(sheet, paper);
        Document {
            title: text(&meta.title),
            organisation: text(&meta.organisation),
            logo: logo.map(|_| LOGO),
            logo_format: match logo.map(|logo| logo.picture) {
                Some(Picture::Svg) => "svg",
                Some(Picture::Png(..)) | None => "png",
            },
            logo_says: format!("Logo of {}", text(&meta.organisation)),
            paper: Sized::of(paper),
            front: workbook.sheets.len() > 1,
            facts: facts(meta)
                .into_iter()
                .map(|(label, fact, exact)| (text(label), text(&fact), exact))
                .collect(),
            footer: text(&footer(meta)),
            sheets: workbook.sheets.iter().map(draw).collect(),
        }
    }
}

impl Sized {
    fn of(paper: Paper) -> Sized {
        match paper {
            Paper::Portrait => Sized { name: "a4", flipped: false, legend: 2 },
            Paper::Landscape => Sized { name: "a4", flipped: true, legend: 2 },
            Paper::Wide => Sized { name: "a3", flipped: true, legend: 3 },
        }
    }
}

impl Drawn {
    fn of(sheet: &Sheet, paper: Paper) -> Drawn {
        let text = |text: &str| breakable(text, ON_A_LINE);
        let tables = if sheet.is_prose() { Vec::new() } else { parts(sheet, paper) };
        let is_matrix = sheet.columns.iter().any(|column| column.kind == Kind::Mark);
        Drawn {
            title: text(&sheet.title),
            apart: is_matrix || sheet.rows.len() > SHORT,
            prose: blocks(sheet).into_iter().map(Text::of).collect(),
            parts: tables.iter().map(|part| Table::of(sheet, part, paper)).collect(),
            legend: sheet.legend.iter().map(Entry::of).collect(),
            notes: sheet.notes.iter().map(|note| text(note)).collect(),
        }
    }
}

/// Rows up to which a sheet goes on where the one before ended.
const SHORT: usize = 14;

impl Text {
    fn of(block: Block) -> Text {
        let text = |text: String| breakable(&text, ON_A_LINE);
        let all = |items: Vec<String>| items.into_iter().map(text).collect();
        match block {
            // The title of the sheet is the first level.
            Block::Heading(level, words) => Text::Heading { level: level + 1, text: text(words) },
            Block::Paragraph(words) => Text::Paragraph { text: text(words) },
            Block::Items(items) => Text::Items { items: all(items) },
            Block::Steps(items) => Text::Steps { items: all(items) },
        }
    }
}

impl Table {
    fn of(sheet: &Sheet, part: &Part, paper: Paper) -> Table {
        let shares = Shares::of(sheet, &part.columns, paper);
        let letters: Vec<usize> =
            (0..part.columns.len()).map(|place| shares.letters(place)).collect();
        let columns = part.columns.iter().filter_map(|place| sheet.columns.get(*place));
        let heads = columns.zip(&shares.points).zip(&letters);
        let rows = sheet.rows.get(part.rows.clone()).unwrap_or_default();
        Table {
            label: breakable(&part.label, ON_A_LINE),
            columns: heads
                .map(|((column, share), letters)| Head::of(column, *share, *letters))
                .collect(),
            rows: rows.iter().map(|row| Line::of(row, &part.columns, &letters)).collect(),
        }
    }
}

impl Head {
    fn of(column: &Column, share: u32, letters: usize) -> Head {
        let shape = column.kind == Kind::Mark;
        let heading = if shape {
            let cut = column.heading.chars().count() > TURNED;
            let text: String =
                column.heading.chars().take(TURNED).chain(cut.then_some('…')).collect();
            breakable(&text, TURNED / 2)
        } else {
            breakable(&column.heading, letters)
        };
        let (mono, tinted) = (column.kind == Kind::Id, column.tinted);
        Head { heading, share, align: align(column), mono, shape, tinted }
    }
}

fn align(column: &Column) -> &'static str {
    match column.align {
        Align::Left => "left",
        Align::Centre => "centre",
        Align::Right => "right",
    }
}

impl Line {
    fn of(row: &Row, columns: &[usize], letters: &[usize]) -> Line {
        let (total, cells) = match row {
            Row::Group(heading) => return Line::Group { group: breakable(heading, ON_A_LINE) },
            Row::Cells(cells) => (false, cells),
            Row::Total(cells) => (true, cells),
        };
        let cell = |(place, letters): (&usize, &usize)| {
            Value::of(cells.get(*place).unwrap_or(&sheet::Cell::EMPTY), *letters)
        };
        Line::Cells { total, cells: columns.iter().zip(letters).map(cell).collect() }
    }
}

impl Value {
    fn of(cell: &sheet::Cell, letters: usize) -> Value {
        let words = breakable(&printed(cell), letters);
        match cell.mark {
            None => Value::Words(words),
            Some(mark) => Value::Marked {
                symbol: breakable(&mark.symbol.to_string(), 1),
                tone: mark.tone.word(),
                words,
            },
        }
    }
}

impl Entry {
    fn of(entry: &LegendEntry) -> Entry {
        Entry {
            symbol: breakable(&entry.mark.symbol.to_string(), 1),
            tone: entry.mark.tone.word(),
            label: breakable(&entry.label, ON_A_LINE),
            meaning: breakable(&entry.meaning, ON_A_LINE),
        }
    }
}
