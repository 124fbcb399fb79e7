//! AI systems: the inventory (ISO/IEC 42001 4.1, 4.3, A.4.2, A.9.2).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AiRole, Criticality, DatasetCard, ImpactAssessment, Person, Risk, RiskAssessment, Supplier,
    SystemGroup, given, in_order,
};
use crate::{Book, Lifecycle, Problems, Record, RecordId, RecordKind, Ref, Transition};

choice! {
    /// What the system does, by its main technique.
    SystemKind { Predictive, Generative, Recommender, Vision, Speech, Optimization, RuleBased, Agent, Other }
}

choice! {
    /// Where the system comes from.
    Origin { Built, Bought, Embedded, OpenModel, Hybrid }
}

choice! {
    /// What its output does to decisions.
    DecisionEffect { None, Informs, Recommends, Decides }
}

choice! {
    /// Where people stand.
    AutomationLevel { HumanInLoop, HumanOnLoop, HumanOutOfLoop }
}

choice! {
    /// Class under the EU AI Act, as a person states it.
    AiActClass { Prohibited, High, Limited, Minimal, Gpai, OutOfScope, Unknown }
}

choice! {
    /// Role under the EU AI Act (Art. 3, Art. 25).
    AiActRole { Provider, Deployer, Importer, Distributor, AuthorisedRepresentative, ProductManufacturer, None, Unknown }
}

/// A result that was measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Metric {
    /// What was measured, such as accuracy or false positive rate.
    pub name: String,
    /// The result, with its unit.
    pub value: String,
    /// On which data.
    pub dataset: String,
    /// For which part of it.
    pub slice: String,
}

/// One AI system or use case, built, bought or embedded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AiSystem {
    /// What people call it.
    pub name: String,
    /// Your own short code for it.
    pub code: String,
    /// What it is meant to do, for whom and in which situation.
    pub purpose: String,
    /// How it works, in words that an outsider understands.
    pub description: String,
    /// What it does, by its main technique.
    pub kind: Option<SystemKind>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// Who answers for it.
    pub owner: Option<Ref<Person>>,
    /// Department or team.
    pub unit: String,
    /// Version or release in use.
    pub version: String,
    /// The group whose control decisions it inherits.
    pub group: Option<Ref<SystemGroup>>,
    /// Which parts you play for it.
    pub roles: Vec<AiRole>,
    /// Why these roles.
    pub role_reasons: String,
    /// Your roles for it under the EU AI Act.
    pub ai_act_roles: Vec<AiActRole>,
    /// Models in it.
    pub model_names: Vec<String>,
    /// Who supplies it or parts of it.
    pub suppliers: Vec<Ref<Supplier>>,
    /// Data that it was made with or works on.
    pub datasets: Vec<Ref<DatasetCard>>,
    /// Who works with it.
    pub users: String,
    /// Whom its output touches.
    pub affected_people: String,
    /// What its output does to decisions.
    pub decision_effect: Option<DecisionEffect>,
    /// Where people stand: in the loop (decide each case), on the loop (watch and step in) or out of it.
    pub automation_level: Option<AutomationLevel>,
    /// Whether it works on data about people.
    pub personal_data: Option<bool>,
    /// GDPR Art. 9 data.
    pub special_category_data: Option<bool>,
    /// Where it is used (ISO 3166-1 alpha-2).
    pub jurisdictions: Vec<String>,
    /// Class under the EU AI Act, as a person states it.
    pub ai_act_class: Option<AiActClass>,
    /// How bad it is when it fails or is missing.
    pub criticality: Option<Criticality>,
    /// Inside the AI management system.
    pub in_scope: bool,
    /// First day of operation.
    pub go_live: Option<Date>,
    /// Day by which it is to be out of operation.
    pub retire_by: Option<Date>,
    /// When this entry is looked at next.
    pub next_review: Option<Date>,
    /// Licence of the system or its model.
    pub licence: String,
    /// Results that were measured.
    pub metrics: Vec<Metric>,
    /// What it can't do or should not be used for.
    pub limitations: String,
}

impl Default for AiSystem {
    fn default() -> Self {
        // In scope unless somebody says otherwise; all else is empty.
        AiSystem {
            in_scope: true,
            name: String::new(),
            code: String::new(),
            purpose: String::new(),
            description: String::new(),
            kind: None,
            origin: None,
            owner: None,
            unit: String::new(),
            version: String::new(),
            group: None,
            roles: Vec::new(),
            role_reasons: String::new(),
            ai_act_roles: Vec::new(),
            model_names: Vec::new(),
            suppliers: Vec::new(),
            datasets: Vec::new(),
            users: String::new(),
            affected_people: String::new(),
            decision_effect: None,
            automation_level: None,
            personal_data: None,
            special_category_data: None,
            jurisdictions: Vec::new(),
            ai_act_class: None,
            criticality: None,
            go_live: None,
            retire_by: None,
            next_review: None,
            licence: String::new(),
            metrics: Vec::new(),
            limitations: String::new(),
        }
    }
}

impl RecordKind for AiSystem {
    kind! { AiSystem, "ai_system", "SYS", "an AI system", LIFE, [
        "purpose", "description", "kind", "origin", "owner", "roles", "criticality", "next_review",
    ] }

