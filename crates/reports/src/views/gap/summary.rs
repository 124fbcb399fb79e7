//! How many requirements have each result, by top-level clause.

use std::collections::HashMap;

use surety_aims::derive::gap::{Gap, Judged, Outcome, Totals};

use super::{name, printed};
use crate::sheet::{Cell, Column, Frozen, Kind, Row, Sheet};

/// One row for each top-level clause of each framework, and a total for each framework.
pub fn summary(gaps: &[&Gap<'_>]) -> Sheet {
    let mut sheet = Sheet::new("Summary", "Results by clause", columns());
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.notes = vec![
        "Counts the requirements that are judged by themselves; one with parts is not counted, its parts are. Met % is \
         of those that apply, rounded down."
            .to_owned(),
    ];
    if let Some(gap) = gaps.first() {
        sheet.notes.push(format!("As the records stood on {}.", gap.on));
    }
    for gap in gaps {
        if let [_, _, ..] = gaps {
            sheet.group(name(gap).to_owned());
        }
        for (clause, totals) in clauses(gap) {
            sheet.push(line(gap, clause, totals));
        }
        sheet.rows.push(Row::Total(cells(gap, Cell::EMPTY, "All".to_owned(), gap.totals)));
    }
    sheet
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("framework", "Framework", Kind::Id).wide(14).rank(1),
        Column::new("clause", "Clause", Kind::Id),
        Column::new("title", "Title", Kind::Text).wide(40),
        Column::new("met", "Met", Kind::Number),
        Column::new("partly", "Partly", Kind::Number),
        Column::new("not_met", "Not met", Kind::Number),
        Column::new("not_applicable", "Not applicable", Kind::Number).wide(12),
        Column::new("percent_met", "Met %", Kind::Number),
    ]
}

/// The top-level clauses that have parts, with the counts below each; what stands under none of them comes last.
fn clauses<'g, 'b>(gap: &'g Gap<'b>) -> Vec<(Option<&'g Judged<'b>>, Totals)> {
    let mut clauses: Vec<(Option<&Judged<'_>>, Totals)> = Vec::new();
    let mut alone = Totals::default();
    // Parents precede their children, so the top of a parent is known when its child comes.
    let mut tops: HashMap<&str, usize> = HashMap::new();
    for judged in &gap.results {
        let above = judged.parent.and_then(|parent| tops.get(parent).copied());
        let top = above.or_else(|| {
            judged.has_parts.then(|| {
                clauses.push((Some(judged), Totals::default()));
                clauses.len().saturating_sub(1)
            })
        });
        if let Some(top) = top {
            tops.insert(judged.id, top);
        }
        if judged.assessable && !judged.has_parts {
            let totals = top.and_then(|top| clauses.get_mut(top)).map(|(_, totals)| totals);
            count(totals.unwrap_or(&mut alone), judged.result);
        }
    }
    if alone != Totals::default() {
        clauses.push((None, alone));
    }
    clauses
}

fn count(totals: &mut Totals, outcome: Outcome) {
    match outcome {
        Outcome::Met => totals.met += 1,
        Outcome::Partly => totals.partly += 1,
        Outcome::NotMet => totals.not_met += 1,
        Outcome::NotApplicable => totals.not_applicable += 1,
    }
}

fn line(gap: &Gap<'_>, clause: Option<&Judged<'_>>, totals: Totals) -> Vec<Cell> {
    match clause {
        Some(clause) => {
            let label = printed(clause.label, clause.id).to_owned();
            cells(gap, label.into(), clause.title.to_owned(), totals)
        }
        None => cells(gap, Cell::EMPTY, "Without a heading".to_owned(), totals),
    }
}

fn cells(gap: &Gap<'_>, clause: Cell, title: String, totals: Totals) -> Vec<Cell> {
    let number = |count: u32| Cell::from(i64::from(count));
    vec![
        gap.framework.to_owned().into(),
        clause,
        title.into(),
        number(totals.met),
        number(totals.partly),
        number(totals.not_met),
        number(totals.not_applicable),
        number(totals.percent_met()),
    ]
}
