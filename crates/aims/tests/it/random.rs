//! Random histories of a small organisation: few records of a few kinds, so that they meet each other often.
//!
//! Events are made without asking [`surety_aims::decide`], so that states and references come together as no command
//! would allow; a fold and a derivation take whatever the ledger holds.

use jiff::{ToSpan, civil::Date};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use surety_aims::{Body, Event, ExternalId, Kind, RecordId, Stated};

use crate::given::World;

/// The day in the middle of all dates.
pub(crate) const TODAY: Date = jiff::civil::date(2026, 6, 15);

/// The requirements of the small framework.
pub(crate) const REQUIREMENTS: [&str; 6] =
    ["fw:1", "fw:1.1", "fw:1.2", "fw:A.1", "fw:A.2", "fw:A.3"];

/// The kinds that random histories are made of.
pub(crate) const KINDS: [Kind; 12] = [
    Kind::Person,
    Kind::SystemGroup,
    Kind::AiSystem,
    Kind::Policy,
    Kind::ControlledDocument,
    Kind::ControlImplementation,
    Kind::EvidenceItem,
    Kind::Risk,
    Kind::RiskAssessment,
    Kind::ImprovementAction,
    Kind::RequirementAssessment,
    Kind::Supplier,
];

/// A world after up to `most` random events of `kinds`.
pub(crate) fn world(kinds: &'static [Kind], most: usize) -> impl Strategy<Value = World> {
    vec((select(&["PER-1", "PER-2", "operator"]), event(kinds)), 0..most).prop_map(|events| {
        let mut world = World::default();
        for (by, event) in events {
            let event = next_version(&world, event);
            world.happens(by, event);
        }
        world
    })
}

/// Versions count up, as every decision makes them.
fn next_version(world: &World, event: Event) -> Event {
    match event {
        Event::Stated(mut stated) => {
            stated.version = world.book.get(stated.id).map_or(0, |old| old.version) + 1;
            Event::Stated(stated)
        }
        Event::Moved { .. }
        | Event::Withdrawn { .. }
        | Event::Redacted { .. }
        | Event::Security(_) => event,
    }
}

/// One event about one of few records.
pub(crate) fn event(kinds: &'static [Kind]) -> impl Strategy<Value = Event> {
    let id = (select(kinds), 1..=4_u32).prop_map(|(kind, number)| RecordId::new(kind, number));
    let stated = id.clone().prop_flat_map(|id| {
        let external = vec(select(&["a", "b"]), 0..2);
        (body(id.kind), external).prop_map(move |(body, external)| {
            let external = external
                .into_iter()
                .map(|name| ExternalId { source: "csv:test".to_owned(), id: name.to_owned() })
                .collect();
            Event::Stated(Box::new(Stated { id, version: 1, body, custom: Map::new(), external }))
        })
    });
    let moved = id.clone().prop_flat_map(|id| {
        let states = id.kind.lifecycle().states;
        (select(states), select(states)).prop_map(move |(from, to)| Event::Moved {
            id,
            from,
            to,
            note: "as agreed".to_owned(),
        })
    });
    // Into force, so that not everything stays a draft.
    let approved = id.clone().prop_flat_map(|id| {
        let lifecycle = id.kind.lifecycle();
        select(lifecycle.in_force).prop_map(move |to| Event::Moved {
            id,
            from: lifecycle.initial(),
            to,
            note: String::new(),
        })
    });
    let withdrawn = id.prop_map(|id| Event::Withdrawn { id, reason: "twice".to_owned() });
    prop_oneof![8 => stated, 2 => moved, 6 => approved, 1 => withdrawn]
}

type Fields = fn() -> BoxedStrategy<Value>;

/// How bodies of each kind are made: fields that derivations read are filled or left empty.
const BODIES: [(Kind, Fields); 12] = [
    (Kind::Person, person),
    (Kind::SystemGroup, system_group),
    (Kind::AiSystem, ai_system),
    (Kind::Policy, policy),
    (Kind::ControlledDocument, controlled_document),
    (Kind::ControlImplementation, control_implementation),
    (Kind::EvidenceItem, evidence_item),
    (Kind::Risk, risk),
    (Kind::RiskAssessment, risk_assessment),
    (Kind::ImprovementAction, improvement_action),
    (Kind::RequirementAssessment, requirement_assessment),
    (Kind::Supplier, supplier),
];

/// A body of that kind.
fn body(kind: Kind) -> BoxedStrategy<Body> {
    let (_, fields) = BODIES.into_iter().find(|(known, _)| *known == kind).unwrap();
    fields().prop_map(move |fields| kind.body(fields).unwrap()).boxed()
}

fn person() -> BoxedStrategy<Value> {
    record([("manager", reference("PER").boxed())])
}

fn system_group() -> BoxedStrategy<Value> {
    record([("owner", reference("PER").boxed())])
}

