//! Views as documents, steps, downloads, classes, and the page of the reference.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::{Value, json};
use surety_aims::Role;

use crate::desk::{Desk, ORGANISATION};

#[tokio::test]
async fn a_view_comes_in_the_format_that_is_asked_for() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Viewer).await;
    for view in [
        "/soa",
        "/plan",
        "/due",
        "/readiness",
        "/inventory",
        "/activity",
        "/classes",
        "/risks",
        "/dossiers/SYS-1",
    ] {
        for (format, media, start) in [
            ("csv", "text/csv; charset=utf-8", &b""[..]),
            ("md", "text/markdown; charset=utf-8", b"# "),
            ("table", "text/plain; charset=utf-8", b""),
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
            (
                "docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                b"PK",
            ),
            ("pdf", "application/pdf", b"%PDF-1.7"),
        ] {
            let answered = desk.get(&token, &format!("{view}?format={format}")).await;
            assert_eq!(answered.status, StatusCode::OK, "{view} {format}: {answered:?}");
            assert_eq!(answered.header("content-type"), media, "{view} {format}");
            assert!(
                answered.body.starts_with(start) && !answered.body.is_empty(),
                "{view} {format}"
            );
            let disposition = answered.header("content-disposition");
            assert!(disposition.starts_with("attachment; filename=\""), "{view}: {disposition}");
            assert_eq!(answered.header("etag"), "", "names of persons stand beside the ledger");
        }
    }
    let accept = [("accept", "text/csv")];
    let by_header = desk.ask(&token, Method::GET, "/plan", &accept, None).await;
    assert_eq!(by_header.header("content-type"), "text/csv; charset=utf-8");
    let plain = desk.get(&token, "/plan").await;
    assert_eq!(plain.header("content-type"), "application/json", "whatever was asked before");
    let unknown = desk.get(&token, "/plan?format=odt").await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn steps_say_what_is_missing_and_why_they_are_closed() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let steps = desk.get(&token, "/records/ai_system/SYS-1/steps").await.json();
    assert!(!steps["missing"].as_array().unwrap().is_empty(), "{steps}");
    let first = &steps["next_steps"][0];
    assert_eq!(first["action"], "accept_intake");
    assert!(first["closed_because"].as_str().unwrap().contains("SYS-1"), "{first}");
}

#[tokio::test]
async fn a_pack_and_an_export_are_zips_of_the_right_length() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Auditor).await;
    for what in ["/pack", "/export"] {
        let zip = desk.get(&token, what).await;
        assert_eq!(zip.status, StatusCode::OK, "{what}: {:?}", zip.headers);
        assert_eq!(zip.header("content-type"), "application/zip");
        assert!(zip.body.starts_with(b"PK"), "{what}");
        assert_eq!(zip.header("content-length"), zip.body.len().to_string(), "{what}");
    }
}

#[tokio::test]
async fn a_walk_leads_to_a_class_that_is_kept_once() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let walk = |answers: Value| {
        let (desk, token) = (&desk, &token);
        let body = Some(json!({ "answers": answers }));
        async move { desk.ask(token, Method::POST, "/classes/SYS-1/walk", &[], body).await }
    };
    let first = walk(json!({})).await.json();
    let node = first["question"]["node"].as_str().unwrap().to_owned();
    let value = first["question"]["answers"][0]["value"].clone();
    let answers = json!({ node.clone(): [value] });
    let second = walk(answers.clone()).await.json();
    assert_ne!(second["question"]["node"], node, "{second}");
    let keep = |body: Value| desk.ask(&token, Method::POST, "/classes/SYS-1", &[], Some(body));
    let kept = keep(json!({ "answers": answers })).await;
    assert_eq!(kept.status, StatusCode::CREATED, "{kept:?}");
    let again = keep(json!({ "answers": answers })).await;
    assert_eq!(again.status, StatusCode::NO_CONTENT, "{again:?}");
    let wrong = walk(json!({ node: ["no such answer"] })).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_comparison_shows_what_changed_between_two_days() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let query = "/diff?view=inventory&from=2026-11-01&to=2026-11-20";
    let diff = desk.get(&token, query).await.json();
    assert_eq!(diff["added"][0]["id"], "SYS-1", "{diff}");
    let backwards = desk.get(&token, "/diff?view=soa&from=2026-11-20&to=2026-11-01").await;
    assert_eq!(backwards.status, StatusCode::BAD_REQUEST);
    let unknown = desk.get(&token, "/diff?view=weather&from=2026-11-01").await;
    assert!(unknown.json()["detail"].as_str().unwrap().contains("one of soa, gap"));
}

#[tokio::test]
async fn the_reference_is_a_page_without_inline_script() {
    let desk = Desk::new().await;
    let page = desk.send(Request::get("/api").body(Body::empty()).unwrap()).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let text = String::from_utf8(page.body).unwrap();
    assert!(text.contains("/api/v1/openapi.json"));
    assert!(!text.contains("<style") && !text.contains("<script>") && !text.contains("onclick"));
    let files = text.split("/assets/").skip(1).map(|rest| rest.split('"').next().unwrap());
    for file in files {
        let request = Request::get(format!("/assets/{file}")).body(Body::empty()).unwrap();
        let served = desk.send(request).await;
        assert_eq!(served.status, StatusCode::OK, "{file}");
        assert!(served.header("cache-control").contains("immutable"), "{file}");
    }
}

#[tokio::test]
async fn a_workbook_of_decisions_comes_back_with_a_preview() {
    let desk = Desk::new().await;
    let (owner, viewer) = (desk.token(Role::Owner).await, desk.token(Role::Viewer).await);
    let workbook = desk.get(&owner, "/soa?format=xlsx").await.body;
    let send = |token: &str, query: &str, body: Vec<u8>| {
        let request = Request::post(format!("{ORGANISATION}/soa/decisions{query}"))
            .header("authorization", format!("Bearer {token}"));
        desk.send(request.body(Body::from(body)).unwrap())
    };
    let preview = send(&owner, "?preview=true", workbook.clone()).await;
    assert_eq!(preview.status, StatusCode::OK, "{preview:?}");
    assert_eq!(preview.json(), json!({ "preview": true, "changes": [], "problems": [] }));
    let taken = send(&owner, "", workbook.clone()).await;
    assert_eq!(taken.json()["preview"], false);
    let refused = send(&viewer, "", workbook).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
    let strange = send(&owner, "", b"PK\x03\x04".to_vec()).await;
    assert!(strange.status.is_client_error(), "{strange:?}");
    assert!(strange.json()["detail"].as_str().unwrap().contains("export one as xlsx"));
}

#[tokio::test]
async fn a_policy_is_a_document() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let body =
        json!({ "body": { "title": "AI policy", "kind": "ai_policy", "body": "# Aims\n\n- one" } });
    let stated = desk.ask(&token, Method::POST, "/records/policy", &[], Some(body)).await;
    let id = stated.json()["id"].as_str().unwrap().to_owned();
    let shown = desk.get(&token, &format!("/policies/{id}")).await.json();
    assert_eq!(
        (&shown["policy"]["body"]["title"], shown["history"].as_array().unwrap().len()),
        (&json!("AI policy"), 1)
    );
    let text = desk.get(&token, &format!("/policies/{id}?format=md")).await.body;
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("### Aims\n\n- one\n"), "{text}");
    assert_eq!(desk.get(&token, "/policies/SYS-1").await.status, StatusCode::NOT_FOUND);
}
