//! One requirement node, before it has an id and a place in the tree.

use serde_json::Map;
use surety_catalog::{Requirement, RequirementKind};

use super::{Known, question};
use crate::library::{
    fields::Fields,
    ids::fold,
    report::{Context, Fault, ReferenceKind, Step},
    tree::Node,
};

const KNOWN: [&str; 6] = [
    "weight",
    "display_mode",
    "min_score",
    "max_score",
    "scores_definition_ref",
    "visibility_expression",
];

/// A requirement as its node states it; `id`, `label` and `parent` follow from the others.
pub(super) struct RawNode {
    pub(super) requirement: Requirement,
    pub(super) ref_id: Option<String>,
    pub(super) parent_urn: Option<String>,
    pub(super) depth: Option<i64>,
    pub(super) line: usize,
}

/// Reads one of `requirement_nodes`.
pub(super) fn read(cx: &mut Context, node: Node<'_>, known: &Known) -> Result<RawNode, Fault> {
    let mut fields = Fields::open(cx, node)?;
    let line = fields.line;
    let urn = fields.required_text(cx, "urn")?;
    let assessable = fields.boolean(cx, "assessable").unwrap_or_default();
    let groups = fields.texts(cx, "implementation_groups");
    let mut requirement = Requirement {
        urn,
        kind: kind(assessable, &groups),
        title: fields.text(cx, "name"),
        text: fields.text(cx, "description"),
        guidance: fields.text(cx, "annotation"),
        assessable,
        groups,
        artefacts: fields.texts(cx, "typical_evidence"),
        threats: fields.texts(cx, "threats"),
        reference_controls: fields.texts(cx, "reference_controls"),
        questions: question::read_all(cx, &mut fields)?,
        extra: Map::new(),
        ..Requirement::default()
    };
    check_references(cx, &requirement, known);
    let ref_id = fields.optional_text(cx, "ref_id").filter(|id| !id.trim().is_empty());
    let parent_urn = fields.optional_text(cx, "parent_urn").filter(|urn| !urn.trim().is_empty());
    let depth = fields.integer(cx, "depth");
    fields.keep_texts("translations", &mut requirement.extra);
    requirement.extra.append(&mut fields.rest(cx, &KNOWN));
    Ok(RawNode { requirement, ref_id, parent_urn, depth, line })
}

/// Publishers of ISO standards put the controls, of which a Statement of Applicability is made, and the clauses into
/// groups of these names; of other frameworks nothing is known.
fn kind(assessable: bool, groups: &[String]) -> RequirementKind {
    let in_group = |name: &str| groups.iter().any(|group| fold(group) == name);
    if !assessable {
        RequirementKind::Heading
    } else if in_group("controls") {
        RequirementKind::Control
    } else if in_group("clauses") {
        RequirementKind::Clause
    } else {
        RequirementKind::Other
    }
}

fn check_references(cx: &mut Context, requirement: &Requirement, known: &Known) {
    for urn in &requirement.threats {
        if !known.threats.contains(&fold(urn)) {
            cx.within(Step::Key("threats"), |cx| cx.unresolved(ReferenceKind::Threat, urn));
        }
    }
    for urn in &requirement.reference_controls {
        if !known.reference_controls.contains(&fold(urn)) {
            cx.within(Step::Key("reference_controls"), |cx| {
                cx.unresolved(ReferenceKind::ReferenceControl, urn);
            });
        }
    }
}
