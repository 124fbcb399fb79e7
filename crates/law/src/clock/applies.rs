//! Whether the act that sets a clock applied on a day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use surety_catalog::{Application, Clock, ClockAct, Confidence, Law};

/// Whether a clock's provision applied to the system on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Applicability {
    pub applies: Applied,
    /// Id of the version of the law.
    pub version: String,
    /// The scope whose dates count.
    pub scope: String,
    /// The day on which it applies on its face.
    pub formal_from: Option<Date>,
    /// The first day on which it can bite.
    pub operative_from: Option<Date>,
    pub basis: String,
    pub note: String,
    pub confidence: Confidence,
}

/// Whether something applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Applied {
    Yes,
    /// Not on that day, but from a later one.
    NotYet,
    /// Not in that version, or only after a significant change that has not happened.
    No,
    /// The scope of the system is not known.
    Unknown,
}

/// Whether a clock applied `on` a day under the law as published by `law_as_of`, to a system in these scopes.
///
/// Of the scopes one for older systems takes the place of the one for new systems of the same class. Where several
/// rows hold, the earliest counts (Art 111(2) of the AI Act).
pub fn applicability(
    clock: &Clock,
    act: Option<&ClockAct>,
    laws: &[&Law],
    scopes: &[String],
    significant_change_on: Option<Date>,
    on: Date,
    law_as_of: Date,
) -> Applicability {
    let Some(act) = act else { return always(clock) };
    let law = act.law.as_ref().and_then(|id| laws.iter().find(|law| law.framework == *id));
    let Some(law) = law else {
        let dates: Vec<_> = act.dates.iter().collect();
        return best(&dates, scopes, significant_change_on, on, act.law.is_some());
    };
    let Some(version) = law.version_for(on, law_as_of) else {
        return nothing(Applied::No, "the law was not published by then");
    };
    let regimes = law.regimes.iter().filter(|one| Some(&one.id) == clock.regime.as_ref());
    let rows = regimes.flat_map(|one| &one.dates).filter(|row| row.version == version.id);
    let scopes = widened(law, scopes);
    best(&rows.collect::<Vec<_>>(), &scopes, significant_change_on, on, true)
}

/// The scopes whose rows hold: one for older systems takes the place of those that it is a part of, and brings those
/// that hold after a significant change.
fn widened(law: &Law, scopes: &[String]) -> Vec<String> {
    let parts = || law.scope_tiers.iter().filter(|one| scopes.contains(&one.scope));
    let replaced =
        |scope: &&String| !parts().any(|one| one.scope != **scope && one.tiers.contains(*scope));
    // Of several classes only the one that the system is in, where that is known.
    let in_class = |scope: &&String| {
        let class = law.scope_tiers.iter().find(|one| one.scope == **scope);
        class.is_none_or(|class| class.tiers.iter().any(|tier| scopes.contains(tier)))
    };
    let known = parts().flat_map(|one| &one.after_change).any(|scope| in_class(&scope));
    let brought = parts().flat_map(|one| &one.after_change).filter(|one| !known || in_class(one));
    scopes.iter().filter(replaced).chain(brought).cloned().collect()
}

fn always(clock: &Clock) -> Applicability {
    Applicability {
        basis: "set by the organisation".to_owned(),
        confidence: clock.confidence,
        ..nothing(Applied::Yes, "")
    }
}

fn best(
    rows: &[&Application],
    scopes: &[String],
    change: Option<Date>,
    on: Date,
    scoped: bool,
) -> Applicability {
    let fits = |row: &&&Application| row.scope == "all" || scopes.contains(&row.scope);
    let fitting: Vec<_> = rows.iter().filter(fits).collect();
    // A row for the scope itself goes before the one for all.
    let own = fitting.iter().any(|row| row.scope != "all");
    let dated = fitting
        .iter()
        .filter(|row| !own || row.scope != "all")
        .map(|row| (starts(row, change), **row))
        .min_by_key(|(from, _)| from.unwrap_or(Date::MAX));
    match dated {
        Some((from, row)) => of_row(row, from, on),
        None if scoped && scopes.is_empty() && !rows.is_empty() => {
            nothing(Applied::Unknown, "how the system is classified is not settled")
        }
        None => {
            nothing(Applied::No, "no date for this kind of system: the provision does not reach it")
        }
    }
}

/// The day from which a row bites: its own, or that of a significant change on or after its reference date.
fn starts(row: &Application, change: Option<Date>) -> Option<Date> {
    if row.binds_if.is_none() {
        return row.operative_from;
    }
    change.filter(|change| row.reference_date.is_some_and(|from| from <= *change))
}

fn of_row(row: &Application, from: Option<Date>, on: Date) -> Applicability {
    let applies = match from {
        Some(from) if from <= on => Applied::Yes,
        Some(_) => Applied::NotYet,
        None => Applied::No,
    };
    Applicability {
        applies,
        version: row.version.clone(),
        scope: row.scope.clone(),
        formal_from: row.formal_from,
        operative_from: from,
        basis: row.basis.clone(),
        note: row.note.clone(),
        confidence: row.confidence,
    }
}

fn nothing(applies: Applied, note: &str) -> Applicability {
    Applicability {
        applies,
        version: String::new(),
        scope: String::new(),
        formal_from: None,
        operative_from: None,
        basis: String::new(),
        note: note.to_owned(),
        confidence: Confidence::Unstated,
    }
}
