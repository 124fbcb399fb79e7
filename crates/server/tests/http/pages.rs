//! Pages: who sees them, what their forms do, and that nothing on them is believed.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use surety_aims::Role;
use surety_server::page_addresses;

use crate::{
    desk::{Answered, Desk},
    visitor::Visitor,
};

pub(crate) const HOUSE: &str = "/o/harbour-ferries";

impl Visitor {
    /// Opens a page, as a browser does.
    pub(crate) async fn open(&self, desk: &Desk, path: &str) -> Answered {
        desk.send(self.request(Method::GET, path, "")).await
    }

    /// Sends a form and keeps what the answer gives: the session may go on under another id.
    pub(crate) async fn does(
        &mut self,
        desk: &Desk,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answered {
        let answered = self.send(desk, path, fields).await;
        for cookie in answered.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.cookie = Some(pair).filter(|pair| !pair.ends_with('='));
        }
        let page = self.open(desk, "/account").await;
        if let Some((_, rest)) = page.html().split_once("name=\"csrf\" value=\"") {
            self.csrf = rest.split('"').next().map(str::to_owned);
        }
        answered
    }

    /// Sends a form of a page, with the token that the page holds.
    pub(crate) async fn send(&self, desk: &Desk, path: &str, fields: &[(&str, &str)]) -> Answered {
        let csrf = self.csrf.clone().unwrap_or_default();
        let fields = fields.iter().copied().chain([("csrf", csrf.as_str())]);
        desk.send(self.request(Method::POST, path, &encoded(fields))).await
    }

    fn request(&self, method: Method, path: &str, body: &str) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("host", "localhost:4200").header("sec-fetch-site", "same-origin");
        request = request.header("content-type", "application/x-www-form-urlencoded");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        request.body(Body::from(body.to_owned())).unwrap()
    }
}

fn encoded<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(fields).finish()
}

