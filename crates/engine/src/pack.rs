//! Audit packs: everything that a stranger needs to check the management system offline.

mod verify;
mod write;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use verify::{PackReport, verify_pack};
pub(crate) use write::zipped;

use crate::{Aims, Error, Moment};

/// Content of `manifest.json`: what the pack is and every other file in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always `surety-pack`.
    pub format: String,
    pub version: u32,
    pub organisation: PackOrganisation,
    pub as_of: jiff::civil::Date,
    /// When the pack was made (RFC 3339).
    pub made_at: String,
    /// The version of Surety that made it.
    pub made_by: String,
    /// First line of the checkpoints.
    pub origin: String,
    /// Entries on the ledger.
    pub size: u64,
    pub files: Vec<PackFile>,
}

/// Whose pack it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackOrganisation {
    pub id: String,
    pub name: String,
}

/// One file of the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackFile {
    pub path: String,
    /// Lower-case hex.
    pub sha256: String,
    pub bytes: u64,
}

/// What was packed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Packed {
    pub entries: u64,
    pub records: usize,
    pub evidence_files: usize,
    /// Files that records name and the vault does not have.
    pub missing_files: Vec<String>,
    pub checkpoint: String,
}

impl Aims {
    /// Writes the pack of a moment. The file is there whole or not at all.
    pub async fn pack(
        &self,
        moment: Moment,
        file: &Path,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<Packed, Error> {
        let unfinished = file.with_extension("unfinished");
        let packed = write::write(self, moment, &unfinished, file, progress).await;
        match packed {
            Ok(packed) => {
                std::fs::rename(&unfinished, file).map_err(Error::io(file, "can't be written"))?;
                Ok(packed)
            }
            Err(error) => {
                // What is left of a failed attempt is nobody's; that it may not go is no news beside the failure.
                drop(std::fs::remove_file(&unfinished));
                Err(error)
            }
        }
    }
}
