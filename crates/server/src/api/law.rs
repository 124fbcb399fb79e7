//! The EU AI Act and reporting clocks, asked for an organisation: the same answers as the command line gives with
//! `--format json`.

use axum::response::Response;
use jiff::civil::Date;
use serde_json::json;
use surety_aims::RecordId;
use surety_engine::views::STANDARD;

use crate::{
    call::{Call, json as answer},
    endpoint::{AS_OF, Endpoint, Is, Param, handler, param},
    problem::Problem,
};

const ON: Param = param("on", Is::Day, "The day for which the law is asked; today if not given.");
const LAW_AS_OF: Param =
    param("law_as_of", Is::Day, "The law as published by this day; today if not given.");

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/classes",
        "getClasses",
        "The kept classes of AI systems under the EU AI Act, and whether they hold.",
        handler!(Organisation, classes),
    )
    .kept()
    .query(&[LAW_AS_OF, AS_OF]),
    Endpoint::get(
        "/obligations/{id}",
        "getObligations",
        "The obligations of an AI system, with why and why not.",
        handler!(Organisation, obligations),
    )
    .kept()
    .query(&[ON, LAW_AS_OF, AS_OF]),
    Endpoint::get(
        "/law/calendar",
        "getLawCalendar",
        "What the law brings on which day, for which AI systems.",
        handler!(Organisation, calendar),
    )
    .kept()
    .query(&[ON, LAW_AS_OF]),
    Endpoint::get(
        "/law/impact",
        "getLawImpact",
        "What a newer version of the law changes.",
        handler!(Organisation, impact),
    )
    .kept()
    .query(&[
        param("from", Is::Text, "The older version."),
        param("to", Is::Text, "The newer version."),
    ]),
    Endpoint::get(
        "/clocks/{id}",
        "getClocks",
        "The reporting clocks of an incident.",
        handler!(Organisation, clocks),
    )
    .query(&[ON, LAW_AS_OF, AS_OF]),
];

/// The two times of a question about the law.
fn times(call: &Call, today: Date) -> Result<(Date, Date), Problem> {
    let on = call.parsed("on")?.unwrap_or(today);
    Ok((on, call.parsed("law_as_of")?.unwrap_or(today)))
}

pub(crate) async fn classes(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let law_as_of = call.parsed("law_as_of")?.unwrap_or(view.on);
    answer(&view.kept_classes(law_as_of))
}

pub(crate) async fn obligations(call: Call) -> Result<Response, Problem> {
    let system: RecordId = call.id()?;
    let view = call.view().await?;
    let (on, law_as_of) = times(&call, view.on)?;
    let view = view.on(on);
    let soa = view.soa(STANDARD, None)?;
    answer(&view.obligations(&soa, system, law_as_of)?)
}

pub(crate) async fn calendar(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let (on, law_as_of) = times(&call, view.on)?;
    let entries = view.law_calendar(on, law_as_of)?;
    answer(&json!({ "on": on, "law_as_of": law_as_of, "entries": entries }))
}

pub(crate) async fn impact(call: Call) -> Result<Response, Problem> {
    let named = |name: &str| {
        call.text(name)?.ok_or_else(|| Problem::bad(format!("`{name}` names a version of the law")))
    };
    let (from, to) = (named("from")?, named("to")?);
    let view = call.view().await?;
    answer(&view.law_impact(from, to, &[view.on])?)
}

pub(crate) async fn clocks(call: Call) -> Result<Response, Problem> {
    let incident = call.id()?;
    let view = call.view().await?;
    let (on, law_as_of) = times(&call, view.on)?;
    answer(&view.on(on).clocks(incident, call.aims.now(), law_as_of)?)
}
