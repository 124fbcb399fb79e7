//! Twelve months of evidence as a picture: what each item speaks for, and the days for which nothing does, hatched.

use askama::Template;
use jiff::civil::Date;
use surety_aims::{
    date, day,
    derive::{Window, covered, place::Speaking, soa::Cell},
};
use surety_engine::View;

use crate::html::{self, Links};

/// Items that are drawn; the others stand in the list.
const DRAWN: usize = 8;

/// The picture, and the same in words.
#[derive(Template)]
#[template(path = "parts/soa_timeline.html")]
pub(super) struct Timeline {
    pub(super) summary: String,
    height: i32,
    /// Where each month begins, and its name.
    months: Vec<(i32, String)>,
    bars: Vec<Bar>,
    /// From where to where nothing speaks.
    gaps: Vec<(i32, i32)>,
    pub(super) items: Vec<Item>,
    /// Items beyond those in the list.
    pub(super) others: usize,
}

/// What an item speaks for: its own period, and the days after it until the next is due.
struct Bar {
    y: i32,
    from: i32,
    width: i32,
    tail: i32,
    class: &'static str,
}

/// An item of the list.
pub(super) struct Item {
    pub(super) id: String,
    pub(super) href: String,
    pub(super) title: String,
    pub(super) period: String,
    pub(super) note: String,
}

/// Items in the list.
const LISTED: usize = 12;

/// Units of the picture for each day.
const DAY: i32 = 2;

pub(super) fn timeline(
    view: &View,
    window: Window,
    cell: &Cell<'_>,
    speaking: &[Speaking],
    links: &Links,
) -> Timeline {
    let (first, last) = (day(window.from), day(window.to));
    let x = |on: i32| on.clamp(first, last.saturating_add(1)).saturating_sub(first) * DAY;
    let seen: Vec<&Speaking> = speaking
        .iter()
        .rev()
        .filter(|one| covered(one.span, cell.cadence).is_some_and(|(_, to)| to >= first))
        .collect();
    let bar = |(one, y): (&&Speaking, i32)| {
        let (from, to) = covered(one.span, cell.cadence)?;
        let end = one.span.to.min(to);
        let start = x(from);
        let middle = x(end.saturating_add(1));
        Some(Bar {
            y: 6 + y * 10,
            from: start,
            width: (middle - start).max(DAY),
            tail: if one.span.operating { x(to.saturating_add(1)) - middle } else { 0 },
            class: if one.span.operating { "bar" } else { "bar intent" },
        })
    };
    let bars: Vec<Bar> = seen.iter().take(DRAWN).zip(0..).filter_map(bar).collect();
    let rows = i32::try_from(bars.len()).unwrap_or(0).max(1);
    let gaps = cell.uncovered.0.iter().map(|(from, to)| (x(*from), x(*to + 1) - x(*from)));
    Timeline {
        summary: summary(window, cell),
        height: 12 + rows * 10,
        months: months(window).into_iter().map(|on| (x(day(on)), month(on))).collect(),
        bars,
        gaps: gaps.collect(),
        items: speaking.iter().rev().take(LISTED).map(|one| item(view, one, links)).collect(),
        others: speaking.len().saturating_sub(LISTED),
    }
}

/// The picture in words.
fn summary(window: Window, cell: &Cell<'_>) -> String {
    let all = day(window.to).saturating_sub(day(window.from)).saturating_add(1);
    let open = i32::try_from(cell.uncovered.days()).unwrap_or(i32::MAX);
    let period = format!("{} to {}", html::day(window.from), html::day(window.to));
    if open == 0 {
        return format!("All {all} days from {period} are covered by evidence of operation.");
    }
    let run = |(from, to): &(i32, i32)| match from == to {
        true => html::day(date(*from)),
        false => format!("{} to {}", html::day(date(*from)), html::day(date(*to))),
    };
    let runs: Vec<String> = cell.uncovered.0.iter().take(4).map(run).collect();
    let more = match cell.uncovered.0.len().saturating_sub(4) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let covered = all.saturating_sub(open);
    format!(
        "{covered} of {all} days from {period} are covered. Not covered: {}{more}.",
        runs.join(", ")
    )
}

/// The first day of each month in the window.
fn months(window: Window) -> Vec<Date> {
    let mut all = Vec::new();
    let mut next = window.from.first_of_month();
    while next <= window.to {
        if next >= window.from {
            all.push(next);
        }
        let Ok(following) = next.checked_add(jiff::Span::new().months(1)) else { break };
        next = following;
    }
    all
}

fn month(on: Date) -> String {
    on.strftime(if on.month() == 1 { "%Y" } else { "%b" }).to_string()
}

fn item(view: &View, one: &Speaking, links: &Links) -> Item {
    let record = view.book().get(one.item);
    let (from, to) = (date(one.span.from), date(one.span.to));
    let period = match from == to {
        true => html::day(from),
        false => format!("{} to {}", html::day(from), html::day(to)),
    };
    let mut notes = Vec::new();
    if !one.span.operating {
        notes.push("shows intent, not operation".to_owned());
    }
    if one.is_of_all {
        notes.push("for the whole organisation".to_owned());
    }
    if one.span.until != i32::MAX {
        notes.push(format!("counts until {}", html::day(date(one.span.until))));
    }
    Item {
        id: one.item.to_string(),
        href: links.record(one.item),
        title: record.map(surety_aims::Record::title).unwrap_or_default().to_owned(),
        period,
        note: notes.join("; "),
    }
}
