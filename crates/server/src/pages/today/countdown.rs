//! What runs towards a day or an hour: reporting clocks of open incidents, and dates of the law that touch our AI systems.

use jiff::{Timestamp, civil::Date};
use surety_aims::{Kind, RecordId};
use surety_engine::{Error, View};
use surety_law::{
    clock::{ClockState, LocalInstant},
    obligation::CalendarEntry,
};

use super::super::{incident, record};
use crate::html::{Shell, day, distance};

/// Lines of each sort.
const LINES: usize = 4;

/// Something that runs towards a day.
pub(super) struct Countdown {
    pub(super) what: String,
    pub(super) href: String,
    /// What it is about, beside that.
    pub(super) about: String,
    /// The day, or the instant at the place where it counts.
    pub(super) ends: String,
    /// How far away a day is. Of an instant a script keeps it, as the page may be older than that.
    pub(super) distance: String,
    /// An instant as machines read it.
    pub(super) at: Option<String>,
    pub(super) tone: &'static str,
    pub(super) symbol: char,
}

/// The clocks that end first, and then the next days of the law.
///
/// # Errors
/// If clocks can't be counted or the law in use has no dates.
pub(super) fn countdowns(
    view: &View,
    shell: &Shell,
    now: Timestamp,
) -> Result<Vec<Countdown>, Error> {
    let mut all = clocks(view, shell, now)?;
    let calendar = view.law_calendar(view.on, view.on)?;
    all.extend(dates(&calendar, shell, view.on));
    Ok(all)
}

fn clocks(view: &View, shell: &Shell, now: Timestamp) -> Result<Vec<Countdown>, Error> {
    let mut running: Vec<(LocalInstant, Countdown)> = Vec::new();
    for incident in view.book().of_kind(Kind::Incident).filter(|one| one.is_live()) {
        for clock in view.clocks(incident.id, now, view.on)?.clocks {
            let ends = clock.conservative_deadline.filter(|_| !clock.authority_deadline);
            if let (true, Some(ends)) = (is_open(clock.state), ends) {
                let perhaps = if clock.state == ClockState::Possible { "perhaps; " } else { "" };
                let about = format!("{perhaps}{} {}", incident.id, record::title(incident));
                let what = (clock.title, clock.clock);
                running.push((ends, shown(shell, incident.id, what, about, ends, now)));
            }
        }
    }
    running.sort_by_key(|(ends, _)| ends.at());
    Ok(running.into_iter().map(|(_, one)| one).take(LINES).collect())
}

/// Whether somebody has to report by it, or may have to as long as questions are open.
fn is_open(state: ClockState) -> bool {
    matches!(
        state,
        ClockState::Overdue
            | ClockState::PastConservative
            | ClockState::Running
            | ClockState::Possible
    )
}

fn shown(
    shell: &Shell,
    incident: RecordId,
    (what, clock): (String, String),
    about: String,
    ends: LocalInstant,
    now: Timestamp,
) -> Countdown {
    let (tone, symbol) = if ends.at() < now { ("bad", '■') } else { ("warn", '▲') };
    Countdown {
        what,
        href: format!("{}#{clock}", shell.link(format!("/incidents/{incident}"))),
        about,
        ends: incident::wall(ends),
        distance: String::new(),
        at: Some(ends.at().to_string()),
        tone,
        symbol,
    }
}

/// The next days on which the law brings something for AI systems of the organisation.
fn dates(calendar: &[CalendarEntry<'_>], shell: &Shell, on: Date) -> Vec<Countdown> {
    let ahead = calendar.iter().filter(|entry| !entry.past && !entry.systems.is_empty());
    let one = |entry: &CalendarEntry<'_>| {
        let about = match entry.systems.len() {
            1 => "1 AI system".to_owned(),
            many => format!("{many} AI systems"),
        };
        Countdown {
            what: entry.summary.to_owned(),
            href: shell.link("/law"),
            about,
            ends: day(entry.date),
            distance: distance(entry.date, on),
            at: None,
            tone: "info",
            symbol: '○',
        }
    };
    ahead.map(one).take(LINES).collect()
}
