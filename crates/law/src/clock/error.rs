//! What can be wrong with a question about clocks.

/// Why a deadline could not be worked out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClockError {
    #[error("no clock `{id}`; `surety clock --list` shows them")]
    UnknownClock { id: String },
    #[error("no time zone `{name}`; give an IANA name such as Europe/Berlin")]
    UnknownTimezone { name: String },
    #[error("`{text}` is not an instant; write it as 2027-03-26T15:00:00+01:00")]
    NotAnInstant { text: String },
    #[error(
        "`{text}` does not exist in {timezone}, where clocks go forward; give an offset such as +01:00"
    )]
    NonexistentLocalTime { text: String, timezone: String },
    #[error(
        "`{text}` occurs twice in {timezone}, where clocks go back; give an offset such as +01:00"
    )]
    AmbiguousLocalTime { text: String, timezone: String },
    #[error(
        "`{text}` names the time zone {named}, but the clock runs in {timezone}; give one of them"
    )]
    OtherTimezone { text: String, named: String, timezone: String },
    #[error("the year {year} is outside {} to {}", super::holiday::YEARS.start(), super::holiday::YEARS.end())]
    Year { year: i16 },
    #[error("the period ends beyond any calendar; give a shorter limit")]
    TooLong,
    #[error("more than {most} public holidays; give those of the years in question")]
    TooManyHolidays { most: usize },
    #[error("no Member State `{code}`; give an ISO 3166-1 code such as DE")]
    UnknownMemberState { code: String },
    #[error("no {what} `{id}` in the vocabulary of incidents; `surety clock --words` shows it")]
    UnknownWord { what: &'static str, id: String },
    #[error("`{reason}` is no reason to stop {clock}")]
    NoReasonToStop { reason: String, clock: String },
    #[error("clock {clock}: {what}")]
    BadClock { clock: String, what: String },
}

impl ClockError {
    /// A short name for programs, which does not change.
    pub fn code(&self) -> &'static str {
        match self {
            ClockError::UnknownClock { .. } => "unknown_clock",
            ClockError::UnknownTimezone { .. } => "unknown_timezone",
            ClockError::NotAnInstant { .. } => "not_an_instant",
            ClockError::NonexistentLocalTime { .. } => "nonexistent_local_time",
            ClockError::AmbiguousLocalTime { .. } => "ambiguous_local_time",
            ClockError::OtherTimezone { .. } => "other_timezone",
            ClockError::Year { .. } => "year_out_of_range",
            ClockError::TooLong => "period_too_long",
            ClockError::TooManyHolidays { .. } => "too_many_holidays",
            ClockError::UnknownMemberState { .. } => "unknown_member_state",
            ClockError::UnknownWord { .. } => "unknown_word",
            ClockError::NoReasonToStop { .. } => "no_reason_to_stop",
            ClockError::BadClock { .. } => "bad_clock",
        }
    }
}
