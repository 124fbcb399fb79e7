//! Somebody with a browser: keeps its cookie, and sends the token of its session along.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::{Value, json};
use surety_aims::Role;
use surety_engine::accounts::Part;

use crate::desk::{Answered, Desk};

pub(crate) const PASSWORD: &str = "heron lantern gravel whistle";

/// One browser.
#[derive(Clone, Default)]
pub(crate) struct Visitor {
    pub(crate) cookie: Option<String>,
    pub(crate) csrf: Option<String>,
}

impl Visitor {
    /// Signed in to a new account with that part in Harbour Ferries.
    pub(crate) async fn new(desk: &Desk, email: &str, role: Role) -> Visitor {
        account(desk, email, role).await;
        let mut visitor = Visitor::default();
        let signed_in = visitor.sign_in(desk, email, PASSWORD).await;
        assert_eq!(signed_in.json()["signed_in"], true, "{signed_in:?}");
        visitor
    }

    pub(crate) async fn sign_in(&mut self, desk: &Desk, email: &str, password: &str) -> Answered {
        *self = Visitor::default();
        let body = json!({ "email": email, "password": password });
        self.ask(desk, Method::POST, "/sign-in", Some(body)).await
    }

    pub(crate) async fn get(&mut self, desk: &Desk, path: &str) -> Answered {
        self.ask(desk, Method::GET, path, None).await
    }

    pub(crate) async fn post(&mut self, desk: &Desk, path: &str, body: Value) -> Answered {
        self.ask(desk, Method::POST, path, Some(body)).await
    }

    /// Asks as a page of ours does, and keeps what the answer gives.
    pub(crate) async fn ask(
        &mut self,
        desk: &Desk,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answered {
        let mut headers = vec![("sec-fetch-site", "same-origin".to_owned())];
        headers.extend(self.csrf.clone().map(|csrf| ("x-csrf-token", csrf)));
        let answered = self.ask_with(desk, method, path, &headers, body).await;
        for cookie in answered.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.cookie = Some(pair).filter(|pair| !pair.ends_with('='));
        }
        if answered.status == StatusCode::OK
            && answered.header("content-type") == "application/json"
            && let Some(csrf) = answered.json()["csrf_token"].as_str()
        {
            self.csrf = Some(csrf.to_owned());
        }
        answered
    }

    /// Asks with the cookie and these headers alone.
    pub(crate) async fn ask_with(
        &self,
        desk: &Desk,
        method: Method,
        path: &str,
        headers: &[(&str, String)],
        body: Option<Value>,
    ) -> Answered {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        request = request.header("host", "localhost:4200").header("user-agent", "Firefox");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let body = body.map(|body| body.to_string());
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        desk.send(request.body(Body::from(body.unwrap_or_default())).unwrap()).await
    }
}

/// A new account with that part in Harbour Ferries, and the password above.
pub(crate) async fn account(desk: &Desk, email: &str, role: Role) -> String {
    let accounts = desk.engine.accounts().unwrap();
    let account = accounts.add(email, "Kim Harper").await.unwrap();
    let part = Part { person: Some("PER-1".parse().unwrap()), ..Part::of(role) };
    accounts.join(desk.aims.id(), &account.id, &part).await.unwrap();
    accounts.set_password(&account, PASSWORD).await.unwrap();
    account.id
}

/// The security events of Harbour Ferries, newest first: what, and with what.
pub(crate) async fn events(desk: &Desk) -> Vec<(String, String)> {
    desk.engine.noted().await;
    let view = desk.aims.view(surety_engine::Moment::Now).await.unwrap();
    let events = desk.aims.security_events(&view, None, 1_000).await.unwrap();
    let event = |event: surety_engine::accounts::SecurityEntry| {
        (event.event.what.name(), event.event.by.unwrap_or_default())
    };
    events.into_iter().map(event).collect()
}
