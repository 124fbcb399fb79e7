//! Forms that change a record: a first or next version, a step, a withdrawal, a comment.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use serde_json::{Map, Value, json};
use surety_aims::{
    Action, Body, Command, Kind, Record, RecordId, Rejection, permit, records::Comment,
};
use surety_engine::{Batch, Error, Moment, View};

use super::{
    conflict::{self, Met},
    home::next,
    mentions::spoken,
    record::title,
};
use crate::{
    call::Call,
    endpoint::{Endpoint, Is, handler, param},
    html::{self, Conflict, Field, Fields, Notice, Read, Shell, fields, read_body},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/records/{kind}/new",
        "newRecordPage",
        "A form for a new record.",
        handler!(Organisation, new),
    )
    .query(&[param("field.", Is::Prefix, "What a field is to say at first.")]),
    Endpoint::form(
        "/records/{kind}/new",
        "newRecordForm",
        "State a new record.",
        handler!(Organisation, create),
    ),
    Endpoint::page(
        "/records/{kind}/{id}/edit",
        "editRecordPage",
        "A form for the next version of a record.",
        handler!(Organisation, edit),
    ),
    Endpoint::form(
        "/records/{kind}/{id}/edit",
        "editRecordForm",
        "State the next version of a record.",
        handler!(Organisation, update),
    ),
    Endpoint::form(
        "/records/{kind}/{id}/move",
        "moveRecordForm",
        "Take a step of its life cycle.",
        handler!(Organisation, step),
    ),
    Endpoint::form(
        "/records/{kind}/{id}/withdraw",
        "withdrawRecordForm",
        "Withdraw a record.",
        handler!(Organisation, withdraw),
    ),
    Endpoint::form(
        "/records/{kind}/{id}/comment",
        "commentForm",
        "Say something about a record.",
        handler!(Organisation, comment),
    ),
];

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    shell: Shell,
    action: String,
    /// Where one goes who changes nothing.
    back: String,
    /// The version that is changed; `None`: there is none yet.
    base: Option<u32>,
    fields: Vec<Field>,
    /// What is wrong: the place in the page, and what to do.
    errors: Vec<(String, String)>,
    /// What stands above both versions, if the record changed since the form was opened.
    notice: Option<Notice>,
    /// What happens when it is sent.
    then: String,
}

/// What a form shows beside the record.
#[derive(Default)]
struct Tried {
    errors: HashMap<String, String>,
    /// The two versions that there are, if the record changed since the form was opened.
    conflict: Option<Conflict>,
}

async fn new(call: Call) -> Result<Response, Problem> {
    let kind = call.kind()?;
    permit(&call.principal, Action::State(kind)).map_err(Error::from)?;
    let view = call.view_of(Moment::Now).await?;
    let mut body = Map::new();
    for (name, value) in &call.query {
        if let Some(field) = name.strip_prefix("field.") {
            body.insert(field.to_owned(), value.clone().into());
        }
    }
    form(&call, &view, None, &Value::Object(body), &Tried::default()).await
}

async fn edit(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    permit(&call.principal, Action::State(id.kind)).map_err(Error::from)?;
    let view = call.view_of(Moment::Now).await?;
    let record = view.book().get(id).ok_or_else(|| Problem::not_found(id))?;
    form(&call, &view, Some(record), &record.body.to_json(), &Tried::default()).await
}

