//! The action plan: one action for each condition that does not hold, the most pressing first.
//!
//! priority = 10 x weight + risk + law - effort
//! - weight: of the requirement in its catalog, 1 to 5
//! - risk: of the AI systems concerned (of all in scope, for what concerns the organisation), the highest of
//!   criticality (low 0, medium 10, high 20) plus 10 if high-risk or prohibited under the EU AI Act
//! - law: how soon a legal obligation of these systems applies (within 90 days or already 30, a year 20, two years 10)
//! - effort: small 0, medium 5, large 10

use std::{collections::HashMap, sync::Arc};

use jiff::civil::Date;
use serde::Serialize;
use surety_catalog::{Effort, Framework, Requirement, RequirementRef};

use super::{
    gap::{Gap, Outcome},
    judge::Finding,
};
use crate::{
    Book, Kind, RecordId, Ref, of,
    records::{AiActClass, AiSystem, Criticality, ImprovementAction, LegalObligation, Person},
};

/// What to do, the most pressing first.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Plan<'b> {
    pub on: Date,
    pub items: Vec<Item<'b>>,
}

/// One action.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Item<'b> {
    /// From 1.
    pub rank: u32,
    pub priority: i32,
    pub parts: Parts,
    pub requirement: RequirementRef,
    /// What the publisher prints for it.
    pub label: &'b str,
    pub title: &'b str,
    /// The condition that does not hold.
    pub finding: Arc<Finding<'b>>,
    /// The role that usually does it.
    pub owner_role: &'b str,
    /// The action that somebody adopted for it.
    pub adopted: Option<Adopted>,
}

/// The summands of a priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Parts {
    pub weight: i32,
    pub risk: i32,
    pub law: i32,
    pub effort: i32,
}

/// An adopted action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Adopted {
    pub record: RecordId,
    pub state: &'static str,
    pub owner: Option<Ref<Person>>,
    pub due: Option<Date>,
}

/// What each unmet condition of the analysed frameworks asks to be done.
pub fn plan<'b>(book: &'b Book, gaps: &[(&'b Framework, &Gap<'b>)], on: Date) -> Plan<'b> {
    let stakes = Stakes::of(book, on);
    let adopted = adopted(book);
    let mut items = Vec::new();
    for (framework, gap) in gaps {
        for (requirement, judged) in framework.requirements.iter().zip(&gap.results) {
            if matches!(judged.result, Outcome::Met | Outcome::NotApplicable) {
                continue;
            }
            let reference = RequirementRef::new(&framework.id, &requirement.id);
            for finding in judged.conditions.iter().filter(|finding| !finding.holds) {
                let key = (reference.text(), finding.id.to_owned());
                items.push(item(
                    &stakes,
                    &reference,
                    requirement,
                    finding,
                    adopted.get(&key).copied(),
                ));
            }
        }
    }
    items.sort_by(|a, b| {
        let key = |item: &Item<'_>| (-item.priority, item.requirement.clone());
        key(a).cmp(&key(b)).then_with(|| a.finding.id.cmp(b.finding.id))
    });
    for (rank, item) in (1..).zip(&mut items) {
        item.rank = rank;
    }
    Plan { on, items }
}

fn item<'b>(
    stakes: &Stakes,
    reference: &RequirementRef,
    requirement: &'b Requirement,
    finding: &Arc<Finding<'b>>,
    adopted: Option<Adopted>,
) -> Item<'b> {
    let (risk, law) = stakes.highest(finding);
    let weight = match requirement.weight {
        0 => 3,
        weight => weight.min(5),
    };
    let effort = match finding.effort {
        Effort::Small => 0,
        Effort::Medium => 5,
        Effort::Large => 10,
    };
    let parts = Parts { weight: i32::from(weight), risk, law, effort };
    Item {
        rank: 0,
        priority: 10 * parts.weight + risk + law - effort,
        parts,
        requirement: reference.clone(),
        label: &requirement.label,
        title: &requirement.title,
        finding: finding.clone(),
        owner_role: &requirement.owner_role,
        adopted,
    }
}

