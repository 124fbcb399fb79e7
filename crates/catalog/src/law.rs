//! A law as data: its versions, when what applies to whom, and its provisions in our own words.
//!
//! Knows no date of today and decides nothing: which provisions bind whom is worked out from this by others.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Changes, Confidence, Penalties};

/// A law in all its versions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
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
    /// Who has one role or tier also has another.
    #[serde(rename = "inclusion")]
    pub inclusions: Vec<Inclusion>,
    /// Tiers to which only some articles apply.
    #[serde(rename = "limited")]
    pub limited: Vec<Limited>,
    /// Findings under which nothing else binds yet.
    pub held_back: Vec<HeldBack>,
    /// Which dates a finding about an older system or model gives.
    #[serde(rename = "transition")]
    pub transitions: Vec<Transition>,
    #[serde(rename = "scope_of")]
    pub scope_tiers: Vec<ScopeOf>,
    pub penalties: Penalties,
    pub changes: Changes,
}

impl Law {
    /// The version in force on a day.
    pub fn version_on(&self, day: Date) -> Option<&LawVersion> {
        self.versions.iter().rfind(|version| {
            version.in_force_from <= day && version.in_force_to.is_none_or(|last| day <= last)
        })
    }

    /// The version of this id.
    pub fn version(&self, id: &str) -> Option<&LawVersion> {
        self.versions.iter().find(|one| one.id == id)
    }

    /// The versions published by a day, oldest first: the law as it was known then.
    pub fn known(&self, law_as_of: Date) -> impl DoubleEndedIterator<Item = &LawVersion> {
        self.versions.iter().filter(move |one| one.published <= law_as_of)
    }

    /// The version that governs the day `on` by what was published by `law_as_of`: the last one in force by then, of
    /// which nobody knew an end that only a later version set. Before the first is in force, that one. `None`: nothing
    /// had been published.
    pub fn version_for(&self, on: Date, law_as_of: Date) -> Option<&LawVersion> {
        let in_force = self.known(law_as_of).rfind(|one| one.in_force_from <= on);
        in_force.or_else(|| self.known(law_as_of).next())
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
        let exists = self.has_since(obligation.since.as_deref(), version);
        self.regimes
            .iter()
            .filter(move |regime| exists && regime.id == obligation.regime)
            .flat_map(|regime| &regime.dates)
            .filter(move |date| date.version == version)
    }

    /// Whether what exists since a version (`None`: since the first) exists in another one.
    pub fn has_since(&self, since: Option<&str>, version: &str) -> bool {
        self.position(version) >= since.and_then(|since| self.position(since))
    }

    /// How a provision read in one version of the law.
    pub fn text_in<'a>(&'a self, obligation: &'a Obligation, version: &str) -> &'a str {
        self.earlier(&obligation.earlier, version).map_or(&obligation.summary, String::as_str)
    }

    /// The tiers that a provision addressed in one version of the law.
    pub fn tiers_in<'a>(&'a self, obligation: &'a Obligation, version: &str) -> &'a [String] {
        self.earlier(&obligation.earlier_tiers, version).unwrap_or(&obligation.tiers)
    }

    /// What held until a version: the entry of that version, or of the next later one that has one.
    fn earlier<'a, T>(&self, earlier: &'a BTreeMap<String, T>, version: &str) -> Option<&'a T> {
        if earlier.is_empty() {
            return None;
        }
        let after = self.versions.iter().skip_while(|one| one.id != version);
        after.filter_map(|one| earlier.get(&one.id)).next()
    }

    fn position(&self, version: &str) -> Option<usize> {
        self.versions.iter().position(|one| one.id == version)
    }
}

/// The text of the law as it stood for a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DateRegime {
    pub id: String,
    pub summary: String,
    pub dates: Vec<Application>,
}

/// From when provisions apply, in one version of the law and one scope.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
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

/// Who has the first role or tier also has the second.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Inclusion {
    pub role: Option<String>,
    pub tier: Option<String>,
    pub includes: String,
}

/// A tier to which the law leaves only some articles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limited {
    pub tier: String,
    /// Numbers of the articles that apply.
    pub articles: Vec<String>,
    /// What to tell about a duty of another article that is reached through another tier.
    pub says: String,
    pub citation: String,
}

/// A finding under which provisions do not bind yet, whatever their date, unless they ask for such a finding.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HeldBack {
    pub finding: String,
    /// Why, and until when.
    pub says: String,
    pub citation: String,
}

/// The dates that a finding gives to provisions reached through some tiers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Transition {
    /// Id of a finding of the classification.
    pub finding: String,
    pub tiers: Vec<String>,
    /// The scope whose row holds; `tier`: the one that is named as the tier.
    pub scope: Option<String>,
    /// The fact without which the day is not known.
    pub needs_fact: Option<String>,
    /// A day that takes the place of all rows.
    pub fixed_operative_from: Option<Date>,
    pub basis: String,
}

/// Of which tiers a scope is a part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ScopeOf {
    pub scope: String,
    pub tiers: Vec<String>,
    /// Scopes whose rows hold as well, if they start earlier.
    pub after_change: Vec<String>,
}

/// A heading of the law.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Article {
    /// `4a`, without the word.
    pub number: String,
    pub title: String,
    #[serde(rename = "obligation")]
    pub obligations: Vec<Obligation>,
}

/// One provision: a duty, or what permits, defines or limits duties.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
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
    /// The tiers that it addressed in earlier versions, where they differ, by version.
    #[serde(default)]
    pub earlier_tiers: BTreeMap<String, Vec<String>>,
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
#[derive(
    Clone,
    Copy,
    Debug,
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "ProvisionDeadline")]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
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
