use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};
use jiff::civil::date;
use proptest::prelude::*;
use surety_reports::ReportError;
use surety_reports::sheet::{Cell, Column, Decimal, Kind, Sheet, Tone, Workbook};
use surety_reports::xlsx::{self, Limits};

use crate::fixture::soa;

use crate::fixture;
use crate::hostile::{any_text, tricks, workbook_of};

fn open(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// The XML of a part of the file.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn one(sheet: Sheet) -> Workbook {
    Workbook { meta: fixture::meta(), sheets: vec![sheet] }
}

fn column_of(kind: Kind, cells: Vec<Cell>) -> Workbook {
    let mut sheet = Sheet::new("S", "S", vec![Column::new("a", "A", kind)]);
    cells.into_iter().for_each(|cell| sheet.push(vec![cell]));
    one(sheet)
}

fn values(bytes: &[u8]) -> Vec<Data> {
    let range = open(bytes).worksheet_range_at(0).unwrap().unwrap();
    range.rows().skip(1).map(|row| row[0].clone()).collect()
}

/// What Excel can hold of `text`.
fn kept(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let allowed = |c: char| match c {
        '\n' | '\t' => c,
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        _ if c.is_control() => '\u{fffd}',
        _ => c,
    };
    unified.chars().map(allowed).collect()
}

#[test]
fn values_keep_their_types() {
    let cells = vec![
        (-20).into(),
        Decimal { units: 125, scale: 1 }.into(),
        date(2026, 12, 2).into(),
        true.into(),
        "word".into(),
        vec!["EVD-1".to_owned(), "EVD-2".to_owned()].into(),
        Cell::from(7).marked(Tone::Bad),
        i64::MAX.into(),
        date(-44, 3, 15).into(),
    ];
    let bytes = xlsx::write(&column_of(Kind::Text, cells)).unwrap();
    let read = values(&bytes);
    assert_eq!(read[0], Data::Float(-20.0));
    assert_eq!(read[1], Data::Float(12.5));
    assert!(
        matches!(&read[2], Data::DateTime(day) if (day.as_f64() - 46_358.0).abs() < 1e-9),
        "{:?}",
        read[2]
    );
    assert_eq!(read[3], Data::Bool(true));
    assert_eq!(read[4], Data::String("word".to_owned()));
    assert_eq!(read[5], Data::String("EVD-1, EVD-2".to_owned()));
    assert_eq!(read[6], Data::Float(7.0));
    // Excel would round the one and does not know the other.
    assert_eq!(read[7], Data::String(i64::MAX.to_string()));
    assert_eq!(read[8], Data::String("-000044-03-15".to_owned()));
    assert!(part(&bytes, "xl/styles.xml").contains("formatCode=\"&quot;■ &quot;0\""));
}

#[test]
fn text_that_looks_like_a_formula_is_a_string_with_the_quote_prefix() {
    let bytes = xlsx::write(&workbook_of(&tricks())).unwrap();
    for number in 1..=3 {
        let xml = part(&bytes, &format!("xl/worksheets/sheet{number}.xml"));
        assert!(!xml.contains("<f>") && !xml.contains("<f "));
    }
    assert!(part(&bytes, "xl/styles.xml").contains("quotePrefix=\"1\""));
}

#[test]
fn equal_input_gives_equal_bytes() {
    let workbook = || soa::workbook(fixture::meta(), &fixture::matrix(20));
    assert!(xlsx::write(&workbook()).unwrap() == xlsx::write(&workbook()).unwrap());
}

#[test]
fn the_matrix_keeps_header_and_controls_in_view_and_prints_with_them() {
    let bytes = xlsx::write(&soa::workbook(fixture::meta(), &fixture::matrix(60))).unwrap();
    assert_eq!(open(&bytes).sheet_names(), ["SoA", "Matrix", "Legend"]);
    let xml = part(&bytes, "xl/worksheets/sheet2.xml");
    assert!(xml.contains("xSplit=\"2\" ySplit=\"1\""));
    assert!(xml.contains("<autoFilter ref=\"A1:BJ50\"/>"), "38 controls, 9 headings and 2 totals");
    assert!(xml.contains("orientation=\"landscape\""));
    assert!(xml.contains("fitToHeight=\"0\""));
    let names = part(&bytes, "xl/workbook.xml");
    assert!(names.contains("Matrix!$A:$B,Matrix!$1:$1"), "{names}");
    assert!(part(&bytes, "docProps/core.xml").contains("2026-11-21T09:30:00Z"));
}

