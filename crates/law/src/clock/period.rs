//! Periods counted under Regulation (EEC, Euratom) 1182/71, and the hours of Delegated Regulation (EU) 2025/301.
//!
//! Knows units and calendars, no clock and no act. Each step names the rule that made it.

use jiff::{
    Span, Timestamp, Zoned,
    civil::{Date, DateTime},
    tz::{Disambiguation, TimeZone},
};
use surety_catalog::{Counting, PeriodUnit};

use super::{ClockError, Moves, NonWorkingDays};

/// A limit and the way in which it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub limit: u32,
    pub unit: PeriodUnit,
    pub counting: Counting,
    /// Whether a limit that ends on a weekend or holiday may be met until noon of the next working day.
    pub relief: bool,
}

/// When a period ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The last safe instant.
    pub conservative: Timestamp,
    /// The instant at which the period ends, exclusive. `None`: the limit is a word, not a number.
    pub legal: Option<Timestamp>,
    /// The last day before it is moved; not of periods in hours or working days.
    pub unextended_last_day: Option<Date>,
    /// The last day; not of periods in hours.
    pub legal_last_day: Option<Date>,
    pub steps: Vec<Step>,
}

/// A rule that took part in counting, and what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Id of the counting rule.
    pub rule: &'static str,
    pub effect: String,
    pub moves: Moves,
}

/// Counts a period from an event.
pub fn count(
    period: Period,
    start: Timestamp,
    timezone: &TimeZone,
    days: &NonWorkingDays,
) -> Result<Counted, ClockError> {
    let counter =
        Counter { period, start: start.to_zoned(timezone.clone()), days, steps: Vec::new() };
    match period.unit {
        PeriodUnit::Hours => counter.hours(),
        PeriodUnit::WorkingDays => counter.working_days(),
        PeriodUnit::Days | PeriodUnit::Weeks | PeriodUnit::Months | PeriodUnit::Years => {
            counter.whole_days()
        }
        PeriodUnit::Immediately
        | PeriodUnit::WithoutUndueDelay
        | PeriodUnit::OnRequest
        | PeriodUnit::BeforeDeadline => Ok(counter.uncounted()),
    }
}

struct Counter<'a> {
    period: Period,
    start: Zoned,
    days: &'a NonWorkingDays,
    steps: Vec<Step>,
}

