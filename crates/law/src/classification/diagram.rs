//! What the outcome depends on, and nothing else: the graph with the verdicts, reduced to a decision diagram.
//!
//! A question stands in it only where its answer can still change the outcome, and equal remainders are one. So an
//! outcome that is settled is a leaf, whatever else is unknown.

use std::collections::HashMap;

use super::{
    graph::{Graph, State, Way, bit},
    procedure::{Procedure, VerdictRule, mask},
};

/// The diagram for one set of operative dates. Those that a node leads to stand before it.
pub(super) struct Diagram {
    pub(super) nodes: Vec<Decision>,
    pub(super) root: Ref,
}

/// An outcome or a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Ref {
    /// No completion: every way contradicts itself.
    Dead,
    Outcome(usize),
    Node(usize),
}

/// A question that can still change the outcome.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Decision {
    pub(super) question: usize,
    /// Which tiers are reached, where a date answers by tier.
    pub(super) truth: u128,
    /// The different ways on.
    pub(super) ways: Vec<Ref>,
    /// For each sound answer its way.
    pub(super) by_choice: Vec<u16>,
}

impl Diagram {
    pub(super) fn node(&self, number: usize) -> &Decision {
        self.nodes.get(number).expect("references lead to nodes")
    }

    /// Makes the diagram where verdicts that look at operative findings count these marks.
    pub(super) fn new(procedure: &Procedure, operative: u32) -> Diagram {
        let verdicts: Vec<Rule> =
            procedure.verdicts.iter().map(|one| Rule::new(one, operative)).collect();
        let mut making = Making {
            procedure,
            verdicts,
            reachable: reachable_marks(procedure),
            contradictions: contradictions(procedure),
            known: HashMap::new(),
            same: HashMap::new(),
            diagram: Diagram { nodes: Vec::new(), root: Ref::Dead },
        };
        let open = making.first();
        let open = making.simplify(open, Graph::ROOT);
        making.diagram.root = making.reference(Graph::ROOT, open);
        making.diagram
    }
}

/// A verdict for one set of operative dates.
struct Rule {
    any: Option<u32>,
    none: u32,
    outcome: usize,
}

impl Rule {
    fn new(one: &VerdictRule, operative: u32) -> Rule {
        let any = one.any.map(|any| if one.operative_only { any & operative } else { any });
        Rule { any, none: one.none, outcome: one.outcome }
    }
}

/// The verdicts that can still be the first to hold, and of those the ones that already have what they look for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Open {
    kept: u32,
    met: u32,
}

struct Making<'p> {
    procedure: &'p Procedure,
    verdicts: Vec<Rule>,
    /// For each state: the marks that can still be set from it on.
    reachable: Vec<u32>,
    /// For each state: whether an answer can contradict what was found, from it on.
    contradictions: Vec<bool>,
    known: HashMap<(usize, Open), Ref>,
    same: HashMap<Decision, usize>,
    diagram: Diagram,
}

