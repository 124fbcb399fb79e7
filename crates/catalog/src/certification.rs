//! How a certification body proceeds: facts, checks and samples, for planning and readiness. In our own words.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Confidence, Documented};

/// What is known about certification to one standard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Certification {
    pub meta: CertificationMeta,
    #[serde(rename = "fact")]
    pub facts: Vec<Fact>,
    #[serde(rename = "audit_time_base")]
    pub audit_time: Vec<AuditTime>,
    #[serde(rename = "audit_time_adjustment")]
    pub audit_time_adjustments: Vec<AuditTimeAdjustment>,
    #[serde(rename = "nonconformity_grade")]
    pub nonconformity_grades: Vec<NonconformityGrade>,
    /// What the auditor looks for at Stage 1.
    #[serde(rename = "stage1_check")]
    pub stage1: Vec<AuditCheck>,
    /// What the auditor samples at Stage 2.
    #[serde(rename = "stage2_sample")]
    pub stage2: Vec<AuditCheck>,
    #[serde(rename = "common_finding")]
    pub common_findings: Vec<CommonFinding>,
    #[serde(rename = "surveillance_item")]
    pub surveillance: Vec<SourcedItem>,
    #[serde(rename = "auditor_competence")]
    pub auditor_competence: Vec<SourcedItem>,
    #[serde(rename = "timeline_step")]
    pub timeline: Vec<TimelineStep>,
}

/// Which standard the facts are about, and where they come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CertificationMeta {
    pub framework: String,
    pub checked: Option<Date>,
    pub sources: Vec<String>,
    pub disagreements: Vec<String>,
    pub not_found: Vec<String>,
}

/// One statement about certification.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Fact {
    pub id: String,
    pub topic: String,
    pub statement: String,
    pub source: String,
    /// The number in it, in `unit`.
    pub value: Option<f64>,
    pub unit: String,
    /// Whether a public excerpt was read; else it is general knowledge.
    pub confirmed: bool,
    pub confidence: Confidence,
}

/// Auditor days for an organisation of some size and role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuditTime {
    pub persons_min: u32,
    pub persons_max: u32,
    pub role: String,
    pub auditor_days: f64,
    pub confidence: Confidence,
}

/// What adds to the auditor days.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuditTimeAdjustment {
    pub factor: String,
    pub min_days: f64,
    pub max_days: f64,
    pub per: String,
    pub confidence: Confidence,
}

/// How grave a finding is, and what it takes to close it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NonconformityGrade {
    /// As in the field `grade` of audit findings.
    pub id: String,
    pub name: String,
    pub meaning: String,
    pub blocks_certificate: bool,
    pub before_decision: String,
    pub outer_limit: String,
    pub customary_days: u32,
    pub confidence: Confidence,
}

/// Something that an auditor looks for or samples.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuditCheck {
    pub id: String,
    pub says: String,
    /// Requirement ids of the standard.
    pub references: Vec<String>,
    /// Natural record types that show it.
    pub records: Vec<String>,
}

/// What auditors often find.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CommonFinding {
    pub id: String,
    pub says: String,
    pub references: Vec<String>,
    pub source: String,
    pub confidence: Confidence,
}

/// An item of a list, with its source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SourcedItem {
    pub says: String,
    pub source: String,
    pub confidence: Confidence,
}

/// One step on the way to a certificate, in weeks from the kickoff.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TimelineStep {
    pub step: String,
    pub start_week: u32,
    pub end_week: u32,
    pub note: String,
    pub confidence: Confidence,
}

/// The documented information that a standard demands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DocumentedInformation {
    pub meta: DocumentedMeta,
    /// Demanded by the clauses.
    pub mandatory: Vec<MandatoryDocument>,
    /// Demanded by a control, where it applies.
    pub conditional: Vec<ConditionalDocument>,
}

/// Which standard it is about, and what people often take for mandatory that is not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DocumentedMeta {
    pub framework: String,
    pub sources: Vec<String>,
    pub not_mandatory: Vec<String>,
}

/// Documented information that a clause demands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MandatoryDocument {
    pub id: String,
    pub title: String,
    /// The clause as printed.
    pub clause: String,
    /// The requirement that asks for it.
    pub requirement: String,
    pub kind: Documented,
    pub note: String,
    pub records: Vec<String>,
    pub confirmed_by: Vec<String>,
    pub confidence: Confidence,
}

/// Documented information that a control demands, where it applies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConditionalDocument {
    pub id: String,
    pub title: String,
    pub control: String,
    pub records: Vec<String>,
    pub confidence: Confidence,
}

/// Annex C of ISO/IEC 42001: objectives and risk sources to think of. Informative.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnnexC {
    pub meta: AnnexCMeta,
    #[serde(rename = "objective")]
    pub objectives: Vec<Prompt>,
    #[serde(rename = "risk_source")]
    pub risk_sources: Vec<Prompt>,
}

impl AnnexC {
    /// An objective or risk source by its id, `C.3.2` or `iso42001:C.3.2`.
    pub fn get(&self, id: &str) -> Option<&Prompt> {
        let id = id
            .strip_prefix(self.meta.framework.as_str())
            .and_then(|rest| rest.strip_prefix(':'))
            .unwrap_or(id);
        self.objectives.iter().chain(&self.risk_sources).find(|one| one.id.eq_ignore_ascii_case(id))
    }
}

/// Which standard it is about, and how sure its ids are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnnexCMeta {
    pub framework: String,
    pub status: String,
    pub sources: Vec<String>,
    pub confidence_of_ids: String,
}

/// An objective or a risk source, with a question that brings it home.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Prompt {
    pub id: String,
    pub title: String,
    pub text: String,
    #[serde(rename = "prompt")]
    pub question: String,
    pub related_controls: Vec<String>,
    /// The same element of ISO/IEC 23894:2023.
    pub iso23894: String,
    pub confidence: Confidence,
}
