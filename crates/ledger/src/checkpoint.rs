//! C2SP checkpoints (c2sp.org/tlog-checkpoint@v1.0.0): the signed statement of a tree's size and root.

use std::fmt;
use std::str::FromStr;

use crate::hash::Hash;
use crate::key::{Algorithm, KeyRing, SigningKey};
use crate::merkle::{Frontier, empty_root};
use crate::note::{Note, NoteError, Verified};

/// The head of a tree: what a log signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, which is also the name of the key that signs.
    pub origin: String,
    /// Leaves in the tree.
    pub size: u64,
    /// The tree's root hash.
    pub root: Hash,
    /// Further lines, none empty. Surety writes none; the specification advises against them.
    pub extensions: Vec<String>,
}

/// A checkpoint whose signatures were found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint<'k> {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// By whom: at least one key of the log, and the witnesses that the ring knows.
    pub signatures: Vec<Verified<'k>>,
}

impl Checkpoint {
    /// The head of the tree with this frontier, of the log called `origin`.
    pub fn of(origin: &str, frontier: &Frontier) -> Self {
        Self {
            origin: origin.to_owned(),
            size: frontier.size(),
            root: frontier.root(),
            extensions: Vec::new(),
        }
    }

    /// The signed note of this checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError::Signer`] if the key is not named like the origin, or what
    /// [`Checkpoint::open`] would refuse.
    pub fn sign(&self, key: &SigningKey) -> Result<String, CheckpointError> {
        if key.name() != self.origin {
            return Err(CheckpointError::Signer { origin: self.origin.clone() });
        }
        let mut note = Note::new(self.to_string())?;
        // An origin or extension with a line feed in it would be read as something else.
        if note.text().parse::<Self>()? != *self {
            return Err(CheckpointError::Lines);
        }
        note.sign(key);
        Ok(note.to_string())
    }

    /// Reads a signed note and believes it if an Ed25519 key of `keys` that is named like the origin
    /// signed it, and no signature of another known key is wrong. A witness's word alone is not enough.
    ///
    /// # Errors
    /// [`CheckpointError`] saying what is wrong.
    pub fn open<'k>(
        note: &str,
        keys: &'k KeyRing,
    ) -> Result<SignedCheckpoint<'k>, CheckpointError> {
        Self::open_note(&Note::parse(note)?, keys)
    }

    /// [`Checkpoint::open`] of a note that is already read.
    ///
    /// # Errors
    /// As [`Checkpoint::open`].
    pub fn open_note<'k>(
        note: &Note,
        keys: &'k KeyRing,
    ) -> Result<SignedCheckpoint<'k>, CheckpointError> {
        let checkpoint: Self = note.text().parse()?;
        let signatures = note.verify(keys)?;
        let of_log = |signed: &Verified<'_>| {
            signed.key.algorithm() == Algorithm::Ed25519 && signed.key.name() == checkpoint.origin
        };
        if !signatures.iter().any(of_log) {
            return Err(CheckpointError::Signer { origin: checkpoint.origin });
        }
        if checkpoint.size == 0 && checkpoint.root != empty_root() {
            return Err(CheckpointError::EmptyRoot);
        }
        Ok(SignedCheckpoint { checkpoint, signatures })
    }
}

/// The text that is signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64())?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Reads the text that is signed, and believes nothing.
impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if origin.is_empty() || extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Lines);
        }
        Ok(Self {
            origin: origin.to_owned(),
            size: parse_decimal(size).ok_or(CheckpointError::Size)?,
            root: Hash::from_base64(root).map_err(|_| CheckpointError::Root)?,
            extensions,
        })
    }
}

/// Why a text is not a checkpoint, or a checkpoint is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is not a note, or its signatures are not to be believed.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Not the lines that a checkpoint has.
    #[error("expected the lines origin, size and root, then extensions, none of them empty")]
    Lines,
    /// The second line is no size.
    #[error("size must be a decimal number below 2^64 without leading zeros")]
    Size,
    /// The third line is no hash.
    #[error("root must be the base64 of 32 bytes")]
    Root,
    /// The tree without leaves has one root only.
    #[error("size is 0 but root is not that of the empty tree")]
    EmptyRoot,
    /// Nobody who may speak for the log signed.
    #[error("not signed with a known Ed25519 key named like the origin {origin}")]
    Signer {
        /// The log's name.
        origin: String,
    },
}

/// A decimal number without sign or leading zeros, as checkpoints and proofs write it.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if digits && !leading_zero { text.parse().ok() } else { None }
}
