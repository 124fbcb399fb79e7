//! Files: streamed in, given out to whoever sees a record that names them, and to nobody else.

use axum::{
    body::{Body, Bytes},
    http::{Method, Request, StatusCode},
};
use futures_util::stream;
use serde_json::{Value, json};
use surety_aims::Role;
use surety_engine::accounts::{Part, Scope};
use surety_server::Config;

use crate::desk::{Answered, Desk, ORGANISATION};

/// Longer than what is read at once, and not a whole number of that.
fn large() -> Vec<u8> {
    (0..1_200_000_u32).flat_map(u32::to_le_bytes).take(4_500_001).collect()
}

/// Sends bytes as they are.
async fn send(
    desk: &Desk,
    token: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Body,
) -> Answered {
    let mut request = Request::post(format!("{ORGANISATION}{path}"));
    request = request.header("authorization", format!("Bearer {token}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    desk.send(request.body(body).unwrap()).await
}

/// Uploads a file and gives its reference.
async fn upload(desk: &Desk, token: &str, name: &str, bytes: impl Into<Body>) -> Value {
    let sent = send(desk, token, &format!("/files?name={name}"), &[], bytes.into()).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{sent:?}");
    sent.json()
}

/// A policy that names a file.
async fn name_it(desk: &Desk, token: &str, file: &Value) {
    let body = json!({ "body": { "title": "AI policy", "kind": "ai_policy", "file": file } });
    let stated = desk.ask(token, Method::POST, "/records/policy", &[], Some(body)).await;
    assert_eq!(stated.status, StatusCode::CREATED, "{stated:?}");
}

fn address(file: &Value) -> String {
    format!("/files/{}", file["sha256"].as_str().unwrap())
}

async fn download(desk: &Desk, token: &str, file: &Value, headers: &[(&str, &str)]) -> Answered {
    desk.ask(token, Method::GET, &address(file), headers, None).await
}

#[tokio::test]
async fn a_file_is_had_once_a_record_names_it() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let bytes = large();
    let file = upload(&desk, &token, "Pr%C3%BCfung.html", bytes.clone()).await;
    assert_eq!(file["bytes"], 4_500_001);
    assert_eq!(file["name"], "Prüfung.html");
    assert_eq!(file["media_type"], "text/html");
    assert_eq!(download(&desk, &token, &file, &[]).await.status, StatusCode::NOT_FOUND);
    name_it(&desk, &token, &file).await;
    let had = download(&desk, &token, &file, &[("accept-encoding", "gzip")]).await;
    assert_eq!(had.status, StatusCode::OK);
    assert!(had.body == bytes);
    // Nothing that a browser would run or show.
    assert_eq!(had.header("content-type"), "application/octet-stream");
    assert_eq!(had.header("x-content-type-options"), "nosniff");
    assert_eq!(had.header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(
        had.header("content-disposition"),
        "attachment; filename=\"Pr_fung.html\"; filename*=UTF-8''Pr%C3%BCfung.html"
    );
    assert_eq!(had.header("content-length"), "4500001");
    assert_eq!(had.header("content-encoding"), "");
    assert_eq!(had.header("etag"), format!("\"{}\"", file["sha256"].as_str().unwrap()));
}

#[tokio::test]
async fn a_file_is_given_in_ranges_and_not_again_to_whoever_has_it() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let bytes = large();
    let file = upload(&desk, &token, "log.bin", bytes.clone()).await;
    name_it(&desk, &token, &file).await;
    let tag = format!("\"{}\"", file["sha256"].as_str().unwrap());
    let part = download(&desk, &token, &file, &[("range", "bytes=2000000-4200000")]).await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert!(part.body == bytes[2_000_000..=4_200_000]);
    assert_eq!(part.header("content-range"), "bytes 2000000-4200000/4500001");
    let resumed = [("range", "bytes=4500000-"), ("if-range", tag.as_str())];
    let part = download(&desk, &token, &file, &resumed).await;
    assert_eq!((part.status, part.body.len()), (StatusCode::PARTIAL_CONTENT, 1));
    let other = [("range", "bytes=4500000-"), ("if-range", "\"other\"")];
    let whole = download(&desk, &token, &file, &other).await;
    assert_eq!((whole.status, whole.body.len()), (StatusCode::OK, bytes.len()));
    let beyond = download(&desk, &token, &file, &[("range", "bytes=4500001-")]).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(beyond.header("content-range"), "bytes */4500001");
    assert_eq!(beyond.header("content-type"), "application/problem+json");
    for known in [tag.as_str(), "W/\"x\", *", &format!("\"x\", W/{tag}")] {
        let known = download(&desk, &token, &file, &[("if-none-match", known)]).await;
        assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
    }
    // A range has no meaning for HEAD, and is ignored.
    let ask = [("range", "bytes=0-1")];
    let head = desk.ask(&token, Method::HEAD, &address(&file), &ask, None).await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    assert_eq!(head.header("content-length"), "4500001");
    assert_eq!(head.header("accept-ranges"), "bytes");
}

#[tokio::test]
async fn a_file_of_an_earlier_version_is_still_had_but_not_one_that_came_later() {
    let desk = Desk::new().await;
    let owner = desk.token(Role::Owner).await;
    let first = upload(&desk, &owner, "first.txt", "one").await;
    name_it(&desk, &owner, &first).await;
    desk.at("2026-11-22T09:00:00Z");
    let second = upload(&desk, &owner, "second.txt", "two").await;
    let put = desk
        .ask(
            &owner,
            Method::PUT,
            "/records/policy/POL-1",
            &[("if-match", "\"v1\"")],
            Some(json!({ "body": { "title": "AI policy", "kind": "ai_policy", "file": second } })),
        )
        .await;
    assert_eq!(put.status, StatusCode::OK, "{put:?}");
    assert_eq!(download(&desk, &owner, &first, &[]).await.body, b"one");
    assert_eq!(download(&desk, &owner, &second, &[]).await.body, b"two");
    let until = Some("2026-11-21".parse().unwrap());
    let part = Part { until, ..Part::of(Role::Auditor) };
    let past = desk.token_of("past@x.example", part, Scope::Read).await;
    assert_eq!(download(&desk, &past, &first, &[]).await.body, b"one");
    assert_eq!(download(&desk, &past, &second, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_organisation_learns_what_files_another_has() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let file = upload(&desk, &token, "secret.txt", "the secret of the others").await;
    name_it(&desk, &token, &file).await;
    let other = desk.other_organisation().await;
    let ask = |method: Method, path: &str, body: Body| {
        let request = Request::builder().method(method);
        let request = request.uri(format!("/api/v1/organisations/other{path}"));
        let request = request.header("authorization", format!("Bearer {other}"));
        request.header("content-type", "application/json").body(body).unwrap()
    };
    // Whoever knows the hash can name it, and gets nothing for that.
    let statement = json!({ "body": { "title": "Ours", "kind": "ai_policy", "file": file } });
    let stated = ask(Method::POST, "/records/policy", statement.to_string().into());
    assert_eq!(desk.send(stated).await.status, StatusCode::CREATED);
    let get = || ask(Method::GET, &address(&file), Body::empty());
    let had = desk.send(get()).await;
    let none = address(&json!({ "sha256": "0".repeat(64) }));
    let none = desk.send(ask(Method::GET, &none, Body::empty())).await;
    assert_eq!((had.status, none.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(had.body, none.body);
    let mut request = ask(Method::POST, "/files?name=own.txt", "the secret of the others".into());
    request.headers_mut().remove("content-type");
    let uploaded = desk.send(request).await;
    assert_eq!(uploaded.status, StatusCode::CREATED, "{uploaded:?}");
    assert_eq!(uploaded.json()["sha256"], file["sha256"]);
    assert_eq!(desk.send(get()).await.body, b"the secret of the others");
}

#[tokio::test]
async fn a_file_is_attached_to_any_record_and_changes_nothing_about_it() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Contributor).await;
    let path = "/records/ai_system/SYS-1/attachments";
    let attach = format!("{path}?name=minutes.pdf&note=Kick-off");
    let key = [("idempotency-key", "a"), ("content-type", "application/pdf")];
    let attached = send(&desk, &token, &attach, &key, "minutes".into()).await;
    assert_eq!(attached.status, StatusCode::CREATED, "{attached:?}");
    let record = attached.json();
    assert_eq!(record["id"], "ATT-1");
    assert_eq!(record["body"]["record"], "SYS-1");
    assert_eq!(record["body"]["note"], "Kick-off");
    assert_eq!(record["body"]["file"]["media_type"], "application/pdf");
    assert_eq!(
        attached.header("location"),
        format!("{ORGANISATION}/records/attachment/ATT-1").as_str()
    );
    let again = send(&desk, &token, &attach, &key, "minutes".into()).await;
    assert_eq!((again.status, again.json()["id"].clone()), (StatusCode::OK, json!("ATT-1")));
    let list = desk.get(&token, path).await.json()["attachments"].clone();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["body"]["file"]["name"], "minutes.pdf");
    assert_eq!(download(&desk, &token, &list[0]["body"]["file"], &[]).await.body, b"minutes");
    let system = desk.get(&token, "/records/ai_system/SYS-1").await;
    assert_eq!(system.header("etag"), "\"v1\"");
    let before = desk.get(&token, &format!("{path}?as_of=2026-11-19")).await;
    assert_eq!(before.status, StatusCode::NOT_FOUND, "there was no such record then");
    let none = send(&desk, &token, "/records/risk/RSK-9/attachments?name=a", &[], "x".into()).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

/// A body of which nothing more comes.
fn stalls(first: &'static [u8]) -> Body {
    let first = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(first))]);
    Body::from_stream(futures_util::StreamExt::chain(first, stream::pending()))
}

