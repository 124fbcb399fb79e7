//! Public holidays: Easter against published tables, Member States against known years, and the days that stand in.

use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;
use surety_catalog::{Catalogs, HolidayCalendar};
use surety_law::clock::{
    NonWorkingDays,
    holiday::{easter, holidays, orthodox_easter},
    timezone,
};

const MEMBER_STATES: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

fn calendar(id: &str) -> &'static HolidayCalendar {
    Catalogs::builtin().public_holidays().calendar(id).unwrap()
}

/// The holidays of a year that are not on a weekend, as `MM-DD`.
fn weekdays(id: &str, year: i16) -> String {
    let days = holidays(calendar(id), year, &[]).unwrap();
    let worked = |day: &&Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let days: Vec<_> =
        days.keys().filter(worked).map(|day| day.strftime("%m-%d").to_string()).collect();
    days.join(" ")
}

#[test]
fn easter_falls_on_the_published_days() {
    // Western: tables of the United States Naval Observatory; Orthodox: of the Greek Archdiocese of America.
    let table = [
        (2015, (4, 5), (4, 12)),
        (2016, (3, 27), (5, 1)),
        (2017, (4, 16), (4, 16)),
        (2018, (4, 1), (4, 8)),
        (2019, (4, 21), (4, 28)),
        (2020, (4, 12), (4, 19)),
        (2021, (4, 4), (5, 2)),
        (2022, (4, 17), (4, 24)),
        (2023, (4, 9), (4, 16)),
        (2024, (3, 31), (5, 5)),
        (2025, (4, 20), (4, 20)),
        (2026, (4, 5), (4, 12)),
        (2027, (3, 28), (5, 2)),
        (2028, (4, 16), (4, 16)),
        (2029, (4, 1), (4, 8)),
        (2030, (4, 21), (4, 28)),
        (2031, (4, 13), (4, 13)),
        (2038, (4, 25), (4, 25)),
    ];
    for (year, (month, day), (orthodox_month, orthodox_day)) in table {
        assert_eq!(easter(year).unwrap(), date(year, month, day), "western {year}");
        let wanted = date(year, orthodox_month, orthodox_day);
        assert_eq!(orthodox_easter(year).unwrap(), wanted, "orthodox {year}");
    }
}

/// Easter by its definition: the Sunday after the first full moon on or after 21 March, by the tables of the church.
/// Written from the definition of golden number, epact and moon, not from the formula under test.
fn by_definition(year: i16, julian: bool) -> Date {
    let y = i32::from(year);
    let golden = y % 19 + 1;
    let mut epact = if julian {
        (11 * (golden - 1) + 8) % 30
    } else {
        let century = y / 100 + 1;
        let sun = 3 * century / 4 - 12;
        let moon = (8 * century + 5) / 25 - 5;
        (11 * golden + 20 + moon - sun).rem_euclid(30)
    };
    if !julian && (epact == 24 || epact == 25 && golden > 11) {
        epact += 1;
    }
    // The paschal full moon, in days after 21 March of the calendar in question.
    let moon = if julian {
        [15, 4, 23, 12, 1, 20, 9, 28, 17, 6, 25, 14, 3, 22, 11, 0, 19, 8, 27]
            [usize::try_from(golden - 1).unwrap()]
    } else {
        (23 - epact).rem_euclid(30)
    };
    let shift = if julian { y / 100 - y / 400 - 2 } else { 0 };
    let mut day = date(year, 3, 21)
        .checked_add(jiff::Span::new().days(moon + shift))
        .unwrap()
        .tomorrow()
        .unwrap();
    while day.weekday() != Weekday::Sunday {
        day = day.tomorrow().unwrap();
    }
    day
}

#[test]
fn easter_agrees_with_its_definition_in_every_year() {
    for year in 1971..=2299 {
        assert_eq!(easter(year).unwrap(), by_definition(year, false), "western {year}");
        assert_eq!(orthodox_easter(year).unwrap(), by_definition(year, true), "orthodox {year}");
    }
}

#[test]
fn every_member_state_and_the_institutions_have_a_calendar() {
    let all = &Catalogs::builtin().public_holidays().calendars;
    let mut ids: Vec<_> = all.iter().map(|one| one.id.as_str()).filter(|id| *id != "EU").collect();
    ids.sort_unstable();
    assert_eq!(ids, MEMBER_STATES);
    for one in all {
        timezone(&one.timezone).unwrap();
        let days = holidays(one, 2027, &[]).unwrap().len();
        assert!((8..=24).contains(&days), "{}: {days}", one.id);
    }
}

