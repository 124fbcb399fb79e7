//! Risks of the AI systems, and a few of the organisation.

mod assessments;

use jiff::civil::{Date, date};
use serde_json::{Map, Value, json};
use surety_aims::{Kind, RecordId};

use super::{
    calendar::{END, months_later, plus, roll},
    chronicle::Examples,
    story::Story,
    systems::{Life, OFFICER, System},
};

/// Consequences for organisation, individuals and society, and likelihood.
type Levels = [u8; 4];

/// A risk that many systems have: title, what happens, source in Annex C, what it touches, controls, levels before and after.
struct Common {
    title: &'static str,
    what: &'static str,
    source: &'static str,
    touches: &'static [&'static str],
    controls: &'static [&'static str],
    before: Levels,
    after: Levels,
    kinds: &'static [&'static str],
}

const COMMON: [Common; 14] = [
    Common {
        title: "drifts and nobody notices",
        what: "The world changes, results get worse slowly, and reports are read too late.",
        source: "iso42001:C.3.6",
        touches: &["Reliability"],
        controls: &["iso42001:A.6.2.6"],
        before: [3, 3, 1, 3],
        after: [2, 2, 1, 2],
        kinds: &[],
    },
    Common {
        title: "treats some groups worse",
        what: "Data of the past holds old preferences; error rates differ between groups.",
        source: "iso42001:C.3.4",
        touches: &["Fairness"],
        controls: &["iso42001:A.5.4", "iso42001:A.7.4"],
        before: [3, 4, 3, 3],
        after: [2, 3, 2, 2],
        kinds: &["predictive", "recommender", "vision", "speech"],
    },
    Common {
        title: "is followed without a second thought",
        what: "Staff trust the result and no longer look at the case.",
        source: "iso42001:C.3.3",
        touches: &["Human oversight"],
        controls: &["iso42001:A.9.2", "iso42001:A.9.4"],
        before: [3, 4, 2, 3],
        after: [2, 3, 1, 2],
        kinds: &["predictive", "recommender", "vision", "speech"],
    },
    Common {
        title: "says what is not true",
        what: "A fluent answer is wrong, and somebody acts on it.",
        source: "iso42001:C.3.4",
        touches: &["Safety", "Transparency"],
        controls: &["iso42001:A.6.2.4", "iso42001:A.8.2"],
        before: [3, 3, 2, 4],
        after: [2, 2, 2, 2],
        kinds: &["generative"],
    },
    Common {
        title: "is steered by hidden instructions",
        what: "Text of others makes it reveal what it should not or do what it should not.",
        source: "iso42001:C.3.4",
        touches: &["Security"],
        controls: &["iso42001:A.6.2.4", "iso42001:A.6.2.8"],
        before: [4, 3, 2, 3],
        after: [3, 2, 1, 2],
        kinds: &["generative", "agent"],
    },
    Common {
        title: "hangs on one supplier",
        what: "The supplier changes the model, raises the price or ends the service.",
        source: "iso42001:C.3.6",
        touches: &["Reliability"],
        controls: &["iso42001:A.10.3"],
        before: [4, 2, 1, 3],
        after: [3, 2, 1, 2],
        kinds: &["bought"],
    },
    Common {
        title: "is used for what it is not meant for",
        what: "It works well, so somebody uses it for another purpose.",
        source: "iso42001:C.3.1",
        touches: &["Accountability"],
        controls: &["iso42001:A.9.4"],
        before: [3, 3, 2, 2],
        after: [2, 2, 1, 1],
        kinds: &[],
    },
    Common {
        title: "can't be explained to those it touches",
        what: "People ask why, and nobody can say.",
        source: "iso42001:C.3.2",
        touches: &["Transparency"],
        controls: &["iso42001:A.8.2", "iso42001:A.6.2.7"],
        before: [2, 4, 2, 3],
        after: [2, 3, 1, 2],
        kinds: &["predictive", "recommender"],
    },
    Common {
        title: "fails when the data stops",
        what: "A feed breaks and the system goes on with old values.",
        source: "iso42001:C.3.5",
        touches: &["Safety"],
        controls: &["iso42001:A.6.2.6", "iso42001:A.4.3"],
        before: [4, 3, 2, 2],
        after: [2, 2, 1, 2],
        kinds: &["optimization", "predictive", "agent"],
    },
    Common {
        title: "learns from data without a right to it",
        what: "The right to use data ends or never was there.",
        source: "iso42001:C.3.4",
        touches: &["Privacy"],
        controls: &["iso42001:A.7.3"],
        before: [4, 3, 2, 2],
        after: [2, 2, 1, 1],
        kinds: &["built"],
    },
    Common {
        title: "leaves no trace of what it did",
        what: "A dispute can't be settled, since logs are missing or incomplete.",
        source: "iso42001:C.3.6",
        touches: &["Accountability"],
        controls: &["iso42001:A.6.2.8"],
        before: [3, 3, 1, 3],
        after: [2, 2, 1, 2],
        kinds: &["critical"],
    },
    Common {
        title: "sees more of people than it needs",
        what: "Pictures and words of bystanders are kept longer than wanted.",
        source: "iso42001:C.3.4",
        touches: &["Privacy"],
        controls: &["iso42001:A.7.2", "iso42001:A.5.4"],
        before: [3, 4, 2, 2],
        after: [2, 2, 1, 2],
        kinds: &["vision", "speech"],
    },
    Common {
        title: "uses much energy for little",
        what: "Computing grows with each release, the use does not.",
        source: "iso42001:C.3.5",
        touches: &["Environment"],
        controls: &["iso42001:A.4.5"],
        before: [2, 1, 3, 3],
        after: [2, 1, 2, 2],
        kinds: &["generative"],
    },
    Common {
        title: "is patched too late",
        what: "A library in it has a known hole.",
        source: "iso42001:C.3.6",
        touches: &["Security"],
        controls: &["iso42001:A.4.4"],
        before: [4, 2, 1, 3],
        after: [2, 2, 1, 2],
        kinds: &[],
    },
];

