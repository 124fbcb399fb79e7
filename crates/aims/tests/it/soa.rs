//! The statement of applicability against a plain re-computation, cell by cell and day by day.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use surety_aims::{
    Book, Event, Kind, Record, RecordId, Stated, date,
    derive::{
        Reason, Rule, Window, covered,
        place::{self, Level, speaking},
        soa::{Cell, Soa, soa},
    },
    of,
    records::{AiSystem, ControlImplementation, EvidenceItem, EvidenceKind},
};
use surety_catalog::{Cadence, Requirement, RequirementKind};

use crate::{
    given::World,
    random::{TODAY, world},
};

const KINDS: [Kind; 6] = [
    Kind::SystemGroup,
    Kind::AiSystem,
    Kind::Policy,
    Kind::ControlledDocument,
    Kind::ControlImplementation,
    Kind::EvidenceItem,
];

pub(crate) fn controls() -> Vec<Requirement> {
    [("A.1", None), ("A.2", Some(Cadence::Weekly)), ("A.3", Some(Cadence::OnEvent))]
        .into_iter()
        .map(|(id, cadence)| Requirement {
            id: id.to_owned(),
            kind: RequirementKind::Control,
            assessable: true,
            cadence,
            ..Requirement::default()
        })
        .collect()
}

fn window() -> Window {
    Window { from: date(surety_aims::day(TODAY) - 50), to: date(surety_aims::day(TODAY) + 20) }
}

/// What a cell must say, worked out the slow way.
#[derive(Debug, PartialEq)]
struct Expected {
    applicable: Option<bool>,
    justification: String,
    decided_by: Option<RecordId>,
    implementation: Option<RecordId>,
    state: &'static str,
    owner: Option<u32>,
    cadence: Cadence,
    designed: bool,
    documented: bool,
    operating: bool,
    uncovered: BTreeSet<i32>,
    why: Vec<Rule>,
}

fn seen(cell: &Cell<'_>) -> Expected {
    Expected {
        applicable: cell.applicable,
        justification: cell.justification.to_owned(),
        decided_by: cell.decided_by,
        implementation: cell.implementation,
        state: cell.state,
        owner: cell.owner.map(|owner| owner.number),
        cadence: cell.cadence,
        designed: cell.designed,
        documented: cell.documented,
        operating: cell.operating,
        uncovered: cell.uncovered.0.iter().flat_map(|(from, to)| *from..=*to).collect(),
        why: cell.why.iter().map(|reason| reason.rule).collect(),
    }
}

type Said<'b> = (&'b Record, &'b ControlImplementation);

/// The first live decision about the control that is made for that place.
fn said<'b>(
    book: &'b Book,
    control: &str,
    place: impl Fn(&ControlImplementation) -> bool,
) -> Option<Said<'b>> {
    book.all::<ControlImplementation>().find(|(record, said)| {
        record.state != "retired"
            && said.control.as_ref().is_some_and(|named| named.0.as_str() == control)
            && place(said)
    })
}

/// Whether a policy or document has an approved version whose first day has come; its fields, if so.
pub(crate) fn in_force(record: &Record) -> Option<Value> {
    if !matches!(record.id.kind, Kind::Policy | Kind::ControlledDocument) {
        return None;
    }
    let body = match record.state {
        "approved" => record.body.to_json(),
        "retired" => return None,
        _ => record.in_force.as_ref()?.body.to_json(),
    };
    let started =
        body["effective_from"].as_str().is_none_or(|from| from <= TODAY.to_string().as_str());
    started.then_some(body)
}

fn lists(body: &Value, field: &str, item: &str) -> bool {
    body[field].as_array().is_some_and(|list| list.iter().any(|listed| listed == item))
}

/// AI systems (none: the whole organisation), first and last day that is spoken for, whether it shows operation.
type Run = (Vec<u32>, i32, i32, bool);

