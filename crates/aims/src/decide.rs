//! Decisions: a command becomes events, or a reason why not.
//!
//! The one validation there is: page, API, command line and import all come through here.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use surety_catalog::RequirementRef;

use crate::{
    Action, Body, Book, Denied, Event, ExternalId, Kind, Principal, Problems, Record, RecordId,
    Security, Stated, Transition, Who, permit,
    records::{CustomField, CustomType, Organisation},
    walk::Leaf,
};

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// State a record's first or next version, whole.
    State {
        kind: Kind,
        /// `None`: a new record under the next number.
        id: Option<RecordId>,
        body: Value,
        custom: Map<String, Value>,
        external: Vec<ExternalId>,
        /// The version that this one is based on; `None` for a new record.
        base: Option<u32>,
    },
    /// Take a life-cycle step, named by its action or by the state that it leads to.
    Move {
        id: RecordId,
        step: String,
        note: String,
        base: Option<u32>,
    },
    Withdraw {
        id: RecordId,
        reason: String,
        base: Option<u32>,
    },
    /// Erase the payload of an entry; `residue` comes from [`crate::erase`].
    Redact {
        seq: u64,
        reason: String,
        residue: Value,
    },
    /// Note what happened at the door. Only the engine makes this, of what it did itself: it is a fact, so nobody is asked for
    /// permission.
    Note(Box<Security>),
}

/// What a decision reads.
pub struct Context<'a> {
    pub book: &'a Book,
    /// Whether a requirement exists in the catalogs that the organisation uses.
    pub knows: &'a dyn Fn(&RequirementRef) -> bool,
    /// Whether a record that does not exist yet comes with the same batch.
    pub promised: &'a dyn Fn(RecordId) -> bool,
}

