//! The body of an upload: read as it comes, and only as long as it comes and is not too much.

use std::{
    error::Error as StdError,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, BodyDataStream, Bytes},
    http::{HeaderMap, StatusCode, header},
};
use futures_util::StreamExt;
use surety_aims::records::FileRef;
use surety_engine::{Aims, MAX_FILE_BYTES, file_name};
use tokio::{
    io::{AsyncRead, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use crate::{call::Asked, problem::Problem};

/// What an upload brings at least, on average, in bytes a second: nobody holds a connection open with less.
const SLOWEST: u64 = 1 << 10;

/// A body as a reader.
pub(crate) struct Upload {
    body: BodyDataStream,
    /// What has come and was not read yet.
    part: Bytes,
    taken: u64,
    limit: u64,
    /// How long the next bytes may take.
    patience: Duration,
    began: Instant,
    end: Pin<Box<Sleep>>,
}

/// Why an upload is not read to its end.
#[derive(Clone, Copy, Debug, thiserror::Error)]
enum Cut {
    #[error("more bytes than are taken")]
    TooLarge,
    #[error("no bytes for too long")]
    Stalled,
    #[error("the client is gone")]
    Broken,
}

/// Keeps the body of a request as a file of the organisation. Its name is that of the query.
pub(crate) async fn keep(asked: &Asked, aims: &Aims) -> Result<FileRef, Problem> {
    let config = &asked.app.config;
    let limit = config.max_file.min(MAX_FILE_BYTES);
    let name = asked.needed("name")?;
    let name = file_name(name).map_err(|error| Problem::bad(format!("`name`: {error}")))?;
    let media_type = media_type(&asked.headers)?;
    let length = asked.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > limit) {
        return Err(cut(Cut::TooLarge, limit));
    }
    let mut upload = Upload::new(asked.file(), limit, config.timeout);
    let kept = aims.put_stream(&mut upload, name, media_type).await;
    kept.map_err(|error| match why(&error) {
        Some(why) => cut(why, limit),
        None => Problem::from(error),
    })
}

/// The whole body of a request, in memory, for what is read at once.
pub(crate) async fn whole(asked: &Asked, most: u64) -> Result<Vec<u8>, Problem> {
    let config = &asked.app.config;
    let limit = config.max_file.min(most);
    media_type(&asked.headers)?;
    let mut upload = Upload::new(asked.file(), limit, config.timeout);
    let mut bytes = Vec::new();
    match tokio::io::AsyncReadExt::read_to_end(&mut upload, &mut bytes).await {
        Ok(_) => Ok(bytes),
        Err(error) => Err(cut(why(&error).unwrap_or(Cut::Broken), limit)),
    }
}

/// The media type that the client names; `None` if it names none in particular.
fn media_type(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let unsupported = |detail: &str| {
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail)
    };
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(unsupported(
            "send the bytes of the file as they are, without Content-Encoding",
        ));
    }
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let given = given.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let given = given.to_ascii_lowercase();
    match given.as_str() {
        "multipart/form-data" => Err(unsupported(
            "send the bytes of the file as the body, not a form: curl --data-binary @FILE",
        )),
        // The second is what curl says when nobody has told it anything else.
        "" | "application/x-www-form-urlencoded" | "application/octet-stream" => Ok(None),
        _ if is_media_type(&given) => Ok(Some(given)),
        _ => Err(unsupported("`Content-Type` is no media type, such as application/pdf")),
    }
}

/// Whether a text is `type/subtype` (RFC 6838 section 4.2).
fn is_media_type(text: &str) -> bool {
    let is_name = |name: &str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
        !name.is_empty() && name.len() <= 127 && name.bytes().all(known)
    };
    text.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
}

/// Why the upload behind an error was cut.
fn why(error: &(dyn StdError + 'static)) -> Option<Cut> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(why) = inner.and_then(|inner| inner.downcast_ref::<Cut>()) {
            return Some(*why);
        }
        cause = error.source();
    }
    None
}

fn cut(why: Cut, limit: u64) -> Problem {
    match why {
        Cut::TooLarge => {
            let detail = format!("a file has at most {limit} bytes here");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
        }
        Cut::Stalled => {
            let detail =
                "the upload came too slowly or not at all; nothing was kept, so send it again";
            Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", detail)
        }
        Cut::Broken => Problem::bad("the upload broke off; nothing was kept, so send it again"),
    }
}

impl Upload {
    pub(crate) fn new(body: Body, limit: u64, patience: Duration) -> Upload {
        let began = Instant::now();
        Upload {
            body: body.into_data_stream(),
            part: Bytes::new(),
            taken: 0,
            limit,
            patience,
            began,
            end: Box::pin(sleep_until(began + patience)),
        }
    }

    /// Counts what has come, and waits for the next from now on.
    fn take(&mut self, part: Bytes) -> Result<(), Cut> {
        self.taken = self.taken.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        if self.taken > self.limit {
            return Err(Cut::TooLarge);
        }
        self.part = part;
        let on_average = self.began + Duration::from_secs(self.taken / SLOWEST);
        let end = on_average.min(Instant::now()) + self.patience;
        self.end.as_mut().reset(end);
        Ok(())
    }
}

impl AsyncRead for Upload {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.part.is_empty() {
            let came = match self.body.poll_next_unpin(context) {
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Ready(Some(Ok(part))) => self.take(part),
                Poll::Ready(Some(Err(_))) => Err(Cut::Broken),
                Poll::Pending => {
                    ready!(self.end.as_mut().poll(context));
                    Err(Cut::Stalled)
                }
            };
            came.map_err(io::Error::other)?;
        }
        let count = self.part.len().min(buffer.remaining());
        buffer.put_slice(&self.part.split_to(count));
        Poll::Ready(Ok(()))
    }
}