    fn title(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.owner
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_review", self.next_review), ("retire_by", self.retire_by)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.name.trim().is_empty(), "name", "give the AI system a name");
        in_order(problems, ("go_live", self.go_live), ("retire_by", self.retire_by));
    }
}

/// The life of an AI system in the inventory, with its gates.
static LIFE: Lifecycle = Lifecycle {
    name: "ai_system",
    purpose: "The life of an AI system, from proposal to retirement, with the gates between.",
    states: &[
        "proposed",
        "under_assessment",
        "in_development",
        "in_evaluation",
        "approved_for_deployment",
        "in_operation",
        "suspended",
        "retiring",
        "retired",
        "rejected",
    ],
    finals: &["retired", "rejected"],
    in_force: &["approved_for_deployment", "in_operation", "suspended", "retiring"],
    reopens_to: None,
    transitions: &[
        Transition::step("proposed", "accept_intake", "under_assessment").guarded(has_intake),
        Transition::step("proposed", "reject", "rejected").noted().approver(),
        // A system that ran before the management system did: its gates are owed, and the gap analysis shows them.
        Transition::step("proposed", "take_over", "in_operation").noted(),
        Transition::step("under_assessment", "pass_inception_gate", "in_development")
            .complete()
            .approver()
            .guarded(risk_assessed),
        Transition::step("under_assessment", "pass_procurement_gate", "in_evaluation")
            .complete()
            .approver()
            .guarded(suppliers_approved),
        Transition::step("under_assessment", "reject", "rejected").noted().approver(),
        Transition::step("in_development", "pass_build_gate", "in_evaluation")
            .guarded(datasets_approved),
        Transition::step("in_evaluation", "fail_evaluation", "in_development").noted(),
        Transition::step("in_evaluation", "pass_evaluation_gate", "approved_for_deployment")
            .complete()
            .approver()
            .guarded(impact_assessed_and_risks_accepted),
        Transition::step("approved_for_deployment", "go_live", "in_operation")
            .guarded(impact_assessed_and_risks_accepted),
        Transition::step("in_operation", "suspend", "suspended").noted(),
        Transition::step("suspended", "resume", "in_operation")
            .noted()
            .approver()
            .guarded(impact_assessed),
        Transition::step("in_operation", "major_change", "in_evaluation").noted(),
        Transition::step("suspended", "major_change", "in_evaluation").noted(),
        Transition::step("in_operation", "start_retirement", "retiring").noted(),
        Transition::step("suspended", "start_retirement", "retiring").noted(),
        Transition::step("retiring", "complete_retirement", "retired").noted().approver(),
    ],
};

/// Intake: owner, intended purpose and the organisation's role are given.
fn has_intake(record: &Record, _: &Book) -> Result<(), String> {
    let Some(system) = crate::of::<AiSystem>(record) else { return Ok(()) };
    match (system.owner, system.purpose.is_empty(), system.roles.is_empty()) {
        (Some(_), false, false) => Ok(()),
        _ => Err("give owner, purpose and roles first".to_owned()),
    }
}

/// Records of kind `T` that refer to the AI system.
fn about<'b, T: RecordKind>(record: &Record, book: &'b Book) -> impl Iterator<Item = &'b Record> {
    book.referrers(record.id).filter(|other| other.kind() == T::KIND)
}

fn risk_assessed(record: &Record, book: &Book) -> Result<(), String> {
    if about::<RiskAssessment>(record, book).any(|other| other.effective().is_some()) {
        Ok(())
    } else {
        Err(format!("approve a risk assessment of {} first", record.id))
    }
}

fn impact_assessed(record: &Record, book: &Book) -> Result<(), String> {
    if about::<ImpactAssessment>(record, book).any(|other| other.effective().is_some()) {
        Ok(())
    } else {
        Err(format!("approve an impact assessment of {} first", record.id))
    }
}

fn impact_assessed_and_risks_accepted(record: &Record, book: &Book) -> Result<(), String> {
    impact_assessed(record, book)?;
    match about::<Risk>(record, book).find(|risk| risk.is_live() && risk.state != "accepted") {
        Some(open) => {
            Err(format!("risk {} is {}: accept its residual level first", open.id, open.state))
        }
        None => Ok(()),
    }
}

fn suppliers_approved(record: &Record, book: &Book) -> Result<(), String> {
    let Some(system) = crate::of::<AiSystem>(record) else { return Ok(()) };
    if system.suppliers.is_empty() {
        return Err("name the supplier of the bought system first".to_owned());
    }
    match system.suppliers.iter().find(|supplier| {
        !book.get(supplier.id()).is_some_and(|other| other.lifecycle().is_in_force(other.state))
    }) {
        Some(open) => Err(format!("supplier {open} is not approved")),
        None => Ok(()),
    }
}

fn datasets_approved(record: &Record, book: &Book) -> Result<(), String> {
    let Some(system) = crate::of::<AiSystem>(record) else { return Ok(()) };
    match system.datasets.iter().find(|dataset| {
        !book.get(dataset.id()).is_some_and(|other| other.lifecycle().is_in_force(other.state))
    }) {
        Some(open) => Err(format!("dataset {open} is not approved")),
        None => Ok(()),
    }
}
