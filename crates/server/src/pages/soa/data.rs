//! The matrix as a script draws it: small, in the order in which it is shown.
//!
//! A cell is one character: nine standings times three places where a decision can stand.

use serde::Serialize;
use surety_aims::derive::{
    Rule,
    soa::{Cell, Soa},
};
use surety_reports::views::soa::Standing;

use super::{
    ask::{Ask, By},
    grid::{Band, Grid, Sums},
};
use crate::problem::Problem;

/// The whole of it.
#[derive(Serialize)]
struct Data<'s> {
    /// What an address that opens a cell begins with.
    open: String,
    /// Of each standing: word, shape, tone, what it says.
    says: Vec<(&'static str, char, &'static str, &'static str)>,
    domains: Vec<Group<'s>>,
    groups: Vec<Group<'s>>,
    /// What groups of AI systems are: `group` or `class`.
    by: &'static str,
    /// Number and name of each AI system.
    systems: Vec<(u32, &'s str)>,
    controls: Vec<Control<'s>>,
    /// One text for each control, one character for each AI system.
    cells: Vec<String>,
    /// Cells that do not count, in the same places: `1`. None: all count.
    #[serde(skip_serializing_if = "Option::is_none")]
    faint: Option<Vec<String>>,
    /// Cells that changed, in the same places: `1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Vec<String>>,
    /// Designed, documented and operating of each AI system, in percent; -1: nothing counts.
    sums: Vec<[i32; 3]>,
}

/// Name, how many, whether folded.
#[derive(Serialize)]
struct Group<'s>(&'s str, &'s str, usize, u8);

/// Id, title, the cell of the organisation, and the percentages.
#[derive(Serialize)]
struct Control<'s>(&'s str, &'s str, char, [i32; 3]);

/// The data as it stands in a page.
pub(super) fn data(grid: &Grid<'_>, ask: &Ask<'_>) -> Result<String, Problem> {
    let soa = grid.soa;
    let controls: Vec<usize> = grid.controls().collect();
    let systems: Vec<usize> = grid.systems().collect();
    let flags = |is: &dyn Fn(usize, usize) -> bool| {
        let row = |control: &usize| {
            systems.iter().map(|system| if is(*control, *system) { '1' } else { '0' }).collect()
        };
        controls.iter().map(row).collect::<Vec<String>>()
    };
    let cells = controls.iter().map(|control| {
        let codes = systems.iter().map(|system| {
            let level = grid.cell(*control, *system).map_or(0, level);
            code(grid.standing(*control, *system), level)
        });
        codes.collect()
    });
    let data = Data {
        open: ask.opening(),
        says: Standing::ALL.iter().map(said).collect(),
        domains: grid.domains.iter().map(group).collect(),
        groups: grid.groups.iter().map(group).collect(),
        by: if ask.by == By::Class { "class" } else { "group" },
        systems: systems
            .iter()
            .filter_map(|at| soa.systems.get(*at))
            .map(|one| (one.id.number, one.name))
            .collect(),
        controls: controls.iter().filter_map(|at| control(grid, soa, *at, &systems)).collect(),
        cells: cells.collect(),
        faint: grid.is_picky.then(|| flags(&|control, system| !grid.counts(control, system))),
        changed: (!grid.changed.is_empty())
            .then(|| flags(&|control, system| grid.is_changed(control, system))),
        sums: systems.iter().map(|system| numbers(grid.sums(&controls, &[*system]))).collect(),
    };
    let json = serde_json::to_string(&data).map_err(surety_engine::Error::from)?;
    // So that no text ends the block in which it stands.
    Ok(json.replace('<', "\\u003c"))
}

fn said(standing: &Standing) -> (&'static str, char, &'static str, &'static str) {
    let mark = standing.mark();
    (standing.word(), mark.symbol, mark.tone.word(), standing.meaning())
}

fn group(band: &Band) -> Group<'_> {
    Group(&band.id, &band.name, band.members.len(), u8::from(band.folded))
}

fn control<'s>(
    grid: &Grid<'_>,
    soa: &'s Soa<'s>,
    at: usize,
    systems: &[usize],
) -> Option<Control<'s>> {
    let control = soa.controls.get(at)?;
    let whole = code(Standing::of(&control.organisation), 0);
    Some(Control(control.id, control.title, whole, numbers(grid.sums(&[at], systems))))
}

fn numbers(sums: Sums) -> [i32; 3] {
    sums.percents().map(|percent| percent.and_then(|of| i32::try_from(of).ok()).unwrap_or(-1))
}

/// How near the decision stands: 2 at the AI system, 1 at its group, 0 at the organisation or nowhere.
pub(super) fn level(cell: &Cell<'_>) -> u8 {
    let is = |rule: Rule| cell.why.iter().any(|reason| reason.rule == rule);
    match (is(Rule::DecidedForSystem), is(Rule::DecidedForGroup)) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    }
}

/// The digits of a number to the base 36.
const DIGITS: &[u8; 27] = b"0123456789abcdefghijklmnopq";

fn code(standing: Standing, level: u8) -> char {
    let at = Standing::ALL.iter().position(|one| *one == standing).unwrap_or(0);
    let at = at.saturating_mul(3).saturating_add(usize::from(level));
    DIGITS.get(at).copied().map_or('0', char::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standing_at_every_level_has_a_character_of_its_own() {
        let mut all: Vec<char> = Standing::ALL
            .iter()
            .flat_map(|standing| [0, 1, 2].map(|level| code(*standing, level)))
            .collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 27);
    }
}
