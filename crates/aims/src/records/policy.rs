//! The AI policy and policies on topics (ISO/IEC 42001 5.2, A.2.2 to A.2.4).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Availability, FileRef, Person, Requirement, given, is_file};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::DOCUMENT};

choice! {
    /// The one AI policy of the organisation, or a policy on one topic.
    PolicyKind { AiPolicy, TopicPolicy }
}

choice! {
    /// What clause 5.2 wants a policy to commit to: meeting requirements, improving the management system.
    Commitment { Requirements, Improvement }
}

/// One review of a policy (A.2.4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PolicyReview {
    /// When it took place.
    pub date: Option<Date>,
    /// Who reviewed.
    pub reviewer: Option<Ref<Person>>,
    /// What was looked at: laws, incidents, results of assessments, feedback.
    pub inputs: String,
    /// What came of it, also when nothing changes.
    pub outcome: String,
}

/// Direction that top management gives for AI.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// The AI policy (5.2) or a policy on one topic.
    pub kind: Option<PolicyKind>,
    /// Title as people know it.
    pub title: String,
    /// Number of this version of the text, such as 2.0.
    pub version: String,
    /// The text itself, or a summary if the text is in the file.
    pub body: String,
    /// Commitments that the text makes (5.2 c and d).
    pub commitments: Vec<Commitment>,
    /// Principles that it sets, such as fairness or human oversight.
    pub principles: Vec<String>,
    /// Other policies that it touches or draws on (A.2.3).
    pub related_policies: Vec<String>,
    /// How somebody gets an exception.
    pub exceptions_process: String,
    /// Whom it addresses.
    pub audience: Vec<String>,
    /// Whether outsiders can get it (5.2).
    pub external_availability: Option<Availability>,
    /// Who keeps it up to date.
    pub owner: Option<Ref<Person>>,
    /// Who approves it; top management for the AI policy.
    pub approver: Option<Ref<Person>>,
    /// Requirements that it answers.
    pub clause_refs: Vec<Requirement>,
    /// First day on which it applies.
    pub effective_from: Option<Date>,
    /// When it is reviewed next.
    pub next_review: Option<Date>,
    /// Reviews that took place (A.2.4).
    pub review_log: Vec<PolicyReview>,
    /// The text as a file.
    pub file: Option<FileRef>,
}

impl RecordKind for Policy {
    kind! { Policy, "policy", "POL", "a policy", DOCUMENT, [
        "kind", "version", "body", "commitments", "owner", "effective_from", "next_review",
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
        problems.unless(!self.title.trim().is_empty(), "title", "give the policy a title");
        is_file(problems, self.file.as_ref());
    }
}
