//! Group commit, idempotency, two nodes, failing stores.

use std::{collections::BTreeSet, sync::Arc};

use proptest::{collection::vec, prelude::*};
use serde_json::json;
use surety_aims::{Command, Kind, Rejection};
use surety_engine::{Aims, Batch, Engine, Error};
use tokio::{runtime::Runtime, task::JoinSet};

use crate::{
    faulty::{Fault, Faulty},
    given::{
        Home, NAME, group, holds, keyed, operator, restate, run, size, state_as, step, titles,
    },
};

/// The same body for both databases.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$name(crate::given::Home::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                super::$name(crate::given::Home::postgres().await).await;
            }
        })+
    };
}

on_both!(
    many_at_once_are_all_durable,
    a_bad_batch_among_good_ones_is_refused_alone,
    two_nodes_share_one_ledger,
    a_key_works_once,
    a_lost_answer_can_be_asked_for_again,
);

async fn many_at_once_are_all_durable(home: Home) {
    let (engine, aims) = home.open().await;
    let before = size(&aims).await;
    let mut tasks = JoinSet::new();
    for number in 0..200 {
        let aims = aims.clone();
        tasks.spawn(async move { run(&aims, [group(&format!("Group {number}"))]).await });
    }
    let done = tasks.join_all().await;
    let places: BTreeSet<u64> = done.iter().map(|done| done.entries.0).collect();
    assert_eq!(places, (before..before + 200).collect());
    assert!(done.iter().all(|done| done.entries.1 == done.entries.0 + 1 && !done.repeated));
    let records: BTreeSet<_> = done.iter().map(|done| done.records[0].unwrap().number).collect();
    assert_eq!(records, (1..=200).collect());
    assert_eq!(size(&aims).await, before + 200);
    holds(&aims).await;
    drop(aims);
    engine.close().await.unwrap();
    let (_engine, aims) = home.open().await;
    let names: BTreeSet<_> = titles(&aims, Kind::SystemGroup).await.into_iter().collect();
    assert_eq!(names, (0..200).map(|number| format!("Group {number}")).collect());
    holds(&aims).await;
}

/// Batches that can't be: the second command is refused, a reference leads nowhere, a key is no key.
fn bad_batches() -> Vec<Batch> {
    vec![
        Batch::of([group("Half"), state_as("SYS-1", json!({ "name": "Half", "owner": "PER-99" }))]),
        Batch::of([group("Half"), restate("GRP-77", 1, json!({ "name": "Half" }))]),
        Batch::of([group("Half"), step("SYS-5", "reject")]),
        Batch::of([state_as("GRP-900", json!({ "name": "Half", "color": "red" }))]),
        keyed("", [group("Half")]),
        keyed(&"k".repeat(70_000), [group("Half")]),
        Batch::of(vec![
            Command::Redact { seq: 0, reason: "twice".to_owned(), residue: json!(null) };
            2
        ]),
    ]
}

async fn a_bad_batch_among_good_ones_is_refused_alone(home: Home) {
    let (_engine, aims) = home.open().await;
    for bad in bad_batches() {
        let before = size(&aims).await;
        let mut tasks = JoinSet::new();
        let shared = Arc::new(bad);
        for number in 0..12 {
            let (aims, bad) = (aims.clone(), shared.clone());
            tasks.spawn(async move {
                let good = number != 6;
                let batch = match good {
                    true => Batch::of([group("Good"), group("Good too")]),
                    false => bad.as_ref().clone(),
                };
                (good, aims.execute(&operator(), batch).await)
            });
        }
        for (good, done) in tasks.join_all().await {
            assert_eq!(done.is_ok(), good, "{shared:?}: {done:?}");
        }
        assert_eq!(size(&aims).await, before + 22);
        assert!(!titles(&aims, Kind::SystemGroup).await.contains(&"Half".to_owned()));
    }
    holds(&aims).await;
}

