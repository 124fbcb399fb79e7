//! A ledger that lies at a server, read over HTTP. It grows by commands, which the server decides, so nothing is appended
//! here.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use jiff::Timestamp;
use surety_ledger::{Entry, HeaderRef};
use surety_store::{LedgerStore, NewEntry, Organisation, PersonalData, Redaction, StoreError};

use super::{
    Question, Remote, RemoteError,
    wire::{Person, Redacted, Signatures, Size},
};
use crate::{Error, entries::StoredEntry};

/// The ledgers of a server.
pub(crate) struct RemoteStore {
    remote: Arc<Remote>,
    /// Whoever folds anew from the first entry wants no snapshot.
    without_snapshots: AtomicBool,
}

impl RemoteStore {
    pub(crate) fn new(remote: Arc<Remote>) -> RemoteStore {
        RemoteStore { remote, without_snapshots: AtomicBool::new(false) }
    }
}

type Result<T> = std::result::Result<T, StoreError>;

fn elsewhere(error: impl Into<Error>) -> StoreError {
    StoreError::Elsewhere(Box::new(error.into()))
}

/// What only the server itself does.
fn only_there<T>(what: &'static str) -> Result<T> {
    Err(elsewhere(RemoteError::OnlyThere(what)))
}

impl Remote {
    /// Entries from number `from` on, at most `limit`, each checked.
    pub(super) async fn entries(
        &self,
        organisation: &str,
        from: u64,
        limit: u32,
    ) -> std::result::Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        let mut next = from;
        loop {
            let read = u32::try_from(entries.len()).unwrap_or(u32::MAX);
            let left = limit.saturating_sub(read);
            if left == 0 {
                return Ok(entries);
            }
            let question = Remote::get(organisation, &["replica", "entries"]);
            let question = question.with("from", next).with("limit", left.min(PAGE));
            let page = self.lines(question).await?;
            if page.is_empty() {
                return Ok(entries);
            }
            for entry in page {
                entry.check(next, organisation).map_err(|error| self.http.untrue(error))?;
                entries.push(entry);
                next += 1;
            }
        }
    }

    /// Entries as they are stored, one a line.
    async fn lines(&self, question: Question) -> std::result::Result<Vec<Entry>, Error> {
        let bytes = self.http.ask(question).await?;
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let entry = |line| -> std::result::Result<Entry, RemoteError> {
            let stored: StoredEntry<'_> =
                serde_json::from_slice(line).map_err(|error| self.http.strange(error))?;
            stored.into_entry().map_err(|error| self.http.strange(error))
        };
        Ok(lines.map(entry).collect::<std::result::Result<_, _>>()?)
    }

    async fn signatures(&self, organisation: &str) -> Result<Signatures> {
        let question = Remote::get(organisation, &["ledger", "signatures"]);
        self.http.read(question).await.map_err(elsewhere)
    }
}

/// Entries that are asked for at once; the server may give fewer.
const PAGE: u32 = 10_000;

#[async_trait]
impl LedgerStore for RemoteStore {
    async fn organisations(&self) -> Result<Vec<Organisation>> {
        let places = self.remote.places().await.map_err(elsewhere)?;
        let organisations = places.into_iter().map(|place| Organisation {
            id: place.id,
            name: place.name,
            origin: place.origin,
            created_at: place.created_at,
        });
        Ok(organisations.collect())
    }

    async fn create_organisation(&self, _: &Organisation) -> Result<()> {
        only_there("to start an organisation")
    }

    async fn size(&self, organisation: &str) -> Result<u64> {
        Ok(self.remote.head(organisation).await.map_err(elsewhere)?.size)
    }

    async fn append(&self, _: &str, _: u64, _: &[NewEntry]) -> Result<()> {
        only_there("to append to a ledger")
    }

    async fn entries(&self, organisation: &str, from: u64, limit: u32) -> Result<Vec<Entry>> {
        self.remote.entries(organisation, from, limit).await.map_err(elsewhere)
    }

    async fn redactions(&self, organisation: &str) -> Result<Vec<Redaction>> {
        let question = Remote::get(organisation, &["replica", "redactions"]);
        let all: Vec<Redacted> = self.remote.http.read(question).await.map_err(elsewhere)?;
        let all =
            all.into_iter().map(|one| Redaction { seq: one.seq, redacted_by: one.redacted_by });
        Ok(all.collect())
    }

