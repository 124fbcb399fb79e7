//! The statement: one row for each control.

use std::{collections::HashSet, hash::Hash};

use surety_aims::{
    RecordId,
    derive::{
        Rule,
        soa::{self, Soa},
    },
    records::ControlImplementation,
};
use surety_catalog::Framework;

use super::{notes, objective, row, standing::says};
use crate::{
    sheet::{Cell, Column, Frozen, Kind, LegendEntry, Sheet, Tone},
    views::{
        Names, first_few, of,
        words::{choices, said},
    },
};

/// One row for each control: the decision for the organisation, how the control is done, and how many AI systems
/// reach each score.
pub fn statement(soa: &Soa<'_>, framework: &Framework, names: &Names<'_>) -> Sheet {
    let mut sheet = Sheet::new("Statement", "Statement of Applicability by control", columns());
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.notes = notes(soa, framework);
    sheet.notes.insert(1, totals(soa));
    sheet.notes.push(
        "Scores count AI systems, of those to which the control applies or for which nobody has decided.".to_owned(),
    );
    sheet.notes.push(
        "Where the organisation left a decision to its groups or AI systems, theirs are shown, each with its record."
            .to_owned(),
    );
    sheet.legend = legend();
    for (position, control) in soa.controls.iter().enumerate() {
        let objective = objective(framework, control.objective);
        sheet.push(line(control, objective, row(soa, position), names));
    }
    sheet
}

/// All cells of the matrix in one sentence.
fn totals(soa: &Soa<'_>) -> String {
    let scores = soa.scores;
    format!(
        "{} controls x {} AI systems: {} % designed, {} % documented, {} % operating; {} cells excluded, {} undecided.",
        soa.controls.len(),
        soa.systems.len(),
        scores.percent(scores.designed),
        scores.percent(scores.documented),
        scores.percent(scores.operating),
        scores.excluded,
        scores.undecided,
    )
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("control", "Control", Kind::Id).wide(10),
        Column::new("title", "Title", Kind::Text).wide(32),
        Column::new("objective", "Objective", Kind::Text).wide(26).rank(7),
        Column::new("applicable", "Applies", Kind::Status).wide(14),
        Column::new("applies_to", "AI systems", Kind::Text).wide(11).rank(2),
        Column::new("justification", "Justification", Kind::LongText).wide(44).rank(5),
        Column::new("basis", "Basis", Kind::Text).wide(16).rank(7),
        Column::new("implementation", "How it is done", Kind::LongText).wide(44).rank(6),
        Column::new("owner", "Owner", Kind::Text).wide(22).rank(3),
        Column::new("state", "State", Kind::Status).wide(15),
        Column::new("cadence", "Cadence", Kind::Text).wide(11).rank(4),
        Column::new("designed", "Designed", Kind::Status).wide(12).rank(1),
        Column::new("documented", "Documented", Kind::Status).wide(12).rank(1),
        Column::new("operating", "Operating", Kind::Status).wide(12),
        Column::new("uncovered_systems", "AI systems without cover", Kind::Text).wide(24).rank(5),
    ]
}

fn legend() -> Vec<LegendEntry> {
    vec![
        LegendEntry::new(
            Tone::Good,
            "good",
            "In operation; of a score: every AI system that counts.",
        ),
        LegendEntry::new(
            Tone::Info,
            "under way",
            "Planned, in progress or decided system by system; of a score: some AI systems.",
        ),
        LegendEntry::new(Tone::Neutral, "open", "Undecided or not started; of a score: none."),
        LegendEntry::new(
            Tone::Bad,
            "wrong",
            "Tested and found not to work, or excluded without a justification.",
        ),
        LegendEntry::new(Tone::NotApplicable, "excluded", "Does not apply, with a justification."),
    ]
}

fn line(
    control: &soa::Control<'_>,
    objective: String,
    cells: &[soa::Cell<'_>],
    names: &Names<'_>,
) -> Vec<Cell> {
    let whole = &control.organisation;
    let speaking = speaking(whole, cells);
    let decisions = distinct(&speaking, |cell| cell.decided_by);
    let ways = distinct(&speaking, |cell| cell.implementation);
    let owners = distinct(&speaking, |cell| cell.owner);
    let scores = control.scores;
    let counted = scores.applicable.saturating_add(scores.undecided);
    // Without AI systems the organisation's own cell is all there is.
    let score = |part: u32, own: bool| match cells {
        [] if own => Cell::status("yes", Tone::Good),
        [] => Cell::status("no", Tone::Neutral),
        [_, ..] => score(part, counted),
    };
    vec![
        control.id.to_owned().into(),
        control.title.to_owned().into(),
        objective.into(),
        applies(whole, &speaking),
        of(scores.applicable, u32::try_from(cells.len()).unwrap_or(u32::MAX)).into(),
        together(&decisions, whole, |cell| cell.justification.to_owned(), |cell| cell.decided_by),
        basis(&decisions, names),
        together(&ways, whole, |cell| description(cell, names), |cell| cell.implementation),
        first_few(owners.iter().map(|cell| cell.owner.map(names.person).unwrap_or_default()), "; ")
            .into(),
        state(whole, &speaking),
        said(speaking.first().map_or(whole.cadence, |cell| cell.cadence).name()),
        score(scores.designed, whole.designed),
        score(scores.documented, whole.documented),
        score(scores.operating, whole.operating),
        uncovered(cells).into(),
    ]
}

/// The cells that say how the organisation decided: its own, or where it left the decision open, those of the AI
/// systems for which somebody decided.
fn speaking<'c, 'b>(
    whole: &'c soa::Cell<'b>,
    cells: &'c [soa::Cell<'b>],
) -> Vec<&'c soa::Cell<'b>> {
    let decided: Vec<_> = cells.iter().filter(|cell| cell.applicable.is_some()).collect();
    if whole.applicable.is_some() || decided.is_empty() { vec![whole] } else { decided }
}

