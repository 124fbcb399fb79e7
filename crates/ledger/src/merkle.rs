//! The Merkle tree of RFC 6962 section 2.1 and its proofs.
//!
//! Knows hashes only, not what is hashed. Proofs are verified as in RFC 9162 sections 2.1.3.2 and
//! 2.1.4.2, which give the algorithms for the same tree: a hash too many or too few is refused.

use serde::{Deserialize, Serialize};

use crate::hash::{HASH_LEN, Hash};

/// The hash of a leaf: SHA-256(0x00 || data).
pub fn leaf_hash(data: &[u8]) -> Hash {
    Hash::of_parts(&[&[0], data])
}

/// The hash of an inner node: SHA-256(0x01 || left || right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 1 + 2 * HASH_LEN];
    let children = left.as_bytes().iter().chain(right.as_bytes());
    for (to, from) in bytes.iter_mut().skip(1).zip(children) {
        *to = *from;
    }
    Hash::of(&bytes)
}

/// The root of the tree with no leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Hash::of(&[])
}

/// The root of the tree over these leaf hashes.
pub fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.append(*leaf);
    }
    frontier.root()
}

/// The right edge of a growing tree: the roots of the perfect subtrees that make it up, largest
/// first. Enough to append and to know the root, in at most 64 hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FrontierFields")]
pub struct Frontier {
    size: u64,
    hashes: Vec<Hash>,
}

impl Frontier {
    /// The frontier of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves in the tree.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf, in at most as many steps as the size has binary digits.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        // Each trailing one of the old size is a perfect subtree as large as the one just made.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.hashes.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.hashes.push(hash);
        self.size += 1;
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let mut rightmost_first = self.hashes.iter().rev();
        match rightmost_first.next() {
            None => empty_root(),
            Some(last) => rightmost_first.fold(*last, |right, left| node_hash(left, &right)),
        }
    }
}

/// [`Frontier`] as it is read, before its invariant is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontierFields {
    size: u64,
    hashes: Vec<Hash>,
}

impl TryFrom<FrontierFields> for Frontier {
    type Error = ProofError;

    fn try_from(fields: FrontierFields) -> Result<Self, ProofError> {
        let FrontierFields { size, hashes } = fields;
        if u32::try_from(hashes.len()) != Ok(size.count_ones()) {
            return Err(ProofError::Frontier { size, hashes: hashes.len() });
        }
        Ok(Self { size, hashes })
    }
}

/// A tree with all its perfect subtrees kept, about two hashes for each leaf, so that any proof
/// takes logarithmic time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// `levels[l][i]` is the root over the leaves from `i << l` to `(i + 1) << l`.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// The tree with no leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves in the tree.
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| count(leaves.len()))
    }

    /// Appends one leaf.
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            let Some(nodes) = self.levels.get_mut(level) else {
                self.levels.push(vec![hash]);
                return;
            };
            let left = nodes.last().copied().filter(|_| nodes.len() % 2 == 1);
            nodes.push(hash);
            match left {
                Some(left) => hash = node_hash(&left, &hash),
                None => return,
            }
        }
    }

    /// The root over the first `size` leaves.
    ///
    /// # Errors
    /// [`ProofError::Size`] if the tree is smaller.
    pub fn root_at(&self, size: u64) -> Result<Hash, ProofError> {
        self.check_size(size)?;
        Ok(if size == 0 { empty_root() } else { self.subtree(0, size) })
    }

    /// The inclusion proof of leaf `index` in the tree of the first `size` leaves, from the leaf's
    /// sibling up (RFC 6962 section 2.1.1).
    ///
    /// # Errors
    /// [`ProofError`] if the tree is smaller than `size`, or `size` is not above `index`.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Hash>, ProofError> {
        self.check_size(size)?;
        if index >= size {
            return Err(ProofError::Index { index, size });
        }
        let mut proof = Vec::new();
        let (mut start, mut end) = (0, size);
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                proof.push(self.subtree(middle, end));
                end = middle;
            } else {
                proof.push(self.subtree(start, middle));
                start = middle;
            }
        }
        proof.reverse();
        Ok(proof)
    }

    /// The proof that the tree of the first `new` leaves begins with the `old` leaves of an earlier
    /// one (RFC 6962 section 2.1.2). Empty if the sizes are equal.
    ///
    /// # Errors
    /// [`ProofError`] if the tree is smaller than `new`, or `old` is zero or above `new`.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<Vec<Hash>, ProofError> {
        self.check_size(new)?;
        check_old_size(old, new)?;
        let mut proof = Vec::new();
        let (mut start, mut end) = (0, new);
        while end != old {
            let middle = start + split(end - start);
            if old <= middle {
                proof.push(self.subtree(middle, end));
                end = middle;
            } else {
                proof.push(self.subtree(start, middle));
                start = middle;
            }
        }
        // The old tree itself, if it is a subtree of the new one: the verifier knows its root.
        if start != 0 {
            proof.push(self.subtree(start, end));
        }
        proof.reverse();
        Ok(proof)
    }

    fn check_size(&self, size: u64) -> Result<(), ProofError> {
        let have = self.size();
        if size > have { Err(ProofError::Size { size, have }) } else { Ok(()) }
    }

    /// The root over the leaves from `start` to `end`, which are in the tree, not empty, and such
    /// that splitting the tree as section 2.1 does comes to them.
    fn subtree(&self, start: u64, end: u64) -> Hash {
        let length = end - start;
        if length.is_power_of_two() {
            let level = length.trailing_zeros();
            let node = (usize::try_from(level).ok())
                .and_then(|level| self.levels.get(level))
                .zip(usize::try_from(start >> level).ok())
                .and_then(|(nodes, index)| nodes.get(index));
            return *node.expect("a perfect subtree within the tree's size is kept");
        }
        let middle = start + split(length);
        node_hash(&self.subtree(start, middle), &self.subtree(middle, end))
    }
}

