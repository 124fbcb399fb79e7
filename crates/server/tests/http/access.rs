//! Tokens: what they are worth, and until when.

use axum::http::{Method, StatusCode};
use serde_json::json;
use surety_aims::Role;
use surety_engine::accounts::{Part, Scope};
use surety_server::{Config, Rate};

use crate::desk::Desk;

fn part(role: Role) -> Part {
    Part { person: Some("PER-1".parse().unwrap()), ..Part::of(role) }
}

#[tokio::test]
async fn a_token_gives_no_more_than_its_scope_and_no_more_than_the_role() {
    let desk = Desk::new().await;
    let body = json!({ "body": { "title": "x" } });
    for (email, role, scope, state, ledger) in [
        ("a@x.example", Role::Owner, Scope::Write, StatusCode::CREATED, StatusCode::OK),
        ("b@x.example", Role::Owner, Scope::Ledger, StatusCode::FORBIDDEN, StatusCode::OK),
        ("c@x.example", Role::Owner, Scope::Read, StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
        (
            "d@x.example",
            Role::Contributor,
            Scope::Write,
            StatusCode::CREATED,
            StatusCode::FORBIDDEN,
        ),
        ("e@x.example", Role::Viewer, Scope::Write, StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
    ] {
        let token = desk.token_of(email, part(role), scope).await;
        let stated = desk.ask(&token, Method::POST, "/records/risk", &[], Some(body.clone())).await;
        assert_eq!(stated.status, state, "{email}: {stated:?}");
        assert_eq!(desk.get(&token, "/ledger/checkpoint").await.status, ledger, "{email}");
        assert_eq!(desk.get(&token, "/soa").await.status, StatusCode::OK, "{email}");
    }
}

#[tokio::test]
async fn whoever_is_no_person_of_the_organisation_changes_nothing() {
    let desk = Desk::new().await;
    let token = desk
        .token_of("a@x.example", Part { person: None, ..part(Role::Owner) }, Scope::Write)
        .await;
    let body = json!({ "body": { "title": "x" } });
    let stated = desk.ask(&token, Method::POST, "/records/risk", &[], Some(body)).await;
    assert_eq!(stated.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.get(&token, "/records/risk").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_part_ends_and_a_token_is_ended() {
    let desk = Desk::new().await;
    let end = "2026-12-01T00:00:00Z".parse().unwrap();
    let token = desk
        .token_of("a@x.example", Part { expires_at: Some(end), ..part(Role::Owner) }, Scope::Write)
        .await;
    desk.at("2026-11-30T23:59:59.999999Z");
    assert_eq!(desk.get(&token, "").await.status, StatusCode::OK);
    desk.at("2026-12-01T00:00:00Z");
    assert_eq!(desk.get(&token, "").await.status, StatusCode::NOT_FOUND);
    let other = desk.token(Role::Owner).await;
    assert_eq!(desk.get(&other, "").await.status, StatusCode::OK);
    let accounts = desk.engine.accounts().unwrap();
    for one in accounts.tokens("harbour-ferries").await.unwrap() {
        assert!(accounts.revoke("harbour-ferries", &one.id).await.unwrap());
    }
    assert_eq!(desk.get(&other, "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_auditor_of_the_past_sees_nothing_newer() {
    let desk = Desk::new().await;
    desk.at("2026-11-22T09:00:00Z");
    let owner = desk.token(Role::Owner).await;
    let changed = json!({ "body": { "name": "Berth planner", "purpose": "Something newer" } });
    let put = desk
        .ask(
            &owner,
            Method::PUT,
            "/records/ai_system/SYS-1",
            &[("if-match", "\"v1\"")],
            Some(changed),
        )
        .await;
    assert_eq!(put.status, StatusCode::OK, "{put:?}");
    let until = Some("2026-11-21".parse().unwrap());
    let past = desk
        .token_of("a@audit.example", Part { until, ..part(Role::Auditor) }, Scope::Ledger)
        .await;
    for query in ["", "?as_of=2026-11-22", "?as_of=2030-01-01"] {
        let shown = desk.get(&past, &format!("/records/ai_system/SYS-1{query}")).await;
        assert_eq!(shown.json()["body"]["purpose"], "Plans berths", "{query}");
    }
    let history = desk.get(&past, "/records/ai_system/SYS-1/history").await.json();
    assert_eq!(history.as_array().unwrap().len(), 1);
    let size = desk.aims.current().await.unwrap().book.size();
    let entries = desk.get(&past, &format!("/ledger/entries?from={}", size - 2)).await.json();
    assert_eq!(entries["entries"].as_array().unwrap().len(), 1, "the last one is newer");
    assert_eq!(desk.get(&past, "").await.json()["entries"], size - 1);
    let checkpoint = String::from_utf8(desk.get(&past, "/ledger/checkpoint").await.body).unwrap();
    assert_eq!(checkpoint.lines().nth(1), Some((size - 1).to_string().as_str()));
    assert_eq!(desk.get(&past, "/ledger/entries/0/proof").await.status, StatusCode::FORBIDDEN);
    let activity = desk.get(&past, "/activity?to=2030-01-01").await.json();
    assert_eq!(activity["events"].as_array().unwrap().len(), usize::try_from(size).unwrap() - 1);
}

#[tokio::test]
async fn whoever_sees_the_past_alone_changes_nothing() {
    let desk = Desk::new().await;
    let until = Some("2026-11-21".parse().unwrap());
    let token =
        desk.token_of("a@x.example", Part { until, ..part(Role::Owner) }, Scope::Write).await;
    let body = json!({ "body": { "title": "x" } });
    let stated = desk.ask(&token, Method::POST, "/records/risk", &[], Some(body)).await;
    assert_eq!(stated.status, StatusCode::FORBIDDEN, "{stated:?}");
}

#[tokio::test]
async fn a_change_of_a_part_counts_from_the_next_request() {
    let desk = Desk::new().await;
    let token = desk.token_of("a@x.example", part(Role::Owner), Scope::Write).await;
    let accounts = desk.engine.accounts().unwrap();
    let account = accounts.of_email("a@x.example").await.unwrap();
    assert_eq!(desk.get(&token, "/ledger/keys").await.status, StatusCode::OK);
    accounts.join("harbour-ferries", &account.id, &part(Role::Viewer)).await.unwrap();
    assert_eq!(desk.get(&token, "/ledger/keys").await.status, StatusCode::FORBIDDEN);
    accounts.join("harbour-ferries", &account.id, &part(Role::Auditor)).await.unwrap();
    assert_eq!(desk.get(&token, "/ledger/keys").await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_come_again() {
    let burst = std::num::NonZeroU32::new(3).unwrap();
    let rate = Some(Rate { burst, window: std::time::Duration::from_secs(1_000_000) });
    let desk = Desk::with(Config { rate, ..Config::default() }).await;
    let token = desk.token(Role::Viewer).await;
    for left in [2, 1, 0] {
        let answered = desk.get(&token, "/due").await;
        assert_eq!(answered.status, StatusCode::OK);
        assert_eq!(answered.header("ratelimit"), format!("\"account\";r={left};t=1000000"));
    }
    let refused = desk.get(&token, "/due").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), refused.json()["retry_after"].to_string());
    assert_eq!(refused.json()["code"], "too-many-requests");
}
