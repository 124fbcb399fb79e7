//! The caller's own account: what it is, its organisations, its password, its sessions.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use surety_aims::{RecordId, Role};
use surety_engine::{
    accounts::{Factors, Part, Session, Through, csrf_of, ends_at},
    remote::wire::Place,
};

use super::sign_in::{post, renewed};
use crate::{
    call::{Visit, json as answer},
    endpoint::{Asks, Endpoint, Gives, Method, Takes, handler, of},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/me",
        "getMe",
        "The account that asks: its organisations, its factors, and the token that changes in a session need.",
        handler!(Account, me),
    )
    .asks(Asks::Nothing)
    .gives(Gives::Json(of::<Me>)),
    Endpoint { method: Method::Patch, ..post("/me", "patchMe", "Change one's name.", handler!(Account, patch)) }
        .takes(Takes::Json(of::<ProfileChange>))
    .example(r#"{ "name": "Kim Harper" }"#)
        .gives(Gives::Json(of::<Me>))
        .also(&[403]),
    Endpoint::get(
        "/organisations",
        "listOrganisations",
        "The organisations in which the caller has a part.",
        handler!(Account, organisations),
    )
    .asks(Asks::Nothing)
    .gives(Gives::Json(of::<Vec<Mine>>)),
    Endpoint {
        method: Method::Put,
        ..post(
            "/me/password",
            "setPassword",
            "Set one's password. All other sessions end, and this one gets another cookie.",
            handler!(Account, password),
        )
    }
    .takes(Takes::Json(of::<Passwords>))
    .example(r#"{ "old": "heron lantern gravel whistle", "new": "amber kettle sixteen tundra" }"#)
    .gives(Gives::Json(of::<Renewed>))
    .also(&[403]),
    Endpoint::get("/me/sessions", "listSessions", "Where one is signed in.", handler!(Account, sessions))
        .asks(Asks::Nothing)
        .gives(Gives::Json(of::<Vec<SignedInAt>>))
        .also(&[403]),
    Endpoint {
        method: Method::Delete,
        ..post("/me/sessions", "endSessions", "End all other sessions.", handler!(Account, end_sessions))
    }
    .gives(Gives::Json(of::<Ended>))
    .also(&[403]),
    Endpoint {
        method: Method::Delete,
        ..post("/me/sessions/{session}", "endSession", "End a session.", handler!(Account, end_session))
    }
    .gives(Gives::Nothing)
    .also(&[403, 404]),
];

/// The account that asks.
#[derive(Serialize, JsonSchema)]
struct Me {
    id: String,
    email: String,
    name: String,
    created_at: Timestamp,
    /// Whether there is a password.
    password: bool,
    factors: Factors,
    organisations: Vec<Mine>,
    /// Only in a session: to be sent as `X-CSRF-Token` with whatever changes something.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf_token: Option<String>,
    /// Only in a session: its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

/// An organisation and the caller's part in it.
#[derive(Serialize, JsonSchema)]
struct Mine {
    #[serde(flatten)]
    place: Place,
    #[serde(flatten)]
    part: Membership,
}

/// A part in an organisation.
#[derive(Serialize, JsonSchema)]
pub(super) struct Membership {
    role: Role,
    /// Who it is among the organisation's persons; nobody changes anything without being one.
    person: Option<RecordId>,
    /// When it ends.
    expires_at: Option<Timestamp>,
    /// The newest day that it shows.
    as_of: Option<Date>,
    /// The AI systems that it is limited to; none: it is not limited.
    systems: Vec<RecordId>,
}

impl From<Part> for Membership {
    fn from(part: Part) -> Membership {
        let Part { role, person, expires_at, until, systems } = part;
        Membership { role, person, expires_at, as_of: until, systems }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProfileChange {
    name: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Passwords {
    /// The one until now; not needed for the first one.
    old: Option<String>,
    new: String,
}

/// A session that got another cookie.
#[derive(Serialize, JsonSchema)]
struct Renewed {
    csrf_token: String,
}

/// A session.
#[derive(Serialize, JsonSchema)]
struct SignedInAt {
    id: String,
    /// What the browser says it is.
    device: String,
    /// Where it began.
    address: Option<String>,
    created_at: Timestamp,
    /// To the minute.
    last_seen_at: Timestamp,
    /// When it ends if it is not used any more.
    ends_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

#[derive(Serialize, JsonSchema)]
struct Ended {
    /// How many.
    ended: u64,
}

async fn me(visit: Visit) -> Result<Response, Problem> {
    let accounts = visit.app.engine.accounts()?;
    let account = accounts.known(&visit.caller.account).await?;
    let session = visit.caller.session();
    answer(&Me {
        factors: accounts.factors(&account).await?,
        organisations: mine(&visit).await?,
        password: account.password_hash.is_some(),
        csrf_token: session.map(csrf_of),
        session: session.map(|session| session.id.clone()),
        id: account.id,
        email: account.email,
        name: account.name,
        created_at: account.created_at,
    })
}

async fn patch(visit: Visit) -> Result<Response, Problem> {
    visit.session()?;
    let change: ProfileChange = visit.json()?;
    let accounts = visit.app.engine.accounts()?;
    let account = accounts.known(&visit.caller.account).await?;
    accounts.rename(&account, &change.name).await?;
    me(visit).await
}

async fn organisations(visit: Visit) -> Result<Response, Problem> {
    answer(&mine(&visit).await?)
}

/// The caller's organisations; for a token the one that it is for.
async fn mine(visit: &Visit) -> Result<Vec<Mine>, Problem> {
    let engine = &visit.app.engine;
    let mut mine = Vec::new();
    for (id, part) in engine.accounts()?.organisations_of(&visit.caller.account).await? {
        if let Through::Token { organisation, .. } = &visit.caller.through
            && *organisation != id
        {
            continue;
        }
        let place = engine.organisation(Some(&id)).await?.place();
        mine.push(Mine { place, part: part.into() });
    }
    Ok(mine)
}

async fn password(visit: Visit) -> Result<Response, Problem> {
    let session = visit.session()?;
    let given: Passwords = visit.json()?;
    let accounts = visit.app.engine.accounts()?;
    let begun = accounts.change_password(session, given.old.as_deref(), &given.new).await?;
    renewed(&visit, &begun, json!({}))
}

async fn sessions(visit: Visit) -> Result<Response, Problem> {
    let own = visit.session()?;
    let sessions = visit.app.engine.accounts()?.sessions(&own.account).await?;
    let places: Vec<SignedInAt> = sessions.into_iter().map(|session| place(session, own)).collect();
    answer(&places)
}

fn place(session: Session, own: &Session) -> SignedInAt {
    SignedInAt {
        current: session.id == own.id,
        ends_at: ends_at(&session),
        id: session.id,
        device: session.label,
        address: session.address,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
    }
}

async fn end_sessions(visit: Visit) -> Result<Response, Problem> {
    let own = visit.session()?;
    let ended = visit.app.engine.accounts()?.end_other_sessions(own).await?;
    answer(&Ended { ended })
}

async fn end_session(visit: Visit) -> Result<Response, Problem> {
    let (own, id) = (visit.session()?, visit.part("session"));
    if !visit.app.engine.accounts()?.end_session(&own.account, id).await? {
        return Err(Problem::not_found(format!("session {id}")));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
