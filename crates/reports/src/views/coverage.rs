//! Coverage: how far work done for one framework answers another, with the chain of mappings shown.

use std::cmp::Reverse;

use surety_aims::derive::{
    coverage::{ChainStep, Contribution, Coverage, CoverageRow, Covered},
    gap::Outcome,
};

use super::{first_few, words};
use crate::sheet::{Cell, Column, Frozen, Kind, LegendEntry, Mark, Row, Sheet, Tone};

/// The title of a document of this view.
pub const TITLE: &str = "Coverage by other work";

/// Both sheets: "Coverage", one row for each requirement of the target, and "Chains", one row for each contribution.
pub fn sheets(coverage: &Coverage<'_>) -> Vec<Sheet> {
    vec![requirements(coverage), chains(coverage)]
}

fn requirements(coverage: &Coverage<'_>) -> Sheet {
    let columns = vec![
        Column::new("requirement", "Requirement", Kind::Id).wide(16),
        Column::new("label", "Clause", Kind::Text).wide(10).rank(3),
        Column::new("title", "Title", Kind::Text).wide(40),
        Column::new("result", "Result", Kind::Status).wide(13),
        Column::new("by", "By", Kind::LongText).wide(48),
        Column::new("gaps", "Stays open", Kind::LongText).wide(52).rank(1),
    ];
    let title = format!("{} seen from the work done for {}", coverage.to, coverage.from);
    let mut sheet = Sheet::new("Coverage", title, columns);
    sheet.frozen = Frozen { rows: 0, columns: 1 };
    sheet.legend = legend();
    sheet.notes = notes(coverage);
    sheet.rows.extend(coverage.rows.iter().map(|row| Row::Cells(line(row))));
    sheet
}

fn legend() -> Vec<LegendEntry> {
    let entry = |result: Covered, meaning: &'static str| {
        LegendEntry::new(mark(result), result.name(), meaning)
    };
    vec![
        entry(Covered::Covered, "A met requirement of the other framework asks the same or more."),
        entry(Covered::Partly, "Met or partly met requirements overlap with it."),
        entry(Covered::Open, "Nothing that is mapped to it is met."),
        entry(Covered::Unmapped, "Nothing is mapped to it, so nothing is inferred."),
    ]
}

fn notes(coverage: &Coverage<'_>) -> Vec<String> {
    let totals = coverage.totals;
    vec![
        format!(
            "Work done for {} read for {} through mappings, on {}: {} covered, {} partly, {} open, {} unmapped.",
            coverage.from,
            coverage.to,
            coverage.on,
            totals.covered,
            totals.partly,
            totals.open,
            totals.unmapped,
        ),
        "Relationships are those of NIST IR 8477. What follows only through a third framework is a hint and covers \
         nothing by itself."
            .to_owned(),
    ]
}

fn mark(result: Covered) -> Mark {
    match result {
        Covered::Covered => Tone::Good.into(),
        Covered::Partly => Mark { tone: Tone::Warn, symbol: '◐' },
        Covered::Open => Tone::Bad.into(),
        Covered::Unmapped => Tone::Neutral.into(),
    }
}

fn line(row: &CoverageRow<'_>) -> Vec<Cell> {
    let label = if row.label.is_empty() { row.requirement } else { row.label };
    vec![
        row.requirement.to_owned().into(),
        label.to_owned().into(),
        row.title.to_owned().into(),
        Cell::status(row.result.name(), mark(row.result)),
        first_few(best_first(row).iter().map(|one| contribution(one)), "; ").into(),
        first_few(row.gaps.iter().map(|gap| (*gap).to_owned()), "; ").into(),
    ]
}

/// The contributions with the most telling ones first: what is met and covers fully, then what is met.
fn best_first<'r, 'b>(row: &'r CoverageRow<'b>) -> Vec<&'r Contribution<'b>> {
    let mut by: Vec<_> = row.by.iter().collect();
    by.sort_by_key(|one| {
        let result = match one.result {
            Outcome::Met => 0,
            Outcome::Partly => 1,
            Outcome::NotMet | Outcome::NotApplicable => 2,
        };
        (result, !one.relationship.covers_fully(), Reverse(one.certainty))
    });
    by
}

/// `A.2.2 (met, equal)`.
fn contribution(one: &Contribution<'_>) -> String {
    let (result, relationship) = (words(one.result.name()), words(one.relationship.name()));
    format!("{} ({result}, {relationship})", one.requirement)
}

fn chains(coverage: &Coverage<'_>) -> Sheet {
    let columns = vec![
        Column::new("requirement", "Requirement", Kind::Id).wide(16),
        Column::new("by", "By", Kind::Id).wide(16),
        Column::new("result", "Result", Kind::Status),
        Column::new("relationship", "Relationship", Kind::Text).wide(13),
        Column::new("certainty", "Certainty", Kind::Text).wide(12),
        Column::new("strength", "Strength", Kind::Number).wide(9).rank(2),
        Column::new("chain", "Chain", Kind::LongText).wide(64).rank(1),
        Column::new("rationale", "Why", Kind::LongText).wide(56).rank(2),
    ];
    let mut sheet = Sheet::new("Chains", "What leads from one framework to the other", columns);
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.legend = super::gap::legend();
    sheet.notes =
        vec!["Strength is from 1, faint, to 10, the same, where the mapping states it.".to_owned()];
    for row in &coverage.rows {
        sheet.rows.extend(best_first(row).into_iter().map(|one| Row::Cells(chain(row, one))));
    }
    sheet
}

fn chain(row: &CoverageRow<'_>, one: &Contribution<'_>) -> Vec<Cell> {
    let rationales = one.chain.iter().map(|step| step.rationale).filter(|why| !why.is_empty());
    vec![
        row.requirement.to_owned().into(),
        one.requirement.to_owned().into(),
        super::gap::outcome(one.result),
        words(one.relationship.name()).into_owned().into(),
        one.certainty.name().into(),
        one.strength.map(i64::from).into(),
        steps(&one.chain).into(),
        rationales.collect::<Vec<_>>().join("; ").into(),
    ]
}

/// `iso42001:A.2.2, equal to nist-ai-rmf:GOVERN 1.1 (mapping set)`.
fn steps(chain: &[ChainStep<'_>]) -> String {
    let steps = chain.iter().map(|step| {
        format!("{} {} {} ({})", step.from, words(step.relationship.name()), step.to, step.set)
    });
    steps.collect::<Vec<_>>().join("; then ")
}
