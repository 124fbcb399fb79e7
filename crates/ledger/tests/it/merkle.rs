//! The tree and its proofs (RFC 6962 section 2.1).

use proptest::prelude::*;
use serde::Deserialize;
use surety_ledger::merkle::{leaf_hash, node_hash, root, verify_consistency, verify_inclusion};
use surety_ledger::{Frontier, Hash, ProofError, Tree};

use crate::vectors::{Log, read};

#[derive(Deserialize)]
struct Proofs {
    inclusion: Vec<Inclusion>,
    consistency: Vec<Consistency>,
}

#[derive(Deserialize)]
struct Inclusion {
    index: u64,
    size: u64,
    root: String,
    leaf: String,
    proof: Vec<String>,
    accept: bool,
    why: String,
}

#[derive(Deserialize)]
struct Consistency {
    old: u64,
    new: u64,
    old_root: String,
    new_root: String,
    proof: Vec<String>,
    accept: bool,
    why: String,
}

fn hashes(texts: &[String]) -> Option<Vec<Hash>> {
    texts.iter().map(|text| Hash::from_base64(text).ok()).collect()
}

impl Inclusion {
    fn accepted(&self) -> Option<()> {
        let (root, leaf) =
            (Hash::from_base64(&self.root).ok()?, Hash::from_base64(&self.leaf).ok()?);
        verify_inclusion(self.index, self.size, &leaf, &hashes(&self.proof)?, &root).ok()
    }
}

impl Consistency {
    fn accepted(&self) -> Option<()> {
        let old = Hash::from_base64(&self.old_root).ok()?;
        let new = Hash::from_base64(&self.new_root).ok()?;
        verify_consistency(self.old, self.new, &old, &new, &hashes(&self.proof)?).ok()
    }
}

#[test]
fn published_proofs_are_accepted_and_refused_as_labelled() {
    let cases: Proofs = read(include_str!("../data/merkle-proofs.json"));
    assert_eq!((cases.inclusion.len(), cases.consistency.len()), (77, 73));
    for case in cases.inclusion {
        assert_eq!(case.accepted().is_some(), case.accept, "{}", case.why);
    }
    for case in cases.consistency {
        assert_eq!(case.accepted().is_some(), case.accept, "{}", case.why);
    }
}

