//! Opening a data folder or database, and the organisations in it.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use surety_aims::{Command, Kind, Principal};
use surety_store::{AccountStore, LedgerStore, Organisation, Stores, Uploads, Vault};
use tokio::sync::{Mutex, RwLock};

use crate::{
    Aims, Asked, Batch, Clock, Error, SystemClock,
    accounts::{Hasher, Known},
    clock::{random, whole_microsecond},
    keys::{KeySource, Secret, given_name},
    remote::{Remote, RemoteError, RemoteStore, Server},
};

/// The largest evidence file that is taken.
pub const MAX_FILE_BYTES: u64 = 1 << 30;

/// Where things are.
#[derive(Clone)]
pub struct Config {
    /// The data folder: keys and, unless they are elsewhere, the vault and the SQLite file.
    pub data: PathBuf,
    /// `postgres://...`, or `None` for SQLite in the data folder.
    pub database: Option<String>,
    pub vault: VaultConfig,
    pub key: KeySource,
    pub clock: Arc<dyn Clock>,
}

impl Config {
    /// SQLite, vault and keys in one folder.
    pub fn folder(data: impl Into<PathBuf>) -> Config {
        Config {
            data: data.into(),
            database: None,
            vault: VaultConfig::default(),
            key: KeySource::DataFolder,
            clock: Arc::new(SystemClock),
        }
    }
}

impl Config {
    /// Where the ledgers and accounts are.
    pub(crate) fn location(&self) -> String {
        let folder = || self.data.to_string_lossy().into_owned();
        self.database.clone().unwrap_or_else(folder)
    }
}

/// The attempt to restore a backup that stands in a database as long as that has not ended.
pub(crate) const UNFINISHED: &str = "restore a backup";

/// Where evidence files are.
#[derive(Clone, Debug, Default)]
pub struct VaultConfig {
    /// The path of a folder, or `s3://BUCKET/PREFIX`; `None`: below the data folder.
    pub location: Option<String>,
    /// What a bucket needs beside its address, by the names that the field has for it: `AWS_REGION`.
    pub settings: Vec<(String, Secret)>,
}

impl VaultConfig {
    pub(crate) fn open(&self, data: &Path) -> Result<Vault, Error> {
        let below = data.join("vault").to_string_lossy().into_owned();
        let location = self.location.as_deref().unwrap_or(&below);
        let settings = self.settings.iter().map(|(name, value)| (name.as_str(), value.0.as_str()));
        Ok(Vault::open(location, settings, MAX_FILE_BYTES)?)
    }
}

/// The opened application.
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
    open: Mutex<HashMap<String, Arc<Aims>>>,
}

/// What all organisations share.
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn LedgerStore>,
    pub(crate) accounts: Option<Arc<dyn AccountStore>>,
    /// `None`: nobody notes which files came.
    pub(crate) uploads: Option<Arc<dyn Uploads>>,
    pub(crate) known: Known,
    /// `None`: files are where the ledgers are.
    vault: Option<Vault>,
    /// Where what can be made again is kept.
    pub(crate) cache: Option<PathBuf>,
    /// Who keeps the ledgers, if that is not the store here.
    pub(crate) remote: Option<Arc<Remote>>,
    pub(crate) config: Config,
    pub(crate) passwords: Hasher,
    /// Read by whoever writes an entry that nobody waits for; closing waits for all of them.
    pub(crate) notes: Arc<RwLock<()>>,
}

impl Shared {
    /// The vault of this process.
    ///
    /// # Errors
    /// [`Error::Remote`] if a server has it.
    pub(crate) fn vault(&self) -> Result<&Vault, Error> {
        let vault = self.vault.as_ref();
        vault.ok_or_else(|| RemoteError::OnlyThere("what concerns all files").into())
    }
}

impl Engine {
    /// Opens the data folder, making it if it is missing.
    ///
    /// # Errors
    /// [`Error::Unfinished`] if a restore has not ended there, and those of the store.
    pub async fn open(config: Config) -> Result<Engine, Error> {
        let Stores { ledgers, accounts, uploads } =
            surety_store::open_all(&config.location()).await?;
        if accounts.attempts_since(UNFINISHED, Timestamp::UNIX_EPOCH).await? > 0 {
            ledgers.close().await;
            return Err(Error::Unfinished);
        }
        Engine::made(ledgers, Some((accounts, uploads)), config)
    }

    /// The same over a store that the caller opened; nobody has an account there.
    pub fn over(store: Arc<dyn LedgerStore>, config: Config) -> Result<Engine, Error> {
        Engine::made(store, None, config)
    }

    fn made(
        store: Arc<dyn LedgerStore>,
        beside: Option<(Arc<dyn AccountStore>, Arc<dyn Uploads>)>,
        config: Config,
    ) -> Result<Engine, Error> {
        let vault = config.vault.open(&config.data)?;
        let cache = Some(config.data.join("cache"));
        let (accounts, uploads) = beside.unzip();
        let shared = Arc::new(Shared {
            store,
            accounts,
            uploads,
            known: Known::default(),
            vault: Some(vault),
            cache,
            remote: None,
            config,
            passwords: Hasher::default(),
            notes: Arc::default(),
        });
        Ok(Engine { shared, open: Mutex::default() })
    }

