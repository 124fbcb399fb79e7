//! Opening a ledger of 1,000,000 entries from a snapshot: the promise is under 1 s and at most 1.5 GiB resident.
//!
//! The Book is built and written in this process, then read in a fresh one, so that its peak of memory is its own.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that can't go on fails"
)]
#![expect(clippy::print_stdout, reason = "prints what it measured")]

use std::{path::Path, process::Command, time::Instant};

use surety_aims::Book;

#[path = "../big/mod.rs"]
mod big;

/// What a ledger of 1,000,000 entries may leave behind: about 390,000 records.
const SIZE: big::Size = big::Size {
    evidence: 200_000,
    risks: 45_000,
    assessments: 10_000,
    actions: 50_000,
    resources: 25_000,
};

/// Set for the process that only reads.
const READ: &str = "--read-snapshot";

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != READ).skip(1);
    match arguments.next() {
        Some(path) => read(Path::new(&path)),
        None => write_and_read(),
    }
}

fn write_and_read() {
    let mut book = Book::default();
    let start = Instant::now();
    big::write(SIZE, 1_000_000, |happened| book.apply(happened));
    println!("{} entries, {} records: made in {:?}", book.size(), book.len(), start.elapsed());
    let start = Instant::now();
    let snapshot = book.snapshot().unwrap();
    println!("snapshot: {} MiB written in {:?}", snapshot.len() / (1 << 20), start.elapsed());
    let path = std::env::temp_dir().join(format!("surety-opening-{}", std::process::id()));
    std::fs::write(&path, &snapshot).unwrap();
    drop((book, snapshot));
    for _ in 0..3 {
        let status = Command::new(std::env::current_exe().unwrap()).arg(READ).arg(&path).status();
        assert!(status.unwrap().success());
    }
    std::fs::remove_file(path).unwrap();
}

fn read(path: &Path) {
    let start = Instant::now();
    let bytes = std::fs::read(path).unwrap();
    let loaded = start.elapsed();
    let book = Book::from_snapshot(&bytes, 2).unwrap();
    println!(
        "read in {loaded:?}, open in {:?}: {} records, {}",
        start.elapsed(),
        book.len(),
        peak()
    );
    // The process ends here; taking the Book apart is no part of opening it.
    std::mem::forget((book, bytes));
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
