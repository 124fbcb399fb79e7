//! Reporting clocks: of an incident, with drafts and drills, or one by itself.

use std::collections::BTreeMap;

use surety_aims::{RecordId, of, records::Incident};
use surety_catalog::{Catalogs, Term};
use surety_engine::{Moment, View};
use surety_law::clock::{
    self, Answer, ClockQuery, ClockState, Clocks, Deadline, DrillScore, Holds, LocalInstant,
    NonWorkingDays, ReportDraft, RunningClock, Stage,
};
use surety_reports::{Cell, Column, Format, Kind, Sheet, Tone};

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
    write_tables(global, output, "Reporting clocks", vec![sheet])?;
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
    let terms =
        |terms: &[Term]| terms.iter().map(|one| word(&one.id, &one.text, &one.note)).collect();
    let questions = facts.questions.iter();
    let stops = facts.stops.iter();
    let sheets = vec![
        words_sheet("Events", "What happened when", terms(&facts.events)),
        words_sheet(
            "Questions",
            "Answered yes, no or unknown",
            questions.map(|one| word(&one.id, &one.text, &one.citation)).collect(),
        ),
        words_sheet("Roles", "Roles of the organisation", terms(&facts.roles)),
        words_sheet("Recipients", "Who is told", terms(&facts.recipients)),
        words_sheet(
            "Stops",
            "Why a clock need not run on",
            stops.map(|one| word(&one.id, &one.text, &one.evidence)).collect(),
        ),
    ];
    write_tables(global, output, "Words of incidents", sheets)?;
    Ok(Outcome::Done)
}

fn word(id: &str, text: &str, more: &str) -> [String; 3] {
    [id, text, more].map(str::to_owned)
}

fn words_sheet(name: &str, title: &str, rows: Vec<[String; 3]>) -> Sheet {
    let columns = vec![
        Column::new("id", "Word", Kind::Id).wide(30),
        Column::new("text", "What it means", Kind::LongText).wide(70),
        Column::new("note", "Provision or note", Kind::LongText).wide(50).rank(1),
    ];
    let mut sheet = Sheet::new(name, title, columns);
    for row in rows {
        sheet.push(row.into_iter().map(Cell::from).collect());
    }
    sheet
}

async fn of_incident(
    session: &Session,
    incident: RecordId,
    args: &Clock,
) -> anyhow::Result<Outcome> {
    let (on, law_as_of) = times(args.times, session.aims.today());
    let view = session.aims.view(args.as_of.map_or(Moment::Now, Moment::Day)).await?.on(on);
    let now = session.aims.now();
    if let Some(clock) = &args.draft {
        let stage = if args.complete { Stage::Complete } else { Stage::First };
        let draft = view.report_draft(incident, clock, stage)?.ok_or_else(|| {
            wrong(format!(
                "no form is known for {clock}; what it asks for is said in its provision"
            ))
        })?;
        write(session, &view, &args.output, &draft, || vec![draft_sheet(&view, incident, &draft)])?;
        return Ok(Outcome::wanting_if(!draft.missing.is_empty()));
    }
    if args.drill {
        let score = view.drill(incident, now, law_as_of)?;
        write(session, &view, &args.output, &score, || vec![drill_sheet(&view, incident, &score)])?;
        return Ok(Outcome::wanting_if(score.missed.saturating_add(score.late) > 0));
    }
    let clocks = view.clocks(incident, now, law_as_of)?;
    write(session, &view, &args.output, &clocks, || sheets(&view, incident, &clocks, args.all))?;
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
    let book = super::names::workbook(&session.aims, view, "Reporting clocks", sheets());
    output::write_workbook(&book, output)
}

/// A title, which says of an exercise that it is one.
fn titled(view: &View, incident: RecordId, what: &str) -> String {
    let said = view.book().get(incident).and_then(of::<Incident>);
    let drill = if said.is_some_and(|said| said.drill) { "DRILL, nobody is told: " } else { "" };
    let title = said.map(|said| said.title.as_str()).unwrap_or_default();
    format!("{drill}{what} of {incident} {title}")
}

