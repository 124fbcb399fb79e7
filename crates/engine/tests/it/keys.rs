//! The signing key: made once, private, given from outside, changed.

use std::os::unix::fs::PermissionsExt;

use surety_engine::{Engine, Error, KeySource, Secret};
use surety_ledger::{Checkpoint, SigningKey};

use crate::given::{Home, NAME, group, holds, run};

/// A key as an operator makes it.
fn key_of(name: &str) -> SigningKey {
    SigningKey::new(name, [7; 32]).unwrap()
}

#[tokio::test]
async fn a_key_is_made_once_and_only_its_owner_can_read_it() {
    let home = Home::sqlite();
    let (engine, aims) = home.open().await;
    let path = home.path().join("keys/havnbank.key");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(home.path().join("keys")).unwrap().count(), 1);
    let (text, note) = (std::fs::read_to_string(&path).unwrap(), aims.checkpoint().await.unwrap());
    drop(aims);
    engine.close().await.unwrap();
    let (_engine, aims) = home.open().await;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    Checkpoint::open(&note, &aims.keys().await.unwrap()).unwrap();
    assert_eq!(aims.keys().await.unwrap().iter().count(), 1);
}

#[tokio::test]
async fn nodes_that_start_at_the_same_time_share_one_key() {
    let home = Home::sqlite();
    drop(home.open().await);
    std::fs::remove_dir_all(home.path().join("keys")).unwrap();
    let nodes = [home.engine().await, home.engine().await, home.engine().await];
    let [a, b, c] = &nodes;
    let (a, b, c) = tokio::join!(a.organisation(None), b.organisation(None), c.organisation(None));
    for aims in [a, b, c] {
        aims.unwrap().checkpoint().await.unwrap();
    }
    let (_engine, aims) = home.open().await;
    // The first one, and the one that was made anew.
    assert_eq!(aims.keys().await.unwrap().iter().count(), 2);
}

#[tokio::test]
async fn a_key_that_is_given_signs_as_its_name_says() {
    let given = key_of("surety.example/havnbank");
    let mut home = Home::sqlite();
    let file = home.path().join("given.key");
    std::fs::write(&file, given.to_file()).unwrap();
    home.key = KeySource::File(file);
    let (engine, aims) = home.open().await;
    assert_eq!(aims.origin(), "surety.example/havnbank");
    assert!(!home.path().join("keys").exists(), "no other key is made");
    drop(aims);
    engine.close().await.unwrap();
    home.key = KeySource::Text(Secret(given.to_file()));
    let (_engine, aims) = home.open().await;
    assert_eq!(aims.keys().await.unwrap().to_string(), format!("{}\n", given.verifier()));
    holds(&aims).await;
}

#[tokio::test]
async fn one_key_does_not_sign_for_two_organisations() {
    let mut home = Home::sqlite();
    home.key = KeySource::Text(Secret(key_of("surety.example/havnbank").to_file()));
    let (engine, _aims) = home.open().await;
    let error = engine.init("Fjordkreditt").await.err().unwrap().to_string();
    assert_eq!(
        error,
        "the signing key given is named surety.example/havnbank, as is that of the organisation `havnbank`; \
         give each organisation a key of its own name"
    );
    assert_eq!(engine.organisations().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_key_of_another_organisation_is_refused() {
    let mut home = Home::sqlite();
    let (engine, aims) = home.open().await;
    let origin = aims.origin().to_owned();
    drop(aims);
    engine.close().await.unwrap();
    let (file, broken) = (home.path().join("other.key"), home.path().join("broken.key"));
    std::fs::write(&file, key_of("surety.example/other").to_file()).unwrap();
    std::fs::write(&broken, "not a key").unwrap();
    let refused = async |key: KeySource, home: &mut Home| {
        home.key = key;
        let error = home.engine().await.organisation(None).await.err().unwrap();
        error.to_string()
    };
    let wanted = format!(
        "the signing key is named surety.example/other, and the checkpoints of `havnbank` are signed as {origin}; \
         give the key of this organisation"
    );
    let text = Secret(key_of("surety.example/other").to_file());
    assert_eq!(refused(KeySource::Text(text), &mut home).await, wanted);
    assert_eq!(refused(KeySource::File(file), &mut home).await, wanted);
    let error = refused(KeySource::File(broken.clone()), &mut home).await;
    assert_eq!(error, format!("{}: can't be used as signing key", broken.display()));
    let error = refused(KeySource::File("/nowhere/x.key".into()), &mut home).await;
    assert_eq!(error, "/nowhere/x.key: the key file can't be read");
    // What was refused left no trace: the key is not among those that count.
    home.key = KeySource::DataFolder;
    let (_engine, aims) = home.open().await;
    assert_eq!(aims.keys().await.unwrap().iter().count(), 1);
}

#[tokio::test]
async fn old_checkpoints_verify_after_the_key_was_changed() {
    let home = Home::sqlite();
    let (engine, aims) = home.open().await;
    run(&aims, [group("Credit")]).await;
    let old = aims.checkpoint().await.unwrap();
    let vkey = aims.rotate_key().await.unwrap();
    run(&aims, [group("Fraud")]).await;
    let new = aims.checkpoint().await.unwrap();
    // Name, id and key; in the key, which is Base64, a plus may stand as well.
    let id = vkey.split('+').nth(1).unwrap();
    assert!(!old.contains(id) && vkey != old);
    for note in [&old, &new] {
        Checkpoint::open(note, &aims.keys().await.unwrap()).unwrap();
    }
    aims.verify(&[old.clone(), new], &mut |_| {}).await.unwrap();
    let keys = std::fs::read_dir(home.path().join("keys")).unwrap();
    for key in keys {
        assert_eq!(key.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    drop(aims);
    engine.close().await.unwrap();
    let (_engine, aims) = home.open().await;
    assert_eq!(aims.keys().await.unwrap().iter().count(), 2);
    aims.verify(&[old], &mut |_| {}).await.unwrap();
}

#[tokio::test]
async fn a_key_that_is_given_is_changed_where_it_is_kept() {
    let mut home = Home::sqlite();
    home.key = KeySource::Text(Secret(key_of("surety.example/havnbank").to_file()));
    let (_engine, aims) = home.open().await;
    let error = aims.rotate_key().await.err().unwrap();
    assert!(error.is_refusal());
    assert_eq!(
        error.to_string(),
        "the signing key is given from outside; give another one of the same name there and it counts from then on"
    );
    let other = SigningKey::new("surety.example/havnbank", [8; 32]).unwrap();
    home.key = KeySource::Text(Secret(other.to_file()));
    let (_engine, aims) = home.open().await;
    assert_eq!(aims.keys().await.unwrap().iter().count(), 2);
    aims.checkpoint().await.unwrap();
    holds(&aims).await;
}

#[tokio::test]
async fn an_organisation_whose_making_was_interrupted_can_be_made_again() {
    let home = Home::sqlite();
    drop(home.engine().await);
    let store = surety_store::open(home.path().to_str().unwrap()).await.unwrap();
    let half = surety_store::Organisation {
        id: "havnbank".to_owned(),
        name: NAME.to_owned(),
        origin: "surety/havnbank/0011223344556677".to_owned(),
        created_at: jiff::Timestamp::UNIX_EPOCH,
    };
    store.create_organisation(&half).await.unwrap();
    store.close().await;
    let engine: Engine = home.engine().await;
    let aims = engine.init(NAME).await.unwrap();
    assert_eq!(aims.origin(), "surety/havnbank/0011223344556677");
    holds(&aims).await;
    assert!(matches!(engine.init(NAME).await, Err(Error::OrganisationExists(_))));
}
