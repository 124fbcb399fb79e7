//! Derived views: the same answers as the command line gives with `--format json`.

use axum::response::Response;
use jiff::{ToSpan, civil::Date};
use surety_aims::derive::Window;
use surety_engine::views::STANDARD;

use crate::{
    call::{Call, json as answer},
    endpoint::{AS_OF, Endpoint, Is, Param, handler, param},
    problem::Problem,
};

const FRAMEWORK: Param = param("framework", Is::Text, "A framework in use; iso42001 if not given.");

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/soa",
        "getSoa",
        "The Statement of Applicability: controls x AI systems.",
        handler!(Organisation, soa),
    )
    .kept()
    .query(&[FRAMEWORK, AS_OF]),
    Endpoint::get(
        "/gap",
        "getGap",
        "The gap analysis; of all frameworks in use if none is named.",
        handler!(Organisation, gap),
    )
    .kept()
    .query(&[FRAMEWORK, AS_OF]),
    Endpoint::get(
        "/plan",
        "getPlan",
        "The action plan, the most pressing first.",
        handler!(Organisation, plan),
    )
    .kept()
    .query(&[AS_OF]),
    Endpoint::get(
        "/due",
        "getDue",
        "Everything with a date, overdue first.",
        handler!(Organisation, due),
    )
    .kept()
    .query(&[
        param("days", Is::Number(-100_000, 100_000), "Only up to so many days ahead."),
        AS_OF,
    ]),
    Endpoint::get(
        "/readiness",
        "getReadiness",
        "Readiness for Stage 1 and Stage 2.",
        handler!(Organisation, readiness),
    )
    .kept()
    .query(&[AS_OF]),
    Endpoint::get(
        "/coverage",
        "getCoverage",
        "How far work done for one framework covers another.",
        handler!(Organisation, coverage),
    )
    .kept()
    .query(&[
        param("from", Is::Text, "The framework for which work was done."),
        param("to", Is::Text, "The framework that is to be covered."),
        AS_OF,
    ]),
    Endpoint::get(
        "/activity",
        "getActivity",
        "Which record was touched for which control in a period.",
        handler!(Organisation, activity),
    )
    .kept()
    .query(&[
        param("from", Is::Day, "The first day; 30 days before the last if not given."),
        param("to", Is::Day, "The last day; today if not given."),
    ]),
];

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
