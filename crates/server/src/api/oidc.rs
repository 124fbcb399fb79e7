//! Signing in through a provider of identity: there, and back again.

use std::time::Duration;

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use cookie::{Cookie, SameSite};
use serde::Serialize;
use surety_engine::accounts::oidc::{PENDING, Returned};
use url::Url;

use crate::{
    call::{Asked, json as answer},
    config::Config,
    endpoint::{Asks, Endpoint, Gives, Is, Param, handler, of, param},
    problem::Problem,
    session_cookie,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/sign-in/providers",
        "listProviders",
        "The providers of identity through which one can sign in.",
        handler!(Anybody, providers),
    )
    .asks(Asks::Nothing)
    .gives(Gives::Json(of::<Vec<Offered>>)),
    Endpoint::get(
        "/sign-in/oidc/{provider}",
        "beginOidc",
        "Send the browser to a provider of identity.",
        handler!(Anybody, begin),
    )
    .asks(Asks::Nothing)
    .query(&[param("then", Is::Text, "A path of this server to go to after signing in.")])
    .heads(&["location"])
    .gives(Gives::Redirect)
    .also(&[404, 502]),
    Endpoint::get(
        "/sign-in/oidc/{provider}/callback",
        "finishOidc",
        "Where the provider sends the browser back to; begins a session.",
        handler!(Anybody, finish),
    )
    .asks(Asks::Nothing)
    .query(BROUGHT_BACK)
    .heads(&["location"])
    .gives(Gives::Redirect)
    .also(&[403, 404, 502]),
];

/// What providers put into the address. Only the first three are read; the others are known so that they are not refused.
const BROUGHT_BACK: &[Param] = &[
    param("state", Is::Text, "What was sent along."),
    param("code", Is::Text, "What the provider takes for a token."),
    param("error", Is::Text, "Why nobody was signed in."),
    param("error_description", Is::Text, "The same in words."),
    param("error_uri", Is::Text, "More about it."),
    param("iss", Is::Text, "The provider (RFC 9207)."),
    param("session_state", Is::Text, "Of the provider's session."),
    param("scope", Is::Text, "What was granted."),
    param("authuser", Is::Text, "Which of several accounts."),
    param("hd", Is::Text, "The domain of the account."),
    param("prompt", Is::Text, "What was asked at the provider."),
];

/// A provider as it is offered to whoever wants to sign in.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct Offered {
    /// In addresses: `/sign-in/oidc/{name}`.
    name: String,
    /// What people read.
    title: String,
}

async fn providers(asked: Asked) -> Result<Response, Problem> {
    let offered = asked.app.config.oidc.providers().map(|provider| Offered {
        name: provider.name.clone(),
        title: provider.title().to_owned(),
    });
    answer(&offered.collect::<Vec<_>>())
}

async fn begin(asked: Asked) -> Result<Response, Problem> {
    let (config, provider) = (&asked.app.config, asked.part("provider"));
    let then = asked.text("then")?.map(place).transpose()?;
    // Asked first, so that nothing but the name of a provider gets into the address below.
    config.oidc.provider(provider)?;
    let redirect = callback(config, provider)?;
    let accounts = asked.app.engine.accounts()?;
    let begun = accounts.begin_oidc(&config.oidc, provider, redirect, then).await?;
    let kept = Duration::try_from(PENDING).unwrap_or_default();
    redirected(begun.address.as_str(), &[cookie(config, &begun.cookie, kept)])
}

async fn finish(asked: Asked) -> Result<Response, Problem> {
    let (config, provider) = (&asked.app.config, asked.part("provider"));
    let accounts = asked.app.engine.accounts()?;
    let browser = brought(&asked.headers).unwrap_or_default();
    let state = asked.text("state")?.unwrap_or_default();
    if let Some(reason) = asked.text("error")? {
        let from = (state, browser.as_str());
        return Err(accounts.decline_oidc(&config.oidc, provider, from, reason).await.into());
    }
    let code = asked.text("code")?;
    let code =
        code.ok_or_else(|| Problem::bad("`code` is what the provider gives; begin again"))?;
    let returned = Returned { state, code, cookie: &browser };
    let signed_in = accounts.finish_oidc(&config.oidc, provider, &returned).await?;
    let session = accounts.begin_session(&signed_in.account, "oidc", &asked.browser()).await?;
    let cookies = [session_cookie::given(config, &session), cookie(config, "", Duration::ZERO)];
    redirected(signed_in.then.as_deref().unwrap_or("/api/v1/me"), &cookies)
}

/// A place on this server; nobody is sent on to another.
fn place(text: &str) -> Result<String, Problem> {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain && text.len() <= 500 && text.starts_with('/') && !text.starts_with("//") {
        return Ok(text.to_owned());
    }
    Err(Problem::bad("`then` is a path of this server, such as /systems"))
}

/// Where a provider sends browsers back to; it has to know this address.
fn callback(config: &Config, provider: &str) -> Result<Url, Problem> {
    let path = format!("/api/v1/sign-in/oidc/{provider}/callback");
    config.site()?.join(&path).map_err(|error| Problem::bad(error.to_string()))
}

/// The name of the cookie that binds a sign-in to the browser that began it.
const COOKIE: &str = "surety_oidc";

/// The header (`Set-Cookie`) that keeps it as long as the sign-in may take.
fn cookie(config: &Config, value: &str, kept: Duration) -> HeaderValue {
    let kept = i64::try_from(kept.as_secs()).unwrap_or_default();
    let cookie = Cookie::build((COOKIE, value))
        .path("/api/v1/sign-in/oidc")
        .http_only(true)
        .secure(config.is_https())
        // The provider sends the browser back by a link, with which `Strict` cookies don't come.
        .same_site(SameSite::Lax)
        .max_age(cookie::time::Duration::seconds(kept));
    // Our names and secrets are letters, digits, `-` and `_`.
    HeaderValue::try_from(cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
}

fn brought(headers: &HeaderMap) -> Option<String> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut found = texts
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == COOKIE && !cookie.value().is_empty());
    found.next().map(|cookie| cookie.value().to_owned())
}

fn redirected(to: &str, cookies: &[HeaderValue]) -> Result<Response, Problem> {
    let to = HeaderValue::try_from(to).map_err(|_| Problem::bad("`then` is no address"))?;
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    Ok(response)
}
