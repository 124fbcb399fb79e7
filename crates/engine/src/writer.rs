//! The one place where a ledger grows: decides waiting commands in turn and commits them together (group commit).

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;
use surety_aims::{
    Action, Command, Context, Denied, Event, Happened, Principal, RecordId, Rejection, SCHEMA, decide, permit,
};
use surety_ledger::{Entry, entry::Fields};
use surety_store::{NewEntry, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::{
    Aims, Error, Position,
    catalogs::is_exact,
    clock::{salt, whole_microsecond},
};

/// Commands that happen together or not at all.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    pub commands: Vec<Asked>,
    /// Makes asking twice harmless: the second time nothing happens.
    pub idempotency_key: Option<String>,
}

/// A command, and the person on whose behalf it is issued: when a management system moves from one place to another, an
/// owner may repeat what others stated and approved.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub command: Command,
    pub on_behalf_of: Option<Arc<str>>,
}

impl From<Command> for Asked {
    fn from(command: Command) -> Asked {
        Asked { command, on_behalf_of: None }
    }
}

impl Batch {
    pub fn of(commands: impl IntoIterator<Item = impl Into<Asked>>) -> Batch {
        Batch { commands: commands.into_iter().map(Into::into).collect(), idempotency_key: None }
    }
}

/// What a batch led to. It is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Sequence numbers of the new entries, first and one past the last; equal if nothing was to do.
    pub entries: (u64, u64),
    /// The record that each command was about.
    pub records: Vec<Option<RecordId>>,
    /// The idempotency key was used before; nothing happened now.
    pub repeated: bool,
}

/// Which command of a batch was refused, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Position in the batch.
    pub command: usize,
    pub rejection: Rejection,
}

/// A batch that waits, and who wants to know.
pub(crate) struct Work {
    pub(crate) principal: Principal,
    pub(crate) batch: Batch,
    pub(crate) reply: oneshot::Sender<Result<Done, WorkError>>,
}

/// Why a batch did not happen.
#[derive(Debug)]
pub(crate) enum WorkError {
    Refused(Box<Refusal>),
    /// A failure that all batches of the transaction share.
    Failed(Arc<Error>),
}

/// How many batches are committed together at most.
const BATCHES: usize = 256;

/// Takes all waiting batches again and again until nobody can send any more.
pub(crate) async fn run(aims: std::sync::Weak<Aims>, mut queue: mpsc::Receiver<Work>) {
    let mut works = Vec::new();
    while queue.recv_many(&mut works, BATCHES).await > 0 {
        let Some(aims) = aims.upgrade() else { return };
        commit(&aims, std::mem::take(&mut works)).await;
    }
}

/// Decides and commits `works` in one transaction. What does not go together with others is tried again.
async fn commit(aims: &Aims, mut works: Vec<Work>) {
    while !works.is_empty() {
        let decided = match aims.current().await {
            Ok(position) => decide_all(aims, &position, &mut works),
            Err(error) => return fail(works, error),
        };
        let Some(decided) = decided.transpose() else { return };
        let decided = match decided {
            Ok(decided) => decided,
            Err(error) => return fail(works, error),
        };
        match aims.append(&decided.entries, decided.position).await {
            Ok(()) => {
                for (work, done) in works.into_iter().zip(decided.done) {
                    drop(work.reply.send(Ok(done)));
                }
                return;
            }
            // Another node was faster: read what is new and decide again.
            Err(Error::Store(StoreError::Conflict { .. })) => {}
            Err(Error::Store(StoreError::DuplicateKey { key, seq })) => repeated(&mut works, &key, seq),
            Err(error) => return fail(works, error),
        }
    }
}

/// Answers those whose key was used before.
fn repeated(works: &mut Vec<Work>, key: &str, seq: u64) {
    let (known, rest): (Vec<_>, Vec<_>) = std::mem::take(works)
        .into_iter()
        .partition(|work| work.batch.idempotency_key.as_deref() == Some(key));
    *works = rest;
    for work in known {
        let done = Done { entries: (seq, seq), records: Vec::new(), repeated: true };
        drop(work.reply.send(Ok(done)));
    }
}

fn fail(works: Vec<Work>, error: Error) {
    let error = Arc::new(error);
    for work in works {
        drop(work.reply.send(Err(WorkError::Failed(error.clone()))));
    }
}

/// New entries, the state after them, and what to tell each batch.
struct Decided {
    entries: Vec<NewEntry>,
    position: Position,
    done: Vec<Done>,
}

