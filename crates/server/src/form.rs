//! What a form sends: its fields, and the files that a browser sends along without a script (RFC 7578).

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, StatusCode, header},
};
use multer::{Constraints, Field, Multipart, SizeLimit};
use surety_aims::{Action, Kind, permit};
use surety_engine::{Aims, Error, MAX_FILE_BYTES, accounts::Grant, file_name};

use crate::{config::Config, problem::Problem};

/// The most bytes of files that come with a form. A script, and programs, send larger ones by themselves.
const MOST: u64 = 32 << 20;
/// The most parts of a form.
const PARTS: usize = 4_096;
/// What the name of a field for a file ends with; the rest names the field that then says which file it is.
const UPLOAD: &str = ".upload";

/// What was sent.
#[derive(Default)]
pub(crate) struct Sent {
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) files: Vec<SentFile>,
}

/// A file, not kept yet.
pub(crate) struct SentFile {
    /// The field that will say which file it is.
    field: String,
    name: String,
    media_type: Option<String>,
    bytes: Bytes,
}

/// Reads a form of either encoding.
///
/// # Errors
/// If it is too large, or not written as it says.
pub(crate) async fn read(
    config: &Config,
    headers: &HeaderMap,
    body: Body,
) -> Result<Sent, Problem> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match media.and_then(|media| multer::parse_boundary(media).ok()) {
        Some(boundary) => parts(config, boundary, body).await,
        None => {
            let bytes = whole(body, config.max_body).await?;
            let fields = url::form_urlencoded::parse(&bytes).into_owned().collect();
            Ok(Sent { fields, files: Vec::new() })
        }
    }
}

/// A body that is read whole, of at most so many bytes.
pub(crate) async fn whole(body: Body, most: usize) -> Result<Bytes, Problem> {
    to_bytes(body, most)
        .await
        .map_err(|_| too_large(&format!("the body has more than {most} bytes")))
}

fn too_large(detail: &str) -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
}

async fn parts(config: &Config, boundary: String, body: Body) -> Result<Sent, Problem> {
    let text = u64::try_from(config.max_body).unwrap_or(u64::MAX);
    let most = MOST.min(config.max_file).min(MAX_FILE_BYTES);
    let size = SizeLimit::new().whole_stream(most.saturating_add(text)).per_field(most);
    let limits = Constraints::new().size_limit(size);
    let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, limits);
    let (mut sent, mut length) = (Sent::default(), 0_usize);
    while let Some(part) = parts.next_field().await.map_err(|error| wrong(&error, most))? {
        if sent.fields.len().saturating_add(sent.files.len()) >= PARTS {
            return Err(too_large(&format!("the form has more than {PARTS} parts")));
        }
        let name = part.name().unwrap_or_default().to_owned();
        match name.strip_suffix(UPLOAD) {
            Some(field) => sent.files.extend(file(field, part, most).await?),
            None => {
                let value = part.text().await.map_err(|error| wrong(&error, most))?;
                length = length.saturating_add(value.len());
                if length > config.max_body {
                    let detail =
                        format!("the form has more than {} bytes of text", config.max_body);
                    return Err(too_large(&detail));
                }
                sent.fields.push((name, value));
            }
        }
    }
    Ok(sent)
}

/// A file of a form; none if nobody chose one.
async fn file(field: &str, part: Field<'_>, most: u64) -> Result<Option<SentFile>, Problem> {
    let name = part.file_name().unwrap_or_default().to_owned();
    let media_type = part.content_type().map(|media| media.essence_str().to_owned());
    let bytes = part.bytes().await.map_err(|error| wrong(&error, most))?;
    if name.is_empty() && bytes.is_empty() {
        return Ok(None);
    }
    let name = file_name(&name).map_err(|error| Problem::bad(format!("`{field}`: {error}")))?;
    let media_type = media_type.filter(|media| media != "application/octet-stream");
    Ok(Some(SentFile { field: field.to_owned(), name, media_type, bytes }))
}

fn wrong(error: &multer::Error, most: u64) -> Problem {
    let is_large = matches!(
        error,
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. }
    );
    if is_large {
        return too_large(&format!("what is sent with a form has at most {most} bytes"));
    }
    Problem::bad(format!("the form can't be read: {error}"))
}

/// Keeps the files, and lets their fields say which they are, as a script would have done.
///
/// # Errors
/// If whoever sends them may upload none, or they can't be kept.
pub(crate) async fn keep(
    aims: &Aims,
    grant: &Grant,
    mut sent: Sent,
) -> Result<Vec<(String, String)>, Problem> {
    if sent.files.is_empty() {
        return Ok(sent.fields);
    }
    permit(&grant.principal, Action::State(Kind::Attachment)).map_err(Error::from)?;
    if grant.until.is_some() || !grant.systems.is_empty() {
        let detail = "you see a part of the organisation, and whoever sees a part changes nothing";
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    for SentFile { field, name, media_type, bytes } in sent.files {
        let kept = aims.put_stream(&mut bytes.as_ref(), name, media_type).await?;
        let said = serde_json::to_string(&kept).map_err(Error::from)?;
        sent.fields.retain(|(name, _)| *name != field);
        sent.fields.push((field, said));
    }
    Ok(sent.fields)
}