/// The form with what somebody has written in it, and what is wrong with that.
async fn form(
    call: &Call,
    view: &View,
    record: Option<&Record>,
    body: &Value,
    tried: &Tried,
) -> Result<Response, Problem> {
    let kind = call.kind()?;
    let heading = match record {
        Some(record) => format!("Edit {}", title(record)),
        None => format!("New {}", kind.noun()),
    };
    let shell = Shell::of(call, view, &heading, "").await?;
    let people = call.people().await?;
    let with = Fields {
        book: view.book(),
        people: &people,
        errors: &tried.errors,
        conflict: tried.conflict.as_ref(),
    };
    let fields = fields(kind, body, &with);
    let errors = summary(&tried.errors, &fields);
    let notice = tried.conflict.as_ref().map(|conflict| conflict.notice("record", &fields));
    let place = record.map(|record| format!("/records/{kind}/{}", record.id));
    let base = record.map(|record| record.version);
    let page = FormPage {
        action: match &place {
            Some(place) => shell.link(format!("{place}/edit")),
            None => shell.link(format!("/records/{kind}/new")),
        },
        back: shell.link(place.unwrap_or_else(|| format!("/records/{kind}"))),
        base,
        fields,
        errors,
        notice,
        then: then(kind, record),
        shell,
    };
    html::rendered(conflict::status(tried.conflict.as_ref(), &tried.errors), &page)
}

fn then(kind: Kind, record: Option<&Record>) -> String {
    let life = kind.lifecycle();
    match (record, life.reopens_to) {
        (None, _) => "It goes on the ledger as version 1.".to_owned(),
        (Some(record), Some(state)) if life.in_force.contains(&record.state) => format!(
            "It goes on the ledger as version {} and back to {}; the version in force stays in force until then.",
            record.version.saturating_add(1),
            surety_reports::views::words(state)
        ),
        (Some(record), _) => {
            format!("It goes on the ledger as version {}.", record.version.saturating_add(1))
        }
    }
}

/// What is wrong, with the place of its field; what has no field stands at the top alone.
fn summary(errors: &HashMap<String, String>, fields: &[Field]) -> Vec<(String, String)> {
    let mut all: Vec<_> = errors
        .iter()
        .map(|(name, message)| {
            let field = fields.iter().find(|field| name.split('.').next() == Some(&field.name));
            let label = field.map(|field| format!("{}: ", field.label)).unwrap_or_default();
            let place = field.map(|_| format!("#field-{}", name.replace('.', "-")));
            (place.unwrap_or_default(), format!("{label}{message}"))
        })
        .collect();
    all.sort();
    all
}

async fn create(call: Call) -> Result<Response, Problem> {
    let kind = call.kind()?;
    let view = call.view_of(Moment::Now).await?;
    let Read { value: body, wrong: errors } = read_body(kind, &call.form, &json!({}));
    if !errors.is_empty() {
        return form(&call, &view, None, &body, &Tried { errors, conflict: None }).await;
    }
    let command = Command::State {
        kind,
        id: None,
        body: body.clone(),
        custom: Map::new(),
        external: Vec::new(),
        base: None,
    };
    match run(&call, command).await? {
        Ok(id) => {
            let id = id.ok_or_else(Problem::internal)?;
            Ok(html::to(&format!("{}?saved=1", place(&call, id))))
        }
        Err(rejection) => again(&call, None, body, rejection).await,
    }
}

async fn update(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let view = call.view_of(Moment::Now).await?;
    let record = view.book().get(id).ok_or_else(|| Problem::not_found(id))?;
    let Read { value: body, wrong: errors } =
        read_body(id.kind, &call.form, &record.body.to_json());
    let met = met(&call, &view, record);
    if let Some((conflict, body)) = met.chosen(&body).await? {
        let tried = Tried { conflict: Some(conflict), ..Tried::default() };
        return form(&call, &view, Some(record), &body, &tried).await;
    }
    if !errors.is_empty() && base(&call)? == record.version {
        let tried = Tried { errors, conflict: met.shown().await? };
        return form(&call, &view, Some(record), &body, &tried).await;
    }
    let command = Command::State {
        kind: id.kind,
        id: Some(id),
        body: body.clone(),
        custom: record.custom.clone(),
        external: record.external.clone(),
        base: Some(base(&call)?),
    };
    match run(&call, command).await? {
        Ok(_) => {
            let version = version(&call, id).await?;
            Ok(html::to(&format!("{}?saved={version}", place(&call, id))))
        }
        Err(rejection) => again(&call, Some(id), body, rejection).await,
    }
}

