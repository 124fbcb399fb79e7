//! `law calendar`: what starts when, and the file that calendar programs read (RFC 5545).

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    classify::{classified, each, texts},
    desk::Desk,
};

/// Writes the calendar file and gives its text.
fn ics(desk: &Desk, more: &[&str]) -> String {
    let file = desk.text_path("law.ics");
    let said = desk.done(&[&["law", "calendar", "--ics", &file][..], more].concat());
    let text = std::fs::read_to_string(&file).unwrap();
    let events = text.matches("BEGIN:VEVENT\r\n").count();
    assert_eq!(said, format!("{file}: {events} entries\n"));
    text
}

/// The content lines as they were before they were folded (RFC 5545, section 3.1).
fn lines(file: &str) -> Vec<String> {
    file.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

/// The values of one property, event by event.
fn values(file: &str, property: &str) -> Vec<String> {
    let lines = lines(file).into_iter();
    lines.filter_map(|line| Some(line.strip_prefix(property)?.to_owned())).collect()
}

fn entries(desk: &Desk, more: &[&str]) -> Value {
    desk.json(&[&["law", "calendar", "--format", "json"][..], more].concat())
}

#[test]
fn the_calendar_is_in_order_and_says_what_is_past() {
    let desk = Desk::bare();
    let calendar = entries(&desk, &["--on", "2026-12-02"]);
    assert_eq!(
        (&calendar["on"], &calendar["law_as_of"]),
        (&"2026-12-02".into(), &"2026-11-20".into())
    );
    let rows = calendar["entries"].as_array().unwrap();
    assert!(each(&calendar["entries"], "date").is_sorted());
    for row in rows {
        assert_eq!(row["past"], row["date"].as_str().unwrap() < "2026-12-02", "{row}");
        assert!(row["summary"] != "", "{row}");
        assert!(row["occasion"] == "reworded" || !texts(&row["citations"]).is_empty(), "{row}");
        assert_eq!(
            row["provisions"] == Value::Array(Vec::new()),
            row["occasion"] == "version_in_force"
        );
    }
    let starts = rows.iter().find(|row| {
        row["occasion"] == "starts" && each(&row["provisions"], "id").contains(&"aia.art9.1")
    });
    assert_eq!(starts.unwrap()["date"], "2027-12-02");
    assert!(!desk.path("data").exists());
}

#[test]
fn the_calendar_holds_what_was_published_by_a_day() {
    let versions = |known| {
        let calendar = entries(&Desk::bare(), &["--law-as-of", known]);
        each(&calendar["entries"], "version")
            .into_iter()
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(versions("2026-07-23"), ["v2024".to_owned()].into());
    assert_eq!(versions("2026-07-24"), ["v2024".to_owned(), "v2026".to_owned()].into());
}

#[test]
fn the_calendar_names_the_systems_that_are_concerned() {
    let calendar = entries(&classified(), &[]);
    let rows = calendar["entries"].as_array().unwrap();
    let of = |provision: &str| {
        let holds = |row: &&Value| {
            row["occasion"] == "starts" && each(&row["provisions"], "id").contains(&provision)
        };
        texts(&rows.iter().find(holds).unwrap()["systems"])
    };
    assert_eq!(of("aia.art9.1"), ["SYS-1"].into());
    assert_eq!(of("aia.art50.1"), ["SYS-2"].into());
    assert_eq!(of("aia.art53.1.a"), BTreeSet::new(), "nobody offers a model");
}

#[test]
fn the_table_shows_days_provisions_and_systems() {
    let table = classified().done(&["law", "calendar"]);
    let row = table.lines().find(|line| line.contains("2027-12-02") && line.contains("SYS-1"));
    assert!(row.is_some_and(|row| row.contains("Art 9(1)")), "{table}");
}

#[test]
fn lines_of_the_file_end_and_fold_as_the_format_asks() {
    let file = ics(&classified(), &["--with-systems"]);
    assert!(file.ends_with("END:VCALENDAR\r\n"));
    let bare = file.replace("\r\n", "");
    assert!(!bare.contains(|one: char| one.is_control()), "no other line ends");
    let physical: Vec<_> = file.split_terminator("\r\n").collect();
    assert!(physical.iter().all(|line| !line.is_empty() && line.len() <= 75));
    assert!(physical.iter().any(|line| line.starts_with(' ')), "some are folded");
}

#[test]
fn the_file_is_one_calendar_of_whole_events() {
    let file = ics(&Desk::bare(), &[]);
    let lines = lines(&file);
    assert_eq!(lines[..2], ["BEGIN:VCALENDAR", "VERSION:2.0"]);
    assert!(lines[2].starts_with("PRODID:"));
    let mut open: Vec<&str> = Vec::new();
    for line in &lines {
        match line.split_once(':').unwrap() {
            ("BEGIN", name) => open.push(name),
            ("END", name) => assert_eq!(open.pop(), Some(name)),
            (name, value) => {
                assert!(!open.is_empty() && !name.is_empty() && !value.is_empty(), "{line}")
            }
        }
    }
    assert!(open.is_empty());
    let events = values(&file, "BEGIN:VEVENT").len();
    for property in ["UID:", "DTSTAMP:", "DTSTART;VALUE=DATE:", "DTEND;VALUE=DATE:", "SUMMARY:"] {
        assert_eq!(values(&file, property).len(), events, "{property}");
    }
}

#[test]
fn the_file_holds_what_the_calendar_says() {
    let desk = Desk::bare();
    let calendar = entries(&desk, &[]);
    let days = values(&ics(&desk, &[]), "DTSTART;VALUE=DATE:");
    let dates: Vec<_> =
        each(&calendar["entries"], "date").iter().map(|day| day.replace('-', "")).collect();
    assert_eq!(days, dates);
}

#[test]
fn separators_within_texts_are_escaped() {
    for property in ["SUMMARY:", "DESCRIPTION:"] {
        for value in values(&ics(&Desk::bare(), &[]), property) {
            let plain = value.replace("\\\\", "").replace("\\,", "").replace("\\;", "");
            assert!(!plain.replace("\\n", "").contains([',', ';', '\\']), "{value}");
        }
    }
}

#[test]
fn an_event_keeps_its_uid_whoever_asks_and_when() {
    let uids = |file: &str| {
        let all = values(file, "UID:");
        let set: BTreeSet<_> = all.iter().cloned().collect();
        assert_eq!(set.len(), all.len(), "each has its own");
        set
    };
    let bare = Desk::bare();
    let mut later = Desk::bare();
    let (today, next_year) = (ics(&bare, &[]), ics(later.at("2027-11-20T15:00:00Z"), &[]));
    assert_eq!(uids(&today), uids(&next_year));
    assert_ne!(values(&today, "DTSTAMP:"), values(&next_year, "DTSTAMP:"));
    let ours = classified();
    assert!(uids(&ics(&ours, &[])).is_superset(&uids(&today)));
    assert_eq!(uids(&ics(&ours, &[])), uids(&ics(&ours, &["--with-systems"])));
    assert_eq!(ics(&ours, &[]), ics(&ours, &[]), "the same instant gives the same bytes");
}

#[test]
fn an_older_calendar_is_updated_by_a_newer_one() {
    let known = |day| values(&ics(&Desk::bare(), &["--law-as-of", day]), "UID:");
    let (before, after) = (known("2026-07-23"), known("2026-11-20"));
    let kept = before.iter().filter(|uid| after.contains(uid)).count();
    assert!(kept > 2, "what the amendment left is the same event: {before:?}");
}

#[test]
fn systems_stay_out_of_the_file_unless_asked_for() {
    let desk = classified();
    let file = ics(&desk, &[]);
    assert!(!lines(&file).concat().contains("SYS-"));
    let named = ics(&desk, &["--with-systems"]);
    let concerned = |line: &String| line.contains("Systems: ") && line.contains("SYS-1");
    assert!(values(&named, "DESCRIPTION:").iter().any(concerned));
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let desk = Desk::bare();
    let said = desk.refused(1, &["law", "calendar", "--ics", &desk.text_path("no/such/law.ics")]);
    assert!(said.contains("law.ics: can't be written"), "{said}");
}

#[test]
fn what_keeps_our_systems_out_is_said() {
    let desk = Desk::with_systems();
    let said = desk.refused(1, &["--organisation", "other", "law", "calendar"]);
    assert!(said.contains("there is no organisation `other` here"), "{said}");
    let said = desk.refused(1, &["--actor", "PER-99", "law", "calendar"]);
    assert!(said.contains("PER-99"), "{said}");
    Desk::bare().done(&["law", "calendar"]);
}
