//! Comments on a record.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use surety_aims::{Body, Command, Kind, Record, Ref, of as body_of, records};
use surety_engine::Moment;

use super::records::{created, state};
use crate::{
    call::{Call, json as answer},
    endpoint::{AS_OF, Endpoint, Gives, Method, Takes, handler, of},
    problem::Problem,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/records/{kind}/{id}/comments",
        "listComments",
        "What was said about a record, the oldest first.",
        handler!(Organisation, list),
    )
    .kept()
    .query(&[AS_OF])
    .gives(Gives::Json(of::<Comments<'_>>)),
    Endpoint::change(
        Method::Post,
        "/records/{kind}/{id}/comments",
        "createComment",
        "Say something about a record. It is a record of the kind `comment`: its author changes and withdraws it as such.",
        handler!(Organisation, create),
    )
    .takes(Takes::Json(of::<NewComment>))
    .example(r#"{"text": "Which refusal rate counts here?", "mentions": ["PER-2"]}"#)
    .gives(Gives::Created(of::<Record>)),
];

/// What was said about a record.
#[derive(Serialize, schemars::JsonSchema)]
struct Comments<'b> {
    comments: Vec<&'b Record>,
}

/// What is said about a record.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewComment {
    text: String,
    /// Persons whom it addresses.
    #[serde(default)]
    mentions: Vec<Ref<records::Person>>,
    /// The comment on the same record that it answers.
    #[serde(default)]
    reply_to: Option<Ref<records::Comment>>,
}

async fn list(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let view = call.view().await?;
    if view.book().get(id).is_none() {
        return Err(Problem::not_found(id));
    }
    let about = |record: &&Record| {
        body_of::<records::Comment>(record).is_some_and(|said| said.about == Some(id))
    };
    answer(&Comments { comments: view.book().referrers(id).filter(about).collect() })
}

async fn create(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let NewComment { text, mentions, reply_to } = call.json()?;
    let view = call.view_of(Moment::Now).await?;
    if view.book().get(id).is_none() {
        return Err(Problem::not_found(id));
    }
    let said = records::Comment { about: Some(id), text, mentions, reply_to };
    let command = Command::State {
        kind: Kind::Comment,
        id: None,
        body: Body::from(said).to_json(),
        custom: Map::new(),
        external: Vec::new(),
        base: None,
    };
    let (record, status) = state(&call, command).await?;
    created(&call, record, status).await
}
