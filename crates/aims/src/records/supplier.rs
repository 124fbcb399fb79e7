//! Suppliers of models, data, tools, platforms, services and people (ISO/IEC 42001 8.1, A.10.3).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Criticality, Person, given, require};
use crate::{Book, Lifecycle, Problems, Record, RecordId, RecordKind, Ref, Transition, of};

choice! {
    /// What a supplier supplies.
    Supply { Model, Data, Tooling, Platform, Service, Labelling, Development, People }
}

/// Somebody who supplies a part of an AI system or a service for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Supplier {
    /// Registered name.
    pub name: String,
    /// What they supply.
    pub supplies: Vec<Supply>,
    /// Part they play for the AI systems, and how duties are shared with them (A.10.2).
    pub role: String,
    /// AI systems that depend on them.
    pub ai_systems: Vec<Ref<AiSystem>>,
    /// How bad it is when they fail.
    pub criticality: Option<Criticality>,
    /// The contract: number, date, where it is kept.
    pub contract: String,
    /// Clauses on AI that are in force: use of your data for training, notice of changes and incidents, audit right,
    /// documentation, responsibility, exit.
    pub ai_clauses: Vec<String>,
    /// Where they keep and process data.
    pub data_location: String,
    /// Suppliers behind them that matter for AI.
    pub sub_suppliers: Vec<String>,
    /// Proof they gave: certificates, audit reports, answers to questionnaires.
    pub assurance: String,
    /// Until when that proof is valid.
    pub assurance_until: Option<Date>,
    /// Who answers for the relationship.
    pub owner: Option<Ref<Person>>,
    /// When they are assessed next.
    pub next_review: Option<Date>,
    /// How you leave them: data back, replacement, time needed.
    pub exit_plan: String,
    /// Conditions of their approval, each with its date.
    pub conditions: Vec<String>,
    /// Their web site or trust page.
    pub url: String,
}

impl RecordKind for Supplier {
    kind! { Supplier, "supplier", "SUP", "a supplier", LIFE, [
        "supplies", "criticality", "ai_clauses", "owner", "next_review",
    ] }

    fn title(&self) -> &str {
        &self.name
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.owner
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_review", self.next_review), ("assurance_until", self.assurance_until)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.name.trim().is_empty(), "name", "give the supplier's name");
    }
}

/// The life of a relationship with a supplier.
static LIFE: Lifecycle = Lifecycle {
    name: "supplier",
    purpose: "Suppliers in the AI supply chain: looked into, approved or not, suspended, left.",
    states: &[
        "prospective",
        "in_due_diligence",
        "approved",
        "conditional",
        "suspended",
        "exited",
        "rejected",
    ],
    finals: &["exited", "rejected"],
    in_force: &["approved", "conditional"],
    reopens_to: None,
    transitions: &[
        Transition::step("prospective", "start", "in_due_diligence").guarded(has_criticality),
        Transition::step("in_due_diligence", "approve", "approved")
            .complete()
            .second_person()
            .guarded(has_clauses),
        Transition::step("in_due_diligence", "approve_with_conditions", "conditional")
            .second_person()
            .guarded(has_conditions),
        Transition::step("in_due_diligence", "reject", "rejected").noted().approver(),
        Transition::step("conditional", "conditions_met", "approved")
            .complete()
            .approver()
            .guarded(has_clauses),
        Transition::step("approved", "suspend", "suspended").noted().approver(),
        Transition::step("conditional", "suspend", "suspended").noted().approver(),
        Transition::step("suspended", "reinstate", "approved")
            .complete()
            .noted()
            .approver()
            .guarded(has_clauses),
        // The note says that the exit plan is done and data came back.
        Transition::step("approved", "exit", "exited").noted(),
        Transition::step("conditional", "exit", "exited").noted(),
        Transition::step("suspended", "exit", "exited").noted(),
    ],
};

fn has_criticality(record: &Record, _: &Book) -> Result<(), String> {
    let holds = of::<Supplier>(record).is_some_and(|supplier| supplier.criticality.is_some());
    require(holds, "set `criticality` first: it decides how deep to look")
}

fn has_clauses(record: &Record, _: &Book) -> Result<(), String> {
    let holds = of::<Supplier>(record).is_some_and(|supplier| !supplier.ai_clauses.is_empty());
    require(holds, "list the clauses on AI that are in force in `ai_clauses` first")
}

fn has_conditions(record: &Record, _: &Book) -> Result<(), String> {
    let holds = of::<Supplier>(record).is_some_and(|supplier| !supplier.conditions.is_empty());
    require(holds, "list the conditions, each with its date, in `conditions` first")
}
