//! The register of risks.

use proptest::{collection::vec, prelude::*};
use serde_json::json;
use surety_aims::{Event, Kind, derive::risks::register};

use crate::given::{World, given, state};

const ON: jiff::civil::Date = jiff::civil::date(2026, 6, 1);

fn moved(world: &mut World, id: &str, from: &'static str, to: &'static str) {
    let id = id.parse().unwrap();
    world.happens("PER-1", Event::Moved { id, from, to, note: String::new() });
}

#[test]
fn what_counts_today_decides_the_order_and_what_is_over_stands_last() {
    let rated = |title: &str, inherent: u8, current: Option<u8>| {
        let rating = |worst| json!({ "organisation": worst, "likelihood": 5 });
        let mut body = json!({ "title": title, "inherent": rating(inherent) });
        if let Some(current) = current {
            body["current"] = rating(current);
        }
        state(Kind::Risk, body)
    };
    let mut world = given([
        rated("treated", 5, Some(1)),
        rated("not yet rated today", 3, None),
        rated("closed", 5, None),
        state(Kind::Risk, json!({ "title": "not rated" })),
    ]);
    moved(&mut world, "RSK-3", "identified", "closed");
    let register = register(&world.book, ON);
    let seen: Vec<_> =
        register.risks.iter().map(|risk| (risk.title, risk.level, risk.open)).collect();
    assert_eq!(
        seen,
        [
            ("not yet rated today", Some(15), true),
            ("treated", Some(5), true),
            ("not rated", None, true),
            ("closed", Some(25), false),
        ]
    );
}

#[test]
fn an_accepted_risk_is_not_late_with_its_treatment() {
    let risk = json!({ "title": "Drift", "due": "2026-05-01", "next_review": "2026-05-02" });
    let mut world = given([state(Kind::Risk, risk)]);
    let overdue = |world: &World| register(&world.book, ON).risks[0].overdue.clone();
    assert_eq!(overdue(&world), ["due", "next_review"]);
    moved(&mut world, "RSK-1", "in_treatment", "accepted");
    assert_eq!(overdue(&world), ["next_review"]);
    moved(&mut world, "RSK-1", "accepted", "closed");
    assert!(overdue(&world).is_empty());
}

proptest! {
    #[test]
    fn every_risk_stands_once_and_none_above_a_worse_one(levels in vec((0_u8..=5, 1_u8..=5), 0..12)) {
        let risks = levels.iter().map(|(worst, likelihood)| {
            let rating = if *worst == 0 { json!({}) } else { json!({ "society": worst, "likelihood": likelihood }) };
            state(Kind::Risk, json!({ "title": "Drift", "inherent": rating }))
        });
        let world = given(risks.collect::<Vec<_>>());
        let register = register(&world.book, ON);
        let found: Vec<_> = register.risks.iter().map(|risk| risk.level).collect();
        let mut naive: Vec<_> = levels.iter().map(|(worst, likelihood)| (*worst > 0).then_some(worst * likelihood)).collect();
        naive.sort_by_key(|level| std::cmp::Reverse(*level));
        prop_assert_eq!(found, naive);
    }
}
