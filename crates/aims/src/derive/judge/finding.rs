//! What judging a condition found: whether it holds, by which records, and what is missing.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use surety_catalog::Effort;

use super::cadence::Rhythm;
use crate::{RecordId, derive::outcome::Outcome};

/// Whether one condition holds, what was found and what is missing.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Finding<'b> {
    pub id: &'b str,
    pub says: &'b str,
    pub effort: Effort,
    pub holds: bool,
    /// Of how many it is asked: 1 for the organisation, else the AI systems concerned.
    pub asked: u32,
    pub held: u32,
    /// Records that make it hold, the first few.
    pub found: Vec<RecordId>,
    pub missing: Vec<Missing<'b>>,
    /// How often evidence was wanted and who says so, each once, the first few; empty for what asks for no evidence.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cadences: Vec<Rhythm>,
}

impl Finding<'_> {
    /// The condition as a result.
    pub fn outcome(&self) -> Outcome {
        match (self.asked, self.held) {
            (0, _) => Outcome::NotApplicable,
            (asked, held) if asked == held => Outcome::Met,
            (_, 0) => Outcome::NotMet,
            _ => Outcome::Partly,
        }
    }
}

/// One record that is missing or not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(with = "Shown<'b>")]
pub struct Missing<'b> {
    /// The AI system for which it is missing.
    pub system: Option<RecordId>,
    /// The kind of record, or what else is wanted.
    pub wanted: &'b str,
    /// The record that comes nearest.
    pub record: Option<RecordId>,
    pub lack: Lack<'b>,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack<'b> {
    /// There is none.
    None,
    /// In another state than wanted.
    State(&'static str),
    /// This field does not say what is wanted.
    Field(&'b str),
    /// Past its review date.
    Stale,
    /// A score of the Statement of Applicability is not reached.
    Score(&'static str),
    /// There is none that speaks for the day, so often as it is wanted.
    Cadence(Rhythm),
}

impl std::fmt::Display for Missing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let wanted = self.wanted.replace('_', " ");
        match (self.record, self.lack) {
            (Some(record), Lack::State(state)) => write!(f, "{wanted} {record} is {state}")?,
            (Some(record), Lack::Field(field)) => {
                write!(f, "{wanted} {record} does not say it in `{field}`")?;
            }
            (Some(record), Lack::Stale) => write!(f, "{wanted} {record} is past its review date")?,
            (_, Lack::Score(score)) => write!(f, "control is not {score}")?,
            (_, Lack::None | Lack::State(_) | Lack::Field(_) | Lack::Stale | Lack::Cadence(_)) => {
                write!(f, "no {wanted}")?;
            }
        }
        if let Some(system) = self.system {
            write!(f, " for {system}")?;
        }
        match self.lack {
            Lack::Cadence(rhythm) => write!(f, " ({rhythm})"),
            Lack::None | Lack::State(_) | Lack::Field(_) | Lack::Stale | Lack::Score(_) => Ok(()),
        }
    }
}

impl Serialize for Missing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Missing { system, wanted, record, lack: _ } = *self;
        Shown { system, wanted, record, says: self.to_string() }.serialize(serializer)
    }
}

/// The same as files and programs read it.
#[derive(Serialize, JsonSchema)]
struct Shown<'b> {
    /// The AI system for which it is missing.
    system: Option<RecordId>,
    /// The kind of record, or what else is wanted.
    wanted: &'b str,
    /// The record that comes nearest.
    record: Option<RecordId>,
    /// What is wrong with it, as a sentence.
    says: String,
}
