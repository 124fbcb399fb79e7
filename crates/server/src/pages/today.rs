//! Today: what waits for whoever looks, what presses, how far the management system is, what happened.

mod countdown;

use askama::Template;
use axum::response::Response;
use jiff::ToSpan;
use surety_aims::{
    Action, Book, Kind, Ref,
    derive::{Window, due::DueItem, readiness::Stage, soa::Scores},
    records::Person,
};
use surety_engine::{View, sheets::People, views::STANDARD};
use surety_reports::views::words;

use self::countdown::{Countdown, countdowns};
use super::incident::instant;
use crate::{
    call::Call,
    endpoint::{Endpoint, handler},
    html::{self, Links, Pieces, Shell, capitalised, day, distance, moment},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] =
    &[Endpoint::page("", "todayPage", "What to do today.", handler!(Organisation, today)).kept()];

/// Lines of each part; a link leads to all.
const LINES: usize = 8;
/// Days ahead that count as near.
const NEAR: i32 = 30;

#[derive(Template)]
#[template(path = "today.html")]
struct Today {
    shell: Shell,
    first_steps: Vec<FirstStep>,
    mine: Vec<Line>,
    others: Vec<Line>,
    overdue: usize,
    near: usize,
    countdowns: Vec<Countdown>,
    readiness: Option<Readiness>,
    plan: Vec<Next>,
    happened: Vec<Happened>,
}

/// A step that every organisation begins with.
struct FirstStep {
    done: bool,
    name: &'static str,
    /// What it is for, and which clause asks for it.
    says: &'static str,
    href: String,
}

struct Line {
    what: String,
    id: String,
    href: String,
    title: String,
    owner: String,
    day: String,
    distance: String,
    tone: &'static str,
    symbol: char,
}

