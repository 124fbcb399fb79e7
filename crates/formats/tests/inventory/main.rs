//! Reading an organisation's own files into proposals: what each format yields, what is reported, what is refused.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows only plain #[test] functions as tests"
)]

mod bills;
mod cards;
mod decisions;
mod hostile;
mod records;
mod tables;
mod workbooks;

use std::fmt::Write;

use surety_formats::inventory::{Format, Options, Reading, Target, read, recognise};

/// Reads a fixture that must be recognised and readable.
fn fixture(name: &str, bytes: &[u8], format: Format) -> Reading {
    assert_eq!(recognise(name, bytes), Some(format), "{name}");
    read(name, bytes, &Options::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn with(options: impl FnOnce(&mut Options)) -> Options {
    let mut chosen = Options::default();
    options(&mut chosen);
    chosen
}

/// A reading as a person would write it down.
fn shown(reading: &Reading) -> String {
    let mut out = String::new();
    for proposal in &reading.proposals {
        let mention = if proposal.mention { " (mention)" } else { "" };
        writeln!(out, "{} {:?}{mention}", proposal.kind, proposal.name).unwrap();
        writeln!(out, "  id {} | {}", proposal.source, proposal.external_id).unwrap();
        writeln!(out, "  at {}", proposal.place).unwrap();
        if let Some(identity) = &proposal.identity {
            writeln!(out, "  identity {:?} {:?}", identity.name, identity.email).unwrap();
        }
        if let Some(state) = &proposal.state {
            writeln!(out, "  state {state}").unwrap();
        }
        for (field, value) in &proposal.body {
            writeln!(out, "  {field}: {value}").unwrap();
        }
        for link in &proposal.links {
            let target = match &link.target {
                Target::External { kind, external_id, .. } => format!("{kind} #{external_id}"),
                Target::Named { kind, name, email } => {
                    format!("{kind} {name:?} {}", email.as_deref().unwrap_or_default())
                }
                Target::Record { id, .. } => id.clone(),
            };
            writeln!(
                out,
                "  {}{} -> {}",
                link.field,
                if link.many { "[]" } else { "" },
                target.trim()
            )
            .unwrap();
        }
        for (key, value) in &proposal.original {
            writeln!(out, "  ~ {key}: {value}").unwrap();
        }
    }
    for problem in &reading.problems {
        writeln!(out, "! {problem}").unwrap();
    }
    for notice in &reading.notices {
        writeln!(out, "i {notice}").unwrap();
    }
    for unmapped in &reading.unmapped {
        writeln!(out, "? {} ({}) {}", unmapped.name, unmapped.filled, unmapped.example).unwrap();
    }
    out
}
