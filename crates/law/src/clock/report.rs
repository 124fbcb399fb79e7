//! Drafts of reports: what each has to say, filled from what is known, with what is missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use surety_catalog::{Confidence, IncidentClocks, Needed, ReportField};

use super::{Answer, ClockError, Incident, LocalInstant, instant};

/// Which report it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ReportStage")]
pub enum Stage {
    /// It may be incomplete where the clock allows that.
    First,
    Complete,
}

/// A report as far as it can be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReportDraft {
    pub form: String,
    pub title: String,
    pub clock: String,
    /// The provision, and what the contents were taken from.
    pub basis: String,
    pub confidence: Confidence,
    pub stage: Stage,
    pub fields: Vec<DraftField>,
    /// Fields that must be filled in before this report is sent.
    pub missing: Vec<String>,
    /// Fields that are open and may follow.
    pub may_follow: Vec<String>,
}

/// One field of a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DraftField {
    pub field: String,
    pub label: String,
    pub citation: String,
    pub needed: Needed,
    pub value: Option<String>,
}

/// Drafts the report on a clock. A field takes its value from `known` (by id of the field), or else from the events and
/// answers of the incident. `None`: there is no form for the clock, such as for one that the authority has to keep.
pub fn draft(
    facts: &IncidentClocks,
    clock: &str,
    incident: &Incident,
    known: &BTreeMap<String, String>,
    stage: Stage,
) -> Result<Option<ReportDraft>, ClockError> {
    let Some(form) = facts.report(clock) else { return Ok(None) };
    let timezone = instant::timezone(&incident.timezone)?;
    let value = |field: &ReportField| {
        let given = known.get(&field.id).filter(|value| !value.trim().is_empty()).cloned();
        given
            .or_else(|| {
                let times = field.events.iter().find_map(|event| {
                    incident.events.iter().filter(|one| one.event == *event).map(|one| one.at).min()
                });
                times.map(|at| LocalInstant::new(at, &timezone).to_string())
            })
            .or_else(|| answered(facts, field, incident))
            .or_else(|| states(field, incident))
    };
    let fields: Vec<_> = form
        .fields
        .iter()
        .map(|field| DraftField {
            field: field.id.clone(),
            label: field.label.clone(),
            citation: field.citation.clone(),
            needed: field.needed,
            value: value(field),
        })
        .collect();
    let complete = facts.clock(clock).is_some_and(|one| !one.initial_incomplete_report);
    let now = |needed| match needed {
        Needed::Always => true,
        Needed::WhenComplete => stage == Stage::Complete || complete,
        Needed::IfKnown => false,
    };
    let open = || fields.iter().filter(|one| one.value.is_none());
    let missing = open().filter(|one| now(one.needed)).map(|one| one.field.clone()).collect();
    let may_follow = open().filter(|one| !now(one.needed)).map(|one| one.field.clone()).collect();
    Ok(Some(ReportDraft {
        form: form.id.clone(),
        title: form.title.clone(),
        clock: clock.to_owned(),
        basis: form.basis.clone(),
        confidence: form.confidence,
        stage,
        fields,
        missing,
        may_follow,
    }))
}

fn answered(facts: &IncidentClocks, field: &ReportField, incident: &Incident) -> Option<String> {
    let yes = |id: &&String| incident.answers.get(*id) == Some(&Answer::Yes);
    let texts = field.questions.iter().filter(yes).filter_map(|id| facts.question(id));
    let texts: Vec<_> = texts.map(|one| format!("{} Yes ({}).", one.text, one.citation)).collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

fn states(field: &ReportField, incident: &Incident) -> Option<String> {
    (field.id == "member_states" && !incident.occurred_in.is_empty())
        .then(|| incident.occurred_in.join(", "))
}
