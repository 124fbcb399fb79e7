//! Offline proofs (c2sp.org/tlog-proof@v1).

use proptest::prelude::*;
use surety_ledger::merkle::leaf_hash;
use surety_ledger::proof::MAX_PROOF_HASHES;
use surety_ledger::{Checkpoint, KeyRing, LogProof, LogProofError, Note, ProofError, Tree};

use crate::key::{ring_of, signing_key};
use crate::vectors::Log;

const ORIGIN: &str = "surety.example/acme";

#[test]
fn proofs_of_another_program_verify_and_only_for_their_entry() {
    let log = Log::read();
    let keys = KeyRing::parse(&log.vkeys.join("\n")).unwrap();
    assert_eq!(log.proofs.len(), 8);
    for case in &log.proofs {
        let proof: LogProof = case.proof.parse().unwrap();
        assert_eq!((proof.index, proof.to_string()), (case.index, case.proof.clone()));
        let entry = log.entry(usize::try_from(case.index).unwrap());
        let signed = proof.verify(&leaf_hash(entry.as_bytes()), &keys).unwrap();
        let size = signed.checkpoint.size;
        let other = proof.verify(&leaf_hash(b"another entry"), &keys);
        assert_eq!(other, Err(LogProofError::Inclusion(ProofError::Root { size })));
    }
}

fn proof_of(index: u64, size: u64) -> (LogProof, KeyRing) {
    let key = signing_key(ORIGIN, 1);
    let tree: Tree = (0..size).map(|number| leaf_hash(&number.to_be_bytes())).collect();
    let root = tree.root_at(size).unwrap();
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size, root, extensions: vec![] };
    let proof = LogProof {
        extra: None,
        index,
        hashes: tree.inclusion_proof(index, size).unwrap(),
        checkpoint: Note::parse(&checkpoint.sign(&key).unwrap()).unwrap(),
    };
    (proof, ring_of(&[&key]))
}

#[test]
fn a_proof_signed_by_strangers_proves_nothing() {
    let (proof, _) = proof_of(3, 9);
    let strangers = ring_of(&[&signing_key(ORIGIN, 2)]);
    let refused = proof.verify(&leaf_hash(&3_u64.to_be_bytes()), &strangers);
    assert!(matches!(refused, Err(LogProofError::Checkpoint(_))), "{refused:?}");
}

#[test]
fn a_text_that_is_no_proof_is_refused_with_its_line() {
    let (proof, _) = proof_of(3, 9);
    let text = proof.to_string();
    let hash = proof.hashes[0].to_base64();
    let cases = [
        (String::new(), "proof has no checkpoint after an empty line"),
        (text.replace("@v1", "@v2"), "line 1 of the proof: expected c2sp.org/tlog-proof@v1"),
        (text.replace("index 3", "index 03"), "proof has no line as \"index 5\" after its heading"),
        (text.replace("index 3\n", ""), "proof has no line as \"index 5\" after its heading"),
        (
            text.replace("index", "extra ?\nindex"),
            "line 2 of the proof: expected extra data in base64",
        ),
        (text.replace(&hash, "AAAA"), "line 3 of the proof: expected the base64 of a hash"),
        (
            text.replace(&hash, &[hash.as_str(); MAX_PROOF_HASHES].join("\n")),
            "proof has more than 64 hashes",
        ),
        (
            text.replace("— ", "- "),
            "checkpoint of the proof: signature line 1 is not as \"— name base64\"",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse::<LogProof>().unwrap_err().to_string(), expected);
    }
}

proptest! {
    #[test]
    fn a_proof_written_is_read_and_verified(
        (size, index) in (1_u64..200).prop_flat_map(|size| (Just(size), 0..size)),
        extra in prop::option::of(prop::collection::vec(any::<u8>(), 0..40)),
    ) {
        let (mut proof, keys) = proof_of(index, size);
        proof.extra = extra;
        let read: LogProof = proof.to_string().parse().unwrap();
        prop_assert_eq!(&read, &proof);
        prop_assert!(read.verify(&leaf_hash(&index.to_be_bytes()), &keys).is_ok());
        if size > 1 {
            let other = (index + 1) % size;
            prop_assert!(read.verify(&leaf_hash(&other.to_be_bytes()), &keys).is_err());
        }
    }

    #[test]
    fn arbitrary_texts_do_not_panic_and_what_is_read_is_written_the_same(
        noise in any::<String>(),
        lines in prop::collection::vec("(index |extra )?[A-Za-z0-9+/=]{0,44}", 0..6),
    ) {
        let (proof, _) = proof_of(0, 1);
        let head = lines.join("\n");
        for text in [noise, format!("c2sp.org/tlog-proof@v1\n{head}\n\n{}", proof.checkpoint)] {
            if let Ok(read) = text.parse::<LogProof>() {
                prop_assert_eq!(read.to_string(), text);
            }
        }
    }
}
