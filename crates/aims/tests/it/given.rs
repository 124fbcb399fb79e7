//! Given what was done before, when somebody asks for something: the manner of the tests on decisions.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value, json};
use surety_aims::{
    Book, Command, Context, Event, Happened, Kind, Principal, RecordId, Rejection, Role, decide,
};

/// A Book, with what happened until then.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) book: Book,
    pub(crate) history: Vec<Happened>,
}

/// Who asks.
pub(crate) fn by(name: &str, role: Role) -> Principal {
    Principal { name: name.into(), role }
}

/// The compliance manager, who states most records.
pub(crate) fn manager() -> Principal {
    by("PER-1", Role::ComplianceManager)
}

/// Another person who may approve.
pub(crate) fn second() -> Principal {
    by("PER-2", Role::ComplianceManager)
}

/// States a new record.
pub(crate) fn state(kind: Kind, body: Value) -> Command {
    statement(kind, None, None, body)
}

/// States the next version of a record.
pub(crate) fn restate(id: &str, base: u32, body: Value) -> Command {
    let id: RecordId = id.parse().unwrap();
    statement(id.kind, Some(id), Some(base), body)
}

/// States a record in full.
pub(crate) fn statement(
    kind: Kind,
    id: Option<RecordId>,
    base: Option<u32>,
    body: Value,
) -> Command {
    Command::State { kind, id, body, custom: Map::new(), external: Vec::new(), base }
}

pub(crate) fn step(id: &str, step: &str) -> Command {
    noted(id, step, "")
}

pub(crate) fn noted(id: &str, step: &str, note: &str) -> Command {
    Command::Move {
        id: id.parse().unwrap(),
        step: step.to_owned(),
        note: note.to_owned(),
        base: None,
    }
}

pub(crate) fn withdraw(id: &str) -> Command {
    Command::Withdraw { id: id.parse().unwrap(), reason: "entered twice".to_owned(), base: None }
}

/// A world in which the manager did this.
pub(crate) fn given(commands: impl IntoIterator<Item = Command>) -> World {
    let mut world = World::default();
    for command in commands {
        world.does(&manager(), command);
    }
    world
}

/// The instant of an entry.
pub(crate) fn instant(seq: u64) -> Timestamp {
    let start: Timestamp = "2026-01-05T08:00:00Z".parse().unwrap();
    start + i64::try_from(seq).unwrap().minutes()
}

impl World {
    /// The events that the command would lead to, or why it is refused.
    pub(crate) fn when(&self, who: &Principal, command: Command) -> Result<Vec<Event>, Rejection> {
        let context = Context {
            book: &self.book,
            knows: &|requirement| requirement.framework() == "fw",
            promised: &|id| id == RecordId::new(Kind::Supplier, 99),
        };
        decide(&context, who, &command)
    }

    /// Why the command is refused, as people read it.
    pub(crate) fn refusal(&self, who: &Principal, command: Command) -> String {
        self.when(who, command).unwrap_err().to_string()
    }

    /// Does it.
    pub(crate) fn does(&mut self, who: &Principal, command: Command) -> &mut World {
        let said = format!("{command:?}");
        let events = self.when(who, command).unwrap_or_else(|no| panic!("{said}: {no}"));
        for event in events {
            self.happens(&who.name, event);
        }
        self
    }

    /// Folds an event, whether anybody may or not: a fact is never refused.
    pub(crate) fn happens(&mut self, by: &str, event: Event) {
        let seq = self.book.size();
        let happened = Happened { seq, at: instant(seq), by: Arc::from(by), event };
        self.history.push(happened.clone());
        self.book.apply(happened);
    }
}

/// A policy that is ready to be submitted.
pub(crate) fn policy() -> Value {
    json!({
        "kind": "ai_policy", "title": "AI policy", "version": "1.0", "body": "We use AI with care.",
        "commitments": ["requirements", "improvement"], "owner": "PER-1", "effective_from": "2026-02-01",
        "next_review": "2027-02-01",
    })
}

pub(crate) fn person(position: &str) -> Command {
    state(Kind::Person, json!({ "position": position }))
}
