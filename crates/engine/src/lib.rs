//! The application: opens organisations, runs commands, answers as of any moment, takes files in and gives files out.
//!
//! Every way in (page, API, command line, import) issues the same commands here, and they pass the same permission
//! check and the same decision. The only crate that knows the clock, randomness, the store and the vault together.

pub mod accounts;
mod archive;
mod authority;
pub mod backup;
mod bulk;
mod catalogs;
mod classification;
mod clock;
mod compare;
pub mod dossier;
mod download;
mod entries;
mod error;
mod files;
pub mod folder;
pub mod frameworks;
pub mod import;
mod incident;
mod keys;
pub mod law;
mod limited;
mod log;
mod open;
mod organisation;
pub mod pack;
mod proofs;
mod records;
pub mod remote;
mod search;
mod select;
pub mod sheets;
pub mod staleness;
mod steps;
mod trial;
mod uploads;
mod vault;
pub mod views;
mod writer;

pub use bulk::Tried;
pub use classification::{Classified, LawImpact, Unreadable, Walk};
pub use clock::{Clock, FixedClock, SystemClock};
pub use compare::Comparable;
pub use download::Download;
pub use entries::{Position, StoredEntry, fold, stored};
pub use error::Error;
pub use files::{FoundFile, file_name};
pub use keys::{KeySource, Secret};
pub use log::{Logged, Opened, SignedHead};
pub use open::{Config, Engine, MAX_FILE_BYTES, VaultConfig};
pub use organisation::{Aims, Moment, View};
pub use records::HistoryRow;
pub use search::{Found, Hit, Piece, Query};
pub use select::{Selection, Sort, known_field};
pub use steps::{NextStep, Steps};
pub use surety_ledger::Entry;
pub use surety_store::PersonalData as Person;
#[cfg(all(unix, feature = "test-postgres"))]
pub use surety_store::test_postgres;
pub use writer::{Asked, Batch, Done, Refusal};
