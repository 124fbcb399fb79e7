//! Coverage: how far work done for one framework already answers another, through mappings, with the chain shown.
//!
//! A requirement is *covered* when a met requirement of the other framework is equal to it or asks more, *partly* when met
//! or partly met ones only overlap with it, and *open* when nothing mapped to it is met. Nothing is inferred from what is
//! not mapped: *unmapped* stands apart. What only follows through a third framework never counts as covered by itself.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use surety_catalog::{Certainty, Framework, Link, Relationship, Step};

use super::gap::{Gap, Outcome};

/// One framework seen from the work done for another.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Coverage<'b> {
    pub from: &'b str,
    pub to: &'b str,
    pub on: Date,
    pub totals: CoverageTotals,
    pub rows: Vec<CoverageRow<'b>>,
}

/// How many assessable requirements of the target have each result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CoverageTotals {
    pub covered: u32,
    pub partly: u32,
    pub open: u32,
    pub unmapped: u32,
}

/// The result for one requirement of the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Covered {
    Covered,
    Partly,
    Open,
    Unmapped,
}

impl Covered {
    /// As in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Covered::Covered => "covered",
            Covered::Partly => "partly",
            Covered::Open => "open",
            Covered::Unmapped => "unmapped",
        }
    }
}

/// One requirement of the target with everything that is mapped to it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct CoverageRow<'b> {
    pub requirement: &'b str,
    pub label: &'b str,
    pub title: &'b str,
    pub result: Covered,
    pub by: Vec<Contribution<'b>>,
    /// What the mappings say stays open on the side of the target.
    pub gaps: Vec<&'b str>,
}

/// One requirement of the source framework that contributes.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Contribution<'b> {
    pub requirement: &'b str,
    pub result: Outcome,
    pub relationship: Relationship,
    pub certainty: Certainty,
    pub strength: Option<u8>,
    /// The steps from source to target: `framework:requirement`, relationship, and so on, with the mapping sets used.
    pub chain: Vec<ChainStep<'b>>,
}

/// One mapping of a chain.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ChainStep<'b> {
    pub from: String,
    pub to: String,
    pub relationship: Relationship,
    pub set: &'b str,
    pub rationale: &'b str,
}

impl<'b> ChainStep<'b> {
    /// The mappings that a link is made of.
    pub fn of(link: &Link<'b>) -> Vec<ChainStep<'b>> {
        let step = |step: &Step<'b>| ChainStep {
            from: format!("{}:{}", step.from.framework, step.from.requirement.id),
            to: format!("{}:{}", step.to.framework, step.to.requirement.id),
            relationship: step.relationship,
            set: &step.set.id,
            rationale: &step.mapping.rationale,
        };
        link.steps.iter().map(step).collect()
    }
}

/// Judges every assessable requirement of `to` by the gap analysis of another framework and what links the two.
pub fn coverage<'b>(gap: &Gap<'b>, to: &'b Framework, links: &[Link<'b>]) -> Coverage<'b> {
    let results: BTreeMap<&str, Outcome> =
        gap.results.iter().map(|judged| (judged.id, judged.result)).collect();
    let mut by_target: BTreeMap<&str, Vec<&Link<'b>>> = BTreeMap::new();
    for link in links.iter().filter(|link| link.relationship != Relationship::NotRelated) {
        by_target.entry(&link.target.id).or_default().push(link);
    }
    let mut totals = CoverageTotals::default();
    let rows = to
        .requirements
        .iter()
        .filter(|requirement| requirement.assessable)
        .map(|requirement| {
            let links = by_target.remove(requirement.id.as_str()).unwrap_or_default();
            let by: Vec<_> = links.iter().filter_map(|link| contribution(link, &results)).collect();
            let result = result(&by);
            totals.count(result);
            let gaps =
                links.iter().flat_map(|link| &link.steps).map(|step| step.mapping.gap.as_str());
            CoverageRow {
                requirement: &requirement.id,
                label: &requirement.label,
                title: &requirement.title,
                result,
                by,
                gaps: gaps.filter(|gap| !gap.is_empty()).collect(),
            }
        })
        .collect();
    Coverage { from: gap.framework, to: &to.id, on: gap.on, totals, rows }
}

impl CoverageTotals {
    fn count(&mut self, result: Covered) {
        match result {
            Covered::Covered => self.covered += 1,
            Covered::Partly => self.partly += 1,
            Covered::Open => self.open += 1,
            Covered::Unmapped => self.unmapped += 1,
        }
    }
}

fn contribution<'b>(
    link: &Link<'b>,
    results: &BTreeMap<&str, Outcome>,
) -> Option<Contribution<'b>> {
    Some(Contribution {
        requirement: &link.source.id,
        result: *results.get(link.source.id.as_str())?,
        relationship: link.relationship,
        certainty: link.certainty,
        strength: link.strength,
        chain: ChainStep::of(link),
    })
}

fn result(by: &[Contribution<'_>]) -> Covered {
    let full = |one: &Contribution<'_>| {
        one.result == Outcome::Met
            && one.relationship.covers_fully()
            && one.certainty != Certainty::Possible
    };
    if by.is_empty() {
        Covered::Unmapped
    } else if by.iter().any(full) {
        Covered::Covered
    } else if by.iter().any(|one| matches!(one.result, Outcome::Met | Outcome::Partly)) {
        Covered::Partly
    } else {
        Covered::Open
    }
}
