//! Checkpoints (c2sp.org/tlog-checkpoint@v1.0.0) and their cosignatures.

use proptest::prelude::*;
use serde::Deserialize;
use surety_ledger::merkle::{empty_root, leaf_hash};
use surety_ledger::{Checkpoint, CheckpointError, Frontier, KeyRing, NoteError};

use crate::key::{ring_of, signing_key};
use crate::vectors::{Log, read};

const ORIGIN: &str = "surety.example/acme";

fn checkpoint() -> Checkpoint {
    let (origin, root) = (ORIGIN.to_owned(), leaf_hash(b"x"));
    Checkpoint { origin, size: 1, root, extensions: vec![] }
}

#[test]
fn published_bodies_are_read_as_labelled() {
    #[derive(Deserialize)]
    struct File {
        bodies: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        name: String,
        text: String,
        valid: bool,
    }
    let file: File = read(include_str!("../data/checkpoint-bodies.json"));
    assert_eq!(file.bodies.len(), 10);
    for Case { name, text, valid } in file.bodies {
        match text.parse::<Checkpoint>() {
            Ok(read) => assert!(valid && read.to_string() == text, "{name}"),
            Err(error) => assert!(!valid, "{name}: {error}"),
        }
    }
}

#[test]
fn checkpoints_of_another_program_open_with_their_witnesses() {
    let log = Log::read();
    let all = KeyRing::parse(&log.vkeys.join("\n")).unwrap();
    for case in &log.checkpoints {
        let opened = Checkpoint::open(&case.note, &all).unwrap();
        assert_eq!(opened.checkpoint.size, case.size);
        let times: Vec<bool> =
            opened.signatures.iter().map(|signed| signed.cosigned_at.is_some()).collect();
        assert_eq!(times, [false, true, true], "the log, then two witnesses");
    }
    let seven = &log.checkpoints.iter().find(|case| case.size == 7).unwrap().note;
    let opened = Checkpoint::open(seven, &all).unwrap();
    assert_eq!(opened.signatures[1].cosigned_at, Some(0x68e7_78f0));
}

#[test]
fn the_word_of_a_witness_alone_is_not_that_of_the_log() {
    let log = Log::read();
    let note = &log.checkpoints.last().unwrap().note;
    let witnesses = KeyRing::parse(&log.vkeys[1..].join("\n")).unwrap();
    let origin = "surety.example/log1".to_owned();
    assert_eq!(Checkpoint::open(note, &witnesses), Err(CheckpointError::Signer { origin }));
}

#[test]
fn a_changed_cosignature_condemns_the_checkpoint() {
    let log = Log::read();
    let all = KeyRing::parse(&log.vkeys.join("\n")).unwrap();
    let (first, second) = (&log.checkpoints[3].note, &log.checkpoints[4].note);
    let witness = |note: &str| note.lines().nth(5).unwrap().to_owned();
    let forged = first.replace(&witness(first), &witness(second));
    let error = Checkpoint::open(&forged, &all).unwrap_err();
    assert!(matches!(error, CheckpointError::Note(NoteError::WrongSignature { .. })), "{error}");
}

#[test]
fn a_signed_checkpoint_opens_with_the_key_that_signed_it() {
    let key = signing_key(ORIGIN, 1);
    let note = checkpoint().sign(&key).unwrap();
    let keys = ring_of(&[&key]);
    let opened = Checkpoint::open(&note, &keys).unwrap();
    assert_eq!(opened.checkpoint, checkpoint());
    let stranger = ring_of(&[&signing_key(ORIGIN, 2)]);
    let unknown = CheckpointError::Note(NoteError::UnknownKeys);
    assert_eq!(Checkpoint::open(&note, &stranger), Err(unknown));
}

#[test]
fn only_the_key_named_like_the_origin_signs() {
    let other = signing_key("other.example", 1);
    let refused = Err(CheckpointError::Signer { origin: ORIGIN.to_owned() });
    assert_eq!(checkpoint().sign(&other), refused);
}

#[test]
fn a_checkpoint_that_could_be_read_differently_is_not_signed() {
    let key = signing_key(ORIGIN, 1);
    for extension in ["", "two\nlines"] {
        let odd = Checkpoint { extensions: vec![extension.to_owned()], ..checkpoint() };
        assert_eq!(odd.sign(&key), Err(CheckpointError::Lines), "{extension:?}");
    }
    let extended = Checkpoint { extensions: vec!["more".to_owned()], ..checkpoint() };
    let note = extended.sign(&key).unwrap();
    assert_eq!(Checkpoint::open(&note, &ring_of(&[&key])).unwrap().checkpoint, extended);
}

#[test]
fn the_empty_tree_has_one_root_only() {
    let key = signing_key(ORIGIN, 1);
    let empty = Checkpoint::of(ORIGIN, &Frontier::new());
    assert_eq!((empty.size, empty.root), (0, empty_root()));
    assert!(Checkpoint::open(&empty.sign(&key).unwrap(), &ring_of(&[&key])).is_ok());
    let wrong = Checkpoint { size: 0, ..checkpoint() }.sign(&key).unwrap();
    let keys = ring_of(&[&key]);
    assert_eq!(Checkpoint::open(&wrong, &keys), Err(CheckpointError::EmptyRoot));
}

proptest! {
    #[test]
    fn arbitrary_texts_do_not_panic_and_what_is_read_is_written_the_same(
        text in "[a-z]{0,3}\n[0-9+-]{0,22}\n[A-Za-z0-9+/=]{40,44}\n([a-z]{0,2}\n){0,2}",
        noise in any::<String>(),
    ) {
        for text in [text, noise] {
            if let Ok(read) = text.parse::<Checkpoint>() {
                prop_assert_eq!(read.to_string(), text.clone());
            }
            prop_assert!(Checkpoint::open(&text, &KeyRing::new()).is_err());
        }
    }
}
