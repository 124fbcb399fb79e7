//! What was erased is gone from everywhere, and everything still verifies.

use std::{io::Read, path::Path};

use serde_json::json;
use surety_aims::{ERASED, Kind};
use surety_engine::{Aims, Moment, fold};

use crate::given::{Home, group, holds, operator, restate, run, step};

const SECRET: &str = "Kari-Nordmann-1974";

/// Every file in the folder whose bytes hold the secret.
fn files_with(folder: &Path, secret: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, secret));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            if bytes.windows(secret.len()).any(|window| window == secret.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

/// The text of all files in a zip.
fn unzipped(path: &Path) -> String {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    for index in 0..zip.len() {
        let mut bytes = Vec::new();
        zip.by_index(index).unwrap().read_to_end(&mut bytes).unwrap();
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    text
}

/// A system whose first version names somebody, and its next version; gives the entry of the first.
async fn somebody(aims: &Aims) -> u64 {
    let done = run(aims, [surety_aims::Command::State {
        kind: Kind::AiSystem,
        id: None,
        body: json!({ "name": "Scoring", "purpose": format!("Rates {SECRET}"), "kind": "predictive" }),
        custom: serde_json::Map::new(),
        external: Vec::new(),
        base: None,
    }])
    .await;
    done.entries.0
}

#[tokio::test]
async fn what_is_erased_is_gone_from_every_place() {
    let home = Home::sqlite();
    let (engine, aims) = home.open().await;
    let seq = somebody(&aims).await;
    let (_second, node) = home.open().await;
    aims.keep_snapshot().await.unwrap();
    let old = aims.checkpoint().await.unwrap();
    let proof = aims.prove(seq).await.unwrap();
    assert!(!files_with(home.path(), SECRET).is_empty());

    home.pass(10);
    aims.redact(&operator(), seq, "erasure asked for", &["/body/purpose".to_owned()])
        .await
        .unwrap();
    run(&aims, [group("Later")]).await;

    for aims in [&aims, &node] {
        let position = aims.current().await.unwrap();
        let record = position.book.get("SYS-1".parse().unwrap()).unwrap();
        assert_eq!(record.body.to_json()["purpose"], ERASED);
        assert_eq!(record.title(), "Scoring", "the rest stays");
        assert!(!format!("{:?}", position.book).contains(SECRET), "gone from memory");
        aims.keep_snapshot().await.unwrap();
        aims.settle().await.unwrap();
        holds(aims).await;
        aims.verify(std::slice::from_ref(&old), &mut |_| {}).await.unwrap();
        let before = aims.view(Moment::Size(seq + 1)).await.unwrap();
        assert_eq!(
            before.book().get("SYS-1".parse().unwrap()).unwrap().body.to_json()["purpose"],
            ERASED
        );
        assert!(aims.rebuild().await.unwrap());
    }
    let entries = aims.entries(0, u32::MAX).await.unwrap();
    assert!(entries[usize::try_from(seq).unwrap()].is_redacted());
    let keys = aims.keys().await.unwrap();
    let checkpoint =
        surety_ledger::Checkpoint::open_note(&proof.checkpoint, &keys).unwrap().checkpoint;
    let leaf = entries[usize::try_from(seq).unwrap()].leaf();
    surety_ledger::merkle::verify_inclusion(
        seq,
        checkpoint.size,
        &leaf,
        &proof.hashes,
        &checkpoint.root,
    )
    .unwrap();

    let (folder, pack) = (home.path().join("export"), home.path().join("pack.zip"));
    aims.export(&folder, Moment::Now).await.unwrap();
    aims.pack(Moment::Now, &pack, &mut |_, _| {}).await.unwrap();
    let text = unzipped(&pack);
    assert!(text.contains(ERASED) && !text.contains(SECRET));
    let history = aims.history_of("SYS-1".parse().unwrap()).await.unwrap();
    assert!(!format!("{history:?}").contains(SECRET));
    assert!(!format!("{:?}", aims.history_of_kind(Kind::AiSystem).await.unwrap()).contains(SECRET));
    drop((aims, node));
    engine.close().await.unwrap();
    assert_eq!(files_with(home.path(), SECRET), Vec::<String>::new());
}

#[tokio::test]
async fn what_was_erased_does_not_come_back_on_postgresql_either() {
    let home = Home::postgres().await;
    let (_engine, aims) = home.open().await;
    let (_second, node) = home.open().await;
    let seq = somebody(&aims).await;
    node.current().await.unwrap();
    aims.keep_snapshot().await.unwrap();
    aims.redact(&operator(), seq, "erasure asked for", &[]).await.unwrap();
    node.keep_snapshot().await.unwrap();
    run(&node, [group("Later")]).await;
    node.keep_snapshot().await.unwrap();
    let (_third, third) = home.open().await;
    for aims in [aims, node, third] {
        assert!(!format!("{:?}", aims.current().await.unwrap().book).contains(SECRET));
        holds(&aims).await;
    }
}

#[tokio::test]
async fn an_older_version_can_be_erased_and_the_newer_stays() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let seq = somebody(&aims).await;
    run(
        &aims,
        [restate("SYS-1", 1, json!({ "name": "Scoring", "purpose": "Rates applications" }))],
    )
    .await;
    run(&aims, [step("SYS-1", "reject")]).await;
    aims.redact(&operator(), seq, "erasure asked for", &["/body/purpose".to_owned()])
        .await
        .unwrap();
    let view = aims.view(Moment::Now).await.unwrap();
    let record = view.book().get("SYS-1".parse().unwrap()).unwrap();
    assert_eq!(record.body.to_json()["purpose"], "Rates applications");
    let view = aims.view(Moment::Size(seq + 1)).await.unwrap();
    let record = view.book().get("SYS-1".parse().unwrap()).unwrap();
    assert_eq!(record.body.to_json()["purpose"], ERASED);
    holds(&aims).await;
    assert!(
        !format!("{:?}", fold(&aims.entries(0, u32::MAX).await.unwrap()).unwrap().book)
            .contains(SECRET)
    );
}

#[tokio::test]
async fn what_cannot_be_erased_is_refused_with_the_reason() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let seq = somebody(&aims).await;
    let refused = async |seq, reason: &str, fields: &[&str]| {
        let fields: Vec<_> = fields.iter().map(|field| (*field).to_owned()).collect();
        let error = aims.redact(&operator(), seq, reason, &fields).await.unwrap_err();
        assert!(error.is_refusal());
        error.to_string()
    };
    assert_eq!(refused(999, "asked", &[]).await, "there is no entry 999 on the ledger");
    assert_eq!(refused(seq, " ", &[]).await, "redact needs a note that says why");
    assert_eq!(
        refused(seq, "asked", &["/body/nothing"]).await,
        format!(
            "entry {seq}: field `/body/nothing` is not in the entry; name it as a JSON pointer such as /body/description"
        )
    );
    let error = refused(seq, "asked", &["/body/kind"]).await;
    assert!(error.contains("holds no free text"), "{error}");
    let done = aims.redact(&operator(), seq, "asked", &[]).await.unwrap();
    let error = refused(seq, "asked", &[]).await;
    assert_eq!(error, format!("entry {seq}: the entry is already redacted"));
    let error = refused(done.entries.0, "asked", &[]).await;
    assert_eq!(error, format!("entry {}: entry is itself a redaction", done.entries.0));
}
