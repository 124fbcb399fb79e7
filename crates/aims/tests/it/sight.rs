//! Who is limited to some AI systems sees nothing of the others, and all that is not about them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::btree_set, prelude::*};
use serde_json::json;
use surety_aims::{
    Body, Book, Event, Kind, Record, RecordId, Sight, Stated,
    derive::{Window, activity::activity, due::due, gap::gap, plan::plan, soa::soa},
};
use surety_catalog::Framework;

use crate::{
    gap::{controls, framework},
    given::{World, given, instant, manager, restate, state},
    random::{KINDS, TODAY, world},
};

fn id(text: &str) -> RecordId {
    text.parse().unwrap()
}

fn seen(world: &World, systems: &[&str]) -> Book {
    let sight = Sight::of(&world.book, systems.iter().map(|system| id(system)).collect());
    sight.book(&world.book)
}

fn shows(book: &Book, text: &str) -> bool {
    book.get(id(text)).is_some()
}

/// Two AI systems with a record of some kinds for each, and some for all.
fn two_systems() -> World {
    given([
        state(Kind::Person, json!({ "position": "Head" })),
        state(Kind::SystemGroup, json!({ "name": "Chatbots" })),
        state(Kind::Supplier, json!({ "name": "Shared host" })),
        state(Kind::Supplier, json!({ "name": "Of the second alone" })),
        state(Kind::AiSystem, json!({ "name": "First", "suppliers": ["SUP-1"] })),
        state(
            Kind::AiSystem,
            json!({ "name": "Second", "group": "GRP-1", "suppliers": ["SUP-1", "SUP-2"] }),
        ),
        state(Kind::Risk, json!({ "title": "Of the first", "ai_system": "SYS-1" })),
        state(Kind::Risk, json!({ "title": "Of the second", "ai_system": "SYS-2" })),
        state(Kind::Risk, json!({ "title": "Of nobody" })),
        state(Kind::EvidenceItem, json!({ "title": "Of both", "ai_systems": ["SYS-1", "SYS-2"] })),
        state(Kind::RiskAssessment, json!({ "summary": "Through the second", "risks": ["RSK-2"] })),
        state(
            Kind::RiskAssessment,
            json!({ "summary": "Through both", "risks": ["RSK-1", "RSK-2"] }),
        ),
        state(
            Kind::RiskAssessment,
            json!({ "summary": "Its own", "ai_system": "SYS-2", "risks": ["RSK-1"] }),
        ),
        state(Kind::ScopeStatement, json!({ "text": "All of it", "ai_systems_in": ["SYS-2"] })),
        state(Kind::Policy, json!({ "title": "Of all" })),
    ])
}

#[test]
fn what_hangs_on_hidden_systems_alone_is_hidden_with_them() {
    let first = seen(&two_systems(), &["SYS-1"]);
    for hidden in ["SYS-2", "RSK-2", "GRP-1", "SUP-2", "RAS-1", "RAS-3"] {
        assert!(!shows(&first, hidden), "{hidden}");
    }
    for shown in ["SYS-1", "RSK-1", "RSK-3", "EVD-1", "SUP-1", "RAS-2", "PER-1", "SCP-1", "POL-1"] {
        assert!(shows(&first, shown), "{shown}");
    }
    let none = seen(&two_systems(), &[]);
    assert_eq!(none.of_kind(Kind::AiSystem).count(), 0);
    assert!(shows(&none, "PER-1") && shows(&none, "RSK-3") && !shows(&none, "EVD-1"));
}

#[test]
fn a_version_in_force_about_a_hidden_system_hides_the_newer_draft() {
    let mut world = two_systems();
    let document = |system: &str| json!({ "title": "Manual", "document_type": "objective", "ai_systems": [system] });
    world.does(&manager(), state(Kind::ControlledDocument, document("SYS-2")));
    let moved = Event::Moved {
        id: id("DOC-1"),
        from: "draft",
        to: Kind::ControlledDocument.lifecycle().in_force[0],
        note: String::new(),
    };
    world.happens("PER-2", moved);
    let restated = restate("DOC-1", 1, document("SYS-1"));
    world.does(&manager(), restated);
    assert!(world.book.get(id("DOC-1")).unwrap().in_force.is_some());
    assert!(!shows(&seen(&world, &["SYS-1"]), "DOC-1"));
    assert!(shows(&seen(&world, &["SYS-1", "SYS-2"]), "DOC-1"));
}

#[test]
fn older_versions_about_a_hidden_system_are_not_shown() {
    let world = two_systems();
    let systems = BTreeSet::from([id("SYS-1")]);
    let sight = Sight::of(&world.book, systems);
    let risk =
        |system: &str| Kind::Risk.body(json!({ "title": "x", "ai_system": system })).unwrap();
    assert!(sight.shows(id("RSK-1"), &risk("SYS-1")));
    assert!(!sight.shows(id("RSK-1"), &risk("SYS-2")));
    let book = sight.book(&world.book);
    let event = |number, body: Body| {
        Event::Stated(Box::new(Stated {
            id: RecordId::new(Kind::Risk, number),
            version: 1,
            body,
            custom: Default::default(),
            external: Vec::new(),
        }))
    };
    assert!(sight.shows_event(&book, &event(1, risk("SYS-1"))));
    assert!(!sight.shows_event(&book, &event(1, risk("SYS-2"))));
    assert!(!sight.shows_event(&book, &event(2, risk("SYS-2"))));
    assert!(!sight.shows_event(&book, &event(9, risk("SYS-1"))), "whose it was can't be told");
}

