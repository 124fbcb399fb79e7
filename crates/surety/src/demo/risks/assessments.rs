//! Assessments of risk and impact: before each start, and again each year or two.

use jiff::civil::{Date, date};
use serde_json::{Value, json};
use surety_aims::{Kind, RecordId};

use crate::demo::{
    calendar::{END, between, months_later, plus, roll},
    story::Story,
    systems::{Life, OFFICER, PRIVACY, System},
};

/// One assessment of risk each year and one of impact each year or two, while the system is prepared or runs.
pub(super) fn write(story: &mut Story, system: &System, risks: &[RecordId], known: Date) {
    let ends = system.operation.map_or(END, |(_, to)| to);
    if matches!(system.life, Life::Assessed) {
        return;
    }
    let first_impact = match system.life {
        Life::Gates | Life::Pilot => system.way(56),
        Life::TakenOver
        | Life::Assessed
        | Life::Proposed
        | Life::Rejected(_)
        | Life::Retired(_) => plus(known, 100),
    };
    let years = if system.is_critical() { 12 } else { 24 };
    let skips = |what: &str, day: Date| {
        between(day, END) < 330 && roll(&format!("{what} {}", system.name), 6) == 0
    };
    let mut impact = None;
    let mut day = first_impact;
    let mut reason = "initial";
    while day < ends {
        if reason == "initial" || !skips("impact", day) {
            let id = story.id(Kind::ImpactAssessment);
            impact_assessment(story, system, id, risks, (day, months_later(day, years), reason));
            impact.get_or_insert(id);
        }
        (day, reason) = (months_later(day, years), "planned");
    }
    // In time for the first gate, however short the way.
    let (mut day, mut reason) = (plus(known, 9), "initial");
    while day < ends {
        if reason == "initial" || !skips("risk", day) {
            let known = impact.filter(|_| day > plus(first_impact, 20));
            risk_assessment(story, system, risks, known, (day, reason));
        }
        (day, reason) = (months_later(day, 12), "planned");
    }
}

fn risk_assessment(
    story: &mut Story,
    system: &System,
    risks: &[RecordId],
    impact: Option<RecordId>,
    (day, reason): (Date, &str),
) {
    let id = story.id(Kind::RiskAssessment);
    let names: Vec<_> = risks.iter().map(ToString::to_string).collect();
    let body = json!({
        "ai_system": system.reference(), "reason": reason, "method_version": "1.0",
        "criteria_version": "1.0", "participants": [format!("PER-{}", system.owner), "PER-9"],
        "impact_assessment": impact.map(|id| id.to_string()), "risks": names,
        "summary": format!("{}: {} risks, none above level 12 after treatment", system.name, risks.len()),
        "assessor": format!("PER-{}", system.owner), "approved_by": format!("PER-{OFFICER}"),
        "performed_on": day.to_string(), "next_due": next_due(system, months_later(day, 12)).to_string(),
    });
    run(story, system.owner, OFFICER, (id, body), day);
    if reason == "planned" {
        for (position, risk) in risks.iter().enumerate() {
            let next = months_later(day, 12).to_string();
            let likelihood = 1 + roll(&format!("{day} {position}"), 2);
            let current = json!({ "organisation": 2, "individuals": 2, "society": 1, "likelihood": likelihood });
            let again = json!({
                "next_review": next, "current": current, "accepted_until": months_later(day, 24).to_string(),
            });
            story.change(plus(day, 1), system.owner, *risk, again);
        }
    }
}

fn impact_assessment(
    story: &mut Story,
    system: &System,
    id: RecordId,
    risks: &[RecordId],
    (day, next, reason): (Date, Date, &str),
) {
    let mut parties: Vec<&str> = system
        .text("affected_people")
        .split(';')
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .collect();
    if parties.is_empty() {
        parties.push("Staff who work with it");
    }
    let purpose = system.text("purpose");
    let mut impacts: Vec<_> = parties
        .iter()
        .map(|party| {
            json!({
                "party": party, "kind": harm(system), "effect": "harm", "severity": 2 + roll(&format!("{party} {}", system.name), 3),
                "likelihood": 1 + roll(party, 3), "reversible": true, "note": "Wrong or late results; people can object and are heard",
            })
        })
        .collect();
    impacts.push(json!({
        "party": "Customers and towns", "kind": "accessibility", "effect": "benefit", "severity": 3, "likelihood": 4,
        "reversible": true, "note": "Quicker and at any hour",
    }));
    if roll(&format!("society {}", system.name), 3) > 0 {
        impacts.push(json!({
            "party": "Society", "kind": "environment", "effect": "benefit", "severity": 2, "likelihood": 3,
            "reversible": true, "note": "Fewer empty trips and less waiting",
        }));
    }
    let names: Vec<_> = risks.iter().map(ToString::to_string).collect();
    let body = json!({
        "ai_system": system.reference(), "reason": reason, "process_version": "1.0",
        "screening_result": if system.is_critical() { "full" } else { "light" },
        "scope": format!("{}: its results and what people make of them", system.name),
        "system_description": system.text("description"), "purpose": purpose, "intended_uses": purpose,
        "unintended_uses": ["Decisions about people without anybody looking", "Use outside of the places it was tested for"],
        "deployment_environment": format!("{}; {}", system.unit, jurisdictions(system)),
        "interested_parties": parties, "impacts": impacts, "failures_and_misuse": ["Wrong result in an unusual case"],
        "measures": ["People can object and speak to somebody", "Monitoring with alarms"],
        "residual_effect": "Small; seen early by monitoring",
        "consultation": "Owner, data protection officer, and the works council where staff are concerned",
        "sharing_decision": "on_request", "risks": names, "assessor": format!("PER-{}", system.owner),
        "approved_by": format!("PER-{PRIVACY}"), "performed_on": day.to_string(), "next_due": next_due(system, next).to_string(),
        "retain_until": months_later(day, 120).to_string(),
    });
    run(story, system.owner, PRIVACY, (id, body), day);
}

/// Nothing is assessed again that is retired; what is kept of it is looked at once more before it is deleted.
fn next_due(system: &System, next: Date) -> Date {
    match system.life {
        Life::Retired(_) => next.max(date(2027, 6, 30)),
        Life::TakenOver
        | Life::Gates
        | Life::Pilot
        | Life::Assessed
        | Life::Proposed
        | Life::Rejected(_) => next,
    }
}

fn harm(system: &System) -> &'static str {
    match system.text("kind") {
        "generative" => "rights",
        "vision" | "speech" => "privacy",
        "recommender" => "fairness",
        "optimization" => "financial",
        "agent" => "safety",
        _ => "fairness",
    }
}

fn jurisdictions(system: &System) -> String {
    let places = system.body.get("jurisdictions").and_then(Value::as_array);
    let places: Vec<_> = places.into_iter().flatten().filter_map(Value::as_str).collect();
    places.join(", ")
}

/// An assessment from its start to the approval by a second person.
fn run(story: &mut Story, by: u32, approver: u32, (id, body): (RecordId, Value), day: Date) {
    story.state(day, by, id, body);
    story.step(day, by, id, "start");
    story.step(plus(day, 4), by, id, "submit");
    story.approve(plus(day, 9), approver, id, "approve");
}
