//! One step of the walk: whether a question is passed over, answered by the procedure or asked, and what an answer does.
//!
//! The only place that knows these rules. Conditions are asked through a function, so that the same code walks over
//! findings and over the states of the graph.

use super::{
    findings::Findings,
    procedure::{Gate, Node},
};

/// A set of answers to one question, by place.
pub(super) type Choice = u16;

/// What happens at a question.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'p> {
    Skip(&'p Gate),
    /// The answer, and the condition whose findings gave it, if it had one.
    Automatic(Choice, Option<usize>),
    Ask,
}

/// What an answer comes to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settled {
    pub(super) choice: Choice,
    /// The answers that were added because they follow.
    pub(super) implied: Choice,
    pub(super) emit: Findings,
    pub(super) next: usize,
}

/// An answer that excludes what follows from findings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clash {
    pub(super) chosen: usize,
    pub(super) implied: usize,
    pub(super) condition: usize,
}

impl Node {
    /// What happens here if `holds` says which conditions hold.
    pub(super) fn step(&self, holds: impl Fn(usize) -> bool) -> Step<'_> {
        if let Some(gate) = &self.gate
            && (gate.any.is_some_and(|any| !holds(any)) || gate.none.is_some_and(&holds))
        {
            return Step::Skip(gate);
        }
        let rule = self
            .auto
            .iter()
            .find(|rule| rule.any.is_none_or(&holds) && !rule.none.is_some_and(&holds));
        rule.map_or(Step::Ask, |rule| Step::Automatic(rule.answer, rule.any))
    }

    /// What `choice`, a sound answer, comes to.
    pub(super) fn settle(
        &self,
        choice: Choice,
        declined_suggestion: &Findings,
        holds: impl Fn(usize) -> bool,
    ) -> Result<Settled, Clash> {
        let mut settled = choice;
        let mut implied = 0;
        for (condition, value) in self.implied.iter().filter(|(condition, _)| holds(*condition)) {
            if let Some(chosen) = self.places(choice).find(|one| self.exclude(*one, *value)) {
                return Err(Clash { chosen, implied: *value, condition: *condition });
            }
            implied |= bit(*value) & !choice;
            settled |= bit(*value);
        }
        if implied != 0 {
            settled &= !self.exclusive;
        }
        let suggested = self.suggest.iter().filter(|(condition, _)| holds(*condition));
        let declined = suggested.filter(|(_, value)| settled & bit(*value) == 0).count() > 0;
        let mut emit = self.emit(settled);
        if declined {
            emit = emit.or(declined_suggestion);
        }
        Ok(Settled { choice: settled, implied, emit, next: self.next(settled) })
    }

    /// What a set of answers establishes.
    pub(super) fn emit(&self, choice: Choice) -> Findings {
        self.places(choice)
            .filter_map(|place| self.options.get(place))
            .fold(Findings::default(), |all, option| all.or(&option.emit))
    }

    /// Where a set of answers leads. All that can be given together lead to the same question.
    pub(super) fn next(&self, choice: Choice) -> usize {
        let option = self.places(choice).next().and_then(|place| self.options.get(place));
        option.map_or(self.next, |option| option.next)
    }

    /// The places of the answers in a set.
    pub(super) fn places(&self, choice: Choice) -> impl Iterator<Item = usize> + use<> {
        (0..self.options.len()).filter(move |place| choice & bit(*place) != 0)
    }

    /// Whether two answers must not be given together.
    pub(super) fn exclude(&self, a: usize, b: usize) -> bool {
        let excludes = |one: usize, other: usize| {
            self.options.get(one).is_some_and(|option| option.excludes & bit(other) != 0)
        };
        excludes(a, b) || excludes(b, a)
    }
}

/// The set of the one answer at a place.
pub(super) fn bit(place: usize) -> Choice {
    1_u16.checked_shl(u32::try_from(place).unwrap_or(u32::MAX)).unwrap_or_default()
}
