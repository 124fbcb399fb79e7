//! One row for each requirement of a framework.

use surety_aims::{
    derive::gap::{Assessment, Gap, Judged},
    of,
    records::RequirementAssessment,
};

use super::{legend, name, outcome, printed};
use crate::{
    sheet::{Cell, Column, Frozen, Kind, Sheet},
    views::{
        Names, first_few, words,
        words::{all_missing, ids},
    },
};

/// Every requirement of one framework with its result, who overrode it and why, what is missing and what was found.
pub fn requirements(gap: &Gap<'_>, names: &Names<'_>) -> Sheet {
    let mut sheet = Sheet::new("Gap", format!("Gap analysis of {}", name(gap)), columns());
    sheet.frozen = Frozen { rows: 0, columns: 3 };
    sheet.legend = legend();
    sheet.notes = vec![
        format!("Each requirement of {} judged from the records as they stood on {}.", name(gap), gap.on),
        "A person's assessment overrides what the records say for as long as it is valid; then both are shown."
            .to_owned(),
    ];
    for judged in &gap.results {
        if is_empty_heading(judged) {
            continue;
        }
        if judged.parent.is_none() && !judged.assessable {
            let title = format!("{} {}", printed(judged.label, judged.id), judged.title);
            sheet.group(format!("{}: {}", title.trim(), words(judged.result.name())));
        } else {
            sheet.push(line(judged, names));
        }
    }
    sheet
}

/// Structure of the publisher with nothing to judge below it.
fn is_empty_heading(judged: &Judged<'_>) -> bool {
    !judged.assessable && !judged.has_parts && judged.conditions.is_empty()
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("requirement", "Requirement", Kind::Id).wide(13),
        Column::new("label", "Clause", Kind::Text).wide(10).rank(6),
        Column::new("title", "Title", Kind::Text).wide(36),
        Column::new("result", "Result", Kind::Status),
        Column::new("conditions", "Conditions", Kind::Text).wide(11).rank(1),
        Column::new("missing", "Missing", Kind::LongText).wide(52).rank(2),
        Column::new("found", "Found", Kind::Text).wide(22).rank(4),
        Column::new("derived", "From the records", Kind::Status).rank(3),
        Column::new("assessment", "Assessment", Kind::Text).wide(22).rank(3),
        Column::new("reason", "Reason", Kind::LongText).wide(36).rank(5),
    ]
}

fn line(judged: &Judged<'_>, names: &Names<'_>) -> Vec<Cell> {
    let held = judged.conditions.iter().filter(|finding| finding.holds).count();
    let conditions = match judged.conditions.len() {
        0 => Cell::EMPTY,
        asked => format!("{held} of {asked}").into(),
    };
    let assessment = judged.assessment.as_ref();
    let overrides = assessment.is_some_and(|assessment| !assessment.lapsed);
    let derived = if overrides { outcome(judged.derived) } else { Cell::EMPTY };
    vec![
        judged.id.to_owned().into(),
        printed(judged.label, judged.id).to_owned().into(),
        judged.title.to_owned().into(),
        outcome(judged.result).because(why(judged)),
        conditions,
        lacking(judged).into(),
        ids(judged.conditions.iter().flat_map(|finding| &finding.found).copied()),
        derived,
        assessment.map(|assessment| said(assessment, names)).into(),
        assessment.map(|assessment| assessment.reason.to_owned()).into(),
    ]
}

/// The rule behind the result.
fn why(judged: &Judged<'_>) -> String {
    match &judged.assessment {
        Some(assessment) if !assessment.lapsed => {
            format!("a person's assessment counts ({})", assessment.record)
        }
        Some(_) | None if judged.conditions.is_empty() => "what its parts are together".to_owned(),
        Some(_) | None => {
            let open = judged.conditions.iter().filter(|finding| !finding.holds);
            let open: Vec<_> = open.map(|finding| finding.says.to_owned()).collect();
            if open.is_empty() {
                "every condition holds".to_owned()
            } else {
                format!("does not hold: {}", first_few(open.into_iter(), "; "))
            }
        }
    }
}

fn lacking(judged: &Judged<'_>) -> String {
    let all = all_missing(judged.conditions.iter().flat_map(|finding| &finding.missing));
    first_few(all.into_iter(), "; ")
}

/// `partly, by PER-1 Head of credit (ASM-1)`.
fn said(assessment: &Assessment<'_>, names: &Names<'_>) -> String {
    let by = names.book.get(assessment.record).and_then(of::<RequirementAssessment>);
    let by = by.and_then(|said| said.assessed_by).map(names.person);
    let by = by.map(|by| format!(", by {by}")).unwrap_or_default();
    let lapsed = if assessment.lapsed { ", lapsed" } else { "" };
    format!("{}{by}{lapsed} ({})", words(assessment.result.name()), assessment.record)
}
