//! Looking things up in the graph: agents, licences, the root and the date of a document.

use serde_json::Value;

use super::{Document, id, kind, last_part};
use crate::inventory::{
    json::{text, texts},
    terms,
};

impl Document<'_> {
    /// The name of an agent; its id's last part if it has none.
    pub(super) fn agent(&self, agent: &str) -> Option<String> {
        match self.by_id.get(agent) {
            Some(node) => text(node, "name").or_else(|| Some(last_part(agent).to_owned())),
            None => Some(last_part(agent).to_owned()),
        }
        .filter(|name| !name.is_empty())
    }

    /// The declared licence, else the concluded one.
    pub(super) fn licence(&self, node: &Value) -> Option<String> {
        let from = id(node)?;
        let ids = ["hasDeclaredLicense", "hasConcludedLicense"]
            .iter()
            .find_map(|how| self.relations.get(&(*how, from)))?;
        let names: Vec<String> = ids
            .iter()
            .filter_map(|licence| match self.by_id.get(licence) {
                Some(node) => text(node, "simplelicensing_licenseExpression")
                    .or_else(|| text(node, "name"))
                    .or_else(|| {
                        text(node, "simplelicensing_licenseText")
                            .map(|text| terms::capped(&text, 400))
                    }),
                None => Some(last_part(licence).to_owned()),
            })
            .collect();
        (!names.is_empty()).then(|| names.join("; "))
    }

    pub(super) fn root_name(&self) -> Option<String> {
        let root =
            self.nodes.iter().find(|node| kind(node).ends_with("Sbom") || kind(node) == "Bom")?;
        texts(root, "rootElement")
            .iter()
            .find_map(|root| text(self.by_id.get(root.as_str())?, "name"))
    }

    pub(super) fn created(&self) -> Option<String> {
        let document = self.nodes.iter().find(|node| kind(node) == "SpdxDocument")?;
        let info = document.get("creationInfo")?;
        let info = info.as_str().map_or(Some(info), |id| self.by_id.get(id).copied())?;
        let day = info.get("created")?.as_str()?.get(..10)?;
        day.parse::<jiff::civil::Date>().ok().map(|date| date.to_string())
    }
}
