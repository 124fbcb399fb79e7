//! An entry as files and programs read it. Names are stable: others script against them.

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use surety_catalog::{Confidence, Deadline, ObligationKind};

use super::{Entry, Penalty, Standing, Start, Why, WhyNot};

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let one = self.obligation;
        View {
            id: &one.id,
            reference: &one.reference,
            title: &one.title,
            kind: one.kind,
            summary: self.text,
            standing: self.standing,
            roles: &self.why.roles,
            tiers: &self.why.tiers,
            why: self.why.to_string(),
            because: &self.why,
            why_not: self.why_not.iter().map(ToString::to_string).collect(),
            reasons: &self.why_not,
            formal_from: self.start().and_then(|start| start.formal_from),
            operative_from: self.start().and_then(|start| start.operative_from),
            binds_from: self.binds_from,
            starts: self.starts.iter().map(|(tier, start)| StartOf { tier, start }).collect(),
            to_check: self.to_check(),
            exceptions: &one.exceptions,
            evidence: &one.evidence,
            deadlines: &one.deadlines,
            penalties: &self.penalties,
            linked: &one.linked,
            see: &one.see,
            note: &one.note,
            amended_by: &one.amended_by,
            caution: self.caution.map(|one| one.says.as_str()),
            weight: one.weight,
            confidence: self.confidence,
        }
        .serialize(serializer)
    }
}

#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct View<'a> {
    id: &'a str,
    #[serde(rename = "ref")]
    reference: &'a str,
    title: &'a str,
    kind: ObligationKind,
    summary: &'a str,
    standing: Standing,
    roles: &'a [&'a str],
    tiers: &'a [&'a str],
    /// As a sentence; `because` is the same as data.
    why: String,
    because: &'a Why<'a>,
    /// As sentences; `reasons` are the same as data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    why_not: Vec<String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    reasons: &'a [WhyNot<'a>],
    formal_from: Option<Date>,
    operative_from: Option<Date>,
    binds_from: Option<Date>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    starts: Vec<StartOf<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_check: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    exceptions: &'a [String],
    evidence: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    deadlines: &'a [Deadline],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    penalties: &'a [Penalty<'a>],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    linked: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    see: &'a [String],
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    amended_by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caution: Option<&'a str>,
    weight: u8,
    confidence: Confidence,
}

#[derive(Serialize, schemars::JsonSchema)]
struct StartOf<'a> {
    tier: &'a str,
    #[serde(flatten)]
    start: &'a Start<'a>,
}
