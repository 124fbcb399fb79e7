//! Evidence intervals against a grid of single days.

use jiff::ToSpan;
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::json;
use surety_aims::{
    Event, Kind, RecordId, Stated,
    derive::{Window, soa::soa},
};
use surety_catalog::{Cadence, Requirement, RequirementKind};

use crate::{
    given::World,
    random::{KINDS, TODAY, world},
};

const KIND: [&str; 4] = ["export", "log", "policy", "template"];
const CADENCES: [&str; 9] = [
    "continuous",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "half_yearly",
    "annual",
    "biennial",
    "on_event",
];

/// One item of evidence, in days from today.
#[derive(Clone, Debug)]
struct Item {
    kind: &'static str,
    from: i32,
    length: i32,
    until: Option<i32>,
}

fn item() -> impl Strategy<Value = Item> {
    (select(&KIND), -500..60_i32, 0..90_i32, option::weighted(0.3, -400..100_i32))
        .prop_map(|(kind, from, length, until)| Item { kind, from, length, until })
}

fn date(days: i32) -> jiff::civil::Date {
    TODAY.checked_add(days.days()).unwrap()
}

fn days(cadence: &str) -> Option<u32> {
    Cadence::ALL.into_iter().find(|known| known.name() == cadence).unwrap().days()
}

/// A control of the organisation, implemented, and its evidence.
fn organisation(cadence: &str, items: &[Item]) -> World {
    let mut world = World::default();
    let mut put = |kind: Kind, number, body, state| {
        let id = RecordId::new(kind, number);
        let body = kind.body(body).unwrap();
        let stated =
            Stated { id, version: 1, body, custom: Default::default(), external: Vec::new() };
        world.happens("PER-1", Event::Stated(Box::new(stated)));
        let from = kind.lifecycle().initial();
        world.happens("PER-1", Event::Moved { id, from, to: state, note: String::new() });
    };
    let control = json!({ "control": "fw:A.1", "applicable": true, "cadence": cadence });
    put(Kind::ControlImplementation, 1, control, "implemented");
    for (number, item) in (1..).zip(items) {
        let mut body = json!({
            "title": "Log", "kind": item.kind, "supports": ["fw:A.1"],
            "period_from": date(item.from), "period_to": date(item.from + item.length),
        });
        if let Some(until) = item.until {
            body["fresh_until"] = json!(date(until));
        }
        put(Kind::EvidenceItem, number, body, "accepted");
    }
    world
}

/// Whether the item speaks for that day, by the words of the definition.
fn speaks_for(item: &Item, cadence: &str, day: i32) -> bool {
    let to = item.from + item.length;
    let holds_after = days(cadence).is_none_or(|days| day <= to + i32::try_from(days).unwrap());
    ["export", "log"].contains(&item.kind)
        && day >= item.from
        && holds_after
        && item.until.is_none_or(|until| day <= until)
}

fn control() -> Requirement {
    Requirement { id: "A.1".to_owned(), kind: RequirementKind::Control, ..Requirement::default() }
}

proptest! {
    #[test]
    fn uncovered_days_are_those_that_no_evidence_speaks_for(
        items in vec(item(), 0..8), cadence in select(&CADENCES), from in -450..50_i32, length in 0..400_i32,
    ) {
        let world = organisation(cadence, &items);
        let control = control();
        let window = Window { from: date(from), to: date(from + length) };
        let soa = soa(&world.book, "fw", &[&control], TODAY, window);
        let cell = &soa.controls[0].organisation;
        let expected: Vec<i32> = (from..=from + length)
            .filter(|day| !items.iter().any(|item| speaks_for(item, cadence, *day)))
            .collect();
        let today = surety_aims::day(TODAY);
        let got: Vec<i32> =
            cell.uncovered.0.iter().flat_map(|(from, to)| *from..=*to).map(|day| day - today).collect();
        prop_assert_eq!(cell.uncovered.days(), u32::try_from(expected.len()).unwrap());
        prop_assert_eq!(got, expected);
        let covered = items.iter().any(|item| speaks_for(item, cadence, 0));
        prop_assert_eq!(cell.operating, covered);
    }

    #[test]
    fn a_day_number_and_its_date_are_the_same_day(days in -100_000..100_000_i32) {
        let date = surety_aims::date(days);
        prop_assert_eq!(surety_aims::day(date), days);
        prop_assert_eq!(surety_aims::day(date.tomorrow().unwrap()), days + 1);
    }

    /// Whatever else stands in the Book: without evidence of operation no cell operates.
    #[test]
    fn policies_and_templates_alone_never_raise_operating(world in world(&KINDS, 80)) {
        let mut plain = World::default();
        for happened in world.history {
            let mut event = happened.event;
            if let Event::Stated(stated) = &mut event
                && stated.id.kind == Kind::EvidenceItem
            {
                let mut body = stated.body.to_json();
                body["kind"] = if stated.id.number % 2 == 0 { "policy" } else { "template" }.into();
                stated.body = Kind::EvidenceItem.body(body).unwrap();
            }
            plain.happens(&happened.by, event);
        }
        let controls = crate::soa::controls();
        let soa = soa(&plain.book, "fw", &controls.iter().collect::<Vec<_>>(), TODAY, Window::year_to(TODAY));
        prop_assert_eq!(soa.scores.operating, 0);
        for cell in soa.cells.iter().chain(soa.controls.iter().map(|control| &control.organisation)) {
            prop_assert!(!cell.operating);
            if cell.applicable == Some(true) {
                prop_assert_eq!(cell.uncovered.days(), 365);
            }
        }
    }
}
