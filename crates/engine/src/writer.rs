//! The one place where a ledger grows: decides waiting commands in turn and commits them together (group commit).

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;
use surety_aims::{
    Action, Command, Context, Denied, Event, Happened, Principal, RecordId, RedactError, Rejection,
    SCHEMA, decide, permit,
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
    Failed(Error),
}

impl Work {
    fn answer(self, answer: Result<Done, WorkError>) {
        // Whoever asked may be gone, which is nobody's loss.
        drop(self.reply.send(answer));
    }
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
        let position = match aims.current().await {
            Ok(position) => position,
            Err(error) => return fail(works, error),
        };
        let Decided { entries, position, taken, settled, later } =
            decide_all(aims, &position, works);
        for (work, answer) in settled {
            answer_settled(aims, work, answer).await;
        }
        let appended =
            if entries.is_empty() { Ok(()) } else { aims.append(&entries, position).await };
        works = match appended {
            Ok(()) => {
                taken.into_iter().for_each(|(work, done)| work.answer(Ok(done)));
                Vec::new()
            }
            Err(error) => again(taken.into_iter().map(|(work, _)| work).collect(), error),
        };
        works.extend(later);
    }
}

/// What is to be tried again after a transaction failed. Whoever it failed for is answered.
#[expect(clippy::wildcard_enum_match_arm, reason = "whatever else goes wrong goes wrong for all")]
fn again(works: Vec<Work>, error: Error) -> Vec<Work> {
    match error {
        // Another node was faster: read what is new and decide again.
        Error::Store(StoreError::Conflict { .. }) => works,
        Error::Store(StoreError::DuplicateKey { key, seq }) => {
            without(works, |work| work.key() == Some(&key), |work| work.answer(Ok(repeated(seq))))
        }
        Error::Store(StoreError::AlreadyRedacted { seq }) => without(
            works,
            |work| work.redacts(seq),
            |work| {
                let source = RedactError::AlreadyRedacted;
                work.answer(Err(WorkError::Failed(Error::Redact { seq, source })));
            },
        ),
        error => {
            fail(works, error);
            Vec::new()
        }
    }
}

/// Answers those for whom `is_meant` holds, and gives the others.
fn without(works: Vec<Work>, is_meant: impl Fn(&Work) -> bool, answer: impl Fn(Work)) -> Vec<Work> {
    let (meant, others): (Vec<_>, Vec<_>) = works.into_iter().partition(is_meant);
    meant.into_iter().for_each(answer);
    others
}

/// Nothing happened now, because it did when the key was used first.
fn repeated(seq: u64) -> Done {
    Done { entries: (seq, seq), records: Vec::new(), repeated: true }
}

/// Answers a batch that leads to nothing, unless it did before: then what it once led to may be why.
async fn answer_settled(aims: &Aims, work: Work, answer: Result<Done, WorkError>) {
    let known = match work.key() {
        Some(key) => aims.shared.store.by_idempotency_key(aims.id(), key).await,
        None => Ok(None),
    };
    work.answer(match known {
        Ok(Some(seq)) => Ok(repeated(seq)),
        Ok(None) => answer,
        Err(error) => Err(WorkError::Failed(error.into())),
    });
}

fn fail(works: Vec<Work>, error: Error) {
    let error = Arc::new(error);
    for work in works {
        work.answer(Err(WorkError::Failed(Error::Shared(error.clone()))));
    }
}

impl Work {
    fn key(&self) -> Option<&str> {
        self.batch.idempotency_key.as_deref()
    }

    fn redacts(&self, entry: u64) -> bool {
        self.redacted().any(|seq| seq == entry)
    }

    /// Numbers of the entries that it erases.
    fn redacted(&self) -> impl Iterator<Item = u64> {
        self.batch.commands.iter().filter_map(|asked| match asked.command {
            Command::Redact { seq, .. } => Some(seq),
            Command::State { .. } | Command::Move { .. } | Command::Withdraw { .. } => None,
        })
    }
}

/// What becomes of waiting batches.
struct Decided {
    /// To append.
    entries: Vec<NewEntry>,
    /// The state after them.
    position: Position,
    /// Whose entries they are.
    taken: Vec<(Work, Done)>,
    /// Refused, or fulfilled already.
    settled: Vec<(Work, Result<Done, WorkError>)>,
    /// What another batch of this transaction stands in the way of.
    later: Vec<Work>,
}

/// Decides each batch on the state that those before it lead to.
fn decide_all(aims: &Aims, current: &Position, works: Vec<Work>) -> Decided {
    let mut decided = Decided {
        entries: Vec::new(),
        position: current.clone(),
        taken: Vec::new(),
        settled: Vec::new(),
        later: Vec::new(),
    };
    let (mut keys, mut redacted) = (HashSet::new(), HashSet::new());
    for work in works {
        let waits = work.key().is_some_and(|key| keys.contains(key))
            || work.redacted().any(|seq| redacted.contains(&seq));
        if waits {
            decided.later.push(work);
            continue;
        }
        let before = decided.entries.len();
        match decide_one(aims, &work, &mut decided.position, &mut decided.entries) {
            Ok(done) if decided.entries.len() > before => {
                keys.extend(work.key().map(str::to_owned));
                redacted.extend(work.redacted());
                decided.taken.push((work, done));
            }
            Ok(done) => decided.settled.push((work, Ok(done))),
            Err(error) => {
                decided.entries.truncate(before);
                decided.settled.push((work, Err(error)));
            }
        }
    }
    decided
}

/// Decides one batch, all or none.
fn decide_one(
    aims: &Aims,
    work: &Work,
    position: &mut Position,
    entries: &mut Vec<NewEntry>,
) -> Result<Done, WorkError> {
    if work.batch.commands.len() <= 1 {
        // One command leads to one event or none, so there is nothing half done to take back.
        return decide_commands(aims, work, position, entries);
    }
    let mut trial = position.clone();
    let done = decide_commands(aims, work, &mut trial, entries)?;
    *position = trial;
    Ok(done)
}

fn decide_commands(
    aims: &Aims,
    work: &Work,
    position: &mut Position,
    entries: &mut Vec<NewEntry>,
) -> Result<Done, WorkError> {
    let promised = promised(&work.batch.commands);
    let first = position.book.size();
    let mut key = work.key();
    let mut done = Done { entries: (first, first), ..Done::default() };
    let catalogs = aims.catalogs_of(&position.book);
    for (command, Asked { command: asked, on_behalf_of }) in work.batch.commands.iter().enumerate()
    {
        let refused = |rejection| WorkError::Refused(Box::new(Refusal { command, rejection }));
        let principal = acting(&work.principal, on_behalf_of.as_ref())
            .map_err(|denied| refused(denied.into()))?;
        let context = Context {
            book: &position.book,
            knows: &|requirement| is_exact(&catalogs, requirement),
            promised: &|id| promised.contains(&id),
        };
        done.records.push(subject(asked, &position.book));
        for event in decide(&context, &principal, asked.clone()).map_err(refused)? {
            // The key stands on the first entry, so that it can be there only once.
            entries.push(
                seal(aims, position, &principal, event, key.take()).map_err(WorkError::Failed)?,
            );
        }
    }
    done.entries.1 = position.book.size();
    Ok(done)
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
