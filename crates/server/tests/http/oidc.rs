//! Signing in through a real provider of identity, over HTTP: there, back, and in.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use surety_engine::{
    Clock, Secret, SystemClock,
    accounts::oidc::{Oidc, Provider, SecretSource},
};
use surety_server::Config;
use url::Url;

use crate::{
    desk::{Answered, Desk},
    provider::{Browser, ProviderProcess},
};

const BEGIN: &str = "/api/v1/sign-in/oidc/ferries";

async fn desk() -> Option<(Desk, ProviderProcess)> {
    let process = ProviderProcess::start()?;
    let provider = Provider {
        name: "ferries".to_owned(),
        title: "Ferries ID".to_owned(),
        issuer: process.issuer.clone(),
        client_id: "surety".to_owned(),
        client_secret: Some(SecretSource::Text(Secret("not-a-secret".to_owned()))),
        scopes: vec!["email".to_owned(), "profile".to_owned()],
        domains: vec!["ferries.example".to_owned()],
        new_member: None,
    };
    let oidc = Arc::new(Oidc::new(vec![provider]).unwrap());
    let public_url = Some("http://surety.localhost".parse().unwrap());
    let desk = Desk::with(Config { oidc, public_url, ..Config::default() }).await;
    // The provider has the machine's clock.
    desk.clock.set(SystemClock.now());
    Some((desk, process))
}

async fn get(desk: &Desk, path: &str, cookies: &str) -> Answered {
    let request = Request::get(path).header("cookie", cookies).body(Body::empty()).unwrap();
    desk.send(request).await
}

/// The cookie of that name which an answer sets, as a browser sends it.
fn cookie(answer: &Answered, name: &str) -> String {
    let all = answer.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap());
    let mut all = all.filter(|set| set.starts_with(&format!("{name}=")));
    let set = all.next().unwrap_or_else(|| panic!("no cookie {name} in {answer:?}"));
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

/// To the provider and back: where the browser is sent back to, and its cookie.
async fn there_and_back(desk: &Desk, begin: &str, name: &str) -> (String, String) {
    let begun = get(desk, begin, "").await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{begun:?}");
    let cookie = cookie(&begun, "surety_oidc");
    let address: Url = begun.header("location").parse().unwrap();
    let back = Browser::new().sign_in(&address, name).await;
    (format!("{}?{}", back.path(), back.query().unwrap()), cookie)
}

#[tokio::test]
async fn whoever_signs_in_at_the_provider_has_a_session_here() {
    let Some((desk, _process)) = desk().await else { return };
    let offered = get(&desk, "/api/v1/sign-in/providers", "").await.json();
    assert_eq!(offered, serde_json::json!([{ "name": "ferries", "title": "Ferries ID" }]));
    desk.engine.accounts().unwrap().add("ana@ferries.example", "Ana").await.unwrap();
    let begin = format!("{BEGIN}?then=/systems");
    let (back, bound) = there_and_back(&desk, &begin, "ana").await;
    let done = get(&desk, &back, &bound).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/systems"));
    let session = cookie(&done, "surety");
    let me = get(&desk, "/api/v1/me", &session).await;
    assert_eq!(me.status, StatusCode::OK, "{me:?}");
    assert!(String::from_utf8(me.body).unwrap().contains("ana@ferries.example"));
    let again = get(&desk, &back, &bound).await;
    assert_eq!(
        (again.status, &again.json()["code"]),
        (StatusCode::BAD_REQUEST, &"sign-in-not-begun".into())
    );
}

#[tokio::test]
async fn whoever_is_refused_is_told_why_and_gets_no_session() {
    let Some((desk, _process)) = desk().await else { return };
    for (name, code) in [
        ("ana", "no-account"),
        ("unverified", "address-not-believed"),
        ("foreign", "address-not-believed"),
    ] {
        let (back, bound) = there_and_back(&desk, BEGIN, name).await;
        let stolen = get(&desk, &back, "surety_oidc=another").await;
        assert_eq!(stolen.json()["code"], "sign-in-not-begun");
        let refused = get(&desk, &back, &bound).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
        assert_eq!(refused.json()["code"], code);
        assert!(refused.headers.get("set-cookie").is_none());
    }
    for (path, status) in [
        ("/api/v1/sign-in/oidc/nobody", StatusCode::NOT_FOUND),
        ("/api/v1/sign-in/oidc/nobody/callback?state=x&code=y", StatusCode::BAD_REQUEST),
        ("/api/v1/sign-in/oidc/ferries/callback", StatusCode::BAD_REQUEST),
        ("/api/v1/sign-in/oidc/ferries?then=https://elsewhere.example", StatusCode::BAD_REQUEST),
        ("/api/v1/sign-in/oidc/ferries?then=//elsewhere.example", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(get(&desk, path, "").await.status, status, "{path}");
    }
}
