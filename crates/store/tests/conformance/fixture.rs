//! Entries of a fictional organisation, the same on every run.

use jiff::{SignedDuration, Timestamp};
use surety_ledger::{Entry, Fields, Salt};
use surety_store::{NewEntry, Organisation};

pub(crate) const ACME: &str = "acme";

pub(crate) fn acme() -> Organisation {
    Organisation {
        id: ACME.to_owned(),
        name: "Acme Robotics".to_owned(),
        origin: "acme.example/ledger".to_owned(),
        created_at: at(0),
    }
}

/// So many seconds after the start.
pub(crate) fn at(seconds: u64) -> Timestamp {
    let start: Timestamp = "2026-11-21T09:00:00Z".parse().unwrap();
    start + SignedDuration::from_secs(i64::try_from(seconds).unwrap())
}

/// Entry number `seq`, one second after the one before, about nothing.
pub(crate) fn entry(seq: u64) -> NewEntry {
    made(seq, at(seq), None, format!(r#"{{"name":"entry {seq}"}}"#).into_bytes())
}

pub(crate) fn entries(numbers: std::ops::Range<u64>) -> Vec<NewEntry> {
    numbers.map(entry).collect()
}

pub(crate) fn with_key(seq: u64, key: &str) -> NewEntry {
    made(seq, at(seq), Some(key), b"{}".to_vec())
}

pub(crate) fn about(seq: u64, subject: &str) -> NewEntry {
    NewEntry { subject: Some(subject.to_owned()), ..entry(seq) }
}

pub(crate) fn redacting(seq: u64, redacted: u64) -> NewEntry {
    NewEntry { redacts: Some(redacted), ..entry(seq) }
}

pub(crate) fn made(seq: u64, instant: Timestamp, key: Option<&str>, payload: Vec<u8>) -> NewEntry {
    let fields = Fields {
        organisation: ACME,
        seq,
        instant,
        actor: "ACC-1",
        kind: "stated",
        schema: 1,
        idempotency_key: key,
    };
    Entry::seal(fields, Salt::new([seq.to_le_bytes()[0]; 32]), payload).unwrap().into()
}

/// The entries as the store gives them back.
pub(crate) fn plain(entries: &[NewEntry]) -> Vec<Entry> {
    entries.iter().map(|new| new.entry.clone()).collect()
}

/// Numbers that look random and are the same for the same seed (`SplitMix64`).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
