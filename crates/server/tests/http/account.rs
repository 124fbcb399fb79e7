//! The page of one's own account: what its forms change, and what they show once.

use axum::http::StatusCode;
use surety_aims::Role;

use crate::{
    desk::{Answered, Desk},
    factors::code,
    visitor::{PASSWORD, Visitor},
};

async fn kim(desk: &Desk) -> Visitor {
    Visitor::new(desk, "kim@ferries.example", Role::Owner).await
}

/// What stands between two texts of a page.
fn between<'a>(answered: &'a Answered, before: &str, after: &str) -> &'a str {
    let (_, rest) = answered.html().split_once(before).unwrap_or_else(|| panic!("{answered:?}"));
    rest.split_once(after).unwrap().0
}

#[tokio::test]
async fn name_and_password_are_changed_and_errors_stand_at_their_fields() {
    let desk = Desk::new().await;
    let mut kim = kim(&desk).await;
    let named = kim.does(&desk, "/account/name", &[("name", "Kim <b>Holm")]).await;
    assert_eq!(named.header("location"), "/account?done=name");
    let page = kim.open(&desk, "/account?done=name").await;
    assert!(page.html().contains("Your name is changed.") && !page.html().contains("<b>Holm"));
    let change = |old, new| [("old", old), ("new", new)];
    let wrong = kim.does(&desk, "/account/password", &change("nonsense", "short")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html().contains("id=\"password-old-error\""), "{}", wrong.html());
    let weak = kim.does(&desk, "/account/password", &change(PASSWORD, "short")).await;
    assert!(weak.html().contains("id=\"password-password-error\""), "{}", weak.html());
    let new = "amber kettle sixteen tundra";
    let set = kim.does(&desk, "/account/password", &change(PASSWORD, new)).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.html());
    assert_eq!(kim.open(&desk, "/account").await.status, StatusCode::OK, "the session goes on");
    assert!(kim.sign_in(&desk, "kim@ferries.example", new).await.status.is_success());
}

#[tokio::test]
async fn codes_of_an_app_are_set_up_with_a_picture_and_removed() {
    let desk = Desk::new().await;
    let mut kim = kim(&desk).await;
    let begun = kim.does(&desk, "/account/totp", &[]).await;
    assert!(begun.html().contains("class=\"qr-ink\" d=\"M4 4h1v1h-1z"), "{}", begun.html());
    let secret = between(&begun, "name=\"secret\" value=\"", "\"").to_owned();
    let uri = between(&begun, "name=\"uri\" value=\"", "\"").replace("&#38;", "&");
    let confirm = |code: String| {
        let (secret, uri) = (secret.clone(), uri.clone());
        [("secret", secret), ("uri", uri), ("code", code)]
    };
    let fields = confirm("000000".to_owned());
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let wrong = kim.does(&desk, "/account/totp/confirm", &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.html());
    assert!(wrong.html().contains("qr-ink") && wrong.html().contains(&secret));
    let fields = confirm(code(&secret, crate::desk::NOW));
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let codes = kim.does(&desk, "/account/totp/confirm", &fields).await;
    assert_eq!(codes.html().matches("<li>").count(), 10, "{}", codes.html());
    assert!(kim.open(&desk, "/account").await.html().contains("10 are left"));
    let refused = kim.does(&desk, "/account/totp/remove", &[("password", "nonsense")]).await;
    assert!(refused.html().contains("id=\"totp-password-error\""), "{}", refused.html());
    let removed = kim.does(&desk, "/account/totp/remove", &[("password", PASSWORD)]).await;
    assert_eq!(removed.header("location"), "/account?done=totp-removed", "{}", removed.html());
}

#[tokio::test]
async fn what_one_signs_in_with_changes_soon_after_signing_in_alone() {
    let desk = Desk::new().await;
    let kim = kim(&desk).await;
    desk.at("2026-11-20T15:16:00Z");
    assert!(kim.open(&desk, "/account").await.html().contains("sign in again"));
    let refused = kim.send(&desk, "/account/totp", &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.html().contains("href=\"/sign-in?next=%2Faccount\""), "{}", refused.html());
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let desk = Desk::new().await;
    let mut kim = kim(&desk).await;
    let mut other = Visitor::default();
    other.sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    let page = kim.open(&desk, "/account").await;
    let session = between(&page, "/account/sessions/", "/end").to_owned();
    let path = format!("/account/sessions/{session}/end");
    assert_eq!(kim.does(&desk, &path, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(other.open(&desk, "/account").await.status, StatusCode::SEE_OTHER, "it is out");
    assert_eq!(kim.does(&desk, &path, &[]).await.status, StatusCode::NOT_FOUND);
    other.sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    kim.does(&desk, "/account/sessions/end", &[]).await;
    assert_eq!(other.open(&desk, "/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(kim.open(&desk, "/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_of_ones_own_is_shown_once_and_ended() {
    let desk = Desk::new().await;
    let mut kim = kim(&desk).await;
    let issue = |organisation, scope| {
        [
            ("organisation", organisation),
            ("name", "laptop"),
            ("scope", scope),
            ("expires", "2026-12-31"),
        ]
    };
    let wrong = kim.does(&desk, "/account/tokens", &issue("harbour-ferries", "all")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let foreign = kim.does(&desk, "/account/tokens", &issue("nowhere", "read")).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let issued = kim.does(&desk, "/account/tokens", &issue("harbour-ferries", "read")).await;
    let token = between(&issued, "readonly>", "</textarea>").trim().to_owned();
    assert_eq!(desk.get(&token, "").await.status, StatusCode::OK);
    let page = kim.open(&desk, "/account").await;
    assert!(page.html().contains("laptop") && !page.html().contains(&token));
    assert!(page.html().contains("until 1 Jan 2027, 00:00 UTC"), "{}", page.html());
    let id = between(&page, "/account/tokens/", "/revoke").to_owned();
    let path = format!("/account/tokens/{id}/revoke");
    kim.does(&desk, &path, &[("organisation", "harbour-ferries")]).await;
    assert_eq!(desk.get(&token, "").await.status, StatusCode::UNAUTHORIZED);
}