async fn two_nodes_share_one_ledger(home: Home) {
    let (_first, a) = home.open().await;
    let (_second, b) = home.open().await;
    for round in 0..10 {
        let (writer, reader) = if round % 2 == 0 { (&a, &b) } else { (&b, &a) };
        let done = run(writer, [group(&format!("Group {round}"))]).await;
        let position = reader.current().await.unwrap();
        assert_eq!(position.book.size(), done.entries.1, "seen at once");
        assert_eq!(
            position.book.get(done.records[0].unwrap()).unwrap().title(),
            format!("Group {round}")
        );
    }
    let before = size(&a).await;
    let mut tasks = JoinSet::new();
    for number in 0..80 {
        let aims = if number % 2 == 0 { a.clone() } else { b.clone() };
        tasks.spawn(async move { run(&aims, [group("Together"), group("Together")]).await });
    }
    let done = tasks.join_all().await;
    let numbers: BTreeSet<u32> =
        done.iter().flat_map(|done| &done.records).map(|id| id.unwrap().number).collect();
    assert_eq!(numbers, (11..=170).collect(), "numbers never collide");
    assert_eq!(size(&a).await, before + 160);
    holds(&a).await;
    holds(&b).await;
}

async fn a_key_works_once(home: Home) {
    let (engine, aims) = home.open().await;
    let first =
        aims.execute(&operator(), keyed("k-1", [group("Credit"), group("Fraud")])).await.unwrap();
    let before = size(&aims).await;
    let again =
        aims.execute(&operator(), keyed("k-1", [group("Credit"), group("Fraud")])).await.unwrap();
    assert!(!first.repeated && again.repeated);
    assert_eq!(again.entries, (first.entries.0, first.entries.0));
    // Asked again after its own effect would make it impossible.
    let update = || keyed("k-2", [restate("GRP-1", 1, json!({ "name": "Loans" }))]);
    assert!(!aims.execute(&operator(), update()).await.unwrap().repeated);
    assert!(aims.execute(&operator(), update()).await.unwrap().repeated);
    drop(aims);
    engine.close().await.unwrap();
    let (_engine, aims) = home.open().await;
    assert!(aims.execute(&operator(), update()).await.unwrap().repeated);
    let done = aims.execute(&operator(), keyed("k-1", [group("Other")])).await.unwrap();
    assert!(done.repeated);
    assert_eq!(size(&aims).await, before + 1);
    // Many with one key at once: one of them happens.
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let aims = aims.clone();
        tasks.spawn(async move {
            aims.execute(&operator(), keyed("k-3", [group("Once")])).await.unwrap()
        });
    }
    let done = tasks.join_all().await;
    assert_eq!(done.iter().filter(|done| !done.repeated).count(), 1);
    assert_eq!(titles(&aims, Kind::SystemGroup).await, ["Loans", "Fraud", "Once"]);
    holds(&aims).await;
}

async fn a_lost_answer_can_be_asked_for_again(home: Home) {
    let (_engine, aims) = home.open().await;
    drop(aims);
    let config = home.config();
    let location = home.database.clone().unwrap_or(home.path().to_str().unwrap().to_owned());
    let store = Faulty::over(surety_store::open(&location).await.unwrap());
    let engine = Engine::over(store.clone(), config).unwrap();
    let aims = engine.organisation(None).await.unwrap();
    for (fault, name) in [(Fault::NotPersisted, "Credit"), (Fault::Persisted, "Fraud")] {
        let before = size(&aims).await;
        let batch = || keyed(name, [group(name)]);
        store.fail(fault);
        let who = operator();
        let (one, other) =
            tokio::join!(aims.execute(&who, batch()), aims.execute(&who, Batch::of([group("x")])));
        let errors: Vec<_> = [one, other].into_iter().filter_map(Result::err).collect();
        assert!(!errors.is_empty());
        for error in errors {
            assert!(!error.is_refusal());
            assert_eq!(error.to_string(), "the store failed");
        }
        let again = aims.execute(&operator(), batch()).await.unwrap();
        let persisted = fault == Fault::Persisted && size(&aims).await > before;
        assert!(!again.repeated || persisted);
        assert_eq!(
            titles(&aims, Kind::SystemGroup).await.iter().filter(|title| *title == name).count(),
            1
        );
        holds(&aims).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_redacted_once_however_many_ask() {
    let home = Home::sqlite();
    let (_first, a) = home.open().await;
    let (_second, b) = home.open().await;
    let done = run(&a, [group("Jane Doe's group")]).await;
    let mut tasks = JoinSet::new();
    for number in 0..8 {
        let aims = if number % 2 == 0 { a.clone() } else { b.clone() };
        tasks.spawn(async move {
            let good = run(&aims, [group("Other")]).await;
            assert!(good.entries.0 < good.entries.1);
            aims.redact(&operator(), done.entries.0, "on request", &[]).await
        });
    }
    let mut redacted = 0;
    for done in tasks.join_all().await {
        match done {
            Ok(_) => redacted += 1,
            Err(error) => assert!(error.is_refusal(), "{error:?}"),
        }
    }
    assert_eq!(redacted, 1);
    holds(&a).await;
    holds(&b).await;
}

#[tokio::test]
async fn whoever_started_from_an_old_version_is_told_both() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    run(&aims, [group("Credit")]).await;
    run(&aims, [restate("GRP-1", 1, json!({ "name": "Loans" }))]).await;
    let late = Batch::of([restate("GRP-1", 1, json!({ "name": "Claims" }))]);
    let Err(Error::Rejected(rejection)) = aims.execute(&operator(), late).await else { panic!() };
    let Rejection::Stale { base, current_version, current, yours, .. } = *rejection else {
        panic!()
    };
    assert_eq!((base, current_version), (1, 2));
    assert_eq!(current["body"]["name"], "Loans");
    assert_eq!(yours["name"], "Claims");
}

#[tokio::test]
async fn what_is_so_already_makes_no_entry() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    run(&aims, [group("Credit")]).await;
    let before = size(&aims).await;
    let done = run(&aims, [restate("GRP-1", 1, json!({ "name": "Credit" }))]).await;
    assert_eq!(done.entries, (before, before));
    assert_eq!(done.records, [Some("GRP-1".parse().unwrap())]);
    assert_eq!(size(&aims).await, before);
}

