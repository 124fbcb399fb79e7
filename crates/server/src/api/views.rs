//! Derived views: the same answers as the command line gives with `--format json`.

use axum::response::Response;
use jiff::{ToSpan, civil::Date};
use serde_json::json;
use surety_aims::{RecordId, derive::Window};
use surety_engine::views::STANDARD;

use crate::{
    call::{Call, json as answer},
    problem::Problem,
};

pub(crate) async fn soa(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    answer(&view.soa(call.text("framework")?.unwrap_or(STANDARD), None)?)
}

pub(crate) async fn gap(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let frameworks: Vec<_> = call.text("framework")?.map(str::to_owned).into_iter().collect();
    let soa = view.soa(STANDARD, None)?;
    let gaps = view.gaps(&soa, &frameworks)?;
    answer(&gaps.iter().map(|(_, gap)| gap).collect::<Vec<_>>())
}

pub(crate) async fn plan(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let soa = view.soa(STANDARD, None)?;
    let gaps = view.gaps(&soa, &[])?;
    answer(&view.plan(&gaps))
}

pub(crate) async fn due(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    answer(&view.due(call.parsed("days")?))
}

pub(crate) async fn readiness(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let soa = view.soa(STANDARD, None)?;
    answer(&view.readiness(&soa)?)
}

pub(crate) async fn coverage(call: Call) -> Result<Response, Problem> {
    let named = |name: &str| {
        call.text(name)?.ok_or_else(|| Problem::bad(format!("`{name}` names a framework")))
    };
    let (from, to) = (named("from")?, named("to")?);
    let view = call.view().await?;
    let soa = view.soa(STANDARD, None)?;
    answer(&view.coverage(&soa, from, to)?)
}

pub(crate) async fn activity(call: Call) -> Result<Response, Problem> {
    let today = call.until.unwrap_or_else(|| call.aims.today());
    let to = call.parsed::<Date>("to")?.unwrap_or(today).min(today);
    let from = call.parsed("from")?.unwrap_or_else(|| to.saturating_sub(30.days()));
    if from > to {
        return Err(Problem::bad(format!("`from={from}` lies after `to={to}`")));
    }
    answer(&call.aims.activity(&call.view().await?, Window { from, to }).await?)
}

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
