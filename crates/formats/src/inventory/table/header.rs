//! Where a table begins, what kind of record its rows are, and which column fills which field.

use std::collections::HashSet;

use super::grid::{Cell, Grid, Row};
use crate::inventory::{
    fold::{fold_word, has_phrase, header_key},
    values::{self, DayOrder},
    vocabulary::{Candidate, Field, KINDS, Kind, PHRASE, Shape, candidates},
};

/// How far down a header row may stand.
const HEADER_ROWS: usize = 20;

/// How the columns of one table are understood.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) kind: &'static Kind,
    /// Index into the rows of the grid.
    pub(crate) header: usize,
    pub(crate) columns: Vec<ColumnUse>,
    /// Columns that name a row, the first filled one counts.
    pub(crate) titles: Vec<usize>,
    /// How well it fits; compares layouts of one grid.
    score: usize,
    /// Enough is recognised to be sure that this is a register.
    pub(crate) sure: bool,
}

/// One column with a header or with cells.
#[derive(Debug)]
pub(crate) struct ColumnUse {
    pub(crate) index: usize,
    /// As it stands in the file, one line.
    pub(crate) header: String,
    pub(crate) field: Option<&'static Field>,
    /// Left out on request.
    pub(crate) ignored: bool,
}

/// A column that the caller has mapped.
#[derive(Debug)]
pub(crate) enum Mapped {
    Field(&'static Field),
    Ignore,
}

/// What the caller says and what names suggest.
pub(crate) struct Hints<'a> {
    pub(crate) kind: Option<&'static Kind>,
    /// What the caller maps a column of this header and index to, for this kind.
    pub(crate) mapped: &'a dyn Fn(&'static Kind, &str, usize) -> Option<Mapped>,
    /// File and sheet name.
    pub(crate) names: &'a [&'a str],
}

/// The best reading of a grid, if any row can be a header.
pub(crate) fn layout(grid: &Grid, hints: &Hints<'_>) -> Option<Layout> {
    let kinds: Vec<&'static Kind> = hints.kind.map_or_else(|| KINDS.to_vec(), |kind| vec![kind]);
    let mut best: Option<Layout> = None;
    for (index, row) in grid.rows.iter().enumerate().take(HEADER_ROWS) {
        for kind in &kinds {
            if let Some(found) = assign(grid, index, row, kind, hints)
                // Earlier rows and kinds win a tie.
                && best.as_ref().is_none_or(|best| found.score > best.score)
            {
                best = Some(found);
            }
        }
    }
    if let Some(found) = &mut best {
        found.sure &= hints.kind.is_some() || is_plausible(grid, found);
    }
    best
}

/// Whether the first rows hold what the headers promise: at least half of the dates, choices and answers can be read.
fn is_plausible(grid: &Grid, layout: &Layout) -> bool {
    let (mut stated, mut readable) = (0_usize, 0_usize);
    for row in grid.rows.iter().skip(layout.header.saturating_add(1)).take(50) {
        for (column, field) in layout.columns.iter().filter_map(|it| Some((it, it.field?))) {
            let text = row.cell(column.index).text();
            let read = match field.shape {
                Shape::Bool(_) | Shape::One(_) | Shape::Date => {
                    values::plain(field.shape, &text, DayOrder::Unclear).is_ok()
                }
                Shape::State => values::state(layout.kind, &text).is_ok(),
                Shape::Level(..) => values::level(&text).is_ok(),
                Shape::Text
                | Shape::List
                | Shape::Places
                | Shape::Many(_)
                | Shape::Person
                | Shape::Link(_)
                | Shape::Links(_)
                | Shape::Requirement
                | Shape::Requirements
                | Shape::Identifier
                | Shape::PersonName
                | Shape::Email
                | Shape::Metrics => continue,
            };
            if !values::is_blank(&text) {
                stated = stated.saturating_add(1);
                readable = readable.saturating_add(usize::from(read));
            }
        }
    }
    readable.saturating_mul(2) >= stated
}

/// The header row of a questionnaire: one column asks, another answers.
pub(crate) fn is_questionnaire(grid: &Grid) -> bool {
    grid.rows.iter().take(HEADER_ROWS).any(|row| {
        let headers: Vec<String> = row.cells.iter().map(|cell| fold_word(&cell.text())).collect();
        let has = |words: &[&str]| {
            headers.iter().any(|header| {
                header.split(' ').count() <= 6 && words.iter().any(|word| has_phrase(header, word))
            })
        };
        has(&["question", "questions", "frage"])
            && has(&["answer", "response", "antwort", "reponse", "vendor response"])
    })
}

fn assign(
    grid: &Grid,
    index: usize,
    row: &Row,
    kind: &'static Kind,
    hints: &Hints<'_>,
) -> Option<Layout> {
    let headers: Vec<(usize, String)> = headers(row);
    let mut columns: Vec<ColumnUse> = headers
        .iter()
        .map(|(index, header)| ColumnUse {
            index: *index,
            header: header.clone(),
            field: None,
            ignored: false,
        })
        .collect();
    let mut explicit = 0_usize;
    for column in &mut columns {
        match (hints.mapped)(kind, &column.header, column.index) {
            Some(Mapped::Field(field)) => {
                column.field = Some(field);
                explicit = explicit.saturating_add(1);
            }
            Some(Mapped::Ignore) => column.ignored = true,
            None => {}
        }
    }
    let mut options: Vec<(usize, usize, Candidate)> = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        if column.field.is_none() && !column.ignored {
            options.extend(
                candidates(kind, &column.header).into_iter().map(|found| (found.rank, at, found)),
            );
        }
    }
    options.sort_by_key(|(rank, at, _)| (*rank, *at));
    for (_, at, candidate) in &options {
        let taken = columns
            .iter()
            .any(|column| column.field.is_some_and(|field| field.name == candidate.field.name));
        if let Some(column) = columns.get_mut(*at)
            && column.field.is_none()
            && !taken
        {
            column.field = Some(candidate.field);
        }
    }
    let titles = titles(grid, index, kind, &mut columns, &options);
    judged(Layout { kind, header: index, columns, titles, score: 0, sure: false }, explicit, hints)
}

