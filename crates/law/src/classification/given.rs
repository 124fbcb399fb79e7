//! Answers checked against a procedure, by number, together with the version of the law that governs the day.

use jiff::civil::Date;

use super::{
    answers::{AnswerError, Answers},
    findings::Findings,
    graph::{Rest, State, bit},
    procedure::{Node, Procedure, Text, mask},
    step::{self, Choice},
};

/// Checked answers on one day.
pub(super) struct Given<'a> {
    pub(super) procedure: &'a Procedure,
    pub(super) answers: &'a Answers,
    pub(super) on: Date,
    pub(super) law_as_of: Date,
    /// The governing version of the law.
    pub(super) version: &'a str,
    /// The marks of verdicts whose dates are operative.
    pub(super) operative: u32,
    /// For each question what was answered; 0: nothing.
    choices: Vec<Choice>,
    /// For each question the day of its date fact.
    days: Vec<Option<Date>>,
    /// The questions with an answer or a day.
    known: Findings,
}

/// What answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answered {
    By(Choice),
    ByDate(Choice),
    Not,
}

impl Answered {
    /// The answer, if there is one.
    pub(super) fn choice(self) -> Option<Choice> {
        match self {
            Answered::By(choice) | Answered::ByDate(choice) => Some(choice),
            Answered::Not => None,
        }
    }
}

impl<'a> Given<'a> {
    pub(super) fn new(
        procedure: &'a Procedure,
        answers: &'a Answers,
        on: Date,
        law_as_of: Date,
    ) -> Result<Given<'a>, AnswerError> {
        let version = procedure.law.version_for(on, law_as_of);
        let version = version.ok_or(AnswerError::NoLaw { law_as_of })?.id.as_str();
        let mut choices = vec![0; procedure.nodes.len()];
        for (question, values) in answers.values() {
            let number = procedure.node_numbers.get(question).copied();
            let found =
                number.and_then(|one| Some((procedure.nodes.get(one)?, choices.get_mut(one)?)));
            let (node, slot) = found.ok_or_else(|| unknown_question(procedure, question))?;
            *slot = checked(node, values)?;
        }
        if let Some((fact, day)) =
            answers.dates().iter().find(|(fact, _)| !procedure.has_fact(fact))
        {
            // A list of one date was read as a date; where a question has that name, it is a wrong answer.
            let number = procedure.node_numbers.get(fact);
            if let Some(node) = number.and_then(|number| procedure.nodes.get(*number)) {
                checked(node, &[day.to_string()])?;
            }
            let known = procedure.catalog.date_facts.iter().map(|one| one.id.clone()).collect();
            return Err(AnswerError::UnknownDate { fact: fact.clone(), known });
        }
        let day = |node: &Node| answers.dates().get(&*node.date.as_ref()?.fact).copied();
        let days = procedure.nodes.iter().map(day);
        let days: Vec<Option<Date>> = days.collect();
        let answered = choices.iter().enumerate().filter(|(_, choice)| **choice != 0);
        let dated = days.iter().enumerate().filter(|(_, day)| day.is_some());
        let known = Findings::of(answered.map(|one| one.0).chain(dated.map(|one| one.0)));
        let operative = procedure.operative(version, on);
        Ok(Given { procedure, answers, on, law_as_of, version, operative, choices, days, known })
    }

    /// What answers the question of a state: a known date before what somebody answered.
    pub(super) fn answer(&self, state: &State) -> Answered {
        self.answer_at(state.node, |condition| state.holds(condition))
    }

    /// The same where `holds` says which conditions about tiers hold.
    pub(super) fn answer_at(&self, node: usize, holds: impl Fn(usize) -> bool) -> Answered {
        if let Some(choice) = self.by_date(node, holds) {
            return Answered::ByDate(choice);
        }
        match self.choices.get(node) {
            Some(0) | None => Answered::Not,
            Some(choice) => Answered::By(*choice),
        }
    }

    /// What the walks from a state on find, if nothing that is asked from it on has an answer.
    pub(super) fn free_rest<'s>(&self, state: &'s State) -> Option<&'s Rest> {
        let later = self.procedure.graph.later.get(state.node)?;
        (state.rest.ends && !later.meets(&self.known)).then_some(&state.rest)
    }

    /// What somebody answered, if anything; 0: nothing.
    pub(super) fn choice(&self, node: usize) -> Choice {
        self.choices.get(node).copied().unwrap_or_default()
    }

    /// What is answered at a question of the reduced diagram.
    pub(super) fn answer_in_diagram(&self, node: usize, truth: u128) -> Answered {
        self.answer_at(node, |condition| truth & bit(condition) != 0)
    }

    fn by_date(&self, node: usize, holds: impl Fn(usize) -> bool) -> Option<Choice> {
        let day = self.days.get(node).copied().flatten()?;
        let rule = self.procedure.nodes.get(node)?.date.as_ref()?;
        // Of several tiers the latest day counts, so that nobody who may be early goes unasked.
        let by_tier = rule.before_by_tier.iter();
        let by_tier = by_tier.filter(|(version, tier, _)| version == self.version && holds(*tier));
        let before = rule.before.or_else(|| by_tier.map(|row| row.2).max())?;
        let choice = if day < before { rule.if_before } else { rule.otherwise };
        (choice != 0).then_some(choice)
    }
}

