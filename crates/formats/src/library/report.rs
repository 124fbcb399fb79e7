//! What a reader tells about a file besides its content, and the place in the file at which it is.

use std::{
    collections::{BTreeMap, HashMap, btree_map::Entry},
    fmt::Write as _,
};

use serde::Serialize;

use super::tree::Node;

/// Problems beyond this number are only counted.
const MAX_PROBLEMS: usize = 1_000;

/// What was noticed while a file was read. Nothing of it keeps the file from being imported.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    pub counts: Counts,
    /// References to what the file itself does not hold: one row for each thing that is missing.
    pub unresolved: Vec<Unresolved>,
    /// Keys that the format does not define. Their values are kept under `extra` of what they stood in.
    pub unknown_keys: Vec<UnknownKey>,
    /// At most 1,000, in the order of the file; `problems_left_out` counts the others.
    pub problems: Vec<Problem>,
    pub problems_left_out: usize,
    /// What a person should know about the import as a whole: content that is kept but not used, and why.
    pub notices: Vec<String>,
}

/// How much of what the file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub frameworks: usize,
    pub requirements: usize,
    pub assessable: usize,
    pub questions: usize,
    pub mapping_sets: usize,
    /// Pairs of requirements, in both directions where the source gives both.
    pub mappings: usize,
    pub threats: usize,
    pub reference_controls: usize,
    pub matrices: usize,
    pub metrics: usize,
    pub techniques: usize,
    pub profiles: usize,
}

/// A reference whose target is not in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unresolved {
    pub kind: ReferenceKind,
    /// As published.
    pub reference: String,
    /// Where it is first used.
    pub path: String,
    /// How often it is used in this way.
    pub count: usize,
}

/// What a reference should lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    /// Another library.
    Dependency,
    /// The framework at one end of a mapping set, or the catalog that a profile selects from.
    Framework,
    /// The requirement at the source end of a mapping.
    MappingSource,
    /// The requirement at the target end of a mapping.
    MappingTarget,
    /// The parent of a requirement or technique.
    Parent,
    Threat,
    ReferenceControl,
    /// The question that another one depends on.
    Question,
    /// The tactic or catalog of a technique.
    Technique,
    /// The parameter that the text of an OSCAL control inserts.
    Parameter,
}

/// A key that the format does not define.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownKey {
    /// With `[]` for any place in a list and `*` for any key of an open map.
    pub path: String,
    pub count: usize,
}

/// Something that is wrong, or looks wrong, but could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub severity: Severity,
    pub message: String,
    /// Counted from 1; known for YAML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Read as meant, as far as one can tell.
    Warning,
    /// A value could not be used; it is kept under `extra`.
    Error,
}

/// One step from the root of a file to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A key that the format defines.
    Key(&'static str),
    /// A key that the author chose.
    Entry(String),
    Index(usize),
}

/// Why reading ends: what is missing or wrong, and where.
#[derive(Debug)]
pub(crate) struct Fault {
    /// 0: not known.
    pub(crate) line: usize,
    pub(crate) steps: Vec<Step>,
    pub(crate) message: String,
}

/// Where the reader is, and what it has noticed so far.
#[derive(Default)]
pub(crate) struct Context {
    steps: Vec<Step>,
    problems: Vec<Problem>,
    problems_left_out: usize,
    notices: Vec<String>,
    unknown: BTreeMap<String, usize>,
    unresolved: Vec<Unresolved>,
    unresolved_places: HashMap<(ReferenceKind, String), usize>,
}

impl Context {
    /// Does `work` one step deeper.
    pub(crate) fn within<T>(&mut self, step: Step, work: impl FnOnce(&mut Self) -> T) -> T {
        self.steps.push(step);
        let done = work(self);
        self.steps.pop();
        done
    }

    /// The end of reading, at the place where the reader is.
    pub(crate) fn fault(&self, line: usize, message: impl Into<String>) -> Fault {
        Fault { line, steps: self.steps.clone(), message: message.into() }
    }

    /// The end of reading, because a value is of the wrong sort.
    pub(crate) fn mismatch(&self, node: &Node<'_>, expected: &str) -> Fault {
        self.fault(node.line, format!("expected {expected}, found {}", node.value.kind()))
    }

    pub(crate) fn warn(&mut self, line: usize, message: impl Into<String>) {
        self.problem(Severity::Warning, line, message.into());
    }

    pub(crate) fn error(&mut self, line: usize, message: impl Into<String>) {
        self.problem(Severity::Error, line, message.into());
    }

    fn problem(&mut self, severity: Severity, line: usize, message: String) {
        if self.problems.len() >= MAX_PROBLEMS {
            self.problems_left_out += 1;
            return;
        }
        let path = (!self.steps.is_empty()).then(|| show(&self.steps));
        let line = (line > 0).then_some(line);
        self.problems.push(Problem { severity, message, line, path });
    }

    pub(crate) fn notice(&mut self, message: impl Into<String>) {
        self.notices.push(message.into());
    }

    /// Notes a key, of the map in which the reader is, that the format does not define.
    pub(crate) fn unknown_key(&mut self, key: &str) {
        let path = pattern(&self.steps, key);
        match self.unknown.entry(path) {
            Entry::Occupied(mut known) => *known.get_mut() += 1,
            Entry::Vacant(new) => {
                new.insert(1);
            }
        }
    }

    /// Notes a reference, at the place where the reader is, whose target the file does not hold.
    pub(crate) fn unresolved(&mut self, kind: ReferenceKind, reference: &str) {
        let next = self.unresolved.len();
        let place = *self.unresolved_places.entry((kind, reference.to_lowercase())).or_insert(next);
        match self.unresolved.get_mut(place) {
            Some(known) => known.count += 1,
            None => self.unresolved.push(Unresolved {
                kind,
                reference: reference.to_owned(),
                path: show(&self.steps),
                count: 1,
            }),
        }
    }

    pub(crate) fn into_report(self, counts: Counts) -> Report {
        let unknown_keys =
            self.unknown.into_iter().map(|(path, count)| UnknownKey { path, count }).collect();
        Report {
            counts,
            unresolved: self.unresolved,
            unknown_keys,
            problems: self.problems,
            problems_left_out: self.problems_left_out,
            notices: self.notices,
        }
    }
}

/// `objects.framework.requirement_nodes[3].urn`.
pub(crate) fn show(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) => push_key(&mut path, key),
            Step::Entry(key) => push_key(&mut path, key),
            // Writing to a string cannot fail.
            Step::Index(index) => drop(write!(path, "[{index}]")),
        }
    }
    path
}

/// `objects.framework.requirement_nodes[].colour`: the same for every place in a list.
fn pattern(steps: &[Step], key: &str) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) => push_key(&mut path, key),
            Step::Entry(_) => push_key(&mut path, "*"),
            Step::Index(_) => path.push_str("[]"),
        }
    }
    push_key(&mut path, key);
    path
}

fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}
