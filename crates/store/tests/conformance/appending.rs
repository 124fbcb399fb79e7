//! Appending: all or none, in order, once.

use surety_ledger::EntryFault;
use surety_store::{NewEntry, StoreError};

use crate::backend::Backend;
use crate::fixture::{ACME, acme, at, entries, entry, made, plain, redacting, with_key};
use crate::on_every_backend;

on_every_backend!(
    a_new_ledger_is_empty,
    an_organisation_is_there_once,
    an_unknown_organisation_has_no_ledger,
    what_was_appended_is_read_back,
    batches_of_every_size_are_appended_whole,
    a_payload_may_be_large_or_empty,
    no_entries_are_nothing_to_do,
    a_stale_append_is_refused_whole,
    a_command_from_the_future_is_refused,
    a_used_key_refuses_the_whole_batch,
    a_key_stands_once_in_a_batch,
    a_repeated_command_is_recognised_as_such,
    a_key_is_used_on_one_ledger_only,
    instants_never_run_backwards,
    an_entry_for_another_place_is_refused,
    ledgers_do_not_touch_each_other,
);

async fn a_new_ledger_is_empty(backend: &Backend) {
    assert_eq!(backend.store.size(ACME).await.unwrap(), 0);
    assert_eq!(backend.store.entries(ACME, 0, 10).await.unwrap(), []);
    assert_eq!(backend.store.organisations().await.unwrap(), [acme()]);
}

async fn an_organisation_is_there_once(backend: &Backend) {
    let again = backend.store.create_organisation(&acme()).await;
    assert!(
        matches!(again, Err(StoreError::AlreadyExists { organisation }) if organisation == ACME)
    );
    assert_eq!(backend.store.organisations().await.unwrap().len(), 1);
}

async fn an_unknown_organisation_has_no_ledger(backend: &Backend) {
    let store = &backend.store;
    let unknown = |error| matches!(error, StoreError::UnknownOrganisation { .. });
    assert!(unknown(store.size("nobody").await.unwrap_err()));
    assert!(unknown(store.put_checkpoint("nobody", 0, "note").await.unwrap_err()));
    assert!(unknown(store.put_key("nobody", "vkey", at(0)).await.unwrap_err()));
    assert!(unknown(store.put_snapshot("nobody", 0, "book", b"bytes").await.unwrap_err()));
    let nobodys = surety_ledger::Entry::seal(
        surety_ledger::Fields {
            organisation: "nobody",
            seq: 0,
            instant: at(0),
            actor: "ACC-1",
            kind: "stated",
            schema: 1,
            idempotency_key: Some("key"),
        },
        surety_ledger::Salt::new([0; 32]),
        b"{}".to_vec(),
    );
    let append = store.append("nobody", 0, &[nobodys.unwrap().into()]).await;
    assert!(unknown(append.unwrap_err()));
    assert_eq!(store.entries("nobody", 0, 10).await.unwrap(), []);
}

async fn what_was_appended_is_read_back(backend: &Backend) {
    let new = entries(0..3);
    backend.store.append(ACME, 0, &new).await.unwrap();
    assert_eq!(backend.store.size(ACME).await.unwrap(), 3);
    assert_eq!(backend.store.entries(ACME, 0, 10).await.unwrap(), plain(&new));
}

async fn batches_of_every_size_are_appended_whole(backend: &Backend) {
    let mut size = 0;
    for batch in [1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 100, 129, 2000] {
        backend.store.append(ACME, size, &entries(size..size + batch)).await.unwrap();
        size += batch;
    }
    assert_eq!(backend.store.size(ACME).await.unwrap(), size);
    assert_eq!(backend.store.entries(ACME, 0, u32::MAX).await.unwrap(), plain(&entries(0..size)));
}

async fn a_payload_may_be_large_or_empty(backend: &Backend) {
    let new = [made(0, at(0), None, vec![7; 5 << 20]), made(1, at(0), None, Vec::new()), entry(2)];
    backend.store.append(ACME, 0, &new).await.unwrap();
    assert_eq!(backend.store.entries(ACME, 0, 10).await.unwrap(), plain(&new));
}

async fn no_entries_are_nothing_to_do(backend: &Backend) {
    backend.store.append(ACME, 0, &[]).await.unwrap();
    assert_eq!(backend.store.size(ACME).await.unwrap(), 0);
}

async fn a_stale_append_is_refused_whole(backend: &Backend) {
    backend.store.append(ACME, 0, &entries(0..2)).await.unwrap();
    let stale = backend.store.append(ACME, 1, &entries(1..3)).await;
    assert!(matches!(stale, Err(StoreError::Conflict { expected: 1, actual: 2 })));
    assert_eq!(backend.store.entries(ACME, 0, 10).await.unwrap(), plain(&entries(0..2)));
}

async fn a_command_from_the_future_is_refused(backend: &Backend) {
    let early = backend.store.append(ACME, 5, &entries(5..6)).await;
    assert!(matches!(early, Err(StoreError::Conflict { expected: 5, actual: 0 })));
}

