//! What can still come of answers: outcomes, and findings that every completion has or some do. Exact: nothing is
//! sampled, and what contradicts itself is no completion.

use super::{
    diagram::{Decision, Diagram, Ref},
    findings::Findings,
    given::{Answered, Given},
    graph::Way,
    procedure::mask,
};

/// The states that walks with these answers pass, up to those from which on nothing is answered.
pub(super) struct Reached {
    /// In walking order.
    states: Vec<usize>,
    /// By state: its place among those reached.
    places: Vec<Option<u32>>,
    /// By place: whether a completion passes it.
    alive: Vec<bool>,
}

/// What is found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Certain {
    /// In every completion.
    pub(super) must: Findings,
    /// In at least one.
    pub(super) may: Findings,
}

impl Reached {
    pub(super) fn new(given: &Given) -> Reached {
        let graph = &given.procedure.graph;
        let mut met = vec![false; graph.states.len()];
        let mut places = vec![None; graph.states.len()];
        let mut states = Vec::new();
        met.iter_mut().take(1).for_each(|root| *root = true);
        let mut contradicted = false;
        for number in 0..graph.states.len() {
            if !met.get(number).copied().unwrap_or_default() {
                continue;
            }
            if let Some(slot) = places.get_mut(number) {
                *slot = u32::try_from(states.len()).ok();
            }
            states.push(number);
            if given.free_rest(graph.state(number)).is_some() {
                continue;
            }
            let mut ends = true;
            each_way(given, number, |to, _, _| {
                ends = false;
                met.get_mut(to).into_iter().for_each(|met| *met = true);
            });
            contradicted |= ends;
        }
        let alive = vec![true; states.len()];
        let mut reached = Reached { states, places, alive };
        if contradicted {
            reached.drop_dead_ends(given);
        }
        reached
    }

    /// Whether any completion passes a state, if it is one up to which answers count.
    fn alive(&self, state: usize) -> bool {
        self.place(state).and_then(|place| self.alive.get(place)).is_some_and(|alive| *alive)
    }

    /// Whether a walk that came to a state can go on to the end.
    pub(super) fn ends(&self, given: &Given, state: usize) -> bool {
        match self.place(state) {
            Some(_) => self.alive(state),
            None => given.procedure.graph.state(state).rest.ends,
        }
    }

    /// What all completions find, and what some do.
    pub(super) fn certain(&self, given: &Given) -> Certain {
        let mut at: Vec<Certain> = vec![Certain::NONE_YET; self.states.len()];
        at.iter_mut().take(1).for_each(|root| root.must = Findings::default());
        let mut end = Certain::NONE_YET;
        for (place, number) in self.states.iter().enumerate() {
            if !self.alive(*number) {
                continue;
            }
            let here = at.get(place).copied().unwrap_or_default();
            if let Some(rest) = given.free_rest(given.procedure.graph.state(*number)) {
                end.must = end.must.and(&here.must.or(&rest.must));
                end.may = end.may.or(&here.may).or(&rest.may);
                continue;
            }
            each_way(given, *number, |to, must, may| {
                let next = self.place(to).and_then(|place| at.get_mut(place));
                if let Some(next) = next {
                    next.must = next.must.and(&here.must.or(must));
                    next.may = next.may.or(&here.may.or(may));
                }
            });
        }
        end
    }

    fn place(&self, state: usize) -> Option<usize> {
        self.places.get(state).copied().flatten().and_then(|place| usize::try_from(place).ok())
    }

    fn drop_dead_ends(&mut self, given: &Given) {
        for (place, number) in self.states.iter().enumerate().rev() {
            let mut live = given.free_rest(given.procedure.graph.state(*number)).is_some();
            each_way(given, *number, |to, _, _| live |= self.alive(to));
            if let Some(slot) = self.alive.get_mut(place) {
                *slot = live;
            }
        }
    }
}

impl Certain {
    /// Before any walk has come by: everything would be found in all of them.
    const NONE_YET: Certain = Certain { must: Findings::ALL, may: Findings::NONE };
}

/// The ways on that the answers leave, each with what all and what any of its answers find. There is none from the
/// end, and none where an answer contradicts what was found.
fn each_way(given: &Given, number: usize, mut each: impl FnMut(usize, &Findings, &Findings)) {
    let state = given.procedure.graph.state(number);
    match &state.way {
        Way::End => {}
        Way::Fixed { to, emit, .. } => each(*to, emit, emit),
        Way::Asked(asked) => {
            let Some(choice) = given.answer(state).choice() else {
                asked.edges.iter().for_each(|edge| each(edge.to, &edge.must, &edge.may));
                return;
            };
            let node = given.procedure.node(state.node);
            let declined = &given.procedure.declined_suggestion;
            let settled = node.settle(choice, declined, |condition| state.holds(condition));
            if let Some((settled, edge)) = settled.ok().zip(asked.edge(node, choice)) {
                each(edge.to, &settled.emit, &settled.emit);
            }
        }
    }
}

