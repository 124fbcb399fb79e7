//! One server, asked over HTTP: its address, limits of time and size, what is asked again, and what its answers mean.

use std::{io::Read, net::IpAddr, time::Duration};

use bytes::Bytes;
use reqwest::{
    Client, Method, Response,
    header::{self, HeaderMap, HeaderValue},
    redirect::Policy,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::{Host, Url};

use super::RemoteError;
use crate::Secret;

/// A server and the token that it is asked with.
pub(crate) struct Http {
    client: Client,
    base: Url,
}

/// Longest time until there is a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest time in which nothing comes.
const SILENCE: Duration = Duration::from_secs(90);
/// How often the same is asked, if the server is busy or the connection breaks.
const TRIES: u32 = 4;
/// The longest that a busy server is waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The largest answer that is no file: a snapshot of a very large organisation.
const MAX_ANSWER: u64 = 1 << 30;
/// The largest description of a problem.
const MAX_PROBLEM: u64 = 16 << 20;

/// What is asked.
pub(crate) struct Question {
    method: Method,
    /// Below `/api/v1`; each part is escaped.
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    body: Option<(&'static str, Body)>,
    idempotency_key: Option<String>,
    /// Whether asking twice is harmless.
    repeatable: bool,
    most: u64,
}

/// The body of a question.
enum Body {
    Bytes(Bytes),
    /// Sent as it is read, once.
    Stream(reqwest::Body),
}

impl Question {
    pub(crate) fn new(method: Method, path: impl IntoIterator<Item = String>) -> Question {
        // Whatever replaces, removes or reads does the same the second time.
        let repeatable = method != Method::POST;
        Question {
            method,
            path: path.into_iter().collect(),
            query: Vec::new(),
            body: None,
            idempotency_key: None,
            repeatable,
            most: MAX_ANSWER,
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Question {
        self.query.push((name, value.to_string()));
        self
    }

    pub(crate) fn json(
        mut self,
        value: &impl serde::Serialize,
    ) -> Result<Question, serde_json::Error> {
        let bytes = Bytes::from(serde_json::to_vec(value)?);
        self.body = Some(("application/json", Body::Bytes(bytes)));
        Ok(self)
    }

    pub(crate) fn bytes(mut self, bytes: Bytes) -> Question {
        self.body = Some(("application/octet-stream", Body::Bytes(bytes)));
        self
    }

    pub(crate) fn stream(mut self, body: reqwest::Body) -> Question {
        self.body = Some(("application/octet-stream", Body::Stream(body)));
        self.repeatable = false;
        self
    }

    /// With a key that makes asking twice harmless.
    pub(crate) fn once(mut self, idempotency_key: String) -> Question {
        self.idempotency_key = Some(idempotency_key);
        self.repeatable = true;
        self
    }

    pub(crate) fn of_at_most(self, bytes: u64) -> Question {
        Question { most: bytes, ..self }
    }

    /// Asking twice is harmless by the nature of what is asked.
    pub(crate) fn repeatable(self) -> Question {
        Question { repeatable: true, ..self }
    }
}

impl Http {
    /// A server by its address, such as `https://surety.example.org`.
    pub(crate) fn new(server: &str, token: &Secret, allow_http: bool) -> Result<Http, RemoteError> {
        let base = address(server, allow_http)?;
        // Another part of this process may have chosen it before.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.0.trim()))
            .map_err(|_| RemoteError::NoToken)?;
        bearer.set_sensitive(true);
        let headers = HeaderMap::from_iter([
            (header::AUTHORIZATION, bearer),
            (header::ACCEPT_ENCODING, HeaderValue::from_static("gzip")),
        ]);
        let mut client = Client::builder()
            .default_headers(headers)
            .user_agent(concat!("surety/", env!("CARGO_PKG_VERSION")))
            // The token goes nowhere else.
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE);
        if is_loopback(&base) {
            client = client.no_proxy();
        }
        if base.scheme() == "http" {
            // Without certificates of the system there can be no TLS; here there is none.
            client = client.tls_certs_only([]);
        }
        let reason = |error: reqwest::Error| RemoteError::Address {
            given: shown(&base),
            reason: innermost(&error),
        };
        Ok(Http { client: client.build().map_err(reason)?, base: base.clone() })
    }

    /// The server as people know it.
    pub(crate) fn server(&self) -> String {
        shown(&self.base)
    }

    /// Asks, and gives the bytes of the answer.
    pub(crate) async fn ask(&self, mut question: Question) -> Result<Vec<u8>, RemoteError> {
        let mut tries = 1;
        loop {
            let tried = self.send(&mut question).await;
            let wait = match &tried {
                Ok(response) => busy(response),
                Err(RemoteError::Broken { .. }) => Some(Duration::ZERO),
                Err(_) => None,
            };
            match wait.filter(|wait| *wait <= LONGEST_WAIT) {
                Some(wait) if question.repeatable && tries < TRIES => {
                    tokio::time::sleep(wait).await
                }
                Some(_) | None => return self.judge(tried?, question.most).await,
            }
            tries += 1;
        }
    }

    /// The same, of an answer as JSON.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        question: Question,
    ) -> Result<T, RemoteError> {
        let bytes = self.ask(question).await?;
        serde_json::from_slice(&bytes).map_err(|error| self.strange(error))
    }

    /// The same, of an answer as text.
    pub(crate) async fn text(&self, question: Question) -> Result<String, RemoteError> {
        String::from_utf8(self.ask(question).await?).map_err(|error| self.strange(error))
    }

    pub(crate) fn strange(&self, what: impl ToString) -> RemoteError {
        RemoteError::Strange { server: self.server(), what: what.to_string() }
    }

    pub(crate) fn untrue(&self, what: impl ToString) -> RemoteError {
        RemoteError::Untrue { server: self.server(), what: what.to_string() }
    }

    async fn send(&self, question: &mut Question) -> Result<Response, RemoteError> {
        let mut url = self.base.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(["api", "v1"]).extend(&question.path);
        }
        let mut request = self.client.request(question.method.clone(), url).query(&question.query);
        if let Some(key) = &question.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if let Some((media, body)) = &mut question.body {
            request = request.header(header::CONTENT_TYPE, *media).body(match body {
                Body::Bytes(bytes) => bytes.clone().into(),
                Body::Stream(body) => std::mem::take(body),
            });
        }
        request.send().await.map_err(|error| {
            let (server, reason) = (self.server(), innermost(&error));
            if error.is_connect() || error.is_builder() {
                RemoteError::Unreachable { server, reason }
            } else {
                RemoteError::Broken { server, reason }
            }
        })
    }

    /// The bytes of a good answer, or what the other one says.
    async fn judge(&self, response: Response, most: u64) -> Result<Vec<u8>, RemoteError> {
        let status = response.status();
        if status.is_success() {
            return self.bytes(response, most).await;
        }
        if status.is_redirection() {
            let place = response.headers().get(header::LOCATION);
            let place = place.and_then(|place| place.to_str().ok()).unwrap_or("another place");
            let place = place.to_owned();
            return Err(RemoteError::Elsewhere { server: self.server(), place });
        }
        if status.as_u16() == 401 {
            return Err(RemoteError::Token { server: self.server() });
        }
        let bytes = self.bytes(response, MAX_PROBLEM).await?;
        if bytes.is_empty() {
            // The head of a problem, whose body was not asked for.
            let (code, detail) = (String::new(), format!("status {status}"));
            return Err(RemoteError::Refused {
                status: status.as_u16(),
                code,
                detail,
                more: Map::new(),
            });
        }
        let Ok(Value::Object(mut more)) = serde_json::from_slice(&bytes) else {
            return Err(self.strange(format!("status {status}")));
        };
        let (code, detail) = (take(&mut more, "code"), take(&mut more, "detail"));
        if code.is_empty() || detail.is_empty() {
            return Err(self.strange(format!("status {status}")));
        }
        Err(RemoteError::Refused { status: status.as_u16(), code, detail, more })
    }

    /// Reads an answer as far as it may go, and what it was compressed from as far as that may.
    async fn bytes(&self, mut response: Response, most: u64) -> Result<Vec<u8>, RemoteError> {
        let too_large = || RemoteError::TooLarge { server: self.server(), limit: most };
        let limit = usize::try_from(most).unwrap_or(usize::MAX);
        let coding = response.headers().get(header::CONTENT_ENCODING).cloned();
        let mut bytes = Vec::new();
        let broken = |error: reqwest::Error| RemoteError::Broken {
            server: self.server(),
            reason: innermost(&error),
        };
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            if bytes.len().saturating_add(chunk.len()) > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        if bytes.is_empty() {
            // An answer to HEAD tells how the body would be compressed.
            return Ok(bytes);
        }
        match coding.as_ref().map(HeaderValue::as_bytes) {
            None | Some(b"identity") => Ok(bytes),
            Some(b"gzip") => {
                let mut read = Vec::new();
                let mut decoder = flate2::read::GzDecoder::new(bytes.as_slice());
                let decoded = decoder.by_ref().take(most).read_to_end(&mut read);
                decoded.map_err(|error| self.strange(error))?;
                let more = decoder.read(&mut [0]).map_err(|error| self.strange(error))?;
                if more > 0 { Err(too_large()) } else { Ok(read) }
            }
            Some(_) => Err(self.strange("it compresses in a way that was not asked for")),
        }
    }
}

/// The address to ask, if it can be one.
fn address(given: &str, allow_http: bool) -> Result<Url, RemoteError> {
    let wrong = |reason: &str| RemoteError::Address {
        given: without_secrets(given),
        reason: reason.to_owned(),
    };
    let base = Url::parse(given.trim())
        .map_err(|_| wrong("write it whole, such as https://surety.example.org"))?;
    match base.scheme() {
        "https" => {}
        "http" if allow_http || is_loopback(&base) => {}
        "http" => {
            return Err(wrong(
                "over http:// everybody on the way could read the token; use https://, or --allow-http if the way is \
                 safe",
            ));
        }
        _ => return Err(wrong("it begins with https://")),
    }
    if !base.username().is_empty() || base.password().is_some() {
        return Err(wrong("it holds a name or password; give the token with --token-file"));
    }
    if base.query().is_some() || base.fragment().is_some() {
        return Err(wrong("it goes on after `?` or `#`"));
    }
    Ok(base)
}

/// An address that may not be one, without what stands before `@`, which may be a password.
fn without_secrets(given: &str) -> String {
    let given = given.rsplit_once('@').map_or(given, |(_, rest)| rest);
    given.split(['?', '#']).next().unwrap_or_default().to_owned()
}

fn shown(base: &Url) -> String {
    base.as_str().trim_end_matches('/').to_owned()
}

fn is_loopback(base: &Url) -> bool {
    match base.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// How long a server that can't answer now asks us to wait.
fn busy(response: &Response) -> Option<Duration> {
    if ![429, 503].contains(&response.status().as_u16()) {
        return None;
    }
    let seconds =
        response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The cause that says most; those above it repeat addresses and say "error".
fn innermost(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it takes too long".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn take(fields: &mut Map<String, Value>, name: &str) -> String {
    match fields.remove(name) {
        Some(Value::String(text)) => text,
        Some(_) | None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_to_https_or_to_this_machine_unless_asked_otherwise() {
        let refused = |given: &str| address(given, false).map(|_| ()).unwrap_err().to_string();
        for good in [
            "https://surety.example.org",
            "https://example.org/surety/",
            "http://127.0.0.1:4200",
            "http://[::1]:4200",
            "http://localhost:4200/",
        ] {
            assert!(address(good, false).is_ok(), "{good}");
        }
        assert!(refused("http://surety.example.org").contains("--allow-http"));
        assert!(address("http://surety.example.org", true).is_ok());
        // Not this machine, however much it looks like it.
        assert!(refused("http://localhost.example.org").contains("--allow-http"));
        assert!(refused("surety.example.org").contains("write it whole"));
        assert!(refused("ftp://surety.example.org").contains("https://"));
        assert!(refused("https://surety.example.org/?a=b").contains("`?`"));
    }

    #[test]
    fn an_address_with_a_password_is_refused_without_showing_it() {
        for given in ["https://kim:geheim@surety.example.org", "kim:geheim@surety"] {
            let said = address(given, false).unwrap_err().to_string();
            assert!(!said.contains("geheim"), "{said}");
        }
    }
}
