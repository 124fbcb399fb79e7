//! One question as a screen: what is asked, what can be answered, what is preselected and where that is known from.

use surety_aims::RecordId;
use surety_engine::{Error, View};
use surety_law::classification::{AnswerError, Choosing, Prefilled, Procedure, Question};
use surety_reports::views::words;

use super::{super::reasons::cited, given::Given};
use crate::html::{capitalised, day};

/// A question, ready to be drawn.
pub(super) struct Screen {
    pub(super) node: String,
    pub(super) stage: String,
    pub(super) question: String,
    pub(super) help: String,
    pub(super) note: String,
    pub(super) citations: String,
    pub(super) several: bool,
    pub(super) options: Vec<Answer>,
    /// Where what is preselected is known from.
    pub(super) sources: Vec<String>,
    /// The cautious answer of who does not know.
    pub(super) if_unknown: String,
    pub(super) date: Option<DateField>,
    pub(super) progress: String,
}

/// An answer to choose.
pub(super) struct Answer {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) explain: String,
    pub(super) chosen: bool,
    /// Stands alone, or follows in any case.
    pub(super) remark: &'static str,
}

/// A date that answers the question by itself.
pub(super) struct DateField {
    pub(super) fact: String,
    pub(super) question: String,
    pub(super) help: String,
    pub(super) value: String,
}

/// An answer that is known before anybody is asked.
pub(super) struct Known {
    pub(super) question: String,
    pub(super) answer: String,
    pub(super) from: String,
}

impl Screen {
    /// # Errors
    /// [`Error::UnknownRecord`].
    pub(super) fn of(
        view: &View,
        system: RecordId,
        question: &Question,
        given: &Given,
    ) -> Result<Screen, Error> {
        let node = &*question.node;
        let prefilled = view.prefilled(system)?;
        let (chosen, sources) = preselected(view, system, question, given, &prefilled);
        let date = question.date.as_ref().map(|date| {
            let known = view.answers(system).ok();
            let known = known.and_then(|known| known.dates().get(&*date.fact).copied());
            let value = given.answers.dates().get(&*date.fact).copied().or(known);
            DateField {
                fact: date.fact.to_string(),
                question: date.question.to_string(),
                help: date.help.to_string(),
                value: value.map(|value| value.to_string()).unwrap_or_default(),
            }
        });
        let label = |value: &str| {
            question
                .answers
                .iter()
                .find(|one| *one.value == *value)
                .map(|one| one.label.to_string())
        };
        let unknown: Vec<_> = question.if_unknown.iter().filter_map(|value| label(value)).collect();
        Ok(Screen {
            node: node.to_owned(),
            stage: capitalised(&words(&question.stage)),
            question: question.question.to_string(),
            help: question.help.to_string(),
            note: question.note.to_string(),
            citations: cited(&question.citations),
            several: question.several,
            options: question.answers.iter().map(|one| option(one, &chosen)).collect(),
            sources,
            if_unknown: unknown.join("; "),
            date,
            progress: progress(question),
        })
    }
}

fn option(one: &Choosing, chosen: &[String]) -> Answer {
    let remark = match (one.implied, one.exclusive) {
        (true, _) => "Follows from earlier answers and is added in any case.",
        (false, true) => "Stands alone.",
        (false, false) => "",
    };
    Answer {
        value: one.value.to_string(),
        label: one.label.to_string(),
        explain: one.explain.to_string(),
        chosen: one.implied || chosen.iter().any(|value| *value == *one.value),
        remark,
    }
}

/// What is preselected, and where it is known from: what was just answered, the class that is kept, the inventory, the
/// procedure itself.
fn preselected(
    view: &View,
    system: RecordId,
    question: &Question,
    given: &Given,
    prefilled: &Prefilled,
) -> (Vec<String>, Vec<String>) {
    let node = &*question.node;
    if let Some(values) = given.answers.get(node) {
        return (values.to_vec(), Vec::new());
    }
    if let Some((values, from)) = kept(view, system, node) {
        return (values, vec![from]);
    }
    let inventory: Vec<_> = prefilled.for_question(node).collect();
    if !inventory.is_empty() {
        let values = inventory.iter().flat_map(|one| one.values.clone()).collect();
        return (values, inventory.iter().map(|one| inventory_says(system, one)).collect());
    }
    let suggested = question.suggested.iter().map(ToString::to_string).collect();
    let because = question.suggested_because.iter().filter_map(|finding| {
        let text = Procedure::ai_act().finding(finding)?.text.clone();
        Some(format!("Follows from what was found: {text}"))
    });
    (suggested, because.collect())
}

