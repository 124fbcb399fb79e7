//! One cell of the Statement of Applicability from near: what each level says about it, and the evidence that speaks for it.
//!
//! The cell itself is derived in [`soa`](super::soa); this says where it comes from.

use surety_catalog::RequirementRef;

use super::soa::Cell;
use crate::{
    Book, Kind, Record, RecordId, Ref, Span, of,
    records::{AiSystem, ControlImplementation, EvidenceItem},
};

/// Where a decision can stand, and the one that stands there.
#[derive(Clone, Copy, Debug)]
pub struct Level<'b> {
    /// The AI system or the group; `None`: the organisation.
    pub place: Option<RecordId>,
    /// The decision that was made first of those that live.
    pub record: Option<&'b Record>,
}

/// An item of evidence that speaks for a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaking {
    pub item: RecordId,
    pub span: Span,
    /// Whether it is about the whole organisation.
    pub is_of_all: bool,
}

/// What stands over a cell, nearest first: AI system, its group, the organisation.
pub fn levels<'b>(
    book: &'b Book,
    (framework, control): (&str, &str),
    system: Option<RecordId>,
) -> Vec<Level<'b>> {
    let found = system.and_then(|system| book.find(Ref::<AiSystem>::new(system.number)));
    let group = found.and_then(|(_, system)| system.group).map(Ref::id);
    let places = system.into_iter().chain(group).map(Some).chain([None]);
    places
        .map(|place| Level { place, record: decision(book, (framework, control), place) })
        .collect()
}

/// The decision about a control that stands at exactly this place: an AI system, a group, or the organisation.
pub fn decision<'b>(
    book: &'b Book,
    (framework, control): (&str, &str),
    place: Option<RecordId>,
) -> Option<&'b Record> {
    let reference = RequirementRef::new(framework, control);
    let mut named = book.naming_of_kind(reference.as_str(), Kind::ControlImplementation);
    named.find(|record| {
        let said = of::<ControlImplementation>(record);
        record.is_live() && said.is_some_and(|said| stands_at(said) == place)
    })
}

fn stands_at(said: &ControlImplementation) -> Option<RecordId> {
    said.ai_system.map(Ref::id).or(said.group.map(Ref::id))
}

/// The evidence that speaks for a cell, oldest period first. Nothing speaks for a control that does not apply.
pub fn speaking(book: &Book, framework: &str, cell: &Cell<'_>) -> Vec<Speaking> {
    if cell.applicable != Some(true) {
        return Vec::new();
    }
    let reference = RequirementRef::new(framework, cell.control);
    let of_place = |number: u32| {
        let found = book.coverage_of(reference.as_str(), number);
        let one = move |(item, span)| Speaking {
            item: Ref::<EvidenceItem>::new(item).id(),
            span,
            is_of_all: number == 0,
        };
        found.map(one)
    };
    let mut all: Vec<Speaking> =
        cell.system.into_iter().flat_map(|system| of_place(system.number)).collect();
    // What the whole organisation does is proved for the whole; what a system does its own way is not.
    let way = cell.implementation.and_then(|id| book.get(id));
    let way = way.and_then(of::<ControlImplementation>);
    if way.is_none_or(|way| way.ai_system.is_none()) {
        all.extend(of_place(0));
    }
    all.sort_by_key(|one| (one.span.from, one.span.to, one.item));
    all
}
