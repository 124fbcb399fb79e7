//! The EU AI Act, asked for an organisation: the same answers as the command line gives with `--format json`, and the same
//! tables.

use axum::response::Response;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use surety_aims::RecordId;
use surety_catalog::LawVersion;
use surety_engine::{Error, LawImpact, law::SystemObligations, sheets, views::STANDARD};
use surety_law::obligation::{Binding, CalendarEntry, Place, SideBySide, binding as binds};
use surety_reports::views;

use crate::{
    call::{Call, json as answer},
    document::{Called, shown},
    endpoint::{AS_OF, Endpoint, Gives, Is, Param, handler, of, param},
    problem::Problem,
};

pub(super) const ON: Param =
    param("on", Is::Day, "The day for which the law is asked; today if not given.");
pub(super) const LAW_AS_OF: Param =
    param("law_as_of", Is::Day, "The law as published by this day; today if not given.");

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/obligations/{id}",
        "getObligations",
        "The obligations of an AI system, with why and why not.",
        handler!(Organisation, obligations),
    )
    .kept()
    .query(&[ON, LAW_AS_OF, AS_OF])
    .gives(Gives::View(of::<SystemObligations<'_>>)),
    Endpoint::get(
        "/obligations/{id}/side-by-side",
        "getSideBySide",
        "What two roles owe for the same AI system, article by article.",
        handler!(Organisation, side_by_side),
    )
    .kept()
    .query(&[
        param("left", Is::Words, "A role of the law, such as provider.").needed(),
        param("right", Is::Words, "Another, such as deployer.").needed(),
        ON,
        LAW_AS_OF,
        AS_OF,
    ])
    .gives(Gives::View(of::<Vec<SideBySide<'_>>>)),
    Endpoint::get(
        "/law/versions",
        "getLawVersions",
        "The versions of the law, the oldest first.",
        handler!(Organisation, versions),
    )
    .gives(Gives::Json(of::<Vec<LawVersion>>)),
    Endpoint::get(
        "/law/binding",
        "getLawBinding",
        "Which provisions bind on a day, and from when the others will.",
        handler!(Organisation, binding),
    )
    .kept()
    .query(&[
        param(
            "scope",
            Is::Text,
            "A tier or role of the law, such as high_risk_annex_iii; everything if not given.",
        ),
        param("changed_on", Is::Day, "When the design of an older system changed significantly."),
        ON,
        LAW_AS_OF,
    ])
    .gives(Gives::View(of::<Bindings<'_>>)),
    Endpoint::get(
        "/law/calendar",
        "getLawCalendar",
        "What the law brings on which day, for which AI systems.",
        handler!(Organisation, calendar),
    )
    .kept()
    .query(&[ON, LAW_AS_OF, AS_OF])
    .gives(Gives::View(of::<Calendar<'_>>)),
    Endpoint::get(
        "/law/impact",
        "getLawImpact",
        "What a newer version of the law changes.",
        handler!(Organisation, impact),
    )
    .kept()
    .query(&[
        param("from", Is::Words, "The older version.").needed(),
        param("to", Is::Words, "The newer version.").needed(),
        ON,
        AS_OF,
    ])
    .gives(Gives::View(of::<LawImpact>)),
];

/// The two times of a question about the law.
pub(super) fn times(call: &Call, today: Date) -> Result<(Date, Date), Problem> {
    let on = call.parsed("on")?.unwrap_or(today);
    Ok((on, call.parsed("law_as_of")?.unwrap_or(today)))
}

async fn obligations(call: Call) -> Result<Response, Problem> {
    let system: RecordId = call.id()?;
    let view = call.view().await?;
    let (on, law_as_of) = times(&call, view.on)?;
    let view = view.on(on);
    let soa = view.soa(STANDARD, None)?;
    let found = view.obligations(&soa, system, law_as_of)?;
    let called = Called { file: "obligations", title: "Obligations" };
    shown(&call, &view, called, &found, |names, _| {
        vec![sheets::obligations(&found, &|owner| (names.person)(owner), false)]
    })
    .await
}

async fn side_by_side(call: Call) -> Result<Response, Problem> {
    let system = call.id()?;
    let (left, right) = (call.needed("left")?, call.needed("right")?);
    let view = call.view().await?;
    let (on, law_as_of) = times(&call, view.on)?;
    let view = view.on(on);
    let rows = view.side_by_side(system, law_as_of, (left, right))?;
    let called = Called { file: "side-by-side", title: "Obligations" };
    shown(&call, &view, called, &rows, |_, _| {
        vec![views::law::side_by_side(&system.to_string(), (left, right), &rows)]
    })
    .await
}

async fn versions(call: Call) -> Result<Response, Problem> {
    answer(&call.view().await?.ai_act()?.versions)
}

/// Which provisions bind on a day.
#[derive(Serialize, JsonSchema)]
struct Bindings<'l> {
    on: Date,
    law_as_of: Date,
    scope: &'l str,
    obligations: Vec<Binding<'l>>,
}

async fn binding(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let (on, law_as_of) = times(&call, view.on)?;
    let scope = call.text("scope")?.unwrap_or_default();
    let place = Place { scope, significant_change_on: call.parsed("changed_on")? };
    let rows = binds(view.ai_act()?, on, law_as_of, place)
        .map_err(|error| Error::Input(error.to_string()))?;
    let found = Bindings { on, law_as_of, scope, obligations: rows };
    let called = Called { file: "binding", title: "Binding" };
    shown(&call, &view, called, &found, |_, _| {
        vec![views::law::binding(&found.obligations, scope, on)]
    })
    .await
}

/// What the law brings on which day.
#[derive(Serialize, JsonSchema)]
struct Calendar<'l> {
    on: Date,
    law_as_of: Date,
    entries: Vec<CalendarEntry<'l>>,
}

async fn calendar(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let (on, law_as_of) = times(&call, view.on)?;
    let found = Calendar { on, law_as_of, entries: view.law_calendar(on, law_as_of)? };
    let called = Called { file: "law-calendar", title: "Law calendar" };
    shown(&call, &view, called, &found, |_, _| vec![views::law::calendar(&found.entries)]).await
}

async fn impact(call: Call) -> Result<Response, Problem> {
    let (from, to) = (call.needed("from")?, call.needed("to")?);
    let view = call.view().await?;
    let on = call.parsed("on")?.unwrap_or(view.on);
    let view = view.on(on);
    let found = view.law_impact(from, to, &[on])?;
    let title = format!("Impact of {to} after {from}");
    let called = Called { file: "law-impact", title: &title };
    shown(&call, &view, called, &found, |_, _| {
        let mut sheets = views::law::impact(&found.impact);
        if let Some(systems) = sheets.first_mut() {
            systems.notes = found.left_out();
        }
        sheets
    })
    .await
}
