//! What comes out of running clocks: how each stands, for whom, until when and why.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use surety_catalog::{Confidence, Place};

use super::{Applicability, Deadline, LocalInstant, Outcome, Reason};

/// Every clock for one incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Clocks {
    /// Those that matter first: by state, then by conservative deadline.
    pub clocks: Vec<RunningClock>,
    /// The deadline to go by.
    pub earliest: Option<Earliest>,
    /// The same of the clocks that are only possible so far.
    pub earliest_possible: Option<Earliest>,
    /// Questions whose answers would settle whether clocks run.
    pub open_questions: Vec<OpenQuestion>,
}

/// The first of all deadlines that are still to be met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Earliest {
    pub clock: String,
    pub conservative_deadline: LocalInstant,
}

/// A question and the clocks that hang on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "ClockOpenQuestion")]
pub struct OpenQuestion {
    pub question: String,
    pub text: String,
    pub citation: String,
    pub clocks: Vec<String>,
}

/// One clock for one incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RunningClock {
    pub clock: String,
    pub act: String,
    pub reference: String,
    pub title: String,
    pub who: String,
    pub recipient: String,
    pub binding: bool,
    /// It runs for the authority.
    pub authority_deadline: bool,
    pub state: ClockState,
    /// Why it runs, or why not.
    pub reasons: Vec<Reason>,
    pub applicability: Applicability,
    pub started_by: Option<StartedBy>,
    /// What is owed before the deadline.
    pub primary: String,
    /// Since when nothing justifies waiting.
    pub due_at_once_since: Option<StartedBy>,
    /// The earliest over all recipients.
    pub conservative_deadline: Option<LocalInstant>,
    pub legal_latest: Option<LocalInstant>,
    /// Recipient by recipient.
    pub due: Vec<Due>,
    pub first_report_may_be_incomplete: bool,
    pub incomplete_basis: String,
    pub follow_ups: Vec<FollowUpDue>,
    /// Clocks that a report on this one starts.
    pub next: Vec<String>,
    pub see: Vec<String>,
    pub reported: Option<Reported>,
    pub stopped: Option<Stopped>,
    pub open_questions: Vec<String>,
    pub notes: Vec<String>,
    /// A change of the law that is proposed and not adopted.
    pub pending: String,
    pub confidence: Confidence,
}

/// How a clock stands.
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
pub enum ClockState {
    /// The legal end has passed without a report.
    Overdue,
    /// The last safe instant has passed, the legal end has not.
    PastConservative,
    Running,
    /// It may run: questions are open.
    Possible,
    /// It will run once the event that starts it happens.
    Awaiting,
    Reported,
    Stopped,
    /// The act did not apply to the system on that day.
    NotApplicable,
    NotTriggered,
}

/// The event that started a clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StartedBy {
    pub event: String,
    pub at: LocalInstant,
    pub by: String,
    pub source: String,
}

/// A report due to one recipient.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "ClockDue")]
pub struct Due {
    /// Id of the recipient.
    pub recipient: String,
    pub place: Place,
    /// The Member State, or `EU`; empty where the place is not settled.
    pub member_state: String,
    /// The authority by name, or else what kind it is.
    pub authority: String,
    pub authority_confidence: Confidence,
    pub deadline: Option<Deadline>,
    pub note: String,
}

/// A later report that is due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FollowUpDue {
    pub title: String,
    pub conservative_deadline: LocalInstant,
    pub legal_latest: Option<LocalInstant>,
    pub repeats: bool,
    pub confidence: Confidence,
}

/// The report that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reported {
    pub at: LocalInstant,
    pub outcome: Outcome,
}

/// Why a clock was stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Stopped {
    pub at: LocalInstant,
    pub reason: String,
    pub text: String,
    /// What has to be kept to show that it was right.
    pub evidence: String,
    pub by: String,
    pub note: String,
}

impl Due {
    /// The last day on which the report is due, if the limit is counted in days.
    pub fn last_day(&self) -> Option<Date> {
        self.deadline.as_ref().and_then(|one| one.legal_last_day)
    }
}
