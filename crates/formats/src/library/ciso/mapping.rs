//! Mapping sets: which requirement of one framework answers to which of another.

use std::collections::{BTreeMap, HashSet};

use surety_catalog::{Confidence, Mapping, MappingSet, Relationship};

use super::{Known, KnownFramework};
use crate::library::{
    fields::Fields,
    ids::{fold, slug_of_urn},
    report::{Context, Fault, ReferenceKind, Step},
    tree::Node,
};

/// Reads one set. Ends in a framework of the same file become ids; all others stay the URNs that were published, to be
/// resolved when that framework is there.
pub(super) fn read(cx: &mut Context, node: Node<'_>, known: &Known) -> Result<MappingSet, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let line = fields.line;
    let urn = fields.required_text(cx, "urn")?;
    let source_urn = fields.required_text(cx, "source_framework_urn")?;
    let target_urn = fields.required_text(cx, "target_framework_urn")?;
    let source = known.frameworks.get(&fold(&source_urn));
    let target = known.frameworks.get(&fold(&target_urn));
    fields.demand(cx, "requirement_mappings")?;
    let mut set = MappingSet {
        id: slug_of_urn(&urn),
        urn,
        name: fields.text(cx, "name"),
        description: fields.text(cx, "description"),
        source: framework_of(cx, "source_framework_urn", source_urn, source),
        target: framework_of(cx, "target_framework_urn", target_urn, target),
        mappings: fields
            .each(cx, "requirement_mappings", |cx, node| pair(cx, node, source, target))?,
        ..MappingSet::default()
    };
    fields.keep_texts("translations", &mut set.extra);
    set.extra.append(&mut fields.rest(cx, &["ref_id", "annotation"]));
    check_repeats(cx, line, &set);
    check_strengths(cx, &set);
    Ok(set)
}

/// Notes of each set that repeats another one from the other side, so that nobody counts its pairs as further work.
pub(super) fn mark_mirrors(cx: &mut Context, sets: &mut [MappingSet]) {
    let mut seen: BTreeMap<Vec<(String, String, Relationship)>, String> = BTreeMap::new();
    for set in sets {
        let mirrored = seen.get(&pairs(set, Side::Reversed)).cloned();
        let name = if set.urn.is_empty() { set.id.clone() } else { set.urn.clone() };
        match mirrored {
            Some(other) if !set.mappings.is_empty() => {
                cx.notice(format!("`{name}` is `{other}` read from the other side"));
                set.extra.insert("mirror_of".to_owned(), other.into());
            }
            Some(_) | None => {
                seen.insert(pairs(set, Side::AsPublished), name);
            }
        }
    }
}

enum Side {
    AsPublished,
    Reversed,
}

fn pairs(set: &MappingSet, side: Side) -> Vec<(String, String, Relationship)> {
    let mut pairs: Vec<_> = set
        .mappings
        .iter()
        .map(|one| (fold(&one.source), fold(&one.target), one.relationship))
        .map(|(source, target, relationship)| match side {
            Side::AsPublished => (source, target, relationship),
            Side::Reversed => (target, source, relationship.reversed()),
        })
        .collect();
    pairs.sort_unstable();
    pairs
}

fn framework_of(
    cx: &mut Context,
    key: &'static str,
    urn: String,
    framework: Option<&KnownFramework>,
) -> String {
    match framework {
        Some(framework) => framework.id.clone(),
        None => {
            cx.within(Step::Key(key), |cx| cx.unresolved(ReferenceKind::Framework, &urn));
            urn
        }
    }
}

fn pair(
    cx: &mut Context,
    node: Node<'_>,
    source: Option<&KnownFramework>,
    target: Option<&KnownFramework>,
) -> Result<Mapping, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let line = fields.line;
    let source_urn = fields.required_text(cx, "source_requirement_urn")?;
    let target_urn = fields.required_text(cx, "target_requirement_urn")?;
    let relationship = fields.required_text(cx, "relationship")?;
    let Some(relationship) = relationship_of(&relationship) else {
        return Err(cx.within(Step::Key("relationship"), |cx| {
            cx.fault(
                line,
                format!(
                    "`{relationship}` is not a relationship; expected equal, subset, superset, intersect or not_related"
                ),
            )
        }));
    };
    let mut mapping = Mapping {
        source: end(cx, "source_requirement_urn", source_urn, source, ReferenceKind::MappingSource),
        target: end(cx, "target_requirement_urn", target_urn, target, ReferenceKind::MappingTarget),
        relationship,
        // Publishers use three unlike scales without naming them, so the number is kept but not read.
        strength: None,
        rationale: fields.text(cx, "rationale"),
        gap: String::new(),
        confidence: Confidence::Unstated,
        group: None,
        extra: serde_json::Map::new(),
    };
    fields.keep_texts("annotation", &mut mapping.extra);
    mapping.extra.append(&mut fields.rest(cx, &["strength_of_relationship", "urn", "ref_id"]));
    Ok(mapping)
}

fn relationship_of(text: &str) -> Option<Relationship> {
    match fold(text).as_str() {
        "equal" | "equals" => Some(Relationship::Equal),
        "subset" => Some(Relationship::Subset),
        "superset" => Some(Relationship::Superset),
        "intersect" | "intersects" => Some(Relationship::Intersects),
        "not_related" => Some(Relationship::NotRelated),
        _ => None,
    }
}

fn end(
    cx: &mut Context,
    key: &'static str,
    urn: String,
    framework: Option<&KnownFramework>,
    kind: ReferenceKind,
) -> String {
    match framework.and_then(|framework| framework.requirements.get(&fold(&urn))) {
        Some(id) => id.clone(),
        None => {
            cx.within(Step::Key(key), |cx| cx.unresolved(kind, &urn));
            urn
        }
    }
}

fn check_repeats(cx: &mut Context, line: usize, set: &MappingSet) {
    let mut seen = HashSet::with_capacity(set.mappings.len());
    let repeats = set
        .mappings
        .iter()
        .filter(|one| !seen.insert((fold(&one.source), fold(&one.target))))
        .count();
    if repeats > 0 {
        let message = format!("{repeats} of {} pairs repeat an earlier pair", set.mappings.len());
        cx.warn(line, message);
    }
}

fn check_strengths(cx: &mut Context, set: &MappingSet) {
    let strengths = set
        .mappings
        .iter()
        .filter(|one| {
            one.extra.get("strength_of_relationship").is_some_and(|value| !value.is_null())
        })
        .count();
    if strengths > 0 {
        cx.notice(format!(
            "{strengths} pairs of `{}` state a strength without its scale; kept under `extra`",
            set.id
        ));
    }
}
