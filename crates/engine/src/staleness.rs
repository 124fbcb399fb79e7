//! Whether the class that an AI system was given still holds, and why not.
//!
//! A kept classification is a record and never changes by itself. Here its facts, its law and its result are compared with
//! those of a day; each difference is a reason to look at it again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use surety_aims::{Kind, Record, RecordId, records};
use surety_law::classification::{
    self, Answers, Facts, FoundFinding, PathStep, Procedure, classify, prefill,
};

use crate::{Error, View, classification::words, law};

/// What the inventory says about an AI system that bears on its class. Names and dates of reviews do not.
const FACTS: &[&str] = &[
    "purpose",
    "description",
    "kind",
    "origin",
    "ai_act_roles",
    "users",
    "affected_people",
    "decision_effect",
    "automation_level",
    "personal_data",
    "special_category_data",
    "jurisdictions",
    "model_names",
    "go_live",
];

/// The stage of its life: what it bears on is known exactly, as answers follow from it by rules of the procedure.
const STAGE: &str = "state";

/// Why a class has to be looked at again.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Stale {
    /// The inventory says something else by now.
    FactChanged { field: String, was: Vec<String>, is: Vec<String> },
    /// Another version of the law governs the day.
    LawChanged { was: String, is: String },
    /// The same answers lead elsewhere; more than one value: it is open.
    OutcomeChanged { was: String, is: Vec<String> },
    /// The same answers give other roles.
    RolesChanged { appeared: Vec<String>, gone: Vec<String> },
    /// The same answers find something else.
    FindingsChanged { appeared: Vec<String>, gone: Vec<String> },
    /// It was to be looked at again by then.
    ReviewDue { since: Date },
    /// Its answers do not fit the procedure any more.
    NotReadable { because: String },
}

impl std::fmt::Display for Stale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stale::FactChanged { field, was, is } => {
                write!(f, "{} was {} and is {}", spaced(field), or_nothing(was), or_nothing(is))
            }
            Stale::LawChanged { was, is } => {
                write!(f, "assessed under {was}, and {is} governs this day")
            }
            Stale::OutcomeChanged { was, is } => {
                write!(
                    f,
                    "the same answers lead to {}, not to {}",
                    or_nothing(is),
                    or_nothing([was])
                )
            }
            Stale::RolesChanged { appeared, gone } => {
                write!(f, "roles: {}", differences(appeared, gone))
            }
            Stale::FindingsChanged { appeared, gone } => {
                write!(f, "findings: {}", differences(appeared, gone))
            }
            Stale::ReviewDue { since } => write!(f, "due again since {since}"),
            Stale::NotReadable { because } => f.write_str(because),
        }
    }
}

/// The class of an AI system as it is kept, with how it came about and whether it still holds.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct KeptClass<'v> {
    pub system: RecordId,
    pub name: &'v str,
    /// The record; `None`: not classified yet, and the rest is empty.
    pub record: Option<RecordId>,
    pub state: &'v str,
    pub outcome: &'v str,
    pub possible_outcomes: &'v [String],
    pub roles: &'v [String],
    pub tiers: &'v [String],
    pub law_version: &'v str,
    pub on: Option<Date>,
    pub performed_on: Option<Date>,
    pub still_open: &'v [String],
    /// Empty: it holds.
    pub stale: Vec<Stale>,
    /// What was found, with its provisions, and each step, as the answers give them under that law.
    pub findings: Vec<FoundFinding>,
    pub path: Vec<PathStep>,
}

