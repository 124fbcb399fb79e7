//! The file and the results in it as evidence.

use serde_json::Value;

use super::{
    Bom,
    component::{self, Component, Facts},
};
use crate::inventory::{
    fold::fold_name,
    json::text,
    proposal::{Link, Place, Proposal},
};

impl Bom<'_> {
    pub(super) fn test_results(
        &self,
        system: &Proposal,
        model: &Component<'_>,
        facts: &Facts,
    ) -> Proposal {
        let mut evidence = self.evidence(
            system,
            &format!("Evaluation results of {}", facts.full_name),
            "test_result",
            &["iso42001:A.6.2.4"],
        );
        evidence.place =
            Place::path(self.file, format!("{}.modelCard.quantitativeAnalysis", model.path));
        evidence.external_id =
            format!("{}#results/{}", evidence.external_id, fold_name(&facts.full_name));
        evidence.set("source", format!("model card of {} in {}", facts.full_name, self.file));
        evidence
    }

    fn evidence(&self, system: &Proposal, title: &str, kind: &str, supports: &[&str]) -> Proposal {
        let mut evidence = Proposal {
            name: title.to_owned(),
            source: "cyclonedx".to_owned(),
            external_id: self.bill_id(system),
            attach_file: true,
            ..Proposal::new("evidence_item", Place::file(self.file))
        };
        evidence.set("title", title);
        evidence.set("kind", kind);
        evidence.set("supports", supports.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
        if let Some(date) = self.made_on() {
            evidence.set("collected_on", date);
        }
        evidence.links.push(Link { field: "ai_systems", many: true, target: system.as_target() });
        evidence
    }

    /// Each issue of a bill is evidence of its own.
    fn bill_id(&self, system: &Proposal) -> String {
        let issue = text(self.bom, "version").unwrap_or_default();
        match text(self.bom, "serialNumber") {
            Some(serial) => format!("{serial}/{issue}"),
            None => {
                let time = self
                    .bom
                    .pointer("/metadata/timestamp")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                format!("bom:{}/{issue}/{time}", system.external_id)
            }
        }
    }

    fn made_on(&self) -> Option<String> {
        let time = self.bom.pointer("/metadata/timestamp").and_then(Value::as_str)?;
        let day = time.get(..10)?;
        day.parse::<jiff::civil::Date>().is_ok().then(|| day.to_owned())
    }

    /// The file itself as evidence of documented resources (A.4.2 to A.4.4).
    pub(super) fn bill(&mut self, system: Option<&Proposal>, with_data: bool) {
        let Some(system) = system else { return };
        let supports: &[&str] = if with_data {
            &["iso42001:A.4.2", "iso42001:A.4.3", "iso42001:A.4.4"]
        } else {
            &["iso42001:A.4.2", "iso42001:A.4.4"]
        };
        let mut evidence = self.evidence(
            system,
            &format!("AI bill of materials of {}", system.name),
            "file",
            supports,
        );
        let made_by: Vec<String> = component::tools(self.bom);
        let by = if made_by.is_empty() {
            String::new()
        } else {
            format!(", made by {}", made_by.join(", "))
        };
        evidence.set("source", format!("CycloneDX file {}{by}", self.file));
        if !made_by.is_empty() {
            evidence.set("automated", true);
        }
        self.reading.proposals.push(evidence);
    }
}
