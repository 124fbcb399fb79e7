//! One record: what it says, what happened to it, what it is tied to, what was said about it.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;
use serde_json::Value;
use surety_aims::{
    Action, Kind, Record, RecordId, Ref, of as body_of,
    records::{Comment, Person},
};
use surety_engine::{HistoryRow, NextStep, View, sheets::People};
use surety_reports::views::words;

use super::{
    legal, mentions,
    records::{heading, tone_of},
    system,
};
use crate::{
    call::Call,
    endpoint::{Endpoint, Is, handler, param},
    html::{
        self, Choice, Download, Links, Listing, Part, Pieces, Shape, Shell, capitalised, day,
        distance, moment, parts,
    },
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::page(
    "/records/{kind}/{id}",
    "recordPage",
    "One record.",
    handler!(Organisation, show),
)
.query(&[
    param("tab", Is::Text, "What is shown of it."),
    param("saved", Is::Number(1, 4_294_967_295), "The version that was just stated."),
])
.listing()
.kept()];

/// What there is to see of every record.
const TABS: &[&str] = &["record", "history", "references", "comments"];

/// What there is to see of records of a kind beside that.
fn own_tabs(kind: Kind) -> &'static [&'static str] {
    if kind == Kind::AiSystem { system::TABS } else { &[] }
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    shell: Shell,
    head: Head,
    tabs: Vec<Choice>,
    tab: Tab,
    /// The version that was just stated.
    saved: Option<u32>,
    downloads: Vec<Download>,
}

/// What stands above every part of a record.
pub(super) struct Head {
    pub(super) id: RecordId,
    /// The list of its kind.
    pub(super) list: (String, String),
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) symbol: char,
    pub(super) version: u32,
    pub(super) stated: String,
    /// Its own address.
    pub(super) here: String,
    pub(super) may_edit: bool,
    pub(super) may_withdraw: bool,
    pub(super) missing: Vec<String>,
    pub(super) steps: Vec<Step>,
}

/// A step of its life cycle.
pub(super) struct Step {
    pub(super) action: &'static str,
    pub(super) label: String,
    pub(super) to: String,
    /// Why it is closed, if it is.
    pub(super) closed: Option<Pieces>,
}

enum Tab {
    Overview(system::Overview),
    List(Box<Listing>),
    Record(Vec<Row>),
    History(Vec<Happened>),
    References { to: Vec<Other>, by: Vec<(String, Vec<Other>)> },
    Comments(Comments),
}

/// A field and what it says.
struct Row {
    label: String,
    help: String,
    said: Said,
}

enum Said {
    Nothing,
    Text(Pieces),
    List(Vec<Pieces>),
    Fields(Vec<Row>),
    File { name: String, href: String, bytes: u64 },
}

struct Happened {
    what: String,
    by: String,
    at: String,
    seq: u64,
    detail: Pieces,
    /// Field, what it said before, what it says after.
    changes: Vec<(String, String, String)>,
}

struct Other {
    id: String,
    href: String,
    title: String,
    state: String,
    field: String,
}

struct Comments {
    all: Vec<OneComment>,
    action: Option<String>,
    csrf: String,
    /// Everybody who can be spoken to: id and name.
    people: Vec<(RecordId, String)>,
}

struct OneComment {
    by: String,
    at: String,
    text: Pieces,
}

async fn show(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let view = call.view().await?;
    let record = view.book().get(id).ok_or_else(|| Problem::not_found(id))?;
    let people = call.people().await?;
    let called = people.called(view.book(), id);
    let called = if called.is_empty() { title(record) } else { called };
    let shell = Shell::of(&call, &view, &called, "").await?.with_script("mentions.js");
    let head = head(&call, &shell, &view, record);
    let all = || own_tabs(id.kind).iter().chain(TABS).copied();
    let name = call.text("tab")?.or_else(|| all().next()).unwrap_or_default();
    if !all().any(|known| known == name) {
        return Err(Problem::bad(format!("`tab={name}`: there is no such part of {id}")));
    }
    let reading = Reading { view: &view, people: &people, links: shell.links(), on: view.on };
    let part = if id.kind == Kind::AiSystem {
        system::part(&call, &view, record, name).await?
    } else {
        None
    };
    if let Some(part) = &part
        && let Some(file) = Listing::file(&call, &view, &part.sheet, &part.shows).await?
    {
        return Ok(file);
    }
    let tab = match (name, part) {
        (_, Some(part)) => {
            Tab::List(Box::new(Listing::of(&call, &shell, &part.sheet, part.shows)?))
        }
        ("overview", None) => Tab::Overview(system::overview(&view, &shell, record)?),
        ("history", None) => Tab::History(reading.history(call.history(id).await?)),
        ("references", None) => reading.references(record),
        ("comments", None) => Tab::Comments(reading.comments(record, &shell)),
        (_, None) => Tab::Record(reading.rows(&parts(id.kind), &record.body.to_json())),
    };
    let tabs = tabs(&shell, id, name);
    let saved = call.number("saved", 1..=u32::MAX)?;
    let downloads = downloads(&shell, id);
    html::page(&RecordPage { shell, head, tabs, tab, saved, downloads })
}

