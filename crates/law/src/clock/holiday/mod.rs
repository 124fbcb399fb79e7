//! Public holidays of a year, worked out from the rules of the catalogs.
//!
//! Knows no country: each calendar is data. Weekends are not holidays here; [`super::NonWorkingDays`] adds them.

mod easter;

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use surety_catalog::{HolidayCalendar, HolidayRule, Shift, Weekday, WeekdayFrom};

use super::ClockError;

/// The years for which holidays are computed. Rules are known for the present; far years repeat them.
pub const YEARS: std::ops::RangeInclusive<i16> = 1971..=2299;

/// Easter Sunday of the Western churches.
pub fn easter(year: i16) -> Result<Date, ClockError> {
    check(year)?;
    easter::western(year).ok_or(ClockError::Year { year })
}

/// Easter Sunday of the Orthodox churches, in the Gregorian calendar.
pub fn orthodox_easter(year: i16) -> Result<Date, ClockError> {
    check(year)?;
    easter::orthodox(year).ok_or(ClockError::Year { year })
}

/// The public holidays of a year with their names, nationwide and those of the named regions (ISO 3166-2 codes).
/// Days that stand in for a holiday on a weekend are among them.
pub fn holidays(
    calendar: &HolidayCalendar,
    year: i16,
    regions: &[String],
) -> Result<BTreeMap<Date, String>, ClockError> {
    check(year)?;
    let mut days = BTreeMap::new();
    let mut moved = Vec::new();
    for rule in calendar.holidays.iter().filter(|rule| kept_in(rule, regions)) {
        for day in days_of(rule, year) {
            if rule.shift == Shift::SundayToSaturday && is(day, Weekday::Sunday) {
                if let Ok(saturday) = day.yesterday() {
                    days.insert(saturday, rule.name.clone());
                }
            } else {
                days.entry(day).or_insert_with(|| rule.name.clone());
                moved.push((day, rule));
            }
        }
    }
    // In the order of the days: Christmas takes the Monday before St Stephen's Day asks for one.
    moved.sort_by_key(|(day, _)| *day);
    for (day, rule) in moved {
        if let Some(instead) = stands_in(day, rule.shift, &days) {
            days.insert(instead, format!("{} (observed)", rule.name));
        }
    }
    Ok(days)
}

fn check(year: i16) -> Result<(), ClockError> {
    if YEARS.contains(&year) { Ok(()) } else { Err(ClockError::Year { year }) }
}

fn kept_in(rule: &HolidayRule, regions: &[String]) -> bool {
    let named = |code: &String| regions.iter().any(|region| region.eq_ignore_ascii_case(code));
    rule.regions.is_empty() || rule.regions.iter().any(named)
}

fn days_of(rule: &HolidayRule, year: i16) -> impl Iterator<Item = Date> + '_ {
    let by_rule = in_force(rule, year).then(|| day_of(rule, year)).flatten();
    by_rule.into_iter().chain(rule.dates.iter().copied().filter(move |day| day.year() == year))
}

fn in_force(rule: &HolidayRule, year: i16) -> bool {
    let is_that = |when: WeekdayFrom| {
        Date::new(year, when.month, when.day).is_ok_and(|day| is(day, when.weekday))
    };
    rule.since.is_none_or(|since| since <= year)
        && rule.until.is_none_or(|until| year <= until)
        && rule.every.is_none_or(|every| year.checked_rem(every) == Some(0))
        && !rule.except.contains(&year)
        && rule.only_if.is_none_or(is_that)
        && !rule.unless.is_some_and(is_that)
}

fn day_of(rule: &HolidayRule, year: i16) -> Option<Date> {
    if let Some(on) = rule.on {
        return Date::new(year, on.month, on.day).ok();
    }
    if let Some(days) = rule.easter {
        return later(easter::western(year)?, days);
    }
    if let Some(days) = rule.orthodox_easter {
        return later(easter::orthodox(year)?, days);
    }
    let first = rule.first?;
    let from = Date::new(year, first.month, first.day).ok()?;
    let ahead = weekday(first.weekday).since(from.weekday());
    later(from, ahead.into())
}

fn later(day: Date, days: i16) -> Option<Date> {
    day.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// The day that stands in for a holiday on a weekend, where the rule gives one.
fn stands_in(day: Date, shift: Shift, holidays: &BTreeMap<Date, String>) -> Option<Date> {
    match shift {
        Shift::Stays | Shift::SundayToSaturday => None,
        Shift::SundayToMondayToo => is(day, Weekday::Sunday).then(|| day.tomorrow().ok()).flatten(),
        Shift::NextWorkingDayToo if is_weekend(day) => {
            let mut next = day;
            while is_weekend(next) || holidays.contains_key(&next) {
                next = next.tomorrow().ok()?;
            }
            Some(next)
        }
        Shift::NextWorkingDayToo => None,
    }
}

/// Whether a day is a Saturday or Sunday.
pub(super) fn is_weekend(day: Date) -> bool {
    is(day, Weekday::Saturday) || is(day, Weekday::Sunday)
}

fn is(day: Date, one: Weekday) -> bool {
    day.weekday() == weekday(one)
}

fn weekday(one: Weekday) -> jiff::civil::Weekday {
    match one {
        Weekday::Monday => jiff::civil::Weekday::Monday,
        Weekday::Tuesday => jiff::civil::Weekday::Tuesday,
        Weekday::Wednesday => jiff::civil::Weekday::Wednesday,
        Weekday::Thursday => jiff::civil::Weekday::Thursday,
        Weekday::Friday => jiff::civil::Weekday::Friday,
        Weekday::Saturday => jiff::civil::Weekday::Saturday,
        Weekday::Sunday => jiff::civil::Weekday::Sunday,
    }
}
