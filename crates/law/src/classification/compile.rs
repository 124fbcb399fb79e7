//! From a catalog to a procedure: names are resolved and conditions collected.

use std::{collections::HashMap, sync::OnceLock};

use surety_catalog::{
    Law,
    procedure::{DecisionProcedure, Finding, Question, ValueRule},
};

use super::{
    findings::{CAPACITY, Findings},
    graph::Graph,
    procedure::{
        Auto, Choosable, DateAnswer, DatedMark, Derived, FindingText, Gate, Node, Procedure,
        ProcedureError, Role, Text, Texts, Tier, VerdictRule, mask,
    },
    step::{Choice, bit},
};

/// Turns names into numbers.
pub(super) struct Compiler<'c> {
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
    pub(super) fn new(catalog: &'c DecisionProcedure) -> Compiler<'c> {
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

    pub(super) fn procedure(mut self, law: &Law) -> Compiled<Procedure> {
        let catalog = self.catalog;
        let roles = self.roles()?;
        let tiers = self.tiers()?;
        let derived = self.derived()?;
        let (verdicts, dated_marks) = self.verdicts()?;
        let nodes: Vec<Node> =
            catalog.questions.iter().map(|one| self.node(one)).collect::<Compiled<_>>()?;
        self.limit("findings and groups", catalog.findings.len() + self.groups.len(), CAPACITY)?;
        self.limit("questions", catalog.questions.len(), CAPACITY)?;
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
        rules: &[ValueRule],
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
