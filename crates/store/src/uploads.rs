//! What a store promises about files that came: which of them perhaps no entry names.
//!
//! Knows neither the files nor what entries say. A note is made when a file has come, and goes once somebody has looked, long
//! after, whether an entry names it.

use async_trait::async_trait;
use jiff::Timestamp;
use surety_ledger::Hash;

use crate::column;
use crate::error::StoreError;

/// A file that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Whose file it is.
    pub organisation: String,
    /// SHA-256 of its bytes.
    pub hash: Hash,
    /// When it came last.
    pub at: Timestamp,
}

/// Notes of files that came.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Notes that a file has come. False if the same file is claimed, so that it may be gone a moment later.
    ///
    /// # Errors
    /// [`StoreError::UnknownOrganisation`].
    async fn note_upload(&self, upload: &Upload) -> Result<bool, StoreError>;

    /// Files of an organisation that came last before an instant, and those that are claimed; the oldest first, and not more
    /// than a thousand.
    async fn uploads_before(
        &self,
        organisation: &str,
        before: Timestamp,
    ) -> Result<Vec<Upload>, StoreError>;

    /// Claims a file, also one that somebody claimed who died of it. False if it has come again since.
    async fn claim_upload(&self, upload: &Upload) -> Result<bool, StoreError>;

    /// Forgets a file that was claimed.
    async fn forget_upload(&self, upload: &Upload) -> Result<(), StoreError>;
}

/// Most files that are listed at once.
pub(crate) const LISTED: i64 = 1_000;

/// A file from the columns hash and instant.
pub(crate) fn upload(organisation: &str, (hash, at): (Vec<u8>, i64)) -> Result<Upload, StoreError> {
    let bytes = <[u8; 32]>::try_from(hash.as_slice());
    let bytes = bytes.map_err(|error| StoreError::damaged("hash", error))?;
    let organisation = organisation.to_owned();
    Ok(Upload { organisation, hash: Hash::new(bytes), at: column::instant(at)? })
}
