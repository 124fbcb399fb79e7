//! The form beside the matrix: makes the decision that is to stand at a cell, or its next version.

use axum::response::Response;
use serde_json::{Value, json};
use surety_aims::{Action, Command, Kind, Record, Rejection, derive::place::decision, permit};
use surety_engine::{Batch, Error, Moment, View, views::STANDARD};

use super::{
    super::conflict::{self, Met},
    CellPage,
    ask::{Ask, Place, home},
    cell::{self, EDITED, Near, Tried, found},
};
use crate::{
    call::Call,
    endpoint::{Endpoint, Is, handler, param},
    html::{self, Read, Shell, read_body},
    problem::Problem,
};

pub(crate) const CHANGES: &[Endpoint] = &[Endpoint::form(
    "/soa/cell",
    "soaCellForm",
    "State the decision on a control at one place.",
    handler!(Organisation, save),
)
.query(&[
    param("cell", Is::Text, "The control and its place: A.6.2.4/SYS-3, or A.6.2.4/organisation."),
    param("framework", Is::Text, "A framework in use."),
])];

async fn save(call: Call) -> Result<Response, Problem> {
    permit(&call.principal, Action::State(Kind::ControlImplementation)).map_err(Error::from)?;
    let ask = Ask::of(&call)?;
    let place = ask.cell.clone().ok_or_else(|| Problem::bad("`cell` has to be given"))?;
    let view = call.view_of(Moment::Now).await?;
    let framework = view.framework(ask.framework)?.id.clone();
    found(&view.soa(&framework, None)?, &place)?;
    let own = decision(view.book(), (&framework, &place.control), place.system);
    let before = own.map_or_else(|| at(&framework, &place), |own| own.body.to_json());
    let Read { value, wrong } = read_body(Kind::ControlImplementation, &call.form, &before);
    let body = edited(&before, &value);
    let met = met(&call, &view, own, at(&framework, &place));
    if let Some((conflict, body)) = met.chosen(&body).await? {
        let tried = Tried { body: Some(body), conflict: Some(conflict), ..Tried::default() };
        return again(&call, &view, &ask, &place, &tried).await;
    }
    if !is_current(&call, own) {
        let tried = Tried::between(met.begun(body).await?);
        return again(&call, &view, &ask, &place, &tried).await;
    }
    if !wrong.is_empty() {
        let tried = Tried { body: Some(body), errors: wrong, conflict: met.shown().await? };
        return again(&call, &view, &ask, &place, &tried).await;
    }
    let command = stated(own, body.clone());
    let batch = Batch { commands: vec![command.into()], idempotency_key: None };
    let rejection = match call.whole()?.execute(&call.principal, batch).await {
        Ok(_) => return Ok(html::to(&back(&call, &framework, &place))),
        Err(error) => refused(error)?,
    };
    let view = call.view_of(Moment::Now).await?;
    let own = decision(view.book(), (&framework, &place.control), place.system);
    let met = self::met(&call, &view, own, at(&framework, &place));
    let tried = if let Rejection::Invalid(problems) = rejection {
        let errors = problems.0.into_iter().map(|problem| (problem.field, problem.message));
        Tried { body: Some(body), errors: errors.collect(), conflict: met.shown().await? }
    } else if matches!(rejection, Rejection::Stale { .. }) {
        Tried::between(met.begun(body).await?)
    } else {
        return Err(Error::Rejected(Box::new(rejection)).into());
    };
    again(&call, &view, &ask, &place, &tried).await
}

fn met<'a>(call: &'a Call, view: &'a View, own: Option<&'a Record>, nothing: Value) -> Met<'a> {
    Met { call, view, kind: Kind::ControlImplementation, own, nothing }
}

/// Whether the form was opened on what stands there now. Where nothing stood, a form names no version.
fn is_current(call: &Call, own: Option<&Record>) -> bool {
    own.map(|own| own.version.to_string()).unwrap_or_default() == call.field("base")
}

/// A decision that says nothing yet, at its place.
pub(super) fn at(framework: &str, place: &Place) -> Value {
    let system = place.system.map(|system| system.to_string());
    json!({ "control": format!("{framework}:{}", place.control), "ai_system": system })
}

/// What the form says, over what it does not show.
fn edited(before: &Value, said: &Value) -> Value {
    let mut body = before.as_object().cloned().unwrap_or_default();
    for name in EDITED {
        if let Some(value) = said.get(*name) {
            body.insert((*name).to_owned(), value.clone());
        }
    }
    Value::Object(body)
}

/// The command that states a decision, on the version that there is.
pub(super) fn stated(own: Option<&Record>, body: Value) -> Command {
    Command::State {
        kind: Kind::ControlImplementation,
        id: own.map(|own| own.id),
        body,
        custom: own.map(|own| own.custom.clone()).unwrap_or_default(),
        external: own.map(|own| own.external.clone()).unwrap_or_default(),
        base: own.map(|own| own.version),
    }
}

/// Where one came from, which shows what was saved.
fn back(call: &Call, framework: &str, place: &Place) -> String {
    let home = home(call);
    let asked = super::super::home::next(call);
    let ours = |path: &str| path == home || path.starts_with(&format!("{home}?"));
    let (path, fragment) = asked.split_once('#').unwrap_or((asked, ""));
    if ours(path) && fragment.is_empty() {
        let joint = if path.contains('?') { '&' } else { '?' };
        let known = path.contains("saved=");
        return if known { path.to_owned() } else { format!("{path}{joint}saved=1") };
    }
    let framework = if framework == STANDARD { "" } else { framework };
    let cell = super::ask::written(&place.control, place.system);
    match framework {
        "" => format!("{home}?cell={cell}&saved=1"),
        _ => format!("{home}?framework={framework}&cell={cell}&saved=1"),
    }
}

/// The cell once more, with what was written and what is wrong with it.
async fn again(
    call: &Call,
    view: &View,
    ask: &Ask<'_>,
    place: &Place,
    tried: &Tried,
) -> Result<Response, Problem> {
    let people = call.people().await?;
    let soa = view.soa(ask.framework, None)?;
    let (title, lead) = cell::title(view, ask, place);
    let shell = Shell::of(call, view, &title, &lead).await?;
    let near = Near { call, shell: &shell, view, soa: &soa, people: &people, ask };
    let panel = near.panel(place, tried).await?;
    let status = conflict::status(tried.conflict.as_ref(), &tried.errors);
    html::rendered(status, &CellPage { panel, shell })
}

/// A problem of the engine, or what was refused.
fn refused(error: Error) -> Result<Rejection, Problem> {
    if let Error::Rejected(rejection) = error { Ok(*rejection) } else { Err(error.into()) }
}
