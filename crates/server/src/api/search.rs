//! Full-text search over all kinds.

use axum::response::Response;
use surety_aims::Kind;
use surety_engine::{Found, Query};

use crate::{
    call::{Call, json as answer},
    endpoint::{AS_OF, Endpoint, Gives, Is, handler, of, param},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::get(
    "/search",
    "search",
    "Records of all kinds in which every word occurs, the best first.",
    handler!(Organisation, search),
)
.query(&[
    param("q", Is::Words, "Words, \"phrases\" and ids; each has to occur in the record.").needed(),
    param("kind", Is::Kind, "Only records of this kind."),
    param("limit", Is::Number(1, 100), "How many at most; 20 if not given."),
    AS_OF,
])
.gives(Gives::Json(of::<Found<'_>>))];

async fn search(call: Call) -> Result<Response, Problem> {
    let query = call.text("q")?.ok_or_else(|| Problem::bad("`q` holds the words to look for"))?;
    let query = Query::read(query)?;
    let kind = call.text("kind")?.map(|name| {
        Kind::from_name(name)
            .ok_or_else(|| Problem::bad(format!("`kind={name}` is no kind of record")))
    });
    let kinds: Vec<_> = kind.transpose()?.into_iter().collect();
    let limit = call.number("limit", 1..=100)?.unwrap_or(20);
    let view = call.view().await?;
    answer(&call.search(&view, &query, &kinds, limit).await?)
}
