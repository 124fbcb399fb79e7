//! What holds of every view, whatever the Book.

use proptest::prelude::*;
use serde_json::json;
use surety_aims::{
    Kind,
    derive::{Window, gap::gap, plan::plan, readiness::readiness, soa::soa},
};
use surety_reports::{
    csv,
    sheet::{Cell, CellValue, Sheet},
    views, xlsx,
};

use crate::{
    catalog::{certification, controls_of, framework},
    fixture::{Desk, TODAY, bank, workbook},
};

const CONTROLS: [&str; 4] = ["A.2.2", "A.2.3", "A.6.2.4", "A.6.2.6"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_matrix_and_the_long_form_have_a_cell_for_each_control_and_system(
        systems in 0..20_usize,
        decisions in prop::collection::vec((0..4_usize, 0..20_usize, any::<Option<bool>>()), 0..30),
    ) {
        let desk = random(systems, &decisions);
        let framework = framework();
        let controls = controls_of(&framework);
        let soa = soa(&desk.book, "iso42001", &controls, TODAY, Window::year_to(TODAY));
        let person = views::positions(&desk.book);
        let names = views::Names { book: &desk.book, person: &person };
        let matrix = views::soa::matrix(&soa, &framework);
        let marked = matrix.data().flatten().filter(|cell| cell.mark.is_some()).count();
        prop_assert_eq!(marked, controls.len() * systems);
        prop_assert_eq!(views::soa::cells(&soa, &framework, &names).data().count(), controls.len() * systems);
        prop_assert_eq!(views::soa::statement(&soa, &framework, &names).data().count(), controls.len());
        prop_assert_eq!(views::soa::systems(&soa, &names).data().count(), systems);
    }

    #[test]
    fn every_row_of_every_sheet_has_a_cell_for_each_column(systems in 0..20_usize) {
        let desk = random(systems, &[]);
        for sheet in every_sheet(&desk) {
            for row in sheet.data() {
                prop_assert_eq!(row.len(), sheet.columns.len(), "{}", sheet.name);
            }
        }
    }
}

fn random(systems: usize, decisions: &[(usize, usize, Option<bool>)]) -> Desk {
    let mut desk = Desk::new();
    desk.record(Kind::Person, json!({ "position": "AI officer" }), &[]);
    for number in 0..systems {
        desk.record(
            Kind::AiSystem,
            json!({ "name": format!("System {number}"), "owner": "PER-1" }),
            &[],
        );
    }
    for (control, system, applicable) in decisions {
        let mut body =
            json!({ "control": format!("iso42001:{}", CONTROLS[*control]), "owner": "PER-1" });
        if let Some(applicable) = applicable {
            body["applicable"] = (*applicable).into();
        }
        if *system < systems {
            body["ai_system"] = format!("SYS-{}", system + 1).into();
        }
        desk.record(Kind::ControlImplementation, body, &["planned"]);
    }
    desk
}

/// The sheets of every view that needs nothing but a Book and a framework.
fn every_sheet(desk: &Desk) -> Vec<Sheet> {
    let framework = framework();
    let controls = controls_of(&framework);
    let soa = soa(&desk.book, "iso42001", &controls, TODAY, Window::year_to(TODAY));
    let person = views::positions(&desk.book);
    let names = views::Names { book: &desk.book, person: &person };
    let gap = gap(&desk.book, &framework, &soa, TODAY);
    let plan = plan(&desk.book, &[(&framework, &gap)], TODAY);
    let due = surety_aims::derive::due::due(&desk.book, TODAY, None);
    let period = ("2026-01-01T00:00:00Z".parse().unwrap(), "2026-12-31T00:00:00Z".parse().unwrap());
    let activity =
        surety_aims::derive::activity::activity(&desk.book, desk.events.iter(), period.0, period.1);
    let certification = certification();
    let readiness = readiness(&gap, &soa, &certification);
    [
        views::readiness::sheets(&readiness),
        views::soa::sheets(&soa, &framework, &names),
        views::gap::sheets(&[&gap], &names),
        views::plan::sheets(&plan, &names),
        views::due::sheets(&due, &names),
        views::inventory::sheets(TODAY, Some(&soa), &names),
        views::activity::sheets(&activity, &names),
    ]
    .concat()
}

#[test]
fn no_name_of_files_is_shown_to_people() {
    let shown = |cell: &Cell| match &cell.value {
        CellValue::Text(text) => text.to_string(),
        CellValue::List(items) => items.join(" "),
        CellValue::Empty
        | CellValue::Int(_)
        | CellValue::Decimal(_)
        | CellValue::Date(_)
        | CellValue::Instant(_)
        | CellValue::Bool(_) => String::new(),
    };
    for sheet in every_sheet(&bank()) {
        for cell in sheet.data().flatten() {
            let text = shown(cell) + cell.why.as_deref().unwrap_or_default();
            assert!(!text.contains('_'), "{}: {text}", sheet.name);
        }
        for text in sheet
            .columns
            .iter()
            .map(|column| column.heading.as_ref())
            .chain(sheet.notes.iter().map(String::as_str))
        {
            assert!(!text.contains('_'), "{}: {text}", sheet.name);
        }
    }
}

#[test]
fn every_sheet_says_what_it_is_and_names_each_column_once() {
    for sheet in every_sheet(&bank()) {
        assert!(!sheet.notes.is_empty(), "{} has no note", sheet.name);
        let mut keys: Vec<_> = sheet.columns.iter().map(|column| column.key.as_ref()).collect();
        keys.sort_unstable();
        let all = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), all, "{} has two columns of one key", sheet.name);
    }
}

#[test]
fn every_mark_of_a_sheet_stands_in_its_legend() {
    for sheet in every_sheet(&bank()) {
        for cell in sheet.data().flatten() {
            let known =
                cell.mark.is_none_or(|mark| sheet.legend.iter().any(|entry| entry.mark == mark));
            assert!(known, "{}: {:?}", sheet.name, cell);
        }
    }
}

#[test]
fn every_view_can_be_written_as_a_spreadsheet_and_as_csv() {
    let sheets = every_sheet(&bank());
    for sheet in &sheets {
        csv::write(sheet).unwrap();
    }
    let bytes = xlsx::write(&workbook("All views", sheets)).unwrap();
    assert_eq!(bytes.get(..2), Some(b"PK".as_slice()));
}

#[test]
fn a_person_of_the_book_is_called_by_position_where_no_name_is_known() {
    let desk = bank();
    let person = views::positions(&desk.book);
    assert_eq!(person(surety_aims::Ref::new(2)), "PER-2 Head of credit");
    assert_eq!(person(surety_aims::Ref::new(9)), "PER-9");
}
