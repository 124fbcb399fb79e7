//! The decisions as they can be edited in a workbook and given back.

use surety_aims::{
    RecordId, Ref,
    decisions::{Field, Row, rows},
    derive::soa::Soa,
    records::Person,
};

use crate::{
    sheet::{Cell, Column, Frozen, Kind, Sheet},
    views::Names,
};

/// The name of the sheet, by which it is known again.
pub const DECISIONS: &str = "Decisions";

/// One row for each decision on record, and an empty one for each control that the organisation has not decided.
pub fn decisions(soa: &Soa<'_>, names: &Names<'_>) -> Sheet {
    let mut sheet =
        Sheet::new(DECISIONS, "Decisions on controls, to be edited and imported", columns());
    sheet.frozen = Frozen { rows: 0, columns: 5 };
    sheet.notes = vec![
        "Edit the cells from \"Applies\" on and import the workbook again: what differs from this export is changed, after \
         a preview. The first columns say which decision a row is; leave them, and the sheet \"Legend\", as they are."
            .to_owned(),
        "A row without a record is a control that the organisation has not decided; filling it makes the decision."
            .to_owned(),
    ];
    let controls: Vec<&str> = soa.controls.iter().map(|control| control.id).collect();
    for row in rows(names.book, soa.framework, &controls) {
        let title = soa.controls.iter().find(|control| control.id == row.control);
        let title = title.map_or("", |control| control.title);
        sheet.push(line(&row, soa.framework, title, names));
    }
    sheet
}

fn columns() -> Vec<Column> {
    let mut columns = vec![
        Column::new("control", "Control", Kind::Id).wide(18),
        Column::new("record", "Record", Kind::Id),
        Column::new("version", "Version", Kind::Number).wide(8),
        Column::new("for", "For", Kind::Id).wide(13),
        Column::new("title", "Title", Kind::Text).wide(32),
    ];
    columns.extend(Field::ALL.map(|field| Column::new(field.name(), field.heading(), kind(field))));
    columns
}

fn kind(field: Field) -> Kind {
    match field {
        Field::Justification
        | Field::Description
        | Field::GuidanceConsidered
        | Field::TestMethod => Kind::LongText,
        Field::Due => Kind::Date,
        Field::Applicable
        | Field::Basis
        | Field::Owner
        | Field::Artefact
        | Field::Cadence
        | Field::State => Kind::Text,
    }
}

fn line(row: &Row<'_>, framework: &str, title: &str, names: &Names<'_>) -> Vec<Cell> {
    let record = row.record.map(|record| record.id.to_string());
    let version = row.record.map(|record| i64::from(record.version));
    let mut cells = vec![
        format!("{framework}:{}", row.control).into(),
        record.into(),
        version.into(),
        row.scope().into(),
        title.to_owned().into(),
    ];
    let value = |field: Field| {
        let text = row.record.map(|record| field.text(record)).unwrap_or_default();
        match field {
            Field::Owner => owner(&text, names).into(),
            Field::Due => text.parse::<jiff::civil::Date>().ok().into(),
            Field::Applicable
            | Field::Justification
            | Field::Basis
            | Field::Description
            | Field::GuidanceConsidered
            | Field::Artefact
            | Field::Cadence
            | Field::TestMethod
            | Field::State => Cell::from(text),
        }
    };
    cells.extend(Field::ALL.map(value));
    cells
}

/// The id, by which somebody is known again, and the name.
fn owner(text: &str, names: &Names<'_>) -> String {
    let Ok(id) = text.parse::<RecordId>() else { return text.to_owned() };
    let name = (names.person)(Ref::<Person>::new(id.number));
    if name.starts_with(text) { name } else { format!("{text} {name}") }
}
