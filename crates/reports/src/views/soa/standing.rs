//! How far one control has come in one place, in one word.

use surety_aims::derive::{Rule, soa};

use crate::sheet::{LegendEntry, Mark, Tone};

/// The word for a cell, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Implemented, and operating evidence covers the day.
    Operating,
    /// There was operating evidence; it does not cover the day.
    Lapsed,
    /// Rests on an approved document.
    Documented,
    /// Decided, described and owned.
    Designed,
    /// Applies, and more is not said.
    Open,
    /// Tested, and it does not work.
    Ineffective,
    /// Nobody has decided.
    Undecided,
    /// Does not apply, with a justification.
    Excluded,
    /// Does not apply, and nobody says why.
    NotJustified,
}

impl Standing {
    /// Every standing, best first.
    pub const ALL: [Standing; 9] = [
        Standing::Operating,
        Standing::Lapsed,
        Standing::Documented,
        Standing::Designed,
        Standing::Open,
        Standing::Ineffective,
        Standing::Undecided,
        Standing::Excluded,
        Standing::NotJustified,
    ];

    /// The standing of a cell: what its decision, state, reasons and scores already say, in one word.
    pub fn of(cell: &soa::Cell<'_>) -> Standing {
        match cell.applicable {
            None => Standing::Undecided,
            Some(false) if cell.justification.is_empty() => Standing::NotJustified,
            Some(false) => Standing::Excluded,
            Some(true) if cell.state == "ineffective" => Standing::Ineffective,
            Some(true) if cell.operating => Standing::Operating,
            Some(true) if says(cell, Rule::NotCovered) => Standing::Lapsed,
            Some(true) if cell.documented => Standing::Documented,
            Some(true) if cell.designed => Standing::Designed,
            Some(true) => Standing::Open,
        }
    }

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Standing::Operating => "operating",
            Standing::Lapsed => "lapsed",
            Standing::Documented => "documented",
            Standing::Designed => "designed",
            Standing::Open => "open",
            Standing::Ineffective => "ineffective",
            Standing::Undecided => "undecided",
            Standing::Excluded => "excluded",
            Standing::NotJustified => "not justified",
        }
    }

    /// Shape and colour role.
    pub const fn mark(self) -> Mark {
        let (tone, symbol) = match self {
            Standing::Operating => (Tone::Good, '●'),
            Standing::Lapsed => (Tone::Warn, '▲'),
            Standing::Documented => (Tone::Info, '◐'),
            Standing::Designed => (Tone::Info, '○'),
            Standing::Open => (Tone::Warn, '△'),
            Standing::Ineffective => (Tone::Bad, '■'),
            Standing::Undecided => (Tone::Neutral, '◌'),
            Standing::Excluded => (Tone::NotApplicable, '–'),
            Standing::NotJustified => (Tone::Bad, '⊟'),
        };
        Mark { tone, symbol }
    }

    /// What it says, in a sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Standing::Operating => "Implemented, and operating evidence covers the day.",
            Standing::Lapsed => {
                "There was operating evidence and it no longer covers the day; the days of the window without it are \
                 given."
            }
            Standing::Documented => {
                "Rests on an approved document; operation is not shown by evidence."
            }
            Standing::Designed => "Decided, described and owned; not documented yet.",
            Standing::Open => "Applies, but is not yet justified, described and owned.",
            Standing::Ineffective => "Tested and found not to work.",
            Standing::Undecided => "Nobody has decided whether the control applies.",
            Standing::Excluded => "Does not apply, with a justification.",
            Standing::NotJustified => "Excluded without the justification that is asked for.",
        }
    }

    /// The legend of all standings.
    pub fn legend() -> Vec<LegendEntry> {
        let entry = |standing: Standing| {
            LegendEntry::new(standing.mark(), standing.word(), standing.meaning())
        };
        Standing::ALL.into_iter().map(entry).collect()
    }
}

/// Whether a rule spoke about the cell.
pub(super) fn says(cell: &soa::Cell<'_>, rule: Rule) -> bool {
    cell.why.iter().any(|reason| reason.rule == rule)
}
