//! Records of any kind: list, show, state, move, withdraw, history, references.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use surety_aims::{
    Command, ExternalId, Kind, Principal, Record, RecordId, Role, records::Description,
};
use surety_engine::{Batch, Error, HistoryRow, Moment, Steps};

use crate::{
    call::{Call, etag, json as answer},
    endpoint::{AS_OF, Endpoint, Gives, Is, Method, Takes, handler, of, param},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "",
        "getOrganisation",
        "The organisation and what the caller may do in it.",
        handler!(Organisation, organisation),
    )
    .gives(Gives::Json(of::<Organisation<'_>>)),
    Endpoint::get(
        "/kinds",
        "listKinds",
        "The kinds of records, with their schemas and life cycles.",
        handler!(Organisation, kinds),
    )
    .gives(Gives::Json(of::<Vec<KindWithSchema>>)),
    Endpoint::change(
        Method::Post,
        "/records/{kind}",
        "createRecord",
        "State a new record.",
        handler!(Organisation, create),
    )
    .takes(Takes::Json(of::<Statement>))
    .example(r#"{"body": {"title": "Wrong berth"}}"#)
    .heads(&["etag"])
    .gives(Gives::Created(of::<Record>)),
    Endpoint::get(
        "/records/{kind}/{id}",
        "getRecord",
        "One record, with its version as ETag.",
        handler!(Organisation, show),
    )
    .query(&[AS_OF])
    .heads(&["etag"])
    .gives(Gives::Json(of::<Record>))
    .also(&[304]),
    Endpoint::get(
        "/records/{kind}/{id}/steps",
        "getSteps",
        "What a record lacks, and the next steps of its life cycle: open to the caller, or why not.",
        handler!(Organisation, steps),
    )
    .query(&[AS_OF])
    .gives(Gives::Json(of::<Steps>)),
    Endpoint::change(
        Method::Put,
        "/records/{kind}/{id}",
        "replaceRecord",
        "State the next version of a record, whole.",
        handler!(Organisation, replace),
    )
    .based()
    .takes(Takes::Json(of::<Statement>))
    .example(r#"{"body": {"title": "Wrong berth", "description": "Two ships, one berth"}}"#)
    .heads(&["etag"])
    .gives(Gives::Json(of::<Record>)),
    Endpoint::change(
        Method::Patch,
        "/records/{kind}/{id}",
        "patchRecord",
        "State the next version of a record by a JSON merge patch (RFC 7396).",
        handler!(Organisation, patch),
    )
    .based()
    .takes(Takes::MergePatch)
    .example(r#"{"body": {"description": "Two ships, one berth"}}"#)
    .heads(&["etag"])
    .gives(Gives::Json(of::<Record>)),
    Endpoint::change(
        Method::Delete,
        "/records/{kind}/{id}",
        "withdrawRecord",
        "Withdraw a record.",
        handler!(Organisation, withdraw),
    )
    .based()
    .query(&[param("reason", Is::Words, "Why it is withdrawn.").needed()])
    .gives(Gives::Nothing),
    Endpoint::change(
        Method::Post,
        "/records/{kind}/{id}/transitions",
        "moveRecord",
        "Take a step of its life cycle.",
        handler!(Organisation, transition),
    )
    .based()
    .takes(Takes::Json(of::<Step>))
    .example(r#"{"step": "analyse"}"#)
    .heads(&["etag"])
    .gives(Gives::Json(of::<Record>)),
    Endpoint::get(
        "/records/{kind}/{id}/history",
        "getHistory",
        "Every version and step, newest first.",
        handler!(Organisation, history),
    )
    .gives(Gives::Json(of::<Vec<HistoryRow>>)),
    Endpoint::get(
        "/records/{kind}/{id}/references",
        "getReferences",
        "What it refers to, and what refers to it.",
        handler!(Organisation, references),
    )
    .kept()
    .query(&[AS_OF])
    .gives(Gives::Json(of::<References<'_>>)),
];

/// What is stated about a record.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Statement {
    /// By the schema of its kind.
    #[schemars(with = "surety_aims::Body")]
    pub(crate) body: Value,
    /// Fields that the organisation has defined.
    #[serde(default)]
    pub(crate) custom: Map<String, Value>,
    /// Its names in other systems.
    #[serde(default)]
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

/// An organisation, and who asks.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OrganisationInfo")]
struct Organisation<'a> {
    id: &'a str,
    name: &'a str,
    /// First line of its checkpoints.
    origin: &'a str,
    /// Entries on its ledger.
    entries: u64,
    records: usize,
    you: You<'a>,
}

/// Who asks.
#[derive(Serialize, JsonSchema)]
struct You<'a> {
    /// As entries of the ledger name it.
    name: &'a str,
    /// What is left of the role after the scope of the token.
    role: Role,
    /// The newest day that is shown; null: today.
    until: Option<Date>,
    /// The AI systems that are shown; none: all.
    systems: &'a [RecordId],
}

async fn organisation(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let (id, name, origin) = call.names();
    let Principal { name: you, role } = &call.principal;
    answer(&Organisation {
        id,
        name,
        origin,
        entries: view.book().size(),
        records: view.book().len(),
        you: You { name: you, role: *role, until: call.until, systems: &call.systems },
    })
}

/// A kind of record with the schema of its body.
#[derive(Serialize, JsonSchema)]
struct KindWithSchema {
    #[serde(flatten)]
    kind: Description,
    #[schemars(with = "Map<String, Value>")]
    schema: Value,
}

async fn kinds(_: Call) -> Result<Response, Problem> {
    let kind =
        |kind: &Kind| KindWithSchema { kind: kind.describe(), schema: kind.schema().to_value() };
    answer(&Kind::ALL.iter().map(kind).collect::<Vec<_>>())
}

async fn show(call: Call) -> Result<Response, Problem> {
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

async fn create(call: Call) -> Result<Response, Problem> {
    let (kind, said) = (call.kind()?, call.json::<Statement>()?);
    let Statement { body, custom, external } = said;
    let command = Command::State { kind, id: None, body, custom, external, base: None };
    let (id, status) = state(&call, command).await?;
    created(&call, id, status).await
}

/// States a new record: its id, and 201 or, if that was asked before under the same key, 200.
pub(super) async fn state(
    call: &Call,
    command: Command,
) -> Result<(RecordId, StatusCode), Problem> {
    let idempotency_key = call.idempotency_key()?;
    let batch = Batch { commands: vec![command.into()], idempotency_key };
    let done = call.execute(batch).await?;
    let id = match done.records.first().copied().flatten() {
        Some(id) => id,
        // Asked before under this key: what came of it then.
        None => stated_by(call, done.entries.0).await?,
    };
    Ok((id, if done.repeated { StatusCode::OK } else { StatusCode::CREATED }))
}

/// A record that was just stated, and where it is.
pub(super) async fn created(
    call: &Call,
    id: RecordId,
    status: StatusCode,
) -> Result<Response, Problem> {
    let view = call.view_of(Moment::Now).await?;
    let record = view.book().get(id).ok_or(Error::UnknownRecord(id))?;
    let mut response = shown(record)?;
    *response.status_mut() = status;
    let (organisation, ..) = call.names();
    let place = format!("/api/v1/organisations/{organisation}/records/{}/{id}", id.kind);
    if let Ok(place) = HeaderValue::try_from(place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// The record that an entry is about.
async fn stated_by(call: &Call, seq: u64) -> Result<RecordId, Problem> {
    let entries = call.whole()?.entries(seq, 1).await?;
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
    call.execute(batch).await?;
    let view = call.view_of(Moment::Now).await?;
    match view.book().get(id) {
        Some(record) => shown(record),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

async fn replace(call: Call) -> Result<Response, Problem> {
    let (id, base) = (call.id()?, needed_base(&call)?);
    let Statement { body, custom, external } = call.json()?;
    let command =
        Command::State { kind: id.kind, id: Some(id), body, custom, external, base: Some(base) };
    run(&call, id, command).await
}

async fn patch(call: Call) -> Result<Response, Problem> {
    let (id, base) = (call.id()?, needed_base(&call)?);
    let patch: Map<String, Value> = call.json()?;
    let view = call.view_of(Moment::Now).await?;
    let record = view.book().get(id).ok_or_else(|| Problem::not_found(id))?;
    let command = patched(record, base, patch.into())?;
    run(&call, id, command).await
}

/// The command that states a record as a merge patch of `{"body", "custom", "external"}` leaves it.
pub(super) fn patched(record: &Record, base: u32, patch: Value) -> Result<Command, Problem> {
    let mut whole = json!({ "body": record.body.to_json(), "custom": record.custom, "external": record.external });
    merge(&mut whole, patch);
    let said: Statement = serde_json::from_value(whole)
        .map_err(|error| Problem::bad(format!("the patch leads to no statement: {error}")))?;
    let Statement { body, custom, external } = said;
    let (kind, id) = (record.kind(), Some(record.id));
    Ok(Command::State { kind, id, body, custom, external, base: Some(base) })
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

async fn withdraw(call: Call) -> Result<Response, Problem> {
    let (id, base) = (call.id()?, call.base()?);
    let reason = call.text("reason")?.unwrap_or_default().to_owned();
    run(&call, id, Command::Withdraw { id, reason, base }).await
}

async fn transition(call: Call) -> Result<Response, Problem> {
    let (id, base) = (call.id()?, call.base()?);
    let Step { step, note } = call.json()?;
    run(&call, id, Command::Move { id, step, note, base }).await
}

async fn history(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    answer(&call.history(id).await?)
}

/// What a record refers to, and what refers to it.
#[derive(Serialize, JsonSchema)]
struct References<'b> {
    to: Vec<Reference<'b>>,
    by: Vec<Referrer<'b>>,
}

/// A record that is referred to.
#[derive(Serialize, JsonSchema)]
struct Reference<'b> {
    /// The field that holds the reference.
    field: &'static str,
    id: RecordId,
    /// Null: it was withdrawn.
    title: Option<&'b str>,
    state: Option<&'static str>,
}

/// A record that refers.
#[derive(Serialize, JsonSchema)]
struct Referrer<'b> {
    id: RecordId,
    title: &'b str,
    state: &'static str,
}

async fn references(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let view = call.view().await?;
    let record = view.book().get(id).ok_or_else(|| Problem::not_found(id))?;
    let hidden = |id: RecordId| view.sight.as_ref().is_some_and(|sight| sight.hides(id));
    let to = record.body.references().into_iter().filter(|(_, id)| !hidden(*id));
    let to = to.map(|(field, id)| {
        let other = view.book().get(id);
        let (title, state) = (other.map(Record::title), other.map(|one| one.state));
        Reference { field, id, title, state }
    });
    let by = view.book().referrers(id).map(|other| Referrer {
        id: other.id,
        title: other.title(),
        state: other.state,
    });
    answer(&References { to: to.collect(), by: by.collect() })
}

async fn steps(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let view = call.view().await?;
    let record = view.book().get(id).ok_or_else(|| Problem::not_found(id))?;
    answer(&view.steps(record, &call.principal))
}
