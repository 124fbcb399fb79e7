//! The datasets.

use jiff::civil::Date;
use surety_aims::{Kind as Of, Record, records::DatasetCard};

use super::{by_date, linked, list, state};
use crate::{
    sheet::{Cell, Column, Frozen, Kind, LegendEntry, Sheet, Tone},
    views::{Names, id, words::choice},
};

/// Every dataset card with the AI systems that use the data.
pub fn datasets(on: Date, names: &Names<'_>) -> Sheet {
    let mut sheet = Sheet::new("Datasets", "Datasets of AI systems", columns());
    sheet.frozen = Frozen { rows: 0, columns: 2 };
    sheet.legend = vec![
        LegendEntry::new(Tone::Good, "in force", "Approved, with or without limits."),
        LegendEntry::new(Tone::Info, "on its way", "Not approved, or blocked."),
        LegendEntry::new(Tone::NotApplicable, "over", "Retired."),
        LegendEntry::new(Tone::Bad, "overdue", "The date has passed."),
    ];
    sheet.notes =
        vec![format!("Every dataset card on record on {on} (ISO/IEC 42001 A.4.3 and A.7).")];
    for (record, card) in names.book.all::<DatasetCard>() {
        sheet.push(line(record, card, on, names));
    }
    sheet
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("id", "Dataset", Kind::Id),
        Column::new("name", "Name", Kind::Text).wide(30),
        Column::new("version", "Version", Kind::Text).wide(12).rank(1),
        Column::new("state", "State", Kind::Status),
        Column::new("use", "Used for", Kind::Text).wide(14),
        Column::new("source", "Source", Kind::Text).wide(12).rank(2),
        Column::new("personal_data", "Personal data", Kind::Text).wide(15),
        Column::new("rights_basis", "Right to use", Kind::Text).wide(26).rank(4),
        Column::new("provider", "Provider", Kind::Text).wide(22).rank(4),
        Column::new("steward", "Steward", Kind::Text).rank(1),
        Column::new("ai_systems", "AI systems", Kind::LongText).wide(40).rank(2),
        Column::new("next_review", "Next review", Kind::Date).rank(3),
    ]
}

fn line(record: &Record, card: &DatasetCard, on: Date, names: &Names<'_>) -> Vec<Cell> {
    let systems = card.ai_systems.iter().map(|system| system.id());
    let systems = linked(names.book, record.id, systems, Of::AiSystem);
    vec![
        id(record.id),
        card.name.clone().into(),
        card.version.clone().into(),
        state(record),
        choice(card.r#use),
        choice(card.source),
        choice(card.personal_data),
        card.rights_basis.clone().into(),
        card.provider.clone().into(),
        names.person(card.steward),
        list(&systems, names),
        by_date(record, card.next_review, on),
    ]
}
