//! Work that large Books share between threads comes out as that of one.

use serde_json::json;
use surety_aims::{
    Book, Event, Happened, Kind, RecordId, Stated,
    derive::{
        Window,
        gap::Analysis,
        soa::{Cell, soa},
    },
};
use surety_catalog::{Condition, Framework, Requirement, Test};

use crate::{given::instant, random::TODAY};

/// A kind, how many, and what the one of a number says.
type Many = (Kind, u32, fn(u32) -> serde_json::Value);

/// A Book with so many records of a kind, the bodies made from their numbers.
fn book(records: &[Many]) -> Book {
    let mut book = Book::default();
    for (kind, count, body) in records {
        for number in 1..=*count {
            let stated = Stated {
                id: RecordId::new(*kind, number),
                version: 1,
                body: kind.body(body(number)).unwrap(),
                custom: Default::default(),
                external: Vec::new(),
            };
            let (seq, event) = (book.size(), Event::Stated(Box::new(stated)));
            book.apply(Happened { seq, at: instant(0), by: "PER-1".into(), event });
        }
    }
    book
}

#[test]
fn a_large_matrix_is_its_rows_one_after_the_other() {
    let book = book(&[
        (Kind::AiSystem, 450, |number| json!({ "name": format!("System {number}") })),
        (Kind::ControlImplementation, 3_000, |number| {
            json!({
                "control": format!("fw:{}", number % 20), "ai_system": format!("SYS-{}", number % 450 + 1),
                "applicable": number % 3 != 0, "justification": "risk",
            })
        }),
    ]);
    let controls: Vec<_> =
        (0..20).map(|id| Requirement { id: id.to_string(), ..Requirement::default() }).collect();
    let window = Window::year_to(TODAY);
    let all = soa(&book, "fw", &controls.iter().collect::<Vec<_>>(), TODAY, window);
    let rows: Vec<_> =
        controls.iter().map(|control| soa(&book, "fw", &[control], TODAY, window)).collect();
    let cells: Vec<&Cell<'_>> = rows.iter().flat_map(|row| &row.cells).collect();
    assert_eq!(all.cells.len(), 9_000);
    assert!(all.cells.iter().eq(cells));
    let ids: Vec<_> = all.controls.iter().map(|control| control.id).collect();
    assert!(ids.iter().copied().eq(controls.iter().map(|control| control.id.as_str())));
    let applicable: u32 = rows.iter().map(|row| row.scores.applicable).sum();
    assert_eq!((all.scores.applicable, applicable > 0), (applicable, true));
}

#[test]
fn many_records_are_asked_one_like_the_other() {
    let book = book(&[(Kind::Risk, 9_001, |number| {
        let treatment = if number % 7 == 0 { "retain" } else { "modify" };
        json!({ "title": format!("Risk {number}"), "treatment": treatment })
    })]);
    let test: Test = serde_json::from_value(json!({
        "type": "every", "kind": "risk", "with": { "treatment": ["modify"], "title": ["*"] },
    }))
    .unwrap();
    let condition =
        Condition { id: "c".to_owned(), says: String::new(), test, effort: Default::default() };
    let framework = Framework {
        id: "fw".to_owned(),
        requirements: vec![Requirement {
            id: "1".to_owned(),
            assessable: true,
            conditions: vec![condition],
            ..Requirement::default()
        }],
        ..Framework::default()
    };
    let soa = soa(&book, "fw", &[], TODAY, Window::year_to(TODAY));
    let gap = Analysis::new(&book, &soa, TODAY).gap(&framework);
    let finding = &gap.results[0].conditions[0];
    assert_eq!((finding.asked, finding.held), (9_001, 9_001 - 9_001 / 7));
    let missing: Vec<_> =
        finding.missing.iter().map(|missing| missing.record.unwrap().number).collect();
    let sevenths: Vec<u32> = (1..=9_001).filter(|number| number % 7 == 0).collect();
    assert_eq!(missing, sevenths);
}
