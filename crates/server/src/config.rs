//! What can be set about a server.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use surety_engine::accounts::oidc::Oidc;

use url::{Host, Url};

use crate::problem::Problem;
pub use crate::rate::Rate;

/// How a server listens, and what it allows.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// Longest time for one request, from its head to the beginning of its answer; of an upload and of a download, for its next
    /// bytes.
    pub timeout: Duration,
    /// The largest body of a request that is not an upload, in bytes.
    pub max_body: usize,
    /// The largest file that is taken, in bytes; what the vault takes is the most.
    pub max_file: u64,
    /// How long requests that have begun may go on after the end was asked for.
    pub grace: Duration,
    /// How many requests an account may make; `None`: as many as it likes.
    pub rate: Option<Rate>,
    /// The most that answers which are kept may take in memory, in bytes.
    pub kept_bytes: u64,
    /// What browsers call this server; `None`: whatever they ask for.
    pub public_url: Option<PublicUrl>,
    /// Proxies before this server, whose word on where requests come from counts.
    pub trusted_proxies: Vec<IpAddr>,
    /// Providers of identity through which one can sign in.
    pub oidc: Arc<Oidc>,
}

/// What browsers call a server: scheme, host and perhaps a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// As browsers write it in `Origin`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub fn url(&self) -> &Url {
        &self.0
    }

    fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<PublicUrl, String> {
        let url = Url::parse(text).map_err(|error| format!("`{text}` is no address: {error}"))?;
        let is_local = match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(
                "give scheme, host and perhaps a port: https://surety.example.org".to_owned()
            );
        }
        match url.scheme() {
            "https" => Ok(PublicUrl(url)),
            "http" if is_local => Ok(PublicUrl(url)),
            _ => Err("it begins with https://, or with http:// on this machine alone".to_owned()),
        }
    }
}

impl Config {
    /// What browsers call this server, for what is bound to its name.
    pub(crate) fn site(&self) -> Result<Url, Problem> {
        if let Some(public) = &self.public_url {
            return Ok(public.url().clone());
        }
        // Nobody said what it is called, so it is meant for this machine.
        Url::parse(&format!("http://localhost:{}", self.listen.port()))
            .map_err(|error| Problem::bad(error.to_string()))
    }

    /// The same as links begin.
    pub(crate) fn origin(&self) -> Result<String, Problem> {
        Ok(self.site()?.origin().ascii_serialization())
    }

    /// Whether browsers reach this server over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 4200)),
            timeout: Duration::from_secs(30),
            max_body: 1 << 20,
            max_file: 256 << 20,
            grace: Duration::from_secs(20),
            rate: NonZeroU32::new(2_000)
                .map(|burst| Rate { burst, window: Duration::from_secs(10) }),
            kept_bytes: 64 << 20,
            public_url: None,
            trusted_proxies: Vec::new(),
            oidc: Arc::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin_over_tls_or_on_this_machine() {
        for (text, origin) in [
            ("https://surety.example.org", "https://surety.example.org"),
            ("https://surety.example.org:8443/", "https://surety.example.org:8443"),
            ("http://localhost:4200", "http://localhost:4200"),
            ("http://[::1]:4200", "http://[::1]:4200"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().origin(), origin);
        }
        for text in [
            "surety.example.org",
            "http://surety.example.org",
            "https://surety.example.org/path",
            "ftp://localhost",
            "https://surety.example.org?x",
            "",
        ] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}
