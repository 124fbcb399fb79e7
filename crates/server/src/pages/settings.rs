//! Settings, for owners: who takes part, who is invited, which tokens there are, what happened at the door, and where the rest
//! is set.

mod invitations;
mod members;
mod part;

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;
use surety_aims::{Kind, RecordId, Ref};
use surety_engine::{View, accounts::SecurityEntry, sheets::People};
use surety_reports::{
    sheet::{Cell, Column, Kind as Holds, Sheet},
    views::words,
};

use super::account::TokenRow;
use crate::{
    call::Call,
    endpoint::{Asks, Endpoint, handler},
    html::{self, Choice, Listing, ListingPage, Shell, Shows, capitalised, moment},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/settings/tokens",
        "tokensPage",
        "The API tokens of the organisation.",
        handler!(Organisation, tokens),
    )
    .asks(Asks::Administer),
    Endpoint::form(
        "/settings/tokens/{token}/revoke",
        "revokeAnyTokenForm",
        "End anybody's token.",
        handler!(Organisation, revoke),
    )
    .asks(Asks::Administer),
    Endpoint::page(
        "/settings/security",
        "securityPage",
        "What happened at the door.",
        handler!(Organisation, security),
    )
    .listing()
    .asks(Asks::Administer),
    Endpoint::page(
        "/settings/more",
        "morePage",
        "Where the rest is set.",
        handler!(Organisation, more),
    )
    .asks(Asks::Administer),
];

pub(crate) use self::{invitations::ENDPOINTS as INVITATIONS, members::ENDPOINTS as MEMBERS};

/// The parts of the settings: name and path.
const PARTS: &[(&str, &str)] = &[
    ("Members", "/settings"),
    ("Invitations", "/settings/invitations"),
    ("API tokens", "/settings/tokens"),
    ("Security events", "/settings/security"),
    ("More", "/settings/more"),
];

fn tabs(shell: &Shell, current: &str) -> Vec<Choice> {
    let tab = |(name, path): &(&str, &str)| Choice {
        name: (*name).to_owned(),
        value: shell.link(path),
        chosen: *path == current,
    };
    PARTS.iter().map(tab).collect()
}

#[derive(Template)]
#[template(path = "settings_tokens.html")]
struct TokensPage {
    shell: Shell,
    tabs: Vec<Choice>,
    rows: Vec<(TokenRow, String)>,
    /// Where forms go; none in the past.
    action: Option<String>,
}

async fn tokens(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let lead = "Programs that ask in somebody's name. Everybody issues their own, on the page of their account.";
    let shell = Shell::of(&call, &view, "Settings", lead).await?;
    let accounts = call.app.engine.accounts()?;
    let mut rows = Vec::new();
    for token in accounts.tokens(call.names().0).await? {
        let member = accounts.member(call.names().0, &token.account).await?;
        let whose = member.map_or_else(|| token.account.clone(), |member| member.account.name);
        rows.push((TokenRow::from(token), whose));
    }
    let tabs = tabs(&shell, "/settings/tokens");
    let action = action(&shell, "/settings/tokens");
    html::page(&TokensPage { shell, tabs, rows, action })
}

/// Where the forms of a part go; none in the past, in which nothing is changed.
fn action(shell: &Shell, path: &str) -> Option<String> {
    let place = shell.place.as_ref().filter(|place| place.past.is_none())?;
    Some(format!("{}{path}", place.base))
}

async fn revoke(call: Call) -> Result<Response, Problem> {
    let (id, accounts) = (call.part("token"), call.app.engine.accounts()?);
    let tokens = accounts.tokens(call.names().0).await?;
    let token = tokens.iter().find(|token| token.id == id);
    let token = token.ok_or_else(|| Problem::not_found(format!("token {id}")))?;
    accounts.revoke_noted(call.names().0, &call.principal.name, token).await?;
    Ok(html::to(&format!("/o/{}/settings/tokens", call.names().0)))
}

/// Security events on one page, at most; older ones are found among the entries of the ledger.
const EVENTS: usize = 2_000;

