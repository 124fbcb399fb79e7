//! Classes of AI systems under the law: from the answers on record and what the inventory says, to a record or an impact.

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};
use surety_aims::{Command, Kind, Record, RecordId, RecordKind, Ref, of, records};
use surety_law::{
    classification::{
        AnswerError, Answers, Classification, Facts, Prefilled, Procedure, Question, classify,
        next_question, prefill,
    },
    obligation::{Impact, Reclassified, Subject, impact},
};

use crate::{
    Error, View,
    law::{self, AI_ACT},
};

impl View {
    /// The record of an AI system.
    pub(crate) fn system(&self, id: RecordId) -> Result<&Record, Error> {
        let record = self.book().get(id).ok_or(Error::UnknownRecord(id))?;
        if id.kind == Kind::AiSystem {
            return Ok(record);
        }
        Err(Error::Input(format!("{id} is {}, not {}", id.kind.label(), Kind::AiSystem.label())))
    }

    /// What the procedure can take from the inventory about an AI system, each with the reason.
    ///
    /// # Errors
    /// [`Error::UnknownRecord`], also for what is not an AI system.
    pub fn prefilled(&self, system: RecordId) -> Result<Prefilled, Error> {
        let record = self.system(system)?;
        let mut facts = Facts::default()
            .with("record", [Kind::AiSystem.name()])
            .with("state", [record.state.to_owned()]);
        if let Value::Object(fields) = record.body.to_json() {
            for (field, value) in &fields {
                facts.say(field, words(value));
            }
        }
        Ok(prefill(Procedure::ai_act(), &facts))
    }

    /// The answers about an AI system: those on record first, then what follows from the inventory.
    ///
    /// # Errors
    /// As [`View::prefilled`].
    pub fn answers(&self, system: RecordId) -> Result<Answers, Error> {
        let mut answers = Answers::default();
        if let Some((_, said)) = self.classification(system) {
            answers = Answers::from_parts(said.answers.clone(), said.dates.clone());
        }
        answers.fill_from(&self.prefilled(system)?.answers);
        Ok(answers)
    }

    /// Every AI system that lives.
    pub fn systems(&self) -> impl Iterator<Item = RecordId> {
        law::systems(self.book())
    }

    /// The command that keeps a classification: a new version of the one that still is a draft, else a new record; `None` if
    /// the same is kept already, for whichever day.
    ///
    /// # Errors
    /// [`Error::UnknownRecord`].
    pub fn keep_classification(
        &self,
        system: RecordId,
        answers: &Answers,
        found: &Classification,
        performed_on: Date,
    ) -> Result<Option<Command>, Error> {
        let about = self.book().get(system).ok_or(Error::UnknownRecord(system))?;
        let draft = self.draft(system);
        let earlier = draft.or_else(|| self.classification(system));
        let body = records::Classification {
            ai_system: Ref::try_from(system).ok(),
            system_version: Some(about.version),
            law: AI_ACT.to_owned(),
            law_version: found.law_version.to_string(),
            on: Some(found.on),
            law_as_of: Some(found.law_as_of),
            answers: answers.values().clone(),
            dates: answers.dates().clone(),
            facts: self.class_facts(system)?,
            outcome: found.outcome.as_deref().unwrap_or_default().to_owned(),
            possible_outcomes: texts(&found.possible_outcomes),
            roles: texts(&found.roles),
            tiers: texts(&found.tiers),
            findings: found.findings.iter().map(|one| one.id.to_string()).collect(),
            still_open: found.still_open.iter().map(|one| one.node.to_string()).collect(),
            remarks: earlier.map(|(_, said)| said.remarks.clone()).unwrap_or_default(),
            assessor: earlier.and_then(|(_, said)| said.assessor),
            approved_by: None,
            performed_on: Some(performed_on),
            next_due: earlier.and_then(|(_, said)| said.next_due).filter(|due| *due > performed_on),
        };
        if earlier.is_some_and(|(_, said)| undated(said) == undated(&body)) {
            return Ok(None);
        }
        let draft = draft.map(|(record, _)| record);
        Ok(Some(Command::State {
            kind: records::Classification::KIND,
            id: draft.map(|record| record.id),
            body: serde_json::to_value(body)?,
            custom: draft.map(|record| record.custom.clone()).unwrap_or_default(),
            external: draft.map(|record| record.external.clone()).unwrap_or_default(),
            base: draft.map(|record| record.version),
        }))
    }

