//! Many cells at once: chosen by controls and AI systems, shown with what would change, then set, all or none; and undone.

use std::collections::HashSet;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};
use surety_aims::{
    Action, Command, Kind, Record, RecordId, Ref,
    derive::{
        place::decision,
        soa::{Cell, Soa},
    },
    permit,
    records::Person,
};
use surety_engine::{Batch, Error, Moment, View, sheets::People};

use super::{
    ask::{Ask, Place, column, home},
    cell::found,
    change::{at, stated},
    grid::{Grid, picked},
};
use crate::{
    call::Call,
    endpoint::{Endpoint, Is, Param, handler, param},
    html::{self, Choice, Pieces, Shell},
    problem::Problem,
};

pub(crate) const MANY: &[Endpoint] = &[
    Endpoint::page(
        "/soa/bulk",
        "soaBulkPage",
        "A form for the decisions on many cells.",
        handler!(Organisation, choose),
    )
    .query(CHOSEN),
    Endpoint::form(
        "/soa/bulk",
        "soaBulkForm",
        "Set the decisions on many cells, or show what that would change.",
        handler!(Organisation, set),
    )
    .query(&[param("framework", Is::Text, "A framework in use.")]),
    Endpoint::form(
        "/soa/undo",
        "soaUndoForm",
        "Undo what was set for many cells at once.",
        handler!(Organisation, undo),
    ),
];

/// Which cells: controls by AI systems, of those that the filters of the matrix let through.
const CHOSEN: &[Param] = &[
    param("framework", Is::Text, "A framework in use."),
    param("by", Is::Text, "How AI systems are put together."),
    param("domain", Is::Text, "Only controls under this heading."),
    param("group", Is::Text, "Only AI systems of this group or class."),
    param("state", Is::Text, "Only cells of this standing."),
    param("owner", Is::Text, "Only cells that this person answers for."),
    param("q", Is::Text, "Only controls and AI systems with this text."),
    param("row", Is::List, "Controls; all that are shown if none is named."),
    param(
        "column",
        Is::List,
        "AI systems, or `organisation`; all that are shown if none is named.",
    ),
];

/// How many cells can be set at once.
const MOST: usize = 1_000;

#[derive(Template)]
#[template(path = "soa_bulk.html")]
struct BulkPage {
    shell: Shell,
    action: String,
    back: String,
    /// What is chosen, in words.
    chosen: String,
    /// The cells with what stands there, for the form.
    cells: Vec<String>,
    applies: Vec<Choice>,
    justification: String,
    owners: Vec<Choice>,
    error: String,
    preview: Option<Preview>,
}

/// What would happen.
struct Preview {
    rows: Vec<Would>,
    changed: usize,
    refused: usize,
}

/// What would happen to one cell.
struct Would {
    control: String,
    place: String,
    what: String,
    changes: Vec<(&'static str, String, String)>,
    refused: Option<Pieces>,
}

/// A cell that is to be set.
struct Target<'v> {
    place: Place,
    cell: &'v Cell<'v>,
    own: Option<&'v Record>,
}

impl Target<'_> {
    /// The cell and the version of the decision that stands there, for the form.
    fn written(&self) -> String {
        let own = self.own.map(|own| format!("{}.{}", own.id, own.version));
        format!("{}@{}", self.place, own.unwrap_or_default())
    }
}

/// What is to be set; nothing is said about the rest.
struct Change<'c> {
    /// The outer nothing: leave it; the inner: take it over from above.
    applicable: Option<Option<bool>>,
    justification: &'c str,
    owner: Option<Ref<Person>>,
}

