//! The API as an `OpenAPI` 3.1 document, made from the table of endpoints and the schemas of the records.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use surety_aims::Kind;

use crate::{
    call::Asked,
    endpoint::{self, Asks, Endpoint, Gives, Handler, Is, Takes, handler},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::get(
    "/openapi.json",
    "getDescription",
    "This description.",
    handler!(Anybody, openapi),
)
.asks(Asks::Nothing)];

/// The document, made once.
async fn openapi(_: Asked) -> Result<Response, Problem> {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());
    Ok(([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response())
}

pub(crate) fn document() -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let mut paths = Map::new();
    for endpoint in endpoint::all() {
        let entry = paths.entry(endpoint.address()).or_insert_with(|| json!({}));
        if let Some(methods) = entry.as_object_mut() {
            let operation = operation(endpoint, &mut generator);
            methods.insert(endpoint.method.name().to_owned(), operation);
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
            "schemas": schemas(&mut generator),
        },
        "security": [{ "token": [] }],
    })
}

fn operation(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let mut operation = json!({
        "operationId": endpoint.operation,
        "summary": endpoint.says,
        "parameters": parameters(endpoint),
        "responses": responses(endpoint, generator),
    });
    let Some(fields) = operation.as_object_mut() else { return operation };
    if let Some(body) = body(endpoint, generator) {
        fields.insert("requestBody".to_owned(), body);
    }
    if matches!(endpoint.handler, Handler::Anybody(_)) {
        fields.insert("security".to_owned(), json!([]));
    }
    operation
}

fn parameters(endpoint: &Endpoint) -> Vec<Value> {
    let address = endpoint.address();
    let names = address.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = names.map(|name| {
        let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        let schema = match name {
            "kind" => json!({ "type": "string", "enum": kinds }),
            "seq" => json!({ "type": "integer", "minimum": 0 }),
            _ => json!({ "type": "string" }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    });
    let in_query = endpoint.query.iter().map(|param| {
        json!({ "name": param.name, "in": "query", "description": param.says, "schema": schema(param.is) })
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

fn schema(is: Is) -> Value {
    match is {
        Is::Text => json!({ "type": "string" }),
        Is::Day => json!({ "type": "string", "format": "date" }),
        Is::Id => json!({ "type": "string", "pattern": "^[A-Z]+-[1-9][0-9]*$" }),
        Is::Number(from, to) => json!({ "type": "integer", "minimum": from, "maximum": to }),
        Is::OneOf(values) => json!({ "type": "string", "enum": values }),
    }
}

fn body(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Option<Value> {
    let (media, schema) = match endpoint.takes {
        Takes::Nothing => return None,
        Takes::Json(schema) => ("application/json", schema(generator).to_value()),
        Takes::MergePatch => ("application/merge-patch+json", json!({ "type": "object" })),
        Takes::File => ("application/octet-stream", json!({})),
    };
    Some(json!({ "required": true, "content": { media: { "schema": schema } } }))
}

/// What each status says.
const STATUSES: &[(u16, &str)] = &[
    (304, "What the caller has is current."),
    (400, "The request can't be understood."),
    (401, "There is no valid token."),
    (403, "The caller's role may not do this."),
    (404, "There is no such thing, or none that the caller may know of."),
    (409, "There is one already."),
    (410, "The record was withdrawn."),
    (412, "The record has changed; both versions are in the answer."),
    (413, "The body is too large."),
    (415, "The body is of another media type."),
    (416, "The file has no such range."),
    (422, "What is asked for is not allowed now; the answer says why."),
    (428, "It has to be said on which version this is based."),
    (429, "Too many requests; Retry-After says how long to wait."),
    (500, "Something failed on our side."),
    (503, "It took too long, or the database does not answer."),
];

/// Which statuses an endpoint has beside success.
fn statuses(endpoint: &Endpoint) -> Vec<u16> {
    let mut statuses = vec![400, 429, 500, 503];
    if !matches!(endpoint.handler, Handler::Anybody(_)) {
        statuses.push(401);
    }
    if matches!(endpoint.handler, Handler::Organisation(_)) {
        statuses.extend([403, 404]);
    }
    if endpoint.kept {
        statuses.push(304);
    }
    if endpoint.asks == Asks::Change {
        statuses.extend([409, 410, 412, 422, 428]);
    }
    if !matches!(endpoint.takes, Takes::Nothing) {
        statuses.extend([413, 415, 422]);
    }
    statuses.extend(endpoint.also);
    statuses
}

fn responses(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let content = |media: &str, schema: Value| json!({ "description": "The answer.", "content": { media: { "schema": schema } } });
    let mut responses = Map::new();
    let mut add = |status: u16, value: Value| {
        responses.insert(status.to_string(), value);
    };
    match endpoint.gives {
        Gives::Json(schema) => add(200, content("application/json", schema(generator).to_value())),
        Gives::Created(schema) => {
            let schema = schema(generator).to_value();
            add(200, content("application/json", schema.clone()));
            add(201, content("application/json", schema));
        }
        Gives::Text(media) => add(200, content(media, json!({ "type": "string" }))),
        Gives::File(media) => add(200, content(media, json!({}))),
        Gives::Nothing => add(204, json!({ "description": "Done." })),
    }
    let statuses = statuses(endpoint);
    for (status, says) in STATUSES.iter().filter(|(status, _)| statuses.contains(status)) {
        let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
        let content = json!({ "application/problem+json": problem });
        add(
            *status,
            match status {
                304 => json!({ "description": says }),
                _ => json!({ "description": says, "content": content }),
            },
        );
    }
    Value::Object(responses)
}

/// Everything that is referred to by name.
fn schemas(generator: &mut SchemaGenerator) -> Value {
    let mut schemas = generator.take_definitions(true);
    schemas.insert(
        "Problem".to_owned(),
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
        schemas.insert(kind.name().to_owned(), kind.schema().to_value());
    }
    Value::Object(schemas)
}