/// Why a command is refused. One variant for each reason; shown to the user.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Rejection {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no {0}")]
    Unknown(RecordId),
    #[error("{0} was withdrawn; its number is not given out again")]
    Withdrawn(RecordId),
    #[error("{id} exists already, in version {version}; say on which version this one is based")]
    Exists { id: RecordId, version: u32 },
    #[error("{id} is not {label}")]
    WrongKind { id: RecordId, label: &'static str },
    #[error("the number of {0} lies too far ahead of the last one given out")]
    NumberTooHigh(RecordId),
    #[error(
        "{id} has changed: you started from version {base}, and version {current_version} is current"
    )]
    Stale {
        id: RecordId,
        base: u32,
        current_version: u32,
        /// The current record, to show beside the refused one.
        current: Box<Value>,
        /// What was asked to be stated; null for other commands.
        yours: Box<Value>,
    },
    #[error("{0}")]
    Invalid(Problems),
    #[error("{id} is {state}: `{step}` is no step from there; possible: {possible}")]
    NoSuchStep { id: RecordId, state: &'static str, step: String, possible: String },
    #[error("{id} lacks {fields}; fill these before you {action}")]
    Incomplete { id: RecordId, action: &'static str, fields: String },
    #[error("{action} needs a note that says why")]
    NoteMissing { action: &'static str },
    #[error("{id} was stated by {author}: another person must {action} (four eyes)")]
    FourEyes { id: RecordId, author: String, action: &'static str },
    #[error("you can't {action} {id} yet: {reason}")]
    Guarded { id: RecordId, action: &'static str, reason: String },
    #[error("{id} is referred to by {by}; change these first")]
    ReferredTo { id: RecordId, by: String },
    #[error("{source_id} of {source_name} is {existing} already")]
    Imported { source_name: String, source_id: String, existing: RecordId },
    #[error("entry {0} is not on the ledger")]
    NoSuchEntry(u64),
    /// Decided elsewhere, where it was one of the others.
    #[error("{0}")]
    Told(String),
}

/// The events that `command` of `principal` leads to, none if it is already fulfilled, or why not.
pub fn decide(
    context: &Context<'_>,
    principal: &Principal,
    command: &Command,
) -> Result<Vec<Event>, Rejection> {
    match command {
        Command::State { kind, id, body, custom, external, base } => {
            permit(principal, Action::State(*kind))?;
            let asked = Statement { kind: *kind, id: *id, body, custom, external, base: *base };
            state(context, principal, &asked)
        }
        Command::Move { id, step, note, base } => {
            take_step(context, principal, *id, step, note, *base)
        }
        Command::Withdraw { id, reason, base } => {
            permit(principal, Action::Withdraw(id.kind))?;
            withdraw(context.book, principal, *id, reason, *base)
        }
        Command::Redact { seq, reason, residue } => {
            permit(principal, Action::Redact)?;
            if *seq >= context.book.size() {
                return Err(Rejection::NoSuchEntry(*seq));
            }
            if reason.trim().is_empty() {
                return Err(Rejection::NoteMissing { action: "redact" });
            }
            let (reason, residue) = (reason.clone(), residue.clone());
            Ok(vec![Event::Redacted { seq: *seq, reason, residue }])
        }
        Command::Note(security) => Ok(vec![Event::Security(security.clone())]),
    }
}

/// The parts of [`Command::State`].
struct Statement<'a> {
    kind: Kind,
    id: Option<RecordId>,
    body: &'a Value,
    custom: &'a Map<String, Value>,
    external: &'a [ExternalId],
    base: Option<u32>,
}

/// How far an id that a user chooses may lie ahead of the last number given out.
const NUMBERS_AHEAD: u32 = 1_000_000;

fn state(
    context: &Context<'_>,
    principal: &Principal,
    asked: &Statement<'_>,
) -> Result<Vec<Event>, Rejection> {
    let id =
        asked.id.unwrap_or_else(|| RecordId::new(asked.kind, context.book.next_number(asked.kind)));
    if id.kind != asked.kind {
        return Err(Rejection::WrongKind { id, label: asked.kind.label() });
    }
    let old = context.book.get(id);
    match old {
        Some(old) => {
            is_own(principal, old)?;
            is_current(old, asked.base, asked.body)?;
        }
        None => is_free(context.book, id, asked.base)?,
    }
    let body = read_body(asked.kind, asked.body)?;
    check(context, id, &body, asked.custom)?;
    for external in asked.external {
        if let Some(other) = context.book.imported(external).filter(|other| other.id != id) {
            return Err(Rejection::Imported {
                source_name: external.source.clone(),
                source_id: external.id.clone(),
                existing: other.id,
            });
        }
    }
    let same = |old: &Record| {
        old.body == body && old.custom == *asked.custom && old.external == asked.external
    };
    if old.is_some_and(same) {
        return Ok(Vec::new());
    }
    let version = old.map_or(1, |old| old.version.saturating_add(1));
    let (custom, external) = (asked.custom.clone(), asked.external.to_vec());
    Ok(vec![Event::Stated(Box::new(Stated { id, version, body, custom, external }))])
}

/// A statement on an existing record must be based on its current version.
fn is_current(old: &Record, base: Option<u32>, yours: &Value) -> Result<(), Rejection> {
    match base {
        None => Err(Rejection::Exists { id: old.id, version: old.version }),
        Some(base) if base == old.version => Ok(()),
        Some(base) => Err(Rejection::Stale {
            id: old.id,
            base,
            current_version: old.version,
            current: Box::new(old.to_json()),
            yours: Box::new(yours.clone()),
        }),
    }
}

/// What one person has said, no other changes or takes back.
fn is_own(principal: &Principal, record: &Record) -> Result<(), Rejection> {
    if record.kind() != Kind::Comment || record.created.by == principal.name {
        return Ok(());
    }
    let what = "change or withdraw the comment of somebody else";
    Err(Denied { role: principal.role, what }.into())
}

/// A new record takes a number that was never given out, in reach of the last one.
fn is_free(book: &Book, id: RecordId, base: Option<u32>) -> Result<(), Rejection> {
    if book.is_withdrawn(id) {
        Err(Rejection::Withdrawn(id))
    } else if base.is_some() {
        Err(Rejection::Unknown(id))
    } else if id.number > book.next_number(id.kind).saturating_add(NUMBERS_AHEAD) {
        Err(Rejection::NumberTooHigh(id))
    } else {
        Ok(())
    }
}

/// The typed body, or which field is at fault.
fn read_body(kind: Kind, body: &Value) -> Result<Body, Rejection> {
    kind.body_from(body).map_err(|error| {
        let mut problems = Problems::default();
        problems.add(&field_at_fault(kind, body), error.to_string());
        Rejection::Invalid(problems)
    })
}

/// The first field that can't be read alone; every field has a default, so the others need not be there.
fn field_at_fault(kind: Kind, body: &Value) -> String {
    let alone = |(name, value): &(&String, &Value)| {
        let body = Map::from_iter([((*name).clone(), (*value).clone())]);
        kind.body(body.into()).is_err()
    };
    body.as_object()
        .and_then(|fields| fields.iter().find(alone))
        .map_or_else(String::new, |(name, _)| name.clone())
}

/// Everything that must hold of a body before it is stated.
fn check(
    context: &Context<'_>,
    id: RecordId,
    body: &Body,
    custom: &Map<String, Value>,
) -> Result<(), Rejection> {
    let mut problems = Problems::default();
    problems.unless(
        !body.title().trim().is_empty() || id.kind == Kind::Person,
        "",
        "the record needs a name or title",
    );
    body.walk(&mut |path, leaf| {
        let field = path.first().copied().unwrap_or_default();
        match leaf {
            Leaf::Reference(target) if target == id => problems.add(field, "refers to itself"),
            Leaf::Reference(target) => {
                if context.book.get(target).is_none() && !(context.promised)(target) {
                    problems.add(field, format!("there is no {target}"));
                }
            }
            Leaf::Requirement(text) => {
                if !text.parse().is_ok_and(|requirement| (context.knows)(&requirement)) {
                    problems.add(
                        field,
                        format!("`{text}` is in no framework in use; see `surety framework list`"),
                    );
                }
            }
            Leaf::Empty | Leaf::Bool(_) | Leaf::Number(_) | Leaf::Text(_) => {}
        }
    });
    body.check(id, context.book, &mut problems);
    check_custom(context.book, id.kind, custom, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(Rejection::Invalid(problems)) }
}

/// Values of organisation-defined fields against their definitions.
fn check_custom(book: &Book, kind: Kind, custom: &Map<String, Value>, problems: &mut Problems) {
    let defined = || {
        book.all::<CustomField>()
            .filter(|(record, field)| record.is_live() && field.record_kind == kind.name())
            .map(|(_, field)| field)
    };
    for (name, value) in custom {
        match defined().find(|field| field.name == *name) {
            None => problems
                .add(name, "is no custom field of this kind; define it as a custom_field record"),
            Some(field) => {
                if let Err(wanted) = fits(field, value) {
                    problems.add(name, format!("must be {wanted}"));
                }
            }
        }
    }
    for field in defined().filter(|field| field.required && !custom.contains_key(&field.name)) {
        problems.add(&field.name, "is required by your organisation");
    }
}

/// Whether a value is of the type that its definition asks for; else what is wanted.
fn fits(field: &CustomField, value: &Value) -> Result<(), String> {
    let (holds, wanted) = match field.r#type {
        Some(CustomType::Text) | None => (value.is_string(), "a text".to_owned()),
        Some(CustomType::Number) => (value.is_number(), "a number".to_owned()),
        Some(CustomType::Bool) => (value.is_boolean(), "true or false".to_owned()),
        Some(CustomType::Date) => {
            let date = value.as_str().and_then(|text| text.parse::<jiff::civil::Date>().ok());
            (date.is_some(), "a date such as 2026-11-21".to_owned())
        }
        Some(CustomType::Choice) => {
            let chosen = value.as_str().is_some_and(|text| field.choices.iter().any(|c| c == text));
            (chosen, format!("one of {}", field.choices.join(", ")))
        }
    };
    if holds { Ok(()) } else { Err(wanted) }
}

fn take_step(
    context: &Context<'_>,
    principal: &Principal,
    id: RecordId,
    step: &str,
    note: &str,
    base: Option<u32>,
) -> Result<Vec<Event>, Rejection> {
    let record = existing(context.book, id)?;
    let transition = find_step(record, step)?;
    permit_step(principal, id.kind, transition)?;
    if let Some(base) = base {
        is_current(record, Some(base), &Value::Null)?;
    }
    may_take(context.book, principal, record, transition, note)?;
    let note = note.to_owned();
    Ok(vec![Event::Moved { id, from: transition.from, to: transition.to, note }])
}

fn existing(book: &Book, id: RecordId) -> Result<&Record, Rejection> {
    book.get(id).ok_or_else(|| {
        if book.is_withdrawn(id) { Rejection::Withdrawn(id) } else { Rejection::Unknown(id) }
    })
}

fn find_step(record: &Record, step: &str) -> Result<&'static Transition, Rejection> {
    let steps = || record.lifecycle().from(record.state);
    steps().find(|known| known.action == step || known.to == step).ok_or_else(|| {
        let possible: Vec<_> =
            steps().map(|known| format!("{} ({})", known.action, known.to)).collect();
        let possible = if possible.is_empty() { "none".to_owned() } else { possible.join(", ") };
        Rejection::NoSuchStep {
            id: record.id,
            state: record.state,
            step: step.to_owned(),
            possible,
        }
    })
}

/// Whether the role of `principal` takes steps of this sort at all.
fn permit_step(
    principal: &Principal,
    kind: Kind,
    transition: &Transition,
) -> Result<(), Rejection> {
    let action = match transition.who {
        Who::Author => Action::Move(kind),
        Who::Approver => Action::Approve(kind),
    };
    Ok(permit(principal, action)?)
}

/// Why `principal` may not take the step now, if so. Pages ask it too, to show closed steps with their reason.
pub fn may_take(
    book: &Book,
    principal: &Principal,
    record: &Record,
    transition: &Transition,
    note: &str,
) -> Result<(), Rejection> {
    let (id, action) = (record.id, transition.action);
    permit_step(principal, id.kind, transition)?;
    if transition.needs.complete {
        let missing = missing(record);
        if !missing.is_empty() {
            return Err(Rejection::Incomplete { id, action, fields: missing.join(", ") });
        }
    }
    if transition.needs.note && note.trim().is_empty() {
        return Err(Rejection::NoteMissing { action });
    }
    let alone = || is_single_person(book) && !note.trim().is_empty();
    if transition.needs.second_person && principal.name == record.stated.by && !alone() {
        return Err(Rejection::FourEyes { id, author: record.stated.by.to_string(), action });
    }
    match transition.guard {
        Some(guard) => {
            guard(record, book).map_err(|reason| Rejection::Guarded { id, action, reason })
        }
        None => Ok(()),
    }
}

/// A one-person organisation with an outside reviewer may approve its own work, with a note that says why.
fn is_single_person(book: &Book) -> bool {
    book.all::<Organisation>()
        .filter(|(record, _)| record.is_live())
        .any(|(_, said)| said.single_person && !said.outside_reviewer.trim().is_empty())
}

/// Required fields of the record that are empty.
pub fn missing(record: &Record) -> Vec<&'static str> {
    let mut filled = BTreeSet::new();
    record.body.walk(&mut |path, leaf| {
        let blank = match leaf {
            Leaf::Empty => true,
            Leaf::Text(text) => text.trim().is_empty(),
            Leaf::Bool(_) | Leaf::Number(_) | Leaf::Reference(_) | Leaf::Requirement(_) => false,
        };
        if let (Some(field), false) = (path.first(), blank) {
            filled.insert(*field);
        }
    });
    record.kind().required().iter().copied().filter(|field| !filled.contains(field)).collect()
}

