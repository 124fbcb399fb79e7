//! Frameworks: list, import, show.

use anyhow::Context;
use serde_json::json;
use surety_catalog::{Framework, Requirement};
use surety_engine::{Moment, frameworks::LibraryReport};
use surety_reports::{Cell, Column, Format, Kind, Sheet, Tone};

use super::{import::read_files, names::workbook};
use crate::{
    args,
    output::{self, Outcome, write_json, write_workbook},
    session::Session,
};

pub(crate) async fn run(session: &Session, command: args::Framework) -> anyhow::Result<Outcome> {
    match command {
        args::Framework::List(output) => list(session, &output).await,
        args::Framework::Import { files, output } => import(session, &files, &output).await,
        args::Framework::Show { framework, requirement, output } => {
            show(session, &framework, requirement.as_deref(), &output).await
        }
    }
}

async fn list(session: &Session, output: &args::Output) -> anyhow::Result<Outcome> {
    let view = session.aims.view(Moment::Now).await?;
    let frameworks: Vec<&Framework> = view.catalogs.frameworks().collect();
    let assessable =
        |framework: &Framework| framework.requirements.iter().filter(|one| one.assessable).count();
    if output.format == Format::Json {
        let rows: Vec<_> = frameworks
            .iter()
            .map(|framework| {
                json!({
                    "id": framework.id, "urn": framework.urn, "name": framework.name,
                    "version": framework.version, "provider": framework.provider, "locale": framework.locale,
                    "requirements": framework.requirements.len(), "assessable": assessable(framework),
                })
            })
            .collect();
        write_json(&rows, output)?;
        return Ok(Outcome::Done);
    }
    let columns = vec![
        Column::new("id", "Framework", Kind::Id).wide(22),
        Column::new("name", "Name", Kind::Text).wide(48),
        Column::new("version", "Version", Kind::Text).wide(12),
        Column::new("requirements", "Requirements", Kind::Number),
        Column::new("assessable", "Assessable", Kind::Number),
        Column::new("provider", "Provider", Kind::Text).wide(24).rank(2),
    ];
    let mut sheet = Sheet::new("Frameworks", "Frameworks in use", columns);
    for framework in frameworks {
        sheet.push(vec![
            framework.id.clone().into(),
            framework.name.clone().into(),
            framework.version.clone().into(),
            count(framework.requirements.len()),
            count(assessable(framework)),
            framework.provider.clone().into(),
        ]);
    }
    write_workbook(&workbook(&session.aims, &view, "Frameworks", vec![sheet]), output)?;
    Ok(Outcome::Done)
}

/// A number of things.
fn count(number: usize) -> Cell {
    Cell::from(i64::try_from(number).unwrap_or(i64::MAX))
}

async fn import(
    session: &Session,
    files: &[std::path::PathBuf],
    output: &args::Output,
) -> anyhow::Result<Outcome> {
    let files = read_files(files)?;
    let bar = output::progress("importing", session.quiet);
    bar.set_length(u64::try_from(files.len()).unwrap_or(0));
    let mut progress = |done: usize| bar.set_position(u64::try_from(done).unwrap_or(0));
    let reports = session.aims.import_frameworks(&session.principal, files, &mut progress).await?;
    bar.finish_and_clear();
    let failed = reports.iter().any(|report| report.error.is_some() || report.has_errors());
    if output.format == Format::Json {
        write_json(&reports, output)?;
    } else {
        let view = session.aims.view(Moment::Now).await?;
        let book = workbook(
            &session.aims,
            &view,
            "Imported libraries",
            vec![summary(&reports), remarks(&reports)],
        );
        write_workbook(&book, output)?;
    }
    Ok(Outcome::wanting_if(failed))
}

