//! The gap analysis: every requirement of a framework judged from the records themselves.
//!
//! What must hold stands in the catalog as conditions. A requirement is *met* when all of its conditions and all parts
//! below it hold, *not met* when none does, *partly* in between. A person's assessment overrides the derived result,
//! with its reason, for as long as it is valid.

use std::{collections::HashMap, sync::Arc};

use jiff::civil::Date;
use serde::Serialize;
use surety_catalog::{Condition, Framework, Per, Requirement, RequirementRef, Test};

pub use super::outcome::{Outcome, together};
use super::{
    judge::{Finding, Judge},
    soa::Soa,
};
use crate::{
    Book, RecordId,
    records::{AssessedResult, RequirementAssessment},
};

/// The judged requirements of one framework, in its order.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Gap<'b> {
    pub framework: &'b str,
    pub name: &'b str,
    pub on: Date,
    pub totals: Totals,
    pub results: Vec<Judged<'b>>,
}

/// How many assessable requirements have each result; a requirement with parts below it is not counted, its parts are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Totals {
    pub met: u32,
    pub partly: u32,
    pub not_met: u32,
    pub not_applicable: u32,
}

impl Totals {
    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Met => self.met += 1,
            Outcome::Partly => self.partly += 1,
            Outcome::NotMet => self.not_met += 1,
            Outcome::NotApplicable => self.not_applicable += 1,
        }
    }

    /// Met, of those that apply, in whole percent, rounded down.
    pub fn percent_met(&self) -> u32 {
        let all = self.met.saturating_add(self.partly).saturating_add(self.not_met);
        self.met.saturating_mul(100).checked_div(all).unwrap_or(0)
    }
}

/// One requirement with its result and why.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Judged<'b> {
    #[serde(rename = "requirement")]
    pub id: &'b str,
    pub label: &'b str,
    pub title: &'b str,
    pub parent: Option<&'b str>,
    pub assessable: bool,
    /// Whether parts of it are judged below it.
    pub has_parts: bool,
    pub result: Outcome,
    /// What the records alone say.
    pub derived: Outcome,
    /// The person's assessment that overrides it.
    pub assessment: Option<Assessment<'b>>,
    /// The decision that excludes the control altogether: then nothing else is asked.
    pub excluded_by: Option<RecordId>,
    pub conditions: Vec<Arc<Finding<'b>>>,
}

/// A person's judgement.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Assessment<'b> {
    pub record: RecordId,
    pub result: Outcome,
    pub reason: &'b str,
    /// Whether its validity has run out, so that it no longer counts.
    pub lapsed: bool,
}

/// Judges every requirement of `framework` on a day. `soa` is the matrix of the framework whose controls conditions ask about.
pub fn gap<'b>(book: &'b Book, framework: &'b Framework, soa: &'b Soa<'b>, on: Date) -> Gap<'b> {
    Analysis::new(book, soa, on).gap(framework)
}

/// Judges several frameworks, sharing what they ask in common.
pub struct Analysis<'b> {
    judge: Judge<'b>,
    book: &'b Book,
    on: Date,
}

