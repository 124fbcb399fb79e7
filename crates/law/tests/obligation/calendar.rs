//! The calendar of the law, as entries and as a file.

use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use surety_law::obligation::{CalendarEntry, Naming, Occasion, Subject, calendar, ics};

use crate::given::{TODAY, ai_act, everybody, recruiting_provider, with, without};

fn entries(subjects: &[Subject]) -> Vec<CalendarEntry<'static>> {
    calendar(ai_act(), subjects, TODAY, TODAY).unwrap()
}

fn stamp() -> Timestamp {
    "2026-11-21T08:00:00Z".parse().unwrap()
}

fn table(entries: &[CalendarEntry<'_>]) -> String {
    let mut table = String::new();
    for one in entries {
        table.push_str(&format!(
            "{}{} {:?} {} ({}) {:?} {:?}: {} provisions; {:?}\n",
            one.date,
            if one.past { " past" } else { "" },
            one.occasion,
            one.regime,
            one.version,
            one.scopes,
            one.tiers,
            one.provisions.len(),
            one.systems
        ));
    }
    table
}

#[test]
fn the_calendar_shows_what_starts_when_and_for_which_systems() {
    insta::assert_snapshot!(table(&entries(&everybody())), @r#"
    2024-08-01 past VersionInForce  (v2024) {} {}: 0 provisions; {}
    2025-02-02 past Starts ch1 (v2024) {"all"} {"any_ai_system"}: 1 provisions; {"chatbot", "credit", "derogated", "lift", "recruiting", "recruiting-in-use", "spam-filter", "undressing"}
    2025-02-02 past Starts art5 (v2024) {"all"} {"prohibited"}: 11 provisions; {}
    2025-08-02 past Starts gpai (v2024) {"gpai"} {"gpai", "gpai_systemic"}: 20 provisions; {"model"}
    2026-07-27 past VersionInForce  (v2026) {} {}: 0 provisions; {}
    2026-07-27 past Reworded ch1 (v2026) {} {"any_ai_system"}: 1 provisions; {"chatbot", "credit", "derogated", "lift", "recruiting", "recruiting-in-use", "spam-filter", "undressing"}
    2026-07-27 past Reworded hr (v2026) {} {"high_risk_annex_i", "high_risk_annex_iii"}: 5 provisions; {"lift", "recruiting"}
    2026-07-27 past Reworded hr3 (v2026) {} {"high_risk_annex_iii"}: 1 provisions; {"credit"}
    2026-07-27 past Reworded art6_1 (v2026) {} {"high_risk_annex_i", "high_risk_annex_i_b"}: 1 provisions; {"lift"}
    2026-07-27 past Reworded s5 (v2026) {} {"high_risk_annex_i", "high_risk_annex_iii"}: 2 provisions; {"lift", "recruiting"}
    2026-07-27 past Reworded s5a3 (v2026) {} {"high_risk_annex_iii"}: 1 provisions; {"credit", "recruiting", "recruiting-in-use"}
    2026-07-27 past Reworded s5a1 (v2026) {} {"high_risk_annex_i"}: 1 provisions; {"lift"}
    2026-07-27 past Reworded ch6 (v2026) {} {"high_risk_annex_i", "high_risk_annex_iii"}: 1 provisions; {}
    2026-07-27 past Reworded art75 (v2026) {} {"any_ai_system"}: 1 provisions; {}
    2026-07-27 past Reworded gen (v2026) {} {"high_risk_annex_i", "high_risk_annex_iii"}: 1 provisions; {}
    2026-07-27 past Starts art4a (v2026) {"all"} {"any_ai_system", "high_risk_annex_i", "high_risk_annex_iii"}: 2 provisions; {"chatbot", "credit", "derogated", "lift", "recruiting", "recruiting-in-use", "spam-filter", "undressing"}
    2026-08-02 past FormallyApplies s5 (v2026) {"high_risk_annex_i", "high_risk_annex_iii"} {"high_risk_annex_i", "high_risk_annex_iii"}: 27 provisions; {"credit", "lift", "recruiting", "recruiting-in-use"}
    2026-08-02 past FormallyApplies s5a3 (v2026) {"high_risk_annex_iii"} {"high_risk_annex_iii"}: 10 provisions; {"credit", "recruiting", "recruiting-in-use"}
    2026-08-02 past FormallyApplies s5a1 (v2026) {"high_risk_annex_i"} {"high_risk_annex_i"}: 4 provisions; {"lift"}
    2026-08-02 past FormallyApplies derogreg (v2026) {"art6_3_derogated"} {"art6_3_derogated"}: 1 provisions; {"derogated"}
    2026-08-02 past Starts art50 (v2026) {"transparency"} {"transparency"}: 5 provisions; {"chatbot"}
    2026-08-02 past Starts art50_2 (v2026) {"transparency"} {"transparency"}: 2 provisions; {"chatbot"}
    2026-08-02 past Starts gpaienf (v2026) {"gpai"} {"gpai"}: 3 provisions; {"model"}
    2026-08-02 past Starts ch6 (v2026) {"all"} {"any_ai_system", "high_risk_annex_i", "high_risk_annex_iii"}: 17 provisions; {}
    2026-08-02 past Starts art60a (v2026) {"high_risk_annex_i_b"} {"high_risk_annex_i_b"}: 1 provisions; {}
    2026-08-02 past Starts art75 (v2026) {"all"} {"any_ai_system"}: 2 provisions; {}
    2026-08-02 past Starts gen (v2026) {"all"} {"any_ai_system", "art6_3_derogated", "gpai", "high_risk_annex_i", "high_risk_annex_iii", "minimal"}: 10 provisions; {"chatbot", "credit", "derogated", "lift", "model", "recruiting", "recruiting-in-use", "spam-filter", "undressing"}
    2026-12-02 Starts art5new (v2026) {"all"} {"prohibited"}: 4 provisions; {"undressing"}
    2026-12-02 Starts art50_2 (v2026) {"transparency_legacy_before_2026-08-02"} {"transparency"}: 2 provisions; {}
    2026-12-02 Deadline art50_2 (v2026) {} {"transparency"}: 1 provisions; {}
    2027-08-02 Starts gpai (v2026) {"gpai_legacy_before_2025-08-02"} {"gpai"}: 14 provisions; {}
    2027-08-02 Deadline gpai (v2026) {} {"gpai"}: 1 provisions; {}
    2027-12-02 Starts hr (v2026) {"high_risk_annex_iii"} {"high_risk_annex_iii"}: 120 provisions; {"credit", "recruiting", "recruiting-in-use"}
    2027-12-02 Starts hr3 (v2026) {"high_risk_annex_iii"} {"high_risk_annex_iii"}: 20 provisions; {"credit", "recruiting", "recruiting-in-use"}
    2027-12-02 Starts s5 (v2026) {"high_risk_annex_iii"} {"high_risk_annex_iii"}: 27 provisions; {"credit", "recruiting", "recruiting-in-use"}
    2027-12-02 Starts s5a3 (v2026) {"high_risk_annex_iii"} {"high_risk_annex_iii"}: 10 provisions; {"credit", "recruiting", "recruiting-in-use"}
    2027-12-02 Starts derog (v2026) {"art6_3_derogated"} {"art6_3_derogated"}: 2 provisions; {"derogated"}
    2027-12-02 Starts derogreg (v2026) {"art6_3_derogated"} {"art6_3_derogated"}: 1 provisions; {"derogated"}
    2028-01-28 Deadline s5a1 (v2026) {} {"high_risk_annex_i"}: 1 provisions; {"lift"}
    2028-08-02 Starts hr (v2026) {"high_risk_annex_i"} {"high_risk_annex_i"}: 120 provisions; {"lift"}
    2028-08-02 Starts hr1 (v2026) {"high_risk_annex_i"} {"high_risk_annex_i"}: 3 provisions; {"lift"}
    2028-08-02 Starts art6_1 (v2026) {"high_risk_annex_i", "high_risk_annex_i_b"} {"high_risk_annex_i", "high_risk_annex_i_b"}: 4 provisions; {"lift"}
    2028-08-02 Starts s5 (v2026) {"high_risk_annex_i"} {"high_risk_annex_i"}: 27 provisions; {"lift"}
    2028-08-02 Starts s5a1 (v2026) {"high_risk_annex_i"} {"high_risk_annex_i"}: 4 provisions; {"lift"}
    2030-08-02 Starts hr (v2026) {"high_risk_public_authority_legacy"} {"high_risk_annex_i", "high_risk_annex_iii"}: 120 provisions; {}
    2030-08-02 Starts hr3 (v2026) {"high_risk_public_authority_legacy"} {"high_risk_annex_iii"}: 20 provisions; {}
    2030-08-02 Starts hr1 (v2026) {"high_risk_public_authority_legacy"} {"high_risk_annex_i"}: 3 provisions; {}
    2030-08-02 Starts art6_1 (v2026) {"high_risk_public_authority_legacy"} {"high_risk_annex_i"}: 4 provisions; {}
    2030-08-02 Starts s5 (v2026) {"high_risk_public_authority_legacy"} {"high_risk_annex_i", "high_risk_annex_iii"}: 27 provisions; {}
    2030-08-02 Starts s5a3 (v2026) {"high_risk_public_authority_legacy"} {"high_risk_annex_iii"}: 10 provisions; {}
    2030-08-02 Starts s5a1 (v2026) {"high_risk_public_authority_legacy"} {"high_risk_annex_i"}: 4 provisions; {}
    2030-08-02 Deadline gen (v2026) {} {"high_risk_annex_i", "high_risk_annex_iii"}: 1 provisions; {}
    2030-12-31 Deadline gen (v2026) {} {"high_risk_annex_i", "high_risk_annex_iii"}: 1 provisions; {}
    "#);
}

#[test]
fn the_calendar_shows_what_was_known() {
    let known = date(2026, 7, 1);
    let entries = calendar(ai_act(), &[recruiting_provider()], known, known).unwrap();
    let start = entries
        .iter()
        .find(|one| {
            one.occasion == Occasion::Starts && one.regime == "hr" && !one.systems.is_empty()
        })
        .unwrap();
    assert_eq!(start.date, date(2026, 8, 2));
    assert!(entries.iter().all(|one| one.version == "v2024"));
}

#[test]
fn a_system_has_its_own_day_where_the_law_gives_it_one() {
    let mut old = with(without(recruiting_provider(), "tr.new"), "tr.legacy");
    let of = |subject: &Subject, occasion: Occasion, regime: &str| {
        let entries = entries(std::slice::from_ref(subject));
        let of_us = entries.into_iter().filter(|one| !one.systems.is_empty());
        of_us
            .filter(|one| one.occasion == occasion && one.regime == regime)
            .map(|one| one.date)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&old, Occasion::Starts, "hr"), [], "nothing is known to bring it in");
    old.facts.significant_change_on = Some(date(2028, 11, 5));
    assert_eq!(of(&old, Occasion::Starts, "hr"), [date(2028, 11, 5)]);
    assert_eq!(of(&old, Occasion::Starts, "ch1"), [date(2025, 2, 2)]);
    assert_eq!(of(&recruiting_provider(), Occasion::FormallyApplies, "s5"), [date(2026, 8, 2)]);
}

#[test]
fn the_file_is_what_calendar_programs_read() {
    let entries = entries(&everybody());
    let soon: Vec<_> = entries.into_iter().filter(|one| !one.past).take(3).collect();
    let file = ics(&soon, "EU AI Act", stamp(), Naming::Anonymous);
    insta::assert_snapshot!(file.replace("\r\n", "\n"), @r"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Surety//Law calendar//EN
    CALSCALE:GREGORIAN
    METHOD:PUBLISH
    X-WR-CALNAME:EU AI Act
    BEGIN:VEVENT
    UID:2026-12-02-starts-art5new@law.surety
    DTSTAMP:20261121T080000Z
    DTSTART;VALUE=DATE:20261202
    DTEND;VALUE=DATE:20261203
    SUMMARY:Starts to bind: Prohibitions (ba)\, (bb) and scoping paras 1a\, 1b
    DESCRIPTION:For: deployer\, distributor\, importer\, product_manufacturer\,
      provider\nOf: prohibited\nProvisions: Art 5(1)(ba)\, Art 5(1)(bb)\, Art 5
     (1a)\, Art 5(1b)\nBasis: Art 113\, third para\, point (a) as replaced by R
     eg 2026/1744 Art 1(40)(a)\nLaw version: v2026
    CLASS:PUBLIC
    TRANSP:TRANSPARENT
    END:VEVENT
    BEGIN:VEVENT
    UID:2026-12-02-starts-art50_2@law.surety
    DTSTAMP:20261121T080000Z
    DTSTART;VALUE=DATE:20261202
    DTEND;VALUE=DATE:20261203
    SUMMARY:Starts to bind: Art 50(2) marking (transparency legacy before 2026-
     08-02)
    DESCRIPTION:For: provider\nOf: transparency\nProvisions: Art 50(2)\, Art 11
     1(4)\nBasis: Art 111(4) inserted by Reg 2026/1744 Art 1(39)(b)\nLaw versio
     n: v2026
    CLASS:PUBLIC
    TRANSP:TRANSPARENT
    END:VEVENT
    BEGIN:VEVENT
    UID:2026-12-02-deadline-art50_2@law.surety
    DTSTAMP:20261121T080000Z
    DTSTART;VALUE=DATE:20261202
    DTEND;VALUE=DATE:20261203
    SUMMARY:Deadline: Legacy generative systems
    DESCRIPTION:For: provider\nOf: transparency\nProvisions: Art 111(4)\nBasis:
      Art 111(4)\nLaw version: v2026
    CLASS:PUBLIC
    TRANSP:TRANSPARENT
    END:VEVENT
    END:VCALENDAR
    ");
}

#[test]
fn the_file_names_systems_only_when_asked() {
    let entries = entries(&everybody());
    let open = ics(&entries, "EU AI Act", stamp(), Naming::WithSystems);
    let closed = ics(&entries, "EU AI Act", stamp(), Naming::Anonymous);
    for subject in everybody() {
        assert!(unfolded(&open).contains(&subject.id));
        assert!(!unfolded(&closed).contains(&format!("Systems: {}", subject.id)));
    }
    assert!(!unfolded(&closed).contains("Systems:"));
}

#[test]
fn an_event_keeps_its_identity_in_a_newer_file() {
    let uids = |file: &str| {
        let mut uids: Vec<String> =
            file.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect();
        let count = uids.len();
        uids.sort();
        uids.dedup();
        assert_eq!(uids.len(), count, "each event has its own");
        uids
    };
    let first = ics(&entries(&everybody()), "a", stamp(), Naming::Anonymous);
    let later = ics(&entries(&everybody()), "b", Timestamp::UNIX_EPOCH, Naming::WithSystems);
    assert_eq!(uids(&first), uids(&later));
}

/// The content lines of a file (RFC 5545, section 3.1).
fn unfolded(file: &str) -> String {
    file.replace("\r\n ", "")
}

/// A text value as it was before it was escaped (section 3.3.11).
fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(one) = characters.next() {
        match one {
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some(other) => text.push(other),
                None => panic!("a value ends in a backslash"),
            },
            ';' | ',' => panic!("{one} stands for itself"),
            other => text.push(other),
        }
    }
    text
}

proptest! {
    #[test]
    fn any_text_survives_folding_and_escaping(text in "\\PC{0,200}|[\\\\;,\r\n\tä€😀a]{0,200}") {
        let file = ics(&[], &text, stamp(), Naming::Anonymous);
        prop_assert!(file.ends_with("\r\n"));
        for line in file.trim_end_matches("\r\n").split("\r\n") {
            prop_assert!(line.len() <= 75, "{} octets", line.len());
            prop_assert!(!line.contains(['\r', '\n']));
        }
        let unfolded = unfolded(&file);
        let value = unfolded
            .split("\r\n")
            .find_map(|line| line.strip_prefix("X-WR-CALNAME:"))
            .unwrap();
        let expected: String = text.replace("\r\n", "\n").replace('\r', "\n");
        let expected: String =
            expected.chars().filter(|one| matches!(one, '\n' | '\t') || !one.is_control()).collect();
        prop_assert_eq!(unescaped(value), expected);
    }
}
