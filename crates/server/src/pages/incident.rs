//! An incident with its reporting clocks side by side, what would settle them, drafts of reports, and how a drill went.

mod answers;
mod clock;
mod events;

use std::collections::BTreeMap;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use jiff::{Timestamp, tz::TimeZone};
use surety_aims::{
    Action, Kind, Record, RecordId, of as body_of,
    records::{Incident, IncidentAnswer},
};
use surety_engine::View;
use surety_law::clock::{ClockState, Clocks, Stage};
use surety_reports::views::{clocks as tables, words};

pub(super) use self::clock::wall;
use self::clock::{Shown, shown};
use crate::{
    api::incidents::named,
    call::Call,
    endpoint::{Endpoint, Is, handler, param},
    html::{self, Choice, Listing, ListingPage, Shell, Shows, capitalised, countdown, moment},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/incidents/{id}",
        "incidentPage",
        "The reporting clocks of an incident, side by side.",
        handler!(Organisation, show),
    ),
    Endpoint::form(
        "/incidents/{id}",
        "answerIncidentForm",
        "Answer questions that settle whether clocks run.",
        handler!(Organisation, answers::answer),
    ),
    Endpoint::form(
        "/incidents/{id}/event",
        "incidentEventForm",
        "Note that something happened, such as that a report was sent.",
        handler!(Organisation, events::happened),
    ),
    Endpoint::page(
        "/incidents/{id}/drill",
        "drillPage",
        "How the reports of an incident compare with its deadlines.",
        handler!(Organisation, drill),
    )
    .listing(),
    Endpoint::page(
        "/incidents/{id}/report",
        "reportDraftPage",
        "The draft of a report on one clock, filled from records.",
        handler!(Organisation, report),
    )
    .listing()
    .query(&[
        param("clock", Is::Words, "Which clock.").needed(),
        param("stage", Is::OneOf(&["first", "complete"]), "A first report may be incomplete."),
    ]),
];

