//! Evidence that comes in month by month: monitoring, overrides, releases, reviews, training, minutes.
//!
//! Most of it is accepted within two weeks. Some months are missing, some items are turned down, the newest still wait.

mod organisation;

use jiff::civil::{Date, date};
use serde_json::json;
use surety_aims::Kind;

use super::{
    calendar::{END, Part, between, months_later, plus, roll, workday},
    files::{self, Text},
    story::{Act, Story},
    systems::{Life, OFFICER, System, releases},
};

/// Who looks at evidence since she came.
const ANALYST: u32 = 20;
const ANALYST_SINCE: Date = date(2025, 3, 17);

/// One item of evidence.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) title: String,
    pub(super) kind: &'static str,
    pub(super) source: String,
    pub(super) collected: Date,
    pub(super) by: u32,
    pub(super) period: (Date, Date),
    pub(super) fresh_until: Option<Date>,
    pub(super) supports: Vec<String>,
    pub(super) systems: Vec<String>,
    pub(super) file: Option<Text>,
    pub(super) automated: bool,
    /// It is needed for what follows, so it is there and accepted at once.
    pub(super) certain: bool,
}

/// Where evidence is put.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    count: u32,
}

impl Shelf {
    /// Adds an item, and what came of it.
    pub(super) fn add(&mut self, story: &mut Story, item: Item) {
        self.count = self.count.saturating_add(1);
        let id = story.id(Kind::EvidenceItem);
        let collected = workday(item.collected);
        let (from, to) = item.period;
        let body = json!({
            "title": item.title, "kind": item.kind, "source": item.source,
            "collected_by": format!("PER-{}", item.by), "collected_on": collected.to_string(),
            "period_from": from.to_string(), "period_to": to.to_string(),
            "fresh_until": item.fresh_until.map(|day| day.to_string()), "supports": item.supports,
            "ai_systems": item.systems, "confidentiality": "internal", "automated": item.automated,
        });
        story.act(collected, Part::Morning, item.by, Act::State { id, body, file: item.file });
        let reviewer = if collected < ANALYST_SINCE { OFFICER } else { ANALYST };
        // Whoever reviews does so for all that one person brought on one day.
        let wait = i32::try_from(roll(&format!("{collected} {}", item.by), 9)).unwrap_or(0);
        let fate = roll(&format!("fate {} {collected}", item.title), 60);
        // Of the newest, half still waits.
        let waits = between(collected, END) < 30 && fate % 2 == 1;
        if item.certain {
            story.approve(plus(collected, 2), reviewer, id, "accept");
        } else if fate == 0 {
            let note = "It does not show the period that it says it speaks for; send it again";
            story.noted(plus(collected, 2 + wait), Part::Afternoon, reviewer, id, ("reject", note));
        } else if !waits {
            story.approve(plus(collected, 2 + wait), reviewer, id, "accept");
        }
    }
}

fn clauses(list: &[&str]) -> Vec<String> {
    list.iter().map(|one| format!("iso42001:{one}")).collect()
}

/// Writes all that comes in regularly.
pub(super) fn write(story: &mut Story, shelf: &mut Shelf, systems: &[System]) {
    for system in systems.iter().filter(|system| system.is_inside()) {
        let Some((from, to)) = system.operation else { continue };
        // Before the monitoring plan nobody reported.
        let from = from.max(date(2024, 2, 1));
        monthly(story, shelf, system, (from, to));
        half_yearly(story, shelf, system, (from, to));
        quarterly(story, shelf, system, (from.max(date(2024, 7, 1)), to));
        for (number, day) in (1..).zip(releases(system)) {
            release(story, shelf, system, number, day);
        }
    }
    organisation::write(story, shelf);
}

/// First and last day of each month that lies wholly between two days.
fn months(from: Date, to: Date) -> impl Iterator<Item = (Date, Date)> {
    let first = if from.day() == 1 { from } else { months_later(from.first_of_month(), 1) };
    (0..40)
        .map(move |number| months_later(first, number))
        .map(|day| (day, day.last_of_month()))
        .take_while(move |(_, last)| *last <= to)
}

fn monthly(story: &mut Story, shelf: &mut Shelf, system: &System, (from, to): (Date, Date)) {
    let decides = system.text("decision_effect") != "none"
        && system.text("decision_effect") != "informs"
        && system.body.get("personal_data").and_then(serde_json::Value::as_bool) == Some(true);
    // Of a few systems the last months are missing, as nobody felt responsible.
    let silent = roll(&format!("silent {}", system.name), 9) == 0;
    for (first, last) in months(from, to) {
        let missing = roll(&format!("month {} {first}", system.name), 19) == 0;
        if missing || (silent && between(last, END) < 110) {
            continue;
        }
        let by = system.collector(last);
        let collected =
            plus(last, 2 + i32::try_from(roll(&format!("day {by} {last}"), 7)).unwrap_or(0));
        shelf.add(
            story,
            Item {
                title: format!("{}: monitoring to {last}", system.name),
                kind: "export",
                source: "Monitoring platform, weekly figures".to_owned(),
                collected,
                by,
                period: (first, last),
                fresh_until: None,
                supports: clauses(&["A.6.2.6", "9.1-5"]),
                systems: vec![system.reference()],
                file: Some(files::monitoring(system, first, last)),
                automated: true,
                certain: false,
            },
        );
        if decides {
            shelf.add(
                story,
                Item {
                    title: format!("{}: decisions that people changed, to {last}", system.name),
                    kind: "log",
                    source: "Case system, overrides".to_owned(),
                    collected,
                    by,
                    period: (first, last),
                    fresh_until: None,
                    supports: clauses(&["A.9.2", "A.9.3"]),
                    systems: vec![system.reference()],
                    file: Some(files::overrides(system, first, last)),
                    automated: false,
                    certain: false,
                },
            );
        }
    }
}

