//! From answers to a classification: walks, asks what else is possible, and puts the reasons together.

use jiff::civil::Date;
use surety_catalog::Confidence;

use super::{
    answers::{AnswerError, Answers},
    findings::Findings,
    given::{Given, outcomes, values},
    possible::{Certain, Outcomes, Reached},
    procedure::{FindingText, Node, Procedure, Text, mask},
    result::{
        AnswerText, Classification, Counterfactual, FoundFinding, How, OpenQuestion, PathStep,
        Reason, ReasonStep, UnusedAnswer, UnusedBecause, Why,
    },
    step::Choice,
    walk::{Walk, WalkStep, walk},
};

/// Classifies by answers for the day `on`, under the law as published by `law_as_of`.
///
/// With open questions the result is exact over all their completions: the outcomes that are possible, what is found
/// in each, and which questions would settle the outcome.
///
/// # Errors
/// Answers that the procedure doesn't know, that can't be given together or that contradict each other; or no law yet.
pub fn classify(
    procedure: &Procedure,
    answers: &Answers,
    on: Date,
    law_as_of: Date,
) -> Result<Classification, AnswerError> {
    let given = Given::new(procedure, answers, on, law_as_of)?;
    let walk = walk(&given)?;
    let possible = Outcomes::new(&given);
    let certain = match walk.assumed {
        false => Certain { must: walk.findings, may: walk.findings },
        true => Reached::new(&given).certain(&given),
    };
    Ok(Classifying { given: &given, walk: &walk, possible: &possible, certain }.classification())
}

struct Classifying<'a> {
    given: &'a Given<'a>,
    walk: &'a Walk,
    possible: &'a Outcomes<'a>,
    certain: Certain,
}

