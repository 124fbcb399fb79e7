//! Whether an incident starts a clock: roles, questions and exceptions in three values, with every reason kept.

use serde::{Deserialize, Serialize};
use surety_catalog::{Clock, IncidentClocks};

use super::{Answer, Incident};

/// One reason for or against a clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "ClockReason")]
pub struct Reason {
    /// Question or role.
    pub about: String,
    pub text: String,
    pub citation: String,
    /// Whether it speaks for the clock.
    pub holds: Holds,
    /// Whether the answer would settle something that is open.
    pub open: bool,
}

/// What a reason says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// It speaks for the clock.
    For,
    /// It speaks against it.
    Against,
    /// It is not known.
    Open,
}

impl From<Answer> for Holds {
    fn from(answer: Answer) -> Holds {
        match answer {
            Answer::Yes => Holds::For,
            Answer::Unknown => Holds::Open,
            Answer::No => Holds::Against,
        }
    }
}

/// Whether a clock is triggered, and why.
pub(super) struct Trigger {
    pub(super) met: Answer,
    pub(super) reasons: Vec<Reason>,
}

impl Trigger {
    /// The questions whose answers would settle it; none if it is settled.
    pub(super) fn open(&self) -> Vec<String> {
        if self.met != Answer::Unknown {
            return Vec::new();
        }
        let open = self.reasons.iter().filter(|one| one.open).map(|one| one.about.clone());
        let mut open: Vec<_> = open.collect();
        open.dedup();
        open
    }
}

pub(super) fn evaluate(facts: &IncidentClocks, clock: &Clock, incident: &Incident) -> Trigger {
    let mut walk = Walk { facts, incident, reasons: Vec::new() };
    let role = walk.role(clock);
    let all = clock.all.iter().map(|question| walk.wanted(question)).min();
    let triggered = walk.triggers(clock);
    let free = clock.exceptions.iter().map(|question| walk.unwanted(question)).min();
    let met = [Some(role), all, triggered, free].into_iter().flatten().min();
    Trigger { met: met.unwrap_or(Answer::Yes), reasons: walk.reasons }
}

struct Walk<'a> {
    facts: &'a IncidentClocks,
    incident: &'a Incident,
    reasons: Vec<Reason>,
}

impl Walk<'_> {
    fn role(&mut self, clock: &Clock) -> Answer {
        if clock.roles.is_empty() {
            return Answer::Yes;
        }
        if self.incident.roles.is_empty() {
            self.reason("role", clock.who.clone(), &clock.reference, Answer::Unknown, true);
            return Answer::Unknown;
        }
        let mut best = Answer::No;
        for one in clock.roles.iter().filter(|one| self.incident.roles.contains(&one.role)) {
            let held = one.when.as_ref().map_or(Answer::Yes, |when| self.answer(when));
            if let Some(when) = one.when.as_ref().filter(|_| held != Answer::Yes) {
                let text = self.text(when);
                let citation = self.citation(when);
                self.reason(when, text, &citation, held, held == Answer::Unknown);
            }
            best = best.max(held);
        }
        let text = if best == Answer::Yes {
            format!("the organisation is: {}", clock.who)
        } else {
            format!("the clock is that of: {}", clock.who)
        };
        self.reason("role", text, &clock.reference, best, false);
        best
    }

    fn wanted(&mut self, question: &str) -> Answer {
        let answer = self.answer(question);
        let citation = self.citation(question);
        let text = self.text(question);
        self.reason(question, text, &citation, answer, answer == Answer::Unknown);
        answer
    }

    fn unwanted(&mut self, question: &str) -> Answer {
        let answer = self.answer(question).negated();
        let citation = self.citation(question);
        let text = self.text(question);
        self.reason(question, text, &citation, answer, answer == Answer::Unknown);
        answer
    }

    /// One of the triggers; those that are known not to be met are named only if none is.
    fn triggers(&mut self, clock: &Clock) -> Option<Answer> {
        let mut best = None;
        for one in &clock.triggers {
            let asked = self.answer(&one.question);
            let barred = one.unless.iter().map(|question| self.answer(question)).max();
            let met = asked.min(barred.map_or(Answer::Yes, Answer::negated));
            best = best.max(Some(met));
            let citation = if one.citation.is_empty() {
                self.citation(&one.question)
            } else {
                one.citation.clone()
            };
            let text = self.text(&one.question);
            // What is taken away anyway need not be asked.
            let open = |answer| answer == Answer::Unknown && met == Answer::Unknown;
            self.reason(&one.question, text, &citation, met, open(asked));
            for question in one.unless.iter().filter(|_| asked != Answer::No) {
                let answer = self.answer(question);
                if answer != Answer::No && !self.reasons.iter().any(|one| one.about == *question) {
                    let citation = self.citation(question);
                    let text = self.text(question);
                    self.reason(question, text, &citation, answer.negated(), open(answer));
                }
            }
        }
        best
    }

    fn answer(&self, question: &str) -> Answer {
        self.incident.answers.get(question).copied().unwrap_or_default()
    }

    fn text(&self, question: &str) -> String {
        self.facts.question(question).map_or_else(|| question.to_owned(), |one| one.text.clone())
    }

    fn citation(&self, question: &str) -> String {
        self.facts.question(question).map(|one| one.citation.clone()).unwrap_or_default()
    }

    fn reason(&mut self, about: &str, text: String, citation: &str, holds: Answer, open: bool) {
        self.reasons.push(Reason {
            about: about.to_owned(),
            text,
            citation: citation.to_owned(),
            holds: holds.into(),
            open,
        });
    }
}
