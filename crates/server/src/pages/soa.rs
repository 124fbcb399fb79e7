//! The Statement of Applicability: controls down, AI systems across, and each cell from near.
//!
//! One address says all: what is shown, what is folded, which cell is open, with which day it is compared.

mod ask;
mod bulk;
mod cell;
mod change;
mod changes;
mod data;
mod grid;
mod lists;
mod many;
mod table;
mod timeline;
mod undo;

use askama::Template;
use axum::response::Response;
use surety_aims::{Action, Kind, derive::soa::Soa};
use surety_catalog::Framework;
use surety_engine::{View, sheets::People};
use surety_reports::views::{self, soa::Standing};

pub(crate) use bulk::MANY;
pub(crate) use change::CHANGES;

use self::{
    ask::{Ask, Part},
    cell::{Near, Panel, Tried},
    changes::Changes,
    grid::{Grid, Sums},
    table::Drawing,
};
use crate::{
    call::Call,
    endpoint::{Endpoint, Is, handler, param},
    html::{self, Choice, Download, Filter, Shell, Views},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::page(
    "/soa",
    "soaPage",
    "The Statement of Applicability.",
    handler!(Organisation, show),
)
.listing()
.query(&[
    param("framework", Is::Text, "A framework in use."),
    param(
        "view",
        Is::OneOf(&["", "matrix", "statement", "cells", "cell", "print"]),
        "What is shown of it.",
    ),
    param("by", Is::OneOf(&["", "group", "class", "none"]), "How AI systems are put together."),
    param("domain", Is::Text, "Only controls under this heading."),
    param("group", Is::Text, "Only AI systems of this group or class."),
    param("state", Is::Text, "Only cells of this standing, by its word."),
    param("owner", Is::Text, "Only cells that this person answers for."),
    param("control", Is::Text, "Only cells of this control."),
    param("system", Is::Text, "Only cells of this AI system."),
    param("from", Is::Text, "The day with which it is compared."),
    param("fold", Is::List, "Headings and groups that are folded."),
    param("cell", Is::Text, "The cell that is open: A.6.2.4/SYS-3, or A.6.2.4/organisation."),
    param("saved", Is::Text, "A decision was just stated."),
    param("done", Is::Text, "The entries of many decisions that were just stated: 120-160."),
    param("undone", Is::Text, "They were just undone."),
])
.kept()];

const LEAD: &str = "Which controls apply to which AI systems and why, and how far each has come. Open a cell for what stands behind it.";

#[derive(Template)]
#[template(path = "soa.html")]
struct SoaPage {
    shell: Shell,
    path: String,
    tabs: Vec<Choice>,
    filters: Vec<Filter>,
    hidden: Vec<(String, String)>,
    q: String,
    /// The day with which it is compared.
    from: String,
    newest: String,
    is_narrowed: bool,
    views: Views,
    all: String,
    count: String,
    totals: Vec<Total>,
    data: String,
    part: table::Part,
    pages: Vec<Choice>,
    legend: Vec<(Standing, &'static str)>,
    downloads: Vec<Download>,
    /// Where an edited workbook comes back, for whoever may.
    import: Option<String>,
    print: String,
    /// Where many cells are set, for whoever may.
    bulk: Option<String>,
    hidden_bulk: Vec<(String, String)>,
    changes: Option<Changes>,
    panel: Option<Panel>,
    /// How many decisions were just stated, and their entries.
    done: Option<String>,
    undone: bool,
    is_empty: bool,
    /// Where the first AI system is stated.
    first: Option<String>,
}

/// One of the three scores over all cells that are shown.
struct Total {
    name: &'static str,
    percent: String,
    part: u32,
    of: u32,
    means: &'static str,
    href: String,
}

/// One cell on a page of its own.
#[derive(Template)]
#[template(path = "soa_cell.html")]
struct CellPage {
    shell: Shell,
    panel: Panel,
}

/// The whole matrix in parts.
#[derive(Template)]
#[template(path = "soa_print.html")]
struct PrintPage {
    shell: Shell,
    back: String,
    parts: Vec<table::Part>,
    legend: Vec<(Standing, &'static str)>,
    says: String,
}

async fn show(call: Call) -> Result<Response, Problem> {
    let ask = Ask::of(&call)?;
    let view = call.view().await?;
    let framework = view.framework(ask.framework)?;
    let soa = view.soa(ask.framework, None)?;
    let people = call.people().await?;
    let looking =
        Looking { call: &call, ask: &ask, view: &view, framework, soa: &soa, people: &people };
    match ask.part {
        Part::Statement | Part::Cells => looking.list().await,
        Part::Cell => looking.cell().await,
        Part::Print => looking.print().await,
        Part::Matrix => looking.matrix().await,
    }
}

/// Somebody who looks at the statement.
struct Looking<'a> {
    call: &'a Call,
    ask: &'a Ask<'a>,
    view: &'a View,
    framework: &'a Framework,
    soa: &'a Soa<'a>,
    people: &'a People,
}

impl<'a> Looking<'a> {
    async fn shell(&self) -> Result<Shell, Problem> {
        Shell::of(self.call, self.view, views::soa::TITLE, LEAD).await
    }

