//! Records of any kind: list, show, state, move, withdraw, history, references.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use surety_aims::{Command, ExternalId, Kind, Record, RecordId};
use surety_engine::{Batch, Error};

use crate::{
    call::{Call, etag, json as answer},
    endpoint::{AS_OF, Endpoint, Gives, Is, Method, Takes, handler, of, param},
    problem::Problem,
};

/// Ways to sort a list.
const SORTS: &[&str] = &[
    "id", "title", "state", "version", "changed", "-id", "-title", "-state", "-version", "-changed",
];

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "",
        "getOrganisation",
        "The organisation and what the caller may do in it.",
        handler!(Organisation, organisation),
    ),
    Endpoint::get(
        "/kinds",
        "listKinds",
        "The kinds of records, with their schemas and life cycles.",
        handler!(Organisation, kinds),
    ),
    Endpoint::get(
        "/records/{kind}",
        "listRecords",
        "Records of a kind, page by page.",
        handler!(Organisation, list),
    )
    .kept()
    .query(&[
        param("state", Is::Text, "Only records in this state."),
        param("owner", Is::Id, "Only records of this owner, such as PER-3."),
        param("q", Is::Text, "Only records in which this text occurs, whatever its case."),
        param("sort", Is::OneOf(SORTS), "By what; with `-` before it the other way round."),
        param("limit", Is::Number(1, 1_000), "How many at most; 100 if not given."),
        param("after", Is::Id, "The cursor that the page before gave as `next`."),
        AS_OF,
    ]),
    Endpoint::change(
        Method::Post,
        "/records/{kind}",
        "createRecord",
        "State a new record.",
        handler!(Organisation, create),
    )
    .takes(Takes::Json(of::<Statement>))
    .gives(Gives::Created(of::<Value>)),
    Endpoint::get(
        "/records/{kind}/{id}",
        "getRecord",
        "One record, with its version as ETag.",
        handler!(Organisation, show),
    )
    .query(&[AS_OF])
    .also(&[304]),
    Endpoint::change(
        Method::Put,
        "/records/{kind}/{id}",
        "replaceRecord",
        "State the next version of a record, whole.",
        handler!(Organisation, replace),
    )
    .takes(Takes::Json(of::<Statement>)),
    Endpoint::change(
        Method::Patch,
        "/records/{kind}/{id}",
        "patchRecord",
        "State the next version of a record by a JSON merge patch (RFC 7396).",
        handler!(Organisation, patch),
    )
    .takes(Takes::MergePatch),
    Endpoint::change(
        Method::Delete,
        "/records/{kind}/{id}",
        "withdrawRecord",
        "Withdraw a record.",
        handler!(Organisation, withdraw),
    )
    .query(&[param("reason", Is::Text, "Why it is withdrawn.")])
    .gives(Gives::Nothing),
    Endpoint::change(
        Method::Post,
        "/records/{kind}/{id}/transitions",
        "moveRecord",
        "Take a step of its life cycle.",
        handler!(Organisation, transition),
    )
    .takes(Takes::Json(of::<Step>)),
    Endpoint::get(
        "/records/{kind}/{id}/history",
        "getHistory",
        "Every version and step, newest first.",
        handler!(Organisation, history),
    ),
    Endpoint::get(
        "/records/{kind}/{id}/references",
        "getReferences",
        "What it refers to, and what refers to it.",
        handler!(Organisation, references),
    )
    .kept()
    .query(&[AS_OF]),
];

/// What is stated about a record.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Statement {
    /// By the schema of its kind.
    pub(crate) body: Value,
    /// Fields that the organisation has defined.
    #[serde(default)]
    pub(crate) custom: Map<String, Value>,
    /// Its names in other systems.
    #[serde(default)]
    #[schemars(with = "Vec<Value>")]
    pub(crate) external: Vec<ExternalId>,
}

/// A step of a life cycle.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// The action, or the state that it leads to.
    pub(crate) step: String,
    /// Why, where the step asks for it.
    #[serde(default)]
    pub(crate) note: String,
}

pub(crate) async fn organisation(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    answer(&json!({
        "id": call.aims.id(), "name": call.aims.name(), "origin": call.aims.origin(),
        "entries": view.book().size(), "records": view.book().len(),
        "you": { "name": &*call.principal.name, "role": call.principal.role, "until": call.until },
    }))
}

pub(crate) async fn kinds(_: Call) -> Result<Response, Problem> {
    let kind = |kind: &Kind| {
        let mut described = kind.describe();
        if let Some(fields) = described.as_object_mut() {
            fields.insert("schema".to_owned(), kind.schema().to_value());
        }
        described
    };
    answer(&Kind::ALL.iter().map(kind).collect::<Vec<_>>())
}

