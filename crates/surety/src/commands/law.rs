//! The law: what binds, when, and what a new version changes; obligations of AI systems.

use jiff::civil::Date;
use serde_json::json;
use surety_aims::RecordId;
use surety_catalog::Catalogs;
use surety_engine::{Moment, View, law::AI_ACT, views::STANDARD};
use surety_law::obligation::{Naming, Place, binding, calendar, ics};
use surety_reports::{Format, Sheet, views};

use crate::{
    args::{
        Global, Output,
        law::{Law, Obligations, Times},
    },
    output::{self, Outcome, WrongUse, say, write_json},
    session::{Session, now, today},
};

/// What a wrong argument of the law is told.
pub(super) fn wrong(error: impl std::fmt::Display) -> WrongUse {
    WrongUse(error.to_string())
}

/// The two times of a question; both today if not given.
pub(super) fn times(times: Times, today: Date) -> (Date, Date) {
    (times.on.unwrap_or(today), times.law_as_of.unwrap_or(today))
}

/// The view of an organisation, if there is one here: some questions about the law need none.
pub(super) async fn view(global: &Global) -> anyhow::Result<Option<(Session, View)>> {
    let session = match Session::open(global).await {
        Ok(session) => session,
        Err(error) => {
            return match error.downcast_ref() {
                Some(surety_engine::Error::NoOrganisation(_)) => Ok(None),
                Some(_) | None => Err(error),
            };
        }
    };
    let view = session.aims.view(Moment::Now).await?;
    Ok(Some((session, view)))
}

pub(super) async fn law(global: &Global, command: Law) -> anyhow::Result<Outcome> {
    let catalogs = Catalogs::builtin();
    let law = catalogs.law(AI_ACT).ok_or_else(|| wrong("there is no AI Act among the catalogs"))?;
    match command {
        Law::Binding { scope, changed_on, times: asked, output } => {
            let (on, law_as_of) = times(asked, today(global));
            let place = Place { scope: &scope, significant_change_on: changed_on };
            let rows = binding(law, on, law_as_of, place).map_err(wrong)?;
            if output.format == Format::Json {
                write_json(
                    &json!({ "on": on, "law_as_of": law_as_of, "scope": scope, "obligations": rows }),
                    &output,
                )?;
            } else {
                write_tables(
                    global,
                    &output,
                    "Binding",
                    vec![views::law::binding(&rows, &scope, on)],
                )?;
            }
        }
        Law::Calendar { ics: file, with_systems, times: asked, output } => {
            let (on, law_as_of) = times(asked, today(global));
            let opened = view(global).await?;
            let subjects = opened.as_ref().map(|(_, view)| view.subjects()).unwrap_or_default();
            let entries = calendar(law, &subjects, on, law_as_of).map_err(wrong)?;
            if let Some(file) = file {
                let naming = if with_systems { Naming::WithSystems } else { Naming::Anonymous };
                let stamp = opened.as_ref().map_or_else(|| now(global), |(s, _)| s.aims.now());
                let text = ics(&entries, "AI Act", stamp, naming);
                output::write_file(&file, text.as_bytes())?;
                say(&format!("{}: {} entries", file.display(), entries.len()))?;
            } else if output.format == Format::Json {
                write_json(
                    &json!({ "on": on, "law_as_of": law_as_of, "entries": entries }),
                    &output,
                )?;
            } else {
                let sheets = vec![views::law::calendar(&entries)];
                match &opened {
                    Some((session, view)) => {
                        let book =
                            super::names::workbook(&session.aims, view, "Law calendar", sheets);
                        output::write_workbook(&book, &output)?;
                    }
                    None => write_tables(global, &output, "Law calendar", sheets)?,
                }
            }
            close(opened).await?;
        }
        Law::Impact { from, to, on, open, output } => {
            return super::classify::impact(global, (&from, &to), on, open, &output).await;
        }
    }
    Ok(Outcome::Done)
}

/// Closes what was opened.
pub(super) async fn close(opened: Option<(Session, View)>) -> anyhow::Result<()> {
    match opened {
        Some((session, _)) => session.close().await,
        None => Ok(()),
    }
}

/// Writes sheets that are about no organisation.
pub(super) fn write_tables(
    global: &Global,
    output: &Output,
    title: &str,
    sheets: Vec<Sheet>,
) -> anyhow::Result<()> {
    let workbook = surety_engine::sheets::without_ledger(title, today(global), now(global), sheets);
    output::write_workbook(&workbook, output)
}

pub(super) async fn obligations(session: &Session, args: &Obligations) -> anyhow::Result<Outcome> {
    let system: RecordId = args.system.parse().map_err(wrong)?;
    let (on, law_as_of) = times(args.times, session.aims.today());
    let view = session.aims.view(args.as_of.map_or(Moment::Now, Moment::Day)).await?.on(on);
    match args.roles.as_slice() {
        [] => {}
        [left, right] => {
            let rows = view.side_by_side(system, law_as_of, (left, right))?;
            if args.output.format == Format::Json {
                write_json(&rows, &args.output)?;
            } else {
                let sheet = views::law::side_by_side(&system.to_string(), (left, right), &rows);
                let book = super::names::workbook(&session.aims, &view, "Obligations", vec![sheet]);
                output::write_workbook(&book, &args.output)?;
            }
            return Ok(Outcome::Done);
        }
        _ => return Err(wrong("--roles takes two, such as provider,deployer").into()),
    }
    let soa = view.soa(STANDARD, None)?;
    let found = view.obligations(&soa, system, law_as_of)?;
    if args.output.format == Format::Json {
        write_json(&found, &args.output)?;
        return Ok(Outcome::Done);
    }
    let people = super::names::People::of(&session.aims).await?;
    let name = |owner| people.name(view.book(), owner);
    let sheet = surety_engine::sheets::obligations(&found, &name, args.why_not);
    let book = super::names::workbook(&session.aims, &view, "Obligations", vec![sheet]);
    output::write_workbook(&book, &args.output)?;
    Ok(Outcome::Done)
}
