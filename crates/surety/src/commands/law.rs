//! The law: what binds, when, and what a new version changes; obligations of AI systems.

use jiff::civil::Date;
use serde_json::json;
use surety_aims::RecordId;
use surety_catalog::Catalogs;
use surety_engine::{Moment, View, law::AI_ACT, views::STANDARD};
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
    let Ok(session) = Session::open(global).await else { return Ok(None) };
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
                write_tables(global, &output, "Law calendar", vec![calendar_sheet(&entries)])?;
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
            format!("{:?}", row.confidence).to_lowercase().into(),
        ]);
    }
    sheet
}

fn calendar_sheet(entries: &[obligation::CalendarEntry<'_>]) -> Sheet {
    let columns = vec![
        Column::new("date", "Date", Kind::Date),
        Column::new("summary", "What", Kind::LongText).wide(60),
        Column::new("provisions", "Provisions", Kind::LongText).wide(50).rank(1),
        Column::new("systems", "Our AI systems", Kind::Text).wide(24),
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
            provisions.join(", ").into(),
            systems.join(", ").into(),
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
    let columns = vec![
        Column::new("id", "Provision", Kind::Id).wide(22),
        Column::new("ref", "Article", Kind::Text).wide(14),
        Column::new("title", "Title", Kind::Text).wide(46),
        Column::new("standing", "Standing", Kind::Status).wide(12),
        Column::new("binds_from", "Binds from", Kind::Date),
        Column::new("why", "Why, or why not", Kind::LongText).wide(56),
        Column::new("state", "State", Kind::Text).wide(14),
        Column::new("given", "ISO/IEC 42001 gives", Kind::LongText).wide(40).rank(1),
    ];
    let outcome = if found.outcome.is_empty() { "still open" } else { found.outcome };
    let title = format!("{system}: {} under {}", outcome.replace('_', " "), found.version);
    let mut sheet = Sheet::new("Obligations", title, columns);
    for one in &found.obligations {
        let standing = match one.entry.standing {
            Standing::Binds => Cell::status("binds", Tone::Bad),
            Standing::Upcoming => Cell::status("upcoming", Tone::Warn),
            Standing::Waits => Cell::status("waits", Tone::Neutral),
            Standing::NotApplicable => Cell::status("does not apply", Tone::NotApplicable),
        };
        let given: Vec<_> = one.overlap.given.iter().map(|given| given.requirement).collect();
        sheet.push(vec![
            one.entry.obligation.id.clone().into(),
            one.entry.obligation.reference.clone().into(),
            one.entry.obligation.title.clone().into(),
            standing,
            date(one.entry.binds_from),
            one.entry.why.to_string().into(),
            format!("{:?}", one.state).to_lowercase().into(),
            given.join(", ").into(),
        ]);
    }
    if args.why_not {
        for entry in &found.not_applying {
            let reasons: Vec<String> = entry.why_not.iter().map(ToString::to_string).collect();
            sheet.push(vec![
                entry.obligation.id.clone().into(),
                entry.obligation.reference.clone().into(),
                entry.obligation.title.clone().into(),
                Cell::status("does not apply", Tone::NotApplicable),
                Cell::EMPTY,
                reasons.join("; ").into(),
                Cell::EMPTY,
                Cell::EMPTY,
            ]);
        }
    }
    let stale = found.stale.iter().map(ToString::to_string);
    sheet.notes.extend(
        stale.map(|why| format!("{} has to be looked at again: {why}", found.classification)),
    );
    let book = super::names::workbook(&session.aims, &view, "Obligations", vec![sheet]);
    output::write_workbook(&book, &args.output)?;
    Ok(Outcome::Done)
}
