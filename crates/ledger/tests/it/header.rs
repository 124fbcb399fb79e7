//! Headers and single entries.

use jiff::Timestamp;
use proptest::prelude::*;
use surety_ledger::entry::{MAX_HEADER_LEN, MAX_SEQ, format_instant, parse_instant};
use surety_ledger::merkle::leaf_hash;
use surety_ledger::{Entry, EntryError, Fields, Hash, Hasher, Header, Salt};

const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn header() -> Header {
    Header {
        organisation: "acme".into(),
        seq: 41,
        instant: "2026-11-21T11:37:05.000001Z".parse().unwrap(),
        actor: "u-1".into(),
        kind: "stated".into(),
        schema: 1,
        idempotency_key: Some("ci-7".into()),
        digest: DIGEST.parse().unwrap(),
    }
}

const CANONICAL: &str = concat!(
    r#"{"actor":"u-1","digest":"#,
    r#""0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","#,
    r#""idempotency_key":"ci-7","instant":"2026-11-21T11:37:05.000001Z","kind":"stated","#,
    r#""organisation":"acme","schema":1,"seq":41}"#
);

#[test]
fn a_header_has_one_form_and_these_bytes_are_it() {
    // Released ledgers hold these bytes: they must never change.
    assert_eq!(String::from_utf8(header().canonical().unwrap()).unwrap(), CANONICAL);
    assert_eq!(Header::parse(CANONICAL.as_bytes()).unwrap(), header());
    assert_eq!(
        leaf_hash(CANONICAL.as_bytes()).to_string(),
        "6fad42861c4dc626d45f93db83dc4d15c8f0a3c505b5b1aa48a311a9d3023c45"
    );
}

