//! Taking files in: again and again, on trial, strictly, with mistakes.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};
use surety_aims::{Kind, RecordId};
use surety_engine::{
    Aims, Moment,
    import::{ChangeKind, ImportOptions, ImportReport, NamedBytes},
};
use tokio::runtime::Runtime;

use crate::given::{Home, group, holds, operator, run, size, titles};

const HEADER: &str =
    "System ID,AI system,Intended purpose,Business owner,Vendor,Status,Next review";

fn file(name: &str, text: impl Into<Vec<u8>>) -> NamedBytes {
    NamedBytes { name: name.to_owned(), bytes: text.into() }
}

fn register(rows: &[&str]) -> NamedBytes {
    file("register.csv", format!("{HEADER}\n{}\n", rows.join("\n")))
}

async fn import(aims: &Aims, files: &[NamedBytes]) -> ImportReport {
    with(aims, files, ImportOptions::default()).await
}

async fn try_import(aims: &Aims, files: &[NamedBytes]) -> ImportReport {
    with(aims, files, ImportOptions { dry_run: true, ..ImportOptions::default() }).await
}

async fn with(aims: &Aims, files: &[NamedBytes], options: ImportOptions) -> ImportReport {
    aims.import(&operator(), files, &options, &mut |_| {}).await.unwrap()
}

/// Everything that an import could change: entries, people, files in the vault.
async fn traces(home: &Home, aims: &Aims) -> (u64, usize, usize) {
    fn files(folder: &std::path::Path) -> usize {
        let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
        entries
            .flatten()
            .map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { 1 })
            .sum()
    }
    (size(aims).await, aims.people().await.unwrap().len(), files(&home.path().join("vault")))
}

fn body(aims_view: &surety_engine::View, id: &str) -> Value {
    aims_view.book().get(id.parse().unwrap()).unwrap().body.to_json()
}

#[tokio::test]
async fn a_register_brings_systems_people_suppliers_and_itself() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let inventory = register(&[
        "A-1,Claims triage,Sorts claims,Anna Weber <anna@havnbank.example>,Acme AS,In production,30/11/2026",
        "A-2,Chatbot,Answers,Anna Weber,Acme AS,Pilot,25/01/2027",
    ]);
    let report = import(&aims, std::slice::from_ref(&inventory)).await;
    assert!(!report.has_errors(), "{:?}", report.files);
    let view = aims.view(Moment::Now).await.unwrap();
    assert_eq!(titles(&aims, Kind::AiSystem).await, ["Claims triage", "Chatbot"]);
    assert_eq!(titles(&aims, Kind::Supplier).await, ["Acme AS"]);
    let (first, second) = (body(&view, "SYS-1"), body(&view, "SYS-2"));
    assert_eq!(first["owner"], "PER-1");
    assert_eq!(second["owner"], "PER-1", "one person, named twice");
    assert_eq!(first["suppliers"], json!(["SUP-1"]));
    assert_eq!(first["next_review"], "2026-11-30");
    let people = aims.people().await.unwrap();
    assert_eq!(people["PER-1"].name, "Anna Weber");
    assert_eq!(people["PER-1"].email.as_deref(), Some("anna@havnbank.example"));
    let entries = aims.entries(0, u32::MAX).await.unwrap();
    let named = |text: &str| {
        entries.iter().any(|entry| {
            let payload = String::from_utf8(entry.payload.clone().unwrap()).unwrap();
            payload.contains(text)
        })
    };
    assert!(!named("Anna") && !named("anna@"), "names stay beside the ledger");
    // The file itself is kept, and says where everything came from.
    let document = view.book().of_kind(Kind::ControlledDocument).next().unwrap();
    assert_eq!(document.title(), "register.csv as imported");
    let kept = body(&view, "DOC-1")["file"].clone();
    assert_eq!(kept["bytes"], inventory.bytes.len());
    let folder = home.path().join("out");
    aims.export(&folder, Moment::Now).await.unwrap();
    let copy = std::fs::read(folder.join("files").join(kept["sha256"].as_str().unwrap())).unwrap();
    assert_eq!(copy, inventory.bytes);
    holds(&aims).await;
}

