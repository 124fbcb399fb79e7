//! The cookie that a session is known by.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};
use surety_engine::accounts::{BegunSession, LIFETIME};

use crate::config::Config;

/// Over TLS, under a name that browsers take only from the very host, for the whole host, and with `Secure`.
fn name(config: &Config) -> &'static str {
    if config.is_https() { "__Host-surety" } else { "surety" }
}

/// The header (`Set-Cookie`) that gives a browser its session.
pub(crate) fn given(config: &Config, session: &BegunSession) -> HeaderValue {
    let lifetime = Duration::try_from(LIFETIME).unwrap_or_default();
    written(config, &session.secret, lifetime)
}

/// The header that takes it away.
pub(crate) fn taken(config: &Config) -> HeaderValue {
    written(config, "", Duration::ZERO)
}

fn written(config: &Config, value: &str, lifetime: Duration) -> HeaderValue {
    let lifetime = i64::try_from(lifetime.as_secs()).unwrap_or_default();
    let cookie = Cookie::build((name(config), value))
        .path("/")
        .http_only(true)
        .secure(config.is_https())
        // Not `Strict`: whoever follows a link from a mail is signed in. What changes something asks for more than the cookie.
        .same_site(SameSite::Lax)
        .max_age(cookie::time::Duration::seconds(lifetime));
    // Our names and secrets are letters, digits, `-` and `_`.
    HeaderValue::try_from(cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}

/// The secret of the session that a request comes with.
pub(crate) fn read(config: &Config, headers: &HeaderMap) -> Option<String> {
    let name = name(config);
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut found = texts
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == name && !cookie.value().is_empty());
    found.next().map(|cookie| cookie.value().to_owned())
}
