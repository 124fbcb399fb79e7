//! Events: what somebody did, as it stands in the payload of a ledger entry.
//!
//! The serialised form is the audit record: add kinds and optional fields, never rename or repurpose one. A ledger
//! written by any released version loads for ever; differences are mended on reading, by `SCHEMA` number.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::{Body, ExternalId, Kind, RecordId, Security};

/// The version in which payloads are written today.
pub const SCHEMA: u32 = 1;

/// One thing that happened to the management system.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A record's first or next version, whole.
    Stated(Box<Stated>),
    /// A life-cycle step.
    Moved { id: RecordId, from: &'static str, to: &'static str, note: String },
    /// Gone from now on, still there in the past.
    Withdrawn { id: RecordId, reason: String },
    /// The payload of entry `seq` was erased; `residue` is what remains of the event, without the erased text.
    Redacted { seq: u64, reason: String, residue: Value },
    /// Something happened at the door; no record changes.
    Security(Box<Security>),
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    pub id: RecordId,
    pub version: u32,
    pub body: Body,
    pub custom: Map<String, Value>,
    pub external: Vec<ExternalId>,
}

/// Why a payload can't be read. A ledger that verifies and was written by a released version never gives one.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    #[error("the payload is not JSON")]
    Json(#[source] serde_json::Error),
    #[error("the payload has no usable `{0}`")]
    Field(&'static str),
    #[error(
        "the payload is of schema {0}, and this version reads up to {SCHEMA}; use a newer surety"
    )]
    Newer(u32),
    #[error("the body of {id} does not fit its kind")]
    Body {
        id: RecordId,
        #[source]
        source: serde_json::Error,
    },
}

/// An event with the header facts that the fold needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    pub seq: u64,
    pub at: Timestamp,
    pub by: std::sync::Arc<str>,
    pub event: Event,
}

impl Event {
    /// What security events are found under.
    pub const SECURITY: &str = "security";

    /// The word in entry headers: `stated`, `moved`, `withdrawn`, `redacted` or `security`.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Stated(_) => "stated",
            Event::Moved { .. } => "moved",
            Event::Withdrawn { .. } => "withdrawn",
            Event::Redacted { .. } => "redacted",
            Event::Security(_) => "security",
        }
    }

    /// The record that it is about.
    pub fn subject(&self) -> Option<RecordId> {
        match self {
            Event::Stated(stated) => Some(stated.id),
            Event::Moved { id, .. } | Event::Withdrawn { id, .. } => Some(*id),
            Event::Redacted { .. } | Event::Security(_) => None,
        }
    }

    /// What the entry is found under beside its number: the record that it is about, or that it is of the door.
    pub fn found_under(&self) -> Option<String> {
        match self {
            Event::Security(_) => Some(Event::SECURITY.to_owned()),
            Event::Stated(_)
            | Event::Moved { .. }
            | Event::Withdrawn { .. }
            | Event::Redacted { .. } => self.subject().map(|id| id.to_string()),
        }
    }

    /// The payload as it is written to the ledger.
    pub fn to_json(&self) -> Value {
        let mut json = Map::new();
        json.insert("type".into(), self.kind().into());
        match self {
            Event::Stated(stated) => stated.write(&mut json),
            Event::Moved { id, from, to, note } => {
                json.insert("id".into(), id.to_string().into());
                json.insert("kind".into(), id.kind.name().into());
                json.insert("from".into(), (*from).into());
                json.insert("to".into(), (*to).into());
                json.insert("note".into(), note.as_str().into());
            }
            Event::Withdrawn { id, reason } => {
                json.insert("id".into(), id.to_string().into());
                json.insert("kind".into(), id.kind.name().into());
                json.insert("reason".into(), reason.as_str().into());
            }
            Event::Redacted { seq, reason, residue } => {
                json.insert("seq".into(), (*seq).into());
                json.insert("reason".into(), reason.as_str().into());
                json.insert("residue".into(), residue.clone());
            }
            Event::Security(security) => security.write(&mut json),
        }
        Value::Object(json)
    }

    /// Reads a payload that was written under `schema`.
    pub fn parse(schema: u32, payload: &[u8]) -> Result<Event, EventError> {
        if schema > SCHEMA {
            return Err(EventError::Newer(schema));
        }
        let value = serde_json::from_slice(payload).map_err(EventError::Json)?;
        Event::from_json(value)
    }

    /// Reads the JSON of a payload.
    pub fn from_json(value: Value) -> Result<Event, EventError> {
        let Value::Object(mut json) = value else { return Err(EventError::Field("type")) };
        match text(&json, "type")?.as_str() {
            "stated" => Stated::read(json).map(|stated| Event::Stated(Box::new(stated))),
            "moved" => {
                let id = id(&json)?;
                let state = |field| {
                    let state = text(&json, field)?;
                    id.kind.lifecycle().state(&state).ok_or(EventError::Field(field))
                };
                Ok(Event::Moved {
                    id,
                    from: state("from")?,
                    to: state("to")?,
                    note: text(&json, "note")?,
                })
            }
            "withdrawn" => Ok(Event::Withdrawn { id: id(&json)?, reason: text(&json, "reason")? }),
            "redacted" => {
                let seq =
                    json.get("seq").and_then(Value::as_u64).ok_or(EventError::Field("seq"))?;
                let residue = json.remove("residue").unwrap_or_default();
                Ok(Event::Redacted { seq, reason: text(&json, "reason")?, residue })
            }
            "security" => Security::read(json).map(|security| Event::Security(Box::new(security))),
            _ => Err(EventError::Field("type")),
        }
    }
}

impl Stated {
    fn write(&self, json: &mut Map<String, Value>) {
        json.insert("id".into(), self.id.to_string().into());
        json.insert("kind".into(), self.id.kind.name().into());
        json.insert("version".into(), self.version.into());
        json.insert("body".into(), self.body.to_json());
        if !self.custom.is_empty() {
            json.insert("custom".into(), self.custom.clone().into());
        }
        if !self.external.is_empty() {
            json.insert("external".into(), serde_json::json!(self.external));
        }
    }

    fn read(mut json: Map<String, Value>) -> Result<Stated, EventError> {
        let id = id(&json)?;
        let version =
            json.get("version").and_then(Value::as_u64).and_then(|v| u32::try_from(v).ok());
        let body = json.remove("body").ok_or(EventError::Field("body"))?;
        let body = id.kind.body(body).map_err(|source| EventError::Body { id, source })?;
        let custom = match json.remove("custom") {
            Some(Value::Object(custom)) => custom,
            None => Map::new(),
            Some(_) => return Err(EventError::Field("custom")),
        };
        let external = match json.remove("external") {
            Some(external) => {
                serde_json::from_value(external).map_err(|_| EventError::Field("external"))?
            }
            None => Vec::new(),
        };
        let version = version.ok_or(EventError::Field("version"))?;
        Ok(Stated { id, version, body, custom, external })
    }
}

fn text(json: &Map<String, Value>, field: &'static str) -> Result<String, EventError> {
    json.get(field).and_then(Value::as_str).map(str::to_owned).ok_or(EventError::Field(field))
}

/// The id, checked against the kind that stands beside it.
fn id(json: &Map<String, Value>) -> Result<RecordId, EventError> {
    let id: RecordId = text(json, "id")?.parse().map_err(|_| EventError::Field("id"))?;
    let kind = Kind::from_name(&text(json, "kind")?);
    if kind == Some(id.kind) { Ok(id) } else { Err(EventError::Field("kind")) }
}
