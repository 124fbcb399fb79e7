//! Files on their way into the vault, while their hash, which is their name, is not known yet.

use std::io::ErrorKind;
use std::path::Path as FolderPath;

use bytes::Bytes;
use futures_util::TryStreamExt;
use jiff::Timestamp;
use object_store::{MultipartUpload, ObjectStoreExt};
use ring::rand::{SecureRandom, SystemRandom};
use surety_ledger::hash::{Hash, Hasher};
use tokio::io::AsyncRead;

use super::{Stored, Vault, VaultError, failed, length, read_part};

/// Where files are while their hash is not known.
const INCOMING: &str = "incoming";

impl Vault {
    /// Keeps a file of more than one part, the `first` of which has been read.
    pub(super) async fn put_in_parts(
        &self,
        first: Bytes,
        reader: &mut (impl AsyncRead + Unpin + Send),
    ) -> Result<Stored, VaultError> {
        let incoming = self.root.clone().join(INCOMING).join(random_name()?);
        let upload = self.objects.put_multipart(&incoming).await;
        let mut upload = Upload(Some(upload.map_err(failed("begin to write the file"))?));
        let stored = match self.send(&mut upload, first, reader).await {
            Ok(stored) => stored,
            Err(error) => {
                upload.abort().await;
                return Err(error);
            }
        };
        // On a disk this is one step. In a bucket the file is copied, and then the incoming one is deleted; if that does not
        // come about, it lies there until it is discarded.
        let renamed = self.objects.rename(&incoming, &self.key(&stored.hash)).await;
        renamed.map_err(failed("give the file its name"))?;
        Ok(stored)
    }

    /// Sends `part` and all that `reader` gives after it.
    async fn send(
        &self,
        upload: &mut Upload,
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
            upload.put(part).await?;
            part = read_part(reader).await?;
        }
        upload.complete().await?;
        Ok(Stored { hash: hasher.finish(), size })
    }

    /// Deletes what processes that died left of files that they were putting, if it was last written
    /// before `instant`, and gives how many files that were. Without it they lie there for ever. Parts
    /// that a bucket has of an upload that never ended are not listed among its files: a rule of the
    /// bucket discards those (`AbortIncompleteMultipartUpload`).
    ///
    /// # Errors
    /// [`VaultError::Discard`], [`VaultError::Objects`], also if the bucket is not there.
    pub async fn discard_unfinished(&self, instant: Timestamp) -> Result<u64, VaultError> {
        let mut discarded = 0;
        // The file system's store hides from its lists what has not been finished.
        if let Some(folder) = &self.folder {
            discarded += discard_files(&folder.join(INCOMING), instant).await?;
        }
        let incoming = self.root.clone().join(INCOMING);
        let mut listed = self.objects.list(Some(&incoming));
        while let Some(found) = listed.try_next().await.map_err(failed("list unfinished files"))? {
            if found.last_modified.timestamp_micros() < instant.as_microsecond() {
                let deleted = self.objects.delete(&found.location).await;
                deleted.map_err(failed("delete an unfinished file"))?;
                discarded += 1;
            }
        }
        Ok(discarded)
    }
}

/// An upload that leaves nothing behind unless it is completed.
struct Upload(Option<Box<dyn MultipartUpload>>);

impl Upload {
    async fn put(&mut self, part: Bytes) -> Result<(), VaultError> {
        let Some(upload) = &mut self.0 else { return Ok(()) };
        upload.put_part(part.into()).await.map_err(failed("write a part of the file"))
    }

    async fn complete(&mut self) -> Result<(), VaultError> {
        let Some(upload) = &mut self.0 else { return Ok(()) };
        upload.complete().await.map_err(failed("finish the file"))?;
        self.0 = None;
        Ok(())
    }

    /// What led here says more than an error that may follow from it.
    async fn abort(&mut self) {
        if let Some(mut upload) = self.0.take() {
            drop(upload.abort().await);
        }
    }
}

impl Drop for Upload {
    /// Whoever was putting the file is gone, as when a client hangs up.
    fn drop(&mut self) {
        if let (Some(mut upload), Ok(runtime)) =
            (self.0.take(), tokio::runtime::Handle::try_current())
        {
            drop(runtime.spawn(async move { drop(upload.abort().await) }));
        }
    }
}

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

/// A name that nobody else uses.
fn random_name() -> Result<String, VaultError> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| VaultError::Random)?;
    Ok(Hash::new(bytes).to_string())
}
