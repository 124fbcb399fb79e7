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
    document,
    endpoint::{self, Asks, Endpoint, Gives, Handler, Is, Need, Param, Takes, handler, of},
    problem::{Body, Problem},
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint::get(
    "/openapi.json",
    "getDescription",
    "This description.",
    handler!(Anybody, openapi),
)
.asks(Asks::Nothing)
.gives(Gives::Json(of::<Map<String, Value>>))];

/// The document, made once.
async fn openapi(_: Asked) -> Result<Response, Problem> {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());
    Ok(([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response())
}

/// The schemas of what comes in and of what goes out, which differ in which fields have to be there.
struct Schemas {
    taken: SchemaGenerator,
    given: SchemaGenerator,
}

impl Schemas {
    fn new() -> Schemas {
        let settings = || {
            SchemaSettings::draft2020_12()
                .with(|settings| settings.definitions_path = "/components/schemas".into())
        };
        Schemas {
            taken: settings().for_deserialize().into_generator(),
            given: settings().for_serialize().into_generator(),
        }
    }

    /// Everything that is referred to by name. Bodies of records are stated and shown by one schema: empty fields are in
    /// neither.
    fn components(mut self) -> Value {
        self.taken.subschema_for::<surety_aims::Body>();
        let mut all = self.given.take_definitions(true);
        all.extend(self.taken.take_definitions(true));
        Value::Object(all)
    }
}

pub(crate) fn document() -> Value {
    let mut schemas = Schemas::new();
    let mut paths = Map::new();
    for endpoint in endpoint::api() {
        let entry = paths.entry(endpoint.address()).or_insert_with(|| json!({}));
        if let Some(methods) = entry.as_object_mut() {
            let operation = operation(endpoint, &mut schemas);
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
        "servers": [{ "url": "/" }],
        "tags": TAGS.iter().map(|(name, says)| json!({ "name": name, "description": says })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http", "scheme": "bearer",
                    "description": "An API token of an account, as `surety account token` issues it.",
                },
                "session": {
                    "type": "apiKey", "in": "cookie", "name": "__Host-surety",
                    "description": "The session that `POST /sign-in` begins; without TLS the cookie is called `surety`. \
                                    What changes something needs the header X-CSRF-Token too.",
                },
            },
            "headers": headers(),
            "schemas": schemas.components(),
        },
        "security": [{ "token": [] }, { "session": [] }],
    })
}

/// What endpoints are about, by the first part of their path.
const TAGS: &[(&str, &str)] = &[
    ("records", "Whatever is stated, of every kind."),
    ("views", "What follows from it."),
    ("law", "The EU AI Act and reporting clocks."),
    ("ledger", "What happened, and its proof."),
    ("server", "The server itself, and who may come in."),
];

fn tag(endpoint: &Endpoint) -> &'static str {
    if !matches!(endpoint.handler, Handler::Organisation(_)) {
        return "server";
    }
    match endpoint.path.split('/').nth(1).unwrap_or_default() {
        "records" | "kinds" | "search" | "bulk" | "files" | "attachments" | "" => "records",
        "soa" | "gap" | "plan" | "due" | "readiness" | "coverage" | "inventory" | "activity"
        | "diff" | "frameworks" | "crosswalk" => "views",
        "classes" | "obligations" | "law" | "clocks" => "law",
        "ledger" | "pack" | "export" => "ledger",
        _ => "server",
    }
}

