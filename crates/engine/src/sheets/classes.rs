//! The classes of AI systems as they are kept.

use surety_reports::{Cell, Column, Kind, Sheet, Tone};

use crate::staleness::{ClassStanding, KeptClass};

/// The kept classes of AI systems: what was found, under which law, and whether it still holds.
pub fn classes(kept: &[KeptClass<'_>]) -> Sheet {
    let columns = vec![
        Column::new("system", "AI system", Kind::Id),
        Column::new("name", "Name", Kind::Text).wide(32),
        Column::new("class", "Class", Kind::Text).wide(34),
        Column::new("holds", "Holds", Kind::Status).wide(14),
        Column::new("reasons", "Why not", Kind::LongText).wide(60),
        Column::new("record", "Record", Kind::Id),
        Column::new("state", "State", Kind::Text).rank(1),
        Column::new("roles", "Roles", Kind::Text).wide(24).rank(1),
        Column::new("findings", "Findings", Kind::LongText).wide(60).rank(1),
        Column::new("law", "Law", Kind::Text).rank(2),
        Column::new("performed_on", "Assessed on", Kind::Date).rank(1),
    ];
    let mut sheet = Sheet::new("Classes", "Classes under the EU AI Act", columns);
    for one in kept {
        let (holds, reasons) = holds(one);
        let findings = one.findings.iter().map(|found| match found.citations.join(", ") {
            none if none.is_empty() => found.text.to_string(),
            citations => format!("{} ({citations})", found.text),
        });
        sheet.push(vec![
            one.system.to_string().into(),
            one.name.to_owned().into(),
            class(one).into(),
            holds,
            reasons.into(),
            one.record.map(|record| record.to_string()).unwrap_or_default().into(),
            spaced(one.state).into(),
            spaced(&one.roles.join(", ")).into(),
            findings.collect::<Vec<_>>().join("; ").into(),
            one.law_version.to_owned().into(),
            one.performed_on.map(Cell::from).unwrap_or_default(),
        ]);
    }
    sheet
}

fn class(kept: &KeptClass<'_>) -> String {
    match (kept.outcome, kept.possible_outcomes) {
        ("", []) => String::new(),
        ("", possible) if possible.len() > 4 => {
            format!("open: {} outcomes possible", possible.len())
        }
        ("", possible) => format!("open: {}", spaced(&possible.join(", "))),
        (outcome, _) => spaced(outcome),
    }
}

fn holds(kept: &KeptClass<'_>) -> (Cell, String) {
    let standing = kept.standing();
    let tone = match standing {
        ClassStanding::NotClassified | ClassStanding::Stale => Tone::Bad,
        ClassStanding::Open => Tone::Warn,
        ClassStanding::Holds => Tone::Good,
    };
    let reasons: Vec<_> = kept.stale.iter().map(ToString::to_string).collect();
    (Cell::status(standing.name(), tone), reasons.join("; "))
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}
