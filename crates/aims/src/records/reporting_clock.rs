//! Times within which the organisation has bound itself to tell somebody about an incident (ISO/IEC 42001 A.8.3, A.8.4, A.8.5).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AiSystem, Person, given};
use crate::{Book, Problems, RecordId, RecordKind, Ref, lifecycle::REGISTER};

choice! {
    /// What a time limit is counted in, or the word that stands instead of a number.
    LimitUnit { Hours, Days, WorkingDays, Weeks, Months, Immediately, WithoutUndueDelay }
}

/// A reporting clock that no law sets: from a contract, a licence or a policy of the organisation itself.
///
/// It runs beside those of the law for every incident that it is about, counted by the same rules.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReportingClock {
    /// What is owed, such as: tell the customer about an outage.
    pub title: String,
    /// Where it is written: contract and clause, or policy.
    pub source: String,
    /// Who is told.
    pub recipient: String,
    /// Who has to tell, by role in the organisation.
    pub who: String,
    /// Events of an incident of which the first starts it: `aware`, or a word of your own.
    pub starts_with: Vec<String>,
    /// The limit as a number; none for a limit that is a word.
    pub limit: Option<u32>,
    /// What it is counted in, or the word.
    pub unit: Option<LimitUnit>,
    /// The AI systems that it is about; empty for all.
    pub ai_systems: Vec<Ref<AiSystem>>,
    /// Whether a first report may leave gaps that a later one fills.
    pub first_report_may_be_incomplete: bool,
    /// Who sees to it.
    pub owner: Option<Ref<Person>>,
    /// When it is looked at next.
    pub next_review: Option<Date>,
}

impl RecordKind for ReportingClock {
    kind! { ReportingClock, "reporting_clock", "CLK", "a reporting clock", REGISTER, [
        "source", "recipient", "starts_with", "unit", "owner",
    ] }

    fn title(&self) -> &str {
        &self.title
    }

    fn owner(&self) -> Option<Ref<Person>> {
        self.owner
    }

    fn dates(&self) -> Vec<(&'static str, Date)> {
        given([("next_review", self.next_review)])
    }

    fn check(&self, _id: RecordId, _book: &Book, problems: &mut Problems) {
        problems.unless(!self.title.trim().is_empty(), "title", "say what is owed");
        let is_word = matches!(self.unit, Some(LimitUnit::Immediately | LimitUnit::WithoutUndueDelay));
        let wanted = self.unit.is_none() || self.limit.is_some_and(|limit| limit > 0) != is_word;
        problems.unless(wanted, "limit", "give a number above 0 with hours to months, and none with a word");
        problems.unless(self.limit.unwrap_or_default() <= 1_000, "limit", "1000 at most");
        let named = self.starts_with.iter().all(|event| !event.trim().is_empty());
        problems.unless(named, "starts_with", "name the event, such as aware");
    }
}
