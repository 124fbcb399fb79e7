//! A sheet as a page to work with: filtered, sorted, page by page, in the columns that somebody wants, and for download.
//!
//! Everything is said by the address, so that it can be kept, sent and gone back to. Works without JavaScript; with it, what
//! is typed takes effect at once.

use std::{borrow::Cow, cmp::Ordering};

use askama::Template;
use axum::response::Response;
use surety_aims::Kind as RecordKind;
use surety_reports::sheet::{Cell, CellValue, Column, Row, Sheet};

use super::{
    saved::Views,
    shell::{Shell, addressed},
    table::{Leads, Line, Table},
};
use crate::{
    call::{Asked, Call},
    document,
    endpoint::{AS_OF, Is, Param, param},
    problem::Problem,
};

/// What every list understands.
pub(crate) const LISTING: &[Param] = &[
    param("q", Is::Text, "Only rows with this text."),
    param("sort", Is::Text, "By this column; with `-` before it the other way round."),
    param("page", Is::Number(1, 100_000), "Which page."),
    param("column", Is::List, "Only these columns."),
    param("open", Is::Text, "The record that stands open beside the list."),
    param("density", Is::OneOf(&["compact"]), "Narrow rows."),
    document::FORMAT,
    AS_OF,
];

/// Rows on one page.
const ROWS: usize = 100;

/// Something that can be chosen.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) chosen: bool,
}

/// A choice that narrows a list.
pub(crate) struct Filter {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) choices: Vec<Choice>,
    /// One of them is always chosen.
    pub(crate) is_needed: bool,
}

/// What a mark means.
pub(crate) struct Meaning {
    pub(crate) tone: &'static str,
    pub(crate) symbol: char,
    pub(crate) label: String,
    pub(crate) meaning: String,
}

/// A list, ready to be drawn.
pub(crate) struct Listing {
    pub(crate) path: String,
    /// What the address says beside what the filters say.
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) q: String,
    /// What rows are: `risks`.
    pub(crate) noun: &'static str,
    pub(crate) filters: Vec<Filter>,
    pub(crate) columns: Vec<Choice>,
    pub(crate) is_narrowed: bool,
    /// The address without any filter.
    pub(crate) all: String,
    pub(crate) count: String,
    pub(crate) exports: Vec<(&'static str, String)>,
    pub(crate) table: Table,
    pub(crate) pages: Vec<Choice>,
    pub(crate) legend: Vec<Meaning>,
    pub(crate) notes: Vec<String>,
    /// What is said if there is nothing at all.
    pub(crate) empty: String,
    /// Where many rows are changed at once, for whoever may.
    pub(crate) bulk: Option<String>,
    /// What the filters say, for what is done to all that fit.
    pub(crate) narrowing: Vec<(String, String)>,
    pub(crate) views: Views,
}

/// What a list is of.
pub(crate) struct Shows {
    /// What a file of it is called.
    pub(crate) file: &'static str,
    pub(crate) noun: &'static str,
    pub(crate) empty: String,
    pub(crate) filters: Vec<Filter>,
    /// Columns that are shown unless others are asked for; none: all.
    pub(crate) usual: &'static [&'static str],
    /// The kind of record that rows can be chosen of.
    pub(crate) selects: Option<RecordKind>,
    /// Whether the rows are those in which the text occurs already, perhaps in a column that is not shown.
    pub(crate) is_searched: bool,
    /// The column whose words lead to a page about the row.
    pub(crate) leads: Option<Leads>,
}

/// A page that is a list and nothing else.
#[derive(Template)]
#[template(path = "listing.html")]
pub(crate) struct ListingPage {
    pub(crate) shell: Shell,
    pub(crate) listing: Listing,
    /// Other lists that belong to it.
    pub(crate) tabs: Vec<Choice>,
    /// What one does here: words and address.
    pub(crate) action: Option<(String, String)>,
    /// Where such records come in from a file.
    pub(crate) import: Option<String>,
}

impl Shows {
    pub(crate) fn rows(file: &'static str, noun: &'static str, empty: &str) -> Shows {
        let (empty, filters) = (empty.to_owned(), Vec::new());
        Shows {
            file,
            noun,
            empty,
            filters,
            usual: &[],
            selects: None,
            is_searched: false,
            leads: None,
        }
    }
}