async fn security(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let people = call.people().await?;
    let events = call.whole()?.security_events(&view, None, EVENTS).await?;
    let names = Names { view: &view, people: &people, members: members(&call).await? };
    let mut sheet = security_sheet();
    events.iter().for_each(|event| sheet.push(names.row(event)));
    let shows = Shows::rows("security-events", "events", "Nothing happened at the door yet.");
    if let Some(file) = Listing::file(&call, &view, &sheet, &shows).await? {
        return Ok(file);
    }
    let lead = "Who signed in, failed to, was invited, given a token and so on, newest first. Each is an entry of the ledger.";
    let shell = Shell::of(&call, &view, "Settings", lead).await?;
    let listing = Listing::of(&call, &shell, &sheet, shows)?;
    let tabs = tabs(&shell, "/settings/security");
    html::page(&ListingPage { shell, listing, tabs, action: None, import: None })
}

/// What accounts are called.
async fn members(call: &Call) -> Result<Vec<(String, String)>, Problem> {
    let members = call.app.engine.accounts()?.members(call.names().0).await?;
    Ok(members.into_iter().map(|member| (member.account.id, member.account.name)).collect())
}

fn security_sheet() -> Sheet {
    let columns = vec![
        Column::new("entry", "Entry", Holds::Number),
        Column::new("at", "When", Holds::Text),
        Column::new("what", "What", Holds::Text),
        Column::new("account", "Account", Holds::Text),
        Column::new("by", "With", Holds::Text),
        Column::new("actor", "Who did it", Holds::Text),
        Column::new("role", "Role", Holds::Text),
        Column::new("about", "Token, session or invitation", Holds::Id),
    ];
    Sheet::new("Security", "Security events", columns)
}

struct Names<'a> {
    view: &'a View,
    people: &'a People,
    members: Vec<(String, String)>,
}

impl Names<'_> {
    fn row(&self, entry: &SecurityEntry) -> Vec<Cell> {
        let event = &entry.event;
        let role =
            event.role.map(|role| words(&surety_engine::accounts::name_of(role)).into_owned());
        vec![
            i64::try_from(entry.seq).unwrap_or(i64::MAX).into(),
            Cell::text(at(entry.at)),
            Cell::text(capitalised(&words(&event.what.name()))),
            Cell::text(event.account.as_deref().map(|id| self.account(id)).unwrap_or_default()),
            Cell::text(event.by.as_deref().map(|by| words(by).into_owned()).unwrap_or_default()),
            Cell::text(self.actor(&entry.actor)),
            Cell::text(role.unwrap_or_default()),
            Cell::text(event.about.clone().unwrap_or_default()),
        ]
    }

    fn account(&self, id: &str) -> String {
        let known = self.members.iter().find(|(known, _)| known == id);
        known.map_or_else(|| id.to_owned(), |(_, name)| name.clone())
    }

    fn actor(&self, name: &str) -> String {
        match name.parse::<RecordId>() {
            Ok(id) if id.kind == Kind::Person => {
                self.people.name(self.view.book(), Ref::new(id.number))
            }
            Ok(_) | Err(_) => self.account(name),
        }
    }
}

/// To the second, and such that text in its order is time in its order.
fn at(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

#[derive(Template)]
#[template(path = "settings_more.html")]
struct MorePage {
    shell: Shell,
    tabs: Vec<Choice>,
    places: Vec<Elsewhere>,
}

/// A kind of record that sets something.
struct Elsewhere {
    name: String,
    says: &'static str,
    href: String,
    count: usize,
}

/// Kinds that set something, and what.
const ELSEWHERE: &[(Kind, &str)] = &[
    (
        Kind::Organisation,
        "What the organisation is, where it works, and whether one person runs it alone.",
    ),
    (Kind::Framework, "The standards and laws that are in use, in which version, since when."),
    (Kind::CustomField, "Fields of your own on any kind of record."),
    (Kind::Authority, "To whom incidents are reported, beside those that the law names."),
    (Kind::ReportingClock, "Reporting deadlines of your own, beside those that the law sets."),
    (Kind::RoleAssignment, "Who answers for what in the management system."),
];

async fn more(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let lead = "What is set by records, each with its history and its life cycle.";
    let shell = Shell::of(&call, &view, "Settings", lead).await?;
    let elsewhere = |(kind, says): &(Kind, &'static str)| Elsewhere {
        name: super::records::heading(*kind),
        says,
        href: shell.link(format!("/records/{kind}")),
        count: view.book().of_kind(*kind).filter(|record| record.is_live()).count(),
    };
    let places = ELSEWHERE.iter().map(elsewhere).collect();
    let tabs = tabs(&shell, "/settings/more");
    html::page(&MorePage { shell, tabs, places })
}

/// When something ends, in words.
fn until(end: Option<Timestamp>) -> String {
    end.map(moment).unwrap_or_default()
}
