//! The law's versions and dates say what they should.

use jiff::civil::{Date, date};
use surety_catalog::{Catalogs, Law};

fn ai_act() -> &'static Law {
    Catalogs::builtin().law("EU AI Act").unwrap()
}

/// From when a provision can bite in a version and scope.
fn operative(id: &str, version: &str, scope: &str) -> Option<Date> {
    let law = ai_act();
    law.applications(law.obligation(id).unwrap(), version)
        .find(|one| one.scope == scope)
        .and_then(|one| one.operative_from)
}

#[test]
fn the_version_of_a_day_follows_the_amendment() {
    let version = |day| ai_act().version_on(day).map(|one| one.id.as_str());
    assert_eq!(version(date(2024, 7, 31)), None);
    assert_eq!(version(date(2024, 8, 1)), Some("v2024"));
    assert_eq!(version(date(2026, 7, 26)), Some("v2024"));
    assert_eq!(version(date(2026, 7, 27)), Some("v2026"));
    assert_eq!(version(date(2099, 1, 1)), Some("v2026"));
}

#[test]
fn high_risk_duties_were_moved_by_the_amendment() {
    assert_eq!(operative("aia.art9.1", "v2024", "high_risk_annex_iii"), Some(date(2026, 8, 2)));
    assert_eq!(operative("aia.art9.1", "v2026", "high_risk_annex_iii"), Some(date(2027, 12, 2)));
    assert_eq!(operative("aia.art9.1", "v2026", "high_risk_annex_i"), Some(date(2028, 8, 2)));
    assert_eq!(operative("aia.art50.1", "v2026", "transparency"), Some(date(2026, 8, 2)));
}

#[test]
fn a_provision_that_was_inserted_does_not_stand_in_the_earlier_version() {
    let law = ai_act();
    for id in ["aia.art6.1a", "aia.art42.3", "aia.art75.1a", "aia.art5.1.ba"] {
        let obligation = law.obligation(id).unwrap();
        assert_eq!(law.applications(obligation, "v2024").count(), 0, "{id}");
        assert!(law.applications(obligation, "v2026").count() > 0, "{id}");
    }
}

#[test]
fn old_systems_are_caught_by_change_in_both_versions() {
    let law = ai_act();
    let duty = law.obligation("aia.art9.1").unwrap();
    for (version, from) in [("v2024", date(2026, 8, 2)), ("v2026", date(2027, 12, 2))] {
        let old = law
            .applications(duty, version)
            .find(|one| one.scope == "high_risk_annex_iii_legacy")
            .unwrap();
        assert_eq!((old.operative_from, old.reference_date), (None, Some(from)));
    }
}

#[test]
fn prohibitions_weigh_most() {
    let catalogs = Catalogs::builtin();
    assert_eq!(catalogs.resolve("eu-ai-act", "Art 5(1)(a)").unwrap().weight, 5);
    assert_eq!(catalogs.resolve("eu-ai-act", "aia.art6.3").unwrap().weight, 0);
}

#[test]
fn the_law_of_a_day_is_that_which_was_known() {
    let version = |on, as_of| ai_act().version_for(on, as_of).map(|one| one.id.as_str());
    let (before, after) = (date(2026, 7, 23), date(2026, 7, 24));
    assert_eq!(version(date(2027, 1, 1), before), Some("v2024"), "the amendment was not known");
    assert_eq!(version(date(2027, 1, 1), after), Some("v2026"));
    assert_eq!(version(date(2026, 7, 26), after), Some("v2024"), "published, not yet in force");
    assert_eq!(version(date(2024, 7, 20), date(2024, 7, 20)), Some("v2024"));
    assert_eq!(version(date(2027, 1, 1), date(2024, 7, 11)), None);
}

#[test]
fn a_provision_keeps_its_earlier_words_and_addressees() {
    let law = ai_act();
    let literacy = law.obligation("aia.art4.1").unwrap();
    assert!(law.text_in(literacy, "v2024").contains("as far as possible"));
    assert!(law.text_in(literacy, "v2026").contains("No particular level"));
    let testing = law.obligation("aia.art60.1").unwrap();
    assert_eq!(law.tiers_in(testing, "v2024"), ["high_risk_annex_iii"]);
    assert_eq!(law.tiers_in(testing, "v2026").len(), 2);
}
