//! What is due: every date by which somebody has to act, overdue first.

use surety_aims::derive::due::{Due, DueItem};

use super::{Names, id, words, words::said};
use crate::sheet::{Cell, Column, Frozen, Kind, LegendEntry, Mark, Sheet, Tone};

/// The title of a document of this view.
pub const TITLE: &str = "What is due";

/// Days before a date from which it counts as soon.
const SOON: i32 = 30;

/// The one sheet of this view, "Due".
pub fn sheets(due: &Due<'_>, names: &Names<'_>) -> Vec<Sheet> {
    let mut sheet = Sheet::new("Due", TITLE, columns());
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.legend = vec![
        LegendEntry::new(Tone::Bad, "overdue", "The date has passed."),
        LegendEntry::new(Tone::Warn, "soon", "Within 30 days."),
    ];
    sheet.notes = vec![
        format!("Dates of live records as they stood on {}, overdue first.", due.on),
        "Left out: what is settled, and what a newer record of the same kind has taken over."
            .to_owned(),
    ];
    sheet.rows.reserve(due.items.len());
    let mut above = None;
    for item in &due.items {
        let heading = heading(item.days);
        if above != Some(heading) {
            above = Some(heading);
            sheet.group(heading);
        }
        sheet.push(line(item, names));
    }
    vec![sheet]
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("date", "Date", Kind::Date),
        Column::new("days", "Days", Kind::Number).wide(8),
        Column::new("record", "Record", Kind::Id),
        Column::new("title", "Title", Kind::Text).wide(36),
        Column::new("what", "What", Kind::Text).wide(30),
        Column::new("field", "Date of", Kind::Text).wide(16).rank(3),
        Column::new("state", "State", Kind::Text).wide(16).rank(2),
        Column::new("owner", "Owner", Kind::Text).wide(24).rank(1),
    ]
}

fn heading(days: i32) -> &'static str {
    match days {
        ..0 => "Overdue",
        0..=SOON => "Within 30 days",
        _ => "Later",
    }
}

fn line(item: &DueItem<'_>, names: &Names<'_>) -> Vec<Cell> {
    let days = Cell { mark: tone(item.days), ..Cell::from(i64::from(item.days)) };
    vec![
        item.date.into(),
        days,
        id(item.record),
        item.title.to_owned().into(),
        item.what.into(),
        Cell::text(words(item.field)),
        said(item.state),
        names.person(item.owner),
    ]
}

fn tone(days: i32) -> Option<Mark> {
    match days {
        ..0 => Some(Tone::Bad.into()),
        0..=SOON => Some(Tone::Warn.into()),
        _ => None,
    }
}
