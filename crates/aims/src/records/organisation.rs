//! The organisation itself (ISO/IEC 42001 4.1).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiRole, FileRef, given, is_sound_file};
use crate::{Book, Problems, RecordId, RecordKind, lifecycle::REGISTER};

/// The organisation that runs the AI management system. There is one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Organisation {
    /// Registered name.
    pub name: String,
    /// Legal form, such as limited company, public body or association.
    pub legal_form: String,
    /// Where it is established or does business (ISO 3166-1 alpha-2, EU for the whole Union).
    pub jurisdictions: Vec<String>,
    /// Branch or sector.
    pub sector: String,
    /// What it makes, sells or does, in a few sentences.
    pub activities: String,
    /// Parts that it plays for AI systems, all taken together (clause 4.1).
    pub ai_roles: Vec<AiRole>,
    /// One person does everything, so four eyes need an outsider.
    pub single_person: bool,
    /// Who outside the organisation reviews, if one person does everything: a function or firm, not a name.
    pub outside_reviewer: String,
    /// When these facts are looked at next.
    pub next_review: Option<Date>,
    /// The logo, which stands at the head of reports: a PNG, or an SVG of plain shapes, of 1 MiB at most.
    pub logo: Option<FileRef>,
}

impl RecordKind for Organisation {
    kind! { Organisation, "organisation", "ORG", "the organisation", REGISTER, [] }

    const FILE: &'static str = "logo";

    fn title(&self) -> &str {
        &self.name
    }

    fn file(&self) -> Option<&FileRef> {
        self.logo.as_ref()
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_review", self.next_review)])
    }

    fn check(&self, id: RecordId, book: &Book, problems: &mut Problems) {
        problems.unless(!self.name.trim().is_empty(), "name", "give the organisation its name");
        is_sound_file(problems, "logo", self.logo.as_ref());
        if let Some((other, _)) = book.all::<Organisation>().find(|(other, _)| other.id != id) {
            problems.add(
                "",
                format!("there is one organisation, {}; state that record anew", other.id),
            );
        }
    }
}