impl<'c> Change<'c> {
    fn of(call: &'c Call) -> Result<Change<'c>, Problem> {
        let applicable = match call.field("applicable") {
            "" => None,
            "true" => Some(Some(true)),
            "false" => Some(Some(false)),
            "above" => Some(None),
            other => return Err(Problem::bad(format!("`applicable={other}` can't be read"))),
        };
        let owner = match call.field("owner") {
            "" => None,
            text => {
                let read =
                    text.parse().map_err(|_| Problem::bad(format!("`owner={text}` is nobody")));
                Some(read?)
            }
        };
        Ok(Change { applicable, justification: call.field("justification").trim(), owner })
    }

    fn is_empty(&self) -> bool {
        self.applicable.is_none() && self.justification.is_empty() && self.owner.is_none()
    }

    /// The decision as it would be.
    fn body(&self, framework: &str, target: &Target<'_>) -> Value {
        let mut body = match target.own {
            Some(own) => own.body.to_json(),
            None => at(framework, &target.place),
        };
        if let Value::Object(fields) = &mut body {
            if let Some(applicable) = self.applicable {
                fields.insert("applicable".to_owned(), json!(applicable));
            }
            if !self.justification.is_empty() {
                fields.insert("justification".to_owned(), self.justification.into());
            }
            if let Some(owner) = self.owner {
                fields.insert("owner".to_owned(), owner.to_string().into());
            }
        }
        body
    }
}

async fn choose(call: Call) -> Result<Response, Problem> {
    permit(&call.principal, Action::State(Kind::ControlImplementation)).map_err(Error::from)?;
    call.whole()?;
    let ask = Ask::of(&call)?;
    let view = call.view_of(Moment::Now).await?;
    let soa = view.soa(ask.framework, None)?;
    let targets = chosen(&call, &view, &soa, &ask)?;
    let page = Page { call: &call, view: &view, framework: soa.framework, targets: &targets };
    page.drawn(StatusCode::OK, None, String::new()).await
}

/// The cells that the address names.
fn chosen<'v>(
    call: &Call,
    view: &'v View,
    soa: &'v Soa<'v>,
    ask: &Ask<'_>,
) -> Result<Vec<Target<'v>>, Problem> {
    let grid = Grid::of(view, soa, view.framework(ask.framework)?, ask);
    let rows: HashSet<String> = call.texts("row").into_iter().collect();
    let mut columns = HashSet::new();
    for text in call.texts("column") {
        let named = column(&text);
        columns.insert(named.ok_or_else(|| Problem::bad(format!("`column={text}` is none")))?);
    }
    let wants = |system: Option<RecordId>| match columns.is_empty() {
        true => system.is_some(),
        false => columns.contains(&system),
    };
    let systems: Vec<usize> = grid.systems().collect();
    let mut all = Vec::new();
    for row in grid.controls() {
        let Some(control) = soa.controls.get(row) else { continue };
        if !rows.is_empty() && !rows.contains(control.id) {
            continue;
        }
        if wants(None) && picked(ask, &control.organisation) {
            all.push(target(view, soa, control.id, &control.organisation));
        }
        let cells = systems.iter().filter(|system| grid.counts(row, **system));
        let cells = cells.filter_map(|system| grid.cell(row, *system));
        all.extend(
            cells.filter(|cell| wants(cell.system)).map(|cell| target(view, soa, control.id, cell)),
        );
    }
    few(all)
}

fn target<'v>(view: &'v View, soa: &Soa<'_>, control: &str, cell: &'v Cell<'v>) -> Target<'v> {
    let place = Place { control: control.to_owned(), system: cell.system };
    let own = decision(view.book(), (soa.framework, control), cell.system);
    Target { place, cell, own }
}

fn few(all: Vec<Target<'_>>) -> Result<Vec<Target<'_>>, Problem> {
    match all.len() {
        0 => Err(Problem::refused("no cell is chosen; choose some in the matrix")),
        count if count > MOST => Err(Problem::refused(format!(
            "{count} cells are chosen; set at most {MOST} at once, or decide for the organisation or a group"
        ))),
        _ => Ok(all),
    }
}

async fn set(call: Call) -> Result<Response, Problem> {
    permit(&call.principal, Action::State(Kind::ControlImplementation)).map_err(Error::from)?;
    let ask = Ask::of(&call)?;
    let view = call.view_of(Moment::Now).await?;
    let soa = view.soa(ask.framework, None)?;
    let asked: Vec<&str> = call
        .form
        .iter()
        .filter(|(name, _)| name == "cell")
        .map(|(_, text)| text.as_str())
        .collect();
    let mut targets = Vec::new();
    for text in &asked {
        let place = text.split_once('@').and_then(|(place, _)| place.parse::<Place>().ok());
        let place = place.ok_or_else(|| Problem::bad(format!("`cell={text}` can't be read")))?;
        let cell = found(&soa, &place)?;
        targets.push(target(&view, &soa, &place.control, cell));
    }
    let targets = few(targets)?;
    let change = Change::of(&call)?;
    let page = Page { call: &call, view: &view, framework: soa.framework, targets: &targets };
    if change.is_empty() {
        let error =
            "Say what is to be set: whether it applies, why, or who answers for it.".to_owned();
        return page.drawn(StatusCode::UNPROCESSABLE_ENTITY, None, error).await;
    }
    let commands: Vec<Command> = targets
        .iter()
        .map(|target| stated(target.own, change.body(soa.framework, target)))
        .collect();
    let preview = page.preview(&commands, &change).await?;
    let is_current = asked.iter().zip(&targets).all(|(text, target)| *text == target.written());
    match call.field("step") {
        "apply" if !is_current => {
            let error = "Some of these decisions were changed meanwhile; nothing was set. Look at it again.".to_owned();
            page.drawn(StatusCode::PRECONDITION_FAILED, Some(preview), error).await
        }
        "apply" if preview.refused == 0 => page.apply(commands).await,
        "apply" => {
            let error = "Some of it is refused, so nothing was set.".to_owned();
            page.drawn(StatusCode::UNPROCESSABLE_ENTITY, Some(preview), error).await
        }
        _ => page.drawn(StatusCode::OK, Some(preview), String::new()).await,
    }
}

/// What is needed to show a choice of cells.
struct Page<'a> {
    call: &'a Call,
    view: &'a View,
    framework: &'a str,
    targets: &'a [Target<'a>],
}

