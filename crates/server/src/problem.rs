//! Errors as clients see them: problem details (RFC 9457). The only place that chooses a status.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use surety_aims::{RecordId, Rejection};
use surety_engine::{
    Error,
    accounts::{self, oidc::OidcError},
};

/// Why a request was not fulfilled. `code` is for programs and part of the API; `detail` is for people and is not.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    pub(crate) more: Box<More>,
}

/// What programs may want to know beside the code.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct More {
    /// Fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<Fault>,
    /// The version that a change was based on.
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<u32>,
    /// The version that is current.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<u32>,
    /// The record as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<Value>,
    /// The body that was not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    yours: Option<Value>,
    /// The record that is there already.
    #[serde(skip_serializing_if = "Option::is_none")]
    existing: Option<RecordId>,
    /// The record of many that is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordId>,
    /// The command of many that is at fault, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<usize>,
    /// Seconds until it has passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    /// Records of many that are other than they were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stale: Vec<Stale>,
}

/// A field at fault.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Fault {
    /// Empty: the whole.
    field: String,
    /// What is wrong with it, and what to do.
    message: String,
}

/// A record that is other than it was.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "StaleRecord")]
pub(crate) struct Stale {
    pub(crate) id: RecordId,
    /// The version that was started from; null: none was.
    pub(crate) base: Option<u32>,
    /// The version that is current; null: it is not there, or does not fit any more.
    pub(crate) current_version: Option<u32>,
}

/// Why one of many is refused.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Refused {
    code: &'static str,
    pub(crate) detail: String,
    fields: Vec<Fault>,
}

impl From<&Problem> for Refused {
    fn from(problem: &Problem) -> Refused {
        let (code, detail) = (problem.code, problem.detail.clone());
        Refused { code, detail, fields: problem.more.fields.clone() }
    }
}

/// The body of a problem.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
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
    #[serde(flatten)]
    more: &'a More,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Problem {
        Problem { status, code, detail: detail.into(), more: Box::default() }
    }

    /// Fields at fault, and what is wrong with each.
    pub(crate) fn faults(&self) -> impl Iterator<Item = (&str, &str)> {
        self.more.fields.iter().map(|fault| (fault.field.as_str(), fault.message.as_str()))
    }

    /// Whether it is about what somebody gave, so that a form can say it and be sent again.
    pub(crate) fn is_about_input(&self) -> bool {
        matches!(self.code, "invalid" | "bad-request" | "exists" | "sign-in-refused" | "link")
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
        let detail = "sign in, or give an API token: Authorization: Bearer surety_...";
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
            .with(More { retry_after: Some(seconds), ..More::default() })
    }

    /// What can't be done now.
    pub(crate) fn refused(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", detail)
    }

    /// Names the record that is meant.
    pub(crate) fn about(mut self, record: Option<RecordId>) -> Problem {
        self.more.record = record;
        self
    }

    /// Names the records that have changed.
    pub(crate) fn stale(mut self, stale: Vec<Stale>) -> Problem {
        self.more.stale = stale;
        self
    }

    /// Says which command of many it is about, counted from 0.
    pub(crate) fn of_command(mut self, command: usize) -> Problem {
        self.more.command = Some(command);
        self
    }

    fn with(mut self, more: More) -> Problem {
        *self.more = more;
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
        if let Some(seconds) = self.more.retry_after {
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
            Error::Refused(refused) => Problem::from(refused),
            Error::Taken(_) => Problem::new(StatusCode::CONFLICT, "exists", error.to_string()),
            Error::UnknownRecord(id) => Problem::not_found(id),
            Error::UnknownOrganisation(id) => Problem::not_found(format!("organisation `{id}`")),
            Error::UnknownEntry(seq) => Problem::not_found(format!("entry {seq}")),
            error if error.is_refusal() && !error.is_of_installation() => {
                Problem::bad(error.to_string())
            }
            error => {
                let cause: &dyn std::error::Error = &error;
                tracing::error!(cause, "a request failed");
                Problem::internal()
            }
        }
    }
}

impl From<accounts::Refused> for Problem {
    fn from(refused: accounts::Refused) -> Problem {
        let detail = refused.to_string();
        let (status, code) = match refused {
            accounts::Refused::Credentials
            | accounts::Refused::Code
            | accounts::Refused::Passkey => (StatusCode::UNAUTHORIZED, "sign-in-refused"),
            accounts::Refused::TooMany(wait) => {
                return Problem::too_many(u64::try_from(wait.as_secs()).unwrap_or(u64::MAX));
            }
            accounts::Refused::NotFresh => (StatusCode::FORBIDDEN, "sign-in-again"),
            accounts::Refused::NoSession => (StatusCode::FORBIDDEN, "session-needed"),
            accounts::Refused::Link => (StatusCode::NOT_FOUND, "link"),
            accounts::Refused::OtherAddress => (StatusCode::FORBIDDEN, "forbidden"),
        };
        Problem::new(status, code, detail)
    }
}

impl From<OidcError> for Problem {
    fn from(error: OidcError) -> Problem {
        let detail = error.to_string();
        let problem = |status, code| Problem::new(status, code, detail);
        match error {
            OidcError::Engine(error) => error.into(),
            OidcError::UnknownProvider(_) => problem(StatusCode::NOT_FOUND, "not-found"),
            OidcError::NotBegun => problem(StatusCode::BAD_REQUEST, "sign-in-not-begun"),
            OidcError::Declined { .. } => problem(StatusCode::FORBIDDEN, "sign-in-declined"),
            OidcError::Unreliable { .. } => problem(StatusCode::FORBIDDEN, "sign-in-not-believed"),
            OidcError::Unverified(_) | OidcError::ForeignDomain { .. } => {
                problem(StatusCode::FORBIDDEN, "address-not-believed")
            }
            OidcError::NoAccount | OidcError::Barred => {
                problem(StatusCode::FORBIDDEN, "no-account")
            }
            OidcError::Unreachable { provider, cause } => {
                tracing::warn!(provider, cause, "a provider of identity can't be asked");
                problem(StatusCode::BAD_GATEWAY, "provider-unreachable")
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
                problem(StatusCode::PRECONDITION_FAILED, "stale").with(More {
                    base: Some(base),
                    current_version: Some(current_version),
                    current: Some(*current),
                    yours: Some(*yours),
                    ..More::default()
                })
            }
            Rejection::Exists { version, .. } => problem(StatusCode::CONFLICT, "exists")
                .with(More { current_version: Some(version), ..More::default() }),
            Rejection::Imported { existing, .. } => problem(StatusCode::CONFLICT, "exists")
                .with(More { existing: Some(existing), ..More::default() }),
            Rejection::Invalid(problems) => {
                let fault = |problem: surety_aims::Problem| Fault {
                    field: problem.field,
                    message: problem.message,
                };
                let fields = problems.0.into_iter().map(fault).collect();
                problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
                    .with(More { fields, ..More::default() })
            }
            Rejection::WrongKind { .. }
            | Rejection::NumberTooHigh(_)
            | Rejection::NoSuchStep { .. }
            | Rejection::Incomplete { .. }
            | Rejection::NoteMissing { .. }
            | Rejection::FourEyes { .. }
            | Rejection::Guarded { .. }
            | Rejection::ReferredTo { .. }
            | Rejection::Told(_) => problem(StatusCode::UNPROCESSABLE_ENTITY, "refused"),
        }
    }
}
