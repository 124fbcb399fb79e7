//! Files that come with a form, with and without a script, and what is made of them.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use surety_aims::Role;

use crate::{
    desk::{Answered, Desk},
    pages::HOUSE,
    visitor::Visitor,
};

const INVENTORY: &str = "name,purpose,status\nTug planner,Plans tugs,in operation\nCrane eye,Looks at cranes,in operation\n";

impl Visitor {
    /// Sends a form as a browser does that has files in it: fields, and for each file its field, name and bytes.
    async fn send_parts(
        &self,
        desk: &Desk,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answered {
        let mut body = Vec::new();
        let csrf = self.csrf.clone().unwrap_or_default();
        for (name, value) in fields.iter().copied().chain([("csrf", csrf.as_str())]) {
            let head = format!(
                "--parts\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(head.as_bytes());
        }
        for (field, name, bytes) in files {
            let head = format!(
                "--parts\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--parts--\r\n");
        self.send_raw(desk, path, body).await
    }

    async fn send_raw(&self, desk: &Desk, path: &str, body: Vec<u8>) -> Answered {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", "localhost:4200")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", self.cookie.clone().unwrap_or_default())
            .header("content-type", "multipart/form-data; boundary=parts");
        desk.send(request.body(Body::from(body)).unwrap()).await
    }
}

/// How a page names the file that came with the form before.
fn named(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"file\" value=\"{").unwrap();
    let json = format!("{{{}", rest.split_once("\">").unwrap().0);
    json.replace("&#34;", "\"").replace("&quot;", "\"")
}

#[tokio::test]
async fn a_file_is_looked_at_before_it_is_taken_in() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let page = format!("{HOUSE}/import");
    assert_eq!(kim.open(&desk, &page).await.status, StatusCode::OK);
    let nothing = kim.send_parts(&desk, &page, &[], &[("file.upload", "", b"")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.html().contains("Choose a file"), "{}", nothing.html());

    let file = [("file.upload", "systems.csv", INVENTORY.as_bytes())];
    let preview = kim.send_parts(&desk, &page, &[("file", "")], &file).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.html());
    assert!(preview.html().contains("make 3 new"), "{}", preview.html());
    let list = format!("{HOUSE}/records/ai_system");
    assert!(!kim.open(&desk, &list).await.html().contains("Crane eye"), "nothing is there yet");

    let json = named(preview.html());
    let done = kim.send(&desk, &page, &[("file", json.as_str()), ("take", "yes")]).await;
    assert!(done.html().contains("3 new, 0 changed"), "{}", done.html());
    assert!(kim.open(&desk, &list).await.html().contains("Crane eye"));
    let again = kim.send_parts(&desk, &page, &[], &file).await;
    assert!(again.html().contains("stay as they are"), "{}", again.html());
    assert!(!again.html().contains("name=\"take\""), "{}", again.html());
}

#[tokio::test]
async fn what_is_no_file_of_ours_is_refused_in_words() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let page = format!("{HOUSE}/import");
    let picture = [("file.upload", "<b>.png", b"\x89PNG\r\n\x1a\n".as_slice())];
    let refused = kim.send_parts(&desk, &page, &[], &picture).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html().contains("be read"), "{}", refused.html());
    assert!(!refused.html().contains("<b>.png"), "{}", refused.html());

    let cut = b"--parts\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\nx".to_vec();
    assert_eq!(kim.send_raw(&desk, &page, cut).await.status, StatusCode::BAD_REQUEST);
    let without =
        b"--parts\r\ncontent-disposition: form-data; name=\"take\"\r\n\r\nyes\r\n--parts--\r\n";
    assert_eq!(kim.send_raw(&desk, &page, without.to_vec()).await.status, StatusCode::FORBIDDEN);
    let odd = [("file.upload", "..", b"x".as_slice())];
    assert_eq!(kim.send_parts(&desk, &page, &[], &odd).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn evidence_comes_with_its_form_and_viewers_bring_none() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let page = format!("{HOUSE}/records/evidence_item/new");
    assert!(kim.open(&desk, &page).await.html().contains("multipart/form-data"));
    let file = [("file.upload", "drill.txt", b"As planned.".as_slice())];
    let sent = kim.send_parts(&desk, &page, &[("title", "Protocol")], &file).await;
    let place = sent.header("location").to_owned();
    assert!(place.starts_with(&format!("{HOUSE}/records/evidence_item/EVD-1")), "{}", sent.html());
    let shown = kim.open(&desk, &place).await;
    assert!(shown.html().contains("drill.txt"), "{}", shown.html());

    let viewer = Visitor::new(&desk, "val@ferries.example", Role::Viewer).await;
    let refused = viewer.send_parts(&desk, &page, &[("title", "Protocol")], &file).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
