//! What a command line asks that folds the ledger on its side.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use surety_aims::Role;
use surety_engine::accounts::{Part, Scope};

use crate::{desk::Desk, visitor::Visitor};

async fn run(desk: &Desk, token: &str, commands: Value) -> (StatusCode, Value) {
    let body = Some(json!({ "commands": commands }));
    let answered = desk.ask(token, Method::POST, "/commands", &[], body).await;
    (answered.status, answered.json())
}

#[tokio::test]
async fn entries_come_as_they_are_stored_up_to_the_head() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Viewer).await;
    let head = desk.get(&token, "/replica").await.json();
    let size = head["size"].as_u64().unwrap();
    assert_eq!(head["you"], json!({ "name": "PER-1", "role": "viewer" }));
    assert_eq!(head["organisation"]["name"], "Harbour Ferries");
    let page = desk.get(&token, "/replica/entries").await;
    assert_eq!(page.header("content-type"), "application/jsonl");
    let text = String::from_utf8(page.body).unwrap();
    assert_eq!(u64::try_from(text.lines().count()).unwrap(), size);
    let frontier = desk.aims.current().await.unwrap().frontier.root().to_base64();
    assert_eq!(head["root"], frontier);
    let last = desk.get(&token, &format!("/replica/entries?from={}&limit=5", size - 1)).await;
    assert_eq!(String::from_utf8(last.body).unwrap().lines().last(), text.lines().last());
    let past = desk.get(&token, &format!("/replica/entries?from={size}")).await;
    assert!(past.body.is_empty());
    let about = desk.get(&token, "/replica/records/SYS-1/entries").await;
    assert_eq!(about.body.iter().filter(|byte| **byte == b'\n').count(), 1);
    let before = desk.get(&token, "/replica/size?at=2020-01-01T00:00:00Z").await.json();
    assert_eq!(before, json!({ "size": 0 }));
}

