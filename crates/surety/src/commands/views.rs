//! Derived views: soa, gap, plan, due, readiness, coverage, inventory, activity, diff.

use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};
use surety_aims::{
    Command, Kind, Ref,
    derive::{
        Window,
        plan::{Item, action},
        soa::{Cell, Soa},
    },
    records::Person,
};
use surety_engine::{
    Batch, Comparable, Moment, View,
    sheets::{self, Contents},
    views::STANDARD,
};
use surety_reports::{Format, views};

use super::names::{People, workbook};
use crate::{
    args::{self, Output, ViewArgs},
    output::{Outcome, WrongUse, say, write_json, write_workbook},
    session::Session,
};

/// Opens the view that the options ask for.
pub(super) async fn open(session: &Session, as_of: Option<Date>) -> anyhow::Result<View> {
    Ok(session.aims.view(as_of.map_or(Moment::Now, Moment::Day)).await?)
}

/// Writes sheets in the format that was asked for, with the names of people in them.
pub(super) async fn write_sheets<S: Into<Contents>>(
    session: &Session,
    view: &View,
    output: &Output,
    title: &str,
    drawn: impl FnOnce(&views::Names<'_>) -> S,
) -> anyhow::Result<()> {
    let people = People::of(&session.aims).await?;
    let person = |person: Ref<Person>| people.name(view.book(), person);
    let sheets = drawn(&views::Names { book: view.book(), person: &person });
    let book = workbook(&session.aims, view, title, sheets);
    write_workbook(&sheets::with_logo(&session.aims, view, book, output.format).await?, output)
}

pub(crate) async fn soa(session: &Session, args: &args::Soa) -> anyhow::Result<Outcome> {
    let view = open(session, args.view.as_of).await?;
    let window = window(&view, args)?;
    let soa = view.soa(&args.framework, Some(window))?;
    let output = &args.view.output;
    if let Some(cell) = &args.why {
        return why(&soa, cell, output);
    }
    if output.format == Format::Json {
        write_json(&soa, output)?;
        return Ok(Outcome::Done);
    }
    let framework = view.framework(&args.framework)?;
    write_sheets(session, &view, output, views::soa::TITLE, |names| {
        sheets::soa(&soa, framework, names, output.format)
    })
    .await?;
    Ok(Outcome::Done)
}

fn window(view: &View, args: &args::Soa) -> Result<Window, WrongUse> {
    let to = args.to.unwrap_or(view.on);
    let from = args.from.unwrap_or_else(|| Window::year_to(to).from);
    if from > to {
        return Err(WrongUse(format!("--from {from} lies after --to {to}")));
    }
    Ok(Window { from, to })
}

/// Explains one cell.
fn why(soa: &Soa<'_>, cell: &str, output: &Output) -> anyhow::Result<Outcome> {
    let (control, system) = match cell.split_once(':') {
        Some((control, system)) => (control, Some(system)),
        None => (cell, None),
    };
    let organisation =
        || soa.controls.iter().find(|row| row.id == control).map(|row| &row.organisation);
    let of_system = |system: &str| {
        let is = |cell: &&Cell<'_>| {
            cell.control == control && cell.system.is_some_and(|id| id.to_string() == system)
        };
        soa.cells.iter().find(is)
    };
    let found = system.map_or_else(organisation, of_system);
    let Some(found) = found else {
        return Err(WrongUse(format!(
            "--why {cell}: the matrix has no such cell; write CONTROL:SYSTEM"
        ))
        .into());
    };
    if output.format == Format::Json {
        write_json(found, output)?;
        return Ok(Outcome::Done);
    }
    let place = found.system.map_or("the organisation".to_owned(), |system| system.to_string());
    say(&format!("{control} for {place}: {}", found.state.replace('_', " ")))?;
    if !found.justification.is_empty() {
        say(&format!("  {}", found.justification))?;
    }
    let mark = |reached: bool| if reached { "yes" } else { "no" };
    say(&format!(
        "  designed {}, documented {}, operating {}; {} days uncovered from {} to {}",
        mark(found.designed),
        mark(found.documented),
        mark(found.operating),
        found.uncovered.days(),
        soa.window.from,
        soa.window.to
    ))?;
    for reason in &found.why {
        say(&format!("  - {reason}"))?;
    }
    Ok(Outcome::Done)
}