impl Classifying<'_> {
    fn classification(&self) -> Classification {
        let procedure = self.given.procedure;
        let set = self.possible.possible();
        let settled = set.count_ones() == 1;
        let (rule, outcome) = self.verdict();
        let provisional = self.outcome(outcome);
        let must = self.with_derived(self.certain.must, |one| self.derived_for_sure(one, set));
        let may = self.with_derived(self.certain.may, |one| self.derived_perhaps(one, set));
        let still_open = if settled { Vec::new() } else { self.possible.still_open() };
        Classification {
            on: self.given.on,
            law_as_of: self.given.law_as_of,
            law_version: self.given.version.into(),
            outcome: settled.then(|| provisional.clone()),
            possible_outcomes: outcomes(procedure, set),
            findings: self.findings(&must, set),
            possible_findings: procedure.names(&may.without(&must)),
            roles: self.roles(&must),
            possible_roles: difference(self.roles(&may), &self.roles(&must)),
            tiers: self.tiers(&must, |tier| set & !tier == 0),
            possible_tiers: difference(
                self.tiers(&may, |tier| set & tier != 0),
                &self.tiers(&must, |tier| set & !tier == 0),
            ),
            ends_former_provider: self.ends_former_provider(&must),
            pre_release: must.meets(&procedure.pre_release),
            will_be_prohibited_from: self.will_be_prohibited_from(&must),
            still_open: still_open.into_iter().map(|one| self.open_question(one)).collect(),
            open_points: self.open_points(),
            why: self.why(rule, &provisional, settled),
            provisional_outcome: provisional,
            counterfactuals: if settled { self.counterfactuals(set) } else { Vec::new() },
            unused: self.unused(),
        }
    }

    /// The rule that gives the outcome of the walk, and the outcome, by number.
    fn verdict(&self) -> (usize, usize) {
        let procedure = self.given.procedure;
        let marks = procedure.marks_of(&self.walk.findings);
        let holds = |one: &super::procedure::VerdictRule| {
            let counted = if one.operative_only { marks & self.given.operative } else { marks };
            one.any.is_none_or(|any| any & counted != 0) && one.none & marks == 0
        };
        let rule = procedure.verdicts.iter().position(holds).unwrap_or_default();
        (rule, procedure.verdicts.get(rule).map_or(0, |one| one.outcome))
    }

    fn outcome(&self, number: usize) -> Text {
        self.given.procedure.outcomes.get(number).cloned().unwrap_or_default()
    }

    fn with_derived(
        &self,
        findings: Findings,
        holds: impl Fn(&super::procedure::Derived) -> bool,
    ) -> Findings {
        let mut all = findings;
        let derived = self.given.procedure.derived.iter().filter(|one| holds(one));
        derived.for_each(|one| all.insert(one.finding));
        all
    }

    /// Whether a finding is derived whatever the completion.
    fn derived_for_sure(&self, one: &super::procedure::Derived, set: u32) -> bool {
        let Certain { must, may } = &self.certain;
        must.contains(one.any)
            && !one.none.is_some_and(|none| may.contains(none))
            && set & one.unless == 0
            && (one.only == 0 || set & !one.only == 0)
    }

    /// Whether each of its conditions holds in some completion.
    fn derived_perhaps(&self, one: &super::procedure::Derived, set: u32) -> bool {
        let Certain { must, may } = &self.certain;
        may.contains(one.any)
            && !one.none.is_some_and(|none| must.contains(none))
            && set & !one.unless != 0
            && (one.only == 0 || set & one.only != 0)
    }

    fn findings(&self, found: &Findings, set: u32) -> Vec<FoundFinding> {
        let procedure = self.given.procedure;
        let names = outcomes(procedure, set);
        let without = &procedure.law.outcomes_without_duties;
        let no_duties = names.iter().all(|one| without.iter().any(|other| **other == **one));
        let reported = match no_duties {
            true => &procedure.catalog.reported_kinds_without_duties,
            false => &procedure.catalog.reported_kinds,
        };
        let each = found.iter().filter_map(|number| {
            let one = procedure.findings.get(number)?;
            let dated = self.given.dated(number, found);
            let (operative, applies) = dated.map_or((None, None), |(on, row)| (Some(on), row));
            Some(FoundFinding {
                id: one.id.clone(),
                kind: one.kind.clone(),
                text: one.text.clone(),
                citations: one.citations.clone(),
                confidence: one.confidence,
                operative,
                applies,
                reported: reported.iter().any(|kind| **kind == *one.kind),
                note: one.note.clone(),
            })
        });
        each.collect()
    }

    /// The roles that findings give, in the order of the procedure.
    fn roles(&self, findings: &Findings) -> Vec<Text> {
        let rules = &self.given.procedure.roles;
        let has = |role: &Text| {
            rules
                .iter()
                .any(|one| one.role == *role && one.needs.is_none() && findings.contains(one.group))
        };
        let held = rules.iter().filter(|one| findings.contains(one.group));
        let mut roles: Vec<Text> = Vec::new();
        for one in held.filter(|one| one.needs.as_ref().is_none_or(has)) {
            if !roles.contains(&one.role) {
                roles.push(one.role.clone());
            }
        }
        roles
    }

    /// The tiers that findings give, or outcomes that `by_outcome` accepts.
    fn tiers(&self, findings: &Findings, by_outcome: impl Fn(u32) -> bool) -> Vec<Text> {
        let tiers = self.given.procedure.tiers.iter().filter(|one| {
            one.group.is_some_and(|group| findings.contains(group))
                || (one.outcomes != 0 && by_outcome(one.outcomes))
        });
        tiers.map(|one| one.tier.clone()).collect()
    }

    fn ends_former_provider(&self, findings: &Findings) -> bool {
        let procedure = self.given.procedure;
        procedure.catalog.roles.iter().filter(|one| one.ends_former_provider).any(|one| {
            let number = procedure.finding_numbers.get(&one.finding);
            number.is_some_and(|number| findings.contains(*number))
        })
    }

    /// The earliest day on which what was found and isn't banned yet becomes so.
    fn will_be_prohibited_from(&self, findings: &Findings) -> Option<Date> {
        let procedure = self.given.procedure;
        let dated = procedure.dated_marks.iter();
        let waiting = dated.filter(|mark| mark.mark & self.given.operative == 0);
        let marks = waiting.fold(0, |all, mark| all | mark.mark);
        let sets = procedure.marks.iter().enumerate();
        let sets = sets.filter(|(number, _)| mask([*number]) & marks != 0);
        let waiting = sets.fold(Findings::default(), |all, (_, set)| all.or(set));
        self.given.upcoming(&waiting.and(findings))
    }

    fn open_question(&self, number: usize) -> OpenQuestion {
        let node = self.given.procedure.node(number);
        OpenQuestion {
            node: node.id.clone(),
            stage: node.stage.clone(),
            question: node.question.clone(),
            help: node.help.clone(),
            citations: node.citations.clone(),
            several: node.several,
            answers: answer_texts(node, Choice::MAX),
        }
    }

    fn open_points(&self) -> Vec<Text> {
        let assumed = self.walk.steps.iter().filter(|step| step.how == How::Assumed);
        assumed.map(|step| self.given.procedure.node(step.node).id.clone()).collect()
    }

    fn why(&self, rule: usize, outcome: &Text, settled: bool) -> Why {
        let procedure = self.given.procedure;
        let verdict = procedure.catalog.verdicts.get(rule).expect("the last rule always holds");
        let looked_for = procedure.verdicts.get(rule).and_then(|one| {
            let any = one.any?;
            let counted = if one.operative_only { any & self.given.operative } else { any };
            let marks = procedure.marks.iter().enumerate();
            let marks = marks.filter(|(number, _)| mask([*number]) & counted != 0);
            Some(marks.fold(Findings::default(), |all, (_, set)| all.or(set)))
        });
        let deciding = looked_for.unwrap_or_default().and(&self.walk.findings);
        let lowered = verdict.confidence_if.as_ref().filter(|one| {
            let number = procedure.finding_numbers.get(&one.finding);
            number.is_some_and(|number| self.walk.findings.contains(*number))
        });
        Why {
            outcome: outcome.clone(),
            provisional: !settled,
            rule: verdict.id.as_str().into(),
            explain: verdict.explain.as_str().into(),
            confidence: lowered.map_or(Confidence::High, |one| one.confidence),
            note: lowered.map(|_| Text::from(verdict.note.as_str())).unwrap_or_default(),
            because: self.reasons(&deciding, self.walk.steps.len()),
            path: self.walk.steps.iter().map(|step| self.path_step(step)).collect(),
        }
    }

    /// The findings and the steps among the first `before` that made them.
    fn reasons(&self, findings: &Findings, before: usize) -> Vec<Reason> {
        let procedure = self.given.procedure;
        let each = findings.iter().filter_map(|number| {
            let one: &FindingText = procedure.findings.get(number)?;
            let mut steps = self.walk.steps.iter().enumerate().take(before);
            let made = steps.find(|(_, step)| step.emit.contains(number));
            Some(Reason {
                finding: one.id.clone(),
                text: one.text.clone(),
                citations: one.citations.clone(),
                confidence: one.confidence,
                step: made.map(|(place, step)| Box::new(self.reason_step(place, step))),
            })
        });
        each.collect()
    }

    fn reason_step(&self, place: usize, step: &WalkStep) -> ReasonStep {
        let node = self.given.procedure.node(step.node);
        ReasonStep {
            node: node.id.clone(),
            question: node.question.clone(),
            how: step.how,
            answers: answer_texts(node, step.choice),
            citations: node.citations.clone(),
            because: self.reasons(&step.because, place),
        }
    }

    fn path_step(&self, step: &WalkStep) -> PathStep {
        let procedure = self.given.procedure;
        let node = procedure.node(step.node);
        let by_date = node.date.as_ref().filter(|_| step.how == How::DateFact);
        PathStep {
            node: node.id.clone(),
            stage: node.stage.clone(),
            question: node.question.clone(),
            citations: node.citations.clone(),
            how: step.how,
            answers: answer_texts(node, step.choice),
            implied: values(node, step.implied),
            found: procedure.names(&step.emit),
            because: procedure.names(&step.because),
            fact: by_date.map(|date| date.fact.clone()),
        }
    }

    /// For each answer that decides, the smallest changes that lead to other outcomes.
    fn counterfactuals(&self, settled: u32) -> Vec<Counterfactual> {
        let procedure = self.given.procedure;
        let mut all = Vec::new();
        for (question, nodes) in self.possible.decided_by() {
            let node = procedure.node(question);
            let step = self.walk.steps.iter().find(|step| step.node == question);
            let now = step.map_or(self.given.choice(question), |step| step.choice);
            let rest = if self.possible.avoids(&nodes) { settled } else { 0 };
            for change in self.changes(node, now, &nodes, settled, rest) {
                let to = node.choices.get(change.place).copied().unwrap_or_default();
                all.push(Counterfactual {
                    node: node.id.clone(),
                    question: node.question.clone(),
                    citations: node.citations.clone(),
                    from: answer_texts(node, now),
                    to: answer_texts(node, to),
                    outcomes: outcomes(procedure, change.set),
                    depends_on: self
                        .possible
                        .open_below(&change.starts)
                        .into_iter()
                        .map(|one| procedure.node(one).id.clone())
                        .collect(),
                });
            }
        }
        all
    }

    /// Of the answers with the same outcomes the one that is nearest to what was answered.
    fn changes(
        &self,
        node: &Node,
        now: Choice,
        nodes: &[usize],
        settled: u32,
        rest: u32,
    ) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        for (place, choice) in node.choices.iter().enumerate().filter(|(_, one)| **one != now) {
            let (set, starts) = self.possible.with_answer(nodes, place);
            let set = set | rest;
            if set == 0 || set == settled {
                continue;
            }
            // An answer that stands alone takes the place of all others: only what it drops counts.
            let alone = node.exclusive & choice != 0 || node.exclusive & now != 0;
            let distance = match alone {
                true => {
                    (now & !node.exclusive).count_ones() + (choice & !node.exclusive).count_ones()
                }
                false => (now ^ choice).count_ones(),
            };
            let change = Change { place, set, starts, distance };
            match changes.iter_mut().find(|known| known.set == set) {
                Some(known) if change.distance < known.distance => *known = change,
                Some(_) => {}
                None => changes.push(change),
            }
        }
        changes
    }

    fn unused(&self) -> Vec<UnusedAnswer> {
        let procedure = self.given.procedure;
        let each = procedure.nodes.iter().enumerate().filter_map(|(number, node)| {
            let choice = self.given.choice(number);
            let step = self.walk.steps.iter().find(|step| step.node == number);
            let because = match step.map(|step| step.how) {
                _ if choice == 0 => return None,
                Some(How::Given | How::Assumed) => return None,
                Some(How::Skipped) => UnusedBecause::Skipped,
                Some(How::Automatic) => UnusedBecause::Automatic,
                Some(How::DateFact) => UnusedBecause::DateFact,
                None => UnusedBecause::NotReached,
            };
            let other = step.filter(|step| step.choice != 0 && step.choice != choice);
            Some(UnusedAnswer {
                node: node.id.clone(),
                values: values(node, choice),
                because,
                instead: other.map(|step| step.values(node)).unwrap_or_default(),
            })
        });
        each.collect()
    }
}

struct Change {
    place: usize,
    set: u32,
    starts: Vec<super::diagram::Ref>,
    distance: u32,
}

/// The answers in a set, as readers see them.
pub(super) fn answer_texts(node: &Node, choice: Choice) -> Vec<AnswerText> {
    let options = node.places(choice).filter_map(|place| node.options.get(place));
    let text = |option: &super::procedure::Choosable| AnswerText {
        value: option.value.clone(),
        label: option.label.clone(),
        explain: option.explain.clone(),
    };
    options.map(text).collect()
}

fn difference(all: Vec<Text>, without: &[Text]) -> Vec<Text> {
    all.into_iter().filter(|one| !without.contains(one)).collect()
}
