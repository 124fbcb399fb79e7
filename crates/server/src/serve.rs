//! Putting it together: the router from the table of endpoints, and a server that ends without losing an acknowledged write.

use std::{collections::HashMap, future::Future, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{FromRequestParts, Query, RawPathParams, Request, State},
    http::{Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, on},
    serve::ListenerExt,
};
use metrics_exporter_prometheus::PrometheusHandle;
use surety_aims::permit;
use surety_engine::{
    Aims, Engine, Error,
    accounts::{Caller, Grant, SavedView},
};
use tokio::net::TcpListener;

use crate::{
    call::{Asked, Call, Visit},
    caller::{address, caller, from_our_page, is_meant},
    config::Config,
    document,
    endpoint::{self, Asks, Endpoint, Handler, MAX_BATCH, Surface, Takes},
    form::{self, Sent},
    health, html,
    kept::{Kept, Key},
    layers,
    patience::Patient,
    problem::Problem,
    rate::Limits,
    web,
};

/// What all requests share.
#[derive(Clone)]
pub struct App {
    pub(crate) engine: Arc<Engine>,
    pub(crate) config: Arc<Config>,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) kept: Arc<Kept>,
    pub(crate) limits: Arc<Limits>,
}

impl App {
    pub fn new(engine: Arc<Engine>, config: Config, metrics: PrometheusHandle) -> App {
        let kept = Arc::new(Kept::new(config.kept_bytes));
        let limits = Arc::new(Limits::new(config.rate));
        App { engine, config: Arc::new(config), metrics, kept, limits }
    }
}

/// How often figures are added up, and forgotten who came long ago.
const UPKEEP: Duration = Duration::from_secs(5);

/// How often sessions and ceremonies that are over are forgotten, attempts that count no more, and files that nobody named.
const TIDY: Duration = Duration::from_secs(600);

/// Everything that is served.
pub fn router(app: &App) -> Router {
    let mut router = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .route("/api", get(web::reference))
        .route(web::ASSETS_AT, get(web::asset));
    for endpoint in endpoint::all() {
        let answer = async move |State(app): State<App>, request: Request| {
            let look = Look::of(endpoint, &request);
            let answered = answer(app, endpoint, &look, request).await;
            answered.unwrap_or_else(|problem| look.problem(problem))
        };
        router = router.route(&endpoint.address(), on(endpoint.method.filter(), answer));
    }
    let router = router
        .fallback(async |request: Request| nowhere(&request))
        .method_not_allowed_fallback(async || {
            let detail = "this address does not take that method";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
        })
        .with_state(app.clone());
    layers::around(router, &app.config)
}

/// How a problem looks to whoever asks.
struct Look {
    surface: Surface,
    method: Method,
    uri: Uri,
}

impl Look {
    fn of(endpoint: &Endpoint, request: &Request) -> Look {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        Look { surface: endpoint.surface, method, uri }
    }

    /// JSON for programs, a page for people.
    fn problem(&self, problem: Problem) -> Response {
        match self.surface {
            Surface::Api => problem.into_response(),
            Surface::Page => html::problem(&self.method, &self.uri, &problem),
        }
    }
}

/// What lies at an address that is not there.
fn nowhere(request: &Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        return Problem::not_found("such address; /api/v1/openapi.json lists them").into_response();
    }
    html::problem(request.method(), request.uri(), &Problem::not_found("such page"))
}

/// Who asks, whether they may, and only then: what.
async fn answer(
    app: App,
    endpoint: &Endpoint,
    look: &Look,
    request: Request,
) -> Result<Response, Problem> {
    let (mut parts, mut body) = request.into_parts();
    if let Handler::Anybody(handler) = endpoint.handler {
        if !parts.method.is_safe() {
            from_our_page(&app.config, &parts)?;
        }
        let form = form(&app, endpoint, &parts, &mut body).await?.fields;
        return handler(asked(app, endpoint, &mut parts, body, form).await?).await;
    }
    if endpoint.surface == Surface::Page && parts.headers.contains_key(header::AUTHORIZATION) {
        // What a browser does of its own accord and what a token may do never meet at one address.
        return Err(Problem::bad("pages are for sessions; tokens are for /api/v1"));
    }
    let caller = caller(&app, &parts).await?;
    let mut form = form(&app, endpoint, &parts, &mut body).await?;
    let token = form.fields.iter().position(|(name, _)| name == CSRF_FIELD);
    let token = token.map(|at| form.fields.swap_remove(at).1);
    is_meant(&app.config, &parts, &caller, token.as_deref())?;
    let left = app.limits.count(&caller.account)?;
    let asked = Incoming { parts, body, form };
    let answered = answer_to(caller, app, endpoint, asked).await;
    let mut response = answered.unwrap_or_else(|problem| look.problem(problem));
    if let Some(left) = left {
        left.write(response.headers_mut());
    }
    Ok(response)
}

