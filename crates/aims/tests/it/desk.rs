//! A Book to try commands on, through the one validation there is.

use serde_json::{Map, Value};
use surety_aims::{
    Book, Command, Context, Happened, Kind, Principal, RecordId, Rejection, Role, decide,
};

use crate::samples::samples;

/// A Book, with commands that go through the one validation there is.
pub(crate) struct Desk {
    pub(crate) book: Book,
    seq: u64,
}

impl Desk {
    pub(crate) fn empty() -> Desk {
        Desk { book: Book::default(), seq: 0 }
    }

    /// With every sample stated, in the order of kinds.
    pub(crate) fn with_samples() -> Desk {
        let mut desk = Desk::empty();
        for (kind, body) in samples() {
            desk.state(kind, body).unwrap_or_else(|rejection| panic!("{kind}: {rejection}"));
        }
        desk
    }

    pub(crate) fn run(&mut self, by: &str, command: Command) -> Result<(), Rejection> {
        let context = Context {
            book: &self.book,
            knows: &|requirement| requirement.framework() == "iso42001",
            promised: &|_| true,
        };
        let principal = Principal { name: by.into(), role: Role::Owner };
        for event in decide(&context, &principal, &command)? {
            let at = "2026-11-21T09:00:00Z".parse().unwrap();
            self.book.apply(Happened { seq: self.seq, at, by: by.into(), event });
            self.seq += 1;
        }
        Ok(())
    }

    pub(crate) fn state(&mut self, kind: Kind, body: Value) -> Result<(), Rejection> {
        let (custom, external) = (Map::new(), Vec::new());
        self.run("PER-1", Command::State { kind, id: None, body, custom, external, base: None })
    }

    /// States the first record of that kind anew, with some fields replaced.
    pub(crate) fn restate(&mut self, kind: Kind, changes: Value) -> Result<(), Rejection> {
        let id = RecordId::new(kind, 1);
        let record = self.book.get(id).unwrap();
        let body = changed(record.body.to_json(), changes);
        let (custom, external) = (Map::new(), Vec::new());
        let base = Some(record.version);
        self.run("PER-1", Command::State { kind, id: Some(id), body, custom, external, base })
    }

    /// Takes a step of the first record of that kind; PER-2 did not state it.
    pub(crate) fn step(&mut self, kind: Kind, step: &str) -> Result<(), Rejection> {
        let id = RecordId::new(kind, 1);
        let (step, note) = (step.to_owned(), "as agreed".to_owned());
        self.run("PER-2", Command::Move { id, step, note, base: None })
    }

    pub(crate) fn state_of(&self, kind: Kind) -> &'static str {
        self.book.get(RecordId::new(kind, 1)).unwrap().state
    }
}

/// `body` with the fields of `changes`; null takes a field out.
pub(crate) fn changed(body: Value, changes: Value) -> Value {
    let (Value::Object(mut body), Value::Object(changes)) = (body, changes) else { panic!() };
    for (field, value) in changes {
        if value.is_null() {
            body.remove(&field)
        } else {
            body.insert(field, value)
        };
    }
    Value::Object(body)
}
