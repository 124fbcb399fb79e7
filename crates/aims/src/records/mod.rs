//! The record kinds. A new kind is one file here and one line in the list below.

use jiff::civil::Date;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Lifecycle, RecordId, RecordKind, Ref, record::prune, walk};

/// Makes the modules, [`Kind`] and [`Body`] from the list of kinds.
macro_rules! records {
    ($($module:ident::$kind:ident),* $(,)?) => {
        $(mod $module; pub use $module::*;)*

        /// Which kind a record is of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $(#[expect(missing_docs, reason = "the type of the same name says it")] $kind),* }

        /// What a record states.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Body { $(#[expect(missing_docs, reason = "the type of the same name says it")] $kind(Box<$kind>)),* }

        impl Kind {
            /// Every kind, in the order of registration.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];

            /// As in files, URLs and commands: `ai_system`.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$kind => $kind::NAME),* }
            }

            /// Of readable ids: `SYS`.
            pub fn prefix(self) -> &'static str {
                match self { $(Kind::$kind => $kind::PREFIX),* }
            }

            /// With its article: `an AI system`.
            pub fn label(self) -> &'static str {
                match self { $(Kind::$kind => $kind::LABEL),* }
            }

            pub fn lifecycle(self) -> &'static Lifecycle {
                match self { $(Kind::$kind => $kind::LIFECYCLE),* }
            }

            /// Fields that must be filled before the record counts.
            pub fn required(self) -> &'static [&'static str] {
                match self { $(Kind::$kind => $kind::REQUIRED),* }
            }

            /// Name of the field for a file, of those kinds that have one.
            pub fn file_field(self) -> &'static str {
                match self { $(Kind::$kind => $kind::FILE),* }
            }

            /// JSON Schema of the body; descriptions are the help texts.
            pub fn schema(self) -> Schema {
                match self { $(Kind::$kind => schemars::schema_for!($kind)),* }
            }

            /// The name of the schema of the body.
            pub fn schema_name(self) -> std::borrow::Cow<'static, str> {
                match self { $(Kind::$kind => <$kind as JsonSchema>::schema_name()),* }
            }

            /// A reference to the schema of the body, which becomes a part of the document.
            fn body_schema(self, generator: &mut schemars::SchemaGenerator) -> Schema {
                match self { $(Kind::$kind => generator.subschema_for::<$kind>()),* }
            }

            /// The body that `value` states, or which field is wrong and why.
            pub fn body(self, value: Value) -> Result<Body, serde_json::Error> {
                match self { $(Kind::$kind => serde_json::from_value::<$kind>(value).map(Body::from)),* }
            }

            /// The same without taking `value`, which a refused statement still has to show.
            pub(crate) fn body_from(self, value: &Value) -> Result<Body, serde_json::Error> {
                match self { $(Kind::$kind => $kind::deserialize(value).map(Body::from)),* }
            }

            /// The same from JSON text, without the way through [`Value`].
            pub(crate) fn body_from_str(self, text: &str) -> Result<Body, serde_json::Error> {
                match self { $(Kind::$kind => serde_json::from_str::<$kind>(text).map(Body::from)),* }
            }
        }

        impl Body {
            pub fn kind(&self) -> Kind {
                match self { $(Body::$kind(_) => Kind::$kind),* }
            }

            pub fn title(&self) -> &str {
                match self { $(Body::$kind(body) => RecordKind::title(body.as_ref())),* }
            }

            pub fn owner(&self) -> Option<Ref<Person>> {
                match self { $(Body::$kind(body) => RecordKind::owner(body.as_ref())),* }
            }

            pub fn dates(&self) -> Vec<(&'static str, Date)> {
                match self { $(Body::$kind(body) => RecordKind::dates(body.as_ref())),* }
            }

            /// The record that this one hangs on, and goes with.
            pub fn about(&self) -> Option<RecordId> {
                match self { $(Body::$kind(body) => RecordKind::about(body.as_ref())),* }
            }

            pub(crate) fn check(&self, id: RecordId, book: &crate::Book, problems: &mut crate::Problems) {
                match self { $(Body::$kind(body) => RecordKind::check(body.as_ref(), id, book, problems)),* }
            }

            /// The file that it names.
            pub fn file(&self) -> Option<&FileRef> {
                match self { $(Body::$kind(body) => RecordKind::file(body.as_ref())),* }
            }

            /// Every reference to another record, with the field that holds it.
            pub fn references(&self) -> Vec<(&'static str, RecordId)> {
                match self { $(Body::$kind(body) => walk::references(body.as_ref())),* }
            }

            pub(crate) fn walk(&self, visit: &mut dyn FnMut(&[&'static str], walk::Leaf<'_>)) {
                match self { $(Body::$kind(body) => walk::walk(body.as_ref(), visit)),* }
            }

            /// Every text that it holds, with the outermost field that it stands in.
            pub fn texts(&self, visit: &mut dyn FnMut(&'static str, &str)) {
                self.walk(&mut |path, leaf| {
                    if let walk::Leaf::Text(text) | walk::Leaf::Requirement(text) = leaf {
                        visit(path.first().copied().unwrap_or_default(), text);
                    }
                });
            }

            /// Each leaf of some fields; see [`walk::walk_fields`].
            pub(crate) fn walk_fields(
                &self,
                wanted: &[bool],
                visit: &mut dyn FnMut(usize, &[&'static str], walk::Leaf<'_>),
            ) {
                match self { $(Body::$kind(body) => walk::walk_fields(body.as_ref(), wanted, visit)),* }
            }

            /// The names of all fields, in their order.
            pub(crate) fn field_names(&self) -> Vec<&'static str> {
                match self { $(Body::$kind(body) => walk::field_names(body.as_ref())),* }
            }

            /// Each reference to a record or requirement.
            pub(crate) fn walk_links(&self, visit: &mut dyn FnMut(walk::Leaf<'_>)) {
                match self { $(Body::$kind(body) => walk::walk_links(body.as_ref(), visit)),* }
            }

            /// As it is written to the ledger and to files: without empty fields.
            pub fn to_json(&self) -> Value {
                let json = match self { $(Body::$kind(body) => serde_json::to_value(body.as_ref())),* };
                // A record of ours always serialises: its maps have text keys and its numbers are finite.
                let mut json = json.unwrap_or_default();
                prune(&mut json);
                json
            }
        }

        $(impl From<$kind> for Body {
            fn from(body: $kind) -> Body {
                Body::$kind(Box::new(body))
            }
        }

        impl crate::records::Typed for $kind {
            fn of(body: &Body) -> Option<&$kind> {
                if let Body::$kind(body) = body { Some(body) } else { None }
            }
        })*
    };
}

/// A body seen as its own type.
pub trait Typed: Sized {
    /// `None` if the body is of another kind.
    fn of(body: &Body) -> Option<&Self>;
}

/// The constants that `RecordKind` asks for, in one line for each kind.
macro_rules! kind {
    ($kind:ident, $name:literal, $prefix:literal, $label:literal, $lifecycle:expr, [$($required:literal),* $(,)?]) => {
        const KIND: crate::Kind = crate::Kind::$kind;
        const NAME: &'static str = $name;
        const PREFIX: &'static str = $prefix;
        const LABEL: &'static str = $label;
        const LIFECYCLE: &'static crate::Lifecycle = &$lifecycle;
        const REQUIRED: &'static [&'static str] = &[$($required),*];
    };
}

