//! The command line of Surety: reads arguments, asks the engine, writes answers. Rules live below.
//!
//! Exit status: 0 done, 1 refused or found wanting, 2 wrong use.

mod args;
mod commands;
mod demo;
mod fields;
mod output;
mod session;
mod settings;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = settings::parse().unwrap_or_else(|error| error.exit());
    let runtime =
        match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return output::fail(&anyhow::Error::new(error)),
        };
    match runtime.block_on(commands::run(args)) {
        Ok(outcome) => outcome.into(),
        Err(error) => output::fail(&error),
    }
}
