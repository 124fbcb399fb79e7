//! Pages of the ledger: entries as people read them, and whether all of it verifies.

use axum::http::StatusCode;
use surety_aims::Role;

use crate::{desk::Desk, pages::HOUSE, visitor::Visitor};

#[tokio::test]
async fn entries_are_read_newest_first_and_each_says_what_it_changed() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let edit = format!("{HOUSE}/records/ai_system/SYS-1/edit");
    let fields = [("base", "1"), ("name", "Berth planner"), ("purpose", "Plans <i>all</i> berths")];
    assert_eq!(kim.send(&desk, &edit, &fields).await.status, StatusCode::SEE_OTHER);
    let ledger = kim.open(&desk, &format!("{HOUSE}/ledger")).await;
    let html = ledger.html();
    let size = desk.aims.current().await.unwrap().book.size();
    assert!(html.contains(&format!("<dd class=\"figure\">{size}</dd>")), "{html}");
    let (newest, oldest) = (size - 1, html.find("/ledger/0\"").unwrap());
    assert!(html.find(&format!("/ledger/{newest}\"")).unwrap() < oldest, "{html}");

    let entry = kim.open(&desk, &format!("{HOUSE}/ledger/{newest}")).await;
    let html = entry.html();
    assert!(html.contains("<del>Plans berths</del>"), "{html}");
    assert!(html.contains("<ins>Plans &#60;i&#62;all&#60;/i&#62; berths</ins>"), "{html}");
    assert!(html.contains("c2sp.org/tlog-proof@v1") && html.contains("digest"), "{html}");
    let beyond = kim.open(&desk, &format!("{HOUSE}/ledger/{size}")).await;
    assert_eq!(beyond.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_ledger_verifies_in_one_step_and_against_a_kept_checkpoint() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Auditor).await;
    let page = kim.open(&desk, &format!("{HOUSE}/ledger")).await;
    let (_, rest) = page.html().split_once("href=\"/api/").unwrap();
    let kept = kim.open(&desk, &format!("/api/{}", rest.split('"').next().unwrap())).await;
    let kept = kept.html().to_owned();
    let verify = async |checkpoint: &str| {
        kim.send(&desk, &format!("{HOUSE}/ledger/verify"), &[("checkpoint", checkpoint)]).await
    };
    let plain = verify("").await;
    assert!(plain.html().contains("The ledger verifies"), "{}", plain.html());
    assert!(plain.html().contains("No checkpoint kept elsewhere was given"));
    // Forms write lines with CR LF, and drop what ends them.
    let given = verify(kept.trim().replace('\n', "\r\n").as_str()).await;
    assert!(given.html().contains("that you kept elsewhere agrees"), "{}", given.html());
    // The second line says how many entries there are.
    let forged: Vec<_> =
        kept.lines().enumerate().map(|(at, line)| if at == 1 { "1" } else { line }).collect();
    let refused = verify(&forged.join("\n")).await;
    assert!(refused.html().contains("The ledger does not verify"), "{}", refused.html());
}

#[tokio::test]
async fn who_may_not_read_the_ledger_is_told_so() {
    let desk = Desk::new().await;
    let viewer = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    for path in ["/ledger", "/ledger/0"] {
        let refused = viewer.open(&desk, &format!("{HOUSE}{path}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert!(refused.html().contains("read the ledger"), "{}", refused.html());
    }
    let today = viewer.open(&desk, HOUSE).await;
    assert!(!today.html().contains(&format!("{HOUSE}/ledger")));
}
