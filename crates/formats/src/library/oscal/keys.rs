//! The keys that OSCAL 1.2.2 defines for the assemblies read here. All others are reported, and kept like these.

use crate::library::{
    report::{Context, Step},
    tree::Tree,
};

pub(super) const METADATA: [&str; 15] = [
    "title",
    "published",
    "last-modified",
    "version",
    "oscal-version",
    "revisions",
    "document-ids",
    "props",
    "links",
    "roles",
    "locations",
    "parties",
    "responsible-parties",
    "actions",
    "remarks",
];
const PROP: [&str; 7] = ["name", "uuid", "ns", "value", "class", "group", "remarks"];
const LINK: [&str; 5] = ["href", "rel", "media-type", "resource-fragment", "text"];
const PART: [&str; 9] = ["id", "name", "ns", "class", "title", "props", "prose", "parts", "links"];
const PARAM: [&str; 12] = [
    "id",
    "class",
    "depends-on",
    "props",
    "links",
    "label",
    "usage",
    "constraints",
    "guidelines",
    "values",
    "select",
    "remarks",
];

/// Reports keys of a map that are not among `known`.
pub(super) fn check(cx: &mut Context, value: &Tree<'_>, known: &[&str]) {
    if let Tree::Map(entries) = value {
        for (key, _) in entries {
            if !known.contains(&&**key) {
                cx.unknown_key(key);
            }
        }
    }
}

/// Reports unknown keys of the properties, links, parts and parameters of a control or group.
pub(super) fn check_common(cx: &mut Context, key: &'static str, value: &Tree<'_>) {
    let known: &[&str] = match key {
        "props" => &PROP,
        "links" => &LINK,
        "parts" => &PART,
        "params" => &PARAM,
        _ => return,
    };
    cx.within(Step::Key(key), |cx| {
        for (index, item) in value.items().enumerate() {
            cx.within(Step::Index(index), |cx| {
                check(cx, item, known);
                if matches!(key, "parts" | "params") {
                    for inner in ["props", "links", "parts"] {
                        if let Some(value) = item.get(inner) {
                            check_common(cx, inner, value);
                        }
                    }
                }
            });
        }
    });
}
