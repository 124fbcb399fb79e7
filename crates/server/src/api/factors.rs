//! What the caller proves itself with beside a password: codes, recovery codes, passkeys.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::sign_in::{Challenge, post, renewed};
use crate::{
    call::{Visit, json as answer},
    endpoint::{Asks, Endpoint, Gives, Method, Takes, handler, of},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    post(
        "/me/totp",
        "beginTotp",
        "Make a key for an app that shows codes. It counts once a code of it is confirmed.",
        handler!(Account, begin_totp),
    )
    .gives(Gives::Json(of::<TotpKey>))
    .also(&[403]),
    post(
        "/me/totp/confirm",
        "confirmTotp",
        "Take the key into use, with a code of it. Gives recovery codes, which are shown once.",
        handler!(Account, confirm_totp),
    )
    .takes(Takes::Json(of::<Confirmation>))
    .example(r#"{ "code": "287082" }"#)
    .gives(Gives::Json(of::<Codes>))
    .also(&[403]),
    post(
        "/me/totp/remove",
        "removeTotp",
        "Ask for no codes any more. Without another second factor the password is to be given.",
        handler!(Account, remove_totp),
    )
    .takes(Takes::Json(of::<Removal>))
    .example(r#"{ "password": "heron lantern gravel whistle" }"#)
    .gives(Gives::Json(of::<Codes>))
    .also(&[403]),
    post(
        "/me/recovery-codes",
        "makeRecoveryCodes",
        "New recovery codes in place of all others. They are shown once.",
        handler!(Account, recovery_codes),
    )
    .gives(Gives::Json(of::<Codes>))
    .also(&[403]),
    Endpoint::get("/me/passkeys", "listPasskeys", "One's passkeys.", handler!(Account, passkeys))
        .asks(Asks::Nothing)
        .gives(Gives::Json(of::<Vec<Passkey>>))
        .also(&[403]),
    post(
        "/me/passkeys/options",
        "beginPasskey",
        "What a browser is to be asked with to make a passkey.",
        handler!(Account, begin_passkey),
    )
    .gives(Gives::Json(of::<Challenge>))
    .also(&[403]),
    post(
        "/me/passkeys",
        "addPasskey",
        "Add the passkey that the browser made. Gives recovery codes if it is the first factor.",
        handler!(Account, add_passkey),
    )
    .takes(Takes::Json(of::<NewPasskey>))
    .example(r#"{ "ceremony": "x1Zt...", "name": "Kim's phone", "credential": { "id": "...", "type": "public-key", "response": {} } }"#)
    .gives(Gives::Json(of::<Codes>))
    .also(&[401, 403, 409]),
    Endpoint {
        method: Method::Patch,
        ..post(
            "/me/passkeys/{passkey}",
            "renamePasskey",
            "Rename a passkey.",
            handler!(Account, rename_passkey),
        )
    }
    .takes(Takes::Json(of::<Name>))
    .example(r#"{ "name": "Kim's phone" }"#)
    .gives(Gives::Nothing)
    .also(&[403, 404]),
    post(
        "/me/passkeys/{passkey}/remove",
        "removePasskey",
        "Remove a passkey. Without another second factor the password is to be given.",
        handler!(Account, remove_passkey),
    )
    .takes(Takes::Json(of::<Removal>))
    .example(r#"{ "password": "heron lantern gravel whistle" }"#)
    .gives(Gives::Json(of::<Codes>))
    .also(&[403, 404]),
];

#[derive(Serialize, JsonSchema)]
struct TotpKey {
    /// For whoever types it.
    secret: String,
    /// For a QR code.
    uri: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    code: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Removal {
    password: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPasskey {
    /// What came with the options.
    ceremony: String,
    /// What it is to be called.
    name: String,
    /// The `PublicKeyCredential` as JSON.
    credential: Value,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Name {
    name: String,
}

/// What came of a change of factors. The session has another cookie.
#[derive(Serialize, JsonSchema)]
struct Codes {
    /// Codes to sign in with once each, for whoever has lost the rest. Shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_codes: Option<Vec<String>>,
    /// The passkey that was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    passkey: Option<String>,
    csrf_token: String,
}

#[derive(Serialize, JsonSchema)]
struct Passkey {
    id: String,
    name: String,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
}

async fn begin_totp(visit: Visit) -> Result<Response, Problem> {
    let key = visit.app.engine.accounts()?.begin_totp(visit.session()?).await?;
    answer(&TotpKey { secret: key.secret, uri: key.uri })
}

async fn confirm_totp(visit: Visit) -> Result<Response, Problem> {
    let given: Confirmation = visit.json()?;
    let codes = visit.app.engine.accounts()?.confirm_totp(visit.session()?, &given.code).await?;
    changed(&visit, json!({ "recovery_codes": codes })).await
}

async fn remove_totp(visit: Visit) -> Result<Response, Problem> {
    let given: Removal = visit.json()?;
    let accounts = visit.app.engine.accounts()?;
    accounts.remove_totp(visit.session()?, given.password.as_deref()).await?;
    changed(&visit, json!({})).await
}

async fn recovery_codes(visit: Visit) -> Result<Response, Problem> {
    let codes = visit.app.engine.accounts()?.recovery_codes(visit.session()?).await?;
    changed(&visit, json!({ "recovery_codes": codes })).await
}

async fn passkeys(visit: Visit) -> Result<Response, Problem> {
    let own = visit.session()?;
    let passkeys = visit.app.engine.accounts()?.passkeys(&own.account).await?.into_iter();
    let passkeys: Vec<_> = passkeys
        .map(|one| Passkey {
            id: one.id,
            name: one.name,
            created_at: one.created_at,
            last_used_at: one.last_used_at,
        })
        .collect();
    answer(&passkeys)
}

async fn begin_passkey(visit: Visit) -> Result<Response, Problem> {
    let site = visit.app.config.site()?;
    let ceremony = visit.app.engine.accounts()?.begin_passkey(visit.session()?, &site).await?;
    answer(&Challenge::from(ceremony))
}

async fn add_passkey(visit: Visit) -> Result<Response, Problem> {
    let NewPasskey { ceremony, name, credential } = visit.json()?;
    let site = visit.app.config.site()?;
    let accounts = visit.app.engine.accounts()?;
    let added = accounts.add_passkey(visit.session()?, &site, &ceremony, &name, credential).await?;
    let mut says = json!({ "passkey": added.id });
    if let (Some(codes), Some(fields)) = (added.recovery_codes, says.as_object_mut()) {
        fields.insert("recovery_codes".to_owned(), json!(codes));
    }
    changed(&visit, says).await
}

async fn rename_passkey(visit: Visit) -> Result<Response, Problem> {
    let (own, id) = (visit.session()?, visit.part("passkey"));
    let given: Name = visit.json()?;
    if !visit.app.engine.accounts()?.rename_passkey(&own.account, id, &given.name).await? {
        return Err(Problem::not_found(format!("passkey {id}")));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn remove_passkey(visit: Visit) -> Result<Response, Problem> {
    let given: Removal = visit.json()?;
    let (own, id) = (visit.session()?, visit.part("passkey"));
    let accounts = visit.app.engine.accounts()?;
    if !accounts.remove_passkey(own, id, given.password.as_deref()).await? {
        return Err(Problem::not_found(format!("passkey {id}")));
    }
    changed(&visit, json!({})).await
}

/// The answer once what one signs in with has changed: the session goes on under another id.
async fn changed(visit: &Visit, says: Value) -> Result<Response, Problem> {
    let begun = visit.app.engine.accounts()?.renew_session(visit.session()?).await?;
    renewed(visit, &begun, says)
}
