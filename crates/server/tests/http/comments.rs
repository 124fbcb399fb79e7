//! Comments over HTTP: whoever takes part may say something, and each changes only what is their own.

use axum::http::{Method, StatusCode};
use serde_json::json;
use surety_aims::Role;
use surety_engine::{
    Person,
    accounts::{Part, Scope},
};

use crate::{desk::Desk, pages::HOUSE, visitor::Visitor};

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

#[tokio::test]
async fn a_person_is_spoken_to_by_name_and_the_ledger_keeps_the_id() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    for (id, name) in [("PER-1", "Kim Harper"), ("PER-2", "Ana <b>Silva")] {
        let data = Person { name: name.to_owned(), email: None };
        desk.aims.put_person(id.parse().unwrap(), &data).await.unwrap();
    }
    let tab = format!("{HOUSE}/records/ai_system/SYS-1?tab=comments");
    let page = kim.open(&desk, &tab).await;
    let offered = "<option value=\"PER-2\">Ana &#60;b&#62;Silva</option>";
    assert!(page.html().contains(offered), "{}", page.html());
    assert!(page.html().contains("or @Kim Harper"), "{}", page.html());

    let comment = format!("{HOUSE}/records/ai_system/SYS-1/comment");
    let said = "@ana <b>silva: which berth? Not @Nobody, nor ana@Kim Harper.";
    let sent = kim.send(&desk, &comment, &[("text", said)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html());
    let view = desk.aims.view(surety_engine::Moment::Now).await.unwrap();
    let kept = view.book().get("CMT-1".parse().unwrap()).unwrap().body.to_json();
    assert_eq!(kept["text"], "@PER-2: which berth? Not @Nobody, nor ana@Kim Harper.");
    assert_eq!(kept["mentions"], json!(["PER-2"]));

    let link = format!("<a href=\"{HOUSE}/records/person/PER-2\">@Ana &#60;b&#62;Silva</a>");
    let shown = kim.open(&desk, &tab).await;
    assert!(shown.html().contains(&link), "{}", shown.html());
    let viewer = desk.engine.accounts().unwrap();
    let ana = crate::visitor::account(&desk, "ana@ferries.example", Role::Owner).await;
    let part = Part { person: Some("PER-2".parse().unwrap()), ..Part::of(Role::Owner) };
    viewer.join(desk.aims.id(), &ana, &part).await.unwrap();
    let mut browser = Visitor::default();
    browser.sign_in(&desk, "ana@ferries.example", crate::visitor::PASSWORD).await;
    let inbox = browser.open(&desk, &format!("{HOUSE}/inbox")).await;
    assert!(inbox.html().contains(&link), "{}", inbox.html());
}
