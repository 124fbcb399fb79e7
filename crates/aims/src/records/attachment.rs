//! Files that belong to a record, whatever its kind (ISO/IEC 42001 7.5).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileRef, is_file};
use crate::{Book, Kind, Lifecycle, Problems, RecordId, RecordKind};

/// A file that belongs to a record. It changes nothing about the record itself, and proves nothing: evidence does that.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Attachment {
    /// The record that the file belongs to.
    pub record: Option<RecordId>,
    /// The file.
    pub file: Option<FileRef>,
    /// What the file is, or why it is here.
    pub note: String,
}

impl RecordKind for Attachment {
    kind! { Attachment, "attachment", "ATT", "an attachment", LIFE, [] }

    fn title(&self) -> &str {
        self.file.as_ref().map(|file| file.name.as_str()).unwrap_or_default()
    }

    fn about(&self) -> Option<RecordId> {
        self.record
    }

    fn file(&self) -> Option<&FileRef> {
        self.file.as_ref()
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(self.record.is_some(), "record", "say which record the file belongs to");
        let nested = self.record.is_some_and(|record| record.kind == Kind::Attachment);
        problems.unless(!nested, "record", "attach the file to the record itself");
        problems.unless(self.file.is_some(), "file", "add the file");
        is_file(problems, self.file.as_ref());
        let named = self.file.as_ref().is_none_or(|file| !file.name.trim().is_empty());
        problems.unless(named, "file", "give the file a name");
    }
}

/// It is there until it is withdrawn.
static LIFE: Lifecycle = Lifecycle {
    name: "attachment",
    purpose: "Attachments: there from the start, until somebody withdraws them.",
    states: &["attached"],
    finals: &[],
    in_force: &["attached"],
    reopens_to: None,
    transitions: &[],
};
