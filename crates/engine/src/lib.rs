//! The application: opens organisations, runs commands, answers as of any moment, takes files in and gives files out.
//!
//! Every way in (page, API, command line, import) issues the same commands here, and they pass the same permission
//! check and the same decision. The only crate that knows the clock, randomness, the store and the vault together.

pub mod accounts;
mod catalogs;
mod classification;
mod clock;
mod entries;
mod error;
pub mod folder;
pub mod frameworks;
pub mod import;
mod incident;
mod keys;
pub mod law;
mod open;
mod organisation;
pub mod pack;
mod proofs;
mod records;
pub mod sheets;
pub mod staleness;
mod trial;
pub mod views;
mod writer;

pub use classification::{LawImpact, Unreadable};
pub use clock::{Clock, FixedClock, SystemClock};
pub use entries::{Position, fold, stored};
pub use error::Error;
pub use keys::{KeySource, Secret};
pub use open::{Config, Engine, MAX_FILE_BYTES};
pub use organisation::{Aims, Moment, View};
pub use records::HistoryRow;
pub use surety_store::PersonalData as Person;
pub use writer::{Asked, Batch, Done, Refusal};
