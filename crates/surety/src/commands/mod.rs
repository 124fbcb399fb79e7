//! One file for each group of commands. Each translates, calls the engine once, and writes the answer.

mod framework;
mod import;
mod ledger;
mod names;
mod pack;
mod record;
mod views;

use crate::{
    args::{Args, Command},
    output::{self, Outcome},
    session::{self, Session},
};

/// Runs what was asked.
pub async fn run(args: Args) -> anyhow::Result<Outcome> {
    match args.command {
        Command::Init(init) => {
            let engine = session::engine(&args.global).await?;
            let aims = engine.init(&init.org).await?;
            output::say(&format!("{} started as `{}` in {}", aims.name(), aims.id(), args.global.data.display()))?;
            drop(aims);
            engine.close().await?;
            Ok(Outcome::Done)
        }
        Command::Verify(verify) => pack::verify(&verify, args.global.quiet),
        Command::Completions { shell } => completions(shell),
        command => {
            let session = Session::open(&args.global).await?;
            let outcome = dispatch(&session, command).await;
            // What was written before a failure still deserves its checkpoint.
            let closed = session.close().await;
            let outcome = outcome?;
            closed?;
            Ok(outcome)
        }
    }
}

async fn dispatch(session: &Session, command: Command) -> anyhow::Result<Outcome> {
    match command {
        Command::Import(import) => import::import(session, import).await,
        Command::Export(export) => import::export(session, &export).await,
        Command::Apply(apply) => import::apply(session, &apply).await,
        Command::Soa(soa) => views::soa(session, &soa).await,
        Command::Gap(gap) => views::gap(session, &gap).await,
        Command::Plan(plan) => views::plan(session, &plan).await,
        Command::Due(due) => views::due(session, &due).await,
        Command::Readiness(view) => views::readiness(session, &view).await,
        Command::Coverage(coverage) => views::coverage(session, &coverage).await,
        Command::Inventory(view) => views::inventory(session, &view).await,
        Command::Activity(activity) => views::activity(session, &activity).await,
        Command::Diff(diff) => views::diff(session, &diff).await,
        Command::Framework(framework) => framework::run(session, framework).await,
        Command::Record(record) => record::run(session, record).await,
        Command::Ledger(ledger) => ledger::run(session, ledger).await,
        Command::Pack(pack) => pack::pack(session, &pack).await,
        Command::Init(_) | Command::Verify(_) | Command::Completions { .. } => Ok(Outcome::Done),
    }
}

fn completions(shell: clap_complete::Shell) -> anyhow::Result<Outcome> {
    use clap::CommandFactory;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "surety", &mut script);
    output::print(&script)?;
    Ok(Outcome::Done)
}
