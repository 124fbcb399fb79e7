//! Security events: what happened at the door goes onto the ledgers of the organisations that it concerns.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use surety_aims::{Command, Event, Occurrence, Principal, Role, Security};
use surety_ledger::HeaderRef;
use surety_store::Membership;

use super::Accounts;
use crate::{Aims, Batch, Error, View};

/// Failures of one account make one entry in this time, however many there are.
const STRETCH: SignedDuration = SignedDuration::from_mins(15);

/// A security event as it stands on the ledger.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct SecurityEntry {
    /// The number of the entry.
    pub seq: u64,
    pub at: Timestamp,
    /// Who did it: a person (`PER-3`), an account that is no person there, `operator`, or `nobody` who was known.
    pub actor: String,
    #[serde(flatten)]
    pub event: Security,
}

/// How far back security events are listed; older ones are found among the entries.
const LOOKED_AT: u32 = 20_000;

/// Whoever did not prove who they are.
const NOBODY: &str = "nobody";

impl Accounts<'_> {
    /// Notes what an account did or had done to it in all organisations that it has a part in.
    pub(super) async fn note(&self, account: &str, event: Security) -> Result<(), Error> {
        for part in self.store.memberships_of_account(account).await? {
            let by = by(&part);
            self.note_in(&part.organisation, &by, event.clone()).await?;
        }
        Ok(())
    }

    /// The same of what whoever operates the server did to an account.
    pub(super) async fn note_of_operator(
        &self,
        account: &str,
        what: Occurrence,
    ) -> Result<(), Error> {
        for part in self.store.memberships_of_account(account).await? {
            let event = Security::of(what, account);
            self.note_in(&part.organisation, "operator", event).await?;
        }
        Ok(())
    }

    /// Notes what somebody did at the door of one organisation. `by` is whom entries name: a person, an account or `operator`.
    pub async fn note_in(
        &self,
        organisation: &str,
        by: &str,
        event: Security,
    ) -> Result<(), Error> {
        let aims = self.engine.organisation(Some(organisation)).await?;
        aims.execute(&witness(by), Batch::of([Command::Note(Box::new(event))])).await?;
        Ok(())
    }

    /// Notes a failure, once for a stretch of time, and without letting anybody wait for it: how long an answer takes must not
    /// tell whether there is such an account.
    pub(super) async fn note_failure(&self, account: &str, event: Security) -> Result<(), Error> {
        let stretch = self.now().as_second().div_euclid(STRETCH.as_secs());
        let key = format!("security:{}:{account}:{stretch}", event.what.name());
        for part in self.store.memberships_of_account(account).await? {
            let aims = self.engine.organisation(Some(&part.organisation)).await?;
            let mut batch = Batch::of([Command::Note(Box::new(event.clone()))]);
            batch.idempotency_key = Some(key.clone());
            // Held until it is written, so that closing can wait for it.
            let written = self.engine.shared.notes.clone().read_owned().await;
            tokio::spawn(async move {
                // The attempt itself is counted in the store; whoever failed is told nothing of this.
                drop(aims.execute(&witness(NOBODY), batch).await);
                drop(written);
            });
        }
        Ok(())
    }
}

/// Whom entries of an organisation name for an account: the person, or the account where it is none.
pub(super) fn by(part: &Membership) -> String {
    part.person.clone().unwrap_or_else(|| part.account.clone())
}

/// Whoever is named by an entry about the door. What was noted is not asked for a role.
fn witness(by: &str) -> Principal {
    Principal { name: Arc::from(by), role: Role::Viewer }
}

impl Aims {
    /// The security events of a view, newest first: at most `limit` of those before entry `before`.
    pub async fn security_events(
        &self,
        view: &View,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<SecurityEntry>, Error> {
        let end = before.unwrap_or(u64::MAX).min(view.book().size());
        let known = self.shared.store.history(self.id(), Event::SECURITY, LOOKED_AT).await?;
        let mut found = Vec::new();
        for (seq, entry) in known.into_iter().filter(|(seq, _)| *seq < end) {
            let header = HeaderRef::parse(&entry.header)?;
            let Some(payload) = &entry.payload else { continue };
            let event = Event::parse(header.schema, payload);
            if let Event::Security(event) = event.map_err(|source| Error::Entry { seq, source })? {
                let (at, actor) = (header.instant, header.actor.into_owned());
                found.push(SecurityEntry { seq, at, actor, event: *event });
            }
            if found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }
}

/// That somebody signed in.
pub(super) fn signed_in(account: &str, session: &str, means: &str) -> Security {
    Security::of(Occurrence::SignedIn, account).about(session).by(means)
}
