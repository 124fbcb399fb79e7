//! Folders that people edited, and folders that mean harm.

use std::path::{Path, PathBuf};

use serde_json::json;
use surety_aims::{Kind, Role};
use surety_engine::{
    Aims, Engine, Moment, Person,
    folder::{ApplyOptions, PlannedKind},
};
use surety_ledger::Hash;

use crate::{
    folder::{applied, apply, export, files},
    given::{Home, holds, operator, person, restate, run, size, state, step, titles, withdraw},
};

/// An organisation with a person, a group, a system in it and an exported folder.
async fn exported(home: &Home) -> (Engine, std::sync::Arc<Aims>, PathBuf) {
    let (engine, aims) = home.open().await;
    run(
        &aims,
        [
            state(Kind::Person, json!({ "position": "Head of credit", "unit": "Credit" })),
            state(
                Kind::SystemGroup,
                json!({ "name": "Credit", "description": "Loans", "owner": "PER-1" }),
            ),
            state(
                Kind::AiSystem,
                json!({ "name": "Scoring", "purpose": "Rates applications", "group": "GRP-1" }),
            ),
        ],
    )
    .await;
    let kari = Person { name: "Kari Nordmann".to_owned(), email: None };
    aims.put_person("PER-1".parse().unwrap(), &kari).await.unwrap();
    let folder = export(home, &aims, "out").await;
    (engine, aims, folder)
}

fn edit(folder: &Path, file: &str, from: &str, to: &str) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// The only problem there is, and that nothing was applied.
async fn problem(aims: &Aims, folder: &Path) -> String {
    let before = size(aims).await;
    let apply = apply(aims, folder).await;
    assert_eq!(size(aims).await, before, "nothing is applied while there is a problem");
    assert_eq!(apply.problems.len(), 1, "{:?}", apply.problems);
    apply.problems[0].clone()
}

#[tokio::test]
async fn an_edited_file_changes_exactly_that() {
    let home = Home::sqlite();
    let (_engine, aims, folder) = exported(&home).await;
    let before = size(&aims).await;
    edit(&folder, "ai_system/SYS-1.yaml", "Rates applications", "Ranks applications");
    let options = ApplyOptions { dry_run: true, prune: true };
    let trial = aims.apply(&operator(), &folder, options).await.unwrap();
    assert_eq!(size(&aims).await, before, "a trial changes nothing");
    let changes = applied(&aims, &folder).await;
    assert_eq!(changes, [(PlannedKind::Update, "SYS-1".to_owned(), "purpose".to_owned())]);
    assert_eq!(trial.planned.len(), 1);
    assert_eq!(size(&aims).await, before + 1);
    let again = export(&home, &aims, "again").await;
    assert!(files(&folder) == files(&again));
    holds(&aims).await;
}

#[tokio::test]
async fn an_edited_state_is_a_step_and_an_edited_name_stays_beside_the_ledger() {
    let home = Home::sqlite();
    let (_engine, aims, folder) = exported(&home).await;
    let before = size(&aims).await;
    edit(&folder, "system_group/GRP-1.yaml", "state: draft", "state: active");
    edit(&folder, "system_group/GRP-1.yaml", "body:", "moved_by: PER-1\nbody:");
    edit(&folder, "person/PER-1.yaml", "Kari Nordmann", "Kari Holm");
    let changes = applied(&aims, &folder).await;
    assert_eq!(
        changes,
        [
            (PlannedKind::Update, "PER-1".to_owned(), "name or address".to_owned()),
            (PlannedKind::Move, "GRP-1".to_owned(), "draft to active".to_owned()),
        ]
    );
    assert_eq!(size(&aims).await, before + 1);
    assert_eq!(aims.people().await.unwrap()["PER-1"].name, "Kari Holm");
    let view = aims.view(Moment::Now).await.unwrap();
    let moved = view.book().get("GRP-1".parse().unwrap()).unwrap().moved.clone().unwrap();
    assert_eq!(&*moved.by, "PER-1");
    assert!(files(&folder) == files(&export(&home, &aims, "again").await));
}