#[derive(Template)]
#[template(path = "incident.html")]
struct IncidentPage {
    shell: Shell,
    head: Head,
    tabs: Vec<Choice>,
    /// The deadline to go by.
    earliest: Option<(String, String, &'static str)>,
    clocks: Vec<Shown>,
    /// Those that do not run: name, state, why.
    others: Vec<Other>,
    questions: Vec<Question>,
    answer: Option<(String, u32)>,
    is_stale: bool,
    now: String,
    /// What can have happened, and now as a form gives it.
    events: Vec<Choice>,
    at: String,
}

struct Head {
    id: String,
    record: String,
    state: String,
    is_drill: bool,
    description: String,
    systems: Vec<(String, String)>,
}

/// A clock that does not run.
struct Other {
    title: String,
    reference: String,
    state: &'static str,
    tone: &'static str,
    symbol: char,
    why: Vec<String>,
}

/// A question whose answer would settle clocks.
struct Question {
    name: String,
    text: String,
    note: String,
    citation: String,
    clocks: String,
    choices: Vec<Choice>,
}

/// What somebody has written in the form.
#[derive(Default)]
pub(super) struct Tried {
    pub(super) answers: BTreeMap<String, IncidentAnswer>,
    pub(super) is_stale: bool,
}

/// The incident of the address.
fn incident(view: &View, id: RecordId) -> Result<(&Record, &Incident), Problem> {
    let record = view.book().get(id).filter(|_| id.kind == Kind::Incident);
    let found = record.and_then(|record| Some((record, body_of::<Incident>(record)?)));
    found.ok_or_else(|| Problem::not_found(id))
}

/// Now, or the end of the day in the past that is looked at.
pub(super) fn instant(call: &Call, view: &View) -> Timestamp {
    let end = view.on.at(23, 59, 59, 0).to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
    end.map_or(call.now(), |end| end.min(call.now()))
}

async fn show(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    page(&call, &view, &Tried::default()).await
}

async fn page(call: &Call, view: &View, tried: &Tried) -> Result<Response, Problem> {
    let id = call.id()?;
    let (record, said) = incident(view, id)?;
    let now = instant(call, view);
    let found = view.clocks(id, now, view.on)?;
    let lead = "Every reporting clock that it starts or may start: until when, for whom, and why.";
    let shell = Shell::of(call, view, &super::record::title(record), lead).await?;
    let shell = shell.with_script("clocks.js");
    let (running, others): (Vec<_>, Vec<_>) = found.clocks.iter().partition(|one| runs(one.state));
    let forms = &view.catalogs.incident_clocks();
    let drawing = clock::Drawing { shell: &shell, facts: forms, incident: id, now };
    let may = shell.may(Action::State(Kind::Incident)) && record.is_live();
    let address = shell.link(format!("/incidents/{id}"));
    let page = IncidentPage {
        head: head(view, &shell, record, said),
        tabs: tabs(&shell, id, "Clocks"),
        earliest: earliest(&found, now),
        clocks: running.into_iter().map(|one| shown(&drawing, one)).collect(),
        others: others.into_iter().map(other).collect(),
        questions: questions(view, said, &found, tried),
        answer: may.then_some((address, record.version)),
        is_stale: tried.is_stale,
        now: moment(now),
        events: events::choices(forms),
        at: events::minute_of(now),
        shell,
    };
    let status = if tried.is_stale { StatusCode::PRECONDITION_FAILED } else { StatusCode::OK };
    html::rendered(status, &page)
}

fn runs(state: ClockState) -> bool {
    match state {
        ClockState::Overdue
        | ClockState::PastConservative
        | ClockState::Running
        | ClockState::Possible
        | ClockState::Awaiting
        | ClockState::Reported => true,
        ClockState::Stopped | ClockState::NotApplicable | ClockState::NotTriggered => false,
    }
}

fn head(view: &View, shell: &Shell, record: &Record, said: &Incident) -> Head {
    let system = |id: RecordId| {
        let title = view.book().get(id).map(super::record::title).unwrap_or_default();
        (format!("{id} {title}"), shell.link(format!("/classes/{id}")))
    };
    Head {
        id: record.id.to_string(),
        record: shell.links().record(record.id),
        state: capitalised(&words(record.state)),
        is_drill: said.drill,
        description: said.description.clone(),
        systems: said.ai_systems.iter().map(|one| system(one.id())).collect(),
    }
}

pub(super) fn tabs(shell: &Shell, id: RecordId, current: &str) -> Vec<Choice> {
    let parts = [
        ("Clocks", format!("/incidents/{id}")),
        ("Drill", format!("/incidents/{id}/drill")),
        ("Record", format!("/records/incident/{id}")),
    ];
    let choice = |(name, path): (&str, String)| Choice {
        name: name.to_owned(),
        value: shell.link(path),
        chosen: name == current,
    };
    parts.map(choice).to_vec()
}

/// The first deadline that is still to be met, and how far it is.
fn earliest(found: &Clocks, now: Timestamp) -> Option<(String, String, &'static str)> {
    let certain = found.earliest.as_ref().map(|one| (one, "The first deadline"));
    let possible =
        found.earliest_possible.as_ref().map(|one| (one, "The first deadline, if that clock runs"));
    let (one, says) = certain.or(possible)?;
    let title = found.clocks.iter().find(|clock| clock.clock == one.clock)?.title.clone();
    let at = one.conservative_deadline;
    let when = format!("{} ({})", clock::wall(at), countdown(at.at(), now));
    Some((title, when, says))
}

fn other(one: &surety_law::clock::RunningClock) -> Other {
    let (state, tone) = clock::state(one.state);
    let stopped = one.stopped.iter().map(|stop| {
        format!("Stopped on {}: {} {}", clock::wall(stop.at), stop.text, stop.note)
            .trim()
            .to_owned()
    });
    let basis = (one.state == ClockState::NotApplicable).then(|| one.applicability.basis.clone());
    let reasons = clock::reasons(one).into_iter().map(|reason| match reason.citation.as_str() {
        "" => format!("{}: {}", reason.holds, reason.text),
        citation => format!("{}: {} ({citation})", reason.holds, reason.text),
    });
    Other {
        title: one.title.clone(),
        reference: one.reference.clone(),
        state,
        tone: tone.word(),
        symbol: tone.symbol(),
        why: stopped.chain(basis).chain(reasons).collect(),
    }
}

fn questions(view: &View, said: &Incident, found: &Clocks, tried: &Tried) -> Vec<Question> {
    let facts = view.catalogs.incident_clocks();
    let title = |id: &String| {
        facts
            .clock(id)
            .map_or_else(|| id.clone(), |clock| format!("{} ({})", clock.title, clock.reference))
    };
    let question = |open: &surety_law::clock::OpenQuestion| {
        let known = facts.question(&open.question);
        let now = tried.answers.get(&open.question).or(said.answers.get(&open.question));
        let choice = |(name, answer): (&str, IncidentAnswer)| Choice {
            name: capitalised(name),
            value: name.to_owned(),
            chosen: now == Some(&answer),
        };
        Question {
            name: open.question.clone(),
            text: open.text.clone(),
            note: known.map(|known| known.note.clone()).unwrap_or_default(),
            citation: open.citation.clone(),
            clocks: open.clocks.iter().map(title).collect::<Vec<_>>().join("; "),
            choices: answers::WORDS.iter().copied().map(choice).collect(),
        }
    };
    found.open_questions.iter().map(question).collect()
}

async fn drill(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let view = call.view().await?;
    let (record, _) = incident(&view, id)?;
    let score = view.drill(id, instant(&call, &view), view.on)?;
    let sheet = tables::drill(&named(&view, id), &score);
    let shows = Shows::rows("drill", "clocks", "No clock ran, so there was nothing to report.");
    if let Some(file) = Listing::file(&call, &view, &sheet, &shows).await? {
        return Ok(file);
    }
    let met = match score.met_percent {
        Some(percent) => format!("{percent} % of the deadlines with a number were met."),
        None => "No deadline with a number has ended yet.".to_owned(),
    };
    let lead = format!(
        "How the reports that stand in the incident compare with its deadlines. {met} Reports stand among its events, as `submitted.` and the clock."
    );
    let title = format!("{}: reports and deadlines", super::record::title(record));
    let shell = Shell::of(&call, &view, &title, &lead).await?;
    let listing = Listing::of(&call, &shell, &sheet, shows)?;
    let tabs = tabs(&shell, id, "Drill");
    html::page(&ListingPage { shell, listing, tabs, action: None, import: None })
}

#[derive(Template)]
#[template(path = "incident_report.html")]
struct ReportPage {
    shell: Shell,
    incident: (String, String),
    is_drill: bool,
    basis: String,
    doubt: Option<String>,
    missing: Vec<String>,
    may_follow: Vec<String>,
    stages: Vec<Choice>,
    files: Vec<(&'static str, String)>,
    listing: Listing,
}

async fn report(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let clock = call.needed("clock")?;
    let stage = match call.text("stage")? {
        Some("complete") => Stage::Complete,
        None | Some(_) => Stage::First,
    };
    let view = call.view().await?;
    let (_, said) = incident(&view, id)?;
    let draft = view.report_draft(id, clock, stage)?.ok_or_else(|| {
        Problem::not_found(format!(
            "form of a report on {clock}; its provision says what it asks for"
        ))
    })?;
    let sheet = tables::draft(&named(&view, id), &draft);
    let shows = Shows {
        usual: &["field", "value", "status", "citation"],
        ..Shows::rows("report", "fields", "The report asks for nothing.")
    };
    if let Some(file) = Listing::file(&call, &view, &sheet, &shows).await? {
        return Ok(file);
    }
    let lead = "Filled from the records; what is written in the incident goes first.";
    let shell = Shell::of(&call, &view, &draft.title, lead).await?;
    let mut listing = Listing::of(&call, &shell, &sheet, shows)?;
    let asked = call.query.iter().filter(|(name, _)| matches!(name.as_str(), "clock" | "stage"));
    listing.hidden.extend(asked.cloned());
    let label = |field: &String| {
        let found = draft.fields.iter().find(|one| one.field == *field);
        found.map_or_else(|| field.clone(), |one| one.label.clone())
    };
    let at = |query: &[(&str, &str)]| {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        text.append_pair("clock", clock).extend_pairs(query);
        shell.link(format!("/incidents/{id}/report?{}", text.finish()))
    };
    let stages =
        [("First report", "first", Stage::First), ("Complete report", "complete", Stage::Complete)];
    let stage_name = if stage == Stage::Complete { "complete" } else { "first" };
    let stages = stages.map(|(name, value, is)| Choice {
        name: name.to_owned(),
        value: at(&[("stage", value)]),
        chosen: is == stage,
    });
    let page = ReportPage {
        incident: (id.to_string(), shell.link(format!("/incidents/{id}"))),
        is_drill: said.drill,
        basis: draft.basis.clone(),
        doubt: super::legal::doubt(draft.confidence, ""),
        missing: draft.missing.iter().map(label).collect(),
        may_follow: draft.may_follow.iter().map(label).collect(),
        stages: stages.to_vec(),
        files: [("PDF", "pdf"), ("DOCX", "docx"), ("Markdown", "md")]
            .map(|(name, format)| (name, at(&[("stage", stage_name), ("format", format)])))
            .to_vec(),
        listing,
        shell,
    };
    html::page(&page)
}