/// Kinds of which a document can be made.
fn downloads(shell: &Shell, id: RecordId) -> Vec<Download> {
    if id.kind == Kind::AiSystem {
        vec![Download::of(
            shell,
            "The dossier: what it is, its class and obligations, controls, risks, evidence and history.",
            &format!("/dossiers/{id}"),
        )]
    } else if id.kind == Kind::Policy {
        let says = "The policy as a document: its text, who approved it, how it came about.";
        vec![Download::of(shell, says, &format!("/policies/{id}"))]
    } else {
        Vec::new()
    }
}

pub(super) fn title(record: &Record) -> String {
    let title = record.title().trim();
    if title.is_empty() { record.id.to_string() } else { title.to_owned() }
}

pub(super) fn tabs(shell: &Shell, id: RecordId, current: &str) -> Vec<Choice> {
    let tab = |name: &str| Choice {
        name: capitalised(name),
        value: shell.link(format!("/records/{}/{id}?tab={name}", id.kind)),
        chosen: name == current,
    };
    own_tabs(id.kind).iter().chain(TABS).copied().map(tab).chain(legal::beside(shell, id)).collect()
}

/// What stands above the record.
pub(super) fn head(call: &Call, shell: &Shell, view: &View, record: &Record) -> Head {
    let (id, kind) = (record.id, record.id.kind);
    let links = shell.links();
    // Whoever takes no steps at all is shown none that are closed either.
    let takes_steps = shell.may(Action::Move(kind)) || shell.may(Action::Approve(kind));
    let steps = view.steps(record, &call.principal);
    let step = |step: NextStep| Step {
        action: step.action,
        label: capitalised(&words(step.action)),
        to: words(step.to).into_owned(),
        closed: step.closed_because.map(|why| links.pieces(&why)),
    };
    let missing = steps.missing.iter().map(|field| words(field).into_owned()).collect();
    let steps = steps.next_steps.into_iter().filter(|_| takes_steps).map(step).collect();
    let tone = tone_of(record);
    Head {
        id,
        list: (heading(kind), shell.link(format!("/records/{kind}"))),
        state: capitalised(&words(record.state)),
        tone: tone.word(),
        symbol: tone.symbol(),
        version: record.version,
        stated: moment(record.stated.at),
        here: format!("{}/records/{kind}/{id}", links.base),
        may_edit: shell.may(Action::State(kind)),
        may_withdraw: shell.may(Action::Withdraw(kind)),
        missing,
        steps,
    }
}

/// What is needed to read a record to somebody.
struct Reading<'a> {
    view: &'a View,
    people: &'a People,
    links: Links,
    on: Date,
}

