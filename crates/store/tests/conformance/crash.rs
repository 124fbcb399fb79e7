//! A process that appends is killed, again and again. What it acknowledged is there; a batch is whole
//! or absent.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use surety_ledger::Entry;
use surety_store::{LedgerStore, NewEntry};

use crate::backend::Backend;
use crate::fixture::{ACME, Random, at, made};

/// Names the store to the child; without it that test has nothing to do.
const STORE: &str = "SURETY_CRASH_TEST_STORE";

const ROUNDS: u64 = 50;

/// Not a test by itself: what the test below starts and kills.
#[tokio::test]
async fn the_child_that_appends() {
    let Some(location) = std::env::var_os(STORE) else { return };
    let store = surety_store::open(location.to_str().unwrap()).await.unwrap();
    let mut size = store.size(ACME).await.unwrap();
    let mut random = Random(size);
    // The test harness has begun a line.
    println!();
    loop {
        let count = 1 + random.below(20);
        store.append(ACME, size, &batch(size, count)).await.unwrap();
        size += count;
        println!("ack {}", size - 1);
        std::io::stdout().flush().unwrap();
    }
}

/// `count` entries, each of which says where its batch starts and how many it has.
fn batch(first: u64, count: u64) -> Vec<NewEntry> {
    let payload = format!("{first} {count}").into_bytes();
    let key = format!("batch-{first}");
    let key = |seq| (seq == first).then_some(key.as_str());
    (first..first + count).map(|seq| made(seq, at(seq), key(seq), payload.clone())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_the_death_of_the_process() {
    let backend = Backend::sqlite().await;
    backend.store.close().await;
    let mut random = Random(7);
    let (mut size, mut appended) = (0, 0);
    for round in 0..ROUNDS {
        let acknowledged = append_and_die(&backend.location, &mut random);
        let store = surety_store::open(&backend.location).await.unwrap();
        let now = check(store.as_ref(), size).await;
        let least = acknowledged.map_or(size, |seq| seq + 1);
        assert!(now >= least, "round {round}: {now} entries are left of {least}");
        appended += u64::from(now > size);
        size = now;
        store.close().await;
    }
    assert!(appended > ROUNDS / 2, "the child was killed too early to append anything");
    let store = surety_store::open(&backend.location).await.unwrap();
    assert_eq!(check(store.as_ref(), 0).await, size);
}

/// Starts the child, reads some of its acknowledgements, kills it a moment later, and gives the number
/// of the last entry that it acknowledged.
fn append_and_die(location: &str, random: &mut Random) -> Option<u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::the_child_that_appends", "--nocapture", "--test-threads=1"])
        .env(STORE, location)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut acknowledged = output
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("ack ").and_then(|seq| seq.parse::<u64>().ok()));
    let some = usize::try_from(random.below(12)).unwrap();
    let last = acknowledged.by_ref().take(some).last();
    spin(Duration::from_micros(random.below(4000)));
    kill(&mut child);
    // What it wrote into the pipe before it died was acknowledged too.
    acknowledged.last().or(last)
}

/// Waits without sleeping: a sleep would end at the same few points of the append.
fn spin(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

fn kill(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Checks every entry from `from`, which must start a batch, and that each batch is whole; gives the
/// size.
async fn check(store: &dyn LedgerStore, from: u64) -> u64 {
    let size = store.size(ACME).await.unwrap();
    let entries = store.entries(ACME, from, u32::MAX).await.unwrap();
    assert_eq!(u64::try_from(entries.len()).unwrap(), size - from);
    let mut rest = entries.as_slice();
    let mut seq = from;
    while let Some(first) = rest.first() {
        let (start, count) = said(first);
        assert_eq!(start, seq, "a batch lost its beginning");
        let (batch, later) = rest
            .split_at_checked(usize::try_from(count).unwrap())
            .unwrap_or_else(|| panic!("the batch at {seq} lost its end"));
        for entry in batch {
            entry.check(seq, ACME).unwrap();
            assert_eq!(said(entry), (start, count));
            seq += 1;
        }
        rest = later;
    }
    size
}

/// Where the batch of this entry starts and how many it has.
fn said(entry: &Entry) -> (u64, u64) {
    let payload = String::from_utf8(entry.payload.clone().unwrap()).unwrap();
    let (first, count) = payload.split_once(' ').unwrap();
    (first.parse().unwrap(), count.parse().unwrap())
}
