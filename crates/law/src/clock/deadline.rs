//! The deadline of one clock: all its readings counted, the conservative and the legal end, and the rules behind them.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use surety_catalog::{
    Clock, ClockReading, Confidence, Counting, IncidentClocks, PeriodUnit, Relief,
};

use super::{
    Answer, ClockError, LocalInstant, NonWorkingDays, instant,
    period::{self, Counted, Period},
};

/// When a report is due at the latest, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Deadline {
    /// Id of the clock.
    pub clock: String,
    pub title: String,
    /// The provision that sets it.
    pub reference: String,
    /// What starts it, in words.
    pub start_event: String,
    /// The event from which the conservative deadline is counted.
    pub start: LocalInstant,
    /// IANA name of the time zone.
    pub timezone: String,
    pub limit: u32,
    pub unit: PeriodUnit,
    pub counting: Counting,
    /// What is owed before: `immediately after ...`.
    pub primary: String,
    /// The last safe instant: alarms go by it.
    pub conservative_deadline: Option<LocalInstant>,
    /// The instant at which the period ends, exclusive. `None`: the limit is a word, not a number.
    pub legal_latest: Option<LocalInstant>,
    /// The last day before it is moved.
    pub unextended_last_day: Option<Date>,
    /// The last day.
    pub legal_last_day: Option<Date>,
    /// The rules of the readings that made the two deadlines, in the order of counting.
    pub rules: Vec<AppliedRule>,
    /// Every reading of the law that was counted.
    pub readings: Vec<Reading>,
    pub notes: Vec<String>,
    pub confidence: Confidence,
}

/// A counting rule, and what it did here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AppliedRule {
    pub id: String,
    pub name: String,
    pub rule: String,
    pub citation: String,
    pub confidence: Confidence,
    pub effect: String,
    pub moves: Moves,
}

/// Which deadline a rule made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Moves {
    Conservative,
    Legal,
    Both,
}

/// One way to count the limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reading {
    pub says: String,
    /// Id of the event that started it.
    pub event: String,
    pub start: LocalInstant,
    /// It moves only the conservative deadline.
    pub cautious: bool,
    pub conservative_deadline: LocalInstant,
    pub legal_latest: Option<LocalInstant>,
    pub unextended_last_day: Option<Date>,
    pub legal_last_day: Option<Date>,
}

/// What happened, as far as a deadline depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// When the events of each kind happened.
    pub events: &'a BTreeMap<String, Vec<Timestamp>>,
    pub answers: &'a BTreeMap<String, Answer>,
    pub timezone: &'a TimeZone,
    /// The days not worked where the report is due.
    pub days: &'a NonWorkingDays,
}

impl Occasion<'_> {
    fn answer(&self, question: &str) -> Answer {
        self.answers.get(question).copied().unwrap_or_default()
    }

    /// The first of some events that happened, and when: the first time, or the last.
    pub(super) fn first(&self, events: &[String], latest: bool) -> Option<(String, Timestamp)> {
        events.iter().find_map(|event| {
            let times = self.events.get(event)?;
            let at = if latest { times.iter().max() } else { times.iter().min() };
            Some((event.clone(), *at?))
        })
    }
}

/// What is asked of one clock: `surety clock --clock ID --start INSTANT --timezone TZ`.
#[derive(Clone, Debug)]
pub struct ClockQuery<'a> {
    pub clock: &'a str,
    /// ISO 8601. It stands for every event that the clock counts from, unless the law is cautious about it or
    /// `events` has it.
    pub start: &'a str,
    /// IANA name.
    pub timezone: &'a str,
    pub days: &'a NonWorkingDays,
    /// Instants of single events, by id: `classified.major`.
    pub events: BTreeMap<String, String>,
    /// Answers to single questions, by id: `dora.relief_excluded`.
    pub answers: BTreeMap<String, Answer>,
}

/// The deadline of one clock from one instant. `days` are the days not worked where the report is due.
pub fn clock(
    facts: &IncidentClocks,
    id: &str,
    start: &str,
    timezone: &str,
    days: &NonWorkingDays,
) -> Result<Deadline, ClockError> {
    let (events, answers) = Default::default();
    clock_with(facts, &ClockQuery { clock: id, start, timezone, days, events, answers })
}

