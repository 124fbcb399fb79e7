//! Resources that AI systems depend on (ISO/IEC 42001 7.1, A.4.2 to A.4.6).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{AiSystem, Person, Supplier, given};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::REGISTER};

choice! {
    /// Data (A.4.3), tooling (A.4.4), system and computing resources (A.4.5) or people (A.4.6).
    ResourceKind { Data, Tooling, Compute, Human }
}

/// Data, tools, computing power or people that an AI system depends on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Resource {
    /// The AI system that needs it.
    pub ai_system: Option<Ref<AiSystem>>,
    /// What sort of resource it is.
    pub kind: Option<ResourceKind>,
    /// What people call it; for people, the role and not a name.
    pub name: String,
    /// Stages of the life cycle in which it is needed, such as design, training or operation.
    pub lifecycle_stage: Vec<String>,
    /// Who answers for it.
    pub owner: Option<Ref<Person>>,
    /// Version or release in use.
    pub version: String,
    /// Region, data centre or site.
    pub location: String,
    /// Who supplies it.
    pub supplier: Option<Ref<Supplier>>,
    /// Facts that only this sort has: algorithm, hardware and energy, skill and proof of it.
    pub details: Map<String, Value>,
    /// Energy, water or other effects on the environment.
    pub environmental_note: String,
    /// What it costs, with currency and period.
    pub cost: String,
    /// When somebody last compared this entry with reality.
    pub last_verified: Option<Date>,
    /// When that is due again.
    pub next_review: Option<Date>,
}

impl RecordKind for Resource {
    kind! { Resource, "resource", "RES", "a resource", REGISTER, [
        "ai_system", "kind", "owner", "last_verified", "next_review",
    ] }

    fn title(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.owner
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_review", self.next_review)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.name.trim().is_empty(), "name", "give the resource a name");
    }
}
