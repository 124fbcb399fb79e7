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

use super::{
    diagram::Diagram,
    findings::{CAPACITY, Findings},
    graph::Graph,
    step::{Choice, bit},
};

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
    diagrams: Vec<OnceLock<Diagram>>,
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

/// Turns names into numbers.
struct Compiler<'c> {
    catalog: &'c DecisionProcedure,
    findings: HashMap<&'c str, usize>,
    nodes: HashMap<&'c str, usize>,
    outcomes: HashMap<&'c str, usize>,
    conditions: Vec<Findings>,
    marks: Vec<Findings>,
    /// Sets of findings that count as one in results, numbered after the findings.
    groups: Vec<Findings>,
}

type Compiled<T> = Result<T, ProcedureError>;

impl<'c> Compiler<'c> {
    fn new(catalog: &'c DecisionProcedure) -> Compiler<'c> {
        fn numbers<'c>(ids: impl Iterator<Item = &'c String>) -> HashMap<&'c str, usize> {
            ids.enumerate().map(|(number, id)| (id.as_str(), number)).collect()
        }
        let mut nodes = numbers(catalog.questions.iter().map(|one| &one.id));
        // The end is the number after the last question.
        nodes.insert(&catalog.end, catalog.questions.len());
        Compiler {
            catalog,
            findings: numbers(catalog.findings.iter().map(|one| &one.id)),
            nodes,
            outcomes: numbers(catalog.outcomes.iter().map(|one| &one.id)),
            conditions: Vec::new(),
            marks: Vec::new(),
            groups: Vec::new(),
        }
    }

    fn procedure(mut self, law: &Law) -> Compiled<Procedure> {
        let catalog = self.catalog;
        let roles = self.roles()?;
        let tiers = self.tiers()?;
        let derived = self.derived()?;
        let (verdicts, dated_marks) = self.verdicts()?;
        let nodes: Vec<Node> =
            catalog.questions.iter().map(|one| self.node(one)).collect::<Compiled<_>>()?;
        self.limit("findings and groups", catalog.findings.len() + self.groups.len(), CAPACITY)?;
        self.limit("conditions", self.conditions.len(), 128)?;
        self.limit("conditions of verdicts", self.marks.len(), 32)?;
        self.limit("verdicts", verdicts.len(), 32)?;
        self.limit("outcomes", catalog.outcomes.len(), 32)?;
        self.limit("dates of verdicts", dated_marks.len(), 6)?;
        let made_true = (0..catalog.findings.len()).map(|one| self.made_true(one)).collect();
        let mut procedure = Procedure {
            catalog: catalog.clone(),
            law: without_provisions(law),
            findings: catalog.findings.iter().map(FindingText::new).collect(),
            start: self.number(&self.nodes, "start", &catalog.start)?,
            declined_suggestion: self.single(&catalog.declined_suggestion)?,
            pre_release: self.set("pre_release", &catalog.pre_release)?,
            node_numbers: owned(&self.nodes),
            finding_numbers: owned(&self.findings),
            conditions: std::mem::take(&mut self.conditions),
            marks: std::mem::take(&mut self.marks),
            outcomes: catalog.outcomes.iter().map(|one| one.id.as_str().into()).collect(),
            diagrams: (0..1_usize << dated_marks.len()).map(|_| OnceLock::new()).collect(),
            graph: Graph::default(),
            made_true,
            nodes,
            verdicts,
            dated_marks,
            derived,
            roles,
            tiers,
        };
        procedure.graph = Graph::new(&procedure)?;
        Ok(procedure)
    }

    fn node(&mut self, one: &Question) -> Compiled<Node> {
        let id = &one.id;
        self.limit(&format!("answers to {id}"), one.answers.len(), 16)?;
        let options = one.answers.iter().map(|answer| {
            let excludes = self.choice(one, &answer.excludes)?;
            Ok(Choosable {
                value: answer.value.as_str().into(),
                label: answer.label.as_str().into(),
                explain: answer.explain.as_str().into(),
                point: answer.point.as_str().into(),
                emit: self.emitted(id, &answer.emit)?,
                next: self.number(&self.nodes, id, one.next_after(answer))?,
                excludes,
            })
        });
        let options: Vec<Choosable> = options.collect::<Compiled<_>>()?;
        let exclusive = one.answers.iter().enumerate().filter(|(_, answer)| answer.exclusive);
        let mut node = Node {
            id: id.as_str().into(),
            stage: one.stage.as_str().into(),
            question: one.question.as_str().into(),
            help: one.help.as_str().into(),
            note: one.note.as_str().into(),
            citations: texts(&one.citations),
            several: one.several,
            exclusive: exclusive.fold(0, |all, (place, _)| all | bit(place)),
            options,
            gate: self.gate(one)?,
            auto: self.autos(one)?,
            implied: self.value_rules(one, &one.implied)?,
            suggest: self.value_rules(one, &one.suggest)?,
            date: self.date(one)?,
            on_unknown: self.choice(one, &one.on_unknown)?,
            next: self.number(&self.nodes, id, &one.next)?,
            choices: Vec::new(),
        };
        node.choices = sound_choices(&node);
        self.limit(&format!("combinations of answers to {id}"), node.choices.len(), 4096)?;
        Ok(node)
    }

    fn gate(&mut self, one: &Question) -> Compiled<Option<Gate>> {
        let Some(gate) = &one.gate else { return Ok(None) };
        Ok(Some(Gate {
            any: self.condition(&one.id, &gate.any_of)?,
            none: self.condition(&one.id, &gate.none_of)?,
            to: self.number(&self.nodes, &one.id, &gate.skip_to)?,
            emit: self.emitted(&one.id, &gate.emit)?,
        }))
    }

    fn autos(&mut self, one: &Question) -> Compiled<Vec<Auto>> {
        let rules = one.auto.iter().map(|rule| {
            Ok(Auto {
                any: self.condition(&one.id, &rule.any_of)?,
                none: self.condition(&one.id, &rule.none_of)?,
                answer: self.choice(one, &rule.answer)?,
            })
        });
        rules.collect()
    }

    fn value_rules(
        &mut self,
        one: &Question,
        rules: &[surety_catalog::procedure::ValueRule],
    ) -> Compiled<Vec<(usize, usize)>> {
        let mut made = Vec::new();
        for rule in rules {
            let place = one.answers.iter().position(|answer| answer.value == rule.value);
            let place = place.ok_or_else(|| self.unknown(&one.id, &rule.value))?;
            if let Some(condition) = self.condition(&one.id, &rule.any_of)? {
                made.push((condition, place));
            }
        }
        Ok(made)
    }

    fn date(&mut self, one: &Question) -> Compiled<Option<DateAnswer>> {
        let Some(rule) = &one.date_fact else { return Ok(None) };
        let mut before_by_tier = Vec::new();
        for row in &rule.before_by_tier {
            let tier = self.catalog.tiers.iter().find(|tier| tier.tier == row.tier);
            let tier = tier.ok_or_else(|| self.unknown(&one.id, &row.tier))?;
            if let Some(condition) = self.condition(&one.id, &tier.any_of)? {
                before_by_tier.push((row.version.clone(), condition, row.before));
            }
        }
        Ok(Some(DateAnswer {
            fact: rule.fact.as_str().into(),
            before: rule.before,
            before_by_tier,
            if_before: self.choice(one, &rule.if_before)?,
            otherwise: self.choice(one, &rule.otherwise)?,
        }))
    }

    fn verdicts(&mut self) -> Compiled<(Vec<VerdictRule>, Vec<DatedMark>)> {
        let mut dated: Vec<DatedMark> = Vec::new();
        let mut rules = Vec::new();
        for verdict in &self.catalog.verdicts {
            let any = self.set(&verdict.id, &verdict.any_of)?;
            let none = self.set(&verdict.id, &verdict.none_of)?;
            let none = if none.is_empty() { 0 } else { mask([self.mark(none)]) };
            let any = match (verdict.any_of.is_empty(), verdict.operative_only) {
                (true, _) => None,
                (false, false) => Some(mask([self.mark(any)])),
                (false, true) => Some(self.dated_marks(&any, &mut dated)),
            };
            let outcome = self.number(&self.outcomes, &verdict.id, &verdict.outcome)?;
            let operative_only = verdict.operative_only;
            rules.push(VerdictRule { any, none, operative_only, outcome });
        }
        Ok((rules, dated))
    }

    /// One mark for all findings of a set that share a date row.
    fn dated_marks(&mut self, set: &Findings, dated: &mut Vec<DatedMark>) -> u32 {
        let mut rows: Vec<((&str, &str), Findings)> = Vec::new();
        for (number, one) in self.catalog.findings.iter().enumerate() {
            let row = (one.regime.as_str(), one.scope.as_str());
            if !set.contains(number) {
                continue;
            }
            match rows.iter_mut().find(|(known, _)| *known == row) {
                Some((_, findings)) => findings.insert(number),
                None => rows.push((row, Findings::of([number]))),
            }
        }
        let mut all = 0;
        for ((regime, scope), findings) in rows {
            let mark = mask([self.mark(findings)]);
            dated.push(DatedMark { mark, regime: regime.to_owned(), scope: scope.to_owned() });
            all |= mark;
        }
        all
    }

    fn derived(&mut self) -> Compiled<Vec<Derived>> {
        let catalog = self.catalog;
        let rules = catalog.derived.iter().map(|one| {
            let any = self.set(&one.finding, &one.any_of)?;
            let none = self.set(&one.finding, &one.none_of)?;
            let none = (!none.is_empty()).then(|| self.group(none));
            Ok(Derived {
                finding: self.number(&self.findings, "derived", &one.finding)?,
                any: self.group(any),
                none,
                unless: self.outcome_mask(&one.finding, &one.unless_outcomes)?,
                only: self.outcome_mask(&one.finding, &one.only_outcomes)?,
            })
        });
        rules.collect()
    }

    fn roles(&mut self) -> Compiled<Vec<Role>> {
        let mut made: Vec<(&str, Option<&str>, Findings)> = Vec::new();
        for one in &self.catalog.roles {
            let finding = self.number(&self.findings, &one.role, &one.finding)?;
            let key = (one.role.as_str(), one.needs_role.as_deref());
            match made.iter_mut().find(|(role, needs, _)| (*role, *needs) == key) {
                Some((_, _, findings)) => findings.insert(finding),
                None => made.push((key.0, key.1, Findings::of([finding]))),
            }
        }
        let roles = made.into_iter().map(|(role, needs, findings)| Role {
            role: role.into(),
            group: self.group(findings),
            needs: needs.map(Into::into),
        });
        Ok(roles.collect())
    }

    fn tiers(&mut self) -> Compiled<Vec<Tier>> {
        let catalog = self.catalog;
        let tiers = catalog.tiers.iter().map(|one| {
            let findings = self.set(&one.tier, &one.any_of)?;
            Ok(Tier {
                tier: one.tier.as_str().into(),
                group: (!findings.is_empty()).then(|| self.group(findings)),
                outcomes: self.outcome_mask(&one.tier, &one.outcomes)?,
            })
        });
        tiers.collect()
    }

    /// The number of a condition, `None` if it lists nothing.
    fn condition(&mut self, place: &str, entries: &[String]) -> Compiled<Option<usize>> {
        let set = self.set(place, entries)?;
        Ok((!entries.is_empty()).then(|| place_of(&mut self.conditions, set)))
    }

    fn mark(&mut self, set: Findings) -> usize {
        place_of(&mut self.marks, set)
    }

    /// The number of a group of findings.
    fn group(&mut self, set: Findings) -> usize {
        self.findings.len() + place_of(&mut self.groups, set)
    }

    /// The findings that entries of a condition mean: ids, or kinds.
    fn set(&self, place: &str, entries: &[String]) -> Compiled<Findings> {
        let mut set = Findings::default();
        for entry in entries {
            let Some(kind) = entry.strip_prefix("kind:") else {
                set.insert(self.number(&self.findings, place, entry)?);
                continue;
            };
            let of_kind = self.catalog.findings.iter().enumerate();
            let of_kind =
                Findings::of(of_kind.filter(|(_, one)| one.kind == kind).map(|one| one.0));
            if of_kind.is_empty() {
                return Err(self.unknown(place, entry));
            }
            set = set.or(&of_kind);
        }
        Ok(set)
    }

    /// What is found, with the groups that it belongs to.
    fn emitted(&self, place: &str, ids: &[String]) -> Compiled<Findings> {
        let mut set = self.set(place, ids)?;
        for (number, group) in self.groups.iter().enumerate() {
            if group.meets(&set) {
                set.insert(self.findings.len() + number);
            }
        }
        Ok(set)
    }

    fn single(&self, id: &str) -> Compiled<Findings> {
        if id.is_empty() {
            return Ok(Findings::default());
        }
        self.emitted("declined_suggestion", &[id.to_owned()])
    }

    fn made_true(&self, finding: usize) -> u128 {
        let true_now = self.conditions.iter().enumerate().filter(|(_, set)| set.contains(finding));
        true_now.fold(0, |all, (number, _)| all | 1_u128 << number)
    }

    fn choice(&self, question: &Question, values: &[String]) -> Compiled<Choice> {
        values.iter().try_fold(0, |all, value| {
            let place = question.answers.iter().position(|answer| answer.value == *value);
            Ok(all | bit(place.ok_or_else(|| self.unknown(&question.id, value))?))
        })
    }

    fn outcome_mask(&self, place: &str, ids: &[String]) -> Compiled<u32> {
        let numbers = ids.iter().map(|id| self.number(&self.outcomes, place, id));
        Ok(mask(numbers.collect::<Compiled<Vec<_>>>()?))
    }

    fn number(&self, numbers: &HashMap<&str, usize>, place: &str, id: &str) -> Compiled<usize> {
        numbers.get(id).copied().ok_or_else(|| self.unknown(place, id))
    }

    fn unknown(&self, place: &str, name: &str) -> ProcedureError {
        ProcedureError::Unknown {
            procedure: self.catalog.framework.clone(),
            place: place.to_owned(),
            name: name.to_owned(),
        }
    }

    fn limit(&self, what: &str, count: usize, limit: usize) -> Compiled<()> {
        if count <= limit {
            return Ok(());
        }
        let procedure = self.catalog.framework.clone();
        Err(ProcedureError::TooMany { procedure, what: what.to_owned(), limit })
    }
}

