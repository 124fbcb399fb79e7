//! Decisions on controls: planned in three waves, put in place, tested once a year; some exclusions, and honest holes.

use jiff::civil::{Date, date};
use serde_json::{Map, Value, json};
use surety_aims::{Kind, RecordId};

use super::{
    calendar::{END, Part, months_later, plus, roll},
    chronicle::Examples,
    evidence::{Item, Shelf},
    story::{Act, Story},
    systems::{Life, OFFICER, System, VALIDATION},
};

/// How far a control got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// In place, and tested each year.
    Effective,
    /// In place; nobody has tested it yet.
    Implemented,
    /// Being put in place.
    Begun,
    Planned,
    /// Failed a test on that day and is being reworked.
    Reworked(Date),
    /// Failed a test on that day, and nothing was done yet.
    Failed(Date),
}

/// Planned, in place, first test.
type Wave = (Date, Date, Date);

const FIRST: Wave = (date(2024, 3, 18), date(2024, 7, 8), date(2024, 10, 14));
const SECOND: Wave = (date(2024, 6, 24), date(2024, 12, 9), date(2025, 3, 10));
const THIRD: Wave = (date(2024, 11, 11), date(2025, 6, 16), date(2025, 10, 13));
/// For language models, once there is a group of them.
const FOR_MODELS: Wave = (date(2025, 6, 23), date(2025, 9, 15), date(2026, 2, 16));
const LAST: Wave = (date(2025, 11, 17), date(2026, 5, 18), date(2026, 9, 14));

/// The decisions for the organisation and its groups: number of the example that says how it is done, wave, fate.
const DECISIONS: [(u32, Wave, Fate); 41] = [
    (1, FIRST, Fate::Effective),
    (2, FIRST, Fate::Effective),
    (3, FIRST, Fate::Effective),
    (4, FIRST, Fate::Effective),
    (5, FIRST, Fate::Effective),
    (6, SECOND, Fate::Effective),
    (7, SECOND, Fate::Effective),
    (8, SECOND, Fate::Effective),
    (9, SECOND, Fate::Implemented),
    (10, FIRST, Fate::Effective),
    (11, FIRST, Fate::Effective),
    (12, FIRST, Fate::Effective),
    (13, SECOND, Fate::Effective),
    (14, LAST, Fate::Begun),
    (15, SECOND, Fate::Effective),
    (16, FIRST, Fate::Effective),
    (17, SECOND, Fate::Effective),
    (18, SECOND, Fate::Effective),
    (19, SECOND, Fate::Effective),
    (20, SECOND, Fate::Effective),
    (21, THIRD, Fate::Effective),
    (22, THIRD, Fate::Begun),
    (23, THIRD, Fate::Implemented),
    (24, THIRD, Fate::Effective),
    (25, THIRD, Fate::Effective),
    (26, THIRD, Fate::Reworked(date(2026, 5, 19))),
    (27, THIRD, Fate::Effective),
    (28, THIRD, Fate::Effective),
    (29, SECOND, Fate::Effective),
    (30, LAST, Fate::Implemented),
    (31, FIRST, Fate::Effective),
    (32, LAST, Fate::Planned),
    (33, FIRST, Fate::Effective),
    (34, SECOND, Fate::Effective),
    (35, SECOND, Fate::Effective),
    (36, THIRD, Fate::Effective),
    (37, FIRST, Fate::Effective),
    (38, LAST, Fate::Implemented),
    (39, SECOND, Fate::Effective),
    (40, SECOND, Fate::Effective),
    (47, FOR_MODELS, Fate::Implemented),
];

/// What the examples leave open or say of a smaller company.
fn own_words(number: u32) -> Value {
    match number {
        7 => {
            json!({ "justification": "Half of our systems are trained on our own data; the bought ones see customer data." })
        }
        8 => {
            json!({ "justification": "Models and tools come from many suppliers and change without our doing." })
        }
        13 => {
            json!({ "justification": "Customers, drivers, patients and applicants are affected by most systems." })
        }
        16 => json!({ "justification": "We build half of our systems ourselves, and sell some." }),
        21 => json!({ "justification": "Forecasts, prices and answers drift." }),
        23 => {
            json!({ "justification": "Disputes and incidents can only be settled with logs; asked for by law for high-risk systems." })
        }
        24 | 25 => json!({ "justification": "Half of our systems are trained on our own data." }),
        33 => json!({ "justification": "Many systems recommend or decide about people." }),
        36 | 37 => json!({ "justification": "Half of our systems come from or build on others." }),
        32 => json!({
            "control": "iso42001:A.8.5", "applicable": true, "basis": ["law", "contract"], "owner": "PER-9",
            "justification": "Customers of our AI and authorities are owed information by law and contract.",
            "description": "One register of duties to inform, with dates and who sends what.",
            "artefact": "Register of duties", "cadence": "half_yearly", "due": "2026-12-31",
            "guidance_considered": "Annex B read; followed",
        }),
        38 => json!({
            "applicable": true, "basis": ["contract"], "owner": "PER-12",
            "justification": "Since Fördewerk belongs to us, eleven customers use AI that we supply.",
            "description": "Customers say what they need before a contract and once a year; answers go into requirements.",
            "artefact": "Answers of customers", "cadence": "annual",
            "guidance_considered": "Annex B read; followed",
        }),
        47 => json!({
            "control": "iso42001:A.6.2.6", "group": "GRP-5", "applicable": true, "basis": ["risk"], "owner": "PER-7",
            "justification": "Language models are asked what nobody foresaw.",
            "description": "Samples of answers are rated by two people each month; harmful ones stop a release.",
            "artefact": "Ratings of answers", "cadence": "monthly", "documents": ["DOC-13"],
            "guidance_considered": "Annex B read; followed, with ratings beside figures",
        }),
        _ => json!({}),
    }
}