fn operation(endpoint: &Endpoint, schemas: &mut Schemas) -> Value {
    let mut operation = json!({
        "operationId": endpoint.operation,
        "summary": endpoint.says,
        "tags": [tag(endpoint)],
        "parameters": parameters(endpoint),
        "responses": responses(endpoint, &mut schemas.given),
    });
    let Some(fields) = operation.as_object_mut() else { return operation };
    if let Some(body) = body(endpoint, &mut schemas.taken) {
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
        let schema = match name {
            "kind" => schema(Is::Kind),
            "seq" => json!({ "type": "integer", "minimum": 0 }),
            _ => json!({ "type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9_.:-]+$" }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    });
    let header = |name: &str, says: &str, schema: Value| json!({ "name": name, "in": "header", "description": says, "schema": schema });
    let mut parameters: Vec<_> = in_path.chain(endpoint.params().map(in_query)).collect();
    if matches!(endpoint.asks, Asks::Change | Asks::State(_)) {
        let key =
            json!({ "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$" });
        parameters.push(header("Idempotency-Key", "Makes asking twice harmless.", key));
        if endpoint.based {
            let tag = json!({ "type": "string", "pattern": "^\"v[1-9][0-9]{0,8}\"$", "examples": ["\"v1\""] });
            let says = "The ETag of the version that this is based on.";
            parameters.push(header("If-Match", says, tag));
        }
    }
    parameters
}

fn in_query(param: &Param) -> Value {
    let mut described = json!({
        "name": param.name, "in": "query", "description": param.says, "schema": schema(param.is),
        "required": param.need == Need::Required,
    });
    if let (Is::Prefix, Some(fields)) = (param.is, described.as_object_mut()) {
        // Each property of the object is a parameter of its own (OpenAPI 3.1, style `form`).
        fields.insert("style".to_owned(), "form".into());
        fields.insert("explode".to_owned(), true.into());
        let pattern = format!("^{}\\..+$", param.name.trim_end_matches('.'));
        let schema = json!({
            "type": "object", "patternProperties": { pattern: { "type": "string" } },
            "additionalProperties": false,
        });
        fields.insert("schema".to_owned(), schema);
    }
    described
}

fn schema(is: Is) -> Value {
    match is {
        Is::Text | Is::Prefix => json!({ "type": "string" }),
        Is::Words => json!({ "type": "string", "minLength": 1, "pattern": "[^\\s]" }),
        Is::List => json!({ "type": "array", "items": { "type": "string" } }),
        Is::Day => json!({ "type": "string", "format": "date" }),
        Is::Id => json!({ "type": "string", "pattern": "^[A-Z]{3}-[1-9][0-9]{0,8}$" }),
        Is::Kind => {
            let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            json!({ "type": "string", "enum": kinds })
        }
        Is::Number(from, to) => json!({ "type": "integer", "minimum": from, "maximum": to }),
        Is::OneOf(values) => json!({ "type": "string", "enum": values }),
    }
}

fn body(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Option<Value> {
    let (media, schema) = match endpoint.takes {
        Takes::Nothing | Takes::Form => return None,
        Takes::Json(schema) | Takes::Batch(schema) => {
            ("application/json", schema(generator).to_value())
        }
        Takes::MergePatch => ("application/merge-patch+json", json!({ "type": "object" })),
        Takes::File => ("application/octet-stream", json!({})),
    };
    let mut content = json!({ "schema": schema });
    if let (Ok(example), Some(fields)) =
        (serde_json::from_str::<Value>(endpoint.example), content.as_object_mut())
    {
        fields.insert("example".to_owned(), example);
    }
    Some(json!({ "required": true, "content": { media: content } }))
}

/// Headers that answers have, by their names in lower case.
const HEADERS: &[(&str, &str)] = &[
    ("etag", "Names the version; for `If-Match` and `If-None-Match`."),
    ("location", "Where the record is."),
    ("link", "The address of the next page, as `next` (RFC 8288); none on the last."),
    ("content-disposition", "That it is a file, and what it is called."),
    ("accept-ranges", "That a range can be asked for (RFC 9110 section 14)."),
];

fn headers() -> Value {
    let header = |(name, says): &(&str, &str)| {
        let described = json!({ "description": says, "schema": { "type": "string" } });
        ((*name).to_owned(), described)
    };
    Value::Object(HEADERS.iter().map(header).collect())
}

/// What each status says.
const STATUSES: &[(u16, &str)] = &[
    (204, "Nothing was to do."),
    (304, "What the caller has is current."),
    (400, "The request can't be understood."),
    (401, "There is no valid token."),
    (403, "The caller's role may not do this."),
    (404, "There is no such thing, or none that the caller may know of."),
    (408, "The body did not come in time; nothing of it was kept."),
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
    (502, "The provider of identity does not answer."),
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
    let mut responses = Map::new();
    for (status, content) in given(endpoint, generator) {
        let mut answer = json!({ "description": "The answer." });
        if let Some(fields) = answer.as_object_mut() {
            fields.insert("headers".to_owned(), heads(endpoint, status));
            if !content.is_empty() {
                fields.insert("content".to_owned(), Value::Object(content));
            }
        }
        responses.insert(status.to_string(), answer);
    }
    let statuses = statuses(endpoint);
    for (status, says) in STATUSES.iter().filter(|(status, _)| statuses.contains(status)) {
        let problem = json!({ "schema": generator.subschema_for::<Body<'_>>() });
        let content = json!({ "application/problem+json": problem });
        let answer = match status {
            204 | 304 => json!({ "description": says }),
            _ => json!({ "description": says, "content": content }),
        };
        responses.insert(status.to_string(), answer);
    }
    Value::Object(responses)
}

/// The statuses of success, and the content of each by media type.
fn given(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Vec<(u16, Map<String, Value>)> {
    let content = |media: &str, schema: Value| {
        Map::from_iter([(media.to_owned(), json!({ "schema": schema }))])
    };
    let json = |schema: Value| content("application/json", schema);
    match endpoint.gives {
        Gives::Json(schema) => vec![(200, json(schema(generator).to_value()))],
        Gives::View(schema) => {
            let mut content = json(schema(generator).to_value());
            for (_, media) in document::MEDIA.iter().skip(1) {
                content.insert((*media).to_owned(), json!({ "schema": {} }));
            }
            vec![(200, content)]
        }
        Gives::Created(schema) => {
            let schema = schema(generator).to_value();
            vec![(200, json(schema.clone())), (201, json(schema))]
        }
        Gives::Text(media) => vec![(200, content(media, json!({ "type": "string" })))],
        Gives::File(media) if endpoint.heads.contains(&"accept-ranges") => {
            vec![(200, content(media, json!({}))), (206, content(media, json!({})))]
        }
        Gives::File(media) => vec![(200, content(media, json!({})))],
        Gives::Redirect => vec![(303, Map::new())],
        // Pages are not described: they are for people.
        Gives::Page => Vec::new(),
        Gives::Nothing => vec![(204, Map::new())],
    }
}

/// The headers that an answer of success has.
fn heads(endpoint: &Endpoint, status: u16) -> Value {
    let kept = endpoint.kept.then_some(&"etag");
    let created = (status == 201).then_some(&"location");
    let names = endpoint.heads.iter().chain(kept).chain(created);
    let reference = |name: &&str| {
        let place = format!("#/components/headers/{name}");
        ((*name).to_owned(), json!({ "$ref": place }))
    };
    Value::Object(names.map(reference).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every name that a part of the document refers to.
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                let name = fields.get("$ref").and_then(Value::as_str);
                found.extend(name.map(str::to_owned));
                fields.values().for_each(|one| references(one, found));
            }
            Value::Array(list) => list.iter().for_each(|one| references(one, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn whatever_is_referred_to_is_there() {
        let document = document();
        let mut names = BTreeSet::new();
        references(&document, &mut names);
        assert!(names.len() > 100, "{names:?}");
        for name in names {
            let place = name.strip_prefix('#').unwrap();
            assert!(document.pointer(place).is_some(), "{name}");
        }
    }

    #[test]
    fn no_two_types_share_a_name() {
        let mut schemas = Schemas::new();
        for endpoint in endpoint::api() {
            operation(endpoint, &mut schemas);
        }
        schemas.taken.subschema_for::<surety_aims::Body>();
        let (taken, given) = (schemas.taken.definitions(), schemas.given.definitions());
        let differs =
            |name: &&String| taken.get(*name).is_some_and(|other| given.get(*name) != Some(other));
        let differ = given.keys().filter(differs);
        // The generator tells types of one name apart by numbers, which would change with the order of endpoints.
        let numbered = |name: &&String| name.ends_with(|last: char| last.is_ascii_digit());
        let numbered = given.keys().chain(taken.keys()).filter(numbered);
        let wrong: BTreeSet<_> = differ.chain(numbered).collect();
        assert!(wrong.is_empty(), "give these types names of their own: {wrong:?}");
    }

    #[test]
    fn every_body_that_is_taken_has_an_example_in_json() {
        for endpoint in endpoint::api() {
            if matches!(endpoint.takes, Takes::Json(_) | Takes::MergePatch) {
                let read = serde_json::from_str::<Value>(endpoint.example);
                assert!(read.is_ok(), "{}: {read:?}", endpoint.operation);
            }
        }
    }

    #[test]
    fn every_endpoint_says_what_it_takes_and_gives() {
        let untyped = |schema: endpoint::SchemaOf| {
            let mut generator = SchemaSettings::draft2020_12().into_generator();
            schema(&mut generator).as_object().is_none_or(Map::is_empty)
        };
        for endpoint in endpoint::api() {
            let taken = matches!(endpoint.takes, Takes::Json(schema) if untyped(schema));
            let given = match endpoint.gives {
                Gives::Json(schema) | Gives::View(schema) | Gives::Created(schema) => {
                    untyped(schema)
                }
                Gives::Text(_)
                | Gives::File(_)
                | Gives::Redirect
                | Gives::Page
                | Gives::Nothing => false,
            };
            assert!(!taken && !given, "{}: give it a type", endpoint.operation);
        }
    }

    #[test]
    fn each_operation_and_each_header_is_described_once() {
        let mut seen = BTreeSet::new();
        for endpoint in endpoint::api() {
            assert!(seen.insert(endpoint.operation), "{} is there twice", endpoint.operation);
            for head in endpoint.heads {
                assert!(HEADERS.iter().any(|(name, _)| name == head), "{head}");
            }
        }
    }
}
