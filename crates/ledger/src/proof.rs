//! C2SP proofs (c2sp.org/tlog-proof@v1): one text that proves, offline, that an entry is on a ledger.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint, parse_decimal};
use crate::hash::Hash;
use crate::key::KeyRing;
use crate::merkle::{ProofError, verify_inclusion};
use crate::note::{MAX_NOTE_LEN, Note, NoteError};

/// Hashes that an inclusion proof may have: one for each level of the largest tree.
pub const MAX_PROOF_HASHES: usize = 64;

const HEADING: &str = "c2sp.org/tlog-proof@v1";
const EXTRA: &str = "extra ";
const INDEX: &str = "index ";

/// An inclusion proof together with the checkpoint that it leads to. Usually kept in a file whose
/// name ends with `.tlog-proof`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProof {
    /// Opaque data that nothing authenticates.
    pub extra: Option<Vec<u8>>,
    /// Index of the entry, from 0.
    pub index: u64,
    /// From the leaf's sibling up to the root's child.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

impl LogProof {
    /// Checks the checkpoint's signatures and that the tree it states has `leaf` at the index.
    ///
    /// # Errors
    /// [`LogProofError::Checkpoint`] if the checkpoint is not to be believed,
    /// [`LogProofError::Inclusion`] if the hashes do not lead from the leaf to its root.
    pub fn verify<'k>(
        &self,
        leaf: &Hash,
        keys: &'k KeyRing,
    ) -> Result<SignedCheckpoint<'k>, LogProofError> {
        let signed =
            Checkpoint::open_note(&self.checkpoint, keys).map_err(LogProofError::Checkpoint)?;
        let Checkpoint { size, root, .. } = &signed.checkpoint;
        verify_inclusion(self.index, *size, leaf, &self.hashes, root)?;
        Ok(signed)
    }
}

impl fmt::Display for LogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADING}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "{EXTRA}{}", STANDARD.encode(extra))?;
        }
        writeln!(f, "{INDEX}{}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{}", hash.to_base64()))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Reads the text, and believes nothing.
impl FromStr for LogProof {
    type Err = LogProofError;

    fn from_str(text: &str) -> Result<Self, LogProofError> {
        // Twice a note is room for extra data as large as one.
        if text.len() > 2 * MAX_NOTE_LEN {
            return Err(LogProofError::TooLong(text.len()));
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or(LogProofError::NoCheckpoint)?;
        let mut lines = (1..).zip(head.split('\n')).peekable();
        if lines.next_if(|(_, line)| *line == HEADING).is_none() {
            return Err(LogProofError::Line { number: 1, expected: HEADING });
        }
        let extra = match lines.next_if(|(_, line)| line.starts_with(EXTRA)) {
            None => None,
            Some((number, line)) => {
                let decoded = STANDARD.decode(line.get(EXTRA.len()..).unwrap_or_default());
                let expected = "extra data in base64";
                Some(decoded.map_err(|_| LogProofError::Line { number, expected })?)
            }
        };
        let index = (lines.next())
            .and_then(|(_, line)| line.strip_prefix(INDEX))
            .and_then(parse_decimal)
            .ok_or(LogProofError::Index)?;
        let hashes = parse_hashes(lines)?;
        let checkpoint = Note::parse(checkpoint).map_err(LogProofError::Note)?;
        Ok(Self { extra, index, hashes, checkpoint })
    }
}

fn parse_hashes<'a>(
    lines: impl Iterator<Item = (usize, &'a str)>,
) -> Result<Vec<Hash>, LogProofError> {
    let mut hashes = Vec::new();
    for (number, line) in lines {
        if hashes.len() == MAX_PROOF_HASHES {
            return Err(LogProofError::TooManyHashes);
        }
        let expected = "the base64 of a hash";
        let hash = Hash::from_base64(line);
        hashes.push(hash.map_err(|_| LogProofError::Line { number, expected })?);
    }
    Ok(hashes)
}

/// Why a text is not a proof, or does not prove.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogProofError {
    /// More bytes than twice [`MAX_NOTE_LEN`].
    #[error("a proof of {0} bytes is too long")]
    TooLong(usize),
    /// A line is not what stands there in a proof.
    #[error("line {number} of the proof: expected {expected}")]
    Line {
        /// Its number, from 1.
        number: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// No index line.
    #[error("proof has no line as \"index 5\" after its heading")]
    Index,
    /// More hashes than [`MAX_PROOF_HASHES`].
    #[error("proof has more than {MAX_PROOF_HASHES} hashes")]
    TooManyHashes,
    /// Nothing follows the hashes.
    #[error("proof has no checkpoint after an empty line")]
    NoCheckpoint,
    /// What follows is not a note.
    #[error("checkpoint of the proof: {0}")]
    Note(NoteError),
    /// The checkpoint is not to be believed.
    #[error("checkpoint of the proof: {0}")]
    Checkpoint(CheckpointError),
    /// The hashes do not lead from the leaf to the root.
    #[error(transparent)]
    Inclusion(#[from] ProofError),
}
