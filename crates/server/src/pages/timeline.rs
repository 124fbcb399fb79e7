//! The time line of the plan: adopted actions by the month in which they are due.

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;
use surety_aims::{Record, records::ImprovementAction};
use surety_engine::View;
use surety_reports::{sheet::Tone, views::words};

use crate::{
    call::Call,
    html::{self, Choice, Shell, capitalised, day, distance},
    problem::Problem,
};

/// Months shown before and after the one of today.
const BEFORE: i32 = 2;
const AFTER: i32 = 12;

#[derive(Template)]
#[template(path = "timeline.html")]
struct TimelinePage {
    shell: Shell,
    tabs: Vec<Choice>,
    says: String,
    months: Vec<Month>,
    rows: Vec<Row>,
    undated: Vec<(String, String)>,
}

struct Month {
    name: String,
    now: bool,
}

/// An action and where it stands.
struct Row {
    id: String,
    href: String,
    title: String,
    owner: String,
    state: String,
    due: String,
    distance: String,
    tone: &'static str,
    symbol: char,
    /// Which of the months.
    at: usize,
    /// The day of that month, or the whole date where it lies before or after all of them.
    says: String,
}

/// The two ways to look at the plan.
pub(super) fn tabs(call: &Call, is_timeline: bool) -> Vec<Choice> {
    let tab = |(name, view): (&str, Option<&str>), chosen| {
        let kept =
            call.query.iter().filter(|(name, _)| matches!(name.as_str(), "framework" | "as_of"));
        let mut query: Vec<_> = kept.cloned().collect();
        query.extend(view.map(|view| ("view".to_owned(), view.to_owned())));
        Choice { name: name.to_owned(), value: html::addressed(call.uri.path(), &query), chosen }
    };
    vec![
        tab(("What to do", None), !is_timeline),
        tab(("Adopted actions by due date", Some("timeline")), is_timeline),
    ]
}

pub(super) async fn page(call: &Call, view: &View) -> Result<Response, Problem> {
    let lead = "The actions that somebody adopted, by the month in which they are due.";
    let shell = Shell::of(call, view, "Plan", lead).await?;
    let people = call.people().await?;
    let is_open = |(record, _): &(&Record, &ImprovementAction)| {
        record.is_live() && !record.lifecycle().finals.contains(&record.state)
    };
    let mut actions: Vec<_> = view.book().all::<ImprovementAction>().filter(is_open).collect();
    actions.sort_by_key(|(record, action)| (action.due.is_none(), action.due, record.id));
    let links = shell.links();
    let undated = actions.iter().filter(|(_, action)| action.due.is_none());
    let undated = undated.map(|(record, action)| {
        (format!("{} {}", record.id, action.title), links.record(record.id))
    });
    let line = Line::of(view.on, actions.iter().filter_map(|(_, action)| action.due));
    let rows = actions.iter().filter_map(|(record, action)| {
        let due = action.due?;
        let tone = tone(record, due, view.on);
        let (at, says) = line.place(due);
        Some(Row {
            id: record.id.to_string(),
            href: links.record(record.id),
            title: action.title.clone(),
            owner: action.owner.map(|owner| people.name(view.book(), owner)).unwrap_or_default(),
            state: capitalised(&words(record.state)),
            due: day(due),
            distance: distance(due, view.on),
            tone: tone.word(),
            symbol: tone.symbol(),
            at,
            says,
        })
    });
    let rows: Vec<_> = rows.collect();
    let overdue = rows.iter().filter(|row| row.tone == Tone::Bad.word()).count();
    html::page(&TimelinePage {
        tabs: tabs(call, true),
        says: format!("{} open actions have a date, {overdue} of them are overdue.", rows.len()),
        months: line.months(),
        undated: undated.collect(),
        rows,
        shell,
    })
}

fn tone(record: &Record, due: Date, on: Date) -> Tone {
    let is_done = matches!(record.state, "implemented" | "verified");
    match (is_done, due < on) {
        (true, _) => Tone::Good,
        (false, true) => Tone::Bad,
        (false, false) => Tone::Info,
    }
}

/// The months that are shown, and whether anything lies before or after them.
struct Line {
    first: i32,
    now: i32,
    earlier: bool,
    later: bool,
}

/// Months since the beginning of the count of years.
fn month(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

impl Line {
    fn of(on: Date, mut dates: impl Iterator<Item = Date> + Clone) -> Line {
        let now = month(on);
        let first = now - BEFORE;
        let earlier = dates.clone().any(|date| month(date) < first);
        let later = dates.any(|date| month(date) > now + AFTER);
        Line { first, now, earlier, later }
    }

    fn months(&self) -> Vec<Month> {
        let name = |at: i32| {
            let year = i16::try_from(at.div_euclid(12)).unwrap_or_default();
            let month = i8::try_from(at.rem_euclid(12) + 1).unwrap_or(1);
            Date::new(year, month, 1).map(|date| date.strftime("%b %Y").to_string())
        };
        let edge = |name: &str| Month { name: name.to_owned(), now: false };
        let shown = (self.first..=self.now + AFTER)
            .map(|at| Month { name: name(at).unwrap_or_default(), now: at == self.now });
        let earlier = self.earlier.then(|| edge("Earlier"));
        earlier.into_iter().chain(shown).chain(self.later.then(|| edge("Later"))).collect()
    }

    /// Which column a day lies in, and what stands there.
    fn place(&self, due: Date) -> (usize, String) {
        let at = month(due);
        let shift = i32::from(self.earlier);
        let column =
            if at < self.first { 0 } else { at.min(self.now + AFTER + 1) - self.first + shift };
        let is_shown = (self.first..=self.now + AFTER).contains(&at);
        let says = if is_shown { due.day().to_string() } else { day(due) };
        (usize::try_from(column).unwrap_or_default(), says)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn days_stand_in_the_column_of_their_month() {
        let on = date("2026-11-20");
        let dates =
            ["2026-01-31", "2026-09-01", "2026-11-30", "2027-11-30", "2030-01-01"].map(date);
        let line = Line::of(on, dates.into_iter());
        let months = line.months();
        let column = |day: Date| {
            let (at, says) = line.place(day);
            format!("{}: {says}", months[at].name)
        };
        assert_eq!(
            dates.map(column),
            [
                "Earlier: 31 Jan 2026",
                "Sep 2026: 1",
                "Nov 2026: 30",
                "Nov 2027: 30",
                "Later: 1 Jan 2030"
            ]
        );
        assert_eq!(months.iter().find(|month| month.now).unwrap().name, "Nov 2026");
        let near = Line::of(on, [date("2026-09-05")].into_iter());
        assert_eq!(
            (near.place(date("2026-09-05")).0, near.months()[0].name.as_str()),
            (0, "Sep 2026")
        );
    }
}
