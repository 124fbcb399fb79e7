//! Classes under the EU AI Act: a first round as the Act stood in 2025, a second one after it was amended.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use serde::Deserialize;
use surety_aims::Kind;
use surety_law::classification::Answers;

use super::{
    calendar::{Part, plus, roll},
    chronicle::Examples,
    story::{Act, Story},
    systems::{Life, OFFICER, PRIVACY, System},
};

const FIRST_ROUND: Date = date(2025, 6, 23);
const SECOND_ROUND: Date = date(2026, 10, 12);

/// The answers as the examples keep them.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    answers: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    dates: BTreeMap<String, Date>,
    #[serde(default)]
    remarks: String,
}

pub(super) fn write(
    story: &mut Story,
    systems: &[System],
    examples: &Examples,
) -> anyhow::Result<()> {
    for (position, system) in (0_i32..).zip(systems) {
        let body = examples.body(&format!("CLS-{}", system.number()));
        if body.is_empty() {
            continue;
        }
        let said: Said = serde_json::from_value(body.into())?;
        if system.intake < FIRST_ROUND && !matches!(system.life, Life::Rejected(_)) {
            round(story, system, &said, plus(FIRST_ROUND, position));
        }
        let second = match system.life {
            // What is prohibited is turned down as soon as that is known.
            Life::Rejected(day) => plus(day, -20),
            Life::TakenOver
            | Life::Gates
            | Life::Pilot
            | Life::Assessed
            | Life::Proposed
            | Life::Retired(_) => plus(SECOND_ROUND, position / 2).max(plus(system.intake, 14)),
        };
        // The newest proposals wait for their class.
        let waits = system.life == Life::Proposed && roll(&system.name, 3) == 0;
        if second > system.intake && !waits {
            round(story, system, &said, second);
        }
    }
    Ok(())
}

fn round(story: &mut Story, system: &System, said: &Said, day: Date) {
    let id = story.id(Kind::Classification);
    let answers = Answers::from_parts(said.answers.clone(), said.dates.clone());
    let remarks = said.remarks.clone();
    let act = Act::Classify { id, system: system.id, answers, remarks };
    story.act(day, Part::Morning, OFFICER, act);
    story.step(plus(day, 2), OFFICER, id, "start");
    story.step(plus(day, 3), OFFICER, id, "submit");
    // A few of the newest still lie with the second person.
    if day < FIRST_ROUND || roll(&format!("signed {} {day}", system.name), 8) > 0 {
        story.approve(plus(day, 9), PRIVACY, id, "approve");
    }
}
