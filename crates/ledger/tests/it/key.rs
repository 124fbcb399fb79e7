//! Keys and their texts.

use proptest::prelude::*;
use surety_ledger::key::{Algorithm, MAX_KEYS, check_name};
use surety_ledger::{KeyError, KeyRing, SigningKey, VerifierKey};

pub(crate) fn signing_key(name: &str, seed: u8) -> SigningKey {
    SigningKey::new(name, [seed; 32]).unwrap()
}

pub(crate) fn ring_of(keys: &[&SigningKey]) -> KeyRing {
    let mut ring = KeyRing::new();
    keys.iter().for_each(|key| ring.insert(key.verifier().clone()).unwrap());
    ring
}

#[test]
fn a_published_secret_key_has_its_published_public_key() {
    // golang.org/x/mod sumdb/note/note_test.go, BSD-3-Clause.
    let key = SigningKey::parse_file(
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n",
    )
    .unwrap();
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert_eq!(key.verifier().to_string(), public);
}

#[test]
fn a_key_file_is_read_as_it_was_written() {
    let key = signing_key("surety.example/acme", 7);
    let read = SigningKey::parse_file(&key.to_file()).unwrap();
    assert_eq!(read.verifier(), key.verifier());
    assert_eq!(read.to_file(), key.to_file());
    assert_eq!(key.to_file().lines().count(), 3);
}

#[test]
fn a_secret_key_is_not_shown_by_debug_nor_by_an_error() {
    let secret = signing_key("surety.example/acme", 7);
    let shown = format!("{secret:?}");
    assert!(shown.contains("surety.example/acme"), "{shown}");
    assert!(!shown.contains("seed") && !shown.contains("7, 7, 7"), "{shown}");
    let broken = secret.to_file().replace("surety.example", "surety.invalid");
    let error = SigningKey::parse_file(&broken).unwrap_err();
    assert_eq!(error, KeyError::Id);
    assert!(!format!("{error:?} {error}").contains("BwcH"), "base64 of the seed");
}

#[test]
fn what_is_not_a_key_is_refused_with_its_reason() {
    let good = signing_key("a.example", 1).verifier().to_string();
    let id = good.split('+').nth(1).unwrap();
    let cases = [
        (String::new(), KeyError::Format),
        ("a.example+01234567".to_owned(), KeyError::Format),
        (good.replace("a.example", "b.example"), KeyError::Id),
        (good.replace(id, "01234567"), KeyError::Id),
        (good.replace(id, &id.to_uppercase()), KeyError::Id),
        (format!("{good}A"), KeyError::Format),
        (good.replace("a.example", ""), KeyError::Name),
        (good.replace("a.example", "a example"), KeyError::Name),
        (format!("a.example+{id}+AQ=="), KeyError::Key),
        (format!("a.example+{id}+"), KeyError::Key),
        (format!("a.example+{id}+Ag=="), KeyError::Algorithm),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse::<VerifierKey>(), Err(expected), "{text}");
    }
    for file in ["", "# only a comment\n", good.as_str(), "PRIVATE+KEY+\nPRIVATE+KEY+\n"] {
        assert_eq!(SigningKey::parse_file(file).unwrap_err(), KeyError::File, "{file}");
    }
}

#[test]
fn a_list_of_keys_may_have_comments_and_names_the_line_that_is_wrong() {
    let (old, new) = (signing_key("a.example", 1), signing_key("a.example", 2));
    let text = format!("# the old key\n{}\n\n# the new one\n{}\n", old.verifier(), new.verifier());
    let ring = KeyRing::parse(&text).unwrap();
    assert_eq!(ring, ring_of(&[&old, &new]));
    assert_eq!(KeyRing::parse(&ring.to_string()).unwrap(), ring);
    let error = KeyRing::parse(&format!("{text}nonsense\n")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 6 of the keys: expected a key as name+id+base64, the id being 8 lower-case \
         hexadecimal digits"
    );
}

#[test]
fn a_ring_holds_a_key_once_and_not_more_keys_than_it_may() {
    let key = signing_key("a.example", 1);
    assert_eq!(ring_of(&[&key, &key]).iter().len(), 1);
    let many = (0..=MAX_KEYS).map(|number| {
        VerifierKey::new(&format!("k{number}"), Algorithm::Ed25519, [1; 32]).unwrap().to_string()
    });
    let text = many.collect::<Vec<_>>().join("\n");
    let error = KeyRing::parse(&text).unwrap_err();
    assert_eq!(error, KeyError::Line { line: 1001, fault: Box::new(KeyError::TooMany) });
}

#[test]
fn a_name_must_be_fit_for_a_signature_line() {
    for name in ["surety.example/acme", "PeterNeumann", "å"] {
        assert_eq!(check_name(name), Ok(()), "{name}");
    }
    let long = "a".repeat(256);
    for name in ["", "a b", "a\u{a0}b", "a\u{2003}b", "a\nb", "a+b", "a\u{7f}", &long] {
        assert_eq!(check_name(name), Err(KeyError::Name), "{name:?}");
    }
}

proptest! {
    #[test]
    fn arbitrary_texts_do_not_panic(text in any::<String>()) {
        drop(text.parse::<VerifierKey>());
        drop(KeyRing::parse(&text));
        drop(SigningKey::parse_file(&text));
        drop(SigningKey::parse_file(&format!("PRIVATE+KEY+{text}")));
    }

    #[test]
    fn a_vkey_with_one_character_changed_is_refused(
        at in any::<prop::sample::Index>(),
        to in proptest::char::range('!', '~'),
    ) {
        let text = signing_key("surety.example/acme", 3).verifier().to_string();
        let mut characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len());
        characters[at] = to;
        let changed: String = characters.into_iter().collect();
        prop_assert_eq!(changed.parse::<VerifierKey>().is_ok(), changed == text);
    }
}