/// How a list is sorted.
#[derive(Clone, Copy)]
enum Sort {
    Id,
    Title,
    State,
    Version,
    Changed,
}

/// Records on one page if nothing else is asked for.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1_000;

pub(crate) async fn list(call: Call) -> Result<Response, Problem> {
    let kind = call.kind()?;
    let view = call.view().await?;
    let limit = call.parsed("limit")?.unwrap_or(PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit) {
        return Err(Problem::bad(format!("`limit` is from 1 to {LARGEST_PAGE}")));
    }
    let wanted = wanted(&call, kind)?;
    let mut records: Vec<&Record> = view.book().of_kind(kind).filter(|one| wanted(one)).collect();
    sort(&mut records, call.text("sort")?.unwrap_or("id"))?;
    let total = records.len();
    let start = match call.parsed::<RecordId>("after")? {
        None => 0,
        Some(after) => records.iter().position(|one| one.id == after).map_or(total, |at| at + 1),
    };
    let page: Vec<_> = records.iter().skip(start).take(limit).collect();
    let more = start.saturating_add(page.len()) < total;
    let next = page.last().filter(|_| more).map(|last| last.id.to_string());
    let rows: Vec<_> = page.iter().map(|record| record.to_json()).collect();
    answer(&json!({ "total": total, "next": next, "records": rows }))
}

/// Which records the query asks for.
fn wanted(call: &Call, kind: Kind) -> Result<impl Fn(&Record) -> bool + use<>, Problem> {
    let state = call.text("state")?.map(str::to_owned);
    if let Some(state) = &state
        && kind.lifecycle().state(state).is_none()
    {
        let states = kind.lifecycle().states.join(", ");
        return Err(Problem::bad(format!(
            "`state={state}`: {} is in one of {states}",
            kind.label()
        )));
    }
    let owner = call.parsed::<RecordId>("owner")?;
    let text = call.text("q")?.map(str::to_lowercase);
    Ok(move |record: &Record| {
        state.as_ref().is_none_or(|state| record.state == state)
            && owner.is_none_or(|owner| record.body.owner().is_some_and(|one| one.id() == owner))
            && text.as_ref().is_none_or(|text| contains(record, text))
    })
}

