//! Profiles: which controls of which catalogs are selected.

use serde_json::{Map, Value};
use surety_catalog::{Library, Profile};

use super::{resource_links, texts};
use crate::library::{
    fields::Fields,
    report::{Context, Fault, ReferenceKind, Step},
    tree::{Node, Tree},
};

/// Reads the rest of a profile: one selection for each import. `merge` and `modify` are kept with each.
pub(super) fn read(
    cx: &mut Context,
    mut fields: Fields<'_>,
    mut library: Library,
) -> Result<Library, Fault> {
    fields.demand(cx, "imports")?;
    let mut profiles = fields.each(cx, "imports", |cx, node| import(cx, node, &library))?;
    let mut shared = Map::new();
    for key in ["merge", "modify"] {
        if let Some(node) = fields.take(key) {
            shared.insert(key.to_owned(), node.value.into_json());
        }
    }
    if shared.contains_key("modify") {
        cx.notice("the profile changes controls that it selects (`modify`); kept under `extra` and not applied");
    }
    for profile in &mut profiles {
        profile.extra.extend(shared.clone());
    }
    library.profiles = profiles;
    library.extra.append(&mut fields.rest(cx, &[]));
    Ok(library)
}

fn import(cx: &mut Context, node: Node<'_>, library: &Library) -> Result<Profile, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let source = fields.required_text(cx, "href")?;
    cx.within(Step::Key("href"), |cx| cx.unresolved(ReferenceKind::Framework, &source));
    let mut extra = Map::new();
    let links = resource_links(library, &source);
    if !links.is_empty() {
        extra.insert("source_links".to_owned(), Value::Array(links));
    }
    let include = fields.take("include-controls");
    let exclude = fields.take("exclude-controls");
    // An import that names no controls takes them all, as if it said so.
    let all = fields.take("include-all").is_some() || include.is_none();
    let included = selected(cx, "include-controls", include, &mut extra);
    let excluded = selected(cx, "exclude-controls", exclude, &mut extra);
    extra.append(&mut fields.rest(cx, &[]));
    Ok(Profile {
        urn: library.urn.clone(),
        name: library.name.clone(),
        source,
        included,
        excluded,
        all,
        extra,
    })
}

/// The ids that are named. A selection that says more than ids (patterns, children) is kept whole beside them.
fn selected(
    cx: &mut Context,
    key: &'static str,
    node: Option<Node<'_>>,
    extra: &mut Map<String, Value>,
) -> Vec<String> {
    let Some(node) = node else { return Vec::new() };
    let ids =
        node.value.items().filter_map(|choice| choice.get("with-ids")).flat_map(texts).collect();
    let only_ids = node.value.items().all(|choice| match choice {
        Tree::Map(entries) => entries.iter().all(|(key, _)| key == "with-ids"),
        Tree::Scalar(_) | Tree::List(_) => false,
    });
    if !only_ids || !matches!(node.value, Tree::List(_)) {
        cx.within(Step::Key(key), |cx| {
            cx.warn(
                node.line,
                "selects by more than ids; the whole is kept, and only the ids are used",
            );
        });
        extra.insert(key.to_owned(), node.value.into_json());
    }
    ids
}