/// The runs of days for which accepted evidence about the control speaks.
fn evidence(book: &Book, control: &str, cadence: Cadence) -> Vec<Run> {
    let mut runs = Vec::new();
    for (record, item) in book.all::<EvidenceItem>() {
        let names = item.supports.iter().any(|supported| supported.0.as_str() == control);
        if record.state != "accepted" || !names {
            continue;
        }
        let Some(from) = item.period_from.or(item.period_to).or(item.collected_on) else {
            continue;
        };
        let to = item.period_to.or(item.collected_on).unwrap_or(from).max(from);
        let until = item.fresh_until.map_or(i32::MAX, surety_aims::day);
        let last = match cadence.days() {
            Some(days) => until.min(surety_aims::day(to) + i32::try_from(days).unwrap()),
            None => until,
        };
        let operating = !matches!(item.kind, Some(EvidenceKind::Policy | EvidenceKind::Template));
        let systems = item.ai_systems.iter().map(|system| system.number).collect();
        runs.push((systems, surety_aims::day(from), last, operating));
    }
    runs
}

/// The decisions that speak for a cell, nearest first.
fn levels<'b>(
    book: &'b Book,
    control: &str,
    system: Option<(&Record, &AiSystem)>,
) -> Vec<(Said<'b>, Rule)> {
    let number = system.map(|(record, _)| record.id.number);
    let group = system.and_then(|(_, system)| system.group).map(|group| group.number);
    let own = number.and_then(|number| {
        said(book, control, |said| said.ai_system.is_some_and(|system| system.number == number))
    });
    let of_group = group.and_then(|group| {
        said(book, control, |said| {
            said.ai_system.is_none() && said.group.is_some_and(|g| g.number == group)
        })
    });
    let of_all = said(book, control, |said| said.ai_system.is_none() && said.group.is_none());
    let rules = [Rule::DecidedForSystem, Rule::DecidedForGroup, Rule::DecidedForOrganisation];
    let all = [own, of_group, of_all].into_iter().zip(rules);
    all.filter_map(|(said, rule)| Some((said?, rule))).collect()
}