impl View {
    /// The class of every AI system that lives as it is kept.
    pub fn kept_classes(&self, law_as_of: Date) -> Vec<KeptClass<'_>> {
        law::systems(self.book()).map(|system| self.kept_class(system, law_as_of)).collect()
    }

    /// The class of an AI system as it is kept.
    pub fn kept_class(&self, system: RecordId, law_as_of: Date) -> KeptClass<'_> {
        let name = self.book().get(system).map(Record::title).unwrap_or_default();
        let Some((record, said)) = self.classification(system) else {
            return KeptClass::none(system, name);
        };
        let explained = explained(said);
        let (findings, path) =
            explained.map(|found| (found.findings, found.why.path)).unwrap_or_default();
        KeptClass {
            system,
            name,
            record: Some(record.id),
            state: record.state,
            outcome: &said.outcome,
            possible_outcomes: &said.possible_outcomes,
            roles: &said.roles,
            tiers: &said.tiers,
            law_version: &said.law_version,
            on: said.on,
            performed_on: said.performed_on,
            still_open: &said.still_open,
            stale: self.stale(system, said, law_as_of),
            findings: findings.into_iter().filter(|one| one.reported).collect(),
            path,
        }
    }

    /// What the answers of the kept class of an AI system lead to, on its own day and under its own law; `None`: there is
    /// none, or it was planned and not performed.
    pub fn kept_reasons(&self, system: RecordId) -> Option<classification::Classification> {
        let (_, said) = self.classification(system)?;
        explained(said)
    }

    /// What bears on the class of an AI system, by field.
    ///
    /// # Errors
    /// [`Error::UnknownRecord`], also for what is not an AI system.
    pub(crate) fn class_facts(
        &self,
        system: RecordId,
    ) -> Result<BTreeMap<String, Vec<String>>, Error> {
        let record = self.system(system)?;
        let body = record.body.to_json();
        let said = |field: &&str| {
            let said = words(body.get(*field).unwrap_or(&Value::Null));
            (!said.is_empty()).then(|| ((*field).to_owned(), said))
        };
        let mut facts: BTreeMap<_, _> = FACTS.iter().filter_map(said).collect();
        facts.insert(STAGE.to_owned(), vec![record.state.to_owned()]);
        Ok(facts)
    }

    /// Why a kept class has to be looked at again.
    pub(crate) fn stale(
        &self,
        system: RecordId,
        said: &records::Classification,
        law_as_of: Date,
    ) -> Vec<Stale> {
        let mut stale = Vec::new();
        if let (false, Ok(now)) = (said.facts.is_empty(), self.class_facts(system)) {
            let changed = changed_facts(&said.facts, &now).into_iter();
            stale.extend(changed.filter(|one| !is_same_stage(said, &now, one)));
        }
        match classify(Procedure::ai_act(), &answers(said), self.on, law_as_of) {
            Ok(found) => stale.extend(changed_result(said, &found)),
            Err(error) => stale.push(Stale::NotReadable { because: error.to_string() }),
        }
        let due = said.next_due.filter(|due| *due < self.on);
        stale.extend(due.map(|since| Stale::ReviewDue { since }));
        stale
    }
}

/// Whether a kept class can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassStanding {
    Holds,
    /// Questions are open that decide it.
    Open,
    /// There is a reason to look at it again.
    Stale,
    NotClassified,
}

impl ClassStanding {
    pub const ALL: [ClassStanding; 4] = [
        ClassStanding::NotClassified,
        ClassStanding::Stale,
        ClassStanding::Open,
        ClassStanding::Holds,
    ];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            ClassStanding::Holds => "holds",
            ClassStanding::Open => "open",
            ClassStanding::Stale => "stale",
            ClassStanding::NotClassified => "not classified",
        }
    }
}

impl<'v> KeptClass<'v> {
    /// Whether it can be relied on.
    pub fn standing(&self) -> ClassStanding {
        let is_settled = self.still_open.is_empty() && !self.outcome.is_empty();
        match (self.record, self.stale.is_empty(), is_settled) {
            (None, _, _) => ClassStanding::NotClassified,
            (Some(_), false, _) => ClassStanding::Stale,
            (Some(_), true, false) => ClassStanding::Open,
            (Some(_), true, true) => ClassStanding::Holds,
        }
    }

