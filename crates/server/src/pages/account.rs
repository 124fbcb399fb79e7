//! One's own account: what one is called, what one signs in with, where one is signed in, one's tokens.
//!
//! Every form leads back here. What is shown once, codes and tokens, is the answer to its form, as nobody keeps it.

mod factors;
mod tokens;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use surety_engine::accounts::{Factors, ListedPasskey, Session, ends_at};

use self::tokens::TokenPlace;
use crate::{
    api::sign_in::with_session,
    call::Visit,
    endpoint::{Asks, Endpoint, Is, handler, param},
    html::{self, Shell, moment},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page("/account", "accountPage", "One's own account.", handler!(Account, show))
        .asks(Asks::Nothing)
        .query(&[param("done", Is::Text, "What has just been done.")]),
    Endpoint::form("/account/name", "nameForm", "Change one's name.", handler!(Account, rename)),
    Endpoint::form(
        "/account/password",
        "passwordForm",
        "Set one's password.",
        handler!(Account, password),
    ),
    Endpoint::form(
        "/account/sessions/end",
        "endSessionsForm",
        "End all other sessions.",
        handler!(Account, end_others),
    ),
    Endpoint::form(
        "/account/sessions/{session}/end",
        "endSessionForm",
        "End a session.",
        handler!(Account, end_one),
    ),
];

pub(super) use self::tokens::{SecretPage, TokenRow, end_of};
pub(crate) use self::{factors::ENDPOINTS as FACTORS, tokens::ENDPOINTS as TOKENS};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    shell: Shell,
    done: &'static str,
    /// What is wrong: the id of the field, or of the form that it concerns, and what to do.
    errors: Vec<(String, String)>,
    email: String,
    name: String,
    has_password: bool,
    factors: Factors,
    /// Whether signing in was so short ago that factors can be changed.
    is_fresh: bool,
    passkeys: Vec<Passkey>,
    sessions: Vec<SignedIn>,
    places: Vec<TokenPlace>,
}

struct Passkey {
    id: String,
    name: String,
    created: String,
    used: String,
}

/// A session.
struct SignedIn {
    id: String,
    device: String,
    address: String,
    began: String,
    seen: String,
    ends: String,
    is_this: bool,
}

impl AccountPage {
    /// What is wrong with a field.
    fn error(&self, field: &str) -> Option<&str> {
        let found = self.errors.iter().find(|(known, _)| known == field);
        found.map(|(_, message)| message.as_str())
    }

    /// Whether what one signs in with beside the password would be gone with one more of it.
    fn is_last_factor(&self, passkey: bool) -> bool {
        let others = if passkey { self.factors.totp } else { self.factors.passkeys > 0 };
        self.has_password && !others && (!passkey || self.factors.passkeys == 1)
    }
}

/// What has just been done, by the word that addresses say it with.
const DONE: &[(&str, &str)] = &[
    ("name", "Your name is changed."),
    ("password", "Your password is set. All other sessions have ended."),
    ("totp-removed", "No codes are asked for any more."),
    ("passkey-removed", "The passkey is removed."),
    ("session", "The session has ended."),
    ("sessions", "All other sessions have ended."),
    ("token", "The token has ended."),
];

async fn show(visit: Visit) -> Result<Response, Problem> {
    html::page(&page(&visit).await?)
}

async fn page(visit: &Visit) -> Result<AccountPage, Problem> {
    let own = visit.session()?;
    let accounts = visit.app.engine.accounts()?;
    let account = accounts.known(&own.account).await?;
    let done = visit.text("done")?.unwrap_or_default();
    let done = DONE.iter().find(|(word, _)| *word == done).map(|(_, says)| *says);
    let shell = Shell::of_visit(visit, "Your account", "").with_script("passkey.js");
    Ok(AccountPage {
        shell,
        done: done.unwrap_or_default(),
        errors: Vec::new(),
        factors: accounts.factors(&account).await?,
        is_fresh: accounts.is_fresh(own),
        passkeys: accounts.passkeys(&own.account).await?.into_iter().map(passkey).collect(),
        sessions: sessions(accounts.sessions(&own.account).await?, own),
        places: tokens::places(visit).await?,
        has_password: account.password_hash.is_some(),
        email: account.email,
        name: account.name,
    })
}

fn passkey(listed: ListedPasskey) -> Passkey {
    Passkey {
        id: listed.id,
        name: listed.name,
        created: moment(listed.created_at),
        used: listed.last_used_at.map(moment).unwrap_or_default(),
    }
}

/// This session first, then those that were used last.
fn sessions(all: Vec<Session>, own: &Session) -> Vec<SignedIn> {
    let mut all = all;
    all.sort_by_key(|one| (one.id != own.id, std::cmp::Reverse(one.last_seen_at)));
    let signed_in = |session: Session| SignedIn {
        is_this: session.id == own.id,
        ends: moment(ends_at(&session)),
        device: session.label,
        address: session.address.unwrap_or_default(),
        began: moment(session.created_at),
        seen: moment(session.last_seen_at),
        id: session.id,
    };
    all.into_iter().map(signed_in).collect()
}

/// The page again with what is wrong with `form`; what is nobody's mistake is a problem as everywhere.
async fn again(visit: &Visit, form: &str, problem: Problem) -> Result<Response, Problem> {
    if !problem.is_about_input() {
        return Err(problem);
    }
    let faults = problem.faults().map(|(field, says)| (format!("{form}-{field}"), says.to_owned()));
    let mut errors: Vec<_> = faults.collect();
    if errors.is_empty() {
        errors.push((form.to_owned(), problem.detail.clone()));
    }
    let page = AccountPage { errors, ..page(visit).await? };
    html::rendered(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn done(what: &str) -> Response {
    html::to(&format!("/account?done={what}"))
}

/// The same once what one signs in with has changed: the session goes on under another id.
async fn renewed(visit: &Visit, what: &str) -> Result<Response, Problem> {
    let begun = visit.app.engine.accounts()?.renew_session(visit.session()?).await?;
    Ok(with_session(visit, &begun, done(what)))
}

async fn rename(visit: Visit) -> Result<Response, Problem> {
    let accounts = visit.app.engine.accounts()?;
    let account = accounts.known(&visit.session()?.account).await?;
    match accounts.rename(&account, visit.field("name")).await {
        Ok(()) => Ok(done("name")),
        Err(error) => again(&visit, "name", error.into()).await,
    }
}

async fn password(visit: Visit) -> Result<Response, Problem> {
    let accounts = visit.app.engine.accounts()?;
    let old = Some(visit.field("old")).filter(|old| !old.is_empty());
    match accounts.change_password(visit.session()?, old, visit.field("new")).await {
        Ok(begun) => Ok(with_session(&visit, &begun, done("password"))),
        Err(error) => again(&visit, "password", error.into()).await,
    }
}

async fn end_others(visit: Visit) -> Result<Response, Problem> {
    visit.app.engine.accounts()?.end_other_sessions(visit.session()?).await?;
    Ok(done("sessions"))
}

async fn end_one(visit: Visit) -> Result<Response, Problem> {
    let (own, id) = (visit.session()?, visit.part("session"));
    if !visit.app.engine.accounts()?.end_session(&own.account, id).await? {
        return Err(Problem::not_found(format!("session {id}")));
    }
    Ok(done("session"))
}
