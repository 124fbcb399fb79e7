//! Evidence files, kept by what is in them: a file's name is its SHA-256.
//!
//! Knows bytes only. Entries of a ledger name a file by its hash, so the ledger proves the file too.

mod error;
mod incoming;
mod place;

use std::ops::Range;
use std::path::Path as FolderPath;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, TryStreamExt, stream};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use surety_ledger::hash::{Hash, Hasher};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

pub use self::error::VaultError;
use self::error::{failed, missing};
use crate::location::make_folder;

/// Bytes that are read or written at once, and the most that a file may have to be stored in one step.
const PART_BYTES: usize = 8 << 20;

/// Files named by their SHA-256, as `sha256/ab/cdef...`, on a disk or in an object store.
///
/// A file is there whole or not at all, and durable when [`Vault::put`] returns.
#[derive(Clone)]
pub struct Vault {
    objects: Arc<dyn ObjectStore>,
    limit_bytes: u64,
    /// Where the files are, if that is a folder.
    folder: Option<Arc<FolderPath>>,
    /// What the names of all objects begin with.
    root: Path,
    /// What the names of files begin with.
    files: Path,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the store: it holds credentials.
        let (kind, files) = (self.objects.to_string(), self.files.to_string());
        f.debug_struct("Vault")
            .field("objects", &kind)
            .field("files", &files)
            .finish_non_exhaustive()
    }
}

/// A file that the vault has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of its bytes.
    pub hash: Hash,
    /// How many bytes it has.
    pub size: u64,
}

impl Vault {
    /// A vault in `objects` that takes files of up to `limit_bytes`.
    pub fn new(objects: Arc<dyn ObjectStore>, limit_bytes: u64) -> Self {
        let root = Path::default();
        Self { objects, limit_bytes, folder: None, files: root.clone(), root }
    }

    /// A vault in `folder`, made if it is not there, that takes files of up to `limit_bytes`.
    ///
    /// # Errors
    /// [`VaultError::Folder`] or [`VaultError::Objects`] if there can be no such folder.
    pub fn in_folder(folder: &FolderPath, limit_bytes: u64) -> Result<Self, VaultError> {
        make_folder(folder)?;
        let files = LocalFileSystem::new_with_prefix(folder).map_err(failed("open the folder"))?;
        let objects = Arc::new(files.with_fsync(true));
        Ok(Self { folder: Some(folder.into()), ..Self::new(objects, limit_bytes) })
    }

    /// The files of one organisation, apart from those of all others: the same bytes lie there once for
    /// each, so that nobody's putting, asking or erasing has to do with what others have.
    pub fn of(&self, organisation: &str) -> Self {
        let files = self.root.clone().join("organisations").join(organisation);
        Self { files, ..self.clone() }
    }

    /// Keeps `bytes`. To put what is there already changes nothing, except that a corrupted file is
    /// repaired.
    ///
    /// # Errors
    /// [`VaultError::TooLarge`], [`VaultError::Objects`].
    pub async fn put(&self, bytes: Bytes) -> Result<Stored, VaultError> {
        let stored = Stored { hash: Hash::of(&bytes), size: length(&bytes) };
        if stored.size > self.limit_bytes {
            return Err(self.too_large());
        }
        let put = self.objects.put(&self.key(&stored.hash), bytes.into()).await;
        put.map_err(failed("write the file"))?;
        Ok(stored)
    }

    /// As [`Vault::put`], of everything that `reader` gives, in memory for one part at a time.
    ///
    /// # Errors
    /// [`VaultError::Read`] if the reader fails; nothing is kept then. And as [`Vault::put`].
    pub async fn put_from(
        &self,
        reader: &mut (impl AsyncRead + Unpin + Send),
    ) -> Result<Stored, VaultError> {
        let first = read_part(reader).await?;
        if first.len() < PART_BYTES {
            return self.put(first).await;
        }
        self.put_in_parts(first, reader).await
    }

    /// The file with this hash, whose bytes have been checked.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::Corrupted`], [`VaultError::Objects`].
    pub async fn get(&self, hash: &Hash) -> Result<Bytes, VaultError> {
        let found =
            self.objects.get(&self.key(hash)).await.map_err(missing(hash, "read the file"))?;
        let bytes = found.bytes().await.map_err(failed("read the file"))?;
        check(hash, Hash::of(&bytes))?;
        Ok(bytes)
    }

