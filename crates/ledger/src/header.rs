//! The header of an entry: its fields, its one canonical byte form, and the strict reading of it.
//!
//! The parser reads exactly the bytes that [`Header::canonical`] writes, so no two byte strings mean
//! the same header and no header can mean two things. It borrows from its input: verification reads
//! millions of headers and keeps none.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use serde::Serialize;

use crate::hash::{HASH_LEN, Hash};
use crate::json::{CanonicalJsonError, canonical_json};

/// Bytes a header may have: what one entry of a C2SP tiled log can hold (tlog-tiles, u16 length).
pub const MAX_HEADER_LEN: usize = 65_535;

/// The first sequence number that a JSON number can't hold exactly, 2^53.
pub const MAX_SEQ: u64 = 1 << 53;

/// Digits of the fraction of a second in an instant.
const MICROSECONDS: usize = 6;

/// What the leaf hash covers: who did what when, and the digest of the payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Id of the organisation whose ledger this is.
    pub organisation: String,
    /// Index of the leaf, from 0, below 2^53.
    pub seq: u64,
    /// When, in UTC. Stored to the microsecond; what is finer is cut off.
    pub instant: Timestamp,
    /// Id of the account that did it.
    pub actor: String,
    /// Kind of event, the word that the payload carries as its type.
    pub kind: String,
    /// Version of the payload's schema.
    pub schema: u32,
    /// The caller's key that makes a repeated command harmless. Unique on a ledger.
    pub idempotency_key: Option<String>,
    /// SHA-256 of the salt and then the payload.
    pub digest: Hash,
}

impl Header {
    /// The RFC 8785 bytes of this header; a missing idempotency key is left out.
    ///
    /// # Errors
    /// [`EntryError`] if a field has no place in that form: an empty organisation, actor, kind or
    /// idempotency key, a sequence number from 2^53, a year outside 0 to 9999, or more than 65,535 bytes.
    pub fn canonical(&self) -> Result<Vec<u8>, EntryError> {
        self.borrowed().canonical()
    }

    /// Reads the bytes that [`Header::canonical`] writes, and only those.
    ///
    /// # Errors
    /// [`EntryError`] with the byte at which `bytes` leave the canonical form.
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        HeaderRef::parse(bytes).map(HeaderRef::into_owned)
    }

    /// This header as a borrowing one.
    pub fn borrowed(&self) -> HeaderRef<'_> {
        HeaderRef {
            organisation: Cow::Borrowed(&self.organisation),
            seq: self.seq,
            instant: self.instant,
            actor: Cow::Borrowed(&self.actor),
            kind: Cow::Borrowed(&self.kind),
            schema: self.schema,
            idempotency_key: self.idempotency_key.as_deref().map(Cow::Borrowed),
            digest: self.digest,
        }
    }
}

/// A [`Header`] that borrows its texts. A text is copied only if it contains an escaped character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderRef<'a> {
    /// See [`Header::organisation`].
    pub organisation: Cow<'a, str>,
    /// See [`Header::seq`].
    pub seq: u64,
    /// See [`Header::instant`].
    pub instant: Timestamp,
    /// See [`Header::actor`].
    pub actor: Cow<'a, str>,
    /// See [`Header::kind`].
    pub kind: Cow<'a, str>,
    /// See [`Header::schema`].
    pub schema: u32,
    /// See [`Header::idempotency_key`].
    pub idempotency_key: Option<Cow<'a, str>>,
    /// See [`Header::digest`].
    pub digest: Hash,
}

impl<'a> HeaderRef<'a> {
    /// See [`Header::canonical`].
    ///
    /// # Errors
    /// As [`Header::canonical`].
    pub fn canonical(&self) -> Result<Vec<u8>, EntryError> {
        self.check_fields()?;
        let bytes = canonical_json(&Wire {
            actor: &self.actor,
            digest: self.digest,
            idempotency_key: self.idempotency_key.as_deref(),
            instant: &format_instant(self.instant)?,
            kind: &self.kind,
            organisation: &self.organisation,
            schema: self.schema,
            seq: self.seq,
        })?;
        check_length(bytes.len())?;
        Ok(bytes)
    }

    /// See [`Header::parse`].
    ///
    /// # Errors
    /// As [`Header::parse`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, EntryError> {
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
        let header =
            Self { organisation, seq, instant, actor, kind, schema, idempotency_key, digest };
        header.check_fields()?;
        Ok(header)
    }

    /// The header with texts of its own.
    pub fn into_owned(self) -> Header {
        Header {
            organisation: self.organisation.into_owned(),
            seq: self.seq,
            instant: self.instant,
            actor: self.actor.into_owned(),
            kind: self.kind.into_owned(),
            schema: self.schema,
            idempotency_key: self.idempotency_key.map(Cow::into_owned),
            digest: self.digest,
        }
    }

    fn check_fields(&self) -> Result<(), EntryError> {
        for (field, text) in [
            ("organisation", Some(&self.organisation)),
            ("actor", Some(&self.actor)),
            ("kind", Some(&self.kind)),
            ("idempotency_key", self.idempotency_key.as_ref()),
        ] {
            if text.is_some_and(|text| text.is_empty()) {
                return Err(EntryError::Empty { field });
            }
        }
        if self.seq >= MAX_SEQ {
            return Err(EntryError::Seq { seq: self.seq });
        }
        Ok(())
    }
}