fn inventory_says(system: RecordId, one: &surety_law::classification::Suggestion) -> String {
    let fields: Vec<_> = one.fields.iter().map(|field| words(field)).collect();
    format!(
        "From the inventory, {system}: {} ({}).",
        one.because.trim_end_matches('.'),
        fields.join(", ")
    )
}

/// The answer in the class that is kept.
fn kept(view: &View, system: RecordId, node: &str) -> Option<(Vec<String>, String)> {
    let (record, said) = view.classification(system)?;
    let values = said.answers.get(node)?.clone();
    let on = said.performed_on.map(|on| format!(", {}", day(on))).unwrap_or_default();
    Some((values, format!("Answered before: {}{on}.", record.id)))
}

/// Everything that is known before anybody is asked, in the order of the procedure.
///
/// # Errors
/// [`Error::UnknownRecord`].
pub(super) fn known(view: &View, system: RecordId) -> Result<Vec<Known>, Error> {
    let prefilled = view.prefilled(system)?;
    let all = view.answers(system)?;
    let questions = Procedure::ai_act().questions().iter();
    let answered = questions.filter_map(|question| {
        let values = all.get(&question.id)?;
        let before = kept(view, system, &question.id).map(|(_, from)| from);
        let inventory = || {
            let one = prefilled.for_question(&question.id).next();
            one.map(|one| inventory_says(system, one)).unwrap_or_default()
        };
        Some(Known {
            question: question.question.clone(),
            answer: labels(question, values),
            from: before.unwrap_or_else(inventory),
        })
    });
    let dates = Procedure::ai_act().catalog().date_facts.iter().filter_map(|fact| {
        let date = all.dates().get(&fact.id)?;
        let one = prefilled.for_question(&fact.id).next();
        let from = one.map(|one| inventory_says(system, one)).unwrap_or_default();
        Some(Known { question: fact.question.clone(), answer: day(*date), from })
    });
    Ok(answered.chain(dates).collect())
}

/// The labels of an answer; one without values is not known.
pub(super) fn labels(question: &surety_catalog::procedure::Question, values: &[String]) -> String {
    let label = |value: &String| {
        let found = question.answers.iter().find(|one| one.value == *value);
        found.map_or(value.clone(), |one| one.label.clone())
    };
    let all: Vec<_> = values.iter().map(label).collect();
    if all.is_empty() { "Not known".to_owned() } else { all.join("; ") }
}

fn progress(question: &Question) -> String {
    let progress = question.progress;
    let (least, most) = (progress.left_at_least, progress.left_at_most);
    let left = match (least, most) {
        (_, 0 | 1) => "the last one".to_owned(),
        (least, most) if least == most => format!("{most} to go"),
        (0 | 1, most) => format!("up to {most} to go"),
        (least, most) => format!("between {least} and {most} to go"),
    };
    format!("Question {}, {left}", progress.answered.saturating_add(1))
}

/// Why an answer can't be taken, in the words of the questions.
pub(super) fn said(error: &AnswerError) -> String {
    let label = |question: &str, value: &str| {
        let found = Procedure::ai_act().questions().iter().find(|one| one.id == question);
        found.map_or(value.to_owned(), |one| labels(one, &[value.to_owned()]))
    };
    match error {
        AnswerError::OneAnswerOnly { .. } => "Choose one answer.".to_owned(),
        AnswerError::StandsAlone { question, value, .. } => {
            format!(
                "\u{201c}{}\u{201d} stands alone: choose it, or the others.",
                label(question, value)
            )
        }
        AnswerError::Excluded { question, value, other } => format!(
            "\u{201c}{}\u{201d} and \u{201c}{}\u{201d} exclude each other: keep one.",
            label(question, value),
            label(question, other)
        ),
        AnswerError::Contradiction(clash) => format!(
            "\u{201c}{}\u{201d} contradicts earlier answers, from which \u{201c}{}\u{201d} follows. Choose that, or go back and change them.",
            label(&clash.question, &clash.value),
            label(&clash.question, &clash.implied)
        ),
        AnswerError::UnknownQuestion { .. }
        | AnswerError::UnknownDate { .. }
        | AnswerError::UnknownValue { .. }
        | AnswerError::NoLaw { .. } => capitalised(&error.to_string()),
    }
}
