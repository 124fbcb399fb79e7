//! Finding records: filters, order, pages, single fields, search.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use surety_aims::Role;

use crate::{desk::Desk, pages::HOUSE, visitor::Visitor};

/// Three risks: fog is high and due soon, ice is low, wind is neither.
async fn weather() -> (Desk, String) {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    for body in [
        json!({ "title": "Fog", "owner": "PER-1", "next_review": "2026-12-01", "description": "Ships collide" }),
        json!({ "title": "ice", "owner": "PER-2", "next_review": "2027-06-01" }),
        json!({ "title": "Wind", "ai_system": "SYS-1" }),
    ] {
        let asked = Some(json!({ "body": body }));
        let made = desk.ask(&token, Method::POST, "/records/risk", &[], asked).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    }
    (desk, token)
}

async fn titles(desk: &Desk, token: &str, query: &str) -> Vec<String> {
    let list = desk.get(token, &format!("/records/risk{query}")).await;
    assert_eq!(list.status, StatusCode::OK, "{query}: {list:?}");
    let list = list.json();
    let rows = list["records"].as_array().unwrap().iter();
    rows.map(|row| row["body"]["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_list_is_narrowed_by_any_field() {
    let (desk, token) = weather().await;
    let kim = Some(json!({ "name": "Kim Harper" }));
    let named = desk.ask(&token, Method::PUT, "/people/PER-2", &[], kim).await;
    assert_eq!(named.status, StatusCode::NO_CONTENT, "{named:?}");
    for (query, found) in [
        ("?q=harp", &["ice"][..]),
        ("?field.owner=PER-2", &["ice"]),
        ("?field.owner=PER-1&field.owner=PER-2", &["Fog", "ice"]),
        ("?field.owner=", &["Wind"]),
        ("?field.ai_system=SYS-1", &["Wind"]),
        ("?min.next_review=2027-01-01", &["ice"]),
        ("?max.next_review=2026-12-31", &["Fog"]),
        ("?q=COLLIDE", &["Fog"]),
        ("?owner=PER-1&field.title=ice", &[]),
        ("?sort=next_review", &["Fog", "ice", "Wind"]),
        ("?sort=-title", &["Wind", "ice", "Fog"]),
        ("?sort=-owner,title", &["Wind", "ice", "Fog"]),
    ] {
        assert_eq!(titles(&desk, &token, query).await, found, "{query}");
    }
}

#[tokio::test]
async fn what_can_not_be_asked_for_is_named_with_what_can() {
    let (desk, token) = weather().await;
    for (query, says) in [
        ("?field.colour=red", "a risk has no field `colour`; it has "),
        ("?custom.cost=1", "a risk has no custom field `cost`; there are: none"),
        ("?sort=colour", "sort by id, title, state, version, changed or one of "),
        ("?sort=controls", "sort by id, title, state, version, changed or one of "),
        ("?fields=title,colour", "a risk has no field `colour`"),
        ("?colour=red", "there is no parameter `colour`"),
        ("?field.=red", "there is no parameter `field.`"),
        ("?limit=0", "`limit` is from 1 to 1000"),
    ] {
        let refused = desk.get(&token, &format!("/records/risk{query}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{query}");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(says), "{query}: {detail}");
    }
}

#[tokio::test]
async fn pages_lead_on_and_show_the_fields_that_are_asked_for() {
    let (desk, token) = weather().await;
    let first = desk.get(&token, "/records/risk?limit=2&fields=title&sort=title").await;
    let link = first.header("link").to_owned();
    let rest = link.split(['<', '>']).nth(1).unwrap();
    let rest = rest.strip_prefix(crate::desk::ORGANISATION).unwrap();
    assert_eq!(first.json()["records"][0]["body"], json!({ "title": "Fog" }));
    let second = desk.get(&token, rest).await;
    assert_eq!(second.json()["records"][0]["body"], json!({ "title": "Wind" }));
    assert_eq!((second.json()["next"].clone(), second.header("link")), (Value::Null, ""));
}

#[tokio::test]
async fn a_search_finds_words_in_every_kind_and_puts_titles_first() {
    let (desk, token) = weather().await;
    let found = desk.get(&token, "/search?q=ship").await.json();
    assert_eq!((&found["total"], &found["hits"][0]["record"]), (&json!(1), &json!("RSK-1")));
    assert_eq!(found["hits"][0]["excerpt"], "Ships collide");
    let planner = desk.get(&token, "/search?q=PLANNER+berth").await.json();
    assert_eq!(planner["hits"][0]["record"], "SYS-1");
    assert_eq!(desk.get(&token, "/search?q=planner+fog").await.json()["total"], 0);
    assert_eq!(desk.get(&token, "/search?q=rsk-2").await.json()["hits"][0]["record"], "RSK-2");
    assert_eq!(desk.get(&token, "/search?q=ship&kind=policy").await.json()["total"], 0);
    for wrong in ["/search", "/search?q=%20", "/search?q=x&kind=spaceship", "/search?q=x&limit=0"] {
        assert_eq!(desk.get(&token, wrong).await.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn the_page_marks_what_was_found_and_believes_no_text() {
    let (desk, token) = weather().await;
    let body = json!({ "title": "<i>Gale</i>", "description": "A gale <b>tears</b> & breaks" });
    let asked = Some(json!({ "body": body }));
    let made = desk.ask(&token, Method::POST, "/records/risk", &[], asked).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let visitor = Visitor::new(&desk, "owner@x.example", Role::Owner).await;
    let page = visitor.open(&desk, &format!("{HOUSE}/search?q=gale")).await;
    let html = page.html();
    assert!(html.contains("&#60;i&#62;<mark>Gale</mark>&#60;/i&#62;"), "{html}");
    assert!(
        html.contains("A <mark>gale</mark> &#60;b&#62;tears&#60;/b&#62; &#38; breaks"),
        "{html}"
    );
    for (q, says) in [("%22*%22", "0 records"), ("%3Cmark%3E", "0 records"), ("galle", "1 record")]
    {
        let page = visitor.open(&desk, &format!("{HOUSE}/search?q={q}")).await;
        assert_eq!(page.status, StatusCode::OK, "{q}");
        assert!(page.html().contains(says), "{q}: {}", page.html());
    }
}
