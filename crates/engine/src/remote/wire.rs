//! What a server and a command line that asks it say to each other, as JSON. Fields are added, never renamed.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use surety_aims::{ExternalId, Kind, RecordId};

use crate::{Asked, Batch};

/// An organisation in which the caller has a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OrganisationPlace")]
pub struct Place {
    pub id: String,
    pub name: String,
    /// The first line of its checkpoints.
    pub origin: String,
    pub created_at: Timestamp,
}

/// How far the ledger goes, and who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Head {
    pub organisation: Place,
    /// Entries on the ledger.
    pub size: u64,
    /// The root of their Merkle tree (RFC 6962), in base64.
    pub root: String,
    pub you: You,
}

/// Whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "WhoAsks")]
pub struct You {
    /// As entries name whoever did something: `PER-3`.
    pub name: String,
    pub role: String,
}

/// A number of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Size {
    pub size: u64,
}

/// An entry that another has redacted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Redacted {
    pub seq: u64,
    pub redacted_by: u64,
}

/// What signs the ledger, and what it has signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signatures {
    /// Oldest first.
    pub keys: Vec<Key>,
    /// Those that are kept, smallest first.
    pub checkpoints: Vec<KeptCheckpoint>,
}

/// A public key (C2SP signed-note), and since when its signatures count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Key {
    pub vkey: String,
    pub since: Timestamp,
}

/// A checkpoint (C2SP tlog-checkpoint) and how many entries it covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeptCheckpoint {
    pub size: u64,
    pub note: String,
}

/// Who a person of the records is. It stands beside the ledger and can be erased.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PersonDetails")]
pub struct Person {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Commands that happen together or not at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Commands {
    pub commands: Vec<Command>,
}

/// A command, and the person on whose behalf an owner issues it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// State a record's first or next version, whole.
    State {
        /// The kind of record: `ai_system`.
        #[schemars(with = "String")]
        kind: Kind,
        /// Without one: a new record under the next number.
        #[serde(default)]
        id: Option<RecordId>,
        /// By the schema of its kind.
        body: Value,
        /// Fields that the organisation has defined.
        #[serde(default)]
        custom: Map<String, Value>,
        /// Its names in other systems.
        #[serde(default)]
        external: Vec<ExternalId>,
        /// The version that this one is based on; without one, the record is new.
        #[serde(default)]
        base: Option<u32>,
        #[serde(default)]
        on_behalf_of: Option<String>,
    },
    /// Take a step of its life cycle.
    Move {
        id: RecordId,
        /// The action, or the state that it leads to.
        step: String,
        /// Why, where the step asks for it.
        #[serde(default)]
        note: String,
        #[serde(default)]
        base: Option<u32>,
        #[serde(default)]
        on_behalf_of: Option<String>,
    },
    /// Withdraw a record.
    Withdraw {
        id: RecordId,
        /// Why; it stays on the ledger.
        reason: String,
        #[serde(default)]
        base: Option<u32>,
        #[serde(default)]
        on_behalf_of: Option<String>,
    },
}

/// What a batch led to. It is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Done {
    /// Numbers of the new entries, first and one past the last; equal if nothing was to do.
    #[schemars(with = "[u64; 2]")]
    pub entries: (u64, u64),
    /// The record that each command was about.
    pub records: Vec<Option<RecordId>>,
    /// The `Idempotency-Key` was used before; nothing happened now.
    pub repeated: bool,
}

/// Which text of an entry is to be erased, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    /// The legal ground; it stays on the ledger.
    pub reason: String,
    /// Fields as JSON pointers into the payload; all free text if none is named.
    #[serde(default)]
    pub fields: Vec<String>,
}

impl Command {
    /// The same as the engine has it.
    pub fn into_asked(self) -> Asked {
        let asked = |command, on_behalf_of: Option<String>| Asked {
            command,
            on_behalf_of: on_behalf_of.map(Arc::from),
        };
        match self {
            Command::State { kind, id, body, custom, external, base, on_behalf_of } => asked(
                surety_aims::Command::State { kind, id, body, custom, external, base },
                on_behalf_of,
            ),
            Command::Move { id, step, note, base, on_behalf_of } => {
                asked(surety_aims::Command::Move { id, step, note, base }, on_behalf_of)
            }
            Command::Withdraw { id, reason, base, on_behalf_of } => {
                asked(surety_aims::Command::Withdraw { id, reason, base }, on_behalf_of)
            }
        }
    }

    /// As it is sent; `None` for what only the server itself says: a redaction, so that nobody puts words in the place of what
    /// was erased, and what happened at its door.
    pub(crate) fn of(asked: &Asked) -> Option<Command> {
        let on_behalf_of = asked.on_behalf_of.as_deref().map(str::to_owned);
        Some(match asked.command.clone() {
            surety_aims::Command::State { kind, id, body, custom, external, base } => {
                Command::State { kind, id, body, custom, external, base, on_behalf_of }
            }
            surety_aims::Command::Move { id, step, note, base } => {
                Command::Move { id, step, note, base, on_behalf_of }
            }
            surety_aims::Command::Withdraw { id, reason, base } => {
                Command::Withdraw { id, reason, base, on_behalf_of }
            }
            surety_aims::Command::Redact { .. } | surety_aims::Command::Note(_) => return None,
        })
    }
}

impl Commands {
    /// The same as the engine has it.
    pub fn into_batch(self, idempotency_key: Option<String>) -> Batch {
        let commands = self.commands.into_iter().map(Command::into_asked);
        Batch { idempotency_key, ..Batch::of(commands) }
    }
}

impl From<crate::Done> for Done {
    fn from(done: crate::Done) -> Done {
        let crate::Done { entries, records, repeated } = done;
        Done { entries, records, repeated }
    }
}

impl From<Done> for crate::Done {
    fn from(done: Done) -> crate::Done {
        let Done { entries, records, repeated } = done;
        crate::Done { entries, records, repeated }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_command_is_the_same_after_its_way_to_the_server() {
        let asked = Asked {
            command: surety_aims::Command::State {
                kind: Kind::Risk,
                id: Some("RSK-3".parse().unwrap()),
                body: json!({ "title": "Fog" }),
                custom: Map::from_iter([("pier".to_owned(), json!(4))]),
                external: vec![ExternalId { source: "csv:risks".into(), id: "7".into() }],
                base: Some(2),
            },
            on_behalf_of: Some("PER-2".into()),
        };
        let sent = serde_json::to_string(&Command::of(&asked)).unwrap();
        let read: Command = serde_json::from_str(&sent).unwrap();
        assert_eq!(read.into_asked(), asked);
    }

    #[test]
    fn a_redaction_is_no_command_of_a_batch() {
        let residue = json!({ "title": "something that nobody ever stated" });
        let redact = surety_aims::Command::Redact { seq: 3, reason: "x".into(), residue };
        assert_eq!(Command::of(&redact.into()), None);
        let text = r#"{ "do": "redact", "seq": 3, "reason": "x", "residue": {} }"#;
        assert!(serde_json::from_str::<Command>(text).is_err());
    }
}