/// Decides each batch on the state that those before it lead to; refused ones are answered and taken out.
/// `None`: nothing is left to commit.
fn decide_all(
    aims: &Aims,
    current: &Position,
    works: &mut Vec<Work>,
) -> Result<Option<Decided>, Error> {
    let mut decided = Decided { entries: Vec::new(), position: current.clone(), done: Vec::new() };
    let mut kept = Vec::with_capacity(works.len());
    for work in works.drain(..) {
        let mut trial = decided.position.clone();
        let mut entries = Vec::new();
        match decide_one(aims, &work, &mut trial, &mut entries)? {
            Ok(done) if entries.is_empty() => drop(work.reply.send(Ok(done))),
            Ok(done) => {
                decided.position = trial;
                decided.entries.append(&mut entries);
                decided.done.push(done);
                kept.push(work);
            }
            Err(refusal) => drop(work.reply.send(Err(WorkError::Refused(Box::new(refusal))))),
        }
    }
    *works = kept;
    Ok(if works.is_empty() { None } else { Some(decided) })
}

/// Decides one batch, all or none.
fn decide_one(
    aims: &Aims,
    work: &Work,
    position: &mut Position,
    entries: &mut Vec<NewEntry>,
) -> Result<Result<Done, Refusal>, Error> {
    let promised = promised(&work.batch.commands);
    let first = position.book.size();
    let mut done = Done { entries: (first, first), ..Done::default() };
    let catalogs = aims.catalogs_of(&position.book)?;
    for (command, Asked { command: asked, on_behalf_of }) in work.batch.commands.iter().enumerate() {
        let principal = match acting(&work.principal, on_behalf_of.as_ref()) {
            Ok(principal) => principal,
            Err(denied) => return Ok(Err(Refusal { command, rejection: denied.into() })),
        };
        let context = Context {
            book: &position.book,
            knows: &|requirement| is_exact(&catalogs, requirement),
            promised: &|id| promised.contains(&id),
        };
        let about = subject(asked, &position.book);
        let events = match decide(&context, &principal, asked.clone()) {
            Ok(events) => events,
            Err(rejection) => return Ok(Err(Refusal { command, rejection })),
        };
        done.records.push(about);
        for event in events {
            let key = work.batch.idempotency_key.as_deref().filter(|_| entries.is_empty());
            entries.push(seal(aims, position, &principal, event, key)?);
        }
    }
    done.entries.1 = position.book.size();
    Ok(Ok(done))
}

/// Whoever acts: the principal, or the person whom an owner speaks for.
fn acting(principal: &Principal, on_behalf_of: Option<&Arc<str>>) -> Result<Principal, Denied> {
    let Some(name) = on_behalf_of else { return Ok(principal.clone()) };
    permit(principal, Action::Administer)?;
    Ok(Principal { name: name.clone(), role: principal.role })
}

/// The record that a command is about, also one that it is going to make.
fn subject(command: &Command, book: &surety_aims::Book) -> Option<RecordId> {
    match command {
        Command::State { id: Some(id), .. }
        | Command::Move { id, .. }
        | Command::Withdraw { id, .. } => Some(*id),
        Command::State { kind, id: None, .. } => {
            Some(RecordId::new(*kind, book.next_number(*kind)))
        }
        Command::Redact { .. } => None,
    }
}

/// Ids that the batch states itself, so that its records can refer to each other in any order.
fn promised(commands: &[Asked]) -> HashSet<RecordId> {
    commands
        .iter()
        .filter_map(|asked| match &asked.command {
            Command::State { id, .. } => *id,
            Command::Move { .. } | Command::Withdraw { .. } | Command::Redact { .. } => None,
        })
        .collect()
}

/// Seals one event as the next entry and folds it in.
fn seal(
    aims: &Aims,
    position: &mut Position,
    principal: &Principal,
    event: Event,
    idempotency_key: Option<&str>,
) -> Result<NewEntry, Error> {
    let instant = next_instant(aims.now(), position.book.at());
    let payload = serde_json::to_vec(&event.to_json())?;
    let fields = Fields {
        organisation: aims.id(),
        seq: position.book.size(),
        instant,
        actor: &principal.name,
        kind: event.kind(),
        schema: SCHEMA,
        idempotency_key,
    };
    let seq = fields.seq;
    let entry = Entry::seal(fields, salt()?, payload)?;
    let subject = event.subject().map(|id| id.to_string());
    let redacts = match &event {
        Event::Redacted { seq, .. } => Some(*seq),
        Event::Stated(_) | Event::Moved { .. } | Event::Withdrawn { .. } => None,
    };
    position.frontier.append(entry.leaf());
    position.book.apply(Happened { seq, at: instant, by: principal.name.clone(), event });
    Ok(NewEntry { entry, subject, redacts })
}

/// Now, or the last instant on the ledger if the clock has fallen behind it.
fn next_instant(now: Timestamp, last: Option<Timestamp>) -> Timestamp {
    let now = whole_microsecond(now);
    last.map_or(now, |last| now.max(last))
}
