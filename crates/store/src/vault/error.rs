//! Why the vault could not keep or give a file.

use surety_ledger::hash::Hash;

/// What went wrong with a file, or with the place where files are kept.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Neither the path of a folder nor the address of a bucket. Not shown: somebody may have written
    /// credentials into it.
    #[error(
        "this is no place for a vault: give the path of a folder, or s3://BUCKET or s3://BUCKET/PREFIX with \
         endpoint, region and credentials in the environment (AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, \
         AWS_SECRET_ACCESS_KEY)"
    )]
    Location,
    /// Files would go over the network in the clear.
    #[error("the bucket's endpoint speaks plain HTTP; set AWS_ALLOW_HTTP=true if that is meant")]
    PlainHttp,
    /// The file is larger than the vault takes.
    #[error("the file has more than the {limit_bytes} bytes that the vault takes")]
    TooLarge {
        /// The limit.
        limit_bytes: u64,
    },
    /// No file with this hash.
    #[error("there is no file {hash} in the vault")]
    Missing {
        /// The hash asked for.
        hash: Hash,
    },
    /// The file has other bytes than those that were put.
    #[error("the file {hash} in the vault is corrupted: its bytes have the SHA-256 {actual}")]
    Corrupted {
        /// The hash that it should have.
        hash: Hash,
        /// The hash that it has.
        actual: Hash,
    },
    /// The caller's reader failed.
    #[error("could not read the file to put into the vault")]
    Read(#[source] std::io::Error),
    /// The operating system failed.
    #[error("could not discard unfinished files of the vault")]
    Discard(#[source] std::io::Error),
    /// The caller's writer failed.
    #[error("could not write the file {hash} out of the vault")]
    Write {
        /// The file.
        hash: Hash,
        /// What the writer said.
        source: std::io::Error,
    },
    /// The folder could not be made.
    #[error(transparent)]
    Folder(#[from] crate::StoreError),
    /// The operating system gave no random bytes.
    #[error("the operating system gives no random bytes")]
    Random,
    /// The disk or the object store failed.
    #[error("the vault could not {action}")]
    Objects {
        /// What was being done.
        action: &'static str,
        /// What the object store said.
        source: object_store::Error,
    },
}

/// As in "the vault could not ...".
pub(super) fn failed(action: &'static str) -> impl FnOnce(object_store::Error) -> VaultError {
    move |source| VaultError::Objects { action, source }
}

/// As [`failed`], where the file may not be there.
pub(super) fn missing(
    hash: &Hash,
    action: &'static str,
) -> impl FnOnce(object_store::Error) -> VaultError {
    let hash = *hash;
    move |source| {
        if matches!(source, object_store::Error::NotFound { .. }) {
            return VaultError::Missing { hash };
        }
        VaultError::Objects { action, source }
    }
}
