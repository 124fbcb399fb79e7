//! Members: who takes part, as what, until when.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use surety_aims::Ref;
use surety_engine::accounts::{Member, Part, name_of};
use surety_reports::views::words;

use super::{
    PARTS, action,
    part::{PartFields, given},
    tabs, until,
};
use crate::{
    call::Call,
    endpoint::{Asks, Endpoint, handler},
    html::{self, Choice, Shell, capitalised, day},
    pages::{account::SecretPage, links},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page("/settings", "membersPage", "Who takes part.", handler!(Organisation, list))
        .asks(Asks::Administer),
    Endpoint::page(
        "/settings/members/{account}",
        "memberPage",
        "The part of a member.",
        handler!(Organisation, show),
    )
    .asks(Asks::Administer),
    Endpoint::form(
        "/settings/members/{account}",
        "memberForm",
        "Change the part of a member.",
        handler!(Organisation, change),
    )
    .asks(Asks::Administer),
    Endpoint::form(
        "/settings/members/{account}/end",
        "endMemberForm",
        "End a member's part.",
        handler!(Organisation, end),
    )
    .asks(Asks::Administer),
    Endpoint::form(
        "/settings/members/{account}/sessions",
        "endMemberSessionsForm",
        "End all sessions of a member.",
        handler!(Organisation, end_sessions),
    )
    .asks(Asks::Administer),
    Endpoint::form(
        "/settings/members/{account}/password-link",
        "memberPasswordLinkForm",
        "Make a link that sets a member's password.",
        handler!(Organisation, password_link),
    )
    .asks(Asks::Administer),
];

#[derive(Template)]
#[template(path = "settings_members.html")]
struct MembersPage {
    shell: Shell,
    tabs: Vec<Choice>,
    members: Vec<Row>,
    may_invite: bool,
}

/// A member in the list.
struct Row {
    href: String,
    name: String,
    email: String,
    role: String,
    person: String,
    /// What limits the part.
    limits: Vec<String>,
    /// Why it lets nobody in.
    closed: &'static str,
}

async fn list(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let people = call.people().await?;
    let lead = "Who takes part in the management system, as what, and until when.";
    let shell = Shell::of(&call, &view, "Settings", lead).await?;
    let members = call.app.engine.accounts()?.members(call.names().0).await?;
    let row = |member: Member| {
        let person = member.part.person.map(|id| people.name(view.book(), Ref::new(id.number)));
        Row {
            href: shell.link(format!("/settings/members/{}", member.account.id)),
            role: capitalised(&words(&name_of(member.part.role))),
            person: person.unwrap_or_default(),
            limits: limits(&member.part),
            closed: match (member.account.disabled, member.expired) {
                (true, _) => "barred",
                (false, true) => "over",
                (false, false) => "",
            },
            name: member.account.name,
            email: member.account.email,
        }
    };
    let mut members: Vec<_> = members.into_iter().map(row).collect();
    members.sort_by(|one, other| one.name.cmp(&other.name));
    let may_invite = action(&shell, "").is_some();
    let tabs = tabs(&shell, PARTS.first().map_or("", |(_, path)| path));
    html::page(&MembersPage { shell, tabs, members, may_invite })
}

/// What limits a part, in words.
pub(super) fn limits(part: &Part) -> Vec<String> {
    let mut limits = Vec::new();
    if part.expires_at.is_some() {
        limits.push(format!("until {}", until(part.expires_at)));
    }
    if let Some(newest) = part.until {
        limits.push(format!("sees nothing after {}", day(newest)));
    }
    if !part.systems.is_empty() {
        let systems: Vec<_> = part.systems.iter().map(ToString::to_string).collect();
        limits.push(format!("sees {} alone", systems.join(", ")));
    }
    limits
}

#[derive(Template)]
#[template(path = "settings_member.html")]
struct MemberPage {
    shell: Shell,
    name: String,
    email: String,
    back: String,
    /// Where forms go; none in the past.
    action: Option<String>,
    fields: PartFields,
    error: String,
}

