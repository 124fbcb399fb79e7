//! Evidence files, kept by what is in them: a file's name is its SHA-256.
//!
//! Knows bytes only. Entries of a ledger name a file by its hash, so the ledger proves the file too.

use std::io::ErrorKind;
use std::path::Path as FolderPath;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use jiff::Timestamp;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt};
use ring::rand::{SecureRandom, SystemRandom};
use surety_ledger::hash::{Hash, Hasher};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::location::make_folder;

/// Bytes that are read or written at once, and the most that a file may have to be stored in one step.
const PART_BYTES: usize = 8 << 20;

/// Files named by their SHA-256, as `sha256/ab/cdef...`, on a disk or in an object store.
///
/// A file is there whole or not at all, and on disk when [`Vault::put`] returns.
#[derive(Clone, Debug)]
pub struct Vault {
    objects: Arc<dyn ObjectStore>,
    limit_bytes: u64,
    /// Where the files are, if that is a folder.
    folder: Option<Arc<FolderPath>>,
}

/// A file that the vault has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of its bytes.
    pub hash: Hash,
    /// How many bytes it has.
    pub size: u64,
}

/// Why the vault could not keep or give a file.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
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

impl Vault {
    /// A vault in `objects` that takes files of up to `limit_bytes`.
    pub fn new(objects: Arc<dyn ObjectStore>, limit_bytes: u64) -> Self {
        Self { objects, limit_bytes, folder: None }
    }

    /// A vault in `folder`, made if it is not there, that takes files of up to `limit_bytes`.
    ///
    /// # Errors
    /// [`VaultError::Folder`] or [`VaultError::Objects`] if there can be no such folder.
    pub fn in_folder(folder: &FolderPath, limit_bytes: u64) -> Result<Self, VaultError> {
        make_folder(folder)?;
        let files = LocalFileSystem::new_with_prefix(folder).map_err(failed("open the folder"))?;
        let objects = Arc::new(files.with_fsync(true));
        Ok(Self { objects, limit_bytes, folder: Some(folder.into()) })
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
        let put = self.objects.put(&key(&stored.hash), bytes.into()).await;
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
        // The hash, which is the name, is known at the end only: until then the file is incoming.
        let incoming = incoming_key()?;
        let upload = self.objects.put_multipart(&incoming).await;
        let mut upload = upload.map_err(failed("begin to write the file"))?;
        let stored = match self.upload(upload.as_mut(), first, reader).await {
            Ok(stored) => stored,
            Err(error) => {
                // The first error says more than one that may follow from it.
                let _aborted = upload.abort().await;
                return Err(error);
            }
        };
        let renamed = self.objects.rename(&incoming, &key(&stored.hash)).await;
        renamed.map_err(failed("give the file its name"))?;
        Ok(stored)
    }

    /// The file with this hash, whose bytes have been checked.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::Corrupted`], [`VaultError::Objects`].
    pub async fn get(&self, hash: &Hash) -> Result<Bytes, VaultError> {
        let found = self.objects.get(&key(hash)).await.map_err(missing(hash, "read the file"))?;
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
        let key = key(hash);
        let found = self.objects.head(&key).await.map_err(missing(hash, "find the file"))?;
        let failed_to_write = |source| VaultError::Write { hash: *hash, source };
        let mut hasher = Hasher::new();
        let mut at = 0;
        while at < found.size {
            let end = found.size.min(at.saturating_add(PART_BYTES_U64));
            let part = self.objects.get_range(&key, at..end).await;
            let part = part.map_err(missing(hash, "read the file"))?;
            hasher.update(&part);
            writer.write_all(&part).await.map_err(failed_to_write)?;
            at = end;
        }
        writer.flush().await.map_err(failed_to_write)?;
        check(hash, hasher.finish())?;
        Ok(found.size)
    }

    /// Whether there is a file with this hash. Its bytes are not looked at.
    ///
    /// # Errors
    /// [`VaultError::Objects`].
    pub async fn exists(&self, hash: &Hash) -> Result<bool, VaultError> {
        match self.objects.head(&key(hash)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(source) => Err(VaultError::Objects { action: "find the file", source }),
        }
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
        match self.objects.delete(&key(hash)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(VaultError::Objects { action: "erase the file", source }),
        }
    }

