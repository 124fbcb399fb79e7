//! What is asked about: a system or model as the classification left it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use surety_catalog::Law;

use crate::classification::Classification;

/// One AI system or model and the part that the organisation plays for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct Subject {
    /// What reports call it, such as the id of its record.
    pub id: String,
    /// The outcome of the classification.
    pub outcome: String,
    /// Ids of all findings, derived ones included.
    pub findings: BTreeSet<String>,
    pub roles: BTreeSet<String>,
    pub tiers: BTreeSet<String>,
    pub facts: Facts,
}

/// Days in the life of a system or model on which dates of application turn.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(default)]
pub struct Facts {
    /// First unit of the same type and model placed on the market or put into service.
    pub system_placed_on: Option<Date>,
    /// The model placed on the market.
    pub model_placed_on: Option<Date>,
    /// The first significant change of the design after that.
    pub significant_change_on: Option<Date>,
}

impl From<&BTreeMap<String, Date>> for Facts {
    /// The date facts of the answers to a classification, by the ids that the procedure gives them.
    fn from(dates: &BTreeMap<String, Date>) -> Facts {
        let date = |fact: &str| dates.get(fact).copied();
        Facts {
            system_placed_on: date("system_placed_on"),
            model_placed_on: date("model_placed_on"),
            significant_change_on: date("significant_change_on"),
        }
    }
}

impl From<&Classification> for Subject {
    /// What is certain, whatever the answers still open turn out to be; the outcome is the provisional one while it is
    /// open. Name and dates are for the caller to add.
    fn from(classification: &Classification) -> Subject {
        let outcome = classification.outcome.as_ref();
        let outcome = outcome.unwrap_or(&classification.provisional_outcome);
        let set = |items: &[std::sync::Arc<str>]| items.iter().map(|one| one.to_string()).collect();
        Subject {
            id: String::new(),
            outcome: outcome.to_string(),
            findings: classification.findings.iter().map(|one| one.id.to_string()).collect(),
            roles: set(&classification.roles),
            tiers: set(&classification.tiers),
            facts: Facts::default(),
        }
    }
}

impl Subject {
    /// Whether the law asks nothing of whoever is asked about, by the outcome alone. The catalog's name of the outcome.
    pub(super) fn free_by_outcome<'l>(&self, law: &'l Law) -> Option<&'l str> {
        law.outcomes_without_duties.iter().find(|one| **one == self.outcome).map(String::as_str)
    }

    /// Its roles and those that they include.
    pub(super) fn all_roles<'s>(&'s self, law: &'s Law) -> Vec<&'s str> {
        closure(&self.roles, law, |one| one.role.as_deref())
    }

    /// Its tiers and those that they include.
    pub(super) fn all_tiers<'s>(&'s self, law: &'s Law) -> Vec<&'s str> {
        closure(&self.tiers, law, |one| one.tier.as_deref())
    }
}

/// The names and everything that follows from them by inclusion.
fn closure<'s>(
    names: &'s BTreeSet<String>,
    law: &'s Law,
    of: impl Fn(&'s surety_catalog::Inclusion) -> Option<&'s str>,
) -> Vec<&'s str> {
    let mut all: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut position = 0;
    while let Some(name) = all.get(position).copied() {
        for inclusion in law.inclusions.iter().filter(|one| of(one) == Some(name)) {
            if !all.contains(&inclusion.includes.as_str()) {
                all.push(&inclusion.includes);
            }
        }
        position = position.saturating_add(1);
    }
    all
}
