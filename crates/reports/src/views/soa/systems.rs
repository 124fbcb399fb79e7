//! The AI systems of the matrix with their scores.

use surety_aims::derive::soa::{Scores, Soa};

use crate::{
    sheet::{Cell, Column, Frozen, Kind, Sheet},
    views::{Names, id, words::said},
};

/// One row for each AI system: how many controls apply to it and how many of these reach each score.
pub fn systems(soa: &Soa<'_>, names: &Names<'_>) -> Sheet {
    let mut sheet =
        Sheet::new("Systems", "AI systems in the Statement of Applicability", columns());
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.notes = vec![
        format!("AI systems in scope that were not retired or rejected on {}.", soa.on),
        format!(
            "Scores count controls, of those that apply or that nobody has decided. The longest gap is the highest \
             number of days without operating evidence from {} to {} among its controls.",
            soa.window.from, soa.window.to,
        ),
    ];
    let gaps = longest_gaps(soa);
    for ((system, scores), days) in soa.systems.iter().zip(column_scores(soa)).zip(gaps) {
        let percent = |part: u32| Cell::from(i64::from(scores.percent(part)));
        sheet.push(vec![
            id(system.id),
            system.name.to_owned().into(),
            said(system.state),
            system.group.map(|group| names.record(group)).into(),
            i64::from(scores.applicable).into(),
            i64::from(scores.excluded).into(),
            i64::from(scores.undecided).into(),
            percent(scores.designed),
            percent(scores.documented),
            percent(scores.operating),
            i64::from(days).into(),
        ]);
    }
    sheet
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("system", "AI system", Kind::Id),
        Column::new("name", "Name", Kind::Text).wide(30),
        Column::new("state", "State", Kind::Text).wide(18),
        Column::new("group", "Group", Kind::Text).wide(24).rank(2),
        Column::new("applicable", "Controls that apply", Kind::Number),
        Column::new("excluded", "Excluded", Kind::Number).rank(1),
        Column::new("undecided", "Undecided", Kind::Number),
        Column::new("designed", "Designed %", Kind::Number),
        Column::new("documented", "Documented %", Kind::Number).wide(12),
        Column::new("operating", "Operating %", Kind::Number).wide(11),
        Column::new("longest_gap", "Longest gap (days)", Kind::Number).rank(1),
    ]
}

/// The scores of each AI system over all controls, in the order of [`Soa::systems`].
pub fn column_scores(soa: &Soa<'_>) -> Vec<Scores> {
    let mut scores = vec![Scores::default(); soa.systems.len()];
    for row in soa.cells.chunks(soa.systems.len().max(1)) {
        for (cell, score) in row.iter().zip(&mut scores) {
            match cell.applicable {
                Some(true) => score.applicable += 1,
                Some(false) => score.excluded += 1,
                None => score.undecided += 1,
            }
            score.designed += u32::from(cell.designed);
            score.documented += u32::from(cell.documented);
            score.operating += u32::from(cell.operating);
        }
    }
    scores
}

fn longest_gaps(soa: &Soa<'_>) -> Vec<u32> {
    let mut longest = vec![0; soa.systems.len()];
    for row in soa.cells.chunks(soa.systems.len().max(1)) {
        for (cell, days) in row.iter().zip(&mut longest) {
            *days = cell.uncovered.days().max(*days);
        }
    }
    longest
}
