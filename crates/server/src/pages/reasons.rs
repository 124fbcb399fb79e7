//! A class with every reason for it, as pages show it: what was found, what is open, what would change it, each step.

use std::cmp::Reverse;

use surety_law::classification::{
    AnswerText, Classification, Counterfactual, FoundFinding, How, OpenQuestion, PathStep,
    Procedure, Reason,
};

use super::legal;
use crate::html::{capitalised, day};

/// Changes that stand there without unfolding more.
const FEW: usize = 6;

/// A class and why.
pub(super) struct Reasons {
    pub(super) class: Class,
    /// The class if each open question gets its cautious answer.
    pub(super) provisional: Option<String>,
    pub(super) explain: String,
    pub(super) doubt: Option<String>,
    pub(super) because: Vec<Found>,
    pub(super) findings: Vec<Found>,
    pub(super) roles: Vec<String>,
    pub(super) tiers: Vec<String>,
    pub(super) open: Vec<Open>,
    /// The strictest first; the few that stand there, and those behind a fold.
    pub(super) would: Vec<Would>,
    pub(super) would_more: Vec<Would>,
    pub(super) path: Vec<Step>,
    /// How many questions were passed over.
    pub(super) skipped: usize,
    pub(super) remarks: Vec<String>,
    /// Where answers are changed, up to the name of the question; none: here they stand as they are.
    pub(super) wizard: Option<String>,
}

/// A class as a badge.
pub(super) struct Class {
    pub(super) title: String,
    pub(super) says: String,
    pub(super) tone: &'static str,
    pub(super) symbol: char,
    /// What is still possible, if it is open.
    pub(super) possible: Vec<String>,
}

/// Something that was found.
pub(super) struct Found {
    pub(super) text: String,
    pub(super) citations: String,
    /// The question and answer from which it follows.
    pub(super) from: Option<String>,
    /// From when it counts, if that has a day.
    pub(super) counts: Option<String>,
    pub(super) doubt: Option<String>,
}

/// A question that is open.
pub(super) struct Open {
    pub(super) node: String,
    pub(super) question: String,
    pub(super) citations: String,
}

/// What would change the class.
pub(super) struct Would {
    pub(super) node: String,
    pub(super) question: String,
    pub(super) citations: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) then: String,
}

/// A question that was asked, and its answer.
pub(super) struct Step {
    pub(super) node: String,
    pub(super) question: String,
    pub(super) citations: String,
    pub(super) answer: String,
    pub(super) how: &'static str,
    /// Whether somebody could answer it otherwise.
    pub(super) is_asked: bool,
}

impl Class {
    /// The class by name; an empty name is one that is open.
    pub(super) fn of<T: AsRef<str>>(outcome: &str, possible: &[T]) -> Class {
        let tone = legal::outcome_tone(outcome);
        let possible: Vec<_> = match outcome {
            "" => possible.iter().map(|one| legal::outcome(one.as_ref())).collect(),
            _ => Vec::new(),
        };
        let (title, says) = match outcome {
            "" => ("Still open".to_owned(), "Open questions decide the class.".to_owned()),
            _ => (legal::outcome(outcome), legal::outcome_says(outcome).to_owned()),
        };
        Class { title, says, tone: tone.word(), symbol: tone.symbol(), possible }
    }
}

impl Reasons {
    pub(super) fn of(found: &Classification) -> Reasons {
        let why = &found.why;
        let path = why.path.iter();
        let asked: Vec<_> = path.clone().filter(|step| step.how != How::Skipped).collect();
        let strictness = |one: &Counterfactual| {
            let outcomes = one.outcomes.iter().filter_map(|id| Procedure::ai_act().outcome(id));
            Reverse(outcomes.map(|outcome| outcome.strictness).max())
        };
        let mut counterfactuals: Vec<_> = found.counterfactuals.iter().collect();
        counterfactuals.sort_by_key(|one| strictness(one));
        let mut would: Vec<_> = counterfactuals.into_iter().map(would).collect();
        let would_more = would.split_off(would.len().min(FEW));
        let reported = found.findings.iter().filter(|one| one.reported);
        Reasons {
            class: Class::of(
                found.outcome.as_deref().unwrap_or_default(),
                &found.possible_outcomes,
            ),
            provisional: why.provisional.then(|| legal::outcome(&why.outcome)),
            explain: why.explain.to_string(),
            doubt: legal::doubt(why.confidence, &why.note),
            because: why.because.iter().map(because).collect(),
            findings: reported.map(finding).collect(),
            roles: spoken(&found.roles),
            tiers: spoken(&found.tiers),
            open: found.still_open.iter().map(open).collect(),
            would,
            would_more,
            skipped: why.path.len().saturating_sub(asked.len()),
            path: asked.into_iter().map(step).collect(),
            remarks: remarks(found),
            wizard: None,
        }
    }
}

