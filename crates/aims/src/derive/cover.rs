//! Evidence intervals: which days a control's evidence speaks for.
//!
//! One item speaks for every day of its period and, because a control with a cadence is proved again only when its next
//! run is due, for the days of one cadence after it; never beyond its expiry.

use surety_catalog::Cadence;

use crate::Span;

/// Days of a window that are not covered, as inclusive runs of day numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps(pub Vec<(i32, i32)>);

impl Gaps {
    /// How many days they are together.
    pub fn days(&self) -> u32 {
        self.0.iter().map(|(from, to)| u32::try_from(to - from + 1).unwrap_or(0)).sum()
    }

    pub fn holds(&self, day: i32) -> bool {
        self.0.iter().any(|(from, to)| (*from..=*to).contains(&day))
    }
}

/// The days, first and last, that one item speaks for under a cadence; `None` if it had expired before its period began.
pub fn covered(span: Span, cadence: Cadence) -> Option<(i32, i32)> {
    let last = match cadence.days().and_then(|days| i32::try_from(days).ok()) {
        Some(days) => span.to.saturating_add(days).min(span.until),
        None => span.until,
    };
    (last >= span.from).then_some((span.from, last))
}

/// The days from `from` to `to` that none of the runs covers. Sorts `runs`.
pub(super) fn gaps(runs: &mut [(i32, i32)], from: i32, to: i32) -> Gaps {
    runs.sort_unstable();
    let mut gaps = Vec::new();
    let mut next = from;
    for (first, last) in runs.iter().copied() {
        if next > to || first > to {
            break;
        }
        if first > next {
            gaps.push((next, first - 1));
        }
        next = next.max(last.saturating_add(1));
    }
    if next <= to {
        gaps.push((next, to));
    }
    Gaps(gaps)
}
