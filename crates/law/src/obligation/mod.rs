//! What the law asks of whom from when: provisions derived for one system or model from its classification, what binds
//! in a scope on a day, what starts when, and what a new version of the law changes.
//!
//! Roles, tiers, dates and conditions stand in the catalog; nothing here names an article. Knows nothing of records:
//! whoever keeps them passes the classification, the standing of linked records and the results of the management
//! system in the neutral types of this module.

mod binding;
mod calendar;
mod change;
mod entry;
mod ics;
mod impact;
mod overlap;
mod penalty;
mod reading;
mod start;
mod state;
mod subject;
mod view;
mod why;

pub use binding::{Binding, Place, binding};
pub use calendar::{CalendarEntry, Occasion, calendar};
pub use change::{Change, Rewording, changes};
pub use entry::{Entry, Obligations, Side, SideBySide, Standing};
pub use ics::{Naming, ics};
pub use impact::{
    BindingOn, ClassChange, Impact, Moved, Reassessment, Reclassified, SystemImpact, Totals, impact,
};
pub use overlap::{Coverage, Fulfilment, Given, Open, Overlap, Overlaps};
pub use penalty::{Ceiling, Operator, Penalty, ceiling, penalties};
pub use reading::{LawError, Reading, obligations};
pub use start::{Start, StartRule};
pub use state::{LinkedRecord, RecordStanding, State, StateOf, states};
pub use subject::{Facts, Subject};
pub use why::{Why, WhyNot};
