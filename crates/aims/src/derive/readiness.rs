//! Readiness for Stage 1 and Stage 2 of a certification audit, check by check from the certification catalog.
//!
//! Stage 1 looks at what is designed and documented, Stage 2 at what operates; so a check of either is as good as the
//! requirements that it refers to, and the three scores of the Statement of Applicability stand beside it.

use jiff::civil::Date;
use serde::Serialize;
use surety_catalog::{AuditCheck, Certification};

use super::{
    gap::{Gap, Judged, Outcome, together},
    soa::Soa,
};

/// How ready the organisation is for each stage.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Readiness<'b> {
    pub framework: &'b str,
    pub on: Date,
    pub stage1: Stage<'b>,
    pub stage2: Stage<'b>,
    /// Of the cells of the Statement of Applicability that apply or are undecided, in percent.
    pub designed: u32,
    pub documented: u32,
    pub operating: u32,
}

/// The checks of one stage.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Stage<'b> {
    pub ready: u32,
    pub of: u32,
    pub checks: Vec<Check<'b>>,
}

/// One thing that the auditor looks for.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Check<'b> {
    pub id: &'b str,
    pub says: &'b str,
    pub result: Outcome,
    pub references: Vec<Reference<'b>>,
    /// What is missing, in sentences, each once.
    pub missing: Vec<String>,
}

/// A requirement that a check refers to, with its result.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
#[schemars(rename = "CheckReference")]
pub struct Reference<'b> {
    pub requirement: &'b str,
    pub result: Option<Outcome>,
}

/// How many missing things a check names.
const NAMED: usize = 8;

/// Judges each check of the catalog by the gap analysis of the same framework.
pub fn readiness<'b>(
    gap: &Gap<'b>,
    soa: &Soa<'b>,
    certification: &'b Certification,
) -> Readiness<'b> {
    let scores = soa.scores;
    Readiness {
        framework: gap.framework,
        on: gap.on,
        stage1: stage(gap, &certification.stage1),
        stage2: stage(gap, &certification.stage2),
        designed: scores.percent(scores.designed),
        documented: scores.percent(scores.documented),
        operating: scores.percent(scores.operating),
    }
}

fn stage<'b>(gap: &Gap<'b>, checks: &'b [AuditCheck]) -> Stage<'b> {
    let checks: Vec<_> = checks.iter().map(|check| judge(gap, check)).collect();
    let count =
        |checks: &mut dyn Iterator<Item = &Check<'_>>| u32::try_from(checks.count()).unwrap_or(0);
    let ready = count(&mut checks.iter().filter(|check| check.result == Outcome::Met));
    let of = count(&mut checks.iter().filter(|check| check.result != Outcome::NotApplicable));
    Stage { ready, of, checks }
}

fn judge<'b>(gap: &Gap<'b>, check: &'b AuditCheck) -> Check<'b> {
    let judged = |id: &str| gap.results.iter().find(|judged| judged.id == id);
    let references: Vec<_> = check
        .references
        .iter()
        .map(|id| Reference { requirement: id, result: judged(id).map(|judged| judged.result) })
        .collect();
    let result = together(references.iter().filter_map(|reference| reference.result));
    let mut missing = Vec::new();
    for id in &check.references {
        if let Some(judged) = judged(id) {
            name_missing(gap, judged, &mut missing);
        }
    }
    Check { id: &check.id, says: &check.says, result, references, missing }
}

/// Names what is missing for a requirement and for the parts below it.
fn name_missing(gap: &Gap<'_>, judged: &Judged<'_>, missing: &mut Vec<String>) {
    let open = judged.conditions.iter().filter(|finding| !finding.holds);
    for finding in open {
        let sentence =
            format!("{}: {} ({} of {})", judged.label, finding.says, finding.held, finding.asked);
        if missing.len() < NAMED && !missing.contains(&sentence) {
            missing.push(sentence);
        }
    }
    for part in gap.results.iter().filter(|part| part.parent == Some(judged.id)) {
        name_missing(gap, part, missing);
    }
}
