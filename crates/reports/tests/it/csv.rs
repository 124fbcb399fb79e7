use proptest::prelude::*;
use surety_reports::csv;
use surety_reports::sheet::{Cell, Column, Decimal, Kind, Sheet};

use crate::fixture;
use crate::hostile::{any_text, sheet_of, tricks};

fn read(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    rows.collect()
}

/// Whether a spreadsheet might take `text` for a formula.
fn computes(text: &str) -> bool {
    let starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    text.trim_start_matches(' ').starts_with(starts)
}

#[test]
fn a_table_is_a_header_of_keys_and_a_line_for_each_data_row() {
    let written = String::from_utf8(csv::write(&fixture::due()).unwrap()).unwrap();
    assert!(written.contains("\r\n"));
    insta::assert_snapshot!(written.replace("\r\n", "\n"), @r#"
    record,what,owner,due,days,state,legal
    RSK-7,Review the risk of unfair refusals,PER-1 Head of Lending,2026-11-01,-20,overdue,false
    SYS-1,Register the high-risk system | before use,PER-4 AI Officer,2026-12-02,11,soon,true
    SUP-1,Ask for the new assurance report,PER-3 Head of IT,2026-12-20,29,soon,false
    "#);
}

#[test]
fn numbers_stay_numbers_and_text_that_computes_does_not() {
    let column = |key| Column::new(key, key, Kind::Text);
    let mut sheet = Sheet::new("S", "S", ["int", "decimal", "bool", "text"].map(column).to_vec());
    sheet.push(vec![
        (-20).into(),
        Decimal { units: -5, scale: 1 }.into(),
        true.into(),
        "-20".into(),
    ]);
    assert_eq!(read(&csv::write(&sheet).unwrap())[1], ["-20", "-0.5", "true", "'-20"]);
}

#[test]
fn missing_cells_are_empty_and_surplus_ones_left_out() {
    let mut sheet = Sheet::new(
        "S",
        "S",
        vec![Column::new("a", "A", Kind::Text), Column::new("b", "B", Kind::Text)],
    );
    sheet.push(vec!["1".into()]);
    sheet.push(vec!["1".into(), "2".into(), "3".into()]);
    sheet.push(vec![Cell::EMPTY]);
    assert_eq!(csv::write(&sheet).unwrap(), b"a,b\r\n1,\r\n1,2\r\n,\r\n");
}

#[test]
fn every_trick_is_neutralised() {
    for row in read(&csv::write(&sheet_of(&tricks())).unwrap()) {
        for field in row {
            assert!(!computes(&field), "{field:?}");
        }
    }
}

proptest! {
    #[test]
    fn text_comes_back_and_never_computes(texts in proptest::collection::vec(any_text(), 1..6)) {
        let rows = read(&csv::write(&sheet_of(&texts)).unwrap());
        prop_assert_eq!(rows.len(), texts.len() + 1);
        for (row, text) in rows[1..].iter().zip(&texts) {
            prop_assert!(!computes(&row[0]));
            // Taking the apostrophe away where one was put gives back what went in.
            let put = |bare: &&str| computes(bare.trim_start_matches(['\'', ' ']));
            let bare = row[0].strip_prefix('\'').filter(put);
            prop_assert_eq!(bare.unwrap_or(&row[0]), text);
        }
    }
}
