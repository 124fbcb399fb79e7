//! From one framework to another: through mapping sets, read from either side, and through one framework between them.

use std::collections::{HashMap, HashSet};

use crate::{Catalogs, Mapping, MappingSet, Relationship, Requirement, catalogs::Place};

/// How a requirement of one framework relates to one of another, and by which steps we know.
#[derive(Clone, Debug)]
pub struct Link<'c> {
    pub source: &'c Requirement,
    pub target: &'c Requirement,
    pub relationship: Relationship,
    pub certainty: Certainty,
    /// 1 (faint) to 10 (same); of a chain, the product of its steps. `None`: a step does not say.
    pub strength: Option<u8>,
    /// From source to target.
    pub steps: Vec<Step<'c>>,
}

/// How far a relationship can be trusted to follow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Each step overlaps the next, which does not imply that the ends overlap: a person has to judge.
    Possible,
    /// It follows from the relationships of the steps.
    Implied,
    /// The author of a mapping says so.
    Stated,
}

impl Certainty {
    /// The name used in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Possible => "possible",
            Certainty::Implied => "implied",
            Certainty::Stated => "stated",
        }
    }
}

/// One mapping on the way.
#[derive(Clone, Copy, Debug)]
pub struct Step<'c> {
    pub set: &'c MappingSet,
    pub mapping: &'c Mapping,
    /// Whether the mapping is read from its target to its source.
    pub reversed: bool,
    pub from: Spot<'c>,
    pub to: Spot<'c>,
    /// As read in this direction.
    pub relationship: Relationship,
}

/// A requirement with the id of its framework.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'c> {
    pub framework: &'c str,
    pub requirement: &'c Requirement,
}

/// A link by position.
#[derive(Clone)]
struct Path<'c> {
    source: usize,
    target: usize,
    relationship: Relationship,
    certainty: Certainty,
    strength: Option<u8>,
    steps: Vec<Step<'c>>,
}

impl Catalogs {
    /// What mapping sets say about requirements of `from` and requirements of `to`, one link for each statement, in the
    /// order of the source framework. Sets from `to` to `from` are read from the other side. An imported file of a
    /// built-in standard and the built-in framework stand in for each other. Empty when either framework is unknown.
    pub fn crosswalk(&self, from: &str, to: &str) -> Vec<Link<'_>> {
        let (Some(from), Some(to)) = (self.position(from), self.position(to)) else {
            return Vec::new();
        };
        self.links(from, to, self.direct(from, to))
    }

    /// What follows about `from` and `to` through one framework between them: of each pair of requirements the surest
    /// and then strongest chain. Pairs with a direct link are left out, and so is what shares nothing.
    pub fn chains(&self, from: &str, to: &str) -> Vec<Link<'_>> {
        let (Some(from), Some(to)) = (self.position(from), self.position(to)) else {
            return Vec::new();
        };
        let direct: HashSet<(usize, usize)> =
            self.direct(from, to).iter().map(|path| (path.source, path.target)).collect();
        let mut best: HashMap<(usize, usize), Path<'_>> = HashMap::new();
        for between in self.between(from, to) {
            for chain in joined(&self.direct(from, between), &self.direct(between, to)) {
                let pair = (chain.source, chain.target);
                if direct.contains(&pair) {
                    continue;
                }
                let rank = |path: &Path<'_>| (path.certainty, path.strength);
                match best.get(&pair) {
                    Some(known) if rank(known) >= rank(&chain) => {}
                    Some(_) | None => {
                        best.insert(pair, chain);
                    }
                }
            }
        }
        self.links(from, to, best.into_values().collect())
    }

    /// The frameworks that mappings connect with both, in order.
    fn between(&self, from: usize, to: usize) -> Vec<usize> {
        let connected = self.connected();
        let sources = self.with_twins(from);
        let targets = self.with_twins(to);
        let reaches = |one: &[usize], other: &[usize]| {
            one.iter().any(|one| other.iter().any(|other| connected.contains(&(*one, *other))))
        };
        (0..self.framework_count())
            .filter(|one| !sources.contains(one) && !targets.contains(one))
            .filter(|one| {
                let middle = self.with_twins(*one);
                reaches(&sources, &middle) && reaches(&middle, &targets)
            })
            .collect()
    }

    /// Every statement that connects the two frameworks, or a twin of one with the other.
    fn direct(&self, from: usize, to: usize) -> Vec<Path<'_>> {
        let mut paths = Vec::new();
        for source in self.with_twins(from).into_iter().filter(|one| *one != to) {
            for target in self.with_twins(to).into_iter().filter(|one| *one != from) {
                let mut found = self.statements(source, target);
                if source != from {
                    found = joined(&self.statements(from, source), &found);
                }
                if target != to {
                    found = joined(&found, &self.statements(target, to));
                }
                // Going over to the twin changes nothing in what the author of the mapping stated.
                paths.extend(
                    found.into_iter().map(|path| Path { certainty: Certainty::Stated, ..path }),
                );
            }
        }
        paths
    }

    /// What mapping sets say about exactly these two frameworks, read in this direction.
    fn statements(&self, from: usize, to: usize) -> Vec<Path<'_>> {
        let ends = [from, to];
        let mut paths = Vec::new();
        for view in self.set_views(|[one, other]| ends == [one, other] || ends == [other, one]) {
            // A set that repeats another one from the other side says nothing new.
            if view.set.extra.contains_key("mirror_of") {
                continue;
            }
            for pair in view.pairs {
                let Some(mapping) = view.set.mappings.get(pair.mapping) else { continue };
                let (source, target) = (pair.source, pair.target);
                if [source.framework, target.framework] == ends {
                    paths.extend(self.statement(
                        view.set,
                        mapping,
                        source,
                        target,
                        Reading::AsWritten,
                    ));
                } else if [target.framework, source.framework] == ends {
                    paths.extend(self.statement(
                        view.set,
                        mapping,
                        target,
                        source,
                        Reading::Reversed,
                    ));
                }
            }
        }
        paths
    }

    fn statement<'c>(
        &'c self,
        set: &'c MappingSet,
        mapping: &'c Mapping,
        from: Place,
        to: Place,
        reading: Reading,
    ) -> Option<Path<'c>> {
        let spot = |place: Place| {
            Some(Spot {
                framework: self.framework_at(place.framework).id.as_str(),
                requirement: self.requirement_at(place)?,
            })
        };
        let relationship = match reading {
            Reading::AsWritten => mapping.relationship,
            Reading::Reversed => mapping.relationship.reversed(),
        };
        let reversed = matches!(reading, Reading::Reversed);
        let step = Step { set, mapping, reversed, from: spot(from)?, to: spot(to)?, relationship };
        Some(Path {
            source: from.requirement,
            target: to.requirement,
            relationship,
            certainty: Certainty::Stated,
            strength: mapping.strength,
            steps: vec![step],
        })
    }

    fn links<'c>(&'c self, from: usize, to: usize, mut paths: Vec<Path<'c>>) -> Vec<Link<'c>> {
        paths.sort_by_key(|path| (path.source, path.target));
        let at = |framework, requirement| self.requirement_at(Place { framework, requirement });
        let link = |path: Path<'c>| {
            Some(Link {
                source: at(from, path.source)?,
                target: at(to, path.target)?,
                relationship: path.relationship,
                certainty: path.certainty,
                strength: path.strength,
                steps: path.steps,
            })
        };
        paths.into_iter().filter_map(link).collect()
    }
}

