//! The law: what binds, when, and what a new version changes; obligations of AI systems; reporting clocks.

use jiff::civil::Date;
use serde_json::{Value, json};
use surety_aims::RecordId;
use surety_catalog::Catalogs;
use surety_engine::{Moment, View, law::AI_ACT, views::STANDARD};
use surety_law::{
    clock::{self, NonWorkingDays},
    obligation::{self, Naming, Place, Standing, binding, calendar, ics},
};
use surety_reports::{Cell, Column, Format, Kind, Sheet, Tone};

use crate::{
    args::{
        Global, Output,
        law::{Clock, Law, Obligations, Times},
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
                write_table(global, &output, binding_sheet(&rows, &scope, on))?;
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
                write_table(global, &output, calendar_sheet(&entries))?;
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

/// Writes one sheet that is about no organisation.
pub(super) fn write_table(global: &Global, output: &Output, sheet: Sheet) -> anyhow::Result<()> {
    let title = sheet.title.clone();
    let workbook =
        surety_engine::sheets::without_ledger(&title, today(global), now(global), vec![sheet]);
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
    let view = session.aims.view(Moment::Now).await?.on(on);
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
    let book = super::names::workbook(&session.aims, &view, "Obligations", vec![sheet]);
    output::write_workbook(&book, &args.output)?;
    Ok(Outcome::Done)
}

pub(super) async fn clock(global: &Global, args: &Clock) -> anyhow::Result<Outcome> {
    let catalogs = Catalogs::builtin();
    let facts = catalogs.incident_clocks();
    if args.list {
        return list_clocks(global, facts, &args.output);
    }
    if let Some(incident) = &args.incident {
        return incident_clocks(global, incident, &args.output).await;
    }
    let (Some(id), Some(start), Some(timezone)) = (&args.clock, &args.start, &args.timezone) else {
        return Err(
            WrongUse("give an incident, or --clock, --start and --timezone".to_owned()).into()
        );
    };
    let days = match &args.country {
        Some(country) => {
            let calendar = catalogs.public_holidays().calendar(country);
            let calendar = calendar
                .ok_or_else(|| wrong(format!("--country {country}: its holidays are not known")))?;
            let year = today(global).year();
            NonWorkingDays::of(calendar, &[], year.saturating_sub(1)..=year.saturating_add(2))
                .map_err(wrong)?
        }
        None => NonWorkingDays::weekends(),
    };
    let days = days.with(args.holidays.iter().copied()).map_err(wrong)?;
    let deadline = clock::clock(facts, id, start, timezone, &days).map_err(wrong)?;
    if args.output.format == Format::Json {
        write_json(&deadline, &args.output)?;
        return Ok(Outcome::Done);
    }
    say(&format!("{}: {} ({})", deadline.clock, deadline.title, deadline.reference))?;
    let shown = |instant: Option<clock::LocalInstant>| {
        instant.map_or("none".to_owned(), |one| one.to_string())
    };
    say(&format!("  conservative deadline  {}", shown(deadline.conservative_deadline)))?;
    say(&format!("  legal latest           {}", shown(deadline.legal_latest)))?;
    for rule in &deadline.rules {
        say(&format!("  - {}: {} ({})", rule.name, rule.effect, rule.citation))?;
    }
    for note in &deadline.notes {
        say(&format!("  note: {note}"))?;
    }
    Ok(Outcome::Done)
}

fn list_clocks(
    global: &Global,
    facts: &surety_catalog::IncidentClocks,
    output: &Output,
) -> anyhow::Result<Outcome> {
    if output.format == Format::Json {
        write_json(&facts.clocks, output)?;
        return Ok(Outcome::Done);
    }
    let columns = vec![
        Column::new("id", "Clock", Kind::Id).wide(24),
        Column::new("ref", "Provision", Kind::Text).wide(20),
        Column::new("title", "Title", Kind::Text).wide(44),
        Column::new("who", "Whose", Kind::Text).wide(24),
        Column::new("recipient", "To whom", Kind::LongText).wide(40).rank(1),
        Column::new("start_event", "Starts with", Kind::LongText).wide(40).rank(2),
    ];
    let mut sheet = Sheet::new("Clocks", "Reporting clocks", columns);
    for one in &facts.clocks {
        sheet.push(vec![
            one.id.clone().into(),
            one.reference.clone().into(),
            one.title.clone().into(),
            one.who.clone().into(),
            one.recipient.clone().into(),
            one.start_event.clone().into(),
        ]);
    }
    write_table(global, output, sheet)?;
    Ok(Outcome::Done)
}

async fn incident_clocks(
    global: &Global,
    incident: &str,
    output: &Output,
) -> anyhow::Result<Outcome> {
    let incident: RecordId = incident.parse().map_err(wrong)?;
    let session = Session::open(global).await?;
    let view = session.aims.view(Moment::Now).await?;
    let clocks = view.clocks(incident, session.aims.now())?;
    if output.format == Format::Json {
        write_json(&clocks, output)?;
    } else {
        let columns = vec![
            Column::new("clock", "Clock", Kind::Id).wide(22),
            Column::new("title", "Title", Kind::Text).wide(40),
            Column::new("state", "State", Kind::Text).wide(16),
            Column::new("conservative", "Cautious deadline", Kind::Text).wide(26),
            Column::new("legal", "Legal latest", Kind::Text).wide(26),
            Column::new("recipient", "To whom", Kind::LongText).wide(36).rank(1),
            Column::new("reasons", "Why, or why not", Kind::LongText).wide(60).rank(2),
        ];
        let mut sheet = Sheet::new("Clocks", format!("Clocks of {incident}"), columns);
        for one in &clocks.clocks {
            let reasons = serde_json::to_value(&one.reasons)?;
            let instant =
                |at: Option<clock::LocalInstant>| at.map(|at| at.to_string()).unwrap_or_default();
            sheet.push(vec![
                one.clock.clone().into(),
                one.title.clone().into(),
                format!("{:?}", one.state).to_lowercase().into(),
                instant(one.conservative_deadline).into(),
                instant(one.legal_latest).into(),
                one.recipient.clone().into(),
                sentences(&reasons).into(),
            ]);
        }
        let book = super::names::workbook(&session.aims, &view, "Reporting clocks", vec![sheet]);
        output::write_workbook(&book, output)?;
    }
    session.close().await?;
    Ok(Outcome::Done)
}

/// The sentences in a list of reasons.
fn sentences(reasons: &Value) -> String {
    let list = reasons.as_array().map(Vec::as_slice).unwrap_or_default();
    let says = |reason: &Value| {
        ["says", "text", "question"]
            .iter()
            .find_map(|key| Some(reason.get(*key)?.as_str()?.to_owned()))
    };
    list.iter().filter_map(says).collect::<Vec<_>>().join("; ")
}
