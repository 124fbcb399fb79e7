//! The whole management system as a folder of YAML files, one a record, for review in git.
//!
//! Writing what was read, and reading what was written, changes nothing. Who stated and who approved a record goes along,
//! so that applying a folder elsewhere repeats their steps on their behalf; only an owner may do that.

mod apply;
mod arrange;
mod export;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use surety_aims::{ExternalId, RecordId};

pub use apply::{Apply, ApplyOptions, Planned, PlannedKind};
pub use export::Exported;
pub(crate) use export::files_of;

/// The file that says what the folder is.
pub(crate) const MARKER: &str = "surety.yaml";
/// Where evidence and imported files lie, named by their SHA-256.
pub(crate) const FILES: &str = "files";

/// Content of [`MARKER`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Marker {
    /// Always `surety-aims`.
    pub(crate) format: String,
    pub(crate) version: u32,
    pub(crate) organisation: String,
}

impl Marker {
    pub(crate) fn of(organisation: &str) -> Marker {
        Marker { format: "surety-aims".into(), version: 1, organisation: organisation.to_owned() }
    }
}

/// One record as a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordFile {
    pub(crate) id: RecordId,
    pub(crate) state: String,
    /// Who stated this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stated_by: Option<String>,
    /// Who took the last step of its life cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) moved_by: Option<String>,
    /// Name and address of a person; they are kept beside the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) personal: Option<Personal>,
    pub(crate) body: Value,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) custom: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) external: Vec<ExternalId>,
    /// The version in force while a newer one is being prepared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) in_force: Option<InForceFile>,
}

impl RecordFile {
    /// SHA-256 of every file that the record refers to, in the version in force too.
    pub(crate) fn files(&self) -> Vec<String> {
        let of = |body| files_of(self.id.kind, body);
        let mut files = of(&self.body);
        files.extend(self.in_force.iter().flat_map(|force| of(&force.body)));
        files
    }
}

/// Who a person is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Personal {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
}

/// An earlier version that still counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InForceFile {
    pub(crate) approved_by: String,
    pub(crate) body: Value,
}
