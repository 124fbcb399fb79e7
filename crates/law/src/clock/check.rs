//! What is refused before clocks run: words that no vocabulary has, clocks that cannot run.

use surety_catalog::{Clock, IncidentClocks};

use super::{ClockError, Incident, Setting, place::reach};

/// Refuses words that no vocabulary has, and clocks of the organisation that cannot run.
pub(super) fn check(setting: &Setting<'_>, incident: &Incident) -> Result<(), ClockError> {
    let facts = setting.facts;
    let unknown = |what, id: &String| Err(ClockError::UnknownWord { what, id: id.clone() });
    let is_clock =
        |id: &str| facts.clock(id).is_some() || setting.own.iter().any(|one| one.id == id);
    for one in &incident.events {
        let of_own = |clock: &Clock| {
            starts_with(clock, &one.event) || one.event == format!("submitted.{}", clock.id)
        };
        let known = facts.knows_event(&one.event) || setting.own.iter().any(of_own);
        if !known {
            return unknown("event", &one.event);
        }
    }
    for role in &incident.roles {
        if !facts.roles.iter().any(|known| known.id == *role) {
            return unknown("role", role);
        }
    }
    // A class brings tiers too that no date is for: a system of low risk falls into some, and no clock reaches it.
    let scopes = || setting.laws.iter().flat_map(|law| law.scopes.iter().chain(&law.tiers));
    if let Some(scope) = incident.scopes.iter().find(|one| !scopes().any(|known| known == *one)) {
        return unknown("scope", scope);
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
