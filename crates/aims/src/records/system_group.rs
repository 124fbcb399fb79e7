//! Groups of AI systems that share decisions on controls (ISO/IEC 42001 6.1.3).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Person, given};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::REGISTER};

/// AI systems that are treated alike: what is decided for the group holds for each of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SystemGroup {
    /// What people call it.
    pub name: String,
    /// What its systems have in common, and why they are treated alike.
    pub description: String,
    /// Who answers for its decisions.
    pub owner: Option<Ref<Person>>,
    /// When the group is looked at next.
    pub next_review: Option<Date>,
}

impl RecordKind for SystemGroup {
    kind! { SystemGroup, "system_group", "GRP", "a group of AI systems", REGISTER, ["description"] }

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
        problems.unless(!self.name.trim().is_empty(), "name", "give the group a name");
    }
}
