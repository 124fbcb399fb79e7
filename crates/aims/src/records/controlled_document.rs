//! Controlled documents of any type, inside or from outside (ISO/IEC 42001 7.5).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Confidentiality, FileRef, Person, Requirement, given, is_file};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::DOCUMENT};

choice! {
    /// A document says what shall be done, a record what was done; external ones come from others.
    DocumentKind { Document, Record, External }
}

choice! {
    /// What happens when the time of keeping is over.
    Disposition { Delete, Archive, Anonymize }
}

/// A document or record that clause 7.5 wants under control.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ControlledDocument {
    /// Your own document number.
    pub code: String,
    /// Title as people know it.
    pub title: String,
    /// What it stands for, such as `management_review`, `objective`, `risk_method` or `training_record`.
    pub document_type: String,
    /// Document, record or external document.
    pub kind: Option<DocumentKind>,
    /// Number of this version, such as 1.3.
    pub version: String,
    /// Who wrote it.
    pub author: Option<Ref<Person>>,
    /// Who keeps it up to date.
    pub owner: Option<Ref<Person>>,
    /// Language of the text (BCP 47).
    pub language: String,
    /// File format or form, such as PDF or wiki page.
    pub format: String,
    /// Paper, electronic, or where it is kept.
    pub media: String,
    /// Who may read it.
    pub classification: Option<Confidentiality>,
    /// Roles or groups that have access.
    pub access: Vec<String>,
    /// Requirements that it answers.
    pub clause_refs: Vec<Requirement>,
    /// AI systems that it is about; empty for the whole organisation.
    pub ai_systems: Vec<Ref<AiSystem>>,
    /// Who reviewed it.
    pub reviewed_by: Option<Ref<Person>>,
    /// Who approved it.
    pub approved_by: Option<Ref<Person>>,
    /// First day on which it applies.
    pub effective_from: Option<Date>,
    /// When it is reviewed next.
    pub next_review: Option<Date>,
    /// How long it is kept, and from when that counts (7.5.3).
    pub retention: String,
    /// What happens then.
    pub disposition: Option<Disposition>,
    /// Who issued it, if it comes from outside.
    pub source_if_external: String,
    /// The document as a file.
    pub file: Option<FileRef>,
    /// What changed from version to version.
    pub change_log: Vec<String>,
    /// The text itself, if it is not a file.
    pub body: String,
}

impl RecordKind for ControlledDocument {
    kind! { ControlledDocument, "controlled_document", "DOC", "a controlled document", DOCUMENT, [
        "document_type", "version", "owner", "clause_refs",
    ] }

    fn title(&self) -> &str {
        &self.title
    }

    fn file(&self) -> Option<&FileRef> {
        self.file.as_ref()
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.owner
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_review", self.next_review)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.title.trim().is_empty(), "title", "give the document a title");
        is_file(problems, self.file.as_ref());
    }
}
