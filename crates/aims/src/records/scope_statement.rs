//! The scope of the AI management system (ISO/IEC 42001 4.3).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Person, given};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::DOCUMENT};

/// Borders and applicability of the AI management system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ScopeStatement {
    /// Number of this version of the text, such as 1.2.
    pub version: String,
    /// The scope in the words that outsiders read. The first line is its title.
    pub text: String,
    /// Companies or bodies that belong to it.
    pub legal_entities: Vec<String>,
    /// Departments or teams that belong to it.
    pub units: Vec<String>,
    /// Places that belong to it.
    pub sites: Vec<String>,
    /// AI systems inside.
    pub ai_systems_in: Vec<Ref<AiSystem>>,
    /// AI systems outside; say why under exclusions.
    pub ai_systems_out: Vec<Ref<AiSystem>>,
    /// What is left out, each with its reason.
    pub exclusions: Vec<String>,
    /// Where it touches the outside: outsourced AI, shared platforms, parent companies.
    pub interfaces: String,
    /// Parts played for AI systems that it covers, such as provider or user (clause 4.1).
    pub roles_covered: Vec<String>,
    /// Issues and interests of others that were weighed (clauses 4.1 and 4.2).
    pub inputs: Vec<String>,
    /// The scope as it stands on the certificate.
    pub certificate_wording: String,
    /// Member of top management who approves it.
    pub approved_by: Option<Ref<Person>>,
    /// First day on which it applies.
    pub effective_from: Option<Date>,
    /// When it is looked at next.
    pub next_review: Option<Date>,
}

impl RecordKind for ScopeStatement {
    kind! { ScopeStatement, "scope_statement", "SCP", "a scope statement", DOCUMENT, [
        "version", "legal_entities", "units", "ai_systems_in", "roles_covered", "inputs",
        "effective_from",
    ] }

    fn title(&self) -> &str {
        self.text.trim().lines().next().unwrap_or_default()
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.approved_by
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_review", self.next_review)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.text.trim().is_empty(), "text", "write what the scope is");
        if let Some(both) = self.ai_systems_in.iter().find(|one| self.ai_systems_out.contains(one))
        {
            problems.add(
                "ai_systems_out",
                format!("{both} is also in ai_systems_in; keep one of the two"),
            );
        }
    }
}
