//! CISO Assistant libraries: one YAML (or JSON) document with `urn`, `locale`, `version` and `objects`.
//!
//! The publishers' reader is written in Python with `PyYAML`, and its grammar grew over years: keys that were once a map
//! are now a list, texts that look like numbers stand without quotes, URNs differ in case from what they refer to. All of
//! that is read here; what the model has no place for is kept under `extra` with the key of the source.

mod definitions;
mod framework;
mod mapping;
mod order;
mod question;
mod requirement;
mod risk;

use std::collections::{HashMap, HashSet};

use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value};
use surety_catalog::Library;

use super::{
    fields::Fields,
    ids::{fold, slug_of_urn},
    report::{Context, Fault, ReferenceKind, Step},
    tree::{Node, Tree},
};

/// Keys that are kept as they are.
const KNOWN: [&str; 5] = ["ref_id", "annotation", "convert_library_version", "labels", "filename"];

/// Reads a whole library.
pub(super) fn read(cx: &mut Context, root: Node<'_>) -> Result<Library, Fault> {
    let mut fields = Fields::open(cx, root)?;
    let line = fields.line;
    let urn = fields.required_text(cx, "urn")?;
    check_urn(cx, line, &urn);
    let objects = fields.required(cx, "objects")?;
    let mut library = Library {
        id: slug_of_urn(&urn),
        urn,
        name: fields.text(cx, "name"),
        description: fields.text(cx, "description"),
        version: fields.text(cx, "version"),
        locale: fields.text(cx, "locale"),
        provider: fields.text(cx, "provider"),
        packager: fields.text(cx, "packager"),
        copyright: fields.text(cx, "copyright"),
        published: date(cx, &mut fields, "publication_date"),
        dependencies: fields.texts(cx, "dependencies"),
        ..Library::default()
    };
    if let Some(node) = fields.take("translations") {
        library.translations = translations(cx, node);
    }
    let kept = cx.within(Step::Key("objects"), |cx| read_objects(cx, &mut library, objects))?;
    check_dependencies(cx, &library);
    library.extra = fields.rest(cx, &KNOWN);
    if !kept.is_empty() {
        library.extra.insert("objects".to_owned(), Value::Object(kept));
    }
    Ok(library)
}

/// What the objects read so far can be referred to by; URNs are folded.
#[derive(Default)]
struct Known {
    threats: HashSet<String>,
    reference_controls: HashSet<String>,
    techniques: HashSet<String>,
    /// By the URN of a framework: its id, and the ids of its requirements by their URNs.
    frameworks: HashMap<String, KnownFramework>,
    framework_ids: super::ids::Ids,
}

#[derive(Default)]
struct KnownFramework {
    id: String,
    requirements: HashMap<String, String>,
}

/// Reads everything under `objects`, things that others refer to first, and returns what is only kept.
fn read_objects(
    cx: &mut Context,
    library: &mut Library,
    objects: Node<'_>,
) -> Result<Map<String, Value>, Fault> {
    let mut fields = Fields::open(cx, objects)?;
    let mut known = Known::default();
    let meta = framework::Meta::of(library);

    library.threats = fields.each_or_one(cx, "threats", definitions::threat)?;
    known.threats = library.threats.iter().map(|threat| fold(&threat.urn)).collect();
    library.reference_controls =
        fields.each_or_one(cx, "reference_controls", definitions::reference_control)?;
    known.reference_controls =
        library.reference_controls.iter().map(|control| fold(&control.urn)).collect();

    library.techniques = definitions::techniques(cx, &mut fields, &mut known)?;
    library.metrics = fields.each_or_one(cx, "metric_definitions", definitions::metric)?;
    for key in ["risk_matrix", "risk_matrices"] {
        library.risk_matrices.extend(fields.each_or_one(cx, key, risk::matrix)?);
    }
    for key in ["framework", "frameworks"] {
        library.frameworks.extend(
            fields.each_or_one(cx, key, |cx, node| framework::read(cx, node, &meta, &mut known))?,
        );
    }
    for key in ["requirement_mapping_set", "requirement_mapping_sets"] {
        library
            .mapping_sets
            .extend(fields.each_or_one(cx, key, |cx, node| mapping::read(cx, node, &known))?);
    }
    mapping::mark_mirrors(cx, &mut library.mapping_sets);
    for (key, what) in [("preset", "a preset"), ("presets", "presets"), ("workflows", "workflows")]
    {
        if fields.has(key) {
            cx.notice(format!(
                "the library holds {what}, instructions for another program; kept under `extra` and not carried out"
            ));
        }
    }
    Ok(fields.rest(cx, &["preset", "presets", "workflows"]))
}

/// Dependencies name other libraries, so the file itself never resolves them, except one on itself.
fn check_dependencies(cx: &mut Context, library: &Library) {
    let own = fold(&library.urn);
    cx.within(Step::Key("dependencies"), |cx| {
        for (index, urn) in library.dependencies.iter().enumerate() {
            if fold(urn) != own {
                cx.within(Step::Index(index), |cx| cx.unresolved(ReferenceKind::Dependency, urn));
            }
        }
    });
}

/// The publishers' own rule for library URNs; other URNs do not even keep to it in their files.
fn check_urn(cx: &mut Context, line: usize, urn: &str) {
    let well_formed = urn.trim().to_lowercase().strip_prefix("urn:").is_some_and(|rest| {
        let parts: Vec<&str> = rest.split(':').collect();
        parts.len() >= 4
            && parts.iter().take(3).all(|part| {
                !part.is_empty()
                    && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
            })
            && parts.iter().skip(3).all(|part| {
                part.chars().all(|c| c.is_ascii_alphanumeric() || "[]()-._".contains(c))
            })
    });
    if !well_formed {
        cx.within(Step::Key("urn"), |cx| {
            cx.warn(line, format!("`{urn}` is not of the form urn:packager:domain:library:name"));
        });
    }
}

/// A calendar date, or the date of an instant; any other text is kept as it is and reported.
fn date(cx: &mut Context, fields: &mut Fields<'_>, key: &'static str) -> Option<Date> {
    let node = fields.take(key)?;
    let text = node.value.clone().into_text().unwrap_or_default();
    let text = text.trim();
    let date =
        text.parse::<Date>().or_else(|_| text.parse::<DateTime>().map(|moment| moment.date())).ok();
    if date.is_none() {
        fields.refuse(cx, key, node, "a date such as 2026-03-31");
    }
    date
}

/// Translations by language.
fn translations(cx: &mut Context, node: Node<'_>) -> Map<String, Value> {
    match node.value {
        Tree::Map(languages) => {
            let texts = languages.into_iter();
            texts
                .map(|(language, node)| (language.into_owned(), node.value.into_json_texts()))
                .collect()
        }
        Tree::Scalar(_) | Tree::List(_) => {
            cx.within(Step::Key("translations"), |cx| {
                cx.error(node.line, "expected a map by language");
            });
            Map::from_iter([("translations".to_owned(), node.value.into_json_texts())])
        }
    }
}
