//! One reporting clock, ready to be drawn.

use jiff::Timestamp;
use surety_aims::RecordId;
use surety_catalog::IncidentClocks;
use surety_law::clock::{ClockState, Due, Holds, LocalInstant, RunningClock, StartedBy};
use surety_reports::sheet::Tone;

use super::{super::legal, events::SENT};
use crate::html::{Shell, capitalised, countdown};

/// A clock.
pub(super) struct Shown {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) reference: String,
    pub(super) who: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) symbol: char,
    pub(super) started: Option<String>,
    /// What is owed before any deadline.
    pub(super) primary: String,
    pub(super) at_once: Option<String>,
    /// The last safe instant.
    pub(super) cautious: Option<Deadline>,
    /// The legal end, where it differs.
    pub(super) legal: Option<Deadline>,
    /// How much of the time has passed, in thousandths.
    pub(super) passed: Option<u64>,
    pub(super) recipients: Vec<Recipient>,
    pub(super) reasons: Vec<Reason>,
    pub(super) rules: Vec<(String, String, String)>,
    pub(super) follow_ups: Vec<String>,
    pub(super) reported: Option<String>,
    pub(super) notes: Vec<String>,
    pub(super) doubt: Option<String>,
    /// Where the draft of its report is.
    pub(super) draft: Option<String>,
    /// Whether it runs for the authority.
    pub(super) is_theirs: bool,
    pub(super) binding: bool,
    /// The event by which its report is noted, as long as none is.
    pub(super) sent: Option<String>,
}

/// An instant by which something is due.
pub(super) struct Deadline {
    pub(super) wall: String,
    pub(super) utc: String,
    /// As machines read it.
    pub(super) at: String,
    pub(super) countdown: String,
}

/// Whom a report goes to.
pub(super) struct Recipient {
    pub(super) authority: String,
    pub(super) note: String,
    pub(super) deadline: Option<String>,
    pub(super) doubt: Option<String>,
}

/// A reason for a clock, or against it.
pub(super) struct Reason {
    pub(super) holds: &'static str,
    pub(super) tone: &'static str,
    pub(super) symbol: char,
    pub(super) text: String,
    pub(super) citation: String,
}

/// What clocks are drawn with.
pub(super) struct Drawing<'a> {
    pub(super) shell: &'a Shell,
    pub(super) facts: &'a IncidentClocks,
    pub(super) incident: RecordId,
    pub(super) now: Timestamp,
}

/// Date and time at the place: `19 Nov 2026, 10:20`.
pub(in super::super) fn wall(at: LocalInstant) -> String {
    at.on_the_wall().strftime("%-d %b %Y, %H:%M").to_string()
}

/// A state in words, and its colour.
pub(super) fn state(state: ClockState) -> (&'static str, Tone) {
    match state {
        ClockState::Overdue => ("overdue", Tone::Bad),
        ClockState::PastConservative => ("past the cautious deadline", Tone::Bad),
        ClockState::Running => ("running", Tone::Warn),
        ClockState::Possible => ("possible", Tone::Warn),
        ClockState::Awaiting => ("awaiting its event", Tone::Neutral),
        ClockState::Reported => ("reported", Tone::Good),
        ClockState::Stopped => ("stopped", Tone::Neutral),
        ClockState::NotApplicable => ("not applicable", Tone::NotApplicable),
        ClockState::NotTriggered => ("not triggered", Tone::NotApplicable),
    }
}

pub(super) fn reasons(one: &RunningClock) -> Vec<Reason> {
    let reason = |reason: &surety_law::clock::Reason| {
        let (holds, tone) = match reason.holds {
            Holds::For => ("For", Tone::Warn),
            Holds::Against => ("Against", Tone::NotApplicable),
            Holds::Open => ("Open", Tone::Neutral),
        };
        Reason {
            holds,
            tone: tone.word(),
            symbol: tone.symbol(),
            text: reason.text.clone(),
            citation: reason.citation.clone(),
        }
    };
    one.reasons.iter().map(reason).collect()
}