/// The deadline of one clock from one instant, with events and answers that are known besides.
pub fn clock_with(facts: &IncidentClocks, query: &ClockQuery<'_>) -> Result<Deadline, ClockError> {
    let clock = facts.clock(query.clock).ok_or_else(|| ClockError::UnknownClock {
        id: query.clock.chars().filter(|one| !one.is_control()).take(60).collect(),
    })?;
    let timezone = instant::timezone(query.timezone)?;
    let start = instant::instant(query.start, &timezone)?;
    let mut events = started(clock, start);
    for (event, at) in &query.events {
        if !facts.knows_event(event) {
            return Err(ClockError::UnknownWord { what: "event", id: event.clone() });
        }
        events.insert(event.clone(), vec![instant::instant(at, &timezone)?]);
    }
    if let Some(id) = query.answers.keys().find(|id| facts.question(id).is_none()) {
        return Err(ClockError::UnknownWord { what: "question", id: id.clone() });
    }
    // What a single instant leaves open does not shorten the limit; it is a note instead.
    let mut answers = query.answers.clone();
    let mut open = Vec::new();
    for reading in clock.readings.iter().filter(|one| !one.when.is_empty()) {
        if reading.when.iter().all(|question| !answers.contains_key(question)) {
            open.push(format!("in some cases shorter: {}", reading.says));
        }
    }
    for question in clock.readings.iter().flat_map(|one| &one.when) {
        answers.entry(question.clone()).or_insert(Answer::No);
    }
    let days = query.days;
    let occasion = Occasion { events: &events, answers: &answers, timezone: &timezone, days };
    let mut deadline = deadline(facts, clock, &occasion)?.ok_or_else(|| ClockError::BadClock {
        clock: clock.id.clone(),
        what: "no event starts it".to_owned(),
    })?;
    deadline.notes.extend(open);
    if clock.cap.is_some() && query.events.is_empty() {
        deadline.notes.push("counted as if everything happened at the start".to_owned());
    }
    Ok(deadline)
}

/// The events for which a single instant stands.
fn started(clock: &Clock, start: Timestamp) -> BTreeMap<String, Vec<Timestamp>> {
    let certain = clock.readings.iter().filter(|one| !one.cautious);
    let capped = clock.cap.iter().filter_map(|cap| cap.events.last());
    let events = certain.filter_map(|one| one.events.last()).chain(capped);
    events.map(|event| (event.clone(), vec![start])).collect()
}

/// The deadline of a clock; `None` while nothing that starts it has happened.
pub fn deadline(
    facts: &IncidentClocks,
    clock: &Clock,
    occasion: &Occasion<'_>,
) -> Result<Option<Deadline>, ClockError> {
    let mut notes = Vec::new();
    let mut counted = readings(clock, occasion, &mut notes)?;
    if clock.cap.is_some() {
        counted = capped(clock, counted, occasion, &mut notes)?;
    }
    let Some(soonest) = counted.iter().min_by_key(|one| one.counted.conservative) else {
        return Ok(None);
    };
    let certain = counted.iter().filter(|one| !one.cautious);
    let legal = certain.min_by_key(|one| one.counted.legal);
    let local = |at: Timestamp| LocalInstant::new(at, occasion.timezone);
    let mut rules = applied(facts, soonest, legal);
    if counted.len() > 1 {
        let effect = format!("the earliest of {} readings", counted.len());
        rules.extend(rule(facts, "r14", effect, Moves::Both));
    }
    Ok(Some(Deadline {
        clock: clock.id.clone(),
        title: clock.title.clone(),
        reference: clock.reference.clone(),
        start_event: clock.start_event.clone(),
        start: local(soonest.start),
        timezone: occasion.timezone.iana_name().unwrap_or("UTC").to_owned(),
        limit: clock.limit,
        unit: clock.unit,
        counting: clock.counting,
        primary: clock.primary.clone(),
        conservative_deadline: Some(local(soonest.counted.conservative)),
        legal_latest: legal.and_then(|one| one.counted.legal).map(local),
        unextended_last_day: legal.and_then(|one| one.counted.unextended_last_day),
        legal_last_day: legal.and_then(|one| one.counted.legal_last_day),
        rules,
        readings: counted.iter().map(|one| one.reading(local)).collect(),
        notes,
        confidence: clock.confidence,
    }))
}

/// A reading that was counted.
struct Read {
    says: String,
    event: String,
    start: Timestamp,
    cautious: bool,
    counted: Counted,
}

impl Read {
    fn reading(&self, local: impl Fn(Timestamp) -> LocalInstant) -> Reading {
        Reading {
            says: self.says.clone(),
            event: self.event.clone(),
            start: local(self.start),
            cautious: self.cautious,
            conservative_deadline: local(self.counted.conservative),
            legal_latest: self.counted.legal.map(local),
            unextended_last_day: self.counted.unextended_last_day,
            legal_last_day: self.counted.legal_last_day,
        }
    }
}

