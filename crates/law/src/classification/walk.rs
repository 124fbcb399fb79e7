//! One walk from the first question to the end, with what each step found and why it went as it did.

use super::{
    answers::{AnswerError, Contradiction},
    findings::Findings,
    given::{Answered, Given, values},
    graph::{Graph, State, Way, Ways},
    possible::Reached,
    procedure::{Node, Text},
    result::How,
    step::{Choice, Clash, bit},
};

/// A walk to the end.
pub(super) struct Walk {
    pub(super) steps: Vec<WalkStep>,
    /// All that was found, before anything is derived.
    pub(super) findings: Findings,
    /// Whether a cautious answer stood in anywhere.
    pub(super) assumed: bool,
}

/// A step of it.
pub(super) struct WalkStep {
    pub(super) node: usize,
    pub(super) how: How,
    /// The answer, with what was added to it.
    pub(super) choice: Choice,
    pub(super) implied: Choice,
    pub(super) emit: Findings,
    /// The findings that answered, added or barred, of those that were there.
    pub(super) because: Findings,
}

/// Walks, and where that can't end takes another way at the questions without answer.
///
/// # Errors
/// A contradiction where no completion of the answers is without one.
pub(super) fn walk(given: &Given) -> Result<Walk, AnswerError> {
    match Walker::new(given, None).walk() {
        Ok(walk) => Ok(walk),
        Err((error, false)) => Err(error),
        Err((error, true)) => {
            let reached = Reached::new(given);
            if !reached.ends(given, Graph::ROOT) {
                return Err(error);
            }
            Walker::new(given, Some(&reached)).walk().map_err(|(error, _)| error)
        }
    }
}

struct Walker<'g> {
    given: &'g Given<'g>,
    /// The states from which an end can be reached, where it is known that some can't.
    reached: Option<&'g Reached>,
    walk: Walk,
}

impl<'g> Walker<'g> {
    fn new(given: &'g Given<'g>, reached: Option<&'g Reached>) -> Walker<'g> {
        let steps = Vec::with_capacity(given.procedure.nodes.len());
        Walker {
            given,
            reached,
            walk: Walk { steps, findings: Findings::default(), assumed: false },
        }
    }

    /// The error comes with whether a cautious answer stood in before.
    fn walk(mut self) -> Result<Walk, (AnswerError, bool)> {
        let graph = &self.given.procedure.graph;
        let mut state = graph.state(Graph::ROOT);
        loop {
            let to = match &state.way {
                Way::End => return Ok(self.walk),
                Way::Fixed { to, choice, condition, emit } => {
                    self.fixed(state.node, *choice, self.met(*condition), emit);
                    *to
                }
                Way::Asked(ways) => self.asked(state, ways)?,
            };
            state = graph.state(to);
        }
    }

    fn fixed(&mut self, node: usize, choice: Choice, because: Findings, emit: &Findings) {
        let how = if choice == 0 { How::Skipped } else { How::Automatic };
        self.push(WalkStep { node, how, choice, implied: 0, emit: *emit, because });
    }

    fn asked(&mut self, state: &State, ways: &Ways) -> Result<usize, (AnswerError, bool)> {
        let node = self.given.procedure.node(state.node);
        let (how, choice) = match self.given.answer(state) {
            Answered::By(choice) => (How::Given, choice),
            Answered::ByDate(choice) => (How::DateFact, choice),
            Answered::Not => {
                self.walk.assumed = true;
                (How::Assumed, self.cautious(node, ways))
            }
        };
        let declined = &self.given.procedure.declined_suggestion;
        let settled = node.settle(choice, declined, |condition| state.holds(condition));
        let settled = settled
            .map_err(|clash| (self.contradiction(node, choice, clash), self.walk.assumed))?;
        let conditions =
            node.implied.iter().filter(|(_, value)| settled.implied & bit(*value) != 0);
        let because = conditions
            .filter(|(condition, _)| state.holds(*condition))
            .fold(Findings::default(), |all, (condition, _)| all.or(&self.met(Some(*condition))));
        self.push(WalkStep {
            node: state.node,
            how,
            choice: settled.choice,
            implied: settled.implied,
            emit: settled.emit,
            because,
        });
        Ok(ways.edge(node, choice).expect("what could be settled has a way on").to)
    }

    /// The cautious answer, or where it can't end the first that can.
    fn cautious(&self, node: &Node, ways: &Ways) -> Choice {
        let Some(reached) = self.reached else { return node.on_unknown };
        let ends = |choice: &Choice| {
            ways.edge(node, *choice).is_some_and(|edge| reached.ends(self.given, edge.to))
        };
        let others = node.choices.iter().copied();
        let mut candidates = std::iter::once(node.on_unknown).chain(others);
        candidates.find(ends).unwrap_or(node.on_unknown)
    }

    fn push(&mut self, step: WalkStep) {
        self.walk.findings = self.walk.findings.or(&step.emit);
        self.walk.steps.push(step);
    }

    /// The findings of a condition that are there.
    fn met(&self, condition: Option<usize>) -> Findings {
        let conditions = &self.given.procedure.conditions;
        let set = condition.and_then(|condition| conditions.get(condition)).copied();
        set.unwrap_or_default().and(&self.walk.findings)
    }

    fn contradiction(&self, node: &Node, choice: Choice, clash: Clash) -> AnswerError {
        let procedure = self.given.procedure;
        let value = |place: usize| node.options.get(place).map(|one| one.value.to_string());
        let findings = self.met(Some(clash.condition));
        let makers = self.walk.steps.iter().filter(|step| step.emit.meets(&findings));
        AnswerError::Contradiction(Box::new(Contradiction {
            question: node.id.to_string(),
            values: values(node, choice).iter().map(ToString::to_string).collect(),
            value: value(clash.chosen).unwrap_or_default(),
            implied: value(clash.implied).unwrap_or_default(),
            findings: procedure.names(&findings).iter().map(ToString::to_string).collect(),
            from: makers.map(|step| procedure.node(step.node).id.to_string()).collect(),
        }))
    }
}

impl WalkStep {
    /// The values of the answer.
    pub(super) fn values(&self, node: &Node) -> Vec<Text> {
        values(node, self.choice)
    }
}