    /// Writes the file with this hash to `writer`, in memory for one part at a time, and gives its size.
    /// What was written counts only if this succeeds.
    ///
    /// # Errors
    /// [`VaultError::Write`] if the writer fails, and as [`Vault::get`].
    pub async fn copy_to(
        &self,
        hash: &Hash,
        writer: &mut (impl AsyncWrite + Unpin + Send),
    ) -> Result<u64, VaultError> {
        let size = self.size(hash).await?.ok_or(VaultError::Missing { hash: *hash })?;
        let failed_to_write = |source| VaultError::Write { hash: *hash, source };
        let mut parts = std::pin::pin!(self.read(hash, size, 0..size));
        while let Some(part) = parts.try_next().await? {
            writer.write_all(&part).await.map_err(failed_to_write)?;
        }
        writer.flush().await.map_err(failed_to_write)?;
        Ok(size)
    }

    /// The bytes of a `range` of the file with this hash and `size`, part by part. Of a whole file they are
    /// checked, and a corrupted one fails before its last part is given.
    ///
    /// # Errors
    /// Those of [`Vault::get`], in the stream, which ends with them.
    pub fn read(
        &self,
        hash: &Hash,
        size: u64,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, VaultError>> + Send + use<> {
        let hasher = (range == (0..size)).then(Hasher::new);
        let reading = Reading { vault: self.clone(), hash: *hash, left: range, hasher };
        stream::try_unfold(reading, Reading::next)
    }

    /// How many bytes the file with this hash has; `None` if it is not there. They are not looked at.
    ///
    /// # Errors
    /// [`VaultError::Objects`].
    pub async fn size(&self, hash: &Hash) -> Result<Option<u64>, VaultError> {
        match self.objects.head(&self.key(hash)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(VaultError::Objects { action: "find the file", source }),
        }
    }

    /// Whether there is a file with this hash. Its bytes are not looked at.
    ///
    /// # Errors
    /// [`VaultError::Objects`].
    pub async fn exists(&self, hash: &Hash) -> Result<bool, VaultError> {
        Ok(self.size(hash).await?.is_some())
    }

    /// Reads the file with this hash through, checks its bytes and gives its size.
    ///
    /// # Errors
    /// As [`Vault::get`].
    pub async fn verify(&self, hash: &Hash) -> Result<u64, VaultError> {
        self.copy_to(hash, &mut tokio::io::sink()).await
    }

    /// Erases the file with this hash, for a legal duty. Nothing happens if it is not there.
    ///
    /// # Errors
    /// [`VaultError::Objects`].
    pub async fn erase(&self, hash: &Hash) -> Result<(), VaultError> {
        match self.objects.delete(&self.key(hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(VaultError::Objects { action: "erase the file", source }),
        }
    }

    /// Where the file with this hash lies. Two digits make a folder, so that none has too many files.
    fn key(&self, hash: &Hash) -> Path {
        let digits = hash.to_string();
        let (folder, file) = digits.split_at(2);
        self.files.clone().join("sha256").join(folder).join(file)
    }

    fn too_large(&self) -> VaultError {
        VaultError::TooLarge { limit_bytes: self.limit_bytes }
    }
}

const PART_BYTES_U64: u64 = 8 << 20;

/// Bytes that are read at once.
const READ_BYTES: u64 = 2 << 20;

/// A file that is being read.
struct Reading {
    vault: Vault,
    hash: Hash,
    left: Range<u64>,
    /// Of what was read, if that is to be checked.
    hasher: Option<Hasher>,
}

impl Reading {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, VaultError> {
        let mut part = Bytes::new();
        if !self.left.is_empty() {
            let end = self.left.end.min(self.left.start.saturating_add(READ_BYTES));
            let key = self.vault.key(&self.hash);
            let read = self.vault.objects.get_range(&key, self.left.start..end);
            part = read.await.map_err(missing(&self.hash, "read the file"))?;
            self.left.start = end;
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&part);
        }
        if self.left.is_empty()
            && let Some(hasher) = self.hasher.take()
        {
            check(&self.hash, hasher.finish())?;
        }
        Ok((!part.is_empty()).then_some((part, self)))
    }
}

/// Reads until a part is full or the reader ends.
async fn read_part(reader: &mut (impl AsyncRead + Unpin + Send)) -> Result<Bytes, VaultError> {
    let mut part = BytesMut::new();
    let mut limited = reader.take(PART_BYTES_U64);
    while limited.read_buf(&mut part).await.map_err(VaultError::Read)? > 0 {}
    Ok(part.freeze())
}

fn check(hash: &Hash, actual: Hash) -> Result<(), VaultError> {
    if actual == *hash { Ok(()) } else { Err(VaultError::Corrupted { hash: *hash, actual }) }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
