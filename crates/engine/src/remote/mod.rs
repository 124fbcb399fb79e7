//! An organisation that a server keeps: its ledger is read over HTTP and folded here, so that every view, plan, export and
//! pack is made by the same code as on a data folder; commands go to the server, which decides as whoever the token is for.
//!
//! What the server gives is checked: digests of entries when they come, the root of the tree when they are folded. Nothing of
//! the ledger is kept on this side, as nobody could redact it there.

mod commands;
mod error;
mod files;
mod http;
mod replica;
mod store;
pub mod wire;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use reqwest::Method;
use surety_aims::Principal;
use surety_ledger::{Checkpoint, Frontier, Hash, Note};

pub use self::error::RemoteError;
use self::{
    http::Http,
    wire::{Head, Person, Place},
};
pub(crate) use self::{http::Question, store::RemoteStore};
use crate::{Clock, Error, Position, Secret, accounts::role_of};

/// A server, and how it is asked.
#[derive(Clone)]
pub struct Server {
    /// Such as `https://surety.example.org`.
    pub address: String,
    pub token: Secret,
    /// Send the token over `http://` also to another machine.
    pub allow_http: bool,
    /// Where libraries are kept that are parsed once; they are asked for each time without it.
    pub cache: Option<PathBuf>,
    pub clock: Arc<dyn Clock>,
}

/// What has to be known of an organisation in order to ask about it.
#[derive(serde::Deserialize)]
struct Part {
    id: String,
}

/// A server that is asked.
pub(crate) struct Remote {
    http: Http,
    /// The last head of each organisation that was asked for.
    heads: Mutex<HashMap<String, Head>>,
    /// Whether anything was changed through this.
    wrote: AtomicBool,
}

impl Remote {
    pub(crate) fn new(server: &Server) -> Result<Remote, RemoteError> {
        let http = Http::new(&server.address, &server.token, server.allow_http)?;
        Ok(Remote { http, heads: Mutex::default(), wrote: AtomicBool::new(false) })
    }

    /// A question about an organisation.
    pub(crate) fn question(method: Method, organisation: &str, path: &[&str]) -> Question {
        let parts = ["organisations", organisation].into_iter().chain(path.iter().copied());
        Question::new(method, parts.map(str::to_owned))
    }

    fn get(organisation: &str, path: &[&str]) -> Question {
        Remote::question(Method::GET, organisation, path)
    }

    /// The organisations in which the token's account has a part.
    async fn places(&self) -> Result<Vec<Place>, RemoteError> {
        let question = Question::new(Method::GET, ["organisations".to_owned()]);
        let parts: Vec<Part> = self.http.read(question).await?;
        if parts.is_empty() {
            return Err(RemoteError::Nowhere { server: self.http.server() });
        }
        let mut places = Vec::new();
        for part in parts {
            places.push(self.head(&part.id).await?.organisation);
        }
        Ok(places)
    }

    /// How far the ledger goes now.
    async fn head(&self, organisation: &str) -> Result<Head, RemoteError> {
        let head: Head = self.http.read(Remote::get(organisation, &["replica"])).await?;
        self.heads().insert(organisation.to_owned(), head.clone());
        Ok(head)
    }

    fn heads(&self) -> std::sync::MutexGuard<'_, HashMap<String, Head>> {
        // A panic elsewhere leaves heads as good as any.
        self.heads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whoever the token acts for.
    pub(crate) async fn principal(&self, organisation: &str) -> Result<Principal, Error> {
        let you = self.head(organisation).await?.you;
        let role = role_of(&you.role);
        let role = role.ok_or_else(|| self.http.strange(format!("a role `{}`", you.role)))?;
        Ok(Principal { name: you.name.into(), role })
    }

    /// That what was folded is what the server says the ledger is.
    ///
    /// # Errors
    /// [`RemoteError::Untrue`].
    pub(crate) fn check(&self, organisation: &str, position: &Position) -> Result<(), RemoteError> {
        let head = self.heads().get(organisation).cloned();
        let Some(head) = head else { return Ok(()) };
        if position.frontier.size() < head.size {
            return Err(self.http.untrue("entries are missing"));
        }
        if position.frontier.size() == head.size
            && Hash::from_base64(&head.root).ok() != Some(position.frontier.root())
        {
            return Err(self.http.untrue("the entries have another root"));
        }
        Ok(())
    }

    /// The server's checkpoint of the tree that `frontier` is the edge of.
    pub(crate) async fn sign(
        &self,
        organisation: &str,
        origin: &str,
        frontier: &Frontier,
    ) -> Result<String, Error> {
        let question = Remote::get(organisation, &["ledger", "checkpoint"]);
        let note = self.http.text(question.with("size", frontier.size())).await?;
        let signed = Note::parse(&note).ok().and_then(|note| note.text().parse().ok());
        if signed != Some(Checkpoint::of(origin, frontier)) {
            return Err(self.http.untrue("its checkpoint is of another tree").into());
        }
        Ok(note)
    }

    /// Has the server keep a checkpoint of its ledger as it is now.
    pub(crate) async fn keep_checkpoint(&self, organisation: &str) -> Result<(), RemoteError> {
        let question = Remote::question(Method::POST, organisation, &["checkpoints"]);
        self.http.ask(question.repeatable()).await.map(|_| ())
    }

    /// As a command line does at its end: a checkpoint of what it wrote. The server makes one in any case when it ends
    /// itself, so that it can't be reached now is no news.
    pub(crate) async fn settle(&self, organisation: &str) {
        if self.wrote.load(Ordering::Relaxed) {
            drop(self.keep_checkpoint(organisation).await);
        }
    }

    /// Has the server make a new signing key, and gives the public one.
    pub(crate) async fn rotate_key(&self, organisation: &str) -> Result<String, RemoteError> {
        let question = Remote::question(Method::POST, organisation, &["ledger", "keys"]);
        Ok(self.http.text(question).await?.trim_end().to_owned())
    }

    async fn put_person(
        &self,
        organisation: &str,
        person: &str,
        data: &Person,
    ) -> Result<(), Error> {
        let question = Remote::question(Method::PUT, organisation, &["people", person]);
        self.http.ask(question.json(data)?).await?;
        Ok(())
    }

    async fn erase_person(&self, organisation: &str, person: &str) -> Result<(), RemoteError> {
        let question = Remote::question(Method::DELETE, organisation, &["people", person]);
        self.http.ask(question).await.map(|_| ())
    }
}
