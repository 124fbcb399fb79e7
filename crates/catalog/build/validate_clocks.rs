//! Whether the reporting clocks and the public holidays are sound: every word stands in its vocabulary, every reference
//! resolves, every rule for a day means one.

use std::collections::HashSet;

use crate::{
    Clock, ClockReading, HolidayCalendar, HolidayRule, IncidentClocks, Law, PeriodUnit, Place,
    PublicHolidays,
};

/// Everything that is wrong, one sentence each; empty when nothing is.
pub fn problems(clocks: &IncidentClocks, holidays: &PublicHolidays, laws: &[Law]) -> Vec<String> {
    let mut found = Vec::new();
    check_vocabulary(clocks, &mut found);
    for clock in &clocks.clocks {
        let mut wrong = Vec::new();
        check_clock(clocks, clock, laws, &mut wrong);
        found.extend(wrong.into_iter().map(|what| format!("clock {}: {what}", clock.id)));
    }
    check_reports(clocks, &mut found);
    check_authorities(clocks, holidays, &mut found);
    check_examples(clocks, &mut found);
    check_holidays(holidays, &mut found);
    found
}

fn unique<'a>(what: &str, ids: impl Iterator<Item = &'a str>, found: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for id in ids {
        if id.trim().is_empty() {
            found.push(format!("a {what} has no id"));
        } else if !seen.insert(id) {
            found.push(format!("{what} `{id}` stands twice"));
        }
    }
}

fn check_vocabulary(clocks: &IncidentClocks, found: &mut Vec<String>) {
    unique("counting rule", clocks.rules.iter().map(|one| one.id.as_str()), found);
    unique("act", clocks.acts.iter().map(|one| one.id.as_str()), found);
    unique("role", clocks.roles.iter().map(|one| one.id.as_str()), found);
    unique("event", clocks.events.iter().map(|one| one.id.as_str()), found);
    unique("question", clocks.questions.iter().map(|one| one.id.as_str()), found);
    unique("recipient", clocks.recipients.iter().map(|one| one.id.as_str()), found);
    unique("stop", clocks.stops.iter().map(|one| one.id.as_str()), found);
    unique("clock", clocks.clocks.iter().map(|one| one.id.as_str()), found);
    unique("report", clocks.reports.iter().map(|one| one.id.as_str()), found);
    unique("clock example", clocks.examples.iter().map(|one| one.id.as_str()), found);
    for stop in &clocks.stops {
        for act in stop.acts.iter().filter(|id| clocks.act(id).is_none()) {
            found.push(format!("stop {}: no act `{act}`", stop.id));
        }
    }
    for act in clocks.acts.iter().filter(|act| act.law.is_none() && act.dates.is_empty()) {
        found.push(format!("act {}: needs a law or dates", act.id));
    }
    for event in clocks.events.iter().filter(|one| one.id.starts_with("submitted.")) {
        found.push(format!("event {}: `submitted.` is followed by a clock", event.id));
    }
}