#[test]
fn the_reference_tree_has_its_published_roots_and_proofs() {
    #[derive(Deserialize)]
    struct Reference {
        leaves: Vec<String>,
        roots: Vec<Hash>,
        inclusion: Vec<InclusionOf>,
        consistency: Vec<ConsistencyOf>,
    }
    #[derive(Deserialize)]
    struct InclusionOf {
        index: u64,
        size: u64,
        proof: Vec<Hash>,
    }
    #[derive(Deserialize)]
    struct ConsistencyOf {
        old: u64,
        new: u64,
        proof: Vec<Hash>,
    }
    let reference: Reference = read(include_str!("../data/reference-tree.json"));
    let leaves: Vec<Hash> = reference.leaves.iter().map(|hex| leaf_hash(&bytes(hex))).collect();
    let tree: Tree = leaves.iter().copied().collect();
    for (size, expected) in (0_u8..).zip(&reference.roots) {
        assert_eq!(root(&leaves[..size.into()]), *expected);
        assert_eq!(tree.root_at(size.into()).unwrap(), *expected);
    }
    for InclusionOf { index, size, proof } in reference.inclusion {
        assert_eq!(tree.inclusion_proof(index, size).unwrap(), proof, "{index} of {size}");
    }
    for ConsistencyOf { old, new, proof } in reference.consistency {
        assert_eq!(tree.consistency_proof(old, new).unwrap(), proof, "{old} to {new}");
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn a_log_written_by_another_program_has_the_roots_that_it_signed() {
    let log = Log::read();
    let tree: Tree = (0..300).map(|index| leaf_hash(log.entry(index).as_bytes())).collect();
    for checkpoint in log.checkpoints {
        let root = tree.root_at(checkpoint.size).unwrap().to_base64();
        assert_eq!(checkpoint.note.lines().nth(2), Some(root.as_str()), "{}", checkpoint.size);
    }
}

#[test]
fn what_the_tree_does_not_have_is_refused() {
    let tree: Tree = leaves(5).into_iter().collect();
    assert_eq!(tree.root_at(6), Err(ProofError::Size { size: 6, have: 5 }));
    assert_eq!(tree.inclusion_proof(0, 6), Err(ProofError::Size { size: 6, have: 5 }));
    assert_eq!(tree.inclusion_proof(3, 3), Err(ProofError::Index { index: 3, size: 3 }));
    assert_eq!(tree.inclusion_proof(0, 0), Err(ProofError::Index { index: 0, size: 0 }));
    assert_eq!(tree.consistency_proof(0, 5), Err(ProofError::OldSize { old: 0, new: 5 }));
    assert_eq!(tree.consistency_proof(4, 3), Err(ProofError::OldSize { old: 4, new: 3 }));
    assert_eq!(tree.consistency_proof(4, 6), Err(ProofError::Size { size: 6, have: 5 }));
    assert_eq!(tree.consistency_proof(5, 5), Ok(vec![]));
}

#[test]
fn a_stored_frontier_must_have_the_hashes_that_its_size_needs() {
    let mut frontier = Frontier::new();
    leaves(6).into_iter().for_each(|leaf| frontier.append(leaf));
    let stored = serde_json::to_string(&frontier).unwrap();
    assert_eq!(serde_json::from_str::<Frontier>(&stored).unwrap(), frontier);
    let wrong = stored.replace(r#""size":6"#, r#""size":7"#);
    let refused = serde_json::from_str::<Frontier>(&wrong).unwrap_err().to_string();
    assert!(refused.starts_with("a frontier of 7 leaves can't have 2 hashes"), "{refused}");
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// The definition of RFC 6962 section 2.1, word by word.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of(b""),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&defined_root(left), &defined_root(right))
        }
    }
}

proptest! {
    #[test]
    fn every_way_to_a_root_leads_to_the_one_that_is_defined(count in 0_u64..300) {
        let leaves = leaves(count);
        let expected = defined_root(&leaves);
        let tree: Tree = leaves.iter().copied().collect();
        prop_assert_eq!(tree.size(), count);
        prop_assert_eq!(root(&leaves), expected);
        prop_assert_eq!(tree.root_at(count), Ok(expected));
    }

    #[test]
    fn every_proof_made_is_accepted_and_no_other_place_is_proved(
        (size, index, other) in (1_u64..300).prop_flat_map(|n| (Just(n), 0..n, 0..n)),
    ) {
        let leaves = leaves(300);
        let tree: Tree = leaves.iter().copied().collect();
        let (root, leaf) = (tree.root_at(size).unwrap(), leaf_hash(&index.to_be_bytes()));
        let proof = tree.inclusion_proof(index, size).unwrap();
        prop_assert_eq!(verify_inclusion(index, size, &leaf, &proof, &root), Ok(()));
        let elsewhere = verify_inclusion(other, size, &leaf, &proof, &root);
        prop_assert_eq!(elsewhere.is_ok(), other == index);
    }

    #[test]
    fn every_earlier_tree_is_proved_and_a_changed_one_is_not(
        (new, old) in (1_u64..300).prop_flat_map(|n| (Just(n), 1..=n)),
        changed in any::<prop::sample::Index>(),
    ) {
        let mut leaves = leaves(300);
        let tree: Tree = leaves.iter().copied().collect();
        let (old_root, new_root) = (tree.root_at(old).unwrap(), tree.root_at(new).unwrap());
        let proof = tree.consistency_proof(old, new).unwrap();
        prop_assert_eq!(verify_consistency(old, new, &old_root, &new_root, &proof), Ok(()));
        leaves[changed.index(usize::try_from(old).unwrap())] = leaf_hash(b"forged");
        let forged: Tree = leaves.into_iter().collect();
        let forged_root = forged.root_at(new).unwrap();
        let forged_proof = forged.consistency_proof(old, new).unwrap();
        for proof in [proof, forged_proof] {
            prop_assert!(verify_consistency(old, new, &old_root, &forged_root, &proof).is_err());
        }
    }

    #[test]
    fn arbitrary_proofs_neither_panic_nor_prove(
        (a, b) in any::<(u64, u64)>(),
        proof in prop::collection::vec(any::<[u8; 32]>().prop_map(Hash::new), 0..70),
    ) {
        let (leaf, root) = (leaf_hash(b"leaf"), leaf_hash(b"root"));
        prop_assert!(verify_inclusion(a, b, &leaf, &proof, &root).is_err());
        prop_assert!(verify_consistency(a, b, &leaf, &root, &proof).is_err());
    }
}
