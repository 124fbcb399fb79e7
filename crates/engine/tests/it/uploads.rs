//! Files that nobody names are deleted after a day; whatever was named once stays.

use std::sync::Arc;

use serde_json::json;
use surety_aims::{Kind, records::FileRef};
use surety_engine::{Aims, Config, Engine, Secret, VaultConfig};
use surety_store::test_bucket::TestBucket;

use crate::given::{Home, NAME, operator, restate, run, state, withdraw};

/// An engine with an organisation, and where its files are.
struct Place {
    home: Home,
    vault: VaultConfig,
    engine: Engine,
    aims: Arc<Aims>,
}

impl Place {
    async fn of(home: Home, vault: VaultConfig) -> Place {
        let config = Config { vault: vault.clone(), ..home.config() };
        let engine = Engine::open(config).await.unwrap();
        let aims = engine.init(NAME).await.unwrap();
        Place { home, vault, engine, aims }
    }

    async fn folder() -> Place {
        Place::of(Home::sqlite(), VaultConfig::default()).await
    }

    /// Another node on the same database and vault.
    async fn node(&self) -> Engine {
        let config = Config { vault: self.vault.clone(), ..self.home.config() };
        Engine::open(config).await.unwrap()
    }

    async fn put(&self, text: &str) -> FileRef {
        put(&self.aims, text).await
    }
}

async fn put(aims: &Aims, text: &str) -> FileRef {
    aims.put_stream(&mut text.as_bytes(), "minutes.txt".to_owned(), None).await.unwrap()
}

/// Whether the vault has the file, as packs see it.
async fn is_there(aims: &Aims, file: &FileRef) -> bool {
    let view = aims.view(surety_engine::Moment::Now).await.unwrap();
    aims.find_file(&view, &file.sha256).await.unwrap().is_some()
}

fn policy(file: Option<&FileRef>) -> serde_json::Value {
    json!({ "title": "AI policy", "kind": "ai_policy", "file": file })
}

async fn what_nobody_named_for_a_day_goes(place: Place) {
    let (named, withdrawn, replaced, never) = (
        place.put("named").await,
        place.put("withdrawn").await,
        place.put("replaced").await,
        place.put("never").await,
    );
    let bodies =
        [&named, &withdrawn, &replaced].map(|file| state(Kind::Policy, policy(Some(file))));
    run(&place.aims, bodies).await;
    run(&place.aims, [withdraw("POL-2"), restate("POL-3", 1, policy(None))]).await;
    assert_eq!(place.engine.collect_uploads().await.unwrap(), 0, "nothing is old yet");
    place.home.pass(1);
    assert_eq!(place.engine.collect_uploads().await.unwrap(), 0, "a day is not over");
    let young = place.put("young").await;
    place.home.pass(1);
    // Whatever is done, is done by some node.
    assert_eq!(place.node().await.collect_uploads().await.unwrap(), 1);
    for file in [&named, &withdrawn, &replaced] {
        assert!(is_there(&place.aims, file).await, "{file:?}");
    }
    run(&place.aims, [never, young].map(|file| state(Kind::Policy, policy(Some(&file))))).await;
    let position = place.aims.current().await.unwrap();
    let last: Vec<_> = position.book.of_kind(Kind::Policy).collect();
    let file = |number: usize| last[number].body.file().unwrap().clone();
    assert!(!is_there(&place.aims, &file(2)).await, "it is gone");
    assert!(is_there(&place.aims, &file(3)).await, "it came a day ago, and not longer");
    place.home.pass(2);
    assert_eq!(place.engine.collect_uploads().await.unwrap(), 0);
    assert!(is_there(&place.aims, &file(3)).await);
}

#[tokio::test]
async fn what_nobody_named_for_a_day_goes_from_a_folder() {
    what_nobody_named_for_a_day_goes(Place::folder().await).await;
}

#[tokio::test]
async fn what_nobody_named_for_a_day_goes_from_a_bucket() {
    let bucket = TestBucket::start().await.unwrap();
    let settings = bucket.settings().into_iter();
    let settings = settings.map(|(name, value)| (name.to_owned(), Secret(value.to_owned())));
    let vault = VaultConfig { location: Some(bucket.location()), settings: settings.collect() };
    what_nobody_named_for_a_day_goes(Place::of(Home::postgres().await, vault).await).await;
}

#[tokio::test]
async fn what_comes_again_waits_again() {
    let place = Place::folder().await;
    let file = place.put("minutes").await;
    place.home.pass(2);
    place.put("minutes").await;
    assert_eq!(place.engine.collect_uploads().await.unwrap(), 0);
    run(&place.aims, [state(Kind::Policy, policy(Some(&file)))]).await;
    assert!(is_there(&place.aims, &file).await);
}

#[tokio::test]
async fn what_one_organisation_never_named_another_keeps() {
    let place = Place::folder().await;
    let other = place.engine.init("Other").await.unwrap();
    let file = put(&other, "the same bytes").await;
    assert_eq!(place.put("the same bytes").await, file);
    run(&other, [state(Kind::Policy, policy(Some(&file)))]).await;
    place.home.pass(2);
    assert_eq!(place.engine.collect_uploads().await.unwrap(), 1);
    assert!(is_there(&other, &file).await);
    run(&place.aims, [state(Kind::Policy, policy(Some(&file)))]).await;
    assert!(!is_there(&place.aims, &file).await);
}

/// A database that was restored from a backup knows less than the vault holds, and deletes nothing of that.
#[tokio::test]
async fn a_database_that_never_saw_a_file_come_leaves_it_alone() {
    let place = Place::folder().await;
    let file = place.put("minutes").await;
    let elsewhere = Home { clock: place.home.clock.clone(), ..Home::sqlite() };
    let location = Some(place.home.path().join("vault").to_str().unwrap().to_owned());
    let vault = VaultConfig { location, ..VaultConfig::default() };
    let older = Place::of(elsewhere, vault).await;
    place.home.pass(2);
    assert_eq!(older.engine.collect_uploads().await.unwrap(), 0);
    run(&place.aims, [state(Kind::Policy, policy(Some(&file)))]).await;
    assert!(is_there(&place.aims, &file).await);
}

#[tokio::test]
async fn what_was_named_before_it_was_erased_from_the_ledger_stays() {
    let place = Place::folder().await;
    let file = place.put("minutes").await;
    let mut body = policy(Some(&file));
    body["body"] = "Kari said so".into();
    let seq = run(&place.aims, [state(Kind::Policy, body)]).await.entries.0;
    let paths = ["/body/body".to_owned()];
    place.aims.redact(&operator(), seq, "erasure asked for", &paths).await.unwrap();
    place.home.pass(2);
    assert_eq!(place.engine.collect_uploads().await.unwrap(), 0);
    assert!(is_there(&place.aims, &file).await);
}