#[test]
fn a_missing_idempotency_key_is_left_out() {
    let header = Header { idempotency_key: None, ..header() };
    let bytes = header.canonical().unwrap();
    assert_eq!(
        String::from_utf8(bytes.clone()).unwrap(),
        CANONICAL.replace(r#""idempotency_key":"ci-7","#, "")
    );
    assert_eq!(Header::parse(&bytes).unwrap(), header);
}

#[test]
fn any_other_spelling_of_a_header_is_refused_where_it_differs() {
    let long = format!(r#""acme{}""#, "e".repeat(MAX_HEADER_LEN));
    let cases = [
        (r#"{"actor""#, r#"{ "actor""#, "at byte 0: expected {\"actor\":"),
        ("u-1", r"u\u002d1", "at byte 9: expected a JSON string"),
        ("u-1", r"u\/1", "at byte 9: expected a JSON string"),
        ("u-1", r"\ud800", "at byte 9: expected a JSON string"),
        ("u-1", "u\n1", "at byte 9: expected a JSON string"),
        ("0123456789abcdef\"", "0123456789ABCDEF\"", "at byte 24: expected 64 lower-case"),
        (".000001Z", ".00001Z", "expected \""),
        (".000001Z", ".000001+", "expected an instant"),
        ("T11:", "t11:", "expected an instant"),
        ("T11:37:05", "T11:37:60", "expected an instant"),
        ("2026-11-21", "2026-11-31", "expected an instant"),
        (r#""schema":1,"#, r#""schema":01,"#, "leading zeros"),
        (r#""schema":1,"#, r#""schema":4294967296,"#, "a schema version below 2^32"),
        (r#""seq":41"#, r#""seq":+41"#, "leading zeros"),
        (r#""seq":41"#, r#""seq":41.0"#, "expected }"),
        (r#""seq":41"#, r#""seq":9007199254740992"#, "is not below 2^53"),
        (r#""seq":41"#, r#""seq":99999999999999999999"#, "a whole number below 2^53"),
        (r#""seq":41}"#, r#""seq":41}}"#, "expected nothing more"),
        (r#""seq":41}"#, r#""seq":41"#, "expected }"),
        ("ci-7", "", "idempotency_key of an entry must not be empty"),
        ("acme", "", "organisation of an entry must not be empty"),
        (r#""acme""#, &long, "is longer than 65535"),
    ];
    for (from, to, expected) in cases {
        let error = Header::parse(CANONICAL.replace(from, to).as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{to:.40}: {error}");
    }
    let error = Header::parse(b"{\"actor\":\"\xff\"").unwrap_err().to_string();
    assert_eq!(
        error,
        "header is not in canonical form at byte 9: expected a JSON string in canonical form"
    );
}

#[test]
fn what_a_header_can_not_say_is_refused_when_it_is_written() {
    let cases = [
        (Header { actor: String::new(), ..header() }, "actor of an entry must not be empty"),
        (Header { kind: String::new(), ..header() }, "kind of an entry must not be empty"),
        (Header { seq: MAX_SEQ, ..header() }, "sequence number 9007199254740992 is not below 2^53"),
        (
            Header { instant: Timestamp::MIN, ..header() },
            "instant -009999-01-02T01:59:59Z lies outside the years 0 to 9999",
        ),
        (
            Header { actor: "a".repeat(MAX_HEADER_LEN), ..header() },
            "a header of 65746 bytes is longer than 65535",
        ),
    ];
    for (header, expected) in cases {
        assert_eq!(header.canonical().unwrap_err().to_string(), expected);
    }
}

#[test]
fn instants_are_cut_to_the_microsecond_towards_the_past() {
    for (instant, expected) in [
        ("2026-11-21T11:37:05.000001999Z", "2026-11-21T11:37:05.000001Z"),
        ("2026-11-21T11:37:05Z", "2026-11-21T11:37:05.000000Z"),
        ("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z"),
        ("2026-11-21T12:37:05+01:00", "2026-11-21T11:37:05.000000Z"),
    ] {
        assert_eq!(format_instant(instant.parse().unwrap()).unwrap(), expected);
    }
}

fn sealed() -> Entry {
    let Header { organisation, seq, instant, actor, kind, schema, .. } = header();
    let fields = Fields {
        organisation: &organisation,
        seq,
        instant,
        actor: &actor,
        kind: &kind,
        schema,
        idempotency_key: None,
    };
    Entry::seal(fields, Salt::new([5; 32]), b"{\"type\":\"stated\"}".to_vec()).unwrap()
}

#[test]
fn a_sealed_entry_is_in_order_only_in_its_place() {
    let entry = sealed();
    assert!(entry.check(41, "acme").is_ok());
    assert_eq!(entry.leaf(), leaf_hash(&entry.header));
    let digest = Hash::of_parts(&[&[5; 32], b"{\"type\":\"stated\"}"]);
    assert_eq!(entry.parsed().unwrap().digest, digest);
    let wrong =
        |entry: &Entry, seq, organisation| entry.check(seq, organisation).unwrap_err().to_string();
    assert_eq!(wrong(&entry, 40, "acme"), "entry 40: header says that it is entry 41");
    assert_eq!(wrong(&entry, 41, "other"), "entry 41: header names the organisation \"acme\"");
    let half = Entry { salt: None, ..entry.clone() };
    assert_eq!(
        wrong(&half, 41, "acme"),
        "entry 41: of salt and payload one is missing; a redacted entry has neither"
    );
    let changed = Entry { payload: Some(b"{}".to_vec()), ..entry };
    assert_eq!(
        wrong(&changed, 41, "acme"),
        "entry 41: salt and payload do not have the digest that the header gives"
    );
}

#[test]
fn a_redacted_entry_keeps_its_place_and_its_leaf() {
    let (entry, redacted) = (sealed(), sealed().redacted());
    assert!(redacted.is_redacted() && !entry.is_redacted());
    assert!(redacted.check(41, "acme").is_ok());
    assert_eq!(redacted.leaf(), entry.leaf());
}

#[test]
fn debug_shows_neither_salt_nor_payload() {
    let shown = format!("{:?}", sealed());
    assert!(shown.contains("organisation"), "{shown}");
    assert!(!shown.contains("5, 5") && !shown.contains("type"), "{shown}");
}

#[test]
fn hashes_and_salts_have_one_text_form() {
    let hash: Hash = DIGEST.parse().unwrap();
    assert_eq!(hash.to_string(), DIGEST);
    assert_eq!(serde_json::to_string(&hash).unwrap(), format!("{DIGEST:?}"));
    assert_eq!(serde_json::from_str::<Hash>(&format!("{DIGEST:?}")).unwrap(), hash);
    assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
    assert_eq!(Hash::try_from(hash.as_bytes().as_slice()), Ok(hash));
    for wrong in ["", &DIGEST[1..], &DIGEST.to_uppercase(), &format!("{DIGEST}0")] {
        assert!(wrong.parse::<Hash>().is_err(), "{wrong}");
    }
    let salt = Salt::new([9; 32]);
    assert_eq!(Salt::from_base64(&salt.to_base64()), Ok(salt));
    let unpadded = salt.to_base64().replace('=', "");
    for wrong in ["", "AAAA", &unpadded, &salt.to_base64().replace("k=", "l=")] {
        assert!(Salt::from_base64(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn bytes_hashed_in_parts_have_the_hash_of_the_whole() {
    let mut hasher = Hasher::default();
    [&b"ab"[..], b"", b"c"].iter().for_each(|part| hasher.update(part));
    // FIPS 180-4, the one-block example.
    let whole = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hasher.finish().to_string(), whole);
    assert_eq!(Hash::of(b"abc").to_string(), whole);
}

fn text() -> impl Strategy<Value = String> {
    // Control characters, quotes and backslashes often: they are what is escaped.
    let character = prop_oneof![any::<char>(), prop::char::range('\0', '/'), Just('\\')];
    prop::collection::vec(character, 1..20).prop_map(String::from_iter)
}

fn any_header() -> impl Strategy<Value = Header> {
    let texts = (text(), text(), text(), prop::option::of(text()));
    let instant = -62_167_219_200_000_000_i64..253_402_207_200_000_000;
    (texts, 0..MAX_SEQ, instant, any::<u32>(), any::<[u8; 32]>()).prop_map(
        |((organisation, actor, kind, idempotency_key), seq, microsecond, schema, digest)| Header {
            organisation,
            seq,
            instant: Timestamp::from_microsecond(microsecond).unwrap(),
            actor,
            kind,
            schema,
            idempotency_key,
            digest: Hash::new(digest),
        },
    )
}

proptest! {
    #[test]
    fn an_entry_is_of_its_organisation_and_of_no_other_whatever_their_names(
        one in text(), other in text(), seq in 0..MAX_SEQ,
    ) {
        let fields = Fields {
            organisation: &one,
            seq,
            instant: Timestamp::UNIX_EPOCH,
            actor: "u-1",
            kind: "stated",
            schema: 1,
            idempotency_key: Some(&other),
        };
        let entry = Entry::seal(fields, Salt::new([5; 32]), b"{}".to_vec()).unwrap();
        prop_assert!(entry.check(seq, &one).is_ok());
        prop_assert_eq!(entry.check(seq, &other).is_ok(), one == other);
    }

    #[test]
    fn every_header_is_read_as_it_was_written(header in any_header()) {
        let bytes = header.canonical().unwrap();
        prop_assert_eq!(Header::parse(&bytes).unwrap(), header);
        // And a general JSON reader agrees on what it says and on the canonical form.
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(surety_ledger::canonical_json(&value).unwrap(), bytes);
    }

    #[test]
    fn arbitrary_bytes_do_not_panic_and_no_header_has_two_spellings(
        header in any_header(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        noise in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        prop_assert!(Header::parse(&noise).is_err());
        let mut bytes = header.canonical().unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        match Header::parse(&bytes) {
            Ok(read) => prop_assert_eq!(read.canonical().unwrap(), bytes),
            Err(EntryError::Malformed { at, .. }) => prop_assert!(at <= bytes.len()),
            Err(_) => {}
        }
    }

    #[test]
    fn arbitrary_texts_are_instants_only_in_the_one_form(text in "[0-9TZ:.+-]{0,30}") {
        if let Some(instant) = parse_instant(&text) {
            prop_assert_eq!(format_instant(instant).unwrap(), text);
        }
    }
}