fn ai_system() -> BoxedStrategy<Value> {
    record([
        ("group", reference("GRP").boxed()),
        ("owner", reference("PER").boxed()),
        ("suppliers", list(reference("SUP")).boxed()),
        ("in_scope", select(&[true, true, true, false]).prop_map(Value::from).boxed()),
        ("purpose", text().boxed()),
        ("criticality", select(&["low", "high"]).prop_map(Value::from).boxed()),
        ("next_review", date().boxed()),
    ])
}

fn policy() -> BoxedStrategy<Value> {
    record([
        ("clause_refs", list(requirement()).boxed()),
        ("effective_from", date().boxed()),
        ("next_review", date().boxed()),
        ("owner", reference("PER").boxed()),
    ])
}

fn controlled_document() -> BoxedStrategy<Value> {
    record([
        ("clause_refs", list(requirement()).boxed()),
        (
            "document_type",
            select(&["objective", "management_review"]).prop_map(Value::from).boxed(),
        ),
        ("ai_systems", list(reference("SYS")).boxed()),
        ("effective_from", date().boxed()),
        ("next_review", date().boxed()),
    ])
}

fn control_implementation() -> BoxedStrategy<Value> {
    record([
        ("control", requirement().boxed()),
        ("group", option::weighted(0.3, reference("GRP")).prop_map(Value::from).boxed()),
        ("ai_system", option::weighted(0.4, reference("SYS")).prop_map(Value::from).boxed()),
        ("applicable", select(&[true, true, false]).prop_map(Value::from).boxed()),
        ("justification", text().boxed()),
        ("description", text().boxed()),
        ("owner", reference("PER").boxed()),
        (
            "cadence",
            select(&["continuous", "daily", "weekly", "monthly", "on_event"])
                .prop_map(Value::from)
                .boxed(),
        ),
        ("documents", list(prop_oneof![reference("POL"), reference("DOC")]).boxed()),
    ])
}

fn evidence_item() -> BoxedStrategy<Value> {
    record([
        (
            "kind",
            select(&["export", "export", "export", "policy", "template"])
                .prop_map(Value::from)
                .boxed(),
        ),
        ("supports", list(requirement()).boxed()),
        ("ai_systems", list(reference("SYS")).boxed()),
        ("collected_on", date().boxed()),
        ("period_from", date().boxed()),
        ("period_to", date().boxed()),
        (
            "fresh_until",
            option::weighted(0.2, date()).prop_map(|date| date.unwrap_or_default()).boxed(),
        ),
    ])
}

fn risk() -> BoxedStrategy<Value> {
    record([
        ("ai_system", reference("SYS").boxed()),
        ("owner", reference("PER").boxed()),
        ("treatment", select(&["modify", "retain"]).prop_map(Value::from).boxed()),
        ("inherent", (1..=5_u8).prop_map(|level| json!({ "individuals": level })).boxed()),
        ("controls", list(requirement()).boxed()),
        ("next_review", date().boxed()),
    ])
}

fn risk_assessment() -> BoxedStrategy<Value> {
    record([
        ("ai_system", reference("SYS").boxed()),
        ("risks", list(reference("RSK")).boxed()),
        ("next_due", date().boxed()),
    ])
}

fn improvement_action() -> BoxedStrategy<Value> {
    record([
        ("requirement", requirement().boxed()),
        ("ai_system", reference("SYS").boxed()),
        ("due", date().boxed()),
    ])
}

fn requirement_assessment() -> BoxedStrategy<Value> {
    record([
        ("requirement", requirement().boxed()),
        ("ai_system", reference("SYS").boxed()),
        (
            "result",
            select(&["met", "partly", "not_met", "not_applicable"]).prop_map(Value::from).boxed(),
        ),
        ("valid_until", date().boxed()),
    ])
}

fn supplier() -> BoxedStrategy<Value> {
    record([("ai_systems", list(reference("SYS")).boxed())])
}

/// Each of the fields is there or not.
fn record<const N: usize>(
    fields: [(&'static str, BoxedStrategy<Value>); N],
) -> BoxedStrategy<Value> {
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(name, value)| option::weighted(0.7, value).prop_map(move |value| (name, value)))
        .collect();
    fields
        .prop_map(|fields| {
            let given =
                fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
            Value::Object(given.filter(|(_, value)| !value.is_null()).collect())
        })
        .boxed()
}

fn text() -> impl Strategy<Value = Value> {
    select(&["", "It is so.", "We do this."]).prop_map(Value::from)
}

fn reference(prefix: &'static str) -> impl Strategy<Value = Value> + Clone {
    (1..=4_u32).prop_map(move |number| format!("{prefix}-{number}").into())
}

fn requirement() -> impl Strategy<Value = Value> + Clone {
    select(&REQUIREMENTS).prop_map(Value::from)
}

fn list(of: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    vec(of, 0..3).prop_map(Value::from)
}

fn date() -> impl Strategy<Value = Value> {
    (-40..40_i32).prop_map(|days| TODAY.checked_add(days.days()).unwrap().to_string().into())
}