impl<'b> Analysis<'b> {
    pub fn new(book: &'b Book, soa: &'b Soa<'b>, on: Date) -> Analysis<'b> {
        Analysis { judge: Judge::new(book, soa, on), book, on }
    }

    /// Judges every requirement of one framework.
    pub fn gap(&mut self, framework: &'b Framework) -> Gap<'b> {
        self.judge.prepare(framework);
        let mut parts: HashMap<&str, Vec<Outcome>> = HashMap::new();
        let mut results = Vec::with_capacity(framework.requirements.len());
        let mut totals = Totals::default();
        // Children first: a parent is what its parts are.
        for requirement in framework.requirements.iter().rev() {
            let below = parts.remove(requirement.id.as_str()).unwrap_or_default();
            let judged = self.judged(framework, requirement, &below);
            if let (Some(parent), true) =
                (&requirement.parent, judged.assessable || judged.has_parts)
            {
                parts.entry(parent.as_str()).or_default().push(judged.result);
            }
            if judged.assessable && !judged.has_parts {
                totals.count(judged.result);
            }
            results.push(judged);
        }
        results.reverse();
        let (id, name) = (framework.id.as_str(), framework.name.as_str());
        Gap { framework: id, name, on: self.on, totals, results }
    }

    fn judged(
        &mut self,
        framework: &'b Framework,
        requirement: &'b Requirement,
        below: &[Outcome],
    ) -> Judged<'b> {
        let reference = RequirementRef::new(&framework.id, &requirement.id);
        let excluded_by = self.judge.exclusion(&reference, framework, requirement);
        let conditions = match excluded_by {
            Some(_) => Vec::new(),
            None => self.conditions(&reference, framework, requirement, below.is_empty()),
        };
        let own = conditions.iter().map(|finding| finding.outcome());
        let derived = together(own.chain(below.iter().copied()));
        let assessment = self.assessment(&reference);
        let result = match &assessment {
            Some(assessment) if !assessment.lapsed => assessment.result,
            Some(_) | None => derived,
        };
        Judged {
            id: &requirement.id,
            label: &requirement.label,
            title: &requirement.title,
            parent: requirement.parent.as_deref(),
            assessable: requirement.assessable,
            has_parts: !below.is_empty(),
            result,
            derived,
            assessment,
            excluded_by,
            conditions,
        }
    }

    fn conditions(
        &mut self,
        reference: &RequirementRef,
        framework: &'b Framework,
        requirement: &'b Requirement,
        leaf: bool,
    ) -> Vec<Arc<Finding<'b>>> {
        if !requirement.conditions.is_empty() {
            let conditions = requirement.conditions.iter();
            return conditions
                .map(|condition| self.judge.find(reference, framework, requirement, condition))
                .collect();
        }
        if !leaf || !requirement.assessable {
            return Vec::new();
        }
        DEFAULT_CONDITIONS
            .iter()
            .map(|condition| self.judge.find(reference, framework, requirement, condition))
            .collect()
    }

    /// The newest assessment of the whole organisation, preferring one that is still valid.
    fn assessment(&self, reference: &RequirementRef) -> Option<Assessment<'b>> {
        self.book
            .all_naming::<RequirementAssessment>(reference.as_str())
            .filter(|(record, said)| {
                said.ai_system.is_none() && record.lifecycle().is_in_force(record.state)
            })
            .filter_map(|(record, said)| {
                let lapsed = said.valid_until.is_some_and(|until| until < self.on);
                let result = outcome(said.result?);
                Some(Assessment { record: record.id, result, reason: &said.reason, lapsed })
            })
            .max_by_key(|assessment| (!assessment.lapsed, assessment.record))
    }
}

/// What a person's result means.
pub(super) fn outcome(result: AssessedResult) -> Outcome {
    match result {
        AssessedResult::Met => Outcome::Met,
        AssessedResult::Partly => Outcome::Partly,
        AssessedResult::NotMet => Outcome::NotMet,
        AssessedResult::NotApplicable => Outcome::NotApplicable,
    }
}

/// What is asked of a requirement whose catalog says nothing more exact.
static DEFAULT_CONDITIONS: std::sync::LazyLock<[Condition; 2]> = std::sync::LazyLock::new(|| {
    [
        Condition {
            id: "decided".to_owned(),
            says: "how it is met is decided, described and owned".to_owned(),
            test: Test::ControlDesigned,
            effort: surety_catalog::Effort::Medium,
        },
        Condition {
            id: "evidenced".to_owned(),
            says: "accepted evidence shows that it is met".to_owned(),
            test: Test::Evidence { requirement: None, per: Per::Organisation },
            effort: surety_catalog::Effort::Medium,
        },
    ]
});
