//! CycloneDX ML-BOM, JSON, versions 1.5 to 1.7 (ECMA-424).
//!
//! `metadata.component` is the AI system if the file holds a model or data set; without one, each model is a system of
//! its own. Models inside a system become names and tooling resources, data becomes data set cards, considerations of
//! the model card become risks that somebody still has to judge. An ordinary software bill of materials holds nothing
//! for the inventory, which is no error.

mod component;
mod considerations;
mod dataset;
mod evidence;
mod resources;

use serde_json::{Map, Value};

use self::component::{Component, Facts};
use super::{
    fold::fold_name,
    json::{items, text},
    mention::Mentions,
    proposal::{
        Format, InventoryError, Link, Options, Place, Problem, Proposal, Reading, Severity,
        Unmapped,
    },
    terms,
};

/// Whether a JSON tree calls itself CycloneDX.
pub(crate) fn is_cyclonedx(value: &Value) -> bool {
    value
        .get("bomFormat")
        .and_then(Value::as_str)
        .is_some_and(|format| format.eq_ignore_ascii_case("CycloneDX"))
        || value
            .get("$schema")
            .and_then(Value::as_str)
            .is_some_and(|schema| schema.contains("cyclonedx.org/schema/bom"))
}

pub(crate) fn read(file: &str, bom: &Value, options: &Options) -> Result<Reading, InventoryError> {
    let version = text(bom, "specVersion").unwrap_or_default();
    if !(version.is_empty() || version.starts_with("1.")) {
        return Err(InventoryError::Version {
            file: file.to_owned(),
            format: Format::CycloneDx,
            version,
            hint: "versions 1.5 to 1.7 are read; ask the producer for one of them".to_owned(),
        });
    }
    let mut reader = Bom {
        file,
        bom,
        options,
        mentions: Mentions::default(),
        reading: Reading {
            format: Format::CycloneDx,
            proposals: Vec::new(),
            problems: Vec::new(),
            notices: Vec::new(),
            unmapped: Vec::new(),
        },
    };
    if !matches!(version.as_str(), "1.5" | "1.6" | "1.7") {
        reader
            .reading
            .notices
            .push(format!("is of version {version}; read as far as 1.5 to 1.7 explain it"));
    }
    reader.read();
    reader.mentions.join(&mut reader.reading.proposals);
    Ok(reader.reading)
}

struct Bom<'a> {
    file: &'a str,
    bom: &'a Value,
    options: &'a Options,
    mentions: Mentions,
    reading: Reading,
}

impl<'a> Bom<'a> {
    fn read(&mut self) {
        let components = component::all(self.bom);
        let main = self
            .bom
            .pointer("/metadata/component")
            .filter(|main| main.is_object())
            .map(|value| Component { value, path: "metadata.component".to_owned() });
        let (models, data, others) = sorted(components);
        let main_is_model = main.as_ref().is_some_and(Component::is_model);
        if models.is_empty() && data.is_empty() && !main_is_model {
            self.ordinary(main.as_ref(), &others);
            return;
        }
        let mut systems: Vec<Proposal> = Vec::new();
        match &main {
            Some(main) if !main_is_model && !models.is_empty() => {
                let system = self.composed(main, &models, &data);
                systems.push(system);
            }
            Some(_) | None => {
                for model in unique(main.iter().filter(|_| main_is_model).chain(&models)) {
                    let system = self.model_system(&model, &data);
                    systems.push(system);
                }
            }
        }
        let first = systems.first().cloned();
        self.reading.proposals.splice(0..0, systems);
        self.data(&data, first.as_ref());
        self.others(&others, first.as_ref());
        self.bill(first.as_ref(), !data.is_empty());
        self.unknown_keys(models.iter().chain(&data).chain(&main));
    }

