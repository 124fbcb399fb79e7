//! Why the store could not do what was asked.

use jiff::Timestamp;
use sqlx::error::ErrorKind;
use surety_ledger::EntryFault;

/// Why a ledger, or what stands beside it, could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The location names no kind of store.
    #[error(
        "cannot tell what kind of store {location:?} is: give a folder, sqlite:PATH or postgres://..."
    )]
    Location {
        /// What was given.
        location: String,
    },
    /// The folder of the store could not be made.
    #[error("could not make the folder {folder}")]
    Folder {
        /// Its path.
        folder: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The SQLite file could not be made or may not be written.
    #[error("could not open the file {file} for writing")]
    File {
        /// Its path.
        file: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The schema could not be brought to that of this version.
    #[error("could not bring the database to the schema of this version")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// No such organisation in this store.
    #[error("there is no organisation {organisation:?} in this store")]
    UnknownOrganisation {
        /// The id asked for.
        organisation: String,
    },
    /// An organisation with this id is there already.
    #[error("there is already an organisation {organisation:?} in this store")]
    AlreadyExists {
        /// The id.
        organisation: String,
    },
    /// Somebody else appended first. Read what is new, decide again, append again.
    #[error("the ledger has {actual} entries, not the {expected} that this change was based on")]
    Conflict {
        /// The size that the caller thought the ledger had.
        expected: u64,
        /// The size that it has.
        actual: u64,
    },
    /// The command with this key has been carried out; nothing was appended.
    #[error("the idempotency key {key:?} was used by entry {seq}")]
    DuplicateKey {
        /// The key.
        key: String,
        /// The entry that has it.
        seq: u64,
    },
    /// An entry's instant is earlier than that of the entry before it.
    #[error("entry {seq} is dated {instant}, before the entry before it at {before}")]
    ClockBackwards {
        /// The entry.
        seq: u64,
        /// Its instant.
        instant: Timestamp,
        /// The instant of the entry before it.
        before: Timestamp,
    },
    /// An entry to append does not fit the place that it was given.
    #[error("entry {seq} cannot be appended")]
    Misfit {
        /// The place.
        seq: u64,
        /// What is wrong.
        source: EntryFault,
    },
    /// Only an earlier entry can be redacted.
    #[error("entry {redacted_by} cannot redact entry {seq}, which is not before it")]
    NotBefore {
        /// The entry to redact.
        seq: u64,
        /// The redacting entry.
        redacted_by: u64,
    },
    /// The entry has been redacted before; nothing was appended.
    #[error("entry {seq} is redacted already")]
    AlreadyRedacted {
        /// The entry to redact.
        seq: u64,
    },
    /// Another account has this email address, but perhaps for case.
    #[error("another account has this email address")]
    EmailTaken,
    /// What identifies a new row is taken.
    #[error("there is already such {what}")]
    AlreadyThere {
        /// What was to be added, with its article.
        what: &'static str,
    },
    /// No such account in this store.
    #[error("there is no account {account:?} in this store")]
    UnknownAccount {
        /// The id asked for.
        account: String,
    },
    /// Longer than the store takes it.
    #[error("the {what} is longer than {limit}")]
    TooLong {
        /// What is too long.
        what: &'static str,
        /// The most that it may have, in bytes or, of a label, characters.
        limit: usize,
    },
    /// PostgreSQL keeps no text with U+0000, so no store does.
    #[error("text with a NUL character cannot be kept")]
    NulCharacter,
    /// What is stored cannot have been written by this store.
    #[error("the stored {what} is damaged: {found}")]
    Damaged {
        /// Which value.
        what: &'static str,
        /// What stands there.
        found: String,
    },
    /// Whoever keeps the ledger elsewhere could not be asked, or refused.
    #[error(transparent)]
    Elsewhere(Box<dyn std::error::Error + Send + Sync>),
    /// The database failed, or could not be reached. Whether a write took effect is then unknown:
    /// repeat it with the same idempotency key.
    #[error("could not {action}")]
    Database {
        /// What was being done.
        action: &'static str,
        /// What the database said.
        source: sqlx::Error,
    },
}

impl StoreError {
    /// What a store that lies elsewhere was told, if it is an `E`.
    ///
    /// # Errors
    /// This error itself, if it is another one.
    pub fn elsewhere<E: std::error::Error + 'static>(self) -> Result<E, Self> {
        let Self::Elsewhere(error) = self else { return Err(self) };
        error.downcast::<E>().map(|error| *error).map_err(Self::Elsewhere)
    }

    pub(crate) fn unknown(organisation: &str) -> Self {
        Self::UnknownOrganisation { organisation: organisation.to_owned() }
    }

    pub(crate) fn unknown_account(account: &str) -> Self {
        Self::UnknownAccount { account: account.to_owned() }
    }

    pub(crate) fn damaged(what: &'static str, found: impl ToString) -> Self {
        Self::Damaged { what, found: found.to_string() }
    }
}

/// Says what was being done when the database failed.
pub(crate) trait During<T> {
    /// `action` completes the sentence "could not ...".
    fn during(self, action: &'static str) -> Result<T, StoreError>;

    /// As [`During::during`], for a write whose foreign key is that of the organisation.
    fn during_write_for(self, organisation: &str, action: &'static str) -> Result<T, StoreError>;
}

impl<T> During<T> for Result<T, sqlx::Error> {
    fn during(self, action: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Database { action, source })
    }

    fn during_write_for(self, organisation: &str, action: &'static str) -> Result<T, StoreError> {
        match self {
            Err(error) if violates(&error, ErrorKind::ForeignKeyViolation) => {
                Err(StoreError::unknown(organisation))
            }
            other => other.during(action),
        }
    }
}

/// Whether `error` says that a constraint of this kind was violated.
pub(crate) fn violates(error: &sqlx::Error, kind: ErrorKind) -> bool {
    error.as_database_error().is_some_and(|error| error.kind() == kind)
}
