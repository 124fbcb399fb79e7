//! Classes of AI systems under the EU AI Act: as they are kept, and as the answers known now lead to them.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use surety_aims::{Action, Kind, Record, permit};
use surety_engine::{Classified, Error, Moment, View, Walk, sheets, staleness::KeptClass};
use surety_law::classification::Answers;
use surety_reports::views;

use super::{
    law::{LAW_AS_OF, ON, times},
    records::{created, state},
};
use crate::{
    call::{Call, json as answer},
    document::{Called, shown},
    endpoint::{AS_OF, Asks, Endpoint, Gives, Method, Takes, handler, of},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/classes",
        "getClasses",
        "The kept classes of AI systems under the EU AI Act, and whether they hold, or why not.",
        handler!(Organisation, kept),
    )
    .kept()
    .query(&[ON, LAW_AS_OF, AS_OF])
    .gives(Gives::View(of::<Vec<KeptClass<'_>>>)),
    Endpoint::get(
        "/classes/{id}",
        "getClass",
        "The class of an AI system by the answers on record and what follows from the inventory: with the reasons, what is \
         still open, and which single answers would change it.",
        handler!(Organisation, class),
    )
    .kept()
    .query(&[ON, LAW_AS_OF, AS_OF])
    .gives(Gives::View(of::<Classified>)),
    Endpoint::change(
        Method::Post,
        "/classes/{id}",
        "keepClass",
        "Keep the class of an AI system as a record; 204 if the same is kept already.",
        handler!(Organisation, keep),
    )
    .takes(Takes::Json(of::<GivenAnswers>))
    .example(r#"{"answers": {"role.select": ["provider"]}}"#)
    .gives(Gives::Created(of::<Record>))
    .heads(&["etag"])
    .also(&[204]),
    Endpoint::change(
        Method::Post,
        "/classes/{id}/walk",
        "walkClass",
        "The next question after these answers, and where they have led so far. Keeps nothing.",
        handler!(Organisation, walk),
    )
    .asks(Asks::Read)
    .takes(Takes::Json(of::<GivenAnswers>))
    .example(r#"{"answers": {}}"#)
    .gives(Gives::Json(of::<Walk>)),
];

/// Answers to questions of the procedure.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GivenAnswers {
    /// From question to a list of values, or from a fact to its date. They go before those that are known.
    #[serde(default)]
    answers: Answers,
    /// The day for which it is asked; today if not given.
    #[serde(default)]
    on: Option<Date>,
    /// The law as published by this day; today if not given.
    #[serde(default)]
    law_as_of: Option<Date>,
}

async fn kept(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let (on, law_as_of) = times(&call, view.on)?;
    let view = view.on(on);
    let kept = view.kept_classes(law_as_of);
    let called = Called { file: "classes", title: "Classes on record" };
    shown(&call, &view, called, &kept, |_, _| vec![sheets::classes(&kept)]).await
}

async fn class(call: Call) -> Result<Response, Problem> {
    let system = call.id()?;
    let view = call.view().await?;
    let (on, law_as_of) = times(&call, view.on)?;
    let view = view.on(on);
    let found = view.classified(system, &Answers::default(), law_as_of)?;
    let title = format!("Classification of {system}");
    let called = Called { file: "classification", title: &title };
    shown(&call, &view, called, &found, |_, _| views::classification::sheets(&found.classification))
        .await
}

/// The view of the day that is asked for, and the day by which the law was published.
async fn asked(call: &Call, given: &GivenAnswers) -> Result<(View, Date), Problem> {
    let view = call.view().await?;
    let law_as_of = given.law_as_of.unwrap_or(view.on);
    let on = given.on.unwrap_or(view.on);
    Ok((view.on(on), law_as_of))
}

async fn walk(call: Call) -> Result<Response, Problem> {
    let system = call.id()?;
    let given: GivenAnswers = call.json()?;
    let (view, law_as_of) = asked(&call, &given).await?;
    let known = view.classified(system, &given.answers, law_as_of)?;
    answer(&view.walk(&known.answers, law_as_of)?)
}

async fn keep(call: Call) -> Result<Response, Problem> {
    let system = call.id()?;
    // Asked here too, as there may be nothing to state.
    permit(&call.principal, Action::State(Kind::Classification)).map_err(Error::from)?;
    let given: GivenAnswers = call.json()?;
    let view = call.view_of(Moment::Now).await?;
    let law_as_of = given.law_as_of.unwrap_or(view.on);
    let view = view.clone().on(given.on.unwrap_or(view.on));
    let found = view.classified(system, &given.answers, law_as_of)?;
    let today = call.today();
    let command = view.keep_classification(system, &found.answers, &found.classification, today)?;
    let Some(command) = command else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let (id, status) = state(&call, command).await?;
    created(&call, id, status).await
}