/// From which side a mapping is read.
#[derive(Clone, Copy)]
enum Reading {
    AsWritten,
    Reversed,
}

/// Chains of a path of `left` with a path of `right` that starts where it ends.
fn joined<'c>(left: &[Path<'c>], right: &[Path<'c>]) -> Vec<Path<'c>> {
    let mut starting: HashMap<usize, Vec<&Path<'c>>> = HashMap::new();
    for path in right {
        starting.entry(path.source).or_default().push(path);
    }
    let mut chains = Vec::new();
    for first in left {
        for second in starting.get(&first.target).into_iter().flatten() {
            let Some((relationship, certainty)) = composed(first.relationship, second.relationship)
            else {
                continue;
            };
            chains.push(Path {
                source: first.source,
                target: second.target,
                relationship,
                certainty: certainty.min(Certainty::Implied),
                strength: product(first.strength, second.strength),
                steps: [first.steps.as_slice(), second.steps.as_slice()].concat(),
            });
        }
    }
    chains
}

/// What A is to C when A is `first` to B and B is `second` to C, in the algebra of sets; `None`: nothing is shared, or
/// nothing follows.
fn composed(first: Relationship, second: Relationship) -> Option<(Relationship, Certainty)> {
    use Relationship::{Equal, Intersects, NotRelated, Subset, Superset};
    match (first, second) {
        (NotRelated, _) | (_, NotRelated) => None,
        (Equal, other) | (other, Equal) => Some((other, Certainty::Implied)),
        (Superset, Superset) => Some((Superset, Certainty::Implied)),
        (Subset, Subset) => Some((Subset, Certainty::Implied)),
        // What B asks, or the part of it that C shares, is in A as well.
        (Superset, Subset | Intersects) | (Intersects, Subset) => {
            Some((Intersects, Certainty::Implied))
        }
        (Subset | Intersects, Superset | Intersects) => Some((Intersects, Certainty::Possible)),
    }
}

/// The strength of a chain, rounded up, so that no link is lost to rounding.
fn product(first: Option<u8>, second: Option<u8>) -> Option<u8> {
    let product = u16::from(first?).saturating_mul(u16::from(second?)).div_ceil(10);
    u8::try_from(product).ok()
}