/// Writes the decisions, and the evidence that each rested on when it was first in place.
pub(super) fn write(story: &mut Story, shelf: &mut Shelf, systems: &[System], examples: &Examples) {
    for (number, wave, fate) in DECISIONS {
        let mut body = examples.body(&format!("CTL-{number}"));
        body.extend(own_words(number).as_object().cloned().unwrap_or_default());
        let id = RecordId::new(Kind::ControlImplementation, number);
        story.claim(id);
        decide(story, shelf, (id, body), wave, fate);
    }
    excluded_for_customers(story);
    exclusions(story, systems);
    of_systems(story, shelf, systems);
}

/// One control from its plan to its last test.
fn decide(
    story: &mut Story,
    shelf: &mut Shelf,
    (id, mut body): (RecordId, Map<String, Value>),
    (planned, done, tested): Wave,
    fate: Fate,
) {
    let spread =
        |what: &str, days: u32| i32::try_from(roll(&format!("{what} {id}"), days)).unwrap_or(0);
    let (planned, done) = (plus(planned, spread("plan", 20)), plus(done, spread("done", 30)));
    let owner = owner_of(&body);
    let documents = body.remove("documents");
    body.remove("linked_risks");
    let (due, review) = match fate {
        // Late or soon, for what is not there yet.
        Fate::Begun | Fate::Planned => (plus(END, spread("due", 90) - 30), date(2027, 3, 31)),
        Fate::Effective | Fate::Implemented | Fate::Reworked(_) | Fate::Failed(_) => {
            (plus(done, spread("due", 40) - 5), months_later(planned, 14))
        }
    };
    body.insert("due".into(), due.to_string().into());
    body.insert("next_review".into(), review.to_string().into());
    let evidence = first_run(&body, owner, done);
    story.state(planned, OFFICER, id, body.into());
    story.step(plus(planned, 2), OFFICER, id, "plan");
    if fate == Fate::Planned {
        return;
    }
    story.step(plus(planned, 20), owner, id, "start");
    if let Some(documents) = documents {
        story.change(plus(done, -12), OFFICER, id, json!({ "documents": documents }));
    }
    if fate == Fate::Begun {
        return;
    }
    shelf.add(story, evidence);
    story.step(done, owner, id, "report_implemented");
    story.change(
        plus(done, 3),
        OFFICER,
        id,
        json!({ "next_review": months_later(done, 13).to_string() }),
    );
    if fate == Fate::Implemented {
        let mut again = months_later(done, 12);
        while again < END {
            let next = months_later(again, 13).to_string();
            story.change(again, OFFICER, id, json!({ "next_review": next }));
            again = months_later(again, 12);
        }
    } else {
        tests(story, id, plus(tested, spread("test", 25)), fate);
    }
}

/// The test of each year; it passes unless the fate says otherwise.
fn tests(story: &mut Story, id: RecordId, first: Date, fate: Fate) {
    let fails = match fate {
        Fate::Reworked(day) | Fate::Failed(day) => day,
        Fate::Effective | Fate::Implemented | Fate::Begun | Fate::Planned => END,
    };
    let mut day = first;
    while day < fails {
        let said = json!({
            "last_tested": day.to_string(), "test_result": "effective",
            "test_method": "Sample of three cases, read against the description",
            "next_review": months_later(day, 12).to_string(),
        });
        story.change(day, OFFICER, id, said);
        if day == first {
            story.approve(day, VALIDATION, id, "test_pass");
        }
        day = months_later(day, 12);
    }
    if fails == END {
        return;
    }
    let said = json!({
        "last_tested": fails.to_string(), "test_result": "ineffective", "due": "2026-12-15",
    });
    story.change(fails, OFFICER, id, said);
    let note = "Two of three samples were incomplete";
    story.noted(fails, Part::Afternoon, VALIDATION, id, ("test_fail", note));
    if let Fate::Reworked(day) = fate {
        story.step(plus(day, 14), OFFICER, id, "rework");
    }
}

