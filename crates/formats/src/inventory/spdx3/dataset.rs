//! Data set packages, and the relationships that tie models to them.

use serde_json::Value;

use super::{Document, id, keep_rest, kind};
use crate::inventory::{
    json::{items, text, texts},
    proposal::{Link, Problem, Proposal, Severity, Target},
    terms,
};

impl<'a> Document<'a> {
    pub(super) fn dataset(&mut self, node: &'a Value, index: usize) {
        let mut card = self.base("dataset_card", node, index);
        let spdx_id = id(node).unwrap_or_default();
        let kinds = texts(node, "dataset_datasetType");
        let about = ["description", "summary", "comment"].iter().find_map(|key| text(node, key));
        let categories = about
            .into_iter()
            .chain((!kinds.is_empty()).then(|| format!("Type: {}", kinds.join(", "))));
        card.set("categories", terms::capped(&categories.collect::<Vec<_>>().join("\n"), 4_000));
        card.set("purposes", texts(node, "dataset_intendedUse"));
        card.set("known_bias", texts(node, "dataset_knownBias").join("\n"));
        card.set("preparation", texts(node, "dataset_dataPreprocessing"));
        card.set(
            "lineage",
            texts(node, "dataset_dataCollectionProcess")
                .iter()
                .map(|text| terms::capped(text, 4_000))
                .collect::<Vec<_>>(),
        );
        card.set(
            "quantity",
            text(node, "dataset_datasetSize")
                .map(|size| format!("{size} bytes"))
                .unwrap_or_default(),
        );
        card.set(
            "urls",
            ["software_downloadLocation", "software_homePage"]
                .iter()
                .filter_map(|key| text(node, key))
                .collect::<Vec<_>>(),
        );
        card.set(
            "rights_basis",
            self.licence(node).map(|licence| format!("Licence: {licence}")).unwrap_or_default(),
        );
        card.set(
            "limits",
            text(node, "dataset_confidentialityLevel")
                .map(|level| format!("Confidentiality: {level} (traffic light protocol)"))
                .unwrap_or_default(),
        );
        access(&mut card, node);
        let makers: Vec<String> = texts(node, "originatedBy")
            .iter()
            .chain(&texts(node, "suppliedBy"))
            .filter_map(|agent| self.agent(agent))
            .collect();
        card.set("provider", makers.join("; "));
        card.set("use", self.used_for(spdx_id).unwrap_or_default());
        card.set("integrity_hash", hash(node).unwrap_or_default());
        let read = [
            "dataset_datasetType",
            "dataset_intendedUse",
            "dataset_knownBias",
            "dataset_dataPreprocessing",
            "dataset_dataCollectionProcess",
            "dataset_datasetSize",
            "dataset_confidentialityLevel",
        ];
        keep_rest(&mut card, node, "dataset_", &read);
        self.reading.proposals.push(card);
    }

    /// Links to the data sets that the model was trained and tested on.
    pub(super) fn trained(&mut self, system: &mut Proposal, node: &'a Value) {
        let from = id(node).unwrap_or_default();
        for how in ["trainedOn", "testedOn", "finetunedOn", "validatedOn", "pretrainedOn"] {
            let Some(sets) = self.relations.get(&(how, from)) else { continue };
            let mut names = Vec::new();
            for set in sets.clone() {
                let Some(data) = self.by_id.get(set) else {
                    self.reading.problems.push(Problem {
                        place: system.place.clone(),
                        severity: Severity::Warning,
                        value: Some(set.to_owned()),
                        message: format!("is {how} \"{set}\", which the file does not hold: add the data set package"),
                    });
                    continue;
                };
                names.push(text(data, "name").unwrap_or_else(|| set.to_owned()));
                if kind(data) != "dataset_DatasetPackage" {
                    continue;
                }
                let purl = text(data, "software_packageUrl");
                let external_id =
                    purl.as_deref().and_then(terms::purl_identity).unwrap_or(set).to_owned();
                let target = Target::External {
                    kind: "dataset_card",
                    source: "spdx".to_owned(),
                    external_id,
                };
                let link = Link { field: "datasets", many: true, target };
                if !system.links.contains(&link) {
                    system.links.push(link);
                }
            }
            system.keep(how, names);
        }
    }

    /// What a data set is used for, if the models of the file agree; training comes before testing.
    fn used_for(&self, set: &str) -> Option<&'static str> {
        let uses = [
            ("trainedOn", "training"),
            ("finetunedOn", "training"),
            ("pretrainedOn", "training"),
            ("validatedOn", "validation"),
            ("testedOn", "test"),
        ];
        uses.iter()
            .find(|(how, _)| {
                self.relations.iter().any(|((found, _), to)| found == how && to.contains(&set))
            })
            .map(|(_, purpose)| *purpose)
    }
}

fn hash(node: &Value) -> Option<String> {
    let hash = items(node, "verifiedUsing")
        .iter()
        .find(|hash| text(hash, "algorithm").as_deref() == Some("sha256"))?;
    Some(format!("sha256:{}", text(hash, "hashValue")?.to_lowercase()))
}

/// Who can get the data, and what personal information is in it.
fn access(card: &mut Proposal, node: &Value) {
    if let Some("directDownload" | "query" | "clickthrough" | "registration") =
        text(node, "dataset_datasetAvailability").as_deref()
    {
        card.set("source", "open");
    }
    let sensitive = text(node, "dataset_hasSensitivePersonalInformation");
    let anonymised = !texts(node, "dataset_anonymizationMethodUsed").is_empty();
    match (sensitive.as_deref(), anonymised) {
        (Some("yes"), _) => card.set("personal_data", "special"),
        (_, true) => card.set("personal_data", "anonymized"),
        (_, false) => {}
    }
}