fn withdraw(
    book: &Book,
    principal: &Principal,
    id: RecordId,
    reason: &str,
    base: Option<u32>,
) -> Result<Vec<Event>, Rejection> {
    let record = existing(book, id)?;
    is_own(principal, record)?;
    if let Some(base) = base {
        is_current(record, Some(base), &Value::Null)?;
    }
    if reason.trim().is_empty() {
        return Err(Rejection::NoteMissing { action: "withdraw" });
    }
    let going = hanging_on(book, id);
    let others = going.iter().flat_map(|gone| book.referrers(*gone).map(|other| other.id));
    let by: Vec<_> = others.filter(|other| !going.contains(other)).take(5).collect();
    if !by.is_empty() {
        let by: Vec<_> = by.iter().map(ToString::to_string).collect();
        return Err(Rejection::ReferredTo { id, by: by.join(", ") });
    }
    let reason_of = |gone| if gone == id { reason.to_owned() } else { format!("with {id}") };
    let events =
        going.iter().rev().map(|gone| Event::Withdrawn { id: *gone, reason: reason_of(*gone) });
    Ok(events.collect())
}

/// The record, and all that hangs on it.
fn hanging_on(book: &Book, id: RecordId) -> Vec<RecordId> {
    let mut all = vec![id];
    let mut next = 0;
    while let Some(one) = all.get(next).copied() {
        let hangs = |other: &&Record| other.body.about() == Some(one) && !all.contains(&other.id);
        let more: Vec<_> = book.referrers(one).filter(hangs).map(|other| other.id).collect();
        all.extend(more);
        next += 1;
    }
    all
}