/// Which node asks for what: so many groups in one batch, or the next version of group 1.
type Ask = (usize, Option<usize>);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn interleaved_nodes_never_lose_or_double_anything(asks in vec((0..3_usize, prop::option::of(1..4_usize)), 1..30)) {
        Runtime::new().unwrap().block_on(interleave(asks));
    }
}

async fn interleave(asks: Vec<Ask>) {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    run(&aims, [group("First")]).await;
    let before = size(&aims).await;
    let mut nodes: Vec<(Engine, Arc<Aims>)> = Vec::new();
    for _ in 0..3 {
        nodes.push(home.open().await);
    }
    let mut tasks = JoinSet::new();
    for (number, (node, groups)) in asks.into_iter().enumerate() {
        let aims = nodes[node].1.clone();
        tasks.spawn(async move {
            let batch = match groups {
                Some(groups) => Batch::of(vec![group(&format!("Group {number}")); groups]),
                None => {
                    Batch::of([restate("GRP-1", 1, json!({ "name": format!("Second {number}") }))])
                }
            };
            (groups, aims.execute(&operator(), batch).await)
        });
    }
    let (mut entries, mut updates, mut asked) = (0, 0, 0);
    let mut numbers = BTreeSet::new();
    for (groups, done) in tasks.join_all().await {
        match (groups, done) {
            (Some(groups), done) => {
                let done = done.unwrap();
                entries += groups;
                assert!(done.records.iter().flatten().all(|id| numbers.insert(id.number)));
            }
            (None, Ok(done)) => {
                updates += done.entries.1 - done.entries.0;
                asked += 1;
            }
            (None, Err(error)) => {
                assert!(error.to_string().contains("has changed"), "{error}");
                asked += 1;
            }
        }
    }
    assert_eq!(updates, u64::from(asked > 0), "only one can be the second version");
    assert_eq!(size(&aims).await, before + updates + u64::try_from(entries).unwrap());
    for (_, aims) in &nodes {
        holds(aims).await;
    }
}

#[tokio::test]
async fn an_organisation_is_made_once() {
    let home = Home::sqlite();
    let (engine, aims) = home.open().await;
    assert!(
        matches!(engine.init(NAME).await, Err(Error::OrganisationExists(id)) if id == aims.id())
    );
    assert!(matches!(engine.init("!!!").await, Err(Error::OrganisationName(_))));
    let other = engine.init("Fjordkreditt AS").await.unwrap();
    assert_eq!(other.id(), "fjordkreditt-as");
    assert!(matches!(engine.organisation(None).await, Err(Error::WhichOrganisation(_))));
    run(&other, [group("Only here")]).await;
    assert!(titles(&aims, Kind::SystemGroup).await.is_empty());
}
