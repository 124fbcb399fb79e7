//! Verification against plain SHA-256 over the same bytes: the promise is at least 40 % of its rate.

#![expect(clippy::unwrap_used, reason = "a measurement that can't go on fails")]

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use jiff::{SignedDuration, Timestamp};
use surety_ledger::{
    Checkpoint, Entry, Fields, Frontier, Hash, KeyRing, Salt, SigningKey, Verifier, verify,
};

const ORGANISATION: &str = "0192f0c1-5a6b-7c8d-9e0f-112233445566";
const ORIGIN: &str = "surety.example/acme";
const ENTRIES: u32 = 20_000;

fn main() {
    divan::main();
}

/// Entries as an organisation makes them: a header of about 300 bytes, a payload of 1 kB.
fn entries() -> Vec<Entry> {
    let start: Timestamp = "2026-11-21T11:37:05Z".parse().unwrap();
    let seal = |seq: u32| {
        let key = format!("0192f0c1-5a6b-7c8d-9e0f-{seq:012x}");
        let fields = Fields {
            organisation: ORGANISATION,
            seq: seq.into(),
            instant: start + SignedDuration::from_micros(seq.into()),
            actor: "0192f0c1-5a6b-7c8d-9e0f-aabbccddeeff",
            kind: "stated",
            schema: 1,
            idempotency_key: Some(&key),
        };
        let payload = format!(r#"{{"body":"{}","seq":{seq}}}"#, "x".repeat(1000));
        let salt = Salt::new(*Hash::of(&seq.to_be_bytes()).as_bytes());
        Entry::seal(fields, salt, payload.into_bytes()).unwrap()
    };
    (0..ENTRIES).map(seal).collect()
}

fn bytes_of(entry: &Entry) -> usize {
    entry.header.len() + entry.payload.as_ref().map_or(0, Vec::len)
}

fn counted<'a, 'b>(bencher: Bencher<'a, 'b>, entries: &[Entry]) -> Bencher<'a, 'b> {
    let bytes: usize = entries.iter().map(bytes_of).sum();
    bencher.counter(BytesCount::new(bytes)).counter(ItemsCount::new(entries.len()))
}

/// One SHA-256 over all headers and payloads: as fast as hashing these bytes can be.
#[divan::bench]
fn baseline_sha_256_of_the_same_bytes(bencher: Bencher<'_, '_>) {
    let entries = entries();
    let bytes: Vec<u8> = (entries.iter())
        .flat_map(|entry| [entry.header.as_slice(), entry.payload.as_deref().unwrap_or_default()])
        .flatten()
        .copied()
        .collect();
    counted(bencher, &entries).bench_local(|| Hash::of(black_box(&bytes)));
}

/// Everything that [`verify`] checks, against the checkpoint of the head.
#[divan::bench]
fn verify_ledger(bencher: Bencher<'_, '_>) {
    let Ledger { entries, checkpoints, keys } = ledger();
    counted(bencher, &entries)
        .bench_local(|| verify(black_box(&entries), ORGANISATION, &checkpoints, &keys).unwrap());
}

/// The same on one thread, for a machine whose other processors are busy.
#[divan::bench]
fn verify_ledger_on_one_thread(bencher: Bencher<'_, '_>) {
    let Ledger { entries, checkpoints, keys } = ledger();
    counted(bencher, &entries).bench_local(|| {
        let mut verifier = Verifier::new(ORGANISATION, &checkpoints, &keys).unwrap();
        black_box(&entries).iter().for_each(|entry| verifier.push(entry).unwrap());
        verifier.finish().unwrap()
    });
}

struct Ledger {
    entries: Vec<Entry>,
    checkpoints: [String; 1],
    keys: KeyRing,
}

fn ledger() -> Ledger {
    let entries = entries();
    let key = SigningKey::new(ORIGIN, [1; 32]).unwrap();
    let mut keys = KeyRing::new();
    keys.insert(key.verifier().clone()).unwrap();
    let mut frontier = Frontier::new();
    entries.iter().for_each(|entry| frontier.append(entry.leaf()));
    let checkpoints = [Checkpoint::of(ORIGIN, &frontier).sign(&key).unwrap()];
    Ledger { entries, checkpoints, keys }
}