#[tokio::test]
async fn a_new_file_is_a_new_record_and_a_missing_one_goes_only_when_asked() {
    let home = Home::sqlite();
    let (_engine, aims, folder) = exported(&home).await;
    std::fs::write(
        folder.join("system_group/GRP-7.yaml"),
        "id: GRP-7\nstate: draft\nbody:\n  name: Fraud\n",
    )
    .unwrap();
    std::fs::remove_file(folder.join("ai_system/SYS-1.yaml")).unwrap();
    let keep = ApplyOptions::default();
    let changes = aims.apply(&operator(), &folder, keep).await.unwrap().planned;
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].change, changes[0].title.as_str()), (PlannedKind::Create, "Fraud"));
    assert_eq!(titles(&aims, Kind::AiSystem).await, ["Scoring"]);
    let changes = applied(&aims, &folder).await;
    assert_eq!(changes, [(PlannedKind::Withdraw, "SYS-1".to_owned(), String::new())]);
    assert!(titles(&aims, Kind::AiSystem).await.is_empty());
    // What others refer to does not go.
    std::fs::remove_file(folder.join("person/PER-1.yaml")).unwrap();
    let problem = problem(&aims, &folder).await;
    assert_eq!(problem, "PER-1: PER-1 is referred to by GRP-1; change these first");
}

#[tokio::test]
async fn a_folder_that_is_older_than_the_ledger_is_refused() {
    let home = Home::sqlite();
    let (_engine, aims, folder) = exported(&home).await;
    std::fs::remove_file(folder.join("ai_system/SYS-1.yaml")).unwrap();
    run(&aims, [withdraw("SYS-1")]).await;
    std::fs::write(
        folder.join("ai_system/SYS-1.yaml"),
        "id: SYS-1\nstate: proposed\nbody:\n  name: Again\n",
    )
    .unwrap();
    let problem = problem(&aims, &folder).await;
    assert_eq!(
        problem,
        "ai_system/SYS-1.yaml: SYS-1 was withdrawn; its number is not given out again"
    );
}

#[tokio::test]
async fn files_come_along_and_are_what_their_names_say() {
    let home = Home::sqlite();
    let (_engine, aims, folder) = exported(&home).await;
    let evidence = home.path().join("report.txt");
    std::fs::write(&evidence, "all tests passed").unwrap();
    let file = aims.put_file(&evidence).await.unwrap();
    let sha256 = file.sha256.clone();
    let body = |title: &str| json!({ "title": title, "kind": "file", "file": file });
    run(&aims, [state(Kind::EvidenceItem, body("Report"))]).await;
    aims.export(&folder, Moment::Now).await.unwrap();
    let copy = folder.join("files").join(&sha256);
    assert_eq!(std::fs::read_to_string(&copy).unwrap(), "all tests passed");

    let other = Home::sqlite();
    let (_other, there) = other.open().await;
    applied(&there, &folder).await;
    let again = export(&other, &there, "again").await;
    assert!(files(&folder) == files(&again), "the file went along");

    std::fs::write(&copy, "no test passed").unwrap();
    let third = Home::sqlite();
    let (_third, aims3) = third.open().await;
    let error = aims3.apply(&operator(), &folder, ApplyOptions::default()).await.unwrap_err();
    assert!(error.is_refusal() && error.to_string().contains(&sha256), "{error}");
    assert!(titles(&aims3, Kind::EvidenceItem).await.is_empty());

    // Once no record names it, the next export takes it away.
    run(&aims, [withdraw("EVD-1")]).await;
    let exported = aims.export(&folder, Moment::Now).await.unwrap();
    assert_eq!(exported.removed, 2, "the record and its file");
    assert!(!copy.exists());
}

#[tokio::test]
async fn an_export_spares_what_is_not_its_own() {
    let home = Home::sqlite();
    let (_engine, aims, folder) = exported(&home).await;
    std::fs::create_dir(folder.join(".git")).unwrap();
    std::fs::write(folder.join(".git/config"), "x").unwrap();
    std::fs::write(folder.join("README.md"), "ours").unwrap();
    std::fs::write(folder.join("files").with_extension("md"), "ours").unwrap();
    run(&aims, [withdraw("SYS-1")]).await;
    let exported = aims.export(&folder, Moment::Now).await.unwrap();
    assert_eq!(exported.removed, 1);
    assert!(folder.join(".git/config").exists() && folder.join("README.md").exists());
    let foreign = home.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("letter.txt"), "dear").unwrap();
    let error = aims.export(&foreign, Moment::Now).await.unwrap_err();
    assert!(error.is_refusal());
    assert!(
        error
            .to_string()
            .ends_with("holds other files and no surety.yaml; give an empty or new folder")
    );
    assert_eq!(std::fs::read_dir(&foreign).unwrap().count(), 1);
}

