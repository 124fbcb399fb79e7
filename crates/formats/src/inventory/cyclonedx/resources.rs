//! Models inside a system, data that is no data set, and ordinary components as resources (A.4.3 to A.4.5).

use super::{
    Bom,
    component::{Component, Facts},
    dataset, unique,
};
use crate::inventory::proposal::{Link, Proposal};

impl Bom<'_> {
    pub(super) fn model_resource(
        &mut self,
        model: &Component<'_>,
        facts: &Facts,
        system: &Proposal,
    ) {
        let mut resource = self.component_proposal("resource", model);
        resource.set("kind", "tooling");
        resource.set("name", facts.full_name.as_str());
        resource.name.clone_from(&facts.full_name);
        if let Some(location) = facts.location.as_deref() {
            resource.set("location", location);
        }
        resource.links.push(Link { field: "ai_system", many: false, target: system.as_target() });
        if let Some((name, url)) = facts.suppliers.first() {
            let place = resource.place.clone();
            resource.links.push(self.mentions.supplier(
                "supplier",
                false,
                name,
                "model",
                url.as_deref(),
                &place,
            ));
        }
        self.reading.proposals.push(resource);
    }

    /// Data components: data sets become cards, other data becomes resources.
    pub(super) fn data(&mut self, data: &[Component<'_>], system: Option<&Proposal>) {
        for component in unique(data.iter()) {
            let cards = dataset::of_component(
                self.file,
                &component,
                &mut self.mentions,
                &mut self.reading.problems,
            );
            if cards.is_empty() {
                let mut resource = self.component_proposal("resource", &component);
                resource.set("kind", "data");
                resource
                    .set("location", component.property("volume.mountPath").unwrap_or_default());
                resource.links.extend(system.map(|system| Link {
                    field: "ai_system",
                    many: false,
                    target: system.as_target(),
                }));
                self.reading.proposals.push(resource);
            }
            for card in cards {
                let target = card.as_target();
                if !self.reading.proposals.iter().any(|known| known.as_target() == target) {
                    self.reading.proposals.push(card);
                }
                // A data set beside the models belongs to the application even if no model names it.
                if let Some(known) = system
                    && let Some(system) = self
                        .reading
                        .proposals
                        .iter_mut()
                        .find(|proposal| proposal.as_target() == known.as_target())
                    && !system.links.iter().any(|link| link.target == target)
                {
                    system.links.push(Link { field: "datasets", many: true, target });
                }
            }
        }
    }

    /// Ordinary components are counted; on request they become resources.
    pub(super) fn others(&mut self, others: &[Component<'_>], system: Option<&Proposal>) {
        if others.is_empty() {
            return;
        }
        if !self.options.components {
            if system.is_some() {
                self.reading.notices.push(format!(
                    "{} ordinary software components were left out; ask for components to propose them as tooling resources",
                    others.len()
                ));
            }
            return;
        }
        for component in unique(others.iter()) {
            let mut resource = self.component_proposal("resource", &component);
            let hardware = component.kind() == "device";
            resource.set("kind", if hardware { "compute" } else { "tooling" });
            resource.links.extend(system.map(|system| Link {
                field: "ai_system",
                many: false,
                target: system.as_target(),
            }));
            self.reading.proposals.push(resource);
        }
    }
}
