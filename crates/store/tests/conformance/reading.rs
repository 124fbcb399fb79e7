//! Reading: pages, histories, past days.

use jiff::{SignedDuration, Timestamp};

use crate::backend::Backend;
use crate::fixture::{ACME, about, at, entries, entry, made, plain};
use crate::on_every_backend;

on_every_backend!(
    a_page_starts_where_it_is_asked_to,
    a_history_is_newest_first,
    a_past_instant_has_the_size_of_then,
    an_organisation_keeps_its_microsecond,
);

async fn a_page_starts_where_it_is_asked_to(backend: &Backend) {
    backend.store.append(ACME, 0, &entries(0..10)).await.unwrap();
    let cases = [
        (0, 3, 0..3),
        (3, 3, 3..6),
        (8, 3, 8..10),
        (10, 3, 10..10),
        (u64::MAX, 3, 10..10),
        (0, 0, 0..0),
        (0, u32::MAX, 0..10),
    ];
    for (from, limit, expected) in cases {
        let page = backend.store.entries(ACME, from, limit).await.unwrap();
        assert_eq!(page, plain(&entries(expected)), "from {from}, {limit} of them");
    }
}

async fn a_history_is_newest_first(backend: &Backend) {
    let new =
        [about(0, "SYS-1"), entry(1), about(2, "SYS-2"), about(3, "SYS-1"), about(4, "SYS-1")];
    backend.store.append(ACME, 0, &new).await.unwrap();
    let numbers = async |subject, limit| {
        let history = backend.store.history(ACME, subject, limit).await.unwrap();
        history.into_iter().map(|(seq, _)| seq).collect::<Vec<_>>()
    };
    assert_eq!(numbers("SYS-1", 10).await, [4, 3, 0]);
    assert_eq!(numbers("SYS-1", 2).await, [4, 3]);
    assert_eq!(numbers("SYS-2", 10).await, [2]);
    assert_eq!(numbers("SYS-3", 10).await, [0; 0]);
    let history = backend.store.history(ACME, "SYS-2", 10).await.unwrap();
    assert_eq!(history, [(2, new[2].entry.clone())]);
}

async fn a_past_instant_has_the_size_of_then(backend: &Backend) {
    let dated = |seq, second| made(seq, at(second), None, b"{}".to_vec());
    let new = [dated(0, 10), dated(1, 20), dated(2, 20), dated(3, 20), dated(4, 30)];
    backend.store.append(ACME, 0, &new).await.unwrap();
    let nanosecond = SignedDuration::from_nanos(1);
    let cases = [
        (Timestamp::MIN, 0),
        (at(10) - nanosecond, 0),
        (at(10), 1),
        (at(20) - nanosecond, 1),
        (at(20), 4),
        (at(20) + nanosecond, 4),
        (at(30), 5),
        (Timestamp::MAX, 5),
    ];
    for (instant, size) in cases {
        assert_eq!(backend.store.seq_at(ACME, instant).await.unwrap(), size, "{instant}");
    }
}

async fn an_organisation_keeps_its_microsecond(backend: &Backend) {
    let mut other = crate::fixture::acme();
    other.id = "zenith".to_owned();
    other.created_at = "2026-11-21T09:00:00.000001Z".parse().unwrap();
    backend.store.create_organisation(&other).await.unwrap();
    assert!(backend.store.organisations().await.unwrap().contains(&other));
}