#[tokio::test]
async fn bad_rows_are_named_and_the_others_go_in() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let inventory = register(&[
        "A-1,Claims triage,Sorts claims,,,Live,30/11/2026",
        "A-2,,Nobody knows,,,,",
        "A-3,Chatbot,Answers,,,Live,31/02/2027",
        "A-4,Scoring,Rates,PER-77,,,",
    ]);
    let report = import(&aims, std::slice::from_ref(&inventory)).await;
    assert!(report.has_errors());
    let problems: Vec<_> = report.files[0]
        .problems
        .iter()
        .map(|problem| {
            let column = problem.place.column.as_ref().map(|column| column.number);
            (problem.place.line, column, problem.message.as_str())
        })
        .collect();
    assert!(problems.iter().any(|(line, ..)| *line == Some(3)), "{problems:?}");
    assert!(
        problems.iter().any(|(line, column, _)| (*line, *column) == (Some(4), Some(7))),
        "{problems:?}"
    );
    assert!(problems.iter().any(|(line, ..)| *line == Some(5)), "{problems:?}");
    let systems = titles(&aims, Kind::AiSystem).await;
    assert!(
        systems.contains(&"Claims triage".to_owned()) && systems.contains(&"Chatbot".to_owned())
    );
    holds(&aims).await;
}

#[tokio::test]
async fn a_strict_import_takes_all_or_nothing() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let strict = || ImportOptions { strict: true, ..ImportOptions::default() };
    let good = register(&["A-1,Claims triage,Sorts,Anna,Acme,Live,"]);
    let bad =
        file("second.csv", format!("{HEADER}\nB-1,,Nobody knows,,,,\nB-2,Chatbot,Answers,,,,\n"));
    let before = traces(&home, &aims).await;
    let report = with(&aims, &[good.clone(), bad], strict()).await;
    assert!(report.has_errors() && report.dry_run);
    assert_eq!(traces(&home, &aims).await, before);
    let report = with(&aims, &[good], strict()).await;
    assert!(!report.has_errors() && !report.dry_run);
    assert_eq!(titles(&aims, Kind::AiSystem).await, ["Claims triage"]);
}

#[tokio::test]
async fn a_file_that_nobody_can_read_is_a_problem_of_that_file() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let files =
        [file("x.bin", b"\x00\x01\x02".to_vec()), register(&["A-1,Claims triage,Sorts,,,,"])];
    let report = import(&aims, &files).await;
    assert_eq!(report.files[0].format, None);
    assert!(report.files[0].has_errors());
    assert_eq!(report.files[0].problems[0].place.file, "x.bin");
    assert!(!report.files[1].has_errors());
    assert_eq!(titles(&aims, Kind::AiSystem).await, ["Claims triage"]);
}

