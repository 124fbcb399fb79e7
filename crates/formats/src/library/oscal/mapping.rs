//! Mapping collections (OSCAL 1.2): many-to-many maps become pairs that share a group.

use serde_json::{Map, Value};
use surety_catalog::{Confidence, Library, Mapping, MappingSet, Relationship};

use crate::{
    library::{
        fields::Fields,
        ids::Ids,
        report::{Context, Fault, ReferenceKind, Step},
        tree::{Node, Tree},
    },
    limits::MAX_NODES,
};

const MAPPING: [&str; 12] = [
    "uuid",
    "method",
    "matching-rationale",
    "status",
    "source-resource",
    "target-resource",
    "source-gap-summary",
    "target-gap-summary",
    "mapping-description",
    "confidence-score",
    "coverage",
    "remarks",
];
const MAP: [&str; 8] =
    ["ns", "qualifiers", "confidence-score", "coverage", "props", "links", "remarks", "class"];
const PROVENANCE: [&str; 4] = ["method", "matching-rationale", "status", "mapping-description"];

/// Reads the rest of a collection.
pub(super) fn read(
    cx: &mut Context,
    mut fields: Fields<'_>,
    mut library: Library,
) -> Result<Library, Fault> {
    let provenance = fields.take("provenance");
    let sources = provenance.as_ref().map(|node| provenance_lines(&node.value)).unwrap_or_default();
    fields.demand(cx, "mappings")?;
    let mut ids = Ids::default();
    let (name, id) = (library.name.clone(), library.id.clone());
    library.mapping_sets = fields.each(cx, "mappings", |cx, node| {
        let mut set = set(cx, node, &sources)?;
        set.id = ids.unique(id.clone());
        set.name.clone_from(&name);
        Ok(set)
    })?;
    if let Some(provenance) = provenance {
        library.extra.insert("provenance".to_owned(), provenance.value.into_json());
    }
    library.extra.append(&mut fields.rest(cx, &["remarks", "props", "links"]));
    Ok(library)
}

/// Who made the mapping, by which method and how far it goes.
fn provenance_lines(value: &Tree<'_>) -> Vec<String> {
    let line =
        |key: &&str| value.text_of(key).map(|text| format!("{}: {text}", key.replace('-', " ")));
    PROVENANCE.iter().filter_map(line).collect()
}

fn set(cx: &mut Context, node: Node<'_>, sources: &[String]) -> Result<MappingSet, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let mut set = MappingSet {
        urn: fields.required_text(cx, "uuid")?,
        sources: sources.to_vec(),
        ..MappingSet::default()
    };
    set.source = resource(cx, &mut fields, "source-resource", &mut set.extra)?;
    set.target = resource(cx, &mut fields, "target-resource", &mut set.extra)?;
    fields.demand(cx, "maps")?;
    let mut maps = Maps { groups: Ids::default(), kept: Map::new(), left: MAX_NODES };
    let pairs = fields.each(cx, "maps", |cx, node| map(cx, node, &mut maps))?;
    set.mappings = pairs.into_iter().flatten().collect();
    if !maps.kept.is_empty() {
        set.extra.insert("maps".to_owned(), Value::Object(maps.kept));
    }
    set.description = fields.text(cx, "mapping-description");
    set.extra.append(&mut fields.rest(cx, &MAPPING));
    Ok(set)
}

/// The link to one side's catalog; the whole resource is kept.
fn resource(
    cx: &mut Context,
    fields: &mut Fields<'_>,
    key: &'static str,
    extra: &mut Map<String, Value>,
) -> Result<String, Fault> {
    let node = fields.required(cx, key)?;
    let line = node.line;
    cx.within(Step::Key(key), |cx| {
        let Some(href) = node.value.text_of("href").map(str::to_owned) else {
            return Err(cx.within(Step::Key("href"), |cx| cx.fault(line, "missing field `href`")));
        };
        cx.within(Step::Key("href"), |cx| cx.unresolved(ReferenceKind::Framework, &href));
        extra.insert(key.to_owned(), node.value.into_json());
        Ok(href)
    })
}

/// What the maps of one set share while they are read.
struct Maps {
    /// UUIDs of maps, made different where authors copied one.
    groups: Ids,
    /// What a map says of all its pairs together, by its group.
    kept: Map<String, Value>,
    /// A few lists multiply to more pairs than memory holds: how many may still come.
    left: usize,
}

