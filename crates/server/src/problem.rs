//! Errors as clients see them: problem details (RFC 9457). The only place that chooses a status.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value};
use surety_aims::Rejection;
use surety_engine::Error;

/// Why a request was not fulfilled. `code` is for programs and part of the API; `detail` is for people and is not.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    /// What else programs may want: fields at fault, both versions of a conflict.
    pub(crate) more: Map<String, Value>,
}

/// What a problem that passes with time says beside its header field.
const RETRY_AFTER: &str = "retry_after";

/// The body of a problem.
#[derive(Serialize)]
pub(crate) struct Body<'a> {
    /// Says which kind of problem it is; the same for ever.
    r#type: String,
    /// The kind in words.
    title: &'a str,
    status: u16,
    /// The last part of `type`.
    code: &'a str,
    /// What is wrong with this request, and what to do.
    detail: &'a str,
    /// Fields at fault, or both versions of a conflict.
    #[serde(flatten)]
    more: &'a Map<String, Value>,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Problem {
        Problem { status, code, detail: detail.into(), more: Map::new() }
    }

    /// A request that can't be understood.
    pub(crate) fn bad(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// What is not there, or not for the caller to know.
    pub(crate) fn not_found(what: impl std::fmt::Display) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", format!("there is no {what}"))
    }

    /// Nobody whom we know.
    pub(crate) fn unauthenticated() -> Problem {
        let detail = "give an API token: Authorization: Bearer surety_...";
        Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
    }

    /// A failure of ours, of which the log knows more.
    pub(crate) fn internal() -> Problem {
        let detail = "something of ours failed; the log says what";
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    /// More than somebody's share; `seconds` until the next is taken.
    pub(crate) fn too_many(seconds: u64) -> Problem {
        let detail = format!("too many requests; come again in {seconds} s");
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail)
            .with(RETRY_AFTER, seconds)
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Problem {
        self.more.insert(name.to_owned(), value.into());
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or("Problem");
        let body = Body {
            r#type: format!("urn:surety:problem:{}", self.code),
            title,
            status: self.status.as_u16(),
            code: self.code,
            detail: &self.detail,
            more: &self.more,
        };
        // Texts and numbers always serialise.
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        let mut response = (self.status, bytes).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.more.get(RETRY_AFTER).and_then(Value::as_u64) {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Error> for Problem {
    #[expect(clippy::wildcard_enum_match_arm, reason = "`is_refusal` tells the others apart")]
    fn from(error: Error) -> Problem {
        match error {
            Error::Rejected(rejection) => Problem::from(*rejection),
            Error::Denied(denied) => {
                Problem::new(StatusCode::FORBIDDEN, "forbidden", denied.to_string())
            }
            Error::UnknownRecord(id) => Problem::not_found(id),
            Error::UnknownOrganisation(id) => Problem::not_found(format!("organisation `{id}`")),
            Error::UnknownEntry(seq) => Problem::not_found(format!("entry {seq}")),
            Error::Shared(error) if error.is_refusal() => Problem::bad(error.to_string()),
            error if error.is_refusal() => Problem::bad(error.to_string()),
            error => {
                let cause: &dyn std::error::Error = &error;
                tracing::error!(cause, "a request failed");
                Problem::internal()
            }
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Problem {
        let detail = rejection.to_string();
        let problem = |status, code| Problem::new(status, code, detail);
        match rejection {
            Rejection::Denied(_) => problem(StatusCode::FORBIDDEN, "forbidden"),
            Rejection::Unknown(_) | Rejection::NoSuchEntry(_) => {
                problem(StatusCode::NOT_FOUND, "not-found")
            }
            Rejection::Withdrawn(_) => problem(StatusCode::GONE, "withdrawn"),
            Rejection::Stale { current, yours, base, current_version, .. } => {
                problem(StatusCode::PRECONDITION_FAILED, "stale")
                    .with("base", base)
                    .with("current_version", current_version)
                    .with("current", *current)
                    .with("yours", *yours)
            }
            Rejection::Exists { version, .. } => {
                problem(StatusCode::CONFLICT, "exists").with("current_version", version)
            }
            Rejection::Imported { existing, .. } => {
                problem(StatusCode::CONFLICT, "exists").with("existing", existing.to_string())
            }
            Rejection::Invalid(problems) => {
                let fields = problems.0.iter().map(|problem| {
                    serde_json::json!({ "field": problem.field, "message": problem.message })
                });
                let fields: Vec<Value> = fields.collect();
                problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid").with("fields", fields)
            }
            Rejection::WrongKind { .. }
            | Rejection::NumberTooHigh(_)
            | Rejection::NoSuchStep { .. }
            | Rejection::Incomplete { .. }
            | Rejection::NoteMissing { .. }
            | Rejection::FourEyes { .. }
            | Rejection::Guarded { .. }
            | Rejection::ReferredTo { .. } => problem(StatusCode::UNPROCESSABLE_ENTITY, "refused"),
        }
    }
}
