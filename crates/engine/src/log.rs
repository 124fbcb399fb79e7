//! The ledger as people read it: entries newest first, one entry with all that it says, the signed head.

use jiff::Timestamp;
use serde_json::Value;
use surety_aims::{Event, RecordId};
use surety_ledger::{Checkpoint, Entry, HeaderRef};

use crate::{
    Aims, Error, View,
    entries::{happened, residues},
    organisation::Moment,
    records::said,
};

/// An entry in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    pub seq: u64,
    pub at: Timestamp,
    pub by: String,
    /// The word of its header: `stated`, `moved`.
    pub kind: String,
    /// The record that it is about.
    pub record: Option<RecordId>,
    /// What happened, in words.
    pub what: String,
    /// The reason or note that came with it.
    pub detail: String,
    /// Whether its text was erased; then this tells what remains.
    pub is_redacted: bool,
}

/// An entry with all that it says.
#[derive(Clone, Debug)]
pub struct Opened {
    pub logged: Logged,
    /// Header and payload as they are stored.
    pub header: Value,
    pub payload: Option<Value>,
    /// The hash that stands for it in the tree, in base64.
    pub leaf: String,
    /// The body that it states, and the one before that.
    pub body: Option<Value>,
    pub before: Option<Value>,
}

/// A signed checkpoint, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHead {
    /// As it is kept elsewhere.
    pub note: String,
    pub size: u64,
    pub root: String,
    /// The keys that signed it, as verifiers write them.
    pub keys: Vec<String>,
}

impl Aims {
    /// Entries of a view from `end` backwards, newest first: at most `limit`.
    pub async fn log(&self, view: &View, end: u64, limit: u32) -> Result<Vec<Logged>, Error> {
        let end = end.min(view.book().size());
        let from = end.saturating_sub(u64::from(limit));
        let count = u32::try_from(end.saturating_sub(from)).unwrap_or(limit);
        let entries = self.entries(from, count).await?;
        let residues = residues(self.shared.store.as_ref(), self.id()).await?;
        let mut logged = Vec::new();
        for entry in entries.iter().rev() {
            let header = HeaderRef::parse(&entry.header)?;
            let event = happened(&header, entry, &residues)?.map(|happened| happened.event);
            logged.push(listed(&header, entry, event.as_ref()));
        }
        Ok(logged)
    }

    /// One entry of a view, with what the record said before.
    ///
    /// # Errors
    /// [`Error::UnknownEntry`].
    pub async fn opened(&self, view: &View, seq: u64) -> Result<Opened, Error> {
        if seq >= view.book().size() {
            return Err(Error::UnknownEntry(seq));
        }
        let entries = self.entries(seq, 1).await?;
        let entry = entries.first().ok_or(Error::UnknownEntry(seq))?;
        let residues = residues(self.shared.store.as_ref(), self.id()).await?;
        let header = HeaderRef::parse(&entry.header)?;
        let event = happened(&header, entry, &residues)?.map(|happened| happened.event);
        let logged = listed(&header, entry, event.as_ref());
        let (body, before) = match event {
            Some(Event::Stated(stated)) => {
                (Some(stated.body.to_json()), self.body_before(seq, stated.id).await?)
            }
            _ => (None, None),
        };
        Ok(Opened {
            logged,
            header: serde_json::from_slice(&entry.header)?,
            payload: entry.payload.as_deref().map(serde_json::from_slice).transpose()?,
            leaf: entry.leaf().to_base64(),
            body,
            before,
        })
    }

    /// What a record said just before an entry.
    async fn body_before(&self, seq: u64, record: RecordId) -> Result<Option<Value>, Error> {
        let view = self.view(Moment::Size(seq)).await?;
        Ok(view.book().get(record).map(|record| record.body.to_json()))
    }

    /// The head of what a view shows, signed now.
    pub async fn signed_head(&self, view: &View) -> Result<SignedHead, Error> {
        let note = self.checkpoint_of(view).await?;
        let keys = self.keys().await?;
        let opened = Checkpoint::open(&note, &keys)?;
        let signed = opened.signatures.iter().map(|by| by.key.to_string()).collect();
        let Checkpoint { size, root, .. } = opened.checkpoint;
        Ok(SignedHead { note, size, root: root.to_base64(), keys: signed })
    }
}

fn listed(header: &HeaderRef<'_>, entry: &Entry, event: Option<&Event>) -> Logged {
    let record = event.and_then(Event::subject);
    let (what, detail) = event.map(said).unwrap_or_else(|| ("erased".to_owned(), String::new()));
    Logged {
        seq: header.seq,
        at: header.instant,
        by: header.actor.to_string(),
        kind: header.kind.to_string(),
        record,
        what,
        detail,
        is_redacted: entry.payload.is_none(),
    }
}
