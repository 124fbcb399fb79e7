//! Who is responsible, accountable, consulted and informed (ISO/IEC 42001 5.3, A.3.2).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Person, given, in_order};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::REGISTER};

choice! {
    /// Responsible (does it), accountable (answers for it, one for each activity), consulted or informed.
    Raci {
        #[serde(rename = "R")]
        Responsible,
        #[serde(rename = "A")]
        Accountable,
        #[serde(rename = "C")]
        Consulted,
        #[serde(rename = "I")]
        Informed,
    }
}

/// A person's part in one activity, for the organisation or one AI system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RoleAssignment {
    /// The role, such as AIMS manager, system owner, data steward or internal auditor.
    pub role: String,
    /// Who has it.
    pub person: Option<Ref<Person>>,
    /// Who stands in.
    pub deputy: Option<Ref<Person>>,
    /// For which task or process.
    pub activity: String,
    /// For which AI system; empty for the whole organisation.
    pub ai_system: Option<Ref<AiSystem>>,
    /// R responsible, A accountable, C consulted or I informed.
    pub raci: Option<Raci>,
    /// What the person may decide, and up to which risk level.
    pub authority: String,
    /// Who gave them the role; top management for roles of the management system.
    pub appointed_by: Option<Ref<Person>>,
    /// First day in the role.
    pub from: Option<Date>,
    /// Last day in the role.
    pub to: Option<Date>,
    /// When the person agreed to it.
    pub accepted_on: Option<Date>,
    /// When the assignment is looked at next.
    pub next_review: Option<Date>,
}

impl RecordKind for RoleAssignment {
    kind! { RoleAssignment, "role_assignment", "ROL", "a role assignment", REGISTER, [
        "person", "activity", "raci", "authority", "from",
    ] }

    fn title(&self) -> &str {
        &self.role
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.person
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("to", self.to), ("next_review", self.next_review)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.role.trim().is_empty(), "role", "name the role");
        in_order(problems, ("from", self.from), ("to", self.to));
    }
}
