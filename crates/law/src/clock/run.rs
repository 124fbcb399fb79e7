//! One incident, all clocks at once: what runs, since when, until when, for whom, and what does not run and why.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use surety_catalog::{
    Authority, Clock, ClockFollowUp, ClockRecipient, Confidence, IncidentClocks, Law, PeriodUnit,
    Place, PublicHolidays,
};

use super::{
    Answer, Applicability, Applied, ClockError, Deadline, Incident, LocalInstant, Moment,
    NonWorkingDays, Occasion, Outcome, Period, Reason, applicability, deadline, drill, instant,
    period, trigger,
};

/// What clocks are run with.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    pub facts: &'a IncidentClocks,
    /// The laws whose date regimes the acts name.
    pub laws: &'a [&'a Law],
    pub holidays: &'a PublicHolidays,
    /// Clocks that the organisation sets itself; their act is `organisation`.
    pub own: &'a [Clock],
    /// Authorities that the organisation knows; they go before those of the catalogs.
    pub authorities: &'a [Authority],
}

/// Every clock for one incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clocks {
    /// Those that matter first: by state, then by conservative deadline.
    pub clocks: Vec<RunningClock>,
    /// The deadline to go by.
    pub earliest: Option<Earliest>,
    /// The same of the clocks that are only possible so far.
    pub earliest_possible: Option<Earliest>,
    /// Questions whose answers would settle whether clocks run.
    pub open_questions: Vec<OpenQuestion>,
}

/// The first of all deadlines that are still to be met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Earliest {
    pub clock: String,
    pub conservative_deadline: LocalInstant,
}

/// A question and the clocks that hang on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenQuestion {
    pub question: String,
    pub text: String,
    pub citation: String,
    pub clocks: Vec<String>,
}

/// One clock for one incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunningClock {
    pub clock: String,
    pub act: String,
    pub reference: String,
    pub title: String,
    pub who: String,
    pub recipient: String,
    pub binding: bool,
    /// It runs for the authority.
    pub authority_deadline: bool,
    pub state: ClockState,
    /// Why it runs, or why not.
    pub reasons: Vec<Reason>,
    pub applicability: Applicability,
    pub started_by: Option<StartedBy>,
    /// What is owed before the deadline.
    pub primary: String,
    /// Since when nothing justifies waiting.
    pub due_at_once_since: Option<StartedBy>,
    /// The earliest over all recipients.
    pub conservative_deadline: Option<LocalInstant>,
    pub legal_latest: Option<LocalInstant>,
    /// Recipient by recipient.
    pub due: Vec<Due>,
    pub first_report_may_be_incomplete: bool,
    pub incomplete_basis: String,
    pub follow_ups: Vec<FollowUpDue>,
    /// Clocks that a report on this one starts.
    pub next: Vec<String>,
    pub see: Vec<String>,
    pub reported: Option<Reported>,
    pub stopped: Option<Stopped>,
    pub open_questions: Vec<String>,
    pub notes: Vec<String>,
    /// A change of the law that is proposed and not adopted.
    pub pending: String,
    pub confidence: Confidence,
}

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// The legal end has passed without a report.
    Overdue,
    /// The last safe instant has passed, the legal end has not.
    PastConservative,
    Running,
    /// It may run: questions are open.
    Possible,
    /// It will run once the event that starts it happens.
    Awaiting,
    Reported,
    Stopped,
    /// The act did not apply to the system on that day.
    NotApplicable,
    NotTriggered,
}

/// The event that started a clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StartedBy {
    pub event: String,
    pub at: LocalInstant,
    pub by: String,
    pub source: String,
}

/// A report due to one recipient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// Id of the recipient.
    pub recipient: String,
    pub place: Place,
    /// The Member State, or `EU`; empty where the place is not settled.
    pub member_state: String,
    /// The authority by name, or else what kind it is.
    pub authority: String,
    pub authority_confidence: Confidence,
    pub deadline: Option<Deadline>,
    pub note: String,
}

/// A later report that is due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FollowUpDue {
    pub title: String,
    pub conservative_deadline: LocalInstant,
    pub legal_latest: Option<LocalInstant>,
    pub repeats: bool,
    pub confidence: Confidence,
}

