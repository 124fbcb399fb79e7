//! From a list of nodes that name their parents by URN to a tree with ids, parents first.

use std::collections::HashMap;

use surety_catalog::Requirement;

use super::requirement::RawNode;
use crate::library::{
    ids::{Ids, fold, tail_of_urn},
    report::{Context, ReferenceKind, Step},
};

/// Gives every node its id, label and parent, and puts parents before their children.
///
/// The order of the publisher stays wherever parents already precede their children, which is nearly everywhere.
pub(super) fn arrange(cx: &mut Context, mut nodes: Vec<RawNode>) -> Vec<Requirement> {
    let parents = parents(cx, &mut nodes);
    let ids = ids(cx, &nodes);
    let (order, parents) = parents_first(cx, &nodes, parents);
    let mut places: Vec<Place> = vec![Place::default(); nodes.len()];
    for index in &order {
        let parent = parents.get(*index).copied().flatten();
        let above = parent.and_then(|parent| places.get(parent)).cloned();
        let (Some(node), Some(id), Some(place)) =
            (nodes.get_mut(*index), ids.get(*index), places.get_mut(*index))
        else {
            continue;
        };
        place.depth = above.as_ref().map_or(0, |above| above.depth) + 1;
        place.label = match node.ref_id.take() {
            Some(ref_id) => ref_id,
            None => above.map(|above| above.label).unwrap_or_default(),
        };
        let requirement = &mut node.requirement;
        requirement.id.clone_from(id);
        requirement.label.clone_from(&place.label);
        requirement.parent = parent.and_then(|parent| ids.get(parent)).cloned();
        // Depth follows from the parents; only a publisher who says otherwise is worth keeping.
        if let Some(depth) = node.depth.filter(|depth| *depth != place.depth) {
            requirement.extra.insert("depth".to_owned(), depth.into());
        }
    }
    let mut nodes: Vec<Option<Requirement>> =
        nodes.into_iter().map(|node| Some(node.requirement)).collect();
    order.into_iter().filter_map(|index| nodes.get_mut(index).and_then(Option::take)).collect()
}

#[derive(Clone, Default)]
struct Place {
    depth: i64,
    label: String,
}

/// The position of each node's parent. A parent that is not there is reported and kept.
fn parents(cx: &mut Context, nodes: &mut [RawNode]) -> Vec<Option<usize>> {
    let mut by_urn: HashMap<String, usize> = HashMap::with_capacity(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        by_urn.entry(fold(&node.requirement.urn)).or_insert(index);
    }
    let mut parents = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.iter_mut().enumerate() {
        let Some(urn) = node.parent_urn.take() else {
            parents.push(None);
            continue;
        };
        let parent = by_urn.get(&fold(&urn)).copied();
        if parent.is_none() {
            cx.within(Step::Index(index), |cx| {
                cx.within(Step::Key("parent_urn"), |cx| cx.unresolved(ReferenceKind::Parent, &urn));
            });
            node.requirement.extra.insert("parent_urn".to_owned(), urn.into());
        }
        parents.push(parent);
    }
    parents
}

/// What the publisher prints, where it is given and unique; else the end of the URN; else the whole of it.
fn ids(cx: &mut Context, nodes: &[RawNode]) -> Vec<String> {
    let mut uses: HashMap<String, usize> = HashMap::new();
    for ref_id in nodes.iter().filter_map(|node| node.ref_id.as_deref()) {
        *uses.entry(fold(ref_id)).or_default() += 1;
    }
    let mut given = Ids::default();
    let printed: Vec<Option<String>> = nodes
        .iter()
        .map(|node| {
            let ref_id = node.ref_id.as_deref()?.trim();
            let alone = uses.get(&fold(ref_id)) == Some(&1) && given.claim(ref_id);
            alone.then(|| ref_id.to_owned())
        })
        .collect();
    let mut ids = Vec::with_capacity(nodes.len());
    for (index, (node, printed)) in nodes.iter().zip(printed).enumerate() {
        let urn = &node.requirement.urn;
        let tail = tail_of_urn(urn);
        ids.push(match printed {
            Some(printed) => printed,
            None if given.claim(tail) => tail.to_owned(),
            None if given.claim(urn) => urn.trim().to_owned(),
            None => {
                cx.within(Step::Index(index), |cx| {
                    cx.error(
                        node.line,
                        format!("the URN `{urn}` stands on more than one requirement"),
                    );
                });
                given.unique(urn.trim().to_owned())
            }
        });
    }
    ids
}

/// An order in which parents precede their children, and the parents without circles.
fn parents_first(
    cx: &mut Context,
    nodes: &[RawNode],
    mut parents: Vec<Option<usize>>,
) -> (Vec<usize>, Vec<Option<usize>>) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Waiting,
        Placed,
    }
    let mut states = vec![State::New; nodes.len()];
    let mut order = Vec::with_capacity(nodes.len());
    for start in 0..nodes.len() {
        let (mut waiting, mut at) = (Vec::new(), Some(start));
        // Up through the ancestors that have no place yet.
        while let Some(index) = at {
            match states.get(index) {
                Some(State::New) => {
                    if let Some(state) = states.get_mut(index) {
                        *state = State::Waiting;
                    }
                    waiting.push(index);
                    at = parents.get(index).copied().flatten();
                }
                Some(State::Waiting) => {
                    if let Some(last) = waiting.last()
                        && let Some(parent) = parents.get_mut(*last)
                    {
                        *parent = None;
                        let line = nodes.get(*last).map_or(0, |node| node.line);
                        cx.within(Step::Index(*last), |cx| {
                            cx.error(line, "the parents run in a circle; it is broken here");
                        });
                    }
                    at = None;
                }
                Some(State::Placed) | None => at = None,
            }
        }
        for index in waiting.into_iter().rev() {
            if let Some(state) = states.get_mut(index) {
                *state = State::Placed;
            }
            order.push(index);
        }
    }
    (order, parents)
}