    /// The organisations that a server keeps. Nothing is asked yet.
    ///
    /// # Errors
    /// [`Error::Remote`] if the address or the token can't be one.
    pub fn at(server: &Server) -> Result<Engine, Error> {
        let remote = Arc::new(Remote::new(server)?);
        let shared = Arc::new(Shared {
            store: Arc::new(RemoteStore::new(remote.clone())),
            accounts: None,
            uploads: None,
            known: Known::default(),
            vault: None,
            cache: server.cache.clone(),
            remote: Some(remote),
            // There is no folder here; what would lie in one is at the server.
            config: Config { clock: server.clock.clone(), ..Config::folder(PathBuf::new()) },
            passwords: Hasher::default(),
            notes: Arc::default(),
        });
        Ok(Engine { shared, open: Mutex::default() })
    }

    /// The organisations here, by id.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, Error> {
        Ok(self.shared.store.organisations().await?)
    }

    /// Starts an organisation: its ledger, its profile and the built-in frameworks that it uses. One whose start was
    /// interrupted is started again.
    pub async fn init(&self, name: &str) -> Result<Arc<Aims>, Error> {
        let id = slug(name);
        if id.is_empty() {
            return Err(Error::OrganisationName(name.to_owned()));
        }
        let organisation = Organisation {
            origin: self.origin(&id).await?,
            id: id.clone(),
            name: name.to_owned(),
            created_at: whole_microsecond(self.shared.config.clock.now()),
        };
        match self.shared.store.create_organisation(&organisation).await {
            Err(surety_store::StoreError::AlreadyExists { .. }) if self.is_started(&id).await? => {
                return Err(Error::OrganisationExists(id));
            }
            Ok(()) | Err(surety_store::StoreError::AlreadyExists { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let aims = self.organisation(Some(&id)).await?;
        aims.execute(&Principal::operator(), Batch::of(first_records(name))).await?;
        Ok(aims)
    }

    async fn is_started(&self, organisation: &str) -> Result<bool, Error> {
        Ok(self.shared.store.size(organisation).await? > 0)
    }

    /// What checkpoints of a new organisation are to be called: like the key that is given, or by a name that nobody else
    /// in the world has.
    async fn origin(&self, organisation: &str) -> Result<String, Error> {
        let Some(name) = given_name(&self.shared.config.key)? else {
            let unique: String =
                random()?.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            return Ok(format!("surety/{organisation}/{unique}"));
        };
        let organisations = self.organisations().await?;
        let other = organisations
            .into_iter()
            .find(|other| other.origin == name && other.id != organisation);
        match other {
            Some(other) => Err(Error::SharedKey { name, organisation: other.id }),
            None => Ok(name),
        }
    }

    /// An organisation by id, or the only one there is.
    pub async fn organisation(&self, id: Option<&str>) -> Result<Arc<Aims>, Error> {
        // Organisations never go, so one that is open needs no question to the database.
        if let Some(id) = id
            && let Some(aims) = self.open.lock().await.get(id)
        {
            return Ok(aims.clone());
        }
        let organisations = self.organisations().await?;
        let found = match id {
            Some(id) => organisations
                .into_iter()
                .find(|organisation| organisation.id == id)
                .ok_or_else(|| Error::UnknownOrganisation(id.to_owned()))?,
            None => only(organisations, &self.shared.config)?,
        };
        let mut open = self.open.lock().await;
        if let Some(aims) = open.get(&found.id) {
            return Ok(aims.clone());
        }
        let aims = Aims::open(self.shared.clone(), found).await?;
        open.insert(aims.id().to_owned(), aims.clone());
        Ok(aims)
    }

    /// Discards what processes that died a day ago or longer left of files that they were putting into the vault.
    ///
    /// # Errors
    /// If the vault can't be reached.
    pub async fn tidy_vault(&self) -> Result<u64, Error> {
        let day_ago = self.shared.config.clock.now() - jiff::SignedDuration::from_hours(24);
        Ok(self.shared.vault()?.discard_unfinished(day_ago).await?)
    }

    /// Waits until everything is on the ledgers that happened at the door so far.
    pub async fn noted(&self) {
        drop(self.shared.notes.write().await);
    }

    /// How many password hashes were computed since the start.
    pub fn password_hashes(&self) -> u64 {
        self.shared.passwords.computed()
    }

    /// Keeps checkpoints and snapshots of what is new, and ends the connections.
    pub async fn close(self) -> Result<(), Error> {
        self.noted().await;
        for aims in self.open.into_inner().into_values() {
            aims.settle().await?;
        }
        self.shared.store.close().await;
        Ok(())
    }
}

fn only(organisations: Vec<Organisation>, config: &Config) -> Result<Organisation, Error> {
    let names: Vec<_> = organisations.iter().map(|known| known.id.clone()).collect();
    let mut organisations = organisations.into_iter();
    match (organisations.next(), organisations.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Error::NoOrganisation(config.data.display().to_string())),
        (Some(_), Some(_)) => Err(Error::WhichOrganisation(names.join(", "))),
    }
}

/// Lower-case letters, digits and single hyphens.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').chars().take(60).collect()
}

/// The organisation's profile and one record for each built-in framework, so that the ledger says which are used since when.
fn first_records(name: &str) -> Vec<Asked> {
    let state = |kind, body| Command::State {
        kind,
        id: None,
        body,
        custom: serde_json::Map::new(),
        external: Vec::new(),
        base: None,
    };
    let frameworks = surety_catalog::Catalogs::builtin();
    let frameworks = frameworks.frameworks().map(|framework| {
        state(
            Kind::Framework,
            serde_json::json!({
                "framework_id": framework.id,
                "name": framework.name,
                "version": framework.version,
                "format": "builtin",
            }),
        )
    });
    std::iter::once(state(Kind::Organisation, serde_json::json!({ "name": name })))
        .chain(frameworks)
        .map(Asked::from)
        .collect()
}
