//! Keys of C2SP signed notes: verifier keys, signing keys, and the ring that a verifier trusts.
//!
//! Texts in, texts out; where keys are kept is for the layers above.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::hash::Hash;

/// Bytes of an Ed25519 seed and of an Ed25519 public key.
pub const KEY_LEN: usize = 32;

/// Keys that a ring may hold: far more than a ledger rotates through, few enough to look through.
pub const MAX_KEYS: usize = 1000;

/// Characters that a key name may have.
pub const MAX_NAME_LEN: usize = 255;

const PRIVATE_KEY: &str = "PRIVATE+KEY+";

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// Ed25519 over the text of the note (signed-note, type 0x01).
    Ed25519,
    /// Ed25519 over a time and the text: a witness's cosignature/v1 (tlog-cosignature, type 0x04).
    CosignatureV1,
}

impl Algorithm {
    /// The signature type identifier byte.
    pub const fn type_byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    const fn of_type_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::CosignatureV1),
            _ => None,
        }
    }
}

/// The first four bytes of SHA-256(name || 0x0A || type || public key). Not a strong hash: it tells
/// which key of a ring to try.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// The id that has these bytes.
    pub const fn new(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// The four bytes.
    pub const fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }

    fn of(name: &str, typed_key: &[u8]) -> Self {
        let hash = Hash::of_parts(&[name.as_bytes(), b"\n", typed_key]);
        let [a, b, c, d, ..] = *hash.as_bytes();
        Self([a, b, c, d])
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A public key with its name. Its text form, the vkey, is `name+id+base64(type || public key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: KeyId,
    algorithm: Algorithm,
    public: [u8; KEY_LEN],
}

impl VerifierKey {
    /// A key named `name`, as [`check_name`] wants it.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn new(name: &str, algorithm: Algorithm, public: [u8; KEY_LEN]) -> Result<Self, KeyError> {
        check_name(name)?;
        let id = KeyId::of(name, &typed_key(algorithm, &public));
        Ok(Self { name: name.to_owned(), id, algorithm, public })
    }

    /// The name on the signature lines of this key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id on the signature lines of this key.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// How this key signs.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether `signature` is this key's Ed25519 signature (RFC 8032) of `message`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.public).verify(message, signature).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode(typed_key(self.algorithm, &self.public));
        write!(f, "{}+{}+{key}", self.name, self.id)
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, algorithm, public) = parse_key(text)?;
        let key = Self::new(name, algorithm, public)?;
        if key.id.to_string() == id { Ok(key) } else { Err(KeyError::Id) }
    }
}

/// An Ed25519 key that signs notes. The seed is not shown by `Debug`.
pub struct SigningKey {
    seed: [u8; KEY_LEN],
    pair: Ed25519KeyPair,
    verifier: VerifierKey,
}

impl SigningKey {
    /// The key named `name` with this seed (RFC 8032 section 5.1.5), which must come from a
    /// cryptographic random source. Checkpoints are signed with a key named like their origin.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn new(name: &str, seed: [u8; KEY_LEN]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| KeyError::Key)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| KeyError::Key)?;
        let verifier = VerifierKey::new(name, Algorithm::Ed25519, public)?;
        Ok(Self { seed, pair, verifier })
    }

    /// The public half.
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// The name on the signature lines of this key.
    pub fn name(&self) -> &str {
        self.verifier.name()
    }

    /// Reads a key file: one line as `PRIVATE+KEY+name+id+base64(type || seed)`, the form of Go's
    /// `sumdb/note`, beside lines that are empty or start with `#`.
    ///
    /// # Errors
    /// [`KeyError`], which never repeats the text.
    pub fn parse_file(text: &str) -> Result<Self, KeyError> {
        let mut lines = key_lines(text);
        let (Some((_, line)), None) = (lines.next(), lines.next()) else {
            return Err(KeyError::File);
        };
        let (name, id, algorithm, seed) =
            parse_key(line.strip_prefix(PRIVATE_KEY).ok_or(KeyError::File)?)?;
        if algorithm != Algorithm::Ed25519 {
            return Err(KeyError::Algorithm);
        }
        let key = Self::new(name, seed)?;
        if key.verifier.id.to_string() == id { Ok(key) } else { Err(KeyError::Id) }
    }

    /// The text of a key file. It holds the secret: write it where only the ledger can read it.
    pub fn to_file(&self) -> String {
        let key = STANDARD.encode(typed_key(Algorithm::Ed25519, &self.seed));
        let VerifierKey { name, id, .. } = &self.verifier;
        format!(
            "# Secret key that signs checkpoints. Whoever reads this file can sign as {name}.\n\
             # Public key: {}\n{PRIVATE_KEY}{name}+{id}+{key}\n",
            self.verifier
        )
    }

    /// The Ed25519 signature of `message`, 64 bytes.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

/// The public keys that a verifier trusts: those of today and those that signed in the past.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRing {
    keys: Vec<VerifierKey>,
}

