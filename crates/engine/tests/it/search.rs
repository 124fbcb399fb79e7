//! What is found, in which order, and that a view finds nothing that it does not hold.

use std::sync::Arc;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use surety_aims::{Book, Command, Kind, RecordId};
use surety_engine::{Aims, Engine, Error, Moment, Person, Query, View};
use tokio::runtime::Runtime;

use crate::given::{Home, operator, restate, run, state, step, withdraw};

/// An organisation of ships and risks.
async fn harbour() -> (Home, Engine, Arc<Aims>) {
    let home = Home::sqlite();
    let (engine, aims) = home.open().await;
    let risk = |title: &str, description: &str| {
        state(Kind::Risk, json!({ "title": title, "description": description }))
    };
    let field = json!({ "record_kind": "risk", "name": "cost_centre", "type": "text" });
    run(&aims, [state(Kind::CustomField, field)]).await;
    run(
        &aims,
        [
            state(
                Kind::AiSystem,
                json!({ "name": "Berth planner", "purpose": "Plans berths for ships in Köln" }),
            ),
            state(
                Kind::AiSystem,
                json!({ "name": "Größenschätzer", "purpose": "Schätzt die Größe der Ladung" }),
            ),
            risk("Fog", "Two ships meet. See RSK-3 for ice, and third-party radar."),
            risk("Ships collide", "A berth is taken by two vessels"),
            risk("Ice", "Policies of the harbour say what is assessed before a ship leaves"),
            Command::State {
                kind: Kind::Risk,
                id: None,
                body: json!({ "title": "Wind" }),
                custom: Map::from_iter([("cost_centre".to_owned(), json!("Quayside cranes"))]),
                external: Vec::new(),
                base: None,
            },
            state(
                Kind::Comment,
                json!({ "about": "RSK-1", "text": "Foghorn?\nThe lighthouse keeper knows." }),
            ),
        ],
    )
    .await;
    (home, engine, aims)
}

async fn found(aims: &Aims, view: &View, query: &str) -> Vec<String> {
    let query = Query::read(query).unwrap();
    let found = aims.search(view, &query, &[], 100).await.unwrap();
    assert_eq!(found.total, found.hits.len());
    assert!(found.hits.is_sorted_by(|one, next| one.score >= next.score));
    found.hits.iter().map(|hit| hit.record.to_string()).collect()
}

async fn found_now(aims: &Aims, query: &str) -> Vec<String> {
    found(aims, &aims.view(Moment::Now).await.unwrap(), query).await
}

