//! Restoring a backup into an empty place, and verifying what is there afterwards.

use std::{io::Read, path::Path, pin::Pin, task::Poll};

use serde::Serialize;
use surety_ledger::{Entry, KeyRing, Report, Salt, Verifier};
use surety_store::{
    Account, AccountStore, ApiToken, Identity, LedgerStore, Membership, NewEntry, Organisation,
    Passkey, PersonalData, SavedView, Stores, Vault,
};
use tokio::io::{AsyncRead, ReadBuf};

use super::{
    BackedUp, Line, PublicKey, Signed, part,
    read::{Backup, Lines},
};
use crate::{Config, Error, Position, keys, open::UNFINISHED};

/// Entries that are appended at once.
const PAGE: usize = 1_000;

/// Entries that are read from the store at once.
const READ_PAGE: u32 = 5_000;

/// What was restored and verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restored {
    pub made_at: jiff::Timestamp,
    pub organisations: Vec<RestoredOrganisation>,
    pub accounts: u64,
    pub memberships: u64,
    pub tokens: u64,
    pub passkeys: u64,
    /// Who accounts are at providers of identity.
    pub identities: u64,
    /// Views of lists that members have saved.
    pub saved_views: u64,
    /// Signing keys that came with the backup; without any, new ones are made.
    pub signing_keys: u64,
}

/// One organisation, as it was verified where it now is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RestoredOrganisation {
    pub id: String,
    pub name: String,
    pub size: u64,
    /// Root of the tree over all entries, base64.
    pub root: String,
    /// Signed checkpoints that the entries agree with.
    pub checkpoints: usize,
    pub redacted: usize,
    pub records: usize,
    pub people: usize,
    pub files: u64,
    /// Files that the ledger names and the backup does not have.
    pub missing_files: Vec<String>,
    /// Files that were damaged when the backup was made.
    pub damaged_files: Vec<String>,
}

/// Restores the backup in `file` to where `config` says, which must be empty. Every part of the backup is checked before
/// anything is written, and everything that was written is verified afterwards. Until then, whoever opens the place is told
/// that it is unfinished.
///
/// # Errors
/// [`Error::File`] with the part of the backup that is damaged, [`Error::NotEmpty`], and those of the store and the vault.
pub async fn restore(
    config: &Config,
    file: &Path,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Restored, Error> {
    let mut backup = Backup::open(file)?;
    let Stores { ledgers, accounts, .. } = opened(config).await?;
    let vault = config.vault.open(&config.data)?;
    let place = Place { store: ledgers.as_ref(), accounts: accounts.as_ref(), vault, config };
    let restored = place.restore(&mut backup, progress).await;
    ledgers.close().await;
    restored
}

/// The stores of a place that is empty.
async fn opened(config: &Config) -> Result<Stores, Error> {
    // Before anything is made in it.
    let is_taken = std::fs::read_dir(&config.data).is_ok_and(|mut found| found.next().is_some());
    if config.database.is_none() && is_taken {
        return Err(Error::NotEmpty(config.data.display().to_string()));
    }
    let stores = surety_store::open_all(&config.location()).await?;
    let organisations = stores.ledgers.organisations().await?;
    if !organisations.is_empty() || stores.accounts.count_accounts().await? > 0 {
        stores.ledgers.close().await;
        return Err(Error::NotEmpty("the database".to_owned()));
    }
    Ok(stores)
}

/// Where a backup is restored to.
struct Place<'a> {
    store: &'a dyn LedgerStore,
    accounts: &'a dyn AccountStore,
    vault: Vault,
    config: &'a Config,
}

