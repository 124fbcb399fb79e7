//! The form in which events stand on the ledger: a ledger written by any released version loads for ever.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use surety_aims::{
    Event, EventError, ExternalId, Kind, Occurrence, RecordId, Role, SCHEMA, Security, Stated,
};

use crate::{given::World, samples::samples};

/// A ledger as version 0.1 wrote it: the payload of one entry a line. Lines are added for new kinds, and never changed.
const LEDGER: &str = include_str!("ledgers/0.1.jsonl");

fn parse(payload: &str) -> Result<Event, EventError> {
    Event::parse(SCHEMA, payload.as_bytes())
}

fn stated(kind: Kind, body: Value) -> Event {
    let stated = Stated {
        id: RecordId::new(kind, 1),
        version: 3,
        body: kind.body(body).unwrap(),
        custom: serde_json::from_value(json!({ "cost_centre": "K-7", "seats": 12 })).unwrap(),
        external: vec![ExternalId { source: "csv:inventory".to_owned(), id: "row 9".to_owned() }],
    };
    Event::Stated(Box::new(stated))
}

#[test]
fn every_event_reads_back_as_written() {
    let id = RecordId::new(Kind::Policy, 12);
    let others = [
        Event::Moved { id, from: "draft", to: "in_review", note: "Øl & \"quotes\"\n".to_owned() },
        Event::Withdrawn { id, reason: "twice".to_owned() },
        Event::Redacted { seq: 7, reason: "erasure".to_owned(), residue: json!({ "a": [1] }) },
        Event::Security(Box::new(Security {
            about: Some("inv_1".to_owned()),
            by: Some("password".to_owned()),
            role: Some(Role::SystemOwner),
            person: Some(RecordId::new(Kind::Person, 3)),
            ..Security::of(Occurrence::InvitationAccepted, "acc_1")
        })),
        Event::Security(Box::new(Security {
            account: None,
            ..Security::of(Occurrence::SignInFailed, "")
        })),
    ];
    let records = samples().into_iter().map(|(kind, body)| stated(kind, body));
    for event in records.chain(others) {
        let payload = serde_json::to_string(&event.to_json()).unwrap();
        assert_eq!(parse(&payload).unwrap(), event, "{payload}");
    }
}

#[test]
fn a_ledger_of_version_0_1_still_loads() {
    let mut world = World::default();
    for (number, line) in (1..).zip(LEDGER.lines()) {
        let event = parse(line).unwrap_or_else(|error| panic!("line {number}: {error:?}"));
        world.happens("PER-1", event);
    }
    let records: Vec<Value> = world.book.records().map(surety_aims::Record::to_json).collect();
    insta::assert_json_snapshot!("ledger_0_1", records);
    assert_eq!(world.book, world.book.rebuilt());
}

#[test]
fn the_stored_ledger_holds_each_event_and_each_kind() {
    let events: Vec<_> = LEDGER.lines().map(|line| parse(line).unwrap()).collect();
    let events_named: BTreeSet<_> = events.iter().map(Event::kind).collect();
    assert_eq!(
        events_named,
        BTreeSet::from(["stated", "moved", "withdrawn", "redacted", "security"])
    );
    for kind in Kind::ALL {
        let stated = |event: &Event| {
            event.kind() == "stated" && event.subject().is_some_and(|id| id.kind == *kind)
        };
        assert!(
            events.iter().any(stated),
            "add a statement of {kind} to tests/it/ledgers/0.1.jsonl"
        );
    }
}

#[test]
fn each_event_is_written_as_it_was_in_version_0_1() {
    for line in LEDGER.lines() {
        let written = serde_json::to_string(&parse(line).unwrap().to_json()).unwrap();
        assert_eq!(written, line);
    }
}

#[test]
fn what_is_no_event_is_refused_with_its_reason() {
    let table = [
        ("", "the payload is not JSON"),
        ("[]", "the payload has no usable `type`"),
        (r#"{"type":"guessed"}"#, "the payload has no usable `type`"),
        (r#"{"type":"security","what":"guessed"}"#, "the payload has no usable `what`"),
        (r#"{"type":"moved"}"#, "the payload has no usable `id`"),
        (r#"{"type":"moved","id":"POL-0","kind":"policy"}"#, "the payload has no usable `id`"),
        (r#"{"type":"moved","id":"POL-1","kind":"risk"}"#, "the payload has no usable `kind`"),
        (
            r#"{"type":"moved","id":"POL-1","kind":"policy","from":"asleep","to":"draft","note":""}"#,
            "the payload has no usable `from`",
        ),
        (
            r#"{"type":"withdrawn","id":"POL-1","kind":"policy"}"#,
            "the payload has no usable `reason`",
        ),
        (r#"{"type":"redacted","seq":-1,"reason":""}"#, "the payload has no usable `seq`"),
        (r#"{"type":"stated","id":"POL-1","kind":"policy"}"#, "the payload has no usable `body`"),
        (
            r#"{"type":"stated","id":"POL-1","kind":"policy","body":{}}"#,
            "the payload has no usable `version`",
        ),
        (
            r#"{"type":"stated","id":"POL-1","kind":"policy","version":1,"body":{"colour":"red"}}"#,
            "the body of POL-1 does not fit its kind",
        ),
    ];
    for (payload, refusal) in table {
        assert_eq!(parse(payload).unwrap_err().to_string(), refusal, "{payload}");
    }
    let newer = Event::parse(SCHEMA + 1, b"{}").unwrap_err().to_string();
    assert_eq!(
        newer,
        "the payload is of schema 2, and this version reads up to 1; use a newer surety"
    );
}

proptest! {
    #[test]
    fn no_payload_whatever_makes_the_reader_panic(payload in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(Event::parse(SCHEMA, &payload));
    }

    #[test]
    fn no_change_to_a_payload_makes_the_reader_panic(
        line in 0..LEDGER.lines().count(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut payload = LEDGER.lines().nth(line).unwrap().as_bytes().to_vec();
        let at = at.index(payload.len());
        payload[at] = byte;
        drop(Event::parse(SCHEMA, &payload));
    }
}
