//! Classes of AI systems under the law: from the answers on record and what the inventory says, to a record or an impact.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Map, Value};
use surety_aims::{Command, Kind, RecordId, RecordKind, Ref, records};
use surety_law::{
    classification::{
        AnswerError, Answers, Classification, Facts, Prefilled, Procedure, classify, prefill,
    },
    obligation::{Impact, Reclassified, Subject, impact},
};

use crate::{
    Error, View,
    law::{self, AI_ACT},
};

impl View {
    /// What the procedure can take from the inventory about an AI system, each with the reason.
    ///
    /// # Errors
    /// [`Error::UnknownRecord`], also for what is not an AI system.
    pub fn prefilled(&self, system: RecordId) -> Result<Prefilled, Error> {
        let record = self.book().get(system).filter(|_| system.kind == Kind::AiSystem);
        let record = record.ok_or(Error::UnknownRecord(system))?;
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

    /// The command that keeps a classification: a new version of the one that still is a draft, else a new record.
    ///
    /// # Errors
    /// [`Error::UnknownRecord`].
    pub fn keep_classification(
        &self,
        system: RecordId,
        answers: &Answers,
        found: &Classification,
        performed_on: Date,
    ) -> Result<Command, Error> {
        let about = self.book().get(system).ok_or(Error::UnknownRecord(system))?;
        let earlier = self.classification(system);
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
            next_due: None,
        };
        let draft = earlier.map(|(record, _)| record);
        let draft = draft.filter(|record| record.state == record.lifecycle().initial());
        Ok(Command::State {
            kind: records::Classification::KIND,
            id: draft.map(|record| record.id),
            body: serde_json::to_value(body)?,
            custom: draft.map(|record| record.custom.clone()).unwrap_or_default(),
            external: Vec::new(),
            base: draft.map(|record| record.version),
        })
    }

    /// What changes from one version of the law to another, for every AI system that is classified.
    ///
    /// # Errors
    /// A version that the law does not have.
    pub fn law_impact(
        &self,
        from: &str,
        to: &str,
        days: &[Date],
    ) -> Result<Impact<'static>, Error> {
        let law = self.ai_act()?;
        let reclassify = |subject: &Subject, version: &str| {
            let published = law.versions.iter().find(|one| one.id == version);
            let again = published.map(|version| self.again(subject, version.published));
            again.and_then(Result::ok).unwrap_or_else(|| Reclassified {
                subject: subject.clone(),
                open: vec!["start".to_owned()],
            })
        };
        impact(law, (from, to), &self.subjects(), &reclassify, self.on, days)
            .map_err(|error| Error::Input(error.to_string()))
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

    /// The commands that plan a new classification for AI systems, each with the reasons for it.
    ///
    /// # Errors
    /// [`Error::UnknownRecord`].
    pub fn plan_reassessments(&self, impact: &Impact<'_>) -> Result<Vec<Command>, Error> {
        let plan = |one: &surety_law::obligation::Reassessment| {
            let system: RecordId =
                one.subject.parse().map_err(|_| Error::Input(one.subject.clone()))?;
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
        impact.reassessments.iter().map(plan).collect()
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
