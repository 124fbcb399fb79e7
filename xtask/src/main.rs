//! Checks of the project itself, run as `cargo xtask tidy` and as a test.
//!
//! `arrows` knows which crate may use which, `sources` what a file may hold. Neither builds anything.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that speaks to people at a terminal"
)]

mod arrows;
mod sources;

use std::{path::PathBuf, process::ExitCode};

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    /// File or crate.
    place: String,
    message: String,
}

impl Fault {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Fault {
        Fault { place: place.into(), message: message.into() }
    }
}

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if asked != ["tidy"] {
        eprintln!("usage: cargo xtask tidy   checks crate arrows, dependencies and source files");
        return ExitCode::from(2);
    }
    match tidy() {
        Ok(faults) if faults.is_empty() => {
            println!("tidy: crate arrows, dependencies and files are in order");
            ExitCode::SUCCESS
        }
        Ok(faults) => {
            for Fault { place, message } in &faults {
                eprintln!("{place}: {message}");
            }
            eprintln!("tidy: {} found wanting", faults.len());
            ExitCode::from(1)
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(1)
        }
    }
}

/// Everything that is wrong with the workspace that this crate stands in.
fn tidy() -> anyhow::Result<Vec<Fault>> {
    let root = root();
    let mut faults = arrows::check(&arrows::read(&root)?);
    faults.extend(sources::check(&root)?);
    Ok(faults)
}

fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        assert_eq!(tidy().unwrap(), Vec::new());
    }
}
