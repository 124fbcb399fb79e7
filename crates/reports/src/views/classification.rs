//! The class of an AI system under the law: what it is, why, and what would settle or change it.

use surety_aims::RecordId;
use surety_law::classification::{AnswerText, Classification, FoundFinding};

use super::words::{choice, chosen};
use crate::sheet::{Cell, Column, Kind, Sheet, Tone};

/// The title of a document of this view.
pub const TITLE: &str = "Classification under the EU AI Act";

/// The class, what was found, what is open, each step, and what would change it.
pub fn sheets(found: &Classification) -> Vec<Sheet> {
    let all = [result_sheet(found), findings_sheet(found), open_sheet(found), path_sheet(found)];
    let all = all.into_iter().chain([counterfactual_sheet(found)]);
    all.filter(|sheet| !sheet.rows.is_empty()).collect()
}

fn result_sheet(found: &Classification) -> Sheet {
    let columns = vec![
        Column::new("what", "What", Kind::Text).wide(22),
        Column::new("result", "Result", Kind::LongText).wide(90),
    ];
    let mut sheet = Sheet::new("Result", "The class and why", columns);
    let outcome = match &found.outcome {
        Some(outcome) => spaced(outcome),
        None => format!("open: one of {}", joined(&found.possible_outcomes)),
    };
    let provisional = match found.why.provisional {
        true => format!(
            "{}, if each open question gets its cautious answer",
            spaced(&found.why.outcome)
        ),
        false => String::new(),
    };
    let will = found.will_be_prohibited_from.map(|date| date.to_string()).unwrap_or_default();
    let rows = [
        ("Outcome", outcome),
        ("Roles", joined(&found.roles)),
        ("Tiers", joined(&found.tiers)),
        ("Provisionally", provisional),
        ("Because", found.why.explain.to_string()),
        ("Note", found.why.note.to_string()),
        ("Confidence", chosen(found.why.confidence).unwrap_or_default()),
        ("Becomes prohibited", will),
        ("Day", format!("{}, as published by {}", found.on, found.law_as_of)),
        ("Law", found.law_version.to_string()),
    ];
    for (what, result) in rows.into_iter().filter(|(_, result)| !result.is_empty()) {
        sheet.push(vec![what.into(), result.into()]);
    }
    sheet
}

fn findings_sheet(found: &Classification) -> Sheet {
    let columns = vec![
        Column::new("finding", "Finding", Kind::Text).wide(36),
        Column::new("says", "What it says", Kind::LongText).wide(60),
        Column::new("citations", "Provisions", Kind::Text).wide(28),
        Column::new("counts", "Counts today", Kind::Status),
        Column::new("confidence", "Confidence", Kind::Text).rank(1),
    ];
    let mut sheet = Sheet::new("Findings", "What was found", columns);
    for one in found.findings.iter().filter(|one| one.reported) {
        let counts = match one.operative {
            Some(true) => Cell::status("yes", Tone::Bad),
            Some(false) => Cell::status(not_yet(one), Tone::Neutral),
            None => Cell::EMPTY,
        };
        sheet.push(vec![
            one.id.to_string().into(),
            one.text.to_string().into(),
            one.citations.join(", ").into(),
            counts,
            choice(Some(one.confidence)),
        ]);
    }
    sheet
}

/// From when a finding counts, as far as that is a day.
fn not_yet(finding: &FoundFinding) -> String {
    let from = finding.applies.as_ref().and_then(|applies| applies.operative_from);
    from.map_or("not yet".to_owned(), |from| format!("from {from}"))
}

fn open_sheet(found: &Classification) -> Sheet {
    let columns = vec![
        Column::new("question", "Question", Kind::Id).wide(26),
        Column::new("asks", "What it asks", Kind::LongText).wide(60),
        Column::new("answers", "Answers", Kind::LongText).wide(40),
        Column::new("citations", "Provisions", Kind::Text).wide(24),
    ];
    let mut sheet = Sheet::new("Still open", "The fewest questions that would settle it", columns);
    for one in &found.still_open {
        let answers: Vec<_> = one.answers.iter().map(|answer| &*answer.value).collect();
        sheet.push(vec![
            one.node.to_string().into(),
            one.question.to_string().into(),
            answers.join(", ").into(),
            one.citations.join(", ").into(),
        ]);
    }
    sheet
}

fn path_sheet(found: &Classification) -> Sheet {
    let columns = vec![
        Column::new("question", "Question", Kind::Id).wide(26),
        Column::new("asks", "What it asks", Kind::LongText).wide(56),
        Column::new("answer", "Answer", Kind::LongText).wide(40),
        Column::new("how", "From", Kind::Text).wide(12),
        Column::new("citations", "Provisions", Kind::Text).wide(24).rank(1),
    ];
    let mut sheet = Sheet::new("Path", "Every step", columns);
    for step in &found.why.path {
        let answers: Vec<_> = step.answers.iter().map(|answer| &*answer.label).collect();
        sheet.push(vec![
            step.node.to_string().into(),
            step.question.to_string().into(),
            answers.join("; ").into(),
            choice(Some(step.how)),
            step.citations.join(", ").into(),
        ]);
    }
    sheet
}

fn counterfactual_sheet(found: &Classification) -> Sheet {
    let columns = vec![
        Column::new("question", "Question", Kind::Id).wide(26),
        Column::new("from", "Is", Kind::LongText).wide(40),
        Column::new("to", "Would have to be", Kind::LongText).wide(40),
        Column::new("outcomes", "Then", Kind::Text).wide(32),
    ];
    let mut sheet = Sheet::new("If it were otherwise", "What would change the outcome", columns);
    let labels = |answers: &[AnswerText]| {
        answers.iter().map(|one| &*one.label).collect::<Vec<_>>().join("; ")
    };
    for one in &found.counterfactuals {
        sheet.push(vec![
            one.node.to_string().into(),
            labels(&one.from).into(),
            labels(&one.to).into(),
            joined(&one.outcomes).into(),
        ]);
    }
    sheet
}

/// The classes of AI systems, each with its id and name.
pub fn list<'a>(found: impl IntoIterator<Item = (RecordId, &'a str, &'a Classification)>) -> Sheet {
    let columns = vec![
        Column::new("system", "AI system", Kind::Id),
        Column::new("name", "Name", Kind::Text).wide(32),
        Column::new("outcome", "Outcome", Kind::Text).wide(28),
        Column::new("banned", "Becomes prohibited", Kind::Date),
        Column::new("possible", "Still possible", Kind::LongText).wide(44),
        Column::new("tiers", "Tiers", Kind::LongText).wide(30).rank(1),
        Column::new("roles", "Roles", Kind::Text).wide(20).rank(1),
        Column::new("open", "Questions that settle it", Kind::LongText).wide(44),
    ];
    let mut sheet = Sheet::new("Classifications", "Classes under the EU AI Act", columns);
    for (system, name, one) in found {
        let open: Vec<_> = one.still_open.iter().map(|open| &*open.node).collect();
        let possible = if one.outcome.is_some() { "" } else { &joined(&one.possible_outcomes) };
        sheet.push(vec![
            system.to_string().into(),
            name.to_owned().into(),
            one.outcome.as_deref().map(spaced).unwrap_or_default().into(),
            one.will_be_prohibited_from.map(Cell::from).unwrap_or_default(),
            possible.to_owned().into(),
            joined(&one.tiers).into(),
            joined(&one.roles).into(),
            open.join(", ").into(),
        ]);
    }
    sheet
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

fn joined(names: &[std::sync::Arc<str>]) -> String {
    names.iter().map(|one| spaced(one)).collect::<Vec<_>>().join(", ")
}