/// What the reduced diagram says about answers.
pub(super) struct Outcomes<'a> {
    given: &'a Given<'a>,
    diagram: &'a Diagram,
    /// By node: whether walks with these answers pass it.
    reached: Vec<bool>,
    /// By node: the outcomes that completions from it on have. Filled for every node, reached or not.
    sets: Vec<u32>,
}

impl<'a> Outcomes<'a> {
    pub(super) fn new(given: &'a Given<'a>) -> Outcomes<'a> {
        let diagram = given.procedure.diagram(given.operative);
        let mut outcomes = Outcomes {
            given,
            diagram,
            reached: vec![false; diagram.nodes.len()],
            sets: Vec::new(),
        };
        outcomes.sets = outcomes.all_sets();
        outcomes.mark_reached();
        outcomes
    }

    /// The outcomes of all completions; 0 if there is none.
    pub(super) fn possible(&self) -> u32 {
        self.set(self.diagram.root)
    }

    /// The smallest set of questions that settles the outcome, by number: all on which it still depends. A smaller set
    /// can't do, because for each of them two completions that differ only there have different outcomes; and no other
    /// is needed, because the reduced diagram tests no other.
    pub(super) fn still_open(&self) -> Vec<usize> {
        let mut reduced = Reduced {
            refs: Vec::with_capacity(self.diagram.nodes.len()),
            changed: vec![None; self.diagram.nodes.len()],
            kept: vec![Vec::new(); self.given.procedure.nodes.len()],
        };
        for (number, node) in self.diagram.nodes.iter().enumerate() {
            let one = match self.answered_way(number) {
                _ if !self.reached.get(number).copied().unwrap_or_default() => Ref::Dead,
                Some(way) => reduced.of(way),
                None => reduced.node(self.diagram, number, node),
            };
            reduced.refs.push(one);
        }
        let left = reduced.kept.iter().enumerate().filter(|(_, nodes)| !nodes.is_empty());
        left.map(|(question, _)| question).collect()
    }

    /// The questions with an answer on which the outcome depends, with the nodes where walks meet them.
    pub(super) fn decided_by(&self) -> Vec<(usize, Vec<usize>)> {
        let mut met: Vec<(usize, Vec<usize>)> = Vec::new();
        for (number, node) in self.diagram.nodes.iter().enumerate() {
            let reached = self.reached.get(number).copied().unwrap_or_default();
            if !reached || self.answered_way(number).is_none() {
                continue;
            }
            match met.iter_mut().find(|(question, _)| *question == node.question) {
                Some((_, nodes)) => nodes.push(number),
                None => met.push((node.question, vec![number])),
            }
        }
        met.sort_unstable_by_key(|(question, _)| *question);
        met
    }

    /// The outcomes if one question, met at these nodes, had another answer; `place`: of the sound answer.
    pub(super) fn with_answer(&self, nodes: &[usize], place: usize) -> (u32, Vec<Ref>) {
        let mut set = 0;
        let mut starts = Vec::new();
        for number in nodes {
            let node = self.diagram.node(*number);
            let way = node.by_choice.get(place).and_then(|way| node.ways.get(usize::from(*way)));
            if let Some(way) = way {
                set |= self.set(*way);
                starts.push(*way);
            }
        }
        (set, starts)
    }

    /// Whether some walk with these answers meets none of these nodes.
    pub(super) fn avoids(&self, nodes: &[usize]) -> bool {
        let mut seen = vec![false; self.diagram.nodes.len()];
        let mut todo = vec![self.diagram.root];
        while let Some(one) = todo.pop() {
            match one {
                Ref::Outcome(_) => return true,
                Ref::Dead => {}
                Ref::Node(number) => {
                    let first =
                        seen.get_mut(number).is_some_and(|seen| !std::mem::replace(seen, true));
                    if first && !nodes.contains(&number) {
                        todo.extend(self.ways_on(number));
                    }
                }
            }
        }
        false
    }

    /// The unanswered questions below these places that still decide, by number.
    pub(super) fn open_below(&self, starts: &[Ref]) -> Vec<usize> {
        let mut seen = vec![false; self.diagram.nodes.len()];
        let mut todo = starts.to_vec();
        let mut open = Vec::new();
        while let Some(one) = todo.pop() {
            let Ref::Node(number) = one else { continue };
            let first = seen.get_mut(number).is_some_and(|seen| !std::mem::replace(seen, true));
            if !first || self.set(one).count_ones() < 2 {
                continue;
            }
            let question = self.diagram.node(number).question;
            if self.answered_way(number).is_none() && !open.contains(&question) {
                open.push(question);
            }
            todo.extend(self.ways_on(number));
        }
        open.sort_unstable();
        open
    }

    fn set(&self, one: Ref) -> u32 {
        set_of(&self.sets, one)
    }

    /// For each node the outcomes below it. Those that a node leads to stand before it.
    fn all_sets(&self) -> Vec<u32> {
        let mut sets: Vec<u32> = Vec::with_capacity(self.diagram.nodes.len());
        for number in 0..self.diagram.nodes.len() {
            let set = match self.answered_way(number) {
                Some(way) => set_of(&sets, way),
                None => {
                    let ways = &self.diagram.node(number).ways;
                    ways.iter().fold(0, |all, way| all | set_of(&sets, *way))
                }
            };
            sets.push(set);
        }
        sets
    }

    fn mark_reached(&mut self) {
        if let Ref::Node(root) = self.diagram.root
            && let Some(slot) = self.reached.get_mut(root)
        {
            *slot = true;
        }
        for number in (0..self.diagram.nodes.len()).rev() {
            if !self.reached.get(number).copied().unwrap_or_default() {
                continue;
            }
            for way in self.ways_on(number) {
                if let Ref::Node(to) = way
                    && let Some(slot) = self.reached.get_mut(to)
                {
                    *slot = true;
                }
            }
        }
    }

    /// The way of the answer, if the question of a node has one.
    fn answered_way(&self, number: usize) -> Option<Ref> {
        let node = self.diagram.node(number);
        let choice = match self.given.answer_in_diagram(node.question, node.truth) {
            Answered::By(choice) | Answered::ByDate(choice) => choice,
            Answered::Not => return None,
        };
        let choices = &self.given.procedure.node(node.question).choices;
        let place = choices.iter().position(|one| *one == choice)?;
        let way = node.by_choice.get(place).and_then(|way| node.ways.get(usize::from(*way)));
        Some(way.copied().unwrap_or(Ref::Dead))
    }

    fn ways_on(&self, number: usize) -> Vec<Ref> {
        match self.answered_way(number) {
            Some(way) => vec![way],
            None => self.diagram.node(number).ways.clone(),
        }
    }
}