    /// The newest classification of an AI system that nobody has begun to review.
    fn draft(&self, system: RecordId) -> Option<(&Record, &records::Classification)> {
        let is_draft =
            |record: &&Record| record.is_live() && record.state == record.lifecycle().initial();
        self.book()
            .referrers(system)
            .filter(is_draft)
            .filter_map(|record| Some((record, of::<records::Classification>(record)?)))
            .filter(|(_, said)| said.ai_system.map(Ref::id) == Some(system))
            .max_by_key(|(record, _)| record.id)
    }

    /// What changes from one version of the law to another, for every AI system that is classified.
    ///
    /// # Errors
    /// A version that the law does not have.
    pub fn law_impact(&self, from: &str, to: &str, days: &[Date]) -> Result<LawImpact, Error> {
        let law = self.ai_act()?;
        let reclassify = |subject: &Subject, version: &str| {
            let published = law.versions.iter().find(|one| one.id == version);
            let again = published.map(|version| self.again(subject, version.published));
            again.and_then(Result::ok).unwrap_or_else(|| Reclassified {
                subject: subject.clone(),
                open: vec!["start".to_owned()],
            })
        };
        let impact = impact(law, (from, to), &self.subjects(), &reclassify, self.on, days)
            .map_err(|error| Error::Input(error.to_string()))?;
        let unclassified = self.systems().filter(|system| self.subject(*system).is_none());
        let unreadable = self.subjects().into_iter().filter_map(|subject| {
            let system: RecordId = subject.id.parse().ok()?;
            let again =
                classify(Procedure::ai_act(), &self.answers(system).ok()?, self.on, self.on);
            Some(Unreadable { system, because: again.err()?.to_string() })
        });
        Ok(LawImpact {
            impact,
            unclassified: unclassified.collect(),
            unreadable: unreadable.collect(),
        })
    }

    /// A subject classified again by the answers on record, under the law as published by a day.
    fn again(&self, subject: &Subject, law_as_of: Date) -> Result<Reclassified, Error> {
        let system: RecordId = subject.id.parse().map_err(|_| Error::Input(subject.id.clone()))?;
        let answers = self.answers(system)?;
        let found = classify(Procedure::ai_act(), &answers, self.on, law_as_of)?;
        Ok(Reclassified {
            subject: Subject {
                id: subject.id.clone(),
                facts: subject.facts,
                ..Subject::from(&found)
            },
            open: found.still_open.iter().map(|one| one.node.to_string()).collect(),
        })
    }

    /// The commands that plan a new classification for AI systems, each with the reasons for it. Where one is planned already,
    /// it stays as it is.
    ///
    /// # Errors
    /// [`Error::UnknownRecord`].
    pub fn plan_reassessments(&self, impact: &Impact<'_>) -> Result<Vec<Command>, Error> {
        let plan = |(system, one): (RecordId, &surety_law::obligation::Reassessment)| {
            let answers = self.answers(system)?;
            let body = records::Classification {
                ai_system: Ref::try_from(system).ok(),
                law: AI_ACT.to_owned(),
                law_version: impact.to.to_owned(),
                answers: answers.values().clone(),
                dates: answers.dates().clone(),
                remarks: one.reasons.join("\n"),
                next_due: Some(self.on),
                ..records::Classification::default()
            };
            Ok(Command::State {
                kind: records::Classification::KIND,
                id: None,
                body: serde_json::to_value(body)?,
                custom: Map::new(),
                external: Vec::new(),
                base: None,
            })
        };
        let is_planned = |system: RecordId| {
            self.draft(system).is_some_and(|(_, said)| {
                said.law_version == impact.to && said.performed_on.is_none()
            })
        };
        let wanted =
            impact.reassessments.iter().filter_map(|one| Some((one.subject.parse().ok()?, one)));
        wanted.filter(|(system, _)| !is_planned(*system)).map(plan).collect()
    }
}