/// The field of a form that brings the token of the session.
pub(crate) const CSRF_FIELD: &str = "csrf";

/// What a form sends, if the endpoint takes one.
async fn form(
    app: &App,
    endpoint: &Endpoint,
    parts: &Parts,
    body: &mut Body,
) -> Result<Sent, Problem> {
    if !matches!(endpoint.takes, Takes::Form) {
        return Ok(Sent::default());
    }
    form::read(&app.config, &parts.headers, std::mem::take(body)).await
}

/// A request of somebody whom we know, of which nothing but a form was read.
struct Incoming {
    parts: Parts,
    body: Body,
    form: Sent,
}

/// The answer to somebody whom we know.
async fn answer_to(
    caller: Caller,
    app: App,
    endpoint: &Endpoint,
    incoming: Incoming,
) -> Result<Response, Problem> {
    let Incoming { mut parts, body, form } = incoming;
    match endpoint.handler {
        Handler::Anybody(handler) => {
            handler(asked(app, endpoint, &mut parts, body, form.fields).await?).await
        }
        Handler::Account(handler) => {
            let asked = asked(app, endpoint, &mut parts, body, form.fields).await?;
            handler(Visit { asked, caller }).await
        }
        Handler::Organisation(handler) => {
            let path = path(&mut parts).await?;
            let (aims, grant) = entered(&app, endpoint, &caller, &path).await?;
            let views = saved_views(&app, endpoint, &parts, &caller, aims.id()).await?;
            let kept = kept(&app, endpoint, &parts, &aims, (&caller, &grant, &views)).await?;
            let form = form::keep(&aims, &grant, form).await?;
            let asked = asked(app, endpoint, &mut parts, body, form).await?;
            let headers = asked.headers.clone();
            let call = Call::new(asked, aims, caller, grant, endpoint.operation).with_views(views);
            // What is said of a change is read even where it makes no difference, so that nothing wrong is passed over.
            if matches!(endpoint.asks, Asks::Change | Asks::State(_)) {
                call.idempotency_key()?;
            }
            if endpoint.based {
                call.base()?;
            }
            let answer = handler(call);
            match kept {
                Some((keeper, key)) => keeper.answer(key, &headers, answer).await,
                None => answer.await,
            }
        }
    }
}