/// A diagram without the questions that have answers, reduced again.
struct Reduced {
    /// For each node of the diagram what it comes to.
    refs: Vec<Ref>,
    /// The ways of those that lead elsewhere than they did.
    changed: Vec<Option<Vec<Ref>>>,
    /// By question the nodes that are left.
    kept: Vec<Vec<usize>>,
}

impl Reduced {
    fn of(&self, way: Ref) -> Ref {
        match way {
            Ref::Node(number) => self.refs.get(number).copied().unwrap_or(Ref::Dead),
            Ref::Dead | Ref::Outcome(_) => way,
        }
    }

    /// What a node comes to: itself, an equal one, or the one that all its ways lead to.
    fn node(&mut self, diagram: &Diagram, number: usize, node: &Decision) -> Ref {
        // Nodes that lead where they did are as different as they were.
        let same = node.truth == 0
            && node.ways.iter().all(|way| *way != Ref::Dead && self.of(*way) == *way);
        if !same {
            let ways: Vec<Ref> = node.ways.iter().map(|way| self.of(*way)).collect();
            let mut live = ways.iter().filter(|way| **way != Ref::Dead);
            let first = live.next().copied().unwrap_or(Ref::Dead);
            if live.all(|way| *way == first) {
                return first;
            }
            if let Some(slot) = self.changed.get_mut(number) {
                *slot = Some(ways);
            }
        }
        let kept = self.kept.get(node.question).map(Vec::as_slice).unwrap_or_default();
        let mut others = kept.iter().filter(|other| !same || self.changed(**other).is_some());
        if let Some(equal) = others.find(|other| self.equal(diagram, number, **other)) {
            return Ref::Node(*equal);
        }
        if let Some(kept) = self.kept.get_mut(node.question) {
            kept.push(number);
        }
        Ref::Node(number)
    }

    fn changed(&self, number: usize) -> Option<&Vec<Ref>> {
        self.changed.get(number).and_then(Option::as_ref)
    }

    /// Whether two nodes of one question lead the same way whatever the answer.
    fn equal(&self, diagram: &Diagram, a: usize, b: usize) -> bool {
        let ways = |number: usize| {
            let node = diagram.node(number);
            let ways = self.changed(number).unwrap_or(&node.ways);
            node.by_choice.iter().map(|place| ways.get(usize::from(*place)))
        };
        ways(a).eq(ways(b))
    }
}

fn set_of(sets: &[u32], one: Ref) -> u32 {
    match one {
        Ref::Dead => 0,
        Ref::Outcome(outcome) => mask([outcome]),
        Ref::Node(number) => sets.get(number).copied().unwrap_or_default(),
    }
}
