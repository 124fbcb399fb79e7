//! One entry of the ledger: what it says, what was said before, and the proof that it is there.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use serde_json::Value;
use surety_engine::Opened;
use surety_reports::views::words;

use super::{Line, Reading};
use crate::{
    api::ledger::{seq, whole_ledger},
    call::Call,
    endpoint::{Asks, Endpoint, handler},
    html::{self, Shell, capitalised},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::page(
    "/ledger/{seq}",
    "entryPage",
    "One entry of the ledger.",
    handler!(Organisation, show),
)
.asks(Asks::ReadLedger)];

#[derive(Template)]
#[template(path = "ledger_entry.html")]
struct EntryPage {
    shell: Shell,
    line: Line,
    /// Field, what it said before, what it says in this entry.
    changes: Vec<(String, String, String)>,
    header: Vec<(String, String)>,
    leaf: String,
    payload: String,
    proof: String,
    /// The entries before and after: number and address.
    beside: Vec<(u64, String)>,
}

async fn show(call: Call) -> Result<Response, Problem> {
    let (aims, seq) = (call.whole()?, seq(&call)?);
    let view = call.view().await?;
    let opened = aims.opened(&view, seq).await?;
    let people = call.people().await?;
    let shell = Shell::of(&call, &view, &format!("Entry {seq}"), "").await?;
    let reading = Reading { view: &view, people: &people, links: shell.links() };
    // Proofs are about the whole ledger.
    let proof = match whole_ledger(&call) {
        Ok(aims) => aims.prove(seq).await?.to_string(),
        Err(_) => String::new(),
    };
    let next = seq.checked_add(1).filter(|next| *next < view.book().size());
    let beside = [seq.checked_sub(1), next].into_iter().flatten();
    let payload = opened.payload.as_ref().map(pretty).unwrap_or_default();
    let page = EntryPage {
        changes: changes(&opened),
        header: header(&opened.header),
        leaf: opened.leaf.clone(),
        payload,
        proof,
        beside: beside.map(|at| (at, shell.link(format!("/ledger/{at}")))).collect(),
        line: reading.line(opened.logged),
        shell,
    };
    html::page(&page)
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Fields of the body that this entry made say something else.
fn changes(opened: &Opened) -> Vec<(String, String, String)> {
    let empty = serde_json::Map::new();
    let fields = |body: &Option<Value>| body.as_ref().and_then(Value::as_object).cloned();
    let (before, after) = (fields(&opened.before), fields(&opened.body));
    let (before, after) = (before.as_ref().unwrap_or(&empty), after.as_ref().unwrap_or(&empty));
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let said = |from: &serde_json::Map<String, Value>, name: &str| {
        from.get(name).map(html::said).unwrap_or_default()
    };
    let changed = |name: &&String| said(before, name) != said(after, name);
    let row = |name: &String| (capitalised(&words(name)), said(before, name), said(after, name));
    names.into_iter().filter(changed).map(row).collect()
}

/// Each field of the header by its own name, as verifiers read it.
fn header(header: &Value) -> Vec<(String, String)> {
    let fields = header.as_object().into_iter().flatten();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    fields.map(|(name, value)| (name.clone(), text(value))).collect()
}
