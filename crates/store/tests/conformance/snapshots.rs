//! Snapshots: caches that may be large, go at any time, and never bring back what was redacted.

use crate::backend::Backend;
use crate::fixture::{ACME, entries, redacting};
use crate::on_every_backend;

on_every_backend!(
    the_newest_snapshot_that_is_old_enough_is_found,
    a_snapshot_may_be_large_or_empty,
    a_snapshot_that_is_there_stays,
    only_the_newest_snapshots_are_kept,
    dropped_snapshots_are_gone,
    a_redaction_drops_the_snapshots_that_it_concerns,
    a_snapshot_from_before_a_redaction_is_not_kept,
);

async fn the_newest_snapshot_that_is_old_enough_is_found(backend: &Backend) {
    let store = &backend.store;
    store.put_snapshot(ACME, 10, "book/1", b"ten").await.unwrap();
    store.put_snapshot(ACME, 20, "book/1", b"twenty").await.unwrap();
    store.put_snapshot(ACME, 15, "book/2", b"fifteen").await.unwrap();
    let cases = [
        (9, "book/1", None),
        (10, "book/1", Some((10, b"ten".to_vec()))),
        (19, "book/1", Some((10, b"ten".to_vec()))),
        (u64::MAX, "book/1", Some((20, b"twenty".to_vec()))),
        (u64::MAX, "book/2", Some((15, b"fifteen".to_vec()))),
        (u64::MAX, "book/3", None),
    ];
    for (at_most, format, expected) in cases {
        assert_eq!(store.snapshot(ACME, at_most, format).await.unwrap(), expected, "{at_most}");
    }
    assert_eq!(store.snapshot("other", 99, "book/1").await.unwrap(), None);
}

async fn a_snapshot_may_be_large_or_empty(backend: &Backend) {
    let large: Vec<u8> = (0..5_000_000_u32).flat_map(u32::to_le_bytes).collect();
    backend.store.put_snapshot(ACME, 1, "large", &large).await.unwrap();
    backend.store.put_snapshot(ACME, 1, "empty", b"").await.unwrap();
    let read = backend.store.snapshot(ACME, 1, "large").await.unwrap();
    assert!(read == Some((1, large)));
    let read = backend.store.snapshot(ACME, 1, "empty").await.unwrap();
    assert_eq!(read, Some((1, Vec::new())));
}

async fn a_snapshot_that_is_there_stays(backend: &Backend) {
    backend.store.put_snapshot(ACME, 1, "book", b"first").await.unwrap();
    backend.store.put_snapshot(ACME, 1, "book", b"second").await.unwrap();
    let read = backend.store.snapshot(ACME, 1, "book").await.unwrap();
    assert_eq!(read, Some((1, b"first".to_vec())));
}

async fn only_the_newest_snapshots_are_kept(backend: &Backend) {
    for size in [10, 50, 20, 40, 30] {
        backend.store.put_snapshot(ACME, size, "book", b"book").await.unwrap();
        backend.store.put_snapshot(ACME, size, "other", b"other").await.unwrap();
    }
    for (at_most, expected) in [(29, None), (30, Some(30)), (49, Some(40)), (50, Some(50))] {
        let read = backend.store.snapshot(ACME, at_most, "book").await.unwrap();
        assert_eq!(read.map(|(size, _)| size), expected, "{at_most}");
    }
}

async fn dropped_snapshots_are_gone(backend: &Backend) {
    backend.store.put_snapshot(ACME, 1, "book", b"book").await.unwrap();
    backend.store.drop_snapshots(ACME).await.unwrap();
    assert_eq!(backend.store.snapshot(ACME, 1, "book").await.unwrap(), None);
    backend.store.put_snapshot(ACME, 1, "book", b"again").await.unwrap();
    assert!(backend.store.snapshot(ACME, 1, "book").await.unwrap().is_some());
}

async fn a_redaction_drops_the_snapshots_that_it_concerns(backend: &Backend) {
    backend.store.append(ACME, 0, &entries(0..6)).await.unwrap();
    for size in [3, 4, 6] {
        backend.store.put_snapshot(ACME, size, "book", b"book").await.unwrap();
    }
    backend.store.append(ACME, 6, &[redacting(6, 3)]).await.unwrap();
    let read = backend.store.snapshot(ACME, 99, "book").await.unwrap();
    assert_eq!(read.map(|(size, _)| size), Some(3));
}

async fn a_snapshot_from_before_a_redaction_is_not_kept(backend: &Backend) {
    backend.store.append(ACME, 0, &entries(0..6)).await.unwrap();
    backend.store.append(ACME, 6, &[redacting(6, 3)]).await.unwrap();
    for (size, kept) in [(3, true), (4, false), (6, false), (7, true)] {
        backend.store.put_snapshot(ACME, size, "book", b"book").await.unwrap();
        let read = backend.store.snapshot(ACME, size, "book").await.unwrap();
        assert_eq!(read.is_some_and(|(found, _)| found == size), kept, "{size}");
    }
}
