//! Reporting clocks: of an incident, with drafts and drills, or one by itself.

use std::collections::BTreeMap;

use surety_aims::{RecordId, of, records::Incident};
use surety_catalog::Catalogs;
use surety_engine::{Moment, View};
use surety_law::clock::{self, Answer, ClockQuery, Deadline, LocalInstant, NonWorkingDays, Stage};
use surety_reports::{Format, Sheet, views::clocks};

use super::law::{times, write_tables, wrong};
use crate::{
    args::{
        Global, Output,
        clock::{Clock, One},
    },
    output::{self, Outcome, WrongUse, say, write_json},
    session::{Session, today},
};

pub(super) async fn run(global: &Global, args: &Clock) -> anyhow::Result<Outcome> {
    if args.list {
        return list(global, &args.output);
    }
    if args.words {
        return words(global, &args.output);
    }
    match (&args.incident, &args.one.clock) {
        (Some(incident), _) => {
            let incident: RecordId = incident.parse().map_err(wrong)?;
            let session = Session::open(global).await?;
            let outcome = of_incident(&session, incident, args).await;
            let closed = session.close().await;
            let outcome = outcome?;
            closed?;
            Ok(outcome)
        }
        (None, Some(id)) => alone(global, id, &args.one, &args.output),
        (None, None) => Err(WrongUse(
            "give an incident, or --clock, --start and --timezone, or --list".to_owned(),
        )
        .into()),
    }
}

fn alone(global: &Global, id: &str, one: &One, output: &Output) -> anyhow::Result<Outcome> {
    let (Some(start), Some(timezone)) = (&one.start, &one.timezone) else {
        return Err(WrongUse("--clock needs --start and --timezone".to_owned()).into());
    };
    let catalogs = Catalogs::builtin();
    let days = match &one.country {
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
    let days = days.with(one.holidays.iter().copied()).map_err(wrong)?;
    let query = ClockQuery {
        clock: id,
        start,
        timezone,
        days: &days,
        events: pairs("--event", &one.event)?,
        answers: answers(&one.answer)?,
    };
    let deadline = clock::clock_with(catalogs.incident_clocks(), &query).map_err(wrong)?;
    if output.format == Format::Json {
        write_json(&deadline, output)?;
    } else {
        print_deadline(&deadline)?;
    }
    Ok(Outcome::Done)
}

/// `NAME=VALUE` arguments.
fn pairs(option: &str, given: &[String]) -> anyhow::Result<BTreeMap<String, String>> {
    let pair = |text: &String| {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| WrongUse(format!("{option} {text}: write NAME=VALUE")))?;
        Ok((name.trim().to_owned(), value.trim().to_owned()))
    };
    given.iter().map(pair).collect()
}

fn answers(given: &[String]) -> anyhow::Result<BTreeMap<String, Answer>> {
    let answer = |(question, word): (String, String)| match word.as_str() {
        "yes" => Ok((question, Answer::Yes)),
        "no" => Ok((question, Answer::No)),
        "unknown" => Ok((question, Answer::Unknown)),
        _ => Err(WrongUse(format!("--answer {question}={word}: say yes, no or unknown")).into()),
    };
    pairs("--answer", given)?.into_iter().map(answer).collect()
}

fn print_deadline(deadline: &Deadline) -> anyhow::Result<()> {
    let shown = |instant: Option<LocalInstant>| {
        instant.map_or("none: the limit is a word".to_owned(), |one| one.to_string())
    };
    say(&format!("{}: {} ({})", deadline.clock, deadline.title, deadline.reference))?;
    say(&format!("  conservative deadline  {}", shown(deadline.conservative_deadline)))?;
    say(&format!("  legal latest           {}", shown(deadline.legal_latest)))?;
    for rule in &deadline.rules {
        say(&format!("  - {}: {} ({})", rule.name, rule.effect, rule.citation))?;
    }
    for note in &deadline.notes {
        say(&format!("  note: {note}"))?;
    }
    Ok(())
}

fn list(global: &Global, output: &Output) -> anyhow::Result<Outcome> {
    let catalogs = Catalogs::builtin();
    let facts = catalogs.incident_clocks();
    if output.format == Format::Json {
        write_json(&facts.clocks, output)?;
        return Ok(Outcome::Done);
    }

    write_tables(global, output, clocks::TITLE, vec![clocks::list(facts)])?;
    Ok(Outcome::Done)
}

/// The vocabulary of incidents.
fn words(global: &Global, output: &Output) -> anyhow::Result<Outcome> {
    let catalogs = Catalogs::builtin();
    let facts = catalogs.incident_clocks();
    if output.format == Format::Json {
        let words = serde_json::json!({
            "events": facts.events, "questions": facts.questions, "roles": facts.roles,
            "recipients": facts.recipients, "stops": facts.stops,
        });
        write_json(&words, output)?;
        return Ok(Outcome::Done);
    }

    write_tables(global, output, "Words of incidents", clocks::vocabulary(facts))?;
    Ok(Outcome::Done)
}

async fn of_incident(
    session: &Session,
    incident: RecordId,
    args: &Clock,
) -> anyhow::Result<Outcome> {
    let (on, law_as_of) = times(args.times, session.aims.today());
    let view = session.aims.view(args.as_of.map_or(Moment::Now, Moment::Day)).await?.on(on);
    let (now, name) = (session.aims.now(), named(&view, incident));
    if let Some(clock) = &args.draft {
        let stage = if args.complete { Stage::Complete } else { Stage::First };
        let draft = view.report_draft(incident, clock, stage)?.ok_or_else(|| {
            wrong(format!(
                "no form is known for {clock}; what it asks for is said in its provision"
            ))
        })?;
        write(session, &view, &args.output, &draft, || vec![clocks::draft(&name, &draft)])?;
        return Ok(Outcome::wanting_if(!draft.missing.is_empty()));
    }
    if args.drill {
        let score = view.drill(incident, now, law_as_of)?;
        write(session, &view, &args.output, &score, || vec![clocks::drill(&name, &score)])?;
        return Ok(Outcome::wanting_if(score.missed.saturating_add(score.late) > 0));
    }
    let found = view.clocks(incident, now, law_as_of)?;
    let title = format!("Clocks of {name}");
    write(session, &view, &args.output, &found, || clocks::sheets(&title, &found, args.all))?;
    Ok(Outcome::Done)
}

/// Writes an answer: as it is in JSON, else as tables.
fn write(
    session: &Session,
    view: &View,
    output: &Output,
    answer: &impl serde::Serialize,
    sheets: impl FnOnce() -> Vec<Sheet>,
) -> anyhow::Result<()> {
    if output.format == Format::Json {
        return write_json(answer, output);
    }
    let book = super::names::workbook(&session.aims, view, clocks::TITLE, sheets());
    output::write_workbook(&book, output)
}

/// The incident as titles name it; of an exercise they say that it is one.
fn named(view: &View, incident: RecordId) -> String {
    let said = view.book().get(incident).and_then(of::<Incident>);
    let drill = if said.is_some_and(|said| said.drill) { " (DRILL, nobody is told)" } else { "" };
    let title = said.map(|said| said.title.as_str()).unwrap_or_default();
    format!("{incident} {title}{drill}")
}
