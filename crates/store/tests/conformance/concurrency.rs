//! Many handles on one database, as many nodes and many processes have them.

use std::sync::Arc;

use surety_store::{LedgerStore, NewEntry, StoreError};

use crate::backend::Backend;
use crate::fixture::{ACME, at, entries, made, plain};
use crate::on_every_backend;

on_every_backend!(
    handles_see_each_other_at_once,
    racing_writers_make_one_ledger,
    snapshots_and_appends_do_not_stop_each_other,
    a_closed_handle_fails_and_the_others_work,
);

async fn handles_see_each_other_at_once(backend: &Backend) {
    let (one, other) = (&backend.store, backend.another_handle().await);
    for seq in (0..20).step_by(2) {
        one.append(ACME, seq, &entries(seq..seq + 1)).await.unwrap();
        assert_eq!(other.size(ACME).await.unwrap(), seq + 1);
        let stale = other.append(ACME, seq, &entries(seq..seq + 1)).await;
        assert!(matches!(stale, Err(StoreError::Conflict { .. })));
        other.append(ACME, seq + 1, &entries(seq + 1..seq + 2)).await.unwrap();
        assert_eq!(one.entries(ACME, 0, 100).await.unwrap(), plain(&entries(0..seq + 2)));
    }
}

/// Appends `count` batches of three, each based on what the ledger was just before.
async fn write(store: Arc<dyn LedgerStore>, writer: u64, count: u64) {
    let batch = |size, number| -> Vec<NewEntry> {
        let key = format!("writer-{writer}-batch-{number}");
        let entry = |place| {
            let key = (place == 0).then_some(key.as_str());
            made(size + place, at(0), key, key.unwrap_or("{}").as_bytes().to_vec())
        };
        (0..3).map(entry).collect()
    };
    for number in 0..count {
        loop {
            let size = store.size(ACME).await.unwrap();
            match store.append(ACME, size, &batch(size, number)).await {
                Ok(()) => break,
                Err(StoreError::Conflict { expected, actual }) => assert!(expected < actual),
                Err(error) => panic!("{error:?}"),
            }
        }
    }
}

async fn racing_writers_make_one_ledger(backend: &Backend) {
    let other = backend.another_handle().await;
    let writers = (0..6).map(|writer| {
        let store = if writer % 2 == 0 { &backend.store } else { &other };
        tokio::spawn(write(Arc::clone(store), writer, 10))
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(backend.store.size(ACME).await.unwrap(), 6 * 10 * 3);
    let read = backend.store.entries(ACME, 0, 1000).await.unwrap();
    for (seq, entry) in (0..).zip(&read) {
        entry.check(seq, ACME).unwrap();
        // The three of a batch stand together: the first of each has the key.
        assert_eq!(entry.parsed().unwrap().idempotency_key.is_some(), seq % 3 == 0);
    }
}

async fn snapshots_and_appends_do_not_stop_each_other(backend: &Backend) {
    let other = backend.another_handle().await;
    let snapshots = tokio::spawn(async move {
        let bytes = vec![1; 9 << 20];
        for size in 0..4 {
            other.put_snapshot(ACME, size, "book", &bytes).await.unwrap();
        }
    });
    write(Arc::clone(&backend.store), 0, 20).await;
    snapshots.await.unwrap();
    let newest = backend.store.snapshot(ACME, 99, "book").await.unwrap();
    assert_eq!(newest.map(|(size, bytes)| (size, bytes.len())), Some((3, 9 << 20)));
}

async fn a_closed_handle_fails_and_the_others_work(backend: &Backend) {
    let other = backend.another_handle().await;
    other.close().await;
    assert!(matches!(other.size(ACME).await, Err(StoreError::Database { .. })));
    assert_eq!(backend.store.size(ACME).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_postgres_ended_are_replaced() {
    let backend = Backend::postgres().await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for seq in 0..5 {
        backend.store.append(ACME, seq, &entries(seq..seq + 1)).await.unwrap();
        backend.execute(end).await.unwrap();
    }
    assert_eq!(backend.store.size(ACME).await.unwrap(), 5);
}
