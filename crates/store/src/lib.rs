//! Ledgers and evidence files at rest.
//!
//! [`LedgerStore`] keeps the entries of each organisation's ledger, and what stands beside them, in
//! SQLite or in PostgreSQL; [`AccountStore`] keeps who can sign in, in the same database, and [`Uploads`]
//! which files came; [`Vault`] keeps evidence files by their hash. This crate alone names `sqlx` and
//! `object_store`. It knows entries as bytes with a header: what they mean, who may write them and
//! whether they verify is for the layers above. Time is an argument.

mod accounts;
mod batch;
mod column;
mod error;
mod ledger;
mod location;
mod migrations;
mod postgres;
mod sqlite;
#[cfg(feature = "test-bucket")]
pub mod test_bucket;
#[cfg(all(unix, feature = "test-postgres"))]
pub mod test_postgres;
mod uploads;
mod vault;

pub use accounts::{
    Access, Account, AccountStore, Accounts, ApiToken, Identities, Identity, Invitation,
    Membership, Passkey, PendingSecret, Profile, SavedView, SavedViews, Session, SignIn,
};
pub use error::StoreError;
pub use ledger::{LedgerStore, NewEntry, Organisation, PersonalData, Redaction, SNAPSHOTS_KEPT};
pub use location::{Stores, open, open_all};
pub use postgres::PostgresStore;
pub use sqlite::SqliteStore;
pub use uploads::{Upload, Uploads};
pub use vault::{Stored, Vault, VaultError};