fn sheets(view: &View, incident: RecordId, clocks: &Clocks, all: bool) -> Vec<Sheet> {
    let runs = |one: &&RunningClock| {
        all || !matches!(one.state, ClockState::NotTriggered | ClockState::NotApplicable)
    };
    let shown: Vec<_> = clocks.clocks.iter().filter(runs).collect();
    let sheets = [
        clocks_sheet(titled(view, incident, "Clocks"), &shown),
        counting_sheet(&shown),
        questions_sheet(clocks),
    ];
    sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()).collect()
}

fn instant(at: Option<LocalInstant>) -> Cell {
    at.map(|at| at.to_string()).unwrap_or_default().into()
}

fn state(state: ClockState) -> Cell {
    let (word, tone) = match state {
        ClockState::Overdue => ("overdue", Tone::Bad),
        ClockState::PastConservative => ("past the cautious deadline", Tone::Bad),
        ClockState::Running => ("running", Tone::Warn),
        ClockState::Possible => ("possible", Tone::Warn),
        ClockState::Awaiting => ("awaiting its event", Tone::Neutral),
        ClockState::Reported => ("reported", Tone::Good),
        ClockState::Stopped => ("stopped", Tone::Neutral),
        ClockState::NotApplicable => ("not applicable", Tone::NotApplicable),
        ClockState::NotTriggered => ("not triggered", Tone::NotApplicable),
    };
    Cell::status(word, tone)
}

fn clocks_sheet(title: String, clocks: &[&RunningClock]) -> Sheet {
    let columns = vec![
        Column::new("clock", "Clock", Kind::Id).wide(18),
        Column::new("title", "Title", Kind::Text).wide(40),
        Column::new("state", "State", Kind::Status).wide(18),
        Column::new("conservative", "Cautious deadline", Kind::Text).wide(26),
        Column::new("legal", "Legal latest", Kind::Text).wide(26),
        Column::new("recipients", "To whom", Kind::LongText).wide(44),
        Column::new("reasons", "Why, or why not", Kind::LongText).wide(60).rank(1),
    ];
    let mut sheet = Sheet::new("Clocks", title, columns);
    for one in clocks {
        let recipients: Vec<_> = one.due.iter().map(|due| due.authority.as_str()).collect();
        let recipients =
            if recipients.is_empty() { one.recipient.clone() } else { recipients.join("; ") };
        sheet.push(vec![
            one.clock.clone().into(),
            one.title.clone().into(),
            state(one.state),
            instant(one.conservative_deadline),
            instant(one.legal_latest),
            recipients.into(),
            reasons(one).into(),
        ]);
    }
    sheet
}

fn reasons(clock: &RunningClock) -> String {
    let stopped = clock
        .stopped
        .iter()
        .map(|one| format!("stopped at {}: {} {}", one.at, one.text, one.note).trim().to_owned());
    let basis = Some(clock.applicability.basis.clone())
        .filter(|_| clock.state == ClockState::NotApplicable);
    let said = clock.reasons.iter().map(|one| {
        let holds = match one.holds {
            Holds::For => "for",
            Holds::Against => "against",
            Holds::Open => "open",
        };
        match one.citation.as_str() {
            "" => format!("{holds}: {}", one.text),
            citation => format!("{holds}: {} ({citation})", one.text),
        }
    });
    stopped.chain(basis).chain(said).collect::<Vec<_>>().join("; ")
}

/// The rules that made each deadline, recipient by recipient.
fn counting_sheet(clocks: &[&RunningClock]) -> Sheet {
    let columns = vec![
        Column::new("clock", "Clock", Kind::Id).wide(18),
        Column::new("authority", "To whom", Kind::LongText).wide(36),
        Column::new("rule", "Rule", Kind::Text).wide(30),
        Column::new("effect", "What it did", Kind::LongText).wide(60),
        Column::new("moves", "Deadline", Kind::Text).wide(14),
        Column::new("citation", "Provision", Kind::Text).wide(28).rank(1),
    ];
    let mut sheet = Sheet::new("Counting", "The rules that made the deadlines", columns);
    for one in clocks {
        for due in &one.due {
            for rule in due.deadline.iter().flat_map(|deadline| &deadline.rules) {
                sheet.push(vec![
                    one.clock.clone().into(),
                    due.authority.clone().into(),
                    rule.name.clone().into(),
                    rule.effect.clone().into(),
                    format!("{:?}", rule.moves).to_lowercase().into(),
                    rule.citation.clone().into(),
                ]);
            }
        }
    }
    sheet
}

