//! What is due, and what no longer is because it was done.

use serde_json::json;
use surety_aims::{
    Event, Kind, RecordId,
    derive::{
        due::due,
        freshness::{Freshness, freshness},
    },
};

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

/// A record of this kind about an AI system, in a state of its life.
fn about(world: &mut World, id: &str, system: &str, performed: Option<&str>, state: &str) {
    let mut body = json!({ "ai_system": system, "next_due": "2026-05-01" });
    body["performed_on"] = json!(performed);
    crate::soa::put(world, id, body, state);
}

fn system(world: &mut World, id: &str, state: &str) {
    crate::soa::put(world, id, json!({ "name": id }), state);
}

fn ids(world: &World) -> Vec<String> {
    due_on_june_first(world).into_iter().map(|(id, ..)| id).collect()
}

#[test]
fn a_class_that_a_newer_one_has_replaced_is_not_due_again() {
    let mut world = World::default();
    system(&mut world, "SYS-1", "in_operation");
    system(&mut world, "SYS-2", "in_operation");
    about(&mut world, "CLS-1", "SYS-1", Some("2025-05-01"), "approved");
    about(&mut world, "CLS-2", "SYS-2", Some("2025-05-01"), "approved");
    assert_eq!(ids(&world), ["CLS-1", "CLS-2"]);
    about(&mut world, "CLS-3", "SYS-1", Some("2026-04-01"), "planned");
    assert_eq!(ids(&world), ["CLS-1", "CLS-2", "CLS-3"], "a draft replaces nothing");
    moved(&mut world, "CLS-3", "planned", "approved");
    assert_eq!(ids(&world), ["CLS-2", "CLS-3"]);
    about(&mut world, "CLS-4", "SYS-1", Some("2026-04-01"), "approved");
    assert_eq!(ids(&world), ["CLS-2", "CLS-4"], "of the same day the later one counts");
}

#[test]
fn what_is_planned_is_due_until_it_is_done() {
    for (kind, number) in [("CLS", 1), ("RAS", 2), ("IMP", 3)] {
        let mut world = World::default();
        system(&mut world, "SYS-1", "in_operation");
        let id = |last: u32| format!("{kind}-{}", number * 10 + last);
        about(&mut world, &id(1), "SYS-1", Some("2026-03-01"), "approved");
        about(&mut world, &id(2), "SYS-1", None, "planned");
        assert_eq!(ids(&world), [id(1), id(2)], "nobody has done yet what is planned");
        about(&mut world, &id(3), "SYS-1", Some("2026-04-01"), "approved");
        assert_eq!(ids(&world), [id(3)]);
    }
}

#[test]
fn nobody_assesses_a_retired_system_again() {
    for id in ["RAS-1", "IMP-1", "CLS-1"] {
        let mut world = World::default();
        system(&mut world, "SYS-1", "in_operation");
        about(&mut world, id, "SYS-1", Some("2025-05-01"), "approved");
        assert_eq!(ids(&world), [id]);
        moved(&mut world, "SYS-1", "in_operation", "retired");
        assert_eq!(ids(&world), [""; 0]);
    }
}

#[test]
fn evidence_is_collected_again_while_any_of_its_systems_lives() {
    let mut world = World::default();
    system(&mut world, "SYS-1", "in_operation");
    system(&mut world, "SYS-2", "in_operation");
    let item =
        json!({ "title": "Log", "ai_systems": ["SYS-1", "SYS-2"], "fresh_until": "2026-05-01" });
    crate::soa::put(&mut world, "EVD-1", item, "accepted");
    moved(&mut world, "SYS-1", "in_operation", "retired");
    assert_eq!(ids(&world), ["EVD-1"]);
    moved(&mut world, "SYS-2", "in_operation", "retired");
    assert_eq!(ids(&world), [""; 0]);
}

#[test]
fn evidence_counts_to_its_last_day_and_until_newer_takes_its_place() {
    let evidence = |until: &str| {
        let body = json!({ "title": "Log", "kind": "log", "source": "x", "collected_on": "2026-01-01", "supports": ["fw:A.1"] });
        let mut body = body;
        if !until.is_empty() {
            body["fresh_until"] = until.into();
        }
        state(Kind::EvidenceItem, body)
    };
    let mut world = given([
        evidence("2026-06-01"),
        evidence("2026-05-31"),
        evidence("2026-07-02"),
        evidence(""),
        evidence("2026-05-01"),
    ]);
    for id in ["EVD-1", "EVD-2", "EVD-3"] {
        moved(&mut world, id, "collected", "accepted");
    }
    let stands = |world: &World, id: &str| {
        let record = world.book.get(id.parse().unwrap()).unwrap();
        freshness(&world.book, record, jiff::civil::date(2026, 6, 1)).unwrap()
    };
    assert_eq!(stands(&world, "EVD-1"), Freshness::Soon(0));
    assert_eq!(stands(&world, "EVD-2"), Freshness::Superseded, "EVD-3 shows the same for longer");
    assert_eq!(stands(&world, "EVD-3"), Freshness::Current);
    assert_eq!(stands(&world, "EVD-4"), Freshness::NotAccepted);
    moved(&mut world, "EVD-4", "collected", "accepted");
    assert_eq!(stands(&world, "EVD-4"), Freshness::Lasting);
    let mut alone = given([evidence("2026-05-31")]);
    moved(&mut alone, "EVD-1", "collected", "accepted");
    assert_eq!(stands(&alone, "EVD-1"), Freshness::Lapsed);
}