/// Writes risks and assessments of all systems, and three of the organisation.
pub(super) fn write(story: &mut Story, systems: &[System], examples: &Examples) {
    for system in systems {
        let Some((known, accepted)) = first_round(system) else { continue };
        let mut risks = Vec::new();
        for (position, body) in (0_i32..).zip(risks_of(system, examples)) {
            let id = story.id(Kind::Risk);
            life_of_risk(story, system, (id, body), (plus(known, position), accepted));
            risks.push(id);
        }
        assessments::write(story, system, &risks, known);
    }
    opportunities(story);
}

/// When risks of a system are first identified, and by when they are accepted.
fn first_round(system: &System) -> Option<(Date, Date)> {
    let catch_up =
        plus(date(2024, 3, 4), i32::try_from(system.number()).unwrap_or(0).saturating_mul(9) % 150);
    match system.life {
        Life::Gates | Life::Pilot => Some((system.way(14), system.way(84))),
        Life::TakenOver if !system.is_inside() => None,
        Life::TakenOver | Life::Retired(_) => {
            let known = catch_up.max(plus(system.intake, 40));
            Some((known, plus(known, 130)))
        }
        Life::Assessed => Some((plus(system.intake, 20), plus(END, 60))),
        Life::Proposed | Life::Rejected(_) => None,
    }
}

/// The risks that are written of a system, then those that systems of its sort have.
fn risks_of(system: &System, examples: &Examples) -> Vec<Map<String, Value>> {
    let written = (1..=12).map(|number| examples.body(&format!("RSK-{number}")));
    let mut risks: Vec<_> = written
        .filter(|risk| risk.get("ai_system").and_then(Value::as_str) == Some(&system.reference()))
        .collect();
    let wanted = 2 + usize::from(system.is_critical());
    let start = usize::try_from(roll(&system.name, 14)).unwrap_or(0);
    let suits = |common: &&Common| {
        let kinds = common.kinds;
        let kind = system.text("kind");
        kinds.is_empty()
            || kinds.contains(&kind)
            || (kinds.contains(&"bought") && system.bought)
            || (kinds.contains(&"built") && !system.bought)
            || (kinds.contains(&"critical") && system.is_critical())
    };
    let around = COMMON.iter().cycle().skip(start).take(COMMON.len());
    let missing = wanted.saturating_sub(risks.len()).max(1);
    risks.extend(around.filter(suits).take(missing).map(|common| common_risk(system, common)));
    risks
}

fn common_risk(system: &System, common: &Common) -> Map<String, Value> {
    let body = json!({
        "title": format!("{} {}", system.name, common.title), "kind": "threat",
        "ai_system": system.reference(), "description": common.what, "sources": [common.source],
        "objectives_affected": common.touches, "lifecycle_stage": ["operation"],
        "owner": format!("PER-{}", system.owner), "inherent": rating(common.before),
        "residual": rating(common.after), "treatment": "modify", "controls": common.controls,
    });
    body.as_object().cloned().unwrap_or_default()
}

fn rating([organisation, individuals, society, likelihood]: Levels) -> Value {
    json!({
        "organisation": organisation, "individuals": individuals, "society": society,
        "likelihood": likelihood,
    })
}

