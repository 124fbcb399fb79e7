//! Security events: what happened at the door, as it stands on the ledger.
//!
//! They change no record and name nobody: accounts, tokens, sessions and invitations by their ids, persons as `PER-3`. Who that
//! is stands beside the ledger.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{EventError, RecordId, Role};

/// What happened at the door.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Occurrence {
    /// Somebody signed in; `by` says with what.
    SignedIn,
    /// Somebody did not: the password, code or passkey was wrong. Noted once for a stretch of time.
    SignInFailed,
    /// Signing in to the account waits, after too many failures.
    SignInBlocked,
    /// A session was ended before its time.
    SessionEnded,
    /// All sessions but perhaps one were.
    SessionsEnded,
    PasswordSet,
    /// A link was made that sets a password.
    PasswordLinkMade,
    /// Codes by time, passkeys, recovery codes: `by` says which.
    FactorAdded,
    FactorRemoved,
    RecoveryCodesMade,
    TokenIssued,
    TokenRevoked,
    Invited,
    InvitationWithdrawn,
    InvitationAccepted,
    MemberAdded,
    MemberChanged,
    MemberRemoved,
    AccountDisabled,
    AccountEnabled,
}

impl Occurrence {
    /// As it is written: `signed_in`.
    pub fn name(self) -> String {
        let name = serde_json::to_value(self).ok();
        name.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

/// One security event.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Security {
    pub what: Occurrence,
    /// The account that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The id of the token, session or invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// With what: `password`, `totp`, `recovery_code`, `passkey`, `oidc`; for tokens their scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The role that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The person that the account is in the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<RecordId>,
}

impl Security {
    /// Something that happened to an account.
    pub fn of(what: Occurrence, account: &str) -> Security {
        let account = Some(account.to_owned());
        Security { what, account, about: None, by: None, role: None, person: None }
    }

    /// Concerning that token, session or invitation.
    #[must_use]
    pub fn about(self, id: &str) -> Security {
        Security { about: Some(id.to_owned()), ..self }
    }

    /// With that.
    #[must_use]
    pub fn by(self, means: &str) -> Security {
        Security { by: Some(means.to_owned()), ..self }
    }

    pub(crate) fn write(&self, json: &mut Map<String, Value>) {
        // Texts always serialise.
        if let Ok(Value::Object(fields)) = serde_json::to_value(self) {
            json.extend(fields);
        }
    }

    pub(crate) fn read(json: Map<String, Value>) -> Result<Security, EventError> {
        serde_json::from_value(Value::Object(json)).map_err(|_| EventError::Field("what"))
    }
}
