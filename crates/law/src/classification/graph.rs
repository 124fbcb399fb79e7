//! All walks at once: a graph of states, each a question with what of the findings so far still matters from there on.
//!
//! Walks that differ only in what no later question looks at meet in one state, so that eight thousand states stand
//! for all completions of all answers. Made once for a procedure, whatever the day.

use std::collections::HashMap;

use super::{
    findings::Findings,
    procedure::{Node, Procedure, ProcedureError},
    step::{Choice, Step},
};

/// The graph. States stand in walking order: a way leads to a later one.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) states: Vec<State>,
    /// For each question, by number: itself and those that can come after it.
    pub(super) later: Vec<Findings>,
}

/// Where a walk can be.
pub(super) struct State {
    /// The number of the question; that after the last: the end.
    pub(super) node: usize,
    /// The conditions that hold, of those that matter from here on.
    truth: u128,
    pub(super) way: Way,
    /// What all walks from here to the end find, and what any of them does, if nothing more is answered.
    pub(super) rest: Rest,
    /// How many questions are asked at least and at most from here to the end.
    pub(super) least: usize,
    pub(super) most: usize,
}

pub(super) enum Way {
    End,
    /// Passed over, or answered by the procedure (`choice` is not 0).
    Fixed {
        to: usize,
        choice: Choice,
        condition: Option<usize>,
        emit: Findings,
    },
    Asked(Ways),
}

/// The ways on from a question that is asked.
pub(super) struct Ways {
    pub(super) edges: Vec<Edge>,
    /// For each sound answer: its edge, `None` if it contradicts what was found.
    pub(super) by_choice: Vec<Option<u16>>,
}

/// Answers that lead to the same state and mean the same for the outcome.
pub(super) struct Edge {
    pub(super) to: usize,
    /// What they set of what verdicts look at.
    pub(super) marks: u32,
    /// What all of them find, and what any of them does.
    pub(super) must: Findings,
    pub(super) may: Findings,
}

/// What is found on the rest of walks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rest {
    pub(super) must: Findings,
    pub(super) may: Findings,
    /// Whether there is a walk to the end at all.
    pub(super) ends: bool,
}

impl State {
    /// Whether a condition of this question holds.
    pub(super) fn holds(&self, condition: usize) -> bool {
        self.truth & bit(condition) != 0
    }

    /// The conditions of these that hold.
    pub(super) fn truth_of(&self, conditions: u128) -> u128 {
        self.truth & conditions
    }
}

impl Ways {
    /// The edge of an answer.
    pub(super) fn edge(&self, node: &Node, choice: Choice) -> Option<&Edge> {
        let place = node.choices.iter().position(|one| *one == choice)?;
        let edge = self.by_choice.get(place).copied().flatten()?;
        self.edges.get(usize::from(edge))
    }
}

impl Graph {
    pub(super) fn state(&self, number: usize) -> &State {
        self.states.get(number).expect("edges lead to states")
    }

    /// The first state of every walk.
    pub(super) const ROOT: usize = 0;

    pub(super) fn new(procedure: &Procedure) -> Result<Graph, ProcedureError> {
        let order = walking_order(procedure)?;
        let mut making = Making {
            procedure,
            future: futures(procedure, &order),
            numbers: HashMap::new(),
            waiting: vec![Vec::new(); procedure.nodes.len() + 1],
        };
        making.number(procedure.start, 0);
        let mut states: Vec<(usize, State)> = Vec::new();
        for node in order.iter().copied().chain([procedure.nodes.len()]) {
            for (number, truth) in std::mem::take(making.waiting(node)) {
                states.push((number, making.state(node, truth)?));
            }
        }
        let mut graph = Graph { states: in_order(states), later: later(procedure, &order) };
        graph.count_questions();
        graph.sum_up();
        Ok(graph)
    }

    fn sum_up(&mut self) {
        for number in (0..self.states.len()).rev() {
            let rest = match &self.state(number).way {
                Way::End => Rest { ends: true, ..Rest::default() },
                Way::Fixed { to, emit, .. } => {
                    let after = self.state(*to).rest;
                    Rest { must: after.must.or(emit), may: after.may.or(emit), ends: after.ends }
                }
                Way::Asked(ways) => {
                    let ends = ways.edges.iter().filter(|edge| self.state(edge.to).rest.ends);
                    let nowhere = Rest { must: Findings::ALL, ..Rest::default() };
                    ends.fold(nowhere, |all, edge| {
                        let after = self.state(edge.to).rest;
                        Rest {
                            must: all.must.and(&after.must.or(&edge.must)),
                            may: all.may.or(&after.may).or(&edge.may),
                            ends: true,
                        }
                    })
                }
            };
            if let Some(state) = self.states.get_mut(number) {
                state.rest = rest;
            }
        }
    }

