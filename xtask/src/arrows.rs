//! Which crate may use which. `docs/architecture.md` explains the table.

use std::{path::Path, process::Command};

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::Fault;

/// Our crates, lowest first, and which of ours each may use. What is not here is no crate of ours.
const MAY_USE: &[(&str, &[&str])] = &[
    ("surety-ledger", &[]),
    ("surety-catalog", &[]),
    ("surety-aims", &["surety-catalog"]),
    ("surety-law", &["surety-catalog"]),
    ("surety-store", &["surety-ledger"]),
    ("surety-formats", &["surety-aims", "surety-catalog"]),
    ("surety-reports", &["surety-aims", "surety-catalog", "surety-law"]),
    (
        "surety-engine",
        &[
            "surety-aims",
            "surety-catalog",
            "surety-formats",
            "surety-law",
            "surety-ledger",
            "surety-reports",
            "surety-store",
        ],
    ),
    (
        "surety-server",
        &["surety-aims", "surety-catalog", "surety-law", "surety-reports", "surety-engine"],
    ),
    (
        "surety",
        &[
            "surety-aims",
            "surety-catalog",
            "surety-engine",
            "surety-formats",
            "surety-law",
            "surety-ledger",
            "surety-reports",
            "surety-server",
            "surety-store",
        ],
    ),
    ("surety-xtask", &[]),
    // What bench/load.sh compares the server with.
    ("surety-hello", &[]),
];

/// Dependencies with a door: which crates alone may name them, and why.
const ONLY_IN: &[(&[&str], &[&str], &str)] = &[
    (
        &["sqlx", "object_store", "rusqlite"],
        &["surety-store"],
        "only the store knows how ledgers and files are kept",
    ),
    (
        &["axum", "askama"],
        &["surety-server", "surety-hello"],
        "pages and HTTP belong to the server, which translates and decides nothing",
    ),
    (
        &["tokio", "getrandom", "rand", "reqwest"],
        &["surety-store", "surety-engine", "surety-server", "surety", "surety-hello"],
        "this crate is pure: no clock, no randomness, no I/O; pass what it needs as an argument",
    ),
    (
        &["tantivy"],
        &["surety-engine"],
        "the index is a cache of an open organisation; whoever searches asks the engine",
    ),
    (&["clap", "indicatif"], &["surety"], "only the command line speaks to a terminal"),
];

/// A crate of the workspace and what it depends on.
#[derive(Debug)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) uses: Vec<Use>,
}

/// One dependency.
#[derive(Debug)]
pub(crate) struct Use {
    pub(crate) name: String,
    /// Only its tests and measurements need it, so doors stand open; arrows hold all the same.
    pub(crate) only_tests: bool,
}

/// Reads the workspace with `cargo metadata`.
pub(crate) fn read(root: &Path) -> anyhow::Result<Vec<Crate>> {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root)
        .output()
        .context("cargo metadata can't be run")?;
    ensure!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    Ok(packages.into_iter().flatten().map(crate_of).collect())
}

fn crate_of(package: &Value) -> Crate {
    let text = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let dependencies = package.get("dependencies").and_then(Value::as_array);
    Crate {
        name: text(package, "name"),
        uses: dependencies
            .into_iter()
            .flatten()
            .map(|used| Use { name: text(used, "name"), only_tests: text(used, "kind") == "dev" })
            .collect(),
    }
}

/// Every arrow that the tables do not allow.
pub(crate) fn check(crates: &[Crate]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for one in crates {
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == one.name) else {
            let message = "is not in the table of xtask/src/arrows.rs; add it there, to docs/architecture.md and to docs/adr";
            faults.push(Fault::new(&one.name, message));
            continue;
        };
        for used in &one.uses {
            faults.extend(forbidden_arrow(&one.name, &used.name, allowed));
            if !used.only_tests {
                faults.extend(closed_door(&one.name, &used.name));
            }
        }
    }
    faults
}

fn forbidden_arrow(from: &str, to: &str, allowed: &[&str]) -> Option<Fault> {
    let ours = MAY_USE.iter().any(|(name, _)| *name == to);
    // A crate may name itself to turn on a feature for its own tests.
    if !ours || from == to || allowed.contains(&to) {
        return None;
    }
    let may = if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
    Some(Fault::new(
        from,
        format!("uses {to}, and may use {may}; move what is needed down, or pass it in"),
    ))
}

fn closed_door(from: &str, to: &str) -> Option<Fault> {
    let (_, doors, why) = ONLY_IN.iter().find(|(names, _, _)| names.contains(&to))?;
    let open = doors.contains(&from);
    (!open).then(|| Fault::new(from, format!("depends on {to}: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(name: &str, uses: &[&str]) -> Vec<String> {
        faults_with(name, uses, false)
    }

    fn faults_with(name: &str, uses: &[&str], only_tests: bool) -> Vec<String> {
        let uses = uses.iter().map(|used| Use { name: (*used).to_owned(), only_tests }).collect();
        let one = Crate { name: name.to_owned(), uses };
        check(&[one]).into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn arrows_may_only_point_down() {
        assert!(faults_of("surety-aims", &["surety-catalog", "serde", "imbl"]).is_empty());
        assert_eq!(
            faults_of("surety-ledger", &["surety-aims"]),
            [
                "uses surety-aims, and may use nothing of ours; move what is needed down, or pass it in"
            ]
        );
        assert_eq!(faults_of("surety-reports", &["surety-store", "surety-formats"]).len(), 2);
    }

    #[test]
    fn guarded_dependencies_stay_behind_their_door() {
        let store: &[&str] = &["sqlx", "object_store", "tokio", "surety-ledger", "surety-store"];
        assert!(faults_of("surety-store", store).is_empty());
        for (name, dependency) in [
            ("surety-engine", "sqlx"),
            ("surety", "object_store"),
            ("surety-aims", "tokio"),
            ("surety-formats", "getrandom"),
            ("surety-engine", "axum"),
            ("surety-reports", "askama"),
            ("surety-server", "tantivy"),
        ] {
            assert_eq!(faults_of(name, &[dependency]).len(), 1, "{name} and {dependency}");
        }
    }

    #[test]
    fn tests_pass_doors_but_turn_no_arrow_round() {
        assert!(faults_with("surety-engine", &["rusqlite", "tokio"], true).is_empty());
        assert_eq!(faults_with("surety-ledger", &["surety-store"], true).len(), 1);
    }

    #[test]
    fn a_crate_that_the_table_does_not_know_is_refused() {
        assert_eq!(faults_of("surety-utils", &[]).len(), 1);
    }
}
