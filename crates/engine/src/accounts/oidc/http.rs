//! Asking a provider: with a limit on time and on what it may answer, and never further than it was asked.

use std::{pin::Pin, time::Duration};

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http::Response};

/// Longest time for one question.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The most that an answer may have, in bytes: key sets of the largest providers have some 20 kB.
const LIMIT: usize = 512 << 10;

/// A client for one provider.
#[derive(Clone)]
pub(crate) struct Http(reqwest::Client);

/// Why a provider was not heard.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("the request failed")]
    Request(#[from] reqwest::Error),
    #[error("the answer has more than {LIMIT} bytes")]
    TooLarge,
}

impl Http {
    /// `https_only`: unless the provider is on this machine.
    pub(crate) fn new(https_only: bool) -> Result<Http, reqwest::Error> {
        // TLS by ring; whoever was faster has chosen the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder()
            // What a provider says is asked of it, and of nobody to whom it points.
            .redirect(reqwest::redirect::Policy::none())
            .https_only(https_only)
            .timeout(TIMEOUT)
            .user_agent(concat!("surety/", env!("CARGO_PKG_VERSION")));
        Ok(Http(client.build()?))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len().saturating_add(chunk.len()) > LIMIT {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
