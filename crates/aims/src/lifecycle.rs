//! Life cycles as tables: states, transitions, who may take them, and what must hold first.
//!
//! Only what people do is a transition. What the clock or another record brings about (effective, stale, superseded,
//! overdue, expired) is derived from dates and records.

use crate::{Book, Record};

/// The life cycle of one or more record kinds.
#[derive(Debug)]
pub struct Lifecycle {
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// The first is the initial one.
    pub states: &'static [&'static str],
    /// No transition leaves them; records in them are no longer live.
    pub finals: &'static [&'static str],
    /// States in which what the record says counts: approved, active, accepted.
    pub in_force: &'static [&'static str],
    /// Where a record goes back to when it is restated while in force; `None`: it stays where it is.
    pub reopens_to: Option<&'static str>,
    pub transitions: &'static [Transition],
}

/// One step of a life cycle.
#[derive(Debug)]
pub struct Transition {
    pub from: &'static str,
    pub to: &'static str,
    /// The verb of it, as on a button: `approve`.
    pub action: &'static str,
    pub who: Who,
    /// Conditions of every kind of record; see [`Needs`].
    pub needs: Needs,
    /// What else must hold, and the reason if it does not.
    pub guard: Option<Guard>,
}

/// Reads the record and the Book that it stands in; an error says what is missing.
pub type Guard = fn(&Record, &Book) -> Result<(), String>;

/// What a transition asks for regardless of the kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// A note saying why.
    pub note: bool,
    /// Every required field of the kind filled.
    pub complete: bool,
    /// Another person than the one who stated the current version (four eyes).
    pub second_person: bool,
}

/// The role that usually takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever may edit the record.
    Author,
    /// Whoever may approve.
    Approver,
}