/// The organisation of the path, and what the caller is in it, if that is enough for the endpoint.
async fn entered(
    app: &App,
    endpoint: &Endpoint,
    caller: &Caller,
    path: &HashMap<String, String>,
) -> Result<(Arc<Aims>, Grant), Problem> {
    let organisation = path.get("organisation").map(String::as_str).unwrap_or_default();
    // Whoever has no part in an organisation does not learn whether it is there.
    let grant = app.engine.accounts()?.grant(caller, organisation).await?;
    let grant =
        grant.ok_or_else(|| Problem::not_found(format!("organisation `{organisation}`")))?;
    if let Some(action) = endpoint.asks.action() {
        permit(&grant.principal, action).map_err(Error::from)?;
    }
    if endpoint.asks == Asks::Change && (grant.until.is_some() || !grant.systems.is_empty()) {
        // Before anything is looked up: the answer would show more than the part that they see.
        let detail = "you see a part of the organisation, and whoever sees a part changes nothing";
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    Ok((app.engine.organisation(Some(organisation)).await?, grant))
}

/// The saved views of a list that is looked at.
async fn saved_views(
    app: &App,
    endpoint: &Endpoint,
    parts: &Parts,
    caller: &Caller,
    organisation: &str,
) -> Result<Vec<SavedView>, Problem> {
    let path =
        parts.uri.path().strip_prefix("/o/").and_then(|path| path.strip_prefix(organisation));
    match path.filter(|_| endpoint.lists) {
        Some(path) => {
            let accounts = app.engine.accounts()?;
            Ok(accounts.saved_views(organisation, &caller.account, path).await?)
        }
        None => Ok(Vec::new()),
    }
}

/// Under what the answer is kept, if the endpoint's answers are.
async fn kept(
    app: &App,
    endpoint: &Endpoint,
    parts: &Parts,
    aims: &Aims,
    (caller, grant, views): (&Caller, &Grant, &[SavedView]),
) -> Result<Option<(Arc<Kept>, Key)>, Problem> {
    if !endpoint.kept || document::is_document(parts.uri.query(), &parts.headers) {
        return Ok(None);
    }
    let mut limits = format!("{:?} {:?}", grant.until, grant.systems);
    if endpoint.surface == Surface::Page {
        // A page says who looks at it and what they may do, and holds the token of their session.
        let session = caller.session().map(|session| session.id.as_str());
        limits =
            format!("{limits} {:?} {session:?} {:?}", grant.principal, html::theme(&parts.headers));
    }
    for view in views {
        // They stand beside the ledger and change without it.
        let SavedView { account, name, query, shared, .. } = view;
        limits = format!("{limits} {:?}", (account, name, query, shared));
    }
    let key = Key {
        organisation: aims.id().to_owned(),
        size: aims.current().await?.book.size(),
        today: aims.today(),
        limits,
        address: parts.uri.to_string(),
    };
    Ok(Some((app.kept.clone(), key)))
}

/// What the request says. Its body is read here, and only now that it is known who sends it.
async fn asked(
    app: App,
    endpoint: &Endpoint,
    parts: &mut Parts,
    body: Body,
    form: Vec<(String, String)>,
) -> Result<Asked, Problem> {
    let (path, query) = (path(parts).await?, query(parts, endpoint)?);
    if parts.method == Method::HEAD {
        // Ranges are defined for GET alone (RFC 9110 section 14.2).
        parts.headers.remove(header::RANGE);
    }
    let (body, file) = match endpoint.takes {
        Takes::File | Takes::Form => (Bytes::new(), body),
        Takes::Nothing | Takes::Json(_) | Takes::MergePatch => {
            (form::whole(body, app.config.max_body).await?, Body::empty())
        }
        Takes::Batch(_) => {
            (form::whole(body, app.config.max_body.max(MAX_BATCH)).await?, Body::empty())
        }
    };
    let address = address(&app.config, parts);
    let headers = std::mem::take(&mut parts.headers);
    let asked = Asked::new(app, path, query, headers, body, file, address);
    Ok(asked.at(parts.uri.clone(), form))
}

async fn path(parts: &mut Parts) -> Result<HashMap<String, String>, Problem> {
    let path = RawPathParams::from_request_parts(parts, &()).await;
    let path = path.map_err(|error| Problem::bad(error.body_text()))?;
    Ok(path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// The query, of parameters that the endpoint has.
fn query(parts: &Parts, endpoint: &Endpoint) -> Result<Vec<(String, String)>, Problem> {
    let Query(mut query) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
        .map_err(|error| Problem::bad(error.body_text()))?;
    if endpoint.surface == Surface::Page {
        // A form without a script sends also what nobody chose.
        query.retain(|(name, value)| !value.is_empty() || name.contains('.'));
    }
    let is_known = |name: &str| endpoint.params().any(|known| known.is_named(name));
    if let Some((name, _)) = query.iter().find(|(name, _)| !is_known(name)) {
        let known: Vec<_> = endpoint.params().map(|known| known.name).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(Problem::bad(format!("there is no parameter `{name}`; there are: {known}")));
    }
    Ok(query)
}

/// Forgets what is over, and deletes files that nobody named.
async fn tidy(engine: &Engine) {
    let tidied = match engine.accounts() {
        Ok(accounts) => accounts.tidy().await,
        Err(error) => Err(error),
    };
    if let Err(error) = tidied {
        let cause: &dyn std::error::Error = &error;
        tracing::warn!(cause, "what is over could not be forgotten");
    }
    match engine.collect_uploads().await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "files that no record named were deleted"),
        Err(error) => {
            let cause: &dyn std::error::Error = &error;
            tracing::warn!(cause, "files that no record named could not be deleted");
        }
    }
}

/// Serves until `end`, then lets requests that have begun finish. What was acknowledged is durable in any case.
///
/// # Errors
/// If the listener fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    end: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let grace = app.config.grace;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let end = async move {
        end.await;
        tracing::info!("ending: no new requests");
        drop(stop);
    };
    let (metrics, limits) = (app.metrics.clone(), app.limits.clone());
    // What was measured is kept piece by piece until somebody adds it up; nobody has to come for that.
    let upkeep = async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            metrics.run_upkeep();
            limits.forget();
        }
    };
    let engine = app.engine.clone();
    let tidying = async move {
        loop {
            tidy(&engine).await;
            tokio::time::sleep(TIDY).await;
        }
    };
    let listener = Patient { listener, patience: app.config.timeout };
    // Tapped, as handlers know the address of a client then, as of any listener of axum's own.
    let listener = listener.tap_io(|_| ());
    let service = router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(end);
    tokio::select! {
        served = serving.into_future() => served,
        () = upkeep => Ok(()),
        () = tidying => Ok(()),
        () = async { drop(stopped.await); tokio::time::sleep(grace).await } => {
            tracing::warn!(grace = ?grace, "some requests did not end in time");
            Ok(())
        }
    }
}
