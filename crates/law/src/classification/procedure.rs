//! A decision procedure made ready to walk: names are numbers, conditions are sets.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, OnceLock},
};

use jiff::civil::Date;
use surety_catalog::{
    Catalogs, Confidence, Law,
    procedure::{DecisionProcedure, Finding, Outcome, Question},
};

use super::{compile::Compiler, diagram::Diagram, findings::Findings, graph::Graph, step::Choice};

/// Text that results share with the procedure.
pub type Text = Arc<str>;

/// A list of texts, shared likewise.
pub type Texts = Arc<[Text]>;

/// A decision procedure that answers can be put to. Made once; shared by all who ask.
pub struct Procedure {
    pub(super) catalog: DecisionProcedure,
    /// Versions, date regimes and transitions of the law; its provisions are left out.
    pub(super) law: Law,
    pub(super) findings: Vec<FindingText>,
    pub(super) nodes: Vec<Node>,
    pub(super) node_numbers: HashMap<String, usize>,
    pub(super) finding_numbers: HashMap<String, usize>,
    /// Distinct conditions: each holds if one of its findings is there.
    pub(super) conditions: Vec<Findings>,
    /// For each finding: the conditions that it makes true.
    pub(super) made_true: Vec<u128>,
    pub(super) start: usize,
    pub(super) declined_suggestion: Findings,
    pub(super) pre_release: Findings,
    pub(super) verdicts: Vec<VerdictRule>,
    /// What verdicts look at.
    pub(super) marks: Vec<Findings>,
    /// The marks that count only while their date row is operative: regime and scope.
    pub(super) dated_marks: Vec<DatedMark>,
    pub(super) derived: Vec<Derived>,
    pub(super) roles: Vec<Role>,
    pub(super) tiers: Vec<Tier>,
    pub(super) outcomes: Vec<Text>,
    pub(super) graph: Graph,
    /// The graph reduced to outcomes, for each set of operative marks; made when first needed.
    pub(super) diagrams: Vec<OnceLock<Diagram>>,
}

/// What readers see of a finding.
pub(super) struct FindingText {
    pub(super) id: Text,
    pub(super) kind: Text,
    pub(super) text: Text,
    pub(super) note: Text,
    pub(super) citations: Texts,
    pub(super) confidence: Confidence,
}

pub(super) struct Node {
    pub(super) id: Text,
    pub(super) stage: Text,
    pub(super) question: Text,
    pub(super) help: Text,
    pub(super) note: Text,
    pub(super) citations: Texts,
    pub(super) several: bool,
    pub(super) options: Vec<Choosable>,
    /// Answers that stand alone.
    pub(super) exclusive: Choice,
    pub(super) gate: Option<Gate>,
    pub(super) auto: Vec<Auto>,
    pub(super) implied: Vec<(usize, usize)>,
    pub(super) suggest: Vec<(usize, usize)>,
    pub(super) date: Option<DateAnswer>,
    pub(super) on_unknown: Choice,
    pub(super) next: usize,
    /// Every sound answer.
    pub(super) choices: Vec<Choice>,
}

/// One possible answer.
pub(super) struct Choosable {
    pub(super) value: Text,
    pub(super) label: Text,
    pub(super) explain: Text,
    pub(super) point: Text,
    pub(super) emit: Findings,
    pub(super) next: usize,
    pub(super) excludes: Choice,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    pub(super) any: Option<usize>,
    pub(super) none: Option<usize>,
    pub(super) to: usize,
    pub(super) emit: Findings,
}

pub(super) struct Auto {
    pub(super) any: Option<usize>,
    pub(super) none: Option<usize>,
    pub(super) answer: Choice,
}

/// How a date answers.
pub(super) struct DateAnswer {
    pub(super) fact: Text,
    pub(super) before: Option<Date>,
    /// Version, condition of the tier, day.
    pub(super) before_by_tier: Vec<(String, usize, Date)>,
    pub(super) if_before: Choice,
    pub(super) otherwise: Choice,
}

pub(super) struct VerdictRule {
    /// Marks of which one must be set; `None`: no such condition.
    pub(super) any: Option<u32>,
    pub(super) none: u32,
    pub(super) operative_only: bool,
    pub(super) outcome: usize,
}

