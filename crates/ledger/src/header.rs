//! The header of an entry: its fields and its one canonical byte form. `scan` reads it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use serde::Serialize;

use crate::hash::Hash;
use crate::json::CanonicalJsonError;
use crate::scan::{Scanned, Text};

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
        // `Wire` has its keys in the order of RFC 8785 and nothing but texts and whole numbers, which `serde_json` writes as
        // RFC 8785 does: a general canonicaliser would sort a map for each header. A test compares the two.
        let bytes = serde_json::to_vec(&Wire {
            actor: &self.actor,
            digest: self.digest,
            idempotency_key: self.idempotency_key.as_deref(),
            instant: &format_instant(self.instant)?,
            kind: &self.kind,
            organisation: &self.organisation,
            schema: self.schema,
            seq: self.seq,
        })
        .map_err(CanonicalJsonError)?;
        check_length(bytes.len())?;
        Ok(bytes)
    }

    /// See [`Header::parse`].
    ///
    /// # Errors
    /// As [`Header::parse`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, EntryError> {
        let scanned = Scanned::read(bytes)?;
        Ok(Self {
            organisation: scanned.organisation.into_str(),
            seq: scanned.seq,
            instant: scanned.instant,
            actor: scanned.actor.into_str(),
            kind: scanned.kind.into_str(),
            schema: scanned.schema,
            idempotency_key: scanned.idempotency_key.map(Text::into_str),
            digest: scanned.digest,
        })
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
        let key = self.idempotency_key.as_deref();
        check_fields(&*self.organisation, &*self.actor, &*self.kind, key, self.seq)
    }
}

/// Checks what holds for the fields whether they are read or written.
pub(crate) fn check_fields<T: AsRef<[u8]>>(
    organisation: T,
    actor: T,
    kind: T,
    idempotency_key: Option<T>,
    seq: u64,
) -> Result<(), EntryError> {
    for (field, text) in [
        ("organisation", Some(organisation)),
        ("actor", Some(actor)),
        ("kind", Some(kind)),
        ("idempotency_key", idempotency_key),
    ] {
        if text.is_some_and(|text| text.as_ref().is_empty()) {
            return Err(EntryError::Empty { field });
        }
    }
    if seq >= MAX_SEQ { Err(EntryError::Seq { seq }) } else { Ok(()) }
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

pub(crate) fn read_instant(bytes: &[u8]) -> Option<Timestamp> {
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

pub(crate) const fn malformed(at: usize, expected: &'static str) -> EntryError {
    EntryError::Malformed { at, expected }
}

pub(crate) fn check_length(length: usize) -> Result<(), EntryError> {
    if length > MAX_HEADER_LEN { Err(EntryError::TooLong { length }) } else { Ok(()) }
}
