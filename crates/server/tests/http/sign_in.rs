//! Signing in with a password: who gets in, who does not, and what nobody learns.

use axum::http::{Method, StatusCode};
use serde_json::json;
use surety_aims::Role;

use crate::{
    desk::Desk,
    visitor::{PASSWORD, Visitor, account, events},
};

#[tokio::test]
async fn a_password_begins_a_session_that_sees_what_the_account_may() {
    let desk = Desk::new().await;
    let mut kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let me = kim.get(&desk, "/me").await.json();
    assert_eq!(me["email"], "kim@ferries.example");
    assert_eq!(me["organisations"][0]["id"], "harbour-ferries");
    assert_eq!(me["organisations"][0]["role"], "owner");
    assert_eq!(kim.get(&desk, "/organisations/harbour-ferries/soa").await.status, StatusCode::OK);
    let stated = json!({ "body": { "title": "x" } });
    let stated = kim.post(&desk, "/organisations/harbour-ferries/records/risk", stated).await;
    assert_eq!(stated.status, StatusCode::CREATED, "{stated:?}");
    assert_eq!(events(&desk).await[0], ("signed_in".to_owned(), "password".to_owned()));
}

#[tokio::test]
async fn the_cookie_is_for_this_host_and_no_script() {
    let desk = Desk::new().await;
    account(&desk, "kim@ferries.example", Role::Viewer).await;
    let mut kim = Visitor::default();
    let signed_in = kim.sign_in(&desk, "KIM@ferries.example", PASSWORD).await;
    let cookie = signed_in.header("set-cookie");
    for part in ["surety=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    let config = surety_server::Config {
        public_url: Some("https://surety.ferries.example".parse().unwrap()),
        ..Default::default()
    };
    let desk = Desk::with(config).await;
    account(&desk, "kim@ferries.example", Role::Viewer).await;
    let signed_in = kim.sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    let cookie = signed_in.header("set-cookie");
    assert!(cookie.starts_with("__Host-surety=") && cookie.contains("; Secure"), "{cookie}");
    assert_eq!(kim.get(&desk, "/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_learns_whether_there_is_an_account() {
    let desk = Desk::new().await;
    account(&desk, "kim@ferries.example", Role::Viewer).await;
    let barred = account(&desk, "barred@ferries.example", Role::Viewer).await;
    let accounts = desk.engine.accounts().unwrap();
    let barred = accounts.known(&barred).await.unwrap();
    accounts.set_disabled(&barred, true).await.unwrap();
    accounts.add("without@ferries.example", "No password").await.unwrap();
    account(&desk, "blocked@ferries.example", Role::Viewer).await;
    let mut visitor = Visitor::default();
    for _ in 0..6 {
        visitor.sign_in(&desk, "blocked@ferries.example", "wrong").await;
    }
    let mut answers = Vec::new();
    for (email, password) in [
        ("nobody@ferries.example", PASSWORD),
        ("kim@ferries.example", "wrong"),
        ("barred@ferries.example", PASSWORD),
        ("without@ferries.example", PASSWORD),
        ("blocked@ferries.example", PASSWORD),
        ("no address at all", ""),
        ("a\0b@ferries.example", "x"),
    ] {
        let before = desk.engine.password_hashes();
        let answered = visitor.sign_in(&desk, email, password).await;
        assert_eq!(answered.status, StatusCode::UNAUTHORIZED, "{email}");
        assert_eq!(desk.engine.password_hashes() - before, 1, "{email}: the same work");
        assert!(!answered.headers.contains_key("set-cookie"), "{email}");
        answers.push(String::from_utf8(answered.body).unwrap());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
}

#[tokio::test]
async fn failures_make_waits_that_grow_and_a_right_password_forgets_them() {
    let desk = Desk::new().await;
    account(&desk, "kim@ferries.example", Role::Viewer).await;
    let mut kim = Visitor::default();
    let mut tries = async |wrong: u32, at: &str| {
        desk.at(at);
        for _ in 0..wrong {
            kim.sign_in(&desk, "kim@ferries.example", "wrong").await;
        }
        kim.sign_in(&desk, "kim@ferries.example", PASSWORD).await.status
    };
    assert_eq!(tries(4, "2026-11-20T15:00:00Z").await, StatusCode::OK);
    assert_eq!(tries(5, "2026-11-20T15:10:00Z").await, StatusCode::UNAUTHORIZED);
    assert_eq!(tries(0, "2026-11-20T15:10:59Z").await, StatusCode::UNAUTHORIZED);
    assert_eq!(tries(5, "2026-11-20T15:11:01Z").await, StatusCode::UNAUTHORIZED);
    // Ten within a quarter of an hour: a minute is no longer enough.
    assert_eq!(tries(0, "2026-11-20T15:13:00Z").await, StatusCode::UNAUTHORIZED);
    assert_eq!(tries(0, "2026-11-20T15:26:30Z").await, StatusCode::OK);
    assert_eq!(tries(4, "2026-11-20T15:26:40Z").await, StatusCode::OK);
}

#[tokio::test]
async fn a_flood_of_failures_makes_few_entries() {
    let desk = Desk::new().await;
    account(&desk, "kim@ferries.example", Role::Viewer).await;
    let before = events(&desk).await.len();
    let mut visitor = Visitor::default();
    for _ in 0..30 {
        visitor.sign_in(&desk, "kim@ferries.example", "wrong").await;
        visitor.sign_in(&desk, "nobody@ferries.example", "wrong").await;
    }
    let mut new = events(&desk).await;
    new.truncate(new.len() - before);
    new.sort();
    let names: Vec<_> = new.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(names, ["sign_in_blocked", "sign_in_failed"]);
}

#[tokio::test]
async fn security_events_name_no_address_and_no_secret() {
    let desk = Desk::new().await;
    let mut kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    Visitor::default().sign_in(&desk, "kim@ferries.example", "wrong").await;
    desk.engine.noted().await;
    let entries = kim.get(&desk, "/organisations/harbour-ferries/ledger/entries?limit=1000").await;
    let text = String::from_utf8(entries.body).unwrap();
    let cookie = kim.cookie.clone().unwrap();
    let secret = cookie.split_once('=').unwrap().1;
    assert!(text.contains("sign_in_failed"));
    for word in ["kim@", "Kim", "heron", secret, kim.csrf.as_deref().unwrap()] {
        assert!(!text.contains(word), "{word}");
    }
    let listed = kim.get(&desk, "/organisations/harbour-ferries/security-events").await.json();
    assert_eq!(listed["events"][0]["what"], "sign_in_failed");
    assert_eq!(listed["events"][0]["by"], "password");
    assert_eq!(listed["events"][0]["actor"], "nobody");
    assert_eq!(listed["events"][1]["actor"], "PER-1");
    let mut viewer = Visitor::new(&desk, "v@ferries.example", Role::Viewer).await;
    let refused = viewer.get(&desk, "/organisations/harbour-ferries/security-events").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_changes_something_comes_from_our_page_with_the_token_of_the_session() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let csrf = || ("x-csrf-token", kim.csrf.clone().unwrap());
    let other = Visitor::new(&desk, "v@ferries.example", Role::Owner).await.csrf.unwrap();
    let path = "/organisations/harbour-ferries/records/risk";
    let stated = Some(json!({ "body": { "title": "x" } }));
    let header = |name, value: &str| (name, value.to_owned());
    for (headers, expected) in [
        (vec![csrf()], StatusCode::CREATED),
        (vec![csrf(), header("origin", "http://localhost:4200")], StatusCode::CREATED),
        (vec![], StatusCode::FORBIDDEN),
        (vec![header("x-csrf-token", "")], StatusCode::FORBIDDEN),
        (vec![header("x-csrf-token", &other)], StatusCode::FORBIDDEN),
        (vec![csrf(), header("origin", "https://evil.example")], StatusCode::FORBIDDEN),
        (vec![csrf(), header("origin", "null")], StatusCode::FORBIDDEN),
        (vec![csrf(), header("sec-fetch-site", "cross-site")], StatusCode::FORBIDDEN),
        (vec![csrf(), header("sec-fetch-site", "same-site")], StatusCode::FORBIDDEN),
        (vec![csrf(), header("authorization", "Bearer surety_x")], StatusCode::BAD_REQUEST),
    ] {
        let answered = kim.ask_with(&desk, Method::POST, path, &headers, stated.clone()).await;
        assert_eq!(answered.status, expected, "{headers:?}: {answered:?}");
    }
    let evil = [header("origin", "https://evil.example")];
    let body = Some(json!({ "email": "kim@ferries.example", "password": PASSWORD }));
    let forced = Visitor::default().ask_with(&desk, Method::POST, "/sign-in", &evil, body).await;
    assert_eq!(forced.status, StatusCode::FORBIDDEN, "nobody is signed in by another site");
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_or_old_or_ended() {
    let desk = Desk::new().await;
    let mut kim = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    let mut other = Visitor::default();
    other.sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    desk.at("2026-11-20T22:59:00Z");
    assert_eq!(kim.get(&desk, "/me").await.status, StatusCode::OK);
    desk.at("2026-11-20T23:00:00Z");
    assert_eq!(kim.get(&desk, "/me").await.status, StatusCode::OK, "used a minute ago");
    assert_eq!(other.get(&desk, "/me").await.status, StatusCode::UNAUTHORIZED, "idle");
    for hour in 0..28 {
        let at: jiff::Timestamp = "2026-11-20T23:00:00Z".parse().unwrap();
        desk.clock.set(at + jiff::SignedDuration::from_hours(hour * 6));
        let expected = if hour * 6 < 160 { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        assert_eq!(kim.get(&desk, "/me").await.status, expected, "{hour}");
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let desk = Desk::new().await;
    let mut kim = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    let mut phone = Visitor::default();
    phone.sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    let mut stranger = Visitor::new(&desk, "v@ferries.example", Role::Viewer).await;
    let sessions = kim.get(&desk, "/me/sessions").await.json();
    assert_eq!(sessions.as_array().unwrap().len(), 2, "{sessions}");
    assert_eq!(sessions[0]["device"], "Firefox");
    let other = sessions.as_array().unwrap().iter().find(|one| one["current"] == false).unwrap();
    let path = format!("/me/sessions/{}", other["id"].as_str().unwrap());
    let theirs = stranger.ask(&desk, Method::DELETE, &path, None).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    let ended = kim.ask(&desk, Method::DELETE, &path, None).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{ended:?}");
    assert_eq!(phone.get(&desk, "/me").await.status, StatusCode::UNAUTHORIZED);
    phone.sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    let ended = kim.ask(&desk, Method::DELETE, "/me/sessions", None).await.json();
    assert_eq!(ended["ended"], 1);
    assert_eq!(phone.get(&desk, "/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(stranger.get(&desk, "/me").await.status, StatusCode::OK);
    let out = kim.ask(&desk, Method::POST, "/sign-out", None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(kim.cookie.is_none(), "the cookie is taken away");
    assert_eq!(kim.get(&desk, "/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_new_password_asks_for_the_old_one_and_ends_other_sessions() {
    let desk = Desk::new().await;
    let mut kim = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    let mut phone = Visitor::default();
    phone.sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    let (old_cookie, new) = (kim.cookie.clone(), "amber kettle sixteen tundra");
    for (old, new, field) in [
        (Some("wrong"), new, "old"),
        (None, new, "old"),
        (Some(PASSWORD), "short", "password"),
        (Some(PASSWORD), "kim@ferries.example", "password"),
    ] {
        let body = json!({ "old": old, "new": new });
        let refused = kim.ask(&desk, Method::PUT, "/me/password", Some(body)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        assert_eq!(refused.json()["fields"][0]["field"], field, "{refused:?}");
    }
    let body = json!({ "old": PASSWORD, "new": new });
    let set = kim.ask(&desk, Method::PUT, "/me/password", Some(body)).await;
    assert_eq!(set.status, StatusCode::OK, "{set:?}");
    assert_ne!(kim.cookie, old_cookie, "another id");
    assert_eq!(kim.get(&desk, "/me").await.status, StatusCode::OK);
    let stolen = Visitor { cookie: old_cookie, csrf: None };
    let refused = stolen.clone().get(&desk, "/me").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(phone.get(&desk, "/me").await.status, StatusCode::UNAUTHORIZED);
    let refused = phone.sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(phone.sign_in(&desk, "kim@ferries.example", new).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_link_sets_a_password_once() {
    let desk = Desk::new().await;
    let mut owner = Visitor::new(&desk, "owner@ferries.example", Role::Owner).await;
    let kim = account(&desk, "kim@ferries.example", Role::Viewer).await;
    let path = format!("/organisations/harbour-ferries/members/{kim}/password-link");
    let link = owner.post(&desk, &path, json!({})).await.json()["secret"].clone();
    let set = async |secret: &serde_json::Value, password: &str| {
        let body = json!({ "secret": secret, "password": password });
        Visitor::default().post(&desk, "/password-by-link", body).await.status
    };
    let new = "amber kettle sixteen tundra";
    assert_eq!(set(&link, "short").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(set(&json!("nonsense"), new).await, StatusCode::NOT_FOUND);
    assert_eq!(set(&link, new).await, StatusCode::NO_CONTENT);
    assert_eq!(set(&link, PASSWORD).await, StatusCode::NOT_FOUND);
    let mut visitor = Visitor::default();
    let signed_in = visitor.sign_in(&desk, "kim@ferries.example", new).await;
    assert_eq!(signed_in.status, StatusCode::OK);
    let old = owner.post(&desk, &path, json!({})).await.json()["secret"].clone();
    desk.at("2026-11-23T15:00:00Z");
    assert_eq!(set(&old, PASSWORD).await, StatusCode::NOT_FOUND, "after three days");
}

#[tokio::test]
async fn an_owner_does_not_get_into_another_organisation_by_a_link() {
    let desk = Desk::new().await;
    desk.engine.init("Other").await.unwrap();
    let mut owner = Visitor::new(&desk, "owner@ferries.example", Role::Owner).await;
    let kim = account(&desk, "kim@ferries.example", Role::Viewer).await;
    let part = surety_engine::accounts::Part::of(Role::Viewer);
    desk.engine.accounts().unwrap().join("other", &kim, &part).await.unwrap();
    let path = format!("/organisations/harbour-ferries/members/{kim}/password-link");
    let refused = owner.post(&desk, &path, json!({})).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
}

#[tokio::test]
async fn a_barred_account_is_out_at_once() {
    let desk = Desk::new().await;
    let mut kim = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    let id = kim.get(&desk, "/me").await.json()["id"].as_str().unwrap().to_owned();
    let accounts = desk.engine.accounts().unwrap();
    let account = accounts.known(&id).await.unwrap();
    accounts.set_disabled(&account, true).await.unwrap();
    assert_eq!(kim.get(&desk, "/me").await.status, StatusCode::UNAUTHORIZED);
    let account = accounts.known(&id).await.unwrap();
    accounts.set_disabled(&account, false).await.unwrap();
    assert_eq!(kim.get(&desk, "/me").await.status, StatusCode::UNAUTHORIZED, "it was ended");
}
