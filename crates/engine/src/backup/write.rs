//! Writing a backup.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    path::Path,
};

use futures_util::TryStreamExt;
use surety_aims::Event;
use surety_ledger::{Entry, Frontier, Hash, HeaderRef};
use surety_store::{
    AccountStore, LedgerStore, Membership, Organisation, Redaction, SavedView, Vault, VaultError,
};

use super::{BackedUp, FORMAT, Line, Manifest, PublicKey, Signed, SigningKeys, VERSION, part};
use crate::{
    Engine, Error,
    archive::Archive,
    entries::{Residues, happened, residues},
    keys,
};

/// Entries that are read from the store at once.
const PAGE: u32 = 5_000;

pub(super) async fn write(
    engine: &Engine,
    path: &Path,
    with: SigningKeys,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Manifest, Error> {
    let shared = &engine.shared;
    let made_at = shared.config.clock.now();
    let store = shared.store.as_ref();
    // First of all: what is acknowledged by now is in the backup.
    let mut sized = Vec::new();
    for organisation in store.organisations().await? {
        let size = store.size(&organisation.id).await?;
        sized.push((organisation, size));
    }
    let total: u64 = sized.iter().map(|(_, size)| size).sum();
    let mut done = 0;
    let mut archive = Archive::create_private(path)?;
    let mut organisations = Vec::new();
    for (number, (organisation, size)) in sized.iter().enumerate() {
        let vault = shared.vault()?.of(&organisation.id);
        let mut writer = Writer { store, vault, organisation, number, archive: &mut archive };
        organisations.push(writer.write(*size, &mut |more| progress(done + more, total)).await?);
        done += size;
    }
    let accounts = match shared.accounts.as_deref() {
        Some(accounts) => write_accounts(accounts, &organisations, &mut archive).await?,
        None => 0,
    };
    let mut signing_keys = 0;
    if with == SigningKeys::Included {
        for (name, text) in keys::all(&shared.config.data)? {
            archive.add(&format!("keys/{name}"), text.as_bytes())?;
            signing_keys += 1;
        }
    }
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        made_at,
        made_by: env!("CARGO_PKG_VERSION").to_owned(),
        organisations,
        accounts,
        signing_keys,
        parts: archive.files().to_vec(),
    };
    archive.finish(&manifest)?;
    Ok(manifest)
}

/// Writes one organisation.
struct Writer<'a> {
    store: &'a dyn LedgerStore,
    vault: Vault,
    organisation: &'a Organisation,
    number: usize,
    archive: &'a mut Archive,
}