#[tokio::test]
async fn files_refer_to_each_other_in_the_order_in_which_they_come() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let files = [
        file("vendors.csv", "Vendor,Service,Criticality,Contract\nAcme AS,Models,High,C-17\n"),
        register(&["A-1,Claims triage,Sorts,Anna Weber,Acme AS,Live,"]),
        file(
            "second register.csv",
            format!("{HEADER}\nB-1,Scoring,Rates,Anna Weber,acme as,Live,\n"),
        ),
    ];
    let predicted = try_import(&aims, &files).await;
    let report = import(&aims, &files).await;
    assert_eq!(changes(&predicted), changes(&report));
    let view = aims.view(Moment::Now).await.unwrap();
    assert_eq!(titles(&aims, Kind::Supplier).await, ["Acme AS"]);
    assert_eq!(body(&view, "SUP-1")["contract"], "C-17");
    for system in ["SYS-1", "SYS-2"] {
        assert_eq!(body(&view, system)["suppliers"], json!(["SUP-1"]));
        assert_eq!(body(&view, system)["owner"], "PER-1");
    }
    assert_eq!(aims.people().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_next_edition_of_a_register_changes_what_changed() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let first =
        ["A-1,Claims triage,Sorts claims,Anna,Acme,Live,", "A-2,Chatbot,Answers,Anna,,Pilot,"];
    import(&aims, &[register(&first)]).await;
    let before = size(&aims).await;
    let second = [
        "A-1,Claims triage,Sorts and routes claims,Anna,Acme,Live,",
        "A-2,Chatbot,Answers,Anna,,Pilot,",
    ];
    let report = import(&aims, &[register(&second)]).await;
    let updated: Vec<_> = report.files[0]
        .changes
        .iter()
        .filter(|change| change.change == ChangeKind::Update)
        .collect();
    assert_eq!(updated.len(), 1);
    assert_eq!(
        (updated[0].name.as_str(), &*updated[0].fields),
        ("Claims triage", &["purpose".to_owned()][..])
    );
    // One for the system, one for the file.
    assert_eq!(size(&aims).await, before + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_write_meanwhile_is_not_overwritten() {
    let home = Home::sqlite();
    let (_first, a) = home.open().await;
    let (_second, b) = home.open().await;
    let other = tokio::spawn(async move {
        // Fewer than an import tries: it may lose each time.
        for number in 0..15 {
            let person = json!({ "position": format!("Analyst {number}") });
            run(&b, [crate::given::state(Kind::Person, person), group("Other")]).await;
        }
        b
    });
    for number in 0..10 {
        let row = format!("A-{number},System {number},Sorts,Person {number},Vendor {number},Live,");
        let report =
            import(&a, &[file(&format!("register {number}x.csv"), format!("{HEADER}\n{row}\n"))])
                .await;
        assert!(!report.has_errors(), "{:?}", report.files[0].problems);
    }
    let b = other.await.unwrap();
    let (people, view) = (a.people().await.unwrap(), a.view(Moment::Now).await.unwrap());
    assert_eq!(people.len(), 10);
    for (id, data) in &people {
        assert_eq!(body(&view, id)["position"], "not stated", "{} is somebody else", data.name);
    }
    assert_eq!(titles(&a, Kind::AiSystem).await.len(), 10);
    holds(&a).await;
    holds(&b).await;
}

#[tokio::test]
async fn a_model_card_is_kept_as_evidence_of_what_it_says() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let card = "---\nlicense: apache-2.0\nlibrary_name: transformers\npipeline_tag: text-classification\n\
                model-index:\n- name: fjord-sentiment\n  results: []\n---\n\n# fjord-sentiment\n\nRates the mood of letters.\n";
    let report = import(&aims, &[file("fjord-sentiment/README.md", card)]).await;
    assert!(!report.has_errors(), "{:?}", report.files[0].problems);
    let view = aims.view(Moment::Now).await.unwrap();
    let files: Vec<_> = view
        .book()
        .records()
        .filter_map(|record| record.body.to_json().get("file")?.get("sha256").cloned())
        .collect();
    assert_eq!(files, [json!(surety_ledger::Hash::of(card.as_bytes()).to_string())]);
    let before = traces(&home, &aims).await;
    let again = import(&aims, &[file("fjord-sentiment/README.md", card)]).await;
    assert_eq!(again.count(ChangeKind::Create) + again.count(ChangeKind::Update), 0);
    assert_eq!(traces(&home, &aims).await, before);
}

/// Records with what happens to them, and problems with their places.
fn changes(report: &ImportReport) -> Value {
    let mut json = serde_json::to_value(&report.files).unwrap();
    for file in json.as_array_mut().unwrap() {
        file.as_object_mut().unwrap().remove("sha256");
    }
    json
}

fn row() -> impl Strategy<Value = String> {
    (
        select(&["A-1", "A-2", "A-3", "A-4", ""]),
        select(&["Scoring", "scoring ", "Chatbot", "Claims triage", ""]),
        select(&["Rates", "Answers", "=1+1", "\"a, b\""]),
        select(&[
            "",
            "Anna Weber",
            "Weber, Anna",
            "Anna Weber <a@x.example>",
            "b@x.example",
            "PER-1",
            "PER-99",
        ])
        .prop_map(|owner| {
            if owner.contains(',') { format!("\"{owner}\"") } else { owner.to_owned() }
        }),
        select(&["", "Acme AS", "acme as", "Acme AS; Beta"]),
        select(&["", "Live", "Pilot", "retired", "no such status"]),
        select(&["", "30/11/2026", "31/02/2027", "tbd", "2027-05-01"]),
    )
        .prop_map(|(id, name, purpose, owner, vendor, status, review)| {
            format!("{id},{name},{purpose},{owner},{vendor},{status},{review}")
        })
}

fn registers() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let text = vec(row(), 1..7).prop_map(|rows| format!("{HEADER}\n{}\n", rows.join("\n")));
    vec((select(&["register.csv", "second list.csv", "systems of the north.csv"]), text), 1..4)
}