impl Lifecycle {
    pub fn initial(&self) -> &'static str {
        self.states.first().copied().unwrap_or_default()
    }

    /// The table's own text for `state`, if it is one of its states.
    pub fn state(&self, state: &str) -> Option<&'static str> {
        self.states.iter().copied().find(|known| *known == state)
    }

    pub fn is_final(&self, state: &str) -> bool {
        self.finals.contains(&state)
    }

    pub fn is_in_force(&self, state: &str) -> bool {
        self.in_force.contains(&state)
    }

    pub fn from(&self, state: &str) -> impl Iterator<Item = &'static Transition> + use<'_> {
        let state = state.to_owned();
        self.transitions.iter().filter(move |step| step.from == state)
    }

    pub fn find(&self, from: &str, to: &str) -> Option<&'static Transition> {
        self.transitions.iter().find(|step| step.from == from && step.to == to)
    }

    /// The shortest way from one state to another that does not pass a final state; empty if there is none.
    pub fn path(&self, from: &str, to: &str) -> Vec<&'static Transition> {
        let mut ways: Vec<Vec<&'static Transition>> = self
            .transitions
            .iter()
            .filter(|step| step.from == from)
            .map(|step| vec![step])
            .collect();
        for _ in 0..self.states.len() {
            if let Some(way) = ways.iter().find(|way| way.last().is_some_and(|s| s.to == to)) {
                return way.clone();
            }
            ways = ways.iter().flat_map(|way| self.longer(way)).collect();
        }
        Vec::new()
    }

    /// `way` with each next step that leads somewhere new.
    fn longer(&self, way: &[&'static Transition]) -> Vec<Vec<&'static Transition>> {
        let Some(last) = way.last() else { return Vec::new() };
        self.transitions
            .iter()
            .filter(|step| step.from == last.to && way.iter().all(|past| past.from != step.to))
            .map(|step| way.iter().copied().chain([step]).collect())
            .collect()
    }
}

impl Transition {
    /// A step that an author takes, without conditions.
    pub const fn step(from: &'static str, action: &'static str, to: &'static str) -> Transition {
        let needs = Needs { note: false, complete: false, second_person: false };
        Transition { from, to, action, who: Who::Author, needs, guard: None }
    }

    /// Asks for every required field.
    pub const fn complete(mut self) -> Transition {
        self.needs.complete = true;
        self
    }

    /// Asks for a note that says why.
    pub const fn noted(mut self) -> Transition {
        self.needs.note = true;
        self
    }

    /// For an approver who is not the author (four eyes).
    pub const fn second_person(mut self) -> Transition {
        self.who = Who::Approver;
        self.needs.second_person = true;
        self
    }

    /// For an approver.
    pub const fn approver(mut self) -> Transition {
        self.who = Who::Approver;
        self
    }

    pub const fn guarded(mut self, guard: Guard) -> Transition {
        self.guard = Some(guard);
        self
    }
}

/// Controlled documents: scope, policies, methods, procedures, plans (clause 7.5).
pub(crate) static DOCUMENT: Lifecycle = Lifecycle {
    name: "document",
    purpose: "Controlled documents: written, reviewed, approved by a second person, retired.",
    states: &["draft", "in_review", "approved", "retired"],
    finals: &["retired"],
    in_force: &["approved"],
    reopens_to: Some("draft"),
    transitions: &[
        Transition::step("draft", "submit", "in_review").complete(),
        Transition::step("in_review", "request_changes", "draft").noted(),
        Transition::step("in_review", "approve", "approved").complete().second_person(),
        Transition::step("approved", "withdraw", "draft").noted(),
        Transition::step("approved", "retire", "retired").noted().approver(),
        Transition::step("draft", "retire", "retired").noted(),
    ],
};

/// Living register entries.
pub(crate) static REGISTER: Lifecycle = Lifecycle {
    name: "register",
    purpose: "Living entries of a register, confirmed by their owner.",
    states: &["draft", "active", "retired"],
    finals: &["retired"],
    in_force: &["active"],
    reopens_to: None,
    transitions: &[
        Transition::step("draft", "confirm", "active").complete(),
        Transition::step("active", "retire", "retired").noted(),
        Transition::step("draft", "retire", "retired").noted(),
    ],
};

/// Risk and impact assessments: each run is a record of its own and is never overwritten.
pub(crate) static ASSESSMENT: Lifecycle = Lifecycle {
    name: "assessment",
    purpose: "Assessments: planned, done, reviewed, approved by a second person.",
    states: &["planned", "in_progress", "in_review", "approved", "cancelled"],
    finals: &["cancelled"],
    in_force: &["approved"],
    reopens_to: Some("in_progress"),
    transitions: &[
        Transition::step("planned", "start", "in_progress"),
        Transition::step("in_progress", "submit", "in_review").complete(),
        Transition::step("in_review", "return", "in_progress").noted(),
        Transition::step("in_review", "approve", "approved").complete().second_person(),
        Transition::step("planned", "cancel", "cancelled").noted(),
        Transition::step("in_progress", "cancel", "cancelled").noted(),
    ],
};

/// What is said about other records.
pub(crate) static COMMENT: Lifecycle = Lifecycle {
    name: "comment",
    purpose: "Comments: open until somebody says that they are dealt with.",
    states: &["open", "resolved"],
    finals: &[],
    in_force: &["open", "resolved"],
    reopens_to: None,
    transitions: &[
        Transition::step("open", "resolve", "resolved"),
        Transition::step("resolved", "reopen", "open"),
    ],
};

/// Actions of any origin.
pub(crate) static ACTION: Lifecycle = Lifecycle {
    name: "action",
    purpose: "Actions: done by their owner, verified by a second person.",
    states: &["open", "in_progress", "implemented", "verified", "closed", "cancelled"],
    finals: &["closed", "cancelled"],
    in_force: &["verified", "closed"],
    reopens_to: None,
    transitions: &[
        Transition::step("open", "start", "in_progress").complete(),
        Transition::step("in_progress", "report_done", "implemented").complete(),
        Transition::step("implemented", "verify", "verified").second_person(),
        Transition::step("implemented", "reject", "in_progress").noted().approver(),
        Transition::step("verified", "close", "closed"),
        Transition::step("open", "cancel", "cancelled").noted().approver(),
        Transition::step("in_progress", "cancel", "cancelled").noted().approver(),
    ],
};