/// A closed list of values, written in snake case.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident { $($(#[$value_meta:meta])* $value:ident),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$value_meta])* $value),* }
    };
}

records! {
    organisation::Organisation,
    scope_statement::ScopeStatement,
    person::Person,
    role_assignment::RoleAssignment,
    system_group::SystemGroup,
    ai_system::AiSystem,
    resource::Resource,
    dataset_card::DatasetCard,
    supplier::Supplier,
    policy::Policy,
    controlled_document::ControlledDocument,
    control_implementation::ControlImplementation,
    evidence_item::EvidenceItem,
    risk::Risk,
    risk_assessment::RiskAssessment,
    impact_assessment::ImpactAssessment,
    audit_finding::AuditFinding,
    improvement_action::ImprovementAction,
    legal_obligation::LegalObligation,
    requirement_assessment::RequirementAssessment,
    framework::Framework,
    custom_field::CustomField,
    classification::Classification,
    incident::Incident,
    reporting_clock::ReportingClock,
    authority::Authority,
    attachment::Attachment,
    comment::Comment,
}

mod shared;
pub use shared::*;

impl Kind {
    /// What there is to know about the kind beside its schema: its ids, what must be filled, its life cycle.
    pub fn describe(self) -> Description {
        let lifecycle = self.lifecycle();
        let transitions = lifecycle.transitions.iter().map(|step| Step {
            from: step.from,
            action: step.action,
            to: step.to,
            note: step.needs.note,
            complete: step.needs.complete,
            second_person: step.needs.second_person,
        });
        Description {
            kind: self,
            prefix: self.prefix(),
            label: self.label(),
            required: self.required(),
            lifecycle: lifecycle.name,
            states: lifecycle.states,
            finals: lifecycle.finals,
            in_force: lifecycle.in_force,
            transitions: transitions.collect(),
        }
    }

    /// The names of the fields of its body, in their order.
    pub fn fields(self) -> Vec<&'static str> {
        // Every field of every kind may be left out.
        let empty = self.body(Value::Object(serde_json::Map::new()));
        empty.map(|body| body.field_names()).unwrap_or_default()
    }

    /// What it is called in a sentence, without an article: `AI system`.
    pub fn noun(self) -> &'static str {
        let label = self.label();
        label.split_once(' ').map_or(label, |(_, noun)| noun)
    }

    /// The kind of that name, as in `surety record list ai_system`.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The kind of that id prefix.
    pub fn from_prefix(prefix: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.prefix() == prefix)
    }
}

/// A kind of record as files and programs read it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "KindDescription")]
pub struct Description {
    kind: Kind,
    /// Of its ids: `SYS`.
    prefix: &'static str,
    /// With its article.
    label: &'static str,
    /// Fields that must be filled before a record counts.
    required: &'static [&'static str],
    /// The name of its life cycle.
    lifecycle: &'static str,
    /// The first is where records begin.
    states: &'static [&'static str],
    /// States that no step leaves.
    #[serde(rename = "final")]
    finals: &'static [&'static str],
    /// States in which what a record says counts.
    in_force: &'static [&'static str],
    transitions: Vec<Step>,
}

/// A step of a life cycle as files and programs read it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "KindStep")]
struct Step {
    from: &'static str,
    action: &'static str,
    to: &'static str,
    /// It asks for a note that says why.
    note: bool,
    /// It asks for every required field.
    complete: bool,
    /// It asks for another person than the one who stated the version.
    second_person: bool,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl JsonSchema for Kind {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Kind".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> Schema {
        let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        schemars::json_schema!({ "type": "string", "enum": names })
    }
}

/// A body of any kind.
impl JsonSchema for Body {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Body".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> Schema {
        let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.body_schema(generator)).collect();
        schemars::json_schema!({ "type": "object", "anyOf": kinds })
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Kind::from_name(&name).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "`{name}` is not a record kind; see `surety record --help`"
            ))
        })
    }
}
