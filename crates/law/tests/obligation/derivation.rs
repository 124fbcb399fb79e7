//! Which obligations a subject has, from when, why, and why not.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use surety_catalog::Confidence;
use surety_law::obligation::{self, Standing, StartRule, Subject, WhyNot, obligations};

use crate::given::{
    TODAY, ai_act, chatbot_provider, credit_deployer, derogated_provider, everybody, large_model,
    lift_provider, minimal_deployer, on, recruiting_deployer, recruiting_provider, subject,
    undressing_app, with, without,
};

const GOLDEN: [Date; 8] = [
    date(2025, 2, 2),
    date(2025, 8, 2),
    date(2026, 7, 26),
    date(2026, 7, 27),
    date(2026, 8, 2),
    date(2026, 12, 2),
    date(2027, 12, 2),
    date(2028, 8, 2),
];

#[test]
fn how_many_duties_bind_whom_on_the_days_that_matter() {
    let mut table = String::new();
    for subject in everybody() {
        let counts = GOLDEN.map(|day| {
            let derived = on(&subject, day);
            derived.binding().filter(|one| one.obligation.kind.binds()).count().to_string()
        });
        table.push_str(&format!("{:<18} {}\n", subject.id, counts.join(" ")));
    }
    insta::assert_snapshot!(table, @r"
recruiting         1 1 1 1 3 3 105 105
recruiting-in-use  1 1 1 1 3 3 20 20
credit             1 1 1 1 3 3 29 29
lift               1 1 1 1 3 3 3 104
chatbot            1 1 1 1 6 6 6 6
model              0 10 10 10 13 13 13 13
undressing         1 1 1 1 3 4 4 4
spam-filter        1 1 1 1 3 3 3 3
derogated          1 1 1 1 5 5 7 7
");
}

#[test]
fn what_binds_typical_subjects_first() {
    let mut table = String::new();
    for subject in [chatbot_provider(), undressing_app(), minimal_deployer(), derogated_provider()]
    {
        for day in [date(2025, 2, 2), date(2026, 8, 2), date(2026, 12, 2), date(2027, 12, 2)] {
            let derived = on(&subject, day);
            let ids: Vec<&str> = derived
                .binding()
                .filter(|one| one.obligation.kind.binds())
                .map(|one| one.obligation.reference.as_str())
                .collect();
            table.push_str(&format!("{} {day}: {}\n", subject.id, ids.join(", ")));
        }
    }
    insta::assert_snapshot!(table, @r"
chatbot 2025-02-02: Art 4(1)
chatbot 2026-08-02: Art 4(1), Art 50(1), Art 50(2), Art 50(5), Art 79(2),(4), Art 87
chatbot 2026-12-02: Art 4(1), Art 50(1), Art 50(2), Art 50(5), Art 79(2),(4), Art 87
chatbot 2027-12-02: Art 4(1), Art 50(1), Art 50(2), Art 50(5), Art 79(2),(4), Art 87
undressing 2025-02-02: Art 4(1)
undressing 2026-08-02: Art 4(1), Art 79(2),(4), Art 87
undressing 2026-12-02: Art 4(1), Art 5(1)(ba), Art 79(2),(4), Art 87
undressing 2027-12-02: Art 4(1), Art 5(1)(ba), Art 79(2),(4), Art 87
spam-filter 2025-02-02: Art 4(1)
spam-filter 2026-08-02: Art 4(1), Art 79(2),(4), Art 87
spam-filter 2026-12-02: Art 4(1), Art 79(2),(4), Art 87
spam-filter 2027-12-02: Art 4(1), Art 79(2),(4), Art 87
derogated 2025-02-02: Art 4(1)
derogated 2026-08-02: Art 4(1), Art 79(2),(4), Art 80(2),(4),(5), Art 80(7), Art 87
derogated 2026-12-02: Art 4(1), Art 79(2),(4), Art 80(2),(4),(5), Art 80(7), Art 87
derogated 2027-12-02: Art 4(1), Art 6(4), Art 49(2), Art 79(2),(4), Art 80(2),(4),(5), Art 80(7), Art 87
");
}

#[test]
fn every_provision_applies_or_says_why_not() {
    for subject in everybody() {
        for day in GOLDEN {
            let derived = on(&subject, day);
            assert_eq!(derived.entries.len(), 269);
            let applying = derived.applying().count();
            assert_eq!(applying + derived.not_applying().count(), 269);
            assert_eq!(derived.duties().count() + derived.others().count(), applying);
            for entry in &derived.entries {
                let id = &entry.obligation.id;
                assert_eq!(entry.why_not.is_empty(), entry.standing == Standing::Binds, "{id}");
                assert!(entry.why_not.iter().all(|one| !one.to_string().is_empty()));
                if entry.standing != Standing::NotApplicable {
                    assert!(!entry.why.roles.is_empty() && !entry.why.tiers.is_empty(), "{id}");
                    assert!(!entry.starts.is_empty() || entry.binds_from.is_some(), "{id}");
                }
            }
        }
    }
}

#[test]
fn the_quick_derivation_finds_the_same() {
    for subject in everybody() {
        for day in GOLDEN {
            let reading = surety_law::obligation::Reading::new(ai_act(), day, TODAY).unwrap();
            let whole = reading.obligations(&subject);
            let quick = reading.applying(&subject);
            let whole: Vec<_> = whole
                .applying()
                .map(|one| (&one.obligation.id, one.standing, &one.starts))
                .collect();
            let quick: Vec<_> = quick
                .entries
                .iter()
                .map(|one| (&one.obligation.id, one.standing, &one.starts))
                .collect();
            assert_eq!(whole, quick);
        }
    }
}

#[test]
fn an_entry_tells_everything_about_one_duty() {
    let derived = on(&credit_deployer(), TODAY);
    insta::assert_json_snapshot!(derived.entry("aia.art27.1").unwrap());
}

#[test]
fn an_entry_tells_every_reason_against_it() {
    let derived = on(&minimal_deployer(), TODAY);
    let reasons = |id| {
        let entry = derived.entry(id).unwrap();
        entry.why_not.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    insta::assert_snapshot!(reasons("aia.art43.1"), @"it addresses the role provider; it addresses the tier high_risk_annex_iii; it asks for a3.1(a), a3.1(b) or a3.1(c)");
    insta::assert_snapshot!(reasons("aia.art26.1"), @"it addresses the tier high_risk_annex_i or high_risk_annex_iii");
    insta::assert_snapshot!(reasons("aia.art50.3"), @"it addresses the tier transparency; it asks for t.50_3");
    let derived = on(&with(large_model(), "g.oss"), TODAY);
    let entry = derived.entry("aia.art53.1.a").unwrap();
    assert_eq!(entry.why_not, [WhyNot::Freed { finding: "g.oss" }]);
    assert_eq!(
        derived.entry("aia.art53.2").unwrap().standing,
        Standing::Binds,
        "the exemption shows"
    );
}

#[test]
fn an_outcome_without_duties_has_none() {
    let mut outside = recruiting_provider();
    for outcome in &ai_act().outcomes_without_duties {
        outside.outcome.clone_from(outcome);
        let derived = on(&outside, TODAY);
        assert_eq!(derived.applying().count(), 0);
        let literacy = derived.entry("aia.art4.1").unwrap();
        assert_eq!(literacy.why_not, [WhyNot::Outcome { outcome }]);
    }
}

#[test]
fn one_finding_changes_the_rows_that_ask_for_it_and_no_others() {
    let toggled = |subject: Subject, finding: &str| {
        let ids = |subject: &Subject| {
            let derived = on(subject, TODAY);
            derived.applying().map(|one| one.obligation.id.clone()).collect::<BTreeSet<_>>()
        };
        let (before, after) = (ids(&subject), ids(&with(subject.clone(), finding)));
        before.symmetric_difference(&after).cloned().collect::<Vec<_>>().join(" ")
    };
    insta::assert_snapshot!(toggled(without(credit_deployer(), "fria.required"), "fria.required"), @"aia.art27.1 aia.art27.1.a aia.art27.1.b aia.art27.1.c aia.art27.1.d aia.art27.1.e aia.art27.1.f aia.art27.2 aia.art27.3 aia.art27.4");
    insta::assert_snapshot!(toggled(recruiting_provider(), "role.need_ar"), @"aia.art22.1 aia.art22.2");
    insta::assert_snapshot!(toggled(recruiting_provider(), "office.exclusive"), @"aia.art75.1 aia.art75.1a aia.art75a");
    insta::assert_snapshot!(toggled(large_model(), "g.oss"), @"aia.art53.1.a aia.art53.1.b aia.art53.2");
    insta::assert_snapshot!(toggled(recruiting_provider(), "excl.rwt"), @"aia.art57.participant aia.art60.1 aia.art60.4.a aia.art60.4.b aia.art60.4.c aia.art60.4.d aia.art60.4.e aia.art60.4.f aia.art60.4.g aia.art60.4.h aia.art60.4.i aia.art60.4.j aia.art60.4.k aia.art60.5 aia.art60.7 aia.art60.8 aia.art61");
    assert_eq!(toggled(recruiting_provider(), "scope.a"), "");
}

#[test]
fn one_transition_changes_dates_and_not_rows() {
    let date_of = |subject: &Subject, id: &str| {
        on(subject, TODAY).entry(id).unwrap().start().copied().unwrap()
    };
    let new = recruiting_provider();
    let old = with(without(new.clone(), "tr.new"), "tr.legacy");
    assert_eq!(date_of(&new, "aia.art9.1").operative_from, Some(date(2027, 12, 2)));
    let start = date_of(&old, "aia.art9.1");
    assert_eq!(start.operative_from, None);
    assert_eq!(start.rule, StartRule::AwaitsDesignChange { reference_date: date(2027, 12, 2) });
    assert_eq!(on(&old, TODAY).entry("aia.art9.1").unwrap().standing, Standing::Waits);
    assert_eq!(
        date_of(&old, "aia.art4.1").operative_from,
        Some(date(2025, 2, 2)),
        "Art 4 knows no old systems"
    );

    let mut changed = old.clone();
    changed.facts.significant_change_on = Some(date(2028, 11, 5));
    assert_eq!(date_of(&changed, "aia.art9.1").operative_from, Some(date(2028, 11, 5)));
    changed.facts.system_placed_on = Some(date(2027, 12, 2));
    assert_eq!(
        date_of(&changed, "aia.art9.1").operative_from,
        Some(date(2027, 12, 2)),
        "not old at all"
    );

    let unknown = with(without(new.clone(), "tr.new"), "tr.changed");
    let start = date_of(&unknown, "aia.art9.1");
    assert_eq!(start.operative_from, Some(date(2027, 12, 2)));
    assert_eq!(start.confidence, Confidence::Low);

    let public = with(without(new.clone(), "tr.new"), "tr.public");
    assert_eq!(date_of(&public, "aia.art9.1").operative_from, Some(date(2030, 8, 2)));

    let component = with(without(new, "tr.new"), "tr.annexx");
    assert_eq!(date_of(&component, "aia.art9.1").operative_from, Some(date(2030, 12, 31)));
    assert_eq!(date_of(&component, "aia.art9.1").rule, StartRule::FixedDay);
    assert_eq!(date_of(&component, "aia.art111.1").operative_from, Some(date(2026, 8, 2)));
    assert_eq!(date_of(&component, "aia.art4.1").operative_from, Some(date(2025, 2, 2)));
}

#[test]
fn legacy_models_and_generators_have_their_own_days() {
    let legacy = with(large_model(), "g.legacy");
    let start = |subject: &Subject, id: &str| {
        on(subject, TODAY).entry(id).unwrap().start().unwrap().operative_from
    };
    assert_eq!(start(&large_model(), "aia.art53.1.a"), Some(date(2025, 8, 2)));
    assert_eq!(start(&large_model(), "aia.art55.1.a"), Some(date(2025, 8, 2)));
    assert_eq!(start(&legacy, "aia.art53.1.a"), Some(date(2027, 8, 2)));
    assert_eq!(start(&legacy, "aia.art55.1.a"), Some(date(2027, 8, 2)));
    assert_eq!(start(&legacy, "aia.art91"), Some(date(2026, 8, 2)), "enforcement has its own day");
    let legacy = with(chatbot_provider(), "t.50_2_legacy");
    assert_eq!(start(&legacy, "aia.art50.2"), Some(date(2026, 12, 2)));
    assert_eq!(start(&legacy, "aia.art50.1"), Some(date(2026, 8, 2)));
}

#[test]
fn a_system_of_two_tiers_shows_the_day_of_each() {
    let mut both = recruiting_provider();
    both.tiers.insert("high_risk_annex_i".to_owned());
    let derived = on(&both, TODAY);
    let entry = derived.entry("aia.art9.1").unwrap();
    let days: Vec<_> =
        entry.starts.iter().map(|(tier, start)| (*tier, start.operative_from)).collect();
    assert_eq!(
        days,
        [
            ("high_risk_annex_iii", Some(date(2027, 12, 2))),
            ("high_risk_annex_i", Some(date(2028, 8, 2)))
        ]
    );
}

#[test]
fn low_confidence_is_visible() {
    let derived = on(&derogated_provider(), TODAY);
    assert_eq!(derived.entry("aia.art49.2").unwrap().confidence, Confidence::Low);
    assert_eq!(derived.entry("aia.art6.4").unwrap().confidence, Confidence::High);
    let aircraft = subject(
        "aircraft",
        "high_risk_annex_i_b",
        &["provider"],
        &["any_ai_system", "high_risk_annex_i_b"],
        &["role.provider", "lit", "hr.annex_i_b", "tr.new"],
    );
    let derived = on(&aircraft, TODAY);
    let literacy = derived.entry("aia.art4.1").unwrap();
    assert_eq!(literacy.confidence, Confidence::Low);
    assert!(literacy.caution.unwrap().says.contains("Art 2(2)"));
    assert!(derived.entry("aia.art6.1").unwrap().caution.is_none());
    assert_eq!(derived.entry("aia.art9.1").unwrap().standing, Standing::NotApplicable);
}

#[test]
fn before_release_only_the_rules_on_testing_bind() {
    let in_house = with(recruiting_provider(), "excl.premarket");
    let derived = on(&in_house, date(2028, 1, 1));
    // A sandbox is for development and testing (Art 57).
    let sandbox = |one: &obligation::Entry<'_>| one.article.number.starts_with("57");
    assert!(derived.binding().all(sandbox));
    let duties = derived.applying().filter(|one| !sandbox(one)).count();
    assert_eq!(duties, on(&recruiting_provider(), TODAY).applying().count());
    let risk = derived.entry("aia.art9.1").unwrap();
    assert_eq!(risk.standing, Standing::Waits);
    assert_eq!(risk.start().unwrap().operative_from, Some(date(2027, 12, 2)), "the day is told");
    insta::assert_snapshot!(risk.why_not[0], @"development and testing before release is outside the Act; it binds from release (Art 2(8))");
    let tested = on(&with(recruiting_provider(), "excl.rwt"), TODAY);
    assert!(
        tested
            .binding()
            .all(|one| sandbox(one) || ["60", "60a", "61"].contains(&one.article.number.as_str()))
    );
    assert_eq!(tested.entry("aia.art61").unwrap().standing, Standing::Binds);
}

#[test]
fn what_a_person_has_to_check_is_told() {
    let derived = on(&recruiting_deployer(), TODAY);
    let workers = derived.entry("aia.art26.7").unwrap();
    assert_eq!(workers.to_check(), Some("deployer is an employer and use is at the workplace"));
    assert_eq!(derived.entry("aia.art26.1").unwrap().to_check(), None);
}

#[test]
fn before_the_amendment_was_in_force_its_dates_were_announced() {
    let between = date(2026, 7, 25);
    let derived = obligations(ai_act(), &recruiting_provider(), between, between).unwrap();
    let entry = derived.entry("aia.art9.1").unwrap();
    assert_eq!(derived.version.id, "v2024");
    assert_eq!(entry.start().unwrap().operative_from, Some(date(2026, 8, 2)), "the text in force");
    assert_eq!(entry.binds_from, Some(date(2027, 12, 2)), "what was known to come");
    let day_before = date(2026, 7, 23);
    let derived = obligations(ai_act(), &recruiting_provider(), day_before, day_before).unwrap();
    assert_eq!(derived.entry("aia.art9.1").unwrap().binds_from, Some(date(2026, 8, 2)));
}

#[test]
fn the_words_are_those_of_the_version() {
    let text = |day| on(&minimal_deployer(), day).entry("aia.art4.1").unwrap().text;
    assert!(text(date(2026, 7, 26)).contains("as far as possible"));
    assert!(text(date(2026, 7, 27)).contains("No particular level"));
}

#[test]
fn duties_of_provider_and_deployer_stand_side_by_side() {
    let reading = surety_law::obligation::Reading::new(ai_act(), TODAY, TODAY).unwrap();
    let rows = reading.side_by_side(&recruiting_deployer(), "provider", "deployer");
    let mut table = String::new();
    for row in &rows {
        table.push_str(&format!(
            "{} {}: {} | {}\n",
            row.article,
            row.title,
            row.left.entries.len(),
            row.right.entries.len()
        ));
        assert!(!row.left.ours && row.right.ours);
    }
    insta::assert_snapshot!(table, @"
    4 AI literacy: 1 | 1
    4a Special-category data for bias detection and correction: 2 | 1
    6 Classification as high-risk: 1 | 0
    8 Compliance with the requirements: 1 | 0
    9 Risk management system: 10 | 0
    10 Data and data governance: 12 | 0
    11 Technical documentation: 1 | 0
    12 Record-keeping: 2 | 0
    13 Transparency and information for deployers: 8 | 0
    14 Human oversight: 7 | 0
    15 Accuracy, robustness and cybersecurity: 4 | 0
    16 Obligations of providers: 12 | 0
    17 Quality management system: 16 | 0
    18 Documentation keeping: 6 | 0
    19 Automatically generated logs: 2 | 0
    20 Corrective actions and duty of information: 2 | 0
    21 Cooperation with authorities: 2 | 0
    25 Responsibilities along the value chain: 2 | 0
    26 Obligations of deployers: 0 | 12
    40 Harmonised standards: 1 | 0
    41 Common specifications: 1 | 0
    42 Presumptions of conformity: 3 | 0
    43 Conformity assessment: 2 | 0
    44 Certificates: 1 | 0
    46 Derogation from conformity assessment: 1 | 1
    47 EU declaration of conformity: 3 | 0
    48 CE marking: 3 | 0
    49 Registration: 1 | 1
    63 Relief for smaller operators: 1 | 0
    71 EU database: 1 | 1
    72 Post-market monitoring: 4 | 0
    73 Reporting of serious incidents: 7 | 1
    74 Market surveillance: 1 | 0
    77 Bodies protecting fundamental rights: 1 | 1
    79 Systems presenting a risk: 1 | 1
    82 Compliant systems that present a risk: 1 | 1
    83 Formal non-compliance: 1 | 0
    85 Right to complain: 1 | 1
    86 Right to explanation: 0 | 1
    87 Reporting of infringements: 1 | 1
    ");
}

#[test]
fn a_role_includes_others_as_the_law_says() {
    let mut model = large_model();
    model.roles = ["gpai_systemic_provider".to_owned()].into();
    model.tiers = ["gpai_systemic".to_owned()].into();
    let derived = on(&model, TODAY);
    assert_eq!(derived.entry("aia.art53.1.c").unwrap().standing, Standing::Binds);
    let mut lift = lift_provider();
    lift.tiers.remove("any_ai_system");
    assert_eq!(on(&lift, TODAY).entry("aia.art4.1").unwrap().standing, Standing::Binds);
}
