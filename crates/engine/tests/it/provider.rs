//! A real provider of identity, in a process of its own, and a browser that signs in there.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use reqwest::{Response, header};
use url::Url;

/// Where the browser is sent back to. Nobody listens there: a test takes the address and asks for itself.
pub(crate) const REDIRECT: &str = "http://127.0.0.1:9/back";

/// The same for a server that calls itself so.
pub(crate) const CALLBACK: &str = "http://surety.localhost/api/v1/sign-in/oidc/ferries/callback";

/// `oidc-provider` under Node, on loopback.
pub(crate) struct ProviderProcess {
    child: Child,
    pub(crate) issuer: String,
}

impl ProviderProcess {
    /// Starts one. `None` if its packages are not installed, which `tools/test-setup/install.sh` does; with `CI` set that is a
    /// failure.
    pub(crate) fn start() -> Option<ProviderProcess> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/oidc-provider");
        if !folder.join("node_modules").is_dir() {
            assert!(std::env::var_os("CI").is_none(), "run tools/test-setup/install.sh");
            return None;
        }
        let mut child = Command::new("node")
            .arg(folder.join("provider.mjs"))
            .args([REDIRECT, CALLBACK])
            // It ends when this is closed, as when this process dies.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let issuer = said["issuer"].as_str().unwrap().to_owned();
        Some(ProviderProcess { child, issuer })
    }
}

impl Drop for ProviderProcess {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Somebody's browser.
pub(crate) struct Browser {
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new() -> Browser {
        drop(rustls::crypto::ring::default_provider().install_default());
        let never = reqwest::redirect::Policy::none();
        let client = reqwest::Client::builder().redirect(never).build().unwrap();
        Browser { client, cookies: BTreeMap::new() }
    }

    /// Signs in under that name and agrees to all, from the address to which the browser is sent to the one to which it is sent
    /// back.
    pub(crate) async fn sign_in(&mut self, address: &Url, name: &str) -> Url {
        let mut place = address.clone();
        let mut answer = self.ask(&place, None).await;
        for _ in 0..20 {
            if let Some(location) = answer.headers().get(header::LOCATION) {
                place = place.join(location.to_str().unwrap()).unwrap();
                if [REDIRECT, CALLBACK].iter().any(|back| place.as_str().starts_with(back)) {
                    return place;
                }
                answer = self.ask(&place, None).await;
                continue;
            }
            let status = answer.status();
            let page = answer.text().await.unwrap();
            assert!(status.is_success(), "{status} at {place}: {page}");
            let action = between(&page, "action=\"", "\"");
            place = place.join(action).unwrap();
            let form = match between(&page, "name=\"prompt\" value=\"", "\"") {
                "login" => format!("prompt=login&login={name}&password=any"),
                prompt => format!("prompt={prompt}"),
            };
            answer = self.ask(&place, Some(form)).await;
        }
        panic!("the provider never sent the browser back");
    }

    async fn ask(&mut self, place: &Url, form: Option<String>) -> Response {
        let cookies: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = match form {
            None => self.client.get(place.clone()),
            Some(form) => self
                .client
                .post(place.clone())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form),
        };
        let answer = request.header(header::COOKIE, cookies.join("; ")).send().await.unwrap();
        for set in answer.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        self.cookies.retain(|_, value| !value.is_empty());
        answer
    }
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let from = text.find(start).unwrap_or_else(|| panic!("no {start} in {text}")) + start.len();
    let length = text[from..].find(end).unwrap();
    &text[from..from + length]
}