    fn count_questions(&mut self) {
        for number in (0..self.states.len()).rev() {
            let (least, most) = match &self.state(number).way {
                Way::End => (0, 0),
                Way::Fixed { to, .. } => (self.state(*to).least, self.state(*to).most),
                Way::Asked(ways) => {
                    let after = || ways.edges.iter().map(|edge| self.state(edge.to));
                    let least = after().map(|one| one.least).min().unwrap_or(0);
                    let most = after().map(|one| one.most).max().unwrap_or(0);
                    (least + 1, most + 1)
                }
            };
            if let Some(state) = self.states.get_mut(number) {
                (state.least, state.most) = (least, most);
            }
        }
    }
}

struct Making<'p> {
    procedure: &'p Procedure,
    /// For each question: the conditions that matter from it on.
    future: Vec<u128>,
    /// States by question and truth, numbered as they are met.
    numbers: HashMap<(usize, u128), usize>,
    /// For each question: its states that are not made yet.
    waiting: Vec<Vec<(usize, u128)>>,
}

impl Making<'_> {
    fn waiting(&mut self, node: usize) -> &mut Vec<(usize, u128)> {
        self.waiting.get_mut(node).expect("there is a list for each question and the end")
    }

    fn number(&mut self, node: usize, truth: u128) -> usize {
        let next = self.numbers.len();
        let number = *self.numbers.entry((node, truth)).or_insert(next);
        if number == next {
            self.waiting(node).push((number, truth));
        }
        number
    }

    /// The state in which somebody is who finds `emit` and goes on to `node`.
    fn after(&mut self, truth: u128, emit: &Findings, node: usize) -> usize {
        let made_true = &self.procedure.made_true;
        let truth = emit
            .iter()
            .filter_map(|finding| made_true.get(finding))
            .fold(truth, |truth, conditions| truth | conditions);
        let future = self.future.get(node).copied().unwrap_or_default();
        self.number(node, truth & future)
    }

    fn state(&mut self, number: usize, truth: u128) -> Result<State, ProcedureError> {
        let rest = Rest::default();
        let state = |way| State { node: number, truth, way, rest, least: 0, most: 0 };
        let procedure = self.procedure;
        let Some(node) = procedure.nodes.get(number) else { return Ok(state(Way::End)) };
        let holds = |condition| truth & bit(condition) != 0;
        Ok(state(match node.step(holds) {
            Step::Skip(gate) => {
                let unmet = gate.none.filter(|none| holds(*none));
                let to = self.after(truth, &gate.emit, gate.to);
                Way::Fixed { to, choice: 0, condition: unmet, emit: gate.emit }
            }
            Step::Automatic(choice, condition) => {
                let emit = node.emit(choice);
                let to = self.after(truth, &emit, node.next(choice));
                Way::Fixed { to, choice, condition, emit }
            }
            Step::Ask => Way::Asked(self.ways(node, truth)?),
        }))
    }

    fn ways(&mut self, node: &Node, truth: u128) -> Result<Ways, ProcedureError> {
        let procedure = self.procedure;
        let mut ways = Ways { edges: Vec::new(), by_choice: Vec::new() };
        for choice in &node.choices {
            let holds = |condition| truth & bit(condition) != 0;
            let Ok(settled) = node.settle(*choice, &procedure.declined_suggestion, holds) else {
                ways.by_choice.push(None);
                continue;
            };
            let to = self.after(truth, &settled.emit, settled.next);
            let marks = procedure.marks_of(&settled.emit);
            let same = |edge: &Edge| edge.to == to && edge.marks == marks;
            let place = ways.edges.iter().position(same);
            let place = place.unwrap_or(ways.edges.len());
            match ways.edges.get_mut(place) {
                Some(edge) => {
                    edge.must = edge.must.and(&settled.emit);
                    edge.may = edge.may.or(&settled.emit);
                }
                None => {
                    let (must, may) = (settled.emit, settled.emit);
                    ways.edges.push(Edge { to, marks, must, may });
                }
            }
            let place = u16::try_from(place).map_err(|_| ProcedureError::TooMany {
                procedure: procedure.catalog.framework.clone(),
                what: format!("ways on from {}", node.id),
                limit: usize::from(u16::MAX),
            })?;
            ways.by_choice.push(Some(place));
        }
        Ok(ways)
    }
}