impl KeyRing {
    /// A ring without keys, which trusts nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `key`; a key that is there already changes nothing.
    ///
    /// # Errors
    /// [`KeyError::Clash`] if another key has the same name and id, [`KeyError::TooMany`].
    pub fn insert(&mut self, key: VerifierKey) -> Result<(), KeyError> {
        match self.get(&key.name, key.id) {
            Some(known) if *known == key => return Ok(()),
            Some(_) => return Err(KeyError::Clash),
            None => {}
        }
        if self.keys.len() == MAX_KEYS {
            return Err(KeyError::TooMany);
        }
        self.keys.push(key);
        Ok(())
    }

    /// The key with this name and id.
    pub fn get(&self, name: &str, id: KeyId) -> Option<&VerifierKey> {
        self.keys.iter().find(|key| key.id == id && key.name == name)
    }

    /// The keys, in the order in which they were added.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &VerifierKey> {
        self.keys.iter()
    }

    /// Reads one vkey a line; empty lines and lines that start with `#` are skipped.
    ///
    /// # Errors
    /// [`KeyError::Line`] with the number of the first line that is wrong and why.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut ring = Self::new();
        for (line, text) in key_lines(text) {
            (text.parse().and_then(|key| ring.insert(key)))
                .map_err(|fault| KeyError::Line { line, fault: Box::new(fault) })?;
        }
        Ok(ring)
    }
}

/// One vkey a line, as [`KeyRing::parse`] reads.
impl fmt::Display for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.keys.iter().try_for_each(|key| writeln!(f, "{key}"))
    }
}

/// Why a text is not a key, or a key can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The name can't stand on a signature line.
    #[error("key name must have 1 to 255 bytes, without spaces, control characters or plus signs")]
    Name,
    /// The text has another shape.
    #[error("expected a key as name+id+base64, the id being 8 lower-case hexadecimal digits")]
    Format,
    /// The type byte stands for no algorithm known here.
    #[error("key is for a signature algorithm that is not supported here")]
    Algorithm,
    /// The key has not 32 bytes.
    #[error("key must have one byte of type and 32 bytes of key")]
    Key,
    /// The id is not the hash of name and key: one of them was changed.
    #[error("key id does not belong to this name and key")]
    Id,
    /// Two keys with one name and id can't be told apart.
    #[error("another key has the same name and id")]
    Clash,
    /// More keys than [`MAX_KEYS`].
    #[error("more than {MAX_KEYS} keys")]
    TooMany,
    /// A key file without exactly one secret key.
    #[error("expected one line that starts with {PRIVATE_KEY}")]
    File,
    /// A line of a list of keys is wrong.
    #[error("line {line} of the keys: {fault}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong.
        fault: Box<Self>,
    },
}

/// Checks that `name` can stand on a signature line: not empty, no white space, no control
/// character, no plus sign, at most [`MAX_NAME_LEN`] bytes.
///
/// # Errors
/// [`KeyError::Name`].
pub fn check_name(name: &str) -> Result<(), KeyError> {
    let allowed = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
    if name.is_empty() || name.len() > MAX_NAME_LEN || !name.chars().all(allowed) {
        return Err(KeyError::Name);
    }
    Ok(())
}

fn typed_key(algorithm: Algorithm, key: &[u8; KEY_LEN]) -> [u8; 1 + KEY_LEN] {
    let mut bytes = [algorithm.type_byte(); 1 + KEY_LEN];
    for (to, from) in bytes.iter_mut().skip(1).zip(key) {
        *to = *from;
    }
    bytes
}

/// Name, id and key of `name+id+base64(type || key)`. The base64 part may itself contain plus signs.
fn parse_key(text: &str) -> Result<(&str, &str, Algorithm, [u8; KEY_LEN]), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Format);
    };
    // 44 characters are 33 bytes; what is longer is no key of an algorithm known here.
    if key.len() > 10_000 {
        return Err(KeyError::Key);
    }
    let bytes = STANDARD.decode(key).map_err(|_| KeyError::Format)?;
    let (type_byte, key) = bytes.split_first().ok_or(KeyError::Key)?;
    let algorithm = Algorithm::of_type_byte(*type_byte).ok_or(KeyError::Algorithm)?;
    let key = key.try_into().map_err(|_| KeyError::Key)?;
    Ok((name, id, algorithm, key))
}

/// The lines that hold keys, numbered from 1.
fn key_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.lines())
        .map(|(number, line)| (number, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}
