//! What stands beside the log: checkpoints, keys, people.

use std::collections::BTreeMap;

use surety_store::PersonalData;

use crate::backend::Backend;
use crate::fixture::{ACME, at};
use crate::on_every_backend;

on_every_backend!(
    checkpoints_are_kept_by_size,
    keys_old_and_new_are_kept,
    an_erased_person_is_gone_and_the_others_stay,
);

async fn checkpoints_are_kept_by_size(backend: &Backend) {
    let store = &backend.store;
    assert_eq!(store.latest_checkpoint(ACME).await.unwrap(), None);
    store.put_checkpoint(ACME, 9, "nine").await.unwrap();
    store.put_checkpoint(ACME, 100, "hundred").await.unwrap();
    store.put_checkpoint(ACME, 10, "ten").await.unwrap();
    store.put_checkpoint(ACME, 100, "hundred, cosigned").await.unwrap();
    let hundred = (100, "hundred, cosigned".to_owned());
    let all = [(9, "nine".to_owned()), (10, "ten".to_owned()), hundred.clone()];
    assert_eq!(store.checkpoints(ACME).await.unwrap(), all);
    assert_eq!(store.latest_checkpoint(ACME).await.unwrap(), Some(hundred));
    assert_eq!(store.checkpoints("other").await.unwrap(), []);
}

async fn keys_old_and_new_are_kept(backend: &Backend) {
    let store = &backend.store;
    store.put_key(ACME, "acme.example/ledger+2", at(20)).await.unwrap();
    store.put_key(ACME, "acme.example/ledger+1", at(10)).await.unwrap();
    store.put_key(ACME, "acme.example/ledger+1", at(30)).await.unwrap();
    let keys = [
        ("acme.example/ledger+1".to_owned(), at(10)),
        ("acme.example/ledger+2".to_owned(), at(20)),
    ];
    assert_eq!(store.keys(ACME).await.unwrap(), keys);
}

async fn an_erased_person_is_gone_and_the_others_stay(backend: &Backend) {
    let store = &backend.store;
    let person = |name: &str, email: Option<&str>| PersonalData {
        name: name.to_owned(),
        email: email.map(str::to_owned),
    };
    let ada = person("Ada", Some("ada@acme.example"));
    store.put_person(ACME, "PER-1", &person("Ida", None)).await.unwrap();
    store.put_person(ACME, "PER-1", &ada).await.unwrap();
    store.put_person(ACME, "PER-2", &person("Bob", None)).await.unwrap();
    store.erase_person(ACME, "PER-2").await.unwrap();
    store.erase_person(ACME, "PER-9").await.unwrap();
    assert_eq!(store.people(ACME).await.unwrap(), BTreeMap::from([("PER-1".to_owned(), ada)]));
    assert_eq!(store.people("other").await.unwrap(), BTreeMap::new());
}
