//! Many cells at once: chosen by controls and AI systems, shown with what would change, then set, all or none; and undone.

use std::collections::HashSet;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use surety_aims::{
    Action, Command, Kind, RecordId,
    derive::{
        place::decision,
        soa::{Cell, Soa},
    },
    permit,
};
use surety_engine::{Batch, Error, Moment, View};

use super::{
    ask::{Ask, Place, column, home},
    cell::found,
    change::stated,
    grid::{Grid, picked},
    many::{Change, Target, applies, changes, named, owners},
    undo,
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
        handler!(Organisation, undo::undo),
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
pub(super) const MOST: usize = 1_000;

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
            action: shell.link(format!("/soa/bulk?framework={}", self.framework)),
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
