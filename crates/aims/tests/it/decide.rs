//! What may be asked for, and why not.

use serde_json::{Map, Value, json};
use surety_aims::{Command, Event, ExternalId, Kind, RecordId, Rejection, Role};

use crate::given::{
    World, by, given, manager, noted, person, policy, restate, second, state, statement, step,
    withdraw,
};

/// Two people, a policy in draft.
fn office() -> World {
    given([person("Head of AI"), person("Auditor"), state(Kind::Policy, policy())])
}

/// The same with the policy submitted.
fn submitted() -> World {
    let mut world = office();
    world.does(&manager(), step("POL-1", "submit"));
    world
}

fn id(text: &str) -> RecordId {
    text.parse().unwrap()
}

#[test]
fn each_refusal_says_what_is_wrong_and_what_to_do() {
    let manager = manager();
    let mut office = submitted();
    office.does(&manager, person("Clerk")).does(&manager, withdraw("PER-3"));
    let table = [
        (
            state(Kind::Policy, json!({ "title": "Data", "owner": "PER-7" })),
            "owner: there is no PER-7",
        ),
        (
            state(Kind::Policy, json!({ "title": "Data", "owner": "PER-3" })),
            "owner: there is no PER-3",
        ),
        (
            restate("PER-1", 1, json!({ "position": "Head", "manager": "PER-1" })),
            "manager: refers to itself",
        ),
        (
            state(Kind::Policy, json!({ "title": "Data", "clause_refs": ["other:5.2"] })),
            "clause_refs: `other:5.2` is in no framework in use; see `surety framework list`",
        ),
        (restate("POL-9", 1, policy()), "there is no POL-9"),
        (
            restate("PER-3", 1, json!({ "position": "Clerk" })),
            "PER-3 was withdrawn; its number is not given out again",
        ),
        (
            statement(Kind::Person, Some(id("PER-3")), None, json!({ "position": "Clerk" })),
            "PER-3 was withdrawn; its number is not given out again",
        ),
        (
            statement(Kind::Policy, Some(id("POL-1")), None, policy()),
            "POL-1 exists already, in version 1; say on which version this one is based",
        ),
        (statement(Kind::Policy, Some(id("PER-1")), None, policy()), "PER-1 is not a policy"),
        (statement(Kind::Policy, Some(id("PER-1")), Some(1), policy()), "PER-1 is not a policy"),
        (
            statement(Kind::Person, Some(id("PER-2000000")), None, json!({ "position": "Clerk" })),
            "the number of PER-2000000 lies too far ahead of the last one given out",
        ),
        (
            step("POL-1", "retire"),
            "POL-1 is in_review: `retire` is no step from there; possible: request_changes (draft), approve (approved)",
        ),
        (step("POL-1", "request_changes"), "request_changes needs a note that says why"),
        (noted("POL-1", "draft", "  "), "request_changes needs a note that says why"),
        (
            step("POL-1", "approve"),
            "POL-1 was stated by PER-1: another person must approve (four eyes)",
        ),
        (withdraw("PER-1"), "PER-1 is referred to by POL-1; change these first"),
        (withdraw("PER-3"), "PER-3 was withdrawn; its number is not given out again"),
        (withdraw("PER-4"), "there is no PER-4"),
        (step("SYS-1", "reject"), "there is no SYS-1"),
        (
            Command::Withdraw { id: id("POL-1"), reason: " ".to_owned(), base: None },
            "withdraw needs a note that says why",
        ),
        (
            Command::Redact { seq: 99, reason: "erasure request".to_owned(), residue: Value::Null },
            "a ComplianceManager may not redact the ledger",
        ),
    ];
    for (command, refusal) in table {
        let asked = format!("{command:?}");
        assert_eq!(office.refusal(&manager, command), refusal, "{asked}");
    }
}

#[test]
fn a_stale_version_is_refused_with_both_versions() {
    let mut office = office();
    office.does(&second(), restate("POL-1", 1, json!({ "title": "AI policy", "body": "Theirs." })));
    let mine = json!({ "title": "AI policy", "body": "Mine." });
    let refused = office.when(&manager(), restate("POL-1", 1, mine.clone())).unwrap_err();
    let Rejection::Stale { id, base, current_version, current, yours } = refused else {
        panic!("{refused}")
    };
    assert_eq!((id.to_string().as_str(), base, current_version), ("POL-1", 1, 2));
    assert_eq!(current["body"]["body"], "Theirs.");
    assert_eq!(*yours, mine);
}

