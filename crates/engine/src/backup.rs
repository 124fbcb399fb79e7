//! Backup and restore of everything that a data folder or database and its vault hold, as one file.
//!
//! A zip: for each organisation its entries as they are stored, checkpoints, public keys, the people table, and the files
//! that its ledger names; the accounts with their parts in organisations, API tokens, passkeys, identities at providers and saved views; and a manifest with the
//! SHA-256 of each part. Not in it are sessions, invitations and whatever else is under way and can be had again, and
//! caches.
//!
//! **The moment.** How many entries each ledger has is asked first, so all that was acknowledged before is in it, and of a
//! batch that is written meanwhile either all or nothing. Accounts are read after that, row by row: a change to them that
//! is made meanwhile may be in it or not, but nothing that hangs on an account is in it without the account.
//!
//! What was erased before is not in a backup; what is erased later is, until the backup is deleted.

mod read;
mod restore;
mod write;

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::restore::{Restored, RestoredOrganisation, restore};
use crate::{Engine, Error, pack::PackFile};

/// Whether the signing keys of the data folder go into a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningKeys {
    /// Whoever has the backup can sign checkpoints in the organisation's name.
    Included,
    /// A new key is made where the backup is restored.
    LeftOut,
}

/// Content of `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `surety-backup`.
    pub format: String,
    pub version: u32,
    pub made_at: Timestamp,
    /// The version of Surety that made it.
    pub made_by: String,
    pub organisations: Vec<BackedUp>,
    pub accounts: u64,
    /// How many signing keys are in it.
    pub signing_keys: u64,
    pub parts: Vec<PackFile>,
}

/// One organisation of a backup. Its parts lie in `organisations/N/`, by its place in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackedUp {
    pub id: String,
    pub name: String,
    /// First line of its checkpoints.
    pub origin: String,
    pub created_at: Timestamp,
    /// Entries on the ledger.
    pub size: u64,
    /// Root of the tree over them, base64.
    pub root: String,
    pub checkpoints: u64,
    pub files: u64,
    /// Files that the ledger names and the vault does not have, such as erased ones.
    pub missing_files: Vec<String>,
    /// Files that are not in the backup as their bytes are no longer those that were put.
    pub damaged_files: Vec<String>,
}

/// One line of `entries.jsonl`: an entry as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    header: String,
    salt: Option<String>,
    payload: Option<String>,
    /// Which record it is about.
    subject: Option<String>,
    /// The earlier entry whose salt and payload it erased.
    redacts: Option<u64>,
}

/// One line of `checkpoints.jsonl`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    size: u64,
    note: String,
}

/// One line of `keys.jsonl`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PublicKey {
    vkey: String,
    since: Timestamp,
}

const FORMAT: &str = "surety-backup";
const VERSION: u32 = 1;

/// Where the parts of an organisation lie.
fn part(organisation: usize, name: &str) -> String {
    format!("organisations/{organisation}/{name}")
}

impl Engine {
    /// Writes a backup, also while others go on writing. The file is there whole or not at all, and takes nobody's place.
    ///
    /// # Errors
    /// If the file is there already, and those of the store and the vault. A file of the vault that is missing or damaged
    /// is no error: the manifest names it.
    pub async fn backup(
        &self,
        file: &Path,
        keys: SigningKeys,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Manifest, Error> {
        if file.exists() {
            let message = "is there already; give another name".to_owned();
            return Err(Error::File { path: file.display().to_string(), message });
        }
        let mut unfinished = file.as_os_str().to_owned();
        unfinished.push(".unfinished");
        let unfinished = Path::new(&unfinished);
        // What an attempt that was killed has left.
        drop(std::fs::remove_file(unfinished));
        let written = write::write(self, unfinished, keys, progress).await;
        let written = written.and_then(|manifest| {
            // A link never takes the place of another file.
            std::fs::hard_link(unfinished, file).map_err(Error::io(file, "can't be written"))?;
            Ok(manifest)
        });
        drop(std::fs::remove_file(unfinished));
        written
    }
}
