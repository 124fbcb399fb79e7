//! Notes of files that came.

use jiff::{SignedDuration, Timestamp};
use surety_ledger::Hash;
use surety_store::{StoreError, Upload};

use crate::backend::Backend;
use crate::fixture::{ACME, at};
use crate::on_every_backend;
use crate::people::{TICK, ZENITH, move_in};

on_every_backend!(
    a_file_is_listed_once_it_is_old_enough,
    a_file_that_comes_again_is_as_young_as_then,
    a_claimed_file_is_not_said_to_be_kept,
    a_file_that_came_again_can_not_be_claimed,
    files_of_organisations_are_apart,
    an_unknown_organisation_has_no_files,
);

fn upload(organisation: &str, text: &str, at: Timestamp) -> Upload {
    Upload { organisation: organisation.to_owned(), hash: Hash::of(text.as_bytes()), at }
}

async fn a_file_is_listed_once_it_is_old_enough(backend: &Backend) {
    let store = &backend.uploads;
    let (one, other) = (upload(ACME, "one", at(5)), upload(ACME, "other", at(3)));
    for upload in [&one, &other] {
        assert!(store.note_upload(upload).await.unwrap());
    }
    assert_eq!(store.uploads_before(ACME, at(3)).await.unwrap(), []);
    assert_eq!(
        store.uploads_before(ACME, at(3) + TICK).await.unwrap(),
        std::slice::from_ref(&other)
    );
    assert_eq!(store.uploads_before(ACME, at(9)).await.unwrap(), [other, one]);
}

async fn a_file_that_comes_again_is_as_young_as_then(backend: &Backend) {
    let store = &backend.uploads;
    store.note_upload(&upload(ACME, "one", at(1))).await.unwrap();
    let again = upload(ACME, "one", at(5));
    assert!(store.note_upload(&again).await.unwrap());
    assert_eq!(store.uploads_before(ACME, at(5)).await.unwrap(), []);
    assert_eq!(store.uploads_before(ACME, at(6)).await.unwrap(), [again]);
}

async fn a_claimed_file_is_not_said_to_be_kept(backend: &Backend) {
    let store = &backend.uploads;
    let one = upload(ACME, "one", at(1));
    store.note_upload(&one).await.unwrap();
    // Nothing is forgotten that nobody has claimed.
    store.forget_upload(&one).await.unwrap();
    assert!(store.claim_upload(&one).await.unwrap());
    assert!(!store.note_upload(&upload(ACME, "one", at(5))).await.unwrap());
    // Whoever claimed it may have died of it; then somebody else does, however young it is.
    assert_eq!(store.uploads_before(ACME, at(0)).await.unwrap(), std::slice::from_ref(&one));
    assert!(store.claim_upload(&one).await.unwrap());
    store.forget_upload(&one).await.unwrap();
    assert_eq!(store.uploads_before(ACME, at(9)).await.unwrap(), []);
    assert!(!store.claim_upload(&one).await.unwrap());
    assert!(store.note_upload(&upload(ACME, "one", at(5))).await.unwrap());
}

async fn a_file_that_came_again_can_not_be_claimed(backend: &Backend) {
    let store = &backend.uploads;
    let one = upload(ACME, "one", at(1));
    store.note_upload(&one).await.unwrap();
    store.note_upload(&upload(ACME, "one", at(1) + SignedDuration::from_secs(1))).await.unwrap();
    assert!(!store.claim_upload(&one).await.unwrap());
}

async fn files_of_organisations_are_apart(backend: &Backend) {
    let store = &backend.uploads;
    move_in(backend).await;
    let (ours, theirs) = (upload(ACME, "one", at(1)), upload(ZENITH, "one", at(1)));
    store.note_upload(&ours).await.unwrap();
    store.note_upload(&theirs).await.unwrap();
    assert_eq!(store.uploads_before(ACME, at(9)).await.unwrap(), std::slice::from_ref(&ours));
    assert!(store.claim_upload(&ours).await.unwrap());
    store.forget_upload(&ours).await.unwrap();
    assert_eq!(store.uploads_before(ZENITH, at(9)).await.unwrap(), [theirs]);
}

async fn an_unknown_organisation_has_no_files(backend: &Backend) {
    let store = &backend.uploads;
    let refused = store.note_upload(&upload("nowhere", "one", at(1))).await;
    assert!(matches!(refused, Err(StoreError::UnknownOrganisation { .. })), "{refused:?}");
    assert_eq!(store.uploads_before("nowhere", at(9)).await.unwrap(), []);
}
