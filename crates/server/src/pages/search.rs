//! Search, and the palette of commands: pages to go to, records to open, kinds to create.

use askama::Template;
use axum::response::Response;
use surety_aims::{Action, Kind, RecordId};
use surety_engine::{Piece, Query, View};
use surety_reports::views::words;

use super::records::heading;
use crate::{
    call::Call,
    endpoint::{Endpoint, Is, handler, param},
    html::{self, Shell, capitalised},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] =
    &[Endpoint::page("/search", "searchPage", "Find anything.", handler!(Organisation, search))
        .query(&[param("q", Is::Text, "Words to look for, or an id.")])];

/// Records that are shown.
const MOST: usize = 30;

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    shell: Shell,
    q: String,
    /// Pages and kinds whose names fit: what is done there, and where.
    commands: Vec<(String, String)>,
    total: usize,
    hits: Vec<Hit>,
}

struct Hit {
    id: String,
    href: String,
    kind: String,
    title: Vec<Part>,
    state: String,
    excerpt: Vec<Part>,
}

/// A part of a text, marked if it is what somebody looks for.
struct Part {
    text: String,
    marked: bool,
}

async fn search(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let shell = Shell::of(&call, &view, "Search", "").await?;
    let q = call.text("q")?.unwrap_or_default().trim().to_owned();
    let id = q.to_uppercase().parse::<RecordId>().ok();
    let known = id.and_then(|id| view.book().get(id));
    // The palette shows where an id leads, and is not led there before somebody goes.
    let is_palette = call.headers.contains_key("hx-request");
    if let Some(record) = known.filter(|_| !is_palette) {
        return Ok(html::to(&shell.links().record(record.id)));
    }
    let (total, hits) = match q.contains(char::is_alphanumeric) {
        true => find(&call, &view, &shell, &q).await?,
        false => (0, Vec::new()),
    };
    let people = call.people().await?;
    let opens = known.map(|record| {
        let called = people.called(view.book(), record.id);
        (format!("Open {}: {called}", record.id), shell.links().record(record.id))
    });
    let commands = opens.into_iter().chain(commands(&shell, &q)).collect();
    html::page(&SearchPage { shell, q, commands, total, hits })
}

/// How many records there are, and the best of them.
async fn find(
    call: &Call,
    view: &View,
    shell: &Shell,
    q: &str,
) -> Result<(usize, Vec<Hit>), Problem> {
    let query = Query::read(q)?;
    let found = call.search(view, &query, &[], MOST).await?;
    let hits = found.hits.iter().map(|hit| Hit {
        id: hit.record.to_string(),
        href: shell.links().record(hit.record),
        kind: capitalised(hit.record.kind.noun()),
        title: parts(&query.marked(&hit.title)),
        state: words(hit.state).into_owned(),
        excerpt: parts(&query.marked(&hit.excerpt)),
    });
    Ok((found.total, hits.collect()))
}

fn parts(pieces: &[Piece<'_>]) -> Vec<Part> {
    let part = |piece: &Piece<'_>| Part { text: piece.text.to_owned(), marked: piece.found };
    pieces.iter().map(part).collect()
}

/// Pages to go to and records to create whose names hold every word.
fn commands(shell: &Shell, q: &str) -> Vec<(String, String)> {
    let q = q.to_lowercase();
    let wanted: Vec<&str> = q.split_whitespace().collect();
    let place = shell.place.as_ref();
    let items = place.into_iter().flat_map(|place| &place.groups).flat_map(|group| &group.items);
    let pages = items.map(|item| (format!("Go to {}", item.name), item.href.clone()));
    let lists = Kind::ALL
        .iter()
        .map(|kind| (format!("Go to {}", heading(*kind)), shell.link(format!("/records/{kind}"))));
    let new = Kind::ALL.iter().filter(|kind| shell.may(Action::State(**kind)));
    let new = new.map(|kind| {
        (format!("Create {}", kind.label()), shell.link(format!("/records/{kind}/new")))
    });
    let fits = |(name, _): &(String, String)| {
        let name = name.to_lowercase();
        wanted.iter().all(|word| name.contains(word))
    };
    let mut all: Vec<(String, String)> = pages.chain(lists).chain(new).filter(fits).collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|(_, href)| seen.insert(href.clone()));
    all.truncate(12);
    all
}