struct Readiness {
    layers: Vec<Layer>,
    stages: Vec<(&'static str, u32, u32)>,
    undecided: u32,
    applicable: u32,
}

/// One of the three ways in which a control lives.
struct Layer {
    name: &'static str,
    says: &'static str,
    count: u32,
    percent: u32,
    tone: &'static str,
    symbol: char,
}

struct Next {
    label: String,
    title: String,
    says: String,
    adopted: Option<(String, String)>,
}

struct Happened {
    at: String,
    by: String,
    what: String,
    title: String,
    record: Pieces,
}

async fn today(call: Call) -> Result<Response, Problem> {
    let view = call.view().await?;
    let people = call.people().await?;
    let shell = Shell::of(&call, &view, "Today", "").await?.with_script("clocks.js");
    let window = Window { from: view.on.saturating_sub(7.days()), to: view.on };
    let activity = call.activity(&view, window).await?;
    let (readiness, plan) = standing(&view)?;
    let reading = Reading { view: &view, people: &people, links: shell.links() };
    let me = shell.place.as_ref().and_then(|place| place.me);
    let due = view.due(Some(NEAR));
    let is_mine = |item: &&DueItem<'_>| item.owner.is_some_and(|owner| Some(owner.id()) == me);
    let overdue = due.items.iter().filter(|item| item.days < 0).count();
    let page = Today {
        first_steps: first_steps(view.book(), &shell),
        mine: reading.lines(due.items.iter().filter(is_mine)),
        others: reading.lines(due.items.iter().filter(|item| !is_mine(item))),
        overdue,
        near: due.items.len().saturating_sub(overdue),
        countdowns: countdowns(&view, &shell, instant(&call, &view))?,
        readiness,
        plan,
        happened: reading.happened(activity.events.iter().rev().take(LINES)),
        shell,
    };
    html::page(&page)
}

/// How far the controls live, and what the plan puts first.
fn standing(view: &View) -> Result<(Option<Readiness>, Vec<Next>), Problem> {
    let soa = view.soa(STANDARD, None)?;
    let gaps = view.gaps(&soa, &[STANDARD.to_owned()])?;
    let plan = view.plan(&gaps);
    let next = plan.items.iter().take(LINES).map(|item| Next {
        label: item.label.to_owned(),
        title: item.title.to_owned(),
        says: item.finding.says.to_owned(),
        adopted: item
            .adopted
            .map(|adopted| (adopted.record.to_string(), words(adopted.state).into_owned())),
    });
    let next = next.collect();
    if soa.scores.applicable == 0 && soa.scores.undecided == 0 {
        return Ok((None, next));
    }
    let readiness = view.readiness(&soa)?;
    let stage = |name, stage: &Stage<'_>| (name, stage.ready, stage.of);
    let readiness = Readiness {
        layers: layers(&soa.scores),
        stages: vec![stage("Stage 1", &readiness.stage1), stage("Stage 2", &readiness.stage2)],
        undecided: soa.scores.undecided,
        applicable: soa.scores.applicable,
    };
    Ok((Some(readiness), next))
}

fn layers(scores: &Scores) -> Vec<Layer> {
    let layer = |name, says, count, tone, symbol| Layer {
        name,
        says,
        count,
        percent: scores.percent(count),
        tone,
        symbol,
    };
    vec![
        layer(
            "Designed",
            "Somebody decided how the control works here.",
            scores.designed,
            "info",
            '○',
        ),
        layer("Documented", "It is written down and in force.", scores.documented, "info", '◐'),
        layer(
            "Operating",
            "Evidence of operation covers the last twelve months.",
            scores.operating,
            "good",
            '●',
        ),
    ]
}

/// What an organisation begins with, in order; nothing once all of it is there.
fn first_steps(book: &Book, shell: &Shell) -> Vec<FirstStep> {
    let step = |kind: Kind, name, says, path: &str| FirstStep {
        done: book.of_kind(kind).next().is_some(),
        name,
        says,
        href: shell.link(path),
    };
    let steps = vec![
        step(
            Kind::ScopeStatement,
            "Scope",
            "What the management system covers, and what not (ISO/IEC 42001 4.3).",
            "/records/scope_statement/new",
        ),
        step(
            Kind::AiSystem,
            "Inventory",
            "Every AI system that is built, bought or embedded (4.1, A.4.2).",
            "/records/ai_system/new",
        ),
        step(
            Kind::Classification,
            "Classification",
            "The class of each under the EU AI Act, with why.",
            "/classes",
        ),
        step(
            Kind::ControlImplementation,
            "Statement of Applicability",
            "Which controls apply, to what, and why (6.1.3).",
            "/soa",
        ),
        step(
            Kind::EvidenceItem,
            "Evidence",
            "What shows that the controls live (9.1).",
            "/records/evidence_item/new",
        ),
    ];
    let is_over = steps.iter().all(|step| step.done) || !shell.may(Action::State(Kind::AiSystem));
    if is_over { Vec::new() } else { steps }
}

struct Reading<'a> {
    view: &'a View,
    people: &'a People,
    links: Links,
}

impl Reading<'_> {
    fn lines<'i>(&self, items: impl Iterator<Item = &'i DueItem<'i>>) -> Vec<Line> {
        items.take(LINES).map(|item| self.line(item)).collect()
    }

    fn line(&self, item: &DueItem<'_>) -> Line {
        let (tone, symbol) = if item.days < 0 { ("bad", '■') } else { ("warn", '▲') };
        Line {
            what: capitalised(item.what),
            id: item.record.to_string(),
            href: self.links.record(item.record),
            title: self.people.called(self.view.book(), item.record),
            owner: item.owner.map(|owner| self.person(owner)).unwrap_or_default(),
            day: day(item.date),
            distance: distance(item.date, self.view.on),
            tone,
            symbol,
        }
    }

    fn person(&self, person: Ref<Person>) -> String {
        self.people.name(self.view.book(), person)
    }

    fn happened<'e>(
        &self,
        events: impl Iterator<Item = &'e surety_aims::derive::activity::Touched>,
    ) -> Vec<Happened> {
        let one = |event: &surety_aims::derive::activity::Touched| Happened {
            at: moment(event.at),
            by: event.by.parse().map_or_else(|_| event.by.clone(), |person| self.person(person)),
            what: words(&event.what).into_owned(),
            title: self.people.called(self.view.book(), event.record),
            record: self.links.pieces(&event.record.to_string()),
        };
        events.map(one).collect()
    }
}
