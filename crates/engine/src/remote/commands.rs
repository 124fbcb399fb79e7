//! Commands on their way to the server, and what it decided.

use std::sync::atomic::Ordering;

use reqwest::Method;
use serde_json::{Map, Value};
use surety_aims::{Command, Event, RecordId, Rejection};
use surety_ledger::HeaderRef;

use super::{Remote, RemoteError, wire};
use crate::{
    Asked, Batch, Done, Error, Refusal,
    clock::random,
    entries::{Residues, happened},
};

impl Remote {
    /// Has the server decide on a batch.
    pub(crate) async fn execute(
        &self,
        organisation: &str,
        batch: Batch,
    ) -> Result<Result<Done, Refusal>, Error> {
        let Batch { commands, idempotency_key } = batch;
        let given = idempotency_key.is_some();
        let key = match idempotency_key {
            Some(key) => key,
            None => own_key()?,
        };
        let sent: Option<Vec<_>> = commands.iter().map(wire::Command::of).collect();
        let sent = sent.ok_or(RemoteError::OnlyThere(
            "to say what takes the place of erased text, or what happened at the door,",
        ))?;
        let question = Remote::question(Method::POST, organisation, &["commands"]);
        let question = question.json(&wire::Commands { commands: sent })?.once(key);
        self.wrote.store(true, Ordering::Relaxed);
        match self.http.read::<wire::Done>(question).await {
            // The first answer was lost on its way.
            Ok(done) if done.repeated && !given => {
                self.recovered(organisation, &commands, done.entries.0).await.map(Ok)
            }
            Ok(done) => Ok(Ok(done.into())),
            Err(RemoteError::Refused { code, detail, more, .. }) if is_one(&more) => {
                Ok(Err(refusal(&code, detail, more)))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Has the server erase text of an entry.
    pub(crate) async fn redact(
        &self,
        organisation: &str,
        seq: u64,
        reason: &str,
        fields: &[String],
    ) -> Result<Done, Error> {
        let (seq, redaction) = (
            seq.to_string(),
            wire::Redaction { reason: reason.to_owned(), fields: fields.to_vec() },
        );
        let path = ["ledger", "entries", &seq, "redaction"];
        let question = Remote::question(Method::POST, organisation, &path).json(&redaction)?;
        self.wrote.store(true, Ordering::Relaxed);
        match self.http.read::<wire::Done>(question).await {
            Ok(done) => Ok(done.into()),
            Err(RemoteError::Refused { code, detail, more, .. }) if is_one(&more) => {
                Err(refusal(&code, detail, more).rejection.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What a batch led to, by the entries that it left from number `first` on.
    async fn recovered(
        &self,
        organisation: &str,
        commands: &[Asked],
        first: u64,
    ) -> Result<Done, Error> {
        let limit = u32::try_from(commands.len()).unwrap_or(u32::MAX);
        let entries = self.entries(organisation, first, limit).await?;
        let mut events = Vec::new();
        for entry in &entries {
            let header = HeaderRef::parse(&entry.header)?;
            events.extend(happened(&header, entry, &Residues::new())?.map(|one| one.event));
        }
        let mut events = events.iter().peekable();
        let mut taken = 0;
        let records = commands.iter().map(|asked| {
            let event = events.next_if(|event| is_of(&asked.command, event));
            taken += u64::from(event.is_some());
            event.and_then(Event::subject).or(named(&asked.command))
        });
        let records = records.collect();
        Ok(Done { entries: (first, first.saturating_add(taken)), records, repeated: false })
    }
}

/// A key that nobody else uses.
fn own_key() -> Result<String, Error> {
    Ok(random()?.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

/// Whether a problem is about a command, and not about the request that brought it.
fn is_one(more: &Map<String, Value>) -> bool {
    more.contains_key("command")
}

/// What the server refused, as if it had been refused here.
fn refusal(code: &str, detail: String, mut more: Map<String, Value>) -> Refusal {
    let number = |name: &str| more.get(name).and_then(Value::as_u64);
    let command = number("command").and_then(|at| usize::try_from(at).ok()).unwrap_or_default();
    let version = |name: &str| number(name).and_then(|one| u32::try_from(one).ok());
    let id = more.get("current").and_then(|current| current.get("id")).and_then(Value::as_str);
    let id = id.and_then(|id| id.parse::<RecordId>().ok());
    let rejection = match (code, id, version("base"), version("current_version")) {
        ("stale", Some(id), Some(base), Some(current_version)) => Rejection::Stale {
            id,
            base,
            current_version,
            current: Box::new(more.remove("current").unwrap_or_default()),
            yours: Box::new(more.remove("yours").unwrap_or_default()),
        },
        _ => Rejection::Told(detail),
    };
    Refusal { command, rejection }
}

/// Whether a command can have led to an event.
fn is_of(command: &Command, event: &Event) -> bool {
    match (command, event) {
        (Command::State { id: None, kind, .. }, Event::Stated(stated)) => {
            stated.id.kind == *kind && stated.version == 1
        }
        (Command::State { id: Some(id), .. }, Event::Stated(stated)) => stated.id == *id,
        (Command::Move { id, .. }, Event::Moved { .. })
        | (Command::Withdraw { id, .. }, Event::Withdrawn { .. }) => event.subject() == Some(*id),
        _ => false,
    }
}

/// The record that a command names.
fn named(command: &Command) -> Option<RecordId> {
    match command {
        Command::State { id, .. } => *id,
        Command::Move { id, .. } | Command::Withdraw { id, .. } => Some(*id),
        Command::Redact { .. } | Command::Note(_) => None,
    }
}
