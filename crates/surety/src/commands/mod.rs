//! One file for each group of commands. Each translates, calls the engine once, and writes the answer.

mod backup;
mod classify;
mod clock;
mod demo;
mod door;
mod framework;
mod import;
mod law;
mod ledger;
mod names;
mod pack;
mod record;
mod reports;
mod views;
mod wizard;

use crate::{
    args::{Alone, Args, Command, On},
    output::{self, Outcome},
    session::{self, Session},
};

/// Runs what was asked.
pub(crate) async fn run(args: Args) -> anyhow::Result<Outcome> {
    match args.command {
        Command::Alone(Alone::Init(init)) => {
            let engine = session::engine(&args.global).await?;
            let aims = engine.init(&init.org).await?;
            output::say(&format!(
                "{} started as `{}` in {}",
                aims.name(),
                aims.id(),
                args.global.data.display()
            ))?;
            drop(aims);
            engine.close().await?;
            Ok(Outcome::Done)
        }
        Command::Alone(Alone::Verify(verify)) => pack::verify(&verify, args.global.quiet),
        Command::Alone(Alone::Law(command)) => law::law(&args.global, command).await,
        Command::Alone(Alone::Classify(asked)) => classify::run(&args.global, &asked).await,
        Command::Alone(Alone::Clock(clock)) => clock::run(&args.global, &clock).await,
        Command::Alone(Alone::Serve(serve)) => door::serve(&args.global, &serve).await,
        Command::Alone(Alone::Demo(asked)) => demo::run(&args.global, &asked).await,
        Command::Alone(Alone::Account(command)) => door::account(&args.global, command).await,
        Command::Alone(Alone::Backup(asked)) => backup::backup(&args.global, &asked).await,
        Command::Alone(Alone::Restore(asked)) => backup::restore(&args.global, &asked).await,
        Command::Alone(Alone::Completions { shell }) => completions(shell),
        Command::On(command) => {
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

async fn dispatch(session: &Session, command: On) -> anyhow::Result<Outcome> {
    match command {
        On::Import(import) => import::import(session, import).await,
        On::Export(export) => import::export(session, &export).await,
        On::Apply(apply) => import::apply(session, &apply).await,
        On::Soa(soa) => views::soa(session, &soa).await,
        On::Gap(gap) => views::gap(session, &gap).await,
        On::Plan(plan) => views::plan(session, &plan).await,
        On::Due(due) => views::due(session, &due).await,
        On::Readiness(view) => views::readiness(session, &view).await,
        On::Coverage(coverage) => views::coverage(session, &coverage).await,
        On::Obligations(asked) => law::obligations(session, &asked).await,
        On::Inventory(view) => views::inventory(session, &view).await,
        On::Risks(view) => reports::risks(session, &view).await,
        On::Dossier(about) => reports::dossier(session, &about).await,
        On::Policy(about) => reports::policy(session, &about).await,
        On::Activity(activity) => views::activity(session, &activity).await,
        On::Diff(diff) => views::diff(session, &diff).await,
        On::Framework(framework) => framework::run(session, framework).await,
        On::Record(record) => record::run(session, record).await,
        On::Ledger(ledger) => ledger::run(session, ledger).await,
        On::Pack(pack) => pack::pack(session, &pack).await,
    }
}

fn completions(shell: clap_complete::Shell) -> anyhow::Result<Outcome> {
    use clap::CommandFactory;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "surety", &mut script);
    output::print(&script)?;
    Ok(Outcome::Done)
}
