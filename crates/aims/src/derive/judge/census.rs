//! What conditions ask of the records of one kind, answered for all of them in one pass.
//!
//! Conditions ask the same records over and over; there may be tens of thousands of a kind. So every question about a
//! field is known before the first record is read, each record is read once, and what remains of a condition is to look
//! at a few bits.

use std::{
    collections::{BTreeSet, HashMap},
    sync::OnceLock,
};

use jiff::civil::Date;
use surety_catalog::{Per, Test};

use crate::{Body, Book, Kind, Record, RecordId, of, records::AiSystem, walk::Leaf};

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
    /// Kinds of which it is asked whether they are past their review date.
    dated: BTreeSet<Kind>,
    /// Kinds that are asked about for each AI system.
    per_system: BTreeSet<Kind>,
}

/// What a test asks of the records of a kind, beside their states.
struct Asked<'b> {
    kind: Kind,
    fields: Vec<(&'b String, &'b Vec<String>)>,
    fresh: bool,
    per: Per,
}

impl<'b> Asked<'b> {
    /// `None` if the test is not about records of one kind.
    fn of(test: &'b Test) -> Option<Asked<'b>> {
        let (kind, fields, fresh, per) = match test {
            Test::Record { kind, with, fresh, per, .. } => {
                (kind, with.iter().collect(), fresh, per)
            }
            Test::Every { kind, only, with, fresh, per, .. } => {
                (kind, only.iter().chain(with).collect(), fresh, per)
            }
            Test::Document { .. }
            | Test::Evidence { .. }
            | Test::SoaComplete
            | Test::ControlDesigned
            | Test::ControlDocumented
            | Test::ControlOperating
            | Test::AnyOf { .. } => return None,
        };
        Some(Asked { kind: Kind::from_name(kind)?, fields, fresh: *fresh, per: *per })
    }
}

impl<'b> Questions<'b> {
    /// Takes up what a test asks. Returns the kinds of which something new is asked.
    pub(super) fn add(&mut self, test: &'b Test) -> BTreeSet<Kind> {
        if let Test::AnyOf { of } = test {
            return of.iter().flat_map(|test| self.add(test)).collect();
        }
        let Some(asked) = Asked::of(test) else { return BTreeSet::new() };
        let mut new = asked.fresh && self.dated.insert(asked.kind);
        if asked.per != Per::Organisation {
            new |= self.per_system.insert(asked.kind);
        }
        let questions = self.of_kind.entry(asked.kind).or_default();
        for (field, values) in asked.fields {
            let question = Question { field, values };
            if !questions.contains(&question) {
                questions.push(question);
                new = true;
            }
        }
        new.then_some(asked.kind).into_iter().collect()
    }

    /// The position of a question that was taken up.
    pub(super) fn position(&self, kind: Kind, field: &str, values: &[String]) -> Option<usize> {
        let is = |known: &Question<'_>| known.field == field && known.values == values;
        self.of(kind).iter().position(is)
    }

    /// Whether it is asked about records of the kind for each AI system.
    pub(super) fn are_per_system(&self, kind: Kind) -> bool {
        self.per_system.contains(&kind)
    }

