//! What every request passes: limits, names, headers, logs, figures.

use std::{
    collections::HashSet,
    sync::LazyLock,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate},
    },
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    sensitive_headers::SetSensitiveRequestHeadersLayer,
    set_header::SetResponseHeaderLayer,
};

use crate::{
    config::Config,
    endpoint::{self, Endpoint, Takes},
    problem::Problem,
};

/// The name of a request, in logs and in its answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers of every answer. Nothing of ours is framed, sniffed, or sent on as a referrer, and no script is inline.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // Not `no-referrer`: then browsers say of our own forms that they come from nowhere (`Origin: null`).
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

/// Puts the layers around a router; the last one is the first that a request meets.
pub(crate) fn around(router: Router, config: &Config) -> Router {
    let mut router = router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(config.timeout, in_time))
        .layer(middleware::from_fn(measured))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(is_no_file)));
    for (name, value) in HEADERS {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        router = router.layer(SetResponseHeaderLayer::if_not_present(name, value));
    }
    let cache = HeaderValue::from_static("no-store");
    router
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, cache))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(SetSensitiveRequestHeadersLayer::new([header::AUTHORIZATION, header::COOKIE]))
}

/// Counts and times requests by the pattern of their path, and writes one line for each. No query: it may say what
/// nobody else should know.
async fn measured(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = known(request.method());
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = path.unwrap_or_else(|| "unmatched".to_owned());
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    let id = id.to_owned();
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), start.elapsed());
    let labels =
        [("method", method.to_owned()), ("path", path.clone()), ("status", status.to_string())];
    metrics::counter!("surety_http_requests_total", &labels).increment(1);
    metrics::histogram!("surety_http_request_seconds", &labels).record(took);
    tracing::info!(id, method, path, status, took = ?took, "request");
    response
}

/// A method as a label: whatever strangers make up is one and the same, or figures would grow without end.
fn known(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|name| *name == method.as_str()).unwrap_or("other")
}

/// Whether an answer may be compressed. Files are not: ranges count their own bytes, and a tag is for those.
fn is_no_file(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// An answer within the time that requests have, or a problem. An upload has as long as its bytes flow
/// ([`Upload`](crate::upload::Upload)).
async fn in_time(State(timeout): State<Duration>, request: Request, next: Next) -> Response {
    static UPLOADS: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let uploads = endpoint::all().filter(|endpoint| matches!(endpoint.takes, Takes::File));
        uploads.map(Endpoint::address).collect()
    });
    let path = request.extensions().get::<MatchedPath>();
    if request.method() == Method::POST && path.is_some_and(|path| UPLOADS.contains(path.as_str()))
    {
        return next.run(request).await;
    }
    tokio::time::timeout(timeout, next.run(request)).await.unwrap_or_else(|_| {
        let detail = "this took too long; a change may have happened all the same, so look before asking again";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", detail).into_response()
    })
}

/// A panic is a bug, and one request's alone.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("no message");
    tracing::error!(text, "a request panicked");
    Problem::internal().into_response()
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, routing::get};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn what_takes_too_long_is_a_problem_like_others() {
        let never = Router::new().route("/", get(std::future::pending::<()>));
        let config = Config { timeout: Duration::ZERO, ..Config::default() };
        let asked = Request::get("/").body(Body::empty()).unwrap();
        let late = around(never, &config).oneshot(asked).await.unwrap();
        assert_eq!(late.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(late.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert!(late.headers().contains_key(REQUEST_ID));
    }
}
