//! A server over a data folder of its own, and somebody who asks it.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use surety_aims::{Command, Kind, Principal, Role};
use surety_engine::{
    Aims, Batch, Config as EngineConfig, Engine, FixedClock,
    accounts::{Part, Scope},
};
use surety_server::{App, Config, router};
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const NOW: &str = "2026-11-20T15:00:00Z";
pub(crate) const ORGANISATION: &str = "/api/v1/organisations/harbour-ferries";

pub(crate) struct Desk {
    pub(crate) engine: Arc<Engine>,
    pub(crate) aims: Arc<Aims>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) router: Router,
    pub(crate) folder: TempDir,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// Where the ledgers lie: in the folder, or, with `SURETY_TEST_DATABASE=postgres`, in a PostgreSQL of the tests' own. `make
/// test` runs all tests over both.
#[expect(clippy::disallowed_methods, reason = "no argument reaches a test")]
pub(crate) async fn database() -> Option<String> {
    match std::env::var("SURETY_TEST_DATABASE").as_deref() {
        Ok("postgres") => Some(surety_engine::test_postgres::fresh_database().await.unwrap()),
        Ok(other) => panic!("SURETY_TEST_DATABASE={other}: it is postgres, or not set"),
        Err(_) => None,
    }
}

impl Desk {
    /// Harbour Ferries with two persons and an AI system.
    pub(crate) async fn new() -> Desk {
        Desk::with(Config::default()).await
    }

    /// The same, with a server that is set so.
    pub(crate) async fn with(set: Config) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::new(NOW.parse().unwrap()));
        let database = database().await;
        let config =
            EngineConfig { clock: clock.clone(), database, ..EngineConfig::folder(folder.path()) };
        let engine = Arc::new(Engine::open(config).await.unwrap());
        let aims = engine.init("Harbour Ferries").await.unwrap();
        let state = |kind, body: Value| Command::State {
            kind,
            id: None,
            body,
            custom: Default::default(),
            external: Vec::new(),
            base: None,
        };
        let first = [
            state(Kind::Person, json!({ "position": "Head of operations" })),
            state(Kind::Person, json!({ "position": "Head of compliance" })),
            state(
                Kind::AiSystem,
                json!({ "name": "Berth planner", "purpose": "Plans berths", "owner": "PER-1" }),
            ),
        ];
        aims.execute(&Principal::operator(), Batch::of(first)).await.unwrap();
        let metrics =
            metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder().handle();
        let app = App::new(engine.clone(), set, metrics);
        Desk { router: router(&app), engine, aims, clock, folder }
    }

    /// Starts another organisation, and gives a token of its owner.
    pub(crate) async fn other_organisation(&self) -> String {
        let other = self.engine.init("Other").await.unwrap();
        let person = Command::State {
            kind: Kind::Person,
            id: None,
            body: json!({ "position": "Director" }),
            custom: Default::default(),
            external: Vec::new(),
            base: None,
        };
        other.execute(&Principal::operator(), Batch::of([person])).await.unwrap();
        let accounts = self.engine.accounts().unwrap();
        let account = accounts.add("director@other.example", "Somebody").await.unwrap();
        let part = Part { person: Some("PER-1".parse().unwrap()), ..Part::of(Role::Owner) };
        accounts.join(other.id(), &account.id, &part).await.unwrap();
        let issued = accounts.issue(other.id(), &account.id, "test", Scope::Write, None).await;
        issued.unwrap().secret
    }

    /// A token of a new account with that role, for `PER-1`.
    pub(crate) async fn token(&self, role: Role) -> String {
        let part = Part { person: Some("PER-1".parse().unwrap()), ..Part::of(role) };
        self.token_of(&format!("{role:?}@ferries.example").to_lowercase(), part, Scope::Write).await
    }

    pub(crate) async fn token_of(&self, email: &str, part: Part, scope: Scope) -> String {
        let accounts = self.engine.accounts().unwrap();
        let account = accounts.add(email, "Somebody").await.unwrap();
        accounts.join(self.aims.id(), &account.id, &part).await.unwrap();
        accounts.issue(self.aims.id(), &account.id, "test", scope, None).await.unwrap().secret
    }

    pub(crate) fn at(&self, instant: &str) {
        self.clock.set(instant.parse::<Timestamp>().unwrap());
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answered {
        answered(&self.router, request).await
    }

    /// Asks for a path below the organisation.
    pub(crate) async fn get(&self, token: &str, path: &str) -> Answered {
        self.ask(token, Method::GET, path, &[], None).await
    }

    pub(crate) async fn ask(
        &self,
        token: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answered {
        let mut request = Request::builder().method(method).uri(format!("{ORGANISATION}{path}"));
        request = request.header("authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }
}

/// What a server answers.
pub(crate) async fn answered(router: &Router, request: Request<Body>) -> Answered {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Answered { status: parts.status, headers: parts.headers, body }
}
