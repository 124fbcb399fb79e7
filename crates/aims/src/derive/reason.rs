//! Reasons: why a derived status is what it is.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::RecordId;

/// A rule that spoke, and the record that made it speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(with = "Shown")]
pub struct Reason {
    pub rule: Rule,
    pub record: Option<RecordId>,
}

/// The rules of the Statement of Applicability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    DecidedForSystem,
    DecidedForGroup,
    DecidedForOrganisation,
    Undecided,
    ContradictsOrganisation,
    NotJustified,
    NotDescribed,
    NotOwned,
    Documented,
    NotDocumented,
    Covered,
    NotCovered,
    NeverEvidenced,
    PolicyOnly,
    NotInOperation,
}

impl Rule {
    /// The rule as a sentence.
    pub fn says(self) -> &'static str {
        match self {
            Rule::DecidedForSystem => "decided for this AI system",
            Rule::DecidedForGroup => "decided for its group",
            Rule::DecidedForOrganisation => "decided for the whole organisation",
            Rule::Undecided => "nobody has decided whether the control applies",
            Rule::ContradictsOrganisation => "applies here although the organisation excludes it",
            Rule::NotJustified => "the decision has no justification",
            Rule::NotDescribed => "how the control is done is not described",
            Rule::NotOwned => "nobody owns it",
            Rule::Documented => "rests on an approved document",
            Rule::NotDocumented => "no approved document in force describes it",
            Rule::Covered => "covered by evidence",
            Rule::NotCovered => "the evidence has lapsed",
            Rule::NeverEvidenced => "there is no accepted evidence",
            Rule::PolicyOnly => {
                "there are only policies or templates, which show intent and not operation"
            }
            Rule::NotInOperation => "the control is not implemented yet",
        }
    }

    /// What would change what the rule says; empty where there is nothing to mend.
    pub fn remedy(self) -> &'static str {
        match self {
            Rule::DecidedForSystem
            | Rule::DecidedForGroup
            | Rule::DecidedForOrganisation
            | Rule::Documented
            | Rule::Covered => "",
            Rule::Undecided => "decide whether the control applies, and say why",
            Rule::ContradictsOrganisation => {
                "decide for the whole organisation that it applies, or exclude it here too"
            }
            Rule::NotJustified => "write down why it applies or does not",
            Rule::NotDescribed => "describe how the control is done",
            Rule::NotOwned => "name who answers for it",
            Rule::NotDocumented => "approve a policy or document that names the control",
            Rule::NotCovered => "collect and accept new evidence of operation",
            Rule::NeverEvidenced => "collect and accept evidence of operation",
            Rule::PolicyOnly => {
                "collect evidence that it is done, such as logs, tickets or records"
            }
            Rule::NotInOperation => "put it in place and report it implemented",
        }
    }

    /// The clause of ISO/IEC 42001 that asks for it.
    pub fn clause(self) -> &'static str {
        match self {
            Rule::DecidedForSystem
            | Rule::DecidedForGroup
            | Rule::DecidedForOrganisation
            | Rule::Undecided
            | Rule::ContradictsOrganisation
            | Rule::NotJustified => "6.1.3 f",
            Rule::NotDescribed | Rule::NotOwned => "6.1.3 b",
            Rule::Documented | Rule::NotDocumented => "7.5.1",
            Rule::Covered
            | Rule::NotCovered
            | Rule::NeverEvidenced
            | Rule::PolicyOnly
            | Rule::NotInOperation => "8.1",
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Reason { rule, record } = *self;
        Shown { says: rule.says(), clause: rule.clause(), record }.serialize(serializer)
    }
}

/// A reason as files and programs read it.
#[derive(Serialize, JsonSchema)]
struct Shown {
    /// The rule as a sentence.
    says: &'static str,
    /// The clause of ISO/IEC 42001 that asks for it.
    clause: &'static str,
    /// The record that made it speak.
    record: Option<RecordId>,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.record {
            Some(record) => write!(f, "{} ({record}; {})", self.rule.says(), self.rule.clause()),
            None => write!(f, "{} ({})", self.rule.says(), self.rule.clause()),
        }
    }
}
