//! A history as it is written: who does what with which record on which day. Knows nothing of ledgers.
//!
//! Its parts are written one after the other and told in the order of time; records get their numbers then.

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value};
use surety_aims::{Kind, RecordId};
use surety_law::classification::Answers;

use super::{
    calendar::{END, Part, instant, workday},
    files::Text,
};

/// Whoever holds the data folder, before anybody else is known.
pub(super) const OPERATOR: u32 = 0;

/// One thing that somebody does.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) at: Timestamp,
    /// Number of the person.
    pub(super) who: u32,
    pub(super) act: Act,
}

#[derive(Clone, Debug)]
pub(super) enum Act {
    /// States a new record, with a file if it has one.
    State {
        id: RecordId,
        body: Value,
        file: Option<Text>,
    },
    /// States the next version: the fields that are given change, the rest stays.
    Change {
        id: RecordId,
        fields: Map<String, Value>,
    },
    Step {
        id: RecordId,
        step: String,
        note: String,
    },
    Withdraw {
        id: RecordId,
        reason: &'static str,
    },
    /// Says who a person is, beside the ledger.
    Name {
        id: RecordId,
        name: String,
        email: String,
    },
    Forget {
        id: RecordId,
    },
    /// Classifies an AI system by answers, as the law stands published on that day.
    Classify {
        id: RecordId,
        system: RecordId,
        answers: Answers,
        remarks: String,
    },
    /// Erases a field of the first version of a record.
    Redact {
        id: RecordId,
        field: &'static str,
        reason: &'static str,
    },
    RotateKey,
    /// Signs a checkpoint, as is done at the end of each quarter.
    Checkpoint,
}

impl Act {
    /// The record that it makes.
    fn makes(&self) -> Option<RecordId> {
        match self {
            Act::State { id, .. } | Act::Classify { id, .. } => Some(*id),
            Act::Change { .. }
            | Act::Step { .. }
            | Act::Withdraw { .. }
            | Act::Name { .. }
            | Act::Forget { .. }
            | Act::Redact { .. }
            | Act::RotateKey
            | Act::Checkpoint => None,
        }
    }
}

/// All scenes, in the order in which they were written.
#[derive(Debug, Default)]
pub(super) struct Story {
    scenes: Vec<Scene>,
    last: BTreeMap<Kind, u32>,
}

impl Story {
    /// A number for a new record, until the story is told.
    pub(super) fn id(&mut self, kind: Kind) -> RecordId {
        let last = self.last.entry(kind).or_default();
        *last = last.saturating_add(1);
        RecordId::new(kind, *last)
    }

    /// Takes a number that is written by hand.
    pub(super) fn claim(&mut self, id: RecordId) {
        let last = self.last.entry(id.kind).or_default();
        *last = (*last).max(id.number);
    }

    /// Adds a scene, unless it lies after the end of the history: what is not done yet is not told.
    pub(super) fn act(&mut self, day: Date, part: Part, who: u32, act: Act) {
        let day = workday(day);
        if day <= END {
            self.scenes.push(Scene { at: instant(day, part, who), who, act });
        }
    }

    pub(super) fn state(&mut self, day: Date, who: u32, id: RecordId, body: Value) {
        self.act(day, Part::Morning, who, Act::State { id, body, file: None });
    }

    pub(super) fn change(&mut self, day: Date, who: u32, id: RecordId, fields: Value) {
        let Value::Object(fields) = fields else { return };
        self.act(day, Part::Morning, who, Act::Change { id, fields });
    }

    /// A step of whoever works on the record.
    pub(super) fn step(&mut self, day: Date, who: u32, id: RecordId, step: &str) {
        self.noted(day, Part::Morning, who, id, (step, ""));
    }

    /// A step of somebody who looks at another's work.
    pub(super) fn approve(&mut self, day: Date, who: u32, id: RecordId, step: &str) {
        self.noted(day, Part::Afternoon, who, id, (step, ""));
    }

    /// A step with the note that says why.
    pub(super) fn noted(
        &mut self,
        day: Date,
        part: Part,
        who: u32,
        id: RecordId,
        (step, note): (&str, &str),
    ) {
        let act = Act::Step { id, step: step.to_owned(), note: note.to_owned() };
        self.act(day, part, who, act);
    }

    /// The scenes in the order of time, and records numbered in the order in which they are made; with the numbers.
    pub(super) fn told(self) -> (Vec<Scene>, Renumber) {
        let mut scenes = self.scenes;
        // Stable: what happens in one instant happens as written.
        scenes.sort_by_key(|scene| scene.at);
        let mut last: BTreeMap<Kind, u32> = BTreeMap::new();
        let mut numbers: HashMap<RecordId, u32> = HashMap::new();
        for id in scenes.iter().filter_map(|scene| scene.act.makes()) {
            let last = last.entry(id.kind).or_default();
            *last = last.saturating_add(1);
            numbers.insert(id, *last);
        }
        let renumber = Renumber(numbers);
        scenes.iter_mut().for_each(|scene| renumber.scene(scene));
        (scenes, renumber)
    }
}

/// From the numbers that records were written with to those that they are told with.
pub(super) struct Renumber(HashMap<RecordId, u32>);

impl Renumber {
    fn scene(&self, scene: &mut Scene) {
        if scene.who != OPERATOR {
            scene.who = self.of(RecordId::new(Kind::Person, scene.who)).number;
        }
        match &mut scene.act {
            Act::State { id, body, .. } => {
                *id = self.of(*id);
                self.value(body);
            }
            Act::Change { id, fields } => {
                *id = self.of(*id);
                fields.values_mut().for_each(|field| self.value(field));
            }
            Act::Classify { id, system, .. } => {
                *id = self.of(*id);
                *system = self.of(*system);
            }
            Act::Step { id, .. }
            | Act::Withdraw { id, .. }
            | Act::Name { id, .. }
            | Act::Forget { id }
            | Act::Redact { id, .. } => *id = self.of(*id),
            Act::RotateKey | Act::Checkpoint => {}
        }
    }

    pub(super) fn of(&self, id: RecordId) -> RecordId {
        RecordId { number: self.0.get(&id).copied().unwrap_or(id.number), ..id }
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Ok(id) = text.parse() {
                    *text = self.of(id).to_string();
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|one| self.value(one)),
            Value::Object(fields) => fields.values_mut().for_each(|one| self.value(one)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}
