//! The matrix: controls down, AI systems across.

use std::borrow::Cow;

use surety_aims::derive::{
    Rule,
    soa::{self, Soa},
};
use surety_catalog::Framework;

use super::{Standing, notes, objective, row};
use crate::sheet::{Cell, Column, Frozen, Kind, Row, Sheet};

/// AI systems up to which a cell spells its standing; beyond, people see its shape, so that more fit on a page.
const SPELT_UP_TO: usize = 12;

/// One row for each control under its objective, one column for each AI system, and below each system how many
/// controls are operating and how many apply. The reason of each cell stands in its comment.
pub fn matrix(soa: &Soa<'_>, framework: &Framework) -> Sheet {
    let mut sheet = Sheet::new("Matrix", "Controls and AI systems", columns(soa));
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.notes = notes(soa, framework);
    sheet.legend = Standing::legend();
    sheet.rows.reserve(soa.controls.len().saturating_add(24));
    let width = soa.systems.len();
    let mut above = None;
    let mut totals = vec![(0_i64, 0_i64); width];
    for (position, control) in soa.controls.iter().enumerate() {
        if above != Some(control.objective) {
            above = Some(control.objective);
            let heading = objective(framework, control.objective);
            if !heading.is_empty() {
                sheet.group(heading);
            }
        }
        let mut line = Vec::with_capacity(width.saturating_add(2));
        line.push(control.id.to_owned().into());
        line.push(control.title.to_owned().into());
        for (cell, (operating, applies)) in row(soa, position).iter().zip(&mut totals) {
            *operating += i64::from(cell.operating);
            *applies += i64::from(cell.applicable == Some(true));
            line.push(standing(cell));
        }
        sheet.push(line);
    }
    let labels = [("Controls operating", 0), ("Controls that apply", 1)];
    for (label, which) in labels {
        let sums = totals
            .iter()
            .map(|(operating, applies)| if which == 0 { *operating } else { *applies });
        let cells = [Cell::EMPTY, Cell::from(label)].into_iter().chain(sums.map(Cell::from));
        sheet.rows.push(Row::Total(cells.collect()));
    }
    sheet
}

fn columns(soa: &Soa<'_>) -> Vec<Column> {
    let kind = if soa.systems.len() <= SPELT_UP_TO { Kind::Status } else { Kind::Mark };
    let mut columns = Vec::with_capacity(soa.systems.len().saturating_add(2));
    columns.push(Column::new("control", "Control", Kind::Id).wide(10));
    columns.push(Column::new("title", "Title", Kind::Text).wide(32));
    columns.extend(soa.systems.iter().map(|system| {
        let heading = format!("{} {}", system.id, system.name);
        Column::new(Cow::Owned(system.id.to_string()), heading, kind).rank(1)
    }));
    columns
}

fn standing(cell: &soa::Cell<'_>) -> Cell {
    let standing = Standing::of(cell);
    let word = match standing {
        Standing::Lapsed => {
            Cow::Owned(format!("lapsed ({} days uncovered)", cell.uncovered.days()))
        }
        Standing::Operating
        | Standing::Documented
        | Standing::Designed
        | Standing::Open
        | Standing::Ineffective
        | Standing::Undecided
        | Standing::Excluded
        | Standing::NotJustified => Cow::Borrowed(standing.word()),
    };
    Cell::status(word, standing.mark()).because(short_why(cell))
}

/// The decision and the last thing said, which is what the standing turns on; the long form has every reason.
fn short_why(cell: &soa::Cell<'_>) -> String {
    let decision = cell.why.iter().find(|reason| is_decision(reason.rule));
    let last =
        cell.why.last().filter(|last| decision.is_none_or(|decision| decision.rule != last.rule));
    let mut text = String::with_capacity(96);
    super::cells::push_reasons(&mut text, decision.into_iter().chain(last));
    text
}

fn is_decision(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::DecidedForSystem
            | Rule::DecidedForGroup
            | Rule::DecidedForOrganisation
            | Rule::Undecided
    )
}
