//! How often evidence is wanted: the organisation's decision goes before what the catalog proposes.

use serde_json::{Value, json};
use surety_aims::{
    Book,
    derive::Finding,
    records::{AiSystem, ControlImplementation},
};
use surety_catalog::{Cadence, Condition, Framework, Per, Requirement, RequirementKind, Test};

use crate::{
    gap::{judged, matrix},
    given::World,
    soa::put,
};

/// How often a requirement is shown for an AI system: as the first decision says that was made for it, for its group, for
/// the organisation.
pub(crate) fn wanted(book: &Book, requirement: &Requirement, system: Option<u32>) -> Cadence {
    let name = format!("fw:{}", requirement.id);
    let decisions = || {
        book.all::<ControlImplementation>().filter(|(record, said)| {
            record.is_live() && said.control.as_ref().is_some_and(|it| it.0.as_str() == name)
        })
    };
    let first = |is: &dyn Fn(&ControlImplementation) -> bool| {
        decisions().find(|(_, said)| is(said)).and_then(|(_, said)| said.cadence)
    };
    let group = book
        .all::<AiSystem>()
        .find(|(record, _)| Some(record.id.number) == system)
        .and_then(|(_, system)| system.group);
    let own = system.and_then(|number| {
        first(&|said| said.ai_system.is_some_and(|listed| listed.number == number))
    });
    own.or_else(|| {
        let group = group?;
        first(&|said| said.ai_system.is_none() && said.group == Some(group))
    })
    .or_else(|| first(&|said| said.ai_system.is_none() && said.group.is_none()))
    .map(Into::into)
    .or(requirement.cadence)
    .unwrap_or(Cadence::Annual)
}

/// A control of all the time, and a condition that evidence meets.
fn framework(kind: RequirementKind, per: Per) -> Framework {
    let condition = Condition {
        id: "shown".to_owned(),
        says: "accepted evidence shows it".to_owned(),
        test: Test::Evidence { requirement: None, per },
        effort: Default::default(),
    };
    let control = Requirement {
        id: "A.1".to_owned(),
        kind,
        assessable: true,
        cadence: Some(Cadence::Continuous),
        conditions: vec![condition],
        ..Requirement::default()
    };
    Framework { id: "fw".to_owned(), requirements: vec![control], ..Framework::default() }
}

/// Two AI systems in operation, the first of a group, each with a report on a month that ended sixteen days before.
fn world() -> World {
    let mut world = World::default();
    put(&mut world, "GRP-1", json!({ "name": "Rail" }), "active");
    put(&mut world, "SYS-1", json!({ "name": "A", "group": "GRP-1" }), "in_operation");
    put(&mut world, "SYS-2", json!({ "name": "B" }), "in_operation");
    for (id, system) in [("EVD-1", "SYS-1"), ("EVD-2", "SYS-2")] {
        let report = json!({
            "title": "Report", "kind": "log", "supports": ["fw:A.1"], "ai_systems": [system],
            "period_from": "2026-05-01", "period_to": "2026-05-30",
        });
        put(&mut world, id, report, "accepted");
    }
    world
}

fn decides(world: &mut World, id: &str, more: Value) {
    let mut body = json!({ "control": "fw:A.1", "applicable": true, "justification": "risk" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    put(world, id, body, "implemented");
}

fn found<T>(world: &World, framework: &Framework, look: impl FnOnce(&Finding<'_>) -> T) -> T {
    let soa = matrix(world, framework);
    look(&judged(&world.book, framework, &soa).results[0].conditions[0])
}

/// How many hold, how often it is wanted, and what is missing.
fn says(world: &World, framework: &Framework) -> (u32, Vec<String>, Vec<String>) {
    found(world, framework, |finding| {
        let cadences = finding.cadences.iter().map(ToString::to_string).collect();
        let missing = finding.missing.iter().map(ToString::to_string).collect();
        (finding.held, cadences, missing)
    })
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn what_the_organisation_decided_goes_before_what_the_catalog_proposes() {
    let control = framework(RequirementKind::Control, Per::OperatingAiSystem);
    let mut world = world();
    let proposed = texts(&["continuous, as the catalog proposes"]);
    let missing = texts(&[
        "no evidence item for SYS-1 (continuous, as the catalog proposes)",
        "no evidence item for SYS-2 (continuous, as the catalog proposes)",
    ]);
    assert_eq!(says(&world, &control), (0, proposed.clone(), missing.clone()));
    decides(&mut world, "CTL-1", json!({}));
    assert_eq!(says(&world, &control), (0, proposed, missing), "which says nothing of it");
    decides(&mut world, "CTL-2", json!({ "group": "GRP-1", "cadence": "monthly" }));
    let (held, cadences, missing) = says(&world, &control);
    assert_eq!((held, missing.len()), (1, 1));
    let both = ["monthly, as CTL-2 decides", "continuous, as the catalog proposes"];
    assert_eq!(cadences, texts(&both));
}

#[test]
fn a_place_goes_before_a_wider_one() {
    let control = framework(RequirementKind::Control, Per::OperatingAiSystem);
    let mut world = world();
    decides(&mut world, "CTL-1", json!({ "cadence": "monthly" }));
    assert_eq!(says(&world, &control).0, 2);
    decides(&mut world, "CTL-2", json!({ "ai_system": "SYS-2", "cadence": "weekly" }));
    let (held, cadences, missing) = says(&world, &control);
    assert_eq!(held, 1);
    assert_eq!(cadences, texts(&["monthly, as CTL-1 decides", "weekly, as CTL-2 decides"]));
    assert_eq!(missing, texts(&["no evidence item for SYS-2 (weekly, as CTL-2 decides)"]));
}

/// A decision may also ask for more than the catalog does.
#[test]
fn a_stricter_decision_counts_too_and_so_does_one_on_a_clause() {
    let mut clause = framework(RequirementKind::Clause, Per::Organisation);
    clause.requirements[0].cadence = Some(Cadence::Annual);
    let mut world = world();
    assert_eq!(says(&world, &clause).0, 1);
    decides(&mut world, "CTL-1", json!({ "cadence": "weekly" }));
    assert_eq!(says(&world, &clause).0, 0);
    let json = found(&world, &clause, |finding| serde_json::to_value(finding).unwrap());
    assert_eq!(json["cadences"], json!([{ "cadence": "weekly", "decided_by": "CTL-1" }]));
    assert_eq!(json["missing"][0]["says"], "no evidence item (weekly, as CTL-1 decides)");
}
