//! The date of Easter Sunday in both calendars. Integers only; valid for every year of the Gregorian calendar.

use jiff::civil::Date;

/// Easter Sunday of the Western churches (the anonymous Gregorian algorithm, as in Meeus, Astronomical Algorithms, ch. 8).
pub(crate) fn western(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let golden = y.rem_euclid(19);
    let (century, of_century) = (y.div_euclid(100), y.rem_euclid(100));
    let correction = (century + 8).div_euclid(25);
    let moon = (century - correction + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - moon + 15).rem_euclid(30);
    let sunday = (32 + 2 * century.rem_euclid(4) + 2 * of_century.div_euclid(4)
        - epact
        - of_century.rem_euclid(4))
    .rem_euclid(7);
    let late = (golden + 11 * epact + 22 * sunday).div_euclid(451);
    let days = epact + sunday - 7 * late + 114;
    day(year, days)
}

/// Easter Sunday of the Orthodox churches, in the Gregorian calendar (Meeus's Julian algorithm).
pub(crate) fn orthodox(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let moon = (19 * y.rem_euclid(19) + 15).rem_euclid(30);
    let sunday = (2 * y.rem_euclid(4) + 4 * y.rem_euclid(7) - moon + 34).rem_euclid(7);
    let julian = day(year, moon + sunday + 114)?;
    // The calendars drift apart by a day in each century that 400 does not divide.
    let centuries = y.div_euclid(100);
    let drift = centuries - centuries.div_euclid(4) - 2;
    julian.checked_add(jiff::Span::new().try_days(drift).ok()?).ok()
}

/// A day counted so that 31 days make a month: 114 is 22 March less the offset of the algorithms.
fn day(year: i16, days: i32) -> Option<Date> {
    let month = i8::try_from(days.div_euclid(31)).ok()?;
    let day = i8::try_from(days.rem_euclid(31) + 1).ok()?;
    Date::new(year, month, day).ok()
}
