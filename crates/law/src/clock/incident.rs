//! The facts of an incident, as far as clocks depend on them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// An answer in three values. Ordered so that the smaller one is "and", the greater one "or".
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    No,
    #[default]
    Unknown,
    Yes,
}

impl Answer {
    /// Yes for no, no for yes; what is not known stays so.
    pub fn negated(self) -> Answer {
        match self {
            Answer::No => Answer::Yes,
            Answer::Unknown => Answer::Unknown,
            Answer::Yes => Answer::No,
        }
    }
}

/// What is known about an incident.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Incident {
    /// IANA name of the time zone of the organisation, for whatever is not due in a Member State.
    pub timezone: String,
    /// Member States where it occurred (ISO 3166-1 alpha-2).
    pub occurred_in: Vec<String>,
    /// The Member State where the organisation is established.
    pub established_in: Option<String>,
    /// Regions whose holidays count as well (ISO 3166-2).
    pub regions: Vec<String>,
    /// Further public holidays, wherever a report is due.
    pub holidays: Vec<Date>,
    /// The roles of the organisation; empty: not settled yet.
    pub roles: BTreeSet<String>,
    /// The scopes of the law into which the AI system falls, from its classification: `high_risk_annex_iii`.
    pub scopes: Vec<String>,
    /// The first significant change of the design after the law began to apply to new systems.
    pub significant_change_on: Option<Date>,
    /// By question; one that is absent is unknown.
    pub answers: BTreeMap<String, Answer>,
    pub events: Vec<IncidentEvent>,
    pub stops: Vec<Stop>,
}

/// Something that happened: awareness, a finding, a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentEvent {
    /// From the vocabulary of events, or `submitted.CLOCK`.
    pub event: String,
    pub at: Timestamp,
    /// Who became aware or acted.
    #[serde(default)]
    pub by: String,
    /// Where that is known from.
    #[serde(default)]
    pub source: String,
}

/// A decision that a clock need not run on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    pub clock: String,
    pub at: Timestamp,
    /// From the vocabulary of stops.
    pub reason: String,
    #[serde(default)]
    pub by: String,
    #[serde(default)]
    pub note: String,
}

/// The moment from which an incident is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Moment {
    /// Now.
    pub now: Timestamp,
    /// The day for which applicability is asked, where the event that starts a clock has not happened.
    pub on: Date,
    /// The law as published by this day.
    pub law_as_of: Date,
}