#[test]
fn a_step_and_a_withdrawal_can_name_the_version_that_they_are_based_on() {
    let office = office();
    let submit = |base| Command::Move {
        id: id("POL-1"),
        step: "submit".to_owned(),
        note: String::new(),
        base: Some(base),
    };
    assert!(office.when(&manager(), submit(1)).is_ok());
    assert!(matches!(office.when(&manager(), submit(2)), Err(Rejection::Stale { .. })));
    let gone = Command::Withdraw { id: id("POL-1"), reason: "twice".to_owned(), base: Some(4) };
    assert!(matches!(office.when(&manager(), gone), Err(Rejection::Stale { .. })));
}

#[test]
fn a_field_that_does_not_exist_or_has_the_wrong_type_is_named() {
    let office = office();
    let colour =
        office.refusal(&manager(), state(Kind::Policy, json!({ "title": "A", "colour": "red" })));
    assert!(colour.starts_with("colour: unknown field `colour`"), "{colour}");
    let kind =
        office.refusal(&manager(), state(Kind::Policy, json!({ "title": "A", "kind": "law" })));
    assert!(
        kind.starts_with("kind: unknown variant `law`, expected `ai_policy` or `topic_policy`"),
        "{kind}"
    );
    assert!(office.when(&manager(), state(Kind::Policy, json!("AI policy"))).is_err());
    assert!(office.when(&manager(), state(Kind::Policy, json!({}))).is_err());
}

#[test]
fn a_step_names_every_required_field_that_is_empty() {
    let mut office = office();
    let body =
        json!({ "title": "Data policy", "version": "1.0", "body": "   ", "commitments": [] });
    office.does(&manager(), state(Kind::Policy, body));
    assert_eq!(
        office.refusal(&manager(), step("POL-2", "submit")),
        "POL-2 lacks kind, body, commitments, owner, effective_from, next_review; fill these before you submit"
    );
}

#[test]
fn another_person_approves_what_one_person_stated() {
    let office = submitted();
    let events = office.when(&second(), step("POL-1", "approve")).unwrap();
    let approved =
        Event::Moved { id: id("POL-1"), from: "in_review", to: "approved", note: String::new() };
    assert_eq!(events, [approved]);
}

#[test]
fn the_author_is_who_stated_the_current_version() {
    let mut office = submitted();
    office.does(&second(), restate("POL-1", 1, json!({ "title": "AI policy", "kind": "ai_policy", "version": "2", "body": "New.", "commitments": ["requirements"], "owner": "PER-1", "effective_from": "2026-02-01", "next_review": "2027-02-01" })));
    assert!(office.when(&manager(), step("POL-1", "approve")).is_ok());
    assert!(matches!(
        office.when(&second(), step("POL-1", "approve")),
        Err(Rejection::FourEyes { .. })
    ));
}

#[test]
fn a_single_person_with_an_outside_reviewer_approves_with_a_note() {
    let with = |organisation: Value| {
        let mut office = submitted();
        office.does(&manager(), state(Kind::Organisation, organisation));
        office
    };
    let reviewed =
        json!({ "name": "One", "single_person": true, "outside_reviewer": "Ad Hoc Ltd" });
    let table = [
        (reviewed.clone(), "reviewed with Ad Hoc Ltd on 3 May", true),
        (reviewed, "", false),
        (json!({ "name": "One", "single_person": true }), "on my own", false),
        (
            json!({ "name": "One", "single_person": true, "outside_reviewer": " " }),
            "on my own",
            false,
        ),
        (json!({ "name": "One", "outside_reviewer": "Ad Hoc Ltd" }), "on my own", false),
    ];
    for (organisation, note, allowed) in table {
        let office = with(organisation.clone());
        let asked = office.when(&manager(), noted("POL-1", "approve", note));
        assert_eq!(asked.is_ok(), allowed, "{organisation} {note}");
    }
}

