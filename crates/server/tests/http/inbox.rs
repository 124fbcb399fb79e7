//! The inbox, and the figure in the header that leads to it.

use axum::http::Method;
use serde_json::json;
use surety_aims::Role;
use surety_engine::accounts::{Part, Scope};

use crate::{desk::Desk, pages::HOUSE, visitor::Visitor};

#[tokio::test]
async fn a_question_waits_until_it_is_answered() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let comments = "/records/ai_system/SYS-1/comments";
    let waiting = async || {
        let page = kim.open(&desk, &format!("{HOUSE}/inbox")).await;
        page.html().to_owned()
    };
    assert!(waiting().await.contains("No comment that names you"));
    let other = Part { person: Some("PER-2".parse().unwrap()), ..Part::of(Role::Owner) };
    let token = desk.token_of("two@ferries.example", other, Scope::Write).await;
    let body = json!({ "text": "Which <berths>?", "mentions": ["PER-1"] });
    desk.ask(&token, Method::POST, comments, &[], Some(body)).await;
    let page = waiting().await;
    assert!(page.contains("Which &#60;berths&#62;?"), "{page}");
    assert!(page.contains("ai_system/SYS-1?tab=comments"), "{page}");
    assert!(page.contains("<span>1</span><span class=\"visually-hidden\"> thing waits"), "{page}");
    let answer = format!("{HOUSE}/records/ai_system/SYS-1/comment");
    kim.send(&desk, &answer, &[("text", "All of them")]).await;
    assert!(waiting().await.contains("<span>0</span>"));
}
