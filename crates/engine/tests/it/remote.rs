//! A client of a server that says whatever the test wants it to say.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread::JoinHandle,
};

use serde_json::{Value, json};
use surety_aims::{Command, Kind, Principal};
use surety_engine::{
    Batch, Engine, Error, FixedClock, Secret,
    remote::{RemoteError, Server},
    stored,
};
use surety_ledger::{Entry, Fields, Frontier, Salt};

/// A server that gives these answers in turn, one a connection, and what it was asked.
struct Script {
    address: String,
    asked: JoinHandle<Vec<String>>,
}

impl Script {
    fn of(answers: Vec<Vec<u8>>) -> Script {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = std::thread::spawn(move || {
            let answer = |answer: Vec<u8>| {
                let mut stream = listener.accept().unwrap().0;
                let asked = read(&mut stream);
                stream.write_all(&answer).unwrap();
                asked
            };
            answers.into_iter().map(answer).collect()
        });
        Script { address, asked }
    }

    fn engine(&self) -> Engine {
        Engine::at(&Server {
            address: self.address.clone(),
            token: Secret("surety_x".to_owned()),
            allow_http: false,
            cache: None,
            clock: Arc::new(FixedClock::new("2026-11-20T15:00:00Z".parse().unwrap())),
        })
        .unwrap()
    }

    fn asked(self) -> Vec<String> {
        self.asked.join().unwrap()
    }
}

/// One request, whole.
fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.trim().parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn good(body: &Value) -> Vec<u8> {
    answer("200 OK", "", body.to_string().as_bytes())
}

