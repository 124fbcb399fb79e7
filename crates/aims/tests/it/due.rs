//! What is due, and what no longer is because it was done.

use serde_json::json;
use surety_aims::{Event, Kind, RecordId, derive::due::due};

use crate::given::{World, given, manager, person, restate, state};

/// Fields and days of what is due on 1 June 2026.
fn due_on_june_first(world: &World) -> Vec<(String, &'static str, i32)> {
    let due = due(&world.book, jiff::civil::date(2026, 6, 1), None);
    due.items.iter().map(|item| (item.record.to_string(), item.field, item.days)).collect()
}

fn moved(world: &mut World, id: &str, from: &'static str, to: &'static str) {
    let id: RecordId = id.parse().unwrap();
    world.happens("PER-1", Event::Moved { id, from, to, note: String::new() });
}

#[test]
fn what_is_overdue_comes_first() {
    let world = given([
        person("Head of AI"),
        state(Kind::SystemGroup, json!({ "name": "A", "next_review": "2026-06-03" })),
        state(Kind::SystemGroup, json!({ "name": "B", "next_review": "2026-05-30" })),
    ]);
    let due = due_on_june_first(&world);
    assert_eq!(
        due,
        [("GRP-2".to_owned(), "next_review", -2), ("GRP-1".to_owned(), "next_review", 2)]
    );
}

#[test]
fn a_control_in_place_is_due_for_review_only() {
    let control = json!({ "control": "fw:A.1", "due": "2026-05-01", "next_review": "2026-12-01" });
    let mut world = given([state(Kind::ControlImplementation, control)]);
    let fields = |world: &World| -> Vec<_> {
        due_on_june_first(world).into_iter().map(|(_, field, _)| field).collect()
    };
    assert_eq!(fields(&world), ["due", "next_review"]);
    moved(&mut world, "CTL-1", "in_progress", "implemented");
    assert_eq!(fields(&world), ["next_review"]);
    moved(&mut world, "CTL-1", "implemented", "ineffective");
    assert_eq!(fields(&world), ["due", "next_review"], "what does not work is not in place");
}

#[test]
fn an_accepted_risk_has_no_treatment_to_finish() {
    let risk = json!({ "title": "Drift", "due": "2026-05-01", "accepted_until": "2026-07-01" });
    let mut world = given([state(Kind::Risk, risk)]);
    assert_eq!(due_on_june_first(&world).len(), 2);
    moved(&mut world, "RSK-1", "in_treatment", "accepted");
    assert_eq!(due_on_june_first(&world), [("RSK-1".to_owned(), "accepted_until", 30)]);
}

#[test]
fn a_verified_action_is_no_longer_due() {
    let action = json!({ "title": "Test", "due": "2026-05-01" });
    let mut world = given([state(Kind::ImprovementAction, action)]);
    assert_eq!(due_on_june_first(&world), [("ACT-1".to_owned(), "due", -31)]);
    world.does(&manager(), restate("ACT-1", 1, json!({ "title": "Test", "due": "2026-06-15" })));
    assert_eq!(due_on_june_first(&world), [("ACT-1".to_owned(), "due", 14)]);
    moved(&mut world, "ACT-1", "implemented", "verified");
    assert!(due_on_june_first(&world).is_empty());
}
