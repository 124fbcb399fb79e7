use proptest::prelude::*;
use surety_reports::markdown;
use surety_reports::sheet::Workbook;

use crate::fixture;
use crate::hostile::{any_text, sheet_of, tricks};

#[test]
fn a_document_reads_as_a_table_in_its_source_too() {
    let workbook = Workbook { meta: fixture::meta(), sheets: vec![fixture::due()] };
    insta::assert_snapshot!(markdown::write_workbook(&workbook), @r#"
    # Audit pack of the AI management system

    Organisation: Harbour Lane Credit Union, as it stood on 2026-11-21. Made 2026-11-21 09:30 UTC from 4 ledger entries, root `MzdqO9Y+mZNwioTd/mworli4NQXdH+1xG9kk7FpiOfA=`.

    ## Everything with a date, overdue first

    | Record | What                                        | Owner                 |        Due |  Days | State     | By law |
    | ------ | ------------------------------------------- | --------------------- | ----------:| -----:| --------- | ------ |
    | **Overdue** |                                             |                       |            |       |           |        |
    | RSK-7  | Review the risk of unfair refusals          | PER-1 Head of Lending | 2026-11-01 | ■ -20 | ■ overdue | no     |
    | **Next 30 days** |                                             |                       |            |       |           |        |
    | SYS-1  | Register the high-risk system \| before use | PER-4 AI Officer      | 2026-12-02 |  ▲ 11 | ▲ soon    | yes    |
    | SUP-1  | Ask for the new assurance report            | PER-3 Head of IT      | 2026-12-20 |    29 | ▲ soon    | no     |

    - ■ overdue: The date has passed.
    - ▲ soon: Within 30 days.
    "#);
}

#[test]
fn markup_in_text_is_escaped() {
    insta::assert_snapshot!(markdown::write(&sheet_of(&tricks())));
}

/// Pipes that end a cell: those with an even number of backslashes before them.
fn pipes(line: &str) -> usize {
    let mut escaped = false;
    let mut count = 0;
    for character in line.chars() {
        count += usize::from(character == '|' && !escaped);
        escaped = character == '\\' && !escaped;
    }
    count
}

proptest! {
    #[test]
    fn every_row_has_as_many_cells_as_the_header(texts in proptest::collection::vec(any_text(), 1..6)) {
        let mut sheet = sheet_of(&texts);
        sheet.notes.clear();
        let written = markdown::write(&sheet);
        prop_assert_eq!(written.lines().count(), texts.len() + 2);
        for line in written.lines() {
            prop_assert_eq!(pipes(line), 3, "{}", line);
            prop_assert!(!line.chars().any(char::is_control));
        }
    }
}
