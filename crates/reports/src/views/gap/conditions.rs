//! The conditions in long form: one row for each thing that is asked.

use surety_aims::derive::{
    Finding,
    gap::{Gap, Judged},
};

use super::{legend, name, outcome, printed};
use crate::{
    sheet::{Cell, Column, Frozen, Kind, Sheet},
    views::words::{all_missing, effort, ids},
};

/// Every condition of every framework, with all that is missing.
pub fn conditions(gaps: &[&Gap<'_>]) -> Sheet {
    let mut sheet = Sheet::new("Conditions", "Every condition and what is missing", columns());
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.legend = legend();
    let names: Vec<&str> = gaps.iter().map(|gap| name(gap)).collect();
    sheet.notes = vec![
        format!("What must hold for {}.", names.join(", ")),
        "\"Held\" counts the AI systems, or the records, for which the condition holds, of those that it is asked of."
            .to_owned(),
    ];
    for gap in gaps {
        for judged in &gap.results {
            for finding in &judged.conditions {
                sheet.push(line(gap.framework, judged, finding));
            }
        }
    }
    sheet
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("framework", "Framework", Kind::Id).wide(14).rank(3),
        Column::new("requirement", "Requirement", Kind::Id).wide(13),
        Column::new("title", "Title", Kind::Text).wide(32).rank(2),
        Column::new("condition", "Condition", Kind::Id).wide(18).rank(4),
        Column::new("says", "What must hold", Kind::LongText).wide(44),
        Column::new("result", "Result", Kind::Status),
        Column::new("held", "Held", Kind::Number).wide(7),
        Column::new("asked", "Asked", Kind::Number).wide(7),
        Column::new("effort", "Effort", Kind::Text).wide(9).rank(3),
        Column::new("missing", "Missing", Kind::LongText).wide(60).rank(1),
        Column::new("found", "Found", Kind::Text).wide(22).rank(2),
    ]
}

fn line(framework: &str, judged: &Judged<'_>, finding: &Finding<'_>) -> Vec<Cell> {
    vec![
        framework.to_owned().into(),
        judged.id.to_owned().into(),
        format!("{} {}", printed(judged.label, judged.id), judged.title).trim().to_owned().into(),
        finding.id.to_owned().into(),
        says(finding).into(),
        outcome(finding.outcome()),
        i64::from(finding.held).into(),
        i64::from(finding.asked).into(),
        effort(finding.effort).into(),
        all_missing(finding.missing.iter()).join("; ").into(),
        ids(finding.found.iter().copied()),
    ]
}

/// What must hold and, of evidence, how often it is wanted and who says so.
fn says(finding: &Finding<'_>) -> String {
    if finding.cadences.is_empty() {
        return finding.says.to_owned();
    }
    let cadences: Vec<_> = finding.cadences.iter().map(ToString::to_string).collect();
    format!("{} ({})", finding.says, cadences.join("; "))
}