/// Every source of a map with every target of it.
fn map(cx: &mut Context, node: Node<'_>, maps: &mut Maps) -> Result<Vec<Mapping>, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let line = fields.line;
    let group = maps.groups.unique(fields.required_text(cx, "uuid")?);
    let mut rest = Map::new();
    let (kind, as_published) = relationship(cx, &mut fields, &mut rest)?;
    let sources = ends(cx, &mut fields, "sources", ReferenceKind::MappingSource, &mut rest)?;
    let targets = ends(cx, &mut fields, "targets", ReferenceKind::MappingTarget, &mut rest)?;
    if sources.is_empty() || targets.is_empty() {
        cx.warn(line, "the map has no source or no target, so it makes no pair");
    }
    maps.left = maps
        .left
        .checked_sub(sources.len().saturating_mul(targets.len()))
        .ok_or_else(|| cx.fault(line, format!("the maps make more than {MAX_NODES} pairs")))?;
    let rationale = fields.text(cx, "matching-rationale");
    let confidence = fields.peek("confidence-score").map_or(Confidence::Unstated, confidence);
    rest.append(&mut fields.rest(cx, &MAP));
    if !rest.is_empty() {
        maps.kept.insert(group.clone(), Value::Object(rest));
    }
    let pair = |source: &String, target: &String| Mapping {
        source: source.clone(),
        target: target.clone(),
        relationship: kind,
        strength: None,
        rationale: rationale.clone(),
        gap: String::new(),
        confidence,
        group: Some(group.clone()),
        extra: as_published
            .map(|text| Map::from_iter([("relationship".to_owned(), Value::from(text))]))
            .unwrap_or_default(),
    };
    let pair = &pair;
    Ok(sources.iter().flat_map(|s| targets.iter().map(move |t| pair(s, t))).collect())
}

/// The relationship of a map, and its published name where two names become one. Drafts of OSCAL 1.2 wrote a map with the
/// name as its `type`; that is understood, reported and kept.
fn relationship(
    cx: &mut Context,
    fields: &mut Fields<'_>,
    rest: &mut Map<String, Value>,
) -> Result<(Relationship, Option<&'static str>), Fault> {
    let node = fields.required(cx, "relationship")?;
    cx.within(Step::Key("relationship"), |cx| {
        let text = match &node.value {
            Tree::Map(_) => {
                cx.warn(node.line, "written as in a draft of OSCAL 1.2: a map with `type`");
                rest.insert("relationship".to_owned(), node.value.clone().into_json());
                node.value.text_of("type").map(str::to_owned)
            }
            Tree::Scalar(_) | Tree::List(_) => node.value.clone().into_text(),
        };
        let text = text.ok_or_else(|| cx.mismatch(&node, "text"))?;
        relationship_of(&text).ok_or_else(|| {
            cx.fault(node.line, format!("`{text}` is not a relationship of OSCAL 1.2"))
        })
    })
}

fn relationship_of(text: &str) -> Option<(Relationship, Option<&'static str>)> {
    match text {
        "equal-to" => Some((Relationship::Equal, None)),
        "equivalent-to" => Some((Relationship::Equal, Some("equivalent-to"))),
        "subset-of" => Some((Relationship::Subset, None)),
        "superset-of" => Some((Relationship::Superset, None)),
        "intersects-with" => Some((Relationship::Intersects, None)),
        "no-relationship" => Some((Relationship::NotRelated, None)),
        _ => None,
    }
}

/// The ids at one end (`id_ref` in drafts of OSCAL 1.2). Ends that are not plain controls are kept whole.
fn ends(
    cx: &mut Context,
    fields: &mut Fields<'_>,
    key: &'static str,
    kind: ReferenceKind,
    rest: &mut Map<String, Value>,
) -> Result<Vec<String>, Fault> {
    let mut ids = Vec::new();
    let mut plain = true;
    let whole = fields.peek(key).cloned();
    fields.each(cx, key, |cx, node| {
        let mut end = Fields::open(cx, node)?;
        let id_key = if end.has("id_ref") { "id_ref" } else { "id-ref" };
        let id = end.required_text(cx, id_key)?;
        cx.within(Step::Key(id_key), |cx| cx.unresolved(kind, &id));
        plain &= end.text(cx, "type") == "control";
        plain &= end.rest(cx, &["props", "links", "remarks"]).is_empty();
        ids.push(id);
        Ok(())
    })?;
    if let Some(whole) = whole
        && !plain
    {
        rest.insert(key.to_owned(), whole.into_json());
    }
    Ok(ids)
}

/// A score is a category or a percentage.
fn confidence(score: &Tree<'_>) -> Confidence {
    match score.text_of("category") {
        Some("high" | "very-high") => Confidence::High,
        Some("medium" | "moderate") => Confidence::Medium,
        Some("low" | "very-low") => Confidence::Low,
        Some(_) | None => Confidence::Unstated,
    }
}
