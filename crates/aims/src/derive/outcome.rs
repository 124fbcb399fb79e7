//! Results: met, partly, not met, not applicable; and the result of a whole from its parts.

use serde::Serialize;

/// The result for one requirement.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Met,
    Partly,
    NotMet,
    NotApplicable,
}

impl Outcome {
    /// As in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Met => "met",
            Outcome::Partly => "partly",
            Outcome::NotMet => "not_met",
            Outcome::NotApplicable => "not_applicable",
        }
    }
}

/// The result of a whole from its parts: what does not apply says nothing.
pub fn together(parts: impl Iterator<Item = Outcome>) -> Outcome {
    let mut met = false;
    let mut open = false;
    for part in parts {
        match part {
            Outcome::Met => met = true,
            Outcome::NotMet => open = true,
            Outcome::Partly => (met, open) = (true, true),
            Outcome::NotApplicable => {}
        }
    }
    match (met, open) {
        (true, true) => Outcome::Partly,
        (true, false) => Outcome::Met,
        (false, true) => Outcome::NotMet,
        (false, false) => Outcome::NotApplicable,
    }
}
