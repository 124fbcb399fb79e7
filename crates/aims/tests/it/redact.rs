//! What is erased from an entry, and what must stay.

use proptest::prelude::*;
use serde_json::{Value, json};
use surety_aims::{ERASED, Event, Kind, RecordId, RedactError, erase};

use crate::{
    given::policy,
    random::{KINDS, world},
};

fn stated() -> Value {
    json!({ "type": "stated", "id": "POL-1", "kind": "policy", "version": 1, "body": policy() })
}

#[test]
fn every_free_text_goes_and_what_the_fold_needs_stays() {
    let residue = erase(&stated(), &[]).unwrap();
    let expected = json!({
        "type": "stated", "id": "POL-1", "kind": "policy", "version": 1,
        "body": {
            "kind": "ai_policy", "title": ERASED, "version": ERASED, "body": ERASED,
            "commitments": ["requirements", "improvement"], "owner": "PER-1",
            "effective_from": "2026-02-01", "next_review": "2027-02-01",
        },
    });
    assert_eq!(residue, expected);
}

#[test]
fn only_the_fields_named_by_a_json_pointer_go() {
    let mut payload = stated();
    payload["body"]["review_log"] = json!([{ "inputs": "Ann said so", "outcome": "kept" }]);
    payload["custom"] = json!({ "a/b": "red", "c~d": "blue" });
    let fields = ["/body/review_log/0/inputs", "/custom/a~1b", "/custom/c~0d"].map(str::to_owned);
    let residue = erase(&payload, &fields).unwrap();
    assert_eq!(residue["body"]["review_log"], json!([{ "inputs": ERASED, "outcome": "kept" }]));
    assert_eq!(residue["custom"], json!({ "a/b": ERASED, "c~d": ERASED }));
    assert_eq!(residue["body"]["title"], "AI policy");
    let whole = erase(&payload, &["/body/review_log".to_owned()]).unwrap();
    assert_eq!(whole["body"]["review_log"], json!([{ "inputs": ERASED, "outcome": ERASED }]));
}

#[test]
fn the_note_of_a_step_and_the_reason_of_a_withdrawal_go() {
    let moved = json!({
        "type": "moved", "id": "POL-1", "kind": "policy", "from": "draft", "to": "in_review", "note": "Ann says",
    });
    let mut residue = moved.clone();
    residue["note"] = ERASED.into();
    assert_eq!(erase(&moved, &[]), Ok(residue));
    let withdrawn =
        json!({ "type": "withdrawn", "id": "POL-1", "kind": "policy", "reason": "Ann left" });
    let mut residue = withdrawn.clone();
    residue["reason"] = ERASED.into();
    assert_eq!(erase(&withdrawn, &[]), Ok(residue));
}

#[test]
fn what_holds_the_record_together_is_not_erased() {
    for field in [
        "/id",
        "/kind",
        "/type",
        "/version",
        "/body/owner",
        "/body/kind",
        "/body/effective_from",
        "/body/commitments",
        "/body/commitments/0",
    ] {
        assert_eq!(
            erase(&stated(), &[field.to_owned()]),
            Err(RedactError::NotText(field.to_owned()))
        );
    }
    let moved = json!({
        "type": "moved", "id": "POL-1", "kind": "policy", "from": "draft", "to": "in_review", "note": "",
    });
    for field in ["/from", "/to"] {
        assert_eq!(erase(&moved, &[field.to_owned()]), Err(RedactError::NotText(field.to_owned())));
    }
}

#[test]
fn what_can_not_be_redacted_says_why() {
    let field = "/body/colour".to_owned();
    assert_eq!(
        erase(&stated(), std::slice::from_ref(&field)),
        Err(RedactError::NoSuchField(field))
    );
    let redacted = json!({ "type": "redacted", "seq": 1, "reason": "x", "residue": {} });
    assert_eq!(erase(&redacted, &[]), Err(RedactError::IsRedaction));
    assert_eq!(erase(&json!({ "type": "stated" }), &[]), Err(RedactError::Unreadable));
    assert_eq!(erase(&json!("text"), &[]), Err(RedactError::Unreadable));
    let person =
        json!({ "type": "stated", "id": "PER-1", "kind": "person", "version": 1, "body": {} });
    assert_eq!(erase(&person, &[]), Err(RedactError::NothingToErase));
}

proptest! {
    #[test]
    fn the_residue_of_any_event_still_folds_to_the_same_record(world in world(&KINDS, 20)) {
        for happened in &world.history {
            let payload = happened.event.to_json();
            let Ok(residue) = erase(&payload, &[]) else { continue };
            let event = Event::from_json(residue.clone()).unwrap();
            prop_assert_eq!((event.kind(), event.subject()), (happened.event.kind(), happened.event.subject()));
            let again = erase(&residue, &[]).unwrap();
            prop_assert_eq!(again, residue, "nothing is left to erase");
        }
    }
}

#[test]
fn an_erased_statement_keeps_its_place_in_the_book() {
    let mut world = crate::given::World::default();
    let residue = erase(&stated(), &[]).unwrap();
    world.happens("PER-1", Event::from_json(residue).unwrap());
    let record = world.book.get(RecordId::new(Kind::Policy, 1)).unwrap();
    assert_eq!((record.title(), record.version), (ERASED, 1));
}