/// A column with an empty header above filled cells has the header "".
fn headers(row: &Row) -> Vec<(usize, String)> {
    row.cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| matches!(cell, Cell::Text(_)))
        .map(|(index, cell)| (index, cell.text().split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

/// The columns that name a row, best first. The title field takes a column from another field if it has none of its
/// own; a column that repeats itself ("Title" of the source) gives way to one that tells the rows apart.
fn titles(
    grid: &Grid,
    header: usize,
    kind: &'static Kind,
    columns: &mut [ColumnUse],
    options: &[(usize, usize, Candidate)],
) -> Vec<usize> {
    let is_title =
        |field: Option<&'static Field>| field.is_some_and(|field| field.name == kind.title);
    let explicit: Vec<usize> =
        columns.iter().filter(|column| is_title(column.field)).map(|column| column.index).collect();
    let could: Vec<usize> = options
        .iter()
        .filter(|(rank, _, candidate)| *rank < PHRASE && candidate.field.name == kind.title)
        .filter_map(|(_, at, _)| columns.get(*at))
        .map(|column| column.index)
        .collect();
    let mut chosen: Vec<usize> = explicit;
    let repeats = |index: &usize| distinct_share(grid, header, *index) < 50;
    let mut gave_way = false;
    if chosen.first().is_none_or(repeats) {
        let mut better: Vec<usize> =
            could.iter().copied().filter(|index| !repeats(index)).collect();
        if chosen.is_empty() && better.is_empty() {
            better = could.clone();
        }
        if !better.is_empty()
            && (chosen.is_empty() || could.contains(chosen.first().unwrap_or(&usize::MAX)))
        {
            gave_way = !chosen.is_empty();
            chosen = better;
        }
    }
    if let Some(first) = chosen.first().copied() {
        let field = kind.field(kind.title);
        for column in columns.iter_mut() {
            if column.index == first {
                column.field = field;
            } else if is_title(column.field) && !chosen.contains(&column.index) {
                column.field = None;
            }
        }
        if gave_way {
            // "Risk subcategory" names the rows that have one; "Risk category" those that have not.
            let spare = |index: &usize| {
                columns.iter().any(|column| {
                    column.index == *index
                        && (column.field.is_none() || is_title(column.field))
                        && !is_generic(&column.header)
                })
            };
            let rest: Vec<usize> = could
                .iter()
                .copied()
                .filter(|index| !chosen.contains(index))
                .filter(spare)
                .collect();
            chosen.extend(rest);
        }
    }
    chosen
}

/// How many percent of the filled cells of a column differ from each other; 100 for few rows.
fn distinct_share(grid: &Grid, header: usize, index: usize) -> usize {
    let cells: Vec<String> = grid
        .rows
        .iter()
        .skip(header.saturating_add(1))
        .map(|row| row.cell(index))
        .filter(|cell| !cell.is_empty())
        .map(|cell| cell.text().into_owned())
        .collect();
    if cells.len() < 20 {
        return 100;
    }
    let distinct = cells.iter().collect::<HashSet<_>>().len();
    distinct.saturating_mul(100).checked_div(cells.len()).unwrap_or(100)
}

/// Headers that every register has, whatever it registers.
const GENERIC: &[&str] = &[
    "name",
    "title",
    "titel",
    "description",
    "beschreibung",
    "id",
    "status",
    "state",
    "owner",
    "type",
    "typ",
    "date",
    "datum",
    "category",
    "kategorie",
    "source",
    "version",
    "link",
    "url",
    "responsible",
    "verantwortlich",
    "nr",
    "no",
    "ref",
    "reference",
    "language",
    "bezeichnung",
    "nom",
    "statut",
    "responsable",
    "region",
    "country",
    "role",
    "summary",
    "details",
    "number",
];

fn is_generic(header: &str) -> bool {
    let key = header_key(header);
    GENERIC.iter().any(|generic| header_key(generic) == key)
}

fn judged(mut layout: Layout, explicit: usize, hints: &Hints<'_>) -> Option<Layout> {
    layout.titles.first()?;
    let title = layout.kind.title;
    let matched: Vec<&ColumnUse> =
        layout.columns.iter().filter(|column| column.field.is_some()).collect();
    let own = |column: &ColumnUse| !is_generic(&column.header);
    let distinctive = matched.iter().filter(|column| own(column)).count();
    let title_is_own = matched
        .iter()
        .any(|column| column.field.is_some_and(|field| field.name == title) && own(column));
    let named = hints.names.iter().any(|name| {
        let folded = fold_word(name);
        layout.kind.sheets.iter().any(|word| has_phrase(&folded, word))
    });
    // A name alone is no register, except where the caller says so and no row is better.
    let lone = matched.len() < 2 && explicit == 0;
    if lone && hints.kind.is_none() {
        return None;
    }
    let others = distinctive.saturating_sub(usize::from(title_is_own));
    layout.sure = explicit > 0
        || (title_is_own && matched.len() >= 3)
        || others >= 2
        || (named && matched.len() >= 2);
    layout.score = if lone {
        1
    } else {
        matched
            .len()
            .saturating_mul(2)
            .saturating_add(distinctive)
            .saturating_add(if title_is_own { 3 } else { 1 })
            .saturating_add(if named { 3 } else { 0 })
            .saturating_add(explicit.saturating_mul(2))
    };
    Some(layout)
}
