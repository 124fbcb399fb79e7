//! Signing in and out.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use surety_engine::accounts::{BegunSession, Ceremony, Code, SignedIn};

use crate::{
    call::{Asked, Visit, json as answer},
    endpoint::{Asks, Endpoint, Gives, Handler, Method, Takes, handler, of},
    problem::Problem,
    session_cookie,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    post(
        "/sign-in",
        "signIn",
        "Sign in with e-mail address and password. The session is a cookie; or a second factor is asked for.",
        handler!(Anybody, sign_in),
    )
    .takes(Takes::Json(of::<Credentials>))
    .example(r#"{ "email": "kim@ferries.example", "password": "heron lantern gravel whistle" }"#)
    .gives(Gives::Json(of::<SignInOutcome>))
    .also(&[401, 403]),
    post(
        "/sign-in/code",
        "signInWithCode",
        "The second factor of a sign-in: a code.",
        handler!(Anybody, code),
    )
    .takes(Takes::Json(of::<SecondFactor>))
    .example(r#"{ "second_factor": "pLq2...", "code": { "totp": "287082" } }"#)
    .gives(Gives::Json(of::<SignInOutcome>))
    .also(&[401, 403]),
    post(
        "/sign-in/passkey/options",
        "beginPasskeySignIn",
        "What a browser is to be asked with to sign in with a passkey, or to use one as second factor.",
        handler!(Anybody, passkey_options),
    )
    .gives(Gives::Json(of::<Challenge>))
    .also(&[403]),
    post(
        "/sign-in/passkey",
        "signInWithPasskey",
        "Sign in with what the browser answered.",
        handler!(Anybody, passkey),
    )
    .takes(Takes::Json(of::<PasskeyAnswer>))
    .example(r#"{ "ceremony": "x1Zt...", "credential": { "id": "...", "type": "public-key", "response": {} } }"#)
    .gives(Gives::Json(of::<SignInOutcome>))
    .also(&[401, 403]),
    post("/sign-out", "signOut", "End the session that one came with.", handler!(Account, sign_out))
        .gives(Gives::Nothing)
        .also(&[403]),
    post(
        "/password-by-link",
        "setPasswordByLink",
        "Set a password with the secret of a link. It works once, and whoever was signed in is so no longer.",
        handler!(Anybody, password_by_link),
    )
    .takes(Takes::Json(of::<NewPassword>))
    .example(r#"{ "secret": "Wm3f...", "password": "heron lantern gravel whistle" }"#)
    .gives(Gives::Nothing)
    .also(&[403, 404]),
];

/// Something about those who ask, for whoever may come in.
pub(super) const fn post(
    path: &'static str,
    operation: &'static str,
    says: &'static str,
    handler: Handler,
) -> Endpoint {
    let endpoint = Endpoint::get(path, operation, says, handler);
    Endpoint { method: Method::Post, asks: Asks::Nothing, ..endpoint }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    email: String,
    password: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SecondFactor {
    /// What the first step gave.
    second_factor: String,
    code: Code,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PasskeyAnswer {
    /// What came with the options.
    ceremony: String,
    /// The `PublicKeyCredential` as JSON.
    credential: Value,
    /// What the first step gave, if the passkey is the second factor.
    second_factor: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    secret: String,
    password: String,
}

/// What became of a sign-in.
#[derive(Serialize, JsonSchema)]
struct SignInOutcome {
    /// Whether there is a session now.
    signed_in: bool,
    /// To be sent as `X-CSRF-Token` with whatever changes something.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf_token: Option<String>,
    /// What else is asked for: to be sent with the second factor, within five minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    second_factor: Option<SecondFactorAsked>,
}

/// A second factor that is asked for.
#[derive(Serialize, JsonSchema)]
struct SecondFactorAsked {
    secret: String,
    expires_at: jiff::Timestamp,
    /// Which can be given: `totp`, `recovery`, `passkey`.
    methods: Vec<&'static str>,
}

/// What a browser is to be asked with.
#[derive(Serialize, JsonSchema)]
pub(super) struct Challenge {
    /// To be sent with the answer, within five minutes.
    ceremony: String,
    /// For `navigator.credentials`, with bytes in base64url.
    options: Value,
}

impl From<Ceremony> for Challenge {
    fn from(ceremony: Ceremony) -> Challenge {
        Challenge { ceremony: ceremony.secret, options: ceremony.options }
    }
}

async fn sign_in(asked: Asked) -> Result<Response, Problem> {
    let given: Credentials = asked.json()?;
    let accounts = asked.app.engine.accounts()?;
    match accounts.sign_in(&given.email, &given.password, &asked.browser()).await? {
        SignedIn::Session(begun) => begun_session(&asked, &begun),
        SignedIn::SecondFactor(second) => {
            let offered = [
                (second.totp, "totp"),
                (second.recovery_code, "recovery"),
                (second.passkey, "passkey"),
            ];
            let methods = offered.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
            let second =
                SecondFactorAsked { secret: second.secret, expires_at: second.expires_at, methods };
            answer(&SignInOutcome {
                signed_in: false,
                csrf_token: None,
                second_factor: Some(second),
            })
        }
    }
}

async fn code(asked: Asked) -> Result<Response, Problem> {
    let given: SecondFactor = asked.json()?;
    let accounts = asked.app.engine.accounts()?;
    let begun = accounts.second_factor(&given.second_factor, &given.code, &asked.browser()).await?;
    begun_session(&asked, &begun)
}

async fn passkey_options(asked: Asked) -> Result<Response, Problem> {
    let accounts = asked.app.engine.accounts()?;
    let site = asked.app.config.site()?;
    let ceremony = accounts.begin_passkey_sign_in(&site, &asked.browser()).await?;
    answer(&Challenge::from(ceremony))
}

async fn passkey(asked: Asked) -> Result<Response, Problem> {
    let given: PasskeyAnswer = asked.json()?;
    let accounts = asked.app.engine.accounts()?;
    let site = asked.app.config.site()?;
    let PasskeyAnswer { ceremony, credential, second_factor } = given;
    let (second, browser) = (second_factor.as_deref(), asked.browser());
    let begun =
        accounts.sign_in_with_passkey(&site, &ceremony, credential, second, &browser).await?;
    begun_session(&asked, &begun)
}

async fn sign_out(visit: Visit) -> Result<Response, Problem> {
    let session = visit.session()?;
    let accounts = visit.app.engine.accounts()?;
    accounts.end_session(&session.account, &session.id).await?;
    let cookie = session_cookie::taken(&visit.app.config);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

async fn password_by_link(asked: Asked) -> Result<Response, Problem> {
    let given: NewPassword = asked.json()?;
    let accounts = asked.app.engine.accounts()?;
    accounts.set_password_by_link(&given.secret, &given.password, &asked.browser()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Gives the browser its session. Whoever begins one answers with this.
pub(crate) fn begun_session(asked: &Asked, begun: &BegunSession) -> Result<Response, Problem> {
    let csrf_token = Some(begun.csrf.clone());
    let response = answer(&SignInOutcome { signed_in: true, csrf_token, second_factor: None })?;
    Ok(with_session(asked, begun, response))
}

/// An answer that brings a new cookie.
pub(crate) fn with_session(
    asked: &Asked,
    begun: &BegunSession,
    mut response: Response,
) -> Response {
    let cookie = session_cookie::given(&asked.app.config, begun);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// JSON that brings a new session: its cookie, and beside what it says the token for it.
pub(super) fn renewed(
    asked: &Asked,
    begun: &BegunSession,
    says: Value,
) -> Result<Response, Problem> {
    let mut says = says;
    if let Some(fields) = says.as_object_mut() {
        fields.insert("csrf_token".to_owned(), json!(begun.csrf));
    }
    Ok(with_session(asked, begun, answer(&says)?))
}