/// The class of an AI system from what is known about it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Classified {
    pub system: RecordId,
    /// Those on record, then what follows from the inventory.
    pub answers: Answers,
    /// What follows from the inventory, with the reasons.
    pub prefilled: Prefilled,
    pub classification: Classification,
}

/// One step of a walk through the procedure: what to ask next, and where the answers have led so far.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Walk {
    /// Null: nothing is left to ask.
    pub question: Option<Question>,
    pub classification: Classification,
}

impl View {
    /// The class of an AI system; `given` answers go before those that are known.
    ///
    /// # Errors
    /// As [`View::prefilled`]; [`Error::Input`] for answers that do not fit the procedure.
    pub fn classified(
        &self,
        system: RecordId,
        given: &Answers,
        law_as_of: Date,
    ) -> Result<Classified, Error> {
        let mut answers = given.clone();
        answers.fill_from(&self.answers(system)?);
        let prefilled = self.prefilled(system)?;
        let classification = classify(Procedure::ai_act(), &answers, self.on, law_as_of)?;
        Ok(Classified { system, answers, prefilled, classification })
    }

    /// What to ask next after these answers.
    ///
    /// # Errors
    /// [`Error::Input`] for answers that do not fit the procedure.
    pub fn walk(&self, answers: &Answers, law_as_of: Date) -> Result<Walk, Error> {
        let procedure = Procedure::ai_act();
        let question = next_question(procedure, answers, self.on, law_as_of)?;
        let classification = classify(procedure, answers, self.on, law_as_of)?;
        Ok(Walk { question, classification })
    }
}

/// What a newer version of the law changes for the AI systems on record.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct LawImpact {
    #[serde(flatten)]
    pub impact: Impact<'static>,
    /// AI systems about which nothing can be said, as they are not classified.
    pub unclassified: Vec<RecordId>,
    /// Those whose answers do not fit the procedure.
    pub unreadable: Vec<Unreadable>,
}

impl LawImpact {
    /// What is said about AI systems that the impact leaves out.
    pub fn left_out(&self) -> Vec<String> {
        let unclassified: Vec<_> = self.unclassified.iter().map(ToString::to_string).collect();
        let unclassified = (!unclassified.is_empty()).then(|| {
            format!("Not classified, so nothing can be said: {}.", unclassified.join(", "))
        });
        let unreadable =
            self.unreadable.iter().map(|one| format!("{}: {}.", one.system, one.because));
        unclassified.into_iter().chain(unreadable).collect()
    }
}

/// An AI system whose answers can't be classified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Unreadable {
    pub system: RecordId,
    pub because: String,
}

/// A classification without what says only when it was made.
fn undated(said: &records::Classification) -> records::Classification {
    records::Classification {
        on: None,
        law_as_of: None,
        performed_on: None,
        next_due: None,
        system_version: None,
        approved_by: None,
        ..said.clone()
    }
}

impl From<AnswerError> for Error {
    fn from(error: AnswerError) -> Error {
        Error::Input(error.to_string())
    }
}

fn texts(list: &[Arc<str>]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

/// The words of a field: each of a list, a truth value as `true` or `false`.
pub(crate) fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) if !text.is_empty() => vec![text.clone()],
        Value::Bool(truth) => vec![truth.to_string()],
        Value::Array(list) => list.iter().flat_map(words).collect(),
        Value::String(_) | Value::Null | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
}