fn questions_sheet(clocks: &Clocks) -> Sheet {
    let columns = vec![
        Column::new("question", "Question", Kind::Id).wide(28),
        Column::new("asks", "What it asks", Kind::LongText).wide(64),
        Column::new("citation", "Provision", Kind::Text).wide(24),
        Column::new("clocks", "Clocks that hang on it", Kind::LongText).wide(40),
    ];
    let mut sheet = Sheet::new("Open questions", "What would settle whether clocks run", columns);
    for one in &clocks.open_questions {
        sheet.push(vec![
            one.question.clone().into(),
            one.text.clone().into(),
            one.citation.clone().into(),
            one.clocks.join(", ").into(),
        ]);
    }
    sheet
}

fn draft_sheet(view: &View, incident: RecordId, draft: &ReportDraft) -> Sheet {
    let columns = vec![
        Column::new("field", "Field", Kind::LongText).wide(44),
        Column::new("value", "Value", Kind::LongText).wide(70),
        Column::new("status", "Status", Kind::Status).wide(12),
        Column::new("citation", "Provision", Kind::Text).wide(24),
        Column::new("id", "Name of the fact", Kind::Id).wide(24),
    ];
    let stage = match draft.stage {
        Stage::First => "first report",
        Stage::Complete => "complete report",
    };
    let title = titled(view, incident, &format!("{} ({}, {stage})", draft.title, draft.basis));
    let mut sheet = Sheet::new("Draft", title, columns);
    for field in &draft.fields {
        let status = if field.value.is_some() {
            Cell::status("filled", Tone::Good)
        } else if draft.missing.contains(&field.field) {
            Cell::status("missing", Tone::Bad)
        } else {
            Cell::status("may follow", Tone::Neutral)
        };
        sheet.push(vec![
            field.label.clone().into(),
            field.value.clone().unwrap_or_default().into(),
            status,
            field.citation.clone().into(),
            field.field.clone().into(),
        ]);
    }
    sheet
}

fn drill_sheet(view: &View, incident: RecordId, score: &DrillScore) -> Sheet {
    let columns = vec![
        Column::new("clock", "Clock", Kind::Id).wide(18),
        Column::new("title", "Title", Kind::Text).wide(40),
        Column::new("outcome", "Outcome", Kind::Status).wide(16),
        Column::new("conservative", "Cautious deadline", Kind::Text).wide(26),
        Column::new("legal", "Legal latest", Kind::Text).wide(26),
        Column::new("taken", "Minutes taken", Kind::Number),
        Column::new("spare", "Minutes to spare", Kind::Number),
    ];
    let mut title = titled(view, incident, "Reports");
    if let Some(percent) = score.met_percent {
        title.push_str(&format!(": {percent} % met"));
    }
    let mut sheet = Sheet::new("Drill", title, columns);
    for one in &score.results {
        let (word, tone) = match one.outcome {
            clock::Outcome::InTime => ("in time", Tone::Good),
            clock::Outcome::WithinLegal => ("within the legal end", Tone::Warn),
            clock::Outcome::Late => ("late", Tone::Bad),
            clock::Outcome::Missed => ("missed", Tone::Bad),
            clock::Outcome::Pending => ("still time", Tone::Neutral),
            clock::Outcome::Judge => ("to be judged", Tone::Neutral),
            clock::Outcome::NotStarted => ("not started", Tone::NotApplicable),
        };
        sheet.push(vec![
            one.clock.clone().into(),
            one.title.clone().into(),
            Cell::status(word, tone),
            instant(one.conservative_deadline),
            instant(one.legal_latest),
            one.minutes_taken.map(Cell::from).unwrap_or_default(),
            one.minutes_to_spare.map(Cell::from).unwrap_or_default(),
        ]);
    }
    sheet
}
