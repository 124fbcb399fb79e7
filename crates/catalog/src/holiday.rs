//! Public holidays as rules that hold for any year. Computing days from them is for others.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Confidence;

/// The public holidays of the Member States and of the institutions of the Union.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PublicHolidays {
    /// When the facts were last checked.
    pub checked: Option<Date>,
    /// The first and last year for which the rules were checked.
    pub checked_years: Vec<i16>,
    pub note: String,
    #[serde(rename = "calendar")]
    pub calendars: Vec<HolidayCalendar>,
}

impl PublicHolidays {
    /// The calendar of a Member State (ISO 3166-1 alpha-2 code) or of the institutions (`EU`), in any case.
    pub fn calendar(&self, id: &str) -> Option<&HolidayCalendar> {
        self.calendars.iter().find(|one| one.id.eq_ignore_ascii_case(id))
    }
}

/// The public holidays of one place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HolidayCalendar {
    /// ISO 3166-1 alpha-2 code, or `EU`.
    pub id: String,
    pub name: String,
    /// IANA name of the time zone of the capital.
    pub timezone: String,
    pub basis: String,
    pub note: String,
    pub confidence: Confidence,
    #[serde(rename = "holiday")]
    pub holidays: Vec<HolidayRule>,
}

/// A holiday and the years in which it is one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HolidayRule {
    pub name: String,
    /// `{ month = 12, day = 25 }`: the same day every year.
    pub on: Option<MonthDay>,
    /// Days after Easter Sunday of the Western churches.
    pub easter: Option<i16>,
    /// Days after Easter Sunday of the Orthodox churches.
    pub orthodox_easter: Option<i16>,
    /// The first such weekday on or after a day of the year.
    pub first: Option<WeekdayFrom>,
    /// Only in years in which this day is that weekday.
    pub only_if: Option<WeekdayFrom>,
    /// Not in years in which this day is that weekday.
    pub unless: Option<WeekdayFrom>,
    /// Days that follow no rule; no other field limits them.
    pub dates: Vec<Date>,
    /// The first year.
    pub since: Option<i16>,
    /// The last year.
    pub until: Option<i16>,
    /// Only in years that this number divides.
    pub every: Option<i16>,
    /// Years in between in which it is none.
    pub except: Vec<i16>,
    pub shift: Shift,
    /// Regions that keep it (ISO 3166-2 codes); empty: the whole place.
    pub regions: Vec<String>,
    pub note: String,
}

/// A day of the year.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(default, deny_unknown_fields)]
pub struct MonthDay {
    pub month: i8,
    pub day: i8,
}

/// A weekday, and the day of the year that it is or comes after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WeekdayFrom {
    pub weekday: Weekday,
    pub month: i8,
    pub day: i8,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// What happens when a holiday falls on a day that is free anyway.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Shift {
    /// Nothing.
    #[default]
    Stays,
    /// The next working day that is no holiday is one as well.
    NextWorkingDayToo,
    /// On a Sunday: kept on the Saturday before, and not on the Sunday.
    SundayToSaturday,
    /// On a Sunday, the Monday after is a holiday as well.
    SundayToMondayToo,
}
