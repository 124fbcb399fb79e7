//! Answers that are kept as bytes. A view is a function of what is asked, of the ledger and of the day; so its bytes are
//! given again until one of these changes, and whoever has them already is told so (`If-None-Match`).
//!
//! A cache, and bounded: everything in it can be made anew.

use std::{io::Write, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use jiff::civil::Date;
use quick_cache::{Weighter, sync::Cache};
use ring::digest::{SHA256, digest};

use crate::problem::Problem;

/// What an answer is a function of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) organisation: String,
    /// Entries on the ledger.
    pub(crate) size: u64,
    pub(crate) today: Date,
    /// What the caller is limited to, if to anything.
    pub(crate) limits: String,
    /// Path and query.
    pub(crate) address: String,
}

impl Key {
    /// Names the answer for whoever has it. Weak (RFC 9110 section 8.8.1), as it is the same for each encoding.
    fn tag(&self) -> HeaderValue {
        let digest = digest(&SHA256, format!("{self:?}").as_bytes());
        let digits: String =
            digest.as_ref().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        HeaderValue::try_from(format!("W/\"{digits}\""))
            .unwrap_or(HeaderValue::from_static("W/\"\""))
    }
}

/// One answer in one encoding.
struct Answer {
    media: HeaderValue,
    /// Where the next page is.
    link: Option<HeaderValue>,
    bytes: Bytes,
    /// `gzip`, or none.
    encoding: Option<HeaderValue>,
}

/// Below this, compression costs more than it saves.
const WORTH_COMPRESSING: usize = 1_024;

impl Answer {
    /// The same, smaller.
    async fn compressed(&self) -> Result<Answer, Problem> {
        let (media, plain) = (self.media.clone(), self.bytes.clone());
        // Megabytes take tens of milliseconds, in which a worker would answer nobody else.
        let bytes = tokio::task::spawn_blocking(move || compress(&plain)).await;
        let failed = |error: &(dyn std::error::Error + 'static)| {
            tracing::error!(error, "an answer could not be compressed");
            Problem::internal()
        };
        let bytes = bytes.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
        let encoding = Some(HeaderValue::from_static("gzip"));
        Ok(Answer { media, link: self.link.clone(), bytes, encoding })
    }

    fn response(&self, tag: HeaderValue) -> Response {
        let mut response = (kept_for(tag), Body::from(self.bytes.clone())).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, self.media.clone());
        if let Some(link) = self.link.clone() {
            response.headers_mut().insert(header::LINK, link);
        }
        if let Some(encoding) = self.encoding.clone() {
            response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
        }
        response
    }
}

fn compress(plain: &[u8]) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain)?;
    Ok(encoder.finish()?.into())
}

/// Bytes of an answer, with some for its key.
#[derive(Clone)]
struct Weight;

type Kind = (Key, bool);