fn quarterly(story: &mut Story, shelf: &mut Shelf, system: &System, (from, to): (Date, Date)) {
    for (number, (_, last)) in (0..).zip(months(from, to)) {
        let skipped = roll(&format!("quarter {} {last}", system.name), 14) == 0;
        if number % 3 != 2 || skipped {
            continue;
        }
        let first = months_later(last.first_of_month(), -2);
        let by = system.collector(last);
        shelf.add(
            story,
            Item {
                title: format!("{}: resources compared with reality, {last}", system.name),
                kind: "attestation",
                source: "Owner's comparison with cloud accounts and bill of materials".to_owned(),
                collected: plus(last, 11),
                by,
                period: (first, last),
                fresh_until: None,
                supports: clauses(&["A.4.2", "A.4.3", "A.4.4", "A.4.5"]),
                systems: vec![system.reference()],
                file: None,
                automated: false,
                certain: false,
            },
        );
    }
}

fn half_yearly(story: &mut Story, shelf: &mut Shelf, system: &System, (from, to): (Date, Date)) {
    let mut day = plus(from, 120).max(date(2024, 9, 2));
    while day < to {
        let period = (plus(day, -120), day);
        let uses = Item {
            title: format!("{}: use compared with its purpose, {day}", system.name),
            kind: "attestation",
            source: "Owner's review of use".to_owned(),
            collected: plus(day, 4),
            by: system.owner,
            period,
            fresh_until: None,
            supports: clauses(&["A.9.4", "A.9.2"]),
            systems: vec![system.reference()],
            file: None,
            automated: false,
            certain: false,
        };
        let earlier = |item: &Item| Item {
            title: format!("{}: sample of event logs, {}", system.name, plus(day, -89)),
            collected: plus(day, -83),
            period: (plus(day, -120), plus(day, -89)),
            ..item.clone()
        };
        let logs = Item {
            title: format!("{}: sample of event logs, {day}", system.name),
            kind: "log",
            source: "Log platform, 20 events".to_owned(),
            by: 17,
            collected: plus(day, 6),
            supports: clauses(&["A.6.2.8"]),
            automated: true,
            ..uses.clone()
        };
        if roll(&format!("use {} {day}", system.name), 12) > 0 {
            shelf.add(story, uses);
        }
        if day > date(2025, 1, 20) && roll(&format!("logs {} {day}", system.name), 6) > 0 {
            shelf.add(story, earlier(&logs));
            shelf.add(story, logs);
        }
        day = plus(day, 178);
    }
}

/// What a release leaves behind.
fn release(story: &mut Story, shelf: &mut Shelf, system: &System, number: u32, day: Date) {
    let version = format!("{number}.0");
    let tested = plus(day, -12).max(date(2024, 2, 19)).max(plus(system.intake, 8));
    // What is no longer in operation needs no newer proof.
    let fresh_until = (!matches!(system.life, Life::Retired(_))).then(|| months_later(day, 20));
    let base = Item {
        title: format!("{} {version}: validation report", system.name),
        kind: "test_result",
        source: "Test bench, own cases".to_owned(),
        collected: tested,
        by: 16,
        period: (plus(tested, -20), tested),
        fresh_until,
        supports: clauses(&["A.6.2.4"]),
        systems: vec![system.reference()],
        file: Some(files::validation(system, &version, tested)),
        automated: false,
        certain: false,
    };
    let other = |title: &str, source: &str, supports: &[&str], after: i32, by: u32| Item {
        title: format!("{} {version}: {title}", system.name),
        kind: "attestation",
        source: source.to_owned(),
        collected: plus(day, after).max(tested),
        by,
        supports: clauses(supports),
        file: None,
        ..base.clone()
    };
    // The data engineer came in March 2024.
    let data = if day < date(2024, 4, 1) { 16 } else { 17 };
    shelf.add(
        story,
        other("release checklist", "Release tool, signed", &["A.6.2.5", "8.1-2"], -2, 16),
    );
    if roll(&format!("design {} {number}", system.name), 7) > 0 {
        let supports = ["A.6.2.2", "A.6.2.3", "A.6.1.3"];
        shelf
            .add(story, other("requirements and design record", "Design store", &supports, -8, 16));
    }
    if roll(&format!("notice {} {number}", system.name), 6) > 0 {
        shelf.add(
            story,
            other(
                "notice as shown to users",
                "Screens of the app and of vehicles",
                &["A.8.2"],
                3,
                system.owner,
            ),
        );
    }
    if !system.bought && roll(&format!("data {} {number}", system.name), 5) > 0 {
        let supports = ["A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6"];
        shelf.add(
            story,
            other("data used, with quality results", "Data store", &supports, -10, data),
        );
    }
    if number % 2 == 1 && roll(&format!("file {}", system.name), 3) == 0 {
        shelf.add(story, other("technical documentation", "Document store", &["A.6.2.7"], 9, 16));
    }
    shelf.add(story, base);
}
