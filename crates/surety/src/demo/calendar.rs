//! Days of the told history, and chance that is the same every time.
//!
//! The history is written for an end on [`END`]. Whoever tells it later tells it so many whole weeks later, so that weekdays
//! stay what they are and what is due is due soon.

use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value;

/// The last day of the history as it is written.
pub(super) const END: Date = jiff::civil::date(2026, 11, 20);

/// How many days later than it is written a history is told on `today`: it ends within the week before, never before
/// [`END`].
pub(super) fn shift_days(today: Date) -> i32 {
    let behind = between(END, today).saturating_sub(1).max(0);
    behind.saturating_sub(behind % 7)
}

/// Days from one day to another.
pub(super) fn between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

pub(super) fn plus(day: Date, days: i32) -> Date {
    day.saturating_add(Span::new().days(days))
}

pub(super) fn months_later(day: Date, months: i32) -> Date {
    day.saturating_add(Span::new().months(months))
}

/// The day itself, or the Monday after its weekend.
pub(super) fn workday(day: Date) -> Date {
    use jiff::civil::Weekday;
    match day.weekday() {
        Weekday::Saturday => plus(day, 2),
        Weekday::Sunday => plus(day, 1),
        Weekday::Monday
        | Weekday::Tuesday
        | Weekday::Wednesday
        | Weekday::Thursday
        | Weekday::Friday => day,
    }
}

/// The part of a day in which somebody acts: who looks over another's work does so later than the work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Morning,
    Afternoon,
}

/// The minute at which a person acts in a part of a day.
pub(super) fn instant(day: Date, part: Part, who: u32) -> Timestamp {
    let hours = match part {
        Part::Morning => 7,
        Part::Afternoon => 12,
    };
    let minutes = i64::from(roll(&format!("{day} {who}"), 225));
    let start =
        day.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |start| start.timestamp());
    start.saturating_add(Span::new().hours(hours).minutes(minutes)).unwrap_or(start)
}

/// A number below `sides` that follows from `what` alone (FNV-1a, then the finaliser of `SplitMix64`).
pub(super) fn roll(what: &str, sides: u32) -> u32 {
    let mut state = what.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    for (shift, factor) in [(30, 0xbf58_476d_1ce4_e5b9), (27, 0x94d0_49bb_1331_11eb)] {
        state = (state ^ (state >> shift)).wrapping_mul(factor);
    }
    u32::try_from((state ^ (state >> 31)) % u64::from(sides.max(1))).unwrap_or(0)
}

/// Moves every day (2025-03-31) that stands in a text.
pub(super) fn shifted_text(text: &str, days: i32) -> String {
    let mut moved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(position) = rest.find("20") {
        let (before, from) = rest.split_at(position);
        moved.push_str(before);
        let alone = !before.ends_with(|last: char| last.is_ascii_digit());
        match from.get(..10).filter(|_| alone).and_then(as_day) {
            Some(day) => {
                moved.push_str(&plus(day, days).to_string());
                rest = from.get(10..).unwrap_or_default();
            }
            None => {
                moved.push_str("20");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    moved.push_str(rest);
    moved
}

fn as_day(text: &str) -> Option<Date> {
    text.is_ascii().then(|| text.parse().ok()).flatten()
}

/// The same in every text of a value.
pub(super) fn shift(value: &mut Value, days: i32) {
    match value {
        Value::String(text) => *text = shifted_text(text, days),
        Value::Array(list) => list.iter_mut().for_each(|one| shift(one, days)),
        Value::Object(fields) => fields.values_mut().for_each(|one| shift(one, days)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_ends_within_the_week_before_today_and_never_before_it_is_written_to() {
        for (today, shift) in [
            ("2024-01-01", 0),
            ("2026-11-21", 0),
            ("2026-11-27", 0),
            ("2026-11-28", 7),
            ("2027-11-20", 364),
        ] {
            assert_eq!(shift_days(today.parse().unwrap()), shift, "{today}");
        }
    }

    #[test]
    fn days_in_a_text_are_moved_and_nothing_else_is() {
        let text = "Audit of 2026-09-18, version 2026.1, 12026-09-18 and 2026-13-01 at 2026-02-27T08:00:00Z";
        let moved = "Audit of 2026-09-25, version 2026.1, 12026-09-18 and 2026-13-01 at 2026-03-06T08:00:00Z";
        assert_eq!(shifted_text(text, 7), moved);
        assert_eq!(shifted_text(text, 0), text);
    }
}
