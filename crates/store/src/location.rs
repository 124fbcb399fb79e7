//! Where a store is, as people write it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::accounts::AccountStore;
use crate::error::StoreError;
use crate::ledger::LedgerStore;
use crate::postgres::PostgresStore;
use crate::sqlite::SqliteStore;
use crate::uploads::Uploads;

/// Name of the SQLite file in a folder.
const FILE: &str = "surety.db";

/// All that one database keeps, through the same connections.
#[derive(Clone)]
pub struct Stores {
    /// The ledgers, whose [`LedgerStore::close`] ends the connections of all.
    pub ledgers: Arc<dyn LedgerStore>,
    /// Who can sign in, and to what.
    pub accounts: Arc<dyn AccountStore>,
    /// Which files came.
    pub uploads: Arc<dyn Uploads>,
}

impl Stores {
    fn of<S: LedgerStore + AccountStore + Uploads + 'static>(store: S) -> Self {
        let store = Arc::new(store);
        let (ledgers, accounts) = (Arc::<S>::clone(&store), Arc::<S>::clone(&store));
        Self { ledgers, accounts, uploads: store }
    }
}

/// The ledgers at `location`; see [`open_all`].
///
/// # Errors
/// As [`open_all`].
pub async fn open(location: &str) -> Result<Arc<dyn LedgerStore>, StoreError> {
    Ok(open_all(location).await?.ledgers)
}

/// Opens the store at `location`, making it if it is not there, and brings its schema to this
/// version's. A location is one of
/// - `postgres://user@host/database`, which must be there;
/// - `sqlite:PATH`, a SQLite file;
/// - the path of a folder, in which the file is `surety.db`.
///
/// Folders and files that are made can be read by nobody else.
///
/// # Errors
/// [`StoreError::Location`], [`StoreError::Folder`], and those of [`SqliteStore::open`] and
/// [`PostgresStore::open`].
pub async fn open_all(location: &str) -> Result<Stores, StoreError> {
    let file = match Location::of(location)? {
        Location::Postgres => return Ok(Stores::of(PostgresStore::open(location).await?)),
        Location::Sqlite(file) => file,
    };
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder)?;
    }
    Ok(Stores::of(SqliteStore::open(&file).await?))
}

#[derive(Debug, PartialEq, Eq)]
enum Location {
    Postgres,
    Sqlite(PathBuf),
}

impl Location {
    fn of(location: &str) -> Result<Self, StoreError> {
        let unclear = || StoreError::Location { location: location.to_owned() };
        if location.starts_with("postgres://") || location.starts_with("postgresql://") {
            return Ok(Self::Postgres);
        }
        let (path, file) = match location.strip_prefix("sqlite:") {
            Some(rest) => (rest.strip_prefix("//").unwrap_or(rest), None),
            None if location.contains("://") => return Err(unclear()),
            None => (location, Some(FILE)),
        };
        if path.is_empty() {
            return Err(unclear());
        }
        let path = PathBuf::from(path);
        Ok(Self::Sqlite(file.map_or_else(|| path.clone(), |file| path.join(file))))
    }
}

/// Makes `folder` and those above it, for the owner alone, where they are not there.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| {
        let folder = folder.display().to_string();
        StoreError::Folder { folder, source }
    })
}

/// Makes an empty `file`, for the owner alone, if it is not there. SQLite gives its other files the same
/// permissions.
///
/// One that is there is not even opened: closing it would let go the locks of all its other connections
/// in this process (`fcntl` locks belong to process and file).
pub(crate) fn make_file(file: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(StoreError::File { file: file.display().to_string(), source })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_says_what_keeps_the_ledgers() {
        let sqlite = |path: &str| Some(Location::Sqlite(PathBuf::from(path)));
        let cases = [
            ("postgres://node@db.example/surety", Some(Location::Postgres)),
            ("postgresql://db.example/surety", Some(Location::Postgres)),
            ("sqlite:ledger.db", sqlite("ledger.db")),
            ("sqlite:///var/lib/surety/ledger.db", sqlite("/var/lib/surety/ledger.db")),
            ("/var/lib/surety", sqlite("/var/lib/surety/surety.db")),
            ("data", sqlite("data/surety.db")),
            ("mysql://db.example/surety", None),
            ("sqlite:", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Location::of(text).ok(), expected, "{text}");
        }
    }
}
