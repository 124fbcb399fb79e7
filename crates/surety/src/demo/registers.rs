//! What is kept of each AI system beside its entry: who answers for it, what it depends on, its data and its documents.

use jiff::civil::{Date, date};
use serde_json::json;
use surety_aims::{Kind, RecordId};

use super::{
    calendar::{END, between, months_later, plus, roll},
    chronicle::Examples,
    story::Story,
    systems::{Life, OFFICER, System, VALIDATION},
};

pub(super) fn write(story: &mut Story, systems: &[System], examples: &Examples) {
    for system in systems.iter().filter(|system| system.is_inside()) {
        let Some(from) = known_since(system) else { continue };
        role(story, system, plus(from, 10));
        resources(story, system, plus(from, 25).max(date(2024, 6, 3)));
        if !system.bought {
            datasets(story, system, from, examples);
        }
        documents(story, system);
    }
}

/// Since when there is something to keep, for those that got so far.
fn known_since(system: &System) -> Option<Date> {
    match system.life {
        Life::TakenOver | Life::Retired(_) => Some(system.intake.max(date(2024, 2, 12))),
        Life::Gates | Life::Pilot => Some(plus(system.intake, 12)),
        Life::Assessed | Life::Proposed | Life::Rejected(_) => None,
    }
}

fn ends(system: &System) -> Date {
    match system.life {
        Life::Retired(day) => day,
        Life::TakenOver
        | Life::Gates
        | Life::Pilot
        | Life::Assessed
        | Life::Proposed
        | Life::Rejected(_) => plus(END, 1),
    }
}

fn role(story: &mut Story, system: &System, day: Date) {
    // Of a few nobody has confirmed yet who answers for them.
    let confirmed = roll(&format!("role {}", system.name), 12) > 0 || day < date(2025, 1, 1);
    let id = story.id(Kind::RoleAssignment);
    let body = json!({
        "role": "System owner", "person": format!("PER-{}", system.owner), "activity": format!("Answers for {}", system.name),
        "ai_system": system.reference(), "raci": "A", "authority": "Stops the system; accepts risks up to level 6",
        "appointed_by": "PER-8", "from": day.to_string(), "accepted_on": confirmed.then(|| day.to_string()),
        "next_review": months_later(day, 24).max(date(2027, 2, 26)).to_string(),
    });
    story.state(day, OFFICER, id, body);
    if confirmed {
        story.step(plus(day, 2), OFFICER, id, "confirm");
    }
    if ends(system) <= END {
        let note = "The system is retired";
        story.noted(
            plus(ends(system), 4),
            super::calendar::Part::Morning,
            OFFICER,
            id,
            ("retire", note),
        );
    }
}

fn resources(story: &mut Story, system: &System, day: Date) {
    let place = if system.bought { "Supplier" } else { "Data centre Kiel" };
    let all = [
        ("data", "Data", "Bookings, logs and what the purpose needs", "Own data store"),
        ("tooling", "Tools", "Libraries and tools by bill of materials", "Repository"),
        ("compute", "Computing", "Machines with place, cost and energy", place),
        ("human", "People", "Owner, engineer, people who oversee", "Flensburg"),
    ];
    for (kind, word, what, location) in all {
        // Registers are seldom whole.
        if roll(&format!("resource {kind} {}", system.name), 9) == 0 {
            continue;
        }
        let id = story.id(Kind::Resource);
        let body = json!({
            "ai_system": system.reference(), "kind": kind, "name": format!("{word} of {}", system.name),
            "lifecycle_stage": ["operation"], "owner": format!("PER-{}", system.owner), "location": location,
            "details": { "what": what }, "last_verified": day.to_string(),
            "next_review": months_later(day, 12).to_string(),
        });
        story.state(day, system.owner, id, body);
        story.step(plus(day, 6), system.owner, id, "confirm");
        let mut again = months_later(day, 12);
        while again < ends(system) {
            // The comparison of the last months is still owed for some.
            let owed = between(again, END) < 150 && roll(&format!("owed {}", system.name), 6) == 0;
            if !owed {
                let next = months_later(again, 12).to_string();
                let seen = json!({ "last_verified": again.to_string(), "next_review": next });
                story.change(again, system.owner, id, seen);
            }
            again = months_later(again, 12);
        }
        if ends(system) <= END {
            let note = "The system is retired";
            let part = super::calendar::Part::Morning;
            story.noted(plus(ends(system), 5), part, system.owner, id, ("retire", note));
        }
    }
}

