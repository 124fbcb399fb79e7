//! A law as data: its versions, when what applies to whom, and its provisions in our own words.
//!
//! Knows no date of today and decides nothing: which provisions bind whom is worked out from this by others.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Confidence;

/// A law in all its versions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Law {
    /// The framework of the same provisions.
    pub framework: String,
    /// Vocabulary of [`Obligation::applies_to`].
    pub roles: Vec<String>,
    /// Vocabulary of [`Obligation::tiers`].
    pub tiers: Vec<String>,
    /// Vocabulary of [`Application::scope`].
    pub scopes: Vec<String>,
    pub role_implications: Vec<String>,
    pub tier_implications: Vec<String>,
    pub outcomes_without_duties: Vec<String>,
    /// How to read the dates and conditions, by subject.
    pub rules: BTreeMap<String, String>,
    /// Oldest first; each ends on the day before the next begins.
    #[serde(rename = "version")]
    pub versions: Vec<LawVersion>,
    #[serde(rename = "regime")]
    pub regimes: Vec<DateRegime>,
    /// Worked examples, for checking whoever computes what binds on a day.
    #[serde(rename = "as_of_check")]
    pub as_of_checks: Vec<AsOfCheck>,
    #[serde(rename = "article")]
    pub articles: Vec<Article>,
}

impl Law {
    /// The version in force on a day.
    pub fn version_on(&self, day: Date) -> Option<&LawVersion> {
        self.versions.iter().rfind(|version| {
            version.in_force_from <= day && version.in_force_to.is_none_or(|last| day <= last)
        })
    }

    /// Every provision, in the order of the law.
    pub fn obligations(&self) -> impl Iterator<Item = &Obligation> {
        self.articles.iter().flat_map(|article| &article.obligations)
    }

    /// The provision of this id.
    pub fn obligation(&self, id: &str) -> Option<&Obligation> {
        self.obligations().find(|one| one.id == id)
    }

    /// When a provision applies in one version of the law, scope by scope; empty: it does not stand in that version.
    pub fn applications<'a>(
        &'a self,
        obligation: &'a Obligation,
        version: &'a str,
    ) -> impl Iterator<Item = &'a Application> {
        let exists = self.position(version)
            >= obligation.since.as_deref().and_then(|since| self.position(since));
        self.regimes
            .iter()
            .filter(move |regime| exists && regime.id == obligation.regime)
            .flat_map(|regime| &regime.dates)
            .filter(move |date| date.version == version)
    }

    fn position(&self, version: &str) -> Option<usize> {
        self.versions.iter().position(|one| one.id == version)
    }
}

/// The text of the law as it stood for a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LawVersion {
    pub id: String,
    pub label: String,
    pub legal_basis: String,
    pub published: Date,
    pub in_force_from: Date,
    /// The last day; absent: still in force.
    #[serde(default)]
    pub in_force_to: Option<Date>,
    pub celex: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub confidence: Confidence,
}

/// The dates that a group of provisions shares.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DateRegime {
    pub id: String,
    pub summary: String,
    pub dates: Vec<Application>,
}

/// From when provisions apply, in one version of the law and one scope.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Application {
    pub version: String,
    pub scope: String,
    /// When the provision applies on its face.
    pub formal_from: Option<Date>,
    /// The earliest day on which it can bite; absent: only as `binds_if` says.
    pub operative_from: Option<Date>,
    /// What makes it bind older systems, counted from `reference_date`.
    pub binds_if: Option<String>,
    pub reference_date: Option<Date>,
    pub basis: String,
    pub note: String,
    pub confidence: Confidence,
}

/// A heading of the law.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Article {
    /// `4a`, without the word.
    pub number: String,
    pub title: String,
    #[serde(rename = "obligation")]
    pub obligations: Vec<Obligation>,
}

/// One provision: a duty, or what permits, defines or limits duties.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Obligation {
    pub id: String,
    /// The provision as lawyers cite it: `Art 26(7)`.
    #[serde(rename = "ref")]
    pub reference: String,
    pub title: String,
    pub kind: ObligationKind,
    pub summary: String,
    /// How it read in earlier versions, by version.
    #[serde(default)]
    pub earlier: BTreeMap<String, String>,
    pub applies_to: Vec<String>,
    pub tiers: Vec<String>,
    /// Findings of the classification of which one must be there.
    #[serde(default)]
    pub requires_any: Vec<String>,
    /// Findings that free from it.
    #[serde(default)]
    pub requires_none: Vec<String>,
    /// What a person has to check.
    #[serde(default)]
    pub condition: String,
    /// Id of the [`DateRegime`].
    pub regime: String,
    /// The first version that holds it; absent: all do.
    #[serde(default)]
    pub since: Option<String>,
    #[serde(default)]
    pub amended_by: String,
    #[serde(default)]
    pub exceptions: Vec<String>,
    #[serde(default)]
    pub deadlines: Vec<Deadline>,
    /// The fine tier that reaches it; `none_listed`: the list of fines does not name it.
    #[serde(default)]
    pub penalty: String,
    /// Ids of provisions to read with it.
    #[serde(default)]
    pub linked: Vec<String>,
    /// Annexes and procedures to read with it.
    #[serde(default)]
    pub see: Vec<String>,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Importance for planning, 1 to 5; 0 for what is no duty.
    #[serde(default)]
    pub weight: u8,
    #[serde(default)]
    pub confidence: Confidence,
}

/// What sort of provision it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObligationKind {
    Duty,
    Prohibition,
    /// What an AI system must be like.
    Requirement,
    Classification,
    Exemption,
    Permission,
    Presumption,
    RightOfOthers,
    RoleRule,
    Rule,
    ScopeRule,
    SupervisionRule,
    Transitional,
    Voluntary,
}

impl ObligationKind {
    /// Whether it can be fulfilled or breached, and so assessed.
    pub fn binds(self) -> bool {
        matches!(
            self,
            ObligationKind::Duty | ObligationKind::Prohibition | ObligationKind::Requirement
        )
    }
}

/// A time limit that a provision sets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deadline {
    pub id: String,
    pub trigger: String,
    /// In `unit`: `hours`, `days`, `months`, `years`; 0 with `immediately` and `without_undue_delay`.
    pub limit: Option<u32>,
    pub unit: String,
    /// Of a deadline that is a day of the calendar.
    pub date: Option<Date>,
    /// `retain_at_least`: a minimum, not a maximum.
    pub direction: Option<String>,
    /// The reporting clock that it runs on: the id of a provision, or one outside this law.
    pub clock: Option<String>,
}

/// What binds and what does not yet, on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsOfCheck {
    pub id: String,
    pub date: Date,
    pub scope: String,
    pub law_version: String,
    #[serde(default)]
    pub significant_change_on: Option<Date>,
    #[serde(default)]
    pub binding: Vec<String>,
    #[serde(default)]
    pub not_yet_binding: Vec<String>,
    pub reason: String,
}