/// Whether a text occurs in the id or anywhere in the body.
fn contains(record: &Record, text: &str) -> bool {
    fn within(value: &Value, text: &str) -> bool {
        match value {
            Value::String(one) => one.to_lowercase().contains(text),
            Value::Array(list) => list.iter().any(|one| within(one, text)),
            Value::Object(fields) => fields.values().any(|one| within(one, text)),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
    record.id.to_string().to_lowercase().contains(text) || within(&record.body.to_json(), text)
}

fn sort(records: &mut [&Record], by: &str) -> Result<(), Problem> {
    let (name, reverse) = by.strip_prefix('-').map_or((by, false), |name| (name, true));
    let sort = match name {
        "id" => Sort::Id,
        "title" => Sort::Title,
        "state" => Sort::State,
        "version" => Sort::Version,
        "changed" => Sort::Changed,
        _ => {
            let detail = format!("`sort={by}`: sort by id, title, state, version or changed");
            return Err(Problem::bad(detail));
        }
    };
    let changed = |one: &Record| one.moved.as_ref().unwrap_or(&one.stated).at;
    records.sort_by(|one, other| {
        let order = match sort {
            Sort::Id => one.id.cmp(&other.id),
            Sort::Title => one.title().to_lowercase().cmp(&other.title().to_lowercase()),
            Sort::State => one.state.cmp(other.state),
            Sort::Version => one.version.cmp(&other.version),
            Sort::Changed => changed(one).cmp(&changed(other)),
        };
        let order = if reverse { order.reverse() } else { order };
        // So that pages fit together.
        order.then(one.id.cmp(&other.id))
    });
    Ok(())
}

pub(crate) async fn show(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let view = call.view().await?;
    let record = view.book().get(id).ok_or_else(|| Problem::not_found(id))?;
    let tag = etag(record.version);
    if call.headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    shown(record)
}

fn shown(record: &Record) -> Result<Response, Problem> {
    let mut response = answer(&record.to_json())?;
    response.headers_mut().insert(header::ETAG, etag(record.version));
    Ok(response)
}

pub(crate) async fn create(call: Call) -> Result<Response, Problem> {
    let (kind, said) = (call.kind()?, call.json::<Statement>()?);
    let Statement { body, custom, external } = said;
    let command = Command::State { kind, id: None, body, custom, external, base: None };
    let idempotency_key = call.idempotency_key()?;
    let batch = Batch { commands: vec![command.into()], idempotency_key };
    let done = call.aims.execute(&call.principal, batch).await?;
    let id = match done.records.first().copied().flatten() {
        Some(id) => id,
        // Asked before under this key: what came of it then.
        None => stated_by(&call, done.entries.0).await?,
    };
    let record = call.aims.current().await?;
    let record = record.book.get(id).ok_or(Error::UnknownRecord(id))?;
    let mut response = shown(record)?;
    *response.status_mut() = if done.repeated { StatusCode::OK } else { StatusCode::CREATED };
    let place = format!("/api/v1/organisations/{}/records/{kind}/{id}", call.aims.id());
    if let Ok(place) = HeaderValue::try_from(place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// The record that an entry is about.
async fn stated_by(call: &Call, seq: u64) -> Result<RecordId, Problem> {
    let entries = call.aims.entries(seq, 1).await?;
    let payload = entries.first().and_then(|entry| entry.payload.as_deref()).unwrap_or_default();
    let json: Value = serde_json::from_slice(payload).unwrap_or_default();
    let id = json.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    id.ok_or_else(|| Problem::not_found("record of that Idempotency-Key"))
}

/// The version that a change is based on, which has to be said.
fn needed_base(call: &Call) -> Result<u32, Problem> {
    call.base()?.ok_or_else(|| {
        let detail = "say in If-Match on which version this is based: the ETag of the record";
        Problem::new(StatusCode::PRECONDITION_REQUIRED, "precondition-required", detail)
    })
}

/// Runs one command on the record of the path, and shows the record after it.
async fn run(call: &Call, id: RecordId, command: Command) -> Result<Response, Problem> {
    let idempotency_key = call.idempotency_key()?;
    let batch = Batch { commands: vec![command.into()], idempotency_key };
    call.aims.execute(&call.principal, batch).await?;
    let position = call.aims.current().await?;
    match position.book.get(id) {
        Some(record) => shown(record),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

pub(crate) async fn replace(call: Call) -> Result<Response, Problem> {
    let (id, base) = (call.id()?, needed_base(&call)?);
    let Statement { body, custom, external } = call.json()?;
    let command =
        Command::State { kind: id.kind, id: Some(id), body, custom, external, base: Some(base) };
    run(&call, id, command).await
}

pub(crate) async fn patch(call: Call) -> Result<Response, Problem> {
    let (id, base) = (call.id()?, needed_base(&call)?);
    let patch: Value = call.json()?;
    let position = call.aims.current().await?;
    let record = position.book.get(id).ok_or_else(|| Problem::not_found(id))?;
    let mut whole = json!({ "body": record.body.to_json(), "custom": record.custom, "external": record.external });
    merge(&mut whole, patch);
    let said: Statement = serde_json::from_value(whole)
        .map_err(|error| Problem::bad(format!("the patch leads to no statement: {error}")))?;
    let Statement { body, custom, external } = said;
    let command =
        Command::State { kind: id.kind, id: Some(id), body, custom, external, base: Some(base) };
    run(&call, id, command).await
}

/// A JSON merge patch (RFC 7396 section 2).
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(fields) = target.as_object_mut() else { return };
    for (name, value) in patch {
        if value.is_null() {
            fields.remove(&name);
        } else {
            merge(fields.entry(name).or_insert(Value::Null), value);
        }
    }
}

pub(crate) async fn withdraw(call: Call) -> Result<Response, Problem> {
    let (id, base) = (call.id()?, call.base()?);
    let reason = call.text("reason")?.unwrap_or_default().to_owned();
    run(&call, id, Command::Withdraw { id, reason, base }).await
}

pub(crate) async fn transition(call: Call) -> Result<Response, Problem> {
    let (id, base) = (call.id()?, call.base()?);
    let Step { step, note } = call.json()?;
    run(&call, id, Command::Move { id, step, note, base }).await
}

pub(crate) async fn history(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let mut rows = call.aims.history_of(id).await?;
    if let Some(until) = call.until {
        rows.retain(|row| row.at.to_zoned(jiff::tz::TimeZone::UTC).date() <= until);
        if rows.is_empty() {
            return Err(Problem::not_found(id));
        }
    }
    answer(&rows)
}

pub(crate) async fn references(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let view = call.view().await?;
    let record = view.book().get(id).ok_or_else(|| Problem::not_found(id))?;
    let short = |record: &Record| json!({ "id": record.id, "title": record.title(), "state": record.state });
    let to = record.body.references().into_iter().map(|(field, id)| {
        let other = view.book().get(id);
        json!({ "field": field, "id": id, "title": other.map(Record::title), "state": other.map(|one| one.state) })
    });
    let by = view.book().referrers(id).map(short);
    answer(&json!({ "to": to.collect::<Vec<_>>(), "by": by.collect::<Vec<_>>() }))
}