/// From the first word to acceptance; a few of those in operation are still being treated at the end.
fn life_of_risk(
    story: &mut Story,
    system: &System,
    (id, mut body): (RecordId, Map<String, Value>),
    (known, accepted): (Date, Date),
) {
    let owner = system.owner;
    let late = system.life == Life::TakenOver && roll(&format!("open {id}"), 4) == 0;
    let due = plus(accepted, i32::try_from(roll(&format!("due {id}"), 40)).unwrap_or(0) - 15);
    // A risk that was found again in the third year.
    let due = if system.life == Life::Pilot { date(2027, 1, 29) } else { due };
    let due = if late {
        plus(END, i32::try_from(roll(&format!("late {id}"), 110)).unwrap_or(0) - 50)
    } else {
        due
    };
    body.insert("owner".into(), format!("PER-{owner}").into());
    body.insert("due".into(), due.to_string().into());
    body.insert("next_review".into(), months_later(known, 12).to_string().into());
    for later in ["accepted_by", "accepted_until", "acceptance_reason"] {
        body.remove(later);
    }
    for (field, value) in [
        ("residual", rating([2, 2, 1, 2])),
        ("treatment", "modify".into()),
        ("controls", json!(["iso42001:A.6.2.6"])),
    ] {
        body.entry(field).or_insert(value);
    }
    story.state(known, owner, id, body.into());
    story.step(plus(known, 8), owner, id, "analyse");
    if matches!(system.life, Life::Assessed) {
        return;
    }
    story.step(plus(known, 13), owner, id, "evaluate");
    story.step(plus(known, 20), owner, id, "treat");
    let reason = "What remains is below the level of NL-M-02, and the controls are in place";
    let fields = json!({
        "accepted_by": format!("PER-{OFFICER}"), "acceptance_reason": reason,
        "accepted_until": months_later(accepted, 24).to_string(),
    });
    if system.life == Life::Pilot {
        return;
    }
    if let Life::Retired(end) = system.life {
        let part = super::calendar::Part::Morning;
        story.noted(plus(end, 3), part, owner, id, ("close", "The system is retired"));
    }
    story.change(plus(accepted, -1), owner, id, fields);
    story.approve(accepted, OFFICER, id, "accept_residual");
    if late {
        let note = "More cases than last year; the controls do not hold as assumed";
        let again = plus(END, -70 - i32::try_from(roll(&format!("again {id}"), 60)).unwrap_or(0));
        story.noted(again, super::calendar::Part::Morning, owner, id, ("reassess", note));
        story.change(plus(again, 1), owner, id, json!({ "due": due.to_string() }));
        story.step(plus(again, 7), owner, id, "evaluate");
        story.step(plus(again, 12), owner, id, "treat");
    }
}

/// What may go well, and what may go wrong for the organisation as a whole.
fn opportunities(story: &mut Story) {
    let all = [
        (
            "Cities ask for partners who can prove responsible AI",
            "opportunity",
            "pursue",
            2,
            date(2024, 4, 8),
        ),
        (
            "Fewer empty trips through better forecasts",
            "opportunity",
            "pursue",
            1,
            date(2024, 4, 8),
        ),
        (
            "One language model for all partners lowers cost",
            "opportunity",
            "pursue",
            7,
            date(2025, 9, 15),
        ),
        ("People who know the systems leave", "threat", "modify", 4, date(2024, 4, 9)),
        ("Staff use tools that nobody assessed", "threat", "modify", 7, date(2024, 4, 9)),
        (
            "Duties for high-risk systems come before we are ready",
            "threat",
            "modify",
            9,
            date(2024, 9, 16),
        ),
        (
            "A certificate is expected sooner than it can be had",
            "threat",
            "retain",
            9,
            date(2026, 2, 9),
        ),
    ];
    for (title, kind, treatment, owner, day) in all {
        let id = story.id(Kind::Risk);
        let body = json!({
            "title": title, "kind": kind, "description": "Seen in the review of context and issues.",
            "sources": ["iso42001:C.3.7"], "objectives_affected": ["Accountability"], "owner": format!("PER-{owner}"),
            "inherent": rating([4, 2, 2, 3]), "residual": rating([3, 2, 1, 2]), "treatment": treatment,
            "controls": ["iso42001:A.4.6"], "due": if kind == "threat" { months_later(day, 9) } else { date(2027, 1, 29) }.to_string(),
            "next_review": "2027-03-15", "accepted_by": "PER-8",
            "acceptance_reason": "The management review looked at it",
        });
        story.state(day, OFFICER, id, body);
        story.step(plus(day, 7), OFFICER, id, "analyse");
        story.step(plus(day, 10), OFFICER, id, "evaluate");
        story.step(plus(day, 14), OFFICER, id, "treat");
        if kind == "threat" {
            story.approve(plus(day, 200), 8, id, "accept_residual");
        }
    }
}
