//! Fields given on the command line, made into JSON by the schema of their kind.

use serde_json::{Map, Value};
use surety_aims::Kind;

use crate::output::WrongUse;

/// Body and custom fields that `--set` options state, on top of what is there already.
pub(crate) fn set(
    kind: Kind,
    body: &mut Map<String, Value>,
    custom: &mut Map<String, Value>,
    settings: &[String],
) -> Result<(), WrongUse> {
    let schema = kind.schema().to_value();
    let mut lists: Map<String, Value> = Map::new();
    for setting in settings {
        let (field, value) = setting
            .split_once('=')
            .ok_or_else(|| WrongUse(format!("--set {setting}: write FIELD=VALUE")))?;
        if let Some(name) = field.strip_prefix("custom.") {
            custom.insert(name.to_owned(), literal(value));
            continue;
        }
        match property(&schema, field).map(shape) {
            None => return Err(WrongUse(unknown_field(kind, &schema, field))),
            Some(Shape::List) => append(&mut lists, field, value),
            Some(Shape::Text) => drop(body.insert(field.to_owned(), value.into())),
            Some(Shape::Other) => drop(body.insert(field.to_owned(), literal(value))),
        }
    }
    body.extend(lists);
    Ok(())
}

/// How a field's value is written.
#[derive(Clone, Copy)]
enum Shape {
    List,
    Text,
    Other,
}

fn property<'s>(schema: &'s Value, field: &str) -> Option<&'s Value> {
    schema.get("properties")?.get(field)
}

fn shape(property: &Value) -> Shape {
    let is = |wanted: &str| match property.get("type") {
        Some(Value::String(kind)) => kind == wanted,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted),
        Some(_) | None => false,
    };
    if is("array") {
        Shape::List
    } else if is("string") {
        Shape::Text
    } else {
        Shape::Other
    }
}

/// One more value of a list; a JSON list states it whole, commas separate several.
fn append(lists: &mut Map<String, Value>, field: &str, value: &str) {
    let list = lists.entry(field).or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(list) = list else { return };
    match serde_json::from_str(value) {
        Ok(Value::Array(whole)) => list.extend(whole),
        Ok(object @ Value::Object(_)) => list.push(object),
        Ok(_) | Err(_) => {
            let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
            list.extend(parts.map(Value::from));
        }
    }
}

/// JSON if it is any, else text; nothing clears the field.
fn literal(value: &str) -> Value {
    if value.is_empty() {
        return Value::Null;
    }
    serde_json::from_str(value).unwrap_or_else(|_| value.into())
}

fn unknown_field(kind: Kind, schema: &Value, field: &str) -> String {
    let known: Vec<_> = schema
        .get("properties")
        .and_then(Value::as_object)
        .map(|properties| properties.keys().cloned().collect())
        .unwrap_or_default();
    format!("{} has no field `{field}`; its fields: {}", kind.label(), known.join(", "))
}
