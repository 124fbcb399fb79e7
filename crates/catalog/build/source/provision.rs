//! The provisions of a law as requirements.

use serde_json::Value;

use super::{kept, texts};
use crate::{Article, Requirement, RequirementKind, Scope};

/// An article and its provisions as requirements: the article is the heading, unless it is a single provision itself.
pub(super) fn provisions_of(article: &Article) -> Vec<Requirement> {
    let heading = format!("aia.art{}", article.number);
    let alone =
        article.obligations.iter().any(|one| one.id == heading && article.obligations.len() == 1);
    let mut requirements = Vec::new();
    if !alone {
        let label = format!("Art {}", article.number);
        let named = article.obligations.iter().any(|one| one.reference == label);
        requirements.push(Requirement {
            id: heading.clone(),
            // A provision that stands for the whole article has the name already.
            aliases: if named { Vec::new() } else { vec![label.clone()] },
            label,
            title: article.title.clone(),
            ..Requirement::default()
        });
    }
    requirements.extend(article.obligations.iter().map(|one| Requirement {
        id: one.id.clone(),
        aliases: vec![one.reference.clone()],
        label: one.reference.clone(),
        parent: (!alone).then(|| heading.clone()),
        kind: RequirementKind::Obligation,
        title: one.title.clone(),
        text: one.summary.clone(),
        guidance: one.note.clone(),
        assessable: one.kind.binds(),
        scope: Scope::Both,
        artefacts: one.evidence.clone(),
        weight: one.weight,
        confidence: one.confidence,
        extra: kept([
            ("kind", serde_json::to_value(one.kind).unwrap_or_default()),
            ("applies_to", texts(&one.applies_to)),
            ("tiers", texts(&one.tiers)),
            ("regime", Value::String(one.regime.clone())),
            ("penalty", Value::String(one.penalty.clone())),
        ]),
        ..Requirement::default()
    }));
    requirements
}
