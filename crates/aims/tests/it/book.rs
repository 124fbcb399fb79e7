//! The Book is the fold of its events, however it came about.

use proptest::prelude::*;
use serde_json::json;
use surety_aims::{Body, Book, Event, ExternalId, Happened, Kind, RecordId, Stated};

use crate::{
    given::{
        World, given, instant, manager, noted, person, policy, restate, second, state, step,
        withdraw,
    },
    random::{KINDS, world},
};

fn fold(history: &[Happened]) -> Book {
    let mut book = Book::default();
    for happened in history {
        book.apply(happened.clone());
    }
    book
}

proptest! {
    #[test]
    fn indexes_equal_those_made_anew(world in world(&KINDS, 80)) {
        prop_assert_eq!(&world.book, &world.book.rebuilt());
    }

    #[test]
    fn a_snapshot_reads_back_as_the_same_book(world in world(&KINDS, 80), threads in 1..4_usize) {
        let snapshot = world.book.snapshot().unwrap();
        prop_assert_eq!(&Book::from_snapshot(&snapshot, threads).unwrap(), &world.book);
    }

    #[test]
    fn folding_goes_on_from_a_snapshot_as_if_nothing_had_been_between(
        world in world(&KINDS, 80), at in 0..80_usize,
    ) {
        let (before, after) = world.history.split_at(at.min(world.history.len()));
        let mut book = Book::from_snapshot(&fold(before).snapshot().unwrap(), 2).unwrap();
        for happened in after {
            book.apply(happened.clone());
        }
        prop_assert_eq!(&book, &world.book);
    }

    #[test]
    fn a_copy_of_the_book_stays_at_its_moment(world in world(&KINDS, 60), at in 0..60_usize) {
        let at = at.min(world.history.len());
        let then = fold(&world.history[..at]);
        let mut book = then.clone();
        for happened in &world.history[at..] {
            book.apply(happened.clone());
        }
        prop_assert_eq!(&then, &fold(&world.history[..at]));
        prop_assert_eq!(&book, &world.book);
    }

    #[test]
    fn numbers_are_never_given_out_twice(world in world(&KINDS, 60)) {
        for happened in &world.history {
            if let Event::Stated(stated) = &happened.event {
                prop_assert!(world.book.next_number(stated.id.kind) > stated.id.number);
            }
        }
    }

    #[test]
    fn every_event_reads_back_as_written(world in world(&KINDS, 30)) {
        for happened in &world.history {
            let payload = serde_json::to_vec(&happened.event.to_json()).unwrap();
            prop_assert_eq!(&Event::parse(surety_aims::SCHEMA, &payload).unwrap(), &happened.event);
        }
    }

    /// Lookups by index answer as a search through all records would.
    #[test]
    fn lookups_answer_as_a_search_through_all_records(world in world(&KINDS, 80)) {
        let book = &world.book;
        for target in book.records() {
            let by_index: Vec<_> = book.referrers(target.id).map(|record| record.id).collect();
            let refers = |body: &Body| body.references().iter().any(|(_, id)| *id == target.id);
            let searched: Vec<_> = book
                .records()
                .filter(|other| refers(&other.body) || other.in_force.as_ref().is_some_and(|old| refers(&old.body)))
                .map(|other| other.id)
                .collect();
            prop_assert_eq!(by_index, searched, "{}", target.id);
        }
        for requirement in crate::random::REQUIREMENTS {
            let by_index: Vec<_> = book.naming(requirement).map(|record| record.id).collect();
            let quoted = format!("\"{requirement}\"");
            let names = |body: &Body| body.to_json().to_string().contains(&quoted);
            let searched: Vec<_> = book
                .records()
                .filter(|other| names(&other.body) || other.in_force.as_ref().is_some_and(|old| names(&old.body)))
                .map(|other| other.id)
                .collect();
            prop_assert_eq!(by_index, searched, "{}", requirement);
        }
        let mut dates: Vec<_> = book
            .records()
            .filter(|record| record.is_live())
            .flat_map(|record| record.body.dates().into_iter().map(|(field, date)| (date, record.id, field)))
            .collect();
        dates.sort_unstable();
        dates.dedup();
        let due: Vec<_> = book.due().map(|(date, record, field)| (date, record.id, field)).collect();
        prop_assert_eq!(due, dates);
    }
}