fn remarks(found: &Classification) -> Vec<String> {
    let released = found
        .pre_release
        .then(|| "It is not released yet: the class is what will apply on release.".to_owned());
    let ends = found
        .ends_former_provider
        .then(|| "Whoever was its provider before is not any more.".to_owned());
    let banned = found
        .will_be_prohibited_from
        .map(|from| format!("A practice that was found becomes banned on {}.", day(from)));
    let unused = found.unused.len();
    let unused = (unused > 0).then(|| match unused {
        1 => "One answer was not asked for on this way and bears on nothing.".to_owned(),
        _ => format!("{unused} answers were not asked for on this way and bear on nothing."),
    });
    [released, ends, banned, unused].into_iter().flatten().collect()
}

fn because(reason: &Reason) -> Found {
    let from = reason.step.as_ref().map(|step| {
        let answers = labels(&step.answers);
        if answers.is_empty() {
            step.question.to_string()
        } else {
            format!("{} {answers}.", step.question)
        }
    });
    Found {
        text: reason.text.to_string(),
        citations: cited(&reason.citations),
        from,
        counts: None,
        doubt: legal::doubt(reason.confidence, ""),
    }
}

fn finding(found: &FoundFinding) -> Found {
    let from = found.applies.as_ref().and_then(|applies| applies.operative_from);
    let counts = match (found.operative, from) {
        (Some(true), _) => Some("counts today".to_owned()),
        (Some(false), Some(from)) => Some(format!("counts from {}", day(from))),
        (Some(false), None) => Some("does not count yet".to_owned()),
        (None, _) => None,
    };
    Found {
        text: found.text.to_string(),
        citations: cited(&found.citations),
        from: None,
        counts,
        doubt: legal::doubt(found.confidence, &found.note),
    }
}

fn open(question: &OpenQuestion) -> Open {
    Open {
        node: question.node.to_string(),
        question: question.question.to_string(),
        citations: cited(&question.citations),
    }
}

fn would(one: &Counterfactual) -> Would {
    let then: Vec<_> = one.outcomes.iter().map(|outcome| legal::outcome(outcome)).collect();
    Would {
        node: one.node.to_string(),
        question: one.question.to_string(),
        citations: cited(&one.citations),
        from: labels(&one.from),
        to: labels(&one.to),
        then: then.join(" or "),
    }
}

fn step(step: &PathStep) -> Step {
    let how = match step.how {
        How::Given => "answered",
        How::Automatic => "follows from earlier answers",
        How::DateFact => "follows from a date",
        How::Assumed => "not known; the cautious answer stands in",
        How::Skipped => "passed over",
    };
    Step {
        node: step.node.to_string(),
        question: step.question.to_string(),
        citations: cited(&step.citations),
        answer: labels(&step.answers),
        how,
        is_asked: matches!(step.how, How::Given | How::Assumed),
    }
}

pub(super) fn labels(answers: &[AnswerText]) -> String {
    answers.iter().map(|answer| &*answer.label).collect::<Vec<_>>().join("; ")
}

pub(super) fn cited<T: AsRef<str>>(citations: &[T]) -> String {
    citations.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}

fn spoken<T: AsRef<str>>(names: &[T]) -> Vec<String> {
    names.iter().map(|name| capitalised(&legal::spoken(name.as_ref()))).collect()
}
