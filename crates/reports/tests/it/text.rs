use crate::fixture::soa;
use proptest::prelude::*;
use surety_reports::sheet::Workbook;
use surety_reports::text::{self, Colour, TextOptions};

use crate::fixture;
use crate::hostile::{any_text, sheet_of, workbook_of};

fn at(width: u16) -> TextOptions {
    TextOptions { width: Some(width), colour: Colour::Never }
}

#[test]
fn a_table_fits_the_terminal_and_says_what_it_left_out() {
    let workbook = Workbook { meta: fixture::meta(), sheets: vec![fixture::due()] };
    insta::assert_snapshot!(text::write_workbook(&workbook, at(72)), @r#"
    Audit pack of the AI management system
    Harbour Lane Credit Union, as it stood on 2026-11-21, from 4 ledger entries

    Everything with a date, overdue first
    Record  What                                      Due   Days  State
    ────────────────────────────────────────────────────────────────────────
    Overdue
    RSK-7   Review the risk of unfair          2026-11-01  ■ -20  ■ overdue
            refusals
    Next 30 days
    SYS-1   Register the high-risk system |    2026-12-02   ▲ 11  ▲ soon
            before use
    SUP-1   Ask for the new assurance report   2026-12-20     29  ▲ soon
    3 rows
    not shown at this width: Owner, By law
    ■ overdue   ▲ soon
    "#);
}

#[test]
fn without_a_width_nothing_is_wrapped_or_left_out() {
    let written = text::write(&fixture::due(), TextOptions::default());
    assert!(written.contains("Register the high-risk system | before use"));
    assert!(written.lines().next().unwrap().ends_with("By law"));
}

#[test]
fn colours_are_there_only_when_asked_for_and_change_no_width() {
    let sheet = soa::statement(&fixture::matrix(3));
    let plain = text::write(&sheet, at(120));
    let coloured = text::write(&sheet, TextOptions { colour: Colour::Always, ..at(120) });
    assert!(!plain.contains('\u{1b}'));
    assert!(coloured.contains("\u{1b}[31m■\u{1b}[0m failing"));
    let mut stripped = coloured;
    for code in ["1", "31", "32", "33", "34", "90", "0"] {
        stripped = stripped.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(stripped, plain);
}

#[test]
fn a_matrix_of_any_size_fits() {
    for systems in [1, 12, 13, 200] {
        let sheet = soa::systems(&fixture::matrix(systems));
        for width in [60, 80, 120, 200] {
            let written = text::write(&sheet, at(width));
            let longest = written.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(
                longest <= usize::from(width),
                "{systems} systems: {longest} > {width}\n{written}"
            );
        }
    }
}

proptest! {
    #[test]
    fn foreign_text_steers_no_terminal(
        texts in proptest::collection::vec(any_text(), 1..6),
        width in proptest::option::of(0_u16..200),
    ) {
        let options = TextOptions { width, colour: Colour::Never };
        let written = text::write_workbook(&workbook_of(&texts), options);
        let steers = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{e0000}'..='\u{e007f}');
        prop_assert!(!written.chars().any(steers));
        let coloured = text::write(&sheet_of(&texts), TextOptions { width, colour: Colour::Always });
        for code in coloured.split('\u{1b}').skip(1) {
            prop_assert!(["[0m", "[1m", "[33m"].iter().any(|ours| code.starts_with(ours)), "{:?}", code);
        }
    }
}
