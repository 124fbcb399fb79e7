//! What a new version of the law changes for our systems.

use jiff::civil::{Date, date};
use surety_law::obligation::{Impact, LawError, Reclassified, Subject, impact};

use crate::given::{
    TODAY, ai_act, everybody, lift_provider, recruiting_provider, undressing_app, with, without,
};

const DAYS: [Date; 3] = [date(2026, 8, 2), date(2027, 12, 2), date(2028, 8, 2)];

/// Machinery left Annex I Section A with the amendment, and two prohibitions came.
fn reclassify(subject: &Subject, version: &str) -> Reclassified {
    let mut subject = subject.clone();
    let mut open = Vec::new();
    if version == "v2024" && subject.id == "undressing" {
        subject.tiers.remove("prohibited");
        subject.findings.remove("prohibited.ba_supply");
        subject.outcome = "minimal".to_owned();
        subject.tiers.insert("minimal".to_owned());
    }
    if version == "v2026" && subject.id == "press" {
        subject.tiers.remove("high_risk_annex_i");
        subject.tiers.insert("high_risk_annex_i_b".to_owned());
        subject.outcome = "high_risk_annex_i_b".to_owned();
    }
    if version == "v2026" && subject.id == "chatbot" {
        open.push("p.gen".to_owned());
    }
    Reclassified { subject, open }
}

fn of(subjects: &[Subject]) -> Impact<'static> {
    impact(ai_act(), ("v2024", "v2026"), subjects, &reclassify, TODAY, &DAYS).unwrap()
}

fn press() -> Subject {
    Subject { id: "press".to_owned(), ..lift_provider() }
}

