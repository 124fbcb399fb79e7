//! What one signs in with beside the password: codes by time, recovery codes, passkeys.

use std::fmt::Write as _;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use qrcode::{Color, QrCode};

use super::{again, renewed};
use crate::{
    api::sign_in::with_session,
    call::Visit,
    endpoint::{Endpoint, handler},
    html::{self, Shell},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::form(
        "/account/totp",
        "beginTotpForm",
        "Make a key for an app that shows codes.",
        handler!(Account, begin_totp),
    ),
    Endpoint::form(
        "/account/totp/confirm",
        "confirmTotpForm",
        "Take the key into use, with a code of it.",
        handler!(Account, confirm_totp),
    ),
    Endpoint::form(
        "/account/totp/remove",
        "removeTotpForm",
        "Ask for no codes any more.",
        handler!(Account, remove_totp),
    ),
    Endpoint::form(
        "/account/recovery-codes",
        "recoveryCodesForm",
        "New recovery codes in place of all others.",
        handler!(Account, recovery_codes),
    ),
    Endpoint::form(
        "/account/passkeys/{passkey}/remove",
        "removePasskeyForm",
        "Remove a passkey.",
        handler!(Account, remove_passkey),
    ),
];

/// The new key, and where a code of it is given.
#[derive(Template)]
#[template(path = "account_totp.html")]
struct TotpPage {
    shell: Shell,
    /// The picture of the key; none if it could not be drawn.
    picture: Option<Picture>,
    secret: String,
    uri: String,
    error: String,
}

/// A QR code: its width and height with the quiet zone around, and its dark modules as a path.
struct Picture {
    side: usize,
    path: String,
}

/// Codes that are shown once.
#[derive(Template)]
#[template(path = "account_codes.html")]
struct CodesPage {
    shell: Shell,
    codes: Vec<String>,
}

/// Modules of white around the code, without which it is not read.
const QUIET: usize = 4;

fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::new(text).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (at, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let x = at.checked_rem(width)?.saturating_add(QUIET);
        let y = at.checked_div(width)?.saturating_add(QUIET);
        write!(path, "M{x} {y}h1v1h-1z").ok()?;
    }
    Some(Picture { side: width.saturating_add(2 * QUIET), path })
}

/// The page of a key. What the form brings back was made by [`begin_totp`]; it is shown to whoever sent it, and counts for
/// nothing: codes are checked against the key that is kept.
fn totp_page(visit: &Visit, secret: &str, uri: &str, error: &str) -> TotpPage {
    let title = "Set up codes";
    let lead = "Scan this with an app that shows codes, then give the code that it shows.";
    let is_key = uri.starts_with("otpauth://totp/");
    TotpPage {
        shell: Shell::of_visit(visit, title, lead),
        picture: is_key.then(|| picture(uri)).flatten(),
        secret: secret.to_owned(),
        uri: uri.to_owned(),
        error: error.to_owned(),
    }
}

async fn begin_totp(visit: Visit) -> Result<Response, Problem> {
    let key = visit.app.engine.accounts()?.begin_totp(visit.session()?).await?;
    html::page(&totp_page(&visit, &key.secret, &key.uri, ""))
}

async fn confirm_totp(visit: Visit) -> Result<Response, Problem> {
    let accounts = visit.app.engine.accounts()?;
    let tried = accounts.confirm_totp(visit.session()?, visit.field("code").trim()).await;
    match tried.map_err(Problem::from) {
        Ok(codes) => codes_page(&visit, codes).await,
        Err(problem) if problem.is_about_input() => {
            let (secret, uri) = (visit.field("secret"), visit.field("uri"));
            let says = "That is not the code that the key gives now. Wait for the next one.";
            html::rendered(StatusCode::UNPROCESSABLE_ENTITY, &totp_page(&visit, secret, uri, says))
        }
        Err(problem) => Err(problem),
    }
}

/// The codes, once. The session goes on under another id.
async fn codes_page(visit: &Visit, codes: Vec<String>) -> Result<Response, Problem> {
    let begun = visit.app.engine.accounts()?.renew_session(visit.session()?).await?;
    let lead = "Each lets you in once, should you lose everything else.";
    let shell = Shell::of_visit(visit, "Recovery codes", lead).renewed(&begun);
    Ok(with_session(visit, &begun, html::page(&CodesPage { shell, codes })?))
}

fn given_password(visit: &Visit) -> Option<&str> {
    Some(visit.field("password")).filter(|password| !password.is_empty())
}

async fn remove_totp(visit: Visit) -> Result<Response, Problem> {
    let accounts = visit.app.engine.accounts()?;
    match accounts.remove_totp(visit.session()?, given_password(&visit)).await {
        Ok(()) => renewed(&visit, "totp-removed").await,
        Err(error) => again(&visit, "totp", error.into()).await,
    }
}

async fn recovery_codes(visit: Visit) -> Result<Response, Problem> {
    match visit.app.engine.accounts()?.recovery_codes(visit.session()?).await {
        Ok(codes) => codes_page(&visit, codes).await,
        Err(error) => again(&visit, "codes", error.into()).await,
    }
}

async fn remove_passkey(visit: Visit) -> Result<Response, Problem> {
    let (own, id) = (visit.session()?, visit.part("passkey"));
    let accounts = visit.app.engine.accounts()?;
    match accounts.remove_passkey(own, id, given_password(&visit)).await {
        Ok(true) => renewed(&visit, "passkey-removed").await,
        Ok(false) => Err(Problem::not_found(format!("passkey {id}"))),
        Err(error) => again(&visit, "passkeys", error.into()).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_of_a_key_has_its_three_corners_and_white_around() {
        let drawn =
            picture("otpauth://totp/Surety:kim@ferries.example?secret=JBSWY3DPEHPK3PXP").unwrap();
        let last = drawn.side - QUIET - 1;
        for corner in [(QUIET, QUIET), (last, QUIET), (QUIET, last)] {
            assert!(
                drawn.path.contains(&format!("M{} {}h1v1h-1z", corner.0, corner.1)),
                "{corner:?}"
            );
        }
        assert!(!drawn.path.contains("M0 ") && !drawn.path.contains(&format!("M{} ", last + 1)));
    }
}