/// The first cell for each different `key`.
fn distinct<'c, 'b, K: Hash + Eq>(
    cells: &[&'c soa::Cell<'b>],
    key: impl Fn(&soa::Cell<'b>) -> Option<K>,
) -> Vec<&'c soa::Cell<'b>> {
    let mut seen = HashSet::new();
    cells.iter().copied().filter(|cell| key(cell).is_some_and(|key| seen.insert(key))).collect()
}

/// What the organisation says, or what is said for single AI systems, each with the record that says it.
fn together<'b>(
    cells: &[&soa::Cell<'b>],
    whole: &soa::Cell<'b>,
    text: impl Fn(&soa::Cell<'b>) -> String,
    record: impl Fn(&soa::Cell<'b>) -> Option<RecordId>,
) -> Cell {
    if whole.applicable.is_some() {
        return text(whole).into();
    }
    let said: Vec<(String, RecordId)> = cells
        .iter()
        .filter_map(|cell| Some((text(cell), record(cell)?)))
        .filter(|(text, _)| !text.is_empty())
        .collect();
    first_few(said.into_iter().map(|(text, record)| format!("{text} ({record})")), "; ").into()
}

fn implementation<'a>(
    id: Option<RecordId>,
    names: &Names<'a>,
) -> Option<&'a ControlImplementation> {
    names.book.get(id?).and_then(surety_aims::of)
}

fn description(cell: &soa::Cell<'_>, names: &Names<'_>) -> String {
    implementation(cell.implementation, names)
        .map(|how| how.description.clone())
        .unwrap_or_default()
}

/// Where the need for the control comes from.
fn basis(decisions: &[&soa::Cell<'_>], names: &Names<'_>) -> Cell {
    let mut all = Vec::new();
    for decision in decisions.iter().filter_map(|cell| implementation(cell.decided_by, names)) {
        for basis in &decision.basis {
            if !all.contains(basis) {
                all.push(*basis);
            }
        }
    }
    choices(&all)
}

fn applies(whole: &soa::Cell<'_>, speaking: &[&soa::Cell<'_>]) -> Cell {
    let cell = match whole.applicable {
        Some(true) => Cell::status("yes", Tone::Good),
        Some(false) if whole.justification.is_empty() => Cell::status("no", Tone::Bad),
        Some(false) => Cell::status("no", Tone::NotApplicable),
        None if speaking.iter().all(|cell| cell.applicable.is_none()) => {
            Cell::status("undecided", Tone::Neutral)
        }
        None => Cell::status("system by system", Tone::Info),
    };
    cell.because(super::cells::why(&whole.why))
}

/// The state of the control where it applies.
fn state(whole: &soa::Cell<'_>, speaking: &[&soa::Cell<'_>]) -> Cell {
    let applying: Vec<_> =
        speaking.iter().filter(|cell| cell.applicable == Some(true)).copied().collect();
    let states = distinct(&applying, |cell| Some(cell.state));
    let state = match states.as_slice() {
        [] => speaking.first().map_or(whole.state, |cell| cell.state),
        [one] => one.state,
        [_, ..] => return Cell::status("differs", Tone::Info),
    };
    said(state).marked(match state {
        "implemented" | "effective" => Tone::Good,
        "planned" | "in_progress" => Tone::Info,
        "ineffective" => Tone::Bad,
        "excluded" => Tone::NotApplicable,
        _ => Tone::Neutral,
    })
}

fn score(part: u32, counted: u32) -> Cell {
    match (part, counted) {
        (_, 0) => Cell::EMPTY.marked(Tone::NotApplicable),
        (0, _) => Cell::status(of(part, counted), Tone::Neutral),
        (part, counted) if part >= counted => Cell::status(of(part, counted), Tone::Good),
        _ => Cell::status(of(part, counted), Tone::Info),
    }
}

/// The AI systems to which the control applies and whose evidence does not cover the day.
fn uncovered(cells: &[soa::Cell<'_>]) -> String {
    let open: Vec<RecordId> = cells
        .iter()
        .filter(|cell| cell.applicable == Some(true) && !says(cell, Rule::Covered))
        .filter_map(|cell| cell.system)
        .collect();
    first_few(open.iter().map(ToString::to_string), ", ")
}