/// The form once more, with what was written and what is wrong with it, or with what somebody else has written meanwhile.
async fn again(
    call: &Call,
    id: Option<RecordId>,
    body: Value,
    rejection: Rejection,
) -> Result<Response, Problem> {
    let view = call.view_of(Moment::Now).await?;
    let record = id.and_then(|id| view.book().get(id));
    let mut tried = Tried::default();
    if let Rejection::Invalid(problems) = rejection {
        let errors = problems.0.into_iter().map(|problem| (problem.field, problem.message));
        tried.errors = errors.collect();
        if let Some(record) = record {
            tried.conflict = met(call, &view, record).shown().await?;
        }
    } else if let (Rejection::Stale { .. }, Some(record)) = (&rejection, record) {
        let conflict = met(call, &view, record).begun(body).await?;
        let body = conflict.proposed();
        tried.conflict = Some(conflict);
        return form(call, &view, Some(record), &body, &tried).await;
    } else {
        return Err(Error::Rejected(Box::new(rejection)).into());
    }
    form(call, &view, record, &body, &tried).await
}

fn met<'a>(call: &'a Call, view: &'a View, record: &'a Record) -> Met<'a> {
    Met { call, view, kind: record.kind(), own: Some(record), nothing: json!({}) }
}

/// The record that a command stated, or why it was refused.
async fn run(
    call: &Call,
    command: Command,
) -> Result<Result<Option<RecordId>, Rejection>, Problem> {
    let batch = Batch { commands: vec![command.into()], idempotency_key: None };
    match call.whole()?.execute(&call.principal, batch).await {
        Ok(done) => Ok(Ok(done.records.first().copied().flatten())),
        Err(Error::Rejected(rejection)) => Ok(Err(*rejection)),
        Err(error) => Err(error.into()),
    }
}

/// The version that a form was opened on.
fn base(call: &Call) -> Result<u32, Problem> {
    let text = call.field("base");
    text.parse().map_err(|_| Problem::bad(format!("`base={text}` is no version")))
}

async fn version(call: &Call, id: RecordId) -> Result<u32, Problem> {
    let view = call.view_of(Moment::Now).await?;
    Ok(view.book().get(id).map_or(1, |record| record.version))
}

fn place(call: &Call, id: RecordId) -> String {
    let (organisation, ..) = call.names();
    format!("/o/{organisation}/records/{}/{id}", id.kind)
}

async fn step(call: Call) -> Result<Response, Problem> {
    let (id, base) = (call.id()?, base(&call)?);
    let (step, note) = (call.field("step").to_owned(), call.field("note").trim().to_owned());
    let command = Command::Move { id, step, note, base: Some(base) };
    call.execute(Batch { commands: vec![command.into()], idempotency_key: None }).await?;
    match call.field("next") {
        "" => Ok(html::to(&place(&call, id))),
        _ => Ok(html::to(next(&call))),
    }
}

async fn withdraw(call: Call) -> Result<Response, Problem> {
    let (id, base) = (call.id()?, base(&call)?);
    let reason = call.field("reason").trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::bad("say why it is withdrawn"));
    }
    let command = Command::Withdraw { id, reason, base: Some(base) };
    call.execute(Batch { commands: vec![command.into()], idempotency_key: None }).await?;
    let (organisation, ..) = call.names();
    Ok(html::to(&format!("/o/{organisation}/records/{}", id.kind)))
}

async fn comment(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let text = call.field("text").replace("\r\n", "\n").trim().to_owned();
    let view = call.view_of(Moment::Now).await?;
    if view.book().get(id).is_none() {
        return Err(Problem::not_found(id));
    }
    let spoken = spoken(&text, view.book(), &call.people().await?);
    let (text, mentions) = (spoken.text, spoken.to);
    let said = Comment { about: Some(id), mentions, text, reply_to: None };
    let command = Command::State {
        kind: Kind::Comment,
        id: None,
        body: Body::from(said).to_json(),
        custom: Map::new(),
        external: Vec::new(),
        base: None,
    };
    call.execute(Batch { commands: vec![command.into()], idempotency_key: None }).await?;
    Ok(html::to(&format!("{}?tab=comments", place(&call, id))))
}
