//! Lists of records: filtered, sorted, page by page.

use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use serde::Serialize;
use serde_json::Value;
use surety_aims::{Kind, Record, RecordId};
use surety_engine::{Selection, Sort, View, known_field};

use crate::{
    call::{Call, json as answer},
    endpoint::{AS_OF, Endpoint, Gives, Is, handler, of, param},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::get(
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
    param(
        "field.",
        Is::Prefix,
        "`field.NAME=VALUE`: only records whose field has this value, or a list with it; empty: whose field is empty. \
         Given again: one of these values. A dot leads into a field, as in `field.file.name`.",
    ),
    param("min.", Is::Prefix, "`min.NAME=VALUE`: only records whose date or number is not below it."),
    param("max.", Is::Prefix, "`max.NAME=VALUE`: only records whose date or number is not above it."),
    param("custom.", Is::Prefix, "`custom.NAME=VALUE`: the same for fields of the organisation's own."),
    param(
        "sort",
        Is::Text,
        "By `id`, `title`, `state`, `version`, `changed` or a field that holds one value; with `-` before it the other way \
         round; several with commas.",
    ),
    param("fields", Is::Text, "Only these fields of the body, with commas."),
    param("limit", Is::Number(1, 1_000), "How many at most; 100 if not given."),
    param("after", Is::Id, "The cursor that the page before gave as `next`."),
    AS_OF,
])
.heads(&["link"])
.gives(Gives::Json(of::<Page>))];

/// One page of a list.
#[derive(Serialize, schemars::JsonSchema)]
struct Page {
    /// Records that fit, on all pages.
    total: usize,
    /// The cursor of the next page; null: this is the last.
    next: Option<RecordId>,
    #[schemars(with = "Vec<Record>")]
    records: Vec<Value>,
}

/// Records on one page if nothing else is asked for.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1_000;

async fn list(call: Call) -> Result<Response, Problem> {
    let kind = call.kind()?;
    let view = call.view().await?;
    let limit = call.number("limit", 1..=LARGEST_PAGE)?.unwrap_or(PAGE);
    let selection = wanted(&call, &view, kind).await?;
    let fields = fields(&call, kind)?;
    let mut records: Vec<&Record> = selection.records(view.book()).collect();
    if let Some(sort) = call.text("sort")? {
        Sort::parse(kind, sort)?.sort(&mut records);
    }
    let total = records.len();
    let start = match call.parsed::<RecordId>("after")? {
        None => 0,
        Some(after) => records.iter().position(|one| one.id == after).map_or(total, |at| at + 1),
    };
    let page: Vec<_> = records.iter().skip(start).take(limit).collect();
    let more = start.saturating_add(page.len()) < total;
    let next = page.last().filter(|_| more).map(|last| last.id);
    let rows = page.iter().map(|record| chosen(record.to_json(), fields.as_deref()));
    let mut response = answer(&Page { total, next, records: rows.collect() })?;
    if let Some(link) = next.and_then(|next| link(&call, next)) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// Which records the query asks for.
pub(crate) async fn wanted(call: &Call, view: &View, kind: Kind) -> Result<Selection, Problem> {
    let mut selection = Selection::of(kind);
    for name in ["state", "owner", "q"] {
        if let Some(value) = call.text(name)? {
            selection = narrowed(selection, (call, view), name, value).await?;
        }
    }
    let filters = call.query.iter().filter(|(name, _)| name.contains('.'));
    for (name, value) in filters {
        selection = narrowed(selection, (call, view), name, value).await?;
    }
    Ok(selection)
}

/// A selection with one more filter, named as in the query of a list.
pub(crate) async fn narrowed(
    selection: Selection,
    (call, view): (&Call, &View),
    name: &str,
    value: &str,
) -> Result<Selection, Problem> {
    Ok(match name {
        "state" => selection.in_state(value)?,
        "owner" => {
            let owner = value.parse();
            selection.of_owner(owner.map_err(|error| Problem::bad(format!("`owner`: {error}")))?)
        }
        "q" => selection.with_text(value, &call.people().await?),
        _ => selection.filter(view.book(), name, value)?,
    })
}

/// The fields of the body that are asked for; `None`: all.
fn fields(call: &Call, kind: Kind) -> Result<Option<Vec<String>>, Problem> {
    let Some(text) = call.text("fields")? else { return Ok(None) };
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    for name in &names {
        known_field(kind, name)?;
    }
    Ok(Some(names))
}

/// A record with these fields of its body alone.
fn chosen(mut record: Value, fields: Option<&[String]>) -> Value {
    if let (Some(fields), Some(body)) =
        (fields, record.get_mut("body").and_then(Value::as_object_mut))
    {
        body.retain(|name, _| fields.contains(name));
    }
    record
}

/// The address of the next page (RFC 8288).
fn link(call: &Call, next: RecordId) -> Option<HeaderValue> {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let others = call.query.iter().filter(|(name, _)| name != "after");
    query.extend_pairs(others).append_pair("after", &next.to_string());
    let ((organisation, ..), kind) = (call.names(), call.part("kind"));
    let address = format!("/api/v1/organisations/{organisation}/records/{kind}?{}", query.finish());
    HeaderValue::try_from(format!("<{address}>; rel=\"next\"")).ok()
}
