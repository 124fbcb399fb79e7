//! The cells in long form: one row for each control and AI system, for filtering.

use std::{collections::HashMap, fmt::Write as _};

use surety_aims::{
    date,
    derive::{
        Gaps, Reason,
        soa::{self, Soa, System},
    },
};
use surety_catalog::Framework;

use super::{Standing, notes, row};
use crate::{
    sheet::{Cell, Column, Frozen, Kind, Sheet},
    views::{Names, id, words::said},
};

/// Every cell of the matrix with all that is known of it.
pub fn cells(soa: &Soa<'_>, framework: &Framework, names: &Names<'_>) -> Sheet {
    let mut sheet = Sheet::new("Cells", "Every control for every AI system", columns());
    sheet.frozen = Frozen { rows: 0, columns: 3 };
    sheet.notes = notes(soa, framework);
    sheet.notes.push(
        "\"Decided by\" is the record that decides: that of the AI system, else of its group, else of the organisation."
            .to_owned(),
    );
    sheet.legend = Standing::legend();
    sheet.rows.reserve(soa.cells.len());
    let mut people = HashMap::new();
    for (position, control) in soa.controls.iter().enumerate() {
        for (cell, system) in row(soa, position).iter().zip(&soa.systems) {
            let owner = cell
                .owner
                .map(|owner| people.entry(owner).or_insert_with(|| (names.person)(owner)).clone());
            sheet.push(line(control, system, cell, owner));
        }
    }
    sheet
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("control", "Control", Kind::Id).wide(10),
        Column::new("system", "AI system", Kind::Id),
        Column::new("system_name", "Name", Kind::Text).wide(26),
        Column::new("title", "Title of the control", Kind::Text).wide(30).rank(7),
        Column::new("standing", "Standing", Kind::Status).wide(15),
        Column::new("applicable", "Applies", Kind::Text).wide(10),
        Column::new("justification", "Justification", Kind::LongText).wide(40).rank(6),
        Column::new("source", "Decided by", Kind::Id).rank(3),
        Column::new("level", "Level", Kind::Text).wide(13).rank(4),
        Column::new("implementation", "Done as in", Kind::Id).rank(5),
        Column::new("state", "State", Kind::Text).wide(13).rank(1),
        Column::new("owner", "Owner", Kind::Text).wide(22).rank(3),
        Column::new("cadence", "Cadence", Kind::Text).wide(11).rank(4),
        Column::new("designed", "Designed", Kind::Bool).wide(10).rank(2),
        Column::new("documented", "Documented", Kind::Bool).wide(12).rank(2),
        Column::new("operating", "Operating", Kind::Bool).wide(10).rank(2),
        Column::new("uncovered_days", "Days uncovered", Kind::Number).rank(1),
        Column::new("uncovered", "Uncovered", Kind::LongText).wide(28).rank(5),
        Column::new("why", "Why", Kind::LongText).wide(60).rank(6),
    ]
}

fn line(
    control: &soa::Control<'_>,
    system: &System<'_>,
    cell: &soa::Cell<'_>,
    owner: Option<String>,
) -> Vec<Cell> {
    let standing = Standing::of(cell);
    vec![
        control.id.to_owned().into(),
        id(system.id),
        system.name.to_owned().into(),
        control.title.to_owned().into(),
        Cell::status(standing.word(), standing.mark()),
        Cell::from(match cell.applicable {
            Some(true) => "yes",
            Some(false) => "no",
            None => "undecided",
        }),
        cell.justification.to_owned().into(),
        cell.decided_by.map(id).unwrap_or_default(),
        cell.level().map(said).unwrap_or_default(),
        cell.implementation.map(id).unwrap_or_default(),
        said(cell.state),
        owner.into(),
        said(cell.cadence.name()),
        cell.designed.into(),
        cell.documented.into(),
        cell.operating.into(),
        i64::from(cell.uncovered.days()).into(),
        runs(&cell.uncovered).into(),
        why(&cell.why).into(),
    ]
}

/// Days without evidence: `2026-01-01 to 2026-03-31; 2026-07-02`.
fn runs(gaps: &Gaps) -> String {
    let mut text = String::new();
    for (from, to) in &gaps.0 {
        if !text.is_empty() {
            text.push_str("; ");
        }
        let _ = if from == to {
            write!(text, "{}", date(*from))
        } else {
            write!(text, "{} to {}", date(*from), date(*to))
        };
    }
    text
}

/// Reasons in one line: `decided for this AI system (CTL-1); covered by evidence (EVD-1)`.
pub(in crate::views) fn why(reasons: &[Reason]) -> String {
    let mut text = String::with_capacity(reasons.len().saturating_mul(48));
    push_reasons(&mut text, reasons.iter());
    text
}

pub(super) fn push_reasons<'r>(text: &mut String, reasons: impl Iterator<Item = &'r Reason>) {
    for reason in reasons {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(reason.rule.says());
        if let Some(record) = reason.record {
            let _ = write!(text, " ({record})");
        }
    }
}
