//! Comments over HTTP: whoever takes part may say something, and each changes only what is their own.

use axum::http::{Method, StatusCode};
use serde_json::json;
use surety_aims::Role;
use surety_engine::accounts::{Part, Scope};

use crate::desk::Desk;

#[tokio::test]
async fn a_comment_is_made_listed_answered_and_withdrawn_by_its_author() {
    let desk = Desk::new().await;
    let owner = desk.token(Role::Owner).await;
    let person = Some("PER-2".parse().unwrap());
    let part = Part { person, ..Part::of(Role::Approver) };
    let approver = desk.token_of("second@ferries.example", part, Scope::Write).await;
    let place = "/records/ai_system/SYS-1/comments";
    let say = |token: String, body| {
        let desk = &desk;
        async move { desk.ask(&token, Method::POST, place, &[], Some(body)).await }
    };
    let first = say(owner.clone(), json!({ "text": "Which berth?", "mentions": ["PER-2"] })).await;
    assert_eq!(first.status, StatusCode::CREATED, "{first:?}");
    assert!(first.header("location").ends_with("/records/comment/CMT-1"));
    let answer = say(approver.clone(), json!({ "text": "Berth 4", "reply_to": "CMT-1" })).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
    let listed = desk.get(&owner, place).await.json();
    let texts: Vec<_> = listed["comments"].as_array().unwrap().iter().collect();
    assert_eq!(texts[0]["body"]["text"], "Which berth?");
    assert_eq!((texts.len(), &texts[1]["stated"]["by"]), (2, &json!("PER-2")));
    let theirs = "/records/comment/CMT-2?reason=wrong";
    let refused = desk.ask(&owner, Method::DELETE, theirs, &[], None).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let gone = desk.ask(&approver, Method::DELETE, theirs, &[], None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{gone:?}");
    let empty = say(owner.clone(), json!({ "text": " " })).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nowhere = "/records/ai_system/SYS-9/comments";
    let body = Some(json!({ "text": "x" }));
    let missing = desk.ask(&owner, Method::POST, nowhere, &[], body).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}