fn check_clock(clocks: &IncidentClocks, clock: &Clock, laws: &[Law], wrong: &mut Vec<String>) {
    let questions = clock
        .all
        .iter()
        .chain(&clock.exceptions)
        .chain(clock.triggers.iter().map(|one| &one.question))
        .chain(clock.triggers.iter().flat_map(|one| &one.unless))
        .chain(clock.roles.iter().filter_map(|one| one.when.as_ref()))
        .chain(clock.recipients.iter().flat_map(|one| one.when.iter().chain(&one.unless)))
        .chain(clock.readings.iter().flat_map(|one| &one.when))
        .chain(&clock.relief_question);
    for id in questions.filter(|id| clocks.question(id).is_none()) {
        wrong.push(format!("no question `{id}`"));
    }
    let events = clock
        .readings
        .iter()
        .flat_map(|one| &one.events)
        .chain(clock.cap.iter().flat_map(|one| &one.events))
        .chain(&clock.due_at_once_on)
        .chain(clock.follow_ups.iter().flat_map(|one| one.events.iter().chain(&one.until)));
    for id in events.filter(|id| !clocks.knows_event(id)) {
        wrong.push(format!("no event `{id}`"));
    }
    for one in clock.roles.iter().filter(|one| !clocks.roles.iter().any(|role| role.id == one.role))
    {
        wrong.push(format!("no role `{}`", one.role));
    }
    for id in clock.next.iter().chain(&clock.see).filter(|id| clocks.clock(id).is_none()) {
        wrong.push(format!("no clock `{id}`"));
    }
    for one in &clock.recipients {
        if !clocks.recipients.iter().any(|known| known.id == one.recipient) {
            wrong.push(format!("no recipient `{}`", one.recipient));
        }
    }
    if clock.roles.is_empty() || clock.recipients.is_empty() {
        wrong.push("needs roles and recipients".to_owned());
    }
    if clock.all.is_empty() && clock.triggers.is_empty() {
        wrong.push("nothing triggers it".to_owned());
    }
    check_limits(clock, wrong);
    check_dates(clocks, clock, laws, wrong);
}

fn check_limits(clock: &Clock, wrong: &mut Vec<String>) {
    let own = |one: &ClockReading| match (one.limit, one.unit) {
        (Some(limit), Some(unit)) => Some((limit, unit)),
        (None, None) => Some((clock.limit, clock.unit)),
        (_, _) => None,
    };
    if clock.readings.iter().any(|one| own(one).is_none()) {
        wrong.push("a reading has a limit and a unit, or neither".to_owned());
    }
    let limits = clock.readings.iter().filter_map(own);
    let others = clock.follow_ups.iter().map(|one| (one.limit, one.unit));
    let caps = clock.cap.iter().map(|one| (one.limit, one.unit));
    for (limit, unit) in limits.chain(others).chain(caps) {
        if unit.is_counted() != (limit > 0) {
            wrong.push(format!("{limit} {} is no limit", unit.name()));
        }
    }
    if clock.cap.as_ref().is_some_and(|cap| cap.unit != PeriodUnit::Hours) {
        wrong.push("a cap is counted in hours".to_owned());
    }
    if clock.readings.is_empty() || clock.readings.iter().all(|one| one.cautious) {
        wrong.push("needs a reading that is certain".to_owned());
    }
    if clock.readings.iter().any(|one| one.events.is_empty() || one.says.is_empty()) {
        wrong.push("a reading needs words and events".to_owned());
    }
}

fn check_dates(clocks: &IncidentClocks, clock: &Clock, laws: &[Law], wrong: &mut Vec<String>) {
    let Some(act) = clocks.act(&clock.act) else {
        wrong.push(format!("no act `{}`", clock.act));
        return;
    };
    let Some(law) = &act.law else {
        if clock.regime.is_some() {
            wrong.push(format!("act {} has no date regimes", act.id));
        }
        return;
    };
    let regime = clock.regime.as_deref().unwrap_or_default();
    let known = laws
        .iter()
        .any(|one| one.framework == *law && one.regimes.iter().any(|known| known.id == regime));
    if !known {
        wrong.push(format!("law {law} has no date regime `{regime}`"));
    }
}

fn check_reports(clocks: &IncidentClocks, found: &mut Vec<String>) {
    let mut served = HashSet::new();
    for form in &clocks.reports {
        unique(
            &format!("field of report {}", form.id),
            form.fields.iter().map(|one| one.id.as_str()),
            found,
        );
        for id in form.fields.iter().flat_map(|one| &one.events) {
            if !clocks.knows_event(id) {
                found.push(format!("report {}: no event `{id}`", form.id));
            }
        }
        for id in form.fields.iter().flat_map(|one| &one.questions) {
            if clocks.question(id).is_none() {
                found.push(format!("report {}: no question `{id}`", form.id));
            }
        }
        for id in &form.clocks {
            if clocks.clock(id).is_none() {
                found.push(format!("report {}: no clock `{id}`", form.id));
            }
            if !served.insert(id) {
                found.push(format!("report {}: clock {id} has another form already", form.id));
            }
        }
    }
}