/// Why a header can't be written or read.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// A field that must say something is empty.
    #[error("{field} of an entry must not be empty")]
    Empty {
        /// Name of the field.
        field: &'static str,
    },
    /// The sequence number has no exact JSON number.
    #[error("sequence number {seq} is not below 2^53")]
    Seq {
        /// The number given.
        seq: u64,
    },
    /// The instant has no RFC 3339 form.
    #[error("instant {instant} lies outside the years 0 to 9999")]
    Instant {
        /// The instant given.
        instant: Timestamp,
    },
    /// The header has more bytes than [`MAX_HEADER_LEN`].
    #[error("a header of {length} bytes is longer than {MAX_HEADER_LEN}")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// The bytes are not the canonical form of a header.
    #[error("header is not in canonical form at byte {at}: expected {expected}")]
    Malformed {
        /// Offset from 0 of the first byte that is wrong.
        at: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// The header could not be written as JSON.
    #[error(transparent)]
    Json(#[from] CanonicalJsonError),
}

/// An instant as entries write it: RFC 3339 in UTC with six digits of fraction,
/// `2026-11-21T11:37:05.000001Z`. What is finer than a microsecond is cut off, towards the past.
///
/// # Errors
/// [`EntryError::Instant`] outside the years 0 to 9999.
pub fn format_instant(instant: Timestamp) -> Result<String, EntryError> {
    let at = Offset::UTC.to_datetime(instant);
    if at.year() < 0 {
        return Err(EntryError::Instant { instant });
    }
    Ok(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.subsec_nanosecond() / 1000
    ))
}

/// Reads the form that [`format_instant`] writes, and only that one; `None` for any other text.
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    read_instant(text.as_bytes())
}

fn read_instant(bytes: &[u8]) -> Option<Timestamp> {
    let mut rest = bytes;
    let year = digits(&mut rest, 4, b'-')?;
    let month = digits(&mut rest, 2, b'-')?;
    let day = digits(&mut rest, 2, b'T')?;
    let hour = digits(&mut rest, 2, b':')?;
    let minute = digits(&mut rest, 2, b':')?;
    let second = digits(&mut rest, 2, b'.')?;
    let fraction = digits(&mut rest, MICROSECONDS, b'Z')?;
    if !rest.is_empty() {
        return None;
    }
    let small = |number: i32| i8::try_from(number).ok();
    let date = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
    let time = Time::new(small(hour)?, small(minute)?, small(second)?, fraction * 1000).ok()?;
    Offset::UTC.to_timestamp(date.to_datetime(time)).ok()
}

/// Takes `count` decimal digits and the byte `after` them off the front of `rest`.
fn digits(rest: &mut &[u8], count: usize, after: u8) -> Option<i32> {
    let (number, tail) = rest.split_at_checked(count)?;
    let (last, tail) = tail.split_first()?;
    if *last != after || !number.iter().all(u8::is_ascii_digit) {
        return None;
    }
    *rest = tail;
    Some(number.iter().fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')))
}

/// The header as it is written; RFC 8785 sorts the keys.
#[derive(Serialize)]
struct Wire<'a> {
    actor: &'a str,
    digest: Hash,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<&'a str>,
    instant: &'a str,
    kind: &'a str,
    organisation: &'a str,
    schema: u32,
    seq: u64,
}

const fn malformed(at: usize, expected: &'static str) -> EntryError {
    EntryError::Malformed { at, expected }
}

fn check_length(length: usize) -> Result<(), EntryError> {
    if length > MAX_HEADER_LEN { Err(EntryError::TooLong { length }) } else { Ok(()) }
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
    fn string(&mut self) -> Result<Cow<'a, str>, EntryError> {
        const EXPECTED: &str = "a JSON string in canonical form";
        let start = self.at;
        self.literal("\"")?;
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
        let plain = self.bytes.iter().position(special).ok_or(malformed(start, EXPECTED))?;
        let text = utf8(self.take(plain, EXPECTED)?).ok_or(malformed(start, EXPECTED))?;
        if self.skip("\"") {
            return Ok(Cow::Borrowed(text));
        }
        let escaped = escaped_length(self.bytes).ok_or(malformed(start, EXPECTED))?;
        let tail = utf8(self.take(escaped, EXPECTED)?).ok_or(malformed(start, EXPECTED))?;
        self.literal("\"")?;
        let quoted = format!("\"{text}{tail}\"");
        let decoded: String =
            serde_json::from_str(&quoted).map_err(|_| malformed(start, EXPECTED))?;
        // An escape that canonical JSON does not use would give a second spelling of one header.
        if canonical_json(&decoded)? != quoted.as_bytes() {
            return Err(malformed(start, EXPECTED));
        }
        Ok(Cow::Owned(decoded))
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

fn utf8(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
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