fn summary(reports: &[LibraryReport]) -> Sheet {
    let columns = vec![
        Column::new("file", "File", Kind::Text).wide(40),
        Column::new("id", "Library", Kind::Id).wide(28),
        Column::new("version", "Version", Kind::Text).wide(10),
        Column::new("result", "Result", Kind::Status).wide(12),
        Column::new("requirements", "Requirements", Kind::Number),
        Column::new("assessable", "Assessable", Kind::Number),
        Column::new("mappings", "Mappings", Kind::Number),
        Column::new("threats", "Threats", Kind::Number).rank(2),
        Column::new("reference_controls", "Controls", Kind::Number).rank(2),
        Column::new("matrices", "Matrices", Kind::Number).rank(2),
        Column::new("unresolved", "Unresolved", Kind::Number),
        Column::new("unknown_keys", "Unknown keys", Kind::Number),
        Column::new("problems", "Problems", Kind::Number),
    ];
    let mut sheet = Sheet::new("Libraries", "Imported libraries", columns);
    for report in reports {
        let result = match (&report.error, report.imported) {
            (Some(_), _) => Cell::status("refused", Tone::Bad),
            (None, true) => Cell::status("imported", Tone::Good),
            (None, false) => Cell::status("unchanged", Tone::Neutral),
        };
        sheet.push(vec![
            report.file.clone().into(),
            report.id.clone().into(),
            report.version.clone().into(),
            result,
            count(report.requirements),
            count(report.assessable),
            count(report.mappings),
            count(report.threats),
            count(report.reference_controls),
            count(report.matrices),
            count(report.unresolved.len()),
            count(report.unknown_keys.len()),
            count(report.problems.len()),
        ]);
    }
    sheet
}

/// Every single thing that a person should know.
fn remarks(reports: &[LibraryReport]) -> Sheet {
    let columns = vec![
        Column::new("file", "File", Kind::Text).wide(40),
        Column::new("what", "What", Kind::Text).wide(14),
        Column::new("message", "Message", Kind::LongText).wide(90),
    ];
    let mut sheet = Sheet::new("Remarks", "What was noticed", columns);
    for report in reports {
        let mut remark = |what: &'static str, message: String| {
            sheet.push(vec![report.file.clone().into(), what.into(), message.into()]);
        };
        if let Some(error) = &report.error {
            remark("error", error.clone());
        }
        for open in &report.unresolved {
            remark(
                "unresolved",
                format!("{} (at {}, {} times)", open.reference, open.path, open.count),
            );
        }
        for key in &report.unknown_keys {
            remark("unknown key", format!("{} ({} times)", key.path, key.count));
        }
        for problem in &report.problems {
            let line = problem.line.map(|line| format!("line {line}: ")).unwrap_or_default();
            remark("problem", format!("{line}{}", problem.message));
        }
        for notice in &report.notices {
            remark("note", notice.clone());
        }
    }
    sheet
}

async fn show(
    session: &Session,
    framework: &str,
    requirement: Option<&str>,
    output: &args::Output,
) -> anyhow::Result<Outcome> {
    let view = session.aims.view(Moment::Now).await?;
    let framework = view.framework(framework)?;
    let wanted: Vec<&Requirement> = match requirement {
        None => framework.requirements.iter().collect(),
        Some(text) => {
            let found = view.catalogs.resolve(&framework.id, text);
            let missing = || format!("{} has no requirement `{text}`", framework.id);
            vec![found.with_context(missing)?]
        }
    };
    if output.format == Format::Json {
        write_json(&wanted, output)?;
        return Ok(Outcome::Done);
    }
    let columns = vec![
        Column::new("id", "Requirement", Kind::Id).wide(18),
        Column::new("label", "Printed", Kind::Text).wide(12).rank(2),
        Column::new("title", "Title", Kind::Text).wide(44),
        Column::new("text", "In our own words, or those of the source", Kind::LongText)
            .wide(80)
            .rank(1),
        Column::new("assessable", "Assessable", Kind::Bool).rank(2),
    ];
    let mut sheet = Sheet::new("Requirements", framework.name.clone(), columns);
    for requirement in wanted {
        sheet.push(vec![
            requirement.id.clone().into(),
            requirement.label.clone().into(),
            requirement.title.clone().into(),
            requirement.text.clone().into(),
            requirement.assessable.into(),
        ]);
    }
    write_workbook(&workbook(&session.aims, &view, &framework.name, vec![sheet]), output)?;
    Ok(Outcome::Done)
}