fn check_authorities(clocks: &IncidentClocks, holidays: &PublicHolidays, found: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for one in &clocks.authorities {
        let place = format!("authority {} {}", one.recipient, one.member_state);
        if !clocks.recipients.iter().any(|known| known.id == one.recipient) {
            found.push(format!("{place}: no such recipient"));
        }
        if holidays.calendar(&one.member_state).is_none() {
            found.push(format!("{place}: no such Member State"));
        }
        if !seen.insert((&one.recipient, &one.member_state)) {
            found.push(format!("{place} stands twice"));
        }
    }
    let institution = |clock: &Clock| {
        clock.recipients.iter().any(|one| one.place == Place::Institution)
            && holidays.calendar("EU").is_none()
    };
    if clocks.clocks.iter().any(institution) {
        found.push("no calendar `EU` for the institutions".to_owned());
    }
}

fn check_examples(clocks: &IncidentClocks, found: &mut Vec<String>) {
    for example in &clocks.examples {
        let expects_error = !example.expected_error.is_empty();
        if clocks.clock(&example.clock).is_none() && !expects_error {
            found.push(format!("example {}: no clock `{}`", example.id, example.clock));
        }
        if expects_error != example.legal_latest.is_empty() {
            found.push(format!("example {}: expects a deadline or an error", example.id));
        }
        for id in example.events.keys().filter(|id| !clocks.knows_event(id)) {
            found.push(format!("example {}: no event `{id}`", example.id));
        }
    }
}

fn check_holidays(holidays: &PublicHolidays, found: &mut Vec<String>) {
    unique("holiday calendar", holidays.calendars.iter().map(|one| one.id.as_str()), found);
    for calendar in &holidays.calendars {
        if calendar.basis.is_empty() || calendar.timezone.is_empty() {
            found.push(format!("holidays of {}: needs a basis and a time zone", calendar.id));
        }
        for rule in &calendar.holidays {
            if let Some(what) = wrong_with(calendar, rule) {
                found.push(format!("holidays of {}: {}: {what}", calendar.id, rule.name));
            }
        }
    }
}

fn wrong_with(calendar: &HolidayCalendar, rule: &HolidayRule) -> Option<&'static str> {
    let kinds = [
        rule.on.is_some(),
        rule.easter.is_some(),
        rule.orthodox_easter.is_some(),
        rule.first.is_some(),
    ];
    let kinds = kinds.iter().filter(|one| **one).count();
    let no_day = |month: i8, day: i8| jiff::civil::Date::new(2024, month, day).is_err();
    let days = rule.on.iter().map(|one| (one.month, one.day)).chain(
        [rule.first, rule.only_if, rule.unless]
            .into_iter()
            .flatten()
            .map(|one| (one.month, one.day)),
    );
    if kinds > 1 || kinds == 0 && rule.dates.is_empty() {
        return Some("needs exactly one rule for its day");
    }
    if days.into_iter().any(|(month, day)| no_day(month, day)) {
        return Some("no such day of the year");
    }
    if [rule.easter, rule.orthodox_easter].iter().flatten().any(|days| !(-60..=120).contains(days))
    {
        return Some("too far from Easter");
    }
    if rule.since.zip(rule.until).is_some_and(|(since, until)| since > until) {
        return Some("ends before it begins");
    }
    if rule.every.is_some_and(|every| every < 1) {
        return Some("`every` is at least 1");
    }
    let foreign = |code: &String| !code.starts_with(&format!("{}-", calendar.id));
    rule.regions.iter().any(foreign).then_some("a region is of another country")
}
