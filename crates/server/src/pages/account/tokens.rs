//! One's own API tokens, in each organisation that one has a part in.

use askama::Template;
use axum::response::Response;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use surety_engine::accounts::{ApiToken, Grant, Scope};

use super::{again, done};
use crate::{
    call::Visit,
    endpoint::{Endpoint, handler},
    html::{self, Shell, moment},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::form(
        "/account/tokens",
        "issueTokenForm",
        "Issue a token to oneself. It is shown once.",
        handler!(Account, issue),
    ),
    Endpoint::form(
        "/account/tokens/{token}/revoke",
        "revokeTokenForm",
        "End a token of one's own.",
        handler!(Account, revoke),
    ),
];

/// An organisation, and the tokens that one has for it.
pub(super) struct TokenPlace {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) tokens: Vec<TokenRow>,
}

/// A token in a list.
pub(in crate::pages) struct TokenRow {
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) scope: String,
    pub(in crate::pages) created: String,
    pub(in crate::pages) expires: String,
    pub(in crate::pages) used: String,
}

impl From<ApiToken> for TokenRow {
    fn from(token: ApiToken) -> TokenRow {
        TokenRow {
            id: token.id,
            name: token.name,
            scope: token.scopes.join(", "),
            created: moment(token.created_at),
            expires: token.expires_at.map(moment).unwrap_or_default(),
            used: token.last_used_at.map(moment).unwrap_or_default(),
        }
    }
}

/// A secret that is shown once.
#[derive(Template)]
#[template(path = "secret.html")]
pub(in crate::pages) struct SecretPage {
    pub(in crate::pages) shell: Shell,
    /// What it is, and what is done with it.
    pub(in crate::pages) label: &'static str,
    pub(in crate::pages) secret: String,
    pub(in crate::pages) says: String,
    pub(in crate::pages) back: String,
}

pub(super) async fn places(visit: &Visit) -> Result<Vec<TokenPlace>, Problem> {
    let engine = &visit.app.engine;
    let accounts = engine.accounts()?;
    let mut places = Vec::new();
    for (id, _) in accounts.organisations_of(&visit.caller.account).await? {
        let own = |token: &ApiToken| token.account == visit.caller.account;
        let tokens = accounts.tokens(&id).await?.into_iter().filter(own).map(TokenRow::from);
        let name = engine.organisation(Some(&id)).await?.name().to_owned();
        places.push(TokenPlace { name, tokens: tokens.collect(), id });
    }
    Ok(places)
}

/// What the caller is in the organisation that a form names.
async fn granted(visit: &Visit) -> Result<(String, Grant), Problem> {
    let organisation = visit.field("organisation").to_owned();
    let grant = visit.app.engine.accounts()?.grant(&visit.caller, &organisation).await?;
    let unknown = || Problem::not_found(format!("organisation `{organisation}`"));
    let grant = grant.ok_or_else(unknown)?;
    Ok((organisation, grant))
}

async fn issue(visit: Visit) -> Result<Response, Problem> {
    visit.session()?;
    let (organisation, grant) = granted(&visit).await?;
    let asked = asked(visit.field("name"), visit.field("scope"), visit.field("expires"));
    let (scope, ends) = match asked {
        Ok(asked) => asked,
        Err(error) => return again(&visit, "token", error).await,
    };
    let accounts = visit.app.engine.accounts()?;
    let (who, account) = (&grant.principal.name, &visit.caller.account);
    let name = visit.field("name").trim();
    match accounts.issue_noted(&organisation, who, account, name, scope, ends).await {
        Ok(issued) => html::page(&SecretPage {
            shell: Shell::of_visit(&visit, "Your new token", ""),
            label: "Token",
            secret: issued.secret,
            says: "It is shown this once. Keep it where secrets are kept, and send it as Authorization: Bearer."
                .to_owned(),
            back: "/account".to_owned(),
        }),
        Err(error) => again(&visit, "token", error.into()).await,
    }
}

/// What a form asks of a new token: until the end of the last day, if it names one.
fn asked(name: &str, scope: &str, expires: &str) -> Result<(Scope, Option<Timestamp>), Problem> {
    if name.trim().is_empty() {
        return Err(Problem::bad("say what the token is for"));
    }
    let scope = scope.parse::<Scope>().map_err(Problem::bad)?;
    Ok((scope, end_of(expires)?))
}

/// The end of the day that a form names; `None`: it names none.
pub(in crate::pages) fn end_of(day: &str) -> Result<Option<Timestamp>, Problem> {
    if day.is_empty() {
        return Ok(None);
    }
    let read = day.parse::<Date>().map_err(|_| Problem::bad(format!("`{day}` is no day")))?;
    let end = read.tomorrow().and_then(|next| next.to_zoned(TimeZone::UTC));
    let end = end.map_err(|_| Problem::bad(format!("`{day}` is too far away")))?;
    Ok(Some(end.timestamp()))
}

async fn revoke(visit: Visit) -> Result<Response, Problem> {
    let (organisation, grant) = granted(&visit).await?;
    let (id, accounts) = (visit.part("token"), visit.app.engine.accounts()?);
    let tokens = accounts.tokens(&organisation).await?;
    let own = |token: &&ApiToken| token.id == id && token.account == visit.caller.account;
    let token = tokens.iter().find(own).ok_or_else(|| Problem::not_found(format!("token {id}")))?;
    accounts.revoke_noted(&organisation, &grant.principal.name, token).await?;
    Ok(done("token"))
}