    /// The matrix and, beside it, what changed and the cell that is open.
    async fn matrix(&self) -> Result<Response, Problem> {
        let shell = self.shell().await?.with_script("soa.js");
        let changes = match self.ask.from {
            Some(day) => {
                Some(changes::changes(self.call, self.view, self.soa, day, self.ask).await?)
            }
            None => None,
        };
        let panel = match &self.ask.cell {
            Some(place) => Some(self.near(&shell).panel(place, &Tried::default()).await?),
            None => None,
        };
        let mut grid = Grid::of(self.view, self.soa, self.framework, self.ask);
        grid.changed = changes.as_ref().map(|changes| changes.cells.clone()).unwrap_or_default();
        let drawing = Drawing::new(&grid, self.ask);
        let number = self.ask.page.min(drawing.parts());
        let sums = whole(&grid);
        let page = SoaPage {
            path: ask::home(self.call),
            tabs: self.tabs(),
            filters: self.filters()?,
            hidden: self.ask.without(&FIELDS),
            q: self.call.text("q")?.unwrap_or_default().to_owned(),
            from: self.ask.from.map(|day| day.to_string()).unwrap_or_default(),
            newest: cell::shown_day(&shell, self.view.on).to_string(),
            is_narrowed: self.ask.is_narrowed(),
            all: self.ask.all(),
            count: counted(&grid),
            totals: totals(sums, self.ask),
            data: data::data(&grid, self.ask)?,
            part: drawing.part(number),
            pages: pages(&drawing, number),
            legend: legend(),
            downloads: self.downloads(&shell),
            import: shell
                .may(Action::State(Kind::ControlImplementation))
                .then(|| shell.link("/import")),
            print: self.ask.with("view", "print"),
            bulk: shell
                .may(Action::State(Kind::ControlImplementation))
                .then(|| shell.link("/soa/bulk")),
            hidden_bulk: self.ask.without(&["from", "fold", "view", "page", "as_of"]),
            changes,
            panel,
            done: self
                .call
                .text("done")?
                .map(str::to_owned)
                .filter(|_| shell.may(Action::State(Kind::ControlImplementation))),
            undone: self.call.text("undone")?.is_some(),
            views: Views::of(self.call, &shell),
            is_empty: self.soa.systems.is_empty(),
            first: shell
                .may(Action::State(Kind::AiSystem))
                .then(|| shell.link("/records/ai_system/new")),
            shell,
        };
        html::page(&page)
    }

    fn near<'n>(&'n self, shell: &'n Shell) -> Near<'n> {
        let Looking { call, ask, view, soa, people, .. } = self;
        Near { call, shell, view, soa, people, ask }
    }

    async fn cell(&self) -> Result<Response, Problem> {
        let place = self.ask.cell.as_ref();
        let place = place.ok_or_else(|| Problem::bad("`cell` has to be given"))?;
        let (title, lead) = cell::title(self.view, self.ask, place);
        let shell = Shell::of(self.call, self.view, &title, &lead).await?;
        let panel = self.near(&shell).panel(place, &Tried::default()).await?;
        html::page(&CellPage { shell, panel })
    }

