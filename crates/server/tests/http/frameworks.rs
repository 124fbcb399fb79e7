//! Pages of frameworks: how far each is met, how two relate, and how another comes in.

use axum::http::StatusCode;
use surety_aims::Role;

use crate::{desk::Desk, pages::HOUSE, visitor::Visitor};

const LIBRARY: &str = include_str!("../../../formats/tests/library/fixtures/harbour.yaml");

#[tokio::test]
async fn frameworks_are_browsed_as_trees_with_results() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    let list = kim.open(&desk, &format!("{HOUSE}/frameworks")).await;
    assert!(list.html().contains(&format!("{HOUSE}/frameworks/iso42001")), "{}", list.html());
    assert!(!list.html().contains("Import a framework"), "{}", list.html());
    let tree = kim.open(&desk, &format!("{HOUSE}/frameworks/iso42001?q=climate")).await;
    let html = tree.html();
    // What fits, below what it stands in.
    assert!(html.contains("Climate change relevance"), "{html}");
    assert!(html.contains("Context of the organization") && !html.contains("Leadership"), "{html}");
    let met = kim.open(&desk, &format!("{HOUSE}/frameworks/nist-ai-rmf?result=met")).await;
    assert!(met.html().contains("Nothing fits this filter"), "{}", met.html());
    let unknown = kim.open(&desk, &format!("{HOUSE}/frameworks/none")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_crosswalk_is_a_picture_a_sentence_and_a_table() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    let page = format!("{HOUSE}/frameworks/iso42001/crosswalk?to=iso27001");
    let shown = kim.open(&desk, &page).await;
    let html = shown.html();
    assert!(html.contains("<svg class=\"crosswalk\"") && html.contains("<title>"), "{html}");
    assert!(html.contains("NIST IR 8477") && html.contains("intersects with"), "{html}");
    let equal = kim.open(&desk, &format!("{page}&relationship=equal&format=csv")).await;
    let lines = equal.html().lines().skip(1);
    assert!(lines.clone().count() > 0 && lines.into_iter().all(|line| line.contains(",equal,")));
}

#[tokio::test]
async fn a_framework_is_looked_at_before_it_is_taken_in() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let page = format!("{HOUSE}/frameworks/import");
    let nothing = kim.send(&desk, &page, &[]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.html().contains("Choose a file"), "{}", nothing.html());
    let wrong = [("text", "<script>no library"), ("name", "x.yaml")];
    let wrong = kim.send(&desk, &page, &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!wrong.html().contains("<script>no"), "{}", wrong.html());

    let preview = kim.send(&desk, &page, &[("text", LIBRARY), ("name", "harbour.yaml")]).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.html());
    let html = preview.html();
    assert!(html.contains("Harbour safety 2031") && html.contains("Take it in"), "{html}");
    let list = kim.open(&desk, &format!("{HOUSE}/records/framework")).await;
    assert!(!list.html().contains("Harbour safety 2031"), "nothing was taken in yet");
    let file = preview.html().split("name=\"file\" value=\"").nth(1).unwrap();
    let file = file.split('"').next().unwrap().replace("&#34;", "\"");
    let taken = kim.send(&desk, &page, &[("file", &file), ("take", "yes")]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.html());
    let shown = kim.open(&desk, taken.header("location")).await;
    assert!(shown.html().contains("The framework is in use"), "{}", shown.html());

    let other = Visitor::new(&desk, "sam@ferries.example", Role::Auditor).await;
    assert_eq!(other.open(&desk, &page).await.status, StatusCode::FORBIDDEN);
    assert_eq!(other.send(&desk, &page, &[]).await.status, StatusCode::FORBIDDEN);
}
