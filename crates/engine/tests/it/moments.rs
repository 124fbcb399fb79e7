//! The Book of any moment, with and without snapshots.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::json;
use surety_aims::{Command, Kind, SNAPSHOT_FORMAT};
use surety_engine::{Aims, Batch, Moment, fold};
use tokio::runtime::Runtime;

use crate::given::{
    Home, START, group, holds, noon, operator, restate, run, state_as, step, titles, withdraw,
};

/// What a random history is made of. Some of it is refused, as in life.
#[derive(Clone, Debug)]
enum Act {
    Do(Vec<Command>),
    Pass(i64),
    Snapshot,
    Reopen,
}

fn act() -> impl Strategy<Value = Act> {
    let id =
        |prefix: &'static str| (1..=3_u32).prop_map(move |number| format!("{prefix}-{number}"));
    let group_id = id("GRP");
    let system = (id("SYS"), select(&["Scoring", "Chat"]), group_id.clone(), 1..3_u32);
    let command = prop_oneof![
        3 => (group_id.clone(), select(&["Credit", "Fraud"]))
            .prop_map(|(id, name)| state_as(&id, json!({ "name": name }))),
        3 => (group_id.clone(), 1..3_u32, select(&["Loans", "Claims"]))
            .prop_map(|(id, base, name)| restate(&id, base, json!({ "name": name }))),
        3 => system.clone().prop_map(|(id, name, group, _)| {
            state_as(&id, json!({ "name": name, "group": group }))
        }),
        2 => system.prop_map(|(id, name, group, base)| {
            restate(&id, base, json!({ "name": name, "group": group, "purpose": "Rates" }))
        }),
        2 => (id("SYS"), select(&["under_assessment", "in_development", "rejected"]))
            .prop_map(|(id, to)| step(&id, to)),
        1 => prop_oneof![group_id, id("SYS")].prop_map(|id| withdraw(&id)),
    ];
    prop_oneof![
        8 => vec(command, 1..3).prop_map(Act::Do),
        3 => (0..3_i64).prop_map(Act::Pass),
        1 => Just(Act::Snapshot),
        1 => Just(Act::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_past_moment_is_the_fold_of_what_was_there_then(acts in vec(act(), 1..25)) {
        Runtime::new().unwrap().block_on(check(acts));
    }
}

async fn check(acts: Vec<Act>) {
    let home = Home::sqlite();
    let (mut engine, mut aims) = home.open().await;
    for act in acts {
        match act {
            // Refusals are part of the game.
            Act::Do(commands) => drop(aims.execute(&operator(), Batch::of(commands)).await),
            Act::Pass(days) => home.pass(days),
            Act::Snapshot => aims.keep_snapshot().await.unwrap(),
            Act::Reopen => {
                drop(aims);
                engine.close().await.unwrap();
                (engine, aims) = home.open().await;
            }
        }
    }
    holds(&aims).await;
    compare(&aims).await;
    assert!(aims.rebuild().await.unwrap());
    compare(&aims).await;
}

/// Every size and every day against a fold of the entries until then.
async fn compare(aims: &Aims) {
    let entries = aims.entries(0, u32::MAX).await.unwrap();
    for size in 0..=entries.len() {
        let folded = fold(&entries[..size]).unwrap();
        let view = aims.view(Moment::Size(u64::try_from(size).unwrap())).await.unwrap();
        assert!(view.book() == &folded.book, "after {size} entries");
        assert_eq!(view.position.frontier, folded.frontier);
    }
    for days in -1..60 {
        let day = START + jiff::Span::new().days(days);
        let until = |entry: &surety_ledger::Entry| {
            entry.parsed().unwrap().instant < noon(day) + jiff::SignedDuration::from_hours(12)
        };
        let folded = fold(&entries[..entries.iter().filter(|entry| until(entry)).count()]).unwrap();
        let view = aims.view(Moment::Day(day)).await.unwrap();
        assert!(view.book() == &folded.book, "on {day}");
        assert_eq!(view.on, day);
    }
}

#[tokio::test]
async fn a_snapshot_that_nobody_can_read_is_as_good_as_none() {
    let home = Home::sqlite();
    let (engine, aims) = home.open().await;
    run(&aims, [group("Credit")]).await;
    let (id, size) = (aims.id().to_owned(), aims.current().await.unwrap().book.size());
    drop(aims);
    engine.close().await.unwrap();
    let store = surety_store::open(home.path().to_str().unwrap()).await.unwrap();
    store.drop_snapshots(&id).await.unwrap();
    for format in [SNAPSHOT_FORMAT, "book-of-the-future", ""] {
        store.put_snapshot(&id, size, format, b"\xff not a snapshot \n{").await.unwrap();
    }
    store.close().await;
    let (engine, aims) = home.open().await;
    assert_eq!(titles(&aims, Kind::SystemGroup).await, ["Credit"]);
    holds(&aims).await;
    // A snapshot that can be read takes its place as soon as there is something new.
    run(&aims, [group("Fraud")]).await;
    aims.keep_snapshot().await.unwrap();
    drop(aims);
    engine.close().await.unwrap();
    let (_engine, aims) = home.open().await;
    assert_eq!(titles(&aims, Kind::SystemGroup).await, ["Credit", "Fraud"]);
}

#[tokio::test]
async fn instants_never_run_backwards_when_the_clock_does() {
    for home in [Home::sqlite(), Home::postgres().await] {
        let (_engine, aims) = home.open().await;
        home.pass(3);
        run(&aims, [group("Credit")]).await;
        home.pass(-30);
        run(&aims, [group("Fraud")]).await;
        let (_other, node) = home.open().await;
        run(&node, [group("Claims")]).await;
        home.pass(40);
        run(&aims, [group("Loans")]).await;
        let entries = aims.entries(0, u32::MAX).await.unwrap();
        let instants: Vec<_> =
            entries.iter().map(|entry| entry.parsed().unwrap().instant).collect();
        assert!(instants.is_sorted(), "{instants:?}");
        let last: Vec<_> = instants.iter().rev().take(4).rev().map(|at| at.to_string()).collect();
        assert_eq!(
            last,
            [
                "2026-03-05T12:00:00Z",
                "2026-03-05T12:00:00Z",
                "2026-03-05T12:00:00Z",
                "2026-03-15T12:00:00Z"
            ]
        );
        holds(&aims).await;
    }
}