/// The member in the path: of other accounts nobody learns whether they are there.
async fn known(call: &Call) -> Result<Member, Problem> {
    let account = call.part("account");
    let member = call.app.engine.accounts()?.member(call.names().0, account).await?;
    member.ok_or_else(|| Problem::not_found(format!("member {account}")))
}

async fn show(call: Call) -> Result<Response, Problem> {
    let member = known(&call).await?;
    let part = member.part.clone();
    html::page(&page(&call, member, &part, String::new()).await?)
}

async fn page(
    call: &Call,
    member: Member,
    part: &Part,
    error: String,
) -> Result<MemberPage, Problem> {
    let view = call.view().await?;
    let people = call.people().await?;
    let shell = Shell::of(call, &view, &member.account.name, "").await?;
    let path = format!("/settings/members/{}", member.account.id);
    Ok(MemberPage {
        back: shell.link("/settings"),
        action: action(&shell, &path),
        fields: PartFields::of(part, &view, &people),
        name: member.account.name,
        email: member.account.email,
        error,
        shell,
    })
}

/// The page again with what is wrong; what is nobody's mistake is a problem as everywhere.
async fn again(
    call: &Call,
    member: Member,
    part: &Part,
    problem: Problem,
) -> Result<Response, Problem> {
    if !problem.is_about_input() && problem.status != StatusCode::NOT_FOUND {
        return Err(problem);
    }
    let page = page(call, member, part, problem.detail.clone()).await?;
    html::rendered(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn list_address(call: &Call) -> String {
    format!("/o/{}/settings", call.names().0)
}

async fn change(call: Call) -> Result<Response, Problem> {
    let member = known(&call).await?;
    let part = match given(&call) {
        Ok(part) => part,
        Err(problem) => {
            let before = member.part.clone();
            return again(&call, member, &before, problem).await;
        }
    };
    let accounts = call.app.engine.accounts()?;
    let by = &call.principal.name;
    match accounts.admit(call.names().0, by, &member.account.id, &part).await {
        Ok(()) => Ok(html::to(&list_address(&call))),
        Err(error) => again(&call, member, &part, error.into()).await,
    }
}

async fn end(call: Call) -> Result<Response, Problem> {
    let member = known(&call).await?;
    let accounts = call.app.engine.accounts()?;
    let ended = accounts.dismiss(call.names().0, &call.principal.name, &member.account.id).await;
    match ended {
        Ok(_) => Ok(html::to(&list_address(&call))),
        Err(error) => {
            let part = member.part.clone();
            again(&call, member, &part, error.into()).await
        }
    }
}

async fn end_sessions(call: Call) -> Result<Response, Problem> {
    let id = known(&call).await?.account.id;
    let accounts = call.app.engine.accounts()?;
    accounts.end_sessions_of_member(call.names().0, &call.principal.name, &id).await?;
    Ok(html::to(&format!("{}/members/{id}", list_address(&call))))
}

async fn password_link(call: Call) -> Result<Response, Problem> {
    let member = known(&call).await?;
    let accounts = call.app.engine.accounts()?;
    let (organisation, by) = (call.names().0, &call.principal.name);
    let made = accounts.member_password_link(organisation, by, &member.account.id).await;
    let secret = match made {
        Ok(secret) => secret,
        Err(error) => {
            let part = member.part.clone();
            return again(&call, member, &part, error.into()).await;
        }
    };
    let view = call.view().await?;
    let says = format!(
        "Hand it to {} yourself, on a way that you trust: it sets the password once, within three days. It is shown this once.",
        member.account.name
    );
    html::page(&SecretPage {
        shell: Shell::of(&call, &view, "A link that sets a password", "").await?,
        label: "Link",
        secret: links::link(&call.app.config.origin()?, links::Page::Password, &secret),
        says,
        back: list_address(&call),
    })
}
