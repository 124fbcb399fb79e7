//! The same change for many records: choose, preview, do it, and take it back.
//!
//! Every stage is a form that brings along what the stages before it said, so nothing is kept on the server between them.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use serde_json::{Map, Value, json};
use surety_aims::{Action, Command, Kind, Record, RecordId, permit};
use surety_engine::{Batch, Error, Moment, Selection, View};
use surety_reports::views::words;

use super::records::heading;
use crate::{
    api::{
        bulk::{Act, Changed, MOST, Withdrawal, change},
        list::narrowed,
        records::Step,
    },
    call::Call,
    endpoint::{Endpoint, handler},
    html::{
        self, Choice, Field, Fields, Part, Pieces, Read, Shape, Shell, capitalised, parts,
        read_field,
    },
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::form(
        "/records/{kind}/bulk",
        "bulkForm",
        "Change many records, with a preview.",
        handler!(Organisation, bulk),
    ),
    Endpoint::form(
        "/records/{kind}/undo",
        "undoForm",
        "Take back what was changed in many records.",
        handler!(Organisation, undo),
    ),
];

#[derive(Template)]
#[template(path = "bulk.html")]
struct BulkPage {
    shell: Shell,
    /// Where it is sent to, and where one goes who changes nothing.
    action: String,
    list: String,
    ids: Vec<RecordId>,
    /// What can be done.
    choices: Vec<Choice>,
    /// What was chosen, and what that asks for.
    what: String,
    input: Option<Input>,
    preview: Option<Preview>,
    done: Option<Done>,
}

/// What a choice asks for.
enum Input {
    Field(Box<Field>),
    Note { label: &'static str, is_needed: bool },
}

/// What would happen.
struct Preview {
    changed: usize,
    refused: usize,
    rows: Vec<PreviewRow>,
    versions: BTreeMap<RecordId, u32>,
    /// What was filled, to be brought along.
    filled: Vec<(String, String)>,
}

struct PreviewRow {
    record: Pieces,
    title: String,
    changes: Vec<(String, String, String)>,
    refused: String,
}

/// What has happened.
struct Done {
    changed: usize,
    /// The records with the version before it, if it can be taken back.
    undo: Vec<String>,
}

/// Names of the form that are none of the record's fields.
const OURS: &[&str] = &["id", "of", "what", "stage"];

async fn bulk(call: Call) -> Result<Response, Problem> {
    let kind = call.kind()?;
    let view = call.view_of(Moment::Now).await?;
    let records = chosen(&call, &view, kind).await?;
    let shell =
        Shell::of(&call, &view, &format!("Change {} {}", records.len(), plural(kind)), "").await?;
    if !shell.may_change(kind) {
        permit(&call.principal, Action::State(kind)).map_err(Error::from)?;
    }
    let (what, stage) = (call.field("what").to_owned(), call.field("stage"));
    let mut page = BulkPage {
        action: shell.link(format!("/records/{kind}/bulk")),
        list: shell.link(format!("/records/{kind}")),
        ids: records.iter().map(|record| record.id).collect(),
        choices: choices(&shell, kind, &what),
        what,
        input: None,
        preview: None,
        done: None,
        shell,
    };
    match stage {
        "preview" | "apply" => match act(&call, kind, &page.what)? {
            Ok(act) => {
                let versions = if stage == "apply" { Some(versions(&call)?) } else { None };
                let said = change(&call, &view, &records, &act, versions.as_ref()).await?;
                match versions {
                    None => page.preview = Some(preview(&call, &page.shell, said)),
                    Some(_) => page.done = Some(done(&act, &said)),
                }
            }
            Err(read) => page.input = input(&call, &view, kind, &page.what, &read).await?,
        },
        _ if !page.what.is_empty() => {
            page.input = input(&call, &view, kind, &page.what, &Read::default()).await?;
        }
        _ => {}
    }
    html::page(&page)
}

/// The records that are meant: those that were ticked, or all that fit the filter of the list.
async fn chosen<'v>(call: &Call, view: &'v View, kind: Kind) -> Result<Vec<&'v Record>, Problem> {
    let book = view.book();
    let records: Vec<&Record> = if call.field("of") == "all" {
        let mut selection = Selection::of(kind);
        for (name, value) in
            call.form.iter().filter(|(name, value)| is_filter(name) && !value.is_empty())
        {
            selection = narrowed(selection, (call, view), name, value).await?;
        }
        selection.records(book).collect()
    } else {
        let ids = call.form.iter().filter(|(name, _)| name == "id");
        let mut ids: Vec<RecordId> = ids.filter_map(|(_, id)| id.parse().ok()).collect();
        ids.sort_unstable();
        ids.dedup();
        let record = |id: RecordId| book.get(id).ok_or_else(|| Problem::not_found(id));
        ids.into_iter().map(record).collect::<Result<_, _>>()?
    };
    match records.len() {
        0 => Err(Problem::bad("choose at least one record; tick the boxes in the list")),
        count if count > MOST => {
            Err(Problem::bad(format!("{count} records fit; change at most {MOST} at once")))
        }
        _ => Ok(records),
    }
}

