//! The check of reporting clocks and public holidays names each damage.

use std::path::Path;

use surety_catalog::{PeriodUnit, Place};

use crate::{
    source::{self, Everything},
    validate_clocks::problems,
};

#[test]
fn each_damage_to_clocks_and_holidays_is_named() {
    type Damage = fn(&mut Everything);
    let damages: [(Damage, &str); 19] = [
        (
            |all| all.incident_clocks.clocks[1].id = "aia.art73.2".into(),
            "`aia.art73.2` stands twice",
        ),
        (|all| all.incident_clocks.clocks[0].all.push("x".into()), "no question `x`"),
        (|all| all.incident_clocks.clocks[0].readings[0].events.push("x".into()), "no event `x`"),
        (
            |all| all.incident_clocks.clocks[0].due_at_once_on.push("submitted.x".into()),
            "no event `submitted.x`",
        ),
        (|all| all.incident_clocks.clocks[0].roles[0].role = "x".into(), "no role `x`"),
        (|all| all.incident_clocks.clocks[0].next.push("x".into()), "no clock `x`"),
        (|all| all.incident_clocks.clocks[0].see.push("gpai.cop.9_3".into()), "`gpai.cop.9_3`"),
        (|all| all.incident_clocks.clocks[0].recipients[0].recipient = "x".into(), "recipient `x`"),
        (|all| all.incident_clocks.clocks[0].act = "x".into(), "no act `x`"),
        (|all| all.incident_clocks.clocks[0].regime = Some("x".into()), "no date regime `x`"),
        (|all| all.incident_clocks.clocks[0].limit = 0, "0 days is no limit"),
        (
            |all| all.incident_clocks.clocks[0].unit = PeriodUnit::Immediately,
            "15 immediately is no limit",
        ),
        (|all| all.incident_clocks.clocks[0].readings[0].cautious = true, "that is certain"),
        (
            |all| all.incident_clocks.authorities[0].member_state = "XX".into(),
            "no such Member State",
        ),
        (|all| all.incident_clocks.reports[0].clocks.push("gdpr.34".into()), "another form"),
        (|all| all.incident_clocks.examples[0].legal_latest.clear(), "a deadline or an error"),
        (|all| all.public_holidays.calendars[0].holidays[0].easter = Some(1), "exactly one rule"),
        (
            |all| all.public_holidays.calendars[0].holidays[0].on.as_mut().unwrap().day = 32,
            "no such day",
        ),
        (
            |all| all.public_holidays.calendars[0].holidays[0].regions.push("DE-BY".into()),
            "another country",
        ),
    ];
    for (damage, expected) in damages {
        let mut all = source::read(Path::new("../../catalogs")).unwrap();
        damage(&mut all);
        let found = problems(&all.incident_clocks, &all.public_holidays, &all.laws).join("\n");
        assert!(found.contains(expected), "expected `{expected}` in:\n{found}");
    }
}

#[test]
fn nothing_was_lost_of_clocks_rules_examples_and_calendars() {
    let all = source::read(Path::new("../../catalogs")).unwrap();
    let clocks = &all.incident_clocks;
    assert_eq!((clocks.clocks.len(), clocks.rules.len(), clocks.examples.len()), (43, 19, 41));
    assert_eq!(all.public_holidays.calendars.len(), 28);
    let reported = |id: &str| clocks.report(id).is_some();
    assert_eq!(clocks.clocks.iter().filter(|one| reported(&one.id)).count(), 39);
    let official = clocks
        .clocks
        .iter()
        .filter(|one| one.recipients.iter().any(|recipient| recipient.place == Place::Institution));
    assert!(official.count() >= 8);
}
