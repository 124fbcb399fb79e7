//! Reads what of the history is written by hand: `examples/demo/*.yaml`, and the example records that it builds on.
//!
//! A chronicle is a record with what happened to it: `2025-02-10 PER-9 submit`, or with a note or changed fields after a
//! colon.

use std::collections::HashMap;

use anyhow::{Context, bail};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};
use surety_aims::{RecordId, Role};

use super::{
    calendar::Part,
    story::{Act, OPERATOR, Story},
};

/// Makes a list of the texts of numbered examples.
macro_rules! examples {
    ($folder:literal, $prefix:literal, [$($number:literal)*]) => {
        &[$(include_str!(concat!(
            "../../../../examples/aims/", $folder, "/", $prefix, "-", $number, ".yaml"
        ))),*]
    };
}

/// The records of the example company that the history builds on. Where a record is in two folders, the earlier text counts.
const EXAMPLES: &[&[&str]] = &[
    examples!("2026-06/person", "PER", [1 2 3 4 5 6 7 8 9 10 11]),
    examples!("2026-06/policy", "POL", [1 2 3]),
    examples!("2026-06/controlled_document", "DOC", [3 4 5 6 7 8 9 10 11 12 13 14 16 17]),
    examples!("2026-06/control_implementation", "CTL", [
        1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 32 33 34 35 36
        37 38 39 40 41 42 43 44 45
    ]),
    examples!("2026-11/control_implementation", "CTL", [31 46]),
    examples!("2026-06/risk", "RSK", [1 2 3 4 5 6 7 8 9 10 11 12]),
    examples!("2026-06/supplier", "SUP", [1 2 3 4 5]),
    examples!("2026-06/legal_obligation", "OBL", [1 2 3 4 5]),
    examples!("2026-06/impact_assessment", "IMP", [1 2 3]),
    examples!("2026-11/impact_assessment", "IMP", [4 5]),
    examples!("2026-06/dataset_card", "DST", [2 3]),
    examples!("2026-11-law/classification", "CLS", [
        1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35
        36 37 38 39 40 41 42 43 44 45 46 47 48 49 50
    ]),
];

const CHRONICLES: &[(&str, &str)] = &[
    ("people", include_str!("../../../../examples/demo/people.yaml")),
    ("governance", include_str!("../../../../examples/demo/governance.yaml")),
    ("documents", include_str!("../../../../examples/demo/documents.yaml")),
    ("suppliers", include_str!("../../../../examples/demo/suppliers.yaml")),
    ("audits", include_str!("../../../../examples/demo/audits.yaml")),
    ("incidents", include_str!("../../../../examples/demo/incidents.yaml")),
];

/// The bodies of the example records, by id.
pub(super) struct Examples(HashMap<String, Value>);

/// The part of an example that is read.
#[derive(Deserialize)]
struct Example {
    id: String,
    body: Value,
}

impl Examples {
    pub(super) fn read() -> anyhow::Result<Examples> {
        let mut examples = HashMap::new();
        for text in EXAMPLES.iter().copied().flatten() {
            let example: Example = yaml_serde::from_str(text)?;
            examples.entry(example.id).or_insert(example.body);
        }
        Ok(Examples(examples))
    }

    /// The fields of an example; none if there is no such example.
    pub(super) fn body(&self, id: &str) -> Map<String, Value> {
        self.0.get(id).and_then(Value::as_object).cloned().unwrap_or_default()
    }
}

/// A record and what happened to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chronicle {
    pub(super) record: RecordId,
    /// The example whose fields it has, but for those in `body`.
    #[serde(default)]
    like: Option<String>,
    #[serde(default)]
    pub(super) body: Map<String, Value>,
    /// Of a person: what they may do.
    #[serde(default)]
    pub(super) role: Option<Role>,
    /// Of a person: name and address.
    #[serde(default)]
    pub(super) personal: Option<Personal>,
    told: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Personal {
    pub(super) name: String,
    pub(super) email: String,
}

impl Chronicle {
    /// The day on which it begins.
    pub(super) fn first_day(&self) -> Option<Date> {
        self.told.first().and_then(|told| Event::read(told).ok()).map(|event| event.day)
    }
}

/// Reads all chronicles.
pub(super) fn read(examples: &Examples) -> anyhow::Result<Vec<Chronicle>> {
    let mut all = Vec::new();
    for (name, text) in CHRONICLES {
        let mut some: Vec<Chronicle> =
            yaml_serde::from_str(text).with_context(|| format!("examples/demo/{name}.yaml"))?;
        for chronicle in &mut some {
            if let Some(like) = &chronicle.like {
                let mut body = examples.body(like);
                body.append(&mut chronicle.body);
                chronicle.body = body;
            }
        }
        all.append(&mut some);
    }
    Ok(all)
}

/// Writes chronicles into a story.
pub(super) fn write(story: &mut Story, chronicles: &[Chronicle]) -> anyhow::Result<()> {
    for chronicle in chronicles {
        story.claim(chronicle.record);
        let mut last = None;
        for told in &chronicle.told {
            let event = Event::read(told)
                .with_context(|| format!("{}: `{told}` can't be read", chronicle.record))?;
            // Who looks at another's work of the same day does so in the afternoon.
            let after = last.is_some_and(|last| last == event.day);
            let part = if after && event.verb != "state" { Part::Afternoon } else { Part::Morning };
            if !after || event.verb == "state" {
                last = Some(event.day);
            }
            for act in event.acts(chronicle) {
                story.act(event.day, part, event.who, act);
            }
        }
    }
    Ok(())
}

/// One line of what happened.
struct Event {
    day: Date,
    who: u32,
    verb: String,
    /// The note or the changed fields.
    more: Value,
}

impl Event {
    fn read(told: &Value) -> anyhow::Result<Event> {
        let (line, more) = match told {
            Value::String(line) => (line.as_str(), Value::Null),
            Value::Object(one) => {
                let (line, more) = one.iter().next().context("it says nothing")?;
                (line.as_str(), more.clone())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
                bail!("give a line of text")
            }
        };
        let mut words = line.split_whitespace();
        let day = words.next().context("no day")?.parse()?;
        let who = match words.next().context("nobody acts")? {
            "operator" => OPERATOR,
            person => person.parse::<RecordId>()?.number,
        };
        let verb = words.next().context("nothing is done")?.to_owned();
        Ok(Event { day, who, verb, more })
    }

    fn acts(&self, chronicle: &Chronicle) -> Vec<Act> {
        let id = chronicle.record;
        match (self.verb.as_str(), &self.more) {
            ("state", _) => {
                let body = Value::Object(chronicle.body.clone());
                let name = chronicle.personal.as_ref().map(|Personal { name, email }| Act::Name {
                    id,
                    name: name.clone(),
                    email: email.clone(),
                });
                std::iter::once(Act::State { id, body, file: None }).chain(name).collect()
            }
            ("forget", _) => vec![Act::Forget { id }],
            ("change", Value::Object(fields)) => vec![Act::Change { id, fields: fields.clone() }],
            (step, more) => {
                let note = more.as_str().unwrap_or_default().to_owned();
                vec![Act::Step { id, step: step.to_owned(), note }]
            }
        }
    }
}
