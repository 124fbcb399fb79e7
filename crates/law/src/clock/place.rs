//! Where reports are due: to whom, in whose time, with whose public holidays.

use jiff::Timestamp;
use surety_catalog::{Authority, Clock, ClockRecipient, PeriodUnit, Place};

use super::{
    Answer, ClockError, Due, NonWorkingDays, Occasion, deadline, holiday, instant, run::Run,
};

impl<'a> Run<'a> {
    /// The report to each recipient, in its place.
    pub(super) fn due(&mut self, clock: &Clock) -> Result<Vec<Due>, ClockError> {
        let mut due = Vec::new();
        for recipient in &clock.recipients {
            let holds = |question: &Option<String>| {
                question
                    .as_ref()
                    .map(|one| self.incident.answers.get(one).copied().unwrap_or_default())
            };
            if holds(&recipient.when).is_some_and(|answer| answer != Answer::Yes)
                || holds(&recipient.unless) == Some(Answer::Yes)
            {
                continue;
            }
            for state in self.states(recipient.place) {
                due.push(self.due_in(clock, recipient, &state)?);
            }
        }
        Ok(due)
    }

    /// The Member States of a place; one empty text where none is known.
    fn states(&self, place: Place) -> Vec<String> {
        let unknown = || vec![String::new()];
        match place {
            Place::Occurrence if self.incident.occurred_in.is_empty() => unknown(),
            Place::Occurrence => {
                let mut states: Vec<_> =
                    self.incident.occurred_in.iter().map(|one| one.to_uppercase()).collect();
                states.sort();
                states.dedup();
                states
            }
            Place::Establishment => self
                .incident
                .established_in
                .as_ref()
                .map_or_else(unknown, |one| vec![one.to_uppercase()]),
            Place::Institution => vec!["EU".to_owned()],
            Place::Organisation => unknown(),
        }
    }

    fn due_in(
        &mut self,
        clock: &Clock,
        recipient: &ClockRecipient,
        state: &str,
    ) -> Result<Due, ClockError> {
        self.prepare(state, clock)?;
        let empty = (self.home.clone(), NonWorkingDays::weekends());
        let (timezone, days) = self.places.get(state).unwrap_or(&empty);
        let occasion =
            Occasion { events: &self.events, answers: &self.incident.answers, timezone, days };
        let deadline = deadline(self.setting.facts, clock, &occasion)?;
        let settled = recipient.place == Place::Organisation || !state.is_empty();
        let known = |list: &'a [Authority]| {
            list.iter().find(|one| {
                one.recipient == recipient.recipient && one.member_state.eq_ignore_ascii_case(state)
            })
        };
        let named =
            known(self.setting.authorities).or_else(|| known(&self.setting.facts.authorities));
        let kind = self.setting.facts.recipients.iter().find(|one| one.id == recipient.recipient);
        let authority = match (named, kind) {
            (Some(named), _) => named.name.clone(),
            (None, Some(kind)) if settled && !state.is_empty() => {
                format!("{} ({state})", kind.text)
            }
            (None, Some(kind)) => kind.text.clone(),
            (None, None) => clock.recipient.clone(),
        };
        let note = if settled {
            named.map(|one| one.note.clone()).unwrap_or_default()
        } else {
            "the Member State is not known: counted in the time of the organisation, without holidays".to_owned()
        };
        Ok(Due {
            recipient: recipient.recipient.clone(),
            place: recipient.place,
            member_state: state.to_owned(),
            authority,
            authority_confidence: named.map(|one| one.confidence).unwrap_or_default(),
            deadline,
            note,
        })
    }

    /// Works out the time zone and days of a place once.
    fn prepare(&mut self, state: &str, clock: &Clock) -> Result<(), ClockError> {
        if self.places.contains_key(state) {
            return Ok(());
        }
        let own = self.incident.holidays.iter().copied();
        let place = if state.is_empty() {
            (self.home.clone(), NonWorkingDays::weekends().with(own)?)
        } else {
            let calendar = self.setting.holidays.calendar(state);
            let calendar = calendar
                .ok_or_else(|| ClockError::UnknownMemberState { code: state.to_owned() })?;
            let years = self.years(clock)?;
            let days = NonWorkingDays::of(calendar, &self.incident.regions, years)?.with(own)?;
            (instant::timezone(&calendar.timezone)?, days)
        };
        self.places.insert(state.to_owned(), place);
        Ok(())
    }

    /// The years of the events, and as many more as the longest limit can reach.
    fn years(&self, clock: &Clock) -> Result<std::ops::RangeInclusive<i16>, ClockError> {
        let year = |at: &Timestamp| at.to_zoned(self.home.clone()).year();
        let times = || self.events.values().flatten();
        let now = self.moment.on.year();
        let first = times().map(year).min().unwrap_or(now).min(now);
        let last = times().map(year).max().unwrap_or(now).max(now);
        let longest = self.setting.own.iter().chain([clock]).map(reach).max().unwrap_or(1);
        let range = holiday::YEARS;
        for year in [first, last] {
            if !range.contains(&year) {
                return Err(ClockError::Year { year });
            }
        }
        Ok(first..=last.saturating_add(longest).min(*range.end()))
    }
}

/// How many years a clock can run at most.
pub(super) fn reach(clock: &Clock) -> i16 {
    let limits = clock.readings.iter().filter_map(|one| Some((one.limit?, one.unit?)));
    let years = |(limit, unit): (u32, PeriodUnit)| match unit {
        PeriodUnit::Years => limit,
        PeriodUnit::Months => limit.div_euclid(12),
        PeriodUnit::Weeks => limit.div_euclid(52),
        PeriodUnit::Days => limit.div_euclid(365),
        PeriodUnit::WorkingDays => limit.div_euclid(200),
        PeriodUnit::Hours => limit.div_euclid(8_760),
        PeriodUnit::Immediately
        | PeriodUnit::WithoutUndueDelay
        | PeriodUnit::OnRequest
        | PeriodUnit::BeforeDeadline => 0,
    };
    let longest = limits.chain([(clock.limit, clock.unit)]).map(years).max().unwrap_or(0);
    i16::try_from(longest).unwrap_or(i16::MAX).saturating_add(1)
}
