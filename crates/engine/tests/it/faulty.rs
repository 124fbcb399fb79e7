//! A store that fails when it is told to: before it writes, or after it has written.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use jiff::Timestamp;
use surety_ledger::Entry;
use surety_store::{LedgerStore, NewEntry, Organisation, PersonalData, Redaction, StoreError};

/// What goes wrong with the next append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Nothing is written.
    NotPersisted,
    /// All is written, and nobody hears of it.
    Persisted,
}

pub(crate) struct Faulty {
    pub(crate) store: Arc<dyn LedgerStore>,
    next: Mutex<Fault>,
}

type Result<T> = std::result::Result<T, StoreError>;

fn lost() -> StoreError {
    StoreError::Damaged { what: "connection", found: "nothing".to_owned() }
}

impl Faulty {
    pub(crate) fn over(store: Arc<dyn LedgerStore>) -> Arc<Faulty> {
        Arc::new(Faulty { store, next: Mutex::new(Fault::None) })
    }

    /// The next append fails in this way.
    pub(crate) fn fail(&self, fault: Fault) {
        *self.next.lock().unwrap() = fault;
    }
}

#[async_trait]
impl LedgerStore for Faulty {
    async fn append(&self, organisation: &str, size: u64, entries: &[NewEntry]) -> Result<()> {
        let fault = std::mem::replace(&mut *self.next.lock().unwrap(), Fault::None);
        if fault == Fault::NotPersisted {
            return Err(lost());
        }
        self.store.append(organisation, size, entries).await?;
        if fault == Fault::Persisted { Err(lost()) } else { Ok(()) }
    }

    async fn organisations(&self) -> Result<Vec<Organisation>> {
        self.store.organisations().await
    }

    async fn create_organisation(&self, organisation: &Organisation) -> Result<()> {
        self.store.create_organisation(organisation).await
    }

    async fn size(&self, organisation: &str) -> Result<u64> {
        self.store.size(organisation).await
    }

    async fn entries(&self, organisation: &str, from: u64, limit: u32) -> Result<Vec<Entry>> {
        self.store.entries(organisation, from, limit).await
    }

    async fn redactions(&self, organisation: &str) -> Result<Vec<Redaction>> {
        self.store.redactions(organisation).await
    }

    async fn history(
        &self,
        organisation: &str,
        subject: &str,
        limit: u32,
    ) -> Result<Vec<(u64, Entry)>> {
        self.store.history(organisation, subject, limit).await
    }

    async fn by_idempotency_key(&self, organisation: &str, key: &str) -> Result<Option<u64>> {
        self.store.by_idempotency_key(organisation, key).await
    }

    async fn seq_at(&self, organisation: &str, instant: Timestamp) -> Result<u64> {
        self.store.seq_at(organisation, instant).await
    }

    async fn put_checkpoint(&self, organisation: &str, size: u64, note: &str) -> Result<()> {
        self.store.put_checkpoint(organisation, size, note).await
    }

    async fn checkpoints(&self, organisation: &str) -> Result<Vec<(u64, String)>> {
        self.store.checkpoints(organisation).await
    }

    async fn latest_checkpoint(&self, organisation: &str) -> Result<Option<(u64, String)>> {
        self.store.latest_checkpoint(organisation).await
    }

    async fn put_key(&self, organisation: &str, vkey: &str, since: Timestamp) -> Result<()> {
        self.store.put_key(organisation, vkey, since).await
    }

    async fn keys(&self, organisation: &str) -> Result<Vec<(String, Timestamp)>> {
        self.store.keys(organisation).await
    }

    async fn put_snapshot(
        &self,
        organisation: &str,
        size: u64,
        format: &str,
        bytes: &[u8],
    ) -> Result<()> {
        self.store.put_snapshot(organisation, size, format, bytes).await
    }

    async fn snapshot(
        &self,
        organisation: &str,
        at_most: u64,
        format: &str,
    ) -> Result<Option<(u64, Vec<u8>)>> {
        self.store.snapshot(organisation, at_most, format).await
    }

    async fn drop_snapshots(&self, organisation: &str) -> Result<()> {
        self.store.drop_snapshots(organisation).await
    }

    async fn put_person(
        &self,
        organisation: &str,
        person: &str,
        data: &PersonalData,
    ) -> Result<()> {
        self.store.put_person(organisation, person, data).await
    }

    async fn people(&self, organisation: &str) -> Result<BTreeMap<String, PersonalData>> {
        self.store.people(organisation).await
    }

    async fn erase_person(&self, organisation: &str, person: &str) -> Result<()> {
        self.store.erase_person(organisation, person).await
    }

    async fn close(&self) {
        self.store.close().await;
    }
}
