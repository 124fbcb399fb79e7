//! What conditions ask of the records of one kind, answered for all of them in one pass.
//!
//! Conditions ask the same records over and over; there may be tens of thousands of a kind. So every question about a
//! field is known before the first record is read, each record is read once, and what remains of a condition is to look
//! at a few bits.

use std::{cell::OnceCell, collections::HashMap};

use jiff::civil::Date;
use surety_catalog::{Framework, Test};

use crate::{Body, Book, Kind, RecordId, of, records::AiSystem, walk::Leaf};

/// Whether a field, as a path with dots, has one of some values; `*` stands for any.
#[derive(Clone, Copy, PartialEq)]
struct Question<'b> {
    field: &'b str,
    values: &'b [String],
}

/// The questions of each kind. A question is known by its position.
#[derive(Default)]
pub(super) struct Questions<'b> {
    of_kind: HashMap<Kind, Vec<Question<'b>>>,
}

impl<'b> Questions<'b> {
    /// Takes up what the conditions of a framework ask. Returns the kinds that are asked something new.
    pub(super) fn add(&mut self, framework: &'b Framework) -> Vec<Kind> {
        let conditions = framework.requirements.iter().flat_map(|r| &r.conditions);
        let mut tests: Vec<&Test> = conditions.map(|condition| &condition.test).collect();
        let mut changed = Vec::new();
        while let Some(test) = tests.pop() {
            let (kind, fields) = match test {
                Test::Record { kind, with, .. } => (kind, with.iter().chain(&NONE)),
                Test::Every { kind, only, with, .. } => (kind, with.iter().chain(only)),
                Test::AnyOf { of } => {
                    tests.extend(of);
                    continue;
                }
                Test::Document { .. }
                | Test::Evidence { .. }
                | Test::SoaComplete
                | Test::ControlDesigned
                | Test::ControlDocumented
                | Test::ControlOperating => continue,
            };
            let Some(kind) = Kind::from_name(kind) else { continue };
            for (field, values) in fields {
                let (_, new) = self.position(kind, field, values);
                if new && !changed.contains(&kind) {
                    changed.push(kind);
                }
            }
        }
        changed
    }

    /// The position of a question, and whether it is new.
    pub(super) fn position(
        &mut self,
        kind: Kind,
        field: &'b str,
        values: &'b [String],
    ) -> (usize, bool) {
        let question = Question { field, values };
        let questions = self.of_kind.entry(kind).or_default();
        match questions.iter().position(|known| *known == question) {
            Some(known) => (known, false),
            None => {
                questions.push(question);
                (questions.len() - 1, true)
            }
        }
    }

    fn of(&self, kind: Kind) -> &[Question<'b>] {
        self.of_kind.get(&kind).map_or(&[], Vec::as_slice)
    }
}

/// No fields.
static NONE: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();

/// The records of a kind, by number, with the answers to all questions.
pub(super) struct Census {
    pub(super) kind: Kind,
    pub(super) records: Vec<Seen>,
    answers: Answers,
    /// The answers of versions in force beside the current ones.
    in_force: Answers,
    /// For each AI system of the judge: positions of the records that have to do with it.
    about: OnceCell<Vec<Vec<usize>>>,
}

/// One record, as far as every condition looks at it.
pub(super) struct Seen {
    pub(super) id: RecordId,
    /// One of its life cycle.
    pub(super) state: &'static str,
    pub(super) live: bool,
    pub(super) in_scope: bool,
    pub(super) stale: bool,
    /// Position among the versions in force, and whether that version is past its review date.
    pub(super) in_force: Option<(usize, bool)>,
}

/// One row of bits for each question, one bit for each body.
struct Answers {
    rows: Vec<Vec<u64>>,
}

impl Answers {
    fn new(questions: usize, bodies: usize) -> Answers {
        Answers { rows: vec![vec![0; bodies.div_ceil(64)]; questions] }
    }

    fn set(&mut self, question: usize, body: usize) {
        let word = self.rows.get_mut(question).and_then(|row| row.get_mut(body / 64));
        if let Some(word) = word {
            *word |= 1 << (body % 64);
        }
    }

    fn get(&self, question: usize, body: usize) -> bool {
        let word = self.rows.get(question).and_then(|row| row.get(body / 64));
        word.is_some_and(|word| word >> (body % 64) & 1 == 1)
    }
}

