//! Random commands, on the store and on a model of ten lines.

use std::collections::BTreeMap;

use surety_ledger::Entry;
use surety_store::{NewEntry, StoreError};

use crate::backend::Backend;
use crate::fixture::{ACME, Random, at, made};
use crate::on_every_backend;

on_every_backend!(random_commands_do_what_the_model_does);

#[derive(Default)]
struct Model {
    entries: Vec<Entry>,
    keys: BTreeMap<String, u64>,
    redactions: BTreeMap<u64, u64>,
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Appended,
    Conflict,
    DuplicateKey,
    AlreadyRedacted,
}

impl Model {
    fn append(&mut self, expected: u64, batch: &[NewEntry]) -> Outcome {
        let key = |new: &NewEntry| new.entry.parsed().unwrap().idempotency_key;
        if batch.iter().filter_map(key).any(|key| self.keys.contains_key(&key)) {
            return Outcome::DuplicateKey;
        }
        if expected != self.size() {
            return Outcome::Conflict;
        }
        if batch.iter().filter_map(|new| new.redacts).any(|seq| self.redactions.contains_key(&seq))
        {
            return Outcome::AlreadyRedacted;
        }
        for new in batch {
            let seq = self.size();
            self.keys.extend(key(new).map(|key| (key, seq)));
            self.entries.push(new.entry.clone());
            if let Some(redacted) = new.redacts {
                self.redactions.insert(redacted, seq);
                let entry = &mut self.entries[usize::try_from(redacted).unwrap()];
                *entry = entry.clone().redacted();
            }
        }
        Outcome::Appended
    }

    fn size(&self) -> u64 {
        self.entries.len().try_into().unwrap()
    }
}

/// Up to five entries, now and then stale, with a used key, or redacting; the last one only, so that
/// no batch redacts the same entry twice.
fn command(random: &mut Random, size: u64) -> (u64, Vec<NewEntry>) {
    let expected = size.saturating_sub(u64::from(random.below(5) == 0));
    let count = 1 + random.below(5);
    let mut batch: Vec<_> = (expected..expected + count)
        .map(|seq| made(seq, at(seq), None, format!("payload {}", random.below(1000)).into()))
        .collect();
    let last = expected + count - 1;
    if random.below(3) == 0 {
        let key = format!("key-{}", random.below(60));
        batch[0] = made(expected, at(expected), Some(&key), b"{}".to_vec());
    }
    if random.below(3) == 0 && last > 0 {
        batch.last_mut().unwrap().redacts = Some(random.below(last));
    }
    (expected, batch)
}

async fn random_commands_do_what_the_model_does(backend: &Backend) {
    let mut random = Random(42);
    let mut model = Model::default();
    let mut outcomes = BTreeMap::<_, u32>::new();
    for _ in 0..150 {
        let (expected, batch) = command(&mut random, model.size());
        let outcome = match backend.store.append(ACME, expected, &batch).await {
            Ok(()) => Outcome::Appended,
            Err(StoreError::Conflict { .. }) => Outcome::Conflict,
            Err(StoreError::DuplicateKey { key, seq }) => {
                assert_eq!(model.keys.get(&key), Some(&seq));
                Outcome::DuplicateKey
            }
            Err(StoreError::AlreadyRedacted { .. }) => Outcome::AlreadyRedacted,
            Err(error) => panic!("{error:?}"),
        };
        assert_eq!(outcome, model.append(expected, &batch));
        *outcomes.entry(format!("{outcome:?}")).or_default() += 1;
    }
    assert_eq!(outcomes.len(), 4, "the commands should lead to every outcome: {outcomes:?}");
    assert_eq!(backend.store.entries(ACME, 0, u32::MAX).await.unwrap(), model.entries);
    let redactions = backend.store.redactions(ACME).await.unwrap();
    let redactions: BTreeMap<_, _> = redactions.iter().map(|r| (r.seq, r.redacted_by)).collect();
    assert_eq!(redactions, model.redactions);
    for (key, seq) in &model.keys {
        assert_eq!(backend.store.by_idempotency_key(ACME, key).await.unwrap(), Some(*seq));
    }
}
