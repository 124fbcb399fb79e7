//! What somebody needs who folds the ledger elsewhere, as the command line does with `--server`: how far it goes, entries as
//! they are stored, and what stands beside them.
//!
//! It shows what the history of every record shows, so it asks for reading only; but it is the whole, so nobody gets it who
//! may see a part. What proves something (keys, checkpoints) asks for reading the ledger.

use std::sync::Arc;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use surety_aims::{Action, Event, permit};
use surety_engine::{
    Aims, Entry, Error,
    remote::wire::{Head, Redacted, Signatures, Size},
};

use crate::{
    call::{Call, json as answer},
    endpoint::{Asks, Endpoint, Gives, Is, Method, handler, of, param},
    problem::Problem,
};

/// The most entries of one answer.
const LARGEST_PAGE: u32 = 10_000;

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/replica",
        "getReplica",
        "How far the ledger goes now, and who asks.",
        handler!(Organisation, head),
    )
    .gives(Gives::Json(of::<Head>)),
    Endpoint::get(
        "/replica/entries",
        "replicateEntries",
        "Entries as they are stored, one JSON object a line: `header`, `salt`, `payload`. An answer holds as many as fit; \
         none: there are no more.",
        handler!(Organisation, entries),
    )
    .query(&[
        param("from", Is::Number(0, i64::MAX), "The first entry; 0 if not given."),
        param("limit", Is::Number(1, 10_000), "How many at most; 10000 if not given."),
    ])
    .gives(Gives::Text("application/jsonl")),
    Endpoint::get(
        "/replica/records/{id}/entries",
        "replicateHistory",
        "The entries about a record, newest first, in the same form.",
        handler!(Organisation, history),
    )
    .query(&[param("limit", Is::Number(1, 10_000), "How many at most; 10000 if not given.")])
    .gives(Gives::Text("application/jsonl")),
    Endpoint::get(
        "/replica/size",
        "getSize",
        "How many entries are dated at an instant or before.",
        handler!(Organisation, size),
    )
    .query(&[param("at", Is::Text, "The instant (RFC 3339).")])
    .gives(Gives::Json(of::<Size>)),
    Endpoint::get(
        "/replica/redactions",
        "listRedactions",
        "Which entries are redacted, and by which.",
        handler!(Organisation, redactions),
    )
    .gives(Gives::Json(of::<Vec<Redacted>>)),
    Endpoint::get(
        "/replica/snapshot",
        "getSnapshot",
        "What the first entries fold to, so that a large ledger opens quickly. 404: there is none in this layout.",
        handler!(Organisation, snapshot),
    )
    .query(&[
        param("at_most", Is::Number(0, i64::MAX), "Of at most so many entries."),
        param("layout", Is::Text, "The layout that the caller reads; it differs from version to version."),
    ])
    .gives(Gives::File("application/octet-stream")),
    Endpoint::get(
        "/ledger/signatures",
        "getSignatures",
        "The public keys of the ledger, and the checkpoints that are kept.",
        handler!(Organisation, signatures),
    )
    .asks(Asks::ReadLedger)
    .gives(Gives::Json(of::<Signatures>)),
    // It shows nothing and changes no record, so whoever may read may ask for it.
    Endpoint::get(
        "/checkpoints",
        "keepCheckpoint",
        "Have a checkpoint of the ledger signed and kept, if there is none of this size.",
        handler!(Organisation, keep_checkpoint),
    )
    .method(Method::Post)
    .gives(Gives::Nothing),
];

/// The organisation as it is now, for whoever sees all of it.
pub(crate) fn present(call: &Call) -> Result<&Arc<Aims>, Problem> {
    let aims = call.whole()?;
    if call.until.is_none() {
        return Ok(aims);
    }
    let detail = "this is about the organisation as it is now, of which you see the past; ask for views with as_of";
    Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail))
}

pub(crate) async fn head(call: Call) -> Result<Response, Problem> {
    answer(&present(&call)?.head(&call.principal).await?)
}

pub(crate) async fn entries(call: Call) -> Result<Response, Problem> {
    let from = call.parsed("from")?.unwrap_or(0);
    let door = permit(&call.principal, Action::ReadLedger).is_ok();
    let page = present(&call)?.page(from, limit(&call)?).await?;
    lines(page.into_iter().map(|entry| if door { Ok(entry) } else { without_door(entry) }))
}

pub(crate) async fn history(call: Call) -> Result<Response, Problem> {
    lines(present(&call)?.entries_about(call.id()?, limit(&call)?).await?.into_iter().map(Ok))
}

fn limit(call: &Call) -> Result<u32, Problem> {
    Ok(call.number("limit", 1..=LARGEST_PAGE)?.unwrap_or(LARGEST_PAGE))
}

/// What happened at the door is told to whoever reads the ledger. Others get its header alone, which the tree needs.
fn without_door(entry: Entry) -> Result<Entry, Error> {
    let is_door = entry.parsed()?.kind == Event::SECURITY;
    Ok(if is_door { entry.redacted() } else { entry })
}

fn lines(entries: impl Iterator<Item = Result<Entry, Error>>) -> Result<Response, Problem> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, &surety_engine::stored(&entry?)).map_err(Error::from)?;
        lines.push(b'\n');
    }
    let media = HeaderValue::from_static("application/jsonl");
    Ok(([(header::CONTENT_TYPE, media)], lines).into_response())
}

pub(crate) async fn size(call: Call) -> Result<Response, Problem> {
    let at: Option<Timestamp> = call.parsed("at")?;
    let at =
        at.ok_or_else(|| Problem::bad("`at` names an instant, such as 2026-06-30T12:00:00Z"))?;
    answer(&Size { size: present(&call)?.size_at(at).await? })
}

pub(crate) async fn redactions(call: Call) -> Result<Response, Problem> {
    answer(&present(&call)?.redactions().await?)
}

pub(crate) async fn snapshot(call: Call) -> Result<Response, Problem> {
    let at_most = call.parsed("at_most")?.unwrap_or(u64::MAX);
    let layout = call.text("layout")?.unwrap_or_default();
    let found = present(&call)?.snapshot(at_most, layout).await?;
    let bytes = found.ok_or_else(|| Problem::not_found("snapshot in this layout"))?;
    let media = HeaderValue::from_static("application/octet-stream");
    Ok(([(header::CONTENT_TYPE, media)], bytes).into_response())
}

pub(crate) async fn signatures(call: Call) -> Result<Response, Problem> {
    answer(&present(&call)?.signatures().await?)
}

pub(crate) async fn keep_checkpoint(call: Call) -> Result<Response, Problem> {
    present(&call)?.settle().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
