//! Why the engine could not do what was asked.

use std::{path::PathBuf, sync::Arc};

use surety_aims::{Denied, EventError, RecordId, RedactError, Rejection};
use surety_ledger::{CheckpointError, EntryError, KeyError, VerifyError};
use surety_store::{StoreError, VaultError};

use crate::remote::RemoteError;

/// Errors of the engine. Callers tell refusals (the user's) from failures (ours) by [`Error::is_refusal`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no organisation in {0} yet; make one with `surety init --org NAME`")]
    NoOrganisation(String),
    #[error("there are several organisations here; say which with --organisation: {0}")]
    WhichOrganisation(String),
    #[error("there is no organisation `{0}` here")]
    UnknownOrganisation(String),
    #[error("`{0}` can't be the name of an organisation: give it at least one letter or digit")]
    OrganisationName(String),
    #[error("there is an organisation `{0}` here already")]
    OrganisationExists(String),
    #[error(
        "a backup was being restored here, and that did not end; empty the place and restore it again"
    )]
    Unfinished,
    #[error("{0} is not empty; a backup is restored into a data folder or database that is new")]
    NotEmpty(String),
    #[error("there is no {0}")]
    UnknownRecord(RecordId),
    #[error(transparent)]
    Rejected(Box<Rejection>),
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("entry {seq}: {source}")]
    Redact {
        seq: u64,
        #[source]
        source: RedactError,
    },
    #[error("there is no entry {0} on the ledger")]
    UnknownEntry(u64),
    #[error("{path}: {message}")]
    File { path: String, message: String },
    #[error("{path}: {what}")]
    Io {
        path: PathBuf,
        what: &'static str,
        #[source]
        source: std::io::Error,
    },
    #[error("{0}")]
    Input(String),
    #[error("the signing key can't be used")]
    Key(#[from] KeyError),
    #[error("{place}: can't be used as signing key")]
    KeyFile {
        /// The file, or where else the text came from.
        place: String,
        #[source]
        source: KeyError,
    },
    #[error(
        "the signing key is named {name}, and the checkpoints of `{organisation}` are signed as {origin}; give the key \
         of this organisation"
    )]
    ForeignKey { name: String, organisation: String, origin: String },
    #[error(
        "the signing key given is named {name}, as is that of the organisation `{organisation}`; give each organisation \
         a key of its own name"
    )]
    SharedKey { name: String, organisation: String },
    #[error(
        "the signing key is given from outside; give another one of the same name there and it counts from then on"
    )]
    KeyIsGiven,
    #[error("the checkpoint can't be made")]
    Checkpoint(#[from] CheckpointError),
    #[error("the ledger does not verify")]
    Verify(#[from] VerifyError),
    #[error("entry {seq} of the ledger can't be read")]
    Entry {
        seq: u64,
        #[source]
        source: EventError,
    },
    #[error("a header of the ledger can't be read or made")]
    Header(#[from] EntryError),
    #[error("the store failed")]
    Store(#[source] StoreError),
    #[error(transparent)]
    Remote(#[from] RemoteError),
    #[error("the vault failed")]
    Vault(#[from] VaultError),
    #[error("a snapshot can't be made")]
    Snapshot(#[from] surety_aims::SnapshotError),
    #[error("a document can't be made")]
    Report(#[from] surety_reports::ReportError),
    #[error("JSON can't be made")]
    Json(#[from] serde_json::Error),
    /// Somebody is not let in.
    #[error(transparent)]
    Refused(#[from] crate::accounts::Refused),
    #[error("there is such {0} already")]
    Taken(&'static str),
    #[error("a password can't be hashed: {0}")]
    Hash(String),
    #[error("a passkey can't be asked for: {0}")]
    Passkey(String),
    #[error("the operating system gives no random bytes: {0}")]
    Random(String),
    #[error("the index of texts failed")]
    Index(#[from] tantivy::TantivyError),
    #[error("the organisation is being closed")]
    Closing,
    /// What went wrong with a transaction, told to each whose commands were in it.
    #[error(transparent)]
    Shared(Arc<Error>),
}

impl Error {
    /// Whether the caller asked for something that can't be, rather than something of ours having failed.
    pub fn is_refusal(&self) -> bool {
        match self {
            Error::NoOrganisation(_)
            | Error::WhichOrganisation(_)
            | Error::UnknownOrganisation(_)
            | Error::OrganisationName(_)
            | Error::OrganisationExists(_)
            | Error::Unfinished
            | Error::NotEmpty(_)
            | Error::UnknownRecord(_)
            | Error::Rejected(_)
            | Error::Denied(_)
            | Error::Redact { .. }
            | Error::UnknownEntry(_)
            | Error::File { .. }
            | Error::Input(_)
            | Error::KeyFile { .. }
            | Error::ForeignKey { .. }
            | Error::SharedKey { .. }
            | Error::KeyIsGiven
            | Error::Refused(_)
            | Error::Taken(_)
            | Error::Verify(_) => true,
            Error::Shared(error) => error.is_refusal(),
            Error::Remote(error) => error.is_refusal(),
            Error::Io { .. }
            | Error::Key(_)
            | Error::Checkpoint(_)
            | Error::Entry { .. }
            | Error::Header(_)
            | Error::Store(_)
            | Error::Vault(_)
            | Error::Snapshot(_)
            | Error::Report(_)
            | Error::Json(_)
            | Error::Hash(_)
            | Error::Passkey(_)
            | Error::Random(_)
            | Error::Index(_)
            | Error::Closing => false,
        }
    }

    /// Whether what is wrong is how the installation stands, which is for whoever operates it to know and to mend: whoever asks it
    /// for something else can do nothing about it, and is told nothing of it.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all others are of the question, or no refusal at all"
    )]
    pub fn is_of_installation(&self) -> bool {
        match self {
            Error::Shared(error) => error.is_of_installation(),
            Error::NoOrganisation(_)
            | Error::WhichOrganisation(_)
            | Error::Unfinished
            | Error::NotEmpty(_)
            | Error::KeyFile { .. }
            | Error::ForeignKey { .. }
            | Error::SharedKey { .. }
            | Error::Verify(_) => true,
            _ => false,
        }
    }

    /// What is wrong with one field of what was given.
    pub(crate) fn field(name: &str, message: impl Into<String>) -> Error {
        let mut problems = surety_aims::Problems::default();
        problems.add(name, message);
        Rejection::Invalid(problems).into()
    }

    pub(crate) fn io(
        path: impl Into<PathBuf>,
        what: &'static str,
    ) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.into();
        move |source| Error::Io { path, what, source }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        match error.elsewhere::<Error>() {
            Ok(error) => error,
            Err(error) => Error::Store(error),
        }
    }
}

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Error {
        Error::Rejected(Box::new(rejection))
    }
}
