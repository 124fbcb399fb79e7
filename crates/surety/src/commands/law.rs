//! The law: what binds, when, and what a new version changes; obligations of AI systems.

use jiff::civil::Date;
use serde_json::json;
use surety_aims::{RecordId, Ref, records::Person};
use surety_catalog::Catalogs;
use surety_engine::{
    Moment, View,
    law::{AI_ACT, SystemObligations},
    views::STANDARD,
};
use surety_law::obligation::{self, Naming, Place, Standing, binding, calendar, ics};
use surety_reports::{Cell, Column, Format, Kind, Sheet, Tone};

use crate::{
    args::{
        Global, Output,
        law::{Law, Obligations, Times},
    },
    output::{self, Outcome, WrongUse, say, write_json},
    session::{Session, now, today},
};

/// What a wrong argument of the law is told.
pub(super) fn wrong(error: impl std::fmt::Display) -> WrongUse {
    WrongUse(error.to_string())
}

/// The two times of a question; both today if not given.
pub(super) fn times(times: Times, today: Date) -> (Date, Date) {
    (times.on.unwrap_or(today), times.law_as_of.unwrap_or(today))
}

/// The view of an organisation, if there is one here: some questions about the law need none.
pub(super) async fn view(global: &Global) -> anyhow::Result<Option<(Session, View)>> {
    let session = match Session::open(global).await {
        Ok(session) => session,
        Err(error) => {
            return match error.downcast_ref() {
                Some(surety_engine::Error::NoOrganisation(_)) => Ok(None),
                Some(_) | None => Err(error),
            };
        }
    };
    let view = session.aims.view(Moment::Now).await?;
    Ok(Some((session, view)))
}

pub(super) async fn law(global: &Global, command: Law) -> anyhow::Result<Outcome> {
    let catalogs = Catalogs::builtin();
    let law = catalogs.law(AI_ACT).ok_or_else(|| wrong("there is no AI Act among the catalogs"))?;
    match command {
        Law::Binding { scope, changed_on, times: asked, output } => {
            let (on, law_as_of) = times(asked, today(global));
            let place = Place { scope: &scope, significant_change_on: changed_on };
            let rows = binding(law, on, law_as_of, place).map_err(wrong)?;
            if output.format == Format::Json {
                write_json(
                    &json!({ "on": on, "law_as_of": law_as_of, "scope": scope, "obligations": rows }),
                    &output,
                )?;
            } else {
                write_tables(global, &output, "Binding", vec![binding_sheet(&rows, &scope, on)])?;
            }
        }
        Law::Calendar { ics: file, with_systems, times: asked, output } => {
            let (on, law_as_of) = times(asked, today(global));
            let opened = view(global).await?;
            let subjects = opened.as_ref().map(|(_, view)| view.subjects()).unwrap_or_default();
            let entries = calendar(law, &subjects, on, law_as_of).map_err(wrong)?;
            if let Some(file) = file {
                let naming = if with_systems { Naming::WithSystems } else { Naming::Anonymous };
                let stamp = opened.as_ref().map_or_else(|| now(global), |(s, _)| s.aims.now());
                let text = ics(&entries, "AI Act", stamp, naming);
                output::write_file(&file, text.as_bytes())?;
                say(&format!("{}: {} entries", file.display(), entries.len()))?;
            } else if output.format == Format::Json {
                write_json(
                    &json!({ "on": on, "law_as_of": law_as_of, "entries": entries }),
                    &output,
                )?;
            } else {
                let sheets = vec![calendar_sheet(&entries)];
                match &opened {
                    Some((session, view)) => {
                        let book =
                            super::names::workbook(&session.aims, view, "Law calendar", sheets);
                        output::write_workbook(&book, &output)?;
                    }
                    None => write_tables(global, &output, "Law calendar", sheets)?,
                }
            }
            close(opened).await?;
        }
        Law::Impact { from, to, on, open, output } => {
            return super::classify::impact(global, (&from, &to), on, open, &output).await;
        }
    }
    Ok(Outcome::Done)
}

/// Closes what was opened.
pub(super) async fn close(opened: Option<(Session, View)>) -> anyhow::Result<()> {
    match opened {
        Some((session, _)) => session.close().await,
        None => Ok(()),
    }
}

/// Writes sheets that are about no organisation.
pub(super) fn write_tables(
    global: &Global,
    output: &Output,
    title: &str,
    sheets: Vec<Sheet>,
) -> anyhow::Result<()> {
    let workbook = surety_engine::sheets::without_ledger(title, today(global), now(global), sheets);
    output::write_workbook(&workbook, output)
}

fn date(date: Option<Date>) -> Cell {
    date.map(Cell::from).unwrap_or_default()
}

fn binding_sheet(rows: &[obligation::Binding<'_>], scope: &str, on: Date) -> Sheet {
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
            word(&row.confidence).into(),
        ]);
    }
    sheet
}

fn calendar_sheet(entries: &[obligation::CalendarEntry<'_>]) -> Sheet {
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

pub(super) async fn obligations(session: &Session, args: &Obligations) -> anyhow::Result<Outcome> {
    let system: RecordId = args.system.parse().map_err(wrong)?;
    let (on, law_as_of) = times(args.times, session.aims.today());
    let view = session.aims.view(args.as_of.map_or(Moment::Now, Moment::Day)).await?.on(on);
    let soa = view.soa(STANDARD, None)?;
    let found = view.obligations(&soa, system, law_as_of)?;
    if args.output.format == Format::Json {
        write_json(&found, &args.output)?;
        return Ok(Outcome::Done);
    }
    let people = super::names::People::of(&session.aims).await?;
    let name = |owner| people.name(view.book(), owner);
    let sheet = obligations_sheet(&found, &name, args.why_not);
    let book = super::names::workbook(&session.aims, &view, "Obligations", vec![sheet]);
    output::write_workbook(&book, &args.output)?;
    Ok(Outcome::Done)
}

fn obligations_sheet(
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
            word(&one.entry.confidence).into(),
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

/// The cells that every provision has, with why it applies or why not.
fn provision(entry: &obligation::Entry<'_>, why: &str) -> Vec<Cell> {
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
        word(&entry.obligation.kind).into(),
        standing,
        date(entry.binds_from),
        date(entry.start().and_then(|start| start.formal_from)),
        why.replace('_', " ").into(),
    ]
}

/// A value of a closed list, as it is written in data, with spaces.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    let word = word.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
    word.replace('_', " ")
}

fn state(state: obligation::State) -> Cell {
    match state {
        obligation::State::Met => Cell::status("met", Tone::Good),
        obligation::State::Partly => Cell::status("partly", Tone::Warn),
        obligation::State::Open => Cell::status("open", Tone::Bad),
        obligation::State::NotAddressed => Cell::status("not addressed", Tone::Bad),
    }
}