impl Procedure {
    fn has_fact(&self, fact: &str) -> bool {
        self.catalog.date_facts.iter().any(|one| one.id == fact)
    }

    /// The dated marks whose row of this version is operative on a day.
    fn operative(&self, version: &str, on: Date) -> u32 {
        let operative = self.dated_marks.iter().filter(|mark| {
            let from = self.row(&mark.regime, version, &[&mark.scope]);
            from.and_then(|row| row.operative_from).is_some_and(|from| from <= on)
        });
        operative.fold(0, |all, mark| all | mark.mark)
    }
}

/// The places of values, if they may be given together.
fn checked(node: &Node, values: &[String]) -> Result<Choice, AnswerError> {
    let question = || node.id.to_string();
    let mut choice = 0;
    for value in values {
        let place = node.options.iter().position(|option| *option.value == **value);
        let place = place.ok_or_else(|| AnswerError::UnknownValue {
            question: question(),
            value: value.clone(),
            allowed: node.options.iter().map(|option| option.value.to_string()).collect(),
        })?;
        choice |= step::bit(place);
    }
    let value = |place: usize| node.options.get(place).map(|one| one.value.to_string());
    let places: Vec<usize> = node.places(choice).collect();
    let others =
        |not: usize| places.iter().filter(move |one| **one != not).copied().filter_map(value);
    if !node.several && places.len() > 1 {
        let values = places.iter().copied().filter_map(value).collect();
        return Err(AnswerError::OneAnswerOnly { question: question(), values });
    }
    let alone = places.iter().find(|one| node.exclusive & step::bit(**one) != 0);
    if let Some(alone) = alone.filter(|_| places.len() > 1) {
        return Err(AnswerError::StandsAlone {
            question: question(),
            value: value(*alone).unwrap_or_default(),
            others: others(*alone).collect(),
        });
    }
    for (number, one) in places.iter().enumerate() {
        let later = places.iter().skip(number + 1);
        if let Some(other) = later.into_iter().find(|other| node.exclude(*one, **other)) {
            return Err(AnswerError::Excluded {
                question: question(),
                value: value(*one).unwrap_or_default(),
                other: value(*other).unwrap_or_default(),
            });
        }
    }
    Ok(choice)
}

fn unknown_question(procedure: &Procedure, question: &str) -> AnswerError {
    let near = |node: &&Node| {
        let id = node.id.to_lowercase();
        let asked = question.to_lowercase();
        id.starts_with(&asked) || asked.starts_with(&id) || id.replace('.', "_") == asked
    };
    let closest = procedure.nodes.iter().find(near).map(|node| node.id.to_string());
    AnswerError::UnknownQuestion { question: question.to_owned(), closest }
}

/// The values of a set of answers.
pub(super) fn values(node: &Node, choice: Choice) -> Vec<Text> {
    let options = node.places(choice).filter_map(|place| node.options.get(place));
    options.map(|option| option.value.clone()).collect()
}

/// The outcomes in a set, strictest first.
pub(super) fn outcomes(procedure: &Procedure, set: u32) -> Vec<Text> {
    let all = procedure.outcomes.iter().enumerate();
    all.filter(|(number, _)| set & mask([*number]) != 0).map(|(_, id)| id.clone()).collect()
}