#[test]
fn the_amendment_moves_high_risk_dates_and_adds_prohibitions() {
    let mut subjects = everybody();
    subjects.push(press());
    let report = of(&subjects);
    let mut table = String::new();
    for one in &report.systems {
        table.push_str(&format!(
            "{}: {} -> {}; appear {}, disappear {}, moved {}, reworded {}; {:?}\n",
            one.subject,
            one.class.outcome_before,
            one.class.outcome_after,
            one.appear.len(),
            one.disappear.len(),
            one.moved.len(),
            one.reworded.len(),
            one.binding.iter().map(|one| (one.before, one.after)).collect::<Vec<_>>()
        ));
    }
    for one in &report.reassessments {
        table.push_str(&format!("assess {} again: {}\n", one.subject, one.reasons.join("; ")));
    }
    let totals = &report.totals;
    table.push_str(&format!(
        "{} of {} touched, {} classes, {} appear, {} disappear, {} moved, {} reworded, {:?}\n",
        totals.touched,
        totals.subjects,
        totals.class_changes,
        totals.appear,
        totals.disappear,
        totals.moved,
        totals.reworded,
        totals.binding.iter().map(|one| (one.before, one.after)).collect::<Vec<_>>()
    ));
    insta::assert_snapshot!(table, @"
    recruiting: high_risk_annex_iii -> high_risk_annex_iii; appear 3, disappear 0, moved 118, reworded 9; [(105, 3), (105, 105), (105, 105)]
    recruiting-in-use: high_risk_annex_iii -> high_risk_annex_iii; appear 1, disappear 0, moved 19, reworded 2; [(20, 3), (20, 20), (20, 20)]
    credit: high_risk_annex_iii -> high_risk_annex_iii; appear 1, disappear 0, moved 29, reworded 3; [(29, 3), (29, 29), (29, 29)]
    lift: high_risk_annex_i -> high_risk_annex_i; appear 6, disappear 0, moved 118, reworded 10; [(3, 3), (104, 3), (104, 104)]
    chatbot: transparency -> transparency; appear 1, disappear 0, moved 0, reworded 1; [(6, 6), (6, 6), (6, 6)]
    undressing: minimal -> prohibited; appear 4, disappear 1, moved 0, reworded 1; [(3, 3), (3, 4), (3, 4)]
    spam-filter: minimal -> minimal; appear 1, disappear 0, moved 0, reworded 1; [(3, 3), (3, 3), (3, 3)]
    derogated: art6_3_derogated -> art6_3_derogated; appear 1, disappear 0, moved 3, reworded 1; [(7, 5), (7, 7), (7, 7)]
    press: high_risk_annex_i -> high_risk_annex_i_b; appear 4, disappear 119, moved 1, reworded 2; [(3, 3), (104, 3), (104, 3)]
    assess recruiting again: obligations that move to other dates: 103
    assess recruiting-in-use again: obligations that move to other dates: 17
    assess credit again: obligations that move to other dates: 26
    assess lift again: obligations that appear: 3; obligations that move to other dates: 102
    assess chatbot again: question to answer: p.gen
    assess undressing again: outcome minimal becomes prohibited; tier gained: prohibited; tier lost: minimal; obligations that appear: 1
    assess derogated again: obligations that move to other dates: 3
    assess press again: outcome high_risk_annex_i becomes high_risk_annex_i_b; tier gained: high_risk_annex_i_b; tier lost: high_risk_annex_i; obligations that appear: 3; obligations that disappear: 101; obligations that move to other dates: 1
    9 of 10 touched, 2 classes, 22 appear, 120 disappear, 288 moved, 30 reworded, [(192, 45), (394, 193), (394, 294)]
    ");
    assert_eq!(report.changes.len(), 45);
}

#[test]
fn a_moved_obligation_shows_both_days() {
    let report = of(&[recruiting_provider()]);
    let system = report.systems.first().unwrap();
    let risk = system.moved.iter().find(|one| one.id == "aia.art9.1").unwrap();
    assert_eq!(risk.operative_before, Some(date(2026, 8, 2)));
    assert_eq!(risk.operative_after, Some(date(2027, 12, 2)));
    let monitoring = system.moved.iter().find(|one| one.id == "aia.art72.1").unwrap();
    assert_eq!(monitoring.formal_before, monitoring.formal_after);
    assert_ne!(monitoring.operative_before, monitoring.operative_after);
}

#[test]
fn an_old_system_is_measured_by_another_reference_date() {
    let old = with(without(recruiting_provider(), "tr.new"), "tr.legacy");
    let report = of(&[old]);
    let system = report.systems.first().unwrap();
    let risk = system.moved.iter().find(|one| one.id == "aia.art9.1").unwrap();
    assert_eq!(risk.change_counts_from_before, Some(date(2026, 8, 2)));
    assert_eq!(risk.change_counts_from_after, Some(date(2027, 12, 2)));
    assert_eq!(risk.operative_after, None);
}

#[test]
fn a_prohibition_that_appears_is_told_by_name() {
    let report = of(&[undressing_app()]);
    let system = report.systems.first().unwrap();
    let appear: Vec<&str> = system.appear.iter().map(|one| one.id.as_str()).collect();
    assert!(appear.contains(&"aia.art5.1.ba"));
    assert!(system.class.tiers_gained.contains("prohibited"));
    assert_eq!(report.totals.class_changes, 1);
}

#[test]
fn nothing_changes_from_a_version_to_itself() {
    let report =
        impact(ai_act(), ("v2026", "v2026"), &everybody(), &reclassify, TODAY, &DAYS).unwrap();
    assert!(
        report.systems.is_empty() && report.reassessments.is_empty() && report.changes.is_empty()
    );
}

#[test]
fn what_goes_one_way_comes_back_the_other() {
    let mut subjects = everybody();
    subjects.push(press());
    let there = of(&subjects);
    let back = impact(ai_act(), ("v2026", "v2024"), &subjects, &reclassify, TODAY, &DAYS).unwrap();
    assert_eq!(there.totals.appear, back.totals.disappear);
    assert_eq!(there.totals.disappear, back.totals.appear);
    assert_eq!(there.totals.moved, back.totals.moved);
}

#[test]
fn an_unknown_version_is_refused() {
    let error = impact(ai_act(), ("v2024", "v2030"), &[], &reclassify, TODAY, &[]).unwrap_err();
    assert!(matches!(error, LawError::UnknownVersion { .. }));
}
