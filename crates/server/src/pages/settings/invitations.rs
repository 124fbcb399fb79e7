//! Invitations that nobody has taken yet.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use surety_aims::Role;
use surety_engine::accounts::{Invitation, Inviter, Part, name_of};
use surety_reports::views::words;

use super::{
    action,
    members::limits,
    part::{PartFields, given},
    tabs,
};
use crate::{
    call::Call,
    endpoint::{Asks, Endpoint, handler},
    html::{self, Choice, Shell, capitalised, moment},
    pages::{account::SecretPage, links},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/settings/invitations",
        "invitationsPage",
        "Invitations that nobody has taken.",
        handler!(Organisation, list),
    )
    .asks(Asks::Administer),
    Endpoint::form(
        "/settings/invitations",
        "inviteForm",
        "Invite an address.",
        handler!(Organisation, invite),
    )
    .asks(Asks::Administer),
    Endpoint::form(
        "/settings/invitations/{invitation}/withdraw",
        "withdrawInvitationForm",
        "Withdraw an invitation.",
        handler!(Organisation, withdraw),
    )
    .asks(Asks::Administer),
];

#[derive(Template)]
#[template(path = "settings_invitations.html")]
struct InvitationsPage {
    shell: Shell,
    tabs: Vec<Choice>,
    rows: Vec<Row>,
    /// Where forms go; none in the past.
    action: Option<String>,
    email: String,
    fields: PartFields,
    error: String,
}

struct Row {
    id: String,
    email: String,
    role: String,
    limits: Vec<String>,
    invited: String,
    expires: String,
}

async fn list(call: Call) -> Result<Response, Problem> {
    html::page(&page(&call, &Part::of(Role::Viewer), String::new()).await?)
}

async fn page(call: &Call, part: &Part, error: String) -> Result<InvitationsPage, Problem> {
    let view = call.view().await?;
    let people = call.people().await?;
    let lead = "Whoever holds the link of an invitation takes part. It is handed over by you, as Surety sends no mail.";
    let shell = Shell::of(call, &view, "Settings", lead).await?;
    let path = "/settings/invitations";
    let invitations = call.app.engine.accounts()?.invitations(call.names().0).await?;
    Ok(InvitationsPage {
        tabs: tabs(&shell, path),
        rows: invitations.into_iter().map(row).collect(),
        action: action(&shell, path),
        email: call.field("email").to_owned(),
        fields: PartFields::of(part, &view, &people),
        error,
        shell,
    })
}

fn row(invitation: Invitation) -> Row {
    Row {
        role: capitalised(&words(&name_of(invitation.part.role))),
        limits: limits(&invitation.part),
        invited: moment(invitation.created_at),
        expires: moment(invitation.expires_at),
        id: invitation.id,
        email: invitation.email,
    }
}

async fn invite(call: Call) -> Result<Response, Problem> {
    let part = match given(&call) {
        Ok(part) => part,
        Err(problem) => return again(&call, &Part::of(Role::Viewer), problem).await,
    };
    let accounts = call.app.engine.accounts()?;
    let inviter = Inviter { account: &call.caller.account, name: &call.principal.name };
    let invited = accounts.invite(call.names().0, &inviter, call.field("email"), &part, None).await;
    let issued = match invited {
        Ok(issued) => issued,
        Err(error) => return again(&call, &part, error.into()).await,
    };
    let view = call.view().await?;
    let says = format!(
        "Hand it to {} yourself, on a way that you trust: whoever holds it takes part, once, until {}. It is shown this once.",
        issued.invitation.email,
        moment(issued.invitation.expires_at)
    );
    html::page(&SecretPage {
        shell: Shell::of(&call, &view, "The link of the invitation", "").await?,
        label: "Link",
        secret: links::link(&call.app.config.origin()?, links::Page::Invitation, &issued.secret),
        says,
        back: address(&call),
    })
}

fn address(call: &Call) -> String {
    format!("/o/{}/settings/invitations", call.names().0)
}

async fn again(call: &Call, part: &Part, problem: Problem) -> Result<Response, Problem> {
    if !problem.is_about_input() && problem.status != StatusCode::NOT_FOUND {
        return Err(problem);
    }
    let faults: Vec<_> = problem
        .faults()
        .map(|(field, says)| format!("{} {says}", capitalised(&words(field))))
        .collect();
    let error = if faults.is_empty() { problem.detail.clone() } else { faults.join("; ") };
    html::rendered(StatusCode::UNPROCESSABLE_ENTITY, &page(call, part, error).await?)
}

async fn withdraw(call: Call) -> Result<Response, Problem> {
    let id = call.part("invitation");
    let accounts = call.app.engine.accounts()?;
    if !accounts.withdraw_invitation(call.names().0, &call.principal.name, id).await? {
        return Err(Problem::not_found(format!("invitation {id}")));
    }
    Ok(html::to(&address(&call)))
}