    async fn print(&self) -> Result<Response, Problem> {
        let grid = Grid::of(self.view, self.soa, self.framework, self.ask);
        let drawing = Drawing::new(&grid, self.ask);
        let parts = (1..=drawing.parts()).map(|number| drawing.part(number)).collect();
        let shell = self.shell().await?;
        let says = format!(
            "{} on {}. {}",
            self.framework.name,
            html::day(cell::shown_day(&shell, self.view.on)),
            counted(&grid)
        );
        html::page(&PrintPage {
            shell,
            back: self.ask.with("view", ""),
            parts,
            legend: legend(),
            says,
        })
    }

    fn tabs(&self) -> Vec<Choice> {
        let tab = |(name, value, part): (&str, &str, Part)| Choice {
            name: name.to_owned(),
            value: self.ask.with("view", value),
            chosen: self.ask.part == part,
        };
        [
            ("Matrix", "", Part::Matrix),
            ("Statement", "statement", Part::Statement),
            ("Cells", "cells", Part::Cells),
        ]
        .map(tab)
        .to_vec()
    }

    fn downloads(&self, shell: &Shell) -> Vec<Download> {
        let cells = self.ask.with("view", "cells");
        let shown = [("CSV", "csv"), ("XLSX", "xlsx"), ("PDF", "pdf")];
        let shown = shown.map(|(name, format)| (name, format!("{cells}&format={format}")));
        let whole = format!("/soa?framework={}", self.framework.id);
        vec![
            Download::of(shell, WHOLE, &whole),
            Download { says: "The cells that are shown, one a row.", links: shown.to_vec() },
        ]
    }
}

const WHOLE: &str = "The whole statement. The XLSX can be edited and brought back.";

/// Parameters that the filters of the page say themselves.
const FIELDS: [&str; 9] =
    ["framework", "by", "domain", "group", "state", "owner", "q", "from", "page"];

/// The sums of all cells that are shown.
fn whole(grid: &Grid<'_>) -> Sums {
    grid.sums(&grid.controls().collect::<Vec<_>>(), &grid.systems().collect::<Vec<_>>())
}

fn counted(grid: &Grid<'_>) -> String {
    let (all, systems) = (grid.soa.controls.len(), grid.soa.systems.len());
    let of = |shown: usize, all: usize| match shown == all {
        true => all.to_string(),
        false => format!("{shown} of {all}"),
    };
    let (rows, columns) = (of(grid.controls().count(), all), of(grid.systems().count(), systems));
    format!("{rows} controls, {columns} AI systems")
}

fn totals(sums: Sums, ask: &Ask<'_>) -> Vec<Total> {
    let [designed, documented, operating] = sums.percents();
    let total = |name, part, percent: Option<u32>, means| Total {
        name,
        percent: percent.map_or_else(|| "–".to_owned(), |of| format!("{of} %")),
        part,
        of: sums.counted,
        means,
        href: ask.with("view", "cells"),
    };
    vec![
        total(
            "designed",
            sums.designed,
            designed,
            "Decided with a justification, described and owned (6.1.3 b and f).",
        ),
        total(
            "documented",
            sums.documented,
            documented,
            "An approved document in force describes it (7.5.1).",
        ),
        total(
            "operating",
            sums.operating,
            operating,
            "Implemented, and accepted evidence other than policies and templates covers the day (8.1).",
        ),
    ]
}

fn legend() -> Vec<(Standing, &'static str)> {
    Standing::ALL.into_iter().map(|standing| (standing, standing.mark().tone.word())).collect()
}

fn pages(drawing: &Drawing<'_>, current: usize) -> Vec<Choice> {
    let last = drawing.parts();
    let is_shown = |page: &usize| *page == 1 || *page == last || page.abs_diff(current) <= 2;
    let choice = |page: usize| Choice {
        name: page.to_string(),
        value: drawing.ask.page(page),
        chosen: page == current,
    };
    (1..=last).filter(is_shown).map(choice).collect()
}