impl Weighter<Kind, Arc<Answer>> for Weight {
    fn weight(&self, (key, _): &Kind, answer: &Arc<Answer>) -> u64 {
        let bytes = answer.bytes.len().saturating_add(key.address.len()).saturating_add(256);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

/// The answers that are kept, plain and compressed.
pub(crate) struct Kept {
    answers: Cache<Kind, Arc<Answer>, Weight>,
}

/// Expected number of answers. So few that the cache stays in one piece: the largest answers would not go into a part of
/// its room.
const ANSWERS: usize = 32;

impl Kept {
    /// Room for so many bytes.
    pub(crate) fn new(bytes: u64) -> Kept {
        let answers = Cache::with_weighter(ANSWERS, bytes, Weight);
        Kept { answers }
    }

    /// The kept answer, or the one that `make` gives. Of many who ask at once for the same, one makes it.
    ///
    /// # Errors
    /// As `make`, whose problems are not kept.
    pub(crate) async fn answer(
        &self,
        key: Key,
        headers: &HeaderMap,
        make: impl Future<Output = Result<Response, Problem>>,
    ) -> Result<Response, Problem> {
        let tag = key.tag();
        if has(headers, &tag) {
            return Ok((StatusCode::NOT_MODIFIED, kept_for(tag)).into_response());
        }
        let plain = (key.clone(), false);
        let plain = self.answers.get_or_insert_async(&plain, async { read(make.await?).await });
        if !accepts_gzip(headers) {
            return Ok(plain.await?.response(tag));
        }
        let compressed = async {
            let plain = plain.await?;
            match plain.bytes.len() < WORTH_COMPRESSING {
                true => Ok(plain),
                false => plain.compressed().await.map(Arc::new),
            }
        };
        Ok(self.answers.get_or_insert_async(&(key, true), compressed).await?.response(tag))
    }
}

/// Its own browser may keep it, and has to ask each time.
fn kept_for(tag: HeaderValue) -> [(header::HeaderName, HeaderValue); 3] {
    [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (header::VARY, HeaderValue::from_static("authorization, cookie, accept-encoding")),
    ]
}

async fn read(response: Response) -> Result<Arc<Answer>, Problem> {
    let media = response.headers().get(header::CONTENT_TYPE).cloned();
    let media = media.unwrap_or(HeaderValue::from_static("application/json"));
    let link = response.headers().get(header::LINK).cloned();
    // Handlers whose answers are kept have them in memory.
    let bytes = to_bytes(response.into_body(), usize::MAX).await;
    let bytes = bytes.map_err(|error| Problem::bad(error.to_string()))?;
    Ok(Arc::new(Answer { media, link, bytes, encoding: None }))
}

/// Whether one of the tags that the caller has is this one (RFC 9110 section 13.1.2).
fn has(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let given = headers.get_all(header::IF_NONE_MATCH).iter();
    let strong = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    let Ok(wanted) = tag.to_str().map(strong) else { return false };
    given
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| strong(one) == wanted)
}

/// Whether gzip is accepted (RFC 9110 section 12.5.3); one that is weighed at nothing is not.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let given = headers.get_all(header::ACCEPT_ENCODING).iter();
    given.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().strip_prefix("q=").map(str::trim);
        let never = weight.is_some_and(|weight| weight.trim_matches(['0', '.']).is_empty());
        name.trim().eq_ignore_ascii_case("gzip") && !never
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn key(size: u64) -> Key {
        Key {
            organisation: "harbour".to_owned(),
            size,
            today: "2026-11-20".parse().unwrap(),
            limits: String::new(),
            address: "/soa".to_owned(),
        }
    }

    async fn ask(kept: &Kept, size: u64, headers: &[(&str, &str)], made: &AtomicU32) -> Response {
        let headers = headers.iter().map(|(name, value)| {
            let name: header::HeaderName = name.parse().unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        });
        let make = async {
            made.fetch_add(1, Ordering::Relaxed);
            Ok("text ".repeat(1_000).into_response())
        };
        kept.answer(key(size), &headers.collect(), make).await.unwrap()
    }

    #[tokio::test]
    async fn an_answer_is_made_once_for_each_state_of_the_ledger() {
        let (kept, made) = (Kept::new(1 << 20), AtomicU32::new(0));
        for _ in 0..3 {
            let plain = ask(&kept, 7, &[], &made).await;
            let bytes = to_bytes(plain.into_body(), usize::MAX).await.unwrap();
            assert_eq!(bytes.len(), 5_000);
        }
        assert_eq!(made.load(Ordering::Relaxed), 1);
        let other = ask(&kept, 8, &[], &made).await;
        assert_eq!(made.load(Ordering::Relaxed), 2);
        let first = ask(&kept, 7, &[], &made).await;
        assert_ne!(first.headers()[header::ETAG], other.headers()[header::ETAG]);
    }

    #[tokio::test]
    async fn a_large_answer_goes_into_room_that_is_hardly_larger() {
        let (kept, made) = (Kept::new(12_000), AtomicU32::new(0));
        for _ in 0..2 {
            ask(&kept, 7, &[], &made).await;
            ask(&kept, 7, &[("accept-encoding", "gzip")], &made).await;
        }
        assert_eq!(made.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn whoever_has_it_is_not_given_it_again() {
        let (kept, made) = (Kept::new(1 << 20), AtomicU32::new(0));
        let first = ask(&kept, 7, &[], &made).await;
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let strong = tag.trim_start_matches("W/").to_owned();
        for given in [tag.clone(), strong, format!("\"other\", {tag}")] {
            let again = ask(&kept, 7, &[("if-none-match", &given)], &made).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{given}");
        }
        let newer = ask(&kept, 8, &[("if-none-match", &tag)], &made).await;
        assert_eq!(newer.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn gzip_is_for_whoever_asks_for_it() {
        let (kept, made) = (Kept::new(1 << 20), AtomicU32::new(0));
        for (accepts, gzip) in [
            ("gzip, br", true),
            ("GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0", false),
            ("br", false),
        ] {
            let answer = ask(&kept, 7, &[("accept-encoding", accepts)], &made).await;
            let encoding = answer.headers().get(header::CONTENT_ENCODING);
            assert_eq!(encoding.is_some(), gzip, "{accepts}");
            let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            assert_eq!(bytes.len() < 1_000, gzip, "{accepts}");
        }
    }
}
