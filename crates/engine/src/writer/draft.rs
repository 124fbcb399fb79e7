//! A transaction in the making: batches decided in turn, each on the state that those before it lead to.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;
use surety_aims::{
    Action, Command, Context, Denied, Event, Happened, Principal, RecordId, SCHEMA, decide, permit,
};
use surety_ledger::{Entry, entry::Fields};
use surety_store::NewEntry;

use super::{Asked, Done, Refusal, Work, WorkError};
use crate::{
    Aims, Error, Position,
    catalogs::is_exact,
    clock::{Salts, whole_microsecond},
};

/// What becomes of batches that waited.
pub(super) struct Draft {
    /// Entries on the ledger before it.
    pub(super) base: u64,
    /// To append.
    pub(super) entries: Vec<NewEntry>,
    /// The state after them.
    pub(super) position: Position,
    /// Whose entries they are.
    pub(super) taken: Vec<(Work, Done)>,
    /// Refused, or fulfilled already.
    pub(super) settled: Vec<(Work, Result<Done, WorkError>)>,
    /// What another batch of this transaction stands in the way of.
    pub(super) later: Vec<Work>,
    /// Idempotency keys, and numbers of erased entries, that this transaction uses.
    keys: HashSet<String>,
    redacted: HashSet<u64>,
    salts: Salts,
}

impl Draft {
    pub(super) fn on(position: &Position) -> Draft {
        Draft {
            base: position.book.size(),
            entries: Vec::new(),
            position: position.clone(),
            taken: Vec::new(),
            settled: Vec::new(),
            later: Vec::new(),
            keys: HashSet::new(),
            redacted: HashSet::new(),
            salts: Salts::default(),
        }
    }

    /// Decides further batches.
    pub(super) fn add(&mut self, aims: &Aims, works: Vec<Work>) {
        for work in works {
            let waits = work.key().is_some_and(|key| self.keys.contains(key))
                || work.redacted().any(|seq| self.redacted.contains(&seq));
            if waits {
                self.later.push(work);
                continue;
            }
            let before = self.entries.len();
            match self.decide(aims, &work) {
                Ok(done) if self.entries.len() > before => {
                    self.keys.extend(work.key().map(str::to_owned));
                    self.redacted.extend(work.redacted());
                    self.taken.push((work, done));
                }
                Ok(done) => self.settled.push((work, Ok(done))),
                Err(error) => {
                    self.entries.truncate(before);
                    self.settled.push((work, Err(error)));
                }
            }
        }
    }

    /// The batches, as if nothing had been decided.
    pub(super) fn undone(self) -> Vec<Work> {
        let taken = self.taken.into_iter().map(|(work, _)| work);
        let settled = self.settled.into_iter().map(|(work, _)| work);
        taken.chain(settled).chain(self.later).collect()
    }

    /// Decides one batch, all or none.
    fn decide(&mut self, aims: &Aims, work: &Work) -> Result<Done, WorkError> {
        if let [Asked { command: Command::State { .. } | Command::Move { .. }, .. }] =
            work.batch.commands.as_slice()
        {
            // Such a command leads to one event or none, so there is nothing half done to take back.
            return self.decide_commands(aims, work);
        }
        let before = self.position.clone();
        let done = self.decide_commands(aims, work);
        if done.is_err() {
            self.position = before;
        }
        done
    }

    fn decide_commands(&mut self, aims: &Aims, work: &Work) -> Result<Done, WorkError> {
        let promised = promised(&work.batch.commands);
        let first = self.position.book.size();
        let mut key = work.key();
        let mut done = Done { entries: (first, first), ..Done::default() };
        let catalogs = aims.catalogs_of(&self.position.book);
        for (command, Asked { command: asked, on_behalf_of }) in
            work.batch.commands.iter().enumerate()
        {
            let refused = |rejection| WorkError::Refused(Box::new(Refusal { command, rejection }));
            let principal = acting(&work.principal, on_behalf_of.as_ref())
                .map_err(|denied| refused(denied.into()))?;
            let context = Context {
                book: &self.position.book,
                knows: &|requirement| is_exact(&catalogs, requirement),
                promised: &|id| promised.contains(&id),
            };
            done.records.push(subject(asked, &self.position.book));
            for event in decide(&context, &principal, asked).map_err(refused)? {
                // The key stands on the first entry, so that it can be there only once.
                self.seal(aims, &principal, event, key.take()).map_err(WorkError::Failed)?;
            }
        }
        done.entries.1 = self.position.book.size();
        Ok(done)
    }

    /// Seals one event as the next entry and folds it in.
    fn seal(
        &mut self,
        aims: &Aims,
        principal: &Principal,
        event: Event,
        idempotency_key: Option<&str>,
    ) -> Result<(), Error> {
        let position = &mut self.position;
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
        let entry = Entry::seal(fields, self.salts.next()?, payload)?;
        let subject = event.found_under();
        let redacts = match &event {
            Event::Redacted { seq, .. } => Some(*seq),
            Event::Stated(_)
            | Event::Moved { .. }
            | Event::Withdrawn { .. }
            | Event::Security(_) => None,
        };
        position.frontier.append(entry.leaf());
        position.book.apply(Happened { seq, at: instant, by: principal.name.clone(), event });
        self.entries.push(NewEntry { entry, subject, redacts });
        Ok(())
    }
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
        Command::Redact { .. } | Command::Note(_) => None,
    }
}

/// Ids that the batch states itself, so that its records can refer to each other in any order.
fn promised(commands: &[Asked]) -> HashSet<RecordId> {
    commands
        .iter()
        .filter_map(|asked| match &asked.command {
            Command::State { id, .. } => *id,
            Command::Move { .. }
            | Command::Withdraw { .. }
            | Command::Redact { .. }
            | Command::Note(_) => None,
        })
        .collect()
}

/// Now, or the last instant on the ledger if the clock has fallen behind it.
fn next_instant(now: Timestamp, last: Option<Timestamp>) -> Timestamp {
    let now = whole_microsecond(now);
    last.map_or(now, |last| now.max(last))
}
