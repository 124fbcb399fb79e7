//! The same change for many records, with a preview: what would change, or why not.

use std::collections::BTreeMap;

use axum::{http::StatusCode, response::Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use surety_aims::{Command, Kind, Record, RecordId, derive::diff::Field};
use surety_engine::{Batch, Moment, Selection, Tried, View};

use super::{list::narrowed, records::patched};
use crate::{
    call::{Call, json as answer},
    endpoint::{Endpoint, Gives, Method, Takes, handler, of},
    problem::{Problem, Refused, Stale},
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::change(
    Method::Post,
    "/bulk",
    "changeMany",
    "Change, move or withdraw many records at once, all or none. With `preview` nothing happens, and the answer says what would.",
    handler!(Organisation, bulk),
)
.takes(Takes::Json(of::<Bulk>))
.example(
    r#"{"select": {"kind": "risk", "filter": {"state": "identified"}}, "patch": {"body": {"owner": "PER-2"}}, "preview": true}"#,
)
.gives(Gives::Json(of::<Changed>))];

/// How many records one request may change.
pub(crate) const MOST: usize = 1_000;

/// What is to happen to which records.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bulk {
    select: Select,
    /// A JSON merge patch (RFC 7396) of `{"body", "custom", "external"}` of each record.
    #[serde(default)]
    patch: Option<Map<String, Value>>,
    /// A step of the life cycle.
    #[serde(default)]
    step: Option<super::records::Step>,
    #[serde(default)]
    withdraw: Option<Withdrawal>,
    /// Only say what would happen.
    #[serde(default)]
    preview: bool,
    /// The version of each record that this is based on, as the preview gave them; needed without `preview`.
    #[serde(default)]
    versions: BTreeMap<RecordId, u32>,
}

/// Which records: those named, or those of a kind that fit.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Select {
    #[serde(default)]
    ids: Vec<RecordId>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    kind: Option<Kind>,
    /// As in a list: `state`, `owner`, `q`, `field.NAME`, `min.NAME`, `max.NAME`, `custom.NAME`.
    #[serde(default)]
    filter: BTreeMap<String, String>,
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Withdrawal {
    /// Why.
    pub(crate) reason: String,
}

/// What happened to the records, or would.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "ManyChanged")]
pub(crate) struct Changed {
    /// Nothing has happened yet.
    preview: bool,
    /// Records that differ afterwards.
    pub(crate) changed: usize,
    /// Records for which it is refused; then nothing happens to any.
    pub(crate) refused: usize,
    /// The version of each record before it, for asking again without `preview`.
    pub(crate) versions: BTreeMap<RecordId, u32>,
    pub(crate) records: Vec<One>,
}

/// What happened to one record, or would.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct One {
    pub(crate) id: RecordId,
    pub(crate) title: String,
    /// Before it.
    version: u32,
    pub(crate) changes: Vec<Field>,
    /// Why it is refused; null: it is not.
    pub(crate) refused: Option<Refused>,
}

/// What is to happen to each record.
pub(crate) enum Act {
    Patch(Map<String, Value>),
    Step(super::records::Step),
    Withdraw(Withdrawal),
}

impl Act {
    fn command(&self, record: &Record) -> Result<Command, Problem> {
        let (id, base) = (record.id, Some(record.version));
        match self {
            Act::Patch(patch) => patched(record, record.version, Value::Object(patch.clone())),
            Act::Step(step) => {
                let (step, note) = (step.step.clone(), step.note.clone());
                Ok(Command::Move { id, step, note, base })
            }
            Act::Withdraw(why) => Ok(Command::Withdraw { id, reason: why.reason.clone(), base }),
        }
    }
}

async fn bulk(call: Call) -> Result<Response, Problem> {
    let Bulk { select, patch, step, withdraw, preview, versions } = call.json()?;
    let act = match (patch, step, withdraw) {
        (Some(patch), None, None) => Act::Patch(patch),
        (None, Some(step), None) => Act::Step(step),
        (None, None, Some(why)) => Act::Withdraw(why),
        _ => return Err(Problem::bad("give one of `patch`, `step` and `withdraw`")),
    };
    let view = call.view_of(Moment::Now).await?;
    let records = selected(&call, &view, &select).await?;
    let based = (!preview).then_some(&versions);
    answer(&change(&call, &view, &records, &act, based).await?)
}

