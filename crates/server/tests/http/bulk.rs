//! The same change for many records: previewed, and then all or none.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use surety_aims::Role;

use crate::desk::{Answered, Desk};

async fn office() -> (Desk, String) {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    for title in ["Fog", "Ice"] {
        let body = Some(json!({ "body": { "title": title } }));
        desk.ask(&token, Method::POST, "/records/risk", &[], body).await;
    }
    (desk, token)
}

async fn bulk(desk: &Desk, token: &str, asked: Value) -> Answered {
    desk.ask(token, Method::POST, "/bulk", &[], Some(asked)).await
}

async fn owner(desk: &Desk, token: &str, risk: &str) -> Value {
    desk.get(token, &format!("/records/risk/{risk}")).await.json()["body"]["owner"].clone()
}

#[tokio::test]
async fn what_was_previewed_happens_to_all() {
    let (desk, token) = office().await;
    let asked = |preview: bool, versions: Value| {
        json!({
            "select": { "kind": "risk" }, "patch": { "body": { "owner": "PER-2" } },
            "preview": preview, "versions": versions,
        })
    };
    let preview = bulk(&desk, &token, asked(true, json!({}))).await.json();
    assert_eq!((&preview["changed"], &preview["refused"]), (&json!(2), &json!(0)), "{preview}");
    let change = json!([{ "field": "owner", "old": null, "new": "PER-2" }]);
    assert_eq!(preview["records"][0]["changes"], change);
    assert_eq!(owner(&desk, &token, "RSK-1").await, Value::Null, "a preview changes nothing");
    let done = bulk(&desk, &token, asked(false, preview["versions"].clone())).await;
    assert_eq!(done.status, StatusCode::OK, "{done:?}");
    assert_eq!(owner(&desk, &token, "RSK-2").await, "PER-2");
}

#[tokio::test]
async fn whoever_was_slower_than_another_is_told_which_records_have_changed() {
    let (desk, token) = office().await;
    let select = json!({ "kind": "risk" });
    let patch = json!({ "body": { "owner": "PER-2" } });
    let without = bulk(&desk, &token, json!({ "select": select, "patch": patch })).await;
    assert_eq!(without.status, StatusCode::PRECONDITION_REQUIRED);
    let other = json!({ "body": { "title": "Black ice" } });
    desk.ask(&token, Method::PATCH, "/records/risk/RSK-2", &[("if-match", "\"v1\"")], Some(other))
        .await;
    let versions = json!({ "RSK-1": 1, "RSK-2": 1, "RSK-9": 4 });
    let asked = json!({ "select": select, "patch": patch, "versions": versions });
    let stale = bulk(&desk, &token, asked).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED, "{stale:?}");
    let named = json!([
        { "id": "RSK-2", "base": 1, "current_version": 2 },
        { "id": "RSK-9", "base": 4, "current_version": null },
    ]);
    assert_eq!(stale.json()["stale"], named);
    assert_eq!(owner(&desk, &token, "RSK-1").await, Value::Null, "all or none");
}

#[tokio::test]
async fn one_refusal_is_named_and_stops_all() {
    let (desk, token) = office().await;
    let person = json!({ "body": { "owner": "PER-77" } });
    let ids = json!({ "ids": ["RSK-1", "RSK-2"] });
    let asked = json!({ "select": ids, "patch": person, "preview": true });
    let preview = bulk(&desk, &token, asked).await.json();
    assert_eq!(preview["refused"], 2);
    assert_eq!(preview["records"][0]["refused"]["fields"][0]["field"], "owner");
    let body = Some(json!({ "body": { "title": "Rule", "owner": "PER-1" } }));
    desk.ask(&token, Method::POST, "/records/policy", &[], body).await;
    let versions = json!({ "RSK-1": 1, "PER-2": 1, "SYS-1": 1, "PER-1": 1 });
    let asked = json!({
        "select": { "ids": ["RSK-1", "PER-2", "SYS-1", "PER-1"] },
        "withdraw": { "reason": "tidying up" }, "versions": versions,
    });
    let refused = bulk(&desk, &token, asked).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
    assert_eq!(refused.json()["record"], "PER-1");
    assert_eq!(desk.get(&token, "/records/risk/RSK-1").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let (desk, token) = office().await;
    let step = json!({ "step": "analyse" });
    for (asked, status) in [
        (json!({ "select": {}, "step": step }), StatusCode::BAD_REQUEST),
        (json!({ "select": { "kind": "risk" } }), StatusCode::BAD_REQUEST),
        (
            json!({ "select": { "kind": "risk" }, "step": step, "patch": {} }),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({ "select": { "kind": "risk", "ids": ["RSK-1"] }, "step": step }),
            StatusCode::BAD_REQUEST,
        ),
        (json!({ "select": { "kind": "policy" }, "step": step }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "select": { "ids": ["RSK-9"] }, "step": step }), StatusCode::NOT_FOUND),
        (
            json!({ "select": { "kind": "risk", "filter": { "field.colour": "red" } }, "step": step }),
            StatusCode::BAD_REQUEST,
        ),
    ] {
        let refused = bulk(&desk, &token, asked.clone()).await;
        assert_eq!(refused.status, status, "{asked}: {refused:?}");
    }
}
