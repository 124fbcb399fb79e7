//! From the rows of an understood table to proposals.

use std::collections::HashMap;

use super::{
    cells::{Draft, Fill, Findings},
    grid::{Cell, Grid, Row},
    header::{ColumnUse, Layout},
    identity::distinguished,
};
use crate::inventory::{
    fold::{fold_word, shortened},
    mention::Mentions,
    proposal::{Column, Place, Problem, Proposal, Reading, Severity, Unmapped},
    values::{self, DayOrder},
    vocabulary::{Kind, Shape},
};

/// One table with what was found out about it.
pub(super) struct Rows<'a> {
    file: &'a str,
    grid: &'a Grid,
    layout: &'a Layout,
    source: String,
    /// By column index.
    day_orders: HashMap<usize, DayOrder>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        file: &'a str,
        grid: &'a Grid,
        layout: &'a Layout,
        source: String,
    ) -> Rows<'a> {
        let mut rows = Rows { file, grid, layout, source, day_orders: HashMap::new() };
        rows.day_orders = layout
            .columns
            .iter()
            .filter(|column| column.field.is_some_and(|field| matches!(field.shape, Shape::Date)))
            .map(|column| (column.index, rows.day_order(column.index)))
            .collect();
        rows
    }

    pub(super) fn read(&self, reading: &mut Reading, mentions: &mut Mentions) {
        let first = reading.proposals.len();
        let before = reading.problems.len();
        let mut skipped = 0_u32;
        for row in self.body() {
            if row.banner || self.is_footer(row) {
                skipped = skipped.saturating_add(1);
                continue;
            }
            if let Some(proposal) = self.row(row, &mut reading.problems, mentions) {
                reading.proposals.push(proposal);
            }
        }
        if skipped > 0 {
            reading
                .notices
                .push(format!("{skipped} heading and total rows inside the table were left out"));
        }
        let found = reading.proposals.split_off(first);
        reading.proposals.extend(distinguished(self.layout.kind, found, &mut reading.problems));
        if let Some(own) = reading.problems.get_mut(before..) {
            own.sort_by_key(|problem| {
                (problem.place.line, problem.place.column.as_ref().map(|column| column.number))
            });
        }
        reading.unmapped.extend(self.unmapped());
    }

    fn body(&self) -> impl Iterator<Item = &'a Row> {
        self.grid.rows.iter().skip(self.layout.header.saturating_add(1))
    }

    /// A last row like "Total: 14" or "End of Standard".
    fn is_footer(&self, row: &Row) -> bool {
        const FOOTERS: &[&str] = &[
            "total",
            "totals",
            "sum",
            "summe",
            "gesamt",
            "end of standard",
            "end of list",
            "ende",
            "grand total",
        ];
        row.filled() <= 2
            && row
                .cells
                .iter()
                .find(|cell| !cell.is_empty())
                .is_some_and(|cell| FOOTERS.contains(&fold_word(&cell.text()).as_str()))
    }

    fn row(
        &self,
        row: &Row,
        problems: &mut Vec<Problem>,
        mentions: &mut Mentions,
    ) -> Option<Proposal> {
        let kind = self.layout.kind;
        // A repeated header, as reports have at the top of each page.
        if self.layout.columns.len() > 1
            && self
                .layout
                .columns
                .iter()
                .all(|column| row.cell(column.index).text() == column.header)
        {
            return None;
        }
        if self.layout.titles.iter().all(|index| self.is_unnamed(row.cell(*index)))
            && !self.is_person()
        {
            problems.push(self.unnamed(row));
            return None;
        }
        let place = self.place(row, None);
        let mut draft =
            Draft::new(Proposal { source: self.source.clone(), ..Proposal::new(kind.name, place) });
        for column in self.layout.columns.iter().filter(|column| !column.ignored) {
            let cell = row.cell(column.index);
            if cell.is_empty() || self.layout.titles.contains(&column.index) {
                continue;
            }
            let Some(field) = column.field else {
                draft.proposal.keep(&self.key(column), cell.text());
                continue;
            };
            let fill = Fill {
                kind,
                field,
                cell,
                place: self.place(row, Some(column)),
                key: self.key(column),
                order: self.day_orders.get(&column.index).copied().unwrap_or_default(),
            };
            fill.into(&mut draft, &mut Findings { problems, mentions });
        }
        let mut proposal = draft.finished();
        self.unheaded(row, &mut proposal);
        if let Some(problem) = self.name(row, &mut proposal) {
            problems.push(problem);
            return None;
        }
        Some(proposal)
    }

    fn is_unnamed(&self, cell: &Cell) -> bool {
        matches!(cell, Cell::Fault(_)) || values::is_blank(&cell.text())
    }

    fn is_person(&self) -> bool {
        self.layout
            .kind
            .field(self.layout.kind.title)
            .is_some_and(|field| matches!(field.shape, Shape::PersonName))
    }

    /// Sets the name from the first title column that says something, or tells why there is none.
    fn name(&self, row: &Row, proposal: &mut Proposal) -> Option<Problem> {
        let kind = self.layout.kind;
        let shape = kind.field(kind.title).map(|field| field.shape);
        let mut found: Option<String> = None;
        for index in &self.layout.titles {
            let text = row.cell(*index).text();
            if self.is_unnamed(row.cell(*index)) {
                continue;
            }
            if found.is_none() {
                found = Some(text.split_whitespace().collect::<Vec<_>>().join(" "));
            } else if let Some(column) =
                self.layout.columns.iter().find(|column| column.index == *index)
            {
                proposal.keep(&self.key(column), text);
            }
        }
        if let Some(Shape::PersonName) = shape {
            let named = self.person_name(found, proposal);
            return (!named).then(|| self.unnamed(row));
        }
        let Some(name) = found else { return Some(self.unnamed(row)) };
        if let Some(Shape::Requirement) = shape {
            let taken = values::plain(Shape::Requirement, &name, DayOrder::Unclear);
            let Ok(Some(taken)) = taken else { return Some(self.no_control(row, &name)) };
            proposal.name = taken.value.as_str().unwrap_or_default().to_owned();
            proposal.set(kind.title, taken.value);
            return None;
        }
        proposal.set(kind.title, name.as_str());
        proposal.name = name;
        None
    }

    fn no_control(&self, row: &Row, text: &str) -> Problem {
        let text = shortened(text, 80);
        Problem {
            place: self.place(row, self.title_column()),
            severity: Severity::Error,
            message: format!(
                "\"{text}\" is no reference to a control: the row was left out; write it like A.6.2.4"
            ),
            value: Some(text),
        }
    }

    fn person_name(&self, found: Option<String>, proposal: &mut Proposal) -> bool {
        let identity = proposal.identity.get_or_insert_default();
        if let Some(person) =
            found.as_deref().and_then(|text| values::people(text).into_iter().next())
        {
            if identity.email.is_none() {
                identity.email = person.email;
            }
            identity.name = Some(person.name);
        }
        proposal.name =
            identity.name.clone().or_else(|| identity.email.clone()).unwrap_or_default();
        !proposal.name.is_empty()
    }

    fn unnamed(&self, row: &Row) -> Problem {
        let column = self.title_column();
        let header = column.map(|column| column.header.as_str()).unwrap_or_default();
        Problem {
            place: self.place(row, column),
            severity: Severity::Error,
            value: None,
            message: format!(
                "has no {} in \"{header}\": the row was left out; give it one",
                article_free(self.layout.kind)
            ),
        }
    }

    fn title_column(&self) -> Option<&ColumnUse> {
        let first = self.layout.titles.first()?;
        self.layout.columns.iter().find(|column| column.index == *first)
    }

    /// Cells beside the table keep their column number as a name.
    fn unheaded(&self, row: &Row, proposal: &mut Proposal) {
        for (index, cell) in row.cells.iter().enumerate() {
            if !cell.is_empty() && !self.layout.columns.iter().any(|column| column.index == index) {
                proposal.keep(&format!("column {}", index.saturating_add(1)), cell.text());
            }
        }
    }

    fn day_order(&self, column: usize) -> DayOrder {
        let texts: Vec<String> =
            self.body().map(|row| row.cell(column).text().into_owned()).collect();
        DayOrder::of(texts.iter().map(String::as_str))
    }

    /// The header, made unique within the table.
    fn key(&self, column: &ColumnUse) -> String {
        let twins = self
            .layout
            .columns
            .iter()
            .filter(|other| other.header == column.header && other.index < column.index)
            .count();
        if twins == 0 {
            column.header.clone()
        } else {
            format!("{} ({})", column.header, twins.saturating_add(1))
        }
    }

    fn place(&self, row: &Row, column: Option<&ColumnUse>) -> Place {
        Place {
            file: self.file.to_owned(),
            sheet: self.grid.sheet.clone(),
            line: Some(row.line),
            column: column.map(|column| Column {
                number: u32::try_from(column.index.saturating_add(1)).unwrap_or(u32::MAX),
                name: column.header.clone(),
            }),
            path: None,
        }
    }

    fn unmapped(&self) -> Vec<Unmapped> {
        let unused = self.layout.columns.iter().filter(|column| {
            column.field.is_none() && !column.ignored && !self.layout.titles.contains(&column.index)
        });
        unused
            .filter_map(|column| {
                let mut filled =
                    self.body().map(|row| row.cell(column.index)).filter(|cell| !cell.is_empty());
                let example = filled.next()?;
                Some(Unmapped {
                    place: Place {
                        line: self.grid.rows.get(self.layout.header).map(|row| row.line),
                        ..self.place(&Row::default(), Some(column))
                    },
                    name: column.header.clone(),
                    example: shortened(&example.text(), 60),
                    filled: u32::try_from(filled.count().saturating_add(1)).unwrap_or(u32::MAX),
                })
            })
            .collect()
    }
}

fn article_free(kind: &Kind) -> &'static str {
    match kind.title {
        "control" => "reference to a control",
        "statement" => "statement",
        "title" => "title",
        _ => "name",
    }
}
