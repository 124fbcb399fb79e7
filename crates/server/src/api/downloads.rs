//! Audit packs and exports: whole files, made when they are asked for.

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::stream;
use surety_engine::Download;
use tokio::{fs::File, io::AsyncReadExt};

use crate::{
    call::Call,
    document::download,
    endpoint::{AS_OF, Asks, Endpoint, Gives, handler},
    problem::Problem,
};

/// The media type of a zip.
const ZIP: &str = "application/zip";

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/pack",
        "getPack",
        "The audit pack: records, evidence, results, ledger and proofs in one zip that can be checked offline.",
        handler!(Organisation, pack),
    )
    .asks(Asks::ReadLedger)
    .query(&[AS_OF])
    .heads(&["content-disposition"])
    .gives(Gives::File(ZIP)),
    Endpoint::get(
        "/export",
        "getExport",
        "The management system as YAML, one file a record, with the files that records name, in one zip.",
        handler!(Organisation, export),
    )
    .asks(Asks::ReadLedger)
    .query(&[AS_OF])
    .heads(&["content-disposition"])
    .gives(Gives::File(ZIP)),
];

async fn pack(call: Call) -> Result<Response, Problem> {
    let pack = call.whole()?.pack_file(call.moment()?).await?;
    Ok(sent(&call, "pack", pack))
}

async fn export(call: Call) -> Result<Response, Problem> {
    let export = call.whole()?.export_file(call.moment()?).await?;
    Ok(sent(&call, "export", export))
}

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// A file, sent piece by piece.
fn sent(call: &Call, what: &str, file: Download) -> Response {
    let (organisation, ..) = call.names();
    let name = format!("{organisation}-{what}-{}.zip", call.today());
    let pieces = stream::try_unfold(File::from_std(file.file), async |mut file| {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        std::io::Result::Ok((read > 0).then_some((Bytes::from(piece), file)))
    });
    let mut response = download(&name, ZIP, Body::from_stream(pieces));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(file.bytes));
    response
}
