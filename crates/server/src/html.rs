//! How pages are made: what surrounds each, tables with filters, forms from schemas, words.
//!
//! Knows how things look and where they link to. Must not decide anything: what holds is derived, and what may be done is
//! asked of the engine.

mod conflict;
mod download;
mod field;
mod listing;
mod read;
mod saved;
mod shape;
mod shell;
mod table;
mod text;

use askama::Template;
use axum::{
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

pub(crate) use conflict::{Choice as Chosen, Conflict, Notice};
pub(crate) use download::Download;
pub(crate) use field::{Field, Fields, fields, instant_of, said};
pub(crate) use listing::{Choice, Filter, LISTING, Listing, ListingPage, Shows};
pub(crate) use read::{Read, body as read_body, field as read_field, instant};
pub(crate) use saved::{Views, kept_query};
pub(crate) use shape::{Part, Shape, about, parts};
pub(crate) use shell::{INBOX_DAYS, Shell, THEME_COOKIE, Theme, addressed, theme};
pub(crate) use table::{Leads, TableRow};
pub(crate) use text::{Links, Pieces, capitalised, countdown, day, distance, moment};

use crate::problem::Problem;

/// A page.
pub(crate) fn page(template: &impl Template) -> Result<Response, Problem> {
    rendered(StatusCode::OK, template)
}

/// A page with another status than 200.
pub(crate) fn rendered(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    let html = template.render().map_err(|error| {
        let cause: &dyn std::error::Error = &error;
        tracing::error!(cause, "a page could not be drawn");
        Problem::internal()
    })?;
    let media = HeaderValue::from_static("text/html; charset=utf-8");
    Ok((status, [(header::CONTENT_TYPE, media)], html).into_response())
}

/// Leads to another page after a form was sent: asking again by reloading sends nothing twice.
pub(crate) fn to(address: &str) -> Response {
    let place = HeaderValue::try_from(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

/// Why a page can't be shown.
#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    shell: Shell,
    detail: &'a str,
    /// Where to sign in, if that is what is missing.
    again: Option<&'a str>,
}

/// A problem as a page, without anything about whoever asks. Whoever is not signed in is led to where they can be.
pub(crate) fn problem(method: &Method, uri: &Uri, problem: &Problem) -> Response {
    let sign_in = (problem.status == StatusCode::UNAUTHORIZED).then(|| sign_in_address(uri));
    if let Some(address) = sign_in.as_ref().filter(|_| method.is_safe()) {
        return to(address);
    }
    // Only what one signs in with asks for that, and it is changed on one page.
    let fresh = (problem.code == "sign-in-again").then(|| "/sign-in?next=%2Faccount".to_owned());
    let (title, detail) = match (&sign_in, &fresh) {
        // What was written stays in the form: the browser goes back to it.
        (Some(_), _) => (
            "Your session has ended",
            "Nothing was changed. Sign in again; what you wrote is still in the form when you go back.",
        ),
        (None, Some(_)) => (
            "Sign in again first",
            "This changes what you sign in with, so it has to be within 15 minutes of signing in. Nothing was changed; \
             signing in leads back to your account.",
        ),
        (None, None) => (heading(problem.status), problem.detail.as_str()),
    };
    let sign_in = sign_in.or(fresh);
    let shell = Shell::plain(title, "");
    let page = ProblemPage { shell, detail, again: sign_in.as_deref() };
    let drawn = rendered(problem.status, &page);
    drawn.unwrap_or_else(IntoResponse::into_response)
}

fn heading(status: StatusCode) -> &'static str {
    match status.as_u16() {
        403 => "This is not open to you",
        404 => "There is no such page",
        410 => "This was withdrawn",
        413 => "That is too large",
        429 => "That was too often",
        500.. => "Surety could not do that",
        _ => "That did not work",
    }
}

/// Where to sign in, to come back here.
fn sign_in_address(uri: &Uri) -> String {
    let here = uri.path_and_query().map_or("/", |here| here.as_str());
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", here);
    if here == "/" { "/sign-in".to_owned() } else { format!("/sign-in?{}", query.finish()) }
}
