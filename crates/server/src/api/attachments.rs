//! Files that belong to a record, whatever its kind.

use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, json};
use surety_aims::{Command, Kind, Record};

use crate::{
    api::{
        files::NAME,
        records::{created, state},
    },
    call::{Call, json as answer},
    endpoint::{AS_OF, Asks, Endpoint, Gives, Is, Method, Takes, handler, of, param},
    problem::Problem,
    upload,
};

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/records/{kind}/{id}/attachments",
        "listAttachments",
        "The files that belong to a record.",
        handler!(Organisation, list),
    )
    .kept()
    .query(&[AS_OF])
    .gives(Gives::Json(of::<Attachments<'_>>)),
    Endpoint::change(
        Method::Post,
        "/records/{kind}/{id}/attachments",
        "attachFile",
        "Upload a file and attach it to a record.",
        handler!(Organisation, attach),
    )
    .asks(Asks::State(Kind::Attachment))
    .query(&[NAME, param("note", Is::Text, "What the file is, or why it is here.")])
    .takes(Takes::File)
    .heads(&["etag"])
    .gives(Gives::Created(of::<Record>))
    .also(&[408, 409, 410]),
];

/// The files that belong to a record.
#[derive(Serialize, schemars::JsonSchema)]
struct Attachments<'b> {
    attachments: Vec<&'b Record>,
}

async fn list(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let view = call.view().await?;
    view.book().get(id).ok_or_else(|| Problem::not_found(id))?;
    let attached = view.book().referrers(id).filter(|record| record.id.kind == Kind::Attachment);
    answer(&Attachments { attachments: attached.collect() })
}

async fn attach(call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    // Before anything is read: most mistakes cost nobody an upload.
    call.view().await?.book().get(id).ok_or_else(|| Problem::not_found(id))?;
    let note = call.text("note")?.unwrap_or_default().to_owned();
    let file = upload::keep(&call.asked, call.whole()?).await?;
    let command = Command::State {
        kind: Kind::Attachment,
        id: None,
        body: json!({ "record": id, "file": file, "note": note }),
        custom: Map::new(),
        external: Vec::new(),
        base: None,
    };
    let (record, status) = state(&call, command).await?;
    created(&call, record, status).await
}
