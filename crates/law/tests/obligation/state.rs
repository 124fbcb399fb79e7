//! The state of an obligation from linked records.

use surety_law::obligation::{LinkedRecord, RecordStanding, State, StateOf, states};

fn record(record: &str, standing: RecordStanding, fresh: bool) -> LinkedRecord {
    LinkedRecord { obligation: "aia.art9.1".to_owned(), record: record.to_owned(), standing, fresh }
}

#[test]
fn a_state_follows_from_the_standing_and_freshness_of_its_records() {
    use RecordStanding::{Met, Open, Partly};
    let cases: [(&[(RecordStanding, bool)], State); 9] = [
        (&[], State::NotAddressed),
        (&[(Met, true)], State::Met),
        (&[(Met, true), (Met, true)], State::Met),
        (&[(Met, false)], State::Partly),
        (&[(Met, true), (Open, true)], State::Partly),
        (&[(Partly, true)], State::Partly),
        (&[(Open, true)], State::Open),
        (&[(Open, false), (Open, true)], State::Open),
        (&[(Partly, true), (Open, true)], State::Partly),
    ];
    for (given, expected) in cases {
        let records: Vec<_> = given.iter().map(|(one, fresh)| record("r", *one, *fresh)).collect();
        assert_eq!(StateOf::of(records.iter().collect()).state, expected, "{given:?}");
    }
}

#[test]
fn a_state_says_which_records_hold_it_back() {
    let records = [
        record("risk-1", RecordStanding::Met, true),
        record("risk-2", RecordStanding::Met, false),
        record("plan", RecordStanding::Open, true),
    ];
    let states = states(&records);
    let state = states.get("aia.art9.1").unwrap();
    assert_eq!(state.records.len(), 3);
    insta::assert_snapshot!(state.why, @"1 of 3 linked records met and up to date; open: plan; out of date: risk-2");
    assert_eq!(states.len(), 1);
    assert_eq!(StateOf::of(Vec::new()).why, "no record is linked");
}
