//! One entry of a ledger: sealed, read, checked, redacted.
//!
//! Knows bytes and hashes; what a payload says is for the layers above.

use std::fmt;

use jiff::Timestamp;

pub use crate::header::{
    EntryError, Header, HeaderRef, MAX_HEADER_LEN, MAX_SEQ, format_instant, parse_instant,
};

use crate::hash::{Hash, Salt};
use crate::merkle::leaf_hash;
use crate::scan::Scanned;
use crate::verify::{EntryFault, VerifyError};

/// What a new entry says beside its payload. See [`Header`] for each field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields<'a> {
    /// Id of the organisation whose ledger this is.
    pub organisation: &'a str,
    /// Index of the leaf, from 0.
    pub seq: u64,
    /// When; cut to the microsecond.
    pub instant: Timestamp,
    /// Id of the account that did it.
    pub actor: &'a str,
    /// Kind of event.
    pub kind: &'a str,
    /// Version of the payload's schema.
    pub schema: u32,
    /// The caller's key that makes a repeated command harmless.
    pub idempotency_key: Option<&'a str>,
}

/// An entry as it is stored. Its leaf hash covers the header, the header's digest covers salt and
/// payload; so payload and salt can be erased and every proof still verifies.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The exact stored bytes of the header, RFC 8785 JSON. Never re-serialised to verify.
    pub header: Vec<u8>,
    /// What was hashed before the payload. `None` once redacted.
    pub salt: Option<Salt>,
    /// The exact stored bytes of the payload. `None` once redacted.
    pub payload: Option<Vec<u8>>,
}

impl Entry {
    /// A new entry with the digest of `salt` and `payload` in its header. The salt must be fresh
    /// from a cryptographic random source.
    ///
    /// # Errors
    /// [`EntryError`] if the fields have no canonical form: see [`Header::canonical`].
    pub fn seal(fields: Fields<'_>, salt: Salt, payload: Vec<u8>) -> Result<Self, EntryError> {
        let header = HeaderRef {
            organisation: fields.organisation.into(),
            seq: fields.seq,
            instant: fields.instant,
            actor: fields.actor.into(),
            kind: fields.kind.into(),
            schema: fields.schema,
            idempotency_key: fields.idempotency_key.map(Into::into),
            digest: payload_digest(&salt, &payload),
        }
        .canonical()?;
        Ok(Self { header, salt: Some(salt), payload: Some(payload) })
    }

    /// The header's fields.
    ///
    /// # Errors
    /// [`EntryError`] if the stored bytes are not a header in canonical form.
    pub fn parsed(&self) -> Result<Header, EntryError> {
        Header::parse(&self.header)
    }

    /// The hash of this entry in the tree (RFC 6962 section 2.1): it covers the header's bytes.
    pub fn leaf(&self) -> Hash {
        leaf_hash(&self.header)
    }

    /// Whether salt and payload have been erased.
    pub const fn is_redacted(&self) -> bool {
        self.salt.is_none() && self.payload.is_none()
    }

    /// The entry without salt and payload: same header, same leaf, and the digest tells nothing.
    #[must_use]
    pub fn redacted(self) -> Self {
        Self { header: self.header, salt: None, payload: None }
    }

    /// Checks what can be checked of one entry alone: that it is number `seq` of the ledger of
    /// `organisation` and that its digest is that of its salt and payload, unless it is redacted.
    ///
    /// # Errors
    /// [`VerifyError::Entry`] with what is wrong.
    pub fn check(&self, seq: u64, organisation: &str) -> Result<(), VerifyError> {
        self.checked(seq, organisation)
            .map(|_| ())
            .map_err(|fault| VerifyError::Entry { seq, fault })
    }

    /// [`Entry::check`], giving the header that it read.
    pub(crate) fn checked(&self, seq: u64, organisation: &str) -> Result<Scanned<'_>, EntryFault> {
        let header = Scanned::read(&self.header)?;
        if header.seq != seq {
            return Err(EntryFault::Seq { found: header.seq });
        }
        if header.organisation.as_ref() != organisation.as_bytes() {
            let found = header.organisation.into_str().into_owned();
            return Err(EntryFault::Organisation { found });
        }
        match (&self.salt, &self.payload) {
            (Some(salt), Some(payload)) if payload_digest(salt, payload) == header.digest => {
                Ok(header)
            }
            (Some(_), Some(_)) => Err(EntryFault::Digest),
            (None, None) => Ok(header),
            (Some(_), None) | (None, Some(_)) => Err(EntryFault::HalfRedacted),
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Payloads may hold personal data, and `Debug` ends up in logs.
        f.debug_struct("Entry")
            .field("header", &String::from_utf8_lossy(&self.header))
            .field("payload_bytes", &self.payload.as_ref().map(Vec::len))
            .finish_non_exhaustive()
    }
}

/// The digest that a header carries: SHA-256 of the salt and then the payload.
pub fn payload_digest(salt: &Salt, payload: &[u8]) -> Hash {
    Hash::of_parts(&[salt.as_bytes(), payload])
}