impl Reading<'_> {
    fn rows(&self, parts: &[Part], body: &Value) -> Vec<Row> {
        let row = |part: &Part| Row {
            label: capitalised(&words(&part.name)),
            help: part.help.clone(),
            said: body.get(&part.name).map_or(Said::Nothing, |value| self.said(&part.shape, value)),
        };
        parts.iter().map(row).collect()
    }

    fn said(&self, shape: &Shape, value: &Value) -> Said {
        match (shape, value) {
            (_, Value::Null) => Said::Nothing,
            (Shape::Object(parts), _) => {
                let mut rows = self.rows(parts, value);
                rows.retain(|row| !matches!(row.said, Said::Nothing));
                if rows.is_empty() { Said::Nothing } else { Said::Fields(rows) }
            }
            (Shape::File, _) => self.file(value),
            (Shape::List(of), Value::Array(items)) if !items.is_empty() => {
                Said::List(items.iter().map(|item| self.pieces(of, item)).collect())
            }
            (Shape::List(_), _) => Said::Nothing,
            _ => {
                let pieces = self.pieces(shape, value);
                if pieces.is_empty() { Said::Nothing } else { Said::Text(pieces) }
            }
        }
    }

    fn pieces(&self, shape: &Shape, value: &Value) -> Pieces {
        let text = html::said(value);
        match shape {
            Shape::Reference(_) => match text.parse::<RecordId>() {
                Ok(id) => Pieces::link(self.name(id), self.links.record(id)),
                Err(_) => self.links.pieces(&text),
            },
            Shape::Choice(_) => Pieces::plain(capitalised(&words(&text))),
            Shape::Date => match text.parse::<Date>() {
                Ok(date) => Pieces::plain(format!("{} ({})", day(date), distance(date, self.on))),
                Err(_) => self.links.pieces(&text),
            },
            Shape::Moment => match text.parse() {
                Ok(at) => Pieces::plain(moment(at)),
                Err(_) => self.links.pieces(&text),
            },
            Shape::Object(parts) => self.told(parts, value),
            Shape::Text => self.spoken(&text),
            Shape::Requirement
            | Shape::Number { .. }
            | Shape::Flag
            | Shape::Answer
            | Shape::File
            | Shape::List(_)
            | Shape::Json => self.links.pieces(&text),
        }
    }

    /// What an object says, on one line.
    fn told(&self, parts: &[Part], value: &Value) -> Pieces {
        let mut told = Pieces::default();
        for part in parts {
            let said = value.get(&part.name).map(|value| self.pieces(&part.shape, value));
            let Some(said) = said.filter(|said| !said.is_empty()) else { continue };
            let joint = if told.is_empty() { "" } else { "; " };
            told.all.extend(Pieces::plain(format!("{joint}{}: ", words(&part.name))).all);
            told.all.extend(said.all);
        }
        told
    }

    fn file(&self, value: &Value) -> Said {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let id = self.links.base.trim_start_matches("/o/");
        Said::File {
            name: text("name").to_owned(),
            href: format!("/api/v1/organisations/{id}/files/{}", text("sha256")),
            bytes: value.get("bytes").and_then(Value::as_u64).unwrap_or(0),
        }
    }

    /// A record by its id and title; a person by name.
    fn name(&self, id: RecordId) -> String {
        let called = self.people.called(self.view.book(), id);
        if id.kind == Kind::Person { called } else { format!("{id} {called}").trim().to_owned() }
    }

    fn actor(&self, by: &str) -> String {
        match by.parse::<Ref<Person>>() {
            Ok(person) => self.people.name(self.view.book(), person),
            Err(_) => by.to_owned(),
        }
    }

    /// What happened, newest first, each version with what it changed.
    fn history(&self, rows: Vec<HistoryRow>) -> Vec<Happened> {
        let mut before = BTreeMap::new();
        let mut all: Vec<Happened> = Vec::new();
        for row in rows.into_iter().rev() {
            let after = row.event.get("body").and_then(Value::as_object);
            let changes = after.map(|after| {
                let after: BTreeMap<_, _> = after.clone().into_iter().collect();
                let changes = changes(&before, &after);
                before = after;
                changes
            });
            all.push(Happened {
                what: capitalised(&words(&row.what)),
                by: self.actor(&row.by),
                at: moment(row.at),
                seq: row.seq,
                detail: if changes.is_some() {
                    Pieces::default()
                } else {
                    self.links.pieces(&row.detail)
                },
                changes: changes.unwrap_or_default(),
            });
        }
        all.reverse();
        all
    }

    fn other(&self, id: RecordId, field: &str) -> Other {
        let record = self.view.book().get(id);
        Other {
            id: id.to_string(),
            href: self.links.record(id),
            title: match record {
                Some(_) => self.people.called(self.view.book(), id),
                None => "withdrawn".to_owned(),
            },
            state: record.map(|record| words(record.state).into_owned()).unwrap_or_default(),
            field: capitalised(&words(field)),
        }
    }

    fn references(&self, record: &Record) -> Tab {
        let hidden = |id: RecordId| self.view.sight.as_ref().is_some_and(|sight| sight.hides(id));
        let to = record.body.references().into_iter().filter(|(_, id)| !hidden(*id));
        let to = to.map(|(field, id)| self.other(id, field)).collect();
        let mut by: BTreeMap<Kind, Vec<Other>> = BTreeMap::new();
        for other in self.view.book().referrers(record.id) {
            by.entry(other.id.kind).or_default().push(self.other(other.id, ""));
        }
        let by = by.into_iter().map(|(kind, others)| (heading(kind), others)).collect();
        Tab::References { to, by }
    }

    fn comments(&self, record: &Record, shell: &Shell) -> Comments {
        let about = |other: &&Record| {
            body_of::<Comment>(other).is_some_and(|said| said.about == Some(record.id))
        };
        let said = self.view.book().referrers(record.id).filter(about);
        let one = |other: &Record| {
            let text = body_of::<Comment>(other).map(|said| said.text.as_str()).unwrap_or_default();
            let (by, at) = (self.actor(&other.created.by), moment(other.created.at));
            OneComment { by, at, text: self.spoken(text) }
        };
        let base = &self.links.base;
        let action = format!("{base}/records/{}/{}/comment", record.id.kind, record.id);
        let action = shell.may(Action::State(Kind::Comment)).then_some(action);
        let people = action.as_ref().map(|_| mentions::called(self.view.book(), self.people));
        Comments {
            all: said.map(one).collect(),
            action,
            csrf: shell.csrf().to_owned(),
            people: people.unwrap_or_default(),
        }
    }

    fn spoken(&self, text: &str) -> Pieces {
        mentions::shown(&self.links, text, self.view.book(), self.people)
    }
}

/// Fields that differ: what each said before and says after.
fn changes(
    before: &BTreeMap<String, Value>,
    after: &BTreeMap<String, Value>,
) -> Vec<(String, String, String)> {
    let names: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differ = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    let said = |values: &BTreeMap<String, Value>, name: &String| {
        values.get(name).map(html::said).unwrap_or_default()
    };
    differ.map(|name| (capitalised(&words(name)), said(before, name), said(after, name))).collect()
}
