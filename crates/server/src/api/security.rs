//! Security events: what happened at the door, from the ledger.

use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use surety_engine::accounts::SecurityEntry;

use crate::{
    call::{Call, json as answer},
    endpoint::{Asks, Endpoint, Gives, Is, handler, of, param},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::get(
    "/security-events",
    "listSecurityEvents",
    "Who signed in, failed to, was invited, given a token and so on, newest first.",
    handler!(Organisation, list),
)
.asks(Asks::ReadLedger)
.query(&[
    param("limit", Is::Number(1, 1_000), "How many at most; 100 if not given."),
    param("before", Is::Number(0, i64::MAX), "Only those before this entry: the `next` of a page."),
])
.gives(Gives::Json(of::<SecurityPage>))];

/// A page of security events.
#[derive(Serialize, JsonSchema)]
struct SecurityPage {
    events: Vec<SecurityEntry>,
    /// For the next page; null if this is the last.
    next: Option<u64>,
}

async fn list(call: Call) -> Result<Response, Problem> {
    let limit = call.parsed::<usize>("limit")?.unwrap_or(100);
    if !(1..=1_000).contains(&limit) {
        return Err(Problem::bad("`limit` is from 1 to 1000"));
    }
    let view = call.view().await?;
    let events = call.whole()?.security_events(&view, call.parsed("before")?, limit).await?;
    let next = events.last().filter(|_| events.len() == limit).map(|last| last.seq);
    answer(&SecurityPage { events, next })
}
