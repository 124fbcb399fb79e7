//! What somebody answered, and why an answer can be refused.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Answers by question, and dates that answer questions by themselves. What is absent is unknown.
///
/// As JSON it is one object: `{"start": ["system"], "system_placed_on": "2026-05-01"}`. An empty list means that the
/// question was looked at and the answer isn't known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(from = "BTreeMap<String, Entry>", into = "BTreeMap<String, Entry>")]
pub struct Answers {
    values: BTreeMap<String, Vec<String>>,
    dates: BTreeMap<String, Date>,
}

impl Answers {
    /// Answers and dates as they are kept in a record.
    pub fn from_parts(
        values: BTreeMap<String, Vec<String>>,
        dates: BTreeMap<String, Date>,
    ) -> Answers {
        Answers { values, dates }
    }

    /// Sets the answer to one question, in place of an earlier one.
    pub fn set(&mut self, question: &str, values: impl IntoIterator<Item = impl Into<String>>) {
        self.values.insert(question.to_owned(), values.into_iter().map(Into::into).collect());
    }

    /// The same, for a chain of answers.
    #[must_use]
    pub fn with(
        mut self,
        question: &str,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Answers {
        self.set(question, values);
        self
    }

    /// Sets a date fact.
    pub fn set_date(&mut self, fact: &str, date: Date) {
        self.dates.insert(fact.to_owned(), date);
    }

    /// Forgets the answer to a question, or a date.
    pub fn remove(&mut self, id: &str) {
        self.values.remove(id);
        self.dates.remove(id);
    }

    /// The answer to a question; an empty one is known to be unknown.
    pub fn get(&self, question: &str) -> Option<&[String]> {
        self.values.get(question).map(Vec::as_slice)
    }

    /// All answers by question.
    pub fn values(&self) -> &BTreeMap<String, Vec<String>> {
        &self.values
    }

    /// All dates by fact.
    pub fn dates(&self) -> &BTreeMap<String, Date> {
        &self.dates
    }

    /// Takes over what `other` says about questions and dates that aren't answered here.
    pub fn fill_from(&mut self, other: &Answers) {
        for (question, values) in &other.values {
            self.values.entry(question.clone()).or_insert_with(|| values.clone());
        }
        for (fact, date) in &other.dates {
            self.dates.entry(fact.clone()).or_insert(*date);
        }
    }
}

/// How answers stand in JSON.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "AnswerEntry")]
enum Entry {
    Date(Date),
    Value(String),
    Values(Vec<String>),
}

impl From<BTreeMap<String, Entry>> for Answers {
    fn from(entries: BTreeMap<String, Entry>) -> Answers {
        let mut answers = Answers::default();
        for (id, entry) in entries {
            match entry {
                Entry::Date(date) => answers.set_date(&id, date),
                Entry::Value(value) => answers.set(&id, [value]),
                Entry::Values(values) => match as_date(&values) {
                    Some(date) => answers.set_date(&id, date),
                    None => answers.set(&id, values),
                },
            }
        }
        answers
    }
}

impl From<Answers> for BTreeMap<String, Entry> {
    fn from(answers: Answers) -> BTreeMap<String, Entry> {
        let values = answers.values.into_iter().map(|(id, values)| (id, Entry::Values(values)));
        let dates = answers.dates.into_iter().map(|(id, date)| (id, Entry::Date(date)));
        values.chain(dates).collect()
    }
}

/// A list of one date is a date: no answer looks like one.
fn as_date(values: &[String]) -> Option<Date> {
    match values {
        [one] => one.parse().ok(),
        _ => None,
    }
}

/// Why answers can't be classified. Nothing is repaired.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    #[error(
        "there is no question `{question}`{}; take the names from the procedure",
        meant(closest)
    )]
    UnknownQuestion { question: String, closest: Option<String> },
    #[error("there is no date `{fact}`; dates are {}", list(known))]
    UnknownDate { fact: String, known: Vec<String> },
    #[error("question `{question}` has no answer `{value}`; answer {}", list(allowed))]
    UnknownValue { question: String, value: String, allowed: Vec<String> },
    #[error("question `{question}` takes one answer, not {}; keep one", list(values))]
    OneAnswerOnly { question: String, values: Vec<String> },
    #[error(
        "answer `{value}` to `{question}` stands alone, but {} came with it; drop one or the other",
        list(others)
    )]
    StandsAlone { question: String, value: String, others: Vec<String> },
    #[error("answers `{value}` and `{other}` to `{question}` exclude each other; keep one")]
    Excluded { question: String, value: String, other: String },
    #[error(transparent)]
    Contradiction(Box<Contradiction>),
    #[error(
        "no version of the law was published by {law_as_of}; ask with a later day of knowledge"
    )]
    NoLaw { law_as_of: Date },
}

/// An answer that excludes what follows from earlier ones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "answer `{value}` to `{question}` contradicts {}, from which `{implied}` follows; \
     answer `{implied}` instead or correct {}",
    list(findings),
    list(from)
)]
pub struct Contradiction {
    pub question: String,
    /// All that was answered.
    pub values: Vec<String>,
    /// The answer at fault.
    pub value: String,
    pub implied: String,
    /// The findings from which it follows.
    pub findings: Vec<String>,
    /// The questions whose answers found them.
    pub from: Vec<String>,
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn meant(closest: &Option<String>) -> String {
    closest.as_ref().map(|one| format!(" (`{one}`?)")).unwrap_or_default()
}