impl FindingText {
    fn new(one: &Finding) -> FindingText {
        FindingText {
            id: one.id.as_str().into(),
            kind: one.kind.as_str().into(),
            text: one.text.as_str().into(),
            note: one.note.as_str().into(),
            citations: texts(&one.citations),
            confidence: one.confidence,
        }
    }
}

/// Where a set stands in a list; added if it doesn't.
fn place_of(sets: &mut Vec<Findings>, set: Findings) -> usize {
    sets.iter().position(|known| *known == set).unwrap_or_else(|| {
        sets.push(set);
        sets.len() - 1
    })
}

/// One answer, or for a question that takes several all combinations that may be given, those that stand alone last.
fn sound_choices(node: &Node) -> Vec<Choice> {
    let places = 0..node.options.len();
    if !node.several {
        return places.map(bit).collect();
    }
    let mut made: Vec<Choice> = vec![0];
    for place in places.clone().filter(|place| node.exclusive & bit(*place) == 0) {
        let fits = |with: &Choice| !node.places(*with).any(|other| node.exclude(place, other));
        let more: Vec<Choice> =
            made.iter().filter(|with| fits(with)).map(|with| with | bit(place)).collect();
        made.extend(more);
    }
    made.retain(|choice| *choice != 0);
    made.extend(places.filter(|place| node.exclusive & bit(*place) != 0).map(bit));
    made
}

fn owned(numbers: &HashMap<&str, usize>) -> HashMap<String, usize> {
    numbers.iter().map(|(id, number)| ((*id).to_owned(), *number)).collect()
}

fn texts(items: &[String]) -> Texts {
    items.iter().map(|one| Text::from(one.as_str())).collect()
}

/// The parts of a law that dates come from.
fn without_provisions(law: &Law) -> Law {
    Law {
        framework: law.framework.clone(),
        versions: law.versions.clone(),
        regimes: law.regimes.clone(),
        transitions: law.transitions.clone(),
        outcomes_without_duties: law.outcomes_without_duties.clone(),
        ..Law::default()
    }
}