impl Page<'_> {
    async fn drawn(
        &self,
        status: StatusCode,
        preview: Option<Preview>,
        error: String,
    ) -> Result<Response, Problem> {
        let lead = "What is set stands at each cell itself, before what its group or the organisation decides.";
        let shell = Shell::of(self.call, self.view, "Set many cells", lead).await?;
        let people = self.call.people().await?;
        let page = BulkPage {
            action: shell.link(&format!("/soa/bulk?framework={}", self.framework)),
            back: format!("{}?framework={}", home(self.call), self.framework),
            chosen: self.chosen(),
            cells: self.targets.iter().map(Target::written).collect(),
            applies: applies(self.call.field("applicable")),
            justification: self.call.field("justification").to_owned(),
            owners: owners(self.view, &people, self.call.field("owner")),
            error,
            preview,
            shell,
        };
        html::rendered(status, &page)
    }

    fn chosen(&self) -> String {
        let controls: HashSet<&str> =
            self.targets.iter().map(|target| target.place.control.as_str()).collect();
        let places: HashSet<Option<RecordId>> =
            self.targets.iter().map(|target| target.place.system).collect();
        let cells = match self.targets.len() {
            1 => "1 cell".to_owned(),
            count => format!("{count} cells"),
        };
        let few = |all: Vec<String>, what: &str| match all.len() {
            0..=3 => all.join(", "),
            count => format!("{count} {what}"),
        };
        let mut rows: Vec<String> = controls.into_iter().map(str::to_owned).collect();
        rows.sort();
        let mut columns: Vec<String> = places.into_iter().map(named).collect();
        columns.sort();
        format!("{cells}: {}; {}", few(rows, "controls"), few(columns, "places"))
    }

    async fn preview(&self, commands: &[Command], change: &Change<'_>) -> Result<Preview, Problem> {
        let next = self.view.book().next_number(Kind::ControlImplementation);
        let new = (next..).map(|number| RecordId::new(Kind::ControlImplementation, number));
        let mut new = new;
        let ids = self.targets.iter().map(|target| match target.own {
            Some(own) => Some(own.id),
            None => new.next(),
        });
        let asked: Vec<_> = ids.flatten().zip(commands).collect();
        let tried = self.call.whole()?.try_out(self.view, &self.call.principal, asked);
        let people = self.call.people().await?;
        let links = Shell::of(self.call, self.view, "", "").await?.links();
        let would = |(target, tried): (&Target<'_>, surety_engine::Tried)| {
            let changes = changes(self.view, &people, target, change);
            Would {
                control: target.place.control.clone(),
                place: named(target.place.system),
                what: target.own.map_or_else(
                    || "a decision of its own".to_owned(),
                    |own| format!("{}, version {}", own.id, own.version.saturating_add(1)),
                ),
                changes: if tried.refused.is_none() && tried.changes.is_empty() {
                    Vec::new()
                } else {
                    changes
                },
                refused: tried.refused.map(|why| links.pieces(&why.to_string())),
            }
        };
        let rows: Vec<Would> = self.targets.iter().zip(tried).map(would).collect();
        Ok(Preview {
            changed: rows
                .iter()
                .filter(|row| row.refused.is_none() && !row.changes.is_empty())
                .count(),
            refused: rows.iter().filter(|row| row.refused.is_some()).count(),
            rows,
        })
    }

    async fn apply(&self, commands: Vec<Command>) -> Result<Response, Problem> {
        let commands = commands.into_iter().map(Into::into).collect();
        let done = self.call.execute(Batch { commands, idempotency_key: None }).await?;
        let (from, to) = done.entries;
        Ok(html::to(&format!("{}?framework={}&done={from}-{to}", home(self.call), self.framework)))
    }
}

