//! Models about systems and assessments: recognised and kept whole, but not turned into records by this reader.

use serde_json::{Map, Value};
use surety_catalog::{Library, Profile};

use super::resource_links;
use crate::library::{
    fields::Fields,
    report::{Context, Fault, ReferenceKind, Step},
    tree::Tree,
};

const COMPONENT_DEFINITION: [&str; 3] =
    ["import-component-definitions", "components", "capabilities"];

/// Keys below the root of the models that are kept whole.
const KNOWN: [&str; 19] = [
    "import-ap",
    "import-ssp",
    "import-profile",
    "system-id",
    "local-definitions",
    "results",
    "observations",
    "risks",
    "findings",
    "poam-items",
    "terms-and-conditions",
    "reviewed-controls",
    "assessment-subjects",
    "assessment-assets",
    "tasks",
    "system-characteristics",
    "system-implementation",
    "control-implementation",
    "remarks",
];

/// Keeps the document and makes a selection out of each list of implemented requirements.
pub(super) fn component_definition(
    cx: &mut Context,
    fields: Fields<'_>,
    mut library: Library,
) -> Result<Library, Fault> {
    for key in ["components", "capabilities"] {
        if let Some(holders) = fields.peek(key) {
            let holders = holders.items().enumerate();
            cx.within(Step::Key(key), |cx| {
                for (index, holder) in holders {
                    let found =
                        cx.within(Step::Index(index), |cx| implemented(cx, holder, &library));
                    library.profiles.extend(found);
                }
            });
        }
    }
    let kept = fields.rest(cx, &COMPONENT_DEFINITION);
    library.extra.insert("component-definition".to_owned(), Value::Object(kept));
    cx.notice(
        "a component definition says how controls are implemented: it is kept whole, and the controls that it names \
         become a selection; no control is taken as implemented",
    );
    Ok(library)
}

/// Keeps the document under the name of its model.
pub(super) fn whole(
    cx: &mut Context,
    fields: Fields<'_>,
    mut library: Library,
    model: &str,
) -> Library {
    let kept = fields.rest(cx, &KNOWN);
    library.extra.insert(model.to_owned(), Value::Object(kept));
    cx.notice(format!(
        "an OSCAL document of the model `{model}` brings no framework: it is kept whole and nothing of it is used as a requirement, \
         finding or action"
    ));
    library
}

fn implemented(cx: &mut Context, holder: &Tree<'_>, library: &Library) -> Vec<Profile> {
    let key = "control-implementations";
    let lists = holder.get(key).into_iter().flat_map(Tree::items).enumerate();
    cx.within(Step::Key(key), |cx| {
        lists
            .map(|(index, list)| {
                let source = list.text_of("source").unwrap_or_default().to_owned();
                cx.within(Step::Index(index), |cx| {
                    cx.within(Step::Key("source"), |cx| {
                        cx.unresolved(ReferenceKind::Framework, &source);
                    });
                });
                let controls =
                    list.get("implemented-requirements").into_iter().flat_map(Tree::items);
                let mut extra = Map::new();
                let links = resource_links(library, &source);
                if !links.is_empty() {
                    extra.insert("source_links".to_owned(), Value::Array(links));
                }
                Profile {
                    urn: list.text_of("uuid").unwrap_or_default().to_owned(),
                    name: holder.text_of("title").unwrap_or(&library.name).to_owned(),
                    source,
                    included: controls
                        .filter_map(|one| one.text_of("control-id"))
                        .map(str::to_owned)
                        .collect(),
                    extra,
                    ..Profile::default()
                }
            })
            .collect()
    })
}