/// Does something to all of these records or to none, based on these versions; without versions it only says what would
/// happen.
pub(crate) async fn change(
    call: &Call,
    view: &View,
    records: &[&Record],
    act: &Act,
    versions: Option<&BTreeMap<RecordId, u32>>,
) -> Result<Changed, Problem> {
    if let Some(versions) = versions {
        are_current(records, versions)?;
    }
    let commands = records.iter().map(|record| act.command(record));
    let commands: Vec<Command> = commands.collect::<Result<_, _>>()?;
    let asked = records.iter().map(|record| record.id).zip(&commands);
    let tried = call.whole()?.try_out(view, &call.principal, asked);
    if versions.is_some() {
        let idempotency_key = call.idempotency_key()?;
        let commands = commands.into_iter().map(Into::into).collect();
        let batch = Batch { commands, idempotency_key };
        if let Err(refusal) = call.whole()?.try_execute(&call.principal, batch).await? {
            let id = records.get(refusal.command).map(|record| record.id);
            return Err(Problem::from(refusal.rejection).about(id));
        }
    }
    Ok(said(records, tried, versions.is_none()))
}

fn said(records: &[&Record], tried: Vec<Tried>, preview: bool) -> Changed {
    let one = |(record, tried): (&&Record, Tried)| One {
        id: record.id,
        title: record.title().to_owned(),
        version: record.version,
        changes: tried.changes,
        refused: tried.refused.map(|rejection| Refused::from(&Problem::from(rejection))),
    };
    let all: Vec<One> = records.iter().zip(tried).map(one).collect();
    Changed {
        preview,
        changed: all.iter().filter(|one| !one.changes.is_empty()).count(),
        refused: all.iter().filter(|one| one.refused.is_some()).count(),
        versions: all.iter().map(|one| (one.id, one.version)).collect(),
        records: all,
    }
}

/// The records that are meant, each once.
async fn selected<'v>(
    call: &Call,
    view: &'v View,
    select: &Select,
) -> Result<Vec<&'v Record>, Problem> {
    let book = view.book();
    let records: Vec<&Record> = match (select.kind, select.ids.as_slice()) {
        (None, []) => {
            return Err(Problem::bad("`select` names `ids`, or a `kind` with a `filter`"));
        }
        (None, ids) if select.filter.is_empty() => {
            let mut ids = ids.to_vec();
            ids.sort_unstable();
            ids.dedup();
            let record = |id: RecordId| book.get(id).ok_or_else(|| Problem::not_found(id));
            ids.into_iter().map(record).collect::<Result<_, _>>()?
        }
        (Some(kind), []) => {
            let mut selection = Selection::of(kind);
            for (name, value) in &select.filter {
                selection = narrowed(selection, (call, view), name, value).await?;
            }
            selection.records(book).collect()
        }
        (_, _) => {
            let detail = "`select` names either `ids`, or a `kind` with a `filter`";
            return Err(Problem::bad(detail));
        }
    };
    match records.len() {
        0 => Err(Problem::refused("no record fits; nothing is to do")),
        count if count > MOST => {
            Err(Problem::refused(format!("{count} records fit; change at most {MOST} at once")))
        }
        _ => Ok(records),
    }
}

/// Refuses unless exactly these records are there in exactly these versions, and names those that are not.
fn are_current(records: &[&Record], versions: &BTreeMap<RecordId, u32>) -> Result<(), Problem> {
    if versions.is_empty() {
        let detail = "say in `versions` on which version of each record this is based, as the preview gives them";
        let status = StatusCode::PRECONDITION_REQUIRED;
        return Err(Problem::new(status, "precondition-required", detail));
    }
    let current: BTreeMap<RecordId, u32> =
        records.iter().map(|record| (record.id, record.version)).collect();
    let ids = current.keys().chain(versions.keys().filter(|id| !current.contains_key(*id)));
    let stale: Vec<Stale> = ids
        .map(|id| Stale {
            id: *id,
            base: versions.get(id).copied(),
            current_version: current.get(id).copied(),
        })
        .filter(|one| one.base != one.current_version)
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = stale.iter().map(|one| one.id.to_string()).collect();
    let detail = format!("other than in the preview: {}; look at it again", names.join(", "));
    Err(Problem::new(StatusCode::PRECONDITION_FAILED, "stale", detail).stale(stale))
}
