//! Who asks, by a token or by the cookie of a session, and whether a browser asks of its own accord.
//!
//! A browser sends a cookie along whoever makes it ask. So what changes something must come from a page of ours and bring the
//! token of the session, which other pages can't read. A bearer token is sent only by whoever holds it.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use surety_engine::accounts::{Caller, csrf_of};

use crate::{config::Config, problem::Problem, serve::App, session_cookie};

/// The header that brings the token of the session.
const CSRF: &str = "x-csrf-token";

/// Whoever asks.
pub(crate) async fn caller(app: &App, parts: &Parts) -> Result<Caller, Problem> {
    let accounts = app.engine.accounts()?;
    let caller = match (bearer(parts), session_cookie::read(&app.config, &parts.headers)) {
        (Some(_), Some(_)) => {
            return Err(Problem::bad("send an API token or the cookie of a session, not both"));
        }
        (Some(token), None) => accounts.caller(token).await?,
        (None, Some(secret)) => accounts.session_caller(&secret).await?,
        (None, None) => None,
    };
    caller.ok_or_else(Problem::unauthenticated)
}

/// Whether a request that changes something was meant by whoever sits before the browser: a page of ours asks, and brings the
/// token of the session, in a header or in `field` of its form.
pub(crate) fn is_meant(
    config: &Config,
    parts: &Parts,
    caller: &Caller,
    field: Option<&str>,
) -> Result<(), Problem> {
    let Some(session) = caller.session().filter(|_| !parts.method.is_safe()) else { return Ok(()) };
    from_our_page(config, parts)?;
    let header = parts.headers.get(CSRF).map(|value| value.as_bytes());
    let given = header.or(field.map(str::as_bytes)).unwrap_or_default();
    if same(given, csrf_of(session).as_bytes()) {
        return Ok(());
    }
    let detail = "give the token of the session, which `GET /api/v1/me` shows, as X-CSRF-Token";
    Err(Problem::new(StatusCode::FORBIDDEN, "csrf", detail))
}

fn bearer(parts: &Parts) -> Option<&str> {
    let given = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok())?;
    // Names of schemes have no case (RFC 9110 section 11.1).
    let (scheme, token) = given.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Refuses what a browser says a page of somebody else made it ask. Whoever is no browser says nothing.
pub(crate) fn from_our_page(config: &Config, parts: &Parts) -> Result<(), Problem> {
    let text = |name| parts.headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let ours = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"))
        && text("origin").is_none_or(|origin| is_our_origin(config, origin, &parts.headers));
    if ours {
        return Ok(());
    }
    let detail = "this was asked from a page of another site; open Surety itself";
    Err(Problem::new(StatusCode::FORBIDDEN, "cross-site", detail))
}

fn is_our_origin(config: &Config, origin: &str, headers: &HeaderMap) -> bool {
    if let Some(public) = &config.public_url {
        return origin == public.origin();
    }
    // Nobody said what we are called, so we are called what the browser asked for.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host)
}

/// Compares in a time that does not tell how much of it is right.
fn same(given: &[u8], expected: &[u8]) -> bool {
    let digest = |text| ring::digest::digest(&ring::digest::SHA256, text);
    digest(given).as_ref() == digest(expected).as_ref()
}

/// Where a request comes from. What a proxy says counts if the proxy is ours.
pub(crate) fn address(config: &Config, parts: &Parts) -> Option<IpAddr> {
    let ConnectInfo(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let mut address = peer.ip().to_canonical();
    let named = parts.headers.get_all("x-forwarded-for").iter();
    let named: Vec<_> = named.filter_map(|value| value.to_str().ok()).collect();
    // Each proxy adds at the end whom it was asked by; the last one that is none of ours is who asks.
    for hop in named.iter().flat_map(|value| value.split(',')).rev() {
        if !config.trusted_proxies.contains(&address) {
            break;
        }
        let Ok(hop) = hop.trim().parse::<IpAddr>() else { break };
        address = hop.to_canonical();
    }
    Some(address)
}
