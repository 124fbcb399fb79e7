//! Duties from law, licences and contracts (ISO/IEC 42001 4.1, 4.2, A.8.5).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, EvidenceItem, Person, given};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::REGISTER};

choice! {
    /// Where a law stands.
    LawStatus { InForce, AdoptedNotApplicableYet, Proposed, Repealed }
}

/// A duty from a law, licence or contract that touches AI.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LegalObligation {
    /// The duty in one line.
    pub title: String,
    /// Where it is written: law and article, or contract and clause.
    pub source: String,
    /// Where it holds (ISO 3166-1 alpha-2, EU for the whole Union).
    pub jurisdiction: String,
    /// First day on which it must be met.
    pub applies_from: Option<Date>,
    /// AI systems that it touches; empty for the whole organisation.
    pub applies_to: Vec<Ref<AiSystem>>,
    /// What has to be done or left.
    pub duty: String,
    /// How you meet it.
    pub how_met: String,
    /// Who answers for it.
    pub owner: Option<Ref<Person>>,
    /// Proof that it is met.
    pub evidence: Vec<Ref<EvidenceItem>>,
    /// Whether the law is in force, adopted but not yet applicable, proposed or repealed.
    pub status_of_law: Option<LawStatus>,
    /// When it is looked at next.
    pub next_review: Option<Date>,
}

impl RecordKind for LegalObligation {
    kind! { LegalObligation, "legal_obligation", "OBL", "an obligation", REGISTER, [
        "source", "jurisdiction", "duty", "how_met", "owner", "status_of_law", "next_review",
    ] }

    fn title(&self) -> &str {
        &self.title
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.owner
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_review", self.next_review)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.title.trim().is_empty(), "title", "say the duty in one line");
    }
}