fn is_filter(name: &str) -> bool {
    matches!(name, "q" | "state" | "owner")
        || ["field.", "min.", "max.", "custom."].iter().any(|prefix| name.starts_with(prefix))
}

fn plural(kind: Kind) -> String {
    let heading = heading(kind);
    let mut characters = heading.chars();
    match characters.next() {
        Some(first) if !heading.starts_with("AI") => {
            first.to_lowercase().collect::<String>() + characters.as_str()
        }
        _ => heading,
    }
}

/// What can be done to records of a kind: fields to set, steps to take, and to withdraw them.
fn choices(shell: &Shell, kind: Kind, chosen: &str) -> Vec<Choice> {
    let choice = |value: String, name: String| Choice { chosen: value == chosen, name, value };
    let mut all = Vec::new();
    if shell.may(Action::State(kind)) {
        let settable = parts(kind).into_iter().filter(|part| !matches!(part.shape, Shape::File));
        all.extend(settable.map(|part| {
            choice(format!("field:{}", part.name), format!("Set: {}", words(&part.name)))
        }));
    }
    let mut actions: Vec<&str> =
        kind.lifecycle().transitions.iter().map(|step| step.action).collect();
    actions.sort_unstable();
    actions.dedup();
    all.extend(actions.into_iter().map(|action| {
        choice(format!("step:{action}"), format!("Step: {}", capitalised(&words(action))))
    }));
    if shell.may(Action::Withdraw(kind)) {
        all.push(choice("withdraw".to_owned(), "Withdraw".to_owned()));
    }
    all
}

fn part_of(kind: Kind, what: &str) -> Option<Part> {
    let name = what.strip_prefix("field:")?;
    parts(kind).into_iter().find(|part| part.name == name)
}

/// What a choice asks for.
async fn input(
    call: &Call,
    view: &View,
    kind: Kind,
    what: &str,
    read: &Read,
) -> Result<Option<Input>, Problem> {
    if let Some(part) = part_of(kind, what) {
        let people = call.people().await?;
        let with =
            Fields { book: view.book(), people: &people, errors: &read.wrong, conflict: None };
        return Ok(Some(Input::Field(Box::new(with.field(&part, "", &read.value)))));
    }
    Ok(match what {
        "withdraw" => Some(Input::Note { label: "Reason", is_needed: true }),
        _ if what.starts_with("step:") => Some(Input::Note { label: "Note", is_needed: false }),
        _ => return Err(Problem::bad(format!("`what={what}` is nothing that can be done"))),
    })
}

/// What is to happen, or which field can't be read.
fn act(call: &Call, kind: Kind, what: &str) -> Result<Result<Act, Read>, Problem> {
    let note = call.field("note").trim().to_owned();
    if let Some(part) = part_of(kind, what) {
        let mut read = read_field(&part, &call.form);
        read.value = json!({ part.name: read.value });
        return Ok(if read.wrong.is_empty() {
            Ok(Act::Patch(Map::from_iter([("body".to_owned(), read.value)])))
        } else {
            Err(read)
        });
    }
    match what.split_once(':') {
        Some(("step", step)) => Ok(Ok(Act::Step(Step { step: step.to_owned(), note }))),
        _ if what == "withdraw" && note.is_empty() => {
            Err(Problem::bad("say why they are withdrawn"))
        }
        _ if what == "withdraw" => Ok(Ok(Act::Withdraw(Withdrawal { reason: note }))),
        _ => Err(Problem::bad(format!("`what={what}` is nothing that can be done"))),
    }
}

