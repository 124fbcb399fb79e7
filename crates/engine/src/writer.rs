//! The one place where a ledger grows: decides waiting commands in turn and commits them together (group commit).
//!
//! While one transaction is on its way to the disk, the next is decided on the state that it will lead to. Nobody is told
//! anything before what it rests on is durable.

mod draft;

use std::sync::{Arc, Weak};

use surety_aims::{Command, Principal, RecordId, RedactError, Rejection};
use surety_store::StoreError;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use self::draft::Draft;
use crate::{Aims, Error, Position};

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
        let Work { reply, principal: _, batch: _ } = self;
        // Whoever asked may be gone, which is nobody's loss.
        drop(reply.send(answer));
    }
}

/// How many batches are taken from the queue at once.
const BATCHES: usize = 256;

/// How many entries a transaction has before it takes no further batch.
const ENTRIES: usize = 4_096;

/// Takes all waiting batches again and again until nobody can send any more.
pub(crate) async fn run(aims: Weak<Aims>, mut queue: mpsc::Receiver<Work>) {
    let mut works = Vec::new();
    while queue.recv_many(&mut works, BATCHES).await > 0 {
        let Some(aims) = aims.upgrade() else { return };
        work_off(&aims, std::mem::take(&mut works), &mut queue).await;
    }
}

/// Decides and commits until nothing waits. What does not go together with others is tried again.
async fn work_off(aims: &Arc<Aims>, mut works: Vec<Work>, queue: &mut mpsc::Receiver<Work>) {
    let mut flight: Option<Flight> = None;
    while !works.is_empty() || flight.is_some() {
        // Nothing is built on a state that still holds what is being erased.
        if let Some(erasing) = flight.take_if(|flight| flight.position.is_none()) {
            works.extend(erasing.land().await.err().unwrap_or_default());
            continue;
        }
        let mut draft = match flight.as_ref().and_then(|flight| flight.position.as_ref()) {
            Some(position) => Draft::on(position),
            None => match aims.current().await {
                Ok(position) => Draft::on(&position),
                Err(error) => return fail(works, error),
            },
        };
        draft.add(aims, std::mem::take(&mut works));
        if let Some(under_way) = flight.take() {
            let landed = under_way.land_while_drafting(aims, &mut draft, queue).await;
            if let Err(again) = landed {
                works = again;
                works.extend(draft.undone());
                continue;
            }
            match is_fresh(aims, &draft).await {
                Ok(true) => {}
                Ok(false) => {
                    works = draft.undone();
                    continue;
                }
                Err(error) => return fail(draft.undone(), error),
            }
        }
        for (work, answer) in std::mem::take(&mut draft.settled) {
            answer_settled(aims, work, answer).await;
        }
        works = std::mem::take(&mut draft.later);
        flight = Flight::start(aims, draft);
    }
}

/// Whether refusals still rest on the newest state. For what is to be appended the store sees to that.
async fn is_fresh(aims: &Aims, draft: &Draft) -> Result<bool, Error> {
    Ok(draft.settled.is_empty() || aims.current().await?.book.size() == draft.base)
}

/// A transaction on its way to the disk.
struct Flight {
    append: JoinHandle<Result<(), Error>>,
    /// The state after it; `None` if it erases something.
    position: Option<Position>,
    taken: Vec<(Work, Done)>,
}

impl Flight {
    /// Starts the transaction of a draft, unless it has no entries.
    fn start(aims: &Arc<Aims>, draft: Draft) -> Option<Flight> {
        let Draft { entries, position, taken, .. } = draft;
        if entries.is_empty() {
            return None;
        }
        let erases = entries.iter().any(|entry| entry.redacts.is_some());
        let after = (!erases).then(|| position.clone());
        let aims = aims.clone();
        let append = tokio::spawn(async move { aims.append(&entries, position).await });
        Some(Flight { append, position: after, taken })
    }

    /// Waits for its end and answers. If it failed: what is to be tried again.
    async fn land(mut self) -> Result<(), Vec<Work>> {
        let appended = (&mut self.append).await;
        self.landed(appended.unwrap_or(Err(Error::Closing)))
    }

    /// The same, adding to the next draft what comes meanwhile.
    async fn land_while_drafting(
        mut self,
        aims: &Aims,
        draft: &mut Draft,
        queue: &mut mpsc::Receiver<Work>,
    ) -> Result<(), Vec<Work>> {
        let mut more = Vec::new();
        loop {
            tokio::select! {
                biased;
                appended = &mut self.append => return self.landed(appended.unwrap_or(Err(Error::Closing))),
                count = queue.recv_many(&mut more, BATCHES), if draft.entries.len() < ENTRIES => {
                    if count == 0 {
                        return self.land().await;
                    }
                    draft.add(aims, std::mem::take(&mut more));
                }
            }
        }
    }

    fn landed(self, appended: Result<(), Error>) -> Result<(), Vec<Work>> {
        match appended {
            Ok(()) => {
                self.taken.into_iter().for_each(|(work, done)| work.answer(Ok(done)));
                Ok(())
            }
            Err(error) => Err(again(self.taken.into_iter().map(|(work, _)| work).collect(), error)),
        }
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
            Command::State { .. }
            | Command::Move { .. }
            | Command::Withdraw { .. }
            | Command::Note(_) => None,
        })
    }
}
