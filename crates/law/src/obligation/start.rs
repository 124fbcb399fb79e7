//! From when a provision applies: the row of the right scope in one version of the law, and what moves it.

use jiff::civil::Date;
use serde::Serialize;
use surety_catalog::{Application, Confidence, Law, Transition};

use super::Facts;

/// The scope of rows that hold for everybody.
const EVERYBODY: &str = "all";

/// In a transition: the scope that is named as the tier.
const OWN_SCOPE: &str = "tier";

/// From when a provision applies to one tier or scope, and by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Start<'l> {
    /// The scope whose dates hold; empty where a day replaces them.
    pub scope: &'l str,
    /// When the provision applies on its face.
    pub formal_from: Option<Date>,
    /// The first day on which it can bite; `None`: not before something happens, see `rule`.
    pub operative_from: Option<Date>,
    #[serde(flatten)]
    pub rule: StartRule,
    pub basis: &'l str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub note: &'l str,
    pub confidence: Confidence,
}

/// What made the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum StartRule {
    /// The dates of the scope.
    Dates,
    /// An older system whose design was significantly changed on or after the reference date: bound since then.
    DesignChange { reference_date: Date },
    /// Changed since the reference date on a day that nobody stated: the reference date is the cautious reading.
    DayOfChangeUnknown { reference_date: Date },
    /// An older system: not bound before a significant change of its design on or after the reference date.
    AwaitsDesignChange { reference_date: Date },
    /// A day that the law sets in place of all others.
    FixedDay,
}

impl StartRule {
    /// The day on or after which a change of the design counts, for an older system.
    pub fn reference_date(self) -> Option<Date> {
        match self {
            StartRule::DesignChange { reference_date }
            | StartRule::DayOfChangeUnknown { reference_date }
            | StartRule::AwaitsDesignChange { reference_date } => Some(reference_date),
            StartRule::Dates | StartRule::FixedDay => None,
        }
    }
}

/// Whose dates are looked up.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Preferred: the scope of an older system or model, or one that somebody asked about.
    pub(super) scope: &'a str,
    /// Then the rows of these, in order.
    pub(super) tiers: &'a [&'a str],
    pub(super) facts: &'a Facts,
    /// A significant change is known to have happened.
    pub(super) changed: bool,
}

/// The transition that the findings of a subject give to a tier.
pub(super) fn transition<'l>(
    law: &'l Law,
    tier: &str,
    has: impl Fn(&str) -> bool,
) -> Option<&'l Transition> {
    law.transitions
        .iter()
        .find(|one| has(&one.finding) && one.tiers.iter().any(|named| named == tier))
}

/// The start for a tier under a transition; `names_it`: whether the provision is about that transition itself. `chain`:
/// the tier and those that it includes.
pub(super) fn start_for_tier<'l>(
    law: &'l Law,
    rows: &[&'l Application],
    chain: &[&str],
    transition: Option<&'l Transition>,
    names_it: impl Fn(&str) -> bool,
    facts: &Facts,
) -> Option<Start<'l>> {
    let tier = chain.first().copied()?;
    let mut asked = Asked { scope: tier, tiers: chain, facts, changed: false };
    if let Some(transition) = transition {
        if let Some(day) = transition.fixed_operative_from
            && !names_it(&transition.finding)
        {
            return (!rows.is_empty()).then_some(Start {
                scope: "",
                formal_from: Some(day),
                operative_from: Some(day),
                rule: StartRule::FixedDay,
                basis: &transition.basis,
                note: "",
                confidence: Confidence::High,
            });
        }
        if let Some(scope) = transition.scope.as_deref().filter(|scope| *scope != OWN_SCOPE) {
            asked.scope = scope;
        }
        asked.changed = transition.needs_fact.is_some();
    }
    start(law, rows, asked)
}

/// The start by the rows of one version: of the scope, else of the tiers, else of everybody. `None`: there is no row,
/// so the provision does not stand in that version for whoever asks.
pub(super) fn start<'l>(
    law: &'l Law,
    rows: &[&'l Application],
    asked: Asked<'_>,
) -> Option<Start<'l>> {
    let row_of = |scope: &str| rows.iter().copied().find(|row| row.scope == scope);
    let own = || asked.tiers.iter().find_map(|tier| row_of(tier)).or_else(|| row_of(EVERYBODY));
    let own_start = || own().map(from_dates);
    let Some(row) = row_of(asked.scope) else { return own_start() };
    let after_change = law.scope_tiers.iter().find(|one| one.scope == asked.scope);
    let after_change: Vec<&Application> = after_change
        .into_iter()
        .flat_map(|one| &one.after_change)
        .filter(|scope| concerns(law, scope, asked.tiers))
        .filter_map(|scope| row_of(scope))
        .collect();
    let mut references = std::iter::once(row)
        .chain(after_change.iter().copied())
        .filter_map(|one| one.reference_date);
    let placed = asked.facts.system_placed_on;
    if references.clone().next().is_some()
        && references.all(|reference| placed.is_some_and(|placed| placed >= reference))
    {
        // In this version of the law it is not an older system.
        return own_start();
    }
    let class_day = |scope: &str| {
        let tiers = law.scope_tiers.iter().find(|one| one.scope == scope)?;
        tiers.tiers.iter().filter_map(|tier| row_of(tier)?.operative_from).min()
    };
    let first = evaluate(row, asked, class_day(&row.scope));
    let others = after_change.iter().map(|one| evaluate(one, asked, class_day(&one.scope)));
    std::iter::once(first).chain(others).min_by_key(|start| {
        // A start without a day is later than any day.
        (start.operative_from.is_none(), start.operative_from)
    })
}

/// The dates of a row, and for a row that waits for a change of design the day of that change.
fn evaluate<'l>(row: &'l Application, asked: Asked<'_>, class_day: Option<Date>) -> Start<'l> {
    let plain = from_dates(row);
    let Some(reference_date) = row.reference_date else { return plain };
    // The change can't bring in what does not yet apply to new systems of the class.
    let not_before_class = |day: Date| class_day.map_or(day, |class| class.max(day));
    match asked.facts.significant_change_on {
        Some(change) if change >= reference_date => Start {
            operative_from: Some(not_before_class(change)),
            rule: StartRule::DesignChange { reference_date },
            ..plain
        },
        None if asked.changed => Start {
            operative_from: Some(not_before_class(reference_date)),
            rule: StartRule::DayOfChangeUnknown { reference_date },
            confidence: Confidence::Low,
            ..plain
        },
        Some(_) | None => plain,
    }
}

fn from_dates(row: &Application) -> Start<'_> {
    Start {
        scope: &row.scope,
        formal_from: row.formal_from,
        operative_from: row.operative_from,
        rule: match row.reference_date {
            Some(reference_date) => StartRule::AwaitsDesignChange { reference_date },
            None => StartRule::Dates,
        },
        basis: &row.basis,
        note: &row.note,
        confidence: row.confidence,
    }
}

/// Whether a scope is a part of one of the tiers.
fn concerns(law: &Law, scope: &str, tiers: &[&str]) -> bool {
    law.scope_tiers
        .iter()
        .filter(|one| one.scope == scope)
        .any(|one| one.tiers.iter().any(|tier| tiers.contains(&tier.as_str())))
}