/// The report that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reported {
    pub at: LocalInstant,
    pub outcome: Outcome,
}

/// Why a clock was stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stopped {
    pub at: LocalInstant,
    pub reason: String,
    pub text: String,
    /// What has to be kept to show that it was right.
    pub evidence: String,
    pub by: String,
    pub note: String,
}

/// Runs every clock for an incident. Words that are not in the vocabulary are errors, never ignored.
pub fn clocks(
    setting: &Setting<'_>,
    incident: &Incident,
    moment: Moment,
) -> Result<Clocks, ClockError> {
    check(setting, incident)?;
    let mut run = Run::new(setting, incident, moment)?;
    let all = setting.facts.clocks.iter().chain(setting.own);
    let mut clocks: Vec<_> = all.map(|clock| run.clock(clock)).collect::<Result<_, _>>()?;
    run.before_the_others(&mut clocks);
    clocks.sort_by_key(|one| (one.state, one.conservative_deadline.map(LocalInstant::at)));
    let earliest = earliest_of(&clocks, |state| is_alive(state) && state != ClockState::Possible);
    let earliest_possible = earliest_of(&clocks, |state| state == ClockState::Possible);
    let open_questions = open_questions(setting.facts, &clocks);
    Ok(Clocks { clocks, earliest, earliest_possible, open_questions })
}

fn earliest_of(clocks: &[RunningClock], counts: impl Fn(ClockState) -> bool) -> Option<Earliest> {
    let own = clocks.iter().filter(|one| !one.authority_deadline && counts(one.state));
    let dated = own.filter_map(|one| Some((one, one.conservative_deadline?)));
    dated
        .min_by_key(|(_, at)| at.at())
        .map(|(one, at)| Earliest { clock: one.clock.clone(), conservative_deadline: at })
}

fn is_alive(state: ClockState) -> bool {
    match state {
        ClockState::Overdue
        | ClockState::PastConservative
        | ClockState::Running
        | ClockState::Possible => true,
        ClockState::Awaiting
        | ClockState::Reported
        | ClockState::Stopped
        | ClockState::NotApplicable
        | ClockState::NotTriggered => false,
    }
}

fn open_questions(facts: &IncidentClocks, clocks: &[RunningClock]) -> Vec<OpenQuestion> {
    let mut by_question: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for clock in clocks {
        for question in &clock.open_questions {
            by_question.entry(question).or_default().push(clock.clock.clone());
        }
    }
    let mut open: Vec<_> = by_question
        .into_iter()
        .map(|(question, clocks)| {
            let known = facts.question(question);
            OpenQuestion {
                question: question.to_owned(),
                text: known.map_or_else(
                    || "Which roles does the organisation have?".to_owned(),
                    |one| one.text.clone(),
                ),
                citation: known.map(|one| one.citation.clone()).unwrap_or_default(),
                clocks,
            }
        })
        .collect();
    open.sort_by_key(|one| std::cmp::Reverse(one.clocks.len()));
    open
}

struct Run<'a> {
    setting: &'a Setting<'a>,
    incident: &'a Incident,
    moment: Moment,
    events: BTreeMap<String, Vec<Timestamp>>,
    home: TimeZone,
    /// Time zone and days not worked, by place.
    places: BTreeMap<String, (TimeZone, NonWorkingDays)>,
}

