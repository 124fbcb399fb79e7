//! Promises of the library formats. All fixtures are fictional; they have the shapes of the real files.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy knows only plain #[test] functions as tests"
)]

mod ciso;
mod errors;
mod hostile;
mod oddities;
mod oscal;
mod recognise;

use surety_catalog::{Framework, Library, Requirement};
use surety_formats::library::{Import, read};

const HARBOUR: &str = include_str!("fixtures/harbour.yaml");
const OSCAL_CATALOG: &str = include_str!("fixtures/oscal-catalog.json");
const OSCAL_PROFILE: &str = include_str!("fixtures/oscal-profile.json");
const OSCAL_MAPPING: &str = include_str!("fixtures/oscal-mapping.json");

fn import(name: &str, text: &str) -> Import {
    read(name, text.as_bytes()).unwrap()
}

fn framework(library: &Library) -> &Framework {
    library.frameworks.first().unwrap()
}

fn requirement<'l>(library: &'l Library, id: &str) -> &'l Requirement {
    let found = framework(library).requirements.iter().find(|one| one.id == id);
    found.unwrap_or_else(|| panic!("no requirement {id}"))
}

/// A library with one framework of the given nodes, in flow style, one a line.
fn with_nodes(nodes: &[&str]) -> String {
    let mut text = "urn: urn:acme:risk:library:small\nref_id: small\nname: Small\nversion: 1\nlocale: en\nobjects:\n  framework:\n    \
         urn: urn:acme:risk:framework:small\n    ref_id: small\n    name: Small\n    requirement_nodes:\n"
        .to_owned();
    for node in nodes {
        text.push_str(&format!("    - {node}\n"));
    }
    text
}

/// What a value says, without everything empty: a field that the model gains later changes no snapshot.
fn said(value: &impl serde::Serialize) -> serde_json::Value {
    fn is_empty(value: &serde_json::Value) -> bool {
        use serde_json::Value;
        match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        }
    }
    fn prune(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Array(items) => items.iter_mut().for_each(prune),
            serde_json::Value::Object(fields) => {
                fields.values_mut().for_each(prune);
                fields.retain(|_, value| !is_empty(value));
            }
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)
            | serde_json::Value::String(_) => {}
        }
    }
    let mut value = serde_json::to_value(value).unwrap();
    prune(&mut value);
    value
}
