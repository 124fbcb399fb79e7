//! How AI systems came, passed their gates, ran and went.

use jiff::civil::Date;
use serde_json::json;

use super::{GROUPS_SINCE, Life, OFFICER, SUSPENDED, System, VALIDATION};
use crate::demo::{
    calendar::{END, Part, months_later, plus, roll},
    story::Story,
};

/// Writes how each system came, ran and went. Assessments are written elsewhere, so that the gates open.
pub(in crate::demo) fn write(story: &mut Story, systems: &[System]) {
    for system in systems {
        story.claim(system.id);
        enter(story, system);
        match system.life {
            Life::TakenOver | Life::Retired(_) => take_over(story, system),
            Life::Gates | Life::Pilot => gates(story, system),
            Life::Assessed => {
                story.step(plus(system.intake, 12), system.owner, system.id, "accept_intake");
            }
            Life::Proposed => {}
            Life::Rejected(day) => {
                let note = "What it does is prohibited by Article 5 of the EU AI Act";
                story.noted(day, Part::Afternoon, OFFICER, system.id, ("reject", note));
            }
        }
        reviews(story, system);
        leave(story, system);
    }
}

fn enter(story: &mut Story, system: &System) {
    let mut body = system.body.clone();
    for later in ["go_live", "version", "metrics", "suppliers"] {
        body.remove(later);
    }
    body.insert("next_review".into(), first_review(system).to_string().into());
    if roll(&format!("limits {}", system.name), 8) > 0 {
        body.insert("limitations".into(), limits(system).into());
    }
    if system.operation.is_some_and(|(from, _)| from <= system.intake) {
        body.insert("go_live".into(), system.body.get("go_live").cloned().unwrap_or_default());
    }
    story.state(system.intake, system.owner, system.id, body.into());
    if let Some((suppliers, day)) = &system.suppliers {
        story.change(*day, system.owner, system.id, json!({ "suppliers": suppliers }));
    }
    if let Some(group) = system.group {
        let (_, since) =
            GROUPS_SINCE.into_iter().find(|(known, _)| *known == group).unwrap_or_default();
        let day = since.max(plus(system.intake, 2));
        story.change(day, system.owner, system.id, json!({ "group": format!("GRP-{group}") }));
    }
}

fn first_review(system: &System) -> Date {
    months_later(system.intake, 12)
}

fn limits(system: &System) -> &'static str {
    match system.text("kind") {
        "generative" => {
            "Invents facts; no advice on law, health or safety. Answers are not for decisions about people."
        }
        "vision" => {
            "Weak at night, in rain and with covered views. Not for recognising people beyond its purpose."
        }
        "recommender" => {
            "Ranks what it has seen before; rare profiles are ranked badly. Never the only reason for a decision."
        }
        "speech" => "Weak with dialects and noise. Not for judging how somebody feels.",
        "optimization" => {
            "Holds within its limits only; people step in when the world changes quickly."
        }
        _ => {
            "Holds for the data that it was made with; checked again when that changes. People decide in doubt."
        }
    }
}

fn take_over(story: &mut Story, system: &System) {
    let day = system.operation.map_or(system.intake, |(from, _)| from).max(plus(system.intake, 1));
    let note = "Ran before the management system reached it; its gates are owed";
    story.noted(day, Part::Morning, system.owner, system.id, ("take_over", note));
    release(story, system, plus(day, 30), 1);
}

fn gates(story: &mut Story, system: &System) {
    let (id, owner) = (system.id, system.owner);
    story.step(plus(system.intake, 12), owner, id, "accept_intake");
    if system.bought {
        story.approve(system.way(47), OFFICER, id, "pass_procurement_gate");
    } else {
        story.approve(system.way(32), OFFICER, id, "pass_inception_gate");
        story.step(system.way(62), owner, id, "pass_build_gate");
    }
    if let Some((start, _)) = system.operation {
        story.approve(system.way(92), VALIDATION, id, "pass_evaluation_gate");
        story.step(start, owner, id, "go_live");
        release(story, system, start, 1);
    }
}

/// The days on which versions of a system are released, the first with its start.
pub(in crate::demo) fn releases(system: &System) -> Vec<Date> {
    let Some((from, to)) = system.operation else { return Vec::new() };
    let months = 6 + i32::try_from(roll(&format!("releases {}", system.name), 5)).unwrap_or(0);
    let days = (0..12_i32).map(|number| months_later(from, number.saturating_mul(months)));
    days.take_while(|day| *day < to).collect()
}

fn release(story: &mut Story, system: &System, day: Date, number: usize) {
    let mut fields = json!({ "version": format!("{number}.0") });
    if let (1, Some(fields), Some(go_live)) =
        (number, fields.as_object_mut(), system.body.get("go_live"))
    {
        fields.insert("go_live".into(), go_live.clone());
    }
    story.change(day, system.owner, system.id, fields);
}

/// The entry is looked at each year, and restated with each release.
fn reviews(story: &mut Story, system: &System) {
    for (number, day) in (1..).zip(releases(system)).skip(1) {
        release(story, system, day, number);
    }
    let ends = system.operation.map_or(END, |(_, to)| to);
    let mut due = first_review(system);
    // Some reviews are late, and the latest one of a few is still owed.
    while due <= ends.min(plus(END, 40)) {
        let late = i32::try_from(roll(&format!("review {} {due}", system.name), 30)).unwrap_or(0);
        let next = months_later(due, 12);
        let day = plus(due, late - 18);
        if day < END && !(due > plus(END, -100) && late > 24) {
            story.change(day, system.owner, system.id, json!({ "next_review": next.to_string() }));
        }
        due = next;
    }
}

fn leave(story: &mut Story, system: &System) {
    if system.number() == SUSPENDED.0 {
        let note =
            "The supplier's test shows a difference by age; nobody is ranked until it is explained";
        story.noted(SUSPENDED.1, Part::Afternoon, system.owner, system.id, ("suspend", note));
        story.change(
            plus(SUSPENDED.1, 1),
            system.owner,
            system.id,
            json!({ "next_review": "2026-12-15" }),
        );
    }
    let Life::Retired(day) = system.life else { return };
    let begun = plus(day, -35);
    story.noted(
        begun,
        Part::Morning,
        system.owner,
        system.id,
        ("start_retirement", "Nobody needs it any more"),
    );
    let note = "Switched off; model and data were deleted, logs are kept for 400 days";
    story.noted(day, Part::Afternoon, OFFICER, system.id, ("complete_retirement", note));
}
