//! One incident, all clocks at once: what runs, since when, until when, for whom, and what does not run and why.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, tz::TimeZone};
use surety_catalog::{
    Authority, Clock, ClockFollowUp, IncidentClocks, Law, PeriodUnit, PublicHolidays,
};

use super::{
    Answer, Applicability, Applied, ClockError, ClockState, Clocks, Deadline, Earliest,
    FollowUpDue, Incident, LocalInstant, Moment, NonWorkingDays, Occasion, OpenQuestion, Period,
    Reported, RunningClock, StartedBy, Stopped, applicability, check, drill, instant, period,
    trigger,
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

/// Runs every clock for an incident. Words that are not in the vocabulary are errors, never ignored.
pub fn clocks(
    setting: &Setting<'_>,
    incident: &Incident,
    moment: Moment,
) -> Result<Clocks, ClockError> {
    check::check(setting, incident)?;
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

pub(super) struct Run<'a> {
    pub(super) setting: &'a Setting<'a>,
    pub(super) incident: &'a Incident,
    pub(super) moment: Moment,
    pub(super) events: BTreeMap<String, Vec<Timestamp>>,
    pub(super) home: TimeZone,
    /// Time zone and days not worked, by place.
    pub(super) places: BTreeMap<String, (TimeZone, NonWorkingDays)>,
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
