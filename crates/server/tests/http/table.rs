//! Every endpoint that the API describes, for everybody: nobody, every role, a stranger.

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::Value;
use surety_aims::Role;

use crate::desk::{Desk, answered};

/// An operation that the API describes, with something in place of the parameters of its path.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Whether anybody may ask, whom nobody asks who they are.
    pub(crate) anybody: bool,
    described: Value,
}

/// All operations of a server.
async fn all_operations(router: &Router) -> Vec<Operation> {
    let request = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
    let document = answered(router, request).await.json();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            all.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: filled(path),
                anybody: operation["security"] == serde_json::json!([]),
                described: operation.clone(),
            });
        }
    }
    all
}

/// A path with something in place of its parameters.
fn filled(path: &str) -> String {
    let path = path.replace("{organisation}", "harbour-ferries");
    let path = path.replace("{kind}/{id}", "ai_system/SYS-1").replace("{kind}", "ai_system");
    let id = if path.contains("/clocks/") { "INC-1" } else { "SYS-1" };
    let path = path.replace("{id}", id).replace("{seq}", "0").replace("{framework}", "iso42001");
    // What other parameters there are.
    let parts = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Those that ask who somebody is.
pub(crate) async fn operations(router: &Router) -> Vec<Operation> {
    let all = all_operations(router).await.into_iter().filter(|operation| !operation.anybody);
    let all: Vec<_> = all.collect();
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
    for Operation { method, path, .. } in operations(&desk.router).await {
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
    for Operation { method, path, .. } in operations(&desk.router).await {
        if !path.contains("harbour-ferries") {
            continue;
        }
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
        for Operation { method, path, described, .. } in operations(&desk.router).await {
            let status = status(&desk, Some(&token), &method, &path).await;
            let ledger = ["/ledger/", "/pack", "/export", "/security-events"];
            let ledger = ledger.iter().any(|part| path.contains(part));
            let administers = path.contains("/members") || path.contains("-ferries/invitations");
            // About the account alone, whatever its roles; its own tests say what it takes.
            if !path.contains("harbour-ferries") || path.contains("/tokens") {
                continue;
            }
            if administers {
                let refused = status == StatusCode::FORBIDDEN;
                assert_eq!(refused, role != Role::Owner, "{role:?} {method} {path}: {status}");
                continue;
            }
            let reads_ledger =
                matches!(role, Role::Owner | Role::ComplianceManager | Role::Auditor);
            // A walk through questions is put as a body, and changes nothing; nor does it change a record or show anything to
            // have a checkpoint kept.
            let only_asks = ["/walk", "/checkpoints"].iter().any(|end| path.ends_with(end));
            let changes = method != Method::GET && !only_asks;
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
            let described = described["responses"].as_object().unwrap();
            assert!(described.contains_key(status.as_str()), "{method} {path}: {status}");
            assert!(!status.is_server_error(), "{role:?} {method} {path}: {status}");
        }
    }
}

/// What anybody may ask, by name, so that nothing more is opened by mistake.
const FOR_ANYBODY: &[&str] = &[
    "beginOidc",
    "beginPasskeySignIn",
    "finishOidc",
    "getDescription",
    "joinWithNewAccount",
    "listProviders",
    "setPasswordByLink",
    "showInvitation",
    "signIn",
    "signInWithCode",
    "signInWithPasskey",
];

#[tokio::test]
async fn nothing_is_for_anybody_but_what_is_named_here() {
    let desk = Desk::new().await;
    let all = all_operations(&desk.router).await;
    let mut anybody: Vec<_> =
        all.iter().filter(|one| one.anybody).map(|one| one.id.as_str()).collect();
    anybody.sort_unstable();
    let mut named = FOR_ANYBODY.to_vec();
    named.sort_unstable();
    assert_eq!(anybody, named);
}

/// Every method at every address: those in the table ask who somebody is, and others are not there.
#[tokio::test]
async fn no_route_skips_the_check() {
    let desk = Desk::new().await;
    let all = all_operations(&desk.router).await;
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    for path in all.iter().map(|operation| &operation.path) {
        for method in &methods {
            let known = all.iter().find(|one| one.method == method && one.path == *path);
            let expected = match known {
                Some(one) if one.anybody => continue,
                Some(_) => StatusCode::UNAUTHORIZED,
                None => StatusCode::METHOD_NOT_ALLOWED,
            };
            assert_eq!(status(&desk, None, method, path).await, expected, "{method} {path}");
        }
    }
    for path in ["/api/v1", "/api/v1/organisations", "/api/v2/openapi.json"] {
        if all.iter().all(|operation| operation.path != path) {
            let status = status(&desk, None, &Method::GET, path).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}

/// Routes are made from the table, in one place; those beside them say nothing of any organisation.
#[test]
fn the_router_is_made_of_the_table_and_of_nothing_else() {
    let mut found = Vec::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            for call in [
                ".route(",
                ".route_service(",
                ".nest(",
                ".nest_service(",
                ".merge(",
                ".fallback_service(",
            ] {
                for (at, _) in code.match_indices(call) {
                    let rest = &code[at..];
                    let argument = rest[call.len()..].split([',', ')']).next().unwrap().trim();
                    found.push(format!("{call}{argument}"));
                }
            }
        }
    }
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ".route(\"/api\"",
            ".route(\"/healthz\"",
            ".route(\"/metrics\"",
            ".route(\"/readyz\"",
            ".route(&endpoint.address(",
            ".route(web::ASSETS_AT",
        ]
    );
}