impl Census {
    pub(super) fn take(book: &Book, kind: Kind, questions: &Questions<'_>, on: Date) -> Census {
        let questions = questions.of(kind);
        let mut forms = Forms::new(questions);
        let count = book.of_kind(kind).count();
        let mut answers = Answers::new(questions.len(), count);
        let mut versions = Vec::new();
        let mut records = Vec::with_capacity(count);
        for (position, record) in book.of_kind(kind).enumerate() {
            forms.ask(&record.body, &mut |question| answers.set(question, position));
            let in_force = record.in_force.as_ref().map(|in_force| {
                versions.push(&in_force.body);
                (versions.len() - 1, is_stale(&in_force.body, on))
            });
            records.push(Seen {
                id: record.id,
                state: record.state,
                live: record.is_live(),
                in_scope: of::<AiSystem>(record).is_none_or(|system| system.in_scope),
                stale: is_stale(&record.body, on),
                in_force,
            });
        }
        let mut in_force = Answers::new(questions.len(), versions.len());
        for (position, body) in versions.into_iter().enumerate() {
            forms.ask(body, &mut |question| in_force.set(question, position));
        }
        Census { kind, records, answers, in_force, about: OnceCell::new() }
    }

    /// Whether the current version of the record at `position` says yes to a question.
    pub(super) fn says(&self, position: usize, question: usize) -> bool {
        self.answers.get(question, position)
    }

    /// The same for a version in force beside the current one.
    pub(super) fn said(&self, version: usize, question: usize) -> bool {
        self.in_force.get(question, version)
    }

    /// The positions of the records about each AI system; `find` lists their ids.
    pub(super) fn about(&self, find: impl FnOnce() -> Vec<Vec<RecordId>>) -> &[Vec<usize>] {
        self.about.get_or_init(|| {
            let position = |id: &RecordId| {
                self.records.binary_search_by_key(&id.number, |seen| seen.id.number).ok()
            };
            find().iter().map(|ids| ids.iter().filter_map(position).collect()).collect()
        })
    }
}

/// The questions, arranged for the fields of a body.
struct Forms<'q> {
    questions: &'q [Question<'q>],
    /// For each field of the body, by position: the questions about it, each with the path below the field.
    fields: Vec<Vec<(usize, Vec<&'q str>)>>,
}

impl<'q> Forms<'q> {
    fn new(questions: &'q [Question<'q>]) -> Forms<'q> {
        Forms { questions, fields: Vec::new() }
    }

    /// Calls `yes` with each question that `body` says yes to.
    fn ask(&mut self, body: &Body, yes: &mut dyn FnMut(usize)) {
        if self.questions.is_empty() {
            return;
        }
        if self.fields.is_empty() {
            self.arrange(body);
        }
        body.walk_fields(
            &|field| self.fields.get(field).map(|asked| !asked.is_empty()),
            &mut |field, path, leaf| {
                for (question, below) in self.fields.get(field).into_iter().flatten() {
                    let at = path.get(1..).unwrap_or_default().starts_with(below);
                    let values = self.questions.get(*question).map_or(&[][..], |q| q.values);
                    if at && says(leaf, values) {
                        yes(*question);
                    }
                }
            },
        );
    }

    fn arrange(&mut self, body: &Body) {
        for name in body.field_names() {
            let mut asked = Vec::new();
            for (position, question) in self.questions.iter().enumerate() {
                let mut path = question.field.split('.');
                if path.next() == Some(name) {
                    asked.push((position, path.collect()));
                }
            }
            self.fields.push(asked);
        }
        while self.fields.last().is_some_and(Vec::is_empty) {
            self.fields.pop();
        }
    }
}

/// Whether a leaf has one of the values; `*` stands for any.
fn says(leaf: Leaf<'_>, values: &[String]) -> bool {
    let is = |text: &str| values.iter().any(|value| value == text);
    let any = || values.iter().any(|value| value == "*");
    match leaf {
        Leaf::Empty => false,
        Leaf::Text(text) | Leaf::Requirement(text) => any() || is(text),
        Leaf::Bool(value) => any() || is(if value { "true" } else { "false" }),
        Leaf::Number(value) => any() || is(&value.to_string()),
        Leaf::Reference(id) => any() || is(&id.to_string()),
    }
}

/// Dates whose passing makes a record stale, by field name.
const REVIEW_DATES: [&str; 6] =
    ["next_review", "next_due", "fresh_until", "valid_until", "assurance_until", "to"];

pub(super) fn is_stale(body: &Body, on: Date) -> bool {
    body.dates().iter().any(|(field, date)| REVIEW_DATES.contains(field) && *date < on)
}
