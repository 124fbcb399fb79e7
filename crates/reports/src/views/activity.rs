//! Activity: what was done in a period, by whom and for which requirement.

use surety_aims::derive::activity::{Activity, Summary, Touched};

use super::{Names, id, words};
use crate::sheet::{Cell, Column, Frozen, Kind, Sheet};

/// The title of a document of this view.
pub const TITLE: &str = "Activity";

/// Both sheets: "Events" and "By requirement".
pub fn sheets(activity: &Activity, names: &Names<'_>) -> Vec<Sheet> {
    let period = format!(
        "From {} to {}, both included.",
        activity.from.strftime("%Y-%m-%d %H:%M:%S UTC"),
        activity.to.strftime("%Y-%m-%d %H:%M:%S UTC"),
    );
    vec![events(activity, &period, names), by_requirement(activity, &period, names)]
}

fn events(activity: &Activity, period: &str, names: &Names<'_>) -> Sheet {
    let columns = vec![
        Column::new("seq", "Entry", Kind::Number).wide(8),
        Column::new("at", "When", Kind::Date).wide(22),
        Column::new("by", "By", Kind::Text).rank(1),
        Column::new("record", "Record", Kind::Id),
        Column::new("title", "Title", Kind::Text).wide(34),
        Column::new("what", "What", Kind::Text).wide(32),
        Column::new("note", "Note", Kind::LongText).wide(36).rank(3),
        Column::new("requirements", "Requirements", Kind::Text).wide(28).rank(2),
    ];
    let mut sheet = Sheet::new("Events", "What was done", columns);
    sheet.notes = vec![
        period.to_owned(),
        "\"Entry\" is the number of the ledger entry, from 0; the record's title is that of the moment.".to_owned(),
    ];
    sheet.rows.reserve(activity.events.len());
    for event in &activity.events {
        sheet.push(event_line(event, names));
    }
    sheet
}

fn event_line(event: &Touched, names: &Names<'_>) -> Vec<Cell> {
    let requirements = event.requirements.clone();
    vec![
        i64::try_from(event.seq).unwrap_or(i64::MAX).into(),
        event.at.into(),
        names.actor(&event.by),
        id(event.record),
        event.title.clone().into(),
        words(&event.what).into_owned().into(),
        event.note.clone().into(),
        if requirements.is_empty() { Cell::EMPTY } else { requirements.into() },
    ]
}

fn by_requirement(activity: &Activity, period: &str, names: &Names<'_>) -> Sheet {
    let columns = vec![
        Column::new("requirement", "Requirement", Kind::Id).wide(24),
        Column::new("events", "Events", Kind::Number).wide(8),
        Column::new("records", "Records", Kind::LongText).wide(70).rank(1),
        Column::new("last", "Last", Kind::Date).wide(22),
    ];
    let mut sheet = Sheet::new("By requirement", "What was done for which requirement", columns);
    sheet.frozen = Frozen { rows: 0, columns: 1 };
    sheet.notes = vec![
        period.to_owned(),
        "Counts the events on records that name the requirement.".to_owned(),
    ];
    for summary in &activity.by_requirement {
        sheet.push(summary_line(summary, names));
    }
    sheet
}

fn summary_line(summary: &Summary, names: &Names<'_>) -> Vec<Cell> {
    let records: Vec<String> = summary.records.iter().map(|record| names.record(*record)).collect();
    vec![
        summary.requirement.clone().into(),
        i64::from(summary.events).into(),
        records.into(),
        summary.last.into(),
    ]
}
