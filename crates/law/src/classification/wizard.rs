//! The next question, for whoever asks one at a time: a terminal or a page, today or next week.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    answers::{AnswerError, Answers},
    findings::Findings,
    given::{Given, values},
    graph::{Graph, State, Way},
    procedure::{Node, Procedure, Text, Texts},
    result::How,
    step::{Choice, bit},
    walk::walk,
};

/// A question to put to a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Question {
    pub node: Text,
    pub stage: Text,
    pub question: Text,
    pub help: Text,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub note: Text,
    pub citations: Texts,
    /// Whether several answers can be given at once.
    pub several: bool,
    pub answers: Vec<Choosing>,
    /// What is preselected, by rules of the procedure.
    #[serde(default)]
    pub suggested: Vec<Text>,
    /// The findings from which that follows.
    #[serde(default)]
    pub suggested_because: Vec<Text>,
    /// What stands in for an answer that nobody knows.
    pub if_unknown: Vec<Text>,
    /// A date that would answer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<DateQuestion>,
    pub progress: Progress,
}

/// One answer to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Choosing {
    pub value: Text,
    pub label: Text,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub explain: Text,
    /// Stands alone.
    pub exclusive: bool,
    /// Values that must not be given with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excludes: Vec<Text>,
    /// Follows from earlier answers and is added in any case.
    pub implied: bool,
    /// The use case of Annex III that it is about.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub point: Text,
}

/// A date that answers questions by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DateQuestion {
    pub fact: Text,
    pub question: Text,
    pub help: Text,
}

/// How far somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Progress {
    /// Questions answered or passed over as not known.
    pub answered: usize,
    /// How many more are asked, this one included, at least and at most.
    pub left_at_least: usize,
    pub left_at_most: usize,
}

/// The first question that is asked and has no answer; `None`: there is none left.
///
/// An empty list as answer says that it isn't known: the question is passed, and the walk goes on with the cautious
/// answer. Answers to questions that come later count once the walk is there, so that anything can be resumed.
///
/// # Errors
/// As [`super::classify`].
pub fn next_question(
    procedure: &Procedure,
    answers: &Answers,
    on: Date,
    law_as_of: Date,
) -> Result<Option<Question>, AnswerError> {
    let given = Given::new(procedure, answers, on, law_as_of)?;
    let walk = walk(&given)?;
    let mut state = procedure.graph.state(Graph::ROOT);
    let mut answered = 0;
    let mut found = Findings::default();
    for step in &walk.steps {
        let to = match &state.way {
            Way::End => break,
            Way::Fixed { to, .. } => *to,
            Way::Asked(ways) => {
                let node = procedure.node(step.node);
                if step.how == How::Assumed && answers.get(&node.id).is_none() {
                    return Ok(Some(question(procedure, state, &found, answered)));
                }
                answered += 1;
                let Some(edge) = ways.edge(node, step.choice) else { break };
                edge.to
            }
        };
        found = found.or(&step.emit);
        state = procedure.graph.state(to);
    }
    Ok(None)
}

fn question(procedure: &Procedure, state: &State, found: &Findings, answered: usize) -> Question {
    let node = procedure.node(state.node);
    let places = |rules: &[(usize, usize)]| -> Choice {
        let held = rules.iter().filter(|(condition, _)| state.holds(*condition));
        held.fold(0, |all, (_, place)| all | bit(*place))
    };
    let implied = places(&node.implied);
    let suggested = implied | places(&node.suggest);
    let rules = node.implied.iter().chain(&node.suggest);
    let held = rules.filter(|(condition, _)| state.holds(*condition));
    let because = held.flat_map(|(condition, _)| procedure.met(*condition, found)).collect();
    Question {
        node: node.id.clone(),
        stage: node.stage.clone(),
        question: node.question.clone(),
        help: node.help.clone(),
        note: node.note.clone(),
        citations: node.citations.clone(),
        several: node.several,
        answers: choosing(node, implied),
        suggested: values(node, suggested),
        suggested_because: because,
        if_unknown: values(node, node.on_unknown),
        date: date_question(procedure, node),
        progress: Progress { answered, left_at_least: state.least, left_at_most: state.most },
    }
}

fn choosing(node: &Node, implied: Choice) -> Vec<Choosing> {
    let options = node.options.iter().enumerate();
    let choosing = options.map(|(place, option)| Choosing {
        value: option.value.clone(),
        label: option.label.clone(),
        explain: option.explain.clone(),
        exclusive: node.exclusive & bit(place) != 0,
        excludes: values(node, option.excludes),
        implied: implied & bit(place) != 0,
        point: option.point.clone(),
    });
    choosing.collect()
}

fn date_question(procedure: &Procedure, node: &Node) -> Option<DateQuestion> {
    let fact = &node.date.as_ref()?.fact;
    let one = procedure.catalog.date_facts.iter().find(|one| one.id == **fact)?;
    Some(DateQuestion {
        fact: fact.clone(),
        question: one.question.as_str().into(),
        help: one.help.as_str().into(),
    })
}