#[tokio::test]
async fn words_are_found_in_whatever_form_and_the_best_stands_first() {
    let (_home, _engine, aims) = harbour().await;
    for (query, expected) in [
        // Every word has to occur, in whatever field.
        ("berth ship", &["SYS-1", "RSK-2"][..]),
        ("BERTH Ladung", &[]),
        // Case and diacritics.
        ("koln", &["SYS-1"]),
        ("KÖLN", &["SYS-1"]),
        ("ko\u{308}ln", &["SYS-1"]),
        ("grosse", &["SYS-2"]),
        ("GRÖSSE", &["SYS-2"]),
        // English families of words.
        ("policy", &["RSK-3"]),
        ("assessment before", &["RSK-3"]),
        // The title weighs more than the rest, the word more than its family.
        ("ships", &["RSK-2", "SYS-1", "RSK-1", "RSK-3"]),
        // The last word may go on; others may not.
        ("vess", &["RSK-2"]),
        ("vess taken", &[]),
        ("fog", &["RSK-1", "CMT-1"]),
        // One letter may be wrong in long words, and stands last.
        ("vesels", &["RSK-2"]),
        ("lihgthouse", &["CMT-1"]),
        ("fogg", &[]),
        ("plans", &["SYS-1"]),
        // Phrases.
        ("\"two ships\"", &["RSK-1"]),
        ("\"ships two\"", &[]),
        ("“taken by two ves", &["RSK-2"]),
        ("\"policy\"", &[]),
        ("third-party", &["RSK-1"]),
        ("third-part", &["RSK-1"]),
        ("party-third", &[]),
        // Ids: the record itself, then what names it.
        ("rsk-3", &["RSK-3", "RSK-1"]),
        ("RSK-3 radar", &["RSK-1"]),
        ("(rsk-2)", &["RSK-2"]),
        ("rsk-", &["RSK-1"]),
        // The organisation's own fields, and all lines of comments.
        ("quayside", &["RSK-4"]),
        ("lighthouse keeper", &["CMT-1"]),
        // Signs part words and mean nothing.
        ("title:wind* AND", &[]),
        ("+wind* -~^", &["RSK-4"]),
    ] {
        assert_eq!(found_now(&aims, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn what_is_only_nearly_there_stands_below_all_else() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let long = "and so on ".repeat(400);
    let risk =
        |title: &str, text: &str| state(Kind::Risk, json!({ "title": title, "description": text }));
    run(
        &aims,
        [
            risk("Harbor harbor", "harbor"),
            risk("Nothing", &format!("{long}harbour{long}")),
            risk("Harbours", ""),
            risk("Harbour", "harbour"),
            risk("Harbour of the whole coast of the north and of the south", ""),
            risk("Harbourage", ""),
            risk("Often", "harbour, harbour and harbour"),
        ],
    )
    .await;
    assert_eq!(
        found_now(&aims, "harbour").await,
        ["RSK-4", "RSK-5", "RSK-3", "RSK-6", "RSK-7", "RSK-2", "RSK-1"]
    );
}

#[tokio::test]
async fn people_are_found_by_their_names_until_these_are_erased() {
    let (_home, _engine, aims) = harbour().await;
    run(&aims, [state(Kind::Person, json!({ "position": "Harbour master" }))]).await;
    let id: RecordId = "PER-1".parse().unwrap();
    let ylva = Person { name: "Ylva Sandström".to_owned(), email: None };
    aims.put_person(id, &ylva).await.unwrap();
    let view = aims.view(Moment::Now).await.unwrap();
    for (query, is_found) in [
        ("ylva", true),
        ("sandstrom", true),
        ("ylv", true),
        ("ylva master", true),
        ("\"ylva sandström\"", true),
        ("master", true),
        ("ylva fog", false),
    ] {
        let expected: &[&str] = if is_found { &["PER-1"] } else { &[] };
        assert_eq!(found(&aims, &view, query).await, expected, "{query}");
    }
    let query = Query::read("ylva").unwrap();
    let hits = aims.search(&view, &query, &[Kind::Person], 9).await.unwrap().hits;
    assert_eq!(hits[0].title, "Ylva Sandström");
    assert_eq!(aims.search(&view, &query, &[Kind::Risk], 9).await.unwrap().total, 0);
    aims.erase_person(id).await.unwrap();
    assert!(found(&aims, &view, "ylva").await.is_empty());
}

#[tokio::test]
async fn a_hit_says_where_and_among_which_words() {
    let (_home, _engine, aims) = harbour().await;
    let view = aims.view(Moment::Now).await.unwrap();
    for (query, record, field, excerpt) in [
        ("fog", "RSK-1", "", ""),
        ("vessel", "RSK-2", "description", "A berth is taken by two vessels"),
        ("crane", "RSK-4", "custom.cost_centre", "Quayside cranes"),
        ("lighthouse", "CMT-1", "text", "Foghorn? The lighthouse keeper knows."),
    ] {
        let query = Query::read(query).unwrap();
        let found = aims.search(&view, &query, &[], 1).await.unwrap();
        let hit = &found.hits[0];
        assert_eq!(
            (hit.record.to_string().as_str(), hit.field.as_ref(), hit.excerpt.as_str()),
            (record, field, excerpt)
        );
    }
    let ships = Query::read("ships").unwrap();
    let of_risks = aims.search(&view, &ships, &[Kind::Risk, Kind::Policy], 2).await.unwrap();
    assert_eq!((of_risks.total, of_risks.hits.len()), (3, 2));
}

#[tokio::test]
async fn a_change_is_found_once_it_is_committed_and_the_past_stays_as_it_was() {
    let (home, _engine, aims) = harbour().await;
    let before = aims.view(Moment::Now).await.unwrap();
    let size = before.book().size();
    assert_eq!(found(&aims, &before, "berth").await, ["SYS-1", "RSK-2"]);
    home.pass(1);
    run(
        &aims,
        [
            restate("SYS-1", 1, json!({ "name": "Quay planner" })),
            state(Kind::Risk, json!({ "title": "Berth is lost" })),
        ],
    )
    .await;
    run(&aims, [withdraw("RSK-2"), step("CMT-1", "resolve")]).await;
    assert_eq!(found_now(&aims, "berth").await, ["RSK-5"]);
    assert_eq!(found_now(&aims, "planner").await, ["SYS-1"]);
    assert_eq!(found_now(&aims, "lighthouse").await, ["CMT-1"]);
    // The view that was taken before, and the same moment folded anew.
    let then = aims.view(Moment::Size(size)).await.unwrap();
    for past in [&before, &then] {
        assert_eq!(found(&aims, past, "berth").await, ["SYS-1", "RSK-2"]);
        assert_eq!(found(&aims, past, "quay planner").await, Vec::<String>::new());
    }
    let start = aims.view(Moment::Size(1)).await.unwrap();
    assert_eq!(found(&aims, &start, "berth").await, Vec::<String>::new());
    // What the past needed does not come back into the present.
    run(&aims, [state(Kind::Risk, json!({ "title": "Tide" }))]).await;
    assert_eq!(found_now(&aims, "berth").await, ["RSK-5"]);
}

#[tokio::test]
async fn another_node_finds_what_this_one_wrote() {
    let (home, _engine, aims) = harbour().await;
    let (_second, node) = home.open().await;
    assert_eq!(found_now(&node, "tide").await, Vec::<String>::new());
    run(&aims, [state(Kind::Risk, json!({ "title": "Tide" }))]).await;
    assert_eq!(found_now(&node, "tide").await, ["RSK-5"]);
}

#[tokio::test]
async fn whoever_is_limited_finds_their_part_whatever_others_look_for() {
    let (_home, _engine, aims) = harbour().await;
    run(
        &aims,
        [
            state(Kind::Risk, json!({ "title": "Planner secret", "ai_system": "SYS-1" })),
            state(Kind::Risk, json!({ "title": "Estimate secret", "ai_system": "SYS-2" })),
        ],
    )
    .await;
    let systems = |id: &str| [id.parse::<RecordId>().unwrap()].into();
    let whole = aims.view(Moment::Now).await.unwrap();
    let (one, other) = (
        aims.limited(whole.clone(), systems("SYS-1")),
        aims.limited(whole.clone(), systems("SYS-2")),
    );
    for _ in 0..2 {
        assert_eq!(found(&aims, &one, "secret").await, ["RSK-5"]);
        assert_eq!(found(&aims, &other, "secret").await, ["RSK-6"]);
        assert_eq!(found(&aims, &whole, "secret").await, ["RSK-5", "RSK-6"]);
    }
    // What a record is worth does not tell how many others hold the word.
    let query = Query::read("secret").unwrap();
    let part = aims.search(&one, &query, &[], 9).await.unwrap();
    let all = aims.search(&whole, &query, &[], 9).await.unwrap();
    assert_eq!(part.hits[0], all.hits[0]);
}

#[tokio::test]
async fn what_was_erased_is_not_found_in_any_view() {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    let body = json!({ "name": "Scoring", "purpose": "Rates Nordmann" });
    let seq = run(&aims, [state(Kind::AiSystem, body)]).await.entries.0;
    run(&aims, [restate("SYS-1", 1, json!({ "name": "Scoring" }))]).await;
    let first = Moment::Size(seq + 1);
    let old = aims.view(first).await.unwrap();
    assert_eq!(found(&aims, &old, "nordmann").await, ["SYS-1"]);
    aims.redact(&operator(), seq, "asked for", &["/body/purpose".to_owned()]).await.unwrap();
    let then = aims.view(first).await.unwrap();
    // Even if somebody still looks at the old view.
    assert_eq!(found(&aims, &old, "nordmann").await, ["SYS-1"]);
    assert_eq!(found(&aims, &then, "nordmann").await, Vec::<String>::new());
    assert_eq!(found(&aims, &then, "scoring").await, ["SYS-1"]);
    assert_eq!(found_now(&aims, "nordmann").await, Vec::<String>::new());
}

/// Whether a record holds a word that begins like that, read from its own JSON.
fn holds(book: &Book, id: RecordId, word: &str) -> bool {
    let record = book.get(id).unwrap();
    let text = Value::from(record.custom.clone()).to_string() + &record.body.to_json().to_string();
    text.to_lowercase()
        .split(|sign: char| !sign.is_alphanumeric())
        .any(|part| part.starts_with(word))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// The index is kept up to date over many histories; what it says is compared with the Books themselves.
    #[test]
    fn the_index_says_what_the_book_says(
        changes in vec((1..12_u32, select(&["fog", "ice", "wind", "tide", "gone"]), any::<bool>()), 1..40),
    ) {
        Runtime::new().unwrap().block_on(agrees(changes));
    }
}

async fn agrees(changes: Vec<(u32, &'static str, bool)>) {
    let home = Home::sqlite();
    let (_engine, aims) = home.open().await;
    for (number, word, looks_back) in changes {
        let id = RecordId::new(Kind::Risk, number);
        let version = {
            let view = aims.view(Moment::Now).await.unwrap();
            view.book().get(id).map(|record| record.version)
        };
        let command = match (version, word) {
            (Some(_), "gone") => withdraw(&id.to_string()),
            (base, _) => Command::State {
                kind: Kind::Risk,
                id: Some(id),
                body: json!({ "title": format!("Risk {number}"), "description": format!("The {word} at sea") }),
                custom: Map::new(),
                external: Vec::new(),
                base,
            },
        };
        // Withdrawn numbers are not given out again; such a command is refused, as in life.
        drop(aims.execute(&operator(), surety_engine::Batch::of([command])).await);
        let now = aims.view(Moment::Now).await.unwrap();
        let size = if looks_back { now.book().size() / 2 } else { now.book().size() };
        let view = aims.view(Moment::Size(size)).await.unwrap();
        for word in ["fog", "wind", "sea", "gone"] {
            let mut hits = found(&aims, &view, word).await;
            hits.sort();
            let ids = view.book().of_kind(Kind::Risk).map(|record| record.id);
            let mut held: Vec<String> =
                ids.filter(|id| holds(view.book(), *id, word)).map(|id| id.to_string()).collect();
            held.sort();
            assert_eq!(hits, held, "{word} at {size}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_that_is_typed_is_a_fault(queries in vec(typed(), 40)) {
        Runtime::new().unwrap().block_on(async {
            let (_home, _engine, aims) = harbour().await;
            let view = aims.view(Moment::Now).await.unwrap();
            for text in queries {
                match Query::read(&text) {
                    Ok(query) => {
                        let found = aims.search(&view, &query, &[], 100).await.unwrap();
                        assert!(found.total <= view.book().len(), "{text}");
                        for hit in &found.hits {
                            let pieces = query.marked(&hit.excerpt);
                            let whole: String = pieces.iter().map(|piece| piece.text).collect();
                            assert_eq!(whole, hit.excerpt, "{text}");
                        }
                    }
                    Err(Error::Input(message)) => assert!(
                        message.contains("no word") || message.contains("200 characters"),
                        "{text}: {message}"
                    ),
                    Err(error) => panic!("{text}: {error}"),
                }
            }
        });
    }
}

/// What people type, by accident and on purpose.
fn typed() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[a-zöß]{1,8}".boxed(),
        2 => select(&["ship", "two ships", "rsk-3", "RSK-", "berth"]).prop_map(str::to_owned).boxed(),
        3 => select(&["\"", "“", "”", "*", "\\", "/", "(", ")", "[", "]", "{", "}", "~", "^", ":", "+", "-", "&&", "||", "!", "?", " ", "\t", "\0", "AND", "OR", "NOT", "TO", "IN"])
            .prop_map(str::to_owned).boxed(),
        2 => "\\PC{0,12}".boxed(),
        1 => "(?s).{0,60}".boxed(),
    ];
    vec(part, 0..12).prop_map(|parts| parts.concat())
}