/// The AI policy approved in version 1, the next one in draft.
fn redrafted() -> World {
    let mut world = given([person("Head of AI"), person("Auditor"), state(Kind::Policy, policy())]);
    world.does(&manager(), step("POL-1", "submit")).does(&second(), step("POL-1", "approve"));
    let mut next = policy();
    next["version"] = "2.0".into();
    world.does(&manager(), restate("POL-1", 1, next));
    world
}

/// The version of the text that counts today; empty if none does.
fn counts(world: &World) -> String {
    let record = world.book.get(RecordId::new(Kind::Policy, 1)).unwrap();
    let version = record.effective().map(|body| body.to_json()["version"].clone());
    format!("{} {}", record.state, version.unwrap_or_default())
}

#[test]
fn the_approved_version_of_a_document_counts_until_the_next_is_approved_or_it_is_taken_back() {
    let mut world = redrafted();
    assert_eq!(counts(&world), r#"draft "1.0""#);
    world.does(&manager(), step("POL-1", "submit"));
    assert_eq!(counts(&world), r#"in_review "1.0""#);
    let mut approved = world.clone();
    approved.does(&second(), step("POL-1", "approve"));
    assert_eq!(counts(&approved), r#"approved "2.0""#);
    world.does(&second(), noted("POL-1", "request_changes", "too long"));
    assert_eq!(counts(&world), r#"draft "1.0""#);
    world.does(&manager(), noted("POL-1", "retire", "no longer needed"));
    assert_eq!(counts(&world), "retired null");
    approved.does(&manager(), noted("POL-1", "withdraw", "wrong text"));
    assert_eq!(counts(&approved), "draft null");
}

#[test]
fn a_record_says_which_version_is_in_force_while_another_is_prepared() {
    let world = redrafted();
    let json = world.book.get(RecordId::new(Kind::Policy, 1)).unwrap().to_json();
    assert_eq!((&json["version"], &json["version_in_force"]), (&json!(2), &json!(1)));
}

#[test]
fn a_withdrawn_record_is_gone_and_its_number_is_not_given_out_again() {
    let mut world = given([person("Head of AI"), person("Clerk")]);
    world.does(&manager(), withdraw("PER-2"));
    assert!(world.book.get(RecordId::new(Kind::Person, 2)).is_none());
    assert!(world.book.is_withdrawn(RecordId::new(Kind::Person, 2)));
    assert!(!world.book.is_withdrawn(RecordId::new(Kind::Person, 1)));
    assert!(!world.book.is_withdrawn(RecordId::new(Kind::Person, 3)));
    assert_eq!(world.book.next_number(Kind::Person), 3);
    let reopened = Book::from_snapshot(&world.book.snapshot().unwrap(), 1).unwrap();
    assert!(reopened.is_withdrawn(RecordId::new(Kind::Person, 2)));
    assert_eq!(reopened.next_number(Kind::Person), 3);
}

#[test]
fn two_records_whose_origin_was_erased_do_not_hide_each_other() {
    let erased = ExternalId { source: "[redacted]".to_owned(), id: "[redacted]".to_owned() };
    let person = |number| {
        let body = Kind::Person.body(json!({ "position": "Clerk" })).unwrap();
        let id = RecordId::new(Kind::Person, number);
        let external = vec![erased.clone()];
        Event::Stated(Box::new(Stated {
            id,
            version: 1,
            body,
            custom: Default::default(),
            external,
        }))
    };
    let mut world = World::default();
    world.happens("PER-1", person(1));
    world.happens("PER-1", person(2));
    let gone = Event::Withdrawn { id: RecordId::new(Kind::Person, 1), reason: "left".to_owned() };
    world.happens("PER-1", gone);
    assert_eq!(world.book.imported(&erased).unwrap().id.number, 2);
}

#[test]
fn an_entry_that_says_nothing_any_more_still_counts() {
    let mut book = Book::default();
    book.skip(7, instant(7));
    assert_eq!((book.size(), book.at(), book.len()), (8, Some(instant(7)), 0));
}

#[test]
fn a_snapshot_that_is_cut_or_garbled_is_refused_and_never_half_read() {
    let world = redrafted();
    let snapshot = world.book.snapshot().unwrap();
    for cut in 0..snapshot.len() {
        let read = Book::from_snapshot(&snapshot[..cut], 2);
        assert!(read.is_err(), "cut at {cut} of {}", snapshot.len());
    }
    assert!(Book::from_snapshot(b"", 1).is_err());
    assert!(Book::from_snapshot(&[0xff; 300], 2).is_err());
}
