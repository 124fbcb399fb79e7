//! A sheet as a page to work with: filtered, sorted, page by page, in the columns that somebody wants, and for download.
//!
//! Everything is said by the address, so that it can be kept, sent and gone back to. Works without JavaScript; with it, what
//! is typed takes effect at once.

mod address;
mod wanted;

use askama::Template;
use axum::response::Response;
use surety_aims::Kind as RecordKind;
use surety_reports::sheet::{Cell, Column, Row, Sheet};

use self::{address::Address, wanted::Wanted};
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
