//! The register of risks.

use surety_aims::derive::risks::{Band, Register, RegisteredRisk};

use super::{
    Names, id,
    words::{choice, said},
};
use crate::sheet::{Cell, Column, Frozen, Kind, LegendEntry, Sheet, Tone};

/// The title of a document of this view.
pub const TITLE: &str = "Risk register";

/// All sheets: "Heat map", "Risks", "Levels".
pub fn sheets(register: &Register<'_>, names: &Names<'_>) -> Vec<Sheet> {
    vec![heat(register), risks(register, names), levels(register)]
}

/// How many open risks lie where, from the highest likelihood down.
pub fn heat(register: &Register<'_>) -> Sheet {
    let mut columns = vec![Column::new("likelihood", "Likelihood", Kind::Number).wide(12)];
    columns.extend((1..=5).map(|worst| {
        let key = format!("consequence_{worst}");
        Column::new(key, format!("Consequence {worst}"), Kind::Status).wide(14).tinted()
    }));
    let title = "Open risks by likelihood and worst consequence";
    let mut sheet = Sheet::new("Heat map", title, columns);
    let mut places: Vec<_> =
        register.risks.iter().filter(|risk| risk.open).filter_map(|risk| risk.place).collect();
    places.sort_unstable();
    for likelihood in (1..=5).rev() {
        let cell = |worst| {
            let count = places.iter().filter(|at| **at == (likelihood, worst)).count();
            let words = if count == 0 { String::new() } else { count.to_string() };
            Cell::status(words, tone(likelihood.saturating_mul(worst)))
        };
        let row = std::iter::once(Cell::from(i64::from(likelihood))).chain((1..=5).map(cell));
        sheet.push(row.collect());
    }
    sheet.legend = vec![
        LegendEntry::new(Tone::Bad, "high", "A level of 15 and more, of 25."),
        LegendEntry::new(Tone::Warn, "medium", "A level of 6 to 14."),
        LegendEntry::new(Tone::Good, "low", "A level of 1 to 5."),
    ];
    let unrated = register.risks.iter().filter(|risk| risk.open && risk.place.is_none()).count();
    if unrated > 0 {
        sheet.notes = vec![format!("Open risks that nobody rated, which lie nowhere: {unrated}.")];
    }
    sheet
}

fn tone(level: u8) -> Tone {
    match Band::of(level) {
        Band::Low => Tone::Good,
        Band::Medium => Tone::Warn,
        Band::High => Tone::Bad,
    }
}

/// One row for each risk, the worst first.
pub fn risks(register: &Register<'_>, names: &Names<'_>) -> Sheet {
    let mut sheet = Sheet::new("Risks", "Risks and opportunities, the worst first", columns());
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.notes = vec![
        format!("Every risk on record on {} (ISO/IEC 42001 6.1.2 and 6.1.3).", register.on),
        "A level is the worst of the consequences for the organisation, for individuals and for society times the \
         likelihood, each from 1 to 5; 25 is the worst. The risks stand by what counts today: the current level, or the \
         inherent one where nobody rated the current."
            .to_owned(),
    ];
    sheet.legend = vec![
        LegendEntry::new(Tone::Good, "in force", "Treated or accepted; of a date: still to come."),
        LegendEntry::new(Tone::Info, "on its way", "Not yet treated or accepted."),
        LegendEntry::new(Tone::NotApplicable, "over", "Closed."),
        LegendEntry::new(Tone::Bad, "overdue", "A date of an open risk that has passed."),
    ];
    for risk in &register.risks {
        sheet.push(line(risk, names));
    }
    sheet
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("id", "Risk", Kind::Id),
        Column::new("title", "Title", Kind::LongText).wide(44),
        Column::new("kind", "Kind", Kind::Text).wide(12).rank(4),
        Column::new("ai_system", "AI system", Kind::Text).wide(26),
        Column::new("owner", "Owner", Kind::Text).wide(22).rank(2),
        Column::new("state", "State", Kind::Status).wide(15),
        Column::new("inherent", "Inherent", Kind::Number).wide(9).rank(2),
        Column::new("current", "Current", Kind::Number).wide(9),
        Column::new("residual", "Residual", Kind::Number).wide(9).rank(1),
        Column::new("treatment", "Treatment", Kind::Text).wide(12).rank(2),
        Column::new("controls", "Controls", Kind::LongText).wide(30).rank(3),
        Column::new("due", "Treated by", Kind::Date).wide(14).rank(3),
        Column::new("next_review", "Next review", Kind::Date).wide(14).rank(1),
        Column::new("accepted_until", "Accepted until", Kind::Date).wide(14).rank(4),
    ]
}

fn line(risk: &RegisteredRisk<'_>, names: &Names<'_>) -> Vec<Cell> {
    let level = |level: Option<u8>| Cell::from(level.map(i64::from));
    let date = |field, date: Option<jiff::civil::Date>| {
        let cell = Cell::from(date);
        if risk.overdue.contains(&field) { cell.marked(Tone::Bad) } else { cell }
    };
    let controls: Vec<String> =
        risk.controls.iter().map(|control| control.0.as_str().to_owned()).collect();
    vec![
        id(risk.record),
        risk.title.to_owned().into(),
        choice(risk.kind),
        risk.ai_system.map(|system| names.record(system.id())).into(),
        names.person(risk.owner),
        state(risk, names),
        level(risk.inherent),
        level(risk.current),
        level(risk.residual),
        choice(risk.treatment),
        if controls.is_empty() { Cell::EMPTY } else { controls.into() },
        date("due", risk.due),
        date("next_review", risk.next_review),
        date("accepted_until", risk.accepted_until),
    ]
}

fn state(risk: &RegisteredRisk<'_>, names: &Names<'_>) -> Cell {
    let in_force = names
        .book
        .get(risk.record)
        .is_some_and(|record| record.lifecycle().is_in_force(risk.state));
    said(risk.state).marked(match (risk.open, in_force) {
        (false, _) => Tone::NotApplicable,
        (true, true) => Tone::Good,
        (true, false) => Tone::Info,
    })
}

/// How many open risks there are at each level.
pub fn levels(register: &Register<'_>) -> Sheet {
    let columns = vec![
        Column::new("level", "Level", Kind::Number),
        Column::new("risks", "Open risks", Kind::Number),
        Column::new("ids", "Which", Kind::LongText).wide(70),
    ];
    let mut sheet = Sheet::new("Levels", "Open risks by what counts today", columns);
    let mut open: Vec<&RegisteredRisk<'_>> =
        register.risks.iter().filter(|risk| risk.open).collect();
    open.sort_by_key(|risk| std::cmp::Reverse(risk.level));
    for run in open.chunk_by(|one, other| one.level == other.level) {
        let ids: Vec<String> = run.iter().map(|risk| risk.record.to_string()).collect();
        let level = run.first().and_then(|risk| risk.level);
        let level = level.map_or_else(|| Cell::text("not rated"), |level| i64::from(level).into());
        sheet.push(vec![level, i64::try_from(run.len()).unwrap_or(i64::MAX).into(), ids.into()]);
    }
    sheet
}