impl Counter<'_> {
    fn hours(mut self) -> Result<Counted, ClockError> {
        let limit = self.period.limit;
        let elapsed = Span::new().try_hours(limit).map_err(|_| ClockError::TooLong)?;
        let conservative = plus(self.start.timestamp(), elapsed)?;
        let legal = if self.period.counting == Counting::Rts2025301 {
            self.step("r17", format!("{limit} hours of real time from the event"), Moves::Both);
            let end = conservative.to_zoned(self.start.time_zone().clone());
            self.relieved(end.date(), conservative)?
        } else {
            self.ways();
            self.step(
                "r12",
                format!("{limit} hours of real time, whatever clocks show"),
                Moves::Both,
            );
            let next = self.next_hour()?;
            let from = next.strftime("%H:%M");
            self.step("r2", format!("counted from the next full hour, {from}"), Moves::Legal);
            self.step("r4", "ends with the last hour".to_owned(), Moves::Legal);
            self.step("r8", "weekends and holidays count".to_owned(), Moves::Legal);
            plus(next.timestamp(), elapsed)?
        };
        self.step("r13", "the exact time elapsed".to_owned(), Moves::Conservative);
        Ok(self.counted(conservative, legal, None, None))
    }

    /// The start of the hour after the one in which the event fell.
    fn next_hour(&self) -> Result<Zoned, ClockError> {
        let time = self.start.time();
        let into = Span::new()
            .minutes(time.minute())
            .seconds(time.second())
            .nanoseconds(time.subsec_nanosecond());
        let hour = self.start.timestamp().checked_sub(into).map_err(|_| ClockError::TooLong)?;
        Ok(plus(hour, Span::new().hours(1))?.to_zoned(self.start.time_zone().clone()))
    }

    fn whole_days(mut self) -> Result<Counted, ClockError> {
        let first = self.start.date();
        let last = self.unextended()?;
        let same_time = self.same_time_on(last)?;
        let conservative = match self.elapsed_days()? {
            Some(elapsed) => elapsed.min(same_time),
            None => same_time,
        };
        let rts = self.period.counting == Counting::Rts2025301;
        if rts {
            self.step(
                "r17",
                "months end with the day of the same date (r6)".to_owned(),
                Moves::Both,
            );
        } else {
            self.ways();
        }
        self.step("r3", format!("{first} itself is not counted"), Moves::Both);
        self.end_rule(last);
        let (legal, last_day) = if rts {
            let end = self.end_of(last)?;
            let legal = self.relieved(last, end)?;
            (legal, last.max(self.last_day_before(legal)))
        } else {
            let moved = self.rolled(first, last)?;
            (self.end_of(moved)?, moved)
        };
        let what = if self.in_days() {
            "the earlier of whole 24 hours and the same local time on the last day, not extended"
        } else {
            "the same local time on the last day, not extended"
        };
        self.step("r13", what.to_owned(), Moves::Conservative);
        Ok(self.counted(conservative, legal, Some(last), Some(last_day)))
    }

    fn in_days(&self) -> bool {
        matches!(self.period.unit, PeriodUnit::Days | PeriodUnit::Weeks)
    }

    fn unextended(&self) -> Result<Date, ClockError> {
        let span = Span::new();
        let limit = self.period.limit;
        let span = match self.period.unit {
            PeriodUnit::Weeks => span.try_weeks(limit),
            PeriodUnit::Months => span.try_months(limit),
            PeriodUnit::Years => span.try_years(limit),
            PeriodUnit::Days
            | PeriodUnit::Hours
            | PeriodUnit::WorkingDays
            | PeriodUnit::Immediately
            | PeriodUnit::WithoutUndueDelay
            | PeriodUnit::OnRequest
            | PeriodUnit::BeforeDeadline => span.try_days(limit),
        };
        let span = span.map_err(|_| ClockError::TooLong)?;
        // A day that the last month lacks becomes its last day, as Art 3(2)(c) wants.
        self.start.date().checked_add(span).map_err(|_| ClockError::TooLong)
    }

    fn elapsed_days(&self) -> Result<Option<Timestamp>, ClockError> {
        let hours = match self.period.unit {
            PeriodUnit::Days => self.period.limit.checked_mul(24),
            PeriodUnit::Weeks => self.period.limit.checked_mul(168),
            PeriodUnit::Hours
            | PeriodUnit::WorkingDays
            | PeriodUnit::Months
            | PeriodUnit::Years
            | PeriodUnit::Immediately
            | PeriodUnit::WithoutUndueDelay
            | PeriodUnit::OnRequest
            | PeriodUnit::BeforeDeadline => return Ok(None),
        };
        let span = Span::new().try_hours(hours.ok_or(ClockError::TooLong)?);
        plus(self.start.timestamp(), span.map_err(|_| ClockError::TooLong)?).map(Some)
    }

    fn same_time_on(&self, day: Date) -> Result<Timestamp, ClockError> {
        self.instant(day.to_datetime(self.start.time()))
    }

    /// Local time as an instant; where it does not exist or occurs twice, the earlier one.
    fn instant(&self, local: DateTime) -> Result<Timestamp, ClockError> {
        self.start
            .time_zone()
            .to_ambiguous_timestamp(local)
            .disambiguate(Disambiguation::Earlier)
            .map_err(|_| ClockError::TooLong)
    }

    fn end_rule(&mut self, last: Date) {
        let (rule, effect) = if self.period.unit == PeriodUnit::Days {
            ("r5", format!("day {} is {last}, until its last hour ends", self.period.limit))
        } else {
            ("r6", format!("ends with {last}"))
        };
        self.step(rule, effect, Moves::Both);
    }

    /// The last day moved to a working day, and so that two working days are in the period.
    fn rolled(&mut self, first: Date, last: Date) -> Result<Date, ClockError> {
        self.step("r8", "weekends and holidays in between count".to_owned(), Moves::Legal);
        let mut end = self.days.working_from(last)?;
        if end != last {
            let why = self.days.why_not(last).unwrap_or_default().to_owned();
            self.step("r9", format!("{last} is not worked ({why}): moved to {end}"), Moves::Legal);
        }
        let two_days = self.period.unit != PeriodUnit::Days || self.period.limit >= 2;
        let second = self.days.working_after(first, 2)?;
        if two_days && end < second {
            end = second;
            self.step("r10", format!("two working days fall in it only with {end}"), Moves::Legal);
        }
        if self.days.why_not(last).is_some() || end != last {
            let place = "holidays and weekends of the place where the report is due".to_owned();
            self.step("r11", place, Moves::Legal);
        }
        Ok(end)
    }

    fn working_days(mut self) -> Result<Counted, ClockError> {
        let first = self.start.date();
        let last = self.days.working_after(first, self.period.limit)?;
        self.ways();
        self.step("r3", format!("{first} itself is not counted"), Moves::Both);
        let effect = format!("working day {} is {last}", self.period.limit);
        self.step("r19", effect, Moves::Both);
        self.step("r11", "of the place where the report is due".to_owned(), Moves::Both);
        self.step("r5", format!("until the last hour of {last} ends"), Moves::Both);
        let end = self.end_of(last)?;
        Ok(self.counted(end, end, None, Some(last)))
    }

    fn uncounted(mut self) -> Counted {
        let effect = format!("no number is set: {}", self.period.unit.name().replace('_', " "));
        self.step("r15", effect, Moves::Both);
        Counted {
            conservative: self.start.timestamp(),
            legal: None,
            unextended_last_day: None,
            legal_last_day: None,
            steps: self.steps,
        }
    }

    /// The rules on scope and time zone that go with all counting under the Regulation.
    fn ways(&mut self) {
        self.step("r1", "counted under Regulation 1182/71".to_owned(), Moves::Both);
        if self.period.counting == Counting::NationalOrReg1182 {
            self.step("r16", "check the national act".to_owned(), Moves::Both);
        }
        if self.period.unit != PeriodUnit::Hours {
            let zone = self.start.time_zone().iana_name().unwrap_or("UTC").to_owned();
            self.step("r12", format!("days of {zone}"), Moves::Both);
        }
    }

    /// Noon of the next working day, for who has that relief and ends on a day that is not worked.
    fn relieved(&mut self, day: Date, end: Timestamp) -> Result<Timestamp, ClockError> {
        if !self.period.relief || self.days.is_working(day) {
            return Ok(end);
        }
        let next = self.days.working_from(day)?;
        let noon = self.instant(next.at(12, 0, 0, 0))?;
        let why = self.days.why_not(day).unwrap_or_default().to_owned();
        self.step("r17", format!("{day} is not worked ({why}): noon of {next}"), Moves::Legal);
        Ok(noon.max(end))
    }

    /// The end of a day: the first instant of the next.
    fn end_of(&self, day: Date) -> Result<Timestamp, ClockError> {
        let next = day.tomorrow().map_err(|_| ClockError::TooLong)?;
        let start = self.start.time_zone().to_zoned(next.at(0, 0, 0, 0));
        Ok(start.map_err(|_| ClockError::TooLong)?.timestamp())
    }

    /// The day in which an exclusive end still falls.
    fn last_day_before(&self, end: Timestamp) -> Date {
        let last = end.checked_sub(Span::new().nanoseconds(1)).unwrap_or(end);
        last.to_zoned(self.start.time_zone().clone()).date()
    }

    fn step(&mut self, rule: &'static str, effect: String, moves: Moves) {
        self.steps.push(Step { rule, effect, moves });
    }

    fn counted(
        self,
        conservative: Timestamp,
        legal: Timestamp,
        unextended_last_day: Option<Date>,
        legal_last_day: Option<Date>,
    ) -> Counted {
        Counted {
            conservative,
            legal: Some(legal),
            unextended_last_day,
            legal_last_day,
            steps: self.steps,
        }
    }
}

fn plus(at: Timestamp, span: Span) -> Result<Timestamp, ClockError> {
    at.checked_add(span).map_err(|_| ClockError::TooLong)
}