impl<'a> Run<'a> {
    fn new(
        setting: &'a Setting<'a>,
        incident: &'a Incident,
        moment: Moment,
    ) -> Result<Run<'a>, ClockError> {
        let mut events: BTreeMap<String, Vec<Timestamp>> = BTreeMap::new();
        for event in &incident.events {
            events.entry(event.event.clone()).or_default().push(event.at);
        }
        let home = instant::timezone(&incident.timezone)?;
        Ok(Run { setting, incident, moment, events, home, places: BTreeMap::new() })
    }

    fn clock(&mut self, clock: &Clock) -> Result<RunningClock, ClockError> {
        let trigger = trigger::evaluate(self.setting.facts, clock, self.incident);
        let applicability = self.applicability(clock);
        let runs = trigger.met != Answer::No
            && matches!(applicability.applies, Applied::Yes | Applied::Unknown);
        let due = if runs { self.due(clock)? } else { Vec::new() };
        let deadlines = || due.iter().filter_map(|one| one.deadline.as_ref());
        let conservative =
            deadlines().filter_map(|one| one.conservative_deadline).min_by_key(|at| at.at());
        let legal = deadlines().filter_map(|one| one.legal_latest).min_by_key(|at| at.at());
        let started_by = deadlines()
            .min_by_key(|one| one.conservative_deadline.map(LocalInstant::at))
            .and_then(|one| self.started_by(one));
        let reported = self.reported(clock, conservative, legal);
        let stopped = self.stopped(clock)?;
        let open = trigger.met == Answer::Unknown || applicability.applies == Applied::Unknown;
        let state = if trigger.met == Answer::No {
            ClockState::NotTriggered
        } else if !runs {
            ClockState::NotApplicable
        } else if reported.is_some() {
            ClockState::Reported
        } else if stopped.is_some() {
            ClockState::Stopped
        } else if open {
            ClockState::Possible
        } else {
            self.running(conservative, legal)
        };
        Ok(RunningClock {
            clock: clock.id.clone(),
            act: clock.act.clone(),
            reference: clock.reference.clone(),
            title: clock.title.clone(),
            who: clock.who.clone(),
            recipient: clock.recipient.clone(),
            binding: clock.binding,
            authority_deadline: clock.authority_deadline,
            state,
            started_by,
            primary: clock.primary.clone(),
            due_at_once_since: if runs { self.due_at_once(clock) } else { None },
            conservative_deadline: conservative,
            legal_latest: legal,
            first_report_may_be_incomplete: clock.initial_incomplete_report,
            incomplete_basis: clock.initial_incomplete_basis.clone(),
            follow_ups: if runs { self.follow_ups(clock)? } else { Vec::new() },
            next: clock.next.clone(),
            see: clock.see.clone(),
            reported,
            stopped,
            open_questions: if runs { trigger.open() } else { Vec::new() },
            reasons: trigger.reasons,
            notes: self.notes(clock, state, &applicability, legal),
            pending: clock.pending.clone(),
            confidence: clock.confidence,
            applicability,
            due,
        })
    }

    fn applicability(&self, clock: &Clock) -> Applicability {
        let act = self.setting.facts.act(&clock.act);
        let events = clock.readings.iter().flat_map(|one| &one.events);
        let first = events.filter_map(|event| self.events.get(event)?.iter().min().copied()).min();
        let on = first.map_or(self.moment.on, |at| at.to_zoned(self.home.clone()).date());
        applicability(
            clock,
            act,
            self.setting.laws,
            &self.incident.scopes,
            self.incident.significant_change_on,
            on,
            self.moment.law_as_of,
        )
    }

    fn running(
        &self,
        conservative: Option<LocalInstant>,
        legal: Option<LocalInstant>,
    ) -> ClockState {
        let now = self.moment.now;
        match (conservative, legal) {
            (None, _) => ClockState::Awaiting,
            (_, Some(legal)) if legal.at() <= now => ClockState::Overdue,
            (Some(safe), _) if safe.at() < now => ClockState::PastConservative,
            (Some(_), _) => ClockState::Running,
        }
    }

    /// The report to each recipient, in its place.
    fn due(&mut self, clock: &Clock) -> Result<Vec<Due>, ClockError> {
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
        let range = super::holiday::YEARS;
        for year in [first, last] {
            if !range.contains(&year) {
                return Err(ClockError::Year { year });
            }
        }
        Ok(first..=last.saturating_add(longest).min(*range.end()))
    }

    fn started_by(&self, deadline: &Deadline) -> Option<StartedBy> {
        let reading = deadline.readings.iter().min_by_key(|one| one.conservative_deadline.at())?;
        Some(self.event(&reading.event, reading.start.at()))
    }

    fn event(&self, event: &str, at: Timestamp) -> StartedBy {
        let known = self.incident.events.iter().find(|one| one.event == event && one.at == at);
        StartedBy {
            event: event.to_owned(),
            at: LocalInstant::new(at, &self.home),
            by: known.map(|one| one.by.clone()).unwrap_or_default(),
            source: known.map(|one| one.source.clone()).unwrap_or_default(),
        }
    }

    fn due_at_once(&self, clock: &Clock) -> Option<StartedBy> {
        let times = clock
            .due_at_once_on
            .iter()
            .filter_map(|event| Some((event, *self.events.get(event)?.iter().min()?)));
        times.min_by_key(|(_, at)| *at).map(|(event, at)| self.event(event, at))
    }

    fn reported(
        &self,
        clock: &Clock,
        conservative: Option<LocalInstant>,
        legal: Option<LocalInstant>,
    ) -> Option<Reported> {
        let at = *self.events.get(&format!("submitted.{}", clock.id))?.iter().min()?;
        let outcome = drill::outcome(conservative, legal, clock.unit.is_counted(), Some(at));
        Some(Reported { at: LocalInstant::new(at, &self.home), outcome })
    }

    fn stopped(&self, clock: &Clock) -> Result<Option<Stopped>, ClockError> {
        let Some(stop) = self.incident.stops.iter().find(|one| one.clock == clock.id) else {
            return Ok(None);
        };
        let known = self.setting.facts.stops.iter().find(|one| {
            one.id == stop.reason && (one.acts.is_empty() || one.acts.contains(&clock.act))
        });
        let known = known.ok_or_else(|| ClockError::NoReasonToStop {
            reason: stop.reason.clone(),
            clock: clock.id.clone(),
        })?;
        Ok(Some(Stopped {
            at: LocalInstant::new(stop.at, &self.home),
            reason: stop.reason.clone(),
            text: known.text.clone(),
            evidence: known.evidence.clone(),
            by: stop.by.clone(),
            note: stop.note.clone(),
        }))
    }

    fn follow_ups(&self, clock: &Clock) -> Result<Vec<FollowUpDue>, ClockError> {
        let due = clock.follow_ups.iter().filter_map(|one| self.follow_up(clock, one).transpose());
        due.collect()
    }

    fn follow_up(
        &self,
        clock: &Clock,
        follow_up: &ClockFollowUp,
    ) -> Result<Option<FollowUpDue>, ClockError> {
        let ended = follow_up.until.as_ref().is_some_and(|event| self.events.contains_key(event));
        let days = NonWorkingDays::weekends().with(self.incident.holidays.iter().copied())?;
        let occasion = Occasion {
            events: &self.events,
            answers: &self.incident.answers,
            timezone: &self.home,
            days: &days,
        };
        let Some((_, start)) = occasion.first(&follow_up.events, follow_up.repeats) else {
            return Ok(None);
        };
        if ended {
            return Ok(None);
        }
        let period = Period {
            limit: follow_up.limit,
            unit: follow_up.unit,
            counting: clock.counting,
            relief: false,
        };
        let ends = period::count(period, start, &self.home, &days)?;
        Ok(Some(FollowUpDue {
            title: follow_up.title.clone(),
            conservative_deadline: LocalInstant::new(ends.conservative, &self.home),
            legal_latest: ends.legal.map(|at| LocalInstant::new(at, &self.home)),
            repeats: follow_up.repeats,
            confidence: follow_up.confidence,
        }))
    }

    fn notes(
        &self,
        clock: &Clock,
        state: ClockState,
        applicability: &Applicability,
        legal: Option<LocalInstant>,
    ) -> Vec<String> {
        let mut notes = Vec::new();
        if !clock.note.is_empty() {
            notes.push(clock.note.clone());
        }
        if !clock.binding {
            notes.push("a voluntary commitment, not law".to_owned());
        }
        if state == ClockState::Awaiting {
            notes.push(format!("starts with: {}", clock.start_event));
        }
        if let Some((formal, operative)) =
            applicability.formal_from.zip(applicability.operative_from)
            && applicability.applies == Applied::NotYet
            && formal < operative
        {
            notes.push(format!(
                "applies on its face since {formal}, but cannot bite before {operative}"
            ));
        }
        let late =
            self.due_at_once(clock).zip(legal).filter(|(since, legal)| since.at.at() > legal.at());
        if let Some((since, legal)) = late {
            notes.push(format!(
                "the outer limit ended at {legal}, before what makes the report due at once ({}): report now and record why",
                since.event
            ));
        }
        notes
    }

    /// Gives clocks that are due before the other limits of their act the earliest of those.
    fn before_the_others(&self, clocks: &mut [RunningClock]) {
        let before: BTreeSet<_> = self
            .setting
            .facts
            .clocks
            .iter()
            .chain(self.setting.own)
            .filter(|one| one.unit == PeriodUnit::BeforeDeadline)
            .map(|one| one.id.clone())
            .collect();
        let first: BTreeMap<String, LocalInstant> = clocks
            .iter()
            .filter(|one| !before.contains(&one.clock) && is_alive(one.state))
            .filter_map(|one| Some((one.act.clone(), one.conservative_deadline?)))
            .fold(BTreeMap::new(), |mut first, (act, at)| {
                let known = first.entry(act).or_insert(at);
                if at.at() < known.at() {
                    *known = at;
                }
                first
            });
        for one in clocks.iter_mut().filter(|one| before.contains(&one.clock)) {
            if one.conservative_deadline.is_some() {
                one.conservative_deadline = first.get(&one.act).copied();
            }
            if matches!(one.state, ClockState::PastConservative | ClockState::Running) {
                one.state = self.running(one.conservative_deadline, None);
            }
        }
    }
}

