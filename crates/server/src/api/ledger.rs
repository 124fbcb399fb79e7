//! The ledger: checkpoints, keys, entries, proofs.

use std::sync::Arc;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;
use surety_engine::{
    Aims, Moment, StoredEntry,
    remote::wire::{Done, Redaction},
    stored,
};

use crate::{
    call::{Call, json as answer},
    endpoint::{Asks, Endpoint, Gives, Is, Method, Takes, handler, of, param},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/ledger/checkpoint",
        "getCheckpoint",
        "The signed head of the ledger (C2SP tlog-checkpoint).",
        handler!(Organisation, checkpoint),
    )
    .asks(Asks::ReadLedger)
    .query(&[param(
        "size",
        Is::Number(0, i64::MAX),
        "Of the first so many entries; all if not given.",
    )])
    .gives(Gives::Text("text/plain")),
    Endpoint::get(
        "/ledger/keys",
        "getKeys",
        "The keys that sign checkpoints (C2SP signed-note).",
        handler!(Organisation, keys),
    )
    .asks(Asks::ReadLedger)
    .gives(Gives::Text("text/plain")),
    Endpoint::change(
        Method::Post,
        "/ledger/keys",
        "rotateKey",
        "Make a new signing key, and show the public one. Old checkpoints still verify.",
        handler!(Organisation, rotate_key),
    )
    .asks(Asks::Administer)
    .gives(Gives::Text("text/plain")),
    Endpoint::get(
        "/ledger/entries",
        "listEntries",
        "Entries as they are stored.",
        handler!(Organisation, entries),
    )
    .asks(Asks::ReadLedger)
    .query(&[
        param("from", Is::Number(0, i64::MAX), "The first entry; 0 if not given."),
        param("limit", Is::Number(1, 1_000), "How many at most; 100 if not given."),
    ])
    .gives(Gives::Json(of::<Entries<'_>>)),
    Endpoint::get(
        "/ledger/entries/{seq}/proof",
        "getProof",
        "The proof that an entry is on the ledger (RFC 6962).",
        handler!(Organisation, proof),
    )
    .asks(Asks::ReadLedger)
    .gives(Gives::Text("text/plain")),
    Endpoint::change(
        Method::Post,
        "/ledger/entries/{seq}/redaction",
        "redactEntry",
        "Erase free text of an entry for a legal duty (GDPR Art. 17). Every proof still verifies.",
        handler!(Organisation, redact),
    )
    .asks(Asks::Redact)
    .takes(Takes::Json(of::<Redaction>))
    .example(r#"{"reason": "GDPR Art. 17: asked for by the person named", "fields": ["/body/description"]}"#)
    .gives(Gives::Json(of::<Done>)),
];

/// Plain text, as the note formats are.
fn text(body: String) -> Response {
    let media = HeaderValue::from_static("text/plain; charset=utf-8");
    ([(header::CONTENT_TYPE, media)], body).into_response()
}

/// Entries as they are stored.
#[derive(Serialize, JsonSchema)]
struct Entries<'e> {
    from: u64,
    entries: Vec<Numbered<'e>>,
}

/// An entry and its place on the ledger.
#[derive(Serialize, JsonSchema)]
struct Numbered<'e> {
    seq: u64,
    #[serde(flatten)]
    entry: StoredEntry<'e>,
}

/// The head of what the caller sees, or of a part of that, signed now.
pub(crate) async fn checkpoint(call: Call) -> Result<Response, Problem> {
    let (aims, seen) = (call.whole()?, call.view().await?);
    let size = seen.book().size();
    let asked = call.parsed("size")?.unwrap_or(size);
    if asked > size {
        return Err(Problem::not_found(format!("entry {asked}")));
    }
    let view = if asked == size { seen } else { aims.view(Moment::Size(asked)).await? };
    Ok(text(aims.checkpoint_of(&view).await?))
}

pub(crate) async fn rotate_key(call: Call) -> Result<Response, Problem> {
    Ok(text(format!("{}\n", call.whole()?.rotate_key().await?)))
}

pub(crate) async fn keys(call: Call) -> Result<Response, Problem> {
    Ok(text(call.whole()?.keys().await?.to_string()))
}

pub(crate) async fn entries(call: Call) -> Result<Response, Problem> {
    let from = call.parsed("from")?.unwrap_or(0);
    let limit = call.number::<u32>("limit", 1..=1_000)?.unwrap_or(100);
    let size = call.view().await?.book().size();
    let left = u32::try_from(size.saturating_sub(from)).unwrap_or(u32::MAX);
    let entries = call.whole()?.entries(from, limit.min(left)).await?;
    let rows = (from..).zip(&entries).map(|(seq, entry)| Numbered { seq, entry: stored(entry) });
    answer(&Entries { from, entries: rows.collect() })
}

/// The number of the entry in the path.
pub(crate) fn seq(call: &Call) -> Result<u64, Problem> {
    let seq = call.part("seq");
    seq.parse().map_err(|_| Problem::not_found(format!("entry `{seq}`")))
}

pub(crate) async fn redact(call: Call) -> Result<Response, Problem> {
    let (aims, seq) = (call.whole()?, seq(&call)?);
    let Redaction { reason, fields } = call.json()?;
    match aims.redact(&call.principal, seq, &reason, &fields).await {
        Ok(done) => answer(&Done::from(done)),
        Err(error) if error.is_refusal() => {
            let detail = error.to_string();
            // As of the one command that it is.
            Err(Problem { detail, ..Problem::from(error) }.of_command(0))
        }
        Err(error) => Err(error.into()),
    }
}

/// The organisation, for whoever sees all of its ledger: what is said of a part proves nothing.
pub(crate) fn whole_ledger(call: &Call) -> Result<&Arc<Aims>, Problem> {
    if call.until.is_some() {
        let detail = "proofs are about the whole ledger, of which you see a part; a pack as of that day proves it";
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    call.whole()
}

pub(crate) async fn proof(call: Call) -> Result<Response, Problem> {
    let seq = seq(&call)?;
    Ok(text(whole_ledger(&call)?.prove(seq).await?.to_string()))
}