async fn a_used_key_refuses_the_whole_batch(backend: &Backend) {
    backend.store.append(ACME, 0, &[entry(0), with_key(1, "command-1")]).await.unwrap();
    let mut batch = entries(2..101);
    batch.push(with_key(101, "command-1"));
    let refused = backend.store.append(ACME, 2, &batch).await;
    assert!(matches!(refused, Err(StoreError::DuplicateKey { key, seq: 1 }) if key == "command-1"));
    assert_eq!(backend.store.size(ACME).await.unwrap(), 2);
}

async fn a_key_stands_once_in_a_batch(backend: &Backend) {
    let twice = [with_key(0, "command-1"), entry(1), with_key(2, "command-1")];
    let refused = backend.store.append(ACME, 0, &twice).await;
    assert!(matches!(refused, Err(StoreError::DuplicateKey { seq: 0, .. })));
    assert_eq!(backend.store.size(ACME).await.unwrap(), 0);
}

async fn a_repeated_command_is_recognised_as_such(backend: &Backend) {
    let command = [with_key(0, "command-1"), entry(1)];
    backend.store.append(ACME, 0, &command).await.unwrap();
    let stale = backend.store.append(ACME, 0, &command).await;
    assert!(matches!(stale, Err(StoreError::DuplicateKey { seq: 0, .. })));
    let late = made(2, at(0), Some("command-1"), b"{}".to_vec());
    let late = backend.store.append(ACME, 2, &[late]).await;
    assert!(matches!(late, Err(StoreError::DuplicateKey { seq: 0, .. })));
    let key = backend.store.by_idempotency_key(ACME, "command-1").await.unwrap();
    assert_eq!(key, Some(0));
    assert_eq!(backend.store.by_idempotency_key(ACME, "command-2").await.unwrap(), None);
}

async fn a_key_is_used_on_one_ledger_only(backend: &Backend) {
    backend.store.append(ACME, 0, &[with_key(0, "command-1")]).await.unwrap();
    assert_eq!(backend.store.by_idempotency_key("other", "command-1").await.unwrap(), None);
}

async fn instants_never_run_backwards(backend: &Backend) {
    let dated = |seq, second| made(seq, at(second), None, b"{}".to_vec());
    backend.store.append(ACME, 0, &[dated(0, 10), dated(1, 10)]).await.unwrap();
    let within = backend.store.append(ACME, 2, &[dated(2, 12), dated(3, 11)]).await;
    assert!(matches!(
        within,
        Err(StoreError::ClockBackwards { seq: 3, instant, before })
            if instant == at(11) && before == at(12)
    ));
    let after = backend.store.append(ACME, 2, &[dated(2, 9), dated(3, 12)]).await;
    assert!(matches!(
        after,
        Err(StoreError::ClockBackwards { seq: 2, instant, before })
            if instant == at(9) && before == at(10)
    ));
    assert_eq!(backend.store.size(ACME).await.unwrap(), 2);
    backend.store.append(ACME, 2, &[dated(2, 10)]).await.unwrap();
}

async fn an_entry_for_another_place_is_refused(backend: &Backend) {
    let half = {
        let mut new = entry(0);
        new.entry.salt = None;
        new
    };
    let foreign = {
        let mut new = entry(0);
        let header = String::from_utf8(new.entry.header).unwrap();
        new.entry.header = header.replace(ACME, "other").into_bytes();
        new
    };
    let mangled = {
        let mut new = entry(0);
        new.entry.header.pop();
        new
    };
    let fault = async |new: NewEntry| match backend.store.append(ACME, 0, &[new]).await {
        Err(StoreError::Misfit { seq: 0, source }) => source,
        other => panic!("{other:?}"),
    };
    assert!(matches!(fault(entry(1)).await, EntryFault::Seq { found: 1 }));
    assert!(matches!(fault(foreign).await, EntryFault::Organisation { .. }));
    assert!(matches!(fault(half).await, EntryFault::HalfRedacted));
    assert!(matches!(fault(mangled).await, EntryFault::Header(_)));
    for redacted in [0, 1] {
        let refused = backend.store.append(ACME, 0, &[redacting(0, redacted)]).await;
        assert!(matches!(refused, Err(StoreError::NotBefore { redacted_by: 0, .. })));
    }
    assert_eq!(backend.store.size(ACME).await.unwrap(), 0);
}

async fn ledgers_do_not_touch_each_other(backend: &Backend) {
    let mut other = acme();
    other.id = "zenith".to_owned();
    backend.store.create_organisation(&other).await.unwrap();
    backend.store.append(ACME, 0, &entries(0..2)).await.unwrap();
    assert_eq!(backend.store.size("zenith").await.unwrap(), 0);
    assert_eq!(backend.store.entries("zenith", 0, 10).await.unwrap(), []);
    assert_eq!(backend.store.seq_at("zenith", at(99)).await.unwrap(), 0);
    assert_eq!(backend.store.organisations().await.unwrap(), [acme(), other]);
}
