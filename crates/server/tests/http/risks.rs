//! The heat map of risks, and the time line of the plan.

use surety_aims::Role;

use crate::{desk::Desk, pages::HOUSE, visitor::Visitor};

#[tokio::test]
async fn a_cell_of_the_heat_map_leads_to_its_risks() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let new = format!("{HOUSE}/records/risk/new");
    for (title, likelihood, society) in [("Wrong berth", "4", "5"), ("Late berth", "1", "2")] {
        let rated = [
            ("title", title),
            ("kind", "threat"),
            ("inherent.likelihood", likelihood),
            ("inherent.society", society),
            ("inherent.organisation", "1"),
        ];
        kim.send(&desk, &new, &rated).await;
    }
    let page = format!("{HOUSE}/risks?rating=inherent");
    let all = kim.open(&desk, &page).await;
    let html = all.html();
    assert!(html.contains("1 high, 0 medium, 1 low"), "{html}");
    assert!(html.contains("1 risk of likelihood 4 and consequence 5, level 20, high"), "{html}");
    let cell = kim.open(&desk, &format!("{page}&likelihood=4&consequence=5")).await;
    assert!(cell.html().contains("Wrong berth") && !cell.html().contains("Late berth"));
    // No risk has a residual rating, and nothing pretends that it had.
    let residual = kim.open(&desk, &format!("{HOUSE}/risks?rating=residual")).await;
    assert!(residual.html().contains("2 have no residual rating"), "{}", residual.html());
}

#[tokio::test]
async fn adopted_actions_stand_on_a_time_line() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let page = format!("{HOUSE}/plan?view=timeline");
    assert!(kim.open(&desk, &page).await.html().contains("No adopted action has a date"));
    let new = format!("{HOUSE}/records/improvement_action/new");
    for (title, due) in [("Write it down", "2026-11-10"), ("Try it out", "2027-01-15")] {
        kim.send(&desk, &new, &[("title", title), ("due", due)]).await;
    }
    let shown = kim.open(&desk, &page).await;
    assert!(shown.html().contains("2 open actions have a date, 1 of them"), "{}", shown.html());
    assert!(shown.html().contains("Jan 2027") && shown.html().contains("Write it down"));
}
