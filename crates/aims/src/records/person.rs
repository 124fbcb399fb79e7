//! People who have a part in the AI management system (ISO/IEC 42001 5.3, 7.2).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::REGISTER};

/// Somebody who has a part in the AI management system. Name and e-mail address are kept beside the ledger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    /// Position or job title, without the name.
    pub position: String,
    /// Department or team.
    pub unit: String,
    /// What they know and can do for AI (clause 7.2, A.4.6).
    pub skills: Vec<String>,
    /// Last day in the organisation.
    pub left_on: Option<Date>,
    /// Whom they report to.
    pub manager: Option<Ref<Person>>,
}

impl RecordKind for Person {
    kind! { Person, "person", "PER", "a person", REGISTER, [] }

    fn title(&self) -> &str {
        &self.position
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.position.trim().is_empty(), "position", "give the person's position");
    }
}
