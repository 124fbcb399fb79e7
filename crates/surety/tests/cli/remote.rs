//! `--server`: the same command line over HTTP. Each command runs once on a data folder and once against a server over a copy
//! of it, and both say the same, byte for byte.

mod access;
mod reading;
mod writing;

use std::{collections::BTreeMap, path::Path};

use crate::{
    desk::{Desk, Ran},
    door::Server,
};

/// A data folder, and a server over a copy of it; the same person acts on both.
struct Twins {
    here: Desk,
    away: Desk,
    /// Others who ask the server.
    others: Vec<Desk>,
    /// The server's own data folder.
    there: Desk,
    _server: Server,
}

impl Twins {
    /// PER-1 is an owner of both.
    fn of(desk: Desk) -> Twins {
        Twins::with(desk, &[])
    }

    /// The same, and others with these roles, as these persons.
    fn with(desk: Desk, others: &[(&str, &str)]) -> Twins {
        // Before they part, as tokens leave a trace on the ledger.
        let token = |role: &str, person: &str| token(&desk, role, person, "write");
        let owner = token("owner", "PER-1");
        let others: Vec<_> = others.iter().map(|(role, person)| token(role, person)).collect();
        let there = desk.twin();
        let server = Server::logging(&there, "warn");
        let place = format!("http://{}", server.address);
        let others = others.iter().map(|token| Desk::away(&place, token)).collect();
        let away = Desk::away(&place, &owner).acting("PER-1");
        Twins { here: desk.acting("PER-1"), away, others, there, _server: server }
    }

    /// Runs a command on both, and gives what both said.
    fn same(&self, arguments: &[&str]) -> Ran {
        let (here, away) = (self.here.run(arguments), self.away.run(arguments));
        assert_eq!(
            (here.status, &here.out, &here.err),
            (away.status, &away.out, &away.err),
            "{arguments:?}"
        );
        assert!(here.bytes == away.bytes, "{arguments:?} differ");
        here
    }

    /// The same of what must succeed.
    fn done(&self, arguments: &[&str]) -> String {
        let ran = self.same(arguments);
        assert_eq!(ran.status, 0, "{arguments:?}: {ran:?}");
        ran.out
    }

    /// The same of what must be refused with that status.
    fn refused(&self, status: i32, arguments: &[&str]) -> String {
        let ran = self.same(arguments);
        assert_eq!(ran.status, status, "{arguments:?}: {ran:?}");
        ran.err
    }

    /// Writes a file for both, and gives its name.
    fn write(&self, name: &'static str, text: &str) -> &'static str {
        self.here.write(name, text);
        self.away.write(name, text);
        name
    }

    /// Both have the same records, files and people.
    fn export_the_same(&self) {
        self.done(&["export", "out"]);
        let (here, away) = (files(&self.here.path("out")), files(&self.away.path("out")));
        assert!(here.len() > 5, "{here:?}");
        for (name, bytes) in &here {
            assert!(away.get(name) == Some(bytes), "{name} differs");
        }
        assert_eq!(here.len(), away.len());
    }
}

/// A token at the server for a new account.
fn token(there: &Desk, role: &str, person: &str, scope: &str) -> String {
    let email = format!("{role}-{person}-{scope}@ferries.example");
    let add = ["account", "add", &email, "--name", "Somebody", "--role", role, "--person", person];
    there.done(&add);
    let token = ["account", "token", &email, "--name", "test", "--scope", scope];
    there.done(&token).trim().to_owned()
}

/// Every file below a folder, by its path in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                all.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    all
}
