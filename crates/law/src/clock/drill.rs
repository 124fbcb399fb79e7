//! Drills: how reports that were made compare with the deadlines.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ClockState, LocalInstant, RunningClock};

/// How a report compares with its deadlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "DrillOutcome")]
pub enum Outcome {
    /// By the last safe instant.
    InTime,
    /// After that, before the legal end.
    WithinLegal,
    /// After the legal end.
    Late,
    /// Never, and the last safe instant has passed.
    Missed,
    /// Not yet, and there still is time.
    Pending,
    /// The limit is a word: how long it took is shown, to be judged by people.
    Judge,
    /// Nothing had started the clock.
    NotStarted,
}

/// The result of a drill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DrillScore {
    pub results: Vec<DrillResult>,
    /// Clocks that ran and are the organisation's own to keep.
    pub due: usize,
    pub in_time: usize,
    pub within_legal: usize,
    pub late: usize,
    pub missed: usize,
    /// Reports on clocks that did not run.
    pub unneeded: Vec<String>,
    /// Clocks met by the legal end of those with a number, in percent; `None`: there were none.
    pub met_percent: Option<usize>,
}

/// One clock in a drill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DrillResult {
    pub clock: String,
    pub title: String,
    pub conservative_deadline: Option<LocalInstant>,
    pub legal_latest: Option<LocalInstant>,
    pub reported_at: Option<Timestamp>,
    pub outcome: Outcome,
    /// Minutes from the event that started the clock to the report.
    pub minutes_taken: Option<i64>,
    /// Minutes left until the last safe instant; negative: after it.
    pub minutes_to_spare: Option<i64>,
}

/// Compares the reports of a drill, by clock, with the clocks that ran, as it stands `now`. A clock that was only possible
/// counts as well: who has not settled the question has to report in time.
pub fn score(
    clocks: &[RunningClock],
    reports: &BTreeMap<String, Timestamp>,
    now: Timestamp,
) -> DrillScore {
    let ran = |clock: &&RunningClock| !clock.authority_deadline && counts(clock.state);
    let results: Vec<_> =
        clocks.iter().filter(ran).map(|clock| result(clock, reports, now)).collect();
    let count = |wanted: Outcome| results.iter().filter(|one| one.outcome == wanted).count();
    let [in_time, within_legal] = [count(Outcome::InTime), count(Outcome::WithinLegal)];
    let [late, missed] = [count(Outcome::Late), count(Outcome::Missed)];
    let met = in_time.saturating_add(within_legal);
    let judged = met.saturating_add(late).saturating_add(missed);
    let needed = |id: &&String| !results.iter().any(|one| one.clock == **id);
    DrillScore {
        due: results.iter().filter(|one| one.outcome != Outcome::NotStarted).count(),
        in_time,
        within_legal,
        late,
        missed,
        unneeded: reports.keys().filter(needed).cloned().collect(),
        met_percent: met.saturating_mul(100).checked_div(judged),
        results,
    }
}

fn counts(state: ClockState) -> bool {
    match state {
        ClockState::Overdue
        | ClockState::PastConservative
        | ClockState::Running
        | ClockState::Possible
        | ClockState::Awaiting
        | ClockState::Reported => true,
        ClockState::Stopped | ClockState::NotApplicable | ClockState::NotTriggered => false,
    }
}

fn result(
    clock: &RunningClock,
    reports: &BTreeMap<String, Timestamp>,
    now: Timestamp,
) -> DrillResult {
    let made = clock.reported.as_ref().map(|one| one.at.at());
    let reported_at = reports.get(&clock.clock).copied().or(made);
    let minutes = |from: Timestamp, to: Timestamp| to.duration_since(from).as_mins();
    let (conservative, legal) = (clock.conservative_deadline, clock.legal_latest);
    let counted =
        clock.due.iter().filter_map(|one| one.deadline.as_ref()).any(|one| one.unit.is_counted());
    let pending = reported_at.is_none() && conservative.is_some_and(|safe| now <= safe.at());
    let outcome =
        if pending { Outcome::Pending } else { outcome(conservative, legal, counted, reported_at) };
    let started = clock.started_by.as_ref().map(|one| one.at.at());
    DrillResult {
        clock: clock.clock.clone(),
        title: clock.title.clone(),
        conservative_deadline: conservative,
        legal_latest: legal,
        reported_at,
        outcome,
        minutes_taken: started.zip(reported_at).map(|(from, to)| minutes(from, to)),
        minutes_to_spare: reported_at
            .zip(conservative)
            .filter(|_| counted)
            .map(|(at, safe)| minutes(at, safe.at())),
    }
}

/// How a report at `at` (`None`: never) compares with deadlines.
pub(super) fn outcome(
    conservative: Option<LocalInstant>,
    legal: Option<LocalInstant>,
    counted: bool,
    at: Option<Timestamp>,
) -> Outcome {
    match (at, conservative) {
        (_, None) => Outcome::NotStarted,
        (None, Some(_)) => Outcome::Missed,
        (Some(_), Some(_)) if !counted => Outcome::Judge,
        (Some(at), Some(safe)) if at <= safe.at() => Outcome::InTime,
        (Some(at), Some(_)) if legal.is_some_and(|legal| at < legal.at()) => Outcome::WithinLegal,
        (Some(_), Some(_)) => Outcome::Late,
    }
}
