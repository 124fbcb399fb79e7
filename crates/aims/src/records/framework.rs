//! Frameworks that the organisation imported as libraries.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileRef, given, is_file};
use crate::{Book, Problems, RecordId, RecordKind, lifecycle::REGISTER};

/// A framework from an imported library: which file its requirements were read from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Framework {
    /// The id that stands before the colon in its requirements, such as nis2 in nis2:21.2.a.
    pub framework_id: String,
    /// The id that the library itself gives.
    pub urn: String,
    /// Name of the framework.
    pub name: String,
    /// Version of the library.
    pub version: String,
    /// Format of the file, such as `ciso_assistant` or `oscal`.
    pub format: String,
    /// The library as it was imported.
    pub file: Option<FileRef>,
    /// Who issued the framework or made the library.
    pub provider: String,
    /// Language of its texts (BCP 47).
    pub locale: String,
    /// Rights in the texts, as the library states them.
    pub copyright: String,
    /// When to look for a newer version.
    pub next_review: Option<Date>,
}

impl RecordKind for Framework {
    kind! { Framework, "framework", "FWK", "a framework", REGISTER, [] }

    fn title(&self) -> &str {
        if self.name.trim().is_empty() { &self.framework_id } else { &self.name }
    }

    fn file(&self) -> Option<&FileRef> {
        self.file.as_ref()
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_review", self.next_review)])
    }

    fn check(&self, id: RecordId, book: &Book, problems: &mut Problems) {
        problems.unless(
            !self.framework_id.trim().is_empty() && !self.framework_id.contains(':'),
            "framework_id",
            "give an id without a colon, such as nis2",
        );
        is_file(problems, self.file.as_ref());
        let same = |(other, framework): &(&crate::Record, &Framework)| {
            other.id != id && other.is_live() && framework.framework_id == self.framework_id
        };
        if let Some((other, _)) = book.all::<Framework>().find(same) {
            problems.add(
                "framework_id",
                format!("is the id of {} too; state that record anew", other.id),
            );
        }
    }
}
