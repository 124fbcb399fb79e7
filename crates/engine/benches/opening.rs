//! Opening a ledger of 1,000,000 entries from a snapshot: the promise is under 1 s and at most 1.5 GiB resident, from the
//! start of the engine to the first Statement of Applicability.
//!
//! The ledger is made in this process, then opened in fresh ones, so that their peak of memory is their own. With
//! `--folder FOLDER` it is made there, and kept for the next run.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that can't go on fails"
)]
#![expect(clippy::print_stdout, reason = "prints what it measured")]

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use surety_aims::{Happened, SCHEMA};
use surety_engine::{Config, Engine, Moment, views::STANDARD};
use surety_ledger::{Entry, Fields, Salt};
use surety_store::{NewEntry, Organisation};
use tokio::runtime::Runtime;

#[path = "../../aims/benches/big/mod.rs"]
mod big;

/// What a ledger of 1,000,000 entries may leave behind: about 390,000 records.
const SIZE: big::Size = big::Size {
    evidence: 200_000,
    risks: 45_000,
    assessments: 10_000,
    actions: 50_000,
    resources: 25_000,
};
const ENTRIES: u64 = 1_000_000;
const ACME: &str = "acme";
/// Entries that are written at once.
const PAGE: usize = 10_000;

fn main() {
    let argument = |name: &str| {
        std::env::args().skip_while(|argument| argument != name).nth(1).map(PathBuf::from)
    };
    if let Some(folder) = argument("--open") {
        return Runtime::new().unwrap().block_on(measure(&folder));
    }
    let (kept, temporary) = (argument("--folder"), tempfile::tempdir().unwrap());
    let folder = kept.as_deref().unwrap_or(temporary.path());
    if !folder.join("surety.db").exists() {
        Runtime::new().unwrap().block_on(make(folder));
    }
    for _ in 0..4 {
        let this = std::env::current_exe().unwrap();
        assert!(Command::new(this).arg("--open").arg(folder).status().unwrap().success());
    }
}

/// Opens the ledger as any command does.
async fn measure(folder: &Path) {
    let start = Instant::now();
    let engine = Engine::open(Config::folder(folder)).await.unwrap();
    let aims = engine.organisation(None).await.unwrap();
    let opened = start.elapsed();
    let view = aims.view(Moment::Now).await.unwrap();
    let cells = view.soa(STANDARD, None).unwrap().cells.len();
    println!(
        "open: {opened:.2?}, to the first statement: {:.2?} ({} records, {cells} cells), {}",
        start.elapsed(),
        view.book().len(),
        peak()
    );
    // The process ends here; taking the Book apart is no part of opening it.
    std::mem::forget((engine, aims, view));
}

async fn make(folder: &Path) {
    let start = Instant::now();
    let store = surety_store::open(folder.to_str().unwrap()).await.unwrap();
    let organisation = Organisation {
        id: ACME.to_owned(),
        name: "Acme".to_owned(),
        origin: "surety.example/acme".to_owned(),
        created_at: jiff::Timestamp::UNIX_EPOCH,
    };
    store.create_organisation(&organisation).await.unwrap();
    let (sender, mut receiver) = tokio::sync::mpsc::channel(2);
    let writer = tokio::task::spawn_blocking(move || {
        let mut page = Vec::with_capacity(PAGE);
        big::write(SIZE, ENTRIES, |happened| {
            page.push(sealed(&happened));
            if page.len() == PAGE {
                sender.blocking_send(std::mem::take(&mut page)).unwrap();
            }
        });
        sender.blocking_send(page).unwrap();
    });
    let mut size = 0;
    while let Some(page) = receiver.recv().await {
        store.append(ACME, size, &page).await.unwrap();
        size += u64::try_from(page.len()).unwrap();
    }
    writer.await.unwrap();
    store.close().await;
    println!("{size} entries written in {:.1?}", start.elapsed());
    let start = Instant::now();
    let engine = Engine::open(Config::folder(folder)).await.unwrap();
    let aims = engine.organisation(None).await.unwrap();
    println!("folded from the first entry in {:.1?}", start.elapsed());
    let start = Instant::now();
    aims.keep_snapshot().await.unwrap();
    println!("snapshot kept in {:.1?}", start.elapsed());
    drop(aims);
    engine.close().await.unwrap();
}

fn sealed(happened: &Happened) -> NewEntry {
    let fields = Fields {
        organisation: ACME,
        seq: happened.seq,
        instant: happened.at,
        actor: &happened.by,
        kind: happened.event.kind(),
        schema: SCHEMA,
        idempotency_key: None,
    };
    let mut salt = [7; 32];
    let (number, _) = salt.split_at_mut(8);
    number.copy_from_slice(&happened.seq.to_be_bytes());
    let payload = serde_json::to_vec(&happened.event.to_json()).unwrap();
    let entry = Entry::seal(fields, Salt::new(salt), payload).unwrap();
    let subject = happened.event.subject().map(|id| id.to_string());
    NewEntry { entry, subject, redacts: None }
}

/// The most memory that this process held, as Linux tells it.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or_else(
        || "no peak known".to_owned(),
        |line| line.split_whitespace().collect::<Vec<_>>().join(" "),
    )
}