#[tokio::test]
async fn only_an_owner_applies() {
    let home = Home::sqlite();
    let (_engine, aims, folder) = exported(&home).await;
    for role in Role::ALL {
        for dry_run in [true, false] {
            let options = ApplyOptions { dry_run, prune: false };
            let done = aims.apply(&person("PER-1", role), &folder, options).await;
            assert_eq!(done.is_ok(), role == Role::Owner, "{role:?}");
        }
    }
}

#[tokio::test]
async fn what_was_approved_stays_in_force_elsewhere_too() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let policy = |body: &str| {
        json!({
            "kind": "topic_policy", "title": "Data", "version": "1", "body": body, "owner": "PER-1",
            "commitments": ["requirements"], "effective_from": "2026-01-01", "next_review": "2027-01-01",
        })
    };
    run(
        &aims,
        [
            state(Kind::Person, json!({ "position": "Head" })),
            state(Kind::Policy, policy("Text in force")),
        ],
    )
    .await;
    run(&aims, [step("POL-1", "submit")]).await;
    let approve = surety_engine::Batch::of([step("POL-1", "approve")]);
    aims.execute(&person("PER-1", Role::Owner), approve).await.unwrap();
    run(&aims, [restate("POL-1", 1, policy("Text to come"))]).await;
    let folder = export(&home, &aims, "out").await;
    let other = Home::sqlite();
    let (_other, there) = other.open().await;
    applied(&there, &folder).await;
    let view = there.view(Moment::Now).await.unwrap();
    let record = view.book().get("POL-1".parse().unwrap()).unwrap();
    assert_eq!(
        (record.state, record.body.to_json()["body"].as_str()),
        ("draft", Some("Text to come"))
    );
    assert_eq!(record.effective().unwrap().to_json()["body"], "Text in force");
    assert_eq!(&*record.in_force.as_ref().unwrap().since.by, "PER-1");
    assert!(files(&folder) == files(&export(&other, &there, "again").await));
}

/// Texts of a system's file that can't be, and what is said about each.
fn bad_files() -> Vec<(String, &'static str)> {
    let body = "id: SYS-1\nstate: proposed\nbody:\n  name: Scoring\n";
    let bomb: String = (1..=30).fold("  a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
        let before = level - 1;
        format!("{text}  a{level}: &a{level} [*a{before}, *a{before}, *a{before}, *a{before}, *a{before}]\n")
    });
    vec![
        (format!("{body}colour: red\n"), "unknown field `colour`"),
        (body.replace("name", "colour"), "unknown field `colour`"),
        (
            body.replace("proposed", "sleeping"),
            "`sleeping` is no state of an AI system; its states: proposed",
        ),
        (body.replace("SYS-1", "RSK-1"), "RSK-1 is not an AI system"),
        (body.replace("SYS-1", "SYS-0"), "line 1"),
        (body.replace("id: SYS-1\n", ""), "missing field `id`"),
        (format!("{body}  name: Twice\n"), "line"),
        (format!("{body}state: proposed\n"), "duplicate field `state`"),
        (format!("{body}---\n{body}"), "more than one document"),
        (format!("{body}  purpose: [unclosed\n"), "line"),
        (format!("{body}\tpurpose: tab\n"), "line"),
        (format!("{body}  purpose: !include other.yaml\n"), "body.purpose: invalid type: enum"),
        (
            format!("{body}  details: {}1{}\n", "[".repeat(400), "]".repeat(400)),
            "recursion limit exceeded",
        ),
        (format!("{body}custom:\n{bomb}"), "repetition limit exceeded"),
        (
            format!("{body}custom:\n  x: &x [{}]\n  y: [{}]\n", "1, ".repeat(50), "*x, ".repeat(3)),
            "custom",
        ),
        (format!("{body}  purpose: {}\n", "x".repeat(9 << 20)), "bytes, and 8388608 are the limit"),
        (String::new(), "missing field `id`"),
        ("[]".to_owned(), "invalid type: sequence"),
        (format!("{body}  owner: PER-77\n"), "owner: there is no PER-77"),
    ]
}

