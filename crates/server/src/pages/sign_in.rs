//! Signing in and out in a browser. The same steps as in the API, as forms.

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::Response,
};
use surety_engine::accounts::{self, Code, SecondFactor, SignedIn};

use super::home::next;
use crate::{
    api::sign_in::with_session,
    call::{Asked, Visit},
    endpoint::{Asks, Endpoint, Is, handler, param},
    html::{self, Shell},
    problem::Problem,
    session_cookie,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::page("/sign-in", "signInPage", "Sign in.", handler!(Anybody, page))
        .asks(Asks::Nothing)
        .query(&[param("next", Is::Text, "The page to go on to.")]),
    Endpoint::form("/sign-in", "signInForm", "Sign in by password.", handler!(Anybody, sign_in)),
    Endpoint::form("/sign-in/code", "codeForm", "The second factor.", handler!(Anybody, code)),
    Endpoint::form("/sign-out", "signOutForm", "Sign out.", handler!(Account, sign_out)),
];

/// Providers of identity that one can sign in through.
struct Provider {
    href: String,
    title: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    shell: Shell,
    next: String,
    email: String,
    error: String,
    providers: Vec<Provider>,
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct CodePage {
    shell: Shell,
    next: String,
    secret: String,
    totp: bool,
    recovery: bool,
    passkey: bool,
    error: String,
}

async fn page(asked: Asked) -> Result<Response, Problem> {
    html::page(&sign_in_page(&asked, String::new()))
}

fn sign_in_page(asked: &Asked, error: String) -> SignInPage {
    let then = next(asked);
    let provider = |provider: &accounts::oidc::Provider| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query.append_pair("then", then).finish();
        let href = format!("/api/v1/sign-in/oidc/{}?{query}", provider.name);
        Provider { href, title: provider.title().to_owned() }
    };
    SignInPage {
        shell: Shell::plain("Sign in", "").coloured(&asked.headers).with_script("passkey.js"),
        next: then.to_owned(),
        email: asked.field("email").to_owned(),
        error,
        providers: asked.app.config.oidc.providers().map(provider).collect(),
    }
}

async fn sign_in(asked: Asked) -> Result<Response, Problem> {
    let accounts = asked.app.engine.accounts()?;
    let (email, password) = (asked.field("email"), asked.field("password"));
    let tried = accounts.sign_in(email, password, &asked.browser()).await;
    match tried.map_err(Problem::from) {
        Ok(SignedIn::Session(begun)) => Ok(with_session(&asked, &begun, html::to(next(&asked)))),
        Ok(SignedIn::SecondFactor(second)) => html::page(&code_page(&asked, &second)),
        Err(problem) => refused(&problem, &sign_in_page(&asked, problem.detail.clone())),
    }
}

/// The same form again, with what was wrong; what is nobody's mistake is a problem as everywhere.
fn refused(problem: &Problem, page: &impl Template) -> Result<Response, Problem> {
    let mut response = html::rendered(problem.status, page)?;
    if problem.status == StatusCode::UNAUTHORIZED {
        response.headers_mut().remove(header::WWW_AUTHENTICATE);
    }
    Ok(response)
}

fn code_page(asked: &Asked, second: &SecondFactor) -> CodePage {
    CodePage {
        shell: code_shell(asked),
        next: next(asked).to_owned(),
        secret: second.secret.clone(),
        totp: second.totp,
        recovery: second.recovery_code,
        passkey: second.passkey,
        error: String::new(),
    }
}

fn code_shell(asked: &Asked) -> Shell {
    let shell = Shell::plain("One more step", "Show that it is you.");
    shell.coloured(&asked.headers).with_script("passkey.js")
}

async fn code(asked: Asked) -> Result<Response, Problem> {
    let accounts = asked.app.engine.accounts()?;
    let secret = asked.field("second_factor");
    let (totp, recovery) = (asked.field("totp").trim(), asked.field("recovery").trim());
    let code = match recovery {
        "" => Code::Totp(totp.to_owned()),
        _ => Code::Recovery(recovery.to_owned()),
    };
    let tried = accounts.second_factor(secret, &code, &asked.browser()).await;
    match tried.map_err(Problem::from) {
        Ok(begun) => Ok(with_session(&asked, &begun, html::to(next(&asked)))),
        Err(problem) => {
            let is = |name: &str| asked.field(name) == "true";
            let page = CodePage {
                shell: code_shell(&asked),
                next: next(&asked).to_owned(),
                secret: secret.to_owned(),
                totp: is("has_totp"),
                recovery: is("has_recovery"),
                passkey: is("has_passkey"),
                error: problem.detail.clone(),
            };
            refused(&problem, &page)
        }
    }
}

async fn sign_out(visit: Visit) -> Result<Response, Problem> {
    let session = visit.session()?;
    visit.app.engine.accounts()?.end_session(&session.account, &session.id).await?;
    let mut response = html::to("/sign-in");
    response.headers_mut().append(header::SET_COOKIE, session_cookie::taken(&visit.app.config));
    Ok(response)
}