#[tokio::test]
async fn an_upload_is_not_even_read_from_whoever_may_state_nothing() {
    let desk = Desk::new().await;
    for role in [Role::Viewer, Role::Auditor, Role::Approver] {
        let token = desk.token(role).await;
        for path in ["/files?name=a", "/records/ai_system/SYS-1/attachments?name=a"] {
            let sent = send(&desk, &token, path, &[], stalls(b"x")).await;
            assert_eq!(sent.status, StatusCode::FORBIDDEN, "{role:?} {path}");
        }
    }
}

#[tokio::test]
async fn an_upload_says_what_is_wrong_with_it() {
    let desk = Desk::with(Config { max_file: 1_000, ..Config::default() }).await;
    let token = desk.token(Role::Owner).await;
    let length = ("content-length", "1001");
    let path = "/files?name=a";
    // Before a byte is read, and when it turns out.
    let early = send(&desk, &token, path, &[length], stalls(b"")).await;
    let late = send(&desk, &token, path, &[], stalls(&[7; 1_001])).await;
    for refused in [early, late] {
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(refused.json()["detail"], "a file has at most 1000 bytes here");
    }
    assert_eq!(upload(&desk, &token, "a", vec![7; 1_000]).await["bytes"], 1_000);
    let broken = stream::iter([Err::<Bytes, _>(std::io::Error::other("gone"))]);
    let broken = send(&desk, &token, path, &[], Body::from_stream(broken)).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST, "{broken:?}");
    for (path, headers, status) in [
        ("/files", &[][..], StatusCode::BAD_REQUEST),
        ("/files?name=", &[], StatusCode::BAD_REQUEST),
        ("/files?name=a%0Ab", &[], StatusCode::BAD_REQUEST),
        ("/files?name=..", &[], StatusCode::BAD_REQUEST),
        (
            path,
            &[("content-type", "multipart/form-data; boundary=x")],
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (path, &[("content-type", "nonsense")], StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (path, &[("content-encoding", "gzip")], StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let refused = send(&desk, &token, path, headers, "x".into()).await;
        assert_eq!(refused.status, status, "{path} {headers:?}");
        assert_eq!(refused.header("content-type"), "application/problem+json");
    }
    let named = upload(&desk, &token, "C:%5CTemp%5Creport.txt", "x").await;
    assert_eq!(named["name"], "report.txt");
}

#[tokio::test]
async fn an_upload_has_time_as_long_as_it_flows_and_no_longer() {
    let config = Config { timeout: std::time::Duration::ZERO, ..Config::default() };
    let desk = Desk::with(config).await;
    let token = desk.token(Role::Owner).await;
    let flowing = upload(&desk, &token, "a", large()).await;
    assert_eq!(flowing["bytes"], 4_500_001);
    let stalled = send(&desk, &token, "/files?name=a", &[], stalls(b"x")).await;
    assert_eq!(stalled.status, StatusCode::REQUEST_TIMEOUT, "{stalled:?}");
    assert_eq!(stalled.header("content-type"), "application/problem+json");
}
