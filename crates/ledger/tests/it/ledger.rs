//! Ledgers as the tests make them, and what is promised of honest ones.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use surety_ledger::{
    Checkpoint, Entry, Fields, Frontier, Hash, KeyRing, NoteError, Report, Salt, SigningKey, Tree,
    Verifier, VerifyError, verify,
};

use crate::key::{ring_of, signing_key};

pub(crate) const ORGANISATION: &str = "acme";
pub(crate) const ORIGIN: &str = "surety.example/acme";

/// What an entry is made of.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) actor: String,
    pub(crate) kind: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) microseconds_later: u32,
    pub(crate) keyed: bool,
}

pub(crate) fn said() -> impl Strategy<Value = Said> {
    let payload = prop::collection::vec(any::<u8>(), 0..120);
    (".{1,8}", "[a-z]{1,8}", payload, any::<u32>(), any::<bool>()).prop_map(
        |(actor, kind, payload, microseconds_later, keyed)| Said {
            actor,
            kind,
            payload,
            // A third of the entries share the instant of the one before.
            microseconds_later: if microseconds_later % 3 == 0 { 0 } else { microseconds_later },
            keyed,
        },
    )
}

pub(crate) fn ledger_of(said: &[Said]) -> Vec<Entry> {
    let mut instant: Timestamp = "2026-11-21T11:37:05Z".parse().unwrap();
    let seal = |(seq, said): (u64, &Said)| {
        instant += SignedDuration::from_micros(said.microseconds_later.into());
        let key = format!("key-{seq}");
        let fields = Fields {
            organisation: ORGANISATION,
            seq,
            instant,
            actor: &said.actor,
            kind: &said.kind,
            schema: 1,
            idempotency_key: said.keyed.then_some(key.as_str()),
        };
        let salt = Salt::new(*Hash::of(&seq.to_be_bytes()).as_bytes());
        Entry::seal(fields, salt, said.payload.clone()).unwrap()
    };
    (0..).zip(said).map(seal).collect()
}

pub(crate) fn key() -> SigningKey {
    signing_key(ORIGIN, 1)
}

/// The signed checkpoint that was made when `entries` were all there were.
pub(crate) fn checkpoint(entries: &[Entry], key: &SigningKey) -> String {
    let mut frontier = Frontier::new();
    entries.iter().for_each(|entry| frontier.append(entry.leaf()));
    Checkpoint::of(ORIGIN, &frontier).sign(key).unwrap()
}

pub(crate) fn verified(entries: &[Entry], checkpoints: &[String]) -> Result<Report, VerifyError> {
    verify(entries, ORGANISATION, checkpoints, &ring_of(&[&key()]))
}

fn plain(count: usize) -> Vec<Entry> {
    let said = Said {
        actor: "u-1".into(),
        kind: "stated".into(),
        payload: b"{}".to_vec(),
        microseconds_later: 5,
        keyed: true,
    };
    ledger_of(&vec![said; count])
}

/// Entry `seq` of a ledger, with another instant and key.
fn odd(seq: u64, instant: &str, idempotency_key: Option<&str>) -> Entry {
    let fields = Fields {
        organisation: ORGANISATION,
        seq,
        instant: instant.parse().unwrap(),
        actor: "u-1",
        kind: "stated",
        schema: 1,
        idempotency_key,
    };
    Entry::seal(fields, Salt::new([1; 32]), b"{}".to_vec()).unwrap()
}

#[test]
fn a_ledger_never_written_to_verifies() {
    let report = verified(&[], &[checkpoint(&[], &key())]).unwrap();
    assert_eq!((report.size, report.root, report.checkpoints), (0, Hash::of(b""), 1));
}

#[test]
fn an_instant_that_runs_backwards_is_found() {
    let mut entries = plain(3);
    entries[2] = odd(2, "2026-11-21T11:37:05.000009Z", None);
    assert_eq!(
        verified(&entries, &[]).unwrap_err().to_string(),
        "entry 2: its instant 2026-11-21T11:37:05.000009Z is before 2026-11-21T11:37:05.00001Z, \
         that of the entry before"
    );
}

#[test]
fn an_idempotency_key_used_twice_is_found() {
    let mut entries = plain(6);
    entries[5] = odd(5, "2026-11-21T11:38:00Z", Some("key-2"));
    let error = verified(&entries, &[]).unwrap_err().to_string();
    assert_eq!(error, "entry 5: its idempotency key is that of entry 2");
}

#[test]
fn an_entry_of_another_organisation_is_found() {
    let error = verify(&plain(2), "other", &[""; 0], &KeyRing::new()).unwrap_err();
    assert_eq!(error.to_string(), "entry 0: header names the organisation \"acme\"");
}