#[test]
fn a_guard_says_what_to_do_first() {
    let mut office = office();
    office.does(&manager(), state(Kind::AiSystem, json!({ "name": "Chat" })));
    assert_eq!(
        office.refusal(&manager(), step("SYS-1", "accept_intake")),
        "you can't accept_intake SYS-1 yet: give owner, purpose and roles first"
    );
}

#[test]
fn a_refusal_of_permission_comes_before_any_look_at_the_records() {
    let office = submitted();
    let table = [
        (
            Role::Viewer,
            state(Kind::Person, json!({ "position": "X" })),
            "a Viewer may not state records of this kind",
        ),
        (
            Role::Contributor,
            state(Kind::Policy, policy()),
            "a Contributor may not state records of this kind",
        ),
        (
            Role::Contributor,
            withdraw("PER-2"),
            "a Contributor may not withdraw records of this kind",
        ),
        (Role::Auditor, step("POL-1", "approve"), "a Auditor may not approve"),
        (Role::Approver, step("PER-1", "confirm"), "a Approver may not move records of this kind"),
    ];
    for (role, command, refusal) in table {
        assert_eq!(office.refusal(&by("PER-2", role), command), refusal);
    }
}

#[test]
fn stating_the_same_again_is_no_event() {
    let office = office();
    assert_eq!(office.when(&manager(), restate("POL-1", 1, policy())), Ok(Vec::new()));
}

#[test]
fn a_promised_record_may_be_referred_to_before_it_exists() {
    let office = office();
    let body = json!({ "name": "Chat", "suppliers": ["SUP-99"] });
    assert!(office.when(&manager(), state(Kind::AiSystem, body)).is_ok());
}

#[test]
fn new_records_get_the_next_number_and_explicit_ids_are_kept() {
    let mut office = office();
    office.does(
        &manager(),
        statement(Kind::Person, Some(id("PER-40")), None, json!({ "position": "Clerk" })),
    );
    office.does(&manager(), person("Tester"));
    let numbers: Vec<_> =
        office.book.of_kind(Kind::Person).map(|record| record.id.number).collect();
    assert_eq!(numbers, [1, 2, 40, 41]);
    office.does(
        &manager(),
        statement(Kind::Person, Some(id("PER-7")), None, json!({ "position": "Clerk" })),
    );
    assert!(office.book.get(id("PER-7")).is_some(), "a number that was skipped is free");
}

#[test]
fn a_record_is_imported_from_one_place_once() {
    let from = |source: &str| ExternalId { source: source.to_owned(), id: "77".to_owned() };
    let import = |id: Option<RecordId>, base, source: &str| Command::State {
        kind: Kind::Person,
        id,
        body: json!({ "position": "Clerk" }),
        custom: Map::new(),
        external: vec![from(source)],
        base,
    };
    let mut office = office();
    office.does(&manager(), import(None, None, "csv:staff"));
    assert_eq!(
        office.refusal(&manager(), import(None, None, "csv:staff")),
        "77 of csv:staff is PER-3 already"
    );
    assert_eq!(
        office.when(&manager(), import(Some(id("PER-3")), Some(1), "csv:staff")),
        Ok(Vec::new())
    );
    assert!(office.when(&manager(), import(None, None, "csv:other")).is_ok());
    office.does(&manager(), withdraw("PER-3"));
    assert!(office.when(&manager(), import(None, None, "csv:staff")).is_ok());
}

#[test]
fn custom_fields_are_checked_against_their_definitions() {
    let field = |name: &str, what: &str, more: Value| {
        let mut body = json!({ "record_kind": "person", "name": name, "type": what });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        state(Kind::CustomField, body)
    };
    let world = given([
        field("badge", "text", json!({ "required": true })),
        field("floor", "number", json!({})),
        field("remote", "bool", json!({})),
        field("since", "date", json!({})),
        field("site", "choice", json!({ "choices": ["Oslo", "Bergen"] })),
    ]);
    let table = [
        (json!({}), "badge: is required by your organisation"),
        (
            json!({ "badge": "x", "hat": "red" }),
            "hat: is no custom field of this kind; define it as a custom_field record",
        ),
        (json!({ "badge": 7 }), "badge: must be a text"),
        (json!({ "badge": "x", "floor": "3" }), "floor: must be a number"),
        (json!({ "badge": "x", "remote": "yes" }), "remote: must be true or false"),
        (json!({ "badge": "x", "since": "5 May" }), "since: must be a date such as 2026-11-21"),
        (json!({ "badge": "x", "site": "Rome" }), "site: must be one of Oslo, Bergen"),
        (
            json!({ "badge": "x", "floor": 3, "remote": false, "since": "2026-05-05", "site": "Oslo" }),
            "",
        ),
    ];
    for (custom, refusal) in table {
        let Value::Object(custom) = custom else { unreachable!() };
        let command = Command::State {
            kind: Kind::Person,
            id: None,
            body: json!({ "position": "Clerk" }),
            custom,
            external: Vec::new(),
            base: None,
        };
        let said =
            world.when(&manager(), command).err().map(|no| no.to_string()).unwrap_or_default();
        assert_eq!(said, refusal);
    }
}

