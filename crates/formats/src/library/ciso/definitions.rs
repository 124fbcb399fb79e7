//! What requirements and risks refer to: threats, reference controls, techniques, metrics.

use surety_catalog::{MetricDefinition, ReferenceControl, Technique, Threat};

use super::Known;
use crate::library::{
    fields::Fields,
    ids::{fold, tail_of_urn},
    report::{Context, Fault, ReferenceKind, Step},
    tree::Node,
};

/// Reads one of `threats`.
pub(super) fn threat(cx: &mut Context, node: Node<'_>) -> Result<Threat, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let urn = fields.required_text(cx, "urn")?;
    let mut threat = Threat {
        id: id(cx, &mut fields, &urn),
        urn,
        name: fields.text(cx, "name"),
        description: fields.text(cx, "description"),
        ..Threat::default()
    };
    fields.keep_texts("translations", &mut threat.extra);
    threat.extra.append(&mut fields.rest(cx, &["annotation"]));
    Ok(threat)
}

/// Reads one of `reference_controls`.
pub(super) fn reference_control(
    cx: &mut Context,
    node: Node<'_>,
) -> Result<ReferenceControl, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let urn = fields.required_text(cx, "urn")?;
    let mut control = ReferenceControl {
        id: id(cx, &mut fields, &urn),
        urn,
        name: fields.text(cx, "name"),
        category: fields.text(cx, "category"),
        csf_function: fields.text(cx, "csf_function"),
        description: fields.text(cx, "description"),
        typical_evidence: fields.texts(cx, "typical_evidence"),
        ..ReferenceControl::default()
    };
    fields.keep_texts("translations", &mut control.extra);
    control.extra.append(&mut fields.rest(cx, &["annotation"]));
    Ok(control)
}

/// Reads one of `metric_definitions`.
pub(super) fn metric(cx: &mut Context, node: Node<'_>) -> Result<MetricDefinition, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let urn = fields.required_text(cx, "urn")?;
    let mut metric = MetricDefinition {
        id: id(cx, &mut fields, &urn),
        urn,
        name: fields.text(cx, "name"),
        description: fields.text(cx, "description"),
        category: fields.text(cx, "category"),
        unit: fields.text(cx, "unit"),
        ..MetricDefinition::default()
    };
    fields.keep_texts("translations", &mut metric.extra);
    fields.keep_texts("choices_definition", &mut metric.extra);
    metric
        .extra
        .append(&mut fields.rest(cx, &["annotation", "default_target", "higher_is_better"]));
    Ok(metric)
}

/// Reads catalogs, tactics and techniques of adversaries, in this order, since each refers to the former.
pub(super) fn techniques(
    cx: &mut Context,
    fields: &mut Fields<'_>,
    known: &mut Known,
) -> Result<Vec<Technique>, Fault> {
    let mut all = Vec::new();
    for (key, kind) in [
        ("ttp_catalogs", "catalog"),
        ("tactics", "tactic"),
        ("ttp_tactics", "tactic"),
        ("techniques", "technique"),
        ("ttp_techniques", "technique"),
    ] {
        let start = all.len();
        all.append(&mut fields.each_or_one(cx, key, |cx, node| technique(cx, node, kind))?);
        let read = all.get(start..).unwrap_or_default();
        known.techniques.extend(read.iter().map(|technique| fold(&technique.urn)));
        cx.within(Step::Key(key), |cx| {
            for (index, technique) in read.iter().enumerate() {
                cx.within(Step::Index(index), |cx| check_references(cx, technique, known));
            }
        });
    }
    Ok(all)
}

fn technique(cx: &mut Context, node: Node<'_>, kind: &str) -> Result<Technique, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let urn = fields.required_text(cx, "urn")?;
    let mut technique = Technique {
        id: id(cx, &mut fields, &urn),
        urn,
        kind: kind.to_owned(),
        name: fields.text(cx, "name"),
        description: fields.text(cx, "description"),
        parent: fields.text(cx, "parent_urn"),
        tactics: fields.texts(cx, "tactics"),
        ..Technique::default()
    };
    for key in
        ["translations", "catalog_urn", "reference_controls", "groups", "grouping_definition"]
    {
        fields.keep_texts(key, &mut technique.extra);
    }
    technique.extra.append(&mut fields.rest(cx, &["annotation", "threats"]));
    Ok(technique)
}

fn check_references(cx: &mut Context, technique: &Technique, known: &Known) {
    if !technique.parent.is_empty() && !known.techniques.contains(&fold(&technique.parent)) {
        cx.within(Step::Key("parent_urn"), |cx| {
            cx.unresolved(ReferenceKind::Parent, &technique.parent);
        });
    }
    for tactic in &technique.tactics {
        if !known.techniques.contains(&fold(tactic)) {
            cx.within(Step::Key("tactics"), |cx| cx.unresolved(ReferenceKind::Technique, tactic));
        }
    }
    let texts = |key: &str| {
        let value = technique.extra.get(key);
        let list = value.and_then(|value| value.as_array()).into_iter().flatten();
        list.chain(value).filter_map(|value| value.as_str())
    };
    for catalog in texts("catalog_urn") {
        if !known.techniques.contains(&fold(catalog)) {
            cx.within(Step::Key("catalog_urn"), |cx| {
                cx.unresolved(ReferenceKind::Technique, catalog);
            });
        }
    }
    for control in texts("reference_controls") {
        if !known.reference_controls.contains(&fold(control)) {
            cx.within(Step::Key("reference_controls"), |cx| {
                cx.unresolved(ReferenceKind::ReferenceControl, control);
            });
        }
    }
}

/// What the publisher prints, or else the end of the URN.
fn id(cx: &mut Context, fields: &mut Fields<'_>, urn: &str) -> String {
    match fields.optional_text(cx, "ref_id") {
        Some(id) if !id.trim().is_empty() => id,
        Some(_) | None => tail_of_urn(urn).to_owned(),
    }
}
