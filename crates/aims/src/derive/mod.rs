//! Questions that are answered from a Book, a set of catalogs and a day. One file for each; nothing here is stored.

pub mod activity;
mod cover;
pub mod coverage;
pub mod diff;
pub mod due;
pub mod freshness;
pub mod gap;
pub mod inbox;
mod judge;
mod outcome;
pub mod place;
pub mod plan;
pub mod readiness;
mod reason;
pub mod risks;
pub mod soa;

pub use cover::{Gaps, covered};
pub use judge::{Finding, Lack, Missing, Rhythm};
pub use reason::{Reason, Rule};

use jiff::civil::Date;
use serde::Serialize;

/// A period of whole days, both ends inclusive: an audit window, a reporting period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Window {
    pub from: Date,
    pub to: Date,
}

impl Window {
    /// The twelve months that end on `day`.
    pub fn year_to(day: Date) -> Window {
        let from = day.checked_sub(jiff::Span::new().days(364)).unwrap_or(Date::MIN);
        Window { from, to: day }
    }
}
