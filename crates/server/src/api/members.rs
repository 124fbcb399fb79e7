//! Members of an organisation, for its owners.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use surety_aims::{RecordId, Role};
use surety_engine::accounts::{self, Part};

use super::me::Membership;
use crate::{
    call::{Call, json as answer},
    endpoint::{Asks, Endpoint, Gives, Method, Takes, handler, of},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/members", "listMembers", "Everybody who has a part.", handler!(Organisation, list))
        .asks(Asks::Administer)
        .gives(Gives::Json(of::<Vec<Member>>)),
    Endpoint {
        method: Method::Put,
        ..Endpoint::get(
            "/members/{account}",
            "putMember",
            "Change the part of a member. The last one who administers stays one.",
            handler!(Organisation, put),
        )
    }
    .asks(Asks::Administer)
    .takes(Takes::Json(of::<GivenPart>))
    .example(r#"{ "role": "auditor", "expires_at": "2027-01-01T00:00:00Z", "as_of": "2026-06-30", "systems": ["SYS-1"] }"#)
    .gives(Gives::Json(of::<Member>)),
    Endpoint {
        method: Method::Delete,
        ..Endpoint::get(
            "/members/{account}",
            "removeMember",
            "End a member's part and tokens. The account stays. The last one who administers can't be removed.",
            handler!(Organisation, remove),
        )
    }
    .asks(Asks::Administer)
    .gives(Gives::Nothing),
    Endpoint {
        method: Method::Post,
        ..Endpoint::get(
            "/members/{account}/password-link",
            "makePasswordLink",
            "Make the secret of a link that sets the member's password, once and for three days.",
            handler!(Organisation, password_link),
        )
    }
    .asks(Asks::Administer)
    .gives(Gives::Json(of::<Link>)),
    Endpoint {
        method: Method::Delete,
        ..Endpoint::get(
            "/members/{account}/sessions",
            "endSessionsOfMember",
            "End all sessions of a member.",
            handler!(Organisation, end_sessions),
        )
    }
    .asks(Asks::Administer)
    .gives(Gives::Nothing),
];

/// A member.
#[derive(Serialize, JsonSchema)]
struct Member {
    account: String,
    email: String,
    name: String,
    /// Whether the account may not come in at all.
    disabled: bool,
    /// Whether the part is over.
    expired: bool,
    #[serde(flatten)]
    part: Membership,
}

/// A part as it is given.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenPart {
    role: Role,
    /// Who it is among the organisation's persons; nobody changes anything without being one.
    person: Option<RecordId>,
    /// When it ends.
    expires_at: Option<Timestamp>,
    /// The newest day that it shows.
    as_of: Option<Date>,
    /// The AI systems that it is limited to; none: it is not limited.
    #[serde(default)]
    systems: Vec<RecordId>,
}

impl From<GivenPart> for Part {
    fn from(given: GivenPart) -> Part {
        let GivenPart { role, person, expires_at, as_of, systems } = given;
        Part { role, person, expires_at, until: as_of, systems }
    }
}

#[derive(Serialize, JsonSchema)]
struct Link {
    /// To be handed over; `POST /api/v1/password-by-link` takes it.
    secret: String,
}

fn shown(member: accounts::Member) -> Member {
    let accounts::Member { account, part, expired } = member;
    Member {
        account: account.id,
        email: account.email,
        name: account.name,
        disabled: account.disabled,
        expired,
        part: part.into(),
    }
}

async fn list(call: Call) -> Result<Response, Problem> {
    let members = call.app.engine.accounts()?.members(call.names().0).await?;
    let members: Vec<Member> = members.into_iter().map(shown).collect();
    answer(&members)
}

async fn put(call: Call) -> Result<Response, Problem> {
    let account = known(&call).await?;
    let part = Part::from(call.json::<GivenPart>()?);
    let accounts = call.app.engine.accounts()?;
    accounts.admit(call.names().0, &call.principal.name, &account, &part).await?;
    let member = accounts.member(call.names().0, &account).await?;
    answer(&member.map(shown).ok_or_else(|| unknown(&account))?)
}

async fn remove(call: Call) -> Result<Response, Problem> {
    let account = known(&call).await?;
    let accounts = call.app.engine.accounts()?;
    accounts.dismiss(call.names().0, &call.principal.name, &account).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn password_link(call: Call) -> Result<Response, Problem> {
    let account = known(&call).await?;
    let accounts = call.app.engine.accounts()?;
    let by = &call.principal.name;
    let secret = accounts.member_password_link(call.names().0, by, &account).await?;
    answer(&json!({ "secret": secret }))
}

async fn end_sessions(call: Call) -> Result<Response, Problem> {
    let account = known(&call).await?;
    let accounts = call.app.engine.accounts()?;
    accounts.end_sessions_of_member(call.names().0, &call.principal.name, &account).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The account in the path, if it has a part here: of others nobody learns whether they are there.
async fn known(call: &Call) -> Result<String, Problem> {
    let account = call.part("account");
    let member = call.app.engine.accounts()?.member(call.names().0, account).await?;
    Ok(member.ok_or_else(|| unknown(account))?.account.id)
}

fn unknown(account: &str) -> Problem {
    Problem::not_found(format!("member {account}"))
}