    /// No model, no data set.
    fn ordinary(&mut self, main: Option<&Component<'_>>, others: &[Component<'_>]) {
        let name = main
            .and_then(|main| text(main.value, "name"))
            .map(|name| format!(" of {name}"))
            .unwrap_or_default();
        self.reading.notices.push(format!(
            "is an ordinary software bill of materials{name}: {} components, no model and no data set",
            others.len()
        ));
        if self.options.components {
            self.others(others, None);
        }
    }

    /// An application with models in it.
    fn composed(
        &mut self,
        main: &Component<'a>,
        models: &[Component<'a>],
        data: &[Component<'a>],
    ) -> Proposal {
        let mut system = self.component_proposal("ai_system", main);
        let models = unique(models.iter());
        let one = models.len() == 1;
        let facts: Vec<(&Component<'_>, Facts)> =
            models.iter().map(|model| (model, Facts::of(model))).collect();
        system.set(
            "model_names",
            facts.iter().map(|(_, facts)| facts.full_name.clone()).collect::<Vec<_>>(),
        );
        for (model, facts) in &facts {
            self.supplied(&mut system, model, facts);
            self.model_facts(&mut system, model, facts, data, !one);
        }
        // The application is the model with a server around it: what holds for the model holds for it.
        if let [(_, facts)] = facts.as_slice()
            && fold_name(&facts.name) == fold_name(&system.name)
            && facts.open
        {
            system.set("origin", "open_model");
        }
        self.metadata_properties(&mut system);
        for (model, facts) in &facts {
            self.model_resource(model, facts, &system);
        }
        system
    }

    /// A model that stands for itself.
    fn model_system(&mut self, model: &Component<'a>, data: &[Component<'a>]) -> Proposal {
        let facts = Facts::of(model);
        let mut system = self.component_proposal("ai_system", model);
        system.set("model_names", vec![facts.full_name.clone()]);
        if facts.open {
            system.set("origin", "open_model");
        }
        self.supplied(&mut system, model, &facts);
        self.model_facts(&mut system, model, &facts, data, false);
        self.metadata_properties(&mut system);
        system
    }

    /// A proposal with what every component states about itself.
    fn component_proposal(&mut self, kind: &'static str, component: &Component<'_>) -> Proposal {
        let (source, external_id) = component.identity();
        let mut proposal = Proposal {
            name: component.name(),
            source,
            external_id,
            ..Proposal::new(kind, Place::path(self.file, component.path.as_str()))
        };
        if proposal.name.is_empty() {
            proposal.name = "unnamed component".to_owned();
            self.reading.problems.push(Problem {
                place: proposal.place.clone(),
                severity: Severity::Warning,
                value: None,
                message: "has no name: give the component a name".to_owned(),
            });
        }
        proposal.set("name", proposal.name.clone());
        if let Some(version) = text(component.value, "version") {
            proposal.set("version", version);
        }
        if kind == "resource" {
            proposal.set("details", details(component));
        } else {
            for (key, value) in component.facts_beside() {
                proposal.keep(&key, value);
            }
        }
        if kind == "ai_system" {
            proposal.set("description", text(component.value, "description").unwrap_or_default());
            proposal.set("licence", component::licence(component.value).unwrap_or_default());
        }
        proposal
    }

    /// Suppliers of a model, linked from its system.
    fn supplied(&mut self, system: &mut Proposal, model: &Component<'_>, facts: &Facts) {
        let place = Place::path(self.file, model.path.as_str());
        for (name, url) in &facts.suppliers {
            let link =
                self.mentions.supplier("suppliers", true, name, "model", url.as_deref(), &place);
            if !system.links.contains(&link) {
                system.links.push(link);
            }
        }
    }

    /// What the model card says goes into the system; with several models, each statement names its model.
    fn model_facts(
        &mut self,
        system: &mut Proposal,
        model: &Component<'_>,
        facts: &Facts,
        data: &[Component<'_>],
        several: bool,
    ) {
        let said_of = |statement: String| {
            if several { format!("{}: {statement}", facts.name) } else { statement }
        };
        if let Some(kind) = facts
            .task
            .as_deref()
            .and_then(terms::kind_of_task)
            .filter(|_| !system.body.contains_key("kind"))
        {
            system.set("kind", kind);
        }
        let texts = [
            ("purpose", &facts.use_cases, "; "),
            ("users", &facts.users, "; "),
            ("limitations", &facts.limitations, "\n"),
        ];
        for (field, statements, separator) in texts {
            if !statements.is_empty() {
                append(system, field, &said_of(statements.join(separator)));
            }
        }
        if !system.body.contains_key("purpose")
            && let Some(task) = &facts.task
        {
            system.set("purpose", task.as_str());
        }
        if !facts.metrics.is_empty() {
            let mut metrics =
                system.body.get("metrics").and_then(Value::as_array).cloned().unwrap_or_default();
            metrics.extend(facts.metrics.iter().cloned());
            system.set("metrics", metrics);
            let evidence = self.test_results(system, model, facts);
            self.reading.proposals.push(evidence);
        }
        if !facts.parameters.is_empty() {
            let key = if several {
                format!("model parameters of {}", facts.name)
            } else {
                "model parameters".to_owned()
            };
            system.keep(&key, facts.parameters.clone());
        }
        let found = considerations::proposals(self.file, model, facts, system);
        self.reading.proposals.extend(found);
        for card in dataset::of_model(
            self.file,
            model,
            facts,
            data,
            &mut self.mentions,
            &mut self.reading.problems,
        ) {
            let link = Link { field: "datasets", many: true, target: card.as_target() };
            if !system.links.contains(&link) {
                system.links.push(link);
            }
            if !self.reading.proposals.iter().any(|known| known.as_target() == card.as_target()) {
                self.reading.proposals.push(card);
            }
        }
    }

    /// What generators without model card write: `primaryPurpose`, `suppliedBy`, `aibom.*`.
    fn metadata_properties(&mut self, system: &mut Proposal) {
        let mut properties = Map::new();
        for property in items(self.bom.get("metadata").unwrap_or(&Value::Null), "properties") {
            let (Some(name), Some(value)) = (text(property, "name"), text(property, "value"))
            else {
                continue;
            };
            match name.rsplit(['.', ':']).next().unwrap_or_default() {
                "primaryPurpose" => {
                    if !system.body.contains_key("purpose") {
                        system.set("purpose", value.as_str());
                    }
                    if let Some(kind) =
                        terms::kind_of_task(&value).filter(|_| !system.body.contains_key("kind"))
                    {
                        system.set("kind", kind);
                    }
                }
                "suppliedBy" => {
                    let place = Place::path(self.file, "metadata.properties");
                    let link =
                        self.mentions.supplier("suppliers", true, &value, "model", None, &place);
                    if !system.links.iter().any(|known| known.target == link.target) {
                        system.links.push(link);
                    }
                }
                _ => {}
            }
            properties.insert(name, value.into());
        }
        if !properties.is_empty() {
            system.keep("metadata properties", properties);
        }
    }

    /// Keys of models and data that no field takes in.
    fn unknown_keys<'b>(&mut self, components: impl Iterator<Item = &'b Component<'b>>) {
        let mut found: Vec<Unmapped> = Vec::new();
        for component in components {
            for (key, value) in component.unknown() {
                match found.iter_mut().find(|known| known.name == key) {
                    Some(known) => known.filled = known.filled.saturating_add(1),
                    None => found.push(Unmapped {
                        place: Place::path(self.file, format!("{}.{key}", component.path)),
                        example: super::fold::shortened(&value.to_string(), 60),
                        name: key,
                        filled: 1,
                    }),
                }
            }
        }
        self.reading.unmapped.extend(found);
    }
}

fn details(component: &Component<'_>) -> Map<String, Value> {
    component
        .facts_beside()
        .into_iter()
        .chain(
            component::licence(component.value)
                .map(|licence| ("licence".to_owned(), licence.into())),
        )
        .collect()
}

/// Adds a paragraph to a text field.
fn append(proposal: &mut Proposal, field: &str, statement: &str) {
    let before = proposal
        .body
        .get(field)
        .and_then(Value::as_str)
        .map(|text| format!("{text}\n"))
        .unwrap_or_default();
    proposal.set(field, terms::capped(&format!("{before}{statement}"), 4_000));
}

/// Models, data, everything else.
fn sorted(
    components: Vec<Component<'_>>,
) -> (Vec<Component<'_>>, Vec<Component<'_>>, Vec<Component<'_>>) {
    let (models, rest): (Vec<_>, Vec<_>) = components.into_iter().partition(Component::is_model);
    let (data, others) = rest.into_iter().partition(Component::is_data);
    (models, data, others)
}

/// Each thing once, though a scan may have found it twice.
fn unique<'a, 'b>(components: impl Iterator<Item = &'b Component<'a>>) -> Vec<Component<'a>>
where
    'a: 'b,
{
    let mut seen = std::collections::HashSet::new();
    components.filter(|component| seen.insert(component.identity())).cloned().collect()
}