    async fn history(
        &self,
        organisation: &str,
        subject: &str,
        limit: u32,
    ) -> Result<Vec<(u64, Entry)>> {
        let path = ["replica", "records", subject, "entries"];
        let question = Remote::get(organisation, &path).with("limit", limit);
        let entries = self.remote.lines(question).await.map_err(elsewhere)?;
        let numbered = |entry: Entry| {
            let seq = HeaderRef::parse(&entry.header).map_err(elsewhere)?.seq;
            let checked = entry.check(seq, organisation);
            checked.map_err(|error| elsewhere(self.remote.http.untrue(error)))?;
            Ok((seq, entry))
        };
        entries.into_iter().map(numbered).collect()
    }

    async fn by_idempotency_key(&self, _: &str, _: &str) -> Result<Option<u64>> {
        only_there("to look for an idempotency key")
    }

    async fn seq_at(&self, organisation: &str, instant: Timestamp) -> Result<u64> {
        let question = Remote::get(organisation, &["replica", "size"]).with("at", instant);
        let size: Size = self.remote.http.read(question).await.map_err(elsewhere)?;
        Ok(size.size)
    }

    /// The server keeps one of its own making; it signed this one too.
    async fn put_checkpoint(&self, organisation: &str, _: u64, _: &str) -> Result<()> {
        self.remote.keep_checkpoint(organisation).await.map_err(elsewhere)
    }

    async fn checkpoints(&self, organisation: &str) -> Result<Vec<(u64, String)>> {
        let kept = self.remote.signatures(organisation).await?.checkpoints;
        Ok(kept.into_iter().map(|one| (one.size, one.note)).collect())
    }

    async fn latest_checkpoint(&self, organisation: &str) -> Result<Option<(u64, String)>> {
        Ok(self.checkpoints(organisation).await?.pop())
    }

    async fn put_key(&self, _: &str, _: &str, _: Timestamp) -> Result<()> {
        only_there("to add a key")
    }

    async fn keys(&self, organisation: &str) -> Result<Vec<(String, Timestamp)>> {
        let keys = self.remote.signatures(organisation).await?.keys;
        Ok(keys.into_iter().map(|key| (key.vkey, key.since)).collect())
    }

    /// Snapshots are caches, and this side keeps none: nobody could take out of it what is redacted later.
    async fn put_snapshot(&self, _: &str, _: u64, _: &str, _: &[u8]) -> Result<()> {
        Ok(())
    }

    async fn snapshot(
        &self,
        organisation: &str,
        at_most: u64,
        format: &str,
    ) -> Result<Option<(u64, Vec<u8>)>> {
        // The server may forget one while it is asked for; the entries are all there.
        if at_most == 0 || self.without_snapshots.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let question = Remote::get(organisation, &["replica", "snapshot"]);
        let question = question.with("at_most", at_most).with("layout", format);
        match self.remote.http.ask(question).await {
            // Who reads it finds its size in it.
            Ok(bytes) => Ok(Some((at_most, bytes))),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(elsewhere(error)),
        }
    }

    /// For this side alone.
    async fn drop_snapshots(&self, _: &str) -> Result<()> {
        self.without_snapshots.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn put_person(
        &self,
        organisation: &str,
        person: &str,
        data: &PersonalData,
    ) -> Result<()> {
        let data = Person { name: data.name.clone(), email: data.email.clone() };
        self.remote.put_person(organisation, person, &data).await.map_err(elsewhere)
    }

    async fn people(&self, organisation: &str) -> Result<BTreeMap<String, PersonalData>> {
        let question = Remote::get(organisation, &["people"]);
        let people: BTreeMap<String, Person> =
            self.remote.http.read(question).await.map_err(elsewhere)?;
        let people = people
            .into_iter()
            .map(|(id, one)| (id, PersonalData { name: one.name, email: one.email }));
        Ok(people.collect())
    }

    async fn erase_person(&self, organisation: &str, person: &str) -> Result<()> {
        self.remote.erase_person(organisation, person).await.map_err(elsewhere)
    }

    async fn close(&self) {}
}
