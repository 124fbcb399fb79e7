//! Where links lead that were handed to somebody: setting a password, accepting an invitation.
//!
//! The secret of a link stands behind its `#`, which browsers keep to themselves: it reaches no log and no referrer. A script
//! puts it into the form; without one, whoever holds the link pastes it there.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use surety_engine::accounts::{self, Session, csrf_of, name_of};
use surety_reports::views::words;

use crate::{
    api::sign_in::with_session,
    call::{Asked, Visit},
    endpoint::{Asks, Endpoint, handler},
    html::{self, Shell, moment},
    problem::Problem,
    session_cookie,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page(
        "/password",
        "passwordLinkPage",
        "Set a password by a link.",
        handler!(Anybody, password_page),
    )
    .asks(Asks::Nothing),
    Endpoint::form(
        "/password",
        "passwordLinkForm",
        "Set a password with the secret of a link.",
        handler!(Anybody, set_password),
    ),
    Endpoint::page(
        "/invitation",
        "invitationPage",
        "Open an invitation.",
        handler!(Anybody, invitation_page),
    )
    .asks(Asks::Nothing),
    Endpoint::form(
        "/invitation",
        "invitationForm",
        "What an invitation says.",
        handler!(Anybody, open),
    ),
    Endpoint::form(
        "/invitation/join",
        "joinForm",
        "Accept an invitation for a new account.",
        handler!(Anybody, join),
    ),
    Endpoint::form(
        "/invitation/accept",
        "acceptForm",
        "Accept an invitation for the account that is signed in.",
        handler!(Account, accept),
    ),
];

/// The address of a page with a secret, as it is handed over.
pub fn link(origin: &str, page: Page, secret: &str) -> String {
    format!("{}/{}#{secret}", origin.trim_end_matches('/'), page.name())
}

/// A page that a link leads to.
#[derive(Clone, Copy, Debug)]
pub enum Page {
    Password,
    Invitation,
}

impl Page {
    fn name(self) -> &'static str {
        match self {
            Page::Password => "password",
            Page::Invitation => "invitation",
        }
    }
}

/// The secret as somebody gave it: alone, or with the link before it.
fn secret(asked: &Asked) -> &str {
    let given = asked.field("secret").trim();
    given.rsplit_once('#').map_or(given, |(_, secret)| secret)
}

#[derive(Template)]
#[template(path = "password_link.html")]
struct PasswordPage {
    shell: Shell,
    secret: String,
    error: String,
    is_set: bool,
}

async fn password_page(asked: Asked) -> Result<Response, Problem> {
    html::page(&password_link(&asked, String::new()))
}

fn password_link(asked: &Asked, error: String) -> PasswordPage {
    let shell = Shell::plain("Set your password", "").coloured(&asked.headers);
    let shell = shell.with_script("link.js");
    PasswordPage { shell, secret: secret(asked).to_owned(), error, is_set: false }
}

