//! Why a provision applies to a subject, and why not, as data and as sentences.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;

use super::{Start, StartRule};

/// What made a provision apply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Why<'l> {
    /// Roles of the subject that it addresses.
    pub roles: Vec<&'l str>,
    /// Tiers of the subject that it addresses.
    pub tiers: Vec<&'l str>,
    /// Findings of the subject that it asks for; none of a provision that asks for none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<&'l str>,
}

/// One reason why a provision does not apply, or not yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum WhyNot<'l> {
    /// The outcome of the classification carries no duties at all.
    Outcome { outcome: &'l str },
    /// It does not stand in the version of the law that governs the day, or not for such a system or model.
    Version { version: &'l str, since: Option<&'l str> },
    /// It addresses other roles.
    Role { addresses: &'l [String] },
    /// It addresses other tiers.
    Tier { addresses: &'l [String] },
    /// None of the findings that it asks for was made.
    Finding { asks_for: &'l [String] },
    /// A finding frees from it.
    Freed { finding: &'l str },
    /// It applies, but does not bind yet.
    NotYet { binds_from: Date },
    /// It applies, but an older system is bound only after a significant change of its design.
    AwaitsDesignChange { reference_date: Date },
    /// It applies, but a finding keeps it from binding yet, such as that the system is not released.
    HeldBack { finding: &'l str, says: &'l str, citation: &'l str },
    /// It applies, but not on a day that is known.
    NoDay,
}

impl fmt::Display for Why<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "as {} of {}", list(&self.roles, "and"), list(&self.tiers, "and"))?;
        if !self.findings.is_empty() {
            write!(to, ", because of {}", list(&self.findings, "and"))?;
        }
        Ok(())
    }
}

impl fmt::Display for WhyNot<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WhyNot::Outcome { outcome } => write!(to, "the outcome {outcome} carries no duties"),
            WhyNot::Version { version, since: Some(since) } => {
                write!(to, "not in version {version} of the law, only since {since}")
            }
            WhyNot::Version { version, since: None } => {
                write!(to, "no date in version {version} of the law for such a system or model")
            }
            WhyNot::Role { addresses } => {
                write!(to, "it addresses the role {}", list(addresses, "or"))
            }
            WhyNot::Tier { addresses } => {
                write!(to, "it addresses the tier {}", list(addresses, "or"))
            }
            WhyNot::Finding { asks_for } => write!(to, "it asks for {}", list(asks_for, "or")),
            WhyNot::Freed { finding } => write!(to, "{finding} frees from it"),
            WhyNot::NotYet { binds_from } => write!(to, "not before {binds_from}"),
            WhyNot::AwaitsDesignChange { reference_date } => write!(
                to,
                "an older system is bound only after a significant change of its design on or after {reference_date}"
            ),
            WhyNot::HeldBack { says, citation, .. } => write!(to, "{says} ({citation})"),
            WhyNot::NoDay => write!(to, "no day is known from which it binds"),
        }
    }
}

impl fmt::Display for Start<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.formal_from, self.operative_from) {
            (Some(formal), Some(operative)) if formal != operative => {
                write!(to, "formally from {formal}, can bite from {operative}")?;
            }
            (_, Some(operative)) => write!(to, "from {operative}")?,
            (Some(formal), None) => write!(to, "formally from {formal}")?,
            (None, None) => write!(to, "on no day that is known")?,
        }
        match self.rule {
            StartRule::Dates => {}
            StartRule::DesignChange { reference_date } => {
                write!(to, ", the significant change of its design after {reference_date}")?;
            }
            StartRule::DayOfChangeUnknown { .. } => {
                write!(to, ", as the day of the significant change of its design is not stated")?;
            }
            StartRule::AwaitsDesignChange { reference_date } => {
                write!(
                    to,
                    ", only after a significant change of its design on or after {reference_date}"
                )?;
            }
            StartRule::FixedDay => write!(to, ", a day that takes the place of the others")?,
        }
        write!(to, " ({})", self.basis)
    }
}

/// The items as a person lists them: `a, b and c`.
pub(super) fn list<T: AsRef<str>>(items: &[T], last: &str) -> String {
    match items {
        [] => "nothing".to_owned(),
        [one] => one.as_ref().to_owned(),
        [first @ .., end] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", first.join(", "), end.as_ref())
        }
    }
}