pub(crate) async fn gap(session: &Session, args: &args::Gap) -> anyhow::Result<Outcome> {
    let view = open(session, args.view.as_of).await?;
    let soa = view.soa(STANDARD, None)?;
    let gaps = view.gaps(&soa, &args.frameworks)?;
    let gaps: Vec<_> = gaps.iter().map(|(_, gap)| gap).collect();
    let output = &args.view.output;
    if output.format == Format::Json {
        write_json(&json!({ "on": view.on, "frameworks": gaps }), output)?;
        return Ok(Outcome::Done);
    }
    write_sheets(session, &view, output, views::gap::TITLE, |names| {
        sheets::gap(&gaps, args.frameworks.is_empty(), names, output.format)
    })
    .await?;
    Ok(Outcome::Done)
}

pub(crate) async fn plan(session: &Session, args: &args::Plan) -> anyhow::Result<Outcome> {
    let view = open(session, args.view.as_of).await?;
    let soa = view.soa(STANDARD, None)?;
    let standard = [STANDARD.to_owned()];
    let asked = if args.frameworks.is_empty() { &standard[..] } else { &args.frameworks };
    let gaps = view.gaps(&soa, asked)?;
    let mut plan = view.plan(&gaps);
    if let Some(rank) = args.adopt {
        let item = plan.items.iter().find(|item| item.rank == rank);
        let item =
            item.ok_or_else(|| WrongUse(format!("--adopt {rank}: the plan has no such rank")))?;
        return adopt(session, item, args).await;
    }
    if let Some(top) = args.top {
        plan.items.truncate(top);
    }
    let output = &args.view.output;
    if output.format == Format::Json {
        write_json(&plan, output)?;
    } else {
        write_sheets(session, &view, output, views::plan::TITLE, |names| {
            views::plan::sheets(&plan, names)
        })
        .await?;
    }
    Ok(Outcome::Done)
}

/// Makes an item of the plan an improvement action with owner and date.
async fn adopt(session: &Session, item: &Item<'_>, args: &args::Plan) -> anyhow::Result<Outcome> {
    if let Some(adopted) = item.adopted {
        return Err(
            WrongUse(format!("--adopt {}: is {} already", item.rank, adopted.record)).into()
        );
    }
    let owner = args.owner.as_deref().unwrap_or_default();
    let owner: Ref<Person> =
        owner.parse().map_err(|error| WrongUse(format!("--owner: {error}")))?;
    let body = surety_aims::Body::from(action(item, Some(owner), args.due)).to_json();
    let command = Command::State {
        kind: Kind::ImprovementAction,
        id: None,
        body,
        custom: serde_json::Map::new(),
        external: Vec::new(),
        base: None,
    };
    let done = session.aims.execute(&session.principal, Batch::of([command])).await?;
    if let Some(Some(id)) = done.records.first() {
        say(&format!("adopted as {id}"))?;
    }
    Ok(Outcome::Done)
}

pub(crate) async fn due(session: &Session, args: &args::Due) -> anyhow::Result<Outcome> {
    let view = open(session, args.view.as_of).await?;
    let due = view.due(args.days);
    if args.view.output.format == Format::Json {
        write_json(&due, &args.view.output)?;
    } else {
        write_sheets(session, &view, &args.view.output, views::due::TITLE, |names| {
            views::due::sheets(&due, names)
        })
        .await?;
    }
    Ok(Outcome::Done)
}