/// Live actions by the requirement and condition that they were adopted from.
fn adopted(book: &Book) -> HashMap<(Arc<str>, String), Adopted> {
    book.all::<ImprovementAction>()
        .filter(|(record, _)| record.is_live())
        .filter_map(|(record, action)| {
            let requirement = action.requirement.as_ref()?.0.text();
            let adopted = Adopted {
                record: record.id,
                state: record.state,
                owner: action.owner,
                due: action.due,
            };
            Some(((requirement, action.condition.clone()), adopted))
        })
        .collect()
}

/// What is at stake with each AI system: risk and law points.
struct Stakes {
    by_system: HashMap<RecordId, (i32, i32)>,
    organisation: (i32, i32),
}

impl Stakes {
    fn of(book: &Book, on: Date) -> Stakes {
        let (general, particular) = legal_points(book, on);
        let mut organisation = (0, general);
        let mut by_system = HashMap::new();
        for (record, system) in book.all::<AiSystem>() {
            if !record.is_live() || !system.in_scope {
                continue;
            }
            let law = particular.get(&record.id).copied().unwrap_or(0).max(general);
            let points = (risk_points(system), law);
            organisation = (organisation.0.max(points.0), organisation.1.max(points.1));
            by_system.insert(record.id, points);
        }
        Stakes { by_system, organisation }
    }

    /// The highest points of what a finding misses.
    fn highest(&self, finding: &Finding<'_>) -> (i32, i32) {
        let points = |system: Option<RecordId>| match system {
            Some(system) => self.by_system.get(&system).copied().unwrap_or((0, 0)),
            None => self.organisation,
        };
        finding
            .missing
            .iter()
            .map(|missing| points(missing.system))
            .fold((0, 0), |(risk, law), (r, l)| (risk.max(r), law.max(l)))
    }
}

fn risk_points(system: &AiSystem) -> i32 {
    let criticality = match system.criticality {
        Some(Criticality::High) => 20,
        Some(Criticality::Medium) => 10,
        Some(Criticality::Low) | None => 0,
    };
    match system.ai_act_class {
        Some(AiActClass::High | AiActClass::Prohibited) => criticality + 10,
        Some(
            AiActClass::Limited
            | AiActClass::Minimal
            | AiActClass::Gpai
            | AiActClass::OutOfScope
            | AiActClass::Unknown,
        )
        | None => criticality,
    }
}

/// Law points of obligations for the whole organisation, and of those for single AI systems.
fn legal_points(book: &Book, on: Date) -> (i32, HashMap<RecordId, i32>) {
    let mut general = 0;
    let mut particular: HashMap<RecordId, i32> = HashMap::new();
    for (record, obligation) in book.all::<LegalObligation>() {
        let Some(from) = obligation.applies_from.filter(|_| record.is_live()) else { continue };
        let points = match from.duration_since(on).as_hours() / 24 {
            ..=90 => 30,
            91..=365 => 20,
            366..=730 => 10,
            _ => 0,
        };
        if obligation.applies_to.is_empty() {
            general = general.max(points);
        }
        for system in &obligation.applies_to {
            let id = RecordId::new(Kind::AiSystem, system.number);
            let highest = particular.entry(id).or_default();
            *highest = points.max(*highest);
        }
    }
    (general, particular)
}

/// The body of the improvement action that adopts an item.
pub fn action(item: &Item<'_>, owner: Option<Ref<Person>>, due: Option<Date>) -> ImprovementAction {
    use crate::records::{ActionSource, Requirement};
    let systems: Vec<_> = item.finding.missing.iter().map(|missing| missing.system).collect();
    let one_system = match systems.as_slice() {
        [Some(system)] => Some(Ref::new(system.number)),
        _ => None,
    };
    ImprovementAction {
        title: format!("{}: {}", item.label, item.finding.says),
        source: Some(ActionSource::Gap),
        requirement: Some(Requirement(item.requirement.clone())),
        condition: item.finding.id.to_owned(),
        ai_system: one_system,
        benefit: item.title.to_owned(),
        owner,
        due,
        ..ImprovementAction::default()
    }
}

/// Whether `record` is an action adopted from the plan.
pub fn is_adopted(record: &crate::Record) -> bool {
    of::<ImprovementAction>(record).is_some_and(|action| !action.condition.is_empty())
}
