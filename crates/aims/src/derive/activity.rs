//! Activity: which artefact was touched for which control in a period, by whom.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::{Book, Event, Happened, RecordId, walk::Leaf};

/// What happened in a period.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Activity {
    pub from: Timestamp,
    pub to: Timestamp,
    pub events: Vec<Touched>,
    pub by_requirement: Vec<Summary>,
}

/// One event on a record.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Touched {
    pub seq: u64,
    pub at: Timestamp,
    pub by: String,
    pub record: RecordId,
    pub title: String,
    /// `stated version 2`, `moved from draft to in_review`, `withdrawn`.
    pub what: String,
    pub note: String,
    /// The requirements that the record names.
    pub requirements: Vec<String>,
}

/// How much was done for one requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Summary {
    pub requirement: String,
    pub events: u32,
    pub records: Vec<RecordId>,
    pub last: Timestamp,
}

/// The events from `from` to `to`, both included. `book` is one that has seen them: it knows the records that were moved.
pub fn activity<'e>(
    book: &Book,
    events: impl Iterator<Item = &'e Happened>,
    from: Timestamp,
    to: Timestamp,
) -> Activity {
    let events: Vec<_> = events
        .filter(|happened| (from..=to).contains(&happened.at))
        .filter_map(|happened| touched(book, happened))
        .collect();
    let mut summaries: BTreeMap<&str, Summary> = BTreeMap::new();
    for event in &events {
        for requirement in &event.requirements {
            let summary = summaries.entry(requirement).or_insert_with(|| Summary {
                requirement: requirement.clone(),
                events: 0,
                records: Vec::new(),
                last: event.at,
            });
            summary.events += 1;
            summary.last = event.at;
            if !summary.records.contains(&event.record) {
                summary.records.push(event.record);
            }
        }
    }
    let by_requirement = summaries.into_values().collect();
    Activity { from, to, events, by_requirement }
}

fn touched(book: &Book, happened: &Happened) -> Option<Touched> {
    let record = happened.event.subject()?;
    let known = book.get(record).map(|record| &record.body);
    let (what, note, body) = match &happened.event {
        Event::Stated(stated) => {
            (format!("stated version {}", stated.version), String::new(), Some(&stated.body))
        }
        Event::Moved { from, to, note, .. } => {
            (format!("moved from {from} to {to}"), note.clone(), known)
        }
        Event::Withdrawn { reason, .. } => ("withdrawn".to_owned(), reason.clone(), known),
        Event::Redacted { .. } | Event::Security(_) => return None,
    };
    let mut requirements = Vec::new();
    if let Some(body) = body {
        body.walk(&mut |_, leaf| {
            if let Leaf::Requirement(text) = leaf
                && !requirements.iter().any(|known| known == text)
            {
                requirements.push(text.to_owned());
            }
        });
    }
    Some(Touched {
        seq: happened.seq,
        at: happened.at,
        by: happened.by.to_string(),
        record,
        title: body.map(|body| body.title().to_owned()).unwrap_or_default(),
        what,
        note,
        requirements,
    })
}
