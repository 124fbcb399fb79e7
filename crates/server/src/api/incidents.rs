//! Reporting clocks: of an incident, with drafts and drills, and those that there are.

use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use surety_aims::{RecordId, of as body_of, records::Incident};
use surety_catalog::{Clock, ClockQuestion, ClockStop, IncidentClocks, Term};
use surety_engine::View;
use surety_law::clock::{Clocks, DrillScore, ReportDraft, Stage};
use surety_reports::views::clocks as tables;

use super::law::{LAW_AS_OF, ON, times};
use crate::{
    call::{Call, json as answer},
    document::{Called, shown},
    endpoint::{AS_OF, Endpoint, Gives, Is, handler, of, param},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/clocks",
        "listClocks",
        "The reporting clocks that the law knows.",
        handler!(Organisation, list),
    )
    .gives(Gives::View(of::<Vec<Clock>>)),
    Endpoint::get(
        "/clocks/words",
        "getClockWords",
        "The words that incidents are told in: events, questions, roles, recipients, stops.",
        handler!(Organisation, words),
    )
    .gives(Gives::Json(of::<Words<'_>>)),
    Endpoint::get(
        "/clocks/{id}",
        "getClocks",
        "The reporting clocks of an incident, with why each runs or does not.",
        handler!(Organisation, clocks),
    )
    .query(&[ON, LAW_AS_OF, AS_OF])
    .gives(Gives::View(of::<Clocks>)),
    Endpoint::get(
        "/clocks/{id}/drill",
        "getDrill",
        "How the reports that stand in an incident compare with its deadlines.",
        handler!(Organisation, drill),
    )
    .query(&[ON, LAW_AS_OF, AS_OF])
    .gives(Gives::View(of::<DrillScore>)),
    Endpoint::get(
        "/clocks/{id}/report",
        "getReportDraft",
        "The draft of a report on one clock of an incident, filled from records.",
        handler!(Organisation, report),
    )
    .query(&[
        param("clock", Is::Words, "Which clock, such as ai_act.73.").needed(),
        param(
            "stage",
            Is::OneOf(&["first", "complete"]),
            "A first report may be incomplete; `first` if not given.",
        ),
        AS_OF,
    ])
    .gives(Gives::View(of::<ReportDraft>)),
];

async fn list(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let facts = view.catalogs.incident_clocks();
    let called = Called { file: "clocks", title: tables::TITLE };
    shown(&call, &view, called, &facts.clocks, |_, _| vec![tables::list(facts)]).await
}

/// The vocabulary of incidents.
#[derive(Serialize, JsonSchema)]
struct Words<'c> {
    events: &'c [Term],
    questions: &'c [ClockQuestion],
    roles: &'c [Term],
    recipients: &'c [Term],
    stops: &'c [ClockStop],
}

async fn words(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let IncidentClocks { events, questions, roles, recipients, stops, .. } =
        view.catalogs.incident_clocks();
    answer(&Words { events, questions, roles, recipients, stops })
}

async fn clocks(call: Call) -> Result<Response, Problem> {
    let incident = call.id()?;
    let view = call.view().await?;
    let (on, law_as_of) = times(&call, view.on)?;
    let view = view.on(on);
    let found = view.clocks(incident, call.now(), law_as_of)?;
    let title = format!("Clocks of {}", named(&view, incident));
    let called = Called { file: "clocks", title: &title };
    shown(&call, &view, called, &found, |_, _| tables::sheets(&title, &found, false)).await
}

async fn drill(call: Call) -> Result<Response, Problem> {
    let incident = call.id()?;
    let view = call.view().await?;
    let (on, law_as_of) = times(&call, view.on)?;
    let view = view.on(on);
    let score = view.drill(incident, call.now(), law_as_of)?;
    let name = named(&view, incident);
    let called = Called { file: "drill", title: tables::TITLE };
    shown(&call, &view, called, &score, |_, _| vec![tables::drill(&name, &score)]).await
}

async fn report(call: Call) -> Result<Response, Problem> {
    let incident = call.id()?;
    let clock = call.needed("clock")?;
    let stage = match call.text("stage")? {
        None | Some("first") => Stage::First,
        Some("complete") => Stage::Complete,
        Some(other) => {
            return Err(Problem::bad(format!("`stage={other}` is neither first nor complete")));
        }
    };
    let view = call.view().await?;
    let draft = view.report_draft(incident, clock, stage)?.ok_or_else(|| {
        Problem::bad(format!("no form is known for {clock}; its provision says what it asks for"))
    })?;
    let name = named(&view, incident);
    let called = Called { file: "report", title: tables::TITLE };
    shown(&call, &view, called, &draft, |_, _| vec![tables::draft(&name, &draft)]).await
}

/// The incident as titles name it; of an exercise they say that it is one.
pub(crate) fn named(view: &View, incident: RecordId) -> String {
    let said = view.book().get(incident).and_then(body_of::<Incident>);
    let drill = if said.is_some_and(|said| said.drill) { " (DRILL, nobody is told)" } else { "" };
    let title = said.map(|said| said.title.as_str()).unwrap_or_default();
    format!("{incident} {title}{drill}")
}
