//! A sheet as a table of a page.

use jiff::civil::Date;
use surety_aims::RecordId;
use surety_reports::sheet::{Align, Cell, CellValue, Column, Kind, Sheet};

use super::text::{Links, Pieces, day, distance, moment};

/// A table, ready to be drawn.
pub(crate) struct Table {
    pub(crate) caption: String,
    pub(crate) heads: Vec<Head>,
    pub(crate) rows: Vec<TableRow>,
    pub(crate) compact: bool,
    /// Whether rows can be chosen, for what is done to several.
    pub(crate) selects: bool,
}

/// The head of a column.
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) class: &'static str,
    /// Where the table is sorted by it.
    pub(crate) href: Option<String>,
    /// `ascending` or `descending`, if the table is sorted by it.
    pub(crate) order: Option<&'static str>,
}

pub(crate) enum TableRow {
    Group(String),
    Cells {
        /// The record that the row is about.
        id: Option<String>,
        class: &'static str,
        cells: Vec<TableCell>,
    },
}

/// A column whose words lead to a page about the row.
#[derive(Clone, Copy)]
pub(crate) struct Leads {
    /// The key of the column.
    pub(crate) column: &'static str,
    /// Where such pages lie, below the organisation.
    pub(crate) to: &'static str,
    /// The column that names the page there.
    pub(crate) by: &'static str,
}

pub(crate) struct TableCell {
    pub(crate) class: &'static str,
    /// Whether it names the row.
    pub(crate) heads: bool,
    /// Tone and shape.
    pub(crate) mark: Option<(&'static str, char)>,
    pub(crate) pieces: Pieces,
    /// What a shape without words is called.
    pub(crate) name: String,
    /// How far a day is from that of the table.
    pub(crate) distance: Option<String>,
    /// The id of its reason, and the reason.
    pub(crate) why: Option<(String, Pieces)>,
}

impl Table {
    /// How many columns there are, with that of the choice.
    pub(crate) fn width(&self) -> usize {
        self.heads.len().saturating_add(usize::from(self.selects))
    }

    /// These rows of a sheet, in these of its columns.
    pub(super) fn of(
        sheet: &Sheet,
        shown: &[usize],
        rows: &[Line<'_>],
        (links, leads): (&Links, Option<Leads>),
        on: Date,
    ) -> Table {
        let drawing = Drawing { sheet, shown, links, leads, on };
        let heads = shown.iter().filter_map(|at| sheet.columns.get(*at)).map(|column| Head {
            name: column.heading.clone().into_owned(),
            class: class(column),
            href: None,
            order: None,
        });
        let rows = rows.iter().enumerate().map(|(number, line)| drawing.row(number, line));
        Table {
            caption: sheet.title.clone(),
            heads: heads.collect(),
            rows: rows.collect(),
            compact: false,
            selects: false,
        }
    }
}

/// A row of a sheet that is shown.
pub(super) enum Line<'s> {
    Group(&'s str),
    Cells(&'s [Cell]),
    Total(&'s [Cell]),
}

struct Drawing<'s> {
    sheet: &'s Sheet,
    shown: &'s [usize],
    links: &'s Links,
    leads: Option<Leads>,
    on: Date,
}

impl Drawing<'_> {
    fn row(&self, number: usize, line: &Line<'_>) -> TableRow {
        let (cells, row_class) = match line {
            Line::Group(name) => return TableRow::Group((*name).to_owned()),
            Line::Cells(cells) => (cells, ""),
            Line::Total(cells) => (cells, "total"),
        };
        let drawn = self.shown.iter().enumerate().filter_map(|(place, at)| {
            let column = self.sheet.columns.get(*at)?;
            let id = format!("why-{number}-{at}");
            let mut cell =
                self.cell(column, cells.get(*at).unwrap_or(&Cell::EMPTY), place == 0, id);
            if let Some(href) = self.leads_to(column, cells) {
                cell.pieces = Pieces::link(cell.name.clone(), href);
            }
            Some(cell)
        });
        TableRow::Cells { id: subject(self.sheet, cells), class: row_class, cells: drawn.collect() }
    }

    /// The page about the row, if this column leads there.
    fn leads_to(&self, column: &Column, cells: &[Cell]) -> Option<String> {
        let leads = self.leads.filter(|leads| leads.column == column.key)?;
        let by = self.sheet.columns.iter().position(|column| column.key == leads.by)?;
        let name = cells.get(by)?.words();
        let Links { base, suffix } = self.links;
        (!name.is_empty()).then(|| format!("{base}{}/{name}{suffix}", leads.to))
    }

    fn cell(&self, column: &Column, cell: &Cell, heads: bool, id: String) -> TableCell {
        let mark = cell.mark.map(|mark| (mark.tone.word(), mark.symbol));
        let name = cell.words().into_owned();
        let (pieces, distance) = match &cell.value {
            CellValue::Date(date) => (Pieces::plain(day(*date)), Some(distance(*date, self.on))),
            CellValue::Instant(instant) => (Pieces::plain(moment(*instant)), None),
            // The shape says it; its name is for who can't see it.
            _ if column.kind == Kind::Mark && mark.is_some() => (Pieces::default(), None),
            CellValue::Empty
            | CellValue::Text(_)
            | CellValue::List(_)
            | CellValue::Int(_)
            | CellValue::Decimal(_)
            | CellValue::Bool(_) => (self.links.pieces(&name), None),
        };
        let why = cell.why.as_ref().map(|why| (id, self.links.pieces(why)));
        TableCell { class: class(column), heads, mark, pieces, name, distance, why }
    }
}

/// The record that a row is about: the first id in it.
fn subject(sheet: &Sheet, cells: &[Cell]) -> Option<String> {
    let ids = sheet.columns.iter().zip(cells).filter(|(column, _)| column.kind == Kind::Id);
    let mut ids = ids.map(|(_, cell)| cell.words());
    ids.find(|id| id.parse::<RecordId>().is_ok()).map(|id| id.into_owned())
}

fn class(column: &Column) -> &'static str {
    match (column.kind, column.align) {
        (Kind::Id, _) => "id",
        (Kind::LongText, _) => "long",
        (Kind::Date, _) => "date",
        (Kind::Mark, _) => "shape",
        (Kind::Status, _) => "standing",
        (_, Align::Right) => "number",
        (_, Align::Centre) => "centre",
        (_, Align::Left) if column.width >= 30 => "wide",
        (_, Align::Left) => "",
    }
}
