//! An engine on a database of its own, with a clock that stands still, and short ways to say commands.

use std::{path::Path, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Map, Value, json};
use surety_aims::{Command, Kind, Principal, RecordId, Role};
use surety_engine::{Aims, Batch, Config, Done, Engine, Error, FixedClock, KeySource, fold};
use surety_store::test_postgres;
use tempfile::TempDir;

pub(crate) const NAME: &str = "Havnbank";
pub(crate) const START: Date = jiff::civil::date(2026, 3, 2);

/// A data folder, perhaps with a database elsewhere, and the clock that all engines on it share.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
    pub(crate) database: Option<String>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) key: KeySource,
}

impl Home {
    pub(crate) fn sqlite() -> Home {
        Home {
            folder: tempfile::tempdir().unwrap(),
            database: None,
            clock: Arc::new(FixedClock::new(noon(START))),
            key: KeySource::DataFolder,
        }
    }

    pub(crate) async fn postgres() -> Home {
        Home { database: Some(test_postgres::fresh_database().await.unwrap()), ..Home::sqlite() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn config(&self) -> Config {
        let mut config = Config::folder(self.path());
        config.database = self.database.clone();
        config.clock = self.clock.clone();
        config.key = self.key.clone();
        config
    }

    /// A node: an engine of its own on the same database.
    pub(crate) async fn engine(&self) -> Engine {
        Engine::open(self.config()).await.unwrap()
    }

    /// A node with the organisation, made if it is not there.
    pub(crate) async fn open(&self) -> (Engine, Arc<Aims>) {
        let engine = self.engine().await;
        let aims = match engine.organisation(None).await {
            Ok(aims) => aims,
            Err(Error::NoOrganisation(_)) => engine.init(NAME).await.unwrap(),
            Err(error) => panic!("{error}"),
        };
        (engine, aims)
    }

    /// Lets so many days pass.
    pub(crate) fn pass(&self, days: i64) {
        use surety_engine::Clock;
        self.clock.set(self.clock.now() + SignedDuration::from_hours(24 * days));
    }
}

/// Noon of a day (UTC).
pub(crate) fn noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp()
}

pub(crate) fn operator() -> Principal {
    Principal::operator()
}

pub(crate) fn person(name: &str, role: Role) -> Principal {
    Principal { name: name.into(), role }
}

/// A new record under the next number, or under `id`.
pub(crate) fn state(kind: Kind, body: Value) -> Command {
    Command::State { kind, id: None, body, custom: Map::new(), external: Vec::new(), base: None }
}

pub(crate) fn state_as(id: &str, body: Value) -> Command {
    restate_if(id, None, body)
}

/// The next version of a record that is in version `base`.
pub(crate) fn restate(id: &str, base: u32, body: Value) -> Command {
    restate_if(id, Some(base), body)
}

fn restate_if(id: &str, base: Option<u32>, body: Value) -> Command {
    let id: RecordId = id.parse().unwrap();
    let (custom, external) = (Map::new(), Vec::new());
    Command::State { kind: id.kind, id: Some(id), body, custom, external, base }
}

pub(crate) fn step(id: &str, step: &str) -> Command {
    let note = "as agreed".to_owned();
    Command::Move { id: id.parse().unwrap(), step: step.to_owned(), note, base: None }
}

pub(crate) fn withdraw(id: &str) -> Command {
    Command::Withdraw { id: id.parse().unwrap(), reason: "stated twice".to_owned(), base: None }
}

pub(crate) fn group(name: &str) -> Command {
    state(Kind::SystemGroup, json!({ "name": name }))
}

pub(crate) fn keyed(key: &str, commands: impl IntoIterator<Item = Command>) -> Batch {
    Batch { idempotency_key: Some(key.to_owned()), ..Batch::of(commands) }
}

/// Runs commands as the operator; they must not be refused.
pub(crate) async fn run(aims: &Aims, commands: impl IntoIterator<Item = Command>) -> Done {
    aims.execute(&operator(), Batch::of(commands)).await.unwrap()
}

/// The number of entries on the ledger, as the store has them; they must be dense.
pub(crate) async fn size(aims: &Aims) -> u64 {
    let entries = aims.entries(0, u32::MAX).await.unwrap();
    for (seq, entry) in (0..).zip(&entries) {
        entry.check(seq, aims.id()).unwrap();
    }
    u64::try_from(entries.len()).unwrap()
}

/// The names of all records of a kind, by number.
pub(crate) async fn titles(aims: &Aims, kind: Kind) -> Vec<String> {
    let position = aims.current().await.unwrap();
    position.book.of_kind(kind).map(|record| record.title().to_owned()).collect()
}

/// Whatever the ledger holds: it verifies, and the Book in memory is what its entries fold to.
pub(crate) async fn holds(aims: &Aims) {
    let position = aims.current().await.unwrap();
    let report = aims.verify(&[], &mut |_| {}).await.unwrap();
    assert_eq!(report.size, position.book.size());
    assert_eq!(report.root, position.frontier.root());
    let folded = fold(&aims.entries(0, u32::MAX).await.unwrap()).unwrap();
    assert!(folded.book == position.book, "the Book is not what the entries fold to");
    assert_eq!(folded.frontier, position.frontier);
}