pub(crate) async fn readiness(session: &Session, args: &ViewArgs) -> anyhow::Result<Outcome> {
    let view = open(session, args.as_of).await?;
    let soa = view.soa(STANDARD, None)?;
    let readiness = view.readiness(&soa)?;
    if args.output.format == Format::Json {
        write_json(&readiness, &args.output)?;
    } else {
        write_sheets(session, &view, &args.output, views::readiness::TITLE, |_| {
            views::readiness::sheets(&readiness)
        })
        .await?;
    }
    Ok(Outcome::Done)
}

pub(crate) async fn coverage(session: &Session, args: &args::Coverage) -> anyhow::Result<Outcome> {
    let view = open(session, args.view.as_of).await?;
    let soa = view.soa(STANDARD, None)?;
    let coverage = view.coverage(&soa, &args.from, &args.to)?;
    if args.view.output.format == Format::Json {
        write_json(&coverage, &args.view.output)?;
    } else {
        write_sheets(session, &view, &args.view.output, views::coverage::TITLE, |_| {
            views::coverage::sheets(&coverage)
        })
        .await?;
    }
    Ok(Outcome::Done)
}

pub(crate) async fn inventory(session: &Session, args: &ViewArgs) -> anyhow::Result<Outcome> {
    let view = open(session, args.as_of).await?;
    let soa = view.soa(STANDARD, None)?;
    if args.output.format == Format::Json {
        write_json(&inventory_json(&view), &args.output)?;
    } else {
        write_sheets(session, &view, &args.output, views::inventory::TITLE, |names| {
            views::inventory::sheets(view.on, Some(&soa), names)
        })
        .await?;
    }
    Ok(Outcome::Done)
}

fn inventory_json(view: &View) -> Value {
    let all = |kind: Kind| -> Vec<Value> {
        view.book().of_kind(kind).map(|record| record.to_json()).collect()
    };
    json!({
        "on": view.on,
        "systems": all(Kind::AiSystem),
        "suppliers": all(Kind::Supplier),
        "datasets": all(Kind::DatasetCard),
    })
}

pub(crate) async fn activity(session: &Session, args: &args::Activity) -> anyhow::Result<Outcome> {
    let to = args.to.unwrap_or_else(|| session.aims.today());
    let from = args.from.unwrap_or_else(|| to.saturating_sub(30.days()));
    if from > to {
        return Err(WrongUse(format!("--from {from} lies after --to {to}")).into());
    }
    let view = open(session, None).await?;
    let mut activity = session.aims.activity(&view, Window { from, to }).await?;
    if let Some(wanted) = &args.requirement {
        activity.events.retain(|event| event.requirements.contains(wanted));
        activity.by_requirement.retain(|summary| summary.requirement == *wanted);
    }
    if args.output.format == Format::Json {
        write_json(&activity, &args.output)?;
    } else {
        write_sheets(session, &view, &args.output, views::activity::TITLE, |names| {
            views::activity::sheets(&activity, names)
        })
        .await?;
    }
    Ok(Outcome::Done)
}

pub(crate) async fn diff(session: &Session, args: &args::Diff) -> anyhow::Result<Outcome> {
    let to = args.to.unwrap_or_else(|| session.aims.today());
    if args.from > to {
        return Err(WrongUse(format!("--from {} lies after --to {to}", args.from)).into());
    }
    let frameworks = (args.source.as_str(), args.target.as_str());
    let compared = Comparable::of(&args.view, frameworks);
    let compared = compared.map_err(|error| WrongUse(error.to_string()))?;
    let earlier = open(session, Some(args.from)).await?;
    let later = open(session, Some(to)).await?;
    let diff = compared.diff(&earlier, &later)?;
    if args.output.format == Format::Json {
        write_json(&diff, &args.output)?;
        return Ok(Outcome::Done);
    }
    write_sheets(session, &later, &args.output, "Changes", |_| {
        compared.sheets(&diff, args.from, to)
    })
    .await?;
    Ok(Outcome::Done)
}
