//! Invitations: given by owners, taken by whoever holds the link.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use surety_engine::accounts::{self, Inviter, Part};

use super::{
    me::Membership,
    members::GivenPart,
    sign_in::{begun_session, post, renewed},
};
use crate::{
    call::{Asked, Call, Visit, json as answer},
    endpoint::{Asks, Endpoint, Gives, Method, Takes, handler, of},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/invitations",
        "listInvitations",
        "Invitations that nobody has taken.",
        handler!(Organisation, list),
    )
    .asks(Asks::Administer)
    .gives(Gives::Json(of::<Vec<Invitation>>)),
    Endpoint {
        method: Method::Post,
        ..Endpoint::get(
            "/invitations",
            "invite",
            "Invite an address. Gives a secret, which is shown once; handing it over is up to you.",
            handler!(Organisation, invite),
        )
    }
    .asks(Asks::Administer)
    .takes(Takes::Json(of::<NewInvitation>))
    .example(r#"{ "email": "ana@audit.example", "role": "auditor", "expires_at": "2027-01-01T00:00:00Z", "as_of": "2026-06-30" }"#)
    .gives(Gives::Created(of::<InvitationIssued>)),
    Endpoint {
        method: Method::Delete,
        ..Endpoint::get(
            "/invitations/{invitation}",
            "withdrawInvitation",
            "Withdraw an invitation.",
            handler!(Organisation, withdraw),
        )
    }
    .asks(Asks::Administer)
    .gives(Gives::Nothing),
    post(
        "/invitations/show",
        "showInvitation",
        "What an invitation says, for whoever holds its secret.",
        handler!(Anybody, show),
    )
    .takes(Takes::Json(of::<Secret>))
    .example(r#"{ "secret": "Wm3f..." }"#)
    .gives(Gives::Json(of::<Shown>))
    .also(&[403, 404]),
    post(
        "/invitations/join",
        "joinWithNewAccount",
        "Accept an invitation for a new account, which is signed in then.",
        handler!(Anybody, join),
    )
    .takes(Takes::Json(of::<NewAccount>))
    .example(r#"{ "secret": "Wm3f...", "name": "Ana Auditor", "password": "heron lantern gravel whistle" }"#)
    .gives(Gives::Json(of::<Joined>))
    .also(&[403, 404, 409]),
    post(
        "/invitations/accept",
        "acceptInvitation",
        "Accept an invitation for the account that is signed in.",
        handler!(Account, accept),
    )
    .takes(Takes::Json(of::<Secret>))
    .example(r#"{ "secret": "Wm3f..." }"#)
    .gives(Gives::Json(of::<Joined>))
    .also(&[403, 404, 409]),
];

#[derive(Deserialize, JsonSchema)]
struct NewInvitation {
    email: String,
    /// When the invitation ends; seven days from now if not given.
    invitation_expires_at: Option<Timestamp>,
    #[serde(flatten)]
    part: GivenPart,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Secret {
    secret: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    secret: String,
    name: String,
    password: String,
}

/// An invitation.
#[derive(Serialize, JsonSchema)]
struct Invitation {
    id: String,
    email: String,
    /// The account that invites.
    invited_by: String,
    created_at: Timestamp,
    invitation_expires_at: Timestamp,
    #[serde(flatten)]
    part: Membership,
}

#[derive(Serialize, JsonSchema)]
struct InvitationIssued {
    /// To be handed over.
    secret: String,
    invitation: Invitation,
}

/// An invitation as whoever is invited sees it.
#[derive(Serialize, JsonSchema)]
struct Shown {
    organisation: String,
    /// Its name.
    name: String,
    email: String,
    role: surety_aims::Role,
    expires_at: Timestamp,
}

#[derive(Serialize, JsonSchema)]
struct Joined {
    csrf_token: String,
    /// The organisation, if it was accepted by an account that was there.
    organisation: Option<String>,
}

fn listed(invitation: accounts::Invitation) -> Invitation {
    Invitation {
        id: invitation.id,
        email: invitation.email,
        invited_by: invitation.invited_by,
        created_at: invitation.created_at,
        invitation_expires_at: invitation.expires_at,
        part: invitation.part.into(),
    }
}

async fn list(call: Call) -> Result<Response, Problem> {
    let invitations = call.app.engine.accounts()?.invitations(call.names().0).await?;
    let invitations: Vec<Invitation> = invitations.into_iter().map(listed).collect();
    answer(&invitations)
}

async fn invite(call: Call) -> Result<Response, Problem> {
    let given: NewInvitation = call.json()?;
    let part = Part::from(given.part);
    let inviter = Inviter { account: &call.caller.account, name: &call.principal.name };
    let (ends, accounts) = (given.invitation_expires_at, call.app.engine.accounts()?);
    let issued = accounts.invite(call.names().0, &inviter, &given.email, &part, ends).await?;
    let issued = InvitationIssued { secret: issued.secret, invitation: listed(issued.invitation) };
    Ok((StatusCode::CREATED, answer(&issued)?).into_response())
}

async fn withdraw(call: Call) -> Result<Response, Problem> {
    let id = call.part("invitation");
    let accounts = call.app.engine.accounts()?;
    if !accounts.withdraw_invitation(call.names().0, &call.principal.name, id).await? {
        return Err(Problem::not_found(format!("invitation {id}")));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn show(asked: Asked) -> Result<Response, Problem> {
    let given: Secret = asked.json()?;
    let invitation = asked.app.engine.accounts()?.invitation(&given.secret).await?;
    let aims = asked.app.engine.organisation(Some(&invitation.organisation)).await?;
    answer(&Shown {
        name: aims.name().to_owned(),
        organisation: invitation.organisation,
        email: invitation.email,
        role: invitation.part.role,
        expires_at: invitation.expires_at,
    })
}

async fn join(asked: Asked) -> Result<Response, Problem> {
    let NewAccount { secret, name, password } = asked.json()?;
    let accounts = asked.app.engine.accounts()?;
    let browser = asked.browser();
    let begun = accounts.accept_with_new_account(&secret, &name, &password, &browser).await?;
    begun_session(&asked, &begun)
}

async fn accept(visit: Visit) -> Result<Response, Problem> {
    let given: Secret = visit.json()?;
    let accounts = visit.app.engine.accounts()?;
    let (organisation, begun) = accounts.accept(visit.session()?, &given.secret).await?;
    renewed(&visit, &begun, json!({ "organisation": organisation }))
}