impl Making<'_> {
    fn first(&self) -> Open {
        let always = self.verdicts.iter().enumerate().filter(|(_, rule)| rule.any.is_none());
        Open { kept: mask(0..self.verdicts.len()), met: mask(always.map(|(number, _)| number)) }
    }

    /// What remains open after `marks` were set.
    fn after(&self, open: Open, marks: u32) -> Open {
        let mut after = open;
        for (number, rule) in self.verdicts.iter().enumerate() {
            if rule.none & marks != 0 {
                after.kept &= !mask([number]);
            } else if rule.any.is_some_and(|any| any & marks != 0) {
                after.met |= mask([number]);
            }
        }
        after.met &= after.kept;
        after
    }

    /// Drops the verdicts that no walk from this state can make the first to hold.
    fn simplify(&self, open: Open, state: usize) -> Open {
        let reachable = self.reachable.get(state).copied().unwrap_or_default();
        let mut simple = Open { kept: 0, met: 0 };
        let mut last: Option<(u32, usize)> = None;
        for (number, rule) in self.verdicts.iter().enumerate() {
            let own = mask([number]);
            let met = open.met & own != 0;
            let can_hold = met || rule.any.is_some_and(|any| any & reachable != 0);
            if open.kept & own == 0 || !can_hold {
                continue;
            }
            simple.kept |= own;
            simple.met |= open.met & own;
            if met && rule.none & reachable == 0 {
                last = Some((own, rule.outcome));
                break;
            }
        }
        let Some((own, outcome)) = last else { return simple };
        // Verdicts right before one that is sure to hold, and of the same outcome, decide nothing.
        for (number, rule) in self.verdicts.iter().enumerate().rev() {
            let before = mask([number]);
            if before >= own || simple.kept & before == 0 {
                continue;
            }
            if rule.outcome != outcome {
                break;
            }
            simple.kept &= !before;
            simple.met &= !before;
        }
        simple
    }

    fn reference(&mut self, state: usize, open: Open) -> Ref {
        let first = self.verdicts.iter().enumerate().find(|(one, _)| open.kept & mask([*one]) != 0);
        let Some((number, rule)) = first else { return Ref::Dead };
        let sure = open.kept == mask([number]) && open.met == open.kept;
        // Where later answers can contradict themselves the walk goes on: what has no completion must not count.
        if sure && !self.contradictions.get(state).copied().unwrap_or_default() {
            return Ref::Outcome(rule.outcome);
        }
        if let Some(known) = self.known.get(&(state, open)) {
            return *known;
        }
        let procedure = self.procedure;
        let one = procedure.graph.state(state);
        let made = match &one.way {
            // Every condition is known at the end, so a verdict has been found above.
            Way::End => Ref::Outcome(rule.outcome),
            Way::Fixed { to, emit, .. } => {
                let after = self.after(open, procedure.marks_of(emit));
                let after = self.simplify(after, *to);
                self.reference(*to, after)
            }
            Way::Asked(ways) => {
                let refs = ways.edges.iter().map(|edge| {
                    let after = self.simplify(self.after(open, edge.marks), edge.to);
                    self.reference(edge.to, after)
                });
                let refs: Vec<Ref> = refs.collect();
                self.decision(one, &refs, &ways.by_choice)
            }
        };
        self.known.insert((state, open), made);
        made
    }

    fn decision(&mut self, state: &State, refs: &[Ref], by_choice: &[Option<u16>]) -> Ref {
        let mut ways: Vec<Ref> = Vec::new();
        let mut places: Vec<u16> = Vec::with_capacity(by_choice.len());
        for edge in by_choice {
            let to = edge.and_then(|edge| refs.get(usize::from(edge))).copied();
            let to = to.unwrap_or(Ref::Dead);
            let place = ways.iter().position(|one| *one == to).unwrap_or_else(|| {
                ways.push(to);
                ways.len() - 1
            });
            places.push(u16::try_from(place).unwrap_or(u16::MAX));
        }
        if let [only] = ways.as_slice() {
            return *only;
        }
        let node = self.procedure.node(state.node);
        let tiers = node.date.iter().flat_map(|date| &date.before_by_tier);
        let tiers = tiers.fold(0, |all, row| all | bit(row.1));
        let truth = state.truth_of(tiers);
        let decision = Decision { question: state.node, truth, ways, by_choice: places };
        if let Some(number) = self.same.get(&decision) {
            return Ref::Node(*number);
        }
        let number = self.diagram.nodes.len();
        self.diagram.nodes.push(decision.clone());
        self.same.insert(decision, number);
        Ref::Node(number)
    }
}

/// For each state the marks that walks from it can set.
fn reachable_marks(procedure: &Procedure) -> Vec<u32> {
    let states = &procedure.graph.states;
    let mut marks = vec![0_u32; states.len()];
    for (number, state) in states.iter().enumerate().rev() {
        let after = |to: usize| marks.get(to).copied().unwrap_or_default();
        let own = match &state.way {
            Way::End => 0,
            Way::Fixed { to, emit, .. } => procedure.marks_of(emit) | after(*to),
            Way::Asked(ways) => {
                ways.edges.iter().fold(0, |all, edge| all | edge.marks | after(edge.to))
            }
        };
        if let Some(slot) = marks.get_mut(number) {
            *slot = own;
        }
    }
    marks
}

/// For each state whether an answer from it on can contradict what was found.
fn contradictions(procedure: &Procedure) -> Vec<bool> {
    let states = &procedure.graph.states;
    let mut found = vec![false; states.len()];
    for (number, state) in states.iter().enumerate().rev() {
        let after = |to: usize| found.get(to).copied().unwrap_or_default();
        let own = match &state.way {
            Way::End => false,
            Way::Fixed { to, .. } => after(*to),
            Way::Asked(ways) => {
                ways.by_choice.contains(&None) || ways.edges.iter().any(|edge| after(edge.to))
            }
        };
        if let Some(slot) = found.get_mut(number) {
            *slot = own;
        }
    }
    found
}
