//! Search over 10,000 records: an answer, and the first one after a write. The promise is 5 ms for each.

#![expect(clippy::unwrap_used, reason = "a bench may fail as a test may")]

use std::{cell::Cell, path::Path, sync::Arc};

use divan::Bencher;
use serde_json::{Map, json};
use surety_aims::{Command, Kind, Principal};
use surety_engine::{Aims, Batch, Config, Engine, Moment, Query};
use tokio::runtime::Runtime;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RECORDS: u64 = 10_000;
/// Different words of all texts together, some of which are in every second record and most in few.
const VOCABULARY: u64 = 8_000;
const WORDS_OF_A_TEXT: u64 = 60;

fn main() {
    divan::main();
}

/// `s` begins words of nearly every record, `w7` is in most, `w4321` in few; the last has a wrong letter.
#[divan::bench(
    args = ["s", "ship", "ships w7", "w4321", "\"ships berth\"", "rsk-77", "colision"],
    sample_count = 200,
    sample_size = 1
)]
fn search(bencher: Bencher, query: &str) {
    let (runtime, folder) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
    let (_engine, aims) = runtime.block_on(open(folder.path()));
    let view = runtime.block_on(aims.view(Moment::Now)).unwrap();
    let query = Query::read(query).unwrap();
    let find = || runtime.block_on(aims.search(&view, &query, &[], 20)).unwrap().total;
    find();
    bencher.bench_local(find);
}

/// The first search of all, which makes the index.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn the_first_search(bencher: Bencher) {
    let (runtime, folder) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
    let (engine, _) = runtime.block_on(open(folder.path()));
    runtime.block_on(engine.close()).unwrap();
    let opened = || {
        let engine = runtime.block_on(Engine::open(Config::folder(folder.path()))).unwrap();
        let aims = runtime.block_on(engine.organisation(None)).unwrap();
        (engine, aims)
    };
    bencher.with_inputs(opened).bench_local_values(|(engine, aims)| {
        let found = runtime.block_on(find_ships(&aims));
        (engine, aims, found)
    });
}

#[divan::bench(sample_count = 400, sample_size = 1)]
fn search_after_a_write(bencher: Bencher) {
    let (runtime, folder) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
    let (_engine, aims) = runtime.block_on(open(folder.path()));
    runtime.block_on(find_ships(&aims));
    let number = Cell::new(RECORDS);
    let write = || {
        let batch = Batch::of([risk(number.replace(number.get() + 1))]);
        runtime.block_on(aims.execute(&Principal::operator(), batch)).unwrap();
    };
    bencher.with_inputs(write).bench_local_values(|()| runtime.block_on(find_ships(&aims)));
}

async fn find_ships(aims: &Aims) -> usize {
    let view = aims.view(Moment::Now).await.unwrap();
    let query = Query::read("ships").unwrap();
    aims.search(&view, &query, &[], 20).await.unwrap().total
}

async fn open(folder: &Path) -> (Engine, Arc<Aims>) {
    let engine = Engine::open(Config::folder(folder)).await.unwrap();
    let aims = engine.init("Harbour Ferries").await.unwrap();
    let risks: Vec<Command> = (0..RECORDS).map(risk).collect();
    for batch in risks.chunks(500) {
        aims.execute(&Principal::operator(), Batch::of(batch.to_vec())).await.unwrap();
    }
    (engine, aims)
}

fn risk(number: u64) -> Command {
    let mut random = number.wrapping_mul(6_364_136_223_846_793_005) ^ 0x5eed;
    let mut word = || {
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let uniform = (random >> 33) % VOCABULARY;
        // Squared twice: a few words are in most texts.
        let skewed = uniform * uniform / VOCABULARY;
        format!("w{} ", skewed * skewed / VOCABULARY)
    };
    let text: String = (0..WORDS_OF_A_TEXT).map(|_| word()).collect();
    let end = if number.is_multiple_of(10) { "ships berth in a collision" } else { "at sea" };
    let body = json!({ "title": format!("Risk {number}"), "description": text + end });
    Command::State {
        kind: Kind::Risk,
        id: None,
        body,
        custom: Map::new(),
        external: Vec::new(),
        base: None,
    }
}
