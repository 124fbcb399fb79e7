//! Reporting clocks: which of them an incident starts, when each report is due at the latest, who gets it, and why.
//!
//! One incident, all regimes at once. Periods are counted under Regulation (EEC, Euratom) 1182/71 in the local time and
//! with the public holidays of the place where a report is due. What the acts say stands in `catalogs/incident-clocks`;
//! nothing here knows an article, an act or a country. Instants are arguments: nothing here knows what time it is.

mod applies;
mod check;
mod deadline;
mod drill;
mod error;
pub mod holiday;
mod incident;
mod instant;
mod non_working;
mod period;
mod place;
mod report;
mod run;
mod running;
mod trigger;

pub use applies::{Applicability, Applied, applicability};
pub use deadline::{
    AppliedRule, ClockQuery, Deadline, Moves, Occasion, Reading, clock, clock_with, deadline,
};
pub use drill::{DrillResult, DrillScore, Outcome, score};
pub use error::ClockError;
pub use incident::{Answer, Incident, IncidentEvent, Moment, Stop};
pub use instant::{LocalInstant, instant, timezone};
pub use non_working::NonWorkingDays;
pub use period::{Counted, Period, Step, count};
pub use report::{DraftField, ReportDraft, Stage, draft};
pub use run::{Setting, clocks};
pub use running::{
    ClockState, Clocks, Due, Earliest, FollowUpDue, OpenQuestion, Reported, RunningClock,
    StartedBy, Stopped,
};
pub use trigger::{Holds, Reason};
