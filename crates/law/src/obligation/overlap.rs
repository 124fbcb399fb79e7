//! What the management system already gives towards obligations, and what stays open, so that nothing is asked twice.

use std::collections::HashMap;

use serde::Serialize;
use surety_catalog::{Certainty, Confidence, Link, MappingSet, Relationship};

/// The result of a requirement of the management system, as whoever keeps the records knows it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Fulfilment {
    Met,
    PartlyMet,
    NotMet,
    /// Nobody has judged it yet.
    NotJudged,
    /// It was decided that it does not apply.
    NotApplicable,
}

/// How much of an obligation the management system gives.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "OverlapCoverage")]
pub enum Coverage {
    /// A requirement that asks as much or more is met, and nothing is known to stay open.
    Whole,
    /// Something is given.
    Part,
    /// Requirements would give something, and none of them is met.
    Possible,
    /// The management system does not ask for anything like it.
    Nothing,
}

/// One obligation beside the management system.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Overlap<'c> {
    /// Id of the provision.
    pub obligation: &'c str,
    pub coverage: Coverage,
    /// The strongest first.
    pub given: Vec<Given<'c>>,
    /// What has to be done for the law beyond the management system, or within it first.
    pub open: Vec<Open<'c>>,
}

/// What one requirement of the management system gives.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Given<'c> {
    /// Id of the requirement.
    pub requirement: &'c str,
    /// What the standard prints.
    pub label: &'c str,
    pub title: &'c str,
    /// Of the requirement to the obligation.
    pub relationship: Relationship,
    pub certainty: Certainty,
    /// 1 (faint) to 10 (same): how much its evidence helps to show the duty.
    pub strength: Option<u8>,
    pub rationale: &'c str,
    pub result: Fulfilment,
    pub confidence: Confidence,
}

/// Something that stays to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Open<'c> {
    /// The standard leaves it open, whatever the organisation does.
    Gap { text: &'c str, requirements: Vec<&'c str> },
    /// The standard knows nothing of the kind.
    NotCovered { text: String, severity: String },
    /// A requirement that would give something is not met, or not judged.
    Unmet { requirement: &'c str, title: &'c str, result: Fulfilment },
}

/// The statements of a crosswalk from a management-system standard to a law, by provision.
pub struct Overlaps<'c> {
    links: HashMap<&'c str, Vec<&'c Link<'c>>>,
    not_covered: HashMap<String, Vec<(String, String)>>,
}

