//! Evidence files and libraries at the server, by their SHA-256.

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use reqwest::Method;
use serde::Deserialize;
use surety_ledger::{Hash, hash::Hasher};
use surety_store::{Stored, VaultError};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    sync::mpsc::Sender,
};

use super::{Question, Remote};
use crate::{Error, MAX_FILE_BYTES};

/// Bytes that are read and sent at once.
const PART_BYTES: usize = 1 << 20;

/// What the server says of a file that it took.
#[derive(Deserialize)]
struct Taken {
    sha256: String,
}

impl Remote {
    pub(crate) async fn put_file(&self, organisation: &str, bytes: Bytes) -> Result<Stored, Error> {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let stored = Stored { hash: Hash::of(&bytes), size };
        // The same bytes are the same file, so sending them twice is harmless.
        let question = upload(organisation).bytes(bytes).repeatable();
        self.took(self.http.read(question).await?, stored)
    }

    pub(crate) async fn put_file_from(
        &self,
        organisation: &str,
        reader: &mut (impl AsyncRead + Unpin + Send),
    ) -> Result<Stored, Error> {
        // What is sent has to own its parts, so they go through a channel that holds a few of them.
        let (parts, sending) = tokio::sync::mpsc::channel(4);
        let sending = stream::unfold(sending, |mut sending| async {
            let part: std::io::Result<Bytes> = sending.recv().await?;
            Some((part, sending))
        });
        let question = upload(organisation).stream(reqwest::Body::wrap_stream(sending));
        let (sent, taken) = tokio::join!(read_to(reader, parts), self.http.read::<Taken>(question));
        let sent = sent.map_err(VaultError::Read)?;
        // Whatever the server says goes before that it did not listen to the end.
        let taken = taken?;
        let sent = sent.ok_or_else(|| self.http.strange("it did not read the file to its end"))?;
        self.took(taken, sent)
    }

    fn took(&self, taken: Taken, sent: Stored) -> Result<Stored, Error> {
        if taken.sha256 != sent.hash.to_string() {
            return Err(self.http.untrue("it took another file than was sent").into());
        }
        Ok(sent)
    }

    pub(crate) async fn file(&self, organisation: &str, hash: &Hash) -> Result<Bytes, Error> {
        let question = Remote::question(Method::GET, organisation, &["files", &hash.to_string()]);
        let bytes = match self.http.ask(question.of_at_most(MAX_FILE_BYTES)).await {
            Err(error) if error.is_missing() => {
                return Err(VaultError::Missing { hash: *hash }.into());
            }
            other => other?,
        };
        if Hash::of(&bytes) != *hash {
            return Err(self.http.untrue(format!("the file {hash} has other bytes")).into());
        }
        Ok(bytes.into())
    }

    pub(crate) async fn has_file(&self, organisation: &str, hash: &Hash) -> Result<bool, Error> {
        let question = Remote::question(Method::HEAD, organisation, &["files", &hash.to_string()]);
        match self.http.ask(question).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_missing() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// Gives everything of a reader away in parts, and says what it was; `None` if nobody takes them any more.
async fn read_to(
    reader: &mut (impl AsyncRead + Unpin + Send),
    parts: Sender<std::io::Result<Bytes>>,
) -> std::io::Result<Option<Stored>> {
    let mut hasher = Hasher::new();
    let mut size = 0_u64;
    loop {
        let mut part = BytesMut::with_capacity(PART_BYTES);
        if let Err(error) = reader.take(PART_BYTES_U64).read_buf(&mut part).await {
            // The server must not take what was sent for the whole.
            drop(parts.send(Err(std::io::Error::from(error.kind()))).await);
            return Err(error);
        }
        if part.is_empty() {
            return Ok(Some(Stored { hash: hasher.finish(), size }));
        }
        hasher.update(&part);
        size = size.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        if parts.send(Ok(part.freeze())).await.is_err() {
            return Ok(None);
        }
    }
}

fn upload(organisation: &str) -> Question {
    // The record that names the file says what it is called.
    Remote::question(Method::POST, organisation, &["files"]).with("name", "file")
}

const PART_BYTES_U64: u64 = 1 << 20;
