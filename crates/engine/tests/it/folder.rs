//! The management system as a folder of files: written, read again, edited, damaged.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::Value;
use surety_aims::{Kind, RecordId, Role};
use surety_engine::{
    Aims, Batch, Moment, Person,
    folder::{Apply, ApplyOptions, PlannedKind},
};
use tokio::runtime::Runtime;

use crate::{
    given::{Home, holds, operator, person, restate, size, state, state_as, step, withdraw},
    samples::samples,
};

/// Every file in a folder, by its path in it.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn collect(folder: &Path, top: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, top, found);
            } else {
                found.insert(
                    path.strip_prefix(top).unwrap().to_owned(),
                    std::fs::read(&path).unwrap(),
                );
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(folder, folder, &mut found);
    found
}

pub(crate) async fn export(home: &Home, aims: &Aims, name: &str) -> PathBuf {
    let folder = home.path().join(name);
    aims.export(&folder, Moment::Now).await.unwrap();
    folder
}

pub(crate) async fn apply(aims: &Aims, folder: &Path) -> Apply {
    aims.apply(&operator(), folder, ApplyOptions { prune: true, dry_run: false }).await.unwrap()
}

/// Applied without problems.
pub(crate) async fn applied(aims: &Aims, folder: &Path) -> Vec<(PlannedKind, String, String)> {
    let apply = apply(aims, folder).await;
    assert_eq!(apply.problems, Vec::<String>::new());
    apply
        .planned
        .into_iter()
        .map(|planned| (planned.change, planned.record.to_string(), planned.detail))
        .collect()
}

/// What a random history is made of.
#[derive(Clone, Debug)]
enum Act {
    State(usize),
    Restate { record: usize, text: String },
    Step { record: usize, choice: usize },
    Withdraw { record: usize },
    Name { record: usize, name: String },
}

fn text() -> impl Strategy<Value = String> {
    let awkward = select(&[
        "yes",
        "NO",
        "null",
        "~",
        "1e3",
        "0x1F",
        "12:30",
        "2026-01-01",
        "- a list",
        "key: value",
        "# no comment",
        "'quoted'",
        "\"twice\"",
        "{brace}",
        "[bracket]",
        "&anchor",
        "*alias",
        "!tag",
        "%percent",
        "@at",
        "`tick`",
        " leading",
        "trailing ",
        "two\nlines",
        "two\n\nparagraphs\n",
        "tab\tstop",
        "\r\n",
        "Grüße, 日本 🦀",
        "\u{85}\u{2028}",
        "\u{feff}mark",
        "\\backslash",
        ">folded",
        "|literal",
        "a: b # c",
        "...",
        "---",
        "\u{7f}\u{1}",
    ]);
    prop_oneof![awkward.prop_map(str::to_owned), "\\PC{1,30}"]
        .prop_filter("a title is not blank", |text| !text.trim().is_empty())
}

fn act() -> impl Strategy<Value = (&'static str, Act)> {
    let record = 0..60_usize;
    let act = prop_oneof![
        3 => (0..40_usize).prop_map(Act::State),
        4 => (record.clone(), text()).prop_map(|(record, text)| Act::Restate { record, text }),
        12 => (record.clone(), 0..4_usize).prop_map(|(record, choice)| Act::Step { record, choice }),
        1 => record.clone().prop_map(|record| Act::Withdraw { record }),
        1 => (record, text()).prop_map(|(record, name)| Act::Name { record, name }),
    ];
    (select(&["PER-1", "PER-2"]), act)
}

/// Fields of free text, of which each kind has at least one.
const TEXTS: [&str; 12] = [
    "description",
    "purpose",
    "body",
    "summary",
    "statement",
    "duty",
    "position",
    "justification",
    "help",
    "text",
    "title",
    "name",
];

/// One record of each kind in one batch, and then what happens at random. Refusals are part of the game.
async fn happen(home: &Home, aims: &Aims, acts: Vec<(&'static str, Act)>) {
    let first = samples().into_iter().filter(|(kind, _)| {
        // An attachment is nothing without its file.
        !matches!(kind, Kind::Organisation | Kind::Framework | Kind::Attachment)
    });
    let first = first.map(|(kind, body)| {
        let body = with_file(home, kind, body);
        state_as(&RecordId::new(kind, 1).to_string(), body)
    });
    let first: Vec<_> = first.collect();
    aims.execute(&person("PER-1", Role::Owner), Batch::of(first)).await.unwrap();
    for (who, act) in acts {
        let view = aims.view(Moment::Now).await.unwrap();
        let records: Vec<_> = view.book().records().collect();
        let record = |number: usize| records[number % records.len()];
        let command = match act {
            Act::State(kind) => {
                let (kind, body) = samples().swap_remove(kind % samples().len());
                state(kind, with_file(home, kind, body))
            }
            Act::Restate { record: number, text } => {
                let old = record(number);
                let mut body = old.body.to_json();
                let Some(field) = TEXTS.iter().find(|field| body.get(**field).is_some()) else {
                    continue;
                };
                body[*field] = text.into();
                restate(&old.id.to_string(), old.version, body)
            }
            Act::Step { record: number, choice } => {
                let old = record(number);
                let steps: Vec<_> = old.lifecycle().from(old.state).collect();
                let Some(transition) = steps.get(choice % steps.len().max(1)) else { continue };
                step(&old.id.to_string(), transition.action)
            }
            Act::Withdraw { record: number } => withdraw(&record(number).id.to_string()),
            Act::Name { record: number, name } => {
                let people: Vec<_> = view.book().of_kind(Kind::Person).collect();
                let Some(person) = people.get(number % people.len().max(1)) else { continue };
                aims.put_person(person.id, &Person { name, email: None }).await.unwrap();
                continue;
            }
        };
        drop(aims.execute(&person(who, Role::Owner), Batch::of([command])).await);
    }
}

/// Samples name files that nobody has.
fn with_file(_home: &Home, _kind: Kind, mut body: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.remove("file");
    }
    body
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_applied_is_exported_byte_for_byte(acts in vec(act(), 0..60)) {
        Runtime::new().unwrap().block_on(round(acts));
    }
}

async fn round(acts: Vec<(&'static str, Act)>) {
    let (here, there) = (Home::sqlite(), Home::sqlite());
    let (_engine, aims) = here.open().await;
    happen(&here, &aims, acts).await;
    let out = export(&here, &aims, "out").await;
    let (_other, copy) = there.open().await;
    applied(&copy, &out).await;
    let again = export(&there, &copy, "again").await;
    for (path, bytes) in files(&out) {
        let other = std::fs::read(again.join(&path)).unwrap_or_default();
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            String::from_utf8_lossy(&other),
            "{}",
            path.display()
        );
    }
    assert!(files(&out) == files(&again));
    let before = size(&copy).await;
    assert_eq!(applied(&copy, &out).await, []);
    assert_eq!(size(&copy).await, before, "the second time nothing happens");
    assert_eq!(applied(&aims, &out).await, []);
    holds(&copy).await;
}
