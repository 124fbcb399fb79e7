//! Events of an incident, such as that somebody became aware or that a report was sent: they start clocks and end them.

use axum::response::Response;
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use surety_aims::records::IncidentEvent;
use surety_catalog::IncidentClocks;

use super::{Tried, answers::stated};
use crate::{
    call::Call,
    html::{Choice, instant, instant_of},
    problem::Problem,
};

/// Before the id of a clock in the event of a report on it.
pub(super) const SENT: &str = "submitted.";

/// The minute that has begun, as forms give an instant: nobody notes seconds.
pub(super) fn minute_of(at: Timestamp) -> String {
    let begun = TimestampRound::new().smallest(Unit::Minute).mode(RoundMode::Trunc);
    instant_of(at.round(begun).unwrap_or(at))
}

/// The events that there are, to choose one.
pub(super) fn choices(facts: &IncidentClocks) -> Vec<Choice> {
    let choice = |event: &surety_catalog::Term| Choice {
        name: event.text.clone(),
        value: event.id.clone(),
        chosen: false,
    };
    facts.events.iter().map(choice).collect()
}

pub(super) async fn happened(call: Call) -> Result<Response, Problem> {
    let event = event(&call).await?;
    stated(&call, Tried { is_stale: true, ..Tried::default() }, |next| next.events.push(event))
        .await
}

/// The event that the form tells.
async fn event(call: &Call) -> Result<IncidentEvent, Problem> {
    let view = call.view().await?;
    let facts = view.catalogs.incident_clocks();
    let name = call.field("event");
    let is_known = match name.strip_prefix(SENT) {
        Some(clock) => {
            let found = view.clocks(call.id()?, call.now(), view.on)?;
            found.clocks.iter().any(|one| one.clock == clock)
        }
        None => facts.events.iter().any(|event| event.id == name),
    };
    if !is_known {
        return Err(Problem::bad(format!("`event={name}` is no event that clocks know")));
    }
    let at = instant(call.field("at")).ok_or_else(|| {
        Problem::refused("say when it happened, as a date and a time: 2026-11-20T14:05")
    })?;
    if at > call.now() {
        return Err(Problem::refused("it can't have happened yet: the time is in UTC"));
    }
    Ok(IncidentEvent {
        event: name.to_owned(),
        at: Some(at),
        by: call.field("by").trim().to_owned(),
        source: call.field("source").trim().to_owned(),
    })
}
