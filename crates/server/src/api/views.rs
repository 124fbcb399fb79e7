//! Derived views: the same answers as the command line gives with `--format json`, and the same tables.

use axum::response::Response;
use jiff::{ToSpan, civil::Date};
use schemars::JsonSchema;
use serde::Serialize;
use surety_aims::{
    Kind, Record,
    derive::{
        Window, activity::Activity, coverage::Coverage, diff::Diff, due::Due, gap::Gap, plan::Plan,
        readiness::Readiness, soa::Soa,
    },
};
use surety_engine::{Comparable, Moment, sheets, views::STANDARD};
use surety_reports::views;

use crate::{
    call::Call,
    document::{Called, shown},
    endpoint::{AS_OF, Endpoint, Gives, Is, Param, handler, of, param},
    problem::Problem,
};

const FRAMEWORK: Param = param("framework", Is::Text, "A framework in use; iso42001 if not given.");
const SOURCE: Param = param("from", Is::Words, "The framework for which work was done.");
const TARGET: Param = param("to", Is::Words, "The framework that is to be covered.");

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/soa",
        "getSoa",
        "The Statement of Applicability: controls x AI systems, each cell with why.",
        handler!(Organisation, soa),
    )
    .kept()
    .query(&[
        FRAMEWORK,
        param(
            "from",
            Is::Day,
            "The first day for which uncovered days are counted; a year back if not given.",
        ),
        param("to", Is::Day, "The last of these days; the day of the view if not given."),
        AS_OF,
    ])
    .gives(Gives::View(of::<Soa<'_>>)),
    Endpoint::get(
        "/gap",
        "getGap",
        "The gap analysis: every requirement judged, with what was found and what is missing.",
        handler!(Organisation, gap),
    )
    .kept()
    .query(&[param("framework", Is::List, "Frameworks in use; all if none is named."), AS_OF])
    .gives(Gives::View(of::<Gaps<'_>>)),
    Endpoint::get(
        "/plan",
        "getPlan",
        "The action plan, the most pressing first, each item with what it serves.",
        handler!(Organisation, plan),
    )
    .kept()
    .query(&[
        param("framework", Is::List, "Frameworks in use; iso42001 if none is named."),
        param("top", Is::Number(1, 100_000), "Only the first so many."),
        AS_OF,
    ])
    .gives(Gives::View(of::<Plan<'_>>)),
    Endpoint::get(
        "/due",
        "getDue",
        "Everything with a date, overdue first.",
        handler!(Organisation, due),
    )
    .kept()
    .query(&[param("days", Is::Number(-100_000, 100_000), "Only up to so many days ahead."), AS_OF])
    .gives(Gives::View(of::<Due<'_>>)),
    Endpoint::get(
        "/readiness",
        "getReadiness",
        "Readiness for Stage 1 and Stage 2: each check with what is missing.",
        handler!(Organisation, readiness),
    )
    .kept()
    .query(&[AS_OF])
    .gives(Gives::View(of::<Readiness<'_>>)),
    Endpoint::get(
        "/coverage",
        "getCoverage",
        "How far work done for one framework covers another, by which chain of mappings.",
        handler!(Organisation, coverage),
    )
    .kept()
    .query(&[SOURCE.needed(), TARGET.needed(), AS_OF])
    .gives(Gives::View(of::<Coverage<'_>>)),
    Endpoint::get(
        "/inventory",
        "getInventory",
        "The AI systems, suppliers and datasets.",
        handler!(Organisation, inventory),
    )
    .kept()
    .query(&[AS_OF])
    .gives(Gives::View(of::<Inventory<'_>>)),
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
        param(
            "requirement",
            Is::Text,
            "Only what touched this requirement, such as iso42001:A.6.2.4.",
        ),
    ])
    .gives(Gives::View(of::<Activity>)),
    Endpoint::get(
        "/diff",
        "getDiff",
        "What changed in a view from one day to another.",
        handler!(Organisation, diff),
    )
    .kept()
    .query(&[
        param("view", Is::OneOf(&Comparable::NAMES), "Which view.").needed(),
        param("from", Is::Day, "The end of which day comes first.").needed(),
        param("to", Is::Day, "The end of which day comes last; today if not given."),
        param(
            "source",
            Is::Text,
            "Of coverage: the framework for which work was done; iso42001 if not given.",
        ),
        param("target", Is::Text, "Of coverage: the framework to cover; iso27001 if not given."),
    ])
    .gives(Gives::View(of::<Diff>)),
];

async fn soa(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let to = call.parsed("to")?.unwrap_or(view.on);
    let window = match call.parsed("from")? {
        Some(from) => in_order(from, to)?,
        None => Window::year_to(to),
    };
    let framework = view.framework(call.text("framework")?.unwrap_or(STANDARD))?;
    let soa = view.soa(&framework.id, Some(window))?;
    let called = Called { file: "soa", title: views::soa::TITLE };
    shown(&call, &view, called, &soa, |names, format| sheets::soa(&soa, framework, names, format))
        .await
}

fn in_order(from: Date, to: Date) -> Result<Window, Problem> {
    if from > to {
        return Err(Problem::bad(format!("`from={from}` lies after `to={to}`")));
    }
    Ok(Window { from, to })
}

/// The gap analysis of several frameworks.
#[derive(Serialize, JsonSchema)]
struct Gaps<'v> {
    on: Date,
    frameworks: Vec<&'v Gap<'v>>,
}

async fn gap(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let asked = call.texts("framework");
    let soa = view.soa(STANDARD, None)?;
    let gaps = view.gaps(&soa, &asked)?;
    let gaps = Gaps { on: view.on, frameworks: gaps.iter().map(|(_, gap)| gap).collect() };
    let called = Called { file: "gap", title: views::gap::TITLE };
    shown(&call, &view, called, &gaps, |names, format| {
        sheets::gap(&gaps.frameworks, asked.is_empty(), names, format)
    })
    .await
}

async fn plan(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let mut asked = call.texts("framework");
    if asked.is_empty() {
        asked.push(STANDARD.to_owned());
    }
    let soa = view.soa(STANDARD, None)?;
    let gaps = view.gaps(&soa, &asked)?;
    let mut plan = view.plan(&gaps);
    if let Some(top) = call.number("top", 1..=100_000)? {
        plan.items.truncate(top);
    }
    let called = Called { file: "plan", title: views::plan::TITLE };
    shown(&call, &view, called, &plan, |names, _| views::plan::sheets(&plan, names)).await
}

async fn due(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let due = view.due(call.number("days", -100_000..=100_000)?);
    let called = Called { file: "due", title: views::due::TITLE };
    shown(&call, &view, called, &due, |names, _| views::due::sheets(&due, names)).await
}

async fn readiness(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let soa = view.soa(STANDARD, None)?;
    let readiness = view.readiness(&soa)?;
    let called = Called { file: "readiness", title: views::readiness::TITLE };
    shown(&call, &view, called, &readiness, |_, _| views::readiness::sheets(&readiness)).await
}

async fn coverage(call: Call) -> Result<Response, Problem> {
    let (from, to) = (call.needed("from")?, call.needed("to")?);
    let view = call.view().await?;
    let soa = view.soa(STANDARD, None)?;
    let coverage = view.coverage(&soa, from, to)?;
    let called = Called { file: "coverage", title: views::coverage::TITLE };
    shown(&call, &view, called, &coverage, |_, _| views::coverage::sheets(&coverage)).await
}

/// What the organisation uses and provides.
#[derive(Serialize, JsonSchema)]
struct Inventory<'b> {
    on: Date,
    systems: Vec<&'b Record>,
    suppliers: Vec<&'b Record>,
    datasets: Vec<&'b Record>,
}

async fn inventory(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let all = |kind| view.book().of_kind(kind).collect();
    let inventory = Inventory {
        on: view.on,
        systems: all(Kind::AiSystem),
        suppliers: all(Kind::Supplier),
        datasets: all(Kind::DatasetCard),
    };
    let soa = view.soa(STANDARD, None)?;
    let called = Called { file: "inventory", title: views::inventory::TITLE };
    shown(&call, &view, called, &inventory, |names, _| {
        views::inventory::sheets(view.on, Some(&soa), names)
    })
    .await
}

async fn activity(call: Call) -> Result<Response, Problem> {
    let today = call.until.unwrap_or_else(|| call.today());
    let to = call.parsed::<Date>("to")?.unwrap_or(today).min(today);
    let from = call.parsed("from")?.unwrap_or_else(|| to.saturating_sub(30.days()));
    let view = call.view().await?;
    let mut activity = call.activity(&view, in_order(from, to)?).await?;
    if let Some(wanted) = call.text("requirement")? {
        activity.events.retain(|event| event.requirements.iter().any(|one| one == wanted));
        activity.by_requirement.retain(|summary| summary.requirement == wanted);
    }
    let called = Called { file: "activity", title: views::activity::TITLE };
    shown(&call, &view, called, &activity, |names, _| views::activity::sheets(&activity, names))
        .await
}

async fn diff(call: Call) -> Result<Response, Problem> {
    let today = call.until.unwrap_or_else(|| call.today());
    let from = call.parsed::<Date>("from")?;
    let from = from.ok_or_else(|| Problem::bad("`from` names the earlier day"))?.min(today);
    let to = call.parsed::<Date>("to")?.unwrap_or(today).min(today);
    in_order(from, to)?;
    let frameworks =
        (call.text("source")?.unwrap_or(STANDARD), call.text("target")?.unwrap_or("iso27001"));
    let compared = Comparable::of(call.needed("view")?, frameworks)?;
    let earlier = call.view_of(Moment::Day(from)).await?;
    let later = call.view_of(Moment::Day(to)).await?;
    let diff = compared.diff(&earlier, &later)?;
    let called = Called { file: "changes", title: "Changes" };
    shown(&call, &later, called, &diff, |_, _| compared.sheets(&diff, from, to)).await
}
