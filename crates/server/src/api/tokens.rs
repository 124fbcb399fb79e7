//! API tokens for an organisation: one's own, and for owners those of others.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use surety_aims::{Action, permit};
use surety_engine::accounts::{ApiToken, Refused, Scope};

use crate::{
    call::{Call, json as answer},
    endpoint::{Endpoint, Gives, Method, Takes, handler, of},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/tokens",
        "listTokens",
        "One's tokens for the organisation; for owners, everybody's.",
        handler!(Organisation, list),
    )
    .gives(Gives::Json(of::<Vec<Token>>)),
    Endpoint {
        method: Method::Post,
        ..Endpoint::get(
            "/tokens",
            "issueToken",
            "Issue a token to oneself. It is shown once. Only in a session: no token makes another.",
            handler!(Organisation, issue),
        )
    }
    .takes(Takes::Json(of::<NewToken>))
    .example(r#"{ "name": "laptop", "scope": "write", "expires_at": "2027-06-30T00:00:00Z" }"#)
    .gives(Gives::Created(of::<TokenIssued>)),
    Endpoint {
        method: Method::Delete,
        ..Endpoint::get(
            "/tokens/{token}",
            "revokeToken",
            "End a token: one's own, and for owners anybody's.",
            handler!(Organisation, revoke),
        )
    }
    .gives(Gives::Nothing),
];

/// A token, without what it is shown for.
#[derive(Serialize, JsonSchema)]
struct Token {
    id: String,
    name: String,
    account: String,
    scopes: Vec<String>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    /// To the hour.
    last_used_at: Option<Timestamp>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// What it is for.
    name: String,
    /// `read`, `ledger` (also the ledger and its proofs) or `write` (all that one may do).
    scope: Scope,
    /// When it ends.
    expires_at: Option<Timestamp>,
}

#[derive(Serialize, JsonSchema)]
struct TokenIssued {
    id: String,
    /// To be kept where secrets are kept.
    token: String,
}

fn shown(token: ApiToken) -> Token {
    Token {
        id: token.id,
        name: token.name,
        account: token.account,
        scopes: token.scopes,
        created_at: token.created_at,
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
    }
}

/// The tokens that the caller may see and end.
async fn seen(call: &Call) -> Result<Vec<ApiToken>, Problem> {
    let tokens = call.app.engine.accounts()?.tokens(call.names().0).await?;
    let all = permit(&call.principal, Action::Administer).is_ok();
    let own = |token: &ApiToken| all || token.account == call.caller.account;
    Ok(tokens.into_iter().filter(own).collect())
}

async fn list(call: Call) -> Result<Response, Problem> {
    let tokens: Vec<Token> = seen(&call).await?.into_iter().map(shown).collect();
    answer(&tokens)
}

async fn issue(call: Call) -> Result<Response, Problem> {
    let given: NewToken = call.json()?;
    if call.caller.session().is_none() {
        return Err(Refused::NoSession.into());
    }
    let accounts = call.app.engine.accounts()?;
    let (organisation, account) = (call.names().0, &call.caller.account);
    let NewToken { name, scope, expires_at } = given;
    let issued =
        accounts.issue_noted(organisation, &call.principal.name, account, &name, scope, expires_at);
    let issued = issued.await?;
    let issued = TokenIssued { id: issued.id, token: issued.secret };
    Ok((StatusCode::CREATED, answer(&issued)?).into_response())
}

async fn revoke(call: Call) -> Result<Response, Problem> {
    let id = call.part("token");
    let known = seen(&call).await?.into_iter().find(|token| token.id == id);
    let known = known.ok_or_else(|| Problem::not_found(format!("token {id}")))?;
    let accounts = call.app.engine.accounts()?;
    accounts.revoke_noted(call.names().0, &call.principal.name, &known).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