    /// Deletes what processes that died left of files that they were putting, if it was last written
    /// before `instant`, and gives how many files that were. Without it they lie there for ever.
    ///
    /// # Errors
    /// [`VaultError::Discard`], [`VaultError::Objects`].
    pub async fn discard_unfinished(&self, instant: Timestamp) -> Result<u64, VaultError> {
        let mut discarded = 0;
        // The file system's store hides from its lists what has not been finished.
        if let Some(folder) = &self.folder {
            discarded += discard_files(&folder.join(INCOMING), instant).await?;
        }
        let action = "list unfinished files";
        let mut listed = self.objects.list(Some(&Path::from(INCOMING)));
        while let Some(found) = listed.try_next().await.map_err(failed(action))? {
            if found.last_modified.timestamp_micros() < instant.as_microsecond() {
                let deleted = self.objects.delete(&found.location).await;
                deleted.map_err(failed("delete an unfinished file"))?;
                discarded += 1;
            }
        }
        Ok(discarded)
    }

    /// Sends `part` and all that `reader` gives after it.
    async fn upload(
        &self,
        upload: &mut dyn MultipartUpload,
        mut part: Bytes,
        reader: &mut (impl AsyncRead + Unpin + Send),
    ) -> Result<Stored, VaultError> {
        let mut hasher = Hasher::new();
        let mut size = 0_u64;
        while !part.is_empty() {
            size = size.saturating_add(length(&part));
            if size > self.limit_bytes {
                return Err(self.too_large());
            }
            hasher.update(&part);
            upload.put_part(part.into()).await.map_err(failed("write a part of the file"))?;
            part = read_part(reader).await?;
        }
        upload.complete().await.map_err(failed("finish the file"))?;
        Ok(Stored { hash: hasher.finish(), size })
    }

    fn too_large(&self) -> VaultError {
        VaultError::TooLarge { limit_bytes: self.limit_bytes }
    }
}

const PART_BYTES_U64: u64 = 8 << 20;

/// Where files are while their hash is not known.
const INCOMING: &str = "incoming";

/// Deletes the files in `folder` that were last written before `instant`.
async fn discard_files(folder: &FolderPath, instant: Timestamp) -> Result<u64, VaultError> {
    let mut files = match tokio::fs::read_dir(folder).await {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        files => files.map_err(VaultError::Discard)?,
    };
    let mut discarded = 0;
    while let Some(file) = files.next_entry().await.map_err(VaultError::Discard)? {
        let written = file.metadata().await.and_then(|metadata| metadata.modified());
        let written = written.map_err(VaultError::Discard)?;
        if Timestamp::try_from(written).is_ok_and(|written| written < instant) {
            tokio::fs::remove_file(file.path()).await.map_err(VaultError::Discard)?;
            discarded += 1;
        }
    }
    Ok(discarded)
}

/// Reads until a part is full or the reader ends.
async fn read_part(reader: &mut (impl AsyncRead + Unpin + Send)) -> Result<Bytes, VaultError> {
    let mut part = BytesMut::new();
    let mut limited = reader.take(PART_BYTES_U64);
    while limited.read_buf(&mut part).await.map_err(VaultError::Read)? > 0 {}
    Ok(part.freeze())
}

/// Where the file with this hash lies. Two digits make a folder, so that none has too many files.
fn key(hash: &Hash) -> Path {
    let digits = hash.to_string();
    let (folder, file) = digits.split_at(2);
    Path::from_iter(["sha256", folder, file])
}

/// A name that nobody else uses, for a file whose hash is not known yet.
fn incoming_key() -> Result<Path, VaultError> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| VaultError::Random)?;
    Ok(Path::from_iter([INCOMING, &Hash::new(bytes).to_string()]))
}

fn check(hash: &Hash, actual: Hash) -> Result<(), VaultError> {
    if actual == *hash { Ok(()) } else { Err(VaultError::Corrupted { hash: *hash, actual }) }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn failed(action: &'static str) -> impl FnOnce(object_store::Error) -> VaultError {
    move |source| VaultError::Objects { action, source }
}

/// As [`failed`], where the file may not be there.
fn missing(hash: &Hash, action: &'static str) -> impl FnOnce(object_store::Error) -> VaultError {
    let hash = *hash;
    move |source| {
        if matches!(source, object_store::Error::NotFound { .. }) {
            return VaultError::Missing { hash };
        }
        VaultError::Objects { action, source }
    }
}