fn readings(
    clock: &Clock,
    occasion: &Occasion<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Read>, ClockError> {
    let mut counted = Vec::new();
    for reading in &clock.readings {
        let Some(cautious) = counts(reading, occasion) else { continue };
        let Some((event, start)) = occasion.first(&reading.events, reading.latest) else {
            continue;
        };
        let limit = reading.limit.unwrap_or(clock.limit);
        let unit = reading.unit.unwrap_or(clock.unit);
        let relief = has_relief(clock, occasion, notes);
        let period = Period { limit, unit, counting: clock.counting, relief };
        let ends = period::count(period, start, occasion.timezone, occasion.days)?;
        let says = reading.says.clone();
        counted.push(Read { says, event, start, cautious, counted: ends });
    }
    Ok(counted)
}

/// Whether a reading is counted, and then whether cautiously; a question that nobody has answered makes it so.
fn counts(reading: &ClockReading, occasion: &Occasion<'_>) -> Option<bool> {
    if reading.when.is_empty() {
        return Some(reading.cautious);
    }
    match reading.when.iter().map(|question| occasion.answer(question)).max()? {
        Answer::Yes => Some(reading.cautious),
        Answer::Unknown => Some(true),
        Answer::No => None,
    }
}

fn has_relief(clock: &Clock, occasion: &Occasion<'_>, notes: &mut Vec<String>) -> bool {
    match (clock.relief, &clock.relief_question) {
        (Relief::None, _) => false,
        (Relief::Everybody, _) | (Relief::UnlessExcluded, None) => true,
        (Relief::UnlessExcluded, Some(question)) => match occasion.answer(question) {
            Answer::No => true,
            Answer::Yes => false,
            Answer::Unknown => {
                let note =
                    "not moved past weekends and bank holidays: it is open whether the entity may";
                notes.push(format!("{note} ({})", clock.relief_basis));
                false
            }
        },
    }
}

/// The readings cut by the cap, which alone counts while nothing else has begun.
fn capped(
    clock: &Clock,
    counted: Vec<Read>,
    occasion: &Occasion<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Read>, ClockError> {
    let Some(cap) = &clock.cap else { return Ok(counted) };
    let Some((event, start)) = occasion.first(&cap.events, false) else { return Ok(counted) };
    let relief = has_relief(clock, occasion, &mut Vec::new());
    let period = Period { limit: cap.limit, unit: cap.unit, counting: clock.counting, relief };
    let ends = period::count(period, start, occasion.timezone, occasion.days)?;
    let says = format!("at most {} {} from awareness", cap.limit, cap.unit.name());
    let cap_ends = Read { says, event, start, cautious: false, counted: ends };
    if counted.is_empty() {
        notes.push("not classified yet: the outer limit alone runs".to_owned());
        return Ok(vec![cap_ends]);
    }
    // Exactly at the end of the cap is not later than it.
    if counted.iter().any(|one| one.start > cap_ends.counted.conservative) {
        notes.push(cap.late.clone());
        return Ok(counted);
    }
    Ok(counted.into_iter().chain([cap_ends]).collect())
}

/// The rules of the reading that made each deadline.
fn applied(facts: &IncidentClocks, soonest: &Read, legal: Option<&Read>) -> Vec<AppliedRule> {
    let same = legal.is_some_and(|legal| std::ptr::eq(legal, soonest));
    let of = |read: &Read, wanted: Option<Moves>| {
        let steps = read.counted.steps.iter().filter(move |step| {
            wanted.is_none_or(|wanted| step.moves == wanted || step.moves == Moves::Both)
        });
        let moved = steps.map(|step| (step, wanted.unwrap_or(step.moves)));
        moved
            .filter_map(|(step, moves)| rule(facts, step.rule, step.effect.clone(), moves))
            .collect::<Vec<_>>()
    };
    if same {
        return of(soonest, None);
    }
    let mut rules = of(soonest, Some(Moves::Conservative));
    rules.extend(legal.into_iter().flat_map(|legal| of(legal, Some(Moves::Legal))));
    rules
}

fn rule(facts: &IncidentClocks, id: &str, effect: String, moves: Moves) -> Option<AppliedRule> {
    let rule = facts.rule(id)?;
    Some(AppliedRule {
        id: rule.id.clone(),
        name: rule.name.clone(),
        rule: rule.rule.clone(),
        citation: rule.citation.clone(),
        confidence: rule.confidence,
        effect,
        moves,
    })
}
