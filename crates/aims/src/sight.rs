//! What somebody sees who is limited to some AI systems, such as an external auditor.
//!
//! All views derive from the Book, so it is the Book that is made smaller ([`Sight::book`]), and nothing else has to know.
//! What names AI systems itself is judged by those alone. What names none is judged by the records that it names, as far
//! as they hang on AI systems. What hangs on none (policies, people, frameworks, the scope) is for everybody.

use std::collections::{BTreeSet, HashMap};

use crate::{Body, Book, Event, Kind, Record, RecordId, walk::Leaf};

/// Which records somebody sees who is limited to some AI systems.
#[derive(Clone, Debug)]
pub struct Sight {
    systems: BTreeSet<RecordId>,
    /// Of groups, suppliers and data sets: what hangs on the AI systems that name them.
    parts: HashMap<RecordId, Tie>,
    /// Of all other records that hang on AI systems at all.
    ties: HashMap<RecordId, Tie>,
}

/// How a record hangs on AI systems. The greater of two is what both together make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    /// Not at all.
    #[default]
    None,
    /// On such as are hidden, and on no other.
    Hidden,
    /// On one at least that is seen.
    Seen,
}

/// What one version of a record hangs on.
struct Version {
    /// By the AI systems that it names itself.
    direct: Tie,
    /// The other records that it names.
    through: Vec<RecordId>,
}

/// Kinds whose records belong to the AI systems that name them, though they may name none themselves.
fn is_part(kind: Kind) -> bool {
    matches!(kind, Kind::SystemGroup | Kind::Supplier | Kind::DatasetCard)
}

impl Sight {
    /// What is seen of a Book by whoever is limited to these AI systems.
    pub fn of(book: &Book, systems: BTreeSet<RecordId>) -> Sight {
        let mut sight = Sight { systems, parts: HashMap::new(), ties: HashMap::new() };
        for system in book.of_kind(Kind::AiSystem) {
            let tie = sight.tie(system.id);
            for body in versions(system) {
                each_reference(body, |target| {
                    if is_part(target.kind) {
                        let part = sight.parts.entry(target).or_default();
                        *part = tie.max(*part);
                    }
                });
            }
        }
        let others = book.records().filter(|one| one.kind() != Kind::AiSystem);
        let versions_of =
            |one: &Record| versions(one).map(|body| sight.version(one.id, body)).collect();
        let records: Vec<_> = others.map(|one| (one.id, versions_of(one))).collect();
        sight.spread(&records);
        sight.hide(&records);
        sight
    }

    /// The Book without what is hidden.
    pub fn book(&self, book: &Book) -> Book {
        book.keeping(|record| !self.hides(record.id))
    }

    /// Whether the record is one of those that are hidden.
    pub fn hides(&self, id: RecordId) -> bool {
        self.tie(id) == Tie::Hidden
    }

    /// Whether a version says nothing about what is hidden; for versions before the current one.
    pub fn shows(&self, id: RecordId, body: &Body) -> bool {
        !self.hides(id) && self.judged(&self.version(id, body)) != Tie::Hidden
    }

    /// Whether an event on a record of `seen`, the Book of this sight, says nothing about what is hidden.
    pub fn shows_event(&self, seen: &Book, event: &Event) -> bool {
        let Some(id) = event.subject() else { return false };
        // Whose a withdrawn record was can't be told any more.
        seen.get(id).is_some()
            && match event {
                Event::Stated(stated) => self.shows(id, &stated.body),
                Event::Moved { .. } | Event::Withdrawn { .. } | Event::Redacted { .. } => true,
                // These are about the door and come with no record.
                Event::Security(_) => false,
            }
    }

    fn tie(&self, id: RecordId) -> Tie {
        if id.kind != Kind::AiSystem {
            self.ties.get(&id).copied().unwrap_or_default()
        } else if self.systems.contains(&id) {
            Tie::Seen
        } else {
            Tie::Hidden
        }
    }

    fn version(&self, id: RecordId, body: &Body) -> Version {
        let mut direct = self.parts.get(&id).copied().unwrap_or_default();
        let mut through = Vec::new();
        // The scope is the organisation's, though it lists AI systems.
        if id.kind != Kind::ScopeStatement {
            each_reference(body, |target| {
                if target.kind == Kind::AiSystem {
                    direct = direct.max(self.tie(target));
                } else {
                    through.push(target);
                }
            });
        }
        Version { direct, through }
    }

    fn judged(&self, version: &Version) -> Tie {
        if version.direct != Tie::None {
            return version.direct;
        }
        version.through.iter().map(|target| self.tie(*target)).max().unwrap_or_default()
    }

    /// Finds the ties of all records: they only grow from one round to the next, so this ends.
    fn spread(&mut self, records: &[(RecordId, Vec<Version>)]) {
        let mut grows = true;
        while std::mem::take(&mut grows) {
            for (id, versions) in records {
                let tie = versions.iter().map(|version| self.judged(version)).max();
                if let Some(tie) = tie.filter(|tie| *tie > self.tie(*id)) {
                    self.ties.insert(*id, tie);
                    grows = true;
                }
            }
        }
    }

    /// Hides also what has one version that is seen and another that is not: a version in force beside a newer draft.
    fn hide(&mut self, records: &[(RecordId, Vec<Version>)]) {
        let mut grows = true;
        while std::mem::take(&mut grows) {
            for (id, versions) in records {
                let hidden = versions.iter().any(|version| self.judged(version) == Tie::Hidden);
                if hidden && self.ties.insert(*id, Tie::Hidden) != Some(Tie::Hidden) {
                    grows = true;
                }
            }
        }
    }
}

/// What was stated last, and what is in force beside it.
fn versions(record: &Record) -> impl Iterator<Item = &Body> {
    let in_force = record.in_force.as_deref().map(|in_force| &in_force.body);
    std::iter::once(&record.body).chain(in_force)
}

fn each_reference(body: &Body, mut visit: impl FnMut(RecordId)) {
    body.walk_links(&mut |leaf: Leaf<'_>| {
        if let Leaf::Reference(target) = leaf {
            visit(target);
        }
    });
}
