//! Risks and opportunities (ISO/IEC 42001 6.1, 8.2, 8.3).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Person, Requirement, given, is_rating, require};
use crate::{Book, Lifecycle, Problems, Record, RecordId, RecordKind, Ref, Transition, of};

choice! {
    /// Something that may go wrong, or something that may go well.
    RiskKind { Threat, Opportunity }
}

choice! {
    /// What is done about a risk (6.1.3). Pursue is for opportunities.
    Treatment { Avoid, Modify, Share, Retain, Pursue }
}

/// How bad and how likely, each from 1 (least) to 5 (most).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rating {
    /// Consequence for the organisation, 1 to 5.
    #[schemars(range(min = 1, max = 5))]
    pub organisation: Option<u8>,
    /// Consequence for individuals and groups, 1 to 5.
    #[schemars(range(min = 1, max = 5))]
    pub individuals: Option<u8>,
    /// Consequence for society, 1 to 5.
    #[schemars(range(min = 1, max = 5))]
    pub society: Option<u8>,
    /// How likely it is, 1 to 5; empty where likelihood makes no sense, and then counted as 5.
    #[schemars(range(min = 1, max = 5))]
    pub likelihood: Option<u8>,
}

impl Rating {
    /// Worst consequence times likelihood, from 1 to 25; `None` if no consequence is rated.
    pub fn level(&self) -> Option<u8> {
        self.place().map(|(likelihood, worst)| worst.saturating_mul(likelihood))
    }

    /// Likelihood and worst consequence, each from 1 to 5: where it lies on a heat map. `None` if no consequence is rated.
    pub fn place(&self) -> Option<(u8, u8)> {
        let worst = self.consequences().into_iter().flatten().max()?;
        Some((self.likelihood.unwrap_or(5), worst))
    }

    /// Whether each of the three consequences that clause 6.1.2 d asks for is rated.
    pub fn is_complete(&self) -> bool {
        self.consequences().iter().all(Option::is_some)
    }

    fn consequences(&self) -> [Option<u8>; 3] {
        [self.organisation, self.individuals, self.society]
    }

    fn check(&self, field: &str, problems: &mut Problems) {
        is_rating(problems, field, "organisation", self.organisation);
        is_rating(problems, field, "individuals", self.individuals);
        is_rating(problems, field, "society", self.society);
        is_rating(problems, field, "likelihood", self.likelihood);
    }
}

/// One AI risk or opportunity, of one AI system or of the organisation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Risk {
    /// The risk in one line.
    pub title: String,
    /// Threat or opportunity.
    pub kind: Option<RiskKind>,
    /// The AI system it belongs to; empty for the whole organisation.
    pub ai_system: Option<Ref<AiSystem>>,
    /// Where it comes from, such as iso42001:C.3.2 (Annex C) or an entry of a risk library.
    pub sources: Vec<String>,
    /// Cause, event and effect.
    pub description: String,
    /// Objectives that it touches, such as fairness or safety (Annex C.2).
    pub objectives_affected: Vec<String>,
    /// Stages of the life cycle in which it arises.
    pub lifecycle_stage: Vec<String>,
    /// Who answers for it.
    pub owner: Option<Ref<Person>>,
    /// Rating without any treatment.
    pub inherent: Rating,
    /// Rating with what is in place today.
    pub current: Rating,
    /// Rating with what is planned, once it is in place.
    pub residual: Rating,
    /// What is done about it.
    pub treatment: Option<Treatment>,
    /// Controls that treat it.
    pub controls: Vec<Requirement>,
    /// By when treatment is to be done.
    pub due: Option<Date>,
    /// When it is looked at next.
    pub next_review: Option<Date>,
    /// Why what remains is acceptable.
    pub acceptance_reason: String,
    /// Who has the authority for that level and accepts it.
    pub accepted_by: Option<Ref<Person>>,
    /// Until when the acceptance holds.
    pub accepted_until: Option<Date>,
}

impl RecordKind for Risk {
    kind! { Risk, "risk", "RSK", "a risk", LIFE, [
        "kind", "description", "owner", "inherent", "next_review",
    ] }

    fn title(&self) -> &str {
        &self.title
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.owner
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([
            ("due", self.due),
            ("next_review", self.next_review),
            ("accepted_until", self.accepted_until),
        ])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.title.trim().is_empty(), "title", "say the risk in one line");
        self.inherent.check("inherent", problems);
        self.current.check("current", problems);
        self.residual.check("residual", problems);
    }
}

/// The life of a risk.
static LIFE: Lifecycle = Lifecycle {
    name: "risk",
    purpose: "One risk: identified, analysed, evaluated, treated or accepted, closed; or it materialises.",
    states: &[
        "identified",
        "analysed",
        "evaluated",
        "in_treatment",
        "accepted",
        "closed",
        "materialised",
    ],
    finals: &["closed"],
    in_force: &["in_treatment", "accepted"],
    reopens_to: None,
    transitions: &[
        Transition::step("identified", "reject", "closed").noted(),
        Transition::step("identified", "analyse", "analysed").complete().guarded(is_rated),
        Transition::step("analysed", "evaluate", "evaluated"),
        Transition::step("evaluated", "treat", "in_treatment").guarded(has_treatment),
        Transition::step("evaluated", "accept", "accepted").approver().guarded(is_acceptable),
        Transition::step("in_treatment", "accept_residual", "accepted")
            .approver()
            .guarded(is_residual_acceptable),
        Transition::step("in_treatment", "treatment_ineffective", "analysed").noted().approver(),
        Transition::step("accepted", "reassess", "analysed").noted(),
        Transition::step("evaluated", "materialise", "materialised").noted(),
        Transition::step("in_treatment", "materialise", "materialised").noted(),
        Transition::step("accepted", "materialise", "materialised").noted(),
        Transition::step("materialised", "reassess", "analysed").noted(),
        Transition::step("evaluated", "close", "closed").noted(),
        Transition::step("in_treatment", "close", "closed").noted(),
        Transition::step("accepted", "close", "closed").noted(),
    ],
};

fn is_rated(record: &Record, _: &Book) -> Result<(), String> {
    let holds = of::<Risk>(record).is_some_and(|risk| risk.inherent.is_complete());
    require(
        holds,
        "rate the consequences for organisation, individuals and society in `inherent` first",
    )
}

fn has_treatment(record: &Record, _: &Book) -> Result<(), String> {
    let holds = of::<Risk>(record)
        .is_some_and(|risk| risk.treatment.is_some() && !risk.controls.is_empty());
    require(holds, "choose a `treatment` and name the `controls` first")
}

/// Somebody with the authority accepts a level that is known.
fn is_acceptable(record: &Record, _: &Book) -> Result<(), String> {
    let Some(risk) = of::<Risk>(record) else { return Ok(()) };
    let rated = risk.residual.level().or(risk.current.level()).is_some();
    require(rated, "rate `current` or `residual` first")?;
    require(risk.accepted_by.is_some(), "name who accepts it in `accepted_by` first")
}

fn is_residual_acceptable(record: &Record, book: &Book) -> Result<(), String> {
    let rated = of::<Risk>(record).is_some_and(|risk| risk.residual.level().is_some());
    require(rated, "rate `residual` first")?;
    is_acceptable(record, book)
}
