//! What a field of a record holds, read from the JSON Schema of its kind. Forms are drawn from it and read by it.

use serde_json::{Map, Value};
use surety_aims::Kind;

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    /// `iso42001:A.6.2.4`.
    Requirement,
    Number {
        min: Option<i64>,
        max: Option<i64>,
    },
    /// Yes or no.
    Flag,
    /// Yes, no, or nothing said.
    Answer,
    Date,
    /// Date and time, in UTC.
    Moment,
    /// One of these.
    Choice(Vec<String>),
    /// A record of that kind; `None`: of any.
    Reference(Option<Kind>),
    File,
    List(Box<Shape>),
    Object(Vec<Part>),
    /// Anything else, written as JSON.
    Json,
}

/// A field of a record or of an object in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// What it is for, in the words of the schema.
    pub(crate) help: String,
    pub(crate) shape: Shape,
}

/// The fields of a kind, in its own order.
pub(crate) fn parts(kind: Kind) -> Vec<Part> {
    let schema = kind.schema().to_value();
    let definitions = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    let reader = Reader { definitions: &definitions };
    let mut parts = reader.parts(&schema, 0);
    let order = kind.fields();
    parts.sort_by_key(|part| order.iter().position(|name| *name == part.name));
    parts
}

/// What a kind of record is, in the words of its schema.
pub(crate) fn about(kind: Kind) -> String {
    let schema = kind.schema().to_value();
    let says = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    // Below the first paragraph stands what concerns programs.
    let first = says.split("\n\n").next().unwrap_or_default();
    first.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Objects in objects, beyond which a field is written as JSON.
const DEEPEST: usize = 3;

struct Reader<'s> {
    definitions: &'s Map<String, Value>,
}

impl Reader<'_> {
    fn parts(&self, schema: &Value, depth: usize) -> Vec<Part> {
        let fields = schema.get("properties").and_then(Value::as_object);
        let part = |(name, schema): (&String, &Value)| {
            let resolved = self.resolved(schema);
            let says = [schema, resolved].map(|one| one.get("description").and_then(Value::as_str));
            Part {
                name: name.clone(),
                help: says.into_iter().flatten().next().unwrap_or_default().to_owned(),
                shape: self.shape(schema, depth),
            }
        };
        fields.into_iter().flatten().map(part).collect()
    }

    /// The schema that a reference leads to; of something optional, the schema of what it is if it is there.
    fn resolved<'v>(&'v self, schema: &'v Value) -> &'v Value {
        let is_null = |one: &Value| one.get("type").and_then(Value::as_str) == Some("null");
        let branches = schema.get("anyOf").and_then(Value::as_array);
        if let Some(some) = branches.and_then(|all| all.iter().find(|one| !is_null(one))) {
            return self.resolved(some);
        }
        let name = schema.get("$ref").and_then(Value::as_str);
        let name = name.and_then(|name| name.strip_prefix("#/$defs/"));
        name.and_then(|name| self.definitions.get(name)).unwrap_or(schema)
    }

    fn shape(&self, schema: &Value, depth: usize) -> Shape {
        let resolved = self.resolved(schema);
        let text = |name: &str| resolved.get(name).and_then(Value::as_str);
        if let Some(values) = choices(resolved) {
            return Shape::Choice(values);
        }
        if let Some(of) = text("x-reference") {
            return Shape::Reference(Kind::from_name(of));
        }
        if resolved.get("x-requirement").is_some() {
            return Shape::Requirement;
        }
        match type_of(resolved) {
            ("string", _) if text("format") == Some("date") => Shape::Date,
            ("string", _) if text("format") == Some("date-time") => Shape::Moment,
            ("string", _) if text("format").is_none() => Shape::Text,
            ("boolean", true) => Shape::Answer,
            ("boolean", false) => Shape::Flag,
            ("integer", _) => {
                let bound = |name: &str| resolved.get(name).and_then(Value::as_i64);
                Shape::Number { min: bound("minimum"), max: bound("maximum") }
            }
            ("array", _) => match resolved.get("items") {
                Some(items) => Shape::List(Box::new(self.shape(items, depth.saturating_add(1)))),
                None => Shape::Json,
            },
            ("object", _) if is_file(resolved) => Shape::File,
            ("object", _) if resolved.get("properties").is_some() && depth < DEEPEST => {
                Shape::Object(self.parts(resolved, depth.saturating_add(1)))
            }
            _ => Shape::Json,
        }
    }
}

