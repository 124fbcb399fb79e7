//! Whether the server lives, whether it can answer, and its figures for Prometheus.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::serve::App;

/// The process answers.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers too.
pub(crate) async fn readyz(State(app): State<App>) -> Response {
    match app.engine.organisations().await {
        Ok(_) => "ok\n".into_response(),
        Err(error) => {
            let cause: &dyn std::error::Error = &error;
            tracing::warn!(cause, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// Counters and times, as text of version 0.0.4.
pub(crate) async fn metrics(State(app): State<App>) -> Response {
    let media = "text/plain; version=0.0.4";
    ([(header::CONTENT_TYPE, media)], app.metrics.render()).into_response()
}
