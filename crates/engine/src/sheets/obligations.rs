//! The obligations of an AI system.

use jiff::civil::Date;
use surety_aims::{Book, Ref, records::Person};
use surety_law::obligation::{Entry, Standing, State};
use surety_reports::{Cell, Column, Kind, Sheet, Tone, views::choice};

use crate::law::SystemObligations;

/// The obligations of an AI system; `why_not`: also what does not apply.
pub fn obligations(
    found: &SystemObligations<'_>,
    name: &dyn Fn(Ref<Person>) -> String,
    why_not: bool,
) -> Sheet {
    let columns = vec![
        Column::new("id", "Provision", Kind::Id).wide(22),
        Column::new("ref", "Article", Kind::Text).wide(14),
        Column::new("title", "Title", Kind::Text).wide(46),
        Column::new("kind", "Kind", Kind::Text).wide(14),
        Column::new("standing", "Standing", Kind::Status).wide(14),
        Column::new("binds_from", "Binds from", Kind::Date),
        Column::new("formal_from", "Formally from", Kind::Date).rank(1),
        Column::new("why", "Why, or why not", Kind::LongText).wide(56),
        Column::new("state", "State", Kind::Status).wide(14),
        Column::new("owner", "Owner", Kind::Text).wide(20),
        Column::new("given", "ISO/IEC 42001 gives", Kind::LongText).wide(40).rank(1),
        Column::new("evidence", "Evidence expected", Kind::LongText).wide(40).rank(2),
        Column::new("confidence", "Confidence", Kind::Text).rank(2),
    ];
    let outcome = if found.outcome.is_empty() { "still open" } else { found.outcome };
    let title = format!("{}: {} under {}", found.system, outcome.replace('_', " "), found.version);
    let mut sheet = Sheet::new("Obligations", title, columns);
    for one in &found.obligations {
        let given: Vec<_> = one.overlap.given.iter().map(|given| given.requirement).collect();
        let mut row = provision(&one.entry, &one.entry.why.to_string());
        row.extend([
            state(one.state),
            one.owner.map(name).unwrap_or_default().into(),
            given.join(", ").into(),
            one.entry.obligation.evidence.join(", ").into(),
            choice(Some(one.entry.confidence)),
        ]);
        sheet.push(row);
    }
    for entry in found.not_applying.iter().filter(|_| why_not) {
        let reasons: Vec<String> = entry.why_not.iter().map(ToString::to_string).collect();
        let mut row = provision(entry, &reasons.join("; "));
        row.extend([Cell::EMPTY, Cell::EMPTY, Cell::EMPTY, Cell::EMPTY, Cell::EMPTY]);
        sheet.push(row);
    }
    let stale = found.stale.iter().map(ToString::to_string);
    let again = |why| format!("{} has to be looked at again: {why}", found.classification);
    sheet.notes.extend(stale.map(again));
    sheet
}

/// The obligations of several AI systems in one table.
pub fn all_obligations(
    found: &[SystemObligations<'_>],
    book: &Book,
    name: &dyn Fn(Ref<Person>) -> String,
) -> Sheet {
    let columns = vec![
        Column::new("system", "AI system", Kind::Id),
        Column::new("name", "Name", Kind::Text).wide(28),
        Column::new("id", "Provision", Kind::Id).wide(22).rank(2),
        Column::new("ref", "Article", Kind::Text).wide(14),
        Column::new("title", "Title", Kind::Text).wide(46),
        Column::new("kind", "Kind", Kind::Text).wide(14).rank(2),
        Column::new("standing", "Standing", Kind::Status).wide(14),
        Column::new("binds_from", "Binds from", Kind::Date),
        Column::new("formal_from", "Formally from", Kind::Date).rank(2),
        Column::new("why", "Why", Kind::LongText).wide(56).rank(1),
        Column::new("state", "State", Kind::Status).wide(14),
        Column::new("owner", "Owner", Kind::Text).wide(20),
        Column::new("class", "Class", Kind::Text).rank(2),
        Column::new("law", "Law", Kind::Text).rank(2),
    ];
    let mut sheet = Sheet::new("Obligations", "Obligations of AI systems under the law", columns);
    for one in found {
        let title = book.get(one.system).map(|record| record.title().to_owned());
        for obligation in &one.obligations {
            let mut row: Vec<Cell> =
                vec![one.system.to_string().into(), title.clone().unwrap_or_default().into()];
            row.extend(provision(&obligation.entry, &obligation.entry.why.to_string()));
            row.extend([
                state(obligation.state),
                obligation.owner.map(name).unwrap_or_default().into(),
                one.outcome.replace('_', " ").into(),
                one.version.to_owned().into(),
            ]);
            sheet.push(row);
        }
    }
    sheet
}

/// The cells that every provision has, with why it applies or why not.
fn provision(entry: &Entry<'_>, why: &str) -> Vec<Cell> {
    let standing = match entry.standing {
        Standing::Binds if entry.obligation.kind.binds() => Cell::status("binds", Tone::Bad),
        // Permissions, presumptions and rights of others ask nothing.
        Standing::Binds => Cell::status("applies", Tone::Neutral),
        Standing::Upcoming => Cell::status("upcoming", Tone::Warn),
        Standing::Waits => Cell::status("waits", Tone::Neutral),
        Standing::NotApplicable => Cell::status("does not apply", Tone::NotApplicable),
    };
    vec![
        entry.obligation.id.clone().into(),
        entry.obligation.reference.clone().into(),
        entry.obligation.title.clone().into(),
        choice(Some(entry.obligation.kind)),
        standing,
        date(entry.binds_from),
        date(entry.start().and_then(|start| start.formal_from)),
        why.replace('_', " ").into(),
    ]
}

fn date(date: Option<Date>) -> Cell {
    date.map(Cell::from).unwrap_or_default()
}

fn state(state: State) -> Cell {
    match state {
        State::Met => Cell::status("met", Tone::Good),
        State::Partly => Cell::status("partly", Tone::Warn),
        State::Open => Cell::status("open", Tone::Bad),
        State::NotAddressed => Cell::status("not addressed", Tone::Bad),
    }
}