#[test]
fn the_legend_explains_every_mark_and_says_where_the_figures_come_from() {
    let bytes = xlsx::write(&soa::workbook(fixture::meta(), &fixture::matrix(2))).unwrap();
    let range = open(&bytes).worksheet_range("Legend").unwrap();
    let lines: Vec<String> =
        range.rows().map(|row| format!("{} | {}", row[0], row[1]).trim().to_owned()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Audit pack of the AI management system |
    Organisation | Harbour Lane Credit Union
    As it stood on | 2026-11-21
    Made at | 2026-11-21 09:30:00 UTC
    Ledger entries | 4
    Ledger root | MzdqO9Y+mZNwioTd/mworli4NQXdH+1xG9kk7FpiOfA=
    |
    ● operating | Operating evidence covers the control as of the day.
    ◐ documented | An approved document exists; operating evidence does not yet.
    ○ designed | Decided, described and owned; not documented yet.
    ▲ lapsed | Operated before; its evidence no longer covers the day.
    ■ failing | Tested and found ineffective, or its work is overdue.
    ◌ undecided | Whether and how the control applies is not decided.
    – not applicable | Excluded, with a justification.
    ⊟ not justified | Excluded without a justification, which 6.1.3 asks for.
    |
    SoA | Framework: ISO/IEC 42001:2023, Annex A.
    "#);
}

#[test]
fn long_text_is_cut_with_a_mark_at_excels_limit() {
    let cells =
        vec!["x".repeat(32_767).into(), "x".repeat(32_768).into(), "😀".repeat(20_000).into()];
    let read = values(&xlsx::write(&column_of(Kind::LongText, cells)).unwrap());
    assert_eq!(read[0].to_string().len(), 32_767);
    for cut in &read[1..] {
        let cut = cut.to_string();
        assert!(cut.ends_with(" … [cut]"));
        assert!(cut.encode_utf16().count() <= 32_767);
    }
}

#[test]
fn rows_beyond_the_limit_go_to_continuation_sheets() {
    let cells = (0..25).map(Cell::from).collect();
    let limits = Limits { rows: 11, ..Limits::EXCEL };
    let bytes = xlsx::write_within(&column_of(Kind::Number, cells), limits).unwrap();
    let mut file = open(&bytes);
    assert_eq!(file.sheet_names(), ["S", "S (2)", "S (3)", "Legend"]);
    let last = file.worksheet_range("S (3)").unwrap();
    assert_eq!(last.height(), 6);
    assert_eq!(last.get((0, 0)), Some(&Data::String("A".to_owned())));
    assert_eq!(last.get((5, 0)), Some(&Data::Float(24.0)));
}

#[test]
fn a_sheet_too_wide_is_refused_by_name() {
    let limits = Limits { columns: 4, ..Limits::EXCEL };
    let refused = xlsx::write_within(&one(fixture::due()), limits);
    assert!(matches!(refused, Err(ReportError::TooManyColumns { columns: 7, limit: 4, .. })));
}

#[test]
fn names_follow_excels_rules_and_stay_apart() {
    let names = [
        "History",
        "a/b:c*[d]?\\",
        "A/B:C*[D]?\\",
        "'quoted'",
        "",
        "Legend",
        &"long ".repeat(20),
        &"long ".repeat(20),
    ];
    let sheets = names.map(|name| Sheet::new(name, "T", vec![Column::new("a", "A", Kind::Text)]));
    let bytes = xlsx::write(&Workbook { meta: fixture::meta(), sheets: sheets.to_vec() }).unwrap();
    insta::assert_snapshot!(open(&bytes).sheet_names().join("\n"), @r#"
    History-
    a-b-c--d---
    A-B-C--D--- (2)
    quoted
    Sheet
    Legend
    long long long long long long l
    long long long long long lo (2)
    Legend (2)
    "#);
}

#[test]
fn reasons_are_notes_until_there_are_too_many() {
    let cells = |marks: [Tone; 3]| {
        marks.map(|tone| Cell::status("word", tone).because("the reason")).to_vec()
    };
    let workbook = column_of(Kind::Status, cells([Tone::Good, Tone::Bad, Tone::Warn]));
    let count = |limits| {
        let bytes = xlsx::write_within(&workbook, limits).unwrap();
        part(&bytes, "xl/comments1.xml").matches("<comment ").count()
    };
    assert_eq!(count(Limits::EXCEL), 3);
    assert_eq!(count(Limits { notes: 2, ..Limits::EXCEL }), 2);
    assert_eq!(count(Limits { notes: 1, ..Limits::EXCEL }), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn text_comes_back_and_is_never_a_formula(texts in proptest::collection::vec(any_text(), 1..6)) {
        let bytes = xlsx::write(&workbook_of(&texts)).unwrap();
        let mut file = open(&bytes);
        let names = file.sheet_names();
        let range = file.worksheet_range(&names[0]).unwrap();
        for (row, text) in range.rows().skip(1).zip(&texts) {
            let expected = if text.is_empty() { Data::Empty } else { Data::String(kept(text)) };
            prop_assert_eq!(&row[0], &expected);
        }
        for name in names {
            prop_assert!(file.worksheet_formula(&name).unwrap().used_cells().next().is_none());
        }
    }
}
