//! Workbooks of decisions that strangers have had in their hands.

use proptest::prelude::*;
use rust_xlsxwriter::{Formula, Workbook};
use surety_aims::decisions::Field;
use surety_formats::decisions::{is_decisions, read};

const HEADS: [&str; 6] = ["Control", "Record", "Version", "For", "Justification", "Owner"];

/// A workbook with these heads and one row, which `more` may change.
fn workbook(heads: &[&str], more: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Decisions").unwrap();
    for (column, head) in (0..).zip(heads) {
        sheet.write_string(0, column, *head).unwrap();
    }
    let row = ["iso42001:A.2.2", "CTL-1", "3", "organisation", "why\r\nnot", "PER-1"];
    for (column, text) in (0..).zip(row) {
        sheet.write_string(1, column, text).unwrap();
    }
    more(sheet);
    let legend = book.add_worksheet().set_name("Legend").unwrap();
    legend.write_string(4, 0, "Ledger entries").unwrap();
    legend.write_string(4, 1, "17").unwrap();
    legend.write_string(5, 0, "Ledger root").unwrap();
    legend.write_string(5, 1, "abc=").unwrap();
    book.save_to_buffer().unwrap()
}

fn messages(bytes: &[u8]) -> Vec<String> {
    let read = read("a.xlsx", bytes).unwrap();
    read.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_workbook_says_its_ledger_and_its_rows() {
    let bytes = workbook(&HEADS, |_| ());
    assert!(is_decisions(&bytes));
    let read = read("a.xlsx", &bytes).unwrap();
    assert_eq!((read.ledger_size, read.ledger_root.as_str()), (Some(17), "abc="));
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    let row = &read.rows[0];
    assert_eq!((&*row.control, &*row.record, &*row.version), ("iso42001:A.2.2", "CTL-1", "3"));
    let fields: Vec<_> =
        row.fields.iter().map(|(field, _, text)| (*field, text.as_str())).collect();
    assert_eq!(fields, [(Field::Justification, "why\nnot"), (Field::Owner, "PER-1")]);
}

#[test]
fn nothing_is_computed() {
    let bytes = workbook(&HEADS, |sheet| {
        let formula = Formula::new("=HYPERLINK(\"http://evil.example\")").set_result("fine");
        sheet.write_formula(1, 4, formula).unwrap();
    });
    let read = read("a.xlsx", &bytes).unwrap();
    assert_eq!(read.rows[0].fields.len(), 1, "{:?}", read.rows);
    assert_eq!(
        messages(&bytes),
        [
            "a.xlsx, sheet \"Decisions\", line 2, column 5: error: is a formula; write the value itself"
        ]
    );
}

#[test]
fn a_row_whose_record_is_a_formula_is_left_out() {
    let bytes = workbook(&HEADS, |sheet| {
        sheet.write_formula(1, 1, Formula::new("=A1").set_result("CTL-9")).unwrap();
    });
    assert!(read("a.xlsx", &bytes).unwrap().rows.is_empty());
    assert_eq!(messages(&bytes).len(), 1);
}

#[test]
fn unknown_second_and_missing_columns_are_reported() {
    let heads = ["Control", "Record", "Version", "For", "Colour", "Record"];
    let said = messages(&workbook(&heads, |_| ())).join("\n");
    assert!(said.contains("`Colour` is no column of this sheet"), "{said}");
    assert!(said.contains("`Record` is a second column of that name"), "{said}");
    let bytes = workbook(&["Control", "Record", "Version"], |_| ());
    assert!(read("a.xlsx", &bytes).unwrap().rows.is_empty());
    assert!(messages(&bytes).join("\n").contains("the column `For` is missing"));
}

#[test]
fn other_workbooks_are_none_of_these() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Decisions").unwrap();
    assert!(!is_decisions(&book.save_to_buffer().unwrap()));
    assert!(!is_decisions(b"PK\x03\x04"));
    assert!(!is_decisions(b""));
}

proptest! {
    #[test]
    fn damaged_workbooks_are_survived(at in any::<prop::sample::Index>(), with in proptest::collection::vec(any::<u8>(), 1..9)) {
        let mut bytes = workbook(&HEADS, |_| ());
        let start = at.index(bytes.len());
        let end = (start + with.len()).min(bytes.len());
        bytes.splice(start..end, with);
        is_decisions(&bytes);
        drop(read("a.xlsx", &bytes));
    }
}
