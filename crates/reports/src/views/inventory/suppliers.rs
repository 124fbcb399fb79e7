//! The suppliers.

use jiff::civil::Date;
use surety_aims::{Kind as Of, Record, records::Supplier};

use super::{by_date, linked, list, state, texts};
use crate::{
    sheet::{Cell, Column, Frozen, Kind, LegendEntry, Sheet, Tone},
    views::{
        Names, id,
        words::{choice, choices},
    },
};

/// Every supplier with the AI systems that depend on it.
pub fn suppliers(on: Date, names: &Names<'_>) -> Sheet {
    let mut sheet =
        Sheet::new("Suppliers", "Suppliers of AI systems and of their parts", columns());
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.legend = vec![
        LegendEntry::new(Tone::Good, "in force", "Approved, with or without conditions."),
        LegendEntry::new(Tone::Info, "on its way", "Not approved, or suspended."),
        LegendEntry::new(Tone::NotApplicable, "over", "Left or rejected."),
        LegendEntry::new(Tone::Bad, "overdue", "The date has passed."),
    ];
    sheet.notes = vec![format!("Every supplier on record on {on} (ISO/IEC 42001 A.10.3).")];
    for (record, supplier) in names.book.all::<Supplier>() {
        sheet.push(line(record, supplier, on, names));
    }
    sheet
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("id", "Supplier", Kind::Id),
        Column::new("name", "Name", Kind::Text).wide(30),
        Column::new("state", "State", Kind::Status),
        Column::new("supplies", "Supplies", Kind::Text),
        Column::new("criticality", "Criticality", Kind::Text).wide(12),
        Column::new("owner", "Owner", Kind::Text).rank(1),
        Column::new("ai_systems", "AI systems", Kind::LongText).wide(40).rank(2),
        Column::new("contract", "Contract", Kind::Text).rank(4),
        Column::new("ai_clauses", "Clauses on AI", Kind::LongText).wide(36).rank(5),
        Column::new("data_location", "Data kept in", Kind::Text).wide(16).rank(4),
        Column::new("assurance_until", "Assured until", Kind::Date).rank(3),
        Column::new("next_review", "Next review", Kind::Date).rank(2),
    ]
}

fn line(record: &Record, supplier: &Supplier, on: Date, names: &Names<'_>) -> Vec<Cell> {
    let systems = supplier.ai_systems.iter().map(|system| system.id());
    let systems = linked(names.book, record.id, systems, Of::AiSystem);
    vec![
        id(record.id),
        supplier.name.clone().into(),
        state(record),
        choices(&supplier.supplies),
        choice(supplier.criticality),
        names.person(supplier.owner),
        list(&systems, names),
        supplier.contract.clone().into(),
        texts(&supplier.ai_clauses),
        supplier.data_location.clone().into(),
        by_date(record, supplier.assurance_until, on),
        by_date(record, supplier.next_review, on),
    ]
}