#[test]
fn a_ledger_shorter_than_a_checkpoint_is_found() {
    let entries = plain(5);
    let checkpoints = [checkpoint(&entries[..2], &key()), checkpoint(&entries, &key())];
    assert_eq!(
        verified(&entries[..4], &checkpoints).unwrap_err().to_string(),
        "checkpoint 1 of those given is of 5 entries but the ledger has only 4; entries were cut off"
    );
}

#[test]
fn a_checkpoint_of_a_stranger_is_refused_before_any_entry_is_read() {
    let entries = plain(2);
    let stranger = checkpoint(&entries, &signing_key(ORIGIN, 66));
    let refused = Verifier::new(ORGANISATION, &[stranger], &ring_of(&[&key()])).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "checkpoint 0 of those given: note has no signature of a known key"
    );
}

#[test]
fn a_report_says_from_where_on_nothing_is_signed() {
    let entries = plain(7);
    assert_eq!(verified(&entries, &[]).unwrap().signed, 0);
    let report = verified(&entries, &[checkpoint(&entries[..4], &key())]).unwrap();
    assert_eq!((report.signed, report.size, report.checkpoints), (4, 7, 1));
}

#[test]
fn many_entries_at_once_are_verified_as_they_are_one_by_one() {
    let honest = plain(9000);
    let checkpoints = [checkpoint(&honest[..4097], &key()), checkpoint(&honest, &key())];
    let one_by_one = |entries: &[Entry]| -> Result<Report, VerifyError> {
        let mut verifier = Verifier::new(ORGANISATION, &checkpoints, &ring_of(&[&key()]))?;
        entries.iter().try_for_each(|entry| verifier.push(entry))?;
        verifier.finish()
    };
    let all = verified(&honest, &checkpoints).unwrap();
    assert_eq!(all, one_by_one(&honest).unwrap());
    assert_eq!((all.size, all.checkpoints), (9000, 2));
    for at in [0, 1023, 1024, 4095, 4096, 8999] {
        let mut tampered = honest.clone();
        tampered[at].payload = Some(b"{ }".to_vec());
        // A later fault must not be reported instead of the first.
        tampered[8999].salt = None;
        let found = verified(&tampered, &checkpoints).unwrap_err().to_string();
        assert_eq!(found, one_by_one(&tampered).unwrap_err().to_string());
        assert!(found.starts_with(&format!("entry {at}: ")), "{found}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn an_honest_ledger_verifies_against_all_its_checkpoints(
        said in prop::collection::vec(said(), 0..40),
    ) {
        let entries = ledger_of(&said);
        let checkpoints: Vec<String> =
            (0..=entries.len()).map(|size| checkpoint(&entries[..size], &key())).collect();
        let report = verified(&entries, &checkpoints).unwrap();
        let tree: Tree = entries.iter().map(Entry::leaf).collect();
        prop_assert_eq!(report.size, tree.size());
        prop_assert_eq!(report.root, tree.root_at(tree.size()).unwrap());
        prop_assert_eq!(report.checkpoints, checkpoints.len());
        prop_assert_eq!(report.signed, tree.size());
        prop_assert_eq!(report.redacted, Vec::<u64>::new());
    }

    #[test]
    fn redaction_keeps_everything_verifying(
        said in prop::collection::vec((said(), any::<bool>()), 1..40),
    ) {
        let (said, erase): (Vec<_>, Vec<bool>) = said.into_iter().unzip();
        let honest = ledger_of(&said);
        let entries: Vec<Entry> = (honest.iter().cloned().zip(&erase))
            .map(|(entry, erase)| if *erase { entry.redacted() } else { entry })
            .collect();
        let made_before = checkpoint(&honest, &key());
        let report = verified(&entries, &[made_before]).unwrap();
        let erased: Vec<u64> =
            (0..).zip(&erase).filter(|(_, erase)| **erase).map(|(seq, _)| seq).collect();
        prop_assert_eq!(report.redacted, erased);
    }

    #[test]
    fn key_rotation_keeps_old_checkpoints_verifiable(
        said in prop::collection::vec(said(), 1..30),
        rotated in any::<prop::sample::Index>(),
    ) {
        let entries = ledger_of(&said);
        let (old, new) = (signing_key(ORIGIN, 1), signing_key(ORIGIN, 2));
        let rotated = rotated.index(entries.len());
        let checkpoints = [checkpoint(&entries[..rotated], &old), checkpoint(&entries, &new)];
        let both = ring_of(&[&old, &new]);
        prop_assert!(verify(&entries, ORGANISATION, &checkpoints, &both).is_ok());
        let forgotten = verify(&entries, ORGANISATION, &checkpoints, &ring_of(&[&new]));
        let unknown = NoteError::UnknownKeys.to_string();
        prop_assert!(forgotten.unwrap_err().to_string().ends_with(&unknown));
    }
}