impl Writer<'_> {
    async fn write(
        &mut self,
        size: u64,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<BackedUp, Error> {
        let id = &self.organisation.id;
        let (frontier, named) = self.entries(size, progress).await?;
        let size = frontier.size();
        let checkpoints = self.store.checkpoints(id).await?.into_iter();
        let checkpoints = checkpoints.filter(|(signed, _)| *signed <= size);
        let checkpoints: Vec<_> = checkpoints.map(|(size, note)| Signed { size, note }).collect();
        self.archive.add_lines(&part(self.number, "checkpoints.jsonl"), &checkpoints)?;
        let keys = self.store.keys(id).await?.into_iter();
        let keys = keys.map(|(vkey, since)| PublicKey { vkey, since });
        self.archive.add_lines(&part(self.number, "keys.jsonl"), keys)?;
        let people = self.store.people(id).await?;
        self.archive.add_json(&part(self.number, "people.json"), &people)?;
        let Organisation { id, name, origin, created_at } = self.organisation.clone();
        let mut backed_up = BackedUp {
            id,
            name,
            origin,
            created_at,
            size,
            root: frontier.root().to_base64(),
            checkpoints: u64::try_from(checkpoints.len()).unwrap_or(u64::MAX),
            files: 0,
            missing_files: Vec::new(),
            damaged_files: Vec::new(),
        };
        for sha256 in named {
            self.file(&sha256, &mut backed_up).await?;
        }
        Ok(backed_up)
    }

    /// The first `size` entries, and the files that they name. If one of them is erased meanwhile, the entry that says what
    /// remains of it is in the backup too, with all before that.
    async fn entries(
        &mut self,
        mut size: u64,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(Frontier, BTreeSet<String>), Error> {
        let (mut frontier, mut named) = (Frontier::new(), BTreeSet::new());
        self.archive.begin(&part(self.number, "entries.jsonl"))?;
        loop {
            let redactions = self.store.redactions(&self.organisation.id).await?;
            let erasing: HashMap<u64, u64> =
                redactions.iter().map(|one| (one.redacted_by, one.seq)).collect();
            let residues = residues(self.store, &self.organisation.id).await?;
            while frontier.size() < size {
                let first = frontier.size();
                let left = u32::try_from(size - first).unwrap_or(u32::MAX).min(PAGE);
                let page = self.store.entries(&self.organisation.id, first, left).await?;
                if page.is_empty() {
                    break;
                }
                for (seq, entry) in (first..).zip(&page) {
                    let event = event(entry, &residues)?;
                    let file = event.as_ref().and_then(|event| match event {
                        Event::Stated(stated) => stated.body.file(),
                        Event::Moved { .. }
                        | Event::Withdrawn { .. }
                        | Event::Redacted { .. }
                        | Event::Security(_) => None,
                    });
                    named.extend(file.map(|file| file.sha256.clone()));
                    let subject = event.and_then(|event| event.found_under());
                    let redacts = erasing.get(&seq).copied();
                    self.archive.write_line(&line(seq, entry, subject, redacts)?)?;
                    frontier.append(entry.leaf());
                }
                progress(frontier.size());
            }
            let later = self.store.redactions(&self.organisation.id).await?;
            let is_open = |one: &Redaction| one.seq < size && one.redacted_by >= size;
            if !later.iter().any(is_open) {
                break;
            }
            size = self.store.size(&self.organisation.id).await?;
        }
        self.archive.end();
        Ok((frontier, named))
    }

    /// One file of the vault, read twice: a file that turns out to be damaged must not be in a backup as if it were whole.
    async fn file(&mut self, sha256: &str, backed_up: &mut BackedUp) -> Result<(), Error> {
        let Ok(hash) = sha256.parse::<Hash>() else {
            backed_up.missing_files.push(sha256.to_owned());
            return Ok(());
        };
        match self.vault.verify(&hash).await {
            Ok(size) => {
                self.archive.begin(&part(self.number, &format!("files/{hash}")))?;
                let mut parts = std::pin::pin!(self.vault.read(&hash, size, 0..size));
                while let Some(bytes) = parts.try_next().await? {
                    self.archive.write(&bytes)?;
                }
                self.archive.end();
                backed_up.files += 1;
            }
            Err(VaultError::Missing { .. }) => backed_up.missing_files.push(sha256.to_owned()),
            Err(VaultError::Corrupted { .. }) => backed_up.damaged_files.push(sha256.to_owned()),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

/// What an entry says, or what remains of it.
fn event(entry: &Entry, residues: &Residues) -> Result<Option<Event>, Error> {
    let header = HeaderRef::parse(&entry.header)?;
    Ok(happened(&header, entry, residues)?.map(|happened| happened.event))
}

fn line(
    seq: u64,
    entry: &Entry,
    subject: Option<String>,
    redacts: Option<u64>,
) -> Result<Line, Error> {
    let text = |bytes: &[u8]| {
        let text = String::from_utf8(bytes.to_vec());
        text.map_err(|_| Error::Input(format!("entry {seq} of the ledger is no text")))
    };
    Ok(Line {
        header: text(&entry.header)?,
        salt: entry.salt.as_ref().map(|salt| salt.to_base64()),
        payload: entry.payload.as_deref().map(text).transpose()?,
        subject,
        redacts,
    })
}

/// Accounts, and what hangs on them; gives how many accounts there are.
async fn write_accounts(
    store: &dyn AccountStore,
    organisations: &[BackedUp],
    archive: &mut Archive,
) -> Result<u64, Error> {
    let accounts = store.accounts().await?;
    let known: HashSet<&str> = accounts.iter().map(|account| account.id.as_str()).collect();
    let (mut memberships, mut tokens) = (Vec::new(), Vec::new());
    let (mut passkeys, mut identities, mut views) = (Vec::new(), Vec::new(), Vec::new());
    for organisation in organisations {
        let all = store.memberships_of_organisation(&organisation.id).await?;
        memberships.extend(all.into_iter().filter(|one| known.contains(one.account.as_str())));
        let all = store.tokens_of_organisation(&organisation.id).await?;
        tokens.extend(all.into_iter().filter(|one| known.contains(one.account.as_str())));
    }
    for organisation in organisations {
        let all = store.saved_views_of_organisation(&organisation.id).await?;
        // Of members alone: who became one since memberships were read is not in this backup.
        let is_member = |view: &SavedView| {
            let is = |one: &Membership| {
                one.account == view.account && one.organisation == view.organisation
            };
            memberships.iter().any(is)
        };
        views.extend(all.into_iter().filter(is_member));
    }
    for account in &accounts {
        passkeys.extend(store.passkeys_of_account(&account.id).await?);
        identities.extend(store.identities_of_account(&account.id).await?);
    }
    archive.add_lines("accounts.jsonl", &accounts)?;
    archive.add_lines("memberships.jsonl", &memberships)?;
    archive.add_lines("tokens.jsonl", &tokens)?;
    archive.add_lines("passkeys.jsonl", &passkeys)?;
    archive.add_lines("identities.jsonl", &identities)?;
    archive.add_lines("saved_views.jsonl", &views)?;
    Ok(u64::try_from(accounts.len()).unwrap_or(u64::MAX))
}