impl Place<'_> {
    async fn restore(
        &self,
        backup: &mut Backup,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Restored, Error> {
        self.accounts.note_attempt(UNFINISHED, self.config.clock.now()).await?;
        let organisations = backup.manifest.organisations.clone();
        let total: u64 = organisations.iter().map(|organisation| organisation.size).sum();
        let mut done = 0;
        for (number, organisation) in organisations.iter().enumerate() {
            self.organisation(backup, number, organisation, &mut |more| {
                progress(done + more, total)
            })
            .await?;
            done += organisation.size;
        }
        let mut restored = self.people_who_sign_in(backup).await?;
        for (path, name) in backup.below("keys/") {
            let mut text = String::new();
            let read = backup.part(&path)?.take(keys::MAX_FILE_BYTES).read_to_string(&mut text);
            read.map_err(|error| damaged(&path, error.to_string()))?;
            keys::put(&self.config.data, &name, &text)?;
            restored.signing_keys += 1;
        }
        for (number, organisation) in organisations.iter().enumerate() {
            let files = backup.below(&part(number, "files/")).into_iter();
            let files: Vec<String> = files.map(|(_, sha256)| sha256).collect();
            restored.organisations.push(self.verified(organisation, &files).await?);
        }
        if self.accounts.count_accounts().await? != restored.accounts {
            return Err(damaged("accounts.jsonl", "not all accounts are there".to_owned()));
        }
        self.accounts.forget_attempts(UNFINISHED).await?;
        Ok(restored)
    }

    async fn organisation(
        &self,
        backup: &mut Backup,
        number: usize,
        organisation: &BackedUp,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), Error> {
        let id = &organisation.id;
        self.store
            .create_organisation(&Organisation {
                id: id.clone(),
                name: organisation.name.clone(),
                origin: organisation.origin.clone(),
                created_at: organisation.created_at,
            })
            .await?;
        self.entries(backup.lines(&part(number, "entries.jsonl"))?, id, progress).await?;
        for PublicKey { vkey, since } in backup.all(&part(number, "keys.jsonl"))? {
            self.store.put_key(id, &vkey, since).await?;
        }
        for Signed { size, note } in backup.all(&part(number, "checkpoints.jsonl"))? {
            self.store.put_checkpoint(id, size, &note).await?;
        }
        let people: std::collections::BTreeMap<String, PersonalData> =
            backup.json(&part(number, "people.json"))?;
        for (person, data) in &people {
            self.store.put_person(id, person, data).await?;
        }
        let vault = self.vault.of(id);
        for (path, sha256) in backup.below(&part(number, "files/")) {
            let stored = vault.put_from(&mut Blocking(backup.part(&path)?)).await?;
            if stored.hash.to_string() != sha256 {
                return Err(damaged(&path, format!("its SHA-256 is {}", stored.hash)));
            }
        }
        Ok(())
    }

    async fn entries(
        &self,
        mut lines: Lines<'_, Line>,
        organisation: &str,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), Error> {
        let mut size = 0;
        loop {
            let page = lines.page(PAGE)?;
            let page: Vec<NewEntry> = page.into_iter().map(entry).collect::<Result<_, _>>()?;
            if page.is_empty() {
                return Ok(());
            }
            self.store.append(organisation, size, &page).await?;
            size += u64::try_from(page.len()).unwrap_or(0);
            progress(size);
        }
    }

    /// Accounts, and what hangs on them.
    async fn people_who_sign_in(&self, backup: &mut Backup) -> Result<Restored, Error> {
        let mut restored = Restored {
            made_at: backup.manifest.made_at,
            organisations: Vec::new(),
            accounts: 0,
            memberships: 0,
            tokens: 0,
            passkeys: 0,
            identities: 0,
            saved_views: 0,
            signing_keys: 0,
        };
        for account in backup.all::<Account>("accounts.jsonl")? {
            self.accounts.create_account(&account).await?;
            restored.accounts += 1;
        }
        for membership in backup.all::<Membership>("memberships.jsonl")? {
            self.accounts.put_membership(&membership).await?;
            restored.memberships += 1;
        }
        for token in backup.all::<ApiToken>("tokens.jsonl")? {
            self.accounts.create_token(&token).await?;
            restored.tokens += 1;
        }
        for passkey in backup.all::<Passkey>("passkeys.jsonl")? {
            self.accounts.add_passkey(&passkey).await?;
            restored.passkeys += 1;
        }
        for identity in backup.all::<Identity>("identities.jsonl")? {
            self.accounts.link_identity(&identity).await?;
            restored.identities += 1;
        }
        for view in backup.all::<SavedView>("saved_views.jsonl")? {
            self.accounts.save_view(&view, u32::MAX).await?;
            restored.saved_views += 1;
        }
        Ok(restored)
    }

    /// Reads everything of an organisation where it now is: every entry against every checkpoint, the records that they
    /// fold to, and the bytes of every file.
    async fn verified(
        &self,
        organisation: &BackedUp,
        files: &[String],
    ) -> Result<RestoredOrganisation, Error> {
        let id = &organisation.id;
        let report = self.ledger(id).await?;
        if report.size != organisation.size || report.root.to_base64() != organisation.root {
            let message =
                format!("the ledger of `{id}` has another root than when it was backed up");
            return Err(Error::Input(message));
        }
        let (position, _) = Position::at(self.store, id, report.size).await?;
        for sha256 in files {
            let hash = sha256.parse().map_err(|_| damaged(sha256, "is no SHA-256".to_owned()))?;
            self.vault.of(id).verify(&hash).await?;
        }
        Ok(RestoredOrganisation {
            id: id.clone(),
            name: organisation.name.clone(),
            size: report.size,
            root: report.root.to_base64(),
            checkpoints: report.checkpoints,
            redacted: report.redacted.len(),
            records: position.book.len(),
            people: self.store.people(id).await?.len(),
            files: u64::try_from(files.len()).unwrap_or(u64::MAX),
            missing_files: organisation.missing_files.clone(),
            damaged_files: organisation.damaged_files.clone(),
        })
    }

    /// The whole ledger where it now is.
    async fn ledger(&self, id: &str) -> Result<Report, Error> {
        let mut ring = KeyRing::new();
        for (vkey, _) in self.store.keys(id).await? {
            ring.insert(vkey.parse()?)?;
        }
        let checkpoints = self.store.checkpoints(id).await?.into_iter();
        let checkpoints: Vec<String> = checkpoints.map(|(_, note)| note).collect();
        let mut verifier = Verifier::new(id, &checkpoints, &ring)?;
        let mut next = 0;
        loop {
            let entries = self.store.entries(id, next, READ_PAGE).await?;
            if entries.is_empty() {
                return Ok(verifier.finish()?);
            }
            verifier.push_all(&entries)?;
            next += u64::try_from(entries.len()).unwrap_or(0);
        }
    }
}

/// What is wrong with a part, which was what its manifest says and is not what it should be all the same.
fn damaged(part: &str, message: String) -> Error {
    Error::File { path: part.to_owned(), message }
}

fn entry(line: Line) -> Result<NewEntry, Error> {
    let Line { header, salt, payload, subject, redacts } = line;
    let salt = salt.map(|salt| Salt::from_base64(&salt)).transpose();
    let salt = salt.map_err(|error| damaged("entries.jsonl", error.to_string()))?;
    let payload = payload.map(String::into_bytes);
    let entry = Entry { header: header.into_bytes(), salt, payload };
    Ok(NewEntry { entry, subject, redacts })
}

/// A reader that blocks, where nobody else is kept waiting.
struct Blocking<R>(R);

impl<R: Read + Unpin> AsyncRead for Blocking<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let count = self.0.read(buffer.initialize_unfilled())?;
        buffer.advance(count);
        Poll::Ready(Ok(()))
    }
}
