//! How far an obligation is fulfilled, from the records that are linked to it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A record that says something about an obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LinkedRecord {
    /// Id of the provision.
    pub obligation: String,
    /// What reports call the record.
    pub record: String,
    pub standing: RecordStanding,
    /// Not past its review or its period.
    pub fresh: bool,
}

/// What a record says.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RecordStanding {
    /// What it is about is done.
    Met,
    Partly,
    /// It is planned or under way, or it says that something is missing.
    Open,
}

/// How far an obligation is fulfilled.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Every linked record is met and fresh.
    Met,
    /// Something is done, and something is open or out of date.
    Partly,
    /// Records are linked, and none is done.
    Open,
    /// No record is linked.
    NotAddressed,
}

/// The state of one obligation and what it follows from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct StateOf<'r> {
    pub state: State,
    /// Linked records, as given.
    pub records: Vec<&'r LinkedRecord>,
    /// The reason as a sentence.
    pub why: String,
}

/// The states of the obligations that records are linked to. Who is not in it is [`State::NotAddressed`].
pub fn states(records: &[LinkedRecord]) -> BTreeMap<&str, StateOf<'_>> {
    let mut linked: BTreeMap<&str, Vec<&LinkedRecord>> = BTreeMap::new();
    for record in records {
        linked.entry(&record.obligation).or_default().push(record);
    }
    linked.into_iter().map(|(id, records)| (id, StateOf::of(records))).collect()
}

impl<'r> StateOf<'r> {
    /// The state that follows from records of one obligation.
    pub fn of(records: Vec<&'r LinkedRecord>) -> StateOf<'r> {
        let is_done = |one: &&&LinkedRecord| one.standing == RecordStanding::Met && one.fresh;
        let done = records.iter().filter(is_done).count();
        let some = records.iter().any(|one| one.standing != RecordStanding::Open);
        let state = if records.is_empty() {
            State::NotAddressed
        } else if done == records.len() {
            State::Met
        } else if some {
            State::Partly
        } else {
            State::Open
        };
        let why = why(&records, done);
        StateOf { state, records, why }
    }
}

fn why(records: &[&LinkedRecord], done: usize) -> String {
    if records.is_empty() {
        return "no record is linked".to_owned();
    }
    let mut text = format!("{done} of {} linked records met and up to date", records.len());
    let mut tell = |group: &str, belongs: &dyn Fn(&LinkedRecord) -> bool| {
        let members = records.iter().filter(|one| belongs(one));
        let names: Vec<&str> = members.map(|one| one.record.as_str()).collect();
        if !names.is_empty() {
            text.push_str(&format!("; {group}: {}", names.join(", ")));
        }
    };
    tell("open", &|one| one.standing == RecordStanding::Open);
    tell("partly met", &|one| one.standing == RecordStanding::Partly);
    tell("out of date", &|one| one.standing == RecordStanding::Met && !one.fresh);
    text
}
