//! Where the files of an organisation are: in the vault of this process, or at a server.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use surety_ledger::Hash;
use surety_store::{Stored, Vault};
use tokio::io::AsyncRead;

use crate::{
    Error,
    remote::{Remote, RemoteError},
};

/// Evidence files and libraries by their SHA-256.
pub(crate) enum Files {
    Here(Vault),
    There { remote: Arc<Remote>, organisation: String },
}

impl Files {
    /// Keeps bytes.
    pub(crate) async fn put(&self, bytes: Bytes) -> Result<Stored, Error> {
        match self {
            Files::Here(vault) => Ok(vault.put(bytes).await?),
            Files::There { remote, organisation } => remote.put_file(organisation, bytes).await,
        }
    }

    /// The same of everything that a reader gives, in memory for one part at a time.
    pub(crate) async fn put_from(
        &self,
        reader: &mut (impl AsyncRead + Unpin + Send),
    ) -> Result<Stored, Error> {
        match self {
            Files::Here(vault) => Ok(vault.put_from(reader).await?),
            Files::There { remote, organisation } => {
                remote.put_file_from(organisation, reader).await
            }
        }
    }

    /// The file with this hash, whose bytes have been checked.
    pub(crate) async fn get(&self, hash: &Hash) -> Result<Bytes, Error> {
        match self {
            Files::Here(vault) => Ok(vault.get(hash).await?),
            Files::There { remote, organisation } => remote.file(organisation, hash).await,
        }
    }

    /// Whether there is such a file.
    pub(crate) async fn exists(&self, hash: &Hash) -> Result<bool, Error> {
        match self {
            Files::Here(vault) => Ok(vault.exists(hash).await?),
            Files::There { remote, organisation } => remote.has_file(organisation, hash).await,
        }
    }

    /// The size of the file with this hash, if there is one.
    pub(crate) async fn size(&self, hash: &Hash) -> Result<Option<u64>, Error> {
        Ok(self.here()?.size(hash).await?)
    }

    /// Bytes of the file with this hash and size, as they come.
    pub(crate) fn read(
        &self,
        hash: &Hash,
        size: u64,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, Error>> + Send + use<> {
        match self.here() {
            Ok(vault) => vault.read(hash, size, range).map_err(Error::from).left_stream(),
            Err(error) => stream::once(async { Err(error) }).right_stream(),
        }
    }

    /// Erases the file with this hash.
    pub(crate) async fn erase(&self, hash: &Hash) -> Result<(), Error> {
        Ok(self.here()?.erase(hash).await?)
    }

    /// For what a server does for others, and never through another.
    fn here(&self) -> Result<&Vault, Error> {
        match self {
            Files::Here(vault) => Ok(vault),
            Files::There { .. } => Err(RemoteError::OnlyThere("to give files out").into()),
        }
    }
}