/// The versions that the preview showed.
fn versions(call: &Call) -> Result<BTreeMap<RecordId, u32>, Problem> {
    let given = call.form.iter().filter_map(|(name, version)| {
        let id = name.strip_prefix("version.")?;
        Some(id.parse::<RecordId>().ok().zip(version.parse::<u32>().ok()))
    });
    let given: Option<BTreeMap<RecordId, u32>> = given.collect();
    given.ok_or_else(|| Problem::bad("a version of the preview can't be read; begin again"))
}

fn preview(call: &Call, shell: &Shell, said: Changed) -> Preview {
    let links = shell.links();
    let text = |value: &Value| html::said(value);
    let rows = said.records.iter().map(|one| PreviewRow {
        record: links.pieces(&one.id.to_string()),
        title: one.title.clone(),
        changes: one
            .changes
            .iter()
            .map(|field| (capitalised(&words(&field.field)), text(&field.old), text(&field.new)))
            .collect(),
        refused: one.refused.as_ref().map(|why| why.detail.clone()).unwrap_or_default(),
    });
    let is_filled =
        |name: &str| !OURS.contains(&name) && !is_filter(name) && !name.starts_with("version.");
    let filled = call.form.iter().filter(|(name, _)| is_filled(name)).cloned();
    Preview {
        changed: said.changed,
        refused: said.refused,
        rows: rows.collect(),
        filled: filled.collect(),
        versions: said.versions,
    }
}

/// New versions can be taken back; steps and withdrawals are what they are.
fn done(act: &Act, said: &Changed) -> Done {
    let changed = said.records.iter().filter(|one| !one.changes.is_empty());
    let undo = match act {
        Act::Patch(_) => {
            let before = changed.filter_map(|one| Some((one.id, said.versions.get(&one.id)?)));
            before.map(|(id, version)| format!("{id}:{version}")).collect()
        }
        Act::Step(_) | Act::Withdraw(_) => Vec::new(),
    };
    Done { changed: said.changed, undo }
}

/// States again what each record said before, if nobody has changed it since.
async fn undo(call: Call) -> Result<Response, Problem> {
    let kind = call.kind()?;
    let view = call.view_of(Moment::Now).await?;
    let named = call.form.iter().filter(|(name, _)| name == "undo");
    let mut commands = Vec::new();
    for (_, text) in named.take(MOST) {
        let read = text.split_once(':').and_then(|(id, version)| {
            Some((id.parse::<RecordId>().ok()?, version.parse::<u32>().ok()?))
        });
        let (id, version) =
            read.ok_or_else(|| Problem::bad(format!("`undo={text}` can't be read")))?;
        commands.push(restated(&call, &view, id, version).await?);
    }
    if commands.is_empty() {
        return Err(Problem::bad("there is nothing to take back"));
    }
    let commands = commands.into_iter().map(Into::into).collect();
    call.execute(Batch { commands, idempotency_key: None }).await?;
    let (organisation, ..) = call.names();
    Ok(html::to(&format!("/o/{organisation}/records/{kind}")))
}

/// The command that states a record as its version said.
async fn restated(
    call: &Call,
    view: &View,
    id: RecordId,
    version: u32,
) -> Result<Command, Problem> {
    let record = view.book().get(id).ok_or_else(|| Problem::not_found(id))?;
    let wanted = format!("stated version {version}");
    let history = call.history(id).await?;
    let row = history.into_iter().find(|row| row.what == wanted);
    let body = row.and_then(|row| row.event.get("body").cloned());
    let body = body.ok_or_else(|| Problem::not_found(format!("version {version} of {id}")))?;
    Ok(Command::State {
        kind: id.kind,
        id: Some(id),
        body,
        custom: record.custom.clone(),
        external: record.external.clone(),
        // The version that the change made: whoever came after it is not overruled.
        base: Some(version.saturating_add(1)),
    })
}
