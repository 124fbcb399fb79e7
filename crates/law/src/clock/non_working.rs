//! The days that are not worked: weekends always, and the public holidays of a place.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use surety_catalog::{HolidayCalendar, PublicHolidays};

use super::{ClockError, holiday};

/// No more holidays than this are taken: eleven years full of them.
const MOST_HOLIDAYS: usize = 4_096;

/// Saturdays, Sundays and a set of public holidays (Regulation 1182/71 Art 2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NonWorkingDays {
    holidays: BTreeMap<Date, String>,
}

impl NonWorkingDays {
    /// Saturdays and Sundays alone.
    pub fn weekends() -> NonWorkingDays {
        NonWorkingDays::default()
    }

    /// Weekends and these public holidays. Refuses more than 4,096 of them.
    pub fn with(
        mut self,
        holidays: impl IntoIterator<Item = Date>,
    ) -> Result<NonWorkingDays, ClockError> {
        for day in holidays {
            self.holidays.entry(day).or_insert_with(|| "public holiday".to_owned());
            if self.holidays.len() > MOST_HOLIDAYS {
                return Err(ClockError::TooManyHolidays { most: MOST_HOLIDAYS });
            }
        }
        Ok(self)
    }

    /// Weekends and the public holidays of a place in some years.
    pub fn of(
        calendar: &HolidayCalendar,
        regions: &[String],
        years: std::ops::RangeInclusive<i16>,
    ) -> Result<NonWorkingDays, ClockError> {
        let mut holidays = BTreeMap::new();
        for year in years {
            holidays.append(&mut holiday::holidays(calendar, year, regions)?);
        }
        Ok(NonWorkingDays { holidays })
    }

    /// The same for a Member State by its code, or `EU` for the institutions, in any case.
    pub fn in_place(
        holidays: &PublicHolidays,
        code: &str,
        regions: &[String],
        years: std::ops::RangeInclusive<i16>,
    ) -> Result<NonWorkingDays, ClockError> {
        let calendar = holidays.calendar(code);
        let code = || code.chars().filter(|one| !one.is_control()).take(12).collect();
        let calendar = calendar.ok_or_else(|| ClockError::UnknownMemberState { code: code() })?;
        NonWorkingDays::of(calendar, regions, years)
    }

    /// Whether work is done on a day.
    pub fn is_working(&self, day: Date) -> bool {
        !holiday::is_weekend(day) && !self.holidays.contains_key(&day)
    }

    /// Why a day is not worked, if it isn't: the name of the holiday, `Saturday` or `Sunday`.
    pub fn why_not(&self, day: Date) -> Option<&str> {
        match day.weekday() {
            Weekday::Saturday => Some("Saturday"),
            Weekday::Sunday => Some("Sunday"),
            Weekday::Monday
            | Weekday::Tuesday
            | Weekday::Wednesday
            | Weekday::Thursday
            | Weekday::Friday => self.holidays.get(&day).map(String::as_str),
        }
    }

    /// This day, or the first working day after it.
    pub fn working_from(&self, day: Date) -> Result<Date, ClockError> {
        let mut day = day;
        while !self.is_working(day) {
            day = day.tomorrow().map_err(|_| ClockError::TooLong)?;
        }
        Ok(day)
    }

    /// The `count`-th working day after a day; 0 gives the day itself.
    pub fn working_after(&self, day: Date, count: u32) -> Result<Date, ClockError> {
        let mut day = day;
        for _ in 0..count {
            day = self.working_from(day.tomorrow().map_err(|_| ClockError::TooLong)?)?;
        }
        Ok(day)
    }
}
