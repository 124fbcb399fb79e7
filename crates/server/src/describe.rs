//! The API as an `OpenAPI` 3.1 document, made from the table of endpoints and the schemas of the records.

use std::sync::LazyLock;

use axum::{http::header, response::IntoResponse};
use serde_json::{Map, Value, json};
use surety_aims::Kind;

use crate::{
    api::records::{Statement, Step},
    endpoint::{self, Asks, Endpoint},
    serve::PREFIX,
};

/// The document, made once.
pub(crate) fn openapi() -> impl IntoResponse {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str())
}

pub(crate) fn document() -> Value {
    let mut paths = Map::new();
    for endpoint in endpoint::ALL {
        let path = format!("{PREFIX}{}", endpoint.path);
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(methods) = entry.as_object_mut() {
            methods.insert(endpoint.method.name().to_owned(), operation(endpoint));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Surety", "version": env!("CARGO_PKG_VERSION"),
            "description": "The AI management system of an organisation: records, derived views, ledger.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas(),
        },
        "security": [{ "token": [] }],
    })
}

fn operation(endpoint: &Endpoint) -> Value {
    let mut operation = json!({
        "operationId": endpoint.operation,
        "summary": endpoint.says,
        "parameters": parameters(endpoint),
        "responses": responses(endpoint),
    });
    if let (Some(body), Some(fields)) = (body(endpoint), operation.as_object_mut()) {
        fields.insert("requestBody".to_owned(), body);
    }
    operation
}

fn parameters(endpoint: &Endpoint) -> Vec<Value> {
    let path = format!("{PREFIX}{}", endpoint.path);
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = names.map(|name| {
        let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        let schema = match name {
            "kind" => json!({ "type": "string", "enum": kinds }),
            "seq" => json!({ "type": "integer", "minimum": 0 }),
            _ => json!({ "type": "string" }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    });
    let in_query = endpoint.query.iter().map(|(name, says)| {
        json!({ "name": name, "in": "query", "description": says, "schema": { "type": "string" } })
    });
    let header = |name: &str, says: &str| json!({ "name": name, "in": "header", "description": says, "schema": { "type": "string" } });
    let mut parameters: Vec<_> = in_path.chain(in_query).collect();
    if endpoint.asks == Asks::Change {
        parameters.push(header("Idempotency-Key", "Makes asking twice harmless."));
        if endpoint.path.contains("{id}") {
            parameters.push(header("If-Match", "The ETag of the version that this is based on."));
        }
    }
    parameters
}

fn body(endpoint: &Endpoint) -> Option<Value> {
    let (media, schema) = match endpoint.operation {
        "createRecord" | "replaceRecord" => {
            ("application/json", json!({ "$ref": "#/components/schemas/Statement" }))
        }
        "patchRecord" => ("application/merge-patch+json", json!({ "type": "object" })),
        "moveRecord" => ("application/json", json!({ "$ref": "#/components/schemas/Step" })),
        _ => return None,
    };
    Some(json!({ "required": true, "content": { media: { "schema": schema } } }))
}

fn responses(endpoint: &Endpoint) -> Value {
    let says = |text: &str| json!({ "description": text });
    let problem = |text: &str| {
        json!({
            "description": text,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        })
    };
    let mut responses = Map::new();
    let mut add = |status: &str, value: Value| {
        responses.insert(status.to_owned(), value);
    };
    add("200", says("The answer."));
    add("400", problem("The request can't be understood."));
    add("401", problem("There is no valid token."));
    add("403", problem("The caller's role may not do this."));
    add("404", problem("There is no such thing, or none that the caller may know of."));
    add("500", problem("Something failed on our side."));
    add("503", problem("It took too long, or the database does not answer."));
    if endpoint.operation == "getRecord" {
        add("304", says("The version that the caller has is current."));
    }
    if endpoint.asks == Asks::Change {
        add("409", problem("There is one already."));
        add("410", problem("The record was withdrawn."));
        add("412", problem("The record has changed; both versions are in the answer."));
        add("413", problem("The body is too large."));
        add("415", problem("The body is of another media type."));
        add("422", problem("What is asked for is not allowed now; the answer says why."));
        add("428", problem("It has to be said on which version this is based."));
    }
    match endpoint.operation {
        "createRecord" => add("201", says("The new record.")),
        "withdrawRecord" => add("204", says("It is withdrawn.")),
        _ => {}
    }
    Value::Object(responses)
}

fn schemas() -> Value {
    let mut schemas = Map::new();
    let mut add = |name: &str, schema: Value| {
        schemas.insert(name.to_owned(), schema);
    };
    add("Statement", schemars::schema_for!(Statement).to_value());
    add("Step", schemars::schema_for!(Step).to_value());
    add(
        "Problem",
        json!({
            "type": "object",
            "required": ["type", "title", "status", "code", "detail"],
            "properties": {
                "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
                "code": { "type": "string" }, "detail": { "type": "string" },
            },
        }),
    );
    for kind in Kind::ALL {
        add(kind.name(), kind.schema().to_value());
    }
    Value::Object(schemas)
}
