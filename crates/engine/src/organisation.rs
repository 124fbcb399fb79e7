//! One open organisation: its current Book, commands, and views as of any moment.

use std::sync::{Arc, RwLock};

use jiff::{Timestamp, civil::Date};
use surety_aims::{Action, Book, Command, Principal, Sight, erase, permit};
use surety_catalog::Catalogs;
use surety_ledger::{KeyRing, SigningKey};
use surety_store::{NewEntry, Organisation};
use tokio::sync::mpsc;

use crate::{
    Batch, Done, Error, Position, Refusal,
    authority::{Authority, Desk},
    catalogs::Libraries,
    keys,
    limited::Limited,
    open::Shared,
    search::Search,
    vault::Files,
    writer,
};

/// An open organisation.
pub struct Aims {
    pub(crate) shared: Arc<Shared>,
    /// Its files, apart from those of other organisations.
    pub(crate) vault: Files,
    organisation: Organisation,
    position: RwLock<Arc<Position>>,
    authority: Authority,
    libraries: Libraries,
    /// What is seen by those who are limited to some AI systems.
    pub(crate) limited: Limited,
    pub(crate) search: Arc<Search>,
    /// Size at the last snapshot that is kept.
    snapshot: std::sync::atomic::AtomicU64,
}

/// Which moment a view shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    #[default]
    Now,
    /// The end of a day (UTC).
    Day(Date),
    /// After so many entries.
    Size(u64),
}

/// The Book of a moment, with what derivations need beside it.
#[derive(Clone)]
pub struct View {
    pub position: Arc<Position>,
    pub catalogs: Arc<Catalogs>,
    /// The day that derivations ask about.
    pub on: Date,
    /// What is hidden, if the Book is that of somebody who is limited to some AI systems.
    pub sight: Option<Arc<Sight>>,
}

impl View {
    pub fn book(&self) -> &Book {
        &self.position.book
    }
}

/// Entries after which a snapshot is worth its writing.
const SNAPSHOT_EVERY: u64 = 2_000;

impl Aims {
    pub(crate) async fn open(
        shared: Arc<Shared>,
        organisation: Organisation,
    ) -> Result<Arc<Aims>, Error> {
        let (authority, vault, waiting) = match &shared.remote {
            Some(remote) => {
                let (remote, organisation) = (remote.clone(), organisation.id.clone());
                (Authority::There(remote.clone()), Files::There { remote, organisation }, None)
            }
            None => {
                let (queue, waiting) = mpsc::channel(1024);
                let desk = Desk::new(queue, key_of(&shared, &organisation).await?);
                (
                    Authority::Here(desk),
                    Files::Here(shared.vault()?.of(&organisation.id)),
                    Some(waiting),
                )
            }
        };
        let size = shared.store.size(&organisation.id).await?;
        let (position, kept) = Position::at(shared.store.as_ref(), &organisation.id, size).await?;
        let aims = Arc::new(Aims {
            libraries: Libraries::new(shared.cache.clone()),
            vault,
            limited: Limited::default(),
            search: Arc::default(),
            shared,
            organisation,
            position: RwLock::new(Arc::new(Position::default())),
            authority,
            snapshot: kept.into(),
        });
        aims.publish(position)?;
        let position = aims.known();
        aims.load_libraries(&position.book).await?;
        if let Some(waiting) = waiting {
            tokio::spawn(writer::run(Arc::downgrade(&aims), waiting));
        }
        Ok(aims)
    }

    pub(crate) fn organisation(&self) -> &Organisation {
        &self.organisation
    }

    /// Whoever acts, if that is not for this process to say: a server knows it by the token.
    pub async fn principal(&self) -> Result<Option<Principal>, Error> {
        match &self.authority {
            Authority::Here(_) => Ok(None),
            Authority::There(remote) => remote.principal(self.id()).await.map(Some),
        }
    }

    pub fn id(&self) -> &str {
        &self.organisation.id
    }

    pub fn name(&self) -> &str {
        &self.organisation.name
    }

    /// First line of its checkpoints.
    pub fn origin(&self) -> &str {
        &self.organisation.origin
    }

    /// Now, by the engine's clock.
    pub fn now(&self) -> Timestamp {
        self.shared.config.clock.now()
    }