/// The type, and whether there may be nothing.
fn type_of(schema: &Value) -> (&str, bool) {
    match schema.get("type") {
        Some(Value::String(name)) => (name, false),
        Some(Value::Array(names)) => {
            let mut names = names.iter().filter_map(Value::as_str);
            let name = names.clone().find(|name| *name != "null").unwrap_or_default();
            (name, names.any(|name| name == "null"))
        }
        _ => ("", false),
    }
}

/// The values of a closed list, written as `enum` or as one schema for each.
fn choices(schema: &Value) -> Option<Vec<String>> {
    let texts = |values: &Vec<Value>| -> Option<Vec<String>> {
        values.iter().map(|value| value.as_str().map(str::to_owned)).collect()
    };
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return texts(values);
    }
    let branches = schema.get("oneOf").and_then(Value::as_array)?;
    let mut all = Vec::new();
    for branch in branches {
        match (branch.get("const"), branch.get("enum").and_then(Value::as_array)) {
            (Some(Value::String(value)), _) => all.push(value.clone()),
            (_, Some(values)) => all.extend(texts(values)?),
            _ => return None,
        }
    }
    Some(all)
}

/// A file in the vault is told by what it must say.
fn is_file(schema: &Value) -> bool {
    let fields = schema.get("properties").and_then(Value::as_object);
    fields.is_some_and(|fields| fields.contains_key("sha256") && fields.contains_key("media_type"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(kind: Kind, field: &str) -> Shape {
        parts(kind).into_iter().find(|part| part.name == field).unwrap().shape
    }

    #[test]
    fn shapes_are_what_the_schemas_say() {
        let rating = Shape::Number { min: Some(1), max: Some(5) };
        let Shape::Object(parts) = shape(Kind::Risk, "inherent") else { panic!() };
        assert!(parts.iter().all(|part| part.shape == rating && !part.help.is_empty()));
        for (kind, field, expected) in [
            (Kind::AiSystem, "name", Shape::Text),
            (Kind::AiSystem, "go_live", Shape::Date),
            (Kind::AiSystem, "in_scope", Shape::Flag),
            (Kind::AiSystem, "personal_data", Shape::Answer),
            (Kind::AiSystem, "owner", Shape::Reference(Some(Kind::Person))),
            (Kind::Risk, "controls", Shape::List(Box::new(Shape::Requirement))),
            (Kind::EvidenceItem, "file", Shape::File),
        ] {
            assert_eq!(shape(kind, field), expected, "{kind} {field}");
        }
        let Shape::List(of) = shape(Kind::Incident, "events") else { panic!() };
        let Shape::Object(parts) = *of else { panic!() };
        assert!(parts.iter().any(|part| part.name == "at" && part.shape == Shape::Moment));
        let Shape::Choice(values) = shape(Kind::Risk, "treatment") else { panic!() };
        assert_eq!(values, ["avoid", "modify", "share", "retain", "pursue"]);
    }

    #[test]
    fn every_field_of_every_kind_has_a_help_text_and_stands_in_its_order() {
        for kind in Kind::ALL {
            let parts = parts(*kind);
            let names: Vec<_> = parts.iter().map(|part| part.name.as_str()).collect();
            assert_eq!(names, kind.fields(), "{kind}");
            for part in &parts {
                assert!(!part.help.is_empty(), "{kind} {}", part.name);
            }
        }
    }
}
