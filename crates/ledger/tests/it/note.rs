//! Signed notes (c2sp.org/signed-note@v1.0.0).

use proptest::prelude::*;
use serde::Deserialize;
use surety_ledger::note::{MAX_NOTE_LEN, MAX_SIGNATURES};
use surety_ledger::{KeyRing, Note, NoteError, SigningKey};

use crate::key::{ring_of, signing_key};
use crate::vectors::read;

#[derive(Deserialize)]
struct File {
    notes: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    vkeys: Vec<String>,
    note: String,
    accept: bool,
    why: String,
}

fn accepted(case: &Case) -> Option<Note> {
    let keys = KeyRing::parse(&case.vkeys.join("\n")).ok()?;
    let note = Note::parse(&case.note).ok()?;
    note.verify(&keys).ok()?;
    Some(note)
}

#[test]
fn published_notes_are_accepted_and_refused_as_labelled() {
    let file: File = read(include_str!("../data/notes.json"));
    assert_eq!(file.notes.len(), 11);
    for case in file.notes {
        let note = accepted(&case);
        assert_eq!(note.is_some(), case.accept, "{}: {}", case.name, case.why);
        if let Some(note) = note {
            assert_eq!(note.to_string(), case.note);
        }
    }
}

fn signed(text: &str, keys: &[&SigningKey]) -> Note {
    let mut note = Note::new(text.to_owned()).unwrap();
    keys.iter().for_each(|key| note.sign(key));
    note
}

#[test]
fn a_note_names_the_keys_that_signed_it() {
    let (a, b) = (signing_key("a.example", 1), signing_key("b.example", 2));
    let note = Note::parse(&signed("text\n\nwith a gap\n", &[&a, &b]).to_string()).unwrap();
    assert_eq!(note.text(), "text\n\nwith a gap\n");
    let names = |ring: &KeyRing| -> Result<Vec<String>, NoteError> {
        Ok(note.verify(ring)?.iter().map(|signed| signed.key.name().to_owned()).collect())
    };
    assert_eq!(names(&ring_of(&[&b])).unwrap(), ["b.example"]);
    assert_eq!(names(&ring_of(&[&b, &a])).unwrap(), ["a.example", "b.example"]);
    assert_eq!(names(&KeyRing::new()), Err(NoteError::UnknownKeys));
}

#[test]
fn a_wrong_signature_of_a_known_key_condemns_the_note() {
    let (a, b) = (signing_key("a.example", 1), signing_key("b.example", 2));
    let (mine, other) = (signed("mine\n", &[&a, &b]), signed("other\n", &[&b]));
    let line = |note: &Note| note.to_string().lines().last().unwrap().to_owned();
    let forged = Note::parse(&mine.to_string().replace(&line(&mine), &line(&other))).unwrap();
    let wrong = NoteError::WrongSignature { name: "b.example".into(), id: b.verifier().id() };
    assert_eq!(forged.verify(&ring_of(&[&a, &b])), Err(wrong));
    assert!(forged.verify(&ring_of(&[&a])).is_ok(), "unknown to this ring");
}

#[test]
fn a_text_that_is_no_note_is_refused_with_its_reason() {
    let line = signed("t\n", &[&signing_key("a.example", 1)]).to_string().replace("t\n\n", "");
    let cases = [
        (String::new(), NoteError::Text),
        (format!("t\n{line}"), NoteError::Text),
        (format!("t\n\n{line}\n"), NoteError::NoSignature),
        (format!("t\t\n\n{line}"), NoteError::Control { at: 1 }),
        (format!("t\n\n{}", line.trim_end()), NoteError::NoSignature),
        ("t\n\n".to_owned(), NoteError::NoSignature),
        ("t\n\n\n".to_owned(), NoteError::NoSignature),
        (format!("t\n\n{}", line.replace('—', "-")), NoteError::SignatureLine { number: 1 }),
        (format!("t\n\n{line}— a.example AAAAAA==\n"), NoteError::SignatureLine { number: 2 }),
        (format!("t\n\n{line}— a.example  AAAAAAA=\n"), NoteError::SignatureLine { number: 2 }),
        (format!("t\n\n{line}— a.example AAAAAAB=\n"), NoteError::SignatureLine { number: 2 }),
        (format!("t\n\n{}", line.repeat(MAX_SIGNATURES + 1)), NoteError::TooManySignatures),
        ("t".repeat(MAX_NOTE_LEN + 1), NoteError::TooLong(MAX_NOTE_LEN + 1)),
    ];
    for (text, expected) in cases {
        let start: String = text.chars().take(80).collect();
        assert_eq!(Note::parse(&text), Err(expected), "{start:?}");
    }
    let most = format!("t\n\n{}", line.repeat(MAX_SIGNATURES));
    assert_eq!(Note::parse(&most).unwrap().signatures().len(), MAX_SIGNATURES);
}

#[test]
fn only_a_text_that_ends_with_a_line_feed_can_be_signed() {
    assert_eq!(Note::new("text".into()), Err(NoteError::Text));
    assert_eq!(Note::new(String::new()), Err(NoteError::Text));
    assert_eq!(Note::new("te\rxt\n".into()), Err(NoteError::Control { at: 2 }));
}

proptest! {
    #[test]
    fn arbitrary_texts_do_not_panic_and_what_is_read_is_written_the_same(
        text in any::<String>(),
        lines in prop::collection::vec("(— )?[ -~]{0,40}", 0..4),
    ) {
        for note in [text.clone(), format!("{text}\n\n{}\n", lines.join("\n"))] {
            if let Ok(read) = Note::parse(&note) {
                prop_assert_eq!(read.to_string(), note);
            }
        }
    }

    #[test]
    fn any_text_can_be_signed_and_no_other_text_has_its_signature(
        text in "[ -~\n]{0,60}\n",
        other in "[ -~\n]{0,60}\n",
    ) {
        let key = signing_key("a.example", 9);
        let note = Note::parse(&signed(&text, &[&key]).to_string()).unwrap();
        prop_assert_eq!(note.text(), &text);
        prop_assert!(note.verify(&ring_of(&[&key])).is_ok());
        let line = note.to_string().lines().last().unwrap().to_owned();
        let forged = Note::parse(&format!("{other}\n{line}\n")).unwrap();
        prop_assert_eq!(forged.verify(&ring_of(&[&key])).is_ok(), forged.text() == text);
    }
}