impl Filter {
    /// A parameter of the query with the values that it can have.
    pub(crate) fn new(
        asked: &Asked,
        (name, label): (&'static str, &'static str),
        values: impl Iterator<Item = (String, String)>,
    ) -> Result<Filter, Problem> {
        let chosen = asked.text(name)?.unwrap_or_default();
        let choice = |(value, name): (String, String)| {
            let chosen = value == chosen;
            Choice { name, value, chosen }
        };
        Ok(Filter { name, label, choices: values.map(choice).collect(), is_needed: false })
    }

    /// The same where one is always chosen: that one, if nothing is asked for.
    pub(crate) fn with_usual(mut self, usual: &str) -> Filter {
        self.is_needed = true;
        if !self.choices.iter().any(|choice| choice.chosen) {
            for choice in &mut self.choices {
                choice.chosen = choice.value == usual;
            }
        }
        self
    }
}

/// What the address asks of a list.
struct Wanted<'a> {
    q: &'a str,
    sort: Option<(usize, bool)>,
    page: usize,
    shown: Vec<usize>,
    is_searched: bool,
}

impl<'a> Wanted<'a> {
    fn of(asked: &'a Asked, sheet: &Sheet, shows: &Shows) -> Result<Wanted<'a>, Problem> {
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
    fn lines<'s>(&self, sheet: &'s Sheet) -> Vec<Line<'s>> {
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

impl Listing {
    /// The list that the address asks for.
    ///
    /// # Errors
    /// If the address names a column that is not there.
    pub(crate) fn of(
        call: &Call,
        shell: &Shell,
        sheet: &Sheet,
        shows: Shows,
    ) -> Result<Listing, Problem> {
        let wanted = Wanted::of(call, sheet, &shows)?;
        let lines = wanted.lines(sheet);
        let total = sheet.data().count();
        let fit = lines.iter().filter(|line| matches!(line, Line::Cells(_))).count();
        let from = wanted.page.saturating_sub(1).saturating_mul(ROWS);
        let page: &[Line<'_>] = lines.get(from..).unwrap_or_default();
        let page = page.get(..ROWS.min(page.len())).unwrap_or_default();
        let on =
            shell.place.as_ref().map_or(call.today(), |place| place.past.unwrap_or(place.newest));
        let mut table = Table::of(sheet, &wanted.shown, page, (&shell.links(), shows.leads), on);
        table.compact = call.text("density")? == Some("compact");
        table.selects = shows.selects.is_some_and(|kind| shell.may_change(kind));
        let address = Address { path: call.uri.path(), query: &call.query };
        address.sortable(sheet, &wanted, &mut table);
        let narrowing =
            |name: &str| name == "q" || shows.filters.iter().any(|filter| filter.name == name);
        let is_narrowed =
            call.query.iter().any(|(name, value)| narrowing(name) && !value.is_empty());
        Ok(Listing {
            path: call.uri.path().to_owned(),
            hidden: address.kept(|name| {
                matches!(
                    name,
                    "as_of" | "sort" | "tab" | "framework" | "days" | "view" | "from" | "to"
                )
            }),
            q: wanted.q.to_owned(),
            noun: shows.noun,
            columns: columns(sheet, &wanted),
            is_narrowed,
            all: addressed(address.path, &address.kept(|name| !narrowing(name) && name != "page")),
            count: counted(fit, total, shows.noun),
            exports: address.exports(),
            pages: address.pages(lines.len(), wanted.page),
            legend: legend(sheet),
            notes: sheet.notes.clone(),
            empty: shows.empty,
            bulk: shows
                .selects
                .filter(|_| table.selects)
                .map(|kind| shell.link(format!("/records/{kind}/bulk"))),
            narrowing: address.kept(|name| narrowing(name) || name.contains('.')),
            filters: shows.filters,
            table,
            views: Views::of(call, shell),
        })
    }

    /// The same as a file of exactly what is shown, if the address asks for one.
    pub(crate) async fn file(
        call: &Call,
        view: &surety_engine::View,
        sheet: &Sheet,
        shows: &Shows,
    ) -> Result<Option<Response>, Problem> {
        if call.text("format")?.is_none() {
            return Ok(None);
        }
        let format = document::format(call)?;
        let chosen = narrowed(sheet, &Wanted::of(call, sheet, shows)?);
        let contents = vec![chosen].into();
        document::file(call, view, (shows.file, &sheet.title), contents, format).await.map(Some)
    }
}

/// A sheet with the rows and columns that are asked for.
fn narrowed(sheet: &Sheet, wanted: &Wanted<'_>) -> Sheet {
    let pick =
        |cells: &[Cell]| wanted.shown.iter().filter_map(|at| cells.get(*at).cloned()).collect();
    let rows = wanted.lines(sheet).into_iter().map(|line| match line {
        Line::Group(name) => Row::Group(name.to_owned().into()),
        Line::Cells(cells) => Row::Cells(pick(cells)),
        Line::Total(cells) => Row::Total(pick(cells)),
    });
    let columns = wanted.shown.iter().filter_map(|at| sheet.columns.get(*at).cloned()).collect();
    Sheet { columns, rows: rows.collect(), ..sheet.clone() }
}

fn columns(sheet: &Sheet, wanted: &Wanted<'_>) -> Vec<Choice> {
    let choice = |(at, column): (usize, &Column)| Choice {
        name: column.heading.clone().into_owned(),
        value: column.key.clone().into_owned(),
        chosen: wanted.shown.contains(&at),
    };
    sheet.columns.iter().enumerate().map(choice).collect()
}

fn counted(fit: usize, total: usize, noun: &str) -> String {
    if fit == total { format!("{total} {noun}") } else { format!("{fit} of {total} {noun}") }
}

fn legend(sheet: &Sheet) -> Vec<Meaning> {
    let meaning = |entry: &surety_reports::sheet::LegendEntry| Meaning {
        tone: entry.mark.tone.word(),
        symbol: entry.mark.symbol,
        label: entry.label.clone().into_owned(),
        meaning: entry.meaning.clone().into_owned(),
    };
    sheet.legend.iter().map(meaning).collect()
}

/// The address of a list, and of the lists that it leads to.
struct Address<'a> {
    path: &'a str,
    query: &'a [(String, String)],
}

impl Address<'_> {
    fn kept(&self, is_kept: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        self.query.iter().filter(|(name, _)| is_kept(name)).cloned().collect()
    }

    /// The same with another value of one parameter.
    fn with(&self, name: &str, value: String) -> String {
        let mut query = self.kept(|known| known != name && known != "page");
        query.push((name.to_owned(), value));
        addressed(self.path, &query)
    }

    /// Heads of columns become links that sort by them, and the other way round the second time.
    fn sortable(&self, sheet: &Sheet, wanted: &Wanted<'_>, table: &mut Table) {
        for (head, at) in table.heads.iter_mut().zip(&wanted.shown) {
            let Some(column) = sheet.columns.get(*at) else { continue };
            let (next, order) = match wanted.sort {
                Some((sorted, false)) if sorted == *at => ("-", Some("ascending")),
                Some((sorted, true)) if sorted == *at => ("", Some("descending")),
                Some(_) | None => ("", None),
            };
            head.href = Some(self.with("sort", format!("{next}{}", column.key)));
            head.order = order;
        }
    }

    fn exports(&self) -> Vec<(&'static str, String)> {
        let formats = [("CSV", "csv"), ("XLSX", "xlsx"), ("PDF", "pdf"), ("JSON", "json")];
        formats.map(|(name, format)| (name, self.with("format", format.to_owned()))).to_vec()
    }

    fn pages(&self, lines: usize, current: usize) -> Vec<Choice> {
        let last = lines.div_ceil(ROWS).max(1);
        // The first, the last, and those around the current one.
        let is_shown = |page: &usize| *page == 1 || *page == last || page.abs_diff(current) <= 2;
        let choice = |page: usize| Choice {
            name: page.to_string(),
            value: self.with("page", page.to_string()),
            chosen: page == current,
        };
        (1..=last).filter(is_shown).map(choice).collect()
    }
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

    #[test]
    fn of_many_pages_the_first_the_last_and_the_near_ones_are_named() {
        let address = Address { path: "/o/x/gap", query: &[("q".to_owned(), "a b".to_owned())] };
        let pages = address.pages(1_950, 7);
        let names: Vec<_> = pages.iter().map(|page| page.name.as_str()).collect();
        assert_eq!(names, ["1", "5", "6", "7", "8", "9", "20"]);
        assert_eq!(pages[1].value, "/o/x/gap?q=a+b&page=5");
    }
}
