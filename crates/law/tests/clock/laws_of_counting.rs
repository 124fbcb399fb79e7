//! What holds for every clock, start, time zone and set of holidays.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use proptest::prelude::*;
use surety_catalog::{Catalogs, Clock, Counting, PeriodUnit};
use surety_law::clock::{Deadline, NonWorkingDays, Period, clock, count, timezone};

const ZONES: [&str; 7] = [
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/Athens",
    "Atlantic/Azores",
    "America/New_York",
    "Asia/Kolkata",
    "UTC",
];

fn clocks() -> &'static [Clock] {
    &Catalogs::builtin().incident_clocks().clocks
}

/// Instants from 2024 to 2034, to the second.
fn start() -> impl Strategy<Value = Timestamp> {
    (1_704_067_200_i64..2_019_686_400).prop_map(|second| Timestamp::from_second(second).unwrap())
}

/// Half the instants lie within two days of a change of clocks.
fn start_near_a_change() -> impl Strategy<Value = Timestamp> {
    let changes = ["2027-03-28T01:00:00Z", "2027-10-31T01:00:00Z", "2028-03-26T01:00:00Z"];
    let near = (0_usize..3, -172_800_i64..172_800).prop_map(move |(change, second)| {
        let at: Timestamp = changes[change].parse().unwrap();
        Timestamp::from_second(at.as_second() + second).unwrap()
    });
    prop_oneof![start(), near]
}

fn holidays() -> impl Strategy<Value = Vec<Date>> {
    proptest::collection::vec(0_i32..4_000, 0..60).prop_map(|days| {
        let first = jiff::civil::date(2024, 1, 1);
        days.iter().map(|day| first.checked_add(jiff::Span::new().days(*day)).unwrap()).collect()
    })
}

fn zone() -> impl Strategy<Value = &'static str> {
    (0..ZONES.len()).prop_map(|zone| ZONES[zone])
}

fn ask(id: &str, start: Timestamp, zone: &str, holidays: &[Date]) -> Deadline {
    let days = NonWorkingDays::weekends().with(holidays.iter().copied()).unwrap();
    let facts = Catalogs::builtin().incident_clocks();
    clock(facts, id, &start.to_string(), zone, &days).unwrap()
}

fn ends(
    period: Period,
    start: Timestamp,
    zone: &TimeZone,
    days: &NonWorkingDays,
) -> (Timestamp, Timestamp) {
    let counted = count(period, start, zone, days).unwrap();
    (counted.conservative, counted.legal.unwrap())
}

fn period() -> impl Strategy<Value = Period> {
    let units = [
        PeriodUnit::Hours,
        PeriodUnit::Days,
        PeriodUnit::WorkingDays,
        PeriodUnit::Weeks,
        PeriodUnit::Months,
        PeriodUnit::Years,
    ];
    let countings = [Counting::Reg1182, Counting::NationalOrReg1182, Counting::Rts2025301];
    (1_u32..=40, 0_usize..6, 0_usize..3, any::<bool>()).prop_map(
        move |(limit, unit, counting, relief)| {
            let unit = units[unit];
            let limit = if unit == PeriodUnit::Years { limit.min(3) } else { limit };
            Period { limit, unit, counting: countings[counting], relief }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_deadline_is_before_its_event_and_the_conservative_one_comes_first(
        index in 0_usize..43, start in start_near_a_change(), zone in zone(), holidays in holidays(),
    ) {
        let id = &clocks()[index].id;
        let got = ask(id, start, zone, &holidays);
        let conservative = got.conservative_deadline.unwrap().at();
        prop_assert!(conservative >= start);
        if let Some(legal) = got.legal_latest {
            prop_assert!(legal.at() >= conservative, "{id} {conservative} {}", legal.at());
            prop_assert!(legal.at() > start);
        }
        prop_assert!(!got.rules.is_empty());
    }

    #[test]
    fn every_period_ends_after_its_start_and_conservatively_first(
        period in period(), start in start_near_a_change(), zone in zone(), holidays in holidays(),
    ) {
        let days = NonWorkingDays::weekends().with(holidays).unwrap();
        let (conservative, legal) = ends(period, start, &timezone(zone).unwrap(), &days);
        prop_assert!(conservative > start && conservative <= legal);
    }

    #[test]
    fn a_later_event_never_ends_the_period_earlier(
        period in period(), start in start_near_a_change(), later in 0_i64..200_000, zone in zone(),
        holidays in holidays(),
    ) {
        let days = NonWorkingDays::weekends().with(holidays).unwrap();
        let zone = timezone(zone).unwrap();
        // Noon of the next working day is later than what ends on its morning: the relief favours the weekend.
        let period = Period { relief: false, ..period };
        let second = Timestamp::from_second(start.as_second() + later).unwrap();
        let (first, second) = (ends(period, start, &zone, &days), ends(period, second, &zone, &days));
        prop_assert!(first.1 <= second.1);
        // The last day of a month that is too short takes several starts, and their local times with them.
        if !matches!(period.unit, PeriodUnit::Months | PeriodUnit::Years) {
            prop_assert!(first.0 <= second.0);
        }
    }

    #[test]
    fn more_holidays_never_shorten_the_legal_limit(
        period in period(), start in start(), zone in zone(), holidays in holidays(), more in holidays(),
    ) {
        let fewer = NonWorkingDays::weekends().with(holidays).unwrap();
        let all = fewer.clone().with(more).unwrap();
        let zone = timezone(zone).unwrap();
        let (few, many) = (ends(period, start, &zone, &fewer), ends(period, start, &zone, &all));
        prop_assert!(few.1 <= many.1);
        if period.unit != PeriodUnit::WorkingDays {
            prop_assert_eq!(few.0, many.0);
        }
    }

    #[test]
    fn a_period_in_days_ends_on_a_working_day_with_two_in_it(
        limit in 2_u32..20, start in start(), zone in zone(), holidays in holidays(),
    ) {
        let days = NonWorkingDays::weekends().with(holidays).unwrap();
        let zone = timezone(zone).unwrap();
        let period = Period { limit, unit: PeriodUnit::Days, counting: Counting::Reg1182, relief: false };
        let counted = count(period, start, &zone, &days).unwrap();
        let last = counted.legal_last_day.unwrap();
        prop_assert!(days.is_working(last));
        let first = start.to_zoned(zone).date();
        let second = days.working_after(first, 2).unwrap();
        prop_assert!(second <= last);
        // Not longer than needed: the unextended day rolled forward, or the second working day.
        let rolled = days.working_from(counted.unextended_last_day.unwrap()).unwrap();
        prop_assert_eq!(last, rolled.max(second));
    }
}
