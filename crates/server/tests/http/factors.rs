//! Second factors: codes by time, recovery codes, passkeys.

use axum::http::StatusCode;
use serde_json::{Value, json};
use surety_aims::Role;

use crate::{
    authenticator::Authenticator,
    desk::Desk,
    visitor::{PASSWORD, Visitor, events},
};

const EMAIL: &str = "kim@ferries.example";

/// The code of a key in base32 at an instant (RFC 6238).
pub(crate) fn code(secret: &str, at: &str) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bits = String::new();
    for letter in secret.bytes() {
        let value = letters.iter().position(|known| *known == letter).unwrap();
        bits.push_str(&format!("{value:05b}"));
    }
    let key: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect();
    let step = at.parse::<jiff::Timestamp>().unwrap().as_second() / 30;
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let tag = ring::hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[19] & 15);
    let number = u32::from_be_bytes(tag[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

const START: &str = "2026-11-20T15:00:00Z";

/// Kim with codes by time: the key, and the recovery codes.
async fn with_totp(desk: &Desk) -> (Visitor, String, Vec<Value>) {
    let mut kim = Visitor::new(desk, EMAIL, Role::Viewer).await;
    let key = kim.post(desk, "/me/totp", json!({})).await.json();
    let secret = key["secret"].as_str().unwrap().to_owned();
    let uri =
        format!("otpauth://totp/Surety%3Akim%40ferries.example?secret={secret}&issuer=Surety");
    assert_eq!(key["uri"], uri);
    let wrong = kim.post(desk, "/me/totp/confirm", json!({ "code": "000000" })).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED, "{wrong:?}");
    let confirmed =
        kim.post(desk, "/me/totp/confirm", json!({ "code": code(&secret, START) })).await;
    assert_eq!(confirmed.status, StatusCode::OK, "{confirmed:?}");
    let codes = confirmed.json()["recovery_codes"].as_array().unwrap().clone();
    assert_eq!(codes.len(), 10);
    (kim, secret, codes)
}

/// Begins to sign in, and finishes with a code.
async fn second(desk: &Desk, code: Value) -> StatusCode {
    let mut visitor = Visitor::default();
    let first = visitor.sign_in(desk, EMAIL, PASSWORD).await.json();
    assert_eq!(first["signed_in"], false, "{first}");
    assert!(visitor.cookie.is_none(), "no session before the second factor");
    let secret = first["second_factor"]["secret"].clone();
    let body = json!({ "second_factor": secret, "code": code });
    let answered = visitor.post(desk, "/sign-in/code", body).await;
    if answered.status == StatusCode::OK {
        assert_eq!(visitor.get(desk, "/me").await.status, StatusCode::OK);
    }
    answered.status
}

#[tokio::test]
async fn a_code_works_once_and_none_before_it_after_it() {
    let desk = Desk::new().await;
    let (_, key, _) = with_totp(&desk).await;
    let at = |at: &str| json!({ "totp": code(&key, at) });
    assert_eq!(second(&desk, at(START)).await, StatusCode::UNAUTHORIZED, "used to confirm");
    desk.at("2026-11-20T15:01:00Z");
    assert_eq!(second(&desk, at("2026-11-20T15:01:00Z")).await, StatusCode::OK);
    assert_eq!(second(&desk, at("2026-11-20T15:01:00Z")).await, StatusCode::UNAUTHORIZED);
    assert_eq!(second(&desk, at("2026-11-20T15:00:30Z")).await, StatusCode::UNAUTHORIZED);
    assert_eq!(second(&desk, at("2026-11-20T15:01:30Z")).await, StatusCode::OK, "a clock ahead");
    assert_eq!(second(&desk, at("2026-11-20T15:02:30Z")).await, StatusCode::UNAUTHORIZED);
    assert_eq!(events(&desk).await[1].1, "password+totp");
}

#[tokio::test]
async fn a_recovery_code_works_once() {
    let desk = Desk::new().await;
    let (mut kim, _, codes) = with_totp(&desk).await;
    let one = json!({ "recovery": codes[3] });
    assert_eq!(second(&desk, one.clone()).await, StatusCode::OK);
    assert_eq!(second(&desk, one).await, StatusCode::UNAUTHORIZED);
    assert_eq!(kim.get(&desk, "/me").await.json()["factors"]["recovery_codes"], 9);
    let new = kim.post(&desk, "/me/recovery-codes", json!({})).await.json();
    assert_eq!(new["recovery_codes"].as_array().unwrap().len(), 10);
    assert_eq!(second(&desk, json!({ "recovery": codes[4] })).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        second(&desk, json!({ "recovery": new["recovery_codes"][0] })).await,
        StatusCode::OK
    );
}

#[tokio::test]
async fn codes_are_not_guessed() {
    let desk = Desk::new().await;
    let (_, key, _) = with_totp(&desk).await;
    desk.at("2026-11-20T15:01:00Z");
    for _ in 0..5 {
        assert_eq!(second(&desk, json!({ "totp": "000000" })).await, StatusCode::UNAUTHORIZED);
    }
    let right = json!({ "totp": code(&key, "2026-11-20T15:01:00Z") });
    assert_eq!(second(&desk, right).await, StatusCode::UNAUTHORIZED, "it waits");
    desk.at("2026-11-20T15:03:00Z");
    let right = json!({ "totp": code(&key, "2026-11-20T15:03:00Z") });
    assert_eq!(second(&desk, right).await, StatusCode::OK);
}

#[tokio::test]
async fn the_second_step_has_its_time() {
    let desk = Desk::new().await;
    let (_, key, _) = with_totp(&desk).await;
    let mut visitor = Visitor::default();
    let first = visitor.sign_in(&desk, EMAIL, PASSWORD).await.json();
    desk.at("2026-11-20T15:05:00Z");
    let code = code(&key, "2026-11-20T15:05:00Z");
    let body =
        json!({ "second_factor": first["second_factor"]["secret"], "code": { "totp": code } });
    let late = visitor.post(&desk, "/sign-in/code", body).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn factors_change_only_soon_after_signing_in() {
    let desk = Desk::new().await;
    let mut kim = Visitor::new(&desk, EMAIL, Role::Viewer).await;
    desk.at("2026-11-20T15:15:00Z");
    for path in ["/me/totp", "/me/passkeys/options", "/me/recovery-codes"] {
        let refused = kim.post(&desk, path, json!({})).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(refused.json()["code"], "sign-in-again", "{path}");
    }
}

#[tokio::test]
async fn the_last_factor_goes_only_if_the_password_can_stand_alone() {
    let desk = Desk::new().await;
    let (mut kim, _, codes) = with_totp(&desk).await;
    for body in [json!({}), json!({ "password": "wrong" })] {
        let refused = kim.post(&desk, "/me/totp/remove", body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    }
    let short = json!({ "old": PASSWORD, "new": "9kTz!vQ2mL" });
    let set = kim.ask(&desk, axum::http::Method::PUT, "/me/password", Some(short)).await;
    assert_eq!(set.status, StatusCode::OK, "beside a second factor it may be short: {set:?}");
    let refused = kim.post(&desk, "/me/totp/remove", json!({ "password": "9kTz!vQ2mL" })).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    let long = json!({ "old": "9kTz!vQ2mL", "new": PASSWORD });
    kim.ask(&desk, axum::http::Method::PUT, "/me/password", Some(long)).await;
    let removed = kim.post(&desk, "/me/totp/remove", json!({ "password": PASSWORD })).await;
    assert_eq!(removed.status, StatusCode::OK, "{removed:?}");
    let factors = kim.get(&desk, "/me").await.json()["factors"].clone();
    assert_eq!(factors, json!({ "totp": false, "passkeys": 0, "recovery_codes": 0 }), "{codes:?}");
    let mut visitor = Visitor::default();
    assert_eq!(visitor.sign_in(&desk, EMAIL, PASSWORD).await.json()["signed_in"], true);
}

/// Adds a passkey of a device.
async fn add(desk: &Desk, kim: &mut Visitor, device: &mut Authenticator) -> crate::desk::Answered {
    let begun = kim.post(desk, "/me/passkeys/options", json!({})).await.json();
    let selection = &begun["options"]["publicKey"]["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "required", "{begun}");
    assert_eq!(selection["userVerification"], "required", "{begun}");
    let credential = device.create(&begun["options"]);
    let body = json!({ "ceremony": begun["ceremony"], "name": "Phone", "credential": credential });
    kim.post(desk, "/me/passkeys", body).await
}

/// Signs in with a passkey of a device.
async fn with_passkey(
    desk: &Desk,
    device: &mut Authenticator,
    second: Option<&Value>,
) -> (Visitor, StatusCode) {
    let mut visitor = Visitor::default();
    let begun = visitor.post(desk, "/sign-in/passkey/options", json!({})).await.json();
    let credential = device.get(&begun["options"]);
    let mut body = json!({ "ceremony": begun["ceremony"], "credential": credential });
    if let Some(second) = second {
        body["second_factor"] = second.clone();
    }
    let answered = visitor.post(desk, "/sign-in/passkey", body.clone()).await;
    let again = Visitor::default().post(desk, "/sign-in/passkey", body).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "an answer works once");
    (visitor, answered.status)
}

#[tokio::test]
async fn a_passkey_signs_in_alone_and_as_second_factor() {
    let desk = Desk::new().await;
    let mut kim = Visitor::new(&desk, EMAIL, Role::Viewer).await;
    let mut device = Authenticator::new("http://localhost:4200");
    let added = add(&desk, &mut kim, &mut device).await;
    assert_eq!(added.status, StatusCode::OK, "{added:?}");
    assert_eq!(added.json()["recovery_codes"].as_array().unwrap().len(), 10);
    let (mut phone, status) = with_passkey(&desk, &mut device, None).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(phone.get(&desk, "/me").await.json()["email"], EMAIL);
    assert_eq!(events(&desk).await[0], ("signed_in".to_owned(), "passkey".to_owned()));
    let first = Visitor::default().sign_in(&desk, EMAIL, PASSWORD).await.json();
    assert_eq!(first["second_factor"]["methods"], json!(["recovery", "passkey"]));
    let second = first["second_factor"]["secret"].clone();
    let (_, status) = with_passkey(&desk, &mut device, Some(&second)).await;
    assert_eq!(status, StatusCode::OK);
    let (_, status) = with_passkey(&desk, &mut device, Some(&second)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "the first step counts once");
}

#[tokio::test]
async fn what_is_no_passkey_of_ours_is_refused() {
    let desk = Desk::new().await;
    let mut kim = Visitor::new(&desk, EMAIL, Role::Viewer).await;
    let mut device = Authenticator::new("http://localhost:4200");
    assert_eq!(add(&desk, &mut kim, &mut device).await.status, StatusCode::OK);
    let mut phished = device.clone();
    phished.origin = "http://localhost.evil.example:4200".to_owned();
    assert_eq!(with_passkey(&desk, &mut phished, None).await.1, StatusCode::UNAUTHORIZED);
    let mut unverified = device.clone();
    unverified.verifies = false;
    assert_eq!(with_passkey(&desk, &mut unverified, None).await.1, StatusCode::UNAUTHORIZED);
    let mut other = Authenticator::new("http://localhost:4200");
    other.id = device.id.clone();
    other.handle = device.handle.clone();
    assert_eq!(with_passkey(&desk, &mut other, None).await.1, StatusCode::UNAUTHORIZED, "its key");
    let mut handle = device.clone();
    handle.handle = vec![7; 16];
    assert_eq!(with_passkey(&desk, &mut handle, None).await.1, StatusCode::UNAUTHORIZED);
    let mut copy = device.clone();
    assert_eq!(with_passkey(&desk, &mut device, None).await.1, StatusCode::OK);
    assert_eq!(
        with_passkey(&desk, &mut copy, None).await.1,
        StatusCode::UNAUTHORIZED,
        "its counter"
    );
}

#[tokio::test]
async fn passkeys_are_listed_renamed_and_removed_by_their_owner() {
    let desk = Desk::new().await;
    let mut kim = Visitor::new(&desk, EMAIL, Role::Viewer).await;
    let mut stranger = Visitor::new(&desk, "v@ferries.example", Role::Viewer).await;
    let mut device = Authenticator::new("http://localhost:4200");
    add(&desk, &mut kim, &mut device).await;
    assert_eq!(add(&desk, &mut stranger, &mut device.clone()).await.status, StatusCode::CONFLICT);
    let listed = kim.get(&desk, "/me/passkeys").await.json();
    assert_eq!(listed[0]["name"], "Phone");
    let path = format!("/me/passkeys/{}", listed[0]["id"].as_str().unwrap());
    let patch = axum::http::Method::PATCH;
    let renamed = kim.ask(&desk, patch.clone(), &path, Some(json!({ "name": "Laptop" }))).await;
    assert_eq!(renamed.status, StatusCode::NO_CONTENT, "{renamed:?}");
    let refused = stranger.ask(&desk, patch, &path, Some(json!({ "name": "x" }))).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(kim.get(&desk, "/me/passkeys").await.json()[0]["name"], "Laptop");
    let remove = format!("{path}/remove");
    let body = json!({ "password": PASSWORD });
    assert_eq!(stranger.post(&desk, &remove, body.clone()).await.status, StatusCode::NOT_FOUND);
    assert_eq!(kim.post(&desk, &remove, body).await.status, StatusCode::OK);
    assert_eq!(with_passkey(&desk, &mut device, None).await.1, StatusCode::UNAUTHORIZED);
}
