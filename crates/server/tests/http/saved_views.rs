//! Saved views of lists: whose they are, who sees and removes them, and that a list that is kept shows them at once.

use axum::http::StatusCode;
use surety_aims::Role;
use surety_engine::accounts::Part;

use crate::{
    desk::{Answered, Desk},
    pages::HOUSE,
    visitor::{PASSWORD, Visitor, account},
};

const LIST: &str = "/records/person";

async fn save(visitor: &Visitor, desk: &Desk, house: &str, fields: &[(&str, &str)]) -> Answered {
    let list = [("path", LIST), ("query", "q=Head&page=2&as_of=2026-03-01")];
    let fields = [list.as_slice(), fields].concat();
    visitor.send(desk, &format!("{house}/views"), &fields).await
}

async fn shown(visitor: &Visitor, desk: &Desk) -> String {
    let page = visitor.open(desk, &format!("{HOUSE}{LIST}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html());
    page.html().to_owned()
}

#[tokio::test]
async fn a_view_is_saved_shown_at_once_and_removed() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    assert!(shown(&kim, &desk).await.contains("No views yet"));
    let saved = save(&kim, &desk, HOUSE, &[("name", " <b>Heads</b> ")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html());
    assert_eq!(saved.header("location"), format!("{HOUSE}{LIST}?q=Head"));
    let page = shown(&kim, &desk).await;
    let link = format!("<a href=\"{HOUSE}{LIST}?q=Head\">&#60;b&#62;Heads&#60;/b&#62;</a>");
    assert!(page.contains(&link), "{page}");
    let current = kim.open(&desk, saved.header("location")).await;
    assert!(current.html().contains("View: &#60;b&#62;Heads"), "{}", current.html());
    // A list of a past day is looked at through the same views, and nothing is saved there.
    let past = kim.open(&desk, &format!("{HOUSE}{LIST}?as_of=2026-11-01")).await;
    assert!(past.html().contains("?q=Head&#38;as_of=2026-11-01"), "{}", past.html());
    assert!(!past.html().contains("Remove the view"));

    let again = [("name", "<b>Heads</b>"), ("query", "q=compliance")];
    let again = [("path", LIST), again[1], again[0]];
    kim.send(&desk, &format!("{HOUSE}/views"), &again).await;
    let page = shown(&kim, &desk).await;
    assert!(page.contains("?q=compliance\"") && !page.contains("?q=Head\""), "{page}");
    let remove = [("path", LIST), ("name", "<b>Heads</b>")];
    let removed = kim.send(&desk, &format!("{HOUSE}/views/remove"), &remove).await;
    assert_eq!(removed.header("location"), format!("{HOUSE}{LIST}"));
    assert!(shown(&kim, &desk).await.contains("No views yet"));
    let twice = kim.send(&desk, &format!("{HOUSE}/views/remove"), &remove).await;
    assert_eq!(twice.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_no_view_is_refused() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Contributor).await;
    let (long, wide) = ("x".repeat(61), format!("q={}", "x".repeat(2_000)));
    for fields in [
        [("path", LIST), ("name", ""), ("query", "")],
        [("path", LIST), ("name", " "), ("query", "")],
        [("path", LIST), ("name", "two\nlines"), ("query", "")],
        [("path", LIST), ("name", long.as_str()), ("query", "")],
        [("path", LIST), ("name", "wide"), ("query", wide.as_str())],
        [("path", "//evil.example"), ("name", "x"), ("query", "")],
        [("path", "/records/../settings"), ("name", "x"), ("query", "")],
        [("path", "/ledger"), ("name", "x"), ("query", "")],
    ] {
        let refused = kim.send(&desk, &format!("{HOUSE}/views"), &fields).await;
        assert!(refused.status.is_client_error(), "{fields:?}: {}", refused.status);
    }
    // What the list does not understand is left out.
    let fields = [("path", LIST), ("name", "odd"), ("query", "q=Head&evil=1&format=csv")];
    let saved = kim.send(&desk, &format!("{HOUSE}/views"), &fields).await;
    assert_eq!(saved.header("location"), format!("{HOUSE}{LIST}?q=Head"));
    for number in 1..200 {
        let name = number.to_string();
        assert_eq!(
            save(&kim, &desk, HOUSE, &[("name", &name)]).await.status,
            StatusCode::SEE_OTHER
        );
    }
    let over = save(&kim, &desk, HOUSE, &[("name", "one more")]).await;
    assert!(over.status.is_client_error(), "{}", over.status);
    assert!(over.html().contains("remove one first"), "{}", over.html());
}

#[tokio::test]
async fn a_shared_view_is_everybodys_to_open_and_its_makers_or_an_owners_to_remove() {
    let desk = Desk::new().await;
    let maker = Visitor::new(&desk, "maker@ferries.example", Role::Contributor).await;
    let viewer = Visitor::new(&desk, "viewer@ferries.example", Role::Viewer).await;
    let owner = Visitor::new(&desk, "owner@ferries.example", Role::Owner).await;
    assert!(!shown(&viewer, &desk).await.contains("name=\"shared\""));
    let refused = save(&viewer, &desk, HOUSE, &[("name", "Mine"), ("shared", "true")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for (name, shared) in [("Ours", "true"), ("Private", "")] {
        save(&maker, &desk, HOUSE, &[("name", name), ("shared", shared)]).await;
    }
    assert!(shown(&maker, &desk).await.contains("shared by you"));
    for visitor in [&viewer, &owner] {
        let page = shown(visitor, &desk).await;
        assert!(page.contains("Ours <span class=\"chip\">shared</span>"), "{page}");
        assert!(!page.contains("Private"));
    }
    assert!(!shown(&viewer, &desk).await.contains("Remove the view"));
    let page = shown(&owner, &desk).await;
    assert!(page.contains("Remove the view Ours"));
    let (_, rest) = page.split_once("name=\"account\" value=\"").unwrap();
    let account = rest.split('"').next().unwrap();
    let remove = [("path", LIST), ("name", "Ours"), ("account", account)];
    let at = format!("{HOUSE}/views/remove");
    assert_eq!(viewer.send(&desk, &at, &remove).await.status, StatusCode::FORBIDDEN);
    assert_eq!(owner.send(&desk, &at, &remove).await.status, StatusCode::SEE_OTHER);
    assert!(!shown(&viewer, &desk).await.contains("Ours"));
    assert!(shown(&maker, &desk).await.contains("Private"));
}

#[tokio::test]
async fn views_stay_in_their_organisation_and_go_with_the_part_in_it() {
    let desk = Desk::new().await;
    let id = account(&desk, "kim@ferries.example", Role::Owner).await;
    let other = desk.engine.init("Other").await.unwrap();
    let accounts = desk.engine.accounts().unwrap();
    accounts.join(other.id(), &id, &Part::of(Role::Owner)).await.unwrap();
    let mut kim = Visitor::default();
    kim.sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    save(&kim, &desk, HOUSE, &[("name", "Ours"), ("shared", "true")]).await;
    let elsewhere = kim.open(&desk, &format!("/o/{}{LIST}", other.id())).await;
    assert_eq!(elsewhere.status, StatusCode::OK, "{}", elsewhere.html());
    assert!(!elsewhere.html().contains("Ours"));
    let stranger = Visitor::new(&desk, "two@ferries.example", Role::Owner).await;
    let nowhere = save(&stranger, &desk, &format!("/o/{}", other.id()), &[("name", "x")]).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    assert!(shown(&stranger, &desk).await.contains("Ours"));
    accounts.dismiss(desk.aims.id(), "PER-1", &id).await.unwrap();
    assert!(!shown(&stranger, &desk).await.contains("Ours"));
}
