//! A node is killed, again and again, while it commits, signs and keeps snapshots. What it acknowledged is there, each
//! batch is whole or absent, and everything verifies.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use surety_aims::Event;
use surety_engine::{Aims, Config, Engine};

use crate::given::{group, holds, run};

/// Names the data folder to the child; without it that test has nothing to do.
const FOLDER: &str = "SURETY_ENGINE_CRASH_TEST";

const ROUNDS: u64 = 50;

/// Not a test by itself: what the test below starts and kills.
#[tokio::test(flavor = "multi_thread")]
async fn the_child_that_commits() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let engine = Engine::open(Config::folder(folder)).await.unwrap();
    let aims = engine.organisation(None).await.unwrap();
    // The test harness has begun a line.
    println!();
    let writers: Vec<_> = (0..3).map(|writer| tokio::spawn(commit(aims.clone(), writer))).collect();
    loop {
        aims.keep_snapshot().await.unwrap();
        aims.checkpoint().await.unwrap();
        assert!(writers.iter().all(|writer| !writer.is_finished()));
    }
}

/// Batches of some groups, whose names say which batch it is and how many it has.
async fn commit(aims: Arc<Aims>, writer: u64) {
    let mut random = Random(writer + aims.current().await.unwrap().book.size());
    // No two batches have one name, also not of two children.
    let (child, mut batch) = (std::process::id(), 0_u64);
    loop {
        let count = 1 + random.below(6);
        batch += 1;
        let name = format!("{child} {writer} {batch} {count}");
        let done = run(&aims, (0..count).map(|_| group(&name))).await;
        let line = format!("ack {}\n", done.entries.1);
        std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_node_acknowledged_is_there_and_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(Config::folder(folder.path())).await.unwrap();
    engine.init("Havnbank").await.unwrap();
    let mut size = engine.organisation(None).await.unwrap().current().await.unwrap().book.size();
    engine.close().await.unwrap();
    let (mut random, mut grown) = (Random(11), 0);
    for round in 0..ROUNDS {
        let acknowledged = commit_and_die(folder.path(), &mut random).unwrap_or(size);
        let engine = Engine::open(Config::folder(folder.path())).await.unwrap();
        let aims = engine.organisation(None).await.unwrap();
        let now = aims.current().await.unwrap().book.size();
        assert!(now >= acknowledged, "round {round}: {now} entries are left of {acknowledged}");
        grown += u64::from(now > size);
        size = now;
        holds(&aims).await;
        whole(&aims).await;
        if round % 10 == 9 {
            assert!(aims.rebuild().await.unwrap(), "round {round}");
        }
        drop(aims);
        engine.close().await.unwrap();
    }
    assert!(grown > ROUNDS / 2, "the child was killed too early to commit anything");
}

/// Each batch stands together and has all that it says it has.
async fn whole(aims: &Aims) {
    let entries = aims.entries(0, u32::MAX).await.unwrap();
    let groups = entries.iter().filter_map(|entry| {
        let event = Event::parse(1, entry.payload.as_deref().unwrap()).unwrap();
        let Event::Stated(stated) = event else { return None };
        let title = stated.body.title().to_owned();
        (stated.id.kind == surety_aims::Kind::SystemGroup).then_some(title)
    });
    let groups: Vec<_> = groups.collect();
    for batch in groups.chunk_by(|one, next| one == next) {
        let (_, count) = batch[0].rsplit_once(' ').unwrap();
        assert_eq!(batch.len().to_string(), count, "half of a batch");
    }
}

/// Starts the child, reads some of its acknowledgements, kills it a moment later, and gives the greatest size that it
/// acknowledged.
fn commit_and_die(folder: &Path, random: &mut Random) -> Option<u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::the_child_that_commits", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut acknowledged = output
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("ack ").and_then(|size| size.parse::<u64>().ok()));
    let some = usize::try_from(random.below(40)).unwrap();
    let first = acknowledged.by_ref().take(some).max();
    spin(Duration::from_micros(random.below(4000)));
    child.kill().unwrap();
    child.wait().unwrap();
    // What it wrote into the pipe before it died was acknowledged too.
    acknowledged.max().max(first)
}

/// Waits without sleeping: a sleep would end at the same few points of the commit.
fn spin(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

/// Numbers that are the same in each run (`SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