pub(super) fn shown(with: &Drawing<'_>, one: &RunningClock) -> Shown {
    let (word, tone) = state(one.state);
    let is_open = !matches!(one.state, ClockState::Reported);
    let deadline = |at: LocalInstant| with.deadline(at, is_open);
    let legal = one.legal_latest.filter(|legal| Some(*legal) != one.conservative_deadline);
    let counted = one.due.iter().filter_map(|due| due.deadline.as_ref());
    let rules = counted.flat_map(|deadline| &deadline.rules);
    let mut rules: Vec<_> =
        rules.map(|rule| (rule.name.clone(), rule.effect.clone(), rule.citation.clone())).collect();
    rules.dedup();
    let pending =
        (!one.pending.is_empty()).then(|| format!("Proposed, not adopted: {}", one.pending));
    let incomplete = one
        .first_report_may_be_incomplete
        .then(|| format!("A first report may be incomplete ({}).", one.incomplete_basis));
    Shown {
        id: one.clock.clone(),
        title: one.title.clone(),
        reference: one.reference.clone(),
        who: one.who.clone(),
        state: capitalised(word),
        tone: tone.word(),
        symbol: tone.symbol(),
        started: one.started_by.as_ref().map(|start| with.started(start)),
        primary: one.primary.clone(),
        at_once: one.due_at_once_since.as_ref().map(|start| with.started(start)),
        cautious: one.conservative_deadline.map(deadline),
        legal: legal.map(deadline),
        passed: passed(one, with.now).filter(|_| is_open),
        recipients: with.recipients(one),
        reasons: reasons(one),
        rules,
        follow_ups: with.follow_ups(one),
        reported: one.reported.as_ref().map(|report| wall(report.at)),
        notes: one.notes.iter().cloned().chain(incomplete).chain(pending).collect(),
        doubt: legal::doubt(one.confidence, ""),
        draft: with.facts.report(&one.clock).map(|_| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("clock", &one.clock);
            with.shell.link(format!("/incidents/{}/report?{}", with.incident, query.finish()))
        }),
        is_theirs: one.authority_deadline,
        binding: one.binding,
        sent: (is_open && !one.authority_deadline).then(|| format!("{SENT}{}", one.clock)),
    }
}

/// How much of the time to the last safe instant has passed, in thousandths.
fn passed(one: &RunningClock, now: Timestamp) -> Option<u64> {
    let (start, end) = (one.started_by.as_ref()?.at.at(), one.conservative_deadline?.at());
    let whole = end.duration_since(start).as_secs();
    let part = now.duration_since(start).as_secs().clamp(0, whole.max(0));
    u64::try_from(part.saturating_mul(1_000).checked_div(whole)?).ok()
}

impl Drawing<'_> {
    fn deadline(&self, at: LocalInstant, is_open: bool) -> Deadline {
        Deadline {
            wall: wall(at),
            utc: at.at().strftime("%-d %b %H:%M UTC").to_string(),
            at: at.at().to_string(),
            countdown: if is_open { countdown(at.at(), self.now) } else { String::new() },
        }
    }

    fn started(&self, start: &StartedBy) -> String {
        let event = self.facts.events.iter().find(|event| event.id == start.event);
        let event = event.map_or(start.event.as_str(), |event| event.text.as_str());
        let by = match (start.by.as_str(), start.source.as_str()) {
            ("", "") => String::new(),
            (one, "") | ("", one) => format!(" ({one})"),
            (by, source) => format!(" ({by}; {source})"),
        };
        format!("{}: {}{by}", wall(start.at), event.trim_end_matches('.'))
    }

    fn recipients(&self, one: &RunningClock) -> Vec<Recipient> {
        let recipient = |due: &Due| {
            let ends = due.deadline.as_ref().and_then(|deadline| deadline.conservative_deadline);
            let differs = ends.filter(|ends| Some(*ends) != one.conservative_deadline);
            let place = if due.member_state.is_empty() {
                String::new()
            } else {
                format!(" ({})", due.member_state)
            };
            Recipient {
                authority: format!("{}{place}", due.authority),
                note: due.note.clone(),
                deadline: differs.map(wall),
                doubt: legal::doubt(due.authority_confidence, ""),
            }
        };
        if one.due.is_empty() {
            let authority = one.recipient.clone();
            return vec![Recipient { authority, note: String::new(), deadline: None, doubt: None }];
        }
        one.due.iter().map(recipient).collect()
    }

    fn follow_ups(&self, one: &RunningClock) -> Vec<String> {
        let line = |later: &surety_law::clock::FollowUpDue| {
            let at = later.conservative_deadline;
            let again = if later.repeats { ", and again after that" } else { "" };
            format!("{}: {} ({}){again}", later.title, wall(at), countdown(at.at(), self.now))
        };
        one.follow_ups.iter().map(line).collect()
    }
}
