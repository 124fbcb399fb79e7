//! Where one comes in: the organisations of an account, and the colours of pages.

use askama::Template;
use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use surety_engine::accounts::{csrf_of, name_of};
use surety_reports::views::words;

use crate::{
    call::{Asked, Visit},
    endpoint::{Asks, Endpoint, handler},
    html::{self, Shell, THEME_COOKIE, Theme, capitalised},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page("/", "home", "The organisations of whoever looks.", handler!(Account, home))
        .asks(Asks::Nothing),
    Endpoint::form("/theme", "chooseTheme", "Choose the colours.", handler!(Account, theme)),
];

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    shell: Shell,
    places: Vec<Entry>,
    csrf: String,
}

struct Entry {
    id: String,
    name: String,
    role: String,
}

/// Whoever has a part in one organisation alone is led there.
async fn home(visit: Visit) -> Result<Response, Problem> {
    let engine = &visit.app.engine;
    let parts = engine.accounts()?.organisations_of(&visit.caller.account).await?;
    if let [(only, _)] = parts.as_slice() {
        return Ok(html::to(&format!("/o/{only}")));
    }
    let mut places = Vec::new();
    for (id, part) in parts {
        let name = engine.organisation(Some(&id)).await?.name().to_owned();
        places.push(Entry { id, name, role: capitalised(&words(&name_of(part.role))) });
    }
    let lead = if places.is_empty() {
        "You have no part in any organisation here. Ask whoever runs one for an invitation."
    } else {
        "Choose one."
    };
    let csrf = visit.caller.session().map(csrf_of).unwrap_or_default();
    html::page(&Home { shell: Shell::of_visit(&visit, "Your organisations", lead), places, csrf })
}

async fn theme(visit: Visit) -> Result<Response, Problem> {
    let asked = visit.field("theme");
    let theme = Theme::from_value(asked)
        .ok_or_else(|| Problem::bad(format!("`theme={asked}` is none of auto, light, dark")))?;
    let secure = if visit.app.config.is_https() { "; Secure" } else { "" };
    let cookie = format!(
        "{THEME_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}",
        theme.value()
    );
    let mut response = html::to(next(&visit));
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Where to go on, if that is a page of ours: nobody is led elsewhere.
pub(super) fn next(asked: &Asked) -> &str {
    let named = asked.query.iter().find(|(name, _)| name == "next");
    let next = named.map_or(asked.field("next"), |(_, next)| next.as_str());
    let is_ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\t']);
    if is_ours { next } else { "/" }
}
