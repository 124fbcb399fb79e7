//! The strict reading of a header.
//!
//! Reads exactly the bytes that [`Header::canonical`](crate::Header::canonical) writes, so no two byte
//! strings mean the same header and no header can mean two things. It borrows from its input and
//! decodes no text that is not asked for: verification reads millions of headers and keeps none.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::hash::{HASH_LEN, Hash};
use crate::header::{EntryError, check_fields, check_length, malformed, read_instant};
use crate::json::canonical_json;

/// A header as it was found, with its texts as they stand there.
#[derive(Debug)]
pub(crate) struct Scanned<'a> {
    pub(crate) organisation: Text<'a>,
    pub(crate) seq: u64,
    pub(crate) instant: Timestamp,
    pub(crate) actor: Text<'a>,
    pub(crate) kind: Text<'a>,
    pub(crate) schema: u32,
    pub(crate) idempotency_key: Option<Text<'a>>,
    pub(crate) digest: Hash,
}

/// What a JSON string says.
#[derive(Debug)]
pub(crate) enum Text<'a> {
    /// ASCII without escapes: what it says is what stands there.
    Ascii(&'a [u8]),
    /// Anything else.
    Decoded(String),
}

impl<'a> Text<'a> {
    /// The text.
    pub(crate) fn into_str(self) -> Cow<'a, str> {
        match self {
            Self::Ascii(bytes) => std::str::from_utf8(bytes).expect("ASCII is UTF-8").into(),
            Self::Decoded(text) => text.into(),
        }
    }
}

/// The text in UTF-8.
impl AsRef<[u8]> for Text<'_> {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Ascii(bytes) => bytes,
            Self::Decoded(text) => text.as_bytes(),
        }
    }
}

impl<'a> Scanned<'a> {
    /// See [`Header::parse`](crate::Header::parse).
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, EntryError> {
        check_length(bytes.len())?;
        let mut cursor = Cursor { bytes, at: 0 };
        cursor.literal(r#"{"actor":"#)?;
        let actor = cursor.string()?;
        cursor.literal(r#","digest":"#)?;
        let digest = cursor.digest()?;
        let idempotency_key = match cursor.skip(r#","idempotency_key":"#) {
            true => Some(cursor.string()?),
            false => None,
        };
        cursor.literal(r#","instant":"#)?;
        let instant = cursor.instant()?;
        cursor.literal(r#","kind":"#)?;
        let kind = cursor.string()?;
        cursor.literal(r#","organisation":"#)?;
        let organisation = cursor.string()?;
        cursor.literal(r#","schema":"#)?;
        let at = cursor.at;
        let schema = u32::try_from(cursor.integer()?)
            .map_err(|_| malformed(at, "a schema version below 2^32"))?;
        cursor.literal(r#","seq":"#)?;
        let seq = cursor.integer()?;
        cursor.literal("}")?;
        cursor.end()?;
        check_fields(&organisation, &actor, &kind, idempotency_key.as_ref(), seq)?;
        Ok(Self { organisation, seq, instant, actor, kind, schema, idempotency_key, digest })
    }
}

/// What is left of the header, and how many bytes stand before it.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn skip(&mut self, literal: &str) -> bool {
        let Some(rest) = self.bytes.strip_prefix(literal.as_bytes()) else { return false };
        self.bytes = rest;
        self.at += literal.len();
        true
    }

    fn literal(&mut self, literal: &'static str) -> Result<(), EntryError> {
        if self.skip(literal) { Ok(()) } else { Err(malformed(self.at, literal)) }
    }

    fn take(&mut self, length: usize, expected: &'static str) -> Result<&'a [u8], EntryError> {
        let split = self.bytes.split_at_checked(length);
        let (taken, rest) = split.ok_or(malformed(self.at, expected))?;
        self.bytes = rest;
        self.at += length;
        Ok(taken)
    }

    /// A JSON string in the form of RFC 8785 section 3.2.2.2.
    fn string(&mut self) -> Result<Text<'a>, EntryError> {
        const EXPECTED: &str = "a JSON string in canonical form";
        let start = self.at;
        self.literal("\"")?;
        let plain = plain_length(self.bytes).ok_or(malformed(start, EXPECTED))?;
        let ascii = self.take(plain, EXPECTED)?;
        if self.skip("\"") {
            return Ok(Text::Ascii(ascii));
        }
        let rest = escaped_length(self.bytes).ok_or(malformed(start, EXPECTED))?;
        let rest = self.take(rest, EXPECTED)?;
        self.literal("\"")?;
        let quoted = [b"\"", ascii, rest, b"\""].concat();
        let decoded: String =
            serde_json::from_slice(&quoted).map_err(|_| malformed(start, EXPECTED))?;
        // An escape that canonical JSON does not use would give a second spelling of one header.
        if canonical_json(&decoded)? != quoted {
            return Err(malformed(start, EXPECTED));
        }
        Ok(Text::Decoded(decoded))
    }

    fn digest(&mut self) -> Result<Hash, EntryError> {
        const EXPECTED: &str = "64 lower-case hexadecimal digits in quotes";
        let at = self.at;
        self.literal("\"")?;
        let digest = self.take(2 * HASH_LEN, EXPECTED)?;
        self.literal("\"")?;
        Hash::from_hex(digest).map_err(|_| malformed(at, EXPECTED))
    }

    fn instant(&mut self) -> Result<Timestamp, EntryError> {
        const EXPECTED: &str = "an instant as \"2026-11-21T11:37:05.000001Z\"";
        const LENGTH: usize = "2026-11-21T11:37:05.000001Z".len();
        let at = self.at;
        self.literal("\"")?;
        let text = self.take(LENGTH, EXPECTED)?;
        self.literal("\"")?;
        read_instant(text).ok_or(malformed(at, EXPECTED))
    }

    /// A whole number without sign or leading zeros.
    fn integer(&mut self) -> Result<u64, EntryError> {
        const EXPECTED: &str = "a whole number below 2^53 without leading zeros";
        let at = self.at;
        let length = self.bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let digits = self.take(length, EXPECTED)?;
        // Sixteen digits can't overflow, and 2^53 has no more.
        if matches!(digits, [] | [b'0', _, ..]) || length > 16 {
            return Err(malformed(at, EXPECTED));
        }
        Ok(digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
    }

    fn end(&self) -> Result<(), EntryError> {
        if self.bytes.is_empty() { Ok(()) } else { Err(malformed(self.at, "nothing more")) }
    }
}

/// Bytes before the first that ends or escapes in a JSON string, or is no ASCII.
fn plain_length(bytes: &[u8]) -> Option<usize> {
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20 | 0x80..);
    // Sixteen at a time without a branch for each, which the compiler turns into a few instructions.
    let (chunks, _) = bytes.as_chunks::<16>();
    let plain = |chunk: &&[u8; 16]| !chunk.iter().fold(false, |found, byte| found | special(byte));
    let clean = 16 * chunks.iter().take_while(plain).count();
    Some(clean + bytes.get(clean..)?.iter().position(special)?)
}

/// Bytes before the quote that ends the string in whose middle `bytes` start.
fn escaped_length(bytes: &[u8]) -> Option<usize> {
    let mut escaped = false;
    bytes.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    })
}