fn problem(status: &str, headers: &str, more: Value) -> Vec<u8> {
    let mut body = json!({ "status": 400, "code": "refused", "detail": "not today" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    answer(status, headers, body.to_string().as_bytes())
}

fn head(size: u64, root: &str) -> Value {
    json!({
        "organisation": {
            "id": "ferries", "name": "Ferries", "origin": "surety/ferries/x", "created_at": "2026-01-01T00:00:00Z",
        },
        "size": size, "root": root, "you": { "name": "PER-1", "role": "owner" },
    })
}

/// What is answered until an empty organisation is open.
fn opening() -> Vec<Vec<u8>> {
    let empty = good(&head(0, &Frontier::new().root().to_base64()));
    vec![good(&json!([{ "id": "ferries" }])), empty.clone(), empty]
}

/// The entry that states the first risk.
fn entry() -> Entry {
    let payload = json!({ "type": "stated", "id": "RSK-1", "kind": "risk", "version": 1, "body": { "title": "Fog" } });
    let fields = Fields {
        organisation: "ferries",
        seq: 0,
        instant: "2026-11-20T15:00:00Z".parse().unwrap(),
        actor: "PER-1",
        kind: "stated",
        schema: surety_aims::SCHEMA,
        idempotency_key: Some("PER-1:key"),
    };
    Entry::seal(fields, Salt::new([7; 32]), payload.to_string().into_bytes()).unwrap()
}

fn line(entry: &Entry) -> String {
    format!("{}\n", serde_json::to_string(&stored(entry)).unwrap())
}

fn risk() -> Batch {
    Batch::of([Command::State {
        kind: Kind::Risk,
        id: None,
        body: json!({ "title": "Fog" }),
        custom: Default::default(),
        external: Vec::new(),
        base: None,
    }])
}

fn principal() -> Principal {
    Principal { name: "PER-1".into(), role: surety_aims::Role::Owner }
}

fn told(error: Error) -> RemoteError {
    let Error::Remote(error) = error else { panic!("{error:?}") };
    error
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says_so() {
    let busy = problem("503 Service Unavailable", "retry-after: 0\r\n", json!({}));
    let script = Script::of(vec![busy.clone(), busy, good(&json!([]))]);
    let error = told(script.engine().organisations().await.unwrap_err());
    assert!(matches!(error, RemoteError::Nowhere { .. }), "{error:?}");
    let asked = script.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|one| one.contains("authorization: Bearer surety_x")), "{asked:?}");
}

#[tokio::test]
async fn a_server_that_says_no_more_than_busy_is_not_asked_again() {
    let script = Script::of(vec![problem("503 Service Unavailable", "", json!({}))]);
    let error = told(script.engine().organisations().await.unwrap_err());
    assert_eq!(error.to_string(), "the server says: not today");
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_found_out_about_with_the_same_key() {
    let line = line(&entry());
    let mut answers = opening();
    answers.push(Vec::new());
    answers.push(good(&json!({ "entries": [0, 0], "records": [], "repeated": true })));
    answers.push(answer("200 OK", "", line.as_bytes()));
    let script = Script::of(answers);
    let aims = script.engine().organisation(None).await.unwrap();
    let done = aims.execute(&principal(), risk()).await.unwrap();
    assert_eq!(done.records, [Some("RSK-1".parse().unwrap())]);
    assert_eq!((done.entries, done.repeated), ((0, 1), false));
    let asked = script.asked();
    let key = |request: &str| {
        let key = request.lines().find(|line| line.starts_with("idempotency-key: "));
        key.unwrap().to_owned()
    };
    assert_eq!(key(&asked[3]), key(&asked[4]), "asked twice as one and the same");
    assert!(asked[3].starts_with("POST /api/v1/organisations/ferries/commands "), "{}", asked[3]);
}

#[tokio::test]
async fn a_refusal_is_told_with_its_place_in_the_batch() {
    let mut answers = opening();
    let current = json!({ "id": "RSK-1", "version": 3 });
    let more = json!({
        "code": "stale", "command": 1, "base": 2, "current_version": 3, "current": current, "yours": null,
    });
    answers.push(problem("412 Precondition Failed", "", more));
    answers.push(problem("422 Unprocessable Content", "", json!({ "command": 4 })));
    let script = Script::of(answers);
    let aims = script.engine().organisation(None).await.unwrap();
    let refusal = aims.try_execute(&principal(), risk()).await.unwrap().unwrap_err();
    assert_eq!(refusal.command, 1);
    let stale = "RSK-1 has changed: you started from version 2, and version 3 is current";
    assert_eq!(refusal.rejection.to_string(), stale);
    let refusal = aims.try_execute(&principal(), risk()).await.unwrap().unwrap_err();
    assert_eq!((refusal.command, refusal.rejection.to_string().as_str()), (4, "not today"));
    script.asked();
}

#[tokio::test]
async fn a_ledger_that_is_not_what_its_root_says_is_not_believed() {
    let mut frontier = Frontier::new();
    frontier.append(entry().leaf());
    let root = frontier.root().to_base64();
    let other = Frontier::new().root().to_base64();
    let mut forged = entry();
    forged.payload = Some(json!({ "type": "stated", "id": "RSK-1", "kind": "risk", "version": 1, "body": { "title": "Sun" } }).to_string().into_bytes());
    for (root, entries, says) in [
        (&root, vec![forged], "entry 0"),
        (&root, vec![], "entries are missing"),
        (&other, vec![entry()], "another root"),
    ] {
        let claimed = good(&head(1, root));
        let lines: String = entries.iter().map(line).collect();
        let organisations = good(&json!([{ "id": "ferries" }]));
        let none = problem("404 Not Found", "", json!({ "code": "not-found" }));
        let page = answer("200 OK", "", lines.as_bytes());
        let script = Script::of(vec![organisations, claimed.clone(), claimed, none, page]);
        let error = told(script.engine().organisation(None).await.map(|_| ()).unwrap_err());
        assert!(matches!(error, RemoteError::Untrue { .. }), "{error:?}");
        assert!(error.to_string().contains(says), "{error}");
        script.asked();
    }
}

#[tokio::test]
async fn the_token_does_not_follow_a_redirect() {
    let away = answer("302 Found", "location: http://127.0.0.1:1/elsewhere\r\n", b"");
    let script = Script::of(vec![away]);
    let error = told(script.engine().organisations().await.unwrap_err());
    assert!(error.to_string().contains("http://127.0.0.1:1/elsewhere"), "{error}");
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test]
async fn an_answer_that_unpacks_to_too_much_is_not_read() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![b' '; 17 << 20]).unwrap();
    let answer = answer("400 Bad Request", "content-encoding: gzip\r\n", &packed.finish().unwrap());
    let script = Script::of(vec![answer]);
    let error = told(script.engine().organisations().await.unwrap_err());
    assert!(matches!(error, RemoteError::TooLarge { .. }), "{error:?}");
    script.asked();
}

#[tokio::test]
async fn what_is_no_surety_is_said_to_be_none() {
    for (answer, says) in [
        (answer("200 OK", "", b"<html>Welcome</html>"), "does not answer as a Surety"),
        (answer("502 Bad Gateway", "", b"<html>Bad gateway</html>"), "status 502"),
        (problem("401 Unauthorized", "", json!({})), "the token is not valid"),
        (problem("403 Forbidden", "", json!({ "detail": "no" })), "the server says: no"),
    ] {
        let script = Script::of(vec![answer]);
        let error = told(script.engine().organisations().await.unwrap_err());
        assert!(error.to_string().contains(says), "{error}");
        script.asked();
    }
}
