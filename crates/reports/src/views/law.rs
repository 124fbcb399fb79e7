//! The law itself: what binds, what comes, what a newer version changes.

use jiff::civil::Date;
use surety_law::obligation::{Binding, CalendarEntry, Entry, Impact, Side, SideBySide, Standing};

use super::words::{choice, words};
use crate::sheet::{Cell, Column, Kind, Sheet, Tone};

fn date(date: Option<Date>) -> Cell {
    date.map(Cell::from).unwrap_or_default()
}

/// Every provision of the law and whether it binds in a scope on a day.
pub fn binding(rows: &[Binding<'_>], scope: &str, on: Date) -> Sheet {
    let columns = vec![
        Column::new("id", "Provision", Kind::Id).wide(22),
        Column::new("ref", "Article", Kind::Text).wide(14),
        Column::new("title", "Title", Kind::Text).wide(52),
        Column::new("binds", "Binds", Kind::Status),
        Column::new("formal_from", "Formally from", Kind::Date),
        Column::new("operative_from", "Operative from", Kind::Date),
        Column::new("basis", "Basis", Kind::LongText).wide(50).rank(2),
        Column::new("confidence", "Confidence", Kind::Text).rank(3),
    ];
    let mut sheet = Sheet::new("Binding", format!("What binds in {scope} on {on}"), columns);
    for row in rows {
        let binds = if row.binds {
            Cell::status("binds", Tone::Good)
        } else {
            Cell::status("not yet", Tone::Neutral)
        };
        sheet.push(vec![
            row.id.to_owned().into(),
            row.reference.to_owned().into(),
            row.title.to_owned().into(),
            binds,
            date(row.formal_from),
            date(row.operative_from),
            row.basis.to_owned().into(),
            choice(Some(row.confidence)),
        ]);
    }
    sheet
}

/// What the law brings on which day, and for which of our AI systems.
pub fn calendar(entries: &[CalendarEntry<'_>]) -> Sheet {
    let columns = vec![
        Column::new("date", "Date", Kind::Date),
        Column::new("summary", "What", Kind::LongText).wide(60),
        Column::new("systems", "Our AI systems", Kind::Text).wide(24),
        Column::new("provisions", "Provisions", Kind::LongText).wide(50).rank(1),
        Column::new("version", "Version", Kind::Text),
        Column::new("past", "Past", Kind::Bool),
    ];
    let mut sheet = Sheet::new("Calendar", "What the law brings, and when", columns);
    for entry in entries {
        let provisions: Vec<_> = entry.provisions.iter().map(|one| one.reference.clone()).collect();
        let systems: Vec<_> = entry.systems.iter().cloned().collect();
        sheet.push(vec![
            entry.date.into(),
            entry.summary.to_owned().into(),
            systems.join(", ").into(),
            provisions.join(", ").into(),
            entry.version.to_owned().into(),
            entry.past.into(),
        ]);
    }
    sheet
}

/// What two roles owe for the same AI system, article by article.
pub fn side_by_side(of: &str, (left, right): (&str, &str), rows: &[SideBySide<'_>]) -> Sheet {
    let columns = vec![
        Column::new("article", "Article", Kind::Id).wide(8),
        Column::new("title", "Title", Kind::Text).wide(44),
        Column::new("left", words(left).into_owned(), Kind::LongText).wide(48),
        Column::new("right", words(right).into_owned(), Kind::LongText).wide(48),
    ];
    let title = format!("{of}: {} and {} side by side", words(left), words(right));
    let mut sheet = Sheet::new("Side by side", title, columns);
    for row in rows {
        sheet.push(vec![
            row.article.to_owned().into(),
            row.title.to_owned().into(),
            side(&row.left).into(),
            side(&row.right).into(),
        ]);
    }
    for side in rows.first().into_iter().flat_map(|row| [&row.left, &row.right]) {
        if !side.ours {
            sheet.notes.push(format!("{} is somebody else.", words(&side.role)));
        }
    }
    sheet
}

/// The provisions of one side, with how they stand.
fn side(side: &Side<'_>) -> String {
    let entry = |one: &Entry<'_>| {
        let from = one.binds_from.map(|from| format!(" from {from}")).unwrap_or_default();
        match one.standing {
            Standing::Binds => one.obligation.reference.clone(),
            Standing::Upcoming => format!("{}{from}", one.obligation.reference),
            Standing::Waits => format!("{} (waits)", one.obligation.reference),
            Standing::NotApplicable => String::new(),
        }
    };
    side.entries.iter().map(entry).collect::<Vec<_>>().join("; ")
}

/// What a newer version of the law changes for our AI systems: class by class, date by date, provision by provision.
pub fn impact(impact: &Impact<'_>) -> Vec<Sheet> {
    vec![systems(impact), moved(impact), changes(impact)]
}

fn count<T>(list: &[T]) -> Cell {
    i64::try_from(list.len()).unwrap_or(i64::MAX).into()
}

fn systems(impact: &Impact<'_>) -> Sheet {
    let columns = vec![
        Column::new("system", "AI system", Kind::Id),
        Column::new("before", "Class before", Kind::Text).wide(26),
        Column::new("after", "Class after", Kind::Text).wide(26),
        Column::new("appear", "Obligations that appear", Kind::Number),
        Column::new("disappear", "Disappear", Kind::Number),
        Column::new("moved", "Dates that move", Kind::Number),
        Column::new("reworded", "Read differently", Kind::Number),
        Column::new("reassess", "Assess again, because", Kind::LongText).wide(56),
    ];
    let title = format!("{} of {} AI systems", impact.totals.touched, impact.totals.subjects);
    let mut sheet = Sheet::new("AI systems", title, columns);
    for one in &impact.systems {
        let again = impact.reassessments.iter().find(|again| again.subject == one.subject);
        sheet.push(vec![
            one.subject.clone().into(),
            words(&one.class.outcome_before).into_owned().into(),
            words(&one.class.outcome_after).into_owned().into(),
            count(&one.appear),
            count(&one.disappear),
            count(&one.moved),
            count(&one.reworded),
            again.map(|again| again.reasons.join("; ")).unwrap_or_default().into(),
        ]);
    }
    sheet
}

fn moved(impact: &Impact<'_>) -> Sheet {
    let columns = vec![
        Column::new("system", "AI system", Kind::Id),
        Column::new("ref", "Article", Kind::Text).wide(14),
        Column::new("title", "Title", Kind::Text).wide(44),
        Column::new("before", "Operative from, before", Kind::Date),
        Column::new("after", "Operative from, after", Kind::Date),
        Column::new("basis", "Basis", Kind::LongText).wide(50).rank(1),
    ];
    let mut sheet = Sheet::new("Dates", "Dates that move", columns);
    let date = |date: Option<Date>| date.map(Cell::from).unwrap_or_default();
    for one in &impact.systems {
        for moved in &one.moved {
            sheet.push(vec![
                one.subject.clone().into(),
                moved.reference.to_owned().into(),
                moved.title.to_owned().into(),
                date(moved.operative_before),
                date(moved.operative_after),
                moved.basis.to_owned().into(),
            ]);
        }
    }
    sheet
}

fn changes(impact: &Impact<'_>) -> Sheet {
    let columns = vec![
        Column::new("ref", "Article", Kind::Text).wide(14),
        Column::new("title", "Provision", Kind::Text).wide(36),
        Column::new("before", "Before", Kind::LongText).wide(48).rank(1),
        Column::new("after", "After", Kind::LongText).wide(48),
    ];
    let mut sheet = Sheet::new("Changes", "What the law changes", columns);
    for provision in impact.changes.iter().flat_map(|change| &change.provisions) {
        sheet.push(vec![
            provision.reference.to_owned().into(),
            provision.title.to_owned().into(),
            provision.before.unwrap_or("not there").to_owned().into(),
            provision.after.to_owned().into(),
        ]);
    }
    sheet
}
