//! Files in and out: import, export, apply.

use std::path::PathBuf;

use anyhow::Context;
use surety_aims::{Action, permit};
use surety_engine::{
    Error, Moment,
    folder::{ApplyOptions, PlannedKind},
    import::{ChangeKind, ImportOptions, ImportReport, NamedBytes},
};
use surety_formats::inventory;
use surety_reports::Format;

use crate::{
    args,
    output::{self, Outcome, WrongUse, complain, say},
    session::Session,
};

/// Reads files whole; their limits are the readers'.
pub(crate) fn read_files(paths: &[PathBuf]) -> anyhow::Result<Vec<NamedBytes>> {
    paths
        .iter()
        .map(|path| {
            let bytes = std::fs::read(path)
                .with_context(|| format!("{}: can't be read", path.display()))?;
            Ok(NamedBytes { name: path.display().to_string(), bytes })
        })
        .collect()
}

pub(crate) async fn import(session: &Session, args: args::Import) -> anyhow::Result<Outcome> {
    let options =
        ImportOptions { reading: reading(&args)?, strict: args.strict, dry_run: args.dry_run };
    let files = read_files(&args.files)?;
    let bar = output::progress("importing", session.quiet);
    bar.set_length(u64::try_from(files.len()).unwrap_or(0));
    let mut progress = |done: usize| bar.set_position(u64::try_from(done).unwrap_or(0));
    let report = session.aims.import(&session.principal, &files, &options, &mut progress).await?;
    bar.finish_and_clear();
    if args.format == Format::Json {
        let mut json = serde_json::to_vec_pretty(&report)?;
        json.push(b'\n');
        output::print(&json)?;
    } else {
        show(&report, args.strict)?;
    }
    Ok(Outcome::wanting_if(report.has_errors()))
}

fn reading(args: &args::Import) -> Result<inventory::Options, WrongUse> {
    let format = match &args.read_as {
        Some(name) => Some(inventory::Format::named(name).ok_or_else(|| {
            let known: Vec<_> = inventory::Format::ALL.iter().map(|format| format.name()).collect();
            WrongUse(format!("--as {name}: is no format; one of {}", known.join(", ")))
        })?),
        None => None,
    };
    let map = args
        .map
        .iter()
        .map(|pair| match pair.rsplit_once('=') {
            Some((column, field)) => Ok((column.to_owned(), field.to_owned())),
            None => Err(WrongUse(format!("--map {pair}: write COLUMN=FIELD"))),
        })
        .collect::<Result<_, _>>()?;
    Ok(inventory::Options {
        format,
        kind: args.kind.clone(),
        map,
        sheet: args.sheet.clone(),
        table: args.table.clone(),
        components: args.components,
    })
}

fn show(report: &ImportReport, strict: bool) -> anyhow::Result<()> {
    for file in &report.files {
        match file.format {
            Some(format) => say(&format!("{}: {format}", file.file))?,
            None => say(&file.file)?,
        }
        for change in &file.changes {
            let verb = match (change.change, report.dry_run) {
                (ChangeKind::Create, false) => "created",
                (ChangeKind::Create, true) => "would create",
                (ChangeKind::Update, false) => "updated",
                (ChangeKind::Update, true) => "would update",
                (ChangeKind::Unchanged, _) => continue,
            };
            let fields = if change.fields.is_empty() {
                String::new()
            } else {
                format!(" ({})", change.fields.join(", "))
            };
            let state = change
                .state
                .as_deref()
                .map(|state| format!(", {}", state.replace('_', " ")))
                .unwrap_or_default();
            say(&format!("  {verb} {} {}{state}{fields}", change.record, change.name))?;
            for edit in &change.edits {
                say(&format!("    {}: \"{}\" -> \"{}\"", edit.field, edit.before, edit.after))?;
            }
        }
        for unmapped in &file.unmapped {
            say(&format!(
                "  not mapped: `{}` ({} filled, such as \"{}\")",
                unmapped.name, unmapped.filled, unmapped.example
            ))?;
        }
        for notice in &file.notices {
            say(&format!("  note: {notice}"))?;
        }
        for problem in &file.problems {
            complain(&problem.to_string());
        }
    }
    let (created, updated, same) = (
        report.count(ChangeKind::Create),
        report.count(ChangeKind::Update),
        report.count(ChangeKind::Unchanged),
    );
    let (verbs, how) = match (strict && report.has_errors(), report.dry_run) {
        (true, _) => {
            (("to create", "to update"), "nothing was imported, because something is wrong: ")
        }
        (false, true) => (("to create", "to update"), "nothing was imported (dry run): "),
        (false, false) => (("created", "updated"), ""),
    };
    say(&format!("{how}{created} {}, {updated} {}, {same} unchanged", verbs.0, verbs.1))
}

pub(crate) async fn export(session: &Session, args: &args::Export) -> anyhow::Result<Outcome> {
    permit(&session.principal, Action::ReadLedger).map_err(Error::from)?;
    let moment = args.as_of.map_or(Moment::Now, Moment::Day);
    let exported = session.aims.export(&args.folder, moment).await?;
    say(&format!(
        "{} records and {} files written to {}, {} taken away",
        exported.records,
        exported.files,
        args.folder.display(),
        exported.removed
    ))?;
    Ok(Outcome::Done)
}

pub(crate) async fn apply(session: &Session, args: &args::Apply) -> anyhow::Result<Outcome> {
    // The plan first, from a dry run; then the same for real.
    let preview = ApplyOptions { dry_run: true, prune: args.prune };
    let plan = session.aims.apply(&session.principal, &args.folder, preview).await?;
    if args.format == Format::Json {
        let mut json = serde_json::to_vec_pretty(&plan)?;
        json.push(b'\n');
        output::print(&json)?;
    } else {
        for planned in &plan.planned {
            let sign = match planned.change {
                PlannedKind::Create => "+ create",
                PlannedKind::Update => "~ update",
                PlannedKind::Move => "> move",
                PlannedKind::Withdraw => "- withdraw",
            };
            let detail = if planned.detail.is_empty() {
                String::new()
            } else {
                format!(" ({})", planned.detail)
            };
            say(&format!("{sign} {} {}{detail}", planned.record, planned.title))?;
        }
        for problem in &plan.problems {
            complain(&format!("error: {problem}"));
        }
        say(&format!("{} to change, {} unchanged", plan.planned.len(), plan.unchanged))?;
    }
    if !plan.problems.is_empty() {
        if args.format != Format::Json {
            say("nothing was applied")?;
        }
        return Ok(Outcome::Wanting);
    }
    if !args.dry_run {
        let options = ApplyOptions { dry_run: false, prune: args.prune };
        session.aims.apply(&session.principal, &args.folder, options).await?;
    }
    Ok(Outcome::Done)
}
