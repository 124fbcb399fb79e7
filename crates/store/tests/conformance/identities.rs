//! Who accounts are at providers of identity.

use surety_store::{Identity, StoreError};

use crate::backend::Backend;
use crate::fixture::at;
use crate::on_every_backend;
use crate::people::{ADA, BOB, TICK, move_in};

on_every_backend!(
    an_identity_is_found_by_issuer_and_subject_letter_by_letter,
    an_identity_is_of_one_account,
    an_identity_is_unlinked_by_its_account_alone,
    identities_go_with_their_account,
    what_is_too_long_is_refused_and_what_can_not_be_kept_is_not_found,
);

const ISSUER: &str = "https://id.example";

fn identity(account: &str, subject: &str) -> Identity {
    Identity {
        issuer: ISSUER.to_owned(),
        subject: subject.to_owned(),
        account: account.to_owned(),
        linked_at: at(1) + TICK,
    }
}

async fn an_identity_is_found_by_issuer_and_subject_letter_by_letter(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let (one, other) = (identity(ADA, "abc 爱"), identity(BOB, "ABC 爱"));
    let elsewhere =
        Identity { issuer: "https://other.example".to_owned(), ..identity(BOB, "abc 爱") };
    for linked in [&one, &other, &elsewhere] {
        store.link_identity(linked).await.unwrap();
    }
    for linked in [&one, &other, &elsewhere] {
        let found = store.identity(&linked.issuer, &linked.subject).await.unwrap();
        assert_eq!(found.as_ref(), Some(linked));
    }
    for (issuer, subject) in [(ISSUER, "abc"), ("https://ID.example", "abc 爱"), (ISSUER, "")] {
        assert_eq!(store.identity(issuer, subject).await.unwrap(), None);
    }
    assert_eq!(store.identities_of_account(ADA).await.unwrap(), [one]);
    assert_eq!(store.identities_of_account(BOB).await.unwrap(), [other, elsewhere]);
}

async fn an_identity_is_of_one_account(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.link_identity(&identity(ADA, "1")).await.unwrap();
    for account in [ADA, BOB] {
        let refused = store.link_identity(&identity(account, "1")).await;
        assert!(matches!(refused, Err(StoreError::AlreadyThere { what: "an identity" })));
    }
    assert_eq!(store.identity(ISSUER, "1").await.unwrap().unwrap().account, ADA);
    let nobody = store.link_identity(&identity("ACC-nobody", "2")).await;
    assert!(matches!(nobody, Err(StoreError::UnknownAccount { .. })), "{nobody:?}");
}

async fn an_identity_is_unlinked_by_its_account_alone(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.link_identity(&identity(ADA, "1")).await.unwrap();
    store.link_identity(&identity(ADA, "2")).await.unwrap();
    assert!(!store.unlink_identity(BOB, ISSUER, "1").await.unwrap());
    assert!(store.unlink_identity(ADA, ISSUER, "1").await.unwrap());
    assert!(!store.unlink_identity(ADA, ISSUER, "1").await.unwrap());
    assert_eq!(store.identities_of_account(ADA).await.unwrap(), [identity(ADA, "2")]);
}

async fn identities_go_with_their_account(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.link_identity(&identity(ADA, "1")).await.unwrap();
    store.link_identity(&identity(BOB, "2")).await.unwrap();
    assert!(store.delete_account(ADA).await.unwrap());
    assert_eq!(store.identity(ISSUER, "1").await.unwrap(), None);
    assert_eq!(store.identity(ISSUER, "2").await.unwrap(), Some(identity(BOB, "2")));
}

async fn what_is_too_long_is_refused_and_what_can_not_be_kept_is_not_found(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let longest = Identity { issuer: "i".repeat(1_000), ..identity(ADA, &"s".repeat(255)) };
    store.link_identity(&longest).await.unwrap();
    let found = store.identity(&longest.issuer, &longest.subject).await.unwrap();
    assert_eq!(found, Some(longest.clone()));
    let issuer = Identity { issuer: "i".repeat(1_001), ..longest.clone() };
    let subject = Identity { subject: "s".repeat(256), ..longest };
    for (refused, limit) in [(issuer, 1_000), (subject, 255)] {
        let refused = store.link_identity(&refused).await;
        assert!(matches!(refused, Err(StoreError::TooLong { limit: given, .. }) if given == limit));
    }
    let refused = store.link_identity(&identity(ADA, "a\0b")).await;
    assert!(matches!(refused, Err(StoreError::NulCharacter)));
    assert_eq!(store.identity(ISSUER, "a\0b").await.unwrap(), None);
}
