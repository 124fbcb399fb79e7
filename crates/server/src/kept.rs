//! Answers that are kept as bytes. A view is a function of what is asked, of the ledger and of the day; so its bytes are
//! given again until one of these changes, and whoever has them already is told so (`If-None-Match`).
//!
//! A cache, and bounded: everything in it can be made anew.

use std::{
    io::Write,
    sync::{Arc, OnceLock},
};

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

/// One answer, in each encoding that somebody asked for.
struct Answer {
    media: HeaderValue,
    plain: Bytes,
    gzip: OnceLock<Bytes>,
}

/// Below this, compression costs more than it saves.
const WORTH_COMPRESSING: usize = 1_024;

impl Answer {
    /// The bytes for whoever takes these encodings, and the name of theirs.
    fn encoded(&self, gzip: bool) -> (Bytes, Option<&'static str>) {
        if !gzip || self.plain.len() < WORTH_COMPRESSING {
            return (self.plain.clone(), None);
        }
        let gzip = self.gzip.get_or_init(|| compressed(&self.plain).unwrap_or_default());
        if gzip.is_empty() { (self.plain.clone(), None) } else { (gzip.clone(), Some("gzip")) }
    }
}

fn compressed(plain: &[u8]) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain)?;
    Ok(encoder.finish()?.into())
}

/// Bytes of an answer, with some for its key and for what is compressed of it.
#[derive(Clone)]
struct Weight;

impl Weighter<Key, Arc<Answer>> for Weight {
    fn weight(&self, key: &Key, answer: &Arc<Answer>) -> u64 {
        let bytes = answer.plain.len().saturating_add(answer.plain.len() / 4);
        let bytes = bytes.saturating_add(key.address.len()).saturating_add(256);
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

/// The answers that are kept.
pub(crate) struct Kept {
    answers: Cache<Key, Arc<Answer>, Weight>,
}

/// About how many answers there are.
const ANSWERS: usize = 1_000;

impl Kept {
    /// Room for so many bytes.
    pub(crate) fn new(bytes: u64) -> Kept {
        Kept { answers: Cache::with_weighter(ANSWERS, bytes, Weight) }
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
        let made = async { read(make.await?).await };
        let answer = self.answers.get_or_insert_async(&key, made).await?;
        let (bytes, encoding) = answer.encoded(accepts_gzip(headers));
        let mut response = (kept_for(tag), Body::from(bytes)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, answer.media.clone());
        if let Some(encoding) = encoding {
            let encoding = HeaderValue::from_static(encoding);
            response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
        }
        Ok(response)
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
    let plain = to_bytes(response.into_body(), usize::MAX).await;
    // Handlers whose answers are kept have them in memory.
    let plain = plain.map_err(|error| Problem::bad(error.to_string()))?;
    Ok(Arc::new(Answer { media, plain, gzip: OnceLock::new() }))
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
