//! Appending and reading, compared with the same rows written raw: `rusqlite`, one prepared statement,
//! one transaction for each batch, the same pragmas, a table with nothing but its primary key.

#![expect(clippy::unwrap_used, reason = "a bench may fail as a test may")]

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use jiff::{SignedDuration, Timestamp};
use surety_ledger::{Entry, Fields, Salt};
use surety_store::{LedgerStore, NewEntry, Organisation, test_postgres};
use tokio::runtime::Runtime;

const ACME: &str = "acme";
const BATCH: u64 = 100;

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 200, sample_size = 1)]
fn append_100_in_sqlite(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    append(bencher, folder.path().to_str().unwrap());
}

#[divan::bench(sample_count = 200, sample_size = 1)]
fn append_100_in_raw_sqlite(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let connection = raw(folder.path());
    let mut insert = connection.prepare(INSERT).unwrap();
    let size = Cell::new(0);
    bencher.counter(ItemsCount::new(BATCH)).with_inputs(|| batch(&size)).bench_local_values(
        |entries| {
            connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            for (seq, new) in (size.get()..).zip(&entries) {
                insert_raw(&mut insert, i64::try_from(seq).unwrap(), new);
            }
            connection.execute_batch("COMMIT").unwrap();
            size.set(size.get() + BATCH);
        },
    );
}

/// The server of the tests does not wait for the disk: this measures the way there and back.
#[divan::bench(sample_count = 200, sample_size = 1)]
fn append_100_in_postgres(bencher: Bencher) {
    let location = Runtime::new().unwrap().block_on(test_postgres::fresh_database()).unwrap();
    append(bencher, &location);
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn read_100_000_from_sqlite(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    read(bencher, folder.path().to_str().unwrap());
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn read_100_000_from_postgres(bencher: Bencher) {
    let location = Runtime::new().unwrap().block_on(test_postgres::fresh_database()).unwrap();
    read(bencher, &location);
}

fn append(bencher: Bencher, location: &str) {
    let runtime = Runtime::new().unwrap();
    let store = runtime.block_on(open(location));
    let size = Cell::new(0);
    bencher.counter(ItemsCount::new(BATCH)).with_inputs(|| batch(&size)).bench_local_values(
        |entries| {
            runtime.block_on(store.append(ACME, size.get(), &entries)).unwrap();
            size.set(size.get() + BATCH);
        },
    );
}

fn read(bencher: Bencher, location: &str) {
    const ENTRIES: u64 = 100_000;
    const PAGE: u32 = 10_000;
    let runtime = Runtime::new().unwrap();
    let store = runtime.block_on(open(location));
    for from in (0..ENTRIES).step_by(10_000) {
        let entries: Vec<_> = (from..from + 10_000).map(entry).collect();
        runtime.block_on(store.append(ACME, from, &entries)).unwrap();
    }
    bencher.counter(ItemsCount::new(ENTRIES)).bench_local(|| {
        for from in (0..ENTRIES).step_by(10_000) {
            let page = runtime.block_on(store.entries(ACME, from, PAGE)).unwrap();
            assert_eq!(page.len(), 10_000);
        }
    });
}

async fn open(location: &str) -> Arc<dyn LedgerStore> {
    let store = surety_store::open(location).await.unwrap();
    let organisation = Organisation {
        id: ACME.to_owned(),
        name: "Acme Robotics".to_owned(),
        origin: "acme.example/ledger".to_owned(),
        created_at: Timestamp::UNIX_EPOCH,
    };
    store.create_organisation(&organisation).await.unwrap();
    store
}

fn batch(size: &Cell<u64>) -> Vec<NewEntry> {
    (size.get()..size.get() + BATCH).map(entry).collect()
}

/// An entry as commands make them: with a key, a subject and a payload of some 600 bytes.
fn entry(seq: u64) -> NewEntry {
    let instant = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seq.try_into().unwrap());
    let key = format!("0198a6f2-7c1e-7d33-9f4b-{:012x}", seq.wrapping_mul(0x9e37_79b9_7f4a) >> 4);
    let fields = Fields {
        organisation: ACME,
        seq,
        instant,
        actor: "ACC-12",
        kind: "stated",
        schema: 1,
        idempotency_key: Some(&key),
    };
    let payload = format!(r#"{{"id":"SYS-{seq}","text":"{}"}}"#, "lorem ipsum ".repeat(48));
    let entry = Entry::seal(fields, Salt::new([9; 32]), payload.into_bytes()).unwrap();
    NewEntry { entry, subject: Some(format!("SYS-{}", seq % 1000)), redacts: None }
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

fn insert_raw(insert: &mut rusqlite::Statement<'_>, seq: i64, new: &NewEntry) {
    let salt = new.entry.salt.as_ref().map(|salt| salt.as_bytes().as_slice());
    let row = rusqlite::params![
        ACME,
        seq,
        seq * 1_000_000,
        "0198a6f2-7c1e-7d33-9f4b-000000000000",
        new.subject,
        new.entry.header,
        salt,
        new.entry.payload,
    ];
    insert.execute(row).unwrap();
}
