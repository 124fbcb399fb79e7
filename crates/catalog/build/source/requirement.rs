//! Files of requirements.

use serde::Deserialize;
use serde_json::Value;

use super::{kept, texts};
use crate::{Cadence, Condition, Confidence, Documented, Requirement, RequirementKind, Scope};

/// A file of requirements.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequirementFile {
    pub(super) defaults: Defaults,
    pub(super) requirement: Vec<SourceRequirement>,
}

/// What most requirements of the file have in common.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Defaults {
    kind: RequirementKind,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    confidence: Confidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceRequirement {
    id: String,
    parent: Option<String>,
    kind: Option<RequirementKind>,
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    guidance: String,
    assessable: Option<bool>,
    /// `project`: the standard prints no number of its own for it.
    numbered_by: Option<String>,
    #[serde(default)]
    documented: Documented,
    #[serde(default)]
    scope: Scope,
    #[serde(default)]
    owner_role: String,
    #[serde(default)]
    artefacts: Vec<String>,
    /// Natural record types that show it.
    #[serde(default)]
    records: Vec<String>,
    /// How often, in words: `annual-and-on-change`, `per-release`.
    #[serde(default)]
    cadence: String,
    #[serde(default)]
    refresh_triggers: Vec<String>,
    #[serde(default)]
    lifecycle_stages: Vec<String>,
    #[serde(default)]
    auditor_samples: String,
    /// The number under which the objective of a group of controls is printed.
    #[serde(default)]
    objective: String,
    #[serde(default)]
    weight: u8,
    confidence: Option<Confidence>,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    condition: Vec<Condition>,
}

impl SourceRequirement {
    pub(super) fn requirement(self, defaults: &Defaults) -> Result<Requirement, String> {
        let kind = self.kind.unwrap_or(defaults.kind);
        let heading = kind == RequirementKind::Heading;
        let printed = match (&self.numbered_by, &self.parent) {
            (Some(_), Some(parent)) => parent.clone(),
            (_, _) => self.id.clone(),
        };
        let cadence = cadence(&self.cadence).map_err(|error| format!("{}: {error}", self.id))?;
        let extra = kept([
            ("numbered_by", self.numbered_by.map_or(Value::Null, Value::String)),
            ("objective", Value::String(self.objective)),
            ("records", texts(&self.records)),
            ("cadence", Value::String(self.cadence)),
            ("refresh_triggers", texts(&self.refresh_triggers)),
            ("lifecycle_stages", texts(&self.lifecycle_stages)),
            ("auditor_samples", Value::String(self.auditor_samples)),
            ("note", Value::String(self.note)),
        ]);
        Ok(Requirement {
            id: self.id,
            label: printed,
            parent: self.parent,
            kind,
            title: self.title,
            text: self.text,
            guidance: self.guidance,
            assessable: self.assessable.unwrap_or(!heading),
            groups: if heading { Vec::new() } else { defaults.groups.clone() },
            documented: self.documented,
            cadence,
            scope: self.scope,
            owner_role: self.owner_role,
            artefacts: self.artefacts,
            conditions: self.condition,
            weight: self.weight,
            confidence: self.confidence.unwrap_or(defaults.confidence),
            basis: self.basis,
            extra,
            ..Requirement::default()
        })
    }
}

/// The cadence that words mean. `planned-intervals` is read as a year: the standard leaves the interval to the
/// organisation, and a year is what certification bodies expect.
fn cadence(words: &str) -> Result<Option<Cadence>, String> {
    if words.is_empty() {
        return Ok(None);
    }
    if words.starts_with("per-") || words.starts_with("on-") {
        return Ok(Some(Cadence::OnEvent));
    }
    let first = words.split_once("-and-").map_or(words, |(first, _)| first);
    let name = match first {
        "planned-intervals" => "annual",
        "monthly-or-quarterly" => "quarterly",
        other => other,
    };
    Cadence::ALL
        .into_iter()
        .find(|cadence| cadence.name() == name)
        .map(Some)
        .ok_or_else(|| format!("`{words}` is no cadence"))
}
