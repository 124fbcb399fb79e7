//! Redaction: the payload goes, the place and every proof stay.

use surety_store::{PersonalData, Redaction, StoreError};

use crate::backend::Backend;
use crate::fixture::{ACME, acme, at, entries, entry, made, redacting};
use crate::on_every_backend;

on_every_backend!(
    a_redaction_erases_salt_and_payload_and_nothing_else,
    entries_of_one_batch_can_redact_each_other,
    an_entry_is_redacted_once,
    a_refused_redaction_erases_nothing,
    a_ledger_with_redactions_can_be_copied,
);

async fn a_redaction_erases_salt_and_payload_and_nothing_else(backend: &Backend) {
    backend.store.append(ACME, 0, &entries(0..3)).await.unwrap();
    backend.store.append(ACME, 3, &[redacting(3, 1)]).await.unwrap();
    let read = backend.store.entries(ACME, 0, 10).await.unwrap();
    assert_eq!(read[0], entry(0).entry);
    assert_eq!(read[1], entry(1).entry.redacted());
    assert_eq!(read[2], entry(2).entry);
    assert_eq!(read[3], entry(3).entry);
    for (seq, entry) in (0..).zip(&read) {
        entry.check(seq, ACME).unwrap();
    }
    let redactions = backend.store.redactions(ACME).await.unwrap();
    assert_eq!(redactions, [Redaction { seq: 1, redacted_by: 3 }]);
    assert_eq!(backend.store.size(ACME).await.unwrap(), 4);
}

async fn entries_of_one_batch_can_redact_each_other(backend: &Backend) {
    backend.store.append(ACME, 0, &[entry(0), redacting(1, 0), redacting(2, 1)]).await.unwrap();
    let read = backend.store.entries(ACME, 0, 10).await.unwrap();
    assert_eq!(
        read.iter().map(|entry| entry.is_redacted()).collect::<Vec<_>>(),
        [true, true, false]
    );
}

async fn an_entry_is_redacted_once(backend: &Backend) {
    backend.store.append(ACME, 0, &[entry(0), redacting(1, 0)]).await.unwrap();
    let again = backend.store.append(ACME, 2, &[redacting(2, 0)]).await;
    assert!(matches!(again, Err(StoreError::AlreadyRedacted { seq: 0 })));
    let twice = [entry(2), redacting(3, 2), redacting(4, 2)];
    let twice = backend.store.append(ACME, 2, &twice).await;
    assert!(matches!(twice, Err(StoreError::AlreadyRedacted { seq: 2 })));
    assert_eq!(backend.store.size(ACME).await.unwrap(), 2);
}

async fn a_refused_redaction_erases_nothing(backend: &Backend) {
    backend.store.append(ACME, 0, &entries(0..2)).await.unwrap();
    let refused = backend.store.append(ACME, 1, &[redacting(1, 0)]).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
    let refused = backend.store.append(ACME, 2, &[redacting(2, 0), redacting(3, 0)]).await;
    assert!(matches!(refused, Err(StoreError::AlreadyRedacted { seq: 0 })));
    assert!(!backend.store.entries(ACME, 0, 1).await.unwrap()[0].is_redacted());
    assert_eq!(backend.store.redactions(ACME).await.unwrap(), []);
}

async fn a_ledger_with_redactions_can_be_copied(backend: &Backend) {
    let copy = Backend::sqlite().await;
    backend.store.append(ACME, 0, &[entry(0), entry(1), redacting(2, 0)]).await.unwrap();
    let read = backend.store.entries(ACME, 0, 10).await.unwrap();
    let mut new: Vec<surety_store::NewEntry> = read.iter().cloned().map(Into::into).collect();
    for redaction in backend.store.redactions(ACME).await.unwrap() {
        new[usize::try_from(redaction.redacted_by).unwrap()].redacts = Some(redaction.seq);
    }
    copy.store.append(ACME, 0, &new).await.unwrap();
    assert_eq!(copy.store.entries(ACME, 0, 10).await.unwrap(), read);
    assert_eq!(
        copy.store.redactions(ACME).await.unwrap(),
        backend.store.redactions(ACME).await.unwrap()
    );
}

/// Looks for `secret` in every file of the folder.
pub(crate) fn files_with(folder: &std::path::Path, secret: &[u8]) -> Vec<String> {
    let contains = |bytes: Vec<u8>| bytes.windows(secret.len()).any(|window| window == secret);
    std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap())
        .filter(|file| contains(std::fs::read(file.path()).unwrap()))
        .map(|file| file.file_name().into_string().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_what_is_erased_stays_in_the_files_of_sqlite() {
    let backend = Backend::sqlite().await;
    let folder = backend.folder.as_ref().unwrap().path();
    let secret = b"Zacharias Quux of 7 Wisp Lane";
    // Short enough to lie in the row, and long enough to fill pages of its own.
    let long = secret.repeat(1000);
    let new = [made(0, at(0), None, secret.to_vec()), made(1, at(1), None, long.clone()), entry(2)];
    let store = &backend.store;
    store.append(ACME, 0, &new).await.unwrap();
    store.put_snapshot(ACME, 3, "book", &long).await.unwrap();
    assert_ne!(files_with(folder, secret), [""; 0]);
    store.append(ACME, 3, &[redacting(3, 0), redacting(4, 1)]).await.unwrap();
    assert_eq!(files_with(folder, secret), [""; 0]);

    let name = "Yolanda Quux";
    let person = PersonalData { name: name.to_owned(), email: None };
    store.put_person(ACME, "PER-3", &person).await.unwrap();
    assert_ne!(files_with(folder, name.as_bytes()), [""; 0]);
    store.erase_person(ACME, "PER-3").await.unwrap();
    assert_eq!(files_with(folder, name.as_bytes()), [""; 0]);
    assert_eq!(store.organisations().await.unwrap(), [acme()]);
}
