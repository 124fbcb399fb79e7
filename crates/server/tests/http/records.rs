//! Records over HTTP: pages, versions, conflicts, problems.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use surety_aims::Role;

use crate::desk::{Desk, ORGANISATION};

fn risk(title: &str) -> Value {
    json!({ "body": { "title": title } })
}

#[tokio::test]
async fn a_record_is_created_read_changed_and_withdrawn() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let created =
        desk.ask(&token, Method::POST, "/records/risk", &[], Some(risk("Wrong berth"))).await;
    assert_eq!(created.status, StatusCode::CREATED, "{created:?}");
    assert_eq!(created.header("location"), format!("{ORGANISATION}/records/risk/RSK-1"));
    assert_eq!(created.header("etag"), "\"v1\"");
    let same = desk
        .ask(&token, Method::GET, "/records/risk/RSK-1", &[("if-none-match", "\"v1\"")], None)
        .await;
    assert_eq!((same.status, same.body.len()), (StatusCode::NOT_MODIFIED, 0));
    let patch = json!({ "body": { "description": "Two ships, one berth" } });
    let patched = desk
        .ask(&token, Method::PATCH, "/records/risk/RSK-1", &[("if-match", "\"v1\"")], Some(patch))
        .await;
    assert_eq!((patched.status, patched.header("etag")), (StatusCode::OK, "\"v2\""));
    assert_eq!(
        patched.json()["body"],
        json!({ "title": "Wrong berth", "description": "Two ships, one berth" })
    );
    let gone =
        desk.ask(&token, Method::DELETE, "/records/risk/RSK-1?reason=twice", &[], None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
    assert_eq!(desk.get(&token, "/records/risk/RSK-1").await.status, StatusCode::NOT_FOUND);
    let history = desk.get(&token, "/records/risk/RSK-1/history").await.json();
    assert_eq!(history.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_stale_change_shows_both_versions() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let put = |version: &'static str, title: &'static str| {
        let body = json!({ "body": { "name": title } });
        let (desk, token) = (&desk, &token);
        async move {
            desk.ask(
                token,
                Method::PUT,
                "/records/ai_system/SYS-1",
                &[("if-match", version)],
                Some(body),
            )
            .await
        }
    };
    assert_eq!(put("\"v1\"", "First").await.status, StatusCode::OK);
    let stale = put("\"v1\"", "Second").await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let problem = stale.json();
    assert_eq!(problem["code"], "stale");
    assert_eq!(
        (&problem["current"]["body"]["name"], &problem["yours"]["name"]),
        (&json!("First"), &json!("Second"))
    );
    let body = Some(json!({ "body": { "name": "x" } }));
    let blind = desk.ask(&token, Method::PUT, "/records/ai_system/SYS-1", &[], body).await;
    assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(put("W/\"v2\"", "x").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn asking_twice_under_one_key_happens_once() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let ask = || {
        desk.ask(
            &token,
            Method::POST,
            "/records/risk",
            &[("idempotency-key", "k-1")],
            Some(risk("Fog")),
        )
    };
    let (first, second) = (ask().await, ask().await);
    assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::OK), "{second:?}");
    assert_eq!(first.json()["id"], second.json()["id"]);
    assert_eq!(desk.get(&token, "/records/risk").await.json()["total"], 1);
}

#[tokio::test]
async fn one_key_for_two_requests_of_different_kinds_is_two_keys() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let key = [("idempotency-key", "k-1"), ("if-match", "\"v1\"")];
    let make = Some(risk("Fog"));
    desk.ask(&token, Method::POST, "/records/risk", &key[..1], make).await;
    let patch = Some(json!({ "body": { "description": "Thick" } }));
    let patched = desk.ask(&token, Method::PATCH, "/records/risk/RSK-1", &key, patch).await;
    assert_eq!(patched.header("etag"), "\"v2\"", "{patched:?}");
    let gone = "/records/risk/RSK-1?reason=twice";
    let gone = desk.ask(&token, Method::DELETE, gone, &key[..1], None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
}

#[tokio::test]
async fn problems_name_the_field_and_what_to_do() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let post = |kind: &'static str, body: Value| {
        let (desk, token) = (&desk, &token);
        async move { desk.ask(token, Method::POST, &format!("/records/{kind}"), &[], Some(body)).await }
    };
    let wrong = post("ai_system", json!({ "body": { "name": "x", "owner": "PER-77" } })).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.header("content-type"), "application/problem+json");
    assert_eq!(
        wrong.json()["fields"][0],
        json!({ "field": "owner", "message": "there is no PER-77" })
    );
    assert_eq!(post("ai_system", json!({ "colour": 1 })).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(post("spaceship", risk("x")).await.status, StatusCode::NOT_FOUND);
    let step = json!({ "step": "fly" });
    let moved = desk
        .ask(&token, Method::POST, "/records/ai_system/SYS-1/transitions", &[], Some(step))
        .await;
    assert_eq!(
        (moved.status, moved.json()["code"].clone()),
        (StatusCode::UNPROCESSABLE_ENTITY, json!("refused"))
    );
    let unknown = desk.get(&token, "/soa?colour=red").await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    assert!(
        unknown.json()["detail"]
            .as_str()
            .unwrap()
            .contains("there are: framework, from, to, as_of, format")
    );
    let large = Some(json!({ "body": { "title": "x".repeat(2 << 20) } }));
    let large = desk.ask(&token, Method::POST, "/records/risk", &[], large).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn pages_of_a_list_hold_every_record_once() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    for number in 0..7 {
        let body = Some(risk(&format!("Risk {}", 9 - number)));
        desk.ask(&token, Method::POST, "/records/risk", &[], body).await;
    }
    let (mut seen, mut path) = (Vec::new(), "/records/risk?sort=title&limit=3".to_owned());
    loop {
        let page = desk.get(&token, &path).await.json();
        assert_eq!(page["total"], 7);
        let titles = page["records"].as_array().unwrap().iter();
        seen.extend(titles.map(|one| one["body"]["title"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/records/risk?sort=title&limit=3&after={next}");
    }
    assert_eq!(seen, (3..=9).map(|number| format!("Risk {number}")).collect::<Vec<_>>());
    let found = desk.get(&token, "/records/risk?q=RISK%205").await.json();
    assert_eq!(found["total"], 1);
    let reversed = desk.get(&token, "/records/risk?sort=-id&limit=1").await.json();
    assert_eq!(reversed["records"][0]["id"], "RSK-7");
    for wrong in
        ["?limit=0", "?limit=1001", "?sort=colour", "?state=asleep", "?after=x", "?limit=1&limit=2"]
    {
        let status = desk.get(&token, &format!("/records/risk{wrong}")).await.status;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn references_go_both_ways() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Viewer).await;
    let system = desk.get(&token, "/records/ai_system/SYS-1/references").await.json();
    assert_eq!(system["to"][0]["id"], "PER-1");
    let person = desk.get(&token, "/records/person/PER-1/references").await.json();
    assert_eq!(person["by"][0]["id"], "SYS-1");
}