fn datasets(story: &mut Story, system: &System, from: Date, examples: &Examples) {
    let written = match system.number() {
        7 => Some("DST-2"),
        8 => Some("DST-3"),
        _ => None,
    };
    let version = format!("{}.1", from.year());
    let personal =
        system.body.get("personal_data").and_then(serde_json::Value::as_bool) == Some(true);
    let mut body = json!({
        "name": format!("Data of {}", system.name), "version": version, "ai_systems": [system.reference()],
        "use": "training", "source": "internal", "provider": "Nordlicht Mobility GmbH",
        "selection_reason": "Arises in the work that the system is meant for",
        "rights_basis": if personal { "Terms of use and data protection notice, section 4" } else { "Own operating data" },
        "personal_data": if personal { "pseudonymized" } else { "none" },
        "categories": "What the system sees and what came of it", "quantity": "100K<n<1M", "time_span": "The last three years",
        "known_bias": "Cities and daytime are overrepresented", "representativeness": "Good for cities, weak for villages",
        "quality_requirements": ["At most 1 % of rows without a value", "Labels agree in 95 % of samples"],
        "quality_results": ["0.6 % of rows without a value", "Labels agree in 96 % of samples"],
        "labelling": "From outcomes; a sample is read by two people", "preparation": ["Duplicates removed", "Numbers of people replaced each month"],
        "lineage": ["Booking and vehicle systems, nightly copy", "Data store of the data team"],
        "retention": "Five years", "disposal": "Deleted with a record of it", "known_gaps": "No data of partners",
        "purposes": ["Training and testing of the system"], "steward": "PER-17", "next_review": months_later(from.max(date(2024, 9, 9)), 12).to_string(),
    });
    if let (Some(written), Some(fields)) = (written, body.as_object_mut()) {
        fields.extend(examples.body(written));
        fields.insert("next_review".to_owned(), months_later(from, 12).to_string().into());
        fields.insert("steward".to_owned(), "PER-17".into());
    }
    let id = story.id(Kind::DatasetCard);
    let steward = if from < date(2024, 3, 10) { system.owner } else { 17 };
    // Before the gate that asks for it, and not before the policy on data.
    let day = match system.life {
        Life::Gates | Life::Pilot => system.way(36),
        Life::TakenOver
        | Life::Assessed
        | Life::Proposed
        | Life::Rejected(_)
        | Life::Retired(_) => from.max(date(2024, 9, 9)),
    };
    if day >= ends(system) {
        return;
    }
    story.state(day, steward, id, body);
    story.step(plus(day, 3), steward, id, "submit");
    if roll(&format!("limits {}", system.name), 6) == 0 {
        let limits = json!({ "limits": "Not for anything about single persons" });
        story.change(plus(day, 4), steward, id, limits);
        story.approve(plus(day, 9), OFFICER, id, "approve_with_limits");
    } else {
        story.approve(plus(day, 9), OFFICER, id, "approve");
    }
    let mut again = months_later(day, 12);
    while again < ends(system)
        && (between(again, END) > 90 || roll(&format!("new data {}", system.name), 4) > 0)
    {
        let said = json!({ "version": format!("{}.{}", again.year(), again.month()), "next_review": months_later(again, 12).to_string() });
        story.change(again, 17, id, said);
        story.step(plus(again, 2), 17, id, "submit");
        story.approve(plus(again, 8), OFFICER, id, "approve");
        again = months_later(again, 12);
    }
    if let Life::Retired(end) = system.life {
        let note = "Deleted with the system";
        story.noted(plus(end, 6), super::calendar::Part::Morning, OFFICER, id, ("retire", note));
    }
}

/// Reports of evaluation for those in operation, and technical documentation for those on which much hangs.
fn documents(story: &mut Story, system: &System) {
    let Some((from, _)) = system.operation else { return };
    let evaluated = plus(from, -20).max(date(2024, 5, 20)).max(plus(system.intake, 12));
    let base = |title: &str, kind: &str, reference: &str, day: Date| {
        json!({
            "code": format!("NL-T-{}", system.number()), "title": format!("{title}: {}", system.name), "document_type": kind,
            "kind": "record", "version": "1.0", "author": "PER-16", "owner": format!("PER-{}", system.owner), "language": "en",
            "format": "Markdown", "media": "document store", "classification": "internal", "access": ["System owner", "Auditors"],
            "clause_refs": [format!("iso42001:{reference}")], "ai_systems": [system.reference()],
            "reviewed_by": format!("PER-{}", system.owner), "effective_from": day.to_string(),
            "next_review": next_review(system, day).to_string(), "retention": "Ten years after retirement", "disposition": "archive",
            "change_log": ["1.0: first version"], "body": "Question, method, data, results by slice, limits, conclusion.",
        })
    };
    if roll(&format!("report {}", system.name), 9) > 0 {
        let id = story.id(Kind::ControlledDocument);
        approved(
            story,
            (id, base("Evaluation report", "evaluation_report", "A.6.2.4", evaluated)),
            evaluated,
        );
        retired_with(story, system, id);
    }
    if system.is_critical() && roll(&format!("file {}", system.name), 5) > 1 {
        let id = story.id(Kind::ControlledDocument);
        let day = plus(from, 60).max(date(2025, 9, 1));
        approved(
            story,
            (id, base("Technical documentation", "technical_documentation", "A.6.2.7", day)),
            day,
        );
        retired_with(story, system, id);
    }
}

/// Two years after the day, or soon for what is already that old.
fn next_review(system: &System, day: Date) -> Date {
    let late = i32::try_from(roll(&format!("doc {}", system.name), 120)).unwrap_or(0);
    months_later(day, 24).max(plus(END, late - 12))
}

fn approved(story: &mut Story, (id, body): (RecordId, serde_json::Value), day: Date) {
    story.state(plus(day, -8), 16, id, body);
    story.step(plus(day, -7), 16, id, "submit");
    story.approve(day, VALIDATION, id, "approve");
}

fn retired_with(story: &mut Story, system: &System, id: RecordId) {
    if let Life::Retired(end) = system.life {
        let note = "The system is retired";
        story.noted(plus(end, 6), super::calendar::Part::Afternoon, OFFICER, id, ("retire", note));
    }
}