#[tokio::test]
async fn a_bad_file_is_refused_with_its_name_and_what_is_wrong() {
    let home = Home::sqlite();
    let (_engine, aims, folder) = exported(&home).await;
    for (text, wanted) in bad_files() {
        std::fs::write(folder.join("ai_system/SYS-1.yaml"), &text).unwrap();
        let start = std::time::Instant::now();
        let options = ApplyOptions::default();
        let before = size(&aims).await;
        let apply = aims.apply(&operator(), &folder, options).await.unwrap();
        assert_eq!(size(&aims).await, before, "{text}");
        let shown: String = text.chars().take(200).collect();
        let [problem] = &*apply.problems else { panic!("{shown}: {:?}", apply.problems) };
        assert!(problem.starts_with("ai_system/SYS-1.yaml: "), "{problem}");
        assert!(problem.contains(wanted), "{shown}: {problem}");
        assert!(problem.len() < 2_000, "{} bytes", problem.len());
        assert!(
            start.elapsed() < std::time::Duration::from_secs(20),
            "{shown} took {:?}",
            start.elapsed()
        );
    }
    std::fs::write(folder.join("ai_system/SYS-1.yaml"), b"id: SYS-1\nstate: \xff\n").unwrap();
    assert!(problem(&aims, &folder).await.starts_with("ai_system/SYS-1.yaml: "));
}

#[tokio::test]
async fn every_problem_is_named_at_once() {
    let home = Home::sqlite();
    let (_engine, aims, folder) = exported(&home).await;
    std::fs::write(folder.join("ai_system/SYS-1.yaml"), "id: SYS-1\nstate: asleep\nbody: {}\n")
        .unwrap();
    std::fs::write(folder.join("person/PER-1.yaml"), "{").unwrap();
    std::fs::write(folder.join("surety.yaml"), "format: other\nversion: 1\norganisation: x\n")
        .unwrap();
    let copy = folder.join("system_group/copy.yaml");
    std::fs::copy(folder.join("system_group/GRP-1.yaml"), copy).unwrap();
    let apply = aims.apply(&operator(), &folder, ApplyOptions::default()).await.unwrap();
    let named = |file: &str| apply.problems.iter().any(|problem| problem.starts_with(file));
    for file in
        ["ai_system/SYS-1.yaml", "person/PER-1.yaml", "surety.yaml", "system_group/copy.yaml"]
    {
        assert!(named(file), "{file}: {:?}", apply.problems);
    }
}

#[tokio::test]
async fn a_folder_that_is_none_is_refused() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    for folder in [home.path().join("nowhere"), home.path().join("keys")] {
        let error = aims.apply(&operator(), &folder, ApplyOptions::default()).await.unwrap_err();
        assert!(
            error.to_string().contains("is this a folder that `surety export` wrote?"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn names_of_files_lead_nowhere_else() {
    let home = Home::sqlite();
    let (_engine, aims, folder) = exported(&home).await;
    std::fs::write(home.path().join("secret"), "secret").unwrap();
    std::fs::create_dir_all(folder.join("files")).unwrap();
    for sha256 in ["../../secret", "/etc/passwd", &Hash::of(b"x").to_string().to_uppercase()] {
        let text = format!(
            "id: EVD-1\nstate: collected\nbody:\n  title: x\n  kind: file\n  file:\n    sha256: \"{sha256}\"\n    name: x\n    media_type: text/plain\n    bytes: 6\n"
        );
        std::fs::create_dir_all(folder.join("evidence_item")).unwrap();
        std::fs::write(folder.join("evidence_item/EVD-1.yaml"), text).unwrap();
        let problem = problem(&aims, &folder).await;
        assert!(problem.starts_with("evidence_item/EVD-1.yaml: file"), "{problem}");
    }
}