/// What a cell is called beside its control.
fn named(system: Option<RecordId>) -> String {
    system.map_or_else(|| "the organisation".to_owned(), |id| id.to_string())
}

/// What would differ: what a cell says now, wherever that comes from, and what would stand there.
fn changes(
    view: &View,
    people: &People,
    target: &Target<'_>,
    change: &Change<'_>,
) -> Vec<(&'static str, String, String)> {
    let cell = target.cell;
    let person = |owner: Ref<Person>| people.name(view.book(), owner);
    let yes = |applies: Option<bool>| match applies {
        Some(true) => "applies".to_owned(),
        Some(false) => "does not apply".to_owned(),
        None => "undecided".to_owned(),
    };
    let from = match cell.level() {
        Some("organisation") if target.place.system.is_some() => " (by the organisation)",
        Some("group") => " (by its group)",
        Some(_) | None => "",
    };
    let mut all = Vec::new();
    if let Some(applicable) = change.applicable {
        let after = applicable.map_or_else(|| "as decided above".to_owned(), |is| yes(Some(is)));
        all.push(("Applies", format!("{}{from}", yes(cell.applicable)), after));
    }
    if !change.justification.is_empty() {
        all.push(("Justification", cell.justification.to_owned(), change.justification.to_owned()));
    }
    if let Some(owner) = change.owner {
        all.push(("Owner", cell.owner.map(person).unwrap_or_default(), person(owner)));
    }
    all.retain(|(_, before, after)| before != after);
    all
}

fn applies(chosen: &str) -> Vec<Choice> {
    let choice = |(value, name): (&str, &str)| Choice {
        name: name.to_owned(),
        value: value.to_owned(),
        chosen: value == chosen,
    };
    [
        ("", "Leave as it is"),
        ("true", "It applies"),
        ("false", "It does not apply"),
        ("above", "Take over what the group or the organisation decides"),
    ]
    .map(choice)
    .to_vec()
}

fn owners(view: &View, people: &People, chosen: &str) -> Vec<Choice> {
    let choice = |record: &Record| {
        let value = record.id.to_string();
        let name = people.name(view.book(), Ref::new(record.id.number));
        Choice { chosen: value == chosen, name, value }
    };
    view.book().of_kind(Kind::Person).filter(|record| record.is_live()).map(choice).collect()
}

/// Undoes a batch by its inverse: decisions that it made are withdrawn, those that it changed say again what they said.
async fn undo(call: Call) -> Result<Response, Problem> {
    let (from, to) = range(call.field("done"))?;
    let before = call.view_of(Moment::Size(from)).await?;
    let after = call.view_of(Moment::Size(to)).await?;
    let commands: Vec<_> = after
        .book()
        .of_kind(Kind::ControlImplementation)
        .filter_map(|record| inverse(before.book().get(record.id), record))
        .map(Into::into)
        .collect();
    if commands.is_empty() {
        return Err(Problem::refused("there is nothing to undo"));
    }
    call.execute(Batch { commands, idempotency_key: None }).await?;
    Ok(html::to(&format!("{}?undone=1", home(&call))))
}

/// What leads back from one version of a decision to the one before; nothing if it is the same.
fn inverse(before: Option<&Record>, after: &Record) -> Option<Command> {
    let base = Some(after.version);
    match before {
        None => {
            let reason = "What was set for many cells at once was undone.".to_owned();
            Some(Command::Withdraw { id: after.id, reason, base })
        }
        Some(before) if before.version == after.version => None,
        Some(before) => Some(Command::State {
            kind: after.id.kind,
            id: Some(after.id),
            body: before.body.to_json(),
            custom: before.custom.clone(),
            external: before.external.clone(),
            base,
        }),
    }
}

/// The entries of a batch: `120-160`.
fn range(text: &str) -> Result<(u64, u64), Problem> {
    let wrong = || Problem::bad(format!("`done={text}` names no entries"));
    let (from, to) = text.split_once('-').ok_or_else(wrong)?;
    let (from, to): (u64, u64) =
        (from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?);
    let count = to.checked_sub(from).ok_or_else(wrong)?;
    if count == 0 || usize::try_from(count).map_or(true, |count| count > MOST) {
        return Err(wrong());
    }
    Ok((from, to))
}
