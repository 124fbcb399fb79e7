//! Members, invitations and tokens.

use axum::http::{Method, StatusCode};
use serde_json::json;
use surety_aims::Role;

use crate::{
    desk::Desk,
    visitor::{PASSWORD, Visitor, account, events},
};

const HERE: &str = "/organisations/harbour-ferries";

#[tokio::test]
async fn an_invitation_makes_a_new_account_a_member_once() {
    let desk = Desk::new().await;
    let mut owner = Visitor::new(&desk, "owner@ferries.example", Role::Owner).await;
    let body = json!({
        "email": "ana@audit.example", "role": "auditor", "person": "PER-2",
        "expires_at": "2027-01-01T00:00:00Z", "as_of": "2026-11-19", "systems": ["SYS-1"],
    });
    let issued = owner.post(&desk, &format!("{HERE}/invitations"), body).await;
    assert_eq!(issued.status, StatusCode::CREATED, "{issued:?}");
    let issued = issued.json();
    let listed = owner.get(&desk, &format!("{HERE}/invitations")).await.json();
    assert_eq!(listed[0]["systems"][0], "SYS-1");
    let secret = issued["secret"].as_str().unwrap();
    assert!(!listed.to_string().contains(secret), "the secret is shown once");
    let mut ana = Visitor::default();
    let shown = ana.post(&desk, "/invitations/show", json!({ "secret": secret })).await.json();
    assert_eq!((&shown["name"], &shown["role"]), (&json!("Harbour Ferries"), &json!("auditor")));
    let join = |password: &str| json!({ "secret": secret, "name": "Ana", "password": password });
    let weak = ana.post(&desk, "/invitations/join", join("ana@audit.example")).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY, "{weak:?}");
    let joined = ana.post(&desk, "/invitations/join", join(PASSWORD)).await;
    assert_eq!(joined.status, StatusCode::OK, "{joined:?}");
    let again = Visitor::default().post(&desk, "/invitations/join", join(PASSWORD)).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let mine = ana.get(&desk, "/organisations").await.json();
    assert_eq!(mine[0]["role"], "auditor");
    assert_eq!(mine[0]["as_of"], "2026-11-19");
    assert_eq!(mine[0]["systems"], json!(["SYS-1"]));
    desk.at("2027-01-01T00:00:00Z");
    assert_eq!(ana.sign_in(&desk, "ana@audit.example", PASSWORD).await.status, StatusCode::OK);
    assert_eq!(ana.get(&desk, "/organisations").await.json(), json!([]), "it is over");
    assert_eq!(ana.get(&desk, HERE).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_account_that_is_there_accepts_what_is_for_its_address() {
    let desk = Desk::new().await;
    desk.engine.init("Other").await.unwrap();
    let mut owner = Visitor::new(&desk, "owner@ferries.example", Role::Owner).await;
    let accounts = desk.engine.accounts().unwrap();
    for email in ["kim@ferries.example", "v@ferries.example"] {
        let account = accounts.add(email, "Kim").await.unwrap();
        accounts.set_password(&account, PASSWORD).await.unwrap();
    }
    let body = json!({ "email": "Kim@Ferries.example", "role": "viewer" });
    let issued = owner.post(&desk, &format!("{HERE}/invitations"), body).await.json();
    let secret = issued["secret"].as_str().unwrap().to_owned();
    let body = json!({ "secret": secret, "name": "Kim", "password": PASSWORD });
    let taken = Visitor::default().post(&desk, "/invitations/join", body).await;
    assert_eq!(taken.status, StatusCode::CONFLICT, "{taken:?}");
    let accept = json!({ "secret": secret });
    let mut other = Visitor::default();
    other.sign_in(&desk, "v@ferries.example", PASSWORD).await;
    let refused = other.post(&desk, "/invitations/accept", accept.clone()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
    let mut kim = Visitor::default();
    kim.sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    assert_eq!(kim.get(&desk, HERE).await.status, StatusCode::NOT_FOUND);
    let before = kim.cookie.clone();
    let accepted = kim.post(&desk, "/invitations/accept", accept).await;
    assert_eq!(accepted.status, StatusCode::OK, "{accepted:?}");
    assert_ne!(kim.cookie, before, "another id with other rights");
    assert_eq!(kim.get(&desk, HERE).await.status, StatusCode::OK);
    assert_eq!(events(&desk).await[0].0, "invitation_accepted");
}

#[tokio::test]
async fn an_invitation_is_withdrawn_and_grows_old() {
    let desk = Desk::new().await;
    let mut owner = Visitor::new(&desk, "owner@ferries.example", Role::Owner).await;
    let path = format!("{HERE}/invitations");
    let invite = json!({ "email": "ana@audit.example", "role": "auditor" });
    let first = owner.post(&desk, &path, invite.clone()).await.json();
    let second = owner.post(&desk, &path, invite.clone()).await.json();
    let one = format!("{path}/{}", first["invitation"]["id"].as_str().unwrap());
    let withdrawn = owner.ask(&desk, Method::DELETE, &one, None).await;
    assert_eq!(withdrawn.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.ask(&desk, Method::DELETE, &one, None).await.status, StatusCode::NOT_FOUND);
    let show = async |issued: &serde_json::Value| {
        let body = json!({ "secret": issued["secret"] });
        Visitor::default().post(&desk, "/invitations/show", body).await.status
    };
    assert_eq!(show(&first).await, StatusCode::NOT_FOUND);
    assert_eq!(show(&second).await, StatusCode::OK);
    desk.at("2026-11-27T15:00:00Z");
    assert_eq!(show(&second).await, StatusCode::NOT_FOUND, "after seven days");
    for (body, field) in [
        (json!({ "email": "nobody", "role": "auditor" }), "email"),
        (
            json!({ "email": "a@b.example", "role": "auditor", "expires_at": "2026-01-01T00:00:00Z" }),
            "membership_expires_at",
        ),
    ] {
        owner.sign_in(&desk, "owner@ferries.example", PASSWORD).await;
        let refused = owner.post(&desk, &path, body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
        assert_eq!(refused.json()["fields"][0]["field"], field);
    }
    let body = json!({ "email": "a@b.example", "role": "owner", "systems": ["SYS-1"] });
    assert_eq!(owner.post(&desk, &path, body).await.status, StatusCode::BAD_REQUEST);
    let body = json!({ "email": "a@b.example", "role": "owner", "person": "PER-99" });
    assert_eq!(owner.post(&desk, &path, body).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_last_one_who_administers_stays() {
    let desk = Desk::new().await;
    let mut owner = Visitor::new(&desk, "owner@ferries.example", Role::Owner).await;
    let me = owner.get(&desk, "/me").await.json()["id"].as_str().unwrap().to_owned();
    let own = format!("{HERE}/members/{me}");
    for (method, body) in [
        (Method::DELETE, None),
        (Method::PUT, Some(json!({ "role": "viewer", "person": "PER-1" }))),
        (Method::PUT, Some(json!({ "role": "owner" }))),
        (Method::PUT, Some(json!({ "role": "owner", "person": "PER-1", "as_of": "2026-01-01" }))),
    ] {
        let refused = owner.ask(&desk, method, &own, body).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{refused:?}");
        assert!(refused.json()["detail"].as_str().unwrap().contains("administers"));
    }
    assert_eq!(owner.get(&desk, &format!("{HERE}/members")).await.json()[0]["role"], "owner");
    let other = account(&desk, "other@ferries.example", Role::Viewer).await;
    let body = Some(json!({ "role": "owner", "person": "PER-2" }));
    let put = owner.ask(&desk, Method::PUT, &format!("{HERE}/members/{other}"), body).await;
    assert_eq!(put.json()["role"], "owner", "{put:?}");
    let removed = owner.ask(&desk, Method::DELETE, &own, None).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{removed:?}");
    assert_eq!(owner.get(&desk, HERE).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_token_is_shown_once_and_seen_by_its_owner_and_the_organisations() {
    let desk = Desk::new().await;
    let mut owner = Visitor::new(&desk, "owner@ferries.example", Role::Owner).await;
    let mut kim = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    let mut other = Visitor::new(&desk, "other@ferries.example", Role::Viewer).await;
    let path = format!("{HERE}/tokens");
    let issued = kim.post(&desk, &path, json!({ "name": "laptop", "scope": "read" })).await;
    assert_eq!(issued.status, StatusCode::CREATED, "{issued:?}");
    let issued = issued.json();
    let token = issued["token"].as_str().unwrap();
    assert_eq!(desk.get(token, "/soa").await.status, StatusCode::OK);
    let more = desk.ask(
        token,
        Method::POST,
        "/tokens",
        &[],
        Some(json!({ "name": "x", "scope": "read" })),
    );
    assert_eq!(more.await.status, StatusCode::FORBIDDEN, "no token makes another");
    for (visitor, seen) in [(&mut kim, 1), (&mut owner, 1), (&mut other, 0)] {
        let listed = visitor.get(&desk, &path).await.json();
        assert_eq!(listed.as_array().unwrap().len(), seen, "{listed}");
        assert!(!listed.to_string().contains(token));
    }
    let one = format!("{path}/{}", issued["id"].as_str().unwrap());
    assert_eq!(other.ask(&desk, Method::DELETE, &one, None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(owner.ask(&desk, Method::DELETE, &one, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(desk.get(token, "/soa").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        events(&desk).await[..2],
        [
            ("token_revoked".to_owned(), String::new()),
            ("token_issued".to_owned(), "read".to_owned()),
        ]
    );
}
