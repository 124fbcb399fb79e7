//! The ends of mappings, found in the frameworks that are there. What can't be found is kept and named.

use crate::{Mapping, MappingSet, catalogs::Place};

/// A mapping whose ends were both found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) source: Place,
    pub(crate) target: Place,
    /// Position in the mapping set.
    pub(crate) mapping: usize,
}

/// Which end of a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    Source,
    Target,
}

/// An end of a mapping that no framework knows, or not yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unresolved {
    /// Id of the mapping set.
    pub set: String,
    pub end: End,
    /// The framework as the set names it.
    pub framework: String,
    /// The requirement as the set names it.
    pub requirement: String,
    /// Whether the framework is there and only the requirement is not.
    pub framework_known: bool,
}

/// Finds both ends of each mapping; `find` looks for one end, and `known` says whether its framework is there.
pub(crate) fn resolve(
    set: &MappingSet,
    find: impl Fn(End, &str) -> Option<Place>,
    known: impl Fn(End) -> bool,
) -> (Vec<Pair>, Vec<Unresolved>) {
    let mut pairs = Vec::with_capacity(set.mappings.len());
    let mut unresolved: Vec<Unresolved> = Vec::new();
    for (position, mapping) in set.mappings.iter().enumerate() {
        let ends = [End::Source, End::Target].map(|end| (end, find(end, text(mapping, end))));
        for (end, _) in ends.iter().filter(|(_, place)| place.is_none()) {
            unresolved.push(Unresolved {
                set: set.id.clone(),
                end: *end,
                framework: match end {
                    End::Source => set.source.clone(),
                    End::Target => set.target.clone(),
                },
                requirement: text(mapping, *end).to_owned(),
                framework_known: known(*end),
            });
        }
        if let [(_, Some(source)), (_, Some(target))] = ends {
            pairs.push(Pair { source, target, mapping: position });
        }
    }
    unresolved.sort_unstable();
    unresolved.dedup();
    (pairs, unresolved)
}

fn text(mapping: &Mapping, end: End) -> &str {
    match end {
        End::Source => &mapping.source,
        End::Target => &mapping.target,
    }
}