impl<'c> Overlaps<'c> {
    /// From the links of the crosswalk (source: the standard, target: the law).
    pub fn new(links: &'c [Link<'c>]) -> Overlaps<'c> {
        let mut by_target: HashMap<&str, Vec<&Link<'_>>> = HashMap::new();
        for link in links.iter().filter(|one| one.relationship != Relationship::NotRelated) {
            by_target.entry(&link.target.id).or_default().push(link);
        }
        let mut not_covered: HashMap<String, Vec<(String, String)>> = HashMap::new();
        let mut seen: Vec<&MappingSet> = Vec::new();
        for set in links.iter().flat_map(|link| &link.steps).map(|step| step.set) {
            if !seen.iter().any(|one| std::ptr::eq(*one, set)) {
                seen.push(set);
                collect_not_covered(set, &mut not_covered);
            }
        }
        Overlaps { links: by_target, not_covered }
    }

    /// What the requirements give towards one obligation, when `result` says how each of them stands.
    pub fn of(&self, obligation: &'c str, result: &dyn Fn(&str) -> Fulfilment) -> Overlap<'c> {
        let links = self.links.get(obligation).map_or(&[][..], Vec::as_slice);
        let mut given: Vec<Given<'c>> = links.iter().map(|link| given_by(link, result)).collect();
        given.retain(|one| one.result != Fulfilment::NotApplicable);
        given.sort_by_key(|one| (std::cmp::Reverse(one.strength), one.requirement));
        let mut open = self.open(obligation, links, &given);
        let coverage = coverage(&given, &open);
        if coverage == Coverage::Whole {
            // What is met whole leaves nothing to do, however other requirements stand.
            open.clear();
        }
        Overlap { obligation, coverage, given, open }
    }

    fn open(&self, obligation: &str, links: &[&'c Link<'c>], given: &[Given<'c>]) -> Vec<Open<'c>> {
        let mut open: Vec<Open<'c>> = Vec::new();
        for (text, requirement) in links.iter().flat_map(|link| gaps(link)) {
            let known = open.iter_mut().find_map(|one| match one {
                Open::Gap { text: known, requirements } if *known == text => Some(requirements),
                Open::Gap { .. } | Open::NotCovered { .. } | Open::Unmet { .. } => None,
            });
            match known {
                Some(requirements) => requirements.push(requirement),
                None => open.push(Open::Gap { text, requirements: vec![requirement] }),
            }
        }
        let not_covered = self.not_covered.get(obligation).into_iter().flatten();
        open.extend(not_covered.map(|(text, severity)| Open::NotCovered {
            text: text.clone(),
            severity: severity.clone(),
        }));
        let unmet = given.iter().filter(|one| one.result != Fulfilment::Met);
        open.extend(unmet.map(|one| Open::Unmet {
            requirement: one.requirement,
            title: one.title,
            result: one.result,
        }));
        open
    }
}

fn given_by<'c>(link: &Link<'c>, result: &dyn Fn(&str) -> Fulfilment) -> Given<'c> {
    let step = link.steps.last();
    let confidence = link.steps.iter().map(|step| step.mapping.confidence).max();
    Given {
        requirement: &link.source.id,
        label: if link.source.label.is_empty() { &link.source.id } else { &link.source.label },
        title: &link.source.title,
        relationship: link.relationship,
        certainty: link.certainty,
        strength: link.strength,
        rationale: step.map_or("", |step| &step.mapping.rationale),
        result: result(&link.source.id),
        confidence: confidence.unwrap_or_default(),
    }
}

fn gaps<'c>(link: &Link<'c>) -> Vec<(&'c str, &'c str)> {
    let gaps = link.steps.iter().filter(|step| !step.reversed).map(|step| &step.mapping.gap);
    gaps.filter(|gap| !gap.is_empty()).map(|gap| (gap.as_str(), link.source.id.as_str())).collect()
}

fn coverage(given: &[Given<'_>], open: &[Open<'_>]) -> Coverage {
    let whole = |one: &Given<'_>| {
        one.relationship.covers_fully()
            && one.result == Fulfilment::Met
            && one.certainty != Certainty::Possible
            && !open.iter().any(|open| match open {
                Open::Gap { requirements, .. } => requirements.contains(&one.requirement),
                Open::NotCovered { .. } => true,
                Open::Unmet { .. } => false,
            })
    };
    let some = |one: &Given<'_>| matches!(one.result, Fulfilment::Met | Fulfilment::PartlyMet);
    if given.is_empty() {
        Coverage::Nothing
    } else if given.iter().any(whole) {
        Coverage::Whole
    } else if given.iter().any(some) {
        Coverage::Part
    } else {
        Coverage::Possible
    }
}

/// What a mapping set says that its source leaves open: title and reason, and how much it matters, by provision.
fn collect_not_covered(set: &MappingSet, into: &mut HashMap<String, Vec<(String, String)>>) {
    let entries = set.extra.get("not_covered").and_then(serde_json::Value::as_array);
    for entry in entries.into_iter().flatten() {
        let text = |field: &str| entry.get(field).and_then(serde_json::Value::as_str).unwrap_or("");
        let told = match (text("title"), text("why")) {
            (title, "") => title.to_owned(),
            (title, why) => format!("{title}: {why}"),
        };
        let targets = entry.get("targets").and_then(serde_json::Value::as_array);
        for target in targets.into_iter().flatten().filter_map(serde_json::Value::as_str) {
            let list = into.entry(target.to_owned()).or_default();
            list.push((told.clone(), text("severity").to_owned()));
        }
    }
}
