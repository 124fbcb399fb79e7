//! Commands decided, folded and appended, compared with the same rows written raw: `rusqlite`, one prepared statement, one
//! transaction for each batch, the same pragmas, a table with nothing but its primary key.
//!
//! The promise is at least 30 % of the raw rate in batches of 100.

#![expect(clippy::unwrap_used, reason = "a bench may fail as a test may")]

use std::{cell::Cell, path::Path, sync::Arc};

use divan::{Bencher, counter::ItemsCount};
use serde_json::{Map, json};
use surety_aims::{Command, Kind, Principal};
use surety_engine::{Aims, Batch, Config, Engine};
use surety_ledger::Entry;
use tokio::{runtime::Runtime, task::JoinSet};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const BATCH: u64 = 100;

fn main() {
    divan::main();
}

/// A pipeline that reports without pause: while a hundred commands are committed, the next hundred wait.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn commit_the_commands_of_200_callers(bencher: Bencher) {
    const CALLERS: usize = 200;
    let (runtime, folder) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
    let (_engine, aims) = runtime.block_on(open(folder.path()));
    let number = Cell::new(0);
    let inputs = || (0..20).flat_map(|_| commands(&number)).collect::<Vec<_>>();
    bencher.counter(ItemsCount::new(20 * BATCH)).with_inputs(inputs).bench_local_values(
        |commands| {
            runtime.block_on(async {
                let mut callers = JoinSet::new();
                for own in commands.chunks(commands.len() / CALLERS) {
                    let (aims, own) = (aims.clone(), own.to_vec());
                    callers.spawn(async move {
                        for command in own {
                            aims.execute(&Principal::operator(), Batch::of([command]))
                                .await
                                .unwrap();
                        }
                    });
                }
                callers.join_all().await
            })
        },
    );
}

/// Two imports at once: each asks for a hundred commands, all or none, again and again.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn commit_batches_of_100_commands_of_2_callers(bencher: Bencher) {
    let (runtime, folder) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
    let (_engine, aims) = runtime.block_on(open(folder.path()));
    let number = Cell::new(0);
    let inputs = || [(); 2].map(|()| [(); 10].map(|()| commands(&number)));
    bencher.counter(ItemsCount::new(20 * BATCH)).with_inputs(inputs).bench_local_values(
        |callers| {
            runtime.block_on(async {
                let mut running = JoinSet::new();
                for batches in callers {
                    let aims = aims.clone();
                    running.spawn(async move {
                        for commands in batches {
                            aims.execute(&Principal::operator(), Batch::of(commands))
                                .await
                                .unwrap();
                        }
                    });
                }
                running.join_all().await
            })
        },
    );
}

/// One import: the next hundred commands are asked for when the last are done.
#[divan::bench(sample_count = 200, sample_size = 1)]
fn commit_one_batch_of_100_commands(bencher: Bencher) {
    let (runtime, folder) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
    let (_engine, aims) = runtime.block_on(open(folder.path()));
    let number = Cell::new(0);
    bencher.counter(ItemsCount::new(BATCH)).with_inputs(|| commands(&number)).bench_local_values(
        |commands| {
            runtime.block_on(aims.execute(&Principal::operator(), Batch::of(commands))).unwrap()
        },
    );
}

/// The rows that the commands above become.
#[divan::bench(sample_count = 200, sample_size = 1)]
fn write_the_same_100_rows_raw(bencher: Bencher) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let entries = runtime.block_on(async {
        let (_engine, aims) = open(folder.path()).await;
        let batch = Batch::of(commands(&Cell::new(0)));
        let done = aims.execute(&Principal::operator(), batch).await.unwrap();
        aims.entries(done.entries.0, 100).await.unwrap()
    });
    let connection = raw(folder.path());
    let mut insert = connection.prepare(INSERT).unwrap();
    let size = Cell::new(0);
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for entry in &entries {
            insert_raw(&mut insert, size.get(), entry);
            size.set(size.get() + 1);
        }
        connection.execute_batch("COMMIT").unwrap();
    });
}

async fn open(folder: &Path) -> (Engine, Arc<Aims>) {
    let engine = Engine::open(Config::folder(folder)).await.unwrap();
    let aims = engine.init("Havnbank").await.unwrap();
    let people = (0..50).map(|_| state(Kind::Person, json!({ "position": "Analyst" })));
    let systems =
        (0..50).map(|number| state(Kind::AiSystem, json!({ "name": format!("System {number}") })));
    aims.execute(&Principal::operator(), Batch::of(people.chain(systems))).await.unwrap();
    (engine, aims)
}

/// A hundred pieces of evidence, as a pipeline reports them: some 600 bytes each.
fn commands(number: &Cell<u64>) -> Vec<Command> {
    let first = number.replace(number.get() + BATCH);
    let evidence = |number: u64| {
        state(
            Kind::EvidenceItem,
            json!({
                "title": format!("Export {number} of the monitoring"), "kind": "export",
                "source": "The monitoring of the platform, job 17, run every night at two",
                "collected_by": format!("PER-{}", number % 50 + 1), "collected_on": "2026-11-20",
                "period_from": "2026-10-20", "period_to": "2026-11-20",
                "supports": ["iso42001:A.6.2.6", "iso42001:A.6.2.8"],
                "ai_systems": [format!("SYS-{}", number % 50 + 1)],
                "confidentiality": "internal", "automated": true,
                "file": {
                    "sha256": format!("{number:064x}"), "name": format!("export-{number}.csv"),
                    "media_type": "text/csv", "bytes": 12_345,
                },
            }),
        )
    };
    (first..first + BATCH).map(evidence).collect()
}

fn state(kind: Kind, body: serde_json::Value) -> Command {
    Command::State { kind, id: None, body, custom: Map::new(), external: Vec::new(), base: None }
}

const INSERT: &str = "INSERT INTO entry (organisation, seq, instant, idempotency_key, subject, header, salt, payload) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

fn raw(folder: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(folder.join("raw.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; \
             CREATE TABLE entry (organisation TEXT NOT NULL, seq INTEGER NOT NULL, \
             instant INTEGER NOT NULL, idempotency_key TEXT, subject TEXT, header BLOB NOT NULL, \
             salt BLOB, payload BLOB, PRIMARY KEY (organisation, seq)) STRICT",
        )
        .unwrap();
    connection
}

fn insert_raw(insert: &mut rusqlite::Statement<'_>, seq: i64, entry: &Entry) {
    let salt = entry.salt.as_ref().map(|salt| salt.as_bytes().as_slice());
    let subject = format!("EVD-{seq}");
    let row = rusqlite::params![
        "havnbank",
        seq,
        seq * 1_000_000,
        None::<String>,
        subject,
        entry.header,
        salt,
        entry.payload,
    ];
    insert.execute(row).unwrap();
}