#[test]
fn known_years_come_out_right() {
    for (id, year, wanted) in [
        ("DE", 2025, "01-01 04-18 04-21 05-01 05-29 06-09 10-03 12-25 12-26"),
        ("FR", 2024, "01-01 04-01 05-01 05-08 05-09 05-20 08-15 11-01 11-11 12-25"),
        ("ES", 2025, "01-01 01-06 04-18 05-01 08-15 12-08 12-25"),
        ("GR", 2025, "01-01 01-06 03-03 03-25 04-18 04-21 05-01 06-09 08-15 10-28 12-25 12-26"),
        ("GR", 2024, "01-01 03-18 03-25 05-03 05-06 05-07 06-24 08-15 10-28 12-25 12-26"),
        ("PL", 2024, "01-01 04-01 05-01 05-03 05-30 08-15 11-01 11-11 12-25 12-26"),
        ("PL", 2025, "01-01 01-06 04-21 05-01 06-19 08-15 11-11 12-24 12-25 12-26"),
        ("DK", 2023, "04-06 04-07 04-10 05-05 05-18 05-29 12-25 12-26"),
        ("DK", 2024, "01-01 03-28 03-29 04-01 05-09 05-20 12-25 12-26"),
        ("NL", 2025, "01-01 04-18 04-21 05-05 05-29 06-09 12-25 12-26"),
        ("NL", 2026, "01-01 04-03 04-06 04-27 05-14 05-25 12-25"),
        ("SE", 2025, "01-01 01-06 04-18 04-21 05-01 05-29 06-06 12-25 12-26"),
        ("FI", 2024, "01-01 03-29 04-01 05-01 05-09 12-06 12-25 12-26"),
        ("IE", 2025, "01-01 02-03 03-17 04-21 05-05 06-02 08-04 10-27 12-25 12-26"),
        ("IT", 2026, "01-01 01-06 04-06 05-01 06-02 12-08 12-25"),
        ("SK", 2026, "01-01 01-06 04-03 04-06 05-01 12-24 12-25"),
        ("CZ", 2025, "01-01 04-18 04-21 05-01 05-08 10-28 11-17 12-24 12-25 12-26"),
        (
            "RO",
            2025,
            "01-01 01-02 01-06 01-07 01-24 04-18 04-21 05-01 06-09 08-15 12-01 12-25 12-26",
        ),
        ("HR", 2025, "01-01 01-06 04-21 05-01 05-30 06-19 08-05 08-15 11-18 12-25 12-26"),
        ("PT", 2025, "01-01 04-18 04-25 05-01 06-10 06-19 08-15 12-01 12-08 12-25"),
        ("BG", 2025, "01-01 03-03 04-18 04-21 05-01 05-06 05-26 09-08 09-22 12-24 12-25 12-26"),
    ] {
        assert_eq!(weekdays(id, year), wanted, "{id} {year}");
    }
}

#[test]
fn a_kings_day_on_a_sunday_is_kept_on_saturday() {
    let days = holidays(calendar("NL"), 2025, &[]).unwrap();
    assert!(days.contains_key(&date(2025, 4, 26)) && !days.contains_key(&date(2025, 4, 27)));
}

#[test]
fn saint_brigids_day_is_the_first_monday_or_the_first_if_a_friday() {
    for (year, day) in [(2023, 6), (2024, 5), (2027, 1), (2030, 1)] {
        let days = holidays(calendar("IE"), year, &[]).unwrap();
        let found = days.range(date(year, 2, 1)..=date(year, 2, 28)).map(|(day, _)| *day);
        assert_eq!(found.collect::<Vec<_>>(), [date(year, 2, day)]);
    }
    assert_eq!(date(2030, 2, 1).weekday(), Weekday::Friday);
    let before = holidays(calendar("IE"), 2022, &[]).unwrap();
    assert_eq!(before.range(date(2022, 2, 1)..=date(2022, 2, 28)).count(), 0);
}

#[test]
fn christmas_on_a_weekend_is_observed_on_two_days_after_it() {
    let days = holidays(calendar("IE"), 2027, &[]).unwrap();
    let found: Vec<_> =
        days.range(date(2027, 12, 24)..).map(|(day, name)| (day.day(), name.as_str())).collect();
    assert_eq!(
        found,
        [
            (25, "Christmas Day"),
            (26, "St Stephen's Day"),
            (27, "Christmas Day (observed)"),
            (28, "St Stephen's Day (observed)")
        ]
    );
}

#[test]
fn regional_holidays_count_only_in_their_region() {
    let reformation = date(2028, 10, 31);
    let days = |regions: &[&str]| {
        let regions: Vec<_> = regions.iter().map(|one| (*one).to_owned()).collect();
        NonWorkingDays::of(calendar("DE"), &regions, 2028..=2028).unwrap()
    };
    assert!(days(&[]).is_working(reformation));
    assert!(days(&["DE-BY"]).is_working(reformation));
    assert_eq!(days(&["DE-HH"]).why_not(reformation), Some("Reformation Day"));
}

proptest! {
    #[test]
    fn easter_is_a_sunday_between_its_bounds(year in 1971_i16..=2299) {
        let western = easter(year).unwrap();
        prop_assert_eq!(western.weekday(), Weekday::Sunday);
        prop_assert!(western >= date(year, 3, 22) && western <= date(year, 4, 25));
        let orthodox = orthodox_easter(year).unwrap();
        prop_assert_eq!(orthodox.weekday(), Weekday::Sunday);
        prop_assert!(orthodox >= western, "the Orthodox Easter is never before the Western one");
    }

    #[test]
    fn holidays_of_a_year_lie_in_it_or_right_after(state in 0_usize..27, year in 1971_i16..=2299) {
        let days = holidays(calendar(MEMBER_STATES[state]), year, &[]).unwrap();
        for day in days.keys() {
            prop_assert!(day.year() == year);
        }
    }
}
