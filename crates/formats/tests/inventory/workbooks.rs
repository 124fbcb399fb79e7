//! XLSX registers, made here with a spreadsheet library.

use rust_xlsxwriter::{ExcelDateTime, Format as Style, Formula, Workbook, Worksheet};
use surety_formats::inventory::{Format, InventoryError, Options, read};

use crate::{fixture, shown, with};

fn row(sheet: &mut Worksheet, line: u32, first: u16, cells: &[&str]) {
    for (cell, column) in cells.iter().zip(first..) {
        sheet.write_string(line - 1, column, *cell).unwrap();
    }
}

/// A register that begins at B4 under a merged title, with a hidden sheet, a chapter row, a merged department, a date cell,
/// a checkbox and two formulas, one of which has failed.
fn register() -> Vec<u8> {
    let mut book = Workbook::new();
    let cover = book.add_worksheet().set_name("Read me").unwrap();
    cover.write_string(0, 0, "This workbook holds the AI systems of Meridian.").unwrap();
    let sheet = book.add_worksheet().set_name("AI systems").unwrap();
    sheet.merge_range(1, 1, 1, 7, "Register of AI systems", &Style::new()).unwrap();
    row(
        sheet,
        4,
        1,
        &[
            "AI system",
            "Department",
            "Go-live date",
            "In scope",
            "Version",
            "Status",
            "Criticality",
        ],
    );
    sheet.merge_range(4, 1, 4, 7, "Claims handling", &Style::new()).unwrap();
    row(sheet, 6, 1, &["Claims Triage"]);
    sheet.merge_range(5, 2, 6, 2, "Claims", &Style::new()).unwrap();
    let date = ExcelDateTime::from_ymd(2024, 3, 1).unwrap();
    sheet
        .write_datetime_with_format(5, 3, &date, &Style::new().set_num_format("dd.mm.yyyy"))
        .unwrap();
    sheet.write_boolean(5, 4, true).unwrap();
    sheet.write_number(5, 5, 2.0).unwrap();
    row(sheet, 6, 6, &["Live", "High"]);
    sheet
        .write_formula(6, 1, Formula::new("=\"Fraud \"&\"Radar\"").set_result("Fraud Radar"))
        .unwrap();
    sheet.write_number(6, 3, 46082.0).unwrap();
    sheet.write_number(6, 5, 1.5).unwrap();
    sheet.write_formula(6, 6, Formula::new("=NA()").set_result("#N/A")).unwrap();
    let hidden = book.add_worksheet().set_name("Old systems").unwrap();
    row(hidden, 1, 0, &["AI system", "Status"]);
    row(hidden, 2, 0, &["Ghost", "live"]);
    hidden.set_hidden(true);
    let vendors = book.add_worksheet().set_name("Vendors").unwrap();
    row(vendors, 1, 0, &["Vendor", "Service type", "Criticality"]);
    row(vendors, 2, 0, &["Acme", "LLM API", "High"]);
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_sheet_by_sheet() {
    insta::assert_snapshot!(shown(&fixture("Register.xlsx", &register(), Format::Xlsx)));
}

#[test]
fn one_sheet_can_be_chosen() {
    let reading =
        read("r.xlsx", &register(), &with(|options| options.sheet = Some("vendors".into())))
            .unwrap();
    assert!(reading.proposals.iter().all(|proposal| proposal.kind == "supplier"));
    let error =
        read("r.xlsx", &register(), &with(|options| options.sheet = Some("Old systems".into())))
            .unwrap_err();
    assert!(
        matches!(&error, InventoryError::NoSheet { sheets, .. } if sheets.len() == 3),
        "{error}"
    );
}

#[test]
fn two_sheets_of_one_kind_do_not_share_their_numbers() {
    let mut book = Workbook::new();
    for (sheet, system) in [("Germany", "Triage"), ("France", "Tri")] {
        let sheet = book.add_worksheet().set_name(sheet).unwrap();
        row(sheet, 1, 0, &["ID", "AI system", "Vendor"]);
        row(sheet, 2, 0, &["1", system, "Acme"]);
    }
    let reading = read("r.xlsx", &book.save_to_buffer().unwrap(), &Options::default()).unwrap();
    let sources: Vec<&str> = reading
        .proposals
        .iter()
        .filter(|proposal| !proposal.mention)
        .map(|proposal| proposal.source.as_str())
        .collect();
    assert_eq!(sources, ["table:r/germany", "table:r/france"]);
}

#[test]
fn a_sheet_whose_cells_do_not_hold_what_its_headers_promise_gives_way_to_a_register() {
    let mut book = Workbook::new();
    let register = book.add_worksheet().set_name("Register").unwrap();
    row(register, 1, 0, &["AI system", "Vendor", "Status"]);
    row(register, 2, 0, &["Triage", "Acme", "live"]);
    let notes = book.add_worksheet().set_name("Explainer").unwrap();
    row(notes, 1, 0, &["Tool", "Risk category", "Entity"]);
    row(notes, 2, 0, &["what it is called", "how bad it is", "who has it"]);
    let reading = read("r.xlsx", &book.save_to_buffer().unwrap(), &Options::default()).unwrap();
    assert!(
        reading
            .proposals
            .iter()
            .all(|proposal| proposal.place.sheet.as_deref() == Some("Register"))
    );
}

#[test]
fn an_archive_that_is_no_workbook_is_refused() {
    let error = read("x.xlsx", b"PK\x03\x04 but nothing else", &Options::default())
        .unwrap_err()
        .to_string();
    assert!(error.contains("no XLSX workbook"), "{error}");
    let error =
        read("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", &Options::default()).unwrap_err().to_string();
    assert!(error.contains("unprotected .xlsx"), "{error}");
}
