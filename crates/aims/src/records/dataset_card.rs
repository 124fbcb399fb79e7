//! Dataset cards: one version of one dataset (ISO/IEC 42001 A.4.3, A.7.2 to A.7.6).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Person, given, require};
use crate::{Book, Lifecycle, Problems, Record, RecordId, RecordKind, Ref, Transition, of};

choice! {
    /// What the data is used for.
    DatasetUse { Training, Validation, Test, Production, Reference, Retrieval }
}

choice! {
    /// How the organisation came by the data (A.7.3).
    DatasetSource { Internal, Purchased, Open, Shared, Customer, Synthetic, Scraped }
}

choice! {
    /// Whether the data is about people: special means GDPR Art. 9.
    PersonalData { None, Personal, Special, Pseudonymized, Anonymized, Unknown }
}

/// Everything known about one version of a dataset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DatasetCard {
    /// What people call it.
    pub name: String,
    /// Version or date of this state of the data.
    pub version: String,
    /// AI systems that use it.
    pub ai_systems: Vec<Ref<AiSystem>>,
    /// What it is used for.
    pub r#use: Option<DatasetUse>,
    /// How you came by it.
    pub source: Option<DatasetSource>,
    /// Who it came from.
    pub provider: String,
    /// When it was acquired or made.
    pub acquired_on: Option<Date>,
    /// Why this dataset and no other (A.7.3).
    pub selection_reason: String,
    /// Licence, contract or lawful basis under which it may be used for this.
    pub rights_basis: String,
    /// Whether it is about people.
    pub personal_data: Option<PersonalData>,
    /// Categories or classes of data in it.
    pub categories: String,
    /// How much: rows, files, bytes, hours.
    pub quantity: String,
    /// The period in which the data arose.
    pub time_span: String,
    /// Which groups of people it is about, and in which shares.
    pub demographics: String,
    /// Bias that is known or suspected.
    pub known_bias: String,
    /// How well it stands for the people and situations in which the system is used.
    pub representativeness: String,
    /// What its quality has to be, each measurable (A.7.4).
    pub quality_requirements: Vec<String>,
    /// What was measured, requirement by requirement (A.7.4).
    pub quality_results: Vec<String>,
    /// Who labelled it, how, and how that was checked.
    pub labelling: String,
    /// Steps of preparation, each with its method and why (A.7.6).
    pub preparation: Vec<String>,
    /// Where it was created, changed, shared, moved and validated, in order (A.7.5).
    pub lineage: Vec<String>,
    /// Digest of the data, with its algorithm, such as sha256:9f86…
    pub integrity_hash: String,
    /// How long it is kept.
    pub retention: String,
    /// How it is deleted or archived, or was.
    pub disposal: String,
    /// What is not known or not in it.
    pub known_gaps: String,
    /// Purposes for which it is approved.
    pub purposes: Vec<String>,
    /// Limits on its use, if it is approved with limits.
    pub limits: String,
    /// Languages of its content (BCP 47).
    pub languages: Vec<String>,
    /// Where it or its description can be found.
    pub urls: Vec<String>,
    /// Who answers for it.
    pub steward: Option<Ref<Person>>,
    /// Who approves its use.
    pub approved_by: Option<Ref<Person>>,
    /// When the card is looked at next.
    pub next_review: Option<Date>,
}

impl RecordKind for DatasetCard {
    kind! { DatasetCard, "dataset_card", "DST", "a dataset card", LIFE, [
        "version", "source", "rights_basis", "personal_data", "quality_results", "steward",
    ] }

    fn title(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.steward
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_review", self.next_review)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.name.trim().is_empty(), "name", "give the dataset a name");
    }
}

/// The life of one dataset version.
static LIFE: Lifecycle = Lifecycle {
    name: "dataset",
    purpose: "One version of a dataset: described, approved for purposes or with limits, blocked, retired.",
    states: &["draft", "in_review", "approved", "restricted", "blocked", "retired"],
    finals: &["retired"],
    in_force: &["approved", "restricted"],
    reopens_to: Some("draft"),
    transitions: &[
        Transition::step("draft", "submit", "in_review").complete(),
        Transition::step("in_review", "return", "draft").noted(),
        Transition::step("in_review", "approve", "approved")
            .complete()
            .second_person()
            .guarded(has_purposes),
        Transition::step("in_review", "approve_with_limits", "restricted")
            .complete()
            .second_person()
            .guarded(has_limits),
        // Rights, quality or privacy turned out to be in doubt.
        Transition::step("approved", "block", "blocked").noted(),
        Transition::step("restricted", "block", "blocked").noted(),
        Transition::step("blocked", "resubmit", "in_review").complete(),
        // The note says how the data was deleted or archived.
        Transition::step("approved", "retire", "retired").noted(),
        Transition::step("restricted", "retire", "retired").noted(),
        Transition::step("blocked", "retire", "retired").noted(),
    ],
};

fn has_purposes(record: &Record, _: &Book) -> Result<(), String> {
    let holds = of::<DatasetCard>(record).is_some_and(|card| !card.purposes.is_empty());
    require(holds, "list the purposes it is approved for in `purposes` first")
}

fn has_limits(record: &Record, _: &Book) -> Result<(), String> {
    let holds = of::<DatasetCard>(record).is_some_and(|card| !card.limits.trim().is_empty());
    require(holds, "state the limits of its use in `limits` first")
}