async fn set_password(asked: Asked) -> Result<Response, Problem> {
    let accounts = asked.app.engine.accounts()?;
    let password = asked.field("password");
    let set = accounts.set_password_by_link(secret(&asked), password, &asked.browser()).await;
    match set.map_err(Problem::from) {
        Ok(_) => {
            let lead = "Everybody who was signed in to your account is so no longer.";
            let shell = Shell::plain("Your password is set", lead).coloured(&asked.headers);
            let (secret, error) = (String::new(), String::new());
            html::page(&PasswordPage { shell, secret, error, is_set: true })
        }
        Err(problem) if problem.is_about_input() => {
            let page = password_link(&asked, says(&problem, "The password"));
            html::rendered(problem.status, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// What is wrong, as a sentence.
fn says(problem: &Problem, what: &str) -> String {
    match problem.faults().next() {
        Some((_, message)) => format!("{what} {message}."),
        None => problem.detail.clone(),
    }
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    shell: Shell,
    secret: String,
    error: String,
    /// What it says, once it is open.
    opened: Option<Opened>,
}

struct Opened {
    organisation: String,
    email: String,
    role: String,
    expires: String,
    /// The token of the session, if whoever is signed in is whom it is for.
    csrf: Option<String>,
    /// Who else is signed in.
    other: Option<String>,
    name: String,
}

async fn invitation_page(asked: Asked) -> Result<Response, Problem> {
    html::page(&closed(&asked, String::new()))
}

/// The page before the secret was given, or after one that opens nothing.
fn closed(asked: &Asked, error: String) -> InvitationPage {
    let lead = "Somebody wants you to take part in an AI management system.";
    let shell = Shell::plain("Invitation", lead).coloured(&asked.headers).with_script("link.js");
    InvitationPage { shell, secret: secret(asked).to_owned(), error, opened: None }
}

async fn open(asked: Asked) -> Result<Response, Problem> {
    show(&asked, StatusCode::OK, String::new()).await
}

/// What the invitation says, with what was wrong with accepting it.
async fn show(asked: &Asked, status: StatusCode, error: String) -> Result<Response, Problem> {
    let accounts = asked.app.engine.accounts()?;
    let invitation = match accounts.invitation(secret(asked)).await.map_err(Problem::from) {
        Ok(invitation) => invitation,
        Err(problem) if problem.is_about_input() => {
            return html::rendered(problem.status, &closed(asked, problem.detail.clone()));
        }
        Err(problem) => return Err(problem),
    };
    let opened = opened(asked, invitation).await?;
    let title = format!("Take part in {}", opened.organisation);
    let shell = Shell::plain(&title, "").coloured(&asked.headers);
    let secret = secret(asked).to_owned();
    html::rendered(status, &InvitationPage { shell, secret, error, opened: Some(opened) })
}

async fn opened(asked: &Asked, invitation: accounts::Invitation) -> Result<Opened, Problem> {
    let engine = &asked.app.engine;
    let organisation = engine.organisation(Some(&invitation.organisation)).await?;
    let session = session(asked).await?;
    let mut opened = Opened {
        organisation: organisation.name().to_owned(),
        role: words(&name_of(invitation.part.role)).into_owned(),
        expires: moment(invitation.expires_at),
        email: invitation.email,
        csrf: None,
        other: None,
        name: asked.field("name").to_owned(),
    };
    if let Some(session) = session {
        let account = engine.accounts()?.known(&session.account).await?;
        if account.email.eq_ignore_ascii_case(&opened.email) {
            opened.csrf = Some(csrf_of(&session));
        } else {
            opened.other = Some(account.email);
        }
    }
    Ok(opened)
}

/// The session that the browser comes with, though it is asked for here by nobody.
async fn session(asked: &Asked) -> Result<Option<Session>, Problem> {
    let Some(cookie) = session_cookie::read(&asked.app.config, &asked.headers) else {
        return Ok(None);
    };
    let caller = asked.app.engine.accounts()?.session_caller(&cookie).await?;
    Ok(caller.and_then(|caller| caller.session().cloned()))
}

async fn join(asked: Asked) -> Result<Response, Problem> {
    let (name, password) = (asked.field("name"), asked.field("password"));
    let accounts = asked.app.engine.accounts()?;
    let browser = asked.browser();
    let joined = accounts.accept_with_new_account(secret(&asked), name, password, &browser).await;
    match joined.map_err(Problem::from) {
        Ok(begun) => Ok(with_session(&asked, &begun, html::to("/"))),
        Err(problem) if problem.is_about_input() => {
            show(&asked, StatusCode::UNPROCESSABLE_ENTITY, says(&problem, "The password")).await
        }
        Err(problem) => Err(problem),
    }
}

async fn accept(visit: Visit) -> Result<Response, Problem> {
    let accounts = visit.app.engine.accounts()?;
    let (organisation, begun) = accounts.accept(visit.session()?, secret(&visit)).await?;
    Ok(with_session(&visit, &begun, html::to(&format!("/o/{organisation}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_of_a_link_stands_behind_what_browsers_send() {
        for origin in ["https://surety.example", "https://surety.example/"] {
            let link = link(origin, Page::Password, "Wm3f");
            assert_eq!(link, "https://surety.example/password#Wm3f");
        }
    }
}
