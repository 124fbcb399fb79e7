//! Derived views, the ledger, and what every answer carries.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use surety_aims::Role;

use crate::desk::{Desk, ORGANISATION};

#[tokio::test]
async fn every_view_answers() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Auditor).await;
    for (path, field) in [
        ("/soa", "/cells/0/control"),
        ("/gap", "/frameworks/0/framework"),
        ("/plan", "/items/0"),
        ("/due", "/items"),
        ("/readiness", "/stage1/of"),
        ("/coverage?from=iso42001&to=iso27001", "/rows/0/requirement"),
        ("/activity", "/events/0/seq"),
        ("/risks", "/risks"),
        ("/dossiers/SYS-1", "/system/body/name"),
        ("/classes", "/0/system"),
        ("/law/calendar", "/entries/0/date"),
        ("/law/impact?from=v2024&to=v2026", "/totals/subjects"),
        ("/ledger/entries?limit=2", "/entries/1/header"),
        ("/kinds", "/0/schema/properties"),
    ] {
        let answered = desk.get(&token, path).await;
        assert_eq!(answered.status, StatusCode::OK, "{path}: {answered:?}");
        assert!(answered.json().pointer(field).is_some(), "{path} has no {field}");
    }
}

#[tokio::test]
async fn the_ledger_proves_itself() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Auditor).await;
    let checkpoint = desk.get(&token, "/ledger/checkpoint").await;
    let text = String::from_utf8(checkpoint.body).unwrap();
    assert!(text.starts_with(desk.aims.origin()) && text.contains("\n\u{2014} "), "{text}");
    let proof = desk.get(&token, "/ledger/entries/0/proof").await;
    assert_eq!(proof.status, StatusCode::OK);
    assert_eq!(desk.get(&token, "/ledger/entries/999/proof").await.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.get(&token, "/ledger/entries/x/proof").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_answer_is_named_and_guarded() {
    let desk = Desk::new().await;
    for path in
        ["/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/nowhere", ORGANISATION]
    {
        let answered = desk.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert!(!answered.header("x-request-id").is_empty(), "{path}");
        assert_eq!(answered.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answered.header("content-security-policy").contains("default-src 'none'"));
        assert!(!answered.header("content-security-policy").contains("unsafe-inline"));
        assert_eq!(answered.header("cache-control"), "no-store", "{path}");
    }
    // Elsewhere people read it, so it is a page.
    let nowhere = desk.send(Request::get("/api/v1/nowhere").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (nowhere.status, nowhere.header("content-type")),
        (StatusCode::NOT_FOUND, "application/problem+json")
    );
    let wrong = Request::delete("/healthz").body(Body::empty()).unwrap();
    assert_eq!(desk.send(wrong).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_large_answer_is_compressed_on_request() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Viewer).await;
    let plain = desk.get(&token, "/soa").await;
    let packed = desk.ask(&token, Method::GET, "/soa", &[("accept-encoding", "gzip")], None).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() * 4 < plain.body.len());
}

#[tokio::test]
async fn the_scheme_of_a_token_has_no_case() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Viewer).await;
    let request = Request::get(ORGANISATION).header("authorization", format!("bearer {token}"));
    assert_eq!(desk.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_view_is_given_again_only_when_it_changed() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let first = desk.get(&token, "/soa").await;
    let tag = first.header("etag").to_owned();
    let again =
        async || desk.ask(&token, Method::GET, "/soa", &[("if-none-match", &tag)], None).await;
    assert_eq!(again().await.status, StatusCode::NOT_MODIFIED);
    let body = serde_json::json!({ "body": { "title": "Wrong berth" } });
    let stated = desk.ask(&token, Method::POST, "/records/risk", &[], Some(body)).await;
    assert_eq!(stated.status, StatusCode::CREATED);
    let newer = again().await;
    assert_eq!(newer.status, StatusCode::OK);
    desk.at("2026-11-21T15:00:00Z");
    let tomorrow = desk.get(&token, "/soa").await;
    assert_ne!(tomorrow.header("etag"), newer.header("etag"), "views depend on the day");
}
