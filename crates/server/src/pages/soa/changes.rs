//! What differs from another day, cell by cell.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use serde_json::Value;
use surety_aims::derive::{diff::Field, soa::Soa};
use surety_engine::{Comparable, Moment, View};
use surety_reports::views::words;

use super::ask::Ask;
use crate::{
    call::Call,
    html::{self, capitalised},
    problem::Problem,
};

/// What changed since a day.
pub(super) struct Changes {
    pub(super) since: String,
    /// Places of cells in the statement.
    pub(super) cells: HashSet<usize>,
    /// What changed, up to [`LISTED`].
    pub(super) all: Vec<Changed>,
    pub(super) more: usize,
    /// Cells of AI systems or controls that were not there, and of those that are gone.
    pub(super) added: usize,
    pub(super) removed: usize,
}

/// The same change of one control in several places.
pub(super) struct Changed {
    pub(super) control: String,
    /// AI systems and the addresses of their cells, up to [`NAMED`].
    pub(super) systems: Vec<(String, String)>,
    pub(super) more: usize,
    pub(super) what: String,
}

/// Changes in the list.
const LISTED: usize = 100;

/// AI systems that are named of each.
const NAMED: usize = 6;

/// What changed from the end of a day to what is shown.
///
/// # Errors
/// If the framework was not in use on the day.
pub(super) async fn changes(
    call: &Call,
    view: &View,
    soa: &Soa<'_>,
    from: Date,
    ask: &Ask<'_>,
) -> Result<Changes, Problem> {
    let earlier = call.view_of(Moment::Day(from.min(view.on))).await?;
    let diff = Comparable::Soa(soa.framework).diff(&earlier, view)?;
    let rows: HashMap<&str, usize> =
        soa.controls.iter().zip(0..).map(|(control, at)| (control.id, at)).collect();
    let columns: HashMap<String, usize> =
        soa.systems.iter().zip(0..).map(|(system, at)| (system.id.to_string(), at)).collect();
    let place = |control: &str, system: &str| {
        let (row, column) = (rows.get(control)?, columns.get(system)?);
        Some(row.saturating_mul(soa.systems.len()).saturating_add(*column))
    };
    let mut cells = HashSet::new();
    for row in &diff.added {
        let key = ["control", "system"].map(|name| row.get(name).and_then(Value::as_str));
        let [control, system] = key.map(Option::unwrap_or_default);
        cells.extend(place(control, system));
    }
    let mut all: Vec<Changed> = Vec::new();
    let mut known: HashMap<(&str, String), usize> = HashMap::new();
    for changed in &diff.changed {
        let texts: Vec<&str> = changed.key.iter().filter_map(Value::as_str).collect();
        let [control, system] = texts.as_slice() else { continue };
        cells.extend(place(control, system));
        let what = what(&changed.fields);
        let next = all.len();
        let at = *known.entry((control, what.clone())).or_insert(next);
        if at == next {
            let control = (*control).to_owned();
            all.push(Changed { control, systems: Vec::new(), more: 0, what });
        }
        let Some(one) = all.get_mut(at) else { continue };
        match one.systems.len() < NAMED {
            true => one
                .systems
                .push(((*system).to_owned(), format!("{}{control}/{system}", ask.opening()))),
            false => one.more = one.more.saturating_add(1),
        }
    }
    let more = all.len().saturating_sub(LISTED);
    all.truncate(LISTED);
    Ok(Changes {
        since: html::day(from),
        cells,
        more,
        all,
        added: diff.added.len(),
        removed: diff.removed.len(),
    })
}

/// Fields that differ, in one line.
fn what(fields: &[Field]) -> String {
    let said = |value: &Value| match html::said(value) {
        none if none.is_empty() => "nothing".to_owned(),
        text if text.chars().count() > 40 => text.chars().take(40).chain(['…']).collect(),
        text => words(&text).into_owned(),
    };
    let one = |field: &Field| {
        format!("{} {} → {}", words(&field.field), said(&field.old), said(&field.new))
    };
    capitalised(&fields.iter().map(one).collect::<Vec<_>>().join("; "))
}
