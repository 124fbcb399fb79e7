//! What strangers write gets a clear error, or an answer; never a panic.

use jiff::civil::date;
use proptest::prelude::*;
use surety_catalog::{Catalogs, IncidentClocks};
use surety_law::clock::{
    Answer, ClockError, ClockQuery, NonWorkingDays, clock, clock_with, holiday::holidays, instant,
    timezone,
};

fn facts() -> &'static IncidentClocks {
    Catalogs::builtin().incident_clocks()
}

fn error(id: &str, start: &str, zone: &str) -> ClockError {
    clock(facts(), id, start, zone, &NonWorkingDays::weekends()).unwrap_err()
}

#[test]
fn errors_say_what_is_wrong_and_what_to_do() {
    for (id, start, zone, code) in [
        ("gdpr.99", "2027-01-01T00:00:00Z", "Europe/Berlin", "unknown_clock"),
        ("gdpr.33.1", "2027-01-01T00:00:00Z", "Europe/Atlantis", "unknown_timezone"),
        ("gdpr.33.1", "2027-01-01T00:00:00Z", "", "unknown_timezone"),
        ("gdpr.33.1", "2027-01-01T00:00:00Z", "../../etc/passwd", "unknown_timezone"),
        ("gdpr.33.1", "yesterday", "Europe/Berlin", "not_an_instant"),
        ("gdpr.33.1", "", "Europe/Berlin", "not_an_instant"),
        ("gdpr.33.1", "2027-01-01", "Europe/Berlin", "not_an_instant"),
        ("gdpr.33.1", "2027-02-30T10:00:00Z", "Europe/Berlin", "not_an_instant"),
        ("gdpr.33.1", "1066-10-14T10:00:00Z", "Europe/Berlin", "year_out_of_range"),
        ("gdpr.33.1", "9999-12-30T10:00:00Z", "Europe/Berlin", "year_out_of_range"),
        ("gdpr.33.1", "2027-01-01T00:00:00[Europe/Paris]", "Europe/Berlin", "other_timezone"),
    ] {
        let error = error(id, start, zone);
        assert_eq!(error.code(), code, "{error}");
        assert!(!error.to_string().ends_with('.'), "{error}");
    }
}

#[test]
fn a_start_may_repeat_its_time_zone_and_needs_no_offset_where_local_time_is_clear() {
    let berlin = timezone("Europe/Berlin").unwrap();
    let wanted = instant("2027-03-26T15:00:00+01:00", &berlin).unwrap();
    for text in [
        "2027-03-26T15:00:00",
        "2027-03-26T15:00",
        "2027-03-26 15:00:00",
        "2027-03-26T14:00:00Z",
        "2027-03-26T15:00:00+01:00[Europe/Berlin]",
    ] {
        assert_eq!(instant(text, &berlin).unwrap(), wanted, "{text}");
    }
}

#[test]
fn a_list_of_every_day_as_holiday_is_refused() {
    let days =
        (0..5_000).map(|day| date(2024, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap());
    let error = NonWorkingDays::weekends().with(days).unwrap_err();
    assert_eq!(error.code(), "too_many_holidays");
}

#[test]
fn years_without_rules_are_refused() {
    let calendar = Catalogs::builtin().public_holidays().calendar("de").unwrap();
    for year in [i16::MIN, -1, 0, 1970, 2300, i16::MAX] {
        assert_eq!(holidays(calendar, year, &[]).unwrap_err(), ClockError::Year { year });
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(id in ".{0,40}", start in ".{0,60}", zone in ".{0,30}") {
        let days = NonWorkingDays::weekends();
        drop(clock(facts(), &id, &start, &zone, &days));
        drop(clock(facts(), "gdpr.33.1", &start, "Europe/Berlin", &days));
        let error = clock(facts(), &id, "2027-01-01T00:00:00Z", "UTC", &days);
        prop_assert!(error.is_ok() || error.unwrap_err().to_string().len() < 400);
    }

    #[test]
    fn anything_like_an_instant_is_read_or_refused(
        year in 0_u32..=9999, month in 0_u32..=13, day in 0_u32..=32, hour in 0_u32..=25,
        minute in 0_u32..=61, offset in -30_i32..=30,
    ) {
        let sign = if offset < 0 { '-' } else { '+' };
        let start = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00{sign}{:02}:00", offset.abs());
        for one in &facts().clocks {
            drop(clock(facts(), &one.id, &start, "Europe/Lisbon", &NonWorkingDays::weekends()));
        }
    }
}

#[test]
fn events_and_answers_that_nobody_knows_are_refused() {
    let days = NonWorkingDays::weekends();
    let query = ClockQuery {
        clock: "dora.initial",
        start: "2026-11-18T09:00:00+01:00",
        timezone: "Europe/Berlin",
        days: &days,
        events: [("classified.minor".to_owned(), "2026-11-18T10:00:00+01:00".to_owned())].into(),
        answers: [].into(),
    };
    assert_eq!(clock_with(facts(), &query).unwrap_err().code(), "unknown_word");
    let query = ClockQuery {
        events: [].into(),
        answers: [("dora.lucky".to_owned(), Answer::Yes)].into(),
        ..query
    };
    assert_eq!(clock_with(facts(), &query).unwrap_err().code(), "unknown_word");
}
