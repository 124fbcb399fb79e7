//! Readiness for the two stages of a certification audit, check by check.

use surety_aims::derive::readiness::{Check, Readiness, Reference, Stage};

use super::{first_few, gap, of, words};
use crate::sheet::{Cell, Column, Frozen, Kind, Row, Sheet};

/// The title of a document of this view.
pub const TITLE: &str = "Readiness for certification";

/// The one sheet of this view, "Readiness": the checks of Stage 1 and of Stage 2.
pub fn sheets(readiness: &Readiness<'_>) -> Vec<Sheet> {
    let columns = vec![
        Column::new("stage", "Stage", Kind::Number).wide(7).rank(1),
        Column::new("check", "Check", Kind::Id).wide(14).rank(2),
        Column::new("says", "What the auditor looks for", Kind::LongText).wide(56),
        Column::new("result", "Result", Kind::Status),
        Column::new("requirements", "Requirements", Kind::LongText).wide(34).rank(2),
        Column::new("missing", "Missing", Kind::LongText).wide(60).rank(1),
    ];
    let mut sheet = Sheet::new("Readiness", TITLE, columns);
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.legend = gap::legend();
    sheet.notes = notes(readiness);
    for (number, name, stage) in
        [(1, "Stage 1", &readiness.stage1), (2, "Stage 2", &readiness.stage2)]
    {
        sheet.group(format!("{name}: {} checks ready", of(stage.ready, stage.of)));
        sheet.rows.extend(stage.checks.iter().map(|check| Row::Cells(line(number, check))));
    }
    vec![sheet]
}

fn notes(readiness: &Readiness<'_>) -> Vec<String> {
    let ready = |stage: &Stage<'_>| of(stage.ready, stage.of);
    vec![
        format!(
            "Checks of a certification audit against {} on {}. Checks ready: Stage 1 {}, Stage 2 {}.",
            readiness.framework,
            readiness.on,
            ready(&readiness.stage1),
            ready(&readiness.stage2),
        ),
        format!(
            "Statement of Applicability: {} % designed, {} % documented, {} % operating. Stage 1 looks at what is \
             designed and documented, Stage 2 at what operates.",
            readiness.designed, readiness.documented, readiness.operating,
        ),
        "A check is as good as the requirements that it refers to.".to_owned(),
    ]
}

fn line(stage: i64, check: &Check<'_>) -> Vec<Cell> {
    let requirements: Vec<String> = check.references.iter().map(reference).collect();
    vec![
        stage.into(),
        check.id.to_owned().into(),
        check.says.to_owned().into(),
        gap::outcome(check.result),
        if requirements.is_empty() { Cell::EMPTY } else { requirements.into() },
        first_few(check.missing.iter().cloned(), "; ").into(),
    ]
}

/// `5.2: met`.
fn reference(reference: &Reference<'_>) -> String {
    match reference.result {
        Some(result) => format!("{}: {}", reference.requirement, words(result.name())),
        None => format!("{}: not judged", reference.requirement),
    }
}
