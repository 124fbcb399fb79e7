//! What binds in a scope on a day.

use jiff::civil::{Date, date};
use surety_law::obligation::{Binding, LawError, Place, binding};

use crate::given::{TODAY, ai_act};

fn rows(on: Date, law_as_of: Date, scope: &str, change: Option<Date>) -> Vec<Binding<'static>> {
    let place = Place { scope, significant_change_on: change };
    binding(ai_act(), on, law_as_of, place).unwrap()
}

fn row(id: &str, on: Date, scope: &str) -> Binding<'static> {
    rows(on, TODAY, scope, None).into_iter().find(|one| one.id == id).unwrap()
}

#[test]
fn every_as_of_check_of_the_catalog_holds() {
    let checks = &ai_act().as_of_checks;
    assert_eq!(checks.len(), 9);
    for check in checks {
        let rows = rows(check.date, TODAY, &check.scope, check.significant_change_on);
        assert_eq!(rows.len(), 269);
        let binds = |id: &String| {
            let row = rows.iter().find(|one| one.id == id).unwrap();
            assert_eq!(row.version, check.law_version, "{}", check.id);
            row.binds
        };
        for id in &check.binding {
            assert!(binds(id), "{}: {id} binds: {}", check.id, check.reason);
        }
        for id in &check.not_yet_binding {
            assert!(!binds(id), "{}: {id} does not bind yet: {}", check.id, check.reason);
        }
    }
}

#[test]
fn a_day_is_answered_by_what_was_known() {
    let on = date(2026, 9, 1);
    let high_risk = |law_as_of| {
        let rows = rows(on, law_as_of, "high_risk_annex_iii", None);
        rows.into_iter().find(|one| one.id == "aia.art9.1").unwrap()
    };
    let before = high_risk(date(2026, 7, 1));
    assert_eq!((before.version, before.binds), ("v2024", true), "nobody knew the amendment");
    let after = high_risk(date(2026, 7, 24));
    assert_eq!((after.version, after.binds), ("v2026", false));
    assert_eq!(after.operative_from, Some(date(2027, 12, 2)));
}

#[test]
fn formal_and_operative_days_are_both_told() {
    let row = row("aia.art49.1", TODAY, "high_risk_annex_iii");
    assert_eq!(row.formal_from, Some(date(2026, 8, 2)));
    assert_eq!(row.operative_from, Some(date(2027, 12, 2)));
    assert!(!row.binds);
    insta::assert_snapshot!(row.why, @"formally from 2026-08-02, can bite from 2027-12-02 (Art 113, second para (general date); not moved by point (c))");
}

#[test]
fn older_systems_for_public_authorities_are_caught_by_a_change_before_2030() {
    let scope = "high_risk_public_authority_legacy";
    let day = date(2029, 3, 1);
    let binds = |change| {
        let rows = rows(day, TODAY, scope, change);
        rows.into_iter().find(|one| one.id == "aia.art9.1").unwrap().operative_from
    };
    assert_eq!(binds(None), Some(date(2030, 8, 2)));
    assert_eq!(binds(Some(date(2028, 11, 5))), Some(date(2028, 11, 5)));
    assert_eq!(binds(Some(date(2027, 11, 5))), Some(date(2030, 8, 2)), "before the reference date");
}

#[test]
fn under_the_first_version_a_changed_product_waits_for_its_class() {
    // Art 111(2) counts changes from 2 August 2026, Art 6(1) applied from 2 August 2027.
    let rows = rows(
        date(2026, 12, 1),
        date(2026, 7, 1),
        "high_risk_annex_i_legacy",
        Some(date(2026, 10, 1)),
    );
    let duty = rows.iter().find(|one| one.id == "aia.art9.1").unwrap();
    assert_eq!((duty.binds, duty.operative_from), (false, Some(date(2027, 8, 2))));
}

#[test]
fn a_product_under_other_law_keeps_the_article_that_classifies_it() {
    let day = date(2028, 8, 2);
    assert!(row("aia.art6.1", day, "high_risk_annex_i_b").binds);
    assert!(row("aia.art60a", day, "high_risk_annex_i_b").binds);
    let risk = row("aia.art9.1", day, "high_risk_annex_i_b");
    assert!(!risk.binds);
    assert_eq!(risk.why, "version v2026 has no date for the scope high_risk_annex_i_b");
}

#[test]
fn a_provision_of_a_later_version_is_told_to_be_missing() {
    let row = row("aia.art5.1.ba", date(2026, 6, 30), "all");
    assert_eq!(row.why, "it does not stand in version v2024");
    assert_eq!((row.binds, row.formal_from, row.operative_from), (false, None, None));
}

#[test]
fn before_the_law_is_in_force_nothing_binds() {
    let rows = rows(date(2024, 7, 20), date(2024, 7, 20), "all", None);
    assert!(rows.iter().all(|one| !one.binds));
    assert!(rows.iter().any(|one| one.operative_from == Some(date(2025, 2, 2))));
}

#[test]
fn every_row_says_why() {
    for scope in &ai_act().scopes {
        for day in [date(2025, 2, 2), date(2026, 7, 27), date(2030, 8, 2)] {
            for row in rows(day, TODAY, scope, None) {
                assert!(!row.why.is_empty(), "{} {scope}", row.id);
                assert_eq!(row.binds, row.operative_from.is_some_and(|from| from <= day));
            }
        }
    }
}

#[test]
fn wrong_questions_are_refused_with_what_would_be_right() {
    let place = Place { scope: "highrisk", significant_change_on: None };
    let error = binding(ai_act(), TODAY, TODAY, place).unwrap_err();
    assert!(matches!(error, LawError::UnknownScope { .. }));
    assert!(error.to_string().contains("high_risk_annex_iii_legacy"));
    let place = Place { scope: "all", significant_change_on: None };
    let error = binding(ai_act(), TODAY, date(2024, 1, 1), place).unwrap_err();
    insta::assert_snapshot!(error, @"eu-ai-act: nothing was published by 2024-01-01; the first version was published on 2024-07-12");
}