fn owner_of(body: &Map<String, Value>) -> u32 {
    let owner =
        body.get("owner").and_then(Value::as_str).and_then(|id| id.parse::<RecordId>().ok());
    owner.map_or(OFFICER, |id| id.number)
}

/// The first thing that a control left behind; without it nobody may say that the control is in place.
fn first_run(body: &Map<String, Value>, owner: u32, done: Date) -> Item {
    let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let systems = match body.get("ai_system").and_then(Value::as_str) {
        Some(system) => vec![system.to_owned()],
        None => Vec::new(),
    };
    Item {
        title: format!("{}: first run", text("artefact")),
        kind: "attestation",
        source: text("artefact"),
        collected: plus(done, -9),
        by: owner,
        period: (plus(done, -40), plus(done, -9)),
        fresh_until: None,
        supports: vec![text("control")],
        systems,
        file: None,
        automated: false,
        certain: true,
    }
}

/// What was said of customers before there were any.
fn excluded_for_customers(story: &mut Story) {
    let id = story.id(Kind::ControlImplementation);
    let body = json!({
        "control": "iso42001:A.10.4", "applicable": false, "owner": "PER-9",
        "justification": "We supply no AI systems or AI services to other organisations; riders buy journeys.",
        "next_review": "2025-03-31",
    });
    story.state(date(2024, 3, 20), OFFICER, id, body);
    let reason = "Fördewerk supplies AI to others: a new decision takes its place";
    story.act(date(2025, 11, 10), Part::Morning, OFFICER, Act::Withdraw { id, reason });
}

/// Bought systems are trained by others; some small ones touch nobody outside.
fn exclusions(story: &mut Story, systems: &[System]) {
    for control in ["A.7.2", "A.7.3", "A.7.4", "A.7.5", "A.7.6"] {
        let body = json!({
            "control": format!("iso42001:{control}"), "group": "GRP-3", "applicable": false, "owner": "PER-7",
            "justification": "We neither train these systems nor give them data to learn from; the supplier's documentation stands in.",
            "next_review": "2027-03-31",
        });
        let id = story.id(Kind::ControlImplementation);
        story.state(date(2024, 11, 18), OFFICER, id, body);
    }
    let small = systems.iter().filter(|system| {
        system.text("criticality") == "low" && system.operation.is_some() && system.is_inside()
    });
    for system in small {
        let day = plus(system.operation.map_or(END, |(from, _)| from), 45).max(date(2024, 7, 1));
        let reasons = [
            (
                "A.5.5",
                "It touches a few people in one room; effects on society were looked for and not found.",
            ),
            ("A.8.3", "Nobody outside meets its results."),
        ];
        for (control, justification) in reasons {
            let body = json!({
                "control": format!("iso42001:{control}"), "ai_system": system.reference(), "applicable": false,
                "owner": format!("PER-{}", system.owner), "justification": justification,
                "next_review": months_later(day, 24).max(date(2027, 3, 31)).to_string(),
            });
            let id = story.id(Kind::ControlImplementation);
            story.state(day, OFFICER, id, body);
        }
    }
}

/// Systems on which much hangs are watched and tested in their own way.
fn of_systems(story: &mut Story, shelf: &mut Shelf, systems: &[System]) {
    let own = systems.iter().filter(|system| {
        system.is_critical()
            && system.is_inside()
            && matches!(system.life, Life::TakenOver | Life::Gates)
    });
    for system in own {
        let Some((from, _)) = system.operation else { continue };
        let planned = plus(from, -60).max(date(2024, 11, 18)).max(plus(system.intake, 20));
        let done = plus(from, 45).max(date(2025, 7, 7));
        let ways = [
            (
                "A.6.2.6",
                "monthly",
                "Monitoring reports",
                "Measures with thresholds of its own; an alarm is answered by a person within a day.",
            ),
            (
                "A.6.2.4",
                "on_event",
                "Validation reports",
                "Own test set with the slices that matter for the people concerned.",
            ),
        ];
        for (control, cadence, artefact, description) in ways {
            let id = story.id(Kind::ControlImplementation);
            let body = json!({
                "control": format!("iso42001:{control}"), "ai_system": system.reference(), "applicable": true,
                "basis": ["risk"], "justification": format!("{} touches people or traffic when it is wrong.", system.name),
                "description": description, "owner": format!("PER-{}", system.owner), "artefact": artefact,
                "cadence": cadence, "documents": [if control == "A.6.2.6" { "DOC-13" } else { "DOC-5" }],
                "guidance_considered": "Annex B read; followed",
                "due": plus(done, 30).to_string(),
            });
            let fate = match roll(&format!("{control} {}", system.name), 7) {
                0 => Fate::Begun,
                1 if done < date(2026, 1, 1) => Fate::Failed(date(2026, 10, 12)),
                1 | 2 => Fate::Implemented,
                _ => Fate::Effective,
            };
            let body = body.as_object().cloned().unwrap_or_default();
            decide(story, shelf, (id, body), (planned, done, plus(done, 95)), fate);
        }
    }
}