#[test]
fn a_document_in_force_still_protects_what_it_refers_to_while_its_next_version_is_drafted() {
    let mut office = submitted();
    office.does(&second(), step("POL-1", "approve"));
    let mut next = policy();
    next["owner"] = "PER-2".into();
    office.does(&manager(), restate("POL-1", 1, next));
    assert_eq!(
        office.refusal(&manager(), withdraw("PER-1")),
        "PER-1 is referred to by POL-1; change these first"
    );
}

#[test]
fn only_the_owner_redacts_an_entry_that_exists_and_says_why() {
    let office = office();
    let owner = by("PER-1", Role::Owner);
    let redact =
        |seq, reason: &str| Command::Redact { seq, reason: reason.to_owned(), residue: json!({}) };
    assert_eq!(office.refusal(&owner, redact(3, "erasure")), "entry 3 is not on the ledger");
    assert_eq!(office.refusal(&owner, redact(2, "")), "redact needs a note that says why");
    let residue = json!({});
    let event = Event::Redacted { seq: 2, reason: "erasure".to_owned(), residue };
    assert_eq!(office.when(&owner, redact(2, "erasure")), Ok(vec![event]));
}

fn comment(on: &str, text: &str) -> Value {
    json!({ "about": on, "text": text })
}

#[test]
fn a_comment_is_changed_and_taken_back_by_whoever_made_it_alone() {
    let mut office = office();
    let approver = by("PER-2", Role::Approver);
    office.does(&approver, state(Kind::Comment, comment("POL-1", "Who is meant?")));
    let other = manager();
    let refused = "a ComplianceManager may not change or withdraw the comment of somebody else";
    assert_eq!(office.refusal(&other, restate("CMT-1", 1, comment("POL-1", "All"))), refused);
    assert_eq!(office.refusal(&other, withdraw("CMT-1")), refused);
    office.does(&other, step("CMT-1", "resolve"));
    office.does(&approver, restate("CMT-1", 1, comment("POL-1", "Who is meant by all?")));
    office.does(&approver, withdraw("CMT-1"));
    assert!(office.book.get(id("CMT-1")).is_none());
}

#[test]
fn a_comment_stays_with_its_record_and_goes_with_it() {
    let mut office = office();
    let manager = manager();
    office.does(&manager, state(Kind::Comment, comment("POL-1", "Who is meant?")));
    let mut answer = comment("POL-1", "All of us");
    answer["reply_to"] = "CMT-1".into();
    office.does(&by("PER-2", Role::Approver), state(Kind::Comment, answer.clone()));
    let moved = "about: a comment stays with its record; write a new one there";
    assert_eq!(office.refusal(&manager, restate("CMT-1", 1, comment("PER-1", "Who?"))), moved);
    answer["about"] = "PER-1".into();
    let elsewhere = "reply_to: is a comment on another record";
    assert_eq!(office.refusal(&manager, state(Kind::Comment, answer)), elsewhere);
    let nested = "about: is a comment; answer it with `reply_to`";
    assert_eq!(office.refusal(&manager, state(Kind::Comment, comment("CMT-1", "?"))), nested);
    let events = office.when(&manager, withdraw("POL-1")).unwrap();
    let gone: Vec<_> = events.iter().filter_map(Event::subject).map(|id| id.to_string()).collect();
    assert_eq!(gone, ["CMT-2", "CMT-1", "POL-1"]);
}
