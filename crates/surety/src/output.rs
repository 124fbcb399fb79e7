//! Writing answers: to standard output or a file, and failures to standard error.

use std::{
    io::{IsTerminal, Write},
    path::Path,
    process::ExitCode,
};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use surety_engine::Error;
use surety_reports::{Colour, TextOptions, Workbook, render};

use crate::args::Output;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// Refused or found wanting: the answer was written, and it is not good.
    Wanting,
}

impl Outcome {
    pub(crate) fn wanting_if(wanting: bool) -> Outcome {
        if wanting { Outcome::Wanting } else { Outcome::Done }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        match outcome {
            Outcome::Done => ExitCode::SUCCESS,
            Outcome::Wanting => ExitCode::from(1),
        }
    }
}

/// An argument that makes no sense, found out after parsing: exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct WrongUse(pub String);

/// Writes an error with its causes to standard error.
pub(crate) fn fail(error: &anyhow::Error) -> ExitCode {
    let mut text = String::new();
    for (depth, cause) in error.chain().enumerate() {
        let cause = cause.to_string();
        // Some errors repeat their source.
        if depth == 0 {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    let _unwritable = writeln!(std::io::stderr(), "error: {text}");
    if let Some(Error::Rejected(rejection)) = error.downcast_ref::<Error>() {
        explain(rejection);
    }
    ExitCode::from(if error.is::<WrongUse>() { 2 } else { 1 })
}

/// What a refusal shows beside its sentence: both versions of a record that has changed meanwhile.
fn explain(rejection: &surety_aims::Rejection) {
    if let surety_aims::Rejection::Stale { current, yours, .. } = rejection {
        let mut out = std::io::stderr();
        for (name, version) in [("current", current), ("yours", yours)] {
            if !version.is_null() {
                let text = serde_json::to_string_pretty(version).unwrap_or_default();
                let _unwritable = writeln!(out, "{name}: {text}");
            }
        }
    }
}

/// Writes a workbook in the format that was asked for.
pub(crate) fn write_workbook(workbook: &Workbook, output: &Output) -> anyhow::Result<()> {
    let bytes = render(workbook, output.format, text_options(output))?;
    write(&bytes, output)
}

/// Writes any answer as JSON.
pub(crate) fn write_json(value: &impl serde::Serialize, output: &Output) -> anyhow::Result<()> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    write(&bytes, output)
}

/// Writes bytes to the file or standard output.
pub(crate) fn write(bytes: &[u8], output: &Output) -> anyhow::Result<()> {
    match &output.output {
        Some(path) => write_file(path, bytes),
        None if output.format.is_binary() && std::io::stdout().is_terminal() => Err(WrongUse(
            "such a document does not go to a terminal; give a file with -o FILE".to_owned(),
        )
        .into()),
        None => print(bytes),
    }
}

pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("{}: can't be written", path.display()))
}

/// Writes a file that its owner alone can read, in place of the one that is there.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes));
    written.with_context(|| format!("{}: can't be written", path.display()))
}

/// Standard output. Whoever stops reading has seen enough, which is no failure.
pub(crate) fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// A line about something that is wrong, to standard error.
pub(crate) fn complain(text: &str) {
    let _unwritable = writeln!(std::io::stderr(), "{text}");
}

/// A line of text.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    print(format!("{text}\n").as_bytes())
}

fn text_options(output: &Output) -> TextOptions {
    let terminal = output.output.is_none() && std::io::stdout().is_terminal();
    if !terminal {
        return TextOptions::default();
    }
    let width = console::Term::stdout().size_checked().map(|(_, columns)| columns);
    TextOptions { width, colour: Colour::Always }
}

/// A progress bar on a terminal, for long work.
pub(crate) fn progress(what: &str, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} [{bar:40}] {pos}/{len} {eta}");
    let bar = ProgressBar::new(0).with_message(what.to_owned());
    style.map_or(bar.clone(), |style| bar.with_style(style))
}