pub(super) fn bit(number: usize) -> u128 {
    1_u128.checked_shl(u32::try_from(number).unwrap_or(u32::MAX)).unwrap_or_default()
}

/// Renumbers states, which know each other by the order in which they were met, so that each stands at its number.
fn in_order(states: Vec<(usize, State)>) -> Vec<State> {
    let mut places = vec![0; states.len()];
    for (place, (number, _)) in states.iter().enumerate() {
        if let Some(slot) = places.get_mut(*number) {
            *slot = place;
        }
    }
    let place = |number: usize| places.get(number).copied().unwrap_or_default();
    let mut ordered = Vec::with_capacity(states.len());
    for (_, mut state) in states {
        match &mut state.way {
            Way::End => {}
            Way::Fixed { to, .. } => *to = place(*to),
            Way::Asked(ways) => ways.edges.iter_mut().for_each(|edge| edge.to = place(edge.to)),
        }
        ordered.push(state);
    }
    ordered
}

/// The questions so that each way leads to a later one.
fn walking_order(procedure: &Procedure) -> Result<Vec<usize>, ProcedureError> {
    let count = procedure.nodes.len();
    let mut ways_in = vec![0_usize; count + 1];
    let targets = |node: &Node| {
        let gate = node.gate.iter().map(|gate| gate.to);
        node.options.iter().map(|option| option.next).chain(gate).collect::<Vec<_>>()
    };
    for to in procedure.nodes.iter().flat_map(targets) {
        if let Some(ways) = ways_in.get_mut(to) {
            *ways += 1;
        }
    }
    let mut order: Vec<usize> = Vec::with_capacity(count);
    // The lowest number first, so that the order of the catalog is kept wherever it can be.
    let mut ready: std::collections::BTreeSet<usize> =
        (0..count).filter(|one| ways_in.get(*one) == Some(&0)).collect();
    while let Some(one) = ready.pop_first() {
        order.push(one);
        for to in procedure.nodes.get(one).map(targets).unwrap_or_default() {
            if let Some(ways) = ways_in.get_mut(to) {
                *ways -= 1;
                if *ways == 0 && to < count {
                    ready.insert(to);
                }
            }
        }
    }
    let left = (0..count).find(|one| !order.contains(one));
    match left.and_then(|one| procedure.nodes.get(one)) {
        None => Ok(order),
        Some(node) => Err(ProcedureError::Circle {
            procedure: procedure.catalog.framework.clone(),
            question: node.id.to_string(),
        }),
    }
}

/// For each question itself and those that can come after it.
fn later(procedure: &Procedure, order: &[usize]) -> Vec<Findings> {
    let mut later = vec![Findings::NONE; procedure.nodes.len() + 1];
    for number in order.iter().rev() {
        let Some(node) = procedure.nodes.get(*number) else { continue };
        let gate = node.gate.iter().map(|gate| gate.to);
        let next = node.options.iter().map(|option| option.next).chain(gate);
        let own = Findings::of([*number]);
        let all = next.fold(own, |all, to| all.or(&later.get(to).copied().unwrap_or_default()));
        if let Some(slot) = later.get_mut(*number) {
            *slot = all;
        }
    }
    later
}

/// For each question, the conditions that it or a later one looks at.
fn futures(procedure: &Procedure, order: &[usize]) -> Vec<u128> {
    let mut futures = vec![0; procedure.nodes.len() + 1];
    for number in order.iter().rev() {
        let Some(node) = procedure.nodes.get(*number) else { continue };
        let gate = node.gate.iter().flat_map(|gate| [gate.any, gate.none]);
        let auto = node.auto.iter().flat_map(|rule| [rule.any, rule.none]);
        let values =
            node.implied.iter().chain(&node.suggest).map(|(condition, _)| Some(*condition));
        let dates = node.date.iter().flat_map(|date| &date.before_by_tier).map(|row| Some(row.1));
        let own = gate.chain(auto).chain(values).chain(dates).flatten();
        let own = own.fold(0, |all, condition| all | bit(condition));
        let gate_to = node.gate.iter().map(|gate| gate.to);
        let later = node.options.iter().map(|option| option.next).chain(gate_to);
        let all = later.fold(own, |all, to| all | futures.get(to).copied().unwrap_or_default());
        if let Some(slot) = futures.get_mut(*number) {
            *slot = all;
        }
    }
    futures
}