#[tokio::test]
async fn what_happened_at_the_door_is_for_whoever_reads_the_ledger() {
    let desk = Desk::new().await;
    let (viewer, auditor) = (desk.token(Role::Viewer).await, desk.token(Role::Auditor).await);
    Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    desk.engine.noted().await;
    let lines = async |token: &str| {
        let page = desk.get(token, "/replica/entries").await;
        let lines: Vec<Value> = String::from_utf8(page.body)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let door = |line: &Value| line["header"].as_str().unwrap().contains(r#""kind":"security""#);
        lines.into_iter().partition::<Vec<_>, _>(door)
    };
    let ((told, rest), (untold, same)) = (lines(&auditor).await, lines(&viewer).await);
    assert_eq!(rest, same);
    assert!(!told.is_empty(), "signing in is noted");
    assert!(told.iter().all(|line| line["payload"].is_string()));
    assert!(untold.iter().all(|line| line["payload"].is_null() && line["salt"].is_null()));
}

#[tokio::test]
async fn whoever_sees_a_part_gets_no_replica() {
    let desk = Desk::new().await;
    let part = |systems: &[&str], until: Option<&str>| Part {
        role: Role::Auditor,
        person: Some("PER-1".parse().unwrap()),
        expires_at: None,
        until: until.map(|day| day.parse().unwrap()),
        systems: systems.iter().map(|id| id.parse().unwrap()).collect(),
    };
    let past = desk.token_of("a@x.example", part(&[], Some("2026-11-21")), Scope::Ledger).await;
    let some = desk.token_of("b@x.example", part(&["SYS-1"], None), Scope::Ledger).await;
    for token in [past, some] {
        for path in [
            "/replica",
            "/replica/entries",
            "/replica/records/SYS-1/entries",
            "/replica/size?at=2020-01-01T00:00:00Z",
            "/replica/redactions",
            "/replica/snapshot",
            "/ledger/signatures",
            "/people",
        ] {
            let answered = desk.get(&token, path).await;
            assert_eq!(answered.status, StatusCode::FORBIDDEN, "{path}: {answered:?}");
        }
        let kept = desk.ask(&token, Method::POST, "/checkpoints", &[], None).await;
        assert_eq!(kept.status, StatusCode::FORBIDDEN);
        let (status, _) = run(&desk, &token, json!([])).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn commands_happen_together_or_not_at_all_and_a_refusal_says_which() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let risk = json!({ "do": "state", "kind": "risk", "body": { "title": "Fog" } });
    let unknown = json!({ "do": "withdraw", "id": "SUP-9", "reason": "x" });
    let (status, problem) = run(&desk, &token, json!([risk, unknown])).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!((&problem["command"], &problem["code"]), (&json!(1), &json!("not-found")));
    assert_eq!(desk.get(&token, "/records/risk").await.json()["total"], 0);
    let (status, done) = run(&desk, &token, json!([risk, risk])).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    assert_eq!(done["records"], json!(["RSK-1", "RSK-2"]));
    let size = desk.aims.current().await.unwrap().book.size();
    assert_eq!(done["entries"], json!([size - 2, size]));
}

#[tokio::test]
async fn nobody_writes_what_takes_the_place_of_erased_text() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let residue = json!({ "type": "stated", "id": "SYS-1" });
    let redact = json!({ "do": "redact", "seq": 1, "reason": "x", "residue": residue });
    let (status, problem) = run(&desk, &token, json!([redact])).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
    let manager = desk.token(Role::ComplianceManager).await;
    let body = json!({ "reason": "erasure request" });
    for (token, status) in [(&manager, StatusCode::FORBIDDEN), (&token, StatusCode::OK)] {
        let path = "/ledger/entries/0/redaction";
        let answered = desk.ask(token, Method::POST, path, &[], Some(body.clone())).await;
        assert_eq!(answered.status, status, "{answered:?}");
    }
    assert_eq!(desk.get(&token, "/replica/redactions").await.json()[0]["seq"], 0);
}

#[tokio::test]
async fn a_checkpoint_of_a_past_size_is_signed_but_none_of_the_future() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Auditor).await;
    let checkpoint = desk.get(&token, "/ledger/checkpoint?size=2").await;
    let text = String::from_utf8(checkpoint.body).unwrap();
    assert_eq!(text.lines().nth(1), Some("2"));
    let future = desk.get(&token, "/ledger/checkpoint?size=999").await;
    assert_eq!(future.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.get(&token, "/ledger/signatures").await.json()["checkpoints"], json!([]));
    let kept = desk.ask(&token, Method::POST, "/checkpoints", &[], None).await;
    assert_eq!(kept.status, StatusCode::NO_CONTENT);
    let signatures = desk.get(&token, "/ledger/signatures").await.json();
    assert_eq!(signatures["checkpoints"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn who_a_person_is_is_said_by_whoever_states_persons_and_erased_by_an_owner() {
    let desk = Desk::new().await;
    let (owner, contributor) = (desk.token(Role::Owner).await, desk.token(Role::Contributor).await);
    let viewer = desk.token(Role::Viewer).await;
    let put = async |token: &str, path: &str, body: Value| {
        desk.ask(token, Method::PUT, path, &[], Some(body)).await.status
    };
    let kim = json!({ "name": "K. Im", "email": "k@ferries.example" });
    assert_eq!(put(&viewer, "/people/PER-2", kim.clone()).await, StatusCode::FORBIDDEN);
    assert_eq!(put(&contributor, "/people/PER-2", kim.clone()).await, StatusCode::NO_CONTENT);
    assert_eq!(desk.get(&viewer, "/people").await.json(), json!({ "PER-2": kim }));
    assert_eq!(put(&owner, "/people/PER-99", kim.clone()).await, StatusCode::NOT_FOUND);
    assert_eq!(put(&owner, "/people/SYS-1", kim).await, StatusCode::NOT_FOUND);
    let nul = json!({ "name": "K\u{0}" });
    assert_eq!(put(&owner, "/people/PER-2", nul).await, StatusCode::BAD_REQUEST);
    let erase =
        async |token| desk.ask(token, Method::DELETE, "/people/PER-2", &[], None).await.status;
    assert_eq!(erase(&contributor).await, StatusCode::FORBIDDEN);
    assert_eq!(erase(&owner).await, StatusCode::NO_CONTENT);
    assert_eq!(desk.get(&viewer, "/people").await.json(), json!({}));
}
