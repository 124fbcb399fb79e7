use proptest::prelude::*;
use serde_json::Value;
use surety_reports::json;
use surety_reports::sheet::Workbook;

use crate::fixture;
use crate::hostile::{any_text, sheet_of};

#[test]
fn a_table_is_an_array_of_objects_in_column_order() {
    insta::assert_snapshot!(json::write(&fixture::due()).unwrap(), @r#"
    [
      {
        "record": "RSK-7",
        "what": "Review the risk of unfair refusals",
        "owner": "PER-1 Head of Lending",
        "due": "2026-11-01",
        "days": -20,
        "state": "overdue",
        "legal": false,
        "_why": {
          "state": "RSK-7 says next_review 2026-11-01; the day is 2026-11-21."
        }
      },
      {
        "record": "SYS-1",
        "what": "Register the high-risk system | before use",
        "owner": "PER-4 AI Officer",
        "due": "2026-12-02",
        "days": 11,
        "state": "soon",
        "legal": true
      },
      {
        "record": "SUP-1",
        "what": "Ask for the new assurance report",
        "owner": "PER-3 Head of IT",
        "due": "2026-12-20",
        "days": 29,
        "state": "soon",
        "legal": false
      }
    ]
    "#);
}

#[test]
fn a_workbook_says_where_its_figures_come_from() {
    let workbook = Workbook { meta: fixture::meta(), sheets: vec![fixture::due()] };
    let written: Value = serde_json::from_str(&json::write_workbook(&workbook).unwrap()).unwrap();
    assert_eq!(written["as_of"], "2026-11-21");
    assert_eq!(written["made_at"], "2026-11-21T09:30:00Z");
    assert_eq!(written["ledger"]["size"], 4);
    assert_eq!(written["sheets"][0]["rows"].as_array().unwrap().len(), 3);
}

proptest! {
    #[test]
    fn text_comes_back_exactly(texts in proptest::collection::vec(any_text(), 1..6)) {
        let written: Value = serde_json::from_str(&json::write(&sheet_of(&texts)).unwrap()).unwrap();
        for (row, text) in written.as_array().unwrap().iter().zip(&texts) {
            let expected = if text.is_empty() { Value::Null } else { text.as_str().into() };
            prop_assert_eq!(&row["text"], &expected);
        }
    }
}
