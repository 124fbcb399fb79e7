//! The inventory: every AI system, supplier and dataset of the Book.

mod datasets;
mod suppliers;
mod systems;

pub use datasets::datasets;
pub use suppliers::suppliers;
pub use systems::systems;

use jiff::civil::Date;
use surety_aims::{Book, Kind, Record, RecordId, derive::soa::Soa};

use super::Names;
use crate::sheet::{Cell, Mark, Sheet, Tone};

/// The title of a document of this view.
pub const TITLE: &str = "Inventory";

/// All sheets: "AI systems", "Suppliers", "Datasets". `soa` gives the scores of the AI systems, if it is at hand.
pub fn sheets(on: Date, soa: Option<&Soa<'_>>, names: &Names<'_>) -> Vec<Sheet> {
    vec![systems(on, soa, names), suppliers(on, names), datasets(on, names)]
}

/// The state of a record: in force, final, or on its way.
fn state(record: &Record) -> Cell {
    let lifecycle = record.lifecycle();
    let tone = if lifecycle.is_in_force(record.state) {
        Tone::Good
    } else if lifecycle.is_final(record.state) {
        Tone::NotApplicable
    } else {
        Tone::Info
    };
    super::words::said(record.state).marked(tone)
}

/// A date by which a live record is to be looked at: a past one is overdue.
fn by_date(record: &Record, date: Option<Date>, on: Date) -> Cell {
    let is_late = record.is_live() && date.is_some_and(|date| date < on);
    Cell { mark: is_late.then(|| Mark::from(Tone::Bad)), ..date.into() }
}

/// The records of a kind that `id` names, and those that name it.
fn linked(
    book: &Book,
    id: RecordId,
    named: impl Iterator<Item = RecordId>,
    kind: Kind,
) -> Vec<RecordId> {
    let naming = book.referrers(id).filter(|other| other.kind() == kind).map(|other| other.id);
    let mut ids: Vec<RecordId> = named.chain(naming).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Ids and titles as a list.
fn list(ids: &[RecordId], names: &Names<'_>) -> Cell {
    let names: Vec<String> = ids.iter().map(|id| names.record(*id)).collect();
    if names.is_empty() { Cell::EMPTY } else { names.into() }
}

/// The texts as a list.
fn texts(texts: &[String]) -> Cell {
    if texts.is_empty() { Cell::EMPTY } else { texts.to_vec().into() }
}
