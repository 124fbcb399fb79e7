//! SHA-256 hashes and salts as values: how they are made, written and read.
//!
//! Knows nothing of what is hashed.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of a SHA-256 hash and of a salt.
pub const HASH_LEN: usize = 32;

/// A SHA-256 hash (FIPS 180-4), 32 bytes. Written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; HASH_LEN]);

impl Hash {
    /// The hash that has these bytes.
    pub const fn new(bytes: [u8; HASH_LEN]) -> Self {
        Self(bytes)
    }

    /// SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self::of_digest(&digest::digest(&digest::SHA256, bytes))
    }

    /// SHA-256 of `parts` one after another, without joining them in memory.
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Hasher::new();
        for part in parts {
            hasher.update(part);
        }
        hasher.finish()
    }

    fn of_digest(digest: &digest::Digest) -> Self {
        Self(digest.as_ref().try_into().expect("SHA-256 gives 32 bytes"))
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; HASH_LEN] {
        &self.0
    }

    /// Reads 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// [`HashError::Hex`] for anything else.
    pub fn from_hex(digits: &[u8]) -> Result<Self, HashError> {
        let (pairs, rest) = digits.as_chunks::<2>();
        if pairs.len() != HASH_LEN || !rest.is_empty() {
            return Err(HashError::Hex);
        }
        let mut bytes = [0; HASH_LEN];
        // Every header has a digest: look all digits up first, and once at the end whether one was wrong.
        let mut wrong = 0;
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            let (high, low) = (hex_digit(*high), hex_digit(*low));
            wrong |= high | low;
            *byte = high << 4 | low & 0x0f;
        }
        if wrong & NOT_HEX != 0 {
            return Err(HashError::Hex);
        }
        Ok(Self(bytes))
    }

    /// The padded standard base64 form (RFC 4648 section 4), 44 characters, as in checkpoints and proofs.
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads the form that [`Hash::to_base64`] writes, and only that one.
    ///
    /// # Errors
    /// [`HashError::Base64`] if `text` is not the canonical base64 of 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, HashError> {
        decode_base64(text).map(Self)
    }
}

/// SHA-256 of bytes that come in parts, as those of a file.
#[derive(Clone)]
pub struct Hasher(digest::Context);

impl Hasher {
    /// A hasher that has seen nothing.
    pub fn new() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }

    /// Takes the next part.
    pub fn update(&mut self, part: &[u8]) {
        self.0.update(part);
    }

    /// The hash of everything taken.
    pub fn finish(self) -> Hash {
        Hash::of_digest(&self.0.finish())
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher(..)")
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        Self::from_hex(text.as_bytes())
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = HashError;

    fn try_from(bytes: &[u8]) -> Result<Self, HashError> {
        let length = bytes.len();
        bytes.try_into().map(Self).map_err(|_| HashError::Length(length))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// 32 random bytes hashed before a payload, so that the digest of an erased payload can't be guessed
/// back from likely texts. It is erased together with the payload; `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; HASH_LEN]);

impl Salt {
    /// The salt that has these bytes, which must come from a cryptographic random source.
    pub const fn new(bytes: [u8; HASH_LEN]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; HASH_LEN] {
        &self.0
    }

    /// The padded standard base64 form, 44 characters, as in evidence packs.
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads the form that [`Salt::to_base64`] writes, and only that one.
    ///
    /// # Errors
    /// [`HashError::Base64`] if `text` is not the canonical base64 of 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, HashError> {
        decode_base64(text).map(Self)
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

impl TryFrom<&[u8]> for Salt {
    type Error = HashError;

    fn try_from(bytes: &[u8]) -> Result<Self, HashError> {
        let length = bytes.len();
        bytes.try_into().map(Self).map_err(|_| HashError::Length(length))
    }
}

/// Why a text or a byte string is not a hash or a salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Not 64 lower-case hexadecimal digits.
    #[error("expected 64 lower-case hexadecimal digits")]
    Hex,
    /// Not the canonical base64 of 32 bytes.
    #[error("expected the padded standard base64 of 32 bytes")]
    Base64,
    /// Not 32 bytes but so many.
    #[error("expected 32 bytes, found {0}")]
    Length(usize),
}

/// The bit that no value of a hexadecimal digit has.
const NOT_HEX: u8 = 0x80;

/// The value of a lower-case hexadecimal digit, or [`NOT_HEX`].
fn hex_digit(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => NOT_HEX,
    }
}

fn decode_base64(text: &str) -> Result<[u8; HASH_LEN], HashError> {
    // The longest text that can be right has 44 characters; longer ones are not decoded at all.
    if text.len() != 44 {
        return Err(HashError::Base64);
    }
    let bytes = STANDARD.decode(text).map_err(|_| HashError::Base64)?;
    bytes.try_into().map_err(|_| HashError::Base64)
}