    /// Today (UTC).
    pub fn today(&self) -> Date {
        self.now().to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    /// The state after every acknowledged write, also those of other nodes.
    pub async fn current(&self) -> Result<Arc<Position>, Error> {
        let size = self.shared.store.size(self.id()).await?;
        let position = self.known();
        if position.book.size() >= size {
            return Ok(position);
        }
        let mut newer = position.as_ref().clone();
        let store = self.shared.store.as_ref();
        let erased = newer.advance(store, self.id(), size).await?;
        if erased {
            // What was folded from payloads that are gone must go from memory too.
            (newer, _) = Position::at(store, self.id(), newer.book.size()).await?;
            self.forget();
        }
        self.publish(newer)?;
        let position = self.known();
        self.load_libraries(&position.book).await?;
        Ok(position)
    }

    /// The newest state that this process has seen.
    pub(crate) fn known(&self) -> Arc<Position> {
        let position = self.position.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        position.clone()
    }

    /// Lets go of what was made from Books, as something of them was erased.
    fn forget(&self) {
        self.limited.forget();
        self.search.forget();
    }

    /// Makes `newer` the known state, unless a still newer one is known.
    ///
    /// # Errors
    /// [`Error::Remote`] if it is not what the server says.
    fn publish(&self, newer: Position) -> Result<(), Error> {
        if let Authority::There(remote) = &self.authority {
            remote.check(self.id(), &newer)?;
        }
        let mut known = self.position.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if newer.book.size() > known.book.size() {
            *known = Arc::new(newer);
        }
        Ok(())
    }

    /// The Book of a moment with its catalogs.
    pub async fn view(&self, moment: Moment) -> Result<View, Error> {
        let store = self.shared.store.as_ref();
        let (size, on) = match moment {
            Moment::Now => {
                let position = self.current().await?;
                self.load_libraries(&position.book).await?;
                let catalogs = self.catalogs_of(&position.book);
                return Ok(View { position, catalogs, on: self.today(), sight: None });
            }
            Moment::Day(day) => (store.seq_at(self.id(), end_of(day)).await?, day),
            Moment::Size(size) => (size, self.today()),
        };
        let current = self.current().await?;
        let position = if current.book.size() == size {
            current
        } else {
            Arc::new(Position::at(store, self.id(), size).await?.0)
        };
        self.load_libraries(&position.book).await?;
        let catalogs = self.catalogs_of(&position.book);
        Ok(View { position, catalogs, on, sight: None })
    }

    /// Runs a batch: all of it or nothing, durable when this returns.
    pub async fn execute(&self, principal: &Principal, batch: Batch) -> Result<Done, Error> {
        self.try_execute(principal, batch).await?.map_err(|refusal| refusal.rejection.into())
    }

    /// The same, telling which command was refused.
    pub async fn try_execute(
        &self,
        principal: &Principal,
        batch: Batch,
    ) -> Result<Result<Done, Refusal>, Error> {
        self.authority.decide(&self.organisation, principal, batch).await
    }

    /// Commits entries; `position` is the state after them.
    pub(crate) async fn append(
        &self,
        entries: &[NewEntry],
        position: Position,
    ) -> Result<(), Error> {
        let expected =
            position.book.size().saturating_sub(u64::try_from(entries.len()).unwrap_or(0));
        self.shared.store.append(self.id(), expected, entries).await?;
        if entries.iter().all(|entry| entry.redacts.is_none()) {
            self.publish(position)?;
        } else {
            // What was folded from the erased payload must go from memory too. The entries are durable, so a failure here
            // is not theirs: whoever reads next folds anew.
            self.forget();
            drop(self.current().await);
        }
        Ok(())
    }

    /// Erases free text of an entry for a legal duty; every proof still verifies.
    pub async fn redact(
        &self,
        principal: &Principal,
        seq: u64,
        reason: &str,
        fields: &[String],
    ) -> Result<Done, Error> {
        permit(principal, Action::Redact)?;
        if let Authority::There(remote) = &self.authority {
            // The server reads the entry itself, so that nobody can put words in the place of what is erased.
            return remote.redact(self.id(), seq, reason, fields).await;
        }
        let entries = self.shared.store.entries(self.id(), seq, 1).await?;
        let entry = entries.first().ok_or(Error::UnknownEntry(seq))?;
        let refused = |source| Error::Redact { seq, source };
        let Some(payload) = &entry.payload else {
            return Err(refused(surety_aims::RedactError::AlreadyRedacted));
        };
        let residue = erase(&serde_json::from_slice(payload)?, fields).map_err(refused)?;
        let command = Command::Redact { seq, reason: reason.to_owned(), residue };
        self.execute(principal, Batch::of(vec![command])).await
    }

    /// Signs a checkpoint of the state that a view shows, without keeping it.
    pub async fn checkpoint_of(&self, view: &View) -> Result<String, Error> {
        self.authority.sign(&self.organisation, &view.position.frontier).await
    }

    /// Signs and keeps a checkpoint of the current state.
    pub async fn checkpoint(&self) -> Result<String, Error> {
        let position = self.current().await?;
        let note = self.authority.sign(&self.organisation, &position.frontier).await?;
        self.shared.store.put_checkpoint(self.id(), position.book.size(), &note).await?;
        Ok(note)
    }

    /// Makes a new signing key. Checkpoints signed with the old one still verify.
    pub async fn rotate_key(&self) -> Result<String, Error> {
        let desk = match &self.authority {
            Authority::Here(desk) => desk,
            Authority::There(remote) => return Ok(remote.rotate_key(self.id()).await?),
        };
        self.checkpoint().await?;
        let config = &self.shared.config;
        let key = keys::rotate(&config.key, &config.data, self.id(), self.origin())?;
        let vkey = key.verifier().to_string();
        self.shared.store.put_key(self.id(), &vkey, self.now()).await?;
        desk.change_key(key);
        self.checkpoint().await?;
        Ok(vkey)
    }

    /// The public keys, old and new.
    pub async fn keys(&self) -> Result<KeyRing, Error> {
        let mut ring = KeyRing::new();
        for (vkey, _) in self.shared.store.keys(self.id()).await? {
            ring.insert(vkey.parse()?)?;
        }
        Ok(ring)
    }

    /// Keeps a checkpoint and, when it is worth it, a snapshot of the current state.
    pub async fn settle(&self) -> Result<(), Error> {
        use std::sync::atomic::Ordering;
        if let Authority::There(remote) = &self.authority {
            remote.settle(self.id()).await;
            return Ok(());
        }
        let position = self.current().await?;
        let size = position.book.size();
        let latest = self.shared.store.latest_checkpoint(self.id()).await?;
        if latest.is_none_or(|(latest, _)| latest < size) {
            self.checkpoint().await?;
        }
        if size >= self.snapshot.load(Ordering::Relaxed).saturating_add(SNAPSHOT_EVERY) {
            self.keep_snapshot().await?;
        }
        Ok(())
    }

    /// Keeps a snapshot of the current state, so that the next opening is quick.
    pub async fn keep_snapshot(&self) -> Result<(), Error> {
        let position = self.current().await?;
        let size = position.book.size();
        let bytes = position.snapshot()?;
        let format = crate::entries::snapshot_format();
        self.shared.store.put_snapshot(self.id(), size, &format, &bytes).await?;
        self.snapshot.store(size, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    }

    /// The catalogs that the organisation uses, by its records.
    pub(crate) fn catalogs_of(&self, book: &Book) -> Arc<Catalogs> {
        self.libraries.catalogs(book)
    }

    /// Takes over a library that was just parsed, so that it need not be parsed again.
    pub(crate) fn keep_library(&self, hash: &str, library: surety_catalog::Library) {
        self.libraries.keep(hash, library);
    }

    /// Reads the imported libraries that a Book names and that are not in memory yet.
    async fn load_libraries(&self, book: &Book) -> Result<(), Error> {
        self.libraries.load(book, &self.vault).await
    }
}

/// The key that signs checkpoints of the organisation, which the store knows from now on.
async fn key_of(shared: &Shared, organisation: &Organisation) -> Result<SigningKey, Error> {
    let config = &shared.config;
    let key = keys::signing_key(&config.key, &config.data, &organisation.id, &organisation.origin)?;
    let vkey = key.verifier().to_string();
    let known = shared.store.keys(&organisation.id).await?;
    if known.iter().all(|(known, _)| *known != vkey) {
        shared.store.put_key(&organisation.id, &vkey, config.clock.now()).await?;
    }
    Ok(key)
}

/// The first instant of a day (UTC).
pub(crate) fn start_of(day: Date) -> Timestamp {
    day.to_zoned(jiff::tz::TimeZone::UTC).map_or(Timestamp::MIN, |start| start.timestamp())
}

/// The last instant of a day (UTC).
pub(crate) fn end_of(day: Date) -> Timestamp {
    let next = day.tomorrow().unwrap_or(Date::MAX).to_zoned(jiff::tz::TimeZone::UTC);
    let last = next.map(|next| next.timestamp()).unwrap_or(Timestamp::MAX);
    Timestamp::from_microsecond(last.as_microsecond().saturating_sub(1)).unwrap_or(last)
}