impl Answered {
    pub(crate) fn html(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Addresses of pages with something in place of their parameters: method and path.
fn pages() -> Vec<(Method, String)> {
    let all = page_addresses().map(|(method, path)| {
        let path = path.replace("{organisation}", "harbour-ferries");
        let path = path.replace("{kind}", "ai_system").replace("{id}", "SYS-1");
        let parts = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        (method.to_uppercase().parse().unwrap(), path)
    });
    all.collect()
}

/// Pages that anybody may open, by name, so that nothing more is opened by mistake.
const FOR_ANYBODY: &[&str] =
    &["/sign-in", "/sign-in/code", "/password", "/invitation", "/invitation/join"];

#[tokio::test]
async fn nobody_sees_a_page_without_signing_in() {
    let desk = Desk::new().await;
    let nobody = Visitor::default();
    for (method, path) in pages() {
        if FOR_ANYBODY.contains(&path.as_str()) {
            continue;
        }
        let answered = desk.send(nobody.request(method.clone(), &path, "")).await;
        if method == Method::GET {
            assert_eq!(answered.status, StatusCode::SEE_OTHER, "{path}");
            assert!(answered.header("location").starts_with("/sign-in"), "{path}");
        } else {
            assert_eq!(answered.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
        assert!(!answered.html().contains("Harbour"), "{method} {path}");
    }
}

#[tokio::test]
async fn a_token_opens_no_page() {
    let desk = Desk::new().await;
    let token = desk.token(Role::Owner).await;
    let request = Request::get(HOUSE).header("authorization", format!("Bearer {token}"));
    let answered = desk.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answered.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn no_form_is_taken_without_the_token_of_the_session() {
    let desk = Desk::new().await;
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    for (method, path) in pages() {
        if method == Method::GET || FOR_ANYBODY.contains(&path.as_str()) {
            continue;
        }
        for body in ["", "csrf=nonsense", "csrf="] {
            let answered = desk.send(visitor.request(method.clone(), &path, body)).await;
            assert_eq!(answered.status, StatusCode::FORBIDDEN, "{method} {path} {body}");
        }
    }
}

#[tokio::test]
async fn whoever_has_no_part_does_not_learn_of_an_organisation() {
    let desk = Desk::new().await;
    desk.engine.init("Other").await.unwrap();
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    for (method, path) in pages() {
        let texts = ["other", "nowhere"].map(|name| path.replace("harbour-ferries", name));
        if texts[0] == path {
            continue;
        }
        for other in &texts {
            let answered = match method {
                Method::GET => visitor.open(&desk, other).await,
                _ => visitor.send(&desk, other, &[]).await,
            };
            assert_eq!(answered.status, StatusCode::NOT_FOUND, "{method} {other}");
        }
    }
}

#[tokio::test]
async fn every_role_gets_every_page_or_is_told_why_not() {
    for role in Role::ALL {
        let desk = Desk::new().await;
        let visitor = Visitor::new(&desk, "kim@ferries.example", role).await;
        for (method, path) in pages() {
            let answered = match method {
                Method::GET => visitor.open(&desk, &path).await,
                _ => continue,
            };
            assert!(!answered.status.is_server_error(), "{role:?} {path}: {}", answered.status);
            if answered.status == StatusCode::OK {
                assert!(answered.html().contains("</html>"), "{path}");
                assert!(!answered.html().contains("style=\""), "{path} has a style of its own");
                assert!(!answered.html().contains("<script>"), "{path} has a script of its own");
            }
        }
    }
}

#[tokio::test]
async fn a_record_is_stated_changed_and_moved_by_forms() {
    let desk = Desk::new().await;
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let new = format!("{HOUSE}/records/risk/new");
    assert!(visitor.open(&desk, &new).await.html().contains("inherent.likelihood"));

    let wrong = visitor.send(&desk, &new, &[("title", ""), ("inherent.likelihood", "9")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html().contains("rate from 1 to 5"), "{}", wrong.html());

    let unread =
        [("title", "Wrong berth"), ("inherent.likelihood", "often"), ("residual.likelihood", "4x")];
    let unread = visitor.send(&desk, &new, &unread).await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "`often` is no whole number",
        "`4x` is no whole number",
        ">\nWrong berth<",
        "value=\"often\"",
    ] {
        assert!(unread.html().contains(said), "{said}: {}", unread.html());
    }

    let fields =
        [("title", "Wrong <b>berth</b>"), ("kind", "threat"), ("controls", "iso42001:A.2.2")];
    let made = visitor.send(&desk, &new, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.html());
    assert_eq!(made.header("location"), format!("{HOUSE}/records/risk/RSK-1?saved=1"));

    let shown = visitor.open(&desk, made.header("location")).await;
    assert!(shown.html().contains("Wrong &#60;b&#62;berth"), "{}", shown.html());
    assert!(!shown.html().contains("<b>berth"));

    let step = [("base", "1"), ("step", "analyse"), ("note", "")];
    let moved = visitor.send(&desk, &format!("{HOUSE}/records/risk/RSK-1/move"), &step).await;
    assert!(
        [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY].contains(&moved.status),
        "{}",
        moved.html()
    );
}

#[tokio::test]
async fn a_form_of_filters_sends_also_what_nobody_chose() {
    let desk = Desk::new().await;
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    let list = format!("{HOUSE}/records/person?q=&state=&owner=&sort=&page=");
    assert_eq!(visitor.open(&desk, &list).await.status, StatusCode::OK);
}

#[tokio::test]
async fn steps_are_offered_to_whoever_takes_steps() {
    let desk = Desk::new().await;
    let path = format!("{HOUSE}/records/ai_system/SYS-1");
    let viewer = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    assert!(!viewer.open(&desk, &path).await.html().contains("SYS-1/move"));
    let desk = Desk::new().await;
    let owner = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    assert!(owner.open(&desk, &path).await.html().contains("SYS-1/move"));
}

#[tokio::test]
async fn the_past_can_be_looked_at_and_not_changed() {
    let desk = Desk::new().await;
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let now = visitor.open(&desk, &format!("{HOUSE}/records/ai_system")).await;
    assert!(now.html().contains("/records/ai_system/new"));
    let past = visitor.open(&desk, &format!("{HOUSE}/records/ai_system?as_of=2026-11-01")).await;
    assert_eq!(past.status, StatusCode::OK, "{}", past.html());
    assert!(past.html().contains("As it stood on 1 Nov 2026"));
    assert!(!past.html().contains("/records/ai_system/new"));
    assert!(past.html().contains("/soa?as_of=2026-11-01"));
}

#[tokio::test]
async fn a_list_is_filtered_and_sorted_by_its_address_and_downloads_what_it_shows() {
    let desk = Desk::new().await;
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    let list = format!("{HOUSE}/records/person");
    let all = visitor.open(&desk, &list).await;
    assert!(all.html().contains("2 records"), "{}", all.html());
    let none = visitor.open(&desk, &format!("{list}?q=nobody%22%3E%3Ci%3E")).await;
    assert!(none.html().contains("Nothing fits this filter"), "{}", none.html());
    assert!(!none.html().contains("\"><i>"));
    let file = visitor.open(&desk, &format!("{list}?column=id&sort=-id&format=csv")).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.html().contains("PER-2\r\nPER-1"), "{}", file.html());
    let wrong = visitor.open(&desk, &format!("{list}?sort=nothing")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn one_signs_in_by_a_form_and_is_led_to_a_page_of_ours_alone() {
    let desk = Desk::new().await;
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let nobody = Visitor::default();
    let with =
        |password, next| [("email", "kim@ferries.example"), ("password", password), ("next", next)];
    let right = crate::visitor::PASSWORD;
    for (next, expected) in
        [("/o/x", "/o/x"), ("//evil.example", "/"), ("https://evil.example", "/"), ("", "/")]
    {
        let led = nobody.send(&desk, "/sign-in", &with(right, next)).await;
        assert_eq!(led.status, StatusCode::SEE_OTHER);
        assert_eq!(led.header("location"), expected, "{next}");
        assert!(led.header("set-cookie").contains("HttpOnly"));
    }
    let wrong = nobody.send(&desk, "/sign-in", &with("wrong", "/")).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.html().contains("role=\"alert\"") && !wrong.html().contains("value=\"wrong\""));
    let out = visitor.send(&desk, "/sign-out", &[]).await;
    assert_eq!(out.header("location"), "/sign-in");
    assert_eq!(visitor.open(&desk, HOUSE).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn many_are_changed_after_a_preview_and_changed_back() {
    let desk = Desk::new().await;
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let new = format!("{HOUSE}/records/supplier/new");
    for name in ["Harbour Data", "Tide Models"] {
        let made = visitor.send(&desk, &new, &[("name", name), ("exit_plan", "none yet")]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.html());
    }
    let bulk = format!("{HOUSE}/records/supplier/bulk");
    let nobody = visitor.send(&desk, &bulk, &[("of", "chosen")]).await;
    assert_eq!(nobody.status, StatusCode::BAD_REQUEST);
    let both = [("id", "SUP-1"), ("id", "SUP-2"), ("what", "field:exit_plan")];
    let asked = visitor.send(&desk, &bulk, &both).await;
    assert!(asked.html().contains("name=\"exit_plan\""), "{}", asked.html());

    let filled =
        [both[0], both[1], both[2], ("exit_plan", "Move <within> a month"), ("stage", "preview")];
    let preview = visitor.send(&desk, &bulk, &filled).await;
    assert!(preview.html().contains("2 of 2 would change"), "{}", preview.html());
    assert!(preview.html().contains("Move &#60;within&#62; a month"));
    let shown = visitor.open(&desk, &format!("{HOUSE}/records/supplier/SUP-1")).await;
    assert!(shown.html().contains("none yet"), "a preview changes nothing");

    let mut apply = filled.to_vec();
    apply[4] = ("stage", "apply");
    let unbased = visitor.send(&desk, &bulk, &apply).await;
    assert_eq!(unbased.status, StatusCode::PRECONDITION_REQUIRED);
    apply.extend([("version.SUP-1", "1"), ("version.SUP-2", "1")]);
    let done = visitor.send(&desk, &bulk, &apply).await;
    assert!(done.html().contains("2 records changed"), "{}", done.html());
    let again = visitor.send(&desk, &bulk, &apply).await;
    assert_eq!(again.status, StatusCode::PRECONDITION_FAILED);

    let undo = format!("{HOUSE}/records/supplier/undo");
    let back = visitor.send(&desk, &undo, &[("undo", "SUP-1:1"), ("undo", "SUP-2:1")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.html());
    let shown = visitor.open(&desk, &format!("{HOUSE}/records/supplier/SUP-2")).await;
    assert!(shown.html().contains("none yet"));
    let twice = visitor.send(&desk, &undo, &[("undo", "SUP-1:1")]).await;
    assert_eq!(twice.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn a_viewer_changes_nothing_by_a_page() {
    let desk = Desk::new().await;
    let visitor = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    for (method, path) in pages() {
        if method == Method::GET || !path.starts_with(HOUSE) {
            continue;
        }
        let answered = visitor
            .send(&desk, &path, &[("id", "SYS-1"), ("base", "1"), ("text", "x"), ("reason", "x")])
            .await;
        assert!(answered.status.is_client_error(), "{path}: {}", answered.status);
    }
    let list = visitor.open(&desk, &format!("{HOUSE}/records/ai_system")).await;
    for control in ["/new", "id=\"bulk\"", "name=\"id\""] {
        assert!(!list.html().contains(control), "{control}");
    }
    let record = visitor.open(&desk, &format!("{HOUSE}/records/ai_system/SYS-1")).await;
    assert!(!record.html().contains("/edit") && !record.html().contains("/withdraw"));
}