fn named(files: Vec<(&'static str, String)>) -> Vec<NamedBytes> {
    files.into_iter().map(|(name, text)| file(name, text)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_trial_changes_nothing_and_says_exactly_what_will_happen(first in registers(), second in registers()) {
        Runtime::new().unwrap().block_on(async {
            let home = Home::sqlite();
            let (_engine, aims) = home.open().await;
            for files in [first, second].map(named) {
                let before = traces(&home, &aims).await;
                let predicted = try_import(&aims, &files).await;
                assert_eq!(traces(&home, &aims).await, before, "a trial leaves no trace");
                let view = aims.view(Moment::Now).await.unwrap();
                let report = import(&aims, &files).await;
                assert_eq!(changes(&predicted), changes(&report));
                compare(&aims, &view, &report).await;
            }
            holds(&aims).await;
        });
    }

    #[test]
    fn the_same_file_twice_changes_nothing(files in registers()) {
        Runtime::new().unwrap().block_on(async {
            let home = Home::sqlite();
            let (_engine, aims) = home.open().await;
            let files = named(files);
            let file = &files[..1];
            import(&aims, file).await;
            let before = traces(&home, &aims).await;
            let again = import(&aims, file).await;
            assert_eq!(again.count(ChangeKind::Create), 0, "{:?}", again.files);
            assert_eq!(again.count(ChangeKind::Update), 0, "{:?}", again.files);
            assert_eq!(traces(&home, &aims).await, before);
        });
    }
}

/// What the report says about records is what became of them.
async fn compare(aims: &Aims, before: &surety_engine::View, report: &ImportReport) {
    let after = aims.view(Moment::Now).await.unwrap();
    let changed = |kind| -> std::collections::BTreeSet<RecordId> {
        let changes = report.files.iter().flat_map(|file| &file.changes);
        changes.filter(|change| change.change == kind).map(|change| change.record).collect()
    };
    let created = changed(ChangeKind::Create);
    for record in after.book().records() {
        let old = before.book().get(record.id);
        assert_eq!(old.is_none(), created.contains(&record.id), "{}", record.id);
        let restated = old.is_some_and(|old| old.version != record.version);
        assert!(!restated || changed(ChangeKind::Update).contains(&record.id), "{}", record.id);
    }
    assert!(created.iter().all(|id| after.book().get(*id).is_some()));
    for change in report.files.iter().flat_map(|file| &file.changes) {
        if let Some(state) = &change.state {
            let moved = after.book().get(change.record).unwrap();
            assert!(
                moved.state == state || report.files.len() > 1,
                "{}: {}",
                change.record,
                moved.state
            );
        }
    }
}
