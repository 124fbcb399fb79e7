//! The gap analysis: what is asked, whether it is met, and what is missing.

mod conditions;
mod requirements;
mod summary;

pub use conditions::conditions;
pub use requirements::requirements;
pub use summary::summary;

use surety_aims::derive::gap::{Gap, Outcome};

use super::{Names, words};
use crate::sheet::{Cell, LegendEntry, Mark, Sheet, Tone};

/// The title of a document of this view.
pub const TITLE: &str = "Gap analysis";

/// All sheets: "Gap" for each framework (with its id if there are several), then "Conditions" and "Summary" over all
/// of them. For a terminal, [`summary`] and [`requirements`] are enough.
pub fn sheets(gaps: &[&Gap<'_>], names: &Names<'_>) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = gaps.iter().map(|gap| requirements(gap, names)).collect();
    if let [_, _, ..] = gaps {
        for (sheet, gap) in sheets.iter_mut().zip(gaps) {
            sheet.name = format!("Gap {}", gap.framework);
        }
    }
    sheets.push(conditions(gaps));
    sheets.push(summary(gaps));
    sheets
}

/// A result with its mark.
pub(super) fn outcome(outcome: Outcome) -> Cell {
    Cell::status(words(outcome.name()).into_owned(), mark(outcome))
}

fn mark(outcome: Outcome) -> Mark {
    match outcome {
        Outcome::Met => Tone::Good.into(),
        Outcome::Partly => Mark { tone: Tone::Warn, symbol: '◐' },
        Outcome::NotMet => Tone::Bad.into(),
        Outcome::NotApplicable => Tone::NotApplicable.into(),
    }
}

/// What the results mean.
pub(super) fn legend() -> Vec<LegendEntry> {
    vec![
        LegendEntry::new(mark(Outcome::Met), "met", "Every condition and every part holds."),
        LegendEntry::new(mark(Outcome::Partly), "partly", "Some conditions or parts hold."),
        LegendEntry::new(mark(Outcome::NotMet), "not met", "No condition and no part holds."),
        LegendEntry::new(mark(Outcome::NotApplicable), "not applicable", "Asked of nobody here."),
    ]
}

/// The name of a framework, or its id where it has none.
fn name<'g>(gap: &'g Gap<'_>) -> &'g str {
    if gap.name.is_empty() { gap.framework } else { gap.name }
}

/// What the publisher prints for a requirement.
fn printed<'j>(label: &'j str, id: &'j str) -> &'j str {
    if label.is_empty() { id } else { label }
}
