//! C2SP signed notes (c2sp.org/signed-note@v1.0.0): a text and the lines that sign it.
//!
//! Knows how a note is written and when to believe it; not what its text says.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::key::{Algorithm, KeyError, KeyId, KeyRing, SigningKey, VerifierKey, check_name};

/// Bytes that a note may have.
pub const MAX_NOTE_LEN: usize = 1_000_000;

/// Signatures that a note may have; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 100;

/// A text with its signatures, which are not believed before [`Note::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    id: KeyId,
    signature: Vec<u8>,
}

/// A signature of a known key that was found right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified<'a> {
    /// The key.
    pub key: &'a VerifierKey,
    /// For a cosignature the time that the witness states, in seconds since 1970.
    pub cosigned_at: Option<u64>,
}

impl Note {
    /// A note without signatures. Its text ends with a line feed and has no other control character.
    ///
    /// # Errors
    /// [`NoteError::Text`], [`NoteError::Control`] or [`NoteError::TooLong`].
    pub fn new(text: String) -> Result<Self, NoteError> {
        check_characters(&text)?;
        if !text.ends_with('\n') {
            return Err(NoteError::Text);
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// Reads a note with at least one signature.
    ///
    /// # Errors
    /// [`NoteError`] saying what is not as the specification has it.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        check_characters(note)?;
        let (text, lines) = note
            .rfind("\n\n")
            .and_then(|at| note.split_at_checked(at + 1))
            .ok_or(NoteError::Text)?;
        let lines = lines.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n'));
        let mut signatures = Vec::new();
        for line in lines.ok_or(NoteError::NoSignature)?.split('\n') {
            if signatures.len() == MAX_SIGNATURES {
                return Err(NoteError::TooManySignatures);
            }
            let number = signatures.len() + 1;
            signatures.push(parse_line(line).ok_or(NoteError::SignatureLine { number })?);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// What the signatures sign, with its final line feed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, believed or not.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds the signature of `key`.
    pub fn sign(&mut self, key: &SigningKey) {
        self.signatures.push(NoteSignature {
            name: key.name().to_owned(),
            id: key.verifier().id(),
            signature: key.sign(self.text.as_bytes()),
        });
    }

    /// The signatures of keys in `keys`, all found right. Those of other keys are ignored.
    ///
    /// # Errors
    /// [`NoteError::WrongSignature`] if one of a known key is wrong, whatever the others are;
    /// [`NoteError::UnknownKeys`] if there is none of a known key.
    pub fn verify<'k>(&self, keys: &'k KeyRing) -> Result<Vec<Verified<'k>>, NoteError> {
        let mut verified = Vec::new();
        for line in &self.signatures {
            let Some(key) = keys.get(&line.name, line.id) else { continue };
            let right = line.verify(key, &self.text);
            verified.push(right.ok_or_else(|| NoteError::WrongSignature {
                name: line.name.clone(),
                id: line.id,
            })?);
        }
        if verified.is_empty() { Err(NoteError::UnknownKeys) } else { Ok(verified) }
    }
}

/// The note as it is written and read.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for NoteSignature { name, id, signature } in &self.signatures {
            let encoded = STANDARD.encode([id.as_bytes().as_slice(), signature].concat());
            writeln!(f, "— {name} {encoded}")?;
        }
        Ok(())
    }
}

impl NoteSignature {
    /// The name of the key that is said to have signed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the key that is said to have signed.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    fn verify<'k>(&self, key: &'k VerifierKey, text: &str) -> Option<Verified<'k>> {
        match key.algorithm() {
            Algorithm::Ed25519 => key
                .verifies(text.as_bytes(), &self.signature)
                .then_some(Verified { key, cosigned_at: None }),
            // tlog-cosignature: eight bytes of time, then the signature over the time and the text.
            Algorithm::CosignatureV1 => {
                let (time, signature) = self.signature.split_first_chunk::<8>()?;
                let time = u64::from_be_bytes(*time);
                let message = format!("cosignature/v1\ntime {time}\n{text}");
                key.verifies(message.as_bytes(), signature)
                    .then_some(Verified { key, cosigned_at: Some(time) })
            }
        }
    }
}

/// Why a text is not a note, or a note is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// More bytes than [`MAX_NOTE_LEN`].
    #[error("a note of {0} bytes is longer than {MAX_NOTE_LEN}")]
    TooLong(usize),
    /// A control character that is not a line feed.
    #[error("note has a control character at byte {at}")]
    Control {
        /// Its offset from 0.
        at: usize,
    },
    /// No text that ends with a line feed and an empty line.
    #[error("note has no text that ends with a line feed and is parted from its signatures")]
    Text,
    /// No signature line, or the last one does not end.
    #[error("note does not end with a whole signature line")]
    NoSignature,
    /// A line after the text is not a signature line.
    #[error("signature line {number} is not as \"— name base64\"")]
    SignatureLine {
        /// Its number, from 1.
        number: usize,
    },
    /// More signatures than [`MAX_SIGNATURES`].
    #[error("note has more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    /// The signature of a known key is wrong: text, signature or key were changed.
    #[error("signature of {name} with key {id} is wrong")]
    WrongSignature {
        /// Name of the key.
        name: String,
        /// Id of the key.
        id: KeyId,
    },
    /// No key that is trusted signed this.
    #[error("note has no signature of a known key")]
    UnknownKeys,
    /// A name on it can't be that of a key.
    #[error(transparent)]
    Key(#[from] KeyError),
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    if text.len() > MAX_NOTE_LEN {
        return Err(NoteError::TooLong(text.len()));
    }
    match text.bytes().position(|byte| byte < 0x20 && byte != b'\n') {
        Some(at) => Err(NoteError::Control { at }),
        None => Ok(()),
    }
}

fn parse_line(line: &str) -> Option<NoteSignature> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    check_name(name).ok()?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    if signature.is_empty() {
        return None;
    }
    let (id, signature) = (KeyId::new(*id), signature.to_vec());
    Some(NoteSignature { name: name.to_owned(), id, signature })
}