/// Every reference of a record, in its current version and the one in force.
fn references(record: &Record) -> Vec<RecordId> {
    let in_force = record.in_force.iter().flat_map(|version| version.body.references());
    record.body.references().into_iter().chain(in_force).map(|(_, target)| target).collect()
}

fn systems_of(body: &Body) -> BTreeSet<RecordId> {
    let named = body.references().into_iter().map(|(_, target)| target);
    named.filter(|target| target.kind == Kind::AiSystem).collect()
}

/// The AI systems that can be reached from a record, walking references forwards, and from groups and suppliers to the
/// AI systems that name them.
fn reached(book: &Book, start: &Record) -> BTreeSet<RecordId> {
    let (mut open, mut known) = (vec![start.id], BTreeSet::from([start.id]));
    while let Some(one) = open.pop() {
        let forwards = book.get(one).map(references).unwrap_or_default();
        let users = book.referrers(one).map(|user| user.id);
        let users = users.filter(|user| user.kind == Kind::AiSystem);
        let is_part = matches!(one.kind, Kind::SystemGroup | Kind::Supplier);
        let next = forwards.into_iter().chain(users.filter(|_| is_part));
        // What lies behind an AI system is its own affair.
        let next: Vec<_> = if one.kind == Kind::AiSystem { Vec::new() } else { next.collect() };
        open.extend(next.into_iter().filter(|target| known.insert(*target)));
    }
    known.into_iter().filter(|target| target.kind == Kind::AiSystem).collect()
}

/// Names every AI system by a mark that can be searched for.
fn marked(mut world: World) -> World {
    let systems: Vec<_> = world.book.of_kind(Kind::AiSystem).cloned().collect();
    for record in systems {
        let mut body = record.body.to_json();
        body["name"] = mark(record.id).into();
        body["purpose"] = mark(record.id).into();
        let stated = Stated {
            id: record.id,
            version: record.version + 1,
            body: Kind::AiSystem.body(body).unwrap(),
            custom: Default::default(),
            external: Vec::new(),
        };
        world.happens("PER-1", Event::Stated(Box::new(stated)));
    }
    world
}

fn mark(system: RecordId) -> String {
    format!("<{system}>")
}

/// All that is derived from a Book, as texts.
fn derived(
    book: &Book,
    world: &World,
    sight: &Sight,
    framework: &Framework,
) -> BTreeMap<&'static str, String> {
    let soa = soa(book, "fw", &controls(framework), TODAY, Window::year_to(TODAY));
    let gap = gap(book, framework, &soa, TODAY);
    let plan = plan(book, &[(framework, &gap)], TODAY);
    let shown = world.history.iter().filter(|happened| sight.shows_event(book, &happened.event));
    let last = instant(u64::try_from(world.history.len()).unwrap());
    let activity = activity(book, shown, instant(0), last);
    let text = |value: Result<String, serde_json::Error>| value.unwrap();
    BTreeMap::from([
        ("soa", text(serde_json::to_string(&soa))),
        ("gap", text(serde_json::to_string(&gap))),
        ("plan", text(serde_json::to_string(&plan))),
        ("due", text(serde_json::to_string(&due(book, TODAY, None)))),
        ("activity", text(serde_json::to_string(&activity))),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn nothing_visible_is_about_hidden_systems_alone(
        world in world(&KINDS, 90),
        numbers in btree_set(1..=4_u32, 0..4),
        framework in framework(),
    ) {
        let world = marked(world);
        let systems: BTreeSet<_> =
            numbers.into_iter().map(|number| RecordId::new(Kind::AiSystem, number)).collect();
        let sight = Sight::of(&world.book, systems.clone());
        let book = sight.book(&world.book);
        let is_part = |kind| matches!(kind, Kind::SystemGroup | Kind::Supplier);
        for record in world.book.records() {
            let bodies = || std::iter::once(&record.body).chain(record.in_force.iter().map(|one| &one.body));
            let named = bodies().map(systems_of).filter(|named| !named.is_empty());
            let own = record.kind() == Kind::AiSystem;
            let hidden = if own {
                !systems.contains(&record.id)
            } else {
                !is_part(record.kind()) && named.clone().any(|named| named.is_disjoint(&systems))
            };
            let reached = reached(&world.book, record);
            let theirs = own && systems.contains(&record.id) || reached.is_subset(&systems);
            prop_assert!(!hidden || book.get(record.id).is_none(), "{record:?}");
            prop_assert!(!theirs || book.get(record.id).is_some(), "{record:?}");
            prop_assert_eq!(book.get(record.id).is_none(), sight.hides(record.id));
        }
        prop_assert_eq!(book.rebuilt(), book.clone());
        for (name, text) in derived(&book, &world, &sight, &framework) {
            for system in (1..=4).map(|number| RecordId::new(Kind::AiSystem, number)) {
                prop_assert!(systems.contains(&system) || !text.contains(&mark(system)), "{name}: {text}");
            }
        }
    }

    #[test]
    fn whoever_may_see_all_systems_sees_all_records(world in world(&KINDS, 90)) {
        let systems = (1..=4).map(|number| RecordId::new(Kind::AiSystem, number)).collect();
        let book = Sight::of(&world.book, systems).book(&world.book);
        prop_assert!(book.records().eq(world.book.records()));
    }
}
