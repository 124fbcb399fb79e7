//! Taking in what an organisation already has: tables, bills of materials, model and dataset cards.
//!
//! A file becomes proposals (crate `formats`), proposals become commands, and these are tried before they are issued:
//! every row that can't go in is reported with its place, and the rest goes in all the same, unless the caller is strict.
//! Reading the same file twice changes nothing, because every proposal has an identity of its own.

mod decisions;
mod file;
mod format;
mod resolve;

use serde::Serialize;
use surety_aims::{Principal, RecordId};
use surety_formats::inventory;

pub use file::FileImport;
pub use format::FileFormat;
pub use surety_formats::{
    decisions::is_decisions,
    inventory::{Place, Problem as Fault, Severity, table_kinds},
    limits::MAX_BYTES,
};

use crate::{Aims, Error};

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// For the reader: format, kind, columns, sheet.
    pub reading: inventory::Options,
    /// Nothing goes in if anything is wrong anywhere.
    pub strict: bool,
    /// Only says what would change.
    pub dry_run: bool,
}

/// A file with its name.
#[derive(Clone, Debug)]
pub struct NamedBytes {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Serialize)]
pub struct ImportReport {
    pub dry_run: bool,
    pub files: Vec<FileImport>,
}

/// What happens to one record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    pub change: ChangeKind,
    pub record: RecordId,
    pub name: String,
    /// Fields that differ, for an update.
    pub fields: Vec<String>,
    /// The same with what they say, where a file was edited cell by cell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// Where the life cycle goes, if the file says so and it can.
    pub state: Option<String>,
    pub place: inventory::Place,
}

/// One edited cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Edit {
    pub field: &'static str,
    pub before: String,
    pub after: String,
}

/// The manner of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Create,
    Update,
    Unchanged,
}

impl ImportReport {
    /// Whether any file held something that could not be taken.
    pub fn has_errors(&self) -> bool {
        self.files.iter().any(FileImport::has_errors)
    }

    /// How many records have this kind of change.
    pub fn count(&self, change: ChangeKind) -> usize {
        self.files.iter().flat_map(|file| &file.changes).filter(|c| c.change == change).count()
    }
}

impl Aims {
    /// Imports files one after the other, each in one transaction.
    pub async fn import(
        &self,
        principal: &Principal,
        files: &[NamedBytes],
        options: &ImportOptions,
        progress: &mut (dyn FnMut(usize) + Send),
    ) -> Result<ImportReport, Error> {
        // A strict import is tried as a whole first, on the very path that it would take.
        if options.strict && !options.dry_run {
            let trial = ImportOptions { dry_run: true, ..options.clone() };
            let report = Box::pin(self.import(principal, files, &trial, progress)).await?;
            if report.has_errors() {
                return Ok(report);
            }
        }
        let mut report = ImportReport { dry_run: options.dry_run, files: Vec::new() };
        // A dry run has to remember what earlier files would have brought in.
        let mut preview = None;
        for (done, file) in files.iter().enumerate() {
            progress(done);
            let imported = self.import_file(principal, file, options, &mut preview).await?;
            report.files.push(imported);
        }
        progress(files.len());
        Ok(report)
    }
}