/// How many years a clock can run at most.
fn reach(clock: &Clock) -> i16 {
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

/// Refuses words that no vocabulary has, and clocks of the organisation that cannot run.
fn check(setting: &Setting<'_>, incident: &Incident) -> Result<(), ClockError> {
    let facts = setting.facts;
    let unknown = |what, id: &String| Err(ClockError::UnknownWord { what, id: id.clone() });
    let is_clock =
        |id: &str| facts.clock(id).is_some() || setting.own.iter().any(|one| one.id == id);
    for one in &incident.events {
        let known = match one.event.strip_prefix("submitted.") {
            Some(clock) => is_clock(clock),
            None => {
                facts.events.iter().any(|known| known.id == one.event)
                    || setting.own.iter().any(|clock| starts_with(clock, &one.event))
            }
        };
        if !known {
            return unknown("event", &one.event);
        }
    }
    for role in &incident.roles {
        if !facts.roles.iter().any(|known| known.id == *role) {
            return unknown("role", role);
        }
    }
    let asked = |id: &String| {
        facts.question(id).is_some()
            || setting.own.iter().any(|clock| {
                clock.all.contains(id) || clock.triggers.iter().any(|one| one.question == *id)
            })
    };
    if let Some(id) = incident.answers.keys().find(|id| !asked(id)) {
        return unknown("question", id);
    }
    if let Some(stop) = incident.stops.iter().find(|one| !is_clock(&one.clock)) {
        return Err(ClockError::UnknownClock { id: stop.clock.clone() });
    }
    for code in incident.occurred_in.iter().chain(&incident.established_in) {
        if setting.holidays.calendar(code).is_none() {
            return Err(ClockError::UnknownMemberState { code: code.clone() });
        }
    }
    setting.own.iter().try_for_each(|clock| check_own(facts, clock))
}

fn starts_with(clock: &Clock, event: &str) -> bool {
    clock.readings.iter().flat_map(|one| &one.events).any(|one| one == event)
}

fn check_own(facts: &IncidentClocks, clock: &Clock) -> Result<(), ClockError> {
    let bad =
        |what: &str| Err(ClockError::BadClock { clock: clock.id.clone(), what: what.to_owned() });
    if clock.id.is_empty() || facts.clock(&clock.id).is_some() {
        return bad("needs an id of its own");
    }
    if clock.readings.is_empty() || clock.readings.iter().all(|one| one.cautious) {
        return bad("needs a reading that is certain");
    }
    if clock.recipients.is_empty() {
        return bad("needs a recipient");
    }
    if clock.unit.is_counted() != (clock.limit > 0) {
        return bad("a limit is a number above 0, or a word");
    }
    if reach(clock) > 100 {
        return bad("runs for more than a hundred years");
    }
    Ok(())
}

impl Due {
    /// The last day on which the report is due, if the limit is counted in days.
    pub fn last_day(&self) -> Option<Date> {
        self.deadline.as_ref().and_then(|one| one.legal_last_day)
    }
}
