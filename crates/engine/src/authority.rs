//! Who decides on commands and signs the ledger: the writer of this process, or a server.

use std::sync::{Arc, PoisonError, RwLock};

use surety_aims::Principal;
use surety_ledger::{Checkpoint, Frontier, SigningKey};
use surety_store::Organisation;
use tokio::sync::{mpsc, oneshot};

use crate::{
    Batch, Done, Error, Refusal,
    remote::Remote,
    writer::{Work, WorkError},
};

/// Whoever decides and signs.
pub(crate) enum Authority {
    Here(Desk),
    /// As the principal that the server knows the token's account to be.
    There(Arc<Remote>),
}

/// The writer's queue and the signing key.
pub(crate) struct Desk {
    queue: mpsc::Sender<Work>,
    key: RwLock<Arc<SigningKey>>,
}

impl Desk {
    pub(crate) fn new(queue: mpsc::Sender<Work>, key: SigningKey) -> Desk {
        Desk { queue, key: RwLock::new(Arc::new(key)) }
    }

    /// Signs with this key from now on.
    pub(crate) fn change_key(&self, key: SigningKey) {
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
    }

    /// The signed note of a checkpoint.
    pub(crate) fn sign(&self, checkpoint: &Checkpoint) -> Result<String, Error> {
        let key = self.key.read().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(checkpoint.sign(&key)?)
    }

    async fn decide(
        &self,
        principal: &Principal,
        batch: Batch,
    ) -> Result<Result<Done, Refusal>, Error> {
        let (reply, answer) = oneshot::channel();
        let work = Work { principal: principal.clone(), batch, reply };
        self.queue.send(work).await.map_err(|_| Error::Closing)?;
        match answer.await.map_err(|_| Error::Closing)? {
            Ok(done) => Ok(Ok(done)),
            Err(WorkError::Refused(refusal)) => Ok(Err(*refusal)),
            Err(WorkError::Failed(error)) => Err(error),
        }
    }
}

impl Authority {
    /// Runs a batch: all of it or nothing, durable when this returns.
    pub(crate) async fn decide(
        &self,
        organisation: &Organisation,
        principal: &Principal,
        batch: Batch,
    ) -> Result<Result<Done, Refusal>, Error> {
        match self {
            Authority::Here(desk) => desk.decide(principal, batch).await,
            Authority::There(remote) => remote.execute(&organisation.id, batch).await,
        }
    }

    /// Signs a checkpoint of the tree with this edge.
    pub(crate) async fn sign(
        &self,
        organisation: &Organisation,
        frontier: &Frontier,
    ) -> Result<String, Error> {
        match self {
            Authority::Here(desk) => desk.sign(&Checkpoint::of(&organisation.origin, frontier)),
            Authority::There(remote) => {
                remote.sign(&organisation.id, &organisation.origin, frontier).await
            }
        }
    }
}
