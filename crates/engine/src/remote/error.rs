//! Why a server could not be asked, or what it answered.

use serde_json::{Map, Value};

/// What came of asking a server, if not an answer.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    #[error("{given} can't be the address of a server: {reason}")]
    Address { given: String, reason: String },
    #[error("the token can't be one: it holds what no header may")]
    NoToken,
    #[error("no server answers at {server}: {reason}")]
    Unreachable { server: String, reason: String },
    #[error("the connection to {server} broke: {reason}")]
    Broken { server: String, reason: String },
    #[error("the token is not valid at {server}: it may have ended, or be one of another server")]
    Token { server: String },
    #[error("the account of this token has no part in any organisation at {server}")]
    Nowhere { server: String },
    #[error("{server} sends us to {place}; if that is right, give it as --server")]
    Elsewhere { server: String, place: String },
    /// A problem (RFC 9457).
    #[error("the server says: {detail}")]
    Refused {
        status: u16,
        code: String,
        detail: String,
        /// What else it says: fields at fault, both versions of a conflict.
        more: Map<String, Value>,
    },
    #[error("{server} does not answer as a Surety of this version does: {what}")]
    Strange { server: String, what: String },
    #[error("the answer of {server} has more than {limit} bytes")]
    TooLarge { server: String, limit: u64 },
    #[error("what {server} tells does not agree with its ledger: {what}")]
    Untrue { server: String, what: String },
    #[error("{0} can be done where the data folder is, not through a server")]
    OnlyThere(&'static str),
}

impl RemoteError {
    /// Whether the server understood, and did not do it because of who asked or for what.
    pub fn is_refusal(&self) -> bool {
        matches!(self, RemoteError::Refused { status: 400..500, .. } | RemoteError::OnlyThere(_))
    }

    /// Whether it says that there is no such thing.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, RemoteError::Refused { status: 404, .. })
    }
}