pub(super) struct DatedMark {
    pub(super) mark: u32,
    pub(super) regime: String,
    pub(super) scope: String,
}

pub(super) struct Derived {
    pub(super) finding: usize,
    /// The group that says whether one of its findings is there.
    pub(super) any: usize,
    pub(super) none: Option<usize>,
    pub(super) unless: u32,
    /// 0: with any outcome.
    pub(super) only: u32,
}

/// A role, and the group of findings that give it.
pub(super) struct Role {
    pub(super) role: Text,
    pub(super) group: usize,
    pub(super) needs: Option<Text>,
}

/// A tier, and the group of findings or the outcomes that give it.
pub(super) struct Tier {
    pub(super) tier: Text,
    pub(super) group: Option<usize>,
    pub(super) outcomes: u32,
}

/// Why a catalog can't be made into a procedure. Those built in always can.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProcedureError {
    #[error("procedure `{procedure}`: `{place}` names `{name}`, which does not exist")]
    Unknown { procedure: String, place: String, name: String },
    #[error("procedure `{procedure}`: {what} are more than {limit}")]
    TooMany { procedure: String, what: String, limit: usize },
    #[error("procedure `{procedure}`: question `{question}` leads back to itself")]
    Circle { procedure: String, question: String },
}

impl Procedure {
    /// The built-in procedure of the EU AI Act.
    pub fn ai_act() -> &'static Procedure {
        static AI_ACT: LazyLock<Procedure> = LazyLock::new(|| {
            let catalogs = Catalogs::builtin();
            let catalog = catalogs.procedure("eu-ai-act").expect("the build embeds it");
            let law = catalogs.law("eu-ai-act").expect("the build embeds it");
            Procedure::new(catalog, law).expect("the build checked every name in it")
        });
        &AI_ACT
    }

    /// Makes a catalog ready to walk.
    ///
    /// # Errors
    /// A name that does not resolve, a circle, or more findings, conditions or answers than fit.
    pub fn new(catalog: &DecisionProcedure, law: &Law) -> Result<Procedure, ProcedureError> {
        Compiler::new(catalog).procedure(law)
    }

    /// The data that this was made from.
    pub fn catalog(&self) -> &DecisionProcedure {
        &self.catalog
    }

    /// The questions, in walking order.
    pub fn questions(&self) -> &[Question] {
        &self.catalog.questions
    }

    /// What an outcome means.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.catalog.outcome(id)
    }

    /// What a finding says.
    pub fn finding(&self, id: &str) -> Option<&Finding> {
        self.catalog.finding(id)
    }

    pub(super) fn node(&self, number: usize) -> &Node {
        self.nodes.get(number).expect("numbers of questions are made with them")
    }

    /// The findings of a condition that are there, by name.
    pub(super) fn met(&self, condition: usize, findings: &Findings) -> Vec<Text> {
        let set = self.conditions.get(condition).copied().unwrap_or_default();
        self.names(&set.and(findings))
    }

    /// The names of findings, without groups, in the order of the catalog.
    pub(super) fn names(&self, findings: &Findings) -> Vec<Text> {
        findings.iter().filter_map(|one| self.findings.get(one)).map(|one| one.id.clone()).collect()
    }

    /// The marks that these findings set.
    pub(super) fn marks_of(&self, findings: &Findings) -> u32 {
        mask(
            self.marks.iter().enumerate().filter(|(_, mark)| mark.meets(findings)).map(|one| one.0),
        )
    }

    /// The outcomes as the graph reduced to them shows, where these dated marks are operative.
    pub(super) fn diagram(&self, operative: u32) -> &Diagram {
        let count = |mark: &DatedMark| operative & mark.mark != 0;
        let held = self.dated_marks.iter().enumerate().filter(|(_, mark)| count(mark));
        let place = held.fold(0_usize, |place, (number, _)| place | 1 << number);
        let diagram = self.diagrams.get(place).expect("there is one for each set of dated marks");
        diagram.get_or_init(|| Diagram::new(self, operative))
    }
}

/// The set of small numbers as bits.
pub(super) fn mask(numbers: impl IntoIterator<Item = usize>) -> u32 {
    let bits = numbers.into_iter().filter_map(|one| u32::try_from(one).ok());
    bits.fold(0, |mask, one| mask | 1_u32.checked_shl(one).unwrap_or_default())
}