    fn of(&self, kind: Kind) -> &[Question<'b>] {
        self.of_kind.get(&kind).map_or(&[], Vec::as_slice)
    }
}

/// The records of a kind, by number, with the answers to all questions.
pub(super) struct Census {
    pub(super) kind: Kind,
    pub(super) records: Vec<Seen>,
    /// Bit by bit for the current version of each record, [`WIDTH`] records a word; a row for each question.
    answers: Vec<Vec<u64>>,
    /// For each AI system of the judge: positions of the records that have to do with it.
    about: OnceLock<Vec<Vec<usize>>>,
}

const WIDTH: usize = 64;

/// Above so many records, two threads share the work.
const MANY: usize = 8_192;

/// One record, as far as every condition looks at it.
pub(super) struct Seen {
    pub(super) id: RecordId,
    pub(super) state: &'static str,
    pub(super) live: bool,
    pub(super) in_scope: bool,
    /// Past its review date; false if no condition asks.
    pub(super) stale: bool,
    /// The version in force beside the current one.
    pub(super) in_force: Option<Box<InForce>>,
}

/// What a version in force answers.
pub(super) struct InForce {
    pub(super) stale: bool,
    answers: Vec<usize>,
}

impl InForce {
    pub(super) fn says(&self, question: Option<usize>) -> bool {
        question.is_some_and(|question| self.answers.contains(&question))
    }
}

impl Census {
    pub(super) fn take(book: &Book, kind: Kind, questions: &Questions<'_>, on: Date) -> Census {
        let all: Vec<&Record> = book.of_kind(kind).collect();
        let dated = questions.dated.contains(&kind).then_some(on);
        let forms = Forms::new(questions.of(kind), all.first().copied());
        let count =
            if all.len() > MANY { (all.len() / 2).next_multiple_of(WIDTH) } else { all.len() };
        let (first, second) = all.split_at(count);
        let mut census = std::thread::scope(|scope| {
            let other =
                (!second.is_empty()).then(|| scope.spawn(|| forms.census(kind, second, dated)));
            let mut census = forms.census(kind, first, dated);
            if let Some(other) = other {
                let other = other.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause));
                census.append(other);
            }
            census
        });
        census.records.shrink_to_fit();
        census
    }

    /// Adds the records that come after these, which fill whole words.
    fn append(&mut self, mut other: Census) {
        self.records.append(&mut other.records);
        for (row, mut rest) in self.answers.iter_mut().zip(other.answers) {
            row.append(&mut rest);
        }
    }

    /// Whether the current version of the record at `position` says yes to a question.
    pub(super) fn says(&self, position: usize, question: Option<usize>) -> bool {
        let row = question.and_then(|question| self.answers.get(question));
        let word = row.and_then(|row| row.get(position / WIDTH));
        word.is_some_and(|word| word >> (position % WIDTH) & 1 == 1)
    }

    /// The positions of the records about each AI system. `listed`: their ids, in the same order.
    pub(super) fn about(&self, listed: &[Vec<RecordId>]) -> &[Vec<usize>] {
        let position = |id: &RecordId| {
            self.records.binary_search_by_key(&id.number, |seen| seen.id.number).ok()
        };
        let positions = |ids: &Vec<RecordId>| ids.iter().filter_map(position).collect();
        self.about.get_or_init(|| listed.iter().map(positions).collect())
    }
}

/// The questions, arranged for the fields of a body.
struct Forms<'q> {
    questions: &'q [Question<'q>],
    /// For each field of the body, by position: the questions about it, each with the path below the field.
    fields: Vec<Vec<(usize, Vec<&'q str>)>>,
    /// Whether there are any.
    wanted: Vec<bool>,
}

impl<'q> Forms<'q> {
    fn new(questions: &'q [Question<'q>], example: Option<&Record>) -> Forms<'q> {
        let mut fields: Vec<Vec<_>> = Vec::new();
        for name in example.into_iter().flat_map(|record| record.body.field_names()) {
            let mut asked = Vec::new();
            for (position, question) in questions.iter().enumerate() {
                let mut path = question.field.split('.');
                if path.next() == Some(name) {
                    asked.push((position, path.collect()));
                }
            }
            fields.push(asked);
        }
        while fields.last().is_some_and(Vec::is_empty) {
            fields.pop();
        }
        let wanted = fields.iter().map(|asked| !asked.is_empty()).collect();
        Forms { questions, fields, wanted }
    }

    /// Reads the records. `dated`: the day on which review dates are looked at.
    fn census(&self, kind: Kind, all: &[&Record], dated: Option<Date>) -> Census {
        let mut answers = vec![vec![0; all.len().div_ceil(WIDTH)]; self.questions.len()];
        let stale = |body: &Body| dated.is_some_and(|on| is_stale(body, on));
        let mut records = Vec::with_capacity(all.len());
        for (position, record) in all.iter().enumerate() {
            self.ask(&record.body, &mut |question| {
                let row: Option<&mut Vec<u64>> = answers.get_mut(question);
                if let Some(word) = row.and_then(|row| row.get_mut(position / WIDTH)) {
                    *word |= 1 << (position % WIDTH);
                }
            });
            let in_force = record.in_force.as_ref().map(|in_force| {
                let mut answers = Vec::new();
                self.ask(&in_force.body, &mut |question| answers.push(question));
                Box::new(InForce { stale: stale(&in_force.body), answers })
            });
            records.push(Seen {
                id: record.id,
                state: record.state,
                live: record.is_live(),
                in_scope: of::<AiSystem>(record).is_none_or(|system| system.in_scope),
                stale: stale(&record.body),
                in_force,
            });
        }
        Census { kind, records, answers, about: OnceLock::new() }
    }

    /// Calls `yes` with each question that `body` says yes to.
    fn ask(&self, body: &Body, yes: &mut dyn FnMut(usize)) {
        body.walk_fields(&self.wanted, &mut |field, path, leaf| {
            for (question, below) in self.fields.get(field).into_iter().flatten() {
                let at = path.get(1..).unwrap_or_default().starts_with(below);
                let values = self.questions.get(*question).map_or(&[][..], |q| q.values);
                if at && says(leaf, values) {
                    yes(*question);
                }
            }
        });
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
