//! Ethical, fairness and environmental considerations: risks that their author names and somebody still has to judge.

use serde_json::{Value, json};

use super::component::{Component, Facts};
use crate::inventory::{
    fold::{fold_name, shortened},
    json::{items, text, texts},
    proposal::{Link, Place, Proposal},
};

/// Risks and compute resources that a model card suggests for `system`.
pub(super) fn proposals(
    file: &str,
    model: &Component<'_>,
    facts: &Facts,
    system: &Proposal,
) -> Vec<Proposal> {
    let Some(considerations) = model.value.pointer("/modelCard/considerations") else {
        return Vec::new();
    };
    let about = About { file, model, facts, system };
    let mut found = Vec::new();
    for (index, entry) in items(considerations, "ethicalConsiderations").iter().enumerate() {
        found.extend(about.ethical(entry, index));
    }
    for (index, entry) in items(considerations, "fairnessAssessments").iter().enumerate() {
        found.extend(about.fairness(entry, index));
    }
    let nothing = Value::Null;
    let environment = considerations.get("environmentalConsiderations").unwrap_or(&nothing);
    for (index, entry) in items(environment, "energyConsumptions").iter().enumerate() {
        found.extend(about.energy(entry, index));
    }
    found
}

struct About<'a> {
    file: &'a str,
    model: &'a Component<'a>,
    facts: &'a Facts,
    system: &'a Proposal,
}

impl About<'_> {
    fn ethical(&self, entry: &Value, index: usize) -> Option<Proposal> {
        let name = text(entry, "name")?;
        let mut lines =
            vec![format!("Named in the model card of {}: {name}", self.facts.full_name)];
        lines.extend(
            text(entry, "mitigationStrategy")
                .map(|strategy| format!("Mitigation as stated: {strategy}")),
        );
        Some(self.risk(
            &shortened(&name, 120),
            &lines,
            None,
            &format!("ethicalConsiderations[{index}]"),
        ))
    }

    fn fairness(&self, entry: &Value, index: usize) -> Option<Proposal> {
        let group = text(entry, "groupAtRisk")?;
        let mut lines = vec![format!("Group at risk: {group}")];
        for (key, label) in [
            ("harms", "Harms"),
            ("benefits", "Benefits"),
            ("mitigationStrategy", "Mitigation as stated"),
        ] {
            lines.extend(text(entry, key).map(|value| format!("{label}: {value}")));
        }
        let title = format!("Unfair effect on {}", shortened(&group, 100));
        Some(self.risk(
            &title,
            &lines,
            Some("iso42001:C.2.5"),
            &format!("fairnessAssessments[{index}]"),
        ))
    }

    /// An energy statement is a compute resource (A.4.5), and a question for the risk assessment.
    fn energy(&self, entry: &Value, index: usize) -> Vec<Proposal> {
        let activity = text(entry, "activity").unwrap_or_else(|| "operation".to_owned());
        let lines = statements(entry);
        if lines.is_empty() {
            return Vec::new();
        }
        let path = format!("environmentalConsiderations.energyConsumptions[{index}]");
        let title = format!("Environmental impact of {activity} of {}", self.facts.name);
        let risk = self.risk(&title, &lines, Some("iso42001:C.2.4"), &path);
        let name = format!("Computing for {activity} of {}", self.facts.name);
        let mut resource = self.proposal("resource", &name, &path);
        resource.set("name", name.as_str());
        resource.set("kind", "compute");
        resource.set("lifecycle_stage", json!([activity]));
        resource.set("environmental_note", lines.join("; "));
        resource.set("location", places(entry).join("; "));
        resource.links.push(Link {
            field: "ai_system",
            many: false,
            target: self.system.as_target(),
        });
        vec![resource, risk]
    }

    fn risk(&self, title: &str, lines: &[String], objective: Option<&str>, path: &str) -> Proposal {
        let mut risk = self.proposal("risk", title, path);
        risk.set("title", title);
        risk.set("kind", "threat");
        risk.set("description", lines.join("\n"));
        risk.set(
            "objectives_affected",
            objective.map(|objective| json!([objective])).unwrap_or_default(),
        );
        risk.links.push(Link { field: "ai_system", many: false, target: self.system.as_target() });
        risk
    }

    fn proposal(&self, kind: &'static str, name: &str, path: &str) -> Proposal {
        let (source, model) = self.model.identity();
        let place =
            Place::path(self.file, format!("{}.modelCard.considerations.{path}", self.model.path));
        Proposal {
            name: name.to_owned(),
            source,
            external_id: format!("{model}#{}", fold_name(name).replace(' ', "-")),
            ..Proposal::new(kind, place)
        }
    }
}

/// `Energy 0.4 kWh`, `CO2 equivalent 31.22 tCO2eq`, and who provides the energy.
fn statements(entry: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, label) in [
        ("activityEnergyCost", "Energy"),
        ("co2CostEquivalent", "CO2 equivalent"),
        ("co2CostOffset", "CO2 offset"),
    ] {
        lines.extend(measure(entry, key).map(|measure| format!("{label} {measure}")));
    }
    for provider in items(entry, "energyProviders") {
        let source =
            text(provider, "energySource").map(|source| format!(" ({source})")).unwrap_or_default();
        let name = text(provider, "description")
            .or_else(|| provider.get("organization").and_then(|it| text(it, "name")));
        lines.extend(name.map(|name| format!("Energy from {name}{source}")));
    }
    lines
}

fn measure(entry: &Value, key: &str) -> Option<String> {
    let measure = entry.get(key)?;
    Some(
        format!("{} {}", text(measure, "value")?, text(measure, "unit").unwrap_or_default())
            .trim()
            .to_owned(),
    )
}

fn places(entry: &Value) -> Vec<String> {
    items(entry, "energyProviders")
        .iter()
        .filter_map(|provider| provider.pointer("/organization/address"))
        .map(|address| {
            ["locality", "region", "country"]
                .iter()
                .flat_map(|key| texts(address, key))
                .collect::<Vec<_>>()
                .join(", ")
        })
        .filter(|place| !place.is_empty())
        .collect()
}