    fn none(system: RecordId, name: &'v str) -> KeptClass<'v> {
        KeptClass {
            system,
            name,
            record: None,
            state: "",
            outcome: "",
            possible_outcomes: &[],
            roles: &[],
            tiers: &[],
            law_version: "",
            on: None,
            performed_on: None,
            still_open: &[],
            stale: Vec::new(),
            findings: Vec::new(),
            path: Vec::new(),
        }
    }
}

/// What its own answers lead to, on its own day and under its own law.
fn explained(said: &records::Classification) -> Option<classification::Classification> {
    classify(Procedure::ai_act(), &answers(said), said.on?, said.law_as_of?).ok()
}

fn answers(said: &records::Classification) -> Answers {
    Answers::from_parts(said.answers.clone(), said.dates.clone())
}

fn changed_facts(
    was: &BTreeMap<String, Vec<String>>,
    is: &BTreeMap<String, Vec<String>>,
) -> Vec<Stale> {
    let fields: BTreeSet<_> = was.keys().chain(is.keys()).collect();
    let of = |facts: &BTreeMap<String, Vec<String>>, field| {
        facts.get(field).cloned().unwrap_or_default()
    };
    fields
        .into_iter()
        .map(|field| (field, of(was, field), of(is, field)))
        .filter(|(_, was, is)| was != is)
        .map(|(field, was, is)| Stale::FactChanged { field: field.clone(), was, is })
        .collect()
}

/// Whether a change is one of stage that changes no answer on which the class rests: a system that goes live as was foreseen
/// when it was classified keeps its class.
fn is_same_stage(
    said: &records::Classification,
    now: &BTreeMap<String, Vec<String>>,
    change: &Stale,
) -> bool {
    let Stale::FactChanged { field, was, is } = change else { return false };
    if field != STAGE {
        return false;
    }
    let (was, is) = (follows(now, was), follows(now, is));
    let questions = was.values().keys().chain(is.values().keys());
    let changed = |question: &String| {
        let (was, is) = (was.get(question), is.get(question));
        let answered = said.answers.get(question).map(Vec::as_slice);
        was != is
            && match (answered, is) {
                (Some(answered), Some(is)) => answered != is,
                // What was answered may have followed from the stage, and does no longer.
                (Some(answered), None) => was == Some(answered),
                (None, _) => said.still_open.contains(question),
            }
    };
    !questions.into_iter().any(changed)
}

/// The answers that follow from the facts at a stage.
fn follows(facts: &BTreeMap<String, Vec<String>>, stage: &[String]) -> Answers {
    let mut known = Facts::default().with("record", [Kind::AiSystem.name()]);
    for (field, values) in facts.iter().filter(|(field, _)| *field != STAGE) {
        known.say(field, values.clone());
    }
    known.say(STAGE, stage.to_vec());
    prefill(Procedure::ai_act(), &known).answers
}

fn changed_result(
    said: &records::Classification,
    found: &classification::Classification,
) -> Vec<Stale> {
    let mut stale = Vec::new();
    let texts =
        |list: &[std::sync::Arc<str>]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
    if said.law_version != *found.law_version {
        let (was, is) = (said.law_version.clone(), found.law_version.to_string());
        stale.push(Stale::LawChanged { was, is });
    }
    let outcome = found.outcome.as_deref().unwrap_or_default();
    if said.outcome != outcome {
        let is = texts(&found.possible_outcomes);
        stale.push(Stale::OutcomeChanged { was: said.outcome.clone(), is });
    }
    if let Some((appeared, gone)) = difference(&said.roles, &texts(&found.roles)) {
        stale.push(Stale::RolesChanged { appeared, gone });
    }
    let findings: Vec<_> = found.findings.iter().map(|one| one.id.to_string()).collect();
    if let Some((appeared, gone)) = difference(&said.findings, &findings) {
        stale.push(Stale::FindingsChanged { appeared, gone });
    }
    stale
}

/// What is only in the second list and what only in the first; `None`: nothing.
fn difference(was: &[String], is: &[String]) -> Option<(Vec<String>, Vec<String>)> {
    let only = |one: &[String], other: &[String]| {
        one.iter().filter(|name| !other.contains(name)).cloned().collect::<Vec<_>>()
    };
    let (appeared, gone) = (only(is, was), only(was, is));
    (!appeared.is_empty() || !gone.is_empty()).then_some((appeared, gone))
}

fn differences(appeared: &[String], gone: &[String]) -> String {
    let part = |list: &[String], what: &str| {
        (!list.is_empty()).then(|| format!("{what} {}", or_nothing(list)))
    };
    let parts: Vec<_> =
        [part(appeared, "now"), part(gone, "no longer")].into_iter().flatten().collect();
    parts.join("; ")
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

/// Words of a list, cut where a text is long.
fn or_nothing(list: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    const LONG: usize = 60;
    let word = |text: &str| match text.char_indices().nth(LONG) {
        Some((end, _)) => format!("\"{}...\"", text.get(..end).unwrap_or(text)),
        None if text.contains(' ') => format!("\"{text}\""),
        None => spaced(text),
    };
    let words: Vec<_> =
        list.into_iter().map(|text| word(text.as_ref())).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}