impl FromIterator<Hash> for Tree {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        for leaf in leaves {
            tree.append(leaf);
        }
        tree
    }
}

/// Checks that the tree of `size` leaves with this `root` has `leaf` as its leaf hash number `index`.
///
/// # Errors
/// [`ProofError`] saying what does not fit.
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    let Some(mut last) = size.checked_sub(1).filter(|last| index <= *last) else {
        return Err(ProofError::Index { index, size });
    };
    let mut node = index;
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length { hashes: proof.len() });
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            climb_to_right_child(&mut node, &mut last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length { hashes: proof.len() });
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root { size }) }
}

/// Checks that the tree of `new` leaves with `new_root` begins with the `old` leaves of the tree
/// with `old_root`. Says nothing, and is refused, for an `old` of zero: every tree begins with none.
///
/// # Errors
/// [`ProofError`] saying what does not fit.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    check_old_size(old, new)?;
    let length = ProofError::Length { hashes: proof.len() };
    if old == new {
        return match (proof, old_root == new_root) {
            ([], true) => Ok(()),
            ([], false) => Err(ProofError::Root { size: new }),
            _ => Err(length),
        };
    }
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        (node, last) = (node >> 1, last >> 1);
    }
    // An old tree that is perfect is a subtree of the new one, and its root is left out of the proof.
    let (seed, rest) = match proof.split_first() {
        Some(_) if old.is_power_of_two() => (old_root, proof),
        Some(first_and_rest) => first_and_rest,
        None => return Err(length),
    };
    let (mut old_hash, mut new_hash) = (*seed, *seed);
    for hash in rest {
        if last == 0 {
            return Err(length);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(hash, &old_hash);
            new_hash = node_hash(hash, &new_hash);
            climb_to_right_child(&mut node, &mut last);
        } else {
            new_hash = node_hash(&new_hash, hash);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(length);
    }
    if old_hash != *old_root {
        return Err(ProofError::Root { size: old });
    }
    if new_hash != *new_root { Err(ProofError::Root { size: new }) } else { Ok(()) }
}

/// Why a proof can't be made, or does not prove what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf is not in the tree.
    #[error("no leaf {index} in a tree of {size} leaves")]
    Index {
        /// Index of the leaf.
        index: u64,
        /// Leaves in the tree.
        size: u64,
    },
    /// The tree has fewer leaves than asked for.
    #[error("no tree of {size} leaves in a tree of {have}")]
    Size {
        /// Leaves asked for.
        size: u64,
        /// Leaves there are.
        have: u64,
    },
    /// Nothing to prove, or the old tree is the larger one.
    #[error("no consistency to prove from {old} leaves to {new}")]
    OldSize {
        /// Leaves of the old tree.
        old: u64,
        /// Leaves of the new tree.
        new: u64,
    },
    /// Too many or too few hashes.
    #[error("a proof of {hashes} hashes does not fit the sizes of the trees")]
    Length {
        /// Hashes in the proof.
        hashes: usize,
    },
    /// The hashes lead to another root.
    #[error("proof does not lead to the root of the tree of {size} leaves")]
    Root {
        /// Leaves of the tree whose root is missed.
        size: u64,
    },
    /// A stored frontier has not the hashes that its size needs.
    #[error("a frontier of {size} leaves can't have {hashes} hashes")]
    Frontier {
        /// Leaves that it says it has.
        size: u64,
        /// Hashes that it has.
        hashes: usize,
    },
}

fn check_old_size(old: u64, new: u64) -> Result<(), ProofError> {
    if old == 0 || old > new { Err(ProofError::OldSize { old, new }) } else { Ok(()) }
}

/// Skips the levels at which a last node without sibling is its own parent.
fn climb_to_right_child(node: &mut u64, last: &mut u64) {
    while *node & 1 == 0 && *node != 0 {
        (*node, *last) = (*node >> 1, *last >> 1);
    }
}

/// The largest power of two below `size`, which is at least 2.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

fn count(length: usize) -> u64 {
    u64::try_from(length).expect("no machine has more than 2^64 bytes of memory")
}
