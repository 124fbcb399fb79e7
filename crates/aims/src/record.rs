//! What every record has, whatever its kind.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    Body, Book, Kind, Lifecycle, RecordId, Ref,
    records::{FileRef, Person},
};

/// A kind of record: a plain struct whose doc comments are the help texts that people read.
///
/// From its one line in `records/mod.rs` a kind gets its commands, history, import, export and documentation.
pub trait RecordKind:
    Clone + PartialEq + Serialize + DeserializeOwned + JsonSchema + Into<Body> + Send + Sync + 'static
{
    /// Set by the registration; never by hand.
    const KIND: Kind;
    /// As in files, URLs and commands: `ai_system`.
    const NAME: &'static str;
    /// Of readable ids: `SYS`.
    const PREFIX: &'static str;
    /// With its article, as in a sentence: `an AI system`.
    const LABEL: &'static str;
    const LIFECYCLE: &'static Lifecycle;
    /// Fields that must be filled before the record counts; what the type itself demands is not repeated.
    const REQUIRED: &'static [&'static str];
    /// Name of the field for a file, of those kinds that have one.
    const FILE: &'static str = "file";

    /// What a person calls this record.
    fn title(&self) -> &str;

    /// Who answers for it.
    fn owner(&self) -> Option<Ref<Person>> {
        None
    }

    /// Dates by which somebody has to do something, with the field that holds each.
    fn dates(&self) -> Vec<(&'static str, Date)> {
        Vec::new()
    }

    /// The record that this one hangs on: what is said about that and never stands alone. It does not hold that back from
    /// being withdrawn, but goes with it.
    fn about(&self) -> Option<RecordId> {
        None
    }

    /// The file that it names, in its field [`RecordKind::FILE`].
    fn file(&self) -> Option<&FileRef> {
        None
    }

    /// Rules beyond the types; reads the Book that the record is to stand in.
    fn check(&self, _id: RecordId, _book: &Book, _problems: &mut Problems) {}
}

/// What is wrong with the fields of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Problems(pub Vec<Problem>);

/// One field at fault, what is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Problem {
    pub field: String,
    pub message: String,
}

impl Problems {
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(Problem { field: field.to_owned(), message: message.into() });
    }

    /// Adds the problem unless `holds`.
    pub fn unless(&mut self, holds: bool, field: &str, message: &str) {
        if !holds {
            self.add(field, message);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (position, problem) in self.0.iter().enumerate() {
            let comma = if position == 0 { "" } else { "; " };
            if problem.field.is_empty() {
                write!(f, "{comma}{}", problem.message)?;
            } else {
                write!(f, "{comma}{}: {}", problem.field, problem.message)?;
            }
        }
        Ok(())
    }
}

/// The current state of one record: what was last stated, and where its life cycle stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub id: RecordId,
    /// Counts statements, from 1. A command names the version that it was based on.
    pub version: u32,
    pub state: &'static str,
    pub body: Body,
    /// Values of the fields that the organisation defined for this kind.
    pub custom: Map<String, Value>,
    /// Where the record came from, when it was imported.
    pub external: Vec<ExternalId>,
    pub created: Mark,
    pub stated: Mark,
    pub moved: Option<Mark>,
    /// The last version that was in force, kept while a newer one is being prepared.
    pub in_force: Option<Arc<InForce>>,
}

/// Who did something on the ledger, when, and at which entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Mark {
    pub by: Arc<str>,
    pub at: Timestamp,
    pub seq: u64,
}

/// The id of a record in the source that it was imported from.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct ExternalId {
    /// The id scheme: `csv:inventory`, `purl`, `huggingface`.
    pub source: String,
    pub id: String,
}

/// A version that came into force.
#[derive(Clone, Debug, PartialEq)]
pub struct InForce {
    pub version: u32,
    pub body: Body,
    pub since: Mark,
}

impl Record {
    pub fn kind(&self) -> Kind {
        self.id.kind
    }

    pub fn lifecycle(&self) -> &'static Lifecycle {
        self.kind().lifecycle()
    }

    pub fn title(&self) -> &str {
        self.body.title()
    }

    /// Not in a final state. Withdrawn records are no longer in the Book at all.
    pub fn is_live(&self) -> bool {
        !self.lifecycle().is_final(self.state)
    }

    /// What counts today: the current version if it is in force, else the last one that was; `None` if there never was one
    /// or the record has reached a final state.
    pub fn effective(&self) -> Option<&Body> {
        if !self.is_live() {
            None
        } else if self.lifecycle().is_in_force(self.state) {
            Some(&self.body)
        } else {
            self.in_force.as_deref().map(|in_force| &in_force.body)
        }
    }

    /// As files, commands and the API show it.
    pub fn to_json(&self) -> Value {
        // A record of ours always serialises: its maps have text keys and its numbers are finite.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// A record as files and programs read it.
#[derive(Serialize, JsonSchema)]
struct Shown<'r> {
    id: RecordId,
    kind: Kind,
    version: u32,
    state: &'static str,
    /// By the schema of the kind; without empty fields.
    #[schemars(with = "serde_json::Map<String, Value>")]
    body: Value,
    /// Values of the organisation's own fields.
    #[serde(skip_serializing_if = "Map::is_empty")]
    custom: &'r Map<String, Value>,
    /// Where it came from.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    external: &'r [ExternalId],
    created: &'r Mark,
    stated: &'r Mark,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<&'r Mark>,
    /// The last version that was in force, if a newer one is being prepared.
    #[serde(skip_serializing_if = "Option::is_none")]
    version_in_force: Option<u32>,
}

impl Serialize for Record {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let in_force = self.in_force.as_ref().map(|in_force| in_force.version);
        let shown = Shown {
            id: self.id,
            kind: self.kind(),
            version: self.version,
            state: self.state,
            body: self.body.to_json(),
            custom: &self.custom,
            external: &self.external,
            created: &self.created,
            stated: &self.stated,
            moved: self.moved.as_ref(),
            version_in_force: in_force.filter(|version| *version != self.version),
        };
        shown.serialize(serializer)
    }
}

/// What is shown, and for each kind the schema of its body. That is the one by which it is stated, as empty fields are in
/// neither; so it is referred to, and whoever makes a document of answers adds it.
impl JsonSchema for Record {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Record".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = Shown::json_schema(generator);
        let kind = |kind: &Kind| {
            let place = generator.settings().definitions_path.trim_end_matches('/');
            let body = serde_json::json!({ "$ref": format!("#{place}/{}", kind.schema_name()) });
            let properties = serde_json::json!({ "kind": { "const": kind.name() }, "body": body });
            serde_json::json!({ "title": kind.name(), "properties": properties })
        };
        let kinds: Vec<Value> = Kind::ALL.iter().map(kind).collect();
        schema.insert("oneOf".to_owned(), kinds.into());
        schema
    }
}

/// Takes out of `value` what says nothing: nulls, empty texts, lists and objects. Lists keep their length.
pub(crate) fn prune(value: &mut Value) {
    match value {
        Value::Object(map) => map.retain(|_, value| {
            prune(value);
            !is_empty(value)
        }),
        Value::Array(list) => list.iter_mut().for_each(prune),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