/// Whether an approved document describes the control: one that a decision names, or one that names the control.
fn is_documented(
    book: &Book,
    control: &str,
    levels: &[(Said<'_>, Rule)],
    system: Option<u32>,
) -> bool {
    let linked = levels.iter().map(|((_, said), _)| &said.documents).find(|list| !list.is_empty());
    let in_force_now = |id: &RecordId| book.get(*id).and_then(in_force).is_some();
    let by_name = book.records().filter_map(in_force).any(|body| {
        let listed = body["ai_systems"].is_null()
            || system.is_some_and(|number| lists(&body, "ai_systems", &format!("SYS-{number}")));
        lists(&body, "clause_refs", control) && listed
    });
    linked.is_some_and(|list| list.iter().any(in_force_now)) || by_name
}

fn expected(book: &Book, control: &Requirement, system: Option<(&Record, &AiSystem)>) -> Expected {
    let name = format!("fw:{}", control.id);
    let number = system.map(|(record, _)| record.id.number);
    let levels = levels(book, &name, system);
    let decision = levels.iter().find(|((_, said), _)| said.applicable.is_some());
    let described = levels.iter().find(|((_, said), _)| !said.description.is_empty());
    let done = described.or(decision).map(|(said, _)| *said);
    let applicable = decision.and_then(|((_, said), _)| said.applicable);
    let justification =
        decision.map(|((_, said), _)| said.justification.clone()).unwrap_or_default();
    let owner = levels.iter().find_map(|((_, said), _)| said.owner).map(|owner| owner.number);
    let cadence = levels
        .iter()
        .find_map(|((_, said), _)| said.cadence)
        .map(Cadence::from)
        .or(control.cadence)
        .unwrap_or(Cadence::Annual);
    let mut expected = Expected {
        applicable,
        decided_by: decision.map(|((record, _), _)| record.id),
        implementation: done.map(|(record, _)| record.id),
        state: match applicable {
            None => "undecided",
            Some(false) => "excluded",
            Some(true) => done.map_or("not_started", |(record, _)| record.state),
        },
        owner,
        cadence,
        designed: false,
        documented: false,
        operating: false,
        uncovered: BTreeSet::new(),
        why: vec![decision.map_or(Rule::Undecided, |(_, rule)| *rule)],
        justification,
    };
    if applicable.is_some() && expected.justification.is_empty() {
        expected.why.push(Rule::NotJustified);
    }
    if applicable == Some(true) {
        if described.is_none() {
            expected.why.push(Rule::NotDescribed);
        }
        if owner.is_none() {
            expected.why.push(Rule::NotOwned);
        }
        expected.designed = expected.why.len() == 1;
        let excludes = |((_, said), rule): &(Said<'_>, Rule)| {
            *rule == Rule::DecidedForOrganisation && said.applicable == Some(false)
        };
        if levels.iter().any(excludes) {
            expected.why.push(Rule::ContradictsOrganisation);
        }
        expected.documented = is_documented(book, &name, &levels, number);
        let documented = [Rule::NotDocumented, Rule::Documented];
        expected.why.push(documented[usize::from(expected.documented)]);
        operate(&mut expected, evidence(book, &name, cadence), done, number);
    }
    expected
}

/// The third score: implemented, and shown to be at work today; and on which days of the window it is not shown.
fn operate(
    expected: &mut Expected,
    mut evidence: Vec<Run>,
    done: Option<Said<'_>>,
    system: Option<u32>,
) {
    let own_way = done.is_some_and(|(_, said)| said.ai_system.is_some());
    evidence.retain(|(systems, ..)| {
        system.is_some_and(|number| systems.contains(&number)) || (systems.is_empty() && !own_way)
    });
    let covers = |day: i32| {
        evidence.iter().any(|(_, from, last, operating)| *operating && *from <= day && day <= *last)
    };
    let implemented =
        done.is_some_and(|(record, _)| ["implemented", "effective"].contains(&record.state));
    let covered = covers(surety_aims::day(TODAY));
    if !implemented {
        expected.why.push(Rule::NotInOperation);
    }
    expected.why.push(if covered {
        Rule::Covered
    } else if evidence.is_empty() {
        Rule::NeverEvidenced
    } else if evidence.iter().all(|(.., operating)| !operating) {
        Rule::PolicyOnly
    } else {
        Rule::NotCovered
    });
    expected.operating = implemented && covered;
    let window = surety_aims::day(window().from)..=surety_aims::day(window().to);
    expected.uncovered = window.filter(|day| !covers(*day)).collect();
}

fn matrix<'b>(book: &'b Book, controls: &'b [Requirement]) -> Soa<'b> {
    soa(book, "fw", &controls.iter().collect::<Vec<_>>(), TODAY, window())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn every_cell_equals_a_plain_recomputation(world in world(&KINDS, 90)) {
        let controls = controls();
        let soa = matrix(&world.book, &controls);
        let systems: Vec<_> = world
            .book
            .all::<AiSystem>()
            .filter(|(record, system)| !["retired", "rejected"].contains(&record.state) && system.in_scope)
            .collect();
        let columns: Vec<_> = soa.systems.iter().map(|system| system.id).collect();
        prop_assert_eq!(columns, systems.iter().map(|(record, _)| record.id).collect::<Vec<_>>());
        let mut cells = soa.cells.iter();
        for (control, row) in controls.iter().zip(&soa.controls) {
            prop_assert_eq!(seen(&row.organisation), expected(&world.book, control, None));
            for system in &systems {
                let cell = cells.next().unwrap();
                prop_assert_eq!((cell.control, cell.system), (control.id.as_str(), Some(system.0.id)));
                prop_assert_eq!(seen(cell), expected(&world.book, control, Some(*system)), "{} {}", control.id, system.0.id);
            }
        }
        prop_assert!(cells.next().is_none());
    }

    #[test]
    fn what_is_near_a_cell_explains_it(world in world(&KINDS, 90)) {
        let controls = controls();
        let soa = matrix(&world.book, &controls);
        let whole = soa.controls.iter().map(|control| &control.organisation);
        for cell in soa.cells.iter().chain(whole) {
            let levels = place::levels(&world.book, ("fw", cell.control), cell.system);
            let says = |level: &Level<'_>| {
                let said = of::<ControlImplementation>(level.record?)?;
                said.applicable.map(|applies| (level.record.unwrap().id, applies))
            };
            let decided = cell.decided_by.zip(cell.applicable);
            prop_assert_eq!(levels.iter().find_map(says), decided);
            let spoken = speaking(&world.book, "fw", cell);
            if cell.applicable != Some(true) {
                prop_assert!(spoken.is_empty());
                continue;
            }
            let runs: Vec<_> = spoken
                .iter()
                .filter(|one| one.span.operating)
                .filter_map(|one| covered(one.span, cell.cadence))
                .collect();
            for day in surety_aims::day(window().from)..=surety_aims::day(window().to) {
                let speaks = runs.iter().any(|(from, to)| (*from..=*to).contains(&day));
                prop_assert_eq!(speaks, !cell.uncovered.holds(day));
            }
        }
    }

    #[test]
    fn scores_count_the_cells_and_every_cell_says_why(world in world(&KINDS, 90)) {
        let controls = controls();
        let soa = matrix(&world.book, &controls);
        let count = |holds: fn(&Cell<'_>) -> bool| u32::try_from(soa.cells.iter().filter(|c| holds(c)).count()).unwrap();
        prop_assert_eq!(soa.scores.applicable, count(|cell| cell.applicable == Some(true)));
        prop_assert_eq!(soa.scores.excluded, count(|cell| cell.applicable == Some(false)));
        prop_assert_eq!(soa.scores.undecided, count(|cell| cell.applicable.is_none()));
        prop_assert_eq!(soa.scores.designed, count(|cell| cell.designed));
        prop_assert_eq!(soa.scores.documented, count(|cell| cell.documented));
        prop_assert_eq!(soa.scores.operating, count(|cell| cell.operating));
        for cell in &soa.cells {
            prop_assert!(!cell.why.is_empty());
            for Reason { rule, record } in &cell.why {
                prop_assert!(!rule.says().is_empty() && !rule.clause().is_empty());
                prop_assert!(record.is_none_or(|id| world.book.get(id).is_some()), "{rule:?} names {record:?}");
            }
        }
    }
}

pub(crate) fn put(world: &mut World, id: &str, body: Value, state: &str) {
    let id: RecordId = id.parse().unwrap();
    let stated = Stated {
        id,
        version: 1,
        body: id.kind.body(body).unwrap(),
        custom: Default::default(),
        external: Vec::new(),
    };
    world.happens("PER-1", Event::Stated(Box::new(stated)));
    let lifecycle = id.kind.lifecycle();
    let to = lifecycle.state(state).unwrap();
    world.happens("PER-1", Event::Moved { id, from: lifecycle.initial(), to, note: String::new() });
}

/// Three systems, two of them in a group.
fn organisation() -> World {
    let mut world = World::default();
    put(&mut world, "GRP-1", json!({ "name": "Chat" }), "active");
    put(&mut world, "SYS-1", json!({ "name": "Alone" }), "in_operation");
    put(&mut world, "SYS-2", json!({ "name": "In group", "group": "GRP-1" }), "in_operation");
    put(&mut world, "SYS-3", json!({ "name": "Its own way", "group": "GRP-1" }), "in_operation");
    world
}

/// `applicable by decision as implementation, owner, every so often` for each system.
fn rows(world: &World) -> Vec<String> {
    let controls = controls();
    let soa = matrix(&world.book, &controls[..1]);
    soa.cells
        .iter()
        .map(|cell| {
            let id = |id: Option<RecordId>| id.map_or("-".to_owned(), |id| id.to_string());
            let owner = id(cell.owner.map(|owner| owner.id()));
            let (decided, done) = (id(cell.decided_by), id(cell.implementation));
            format!("{} {decided} {done} {owner} {}", cell.state, cell.cadence.name())
        })
        .collect()
}

#[test]
fn a_decision_is_inherited_from_organisation_to_group_to_system_until_one_says_otherwise() {
    let mut world = organisation();
    assert_eq!(rows(&world), ["undecided - - - annual"; 3]);
    let whole = json!({
        "control": "fw:A.1", "applicable": true, "justification": "law", "description": "Central log.",
        "owner": "PER-1", "cadence": "monthly",
    });
    put(&mut world, "CTL-1", whole, "implemented");
    assert_eq!(rows(&world), ["implemented CTL-1 CTL-1 PER-1 monthly"; 3]);
    let group = json!({ "control": "fw:A.1", "group": "GRP-1", "applicable": false, "justification": "no users" });
    put(&mut world, "CTL-2", group, "planned");
    let inherited = "implemented CTL-1 CTL-1 PER-1 monthly";
    let excluded = "excluded CTL-2 CTL-1 PER-1 monthly";
    assert_eq!(rows(&world), [inherited, excluded, excluded]);
    let own = json!({
        "control": "fw:A.1", "ai_system": "SYS-3", "applicable": true, "justification": "risk",
        "description": "Own log.", "owner": "PER-2",
    });
    put(&mut world, "CTL-3", own, "in_progress");
    assert_eq!(rows(&world), [inherited, excluded, "in_progress CTL-3 CTL-3 PER-2 monthly"]);
    // A decision that leaves `applicable` empty takes it over and may still say how often.
    let often = json!({ "control": "fw:A.1", "ai_system": "SYS-1", "cadence": "weekly" });
    put(&mut world, "CTL-4", often, "planned");
    assert_eq!(rows(&world)[0], "implemented CTL-1 CTL-1 PER-1 weekly");
    world.happens(
        "PER-1",
        Event::Moved {
            id: "CTL-3".parse().unwrap(),
            from: "in_progress",
            to: "retired",
            note: String::new(),
        },
    );
    assert_eq!(rows(&world)[2], excluded);
}

#[test]
fn a_document_in_force_counts_for_what_its_approved_version_names_and_not_for_its_draft() {
    let mut world = organisation();
    let applies = json!({ "control": "fw:A.1", "applicable": true, "justification": "law" });
    put(&mut world, "CTL-1", applies, "planned");
    put(&mut world, "DOC-1", json!({ "title": "Manual", "clause_refs": ["fw:A.1"] }), "approved");
    let documented = |world: &World| {
        let controls = controls();
        matrix(&world.book, &controls[..1]).scores.documented
    };
    assert_eq!(documented(&world), 3);
    let restate = |world: &mut World, body| {
        let id: RecordId = "DOC-1".parse().unwrap();
        let body = id.kind.body(body).unwrap();
        let stated =
            Stated { id, version: 2, body, custom: Default::default(), external: Vec::new() };
        world.happens("PER-1", Event::Stated(Box::new(stated)));
    };
    restate(&mut world, json!({ "title": "Manual", "clause_refs": ["fw:A.2"] }));
    assert_eq!(documented(&world), 3, "version 1 is still in force");
    put(&mut world, "DOC-1", json!({ "title": "Manual", "clause_refs": ["fw:A.2"] }), "approved");
    assert_eq!(documented(&world), 0);
    restate(&mut world, json!({ "title": "Manual", "clause_refs": ["fw:A.1"] }));
    assert_eq!(documented(&world), 0, "only a draft names the control");
}
