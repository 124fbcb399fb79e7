//! A data folder with somebody who types commands.

use std::{
    io::{Seek, Write},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

/// The instant at which everything happens unless a test says otherwise.
pub(crate) const NOW: &str = "2026-11-20T15:00:00Z";

/// A folder of its own, with a data folder inside.
pub(crate) struct Desk {
    folder: TempDir,
    clock: String,
    /// Variables of the environment beside the clock: where the management system is, who acts.
    environment: Vec<(&'static str, String)>,
}

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) bytes: Vec<u8>,
}

/// A file under `fixtures/`.
pub(crate) fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/fixtures").join(name);
    path.to_str().unwrap().to_owned()
}

impl Desk {
    /// Without an organisation.
    pub(crate) fn bare() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data").to_str().unwrap().to_owned();
        Desk { folder, clock: NOW.to_owned(), environment: vec![("SURETY_DATA", data)] }
    }

    /// Without a data folder: whatever is asked is asked a server.
    pub(crate) fn away(server: &str, token: &str) -> Desk {
        let away = vec![("SURETY_SERVER", server.to_owned()), ("SURETY_TOKEN", token.to_owned())];
        Desk { environment: away, ..Desk::bare() }
    }

    /// Without a data folder of its own: a configuration file says where everything is.
    pub(crate) fn configured(file: &str) -> Desk {
        Desk { environment: vec![("SURETY_CONFIG", file.to_owned())], ..Desk::bare() }
    }

    /// Whatever is done next is done by this person.
    pub(crate) fn acting(mut self, person: &str) -> Desk {
        self.environment.push(("SURETY_ACTOR", person.to_owned()));
        self
    }

    /// With its ledgers in this database.
    pub(crate) fn over(mut self, database: &str) -> Desk {
        self.environment.push(("SURETY_DATABASE", database.to_owned()));
        self
    }

    /// Where the management system is, as variables of the environment.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.environment.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Another desk with a copy of the data folder.
    pub(crate) fn twin(&self) -> Desk {
        let twin = Desk { clock: self.clock.clone(), ..Desk::bare() };
        copy(&self.path("data"), &twin.path("data"));
        twin
    }

    /// With the organisation Harbour Ferries.
    pub(crate) fn new() -> Desk {
        let desk = Desk::bare();
        desk.done(&["init", "--org", "Harbour Ferries"]);
        desk
    }

    /// With the three systems of `fixtures/systems.csv`: SYS-1 to SYS-3, PER-1, PER-2, SUP-1, SUP-2.
    pub(crate) fn with_systems() -> Desk {
        let desk = Desk::new();
        desk.done(&["import", &fixture("systems.csv")]);
        desk
    }

    /// Whatever happens next happens at this instant.
    pub(crate) fn at(&mut self, instant: &str) -> &mut Desk {
        instant.clone_into(&mut self.clock);
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text_path(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Writes a file and gives its path.
    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.text_path(name)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.given(arguments, "")
    }

    /// Runs what reads this from standard input.
    pub(crate) fn given(&self, arguments: &[&str], input: &str) -> Ran {
        // A file rather than a pipe, as a program that is refused reads nothing.
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(input.as_bytes()).unwrap();
        file.rewind().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_surety"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SURETY_") {
                command.env_remove(name);
            }
        }
        let output = command
            .args(arguments)
            .envs(self.environment())
            .env("SURETY_CLOCK", &self.clock)
            .env("XDG_CACHE_HOME", self.path("cache"))
            .current_dir(self.folder.path())
            .stdin(file)
            .output()
            .unwrap();
        Ran::of(output)
    }

    /// Runs what must succeed, and gives what it said.
    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.status, 0, "{arguments:?}: {ran:?}");
        ran.out
    }

    /// Runs what must be refused with that status, and gives what it said to standard error.
    pub(crate) fn refused(&self, status: i32, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.status, status, "{arguments:?}: {ran:?}");
        assert!(!ran.err.is_empty(), "{arguments:?} says nothing to standard error: {ran:?}");
        ran.err
    }

    /// The answer as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(arguments);
        serde_json::from_str(&ran.out)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}: {ran:?}"))
    }

    /// How many entries the ledger holds.
    pub(crate) fn entries(&self) -> u64 {
        self.json(&["ledger", "verify", "--format", "json"])["size"].as_u64().unwrap()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = (entry.as_ref().unwrap().path(), entry.unwrap().file_name());
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

impl Ran {
    fn of(output: Output) -> Ran {
        Ran {
            status: output.status.code().unwrap(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
            bytes: output.stdout,
        }
    }
}
