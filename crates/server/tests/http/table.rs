//! Every endpoint that the API describes, for everybody: nobody, every role, a stranger.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::Value;
use surety_aims::Role;

use crate::desk::Desk;

/// Method and path of each operation, with something in place of its parameters.
async fn operations(desk: &Desk) -> Vec<(Method, String, Value)> {
    let request = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
    let document = desk.send(request).await.json();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            // What anybody may see asks nobody who they are.
            if operation["security"] == serde_json::json!([]) {
                continue;
            }
            let path = path.replace("{organisation}", "harbour-ferries");
            let path =
                path.replace("{kind}/{id}", "ai_system/SYS-1").replace("{kind}", "ai_system");
            let id = if path.contains("/clocks/") { "INC-1" } else { "SYS-1" };
            let path = path.replace("{id}", id).replace("{seq}", "0");
            let path = path.replace("{framework}", "iso42001").replace("{sha256}", "00");
            let method = method.to_uppercase().parse().unwrap();
            all.push((method, path, operation.clone()));
        }
    }
    assert!(all.len() > 25, "{all:?}");
    all
}

async fn status(desk: &Desk, token: Option<&str>, method: &Method, path: &str) -> StatusCode {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    request = request.header("content-type", "application/json").header("if-match", "\"v1\"");
    desk.send(request.body(Body::from("{}")).unwrap()).await.status
}

#[tokio::test]
async fn nobody_gets_anything() {
    let desk = Desk::new().await;
    for (method, path, _) in operations(&desk).await {
        for token in [None, Some("surety_nonsense"), Some("")] {
            let status = status(&desk, token, &method, &path).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_stranger_does_not_learn_whether_an_organisation_is_there() {
    let desk = Desk::new().await;
    desk.engine.init("Other").await.unwrap();
    let token = desk.token(Role::Owner).await;
    for (method, path, _) in operations(&desk).await {
        let other = path.replace("harbour-ferries", "other");
        let none = path.replace("harbour-ferries", "nowhere");
        for path in [other, none] {
            let status = status(&desk, Some(&token), &method, &path).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn each_role_gets_what_the_table_of_permissions_gives_it() {
    for role in Role::ALL {
        let desk = Desk::new().await;
        let token = desk.token(role).await;
        for (method, path, operation) in operations(&desk).await {
            let status = status(&desk, Some(&token), &method, &path).await;
            let ledger = ["/ledger/", "/pack", "/export"].iter().any(|part| path.contains(part));
            let reads_ledger =
                matches!(role, Role::Owner | Role::ComplianceManager | Role::Auditor);
            // A walk through questions is put as a body, and changes nothing.
            let changes = method != Method::GET && !path.ends_with("/walk");
            let may_state = matches!(
                role,
                Role::Owner | Role::ComplianceManager | Role::SystemOwner | Role::Contributor
            );
            if ledger && !reads_ledger {
                assert_eq!(status, StatusCode::FORBIDDEN, "{role:?} {method} {path}");
            } else if !changes {
                assert_ne!(status, StatusCode::FORBIDDEN, "{role:?} {method} {path}");
            }
            if changes && !may_state {
                let refused = [
                    StatusCode::FORBIDDEN,
                    StatusCode::BAD_REQUEST,
                    StatusCode::UNPROCESSABLE_ENTITY,
                ];
                assert!(refused.contains(&status), "{role:?} {method} {path}: {status}");
            }
            let described = operation["responses"].as_object().unwrap();
            assert!(described.contains_key(status.as_str()), "{method} {path}: {status}");
            assert!(!status.is_server_error(), "{role:?} {method} {path}: {status}");
        }
    }
}
