//! Ids and secrets that nobody can guess. A secret is shown once and kept as its SHA-256; it holds 256 bits of chance, so nothing
//! slower is needed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use surety_ledger::Hash;

use crate::{Error, clock::random};

/// A short id that nobody can guess.
pub(super) fn id(kind: &str) -> Result<String, Error> {
    let random = random()?;
    let short = random.get(..9).unwrap_or(&random);
    Ok(format!("{kind}_{}", URL_SAFE_NO_PAD.encode(short)))
}

/// A secret of 43 characters that go into an address as they are.
pub(super) fn fresh() -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(random()?))
}

/// What is kept of a secret.
pub(super) fn hashed(secret: &str) -> Vec<u8> {
    Hash::of(secret.as_bytes()).as_bytes().to_vec()
}
